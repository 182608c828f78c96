"""The built book is whole: every page, every link inside it, and nothing fetched from elsewhere."""

from __future__ import annotations

import json
import re
import tomllib
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from built_book import page_names
from project_files import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PAGES = page_names()
FETCHED = {
    ("script", "src"),
    ("img", "src"),
    ("link", "href"),
    ("iframe", "src"),
    ("source", "src"),
    ("video", "src"),
    ("object", "data"),
}
FETCHING_LINKS = {"stylesheet", "preload", "icon", "shortcut icon", "preconnect", "dns-prefetch"}
PAGE_BUDGET = 2_600_000  # bytes of everything a page without its own data makes a browser read


class Reader(HTMLParser):
    """Collects what a page fetches, where it links to, and the names it can be linked by."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.links: list[str] = []
        self.anchors: set[str] = set()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if values.get("id"):
            self.anchors.add(values["id"])
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        for element, name in FETCHED:
            fetching = tag != "link" or values.get("rel") in FETCHING_LINKS
            if tag == element and values.get(name) and fetching:
                self.fetched.append(values[name])


def _read(page: Path) -> Reader:
    reader = Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_built(book: Path, name: str) -> None:
    text = (book / f"{name}.html").read_text(encoding="utf-8")
    assert "<h1>" in text
    assert '<link rel="canonical" href="https://' in text


@pytest.mark.parametrize("name", [*PAGES, "search", "genindex"])
def test_a_page_fetches_only_files_of_the_book(book: Path, name: str) -> None:
    page = book / f"{name}.html"
    fetched = _read(page).fetched
    assert fetched
    for address in fetched:
        parts = urlsplit(address)
        if parts.scheme == "data":
            continue
        assert not parts.scheme, f"{name} fetches {address}"
        assert not parts.netloc, f"{name} fetches {address}"
        assert (page.parent / unquote(parts.path)).is_file(), f"{name} lacks {address}"


def test_no_style_sheet_fetches_from_elsewhere(book: Path) -> None:
    for sheet in book.rglob("*.css"):
        text = re.sub(r"/\*.*?\*/", "", sheet.read_text(encoding="utf-8"), flags=re.DOTALL)
        for address in re.findall(r"url\(\s*['\"]?([^'\")]+)", text):
            assert not address.startswith(("http", "//")), f"{sheet.name} fetches {address}"
        assert re.search(r"@import\s+(url\()?['\"]?(https?:)?//", text) is None


@pytest.mark.parametrize("name", PAGES)
def test_every_link_inside_the_book_leads_somewhere(book: Path, name: str) -> None:
    page = book / f"{name}.html"
    for link in _read(page).links:
        parts = urlsplit(link)
        if parts.scheme:
            continue
        target = (page.parent / unquote(parts.path)).resolve() if parts.path else page
        assert target.is_file(), f"{name} links to {link}"
        if parts.fragment and target.suffix == ".html":
            assert unquote(parts.fragment) in _read(target).anchors, f"{name} links to {link}"


def test_addresses_come_from_one_place(book: Path) -> None:
    site = tomllib.loads((ROOT / "book/site.toml").read_text(encoding="utf-8"))
    owner = site["repository"].removeprefix("https://github.com/")
    links = _read(book / "chapters/03_sparsity.html").links
    notebook = f"github/{owner}/blob/{site['branch']}/chapters/03_sparsity.ipynb"
    assert any(link.endswith(notebook) and "colab" in link for link in links)
    assert site["repository"] in links
    canonical = f'<link rel="canonical" href="{site["site"]}chapters/03_sparsity.html"'
    assert canonical in (book / "chapters/03_sparsity.html").read_text(encoding="utf-8")


def test_every_launch_button_opens_a_notebook_that_is_there(book: Path) -> None:
    """Assignments are on a branch that holds what `make assignments` makes of their sources."""
    site = tomllib.loads((ROOT / "book/site.toml").read_text(encoding="utf-8"))
    students = {f"{path.parent.name}.ipynb" for path in (ROOT / "assignments").glob("*/source.*")}
    opened = set()
    for name in PAGES:
        for link in _read(book / f"{name}.html").links:
            if "colab" in link and "/blob/" in link:
                branch, place = link.split("/blob/")[1].split("/", 1)
                opened.add(place)
                if branch == site["student_branch"]:
                    assert place in students
                else:
                    assert branch == site["branch"]
                    assert (ROOT / place).is_file()
    assert students <= opened


def test_students_notebooks_are_published_on_the_branch_that_buttons_name() -> None:
    site = tomllib.loads((ROOT / "book/site.toml").read_text(encoding="utf-8"))
    workflow = (ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    assert f"--initial-branch={site['student_branch']}\n" in workflow
    assert workflow.rstrip().endswith(f'" {site["student_branch"]}')


def test_the_search_index_can_be_read_without_a_server(book: Path) -> None:
    text = (book / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").rstrip().removesuffix(")"))
    assert "book/notation" in index["docnames"]


@pytest.mark.parametrize("name", ["book/intro", "book/notation"])
def test_a_page_stays_within_its_weight(book: Path, name: str) -> None:
    page = book / f"{name}.html"
    files = {(page.parent / unquote(urlsplit(a).path)).resolve() for a in _read(page).fetched}
    weight = page.stat().st_size + sum(path.stat().st_size for path in files if path.is_file())
    assert weight < PAGE_BUDGET


def test_every_work_in_the_bibliography_is_listed(book: Path) -> None:
    keys = re.findall(r"@\w+\{(\w+),", (ROOT / "book/references.bib").read_text(encoding="utf-8"))
    page = (book / "book/references.html").read_text(encoding="utf-8")
    assert keys
    assert page.count('<div class="citation"') == len(keys)
