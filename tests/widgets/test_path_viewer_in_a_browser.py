"""PathViewer in a page from the disk: what is seen at first, hands, keys, widths, paper."""

import re

import pytest
from path_frames import path_data
from playwright.sync_api import expect
from widget_pages import said, slider, write_page

from browser_support import offline_page
from relubook.widgets import PathViewer

pytestmark = pytest.mark.browser
LEFT, RIGHT = "rectifier network, L1 = 0.01", "tanh network"
WORST = "#picture=9&depth=4&beside=rectifier&l1=off"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), PathViewer(path_data()).html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def pad(tab, name):
    return tab.page.get_by_role("application", name=re.compile(f"^{name}"))


def words(tab):
    return tab.page.locator(".unit-words").inner_text().replace("\u00a0", " ")


def linked(tab, **wanted):
    """Wait until the address names these settings; None for one that it does not name."""
    tab.page.wait_for_function(
        """wanted => {
          const found = new URLSearchParams(location.hash.slice(1));
          return Object.entries(wanted).every(([name, value]) => found.get(name) === value);
        }""",
        arg=wanted,
    )


def units(tab, name, way, kind):
    """How many of a network's hidden units are lit or silent in one of its drawings."""
    circles = pad(tab, name).locator(".way").nth(way).locator(f".units .{kind}")
    return circles.evaluate_all("all => all.filter(e => e.getAttribute('cx') < 300).length")


def test_at_first_sight_one_network_is_mostly_silent_and_the_other_lit_both_ways(tab):
    for way in (0, 1):
        lit, silent = (units(tab, LEFT, way, kind) for kind in ("lit", "silent"))
        assert (lit + silent, silent > 5) == (30, True)
        assert units(tab, RIGHT, way, "lit") == 30
    lit = units(tab, LEFT, 0, "lit")
    assert f"{lit} of 30 units are on" in said(tab)
    assert "Tanh network: all 30 units are on, and with them all 1,000 paths" in said(tab)
    expect(
        tab.page.get_by_text(f"← back: gradient in {units(tab, LEFT, 1, 'lit')} of")
    ).to_be_visible()
    tab.page.get_by_role("radio", name="back").check()
    expect(pad(tab, LEFT).locator(".way").first).to_be_hidden()
    linked(tab, way="back")


def test_a_unit_is_chosen_by_keys_and_switched_off_and_on(tab):
    before = said(tab)
    pad(tab, LEFT).focus()
    for key in (
        "ArrowRight",
        *["ArrowUp"] * 9,
        "ArrowDown",
        "ArrowDown",
        "ArrowLeft",
        "ArrowRight",
    ):
        tab.page.keyboard.press(key)
    expect(tab.page.locator(".unit-words")).to_contain_text("layer 3, unit 3")
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator(".said")).to_contain_text("1 switched off")
    linked(tab, off="left.2.2")
    expect(tab.page.locator(".unit-words")).to_contain_text("switched off. Input")
    tab.page.get_by_role("button", name="Switch all units on").click()
    expect(tab.page.locator(".said")).not_to_contain_text("switched off")
    assert said(tab) == before
    linked(tab, off=None, way="both")


def test_a_mouse_looks_without_choosing_and_a_click_switches(tab):
    first = words(tab)
    svg = pad(tab, RIGHT).locator("svg").first
    svg.scroll_into_view_if_needed()
    box = svg.bounding_box()
    by = box["width"] / 340
    place = (box["x"] + 122 * by, box["y"] + 16 * by)
    tab.page.mouse.move(*place)
    expect(tab.page.locator(".unit-words")).to_contain_text("Tanh network, layer 1, unit 1: on.")
    tab.page.mouse.move(1, 1)
    expect(tab.page.locator(".unit-words")).to_have_text(first.replace(" %", "\u00a0%"))
    tab.page.mouse.click(*place)
    expect(pad(tab, RIGHT).locator(".off")).to_have_count(2)
    linked(tab, off="right.0.0")
    assert "Tanh network, 1 switched off: 29 of 30 units are on" in said(tab)


def test_a_setting_can_be_linked_and_rubbish_is_ignored(tab, page):
    tab.page.get_by_role("radio", name="a 3, picture 8").focus()
    tab.page.keyboard.press("Space")
    tab.page.keyboard.press("ArrowRight")
    tab.page.get_by_role("radio", name="logistic").check()
    slider(tab, "Hidden layers").press("End")
    slider(tab, "Training step").press("Home")
    tab.page.get_by_role("checkbox", name="L1 penalty").uncheck()
    linked(tab, picture="8", depth="4", step="0", beside="logistic", l1="off", off=None)
    address, told = tab.page.url, said(tab)
    assert told.startswith("A “4” after 0 training steps. Rectifier network: ")
    tab.page.goto("about:blank")
    tab.page.goto(address)
    assert said(tab) == told
    tab.page.goto("about:blank")
    tab.open(page, "#picture=99&depth=7&beside=__proto__&off=left.9.9,x&way=<b>")
    assert said(tab).startswith("A “0” after 1,000 training steps. Rectifier network, L1 = 0.01:")


@pytest.mark.parametrize(("theme", "width"), [("light", 1000), ("dark", 375), ("light", 320)])
def test_it_is_readable_in_both_themes_and_nothing_is_wider_than_its_place(
    chromium, tmp_path, theme, width
):
    page = write_page(tmp_path, PathViewer(path_data()).html(), theme=theme)
    with offline_page(chromium, width=width, dark=theme == "dark") as tab:
        tab.open(page, WORST)
        assert tab.sideways_overflow() == 0
        root = tab.page.locator(".path-viewer")
        assert root.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        sizes = root.locator("svg text, p, td, label, .words, summary").evaluate_all(
            "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= 12
        for target in tab.page.locator("button:visible, .thumb, .path-viewer label").all():
            box = target.bounding_box()
            assert box is not None
            assert min(box["height"], box["width"]) >= 24
        assert tab.axe_violations(".relubook") == []
        tab.assert_quiet()


def test_who_asked_for_no_motion_sees_the_end_and_paper_keeps_the_picture(chromium, page):
    with offline_page(chromium, reduced_motion=True) as tab:
        tab.open(page, "#step=0")
        tab.page.get_by_role("button", name="Go to the last step").click()
        expect(tab.page.locator(".said")).to_contain_text("after 1,000 training steps")
        assert tab.page.evaluate("document.getAnimations().length") == 0
        tab.page.emulate_media(media="print")
        expect(tab.page.get_by_role("button", name="Switch this unit")).to_be_hidden()
        expect(pad(tab, LEFT).locator("svg").first).to_be_visible()
        tab.assert_quiet()
    with offline_page(chromium, scripts=False) as tab:
        tab.open(page)
        expect(tab.page.locator(".relubook circle")).to_have_count(30)
        expect(tab.page.locator(".relubook td")).to_have_count(15)
        assert tab.sideways_overflow() == 0
