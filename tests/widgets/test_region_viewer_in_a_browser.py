"""RegionViewer in a page from the disk: sliders, the point in the picture, colors, and playing."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect
from region_frames import CLASSES, STEPS, opened, region_data
from region_hands import STEP, WIDTH, at, count, has_played, here, model, polygons, setting
from widget_pages import DEPTH, L1, said, slider, write_page

from browser_support import drag, offline_page
from relubook import regions
from relubook.widgets import RegionViewer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def data():
    return region_data()


@pytest.fixture(scope="module")
def page(data, tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), RegionViewer(data).html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def find(data, depth, width, l1_index, step_index):
    """The package's regions of what the sliders show."""
    (network,) = (
        one for one in data["networks"]
        if (one["depth"], one["width"], one["l1_index"]) == (depth, width, l1_index)
    )  # fmt: skip
    weights = network["frames"][step_index]["weights"]
    made = opened(weights, (2, *(width,) * depth, len(CLASSES)))
    return regions.find(made, regions.Window(*data["window"]))


def seen(tab):
    return {
        "lines": tab.page.locator(".pad .lines").get_attribute("d"),
        "fills": tab.page.locator(".pad .fill").count(),
        "chart": tab.page.locator(".counts .picture").inner_html(),
        "sentence": said(tab),
        "here": here(tab),
    }


@pytest.mark.parametrize(
    ("name", "to"), [(DEPTH, 1.0), (DEPTH, 0.0), (WIDTH, 1.0), (L1, 1.0), (STEP, 0.0)]
)
def test_dragging_a_slider_changes_everything_that_is_drawn_and_said(tab, name, to):
    before = seen(tab)
    drag(tab.page, slider(tab, name), to)
    after = seen(tab)
    assert [part for part in before if part != "fills" and before[part] == after[part]] == []
    assert polygons(tab) >= count(tab)


@pytest.mark.parametrize("name", [DEPTH, WIDTH, L1, STEP])
def test_every_key_of_a_slider_goes_its_way(tab, name):
    found = slider(tab, name)
    found.focus()
    for key, place in (("Home", "0"), ("ArrowRight", "1"), ("ArrowLeft", "0"), ("End", None)):
        tab.page.keyboard.press(key)
        assert found.input_value() == place or place is None, key
    assert found.input_value() == found.get_attribute("max")


@pytest.mark.parametrize(
    ("depth", "width", "l1_index", "step_index"), [(1, 4, 0, 0), (2, 8, 1, 4), (3, 16, 2, 3)]
)
def test_the_count_is_the_packages(tab, page, data, depth, width, l1_index, step_index):
    l1, step = data["l1"][l1_index], data["steps"][step_index]
    tab.page.goto("about:blank")
    tab.open(page, f"#depth={depth}&width={width}&l1={l1}&step={step}&color=active")
    assert count(tab) == polygons(tab) == len(find(data, depth, width, l1_index, step_index))
    low, middle, high = (
        data["counts"][name][data["depths"].index(depth)][data["widths"].index(width)][l1_index][
            step_index
        ]
        for name in ("low", "median", "high")
    )
    assert f"Recorded with 10 seeds: {low:g}–{high:g} (median {middle:g})" in said(tab)
    units, each = depth * width, 1 + width + width * (width - 1) // 2
    assert f"N²/2 for N = {units} units is {units**2 // 2:,}; " in said(tab)
    assert f"can have more than {each**depth:,}." in said(tab)


def test_arrow_keys_move_the_point_and_say_its_region(tab, data):
    tab.page.locator(".pad").focus()
    before, start = here(tab), setting(tab).get("at")
    assert start is None
    for key in ("Shift+ArrowLeft", "ArrowUp", "ArrowRight", "Shift+ArrowDown", "ArrowDown"):
        tab.page.keyboard.press(key)
    x, y = (float(part) for part in setting(tab)["at"].split(","))
    assert (x, y) == pytest.approx((0.24 - 0.24 + 0.04, 0.24 - 0.24 + 0.04 - 0.04), abs=2e-3)
    assert here(tab) != before
    found = find(data, 2, 8, 0, len(STEPS) - 1)
    (i,) = found.at(np.array([[x, y]]))
    on = found.active[i]
    assert (
        f"{on.sum()} of 16 units are active (layer by layer {on[:8].sum()} of 8, "
        f"{on[8:].sum()} of 8)" in here(tab)
    )
    area = float(re.search(r"region of area ([\d.]+),", here(tab))[1])
    assert area == pytest.approx(found.areas()[i], rel=0.06)
    for k, (name, a, b, c, score) in enumerate(model(tab)):
        assert name == CLASSES[k]
        assert [a, b] == pytest.approx(found.weight[i, :, k], abs=6e-3)
        assert c == pytest.approx(found.bias[i, k], abs=6e-3)
        assert score == pytest.approx(a * x + b * y + c, abs=0.02)


def test_the_point_stays_in_the_window(tab):
    tab.page.locator(".pad").focus()
    for _ in range(12):
        tab.page.keyboard.press("Shift+ArrowUp")
        tab.page.keyboard.press("Shift+ArrowRight")
    assert setting(tab)["at"] == "1.2,1.2"


def test_a_mouse_looks_without_choosing_and_a_click_chooses(tab):
    first = here(tab)
    tab.page.mouse.move(*at(tab, 0.1, 0.1))
    assert here(tab).startswith("At −0.96, −0.96,")
    assert tab.page.locator(".here-words").get_attribute("aria-live") == "off"
    tab.page.mouse.move(5, 5)
    assert here(tab) == first
    assert "at" not in setting(tab)
    tab.page.mouse.click(*at(tab, 0.9, 0.25))
    tab.page.mouse.move(5, 5)
    assert here(tab).startswith("At 0.96, −0.60,")
    assert tab.page.locator(".here-words").get_attribute("aria-live") == "polite"
    assert setting(tab)["at"] == "0.96,-0.6"


def test_a_finger_chooses_too(chromium, page):
    with offline_page(chromium, width=375, touch=True) as tab:
        tab.open(page)
        tab.page.touchscreen.tap(*at(tab, 0.2, 0.8))
        assert here(tab).startswith("At −0.72, 0.72,")
        tab.assert_quiet()


def test_colors_are_by_class_or_by_units(tab, data):
    kinds = "all => [...new Set(all.map(e => e.classList[1].split('-')[0]))]"
    fills = tab.page.locator(".pad .fill")
    assert fills.evaluate_all(kinds) == ["class"]
    expect(tab.page.get_by_text("fainter: less sure")).to_be_visible()
    before = said(tab)
    tab.page.get_by_role("radio", name="active units").check()
    assert fills.evaluate_all(kinds) == ["units"]
    active = find(data, 2, 8, 0, len(STEPS) - 1).active.sum(1)
    expect(tab.page.locator(".ramp")).to_have_text(f"{active.min()} active{active.max()} active")
    assert said(tab) == before
    assert setting(tab)["color"] == "active"


def test_playing_goes_from_the_first_step_to_the_last_and_waits_with_its_sentence(tab):
    tab.page.evaluate(
        """() => {
          window.spoken = []; window.steps = new Set();
          new MutationObserver(() => spoken.push(document.querySelector(".said").textContent))
            .observe(document.querySelector(".said"), { childList: true });
          const chart = document.querySelector(".counts .picture");
          const note = () => {
            if (document.querySelector("button").textContent === "Pause")
              steps.add(document.querySelectorAll("input")[3].value);
          };
          new MutationObserver(note).observe(chart, { childList: true });
        }"""
    )
    last = said(tab)
    tab.page.get_by_role("button", name="Play the training").click()
    expect(tab.page.get_by_role("button", name="Pause")).to_be_visible()
    has_played(tab)
    assert said(tab) == last
    assert tab.page.evaluate("[...steps]") == [str(i) for i in range(len(STEPS) - 1)]
    assert len(tab.page.evaluate("spoken")) == 2
    assert setting(tab)["step"] == "1000"
    expect(tab.page.get_by_role("button", name="Play the training")).to_be_focused()


def test_playing_can_be_paused_and_a_slider_ends_it(tab):
    play = tab.page.get_by_role("button", name=re.compile("Play the training|Pause"))
    play.click()
    tab.page.wait_for_timeout(900)
    play.click()
    stopped = slider(tab, STEP).input_value()
    assert stopped in ("1", "2", "3")
    tab.page.wait_for_timeout(900)
    assert slider(tab, STEP).input_value() == stopped
    play.click()
    slider(tab, DEPTH).focus()
    tab.page.keyboard.press("ArrowRight")
    expect(tab.page.get_by_role("button", name="Play the training")).to_be_visible()
    assert said(tab).startswith("Depth 3, width 8, L1 = 0, step")


def test_nothing_plays_out_of_sight(tab):
    tab.page.get_by_role("button", name="Play the training").click()
    tab.page.evaluate("document.querySelector('main').style.paddingTop = '9000px'")
    tab.page.evaluate("scrollTo(0, 0)")
    tab.page.wait_for_timeout(300)
    held = slider(tab, STEP).input_value()
    tab.page.wait_for_timeout(1600)
    assert slider(tab, STEP).input_value() == held
    tab.page.evaluate("document.querySelector('main').style.paddingTop = '0'")
    has_played(tab)
    assert slider(tab, STEP).input_value() == str(len(STEPS) - 1)


def test_who_asked_for_no_motion_sees_the_end_at_once(chromium, page):
    with offline_page(chromium, reduced_motion=True) as tab:
        tab.open(page, "#step=0")
        tab.page.get_by_role("button", name="Go to the last step").click()
        assert "step 1,000:" in said(tab)
        tab.page.get_by_role("button", name="Back to the first step").click()
        assert "step 0:" in said(tab)
        assert tab.page.evaluate("document.getAnimations().length") == 0
        tab.assert_quiet()


def test_the_chart_shows_the_whole_course_once_hands_rest(tab, data):
    trail = tab.page.locator(".counts .trail")
    through_all = re.compile(r"^M[^L]*(L[^L]*){4}$")
    expect(trail).to_have_attribute("d", through_all)
    slider(tab, WIDTH).focus()
    tab.page.keyboard.press("End")
    expect(trail).to_have_attribute("d", re.compile(r"^M[^L]*$"))
    expect(trail).to_have_attribute("d", through_all)
    course = re.findall(r",([\d.]+)", trail.get_attribute("d"))
    heights = [len(find(data, 2, 16, 0, step)) for step in range(len(STEPS))]
    by_height = sorted(range(len(STEPS)), key=lambda i: heights[i])
    assert sorted(course, key=float, reverse=True) == [course[i] for i in by_height]
