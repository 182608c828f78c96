"""Denoiser in a page from the disk and beside a live model, with the network cut."""

import re

import pytest
from denoiser_frames import denoiser_data, frame
from playwright.sync_api import expect
from widget_pages import said, slider, write_live_page, write_page

from browser_support import drag, offline_page
from relubook.widgets import Denoiser

pytestmark = pytest.mark.browser
NOISE = "Masked pixels"
# Until a moved slider is drawn, less the wait for the frame [ms].
SPENT = """(place) => new Promise((done) => {
  const input = document.querySelector("input[type=range]");
  const real = window.requestAnimationFrame;
  window.requestAnimationFrame = (act) => real((time) => {
    const began = performance.now();
    act(time);
    document.body.getBoundingClientRect();
    done(performance.now() - began);
  });
  input.value = place;
  input.dispatchEvent(new Event("input"));
  window.requestAnimationFrame = real;
})"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), Denoiser(denoiser_data()).html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def pad(tab):
    return tab.page.get_by_role("application", name=re.compile("^The digit, 14 by 14"))


def pictures(tab):
    """What each strategy gives back, as drawn."""
    return [each.inner_html() for each in tab.page.locator(".strategy svg").all()]


def test_a_slider_takes_pixels_away_and_every_picture_follows(tab):
    expect(tab.page.locator(".said")).to_contain_text("A “2”: ")
    drag(tab.page, slider(tab, NOISE), 0.0)
    expect(tab.page.locator(".said")).to_contain_text("nothing masked, squared error 0.00")
    before = pictures(tab)
    drag(tab.page, slider(tab, NOISE), 1.0)
    expect(slider(tab, NOISE)).to_have_attribute("aria-valuetext", "90 % of the pixels")
    expect(tab.page.locator(".said")).to_contain_text(re.compile(r"1[5-9]\d of 196 pixels masked"))
    assert all(a != b for a, b in zip(before, pictures(tab), strict=True))
    masked = tab.page.locator(".framed .cross").nth(1)
    crosses = masked.get_attribute("d")
    tab.page.get_by_role("button", name="Another noise").click()
    expect(masked).not_to_have_attribute("d", crosses)
    tab.page.wait_for_function("location.hash === '#digit=2&noise=90&mask=2&strategy=1'")
    assert min(tab.page.evaluate(SPENT, place) for place in (10, 4, 7, 2, 5)) < 50


def test_a_hand_draws_and_erases_and_a_digit_brings_it_back(tab):
    box = pad(tab).bounding_box()
    clean = pad(tab).inner_html()
    across, top = box["x"] + 0.05 * box["width"], box["y"] + 0.05 * box["height"]
    for pen in ("draws", "erases"):
        tab.page.get_by_role("radio", name=pen).check()
        drawn = pad(tab).inner_html()
        tab.page.mouse.move(across, top)
        tab.page.mouse.down()
        tab.page.mouse.move(across + 0.9 * box["width"], top, steps=4)
        tab.page.mouse.up()
        tab.page.mouse.move(1, 1)
        expect(tab.page.locator(".said")).to_contain_text("Your drawing: ")
        assert pad(tab).inner_html() != drawn
    assert pad(tab).inner_html() == clean  # nothing else stood on the first line
    assert pad(tab).evaluate("e => getComputedStyle(e).touchAction") == "none"
    expect(tab.page.get_by_role("radio", name="a 2")).not_to_be_checked()
    tab.page.get_by_role("button", name="Clear the pad").click()
    expect(tab.page.locator(".said")).to_contain_text(" 0 of them inked, squared error 0.00")
    tab.page.get_by_role("radio", name="a 2").check()
    expect(tab.page.locator(".said")).to_contain_text("A “2”: ")
    assert pad(tab).inner_html() == clean


def test_all_of_it_works_with_keys(tab):
    pad(tab).focus()
    expect(tab.page.get_by_text("Row 8, column 8")).to_be_visible()
    for key in (*["ArrowUp"] * 9, *["ArrowLeft"] * 9, "ArrowRight"):
        tab.page.keyboard.press(key)
    expect(tab.page.get_by_text("Row 1, column 2: 0\u00a0% ink")).to_be_visible()
    tab.page.keyboard.press("Space")
    expect(tab.page.get_by_text("Row 1, column 2: 100\u00a0% ink")).to_be_visible()
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_text("Row 1, column 2: 0\u00a0% ink")).to_be_visible()
    tab.page.get_by_role("radio", name=re.compile("^1 softplus")).focus()
    for _ in range(3):
        tab.page.keyboard.press("ArrowRight")
    expect(tab.page.locator(".inside .caption").first).to_contain_text("4 rectifier: ")
    grid = tab.page.locator(".units path")
    lit, silent = (grid.nth(i).get_attribute("d").count("M") for i in (0, 1))
    assert lit + silent == 32
    expect(tab.page.locator(".inside .caption").first).to_have_text(
        f"4 rectifier: {lit} of 32 units active"
    )
    expect(tab.page.locator(".filter:visible")).to_have_count(6)
    words = tab.page.locator(".strategy").last.inner_text()
    stuck = int(re.search(r"(\d+) outputs stuck", words)[1])
    crosses = tab.page.locator(".strategy").last.locator(".cross").get_attribute("d")
    assert crosses.count("M") == stuck > 0


def test_a_setting_can_be_linked_and_rubbish_is_ignored(tab, page):
    tab.page.goto("about:blank")
    tab.open(page, "#digit=7&noise=50&mask=3&strategy=4")
    told = said(tab)
    assert told.startswith("A “7”: ")
    tab.page.evaluate("location.hash = '#digit=77&noise=51&mask=-1&strategy=__proto__'")
    assert said(tab) == told
    tab.page.evaluate("location.hash = '#digit=4'")
    expect(tab.page.locator(".said")).to_contain_text("A “4”: ")


def test_it_fits_every_width_and_theme_and_paper(chromium, page, tmp_path):
    with offline_page(chromium, width=320, reduced_motion=True) as tab:
        for width, theme in ((320, "light"), (375, "dark"), (1000, "dark")):
            tab.page.set_viewport_size({"width": width, "height": 900})
            html = Denoiser(denoiser_data()).html()
            tab.open(write_page(tmp_path, html, theme=theme), "#noise=90&strategy=4")
            for closed in tab.page.locator("summary").all():
                closed.click()
            assert tab.sideways_overflow() == 0
            assert tab.axe_violations(".relubook") == []
            for target in tab.page.locator("button:visible, .thumb, .denoiser label").all():
                box = target.bounding_box()
                assert min(box["height"], box["width"]) >= 24
            assert tab.page.evaluate("document.getAnimations().length") == 0
        tab.page.emulate_media(media="print")
        expect(tab.page.locator(".strategy svg").first).to_be_visible()
        expect(tab.page.get_by_role("button", name="Clear the pad")).to_be_hidden()
        tab.assert_quiet()
    with offline_page(chromium, scripts=False) as tab:
        tab.open(page)
        expect(tab.page.locator(".relubook svg")).to_have_count(6)
        expect(tab.page.locator(".relubook td")).to_have_count(25)


def test_four_networks_are_asked_for_and_drawn_as_live(chromium, tmp_path):
    widget = Denoiser(denoiser_data(), train=lambda *_, **__: None)
    with offline_page(chromium) as tab:
        tab.open(write_live_page(tmp_path, widget))
        recorded, before = said(tab), pictures(tab)
        tab.page.get_by_role("button", name="Train these four").click()
        assert tab.page.evaluate("kernel.sent.at(-1)") == {"id": 1, "seed": 200}
        tab.page.evaluate("live => kernel.say({ live })", [frame()])
        expect(tab.page.locator(".badge")).to_have_text("live")
        assert said(tab) != recorded
        assert all(a != b for a, b in zip(before, pictures(tab), strict=True))
        tab.page.get_by_text("All test digits, by noise").click()
        expect(tab.page.get_by_text("trained here: STRIPES, 5 of them, one seed")).to_be_visible()
        expect(tab.page.get_by_role("rowheader", name="4 rectifier, here")).to_be_visible()
        tab.page.get_by_role("button", name="Show the recorded networks").click()
        expect(tab.page.locator(".badge")).to_have_text("recorded")
        assert said(tab) == recorded
        tab.page.evaluate("kernel.close()")
        assert tab.page.evaluate("kernel.listeners()") == 0
        tab.assert_quiet()
