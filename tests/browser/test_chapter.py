"""The explorer of chapter 3 in the built page, by mouse and keyboard, with the network cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from browser_support import drag, offline_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from browser_support import Tab

pytestmark = pytest.mark.browser

CHAPTER = "chapters/03_sparsity.html"
PICTURES = "canvas => canvas.toDataURL()"
SLIDERS = ("L1 strength", "Depth")


@pytest.fixture(params=["disk", "server"])
def tab(request: pytest.FixtureRequest, chromium: Browser, book: Path) -> Iterator[Tab]:
    """The chapter, from the disk and from a server, on a wide screen."""
    if request.param == "disk":
        with offline_page(chromium, width=1280) as tab:
            tab.open(book / CHAPTER)
            yield tab
    else:
        server = request.getfixturevalue("server")
        with offline_page(chromium, width=1280, allow=server) as tab:
            tab.open(server + CHAPTER)
            yield tab


def explorer(tab: Tab) -> Locator:
    """The first explorer of the page, in view."""
    tab.draw_widgets()
    found = tab.page.locator(".l1-explorer").first
    found.scroll_into_view_if_needed()
    return found


def slider(tab: Tab, name: str) -> Locator:
    """A slider of the explorer, by the name that a screen reader says."""
    return explorer(tab).get_by_role("slider", name=name)


def shown(tab: Tab) -> dict[str, object]:
    """Everything that a reader sees: sentence, numbers, drawn points, pixels of the rasters."""
    box = explorer(tab)
    return {
        "sentence": box.get_by_role("status").first.inner_text(),
        "numbers": box.locator(".layers").inner_text(),
        "plane": box.locator(".picture svg").first.inner_html(),
        "rasters": [canvas.evaluate(PICTURES) for canvas in box.locator("canvas").all()],
    }


def by_mouse(tab: Tab, name: str) -> None:
    drag(tab.page, slider(tab, name), 0.95)


def by_keyboard(tab: Tab, name: str) -> None:
    slider(tab, name).focus()
    for _ in range(2):
        tab.page.keyboard.press("ArrowRight")


@pytest.mark.parametrize("move", [by_mouse, by_keyboard])
@pytest.mark.parametrize("name", SLIDERS)
def test_a_slider_changes_raster_numbers_picture_and_sentence(
    tab: Tab, name: str, move: Callable[[Tab, str], None]
) -> None:
    before, place = shown(tab), slider(tab, name).input_value()
    move(tab, name)
    after = shown(tab)
    assert slider(tab, name).input_value() != place
    assert [part for part in before if before[part] == after[part]] == []
    tab.assert_quiet()


def test_home_and_end_reach_the_ends_of_a_slider(tab: Tab) -> None:
    for name in SLIDERS:
        found = slider(tab, name)
        found.focus()
        tab.page.keyboard.press("End")
        assert found.input_value() == found.get_attribute("max")
        tab.page.keyboard.press("Home")
        assert found.input_value() == found.get_attribute("min")


def test_a_setting_can_be_linked(tab: Tab) -> None:
    by_keyboard(tab, "L1 strength")
    by_keyboard(tab, "Depth")
    here, address = shown(tab), tab.page.url
    assert "#" in address
    tab.page.goto("about:blank")
    tab.page.goto(address)
    assert shown(tab) == here


def test_more_penalty_shows_more_zeros(tab: Tab) -> None:
    found = {}
    for key in ("Home", "End"):
        slider(tab, "L1 strength").focus()
        tab.page.keyboard.press(key)
        said = str(shown(tab)["numbers"])
        found[key] = max(float(number) for number in re.findall(r"([\d.]+)\s*% zeros", said))
    assert found["End"] > found["Home"]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_explorer_sits_on_the_page_and_not_on_a_card_of_the_theme(
    chromium: Browser, book: Path, dark: bool
) -> None:
    with offline_page(chromium, dark=dark) as tab:
        tab.open(book / CHAPTER)
        explorer(tab)
        for name in ("div.cell_output .text_html:has(.l1-explorer)", ".l1-explorer .card"):
            ground = tab.page.locator(name).first
            color = ground.evaluate("e => getComputedStyle(e).backgroundColor")
            assert color == "rgba(0, 0, 0, 0)", name


def test_a_telephone_moves_the_explorer(chromium: Browser, book: Path) -> None:
    with offline_page(chromium, width=375, touch=True) as tab:
        tab.open(book / CHAPTER)
        before = shown(tab)
        by_keyboard(tab, "L1 strength")
        assert shown(tab)["sentence"] != before["sentence"]
        assert tab.sideways_overflow() == 0
        box = slider(tab, "L1 strength").bounding_box()
        assert box is not None
        assert box["height"] >= 24


def test_without_scripts_the_explorer_says_its_numbers_in_words(
    chromium: Browser, book: Path
) -> None:
    with offline_page(chromium, scripts=False) as tab:
        tab.open(book / CHAPTER)
        assert "zeros" in tab.page.locator(".relubook-view table").first.inner_text()
