"""What a reader's browser fetches for each page stays within its bars."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from built_book import page_names
from project_files import ROOT

from relubook.records.passport import Stopwatch

sys.path.append(str(ROOT))  # the benchmarks are not part of the package

from benchmarks import pages

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def weights(chromium, book) -> dict[str, dict[str, int]]:
    """Bytes by kind of visit and by page."""
    found = pages.weigh(book, pages.names(), browser=chromium)
    return {kind: dict(zip(pages.names(), of, strict=True)) for kind, of in found.items()}


@pytest.mark.parametrize("kind", ["first", "afterwards"])
def test_no_page_is_heavier_than_its_bar(weights, kind: str) -> None:
    assert list(weights[kind]) == page_names()
    assert {page: n for page, n in weights[kind].items() if n > pages.BARS[kind]} == {}


def test_what_comes_late_is_not_part_of_the_first_visit(weights) -> None:
    chapters = [page for page in page_names() if page.startswith("chapters/")]
    assert all(weights["whole"][page] > weights["first"][page] for page in chapters)
    assert weights["afterwards"]["book/intro"] == 0


def test_the_whole_site_stays_within_its_bar(book) -> None:
    files = (path for path in book.rglob("*") if path.is_file())
    assert sum(path.stat().st_size for path in files) < pages.BARS["site"]


def test_a_page_that_is_opened_from_the_disk_says_when_it_was_painted(chromium, book) -> None:
    times = pages.paints(book, ["book/intro", "book/notation"], browser=chromium, openings=2)
    assert times.shape == (2, 2)
    assert (times > 0).all()


def test_the_record_names_every_page_and_the_table_shows_it(weights) -> None:
    names = pages.names()
    arrays = {kind: np.array(list(of.values())) for kind, of in weights.items()}
    arrays |= {"paint": np.full((len(names), 1), 0.25), "site": np.array([20_000_000])}
    made = pages.record(arrays, stopwatch=Stopwatch(), machines=[], command="typed")
    assert made.scale == "smoke"
    shown = pages.table(made)
    assert all(name in shown for name in names)
    assert "20.0 MB" in shown
