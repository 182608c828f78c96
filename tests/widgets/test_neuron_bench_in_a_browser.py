"""NeuronBench in a page from the disk, with the network cut."""

import re
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import expect
from widget_pages import said, slider, write_page

from browser_support import drag, offline_page
from relubook import paper
from relubook.experiments.response_fits import FAMILIES, WHOLE_RANGE, WORKING_RANGE, residuals
from relubook.neurons import FIGURE_1, firing_rate
from relubook.widgets import NeuronBench

pytestmark = pytest.mark.browser

MEMBRANE, REFRACTORY, THRESHOLD = "Membrane time constant", "Refractory time", "Threshold"
NOISE, CURRENT = "Noise", "Input current"
SLIDERS = (MEMBRANE, REFRACTORY, THRESHOLD, NOISE, CURRENT)
BACK = "Back to the paper’s neuron"
TABLES = "The same numbers as tables"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), NeuronBench().html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def seen(tab):
    pictures = tab.page.locator(".picture")
    return {
        "trace": pictures.nth(0).inner_html(),
        "near": pictures.nth(1).inner_html(),
        "far": pictures.nth(2).inner_html(),
        "off": tab.page.locator(".choices").inner_text(),
        "sentence": said(tab),
    }


def changed(tab, before):
    after = seen(tab)
    return {part for part in before if before[part] != after[part]}


def off(tab):
    """The distances that the page shows [%], below 0.1 as 0."""
    texts = tab.page.locator(".choices .off").all_inner_texts()
    return [0.0 if text.startswith("<") else float(text.split("\u00a0")[0]) for text in texts]


@pytest.mark.parametrize("name", [MEMBRANE, REFRACTORY, THRESHOLD])
@pytest.mark.parametrize("to", [1.0, 0.0])
def test_dragging_a_slider_changes_everything_that_is_drawn_and_said(tab, name, to):
    before = seen(tab)
    drag(tab.page, slider(tab, name), to)
    end = "max" if to else "min"
    assert slider(tab, name).input_value() == slider(tab, name).get_attribute(end)
    assert changed(tab, before) == set(before)


def test_dragging_the_noise_changes_everything(tab):
    before = seen(tab)
    drag(tab.page, slider(tab, NOISE), 1.0)
    assert changed(tab, before) == set(before)


def test_dragging_the_current_leaves_the_fits_alone(tab):
    before = seen(tab)
    drag(tab.page, slider(tab, CURRENT), 0.4)
    assert changed(tab, before) == set(before) - {"off"}


@pytest.mark.parametrize("name", SLIDERS)
def test_every_key_of_a_slider_goes_its_way(tab, name):
    found = slider(tab, name)
    found.focus()
    for key in ("Home", *["PageUp"] * 4):
        tab.page.keyboard.press(key)
    for key, sign in (("ArrowRight", 1), ("ArrowLeft", -1), ("ArrowUp", 1), ("ArrowDown", -1),
                      ("PageUp", 1), ("PageDown", -1), ("End", 1), ("Home", -1)):  # fmt: skip
        before = int(found.input_value())
        tab.page.keyboard.press(key)
        assert sign * (int(found.input_value()) - before) > 0, key


@pytest.mark.parametrize(
    ("fragment", "changes", "noise"),
    [
        ("", {}, 0.0),
        ("#membrane=10&refractory=2", {"membrane_time": 0.010, "refractory_time": 0.002}, 0.0),
        ("#noise=5", {}, 5e-3),
        ("#noise=10&threshold=25", {"threshold": FIGURE_1.rest + 0.025}, 10e-3),
    ],
)
@pytest.mark.parametrize("fitted", ["working", "whole"])
def test_sentence_and_distances_are_the_packages(tab, page, fragment, changes, noise, fitted):
    tab.open(page, f"{fragment or '#'}&fitted={fitted}")
    neuron = replace(FIGURE_1, **changes)
    rate = float(firing_rate(neuron, 1e-9, noise))
    assert f"the formula says {rate:.0f} Hz" in said(tab)
    counted = int(re.search(r"(\d+) spikes in a second", said(tab))[1])
    assert counted == pytest.approx(rate, abs=1.01 if noise == 0 else 4 * np.sqrt(rate))
    currents = WORKING_RANGE if fitted == "working" else WHOLE_RANGE
    expected = residuals(currents, firing_rate(neuron, 1e-9 * currents, noise))
    assert off(tab) == pytest.approx(expected, rel=0.01, abs=0.51 if max(expected) > 9.9 else 0.06)
    nearest = re.search(rf"Over the {fitted} range the (.*?) (?:is|are) nearest", said(tab))[1]
    assert FAMILIES[int(expected.argmin())] in nearest.split(" and ")


def test_the_choice_of_the_range_is_said_and_kept(tab):
    before = off(tab)
    tab.page.get_by_role("radio", name="whole range (−1 to 10 nA)").check()
    assert "Over the whole range" in said(tab)
    assert "caps the rate at 250 Hz" in said(tab)
    assert off(tab) != before
    assert "fitted=whole" in tab.page.url


def test_new_noise_draws_another_trace_and_the_same_curve(tab):
    again = tab.page.get_by_role("button", name="New noise")
    expect(again).to_be_disabled()
    drag(tab.page, slider(tab, NOISE), 0.5)
    before = seen(tab)
    again.click()
    assert "trace" in changed(tab, before)
    assert "off" not in changed(tab, before)
    assert "seed=1" in tab.page.url


def test_it_finds_back_to_the_papers_neuron(tab):
    start = seen(tab)
    expect(slider(tab, MEMBRANE)).to_have_attribute("aria-valuetext", "30 ms, as in the paper")
    expect(slider(tab, THRESHOLD)).to_have_attribute(
        "aria-valuetext", "13.6 mV above rest, as in the paper"
    )
    for name in (MEMBRANE, REFRACTORY, THRESHOLD, NOISE):
        drag(tab.page, slider(tab, name), 0.9)
    assert changed(tab, start) == set(start)
    tab.page.get_by_role("button", name=BACK).click()
    assert seen(tab) == start


def test_a_setting_can_be_linked_and_leaves_no_history(tab):
    length = tab.page.evaluate("history.length")
    drag(tab.page, slider(tab, NOISE), 0.5)
    drag(tab.page, slider(tab, CURRENT), 0.0)
    tab.page.get_by_role("checkbox", name="tanh").check()
    address, here = tab.page.url, seen(tab)
    assert "current=-1&seed=0&fitted=working&shown=rectifier+softplus+tanh" in address
    assert tab.page.evaluate("history.length") == length
    tab.page.goto("about:blank")
    tab.page.goto(address)
    assert seen(tab) == here


@pytest.mark.parametrize(
    "fragment", ["#", "#noise=NaN&membrane=1000", "#%E0%A4%A", "#current=--1&shown=<b>&fitted=all"]
)
def test_rubbish_in_the_address_is_ignored(chromium, page, fragment):
    with offline_page(chromium) as tab:
        tab.open(page, fragment)
        assert said(tab).startswith("At 1 nA: 80 spikes in a second; the formula says 80 Hz.")
        tab.assert_quiet()


def test_the_tables_say_the_same_numbers(tab):
    tab.page.get_by_text(TABLES).click()
    rates, fits = (tab.page.locator("table").nth(i).locator("tbody tr") for i in range(2))
    expect(rates).to_have_count(4 + 9)
    expect(tab.page.locator("tr.here th")).to_have_text("1")
    for current, rate in zip(paper.FIGURE_1.x, paper.FIGURE_1.y, strict=True):
        cells = rates.filter(has=tab.page.get_by_role("rowheader", name=f"{current:g}", exact=True))
        here, there = cells.locator("td").all_inner_texts()
        assert float(there) == rate
        expected = float(firing_rate(FIGURE_1, 1e-9 * current))
        assert float(here) == pytest.approx(expected, abs=0.51)
    assert [row.split()[-1] for row in fits.all_inner_texts()][:4] == ["3.6", "3.6", "4.0", "15"]
    tab.page.evaluate("location.hash = '#current=0.33'")
    expect(rates).to_have_count(4 + 9 + 1)
    expect(tab.page.locator("tr.here th")).to_have_text("0.33")


def test_the_page_says_where_its_numbers_come_from(tab):
    tab.page.get_by_text("Where these numbers come from").click()
    origin = tab.page.locator("details").last
    expect(origin).to_contain_text("with the equations of relubook.neurons")
    expect(origin).to_contain_text("digitized from the paper’s Figure 1, page 316")
    expect(tab.page.locator(".badge")).to_have_text("computed here")


def test_a_finger_moves_sliders_and_ticks_boxes(chromium, page):
    with offline_page(chromium, width=375, touch=True) as tab:
        tab.open(page)
        targets = "button:visible, input[type=range]:visible, summary:visible, .choice:visible"
        for target in tab.page.locator(targets).all():
            assert target.bounding_box()["height"] >= 24
        found = slider(tab, CURRENT)
        found.scroll_into_view_if_needed()
        box = found.bounding_box()
        tab.page.touchscreen.tap(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2)
        assert said(tab).startswith("At 10 nA: 207 spikes")
        tab.page.locator(".choice", has_text="tanh").tap()
        assert tab.page.get_by_role("checkbox", name="tanh").is_checked()
        tab.assert_quiet()


def test_a_focused_control_wears_a_ring(tab):
    for _ in range(8):
        tab.page.keyboard.press("Tab")
        outline = tab.page.evaluate("getComputedStyle(document.activeElement).outline")
        assert "solid 2px" in outline


def test_a_keyboard_alone_ticks_and_chooses(tab):
    tab.page.get_by_role("checkbox", name="tanh").focus()
    tab.page.keyboard.press("Space")
    expect(tab.page.locator(".panel.curve").nth(0).get_by_text("tanh")).to_have_count(1)
    tab.page.get_by_role("radio", name="working range").focus()
    tab.page.keyboard.press("ArrowDown")
    assert "Over the whole range" in said(tab)


def test_two_benches_on_a_page_choose_their_ranges_apart(chromium, tmp_path):
    html = NeuronBench().html()
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, html, html))
        tab.page.get_by_role("radio", name="whole range").nth(1).check()
        expect(tab.page.get_by_role("radio", name="working range").nth(0)).to_be_checked()
        tab.assert_quiet()


def test_nothing_moves_by_itself(chromium, page):
    with offline_page(chromium, reduced_motion=True) as tab:
        tab.open(page, "#noise=5")
        before = seen(tab)
        tab.page.wait_for_timeout(300)
        assert seen(tab) == before
        assert tab.page.evaluate("document.getAnimations().length") == 0
        tab.assert_quiet()
