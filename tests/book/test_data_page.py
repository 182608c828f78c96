"""The page on data: what it shows is what the registry and the records hold."""

from __future__ import annotations

import hashlib
import json
import sys

import numpy as np
import pytest
from project_files import ROOT
from relubook_book import data_sets

from relubook import datasets, records
from relubook.datasets import registry
from relubook.records.passport import Stopwatch

sys.path.append(str(ROOT))  # the benchmarks are not part of the package

from benchmarks import generators

PAGE = (ROOT / "book" / "data.md").read_text("utf-8")
SHEETS = json.loads((data_sets.SHEETS / "sheets.json").read_text("utf-8"))
MADE = [name for name, entry in registry.ENTRIES.items() if entry.recipe is not None]


def test_every_data_set_has_its_place_on_the_page() -> None:
    for name in datasets.NAMES:
        assert PAGE.count(f"```{{data-set}} {name}\n") == 1
        assert f"(data-{name})=" in PAGE


def test_the_two_tables_list_every_set_once() -> None:
    both = data_sets.overview(True) + data_sets.overview(False)
    for name in datasets.NAMES:
        assert both.count(f"[`{name}`](#data-{name})") == 1


@pytest.mark.parametrize("name", datasets.NAMES)
def test_each_block_says_what_it_is_how_it_differs_and_who_made_it(name: str) -> None:
    entry, text = registry.find(name), data_sets.facts(registry.find(name))
    for part in (entry.what[1:], entry.note, entry.differs, entry.license):
        assert part in text
    assert (f"{{cite:t}}`{entry.citekey}`" in text) == bool(entry.citekey)
    if entry.stand_in:
        assert f"Stand-in: `{entry.stand_in}`" in text


def test_every_work_that_is_cited_is_in_the_bibliography() -> None:
    works = (ROOT / "book" / "references.bib").read_text("utf-8")
    for entry in registry.ENTRIES.values():
        assert not entry.citekey or f"{{{entry.citekey}," in works


@pytest.mark.parametrize("name", MADE)
def test_every_set_that_is_made_here_has_a_sheet_of_todays_revision(name: str) -> None:
    entry = registry.find(name)
    assert (data_sets.SHEETS / f"{name}.png").stat().st_size > 1000
    assert entry.recipe is not None
    if not entry.recipe.exact:
        recipe = entry.recipe.described(name)
        assert SHEETS[name]["sha256"] == hashlib.sha256(recipe.encode()).hexdigest()


def test_every_sheet_has_words_and_every_picture_a_set() -> None:
    for name, sheet in SHEETS.items():
        assert name in datasets.NAMES
        assert len(sheet["alt"]) > 20
        assert len(sheet["sha256"]) == 64
    assert {path.stem for path in data_sets.SHEETS.glob("*.png")} == set(SHEETS)


def test_a_set_that_was_never_at_hand_says_so() -> None:
    missing = [name for name in datasets.NAMES if name not in SHEETS]
    for name in missing:
        (paragraph,) = data_sets.sheet(name)
        assert "No picture" in paragraph.astext()


def made(wall: float) -> records.Record:
    """A record in which making anything takes that long on two threads, and double on one."""
    arrays = {
        f"{job.name}.{threads}": np.array([[2 * wall / threads, wall, 1e9]] * 3)
        for job in generators.JOBS
        for threads in job.threads
    }
    machines = [{"affinity": [0, 1], "load_average_1_min": 0.25}] * 2
    return generators.record(
        arrays, stopwatch=Stopwatch(), machines=machines, command="typed", quick=False
    )


@pytest.mark.parametrize(("wall", "verdicts"), [(5.0, (2, 0)), (50.0, (1, 1)), (500.0, (0, 2))])
def test_the_times_are_judged_by_bars_for_two_cores(wall: float, verdicts: tuple) -> None:
    text = data_sets.times(made(wall))
    assert (text.count(": met"), text.count("**missed**")) == verdicts
    assert "1,000 MB" in text or "1000\u00a0MB" in text
    assert "10 times as fast" in text  # a tenth as many take the peer as long


def test_a_missing_record_names_its_command() -> None:
    assert "python -m benchmarks generators" in data_sets.times(None)


def test_the_committed_times_are_shown() -> None:
    record = data_sets.read("generators", "cpu")
    assert record is not None
    assert {job["name"] for job in record.config["jobs"]} == {job.name for job in generators.JOBS}
