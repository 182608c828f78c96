"""The printed book: every page asked for, an outline, and links that lead to the site."""

from __future__ import annotations

import io
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from project_files import ROOT, load
from pypdf import PdfReader

pytestmark = pytest.mark.browser

SITE = tomllib.loads((ROOT / "book/site.toml").read_text(encoding="utf-8"))["site"]
PAGES = ("book/how_to_read", "chapters/09_cost")


def _make(*arguments: str | Path, chromium: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "tools/make_pdf.py"), *map(str, arguments)]
    environment = {"RELUBOOK_CHROMIUM": chromium, "PATH": "", "HOME": "/nowhere"}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


@pytest.fixture(scope="module")
def printed(book: Path, tmp_path_factory: pytest.TempPathFactory) -> PdfReader:
    file = tmp_path_factory.mktemp("pdf") / "book.pdf"
    made = _make(book, file, *PAGES, chromium=load("tools/chromium.py").need())
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[:2] == [f"1 of 2: {PAGES[0]}", f"2 of 2: {PAGES[1]}"]
    return PdfReader(io.BytesIO(file.read_bytes()))


def test_each_page_of_the_book_begins_where_the_outline_says(printed: PdfReader) -> None:
    titles = {item.title: printed.get_destination_page_number(item) for item in printed.outline}
    assert list(titles) == ["How to read this book", "What zeros cost and buy"]
    for title, number in titles.items():
        assert title in " ".join(printed.pages[number].extract_text().split())


def test_what_waits_for_a_reader_is_printed(printed: PdfReader) -> None:
    text = " ".join(" ".join(page.extract_text().split()) for page in printed.pages)
    assert "required before the run" in text  # a verdict that is folded on the screen
    assert "hidden units" in text
    assert sum(len(page.images) for page in printed.pages) >= 3


def test_links_lead_to_the_site_and_never_to_this_machine(printed: PdfReader) -> None:
    marks = [mark.get_object() for page in printed.pages for mark in page.get("/Annots") or []]
    links = {str(mark["/A"]["/URI"]) for mark in marks if "/URI" in mark.get("/A", {})}
    assert any(link.startswith(SITE) for link in links)
    assert all(link.startswith("https://") for link in links)
    whole = " ".join(page.extract_text() for page in printed.pages)
    assert str(ROOT) not in whole
    assert "127.0.0.1" not in whole


def test_without_a_built_book_it_says_what_to_do(tmp_path: Path) -> None:
    made = _make(tmp_path, tmp_path / "x.pdf", chromium=load("tools/chromium.py").need())
    assert made.returncode == 1
    assert "a built book (make book)" in made.stderr
    assert list(tmp_path.iterdir()) == []
