"""The page on the paper and this book: the paper's cells are printed, ours are the records'."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from project_files import ROOT
from relubook_book import side_by_side_parts as parts
from relubook_book import side_by_side_rows as rows
from relubook_book import side_by_side_words as words

from relubook import experiments, paper, records

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (ROOT / "book" / "side_by_side.md").read_text("utf-8")
PICTURES = ("figure-1", "figure-3", "figure-4", "softplus-alpha")


def compared(record: records.Record) -> list[float]:
    """What `relubook compare` prints as ours, in order."""
    module = experiments.get(record.experiment)
    return [line.here for line in module.compare(experiments.result(record))]


def number(cell: str) -> float:
    """A printed number."""
    return float(cell.replace(rows.MINUS, "-"))


def shown(record: records.Record | None) -> records.Record:
    """A record that must be there."""
    assert record is not None
    return record


@pytest.mark.parametrize("place", parts.IMAGES)
def test_each_cell_of_table_1_stands_beside_the_records(place: rows.Place) -> None:
    record = shown(parts.find("table-1", parts.IMAGES[place]))
    found = rows.table_1(place, record)
    printed = [
        paper.TABLE_1[unit, place, start].text
        for unit in ("rectifier", "tanh", "softplus")
        for start in ("none", "with")
    ]
    assert [row[1] for row in found] == [*printed, paper.EXACT_ZEROS[place].text]
    ours = compared(record)
    assert [row[2] for row in found] == [f"{v:.2f}" for v in ours[:-1]] + [f"{ours[-1]:.1f}"]
    assert {row[4] for row in found} == {str(len(record.passport["seeds"]))}


@pytest.mark.parametrize("name", parts.REVIEWS)
def test_each_cell_of_table_2_stands_beside_the_records(name: str) -> None:
    record = shown(parts.find("table-2", (name,)))
    errors, zeros = rows.table_2(record), rows.table_2_zeros(record)
    told = [row for row in errors if "±" in row[1]]
    networks = list(dict.fromkeys(network for network, _ in paper.TABLE_2))
    for found, key in ((told, "rmse"), (zeros, "zeros")):
        texts = [
            f"{paper.TABLE_2[n, key].text} ± {paper.TABLE_2[n, f'{key} ±'].text}" for n in networks
        ]
        assert [row[1] for row in found] == texts
    ours = compared(record)
    assert [row[2] for row in told] == [f"{value:.3f}" for value in ours[::2]]
    assert [row[2] for row in zeros] == [f"{value:.1f}" for value in ours[1::2]]
    alone = paper.SENTIMENT["rmse_3_layers_without_pretraining"].text
    assert [row[1] for row in errors if "±" not in row[1]] == [alone]


@pytest.mark.parametrize(
    ("experiment", "names", "lines", "digits"),
    [
        ("figure-1", ("lif",), rows.points, 1),
        ("figure-3", ("mnist",), rows.cloud, 2),
        ("figure-4", ("norb",), rows.savings, 2),
        ("figure-4", ("mnist",), rows.savings, 2),
        ("softplus-alpha", ("norb",), rows.alphas, 2),
    ],
)
def test_the_numbers_of_a_figure_are_the_records(experiment, names, lines, digits) -> None:
    record = shown(parts.find(experiment, names))
    ours = [cells[2] for cells in lines(record)]
    want = [f"{value:.{digits}f}".replace("-", rows.MINUS) for value in compared(record)]
    if experiment == "figure-4":  # the savings on digits have the same places on toys
        assert len(want) == 2 * len(paper.LABEL_SHARES)
    assert ours == want


def test_all_points_of_figure_4_and_of_the_sweep_are_printed() -> None:
    texts = [row[1] for row in rows.shares(None)]
    assert texts == [printed.text for printed in paper.FIGURE_4.values()]
    texts = [row[1] for row in rows.alphas(None)]
    assert texts == [printed.text for printed in paper.ALPHA_SWEEP.values()]


def test_a_difference_is_ours_minus_the_papers() -> None:
    for row in rows.table_1("norb", parts.find("table-1", parts.IMAGES["norb"])):
        assert number(row[5]) == pytest.approx(number(row[2]) - number(row[1]), abs=0.011)


def test_a_network_that_diverged_is_counted_and_left_out() -> None:
    cells = rows.line("x", 1.0, np.array([2.0, np.nan, 2.0]), digits=1)
    assert cells[2:5] == ["2.0", "2.0 to 2.0", "2 (1 diverged)"]
    assert rows.line("x", 1.0, np.array([np.nan]), digits=1)[2] == "all diverged"


@pytest.mark.parametrize("name", parts.PARTS)
def test_what_has_no_record_is_said_to_be_not_run(name: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(parts, "FOLDER", tmp_path)
    found = parts.PARTS[name]()
    tables = [part for part in found if isinstance(part, parts.Lines)]
    assert tables
    assert not any(isinstance(part, parts.Picture) for part in found)
    for table in tables:
        assert "Not run here" in table.caption
        assert {row[2] for row in table.rows} == {rows.NOT_RUN}
    texts = " ".join(part for part in found if isinstance(part, str))
    assert f"relubook reproduce {name}" in texts


@pytest.mark.parametrize("name", [name for name in parts.PARTS if name != "figure-1"])
def test_a_caption_names_the_scale_and_what_stands_in(name: str) -> None:
    for part in parts.PARTS[name]():
        if isinstance(part, (parts.Lines, parts.Picture)):
            assert "At `laptop` scale, not the paper’s size" in part.caption
            own = any(word in part.caption for word in ("MNIST:", "CIFAR-10:", "zeros, page 320"))
            assert own or "stands in for" in part.caption or "Digits here" in part.caption


def test_the_record_of_the_largest_scale_is_shown_and_a_stale_one_is_marked(
    tmp_path: Path, monkeypatch
) -> None:
    small = shown(parts.find("softplus-alpha", ("norb",)))
    large = replace(small, scale="paper", data="small-norb", digest="another")
    for record in (small, large):
        records.save(record, tmp_path)
    monkeypatch.setattr(parts, "FOLDER", tmp_path)
    found = shown(parts.find("softplus-alpha", parts.IMAGES["norb"]))
    assert found.stem == "softplus-alpha.paper.small-norb"
    assert 'class="rb-stale">stale<' in parts.origin(found, "")
    assert "rb-stale" not in parts.origin(small, "")
    assert parts.size(found) == "At the paper’s scale"


@pytest.mark.parametrize(
    ("theirs", "ours", "text"),
    [
        (1.0, [1.0, 1.1, 0.9], "**Agrees:** x (higher in both); **does not agree:** nothing."),
        (1.0, [-1.0, -1.1], "**Agrees:** nothing; **does not agree:** x (higher in the paper, low"),
        (-1.0, [5.0, -5.0], "**cannot be told here:** x (lower in the paper, not told apart here)"),
        (0.0, [5.0, -5.0], "**told apart in neither:** x."),
        (0.0, [1.0, 1.1, math.nan], "does not agree:** x (not told apart in the paper, higher he"),
        (1.0, [3.0], "cannot be told here"),  # one seed has no interval
    ],
)
def test_a_sign_is_told_only_if_its_interval_leaves_zero_out(theirs, ours, text: str) -> None:
    assert text in words.sentence([words.sign("x", theirs, np.array(ours))])


def test_two_bold_cells_of_table_1_count_as_equal() -> None:
    record = shown(parts.find("table-1", ("mnist",)))
    (found,) = (s for s in words.table_1("mnist", record) if s.what.startswith("rectifier pre"))
    assert {("rectifier", "mnist", start) for start in ("none", "with")} <= paper.TABLE_1_BOLD
    assert found.theirs == 0


def test_the_paper_tells_that_error_falls_with_alpha() -> None:
    theirs, ours = words.orders(shown(parts.find("softplus-alpha", ("norb",))))
    assert theirs == -1
    assert -1 <= ours <= 1


def test_every_part_has_its_place_on_the_page() -> None:
    for name in parts.PARTS:
        assert PAGE.count(f"```{{side-by-side}} {name}\n") == 1


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with all parts, every warning an error."""
    folder = tmp_path_factory.mktemp("page")
    text = "# Page\n\n" + "".join(
        f"## {n}\n\n```{{side-by-side}} {n}\n```\n\n" for n in parts.PARTS
    )
    (folder / "index.md").write_text(text + "## R\n\n```{passports}\n```\n", encoding="utf-8")
    conf = f"import sys; sys.path.insert(0, {str(ROOT / 'book/_ext')!r})\n"
    conf += "extensions = ['myst_parser', 'relubook_book.side_by_side', 'relubook_book.recorded']\n"
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", str(folder), str(folder / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_the_pictures_are_files_of_the_book_with_words(built: Path) -> None:
    page = (built / "index.html").read_text("utf-8")
    for name in PICTURES:
        (tag,) = re.findall(rf"<img [^>]*_images/{name}\.[^>]*>", page)
        words_ = re.search(r'alt="([^"]{60,})"', tag)
        source = re.search(r'src="([^"]+)"', tag)
        assert words_
        assert source
        assert (built / source[1]).read_bytes().startswith(b"\x89PNG")


def test_the_page_obeys_the_policy_and_links_to_its_records(built: Path) -> None:
    page = (built / "index.html").read_text("utf-8")
    body = page[page.index('<div class="body"') : page.index('<div class="sphinxsidebar"')]
    assert "<script" not in body
    assert re.search(r"<[^>]+\son[a-z]+=", body) is None
    links = set(re.findall(r'href="#(record-[^"]+)"', body))
    assert len(links) >= len(parts.PARTS)
    assert links <= set(re.findall(r'id="(record-[^"]+)"', body))
    assert "{table}" not in body
