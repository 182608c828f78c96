"""RegionViewer in a page from the disk: links, words, themes, widths, paper."""

import pytest
from playwright.sync_api import expect
from region_frames import region_data
from region_hands import STEP, at, count, has_played, here, setting
from widget_pages import DEPTH, L1, said, slider, write_page

from browser_support import drag, offline_page
from relubook.widgets import RegionViewer

pytestmark = pytest.mark.browser
START = "Depth 2, width 8, L1 = 0, step 1,000: "
BOXES = "all => all.filter(e => e.textContent).map(e => e.getBoundingClientRect().toJSON())"
FAR = "#depth=3&width=16&l1=0.01&step=50&color=active&at=-0.3,0.1"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), RegionViewer(region_data()).html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def test_a_setting_can_be_linked_and_leaves_no_history(tab, page):
    length = tab.page.evaluate("history.length")
    drag(tab.page, slider(tab, DEPTH), 1.0)
    drag(tab.page, slider(tab, L1), 1.0)
    drag(tab.page, slider(tab, STEP), 0.5)
    tab.page.get_by_role("radio", name="active units").check()
    tab.page.mouse.click(*at(tab, 0.25, 0.75))
    tab.page.mouse.move(5, 5)
    assert setting(tab) == {
        "depth": "3", "width": "8", "l1": "0.01", "step": "50", "color": "active", "at": "-0.6,0.6",
    }  # fmt: skip
    assert tab.page.evaluate("history.length") == length
    address, words, point = tab.page.url, said(tab), here(tab)
    tab.page.goto("about:blank")
    tab.page.goto(address)
    assert (said(tab), here(tab)) == (words, point)
    expect(tab.page.get_by_role("radio", name="active units")).to_be_checked()


def test_a_link_in_the_text_moves_the_sliders(tab):
    tab.page.evaluate("location.hash = '#depth=1&width=16&step=10'")
    expect(tab.page.locator(".said")).to_contain_text("Depth 1, width 16, L1 = 0, step 10: ")
    tab.page.evaluate("location.hash = '#some-section'")
    assert said(tab).startswith("Depth 1, width 16")


@pytest.mark.parametrize(
    "fragment",
    ["#", "#depth=77&width=NaN", "#%E0%A4%A", "#depth=<b>&at=9,9", "#at=0;0", "#color=__proto__"],
)
def test_rubbish_in_the_address_is_ignored(chromium, page, fragment):
    with offline_page(chromium) as tab:
        tab.open(page, fragment)
        assert said(tab).startswith(START)
        assert here(tab).startswith("At 0.24, 0.24,")
        tab.assert_quiet()


def test_what_python_set_is_where_the_reader_begins(chromium, tmp_path):
    widget = RegionViewer(
        region_data(), depth=1, width=4, l1_index=2, step_index=0, coloring="active", place=[0, 1]
    )
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, widget.html()))
        assert said(tab).startswith("Depth 1, width 4, L1 = 0.01, step 0: ")
        assert here(tab).startswith("At 0.00, 1.00,")
        tab.assert_quiet()


def test_the_table_and_the_passport_say_the_same_numbers(tab):
    shown = count(tab)
    tab.page.get_by_text("The same numbers as a table").click()
    rows = tab.page.locator(".wide tbody tr")
    expect(rows).to_have_count(9)
    here_row = tab.page.locator(".wide tr.here > *").all_inner_texts()
    assert here_row == ["2 × 8", "16", "104–168 (median 129)", str(shown), "128", "1,369"]
    slider(tab, DEPTH).focus()
    tab.page.keyboard.press("Home")
    expect(tab.page.locator(".wide tr.here th")).to_have_text("1 × 8")
    tab.page.get_by_text("Where these numbers come from").click()
    expect(tab.page.get_by_text("relubook reproduce folding")).to_be_visible()


def test_the_examples_can_be_put_away(tab):
    mark = tab.page.locator(".pad .mark").first
    expect(mark).to_be_visible()
    tab.page.get_by_role("checkbox", name="show the examples").uncheck()
    expect(mark).to_be_hidden()
    drag(tab.page, slider(tab, DEPTH), 1.0)
    expect(mark).to_be_hidden()
    tab.page.get_by_role("checkbox", name="show the examples").check()
    expect(mark).to_be_visible()


def test_all_can_be_done_by_keys_alone(tab):
    reached = set()
    for _ in range(10):
        tab.page.keyboard.press("Tab")
        focused = "document.activeElement"
        assert "solid 2px" in tab.page.evaluate(f"getComputedStyle({focused}).outline")
        reached.add(tab.page.evaluate(f"{focused}.type ?? {focused}.className"))
    assert {"range", "button", "radio", "checkbox", "pad"} <= reached


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("system", ["light", "dark"])
def test_it_is_readable_in_the_books_theme_whatever_the_system_says(
    chromium, tmp_path, theme, system
):
    page = write_page(tmp_path, RegionViewer(region_data()).html(), theme=theme)
    with offline_page(chromium, dark=system == "dark") as tab:
        tab.open(page)
        ink = "rgb(255, 255, 255)" if theme == "dark" else "rgb(0, 0, 0)"
        assert tab.page.locator(".said").evaluate("e => getComputedStyle(e).color") == ink
        assert tab.page.locator(".pad .lines").evaluate("e => getComputedStyle(e).stroke") == ink
        assert tab.axe_violations(".relubook") == []
        tab.page.get_by_role("radio", name="active units").check()
        assert tab.axe_violations(".relubook") == []
        tab.assert_quiet()


@pytest.mark.parametrize(
    ("width", "inside"), [(1280, "auto"), (375, "auto"), (1000, "300px"), (320, "auto")]
)
def test_nothing_is_wider_than_its_place_and_no_text_is_small(chromium, tmp_path, width, inside):
    page = write_page(tmp_path, RegionViewer(region_data()).html(), width=inside)
    with offline_page(chromium, width=width) as tab:
        tab.open(page, FAR)
        for closed in tab.page.locator("summary").all():
            closed.click()
        assert tab.sideways_overflow() == 0
        root = tab.page.locator(".region-viewer")
        assert root.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        sizes = root.locator("svg text, p, td, label, summary, .up, .across").evaluate_all(
            "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= 12
        right = tab.page.locator(".card").evaluate("e => e.getBoundingClientRect().right")
        ends = root.locator("svg text").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect().right)"
        )
        assert max(ends) <= right
        assert tab.axe_violations(".relubook") == []
        tab.assert_quiet()


def test_no_two_texts_of_a_chart_or_a_slider_lie_on_each_other(chromium, page):
    for width in (1280, 375):
        with offline_page(chromium, width=width) as tab:
            tab.open(page, FAR)
            for texts in (".counts svg text", ".tick"):
                boxes = tab.page.locator(texts).evaluate_all(BOXES)
                overlaps = [
                    (a, b) for i, a in enumerate(boxes) for b in boxes[:i]
                    if a["left"] < b["right"] - 1 and b["left"] < a["right"] - 1
                    and a["top"] < b["bottom"] - 4 and b["top"] < a["bottom"] - 4
                ]  # fmt: skip
                assert len(boxes) > 8
                assert overlaps == []


def test_every_target_is_large_enough_for_a_finger(chromium, page):
    with offline_page(chromium, width=375, touch=True) as tab:
        tab.open(page)
        for target in tab.page.locator(
            "button:visible, input[type=range]:visible, summary:visible, "
            "label:has(input[type=radio]):visible, label:has(input[type=checkbox]):visible, .pad"
        ).all():
            box = target.bounding_box()
            assert min(box["height"], box["width"]) >= 24
        tab.assert_quiet()


def test_two_of_them_on_a_page_keep_to_themselves(chromium, tmp_path):
    html = RegionViewer(region_data()).html()
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, html, html))
        first, second = tab.page.locator(".region-viewer").all()
        first.get_by_role("radio", name="active units").check()
        expect(second.get_by_role("radio", name="predicted class")).to_be_checked()
        tab.assert_quiet()


def test_the_view_does_not_jump_while_it_plays(tab):
    card = tab.page.locator(".card")
    before = card.bounding_box()["height"]
    tab.page.get_by_role("button", name="Play the training").click()
    assert card.bounding_box()["height"] == pytest.approx(before, abs=1)
    has_played(tab)
    assert card.bounding_box()["height"] == pytest.approx(before, abs=1)


def test_on_paper_nothing_is_left_to_press(tab):
    tab.page.emulate_media(media="print")
    expect(tab.page.get_by_role("button", name="Play the training")).to_be_hidden()
    expect(tab.page.locator(".pad svg")).to_be_visible()


def test_without_scripts_a_table_says_the_counts(chromium, page):
    with offline_page(chromium, scripts=False) as tab:
        tab.open(page)
        expect(tab.page.locator(".relubook table td")).to_have_count(9 * 3)
        expect(tab.page.get_by_text("129 (104 to 168)").first).to_be_visible()
        assert tab.sideways_overflow() == 0


def test_a_network_that_cannot_be_drawn_is_said_and_the_others_still_are(chromium, tmp_path):
    html = RegionViewer(region_data()).html()
    spoiled = html.replace('"weights":"', '"weights":"AAAA', 1)
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, spoiled), "#depth=1&width=4&step=0")
        sentence = "This network cannot be drawn: its weights must be 54 bytes. Got 57."
        assert said(tab) == sentence
        expect(tab.page.locator(".pad")).to_be_hidden()
        slider(tab, STEP).focus()
        tab.page.keyboard.press("ArrowRight")
        assert "linear regions in this window" in said(tab)
        expect(tab.page.locator(".pad")).to_be_visible()
        tab.page.wait_for_timeout(600)
        tab.assert_quiet()


def test_data_that_lack_a_part_are_said(chromium, tmp_path):
    html = RegionViewer(region_data()).html().replace('"counts":', '"kounts":', 1)
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, html))
        expect(tab.page.get_by_text("cannot be drawn: its data must hold counts.")).to_be_visible()
        tab.assert_quiet()
