"""StartMap in a page from the disk, with the network cut."""

import pytest
from playwright.sync_api import expect
from start_frames import map_data
from widget_pages import said, slider, write_page

from browser_support import drag, offline_page
from relubook.widgets import StartMap

pytestmark = pytest.mark.browser

BEGIN = "5 logistic layers, start: torch’s default, learning rate 0.1, 1,000 steps: "
SLIDERS = ("Hidden layers", "Start", "Learning rate", "Training steps")


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), StartMap(map_data()).html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def sentence(tab):
    return tab.page.locator(".said")


def test_the_claim_is_true_at_the_slogan_and_false_where_it_is_flipped(tab):
    assert said(tab).startswith(f"{BEGIN}fails in 5 of 5, median error 90 %. ")
    assert "“5 logistic layers fail” is true here." in said(tab)
    tab.page.get_by_role("button", name="Flip it").click()
    expect(sentence(tab)).to_contain_text("start: Glorot × 4, learning rate 1, 1,000 steps: learns")
    assert "“5 logistic layers fail” is false here." in said(tab)
    assert "1 of 9 starts and learning rates learn." in said(tab)
    tab.page.get_by_role("button", name="Kill a rectifier network").click()
    expect(sentence(tab)).to_contain_text("a whole layer dead in 4.")
    expect(tab.page.get_by_role("radio", name="rectifier")).to_be_checked()
    tab.page.get_by_role("button", name="The slogan").click()
    expect(sentence(tab)).to_contain_text(BEGIN)


def test_all_can_be_done_by_keys_alone_and_is_kept_in_the_address(tab):
    for _ in range(3):
        tab.page.keyboard.press("Tab")
        assert "solid 2px" in tab.page.evaluate("getComputedStyle(document.activeElement).outline")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("ArrowDown")
    expect(sentence(tab)).to_contain_text("5 rectifier layers")
    for name, key in zip(SLIDERS, ("Home", "End", "ArrowLeft", "ArrowLeft"), strict=True):
        tab.page.keyboard.press("Tab")
        expect(slider(tab, name)).to_be_focused()
        tab.page.keyboard.press(key)
    place = "1 rectifier layer, start: Glorot × 4, learning rate 0.01, 200 steps"
    expect(sentence(tab)).to_contain_text(place)
    fragment = "#activation=rectifier&depth=1&start=glorot-x-4&rate=0.01&steps=200"
    tab.page.wait_for_url(f"**/*{fragment}")
    address = tab.page.url
    tab.page.goto("about:blank")
    tab.page.goto(address)
    expect(sentence(tab)).to_contain_text(place)


def test_a_drag_or_a_click_in_the_map_moves_the_readers_point(tab):
    drag(tab.page, slider(tab, "Start"), 1.0)
    expect(sentence(tab)).to_contain_text("start: Glorot × 4, learning rate 0.1, ")
    assert "fails in 3 of 5, median error 30 %" in said(tab)
    expect(tab.page.locator(".courses-picture .course")).to_have_count(5)
    tab.page.get_by_role("radio", name="rectifier").check()
    tab.page.locator(".cell").nth(6).click()
    expect(sentence(tab)).to_contain_text("Glorot × 4, learning rate 0.01, 1,000 steps: fails in 4")
    expect(tab.page.locator(".courses-picture .lost")).to_have_count(4)
    corners = tab.page.evaluate(
        """() => [".frame", ".cell:nth-of-type(7)"].map((found) => {
          const { x, y } = document.querySelector(found).getBoundingClientRect();
          return [x, y];
        })"""
    )
    assert corners[0] == pytest.approx(corners[1], abs=2)


@pytest.mark.parametrize(("width", "theme"), [(1000, "dark"), (375, "light")])
def test_it_is_readable_in_every_theme_and_nothing_is_wider_than_its_place(
    chromium, tmp_path, width, theme
):
    page = write_page(tmp_path, StartMap(map_data()).html(), theme=theme)
    with offline_page(chromium, width=width, dark=theme == "light", reduced_motion=True) as tab:
        tab.open(page, "#activation=rectifier&start=glorot-x-4&rate=0.01")
        for closed in tab.page.locator("summary").all():
            closed.click()
        expect(tab.page.locator("td.at")).to_have_text("1, 4 diverged")
        assert tab.sideways_overflow() == 0
        assert tab.axe_violations(".relubook") == []
        assert tab.page.evaluate("document.getAnimations().length") == 0
        for target in tab.page.locator("button:visible, summary:visible, label:visible").all():
            assert target.bounding_box()["height"] >= 24
        tab.assert_quiet()


def test_a_move_is_drawn_within_a_frame_and_once(tab):
    often = tab.page.evaluate(
        """async () => {
          const said = document.querySelector(".said");
          let draws = 0;
          const courses = document.querySelector(".courses-picture");
          new MutationObserver(() => (draws += 1)).observe(courses, { childList: true });
          const input = document.querySelectorAll("input[type=range]")[1];
          for (const place of [1, 2, 1, 2]) {
            input.value = place;
            input.dispatchEvent(new Event("input"));
          }
          // One frame: a second may come late, after the address is told and all drawn again.
          await new Promise(requestAnimationFrame);
          return [draws, said.textContent];
        }"""
    )  # fmt: skip
    assert often[0] == 1
    assert "Glorot × 4" in often[1]


def test_on_paper_and_without_scripts_it_says_the_same(chromium, page, tab):
    tab.page.emulate_media(media="print")
    expect(tab.page.get_by_role("button", name="Flip it")).to_be_hidden()
    expect(tab.page.locator(".grid-picture svg")).to_be_visible()
    with offline_page(chromium, scripts=False) as silent:
        silent.open(page)
        expect(silent.page.locator(".relubook table td")).to_have_count(4 * 3)
