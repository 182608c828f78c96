"""The page's own forward and backward pass and the package's give the same numbers."""

import json

import numpy as np
import pytest
import torch
from path_frames import KINDS, opened, path_data, pictures_of, sizes_of

from browser_support import run_node
from relubook import gradients, records
from relubook.widgets import PathViewer
from relubook.widgets.bundle import HERE

DATA = path_data()
PICTURES = pictures_of(DATA)
CASES = [(network, picture) for network in DATA["networks"] for picture in (0, 7, 13)]
RUN = """
import {{ countsOf, courseOf, networkOf, templateOf }} from {module};
const all = {asked}.map(({{ frame, sizes, activation, x, label, off }}) => {{
  const layers = networkOf(frame, sizes);
  const course = courseOf(layers, activation, x, label, new Set(off));
  const seen = templateOf(layers, activation, course, sizes.length - 3, 4);
  return {{ ...course, counts: countsOf(course), seen }};
}});
const plain = (_, value) => (ArrayBuffer.isView(value) ? [...value] : value);
console.log(JSON.stringify(all, plain));
"""


def case(network, picture, off=()):
    return {
        "frame": network["frames"][-1], "sizes": sizes_of(network["depth"]), "off": list(off),
        "activation": KINDS[network["kind"]][0], "x": PICTURES[picture].tolist(),
        "label": DATA["labels"][picture],
    }  # fmt: skip


def run_by_the_page(asked):
    module = json.dumps((HERE / "path_network.mjs").as_uri())
    done = run_node("--input-type=module", "-e", RUN.format(module=module, asked=json.dumps(asked)))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def courses():
    return run_by_the_page([case(*one) for one in CASES])


def run_by_the_package(network, picture):
    built = opened(network["frames"][-1], network["depth"], KINDS[network["kind"]][0])
    x, y = PICTURES[picture : picture + 1], torch.tensor(DATA["labels"][picture : picture + 1])
    return built, x, y


def test_page_and_package_agree_forward_and_back(courses):
    for course, (network, picture) in zip(courses, CASES, strict=True):
        built, x, y = run_by_the_package(network, picture)
        for at, layer in enumerate(gradients.per_unit(built, x, y)):
            for name, values in (
                ("before", layer.before), ("h", layer.h), ("byOutput", layer.by_output),
                ("byInput", layer.by_input),
            ):  # fmt: skip
                np.testing.assert_allclose(course[name][at], values[0, 0], rtol=1e-9, atol=1e-12)
        x.requires_grad_()
        logits = built(x[None])[0]
        loss = torch.nn.functional.cross_entropy(logits, y)
        assert course["loss"] == pytest.approx(loss.item(), rel=1e-9)
        assert course["answer"] == logits.argmax()
        np.testing.assert_allclose(course["p"], logits[0].softmax(-1).detach(), rtol=1e-9)
        (by_pixel,) = torch.autograd.grad(loss, x)
        np.testing.assert_allclose(course["byPixel"], by_pixel[0], rtol=1e-8, atol=1e-12)


def test_page_and_package_count_the_same(courses):
    for course, (network, picture) in zip(courses, CASES, strict=True):
        built, x, y = run_by_the_package(network, picture)
        paths = gradients.active_paths(built, x)
        counts, layers = course["counts"], gradients.per_unit(built, x, y)
        assert counts["paths"] / counts["ways"] == pytest.approx(float(paths.share[0, 0]))
        assert counts["active"] == [int((layer.h != 0).sum()) for layer in layers]
        assert counts["carrying"] == [int((layer.by_input != 0).sum()) for layer in layers]
        spread = [float(gradients.effective_units(layer.by_input)[0, 0]) for layer in layers]
        assert counts["effective"] == pytest.approx(spread, rel=1e-9)


def test_what_a_unit_reads_off_the_pixels_is_the_slope_of_its_input(courses):
    for course, (network, picture) in zip(courses, CASES, strict=True):
        built, x, _ = run_by_the_package(network, picture)
        x.requires_grad_()
        below = built.hidden(x[None])[-2]
        before = built.stacked_layers()[-2](below)[0, 0, 4]
        (slope,) = torch.autograd.grad(before, x)
        np.testing.assert_allclose(course["seen"], slope[0], rtol=1e-8, atol=1e-12)


def test_the_committed_record_fits_in_a_page_and_its_first_sight_tells_the_story():
    widget = PathViewer.from_record(records.load("active-paths", scale="laptop", data="mnist"))
    data = widget.data
    assert len(json.dumps(data, separators=(",", ":"))) < 120_000
    shown = [one for one in data["networks"] if one["depth"] == widget.depth]
    (rectifiers,) = (one for one in shown if data["kinds"][one["kind"]]["l1"] > 0)
    (tanh,) = (one for one in shown if data["kinds"][one["kind"]]["activation"] == "tanh")
    x, label = pictures_of(data)[widget.picture].tolist(), data["labels"][widget.picture]
    asked = [{**case(one, 0), "x": x, "label": label} for one in (rectifiers, tanh)]
    few, every = run_by_the_page(asked)
    assert few["answer"] == every["answer"] == label
    assert few["counts"]["carrying"] == few["counts"]["active"]
    assert few["counts"]["paths"] < 0.05 * few["counts"]["ways"]
    assert every["counts"]["paths"] == every["counts"]["ways"]


def test_a_unit_that_is_switched_off_is_a_unit_without_outgoing_weights():
    for network in DATA["networks"][::4]:
        layer, unit = network["depth"] - 1, 3
        (course,) = run_by_the_page([case(network, 2, off=[f"{layer}.{unit}"])])
        built, x, y = run_by_the_package(network, 2)
        built.stacked_layers()[layer + 1].weight.data[:, unit] = 0
        loss = torch.nn.functional.cross_entropy(built(x[None])[0], y)
        assert course["loss"] == pytest.approx(loss.item(), rel=1e-9)
        assert (course["h"][layer][unit], course["byInput"][layer][unit]) == (0, 0)
        first = gradients.per_unit(built, x, y)[0].by_input[0, 0]
        np.testing.assert_allclose(course["byInput"][0], first, rtol=1e-8, atol=1e-12)


def test_switching_off_a_silent_rectifier_changes_nothing_and_its_gradient_is_zero(courses):
    silent = 0
    for course, (network, picture) in zip(courses, CASES, strict=True):
        if KINDS[network["kind"]][0] != "rectifier":
            assert all(value != 0 for layer in course["byInput"] for value in layer)
            continue
        off = [f"{at}.{unit}" for at, h in enumerate(course["h"])
               for unit, value in enumerate(h) if value == 0]  # fmt: skip
        (other,) = run_by_the_page([case(network, picture, off=off)])
        assert other["loss"] == course["loss"]
        assert other["byInput"] == course["byInput"]
        silent += len(off)
    assert silent > 100
