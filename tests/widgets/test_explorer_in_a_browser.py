"""L1Explorer in a page from the disk, with the network cut."""

import base64
import re

import pytest
from playwright.sync_api import expect
from widget_frames import explorer_data
from widget_pages import DEPTH, L1, said, slider, write_page

from browser_support import drag, offline_page
from relubook.widgets import L1Explorer

pytestmark = pytest.mark.browser

PIXELS = "all => all.map(canvas => canvas.toDataURL())"


@pytest.fixture(scope="module")
def data():
    return explorer_data()


@pytest.fixture(scope="module")
def page(data, tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), L1Explorer(data).html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def seen(tab):
    return {
        "pixels": tab.page.locator("canvas").evaluate_all(PIXELS),
        "numbers": tab.page.locator(".layers").inner_text(),
        "plane": tab.page.locator(".picture").inner_html(),
        "sentence": said(tab),
    }


@pytest.mark.parametrize(("name", "to"), [(L1, 1.0), (L1, 0.0), (DEPTH, 1.0), (DEPTH, 0.0)])
def test_dragging_a_slider_changes_everything_that_is_drawn_and_said(tab, name, to):
    before = seen(tab)
    drag(tab.page, slider(tab, name), to)
    end = "max" if to else "min"
    assert slider(tab, name).input_value() == slider(tab, name).get_attribute(end)
    after = seen(tab)
    assert [part for part in before if before[part] == after[part]] == []


@pytest.mark.parametrize("name", [L1, DEPTH])
def test_every_key_of_a_slider_goes_its_way(tab, name):
    found = slider(tab, name)
    found.focus()
    start = int(found.input_value())
    for key, sign in (("ArrowRight", 1), ("ArrowLeft", -1), ("ArrowUp", 1), ("ArrowDown", -1),
                      ("PageUp", 1), ("PageDown", -1), ("End", 1), ("Home", -1)):  # fmt: skip
        before = int(found.input_value())
        tab.page.keyboard.press(key)
        assert sign * (int(found.input_value()) - before) > 0, key
    assert int(found.input_value()) < start


def test_it_starts_at_the_papers_setting_and_finds_back(tab):
    start = seen(tab)
    assert said(tab).startswith("L1 = 0.001, depth 3: ")
    drag(tab.page, slider(tab, L1), 1.0)
    drag(tab.page, slider(tab, DEPTH), 1.0)
    tab.page.get_by_role("button", name="Back to the paper’s setting (0.001, depth 3)").click()
    assert seen(tab) == start


def test_the_sentence_says_the_numbers_of_the_data(tab, data):
    layers = data["dead_by_layer"][2][6]
    dead = sum(layers) / len(layers)
    assert re.search(
        r"\d+ % of the activations are exact zeros, test error \d\.\d % \(5 seeds, ", said(tab)
    )
    assert float(re.search(r"([\d.]+) % of the units are dead", said(tab))[1]) == pytest.approx(
        dead, abs=0.06
    )


def test_a_zero_byte_is_a_black_pixel_and_nothing_else_is(tab, data):
    black = tab.page.locator("canvas").first.evaluate(
        "c => { const p = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
        " let n = 0; for (let i = 0; i < p.length; i += 4) n += p[i] + p[i+1] + p[i+2] === 0;"
        " return n; }"
    )
    cells = base64.b64decode(data["raster"][2][6])[: 24 * 30]
    assert black == cells.count(0)


def test_a_value_is_spoken_and_the_papers_is_named(tab):
    expect(slider(tab, L1)).to_have_attribute("aria-valuetext", "0.001, as in the paper")
    slider(tab, DEPTH).focus()
    tab.page.keyboard.press("Home")
    expect(slider(tab, DEPTH)).to_have_attribute("aria-valuetext", "1 hidden layer")


def test_the_papers_tick_stands_under_the_thumb_at_the_papers_setting(tab):
    track = slider(tab, L1).bounding_box()
    tick = tab.page.locator(".tick.paper").first.bounding_box()
    thumb = track["x"] + 12 + (track["width"] - 24) * 6 / 11
    assert tick["x"] + tick["width"] / 2 == pytest.approx(thumb, abs=1)


def test_a_collapse_is_clipped_named_and_explained(tab):
    drag(tab.page, slider(tab, L1), 1.0)
    drag(tab.page, slider(tab, DEPTH), 1.0)
    expect(tab.page.locator(".picture .note")).to_have_text(re.compile("off the chart: 89 % error"))
    expect(tab.page.locator(".picture circle.chosen")).to_have_count(0)
    assert tab.page.locator(".picture path.chosen").count() > 5
    assert "collapsed" in said(tab)
    assert "no better than guessing" in said(tab)


def test_a_setting_can_be_linked_and_leaves_no_history(tab, page):
    length = tab.page.evaluate("history.length")
    drag(tab.page, slider(tab, L1), 1.0)
    drag(tab.page, slider(tab, DEPTH), 0.0)
    address, here = tab.page.url, seen(tab)
    assert address.endswith("#l1=0.02&depth=1")
    assert tab.page.evaluate("history.length") == length
    tab.page.goto("about:blank")
    tab.page.goto(address)
    assert seen(tab) == here


def test_a_link_in_the_text_moves_the_sliders(tab):
    tab.page.evaluate("location.hash = '#l1=0.0001&depth=5'")
    expect(tab.page.locator(".said")).to_contain_text("L1 = 0.0001, depth 5")
    tab.page.evaluate("location.hash = '#some-section'")
    assert said(tab).startswith("L1 = 0.0001, depth 5")


@pytest.mark.parametrize("fragment", ["#", "#l1=NaN&depth=77", "#%E0%A4%A", "#l1=-1&depth=<b>"])
def test_rubbish_in_the_address_is_ignored(chromium, page, fragment):
    with offline_page(chromium) as tab:
        tab.open(page, fragment)
        assert said(tab).startswith("L1 = 0.001, depth 3: ")
        tab.assert_quiet()


def test_the_table_and_the_passport_say_the_same_numbers(tab, data):
    tab.page.get_by_text("The same numbers as a table").click()
    rows = tab.page.locator(".l1-explorer tbody tr")
    expect(rows).to_have_count(12)
    expect(tab.page.locator("tr.here th")).to_have_text("0.001")
    tab.page.get_by_text("Where these numbers come from").click()
    expect(tab.page.get_by_text(data["passport"]["command"])).to_be_visible()


def test_the_page_says_recorded_and_offers_no_training(tab):
    expect(tab.page.locator(".badge")).to_have_text("recorded")
    expect(tab.page.get_by_role("button", name="Train this one")).to_have_count(0)
    expect(tab.page.get_by_text("Open this chapter in Colab or Jupyter")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("system", ["light", "dark"])
def test_it_is_readable_in_the_books_theme_whatever_the_system_says(
    chromium, data, tmp_path, theme, system
):
    page = write_page(tmp_path, L1Explorer(data).html(), theme=theme)
    with offline_page(chromium, dark=system == "dark") as tab:
        tab.open(page)
        ink = tab.page.locator(".said").evaluate("e => getComputedStyle(e).color")
        assert ink == ("rgb(255, 255, 255)" if theme == "dark" else "rgb(0, 0, 0)")
        assert tab.axe_violations(".relubook") == []
        tab.assert_quiet()


@pytest.mark.parametrize(
    ("width", "inside"), [(1000, "auto"), (375, "auto"), (1000, "300px"), (320, "auto")]
)
def test_nothing_is_wider_than_its_place(chromium, data, tmp_path, width, inside):
    page = write_page(tmp_path, L1Explorer(data).html(), width=inside)
    with offline_page(chromium, width=width) as tab:
        tab.open(page, "#l1=0.02&depth=5")
        for closed in tab.page.locator("summary").all():
            closed.click()
        assert tab.sideways_overflow() == 0
        root = tab.page.locator(".l1-explorer")
        assert root.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        assert tab.axe_violations(".relubook") == []
        tab.assert_quiet()


def test_every_target_is_large_enough_for_a_finger(chromium, page):
    with offline_page(chromium, width=375, touch=True) as tab:
        tab.open(page)
        for target in tab.page.locator("button:visible, input:visible, summary:visible").all():
            assert target.bounding_box()["height"] >= 24
        box = slider(tab, DEPTH).bounding_box()
        tab.page.touchscreen.tap(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2)
        assert said(tab).startswith("L1 = 0.001, depth 5")
        tab.assert_quiet()


@pytest.mark.parametrize(("width", "rasters"), [(1000, 5), (375, 2)])
def test_layers_that_are_not_there_keep_their_place_on_a_desk_only(chromium, page, width, rasters):
    with offline_page(chromium, width=width) as tab:
        tab.open(page, "#l1=0.001&depth=2")
        expect(tab.page.locator("canvas:visible")).to_have_count(rasters)
        tops = {box.bounding_box()["y"] for box in tab.page.locator("canvas:visible").all()}
        assert len(tops) == 1
        tab.assert_quiet()


def test_a_focused_control_wears_a_ring(tab):
    for _ in range(3):
        tab.page.keyboard.press("Tab")
        outline = tab.page.evaluate("getComputedStyle(document.activeElement).outline")
        assert "solid 2px" in outline


def test_nothing_moves_by_itself(chromium, page):
    with offline_page(chromium, reduced_motion=True) as tab:
        tab.open(page)
        assert tab.page.evaluate("document.getAnimations().length") == 0
        drag(tab.page, slider(tab, L1), 1.0)
        assert tab.page.evaluate("document.getAnimations().length") == 0
        tab.assert_quiet()


def test_without_scripts_a_table_says_every_setting(chromium, page):
    with offline_page(chromium, scripts=False, width=1000) as tab:
        tab.open(page)
        expect(tab.page.locator(".relubook table td")).to_have_count(60)
