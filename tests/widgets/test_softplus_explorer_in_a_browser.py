"""SoftplusExplorer in a page from the disk and beside a live model, with the network cut."""

import pytest
from playwright.sync_api import expect
from softplus_frames import STOPS, alpha_data, without_networks
from widget_pages import said, slider, write_live_page, write_page

from browser_support import drag, offline_page
from relubook.widgets import SoftplusExplorer

pytestmark = pytest.mark.browser
ALPHA = "Sharpness α"
OVERLAPS = """svgs => svgs.flatMap(svg => {
  const boxes = [...svg.querySelectorAll("text")].filter(t => t.textContent)
    .map(t => [t.textContent, t.getBoundingClientRect()]);
  return boxes.flatMap(([a, p], i) => boxes.slice(i + 1)
    .filter(([, q]) => p.left < q.right && q.left < p.right)
    .filter(([, q]) => p.top + 3 < q.bottom - 3 && q.top + 3 < p.bottom - 3)
    .map(([b]) => `${a} / ${b}`));
})"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), SoftplusExplorer(alpha_data()).html())


def pictures(tab):
    return [each.inner_html() for each in tab.page.locator(".picture").all()]


def test_a_hand_and_a_key_move_everything_and_the_address_follows(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        assert said(tab).startswith("α = 3: at most 0.231 above the rectifier, at x = 0. TOYS")
        before = pictures(tab)
        drag(tab.page, slider(tab, ALPHA), 0.0)
        assert said(tab).startswith("α = 1: at most 0.693 above")
        assert [i for i, each in enumerate(pictures(tab)) if each == before[i]] == []
        expect(slider(tab, ALPHA)).to_have_attribute(
            "aria-valuetext", "1, at most 0.693 from the rectifier"
        )
        slider(tab, ALPHA).focus()
        for key, stop in (("ArrowRight", 1), ("End", len(STOPS) - 1), ("Home", 0)):
            tab.page.keyboard.press(key)
            assert slider(tab, ALPHA).input_value() == str(stop)
        tab.page.keyboard.press("End")
        assert said(tab).startswith("α = ∞ is the rectifier itself. TOYS")
        tab.page.keyboard.press("Tab")
        tab.page.keyboard.press("ArrowRight")  # the next radio button
        assert "DIGITS for tests" in said(tab)
        assert tab.page.url.endswith("#alpha=inf&data=mnist-5k")
        outline = tab.page.evaluate("getComputedStyle(document.activeElement).outline")
        assert "solid 2px" in outline
        tab.assert_quiet()


def test_what_is_drawn_are_the_seeds_the_gap_and_the_papers_numbers(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page, "#alpha=2&data=norb")
        error = tab.page.locator(".picture.record").first
        expect(error.locator("circle.soft")).to_have_count(50)
        expect(error.locator("circle.hard")).to_have_count(10)
        expect(error.locator("circle.paper")).to_have_count(6)
        gap = tab.page.locator(".picture.curve .gap").first
        unit = tab.page.locator(".picture.curve .grid")
        zero, one = (float(unit.nth(i).get_attribute("y1")) for i in (0, 1))
        low, high = (float(gap.get_attribute(end)) for end in ("y1", "y2"))
        assert (low - high) / (zero - one) == pytest.approx(0.3466, abs=0.003)
        tab.page.get_by_text("The same numbers as a table").click()
        expect(tab.page.locator("tr.here th")).to_have_text("2")
        expect(tab.page.locator("tr.here td").last).to_have_text("16.90")
        tab.page.evaluate("location.hash = '#data=mnist-5k'")
        expect(error.locator("circle.paper")).to_have_count(0)
        tab.assert_quiet()


def test_it_fits_every_width_and_theme_and_nothing_moves_by_itself(chromium, page, tmp_path):
    with offline_page(chromium, width=320, reduced_motion=True) as tab:
        for width, theme in ((320, "light"), (375, "dark"), (1000, "dark")):
            html = SoftplusExplorer(without_networks(alpha_data(), 1)).html()
            tab.page.set_viewport_size({"width": width, "height": 900})
            tab.open(write_page(tmp_path, html, theme=theme), "#alpha=1&data=norb")
            for closed in tab.page.locator("summary").all():
                closed.click()
            assert tab.sideways_overflow() == 0
            assert tab.page.locator(".picture svg").evaluate_all(OVERLAPS) == []
            assert tab.axe_violations(".relubook") == []
            for target in tab.page.locator("input:visible, summary:visible").all():
                assert target.bounding_box()["height"] >= 18
            slider(tab, ALPHA).focus()
            tab.page.keyboard.press("ArrowRight")
            tab.page.keyboard.press("ArrowRight")
            assert tab.page.evaluate("document.getAnimations().length") == 0
            assert "all 10 networks diverged" in said(tab)
            expect(tab.page.locator(".picture .lost")).to_have_count(1)
        tab.assert_quiet()


def test_without_scripts_the_words_and_the_tables_are_there(chromium, page):
    with offline_page(chromium, scripts=False) as tab:
        tab.open(page)
        expect(tab.page.get_by_text("This figure moves where scripts may run.")).to_be_visible()
        expect(tab.page.locator(".relubook table")).to_have_count(2)


def test_a_live_frame_stands_over_the_recorded_band_of_its_own_digits(chromium, tmp_path):
    def nobody(*_, **__):
        return None

    widget = SoftplusExplorer(alpha_data(), train=nobody, live="mnist-5k", stop_index=7)
    with offline_page(chromium) as tab:
        tab.open(write_live_page(tmp_path, widget))
        assert "Not recorded; α = 3 errs on" in said(tab)
        tab.page.get_by_role("button", name="Train this one").click()
        assert tab.page.evaluate("kernel.sent.at(-1)") == {"id": 1, "stop_index": 7}
        assert "DIGITS for tests" in tab.page.locator(".heading .unit").inner_text()
        frame = {
            "stop_index": 7, "rate": 0.2, "error": [5.9, 6.1, 6.4], "diverged": 0,
            "zeros": [0.0] * 3, "near_relative": [12.0] * 3, "near_absolute": [8.0] * 3,
        }  # fmt: skip
        done = {"id": 1, "done": 1, "total": 1, "text": "Trained here in 4 s."}
        tab.page.evaluate("changes => kernel.say(changes)", {"live": [frame], "progress": done})
        expect(tab.page.locator(".badge")).to_have_text("live")
        expect(tab.page.locator(".picture.record").first.locator(".live")).to_have_count(3)
        assert "Trained here with learning rate 0.2: test error 6.1 % (3 seeds" in said(tab)
        tab.page.get_by_role("radio", name="TOYS for tests").check()
        expect(tab.page.locator(".badge")).to_have_text("recorded")
        expect(tab.page.locator(".picture .live")).to_have_count(0)
        assert tab.axe_violations(".softplus-explorer") == []
        tab.page.evaluate("kernel.close()")
        assert tab.page.evaluate("kernel.listeners()") == 0
        tab.assert_quiet()
