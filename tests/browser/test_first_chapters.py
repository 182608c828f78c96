"""The widgets of chapters 1 and 2 in the built pages, by mouse, finger and keyboard, offline."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_support import drag, offline_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from browser_support import Tab

pytestmark = pytest.mark.browser

BUILDER, BENCH = ".hinge-builder", ".neuron-bench"
CHAPTERS = {BUILDER: "chapters/01_why_rectify.html", BENCH: "chapters/02_biology.html"}
KNOBS = {BUILDER: ("Place", "Height"), BENCH: ("Noise", "Threshold", "Input current")}
MOVES = [(kind, name) for kind, names in KNOBS.items() for name in names]
SIZES = {"desk": {"width": 1280}, "telephone": {"width": 375, "touch": True}}


@contextmanager
def widget(
    chromium: Browser, book: Path, kind: str, size: str = "desk"
) -> Iterator[tuple[Tab, Locator]]:
    """The widget of a chapter, in view."""
    with offline_page(chromium, reduced_motion=True, **SIZES[size]) as tab:
        tab.open(book / CHAPTERS[kind])
        tab.draw_widgets()
        found = tab.page.locator(kind).first
        found.scroll_into_view_if_needed()
        yield tab, found
        tab.assert_quiet()


def shown(found: Locator) -> tuple[str, str]:
    """What a reader hears and sees of a widget."""
    pictures = found.locator("svg").evaluate_all("all => all.map((svg) => svg.innerHTML).join()")
    return found.locator(".said").first.inner_text(), pictures


@pytest.mark.parametrize(("kind", "name"), MOVES)
def test_a_slider_moves_picture_and_sentence_by_mouse_and_by_keyboard(
    chromium, book, kind, name
) -> None:
    with widget(chromium, book, kind) as (tab, found):
        slider = found.get_by_role("slider", name=name)
        before = shown(found)
        drag(tab.page, slider, 0.9)
        after = shown(found)
        assert before[0] != after[0]
        assert before[1] != after[1]
        slider.focus()
        for _ in range(3):
            tab.page.keyboard.press("PageDown")
        assert after[1] != shown(found)[1]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", CHAPTERS)
def test_a_widget_fits_into_the_page_and_sits_on_it(chromium, book, kind, size) -> None:
    with widget(chromium, book, kind, size) as (tab, found):
        assert tab.sideways_overflow() == 0
        assert found.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        for name in (f"div.cell_output .text_html:has({kind})", f"{kind} .card"):
            ground = tab.page.locator(name).first
            color = ground.evaluate("e => getComputedStyle(e).backgroundColor")
            assert color == "rgba(0, 0, 0, 0)", name


def test_the_page_trains_a_network_of_as_many_hinges(chromium, book) -> None:
    with widget(chromium, book, BUILDER) as (_, found):
        found.get_by_role("button", name="Train a network").click()
        expect(found.locator(".badge")).to_contain_text("live", timeout=30_000)
        expect(found.locator(".said").first).to_contain_text("network of", timeout=30_000)


def test_a_finger_moves_a_hinge_without_moving_the_page(chromium, book) -> None:
    with widget(chromium, book, BUILDER, "telephone") as (tab, found):
        before, scrolled = shown(found), tab.page.evaluate("scrollY")
        point = found.locator("circle.handle, .handle").nth(1).bounding_box()
        x, y = point["x"] + point["width"] / 2, point["y"] + point["height"] / 2
        session = tab.page.context.new_cdp_session(tab.page)
        for kind, dy in (("Start", 0), ("Move", 20), ("Move", 40), ("End", None)):
            touches = [] if dy is None else [{"x": x, "y": y + dy}]
            session.send(
                "Input.dispatchTouchEvent", {"type": f"touch{kind}", "touchPoints": touches}
            )
        assert shown(found)[1] != before[1]
        assert tab.page.evaluate("scrollY") == scrolled


def test_a_click_on_the_bench_shows_another_response(chromium, book) -> None:
    with widget(chromium, book, BENCH) as (_, found):
        before = shown(found)[1]
        found.get_by_role("checkbox", name="tanh").check()
        assert shown(found)[1] != before
