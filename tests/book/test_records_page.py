"""The table and the passports of records: each is listed, dated, and marked when it is stale."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from project_files import ROOT
from relubook_book import recorded
from relubook_book.markup import NO_BREAK_SPACE

from relubook import experiments, records

if TYPE_CHECKING:
    from pathlib import Path

MOST = 60_000  # bytes of a page, compressed
PAGE = (ROOT / "book" / "reproducing.md").read_text("utf-8")
MADE, STATE, TOOK = (recorded.HEAD.index(name) for name in ("made", "state", "took"))


@pytest.fixture(scope="module")
def every() -> list[records.Record]:
    """All records that ship with the package."""
    return recorded.found()


@pytest.fixture
def one() -> records.Record:
    """A record, as committed."""
    return records.load("figure-3", scale="laptop", data="mnist")


def test_every_record_is_listed_with_the_day_it_was_made(every) -> None:
    assert [record.stem for record in every] == records.stems()
    text = recorded.overview(every)
    for record in every:
        cells = recorded.row(record)
        assert f"(#{recorded.anchor(record)})" in cells[0]
        assert f">{record.passport['started'][:10]}<" in cells[MADE]
        assert " | ".join(cells) in text


def test_anchors_are_names_of_their_own(one, every) -> None:
    assert recorded.anchor(one) == "record-figure-3-laptop-mnist"
    anchors = [recorded.anchor(record) for record in every]
    assert len(set(anchors)) == len(anchors)


def test_a_stale_record_is_marked_with_a_word_in_table_and_passport(one) -> None:
    stale = replace(one, digest="another")
    assert recorded.row(one)[STATE] == "current"
    assert recorded.row(stale)[STATE] == recorded.STALE
    assert "stale" not in recorded.fold(one)
    assert recorded.STALE in recorded.fold(stale)


def test_a_resumed_run_says_that_its_time_is_that_of_its_last_part(one) -> None:
    resumed = replace(one, passport={**one.passport, "resumed": True})
    assert recorded.LAST_PART not in recorded.row(one)[TOOK]
    assert recorded.row(resumed)[TOOK] == f"46{NO_BREAK_SPACE}min, {recorded.LAST_PART}"
    assert "what was trained before" in recorded.fold(resumed)


def test_a_passport_holds_all_that_it_takes_to_make_a_record_again(every) -> None:
    for record in every:
        html, passport = recorded.fold(record), record.passport
        for part in (passport["command"], passport["data"]["sha256"][:16], passport["device"]):
            assert part in html
        assert passport["versions"]["torch"] in html
        assert ", ".join(map(str, passport["seeds"])) in html
        assert record.experiment in html[: html.index("</summary>")]


def test_what_has_not_been_run_at_the_papers_scale_is_said(every, one) -> None:
    at_scale = {record.experiment for record in every if record.scale == "paper"}
    text = recorded.missing(every)
    assert text.startswith("Not run at the paper’s scale: ")
    lacking = set(re.findall(r"`([^`]+)`", text))
    assert lacking | at_scale >= set(experiments.NAMES)
    assert "`figure-3`" not in recorded.missing([replace(one, scale="paper")])


def test_a_book_without_records_says_so() -> None:
    assert recorded.overview([]) == "Nothing has been recorded yet."


def test_the_page_has_the_table_and_the_passports() -> None:
    for name in ("records", "passports"):
        assert PAGE.count(f"```{{{name}}}\n") == 1


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page with the table and the passports, every warning an error."""
    folder = tmp_path_factory.mktemp("page")
    page = "# Page\n\n## A\n\n```{records}\n```\n\n## B\n\n```{passports}\n```\n"
    (folder / "index.md").write_text(page, encoding="utf-8")
    conf = f"import sys; sys.path.insert(0, {str(ROOT / 'book/_ext')!r})\n"
    conf += "extensions = ['myst_parser', 'relubook_book.recorded']\n"
    (folder / "conf.py").write_text(conf, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", str(folder), str(folder / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder / "out" / "index.html"


def test_every_anchor_is_on_the_page_and_the_table_leads_there(built: Path, every) -> None:
    page = built.read_text("utf-8")
    for record in every:
        assert page.count(f'id="{recorded.anchor(record)}"') == 1
        assert f'href="#{recorded.anchor(record)}"' in page
    assert page.count("<details") == len(every)


def test_the_page_is_light_and_has_no_script_of_its_own(built: Path) -> None:
    page = built.read_text("utf-8")
    assert len(gzip.compress(page.encode())) < MOST
    body = page[page.index('<div class="body"') : page.index('<div class="sphinxsidebar"')]
    assert "<script" not in body
    assert re.search(r"<[^>]+\son[a-z]+=", body) is None
