"""Every page of the book in a real browser with the network cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from built_book import page_names
from project_files import ROOT

from browser_support import offline_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from browser_support import Tab

pytestmark = pytest.mark.browser

PAGES = [*page_names(), "search", "genindex"]
TYPESET = "!document.querySelector('.math') || document.querySelector('mjx-container')"
# What scrolls can be reached by keyboard; the theme and the book see to it after a change of size.
REACHED = (
    "[...document.querySelectorAll('pre, .cell_output > .output, .pst-scrollable-table-container,"
    " mjx-container[display]')]"
    ".every((one) => one.scrollWidth <= one.clientWidth || one.tabIndex === 0)"
)
MATHS = "document.querySelectorAll('mjx-container').length"


@pytest.fixture(scope="module", params=PAGES)
def tab(request: pytest.FixtureRequest, chromium: Browser, book: Path) -> Iterator[Tab]:
    """One page of the book, opened from the disk once for all tests that look at it."""
    with offline_page(chromium, width=1280, reduced_motion=True) as tab:
        _open(tab, book, request.param)
        yield tab


def _open(tab: Tab, book: Path | str, name: str) -> None:
    tab.open(f"{book}{name}.html" if isinstance(book, str) else book / f"{name}.html")
    tab.draw_widgets()
    tab.until(TYPESET)


def test_a_page_opens_from_the_disk_and_is_quiet(tab: Tab) -> None:
    assert tab.page.locator("h1:visible").first.is_visible()
    tab.keep_picture("desk")
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
    """Its colors are those on the desk."""
    tab.page.set_viewport_size({"width": 320, "height": 900})
    tab.until(REACHED)
    tab.keep_picture("telephone")
    assert tab.axe_violations(colors=False) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_from_a_server_can_be_read_in_the_dark_and_asks_nobody_else(
    chromium: Browser, server: str, name: str
) -> None:
    """All but the colors is as in the light, and as from the disk."""
    with offline_page(chromium, width=1280, dark=True, reduced_motion=True, allow=server) as tab:
        _open(tab, server, name)
        assert tab.page.locator("h1:visible").first.is_visible()
        tab.keep_picture("dark")
        assert tab.axe_violations(colors=True) == []
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


@pytest.mark.parametrize("mode", ["", "auto", "light", "dark", "<b>"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_page_has_its_colors_from_the_start(
    chromium: Browser, book: Path, dark: bool, mode: str
) -> None:
    """It is not white for a while in a dark room, whatever an earlier visit has left there."""
    note = "window.themes = new Set(); new MutationObserver(() => themes.add("
    theme = "document.documentElement.dataset.theme"
    watch = f"{note}{theme})).observe(document, {{ attributes: true, subtree: true }});"
    with offline_page(chromium, dark=dark) as tab:
        left = f'localStorage.mode = "{mode}"; localStorage.theme = "light";' if mode else ""
        tab.page.add_init_script(left + watch)
        tab.open(book / "book/intro.html")
        system = "dark" if dark else "light"
        shown = tab.page.evaluate(f"[...themes.add({theme})]")
        assert shown == [mode if mode in {"light", "dark"} else system]


def test_search_finds_a_page_from_the_disk(chromium: Browser, book: Path) -> None:
    with offline_page(chromium) as tab:
        tab.open((book / "search.html").as_uri(), "?q=rectifier")
        found = "[...document.querySelectorAll('#search-results ul.search li a')]"  # one by one
        tab.until(f"{found}.some(link => link.textContent === 'Notation')")
        tab.assert_quiet()


def test_the_first_page_leads_to_the_introduction(chromium: Browser, book: Path) -> None:
    with offline_page(chromium) as tab:
        tab.open(book / "index.html")
        tab.page.wait_for_url("**/book/intro.html")
        assert tab.page.locator("article h1").count() == 1


def test_the_first_page_has_the_books_name_and_waits_without_scripts_too(
    chromium: Browser, server: str
) -> None:
    title = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["title"]
    with offline_page(chromium, allow=server, scripts=False) as tab:
        response = tab.page.request.get(server)
        assert f"<title>{title}</title>" in response.text()
        tab.open(server)
        tab.page.wait_for_url("**/book/intro.html")
        tab.assert_quiet()


def test_a_printed_page_is_the_article_alone(chromium: Browser, book: Path) -> None:
    with offline_page(chromium) as tab:
        tab.open(book / "book/notation.html")
        tab.page.emulate_media(media="print")
        assert not tab.page.locator(".bd-sidebar-primary").is_visible()
        assert not tab.page.locator(".header-article-items").first.is_visible()
        assert tab.page.locator("article table").first.is_visible()
