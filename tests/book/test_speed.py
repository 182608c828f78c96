"""The page on speed: what it shows is what the records hold, and what is missing it says."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from project_files import ROOT
from relubook_book import grading, markup, speed, speed_picture

from relubook import records
from relubook.records.passport import Stopwatch

sys.path.append(str(ROOT))  # the benchmarks are not part of the package

from benchmarks import ceilings, kernel_report, kernels, report, roofline
from benchmarks import grading as classes
from benchmarks.contests import CONTESTS
from benchmarks.schemes import EAGER, on

MACHINES = [{"affinity": [0, 1], "load_average_1_min": 0.25}] * 3
PAGE = "# Page\n\n```{speed-contests}\n```\n\n```{speed-kernels} cpu\n```\n\n"
PAGE += "```{speed-kernels} cuda\n```\n\n```{speed-grading}\n```\n"


@pytest.fixture(scope="module")
def contests() -> records.Record:
    """Ours takes 1 s in the first round and 2 s in the others; each next entrant twice as long."""
    times = np.outer([1.0, 2.0, 2.0], [1.0, 2.0, 4.0, 8.0])
    measured = {c.name: (c, times[:, : len(c.entrants)], times) for c in CONTESTS}
    return report.record(
        measured, stopwatch=Stopwatch(), machines=MACHINES, command="typed", quick=False
    )


@pytest.fixture(scope="module")
def kernels_record() -> records.Record:
    """Each scheme is twice as fast as the one before, and the last round the slowest."""
    sizes = ceilings.SIZES["cpu"]
    tops = {
        "copy": np.tile(np.linspace(40e9, 10e9, len(sizes.copies)), (4, 1)),
        "product": np.tile([50e9, 90e9, 100e9], (4, 1)),
        "update": np.full(4, 5e9),
    }
    best = roofline.best(tops, sizes.copies)
    done = {}
    for row in kernels.rows("cpu"):
        measured = {
            name: kernels.Measured(
                seconds=np.array([1.0, 1.0, 2.0]) / 2**place,
                models=1,
                steps=10,
                together=1,
                differences=np.array([1e-7, 1e-7, 1e-3]) * (place + 1),
            )
            for place, name in enumerate(on("cpu"))
        }
        done[row] = (list(measured), kernel_report.judged(row, measured, best))
    return kernel_report.record(
        done, sizes, tops, device="cpu", rounds=3, stopwatch=Stopwatch(), machines=MACHINES,
        command="typed", quick=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def graded() -> records.Record:
    """Alone, nbgrader takes 80 s; ours half of that, a quarter side by side, or a bit more."""
    race = np.outer([1.0, 1.0, 1.25], [20.0, 40.0, 80.0])
    race[2, 2] = 80.0
    return classes.record(
        {"race.seconds": race, "class.seconds": np.array([[601.0]])},
        stopwatch=Stopwatch(), machines=MACHINES, command="typed", quick=False,
    )  # fmt: skip


def test_a_contest_is_shown_with_its_ratio_its_range_its_bar_and_the_verdict(contests) -> None:
    rows = [
        [cell.replace(markup.NO_BREAK_SPACE, " ") for cell in row]
        for row in speed.contest_rows(contests)
    ]
    peers = [row for row in rows if row[1] == "nn.Module + SGD, 2 processes × 1 thread"]
    assert len(peers) == 3
    assert {row[2] for row in peers} == {"2 (2 to 2)"}
    assert [row[3:] for row in peers] == [
        ["at least 10", "**missed**"],
        ["at least 3.5", "**missed**"],
        ["at least 1.4", "met"],
    ]
    clocks = [row for row in rows if row[1] == "the clock"]
    assert [row[2:] for row in clocks] == [["2 s (1 to 2)", "under 2 s", "**missed**"]] * 2
    entrants = sum(len(contest.entrants) - 1 for contest in CONTESTS)
    assert len(rows) == entrants + len(clocks)


def test_a_page_says_when_where_and_beside_what_load_it_was_measured(contests) -> None:
    text = speed.contests_text(contests)
    passport = contests.passport
    for part in (passport["device"], passport["started"][:10], "0.25", "`typed`", "3 rounds"):
        assert part in text
    assert "Others were at work" not in text


def test_a_busy_machine_is_pointed_out(contests) -> None:
    busy = [{**MACHINES[0], "load_average_1_min": 3.5}]
    record = replace(contests, passport={**contests.passport, "machine": busy})
    assert "Others were at work" in speed.contests_text(record)


def test_every_row_and_scheme_of_the_kernels_is_shown(kernels_record) -> None:
    text = speed.kernels_text(kernels_record).replace(markup.NO_BREAK_SPACE, " ")
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(lines) == 2 * (2 + len(kernels.rows("cpu")))
    speeds = [line for line in lines if line.startswith("| 200 networks of 3 x 64, batch 10 |")]
    # One network, ten steps of ten examples in a second, then twice and four times as many.
    assert [cell.strip() for cell in speeds[0].split("|")[2:5]] == [
        "0.1 (1)",
        "0.2 (2)",
        "0.4 (4)",
    ]
    for part in ("30 steps at most", "baddbmm_", "products", "4e-07", "4e-03", "100 GFLOP/s"):
        assert part in text


def test_the_picture_says_in_words_all_that_it_draws(kernels_record) -> None:
    words = speed_picture.alternative(kernels_record)
    assert words.startswith("Together, in place: 4 to 4 times as fast as one by one.")
    assert words.count(EAGER) == len(kernels.rows("cpu"))
    image = speed_picture.figure(kernels_record)[0]
    assert image["alt"] == words
    assert image["uri"].startswith("data:image/png;base64,")
    drawn = speed_picture.draw(kernels_record).axes[0]
    assert [label.get_text() for label in drawn.get_yticklabels()] == [
        speed_picture._label(row) for row in kernels_record.config["rows"]
    ]


def test_grading_is_held_against_nbgrader_in_the_same_round_and_a_class_against_its_bar(
    graded,
) -> None:
    rows = [
        [cell.replace(markup.NO_BREAK_SPACE, " ").strip("`") for cell in row]
        for row in grading.rows(graded)
    ]
    both, alone, nbgrader = classes.ENTRANTS
    assert rows == [
        ["10", both, "20 s (20 to 25)", "4 (3.2 to 4)", "none", "–"],
        ["10", alone, "40 s (40 to 50)", "2 (1.6 to 2)", "none", "–"],
        ["10", nbgrader, "80 s (80 to 80)", "–", "none", "–"],
        ["50", both, "601 s", "–", "at most 10 min", "**missed**"],
    ]
    just = replace(graded, arrays={**graded.arrays, "class.seconds": np.array([[600.0]])})
    assert grading.rows(just)[-1][-1] == "met"
    for part in ("3 rounds", "0.25", "`typed`", graded.passport["device"]):
        assert part in grading.grading_text(graded)


def test_the_committed_grading_is_shown_as_it_stands() -> None:
    found = speed.read("grading", "cpu")
    assert found is not None
    text = grading.grading_text(found).replace(markup.NO_BREAK_SPACE, " ")
    said = classes.table(found)
    for ratio in re.findall(r", x ([0-9.]+)$", said, re.MULTILINE)[:2]:
        assert f"| {float(ratio):.3g} (" in text
    assert ("MISSED" in said) == ("missed" in text)


def built(folder, found) -> str:
    """The page built with the records of one folder, every warning an error."""
    (folder / "index.md").write_text(PAGE, encoding="utf-8")
    lines = [
        "import pathlib, sys",
        f"sys.path.insert(0, {str(ROOT / 'book/_ext')!r})",
        "from relubook_book import speed",
        f"speed.FOLDER = pathlib.Path({str(found)!r})",
        "extensions = ['myst_parser', 'relubook_book.speed', 'relubook_book.grading']",
    ]
    (folder / "conf.py").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", str(folder), str(folder / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return (folder / "out/index.html").read_text(encoding="utf-8")


def test_the_page_is_built_without_any_record_and_says_what_is_missing(tmp_path) -> None:
    page = re.sub(r"<[^>]+>", "", built(tmp_path, tmp_path / "none"))
    assert page.count("Not measured") == 4
    for part in ("contests", "kernels --device cpu", "kernels --device cuda", "grading"):
        assert f"python -m benchmarks {part} makes the record" in page


def test_the_page_is_built_from_records(tmp_path, contests, kernels_record, graded) -> None:
    for record in (contests, kernels_record, graded):
        records.save(record, tmp_path / "found")
    page = built(tmp_path, tmp_path / "found")
    assert page.count("Not measured") == 1  # the GPU
    assert "<strong>missed</strong>" in page
    assert page.count('<img alt="Together, in place') == 1
