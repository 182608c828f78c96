"""Every page of the book in a real browser with the network cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from built_book import page_names

from browser_support import offline_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from browser_support import Tab

pytestmark = pytest.mark.browser

PAGES = [*page_names(), "search", "genindex"]
LOOKS = [(name, dark) for name in PAGES for dark in (False, True)]
TYPESET = "!document.querySelector('.math') || document.querySelector('mjx-container')"
# What scrolls can be reached by keyboard; the theme and the book see to it after a change of size.
REACHED = (
    "[...document.querySelectorAll('pre, .cell_output > .output, .pst-scrollable-table-container,"
    " mjx-container[display]')]"
    ".every((one) => one.scrollWidth <= one.clientWidth || one.tabIndex === 0)"
)
MATHS = "document.querySelectorAll('mjx-container').length"


@pytest.fixture(
    scope="module", params=LOOKS, ids=lambda look: f"{look[0]}-{'dark' if look[1] else 'light'}"
)
def tab(request: pytest.FixtureRequest, chromium: Browser, book: Path) -> Iterator[Tab]:
    """One page of the book, opened from the disk once for all tests that look at it."""
    name, dark = request.param
    with offline_page(chromium, width=1280, dark=dark, reduced_motion=True) as tab:
        tab.open(book / f"{name}.html")
        tab.draw_widgets()
        tab.until(TYPESET)
        yield tab


def test_a_page_opens_from_the_disk_and_is_quiet(tab: Tab) -> None:
    assert tab.page.locator("h1:visible").first.is_visible()
    tab.assert_quiet()


def test_a_page_is_accessible_on_a_desk(tab: Tab) -> None:
    assert tab.axe_violations() == []


@pytest.mark.parametrize("width", [640, 320], ids=["desk at 200 %", "telephone"])
def test_a_page_does_not_scroll_sideways(tab: Tab, width: int) -> None:
    """Half the width at twice the pixels is what a zoom of 200 % makes of a desk's screen."""
    tab.page.set_viewport_size({"width": width, "height": 900})
    tab.until(REACHED)
    assert tab.sideways_overflow() == 0


def test_a_page_is_accessible_on_a_telephone(tab: Tab) -> None:
    tab.page.set_viewport_size({"width": 320, "height": 900})
    tab.until(REACHED)
    assert tab.axe_violations() == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_from_a_server_and_asks_nobody_else(
    chromium: Browser, server: str, name: str
) -> None:
    with offline_page(chromium, width=1280, allow=server) as tab:
        tab.open(f"{server}{name}.html")
        assert tab.page.locator("h1:visible").first.is_visible()
        tab.assert_quiet()


@pytest.mark.parametrize("name", ["book/intro", "book/notation"])
def test_maths_is_drawn_without_a_network(chromium: Browser, book: Path, name: str) -> None:
    with offline_page(chromium) as tab:
        tab.open(book / f"{name}.html")
        tab.until(f"{MATHS} > 0")
        fonts = "[...document.fonts].filter(f => f.status == 'loaded').map(f => f.family)"
        tab.until(f"{fonts}.some(name => name.includes('MJX'))")
        assert tab.page.locator("mjx-merror").count() == 0
        tab.assert_quiet()


def test_dark_mode_follows_the_system(chromium: Browser, book: Path) -> None:
    color = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3)"
    lightness = {}
    for dark in (False, True):
        with offline_page(chromium, dark=dark) as tab:
            tab.open(book / "book/intro.html")
            lightness[dark] = sum(map(int, tab.page.evaluate(color)))
    assert lightness[True] < 100 < 650 < lightness[False]


def test_search_finds_a_page_from_the_disk(chromium: Browser, book: Path) -> None:
    with offline_page(chromium) as tab:
        tab.open((book / "search.html").as_uri(), "?q=rectifier")
        tab.page.wait_for_selector("#search-results ul.search li a")
        found = tab.page.locator("#search-results ul.search li a").all_inner_texts()
        assert "Notation" in found
        tab.assert_quiet()


def test_the_first_page_leads_to_the_introduction(chromium: Browser, book: Path) -> None:
    with offline_page(chromium) as tab:
        tab.open(book / "index.html")
        tab.page.wait_for_url("**/book/intro.html")
        assert tab.page.locator("article h1").count() == 1


def test_a_printed_page_is_the_article_alone(chromium: Browser, book: Path) -> None:
    with offline_page(chromium) as tab:
        tab.open(book / "book/notation.html")
        tab.page.emulate_media(media="print")
        assert not tab.page.locator(".bd-sidebar-primary").is_visible()
        assert not tab.page.locator(".header-article-items").first.is_visible()
        assert tab.page.locator("article table").first.is_visible()
