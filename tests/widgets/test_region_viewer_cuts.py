"""The page's own cutting and the package's find the same regions."""

import json
from itertools import pairwise

import numpy as np
import pytest
from region_frames import CLASSES, made_up, opened, packed

from browser_support import run_node
from relubook import regions
from relubook.region_bounds import expected, most
from relubook.region_layers import TOLERANCE
from relubook.widgets.bundle import HERE
from relubook.widgets.region_data import TOO_MANY

WINDOW = (-1.2, 1.2, -1.0, 1.4)
CUT = """
import {{ areaOf, cut, linearOutputs, networkOf }} from {module};
const all = {asked}.map(({{ weights, sizes, window }}) => {{
  const layers = networkOf(weights, sizes);
  return cut(layers, window).map(({{ corners, active }}) =>
    [active.join(""), areaOf(corners), [...linearOutputs(layers, active)]]);
}});
console.log(JSON.stringify(all));
"""


def cut_by_the_page(asked):
    code = CUT.format(
        module=json.dumps((HERE / "region_cutting.mjs").as_uri()), asked=json.dumps(asked)
    )
    done = run_node("--input-type=module", "-e", code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def sizes_of(depth, width):
    return (2, *(width,) * depth, len(CLASSES))


def without_biases(depth, width):
    sizes, parts = sizes_of(depth, width), []
    random = np.random.default_rng(depth * width)
    for inputs, outputs in pairwise(sizes):
        parts += [random.normal(size=inputs * outputs), np.zeros(outputs)]
    return packed(np.concatenate(parts))


def twins(width):
    """One layer of which every unit is there twice, the second time twice as strong."""
    half = np.random.default_rng(1).normal(size=(3, width // 2))
    first = np.concatenate([half, 2 * half], axis=1)
    return packed(np.concatenate([first[:2].ravel(), first[2], np.ones(width * 3), np.zeros(3)]))


CASES = {
    **{f"drawn {d} x {w}": (made_up(d, w, 0, 3, seed=s)["frames"][s % 3]["weights"], sizes_of(d, w))
       for s, (d, w) in enumerate([(1, 4), (1, 16), (2, 8), (2, 16), (3, 4), (3, 16), (4, 12)])},
    "without biases, 1 x 16": (without_biases(1, 16), sizes_of(1, 16)),
    "without biases, 3 x 16": (without_biases(3, 16), sizes_of(3, 16)),
    "twins": (twins(8), sizes_of(1, 8)),
    "all zero": (packed(np.zeros(2 * 4 + 4 + 4 * 3 + 3)), sizes_of(1, 4)),
    "dead second layer": (packed(np.r_[np.ones(8), np.linspace(-1, 1, 4), -np.ones(16),
                                       -np.ones(4), np.ones(12), np.zeros(3)]), sizes_of(2, 4)),
}  # fmt: skip


@pytest.fixture(scope="module")
def cut():
    asked = [{"weights": w, "sizes": s, "window": WINDOW} for w, s in CASES.values()]
    return dict(zip(CASES, cut_by_the_page(asked), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_page_and_package_find_the_same_regions(cut, case):
    weights, sizes = CASES[case]
    found = regions.find(opened(weights, sizes), regions.Window(*WINDOW))
    rows = zip(found.active, found.areas(), found.weight, found.bias, strict=True)
    expected = {
        "".join(map(str, on.astype(int))): (area, np.vstack([weight, bias]).T.ravel())
        for on, area, weight, bias in rows
    }
    assert len(cut[case]) == len(found) == len(expected)
    assert {pattern for pattern, _, _ in cut[case]} == set(expected)
    for pattern, area, scores in cut[case]:
        assert area == pytest.approx(expected[pattern][0], rel=1e-6, abs=1e-9)
        assert scores == pytest.approx(expected[pattern][1], rel=1e-9, abs=1e-9)


def test_the_cases_are_not_all_easy(cut):
    counts = {case: len(found) for case, found in cut.items()}
    assert counts["drawn 3 x 16"] > 100
    assert counts["all zero"] == 1
    assert counts["twins"] <= 11


def test_page_and_package_have_the_same_bounds():
    shapes = [(d, w) for d in (1, 2, 3, 4) for w in (1, 2, 4, 16, 32)]
    code = (
        f"import {{ expectedRegions, mostRegions }} from "
        f"{json.dumps((HERE / 'region_words.mjs').as_uri())};"
        f"console.log(JSON.stringify({json.dumps(shapes)}.map(([d, w]) =>"
        "[expectedRegions(d, w), mostRegions([2, ...Array(d).fill(w), 3])])));"
    )
    found = json.loads(run_node("--input-type=module", "-e", code).stdout)
    assert found == [[expected(d * w, 2), most(sizes_of(d, w))] for d, w in shapes]


def test_page_and_package_give_up_at_the_same_number():
    text = (HERE / "region_cutting.mjs").read_text()
    assert f"TOO_MANY = {TOO_MANY};" in text
    assert f"CLOSE = {TOLERANCE:g};" in text
