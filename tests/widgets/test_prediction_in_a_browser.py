"""Prediction in a page from the disk: nothing is revealed before the reader commits."""

import pytest
from playwright.sync_api import expect
from widget_pages import write_page

from browser_support import drag, offline_page
from relubook.widgets import Prediction

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    number = Prediction.number(
        name="harmless", question="How many zeros?", low=0.0, high=100.0, step=1.0, unit="%",
        recorded=87.0, band=(84.0, 90.0), source="Record a.",
    )  # fmt: skip
    curve = Prediction.curve(
        name="zeros", question="Draw `zeros`.", x=[0.0, 1e-4, 1e-3, 1e-2], x_label="L1",
        y_label="zeros",
        low=0.0, high=100.0, step=1.0, unit="%", recorded=[60.0, 75.0, 87.0, 98.0],
        band=([58.0, 73.0, 85.0, 97.0], [62.0, 77.0, 89.0, 99.0]), source="Record b.",
    )  # fmt: skip
    return write_page(tmp_path_factory.mktemp("page"), number.html(), curve.html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


class Asked:
    """One of the two questions of the page."""

    def __init__(self, tab, nth):
        self.box = tab.page.locator(".prediction").nth(nth)
        self.lock = self.box.get_by_role("button", name="Lock in my answer")
        self.reveal = self.box.get_by_role("button", name="Reveal the record")
        self.again = self.box.get_by_role("button", name="Start over")

    def said(self):
        return self.box.get_by_role("status").inner_text().replace("\u00a0", " ")


@pytest.fixture
def number(tab):
    return Asked(tab, 0)


@pytest.fixture
def curve(tab):
    return Asked(tab, 1)


def press(tab, *keys):
    for key in keys:
        tab.page.keyboard.press(key)


def swipe(tab, asked, start, end):
    pad = asked.box.locator(".pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    at = [(box["x"] + 40 + x * (box["width"] - 56), box["y"] + y) for x, y in (start, end)]
    tab.page.mouse.move(*at[0])
    tab.page.mouse.down()
    tab.page.mouse.move(*at[1], steps=7)
    tab.page.mouse.up()


def test_nothing_can_be_revealed_before_an_answer_and_the_reason_is_said(number, curve):
    for asked, reason in ((number, "Give an answer first"), (curve, "0 of 4 drawn")):
        expect(asked.lock).to_be_disabled()
        expect(asked.reveal).to_be_disabled()
        assert reason in asked.said()
    expect(number.box.locator(".strip")).to_be_hidden()
    expect(curve.box.locator(".recorded")).to_have_count(0)


def test_a_number_is_answered_by_keyboard_alone(tab, number):
    press(tab, "Tab", "PageUp", "PageUp", "Tab")
    assert number.said() == "Lock in your answer to see the record."
    expect(number.reveal).to_be_disabled()
    press(tab, "Enter")
    expect(number.reveal).to_be_focused()
    press(tab, "Enter")
    assert number.said() == "You said 70 %; recorded is 87 %. Yours is 17 points too low."
    expect(number.box.get_by_role("slider")).to_be_disabled()
    expect(number.box.locator(".strip")).to_be_visible()
    expect(number.box.get_by_text("Record a.")).to_be_visible()


def test_a_number_inside_the_band_is_told_so(tab, number):
    drag(tab.page, number.box.get_by_role("slider"), 0.85)
    number.lock.click()
    number.reveal.click()
    assert "inside the recorded range" in number.said()


def test_a_curve_is_drawn_by_one_stroke_of_the_mouse(tab, curve):
    swipe(tab, curve, (0, 180), (1, 30))
    assert "Lock in" in curve.said()
    curve.lock.click()
    curve.reveal.click()
    expect(curve.box.locator("polyline.recorded")).to_have_count(1)
    expect(curve.box.locator(".band")).to_have_count(1)
    assert curve.said().startswith("On average your curve is ")


def test_a_stroke_over_half_the_pad_leaves_the_other_half_to_be_drawn(tab, curve):
    swipe(tab, curve, (0, 100), (0.4, 100))
    assert "2 of 4 drawn" in curve.said()
    expect(curve.lock).to_be_disabled()


def test_a_curve_is_answered_with_one_slider_a_position(tab, curve):
    curve.box.get_by_text("Set each point with a slider").click()
    for point in curve.box.get_by_role("slider").all():
        point.focus()
        press(tab, "End")
    curve.lock.click()
    curve.reveal.click()
    assert curve.said().endswith("farthest at 0: you said 100 %, recorded is 60 %.")


def test_a_curve_is_drawn_by_touch(chromium, page):
    with offline_page(chromium, width=375, touch=True) as tab:
        tab.open(page)
        curve = Asked(tab, 1)
        pad = curve.box.locator(".pad")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        for i in range(4):
            tab.page.touchscreen.tap(box["x"] + 40 + i * (box["width"] - 56) / 3, box["y"] + 100)
        curve.lock.tap()
        curve.reveal.tap()
        assert curve.said().startswith("On average")
        tab.assert_quiet()


def test_a_locked_answer_cannot_be_bent_toward_the_record(tab, curve):
    swipe(tab, curve, (0, 180), (1, 180))
    curve.lock.click()
    curve.reveal.click()
    before = curve.said()
    swipe(tab, curve, (0, 40), (1, 40))
    assert curve.said() == before


def test_an_answer_outlives_a_reload_until_the_reader_starts_over(tab, number):
    drag(tab.page, number.box.get_by_role("slider"), 0.3)
    number.lock.click()
    expect(number.reveal).to_be_enabled()
    tab.reload()
    expect(number.reveal).to_be_enabled()
    number.reveal.click()
    words = number.said()
    tab.reload()
    assert number.said() == words
    number.again.click()
    assert "Give an answer first" in number.said()
    assert tab.page.evaluate("localStorage.length") == 0


def test_it_works_where_storage_is_refused(chromium, page):
    refuse = "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    with offline_page(chromium) as tab:
        tab.page.add_init_script(refuse)
        tab.open(page)
        number = Asked(tab, 0)
        drag(tab.page, number.box.get_by_role("slider"), 0.3)
        number.lock.click()
        number.reveal.click()
        assert "You said 30 %" in number.said()
        tab.assert_quiet()


@pytest.mark.parametrize(
    "kept", ["{", "7", '{"answer": [7, 8], "locked": true}', '{"answer": ["x"]}']
)
def test_damaged_storage_is_an_open_question(tab, number, kept):
    tab.page.evaluate("kept => localStorage.setItem('relubook:prediction:harmless', kept)", kept)
    tab.reload()
    assert "Give an answer first" in number.said()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [320, 375, 1000])
def test_it_fits_and_is_accessible_in_each_width_and_theme(chromium, page, width, dark):
    with offline_page(chromium, width=width, dark=dark) as tab:
        tab.open(page)
        tab.page.get_by_text("Set each point with a slider").click()
        drag(tab.page, tab.page.get_by_role("slider").first, 0.5)
        assert tab.sideways_overflow() == 0
        assert tab.axe_violations("main") == []
        tab.assert_quiet()


def test_without_scripts_the_record_unfolds(chromium, page):
    with offline_page(chromium, scripts=False) as tab:
        tab.open(page)
        expect(tab.page.get_by_text("87 %. Record a.")).to_be_hidden()
        tab.page.get_by_text("The recorded answer").first.click()
        expect(tab.page.get_by_text("87 %. Record a.")).to_be_visible()
