"""RelativesExplorer in a page from the disk and beside a live model, with the network cut."""

import pytest
from playwright.sync_api import expect
from relatives_frames import NAMES, relatives_data, without_networks
from widget_pages import said, write_live_page, write_page

from browser_support import offline_page
from relubook.widgets import RelativesExplorer

pytestmark = pytest.mark.browser
OVERLAPS = """svgs => svgs.flatMap(svg => {
  const boxes = [...svg.querySelectorAll("text")].filter(t => t.textContent)
    .map(t => [t.textContent, t.getBoundingClientRect()]);
  return boxes.flatMap(([a, p], i) => boxes.slice(i + 1)
    .filter(([, q]) => p.left < q.right && q.left < p.right)
    .filter(([, q]) => p.top + 3 < q.bottom - 3 && q.top + 3 < p.bottom - 3)
    .map(([b]) => `${a} / ${b}`));
})"""
OUTSIDE = """card => [...card.querySelectorAll("svg text, select, .chip")].filter(each =>
  each.getBoundingClientRect().right > card.getBoundingClientRect().right
  || each.getBoundingClientRect().left < card.getBoundingClientRect().left)
  .map(each => each.textContent)"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), RelativesExplorer(relatives_data()).html())


def chip(tab, name):
    return tab.page.get_by_role("radio", name=name, exact=True)


def row(tab, name):
    return tab.page.locator("g.row").nth(NAMES.index(name))


def test_arrow_keys_choose_a_unit_and_a_quantity_and_the_address_follows(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        assert said(tab).startswith("ELU, learning rate 0.05: test error 4.")
        chip(tab, "ELU").focus()
        tab.page.keyboard.press("ArrowRight")
        assert said(tab).startswith("SELU, learning rate 0.05: ")
        expect(row(tab, "SELU")).to_have_class("row other chosen")
        expect(tab.page.locator(".formula")).to_have_text("1.0507·x above 0, 1.7581·(eˣ − 1) below")
        outline = "getComputedStyle(document.activeElement.nextSibling).outline"
        assert "solid 2px" in tab.page.evaluate(outline)
        tab.page.keyboard.press("Tab")
        expect(tab.page.get_by_label("Shown of the networks")).to_be_focused()
        tab.page.keyboard.press("ArrowDown")
        assert tab.page.url.endswith("#unit=selu&quantity=saved&data=mnist")
        expect(tab.page.locator("svg .origin")).to_have_count(1)
        tab.page.keyboard.press("Tab")
        tab.page.keyboard.press("ArrowRight")
        assert tab.page.url.endswith("#unit=selu&quantity=saved&data=mnist-5k")
        assert "DIGITS for tests" in tab.page.locator(".heading .unit").inner_text()
        tab.page.evaluate("location.hash = '#unit=crelu-half-the-units&quantity=time'")
        assert said(tab).startswith("CReLU, half the units, learning rate 0.05")
        expect(tab.page.get_by_label("Shown of the networks")).to_have_value("time")
        tab.assert_quiet()


def test_a_click_on_a_row_chooses_its_unit_and_all_seeds_are_points(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        for name, like in (("tanh", "tanh"), ("dropout", "rectifier"), ("PReLU", "other")):
            row(tab, name).locator(".name").click()
            expect(chip(tab, name)).to_be_checked()
            expect(row(tab, name)).to_have_class(f"row {like} chosen")
            expect(tab.page.locator("g.row.chosen")).to_have_count(1)
        expect(row(tab, "PReLU").locator(".seed")).to_have_count(10)
        expect(row(tab, "squared rectifier").locator(".seed")).to_have_count(10)
        assert "layer 2: 0.34" in tab.page.locator(".response").text_content()
        assert "0.21, 0.34, 0.12." in tab.page.locator(".words .note").inner_text()
        tab.page.get_by_text("The same numbers as a table").click()
        expect(tab.page.locator("tr.here th")).to_have_text("PReLU")
        shown = row(tab, "PReLU").locator(".mean").text_content()
        expect(tab.page.locator("tr.here td").nth(1)).to_have_text(shown)
        tab.assert_quiet()


def test_it_fits_every_width_and_theme_and_nothing_moves_by_itself(chromium, tmp_path):
    html = RelativesExplorer(without_networks(relatives_data(), "squared rectifier", 2)).html()
    cases = ((320, "light", "rrelu", "shift"), (375, "dark", "prelu", "saved"),
             (732, "light", "crelu", "error"), (1000, "dark", "selu", "time"))  # fmt: skip
    with offline_page(chromium, width=320, reduced_motion=True) as tab:
        for width, theme, unit, quantity in cases:
            tab.page.set_viewport_size({"width": width, "height": 900})
            tab.open(write_page(tmp_path, html, theme=theme), f"#unit={unit}&quantity={quantity}")
            for closed in tab.page.locator("summary").all():
                closed.click()
            assert tab.sideways_overflow() == 0
            assert tab.page.locator(".card").evaluate(OUTSIDE) == []
            assert tab.page.locator(".picture svg").evaluate_all(OVERLAPS) == []
            assert tab.axe_violations(".relubook") == []
            for target in tab.page.locator("input:visible, select, summary:visible").all():
                assert target.bounding_box()["height"] >= 18
            assert tab.page.evaluate("document.getAnimations().length") == 0
            expect(tab.page.locator("g.row .lost")).to_have_count(0 if quantity == "time" else 1)
        tab.assert_quiet()


def test_on_paper_and_without_scripts_the_words_and_the_numbers_are_there(chromium, page):
    with offline_page(chromium, scripts=False, width=375) as tab:
        tab.open(page)
        expect(tab.page.get_by_text("This figure moves where scripts may run.")).to_be_visible()
        expect(tab.page.locator(".relubook table")).to_have_count(2)
        assert tab.sideways_overflow() == 0
    with offline_page(chromium) as tab:
        tab.open(page)
        tab.page.emulate_media(media="print")
        expect(tab.page.locator("g.row")).to_have_count(len(NAMES))
        expect(tab.page.locator(".trainer")).to_be_hidden()


def test_live_networks_stand_in_the_rows_of_their_own_digits(chromium, tmp_path):
    def nobody(*_, **__):
        return None

    widget = RelativesExplorer(relatives_data(), train=nobody, live="mnist-5k", unit="GELU")
    with offline_page(chromium) as tab:
        tab.open(write_live_page(tmp_path, widget))
        tab.page.get_by_role("button", name="Train this one").click()
        assert tab.page.evaluate("kernel.sent.at(-1)") == {"id": 1, "unit": "GELU"}
        assert "DIGITS for tests" in tab.page.locator(".heading .unit").inner_text()
        frame = {"unit": "GELU", "rate": 0.05, "error": [7.0, 7.5, None], "zeros": [0.0] * 3,
                 "dead": [0.0] * 3, "shift": [0.7, 0.7, 0.7]}  # fmt: skip
        done = {"id": 1, "done": 1, "total": 1, "text": "Trained here in 4 s."}
        tab.page.evaluate("changes => kernel.say(changes)", {"live": [frame], "progress": done})
        expect(tab.page.locator(".badge")).to_have_text("live")
        expect(row(tab, "GELU").locator(".live")).to_have_count(2)
        assert "Trained here: test error 7.25 % (two seeds, 7.00 to 7.50, one more" in said(tab)
        chip(tab, "SiLU").check()
        expect(tab.page.locator(".badge")).to_have_text("recorded")
        expect(row(tab, "GELU").locator(".live")).to_have_count(2)
        tab.page.get_by_role("radio", name="MNIST for tests").check()
        expect(tab.page.locator(".picture .live")).to_have_count(0)
        assert tab.axe_violations(".relatives-explorer") == []
        tab.page.evaluate("kernel.close()")
        assert tab.page.evaluate("kernel.listeners()") == 0
        tab.assert_quiet()
