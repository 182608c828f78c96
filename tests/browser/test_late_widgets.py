"""Widgets of the built book begin when a reader comes near, and are then the same as ever."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_support import offline_page

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from browser_support import Tab

pytestmark = pytest.mark.browser

CHAPTER = "chapters/03_sparsity.html"
EXPLORER = ".relubook:has(.l1-explorer)"
FETCHED = "[...document.querySelectorAll('script[src*=\"/widgets/\"]')].map((one) => one.src)"


def fetched(tab: Tab) -> list[str]:
    """The files of widgets that the page has asked for."""
    return tab.page.evaluate(FETCHED)


def boxes(tab: Tab) -> list[Locator]:
    return tab.page.locator(".relubook[data-module]").all()


def test_a_widget_far_below_is_fetched_when_a_reader_scrolls_to_it(chromium, book) -> None:
    with offline_page(chromium, height=600) as tab:
        tab.open(book / CHAPTER)
        for box in boxes(tab):
            assert (
                box.locator(".relubook-view").inner_text().strip() or box.locator("input").count()
            )
        at_first = len(fetched(tab))
        for box in boxes(tab):
            box.scroll_into_view_if_needed()
            name = box.get_attribute("data-numbers")
            tab.until(f"{FETCHED}.some((one) => one.endsWith('{name}'))")
        expect(tab.page.locator(".l1-explorer")).to_have_count(1)
        assert at_first < len(fetched(tab)) == len(set(fetched(tab)))
        tab.assert_quiet()


def test_whoever_goes_from_control_to_control_finds_those_of_every_widget(chromium, book) -> None:
    with offline_page(chromium, height=600) as tab:
        tab.open(book / CHAPTER)
        assert tab.page.locator(".l1-explorer").count() == 0
        tab.page.keyboard.press("Tab")
        expect(tab.page.locator(".l1-explorer")).to_have_count(1)


def test_every_widget_starts_once_whatever_asks_for_it(chromium, book) -> None:
    with offline_page(chromium) as tab:
        tab.open(book / CHAPTER)
        for _ in range(2):
            tab.draw_widgets()
        tab.page.locator(EXPLORER).scroll_into_view_if_needed()
        expect(tab.page.locator(".l1-explorer")).to_have_count(1)
        assert len(fetched(tab)) == len(set(fetched(tab)))


def test_a_link_to_the_end_of_a_chapter_stays_there_while_widgets_begin(chromium, book) -> None:
    with offline_page(chromium, width=1280, height=700) as tab:
        tab.open(book / CHAPTER, "#take-away")
        tab.draw_widgets()
        heading = tab.page.locator("#take-away > h2")
        box, height = heading.bounding_box(), tab.page.evaluate("innerHeight")
        assert box is not None
        assert 0 <= box["y"] < height


def test_where_a_file_is_missing_the_sentence_and_the_table_stay(
    chromium: Browser, book: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "html"
    shutil.copytree(book, copy, ignore=shutil.ignore_patterns("_sources", "mathjax"))
    for path in (copy / "_static/widgets").glob("*.js"):
        path.unlink()
    with offline_page(chromium) as tab:
        tab.open(copy / CHAPTER)
        tab.page.evaluate("relubook.everything().catch(() => null)")
        view = tab.page.locator(".relubook[data-module] table").first
        assert "zeros" in tab.page.locator(".relubook[data-module]").nth(1).inner_text()
        assert view.count() == 1


def test_print_shows_a_widget_that_was_far_away(chromium, book) -> None:
    with offline_page(chromium) as tab:
        tab.open(book / CHAPTER)
        tab.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        tab.page.emulate_media(media="print")
        expect(tab.page.locator(".l1-explorer")).to_be_visible()
