"""RegionViewer beside a kernel: what the button asks, what comes back, and what is refused."""

import pytest
from playwright.sync_api import expect
from region_frames import STEPS, made_up, region_data
from region_hands import STEP
from widget_pages import DEPTH, said, slider, write_live_page

from browser_support import drag, offline_page
from relubook.widgets import RegionViewer


@pytest.fixture(scope="module")
def data():
    return region_data()


@pytest.fixture
def tab(chromium, data, tmp_path):
    page = write_live_page(tmp_path, RegionViewer(data, train=lambda *_, **__: None))
    with offline_page(chromium) as tab:
        tab.open(page)
        tab.page.wait_for_selector(".region-viewer")
        yield tab
        tab.assert_quiet()


def train(tab):
    tab.page.get_by_role("button", name="Train this one").click()


def say(tab, **changes):
    tab.page.evaluate("changes => kernel.say(changes)", changes)


def drawn(tab):
    return tab.page.locator(".pad .lines").get_attribute("d")


@pytest.mark.browser
def test_the_button_asks_for_the_setting_from_a_seed_that_was_not_recorded(tab):
    drag(tab.page, slider(tab, DEPTH), 1.0)
    train(tab)
    asked = {"depth": 3, "width": 8, "l1_index": 0, "seed": 10}
    assert tab.page.evaluate("kernel.sent.at(-1)") == {"id": 1, **asked}
    expect(tab.page.get_by_text("Waiting for the kernel.")).to_be_visible()
    say(tab, live=[made_up(3, 8, 0, len(STEPS), seed=10)])
    train(tab)
    assert tab.page.evaluate("kernel.sent.at(-1)") == {"id": 2, **asked, "seed": 11}


@pytest.mark.browser
def test_a_network_is_drawn_beside_the_recorded_band_and_labeled_live(tab):
    recorded = drawn(tab)
    say(tab, live=[made_up(2, 8, 0, len(STEPS), seed=10)])
    expect(tab.page.locator(".badge")).to_have_text("live")
    assert "trained here from seed 10: " in said(tab)
    assert "Recorded with 10 seeds: 104–168 (median 129)" in said(tab)
    assert drawn(tab) != recorded
    assert tab.axe_violations(".region-viewer") == []
    tab.page.get_by_role("button", name="Show the recorded run").click()
    expect(tab.page.locator(".badge")).to_have_text("recorded")
    assert drawn(tab) == recorded
    tab.page.get_by_role("button", name="Show what was trained here").click()
    drag(tab.page, slider(tab, STEP), 0.0)
    expect(tab.page.locator(".badge")).to_have_text("live")
    drag(tab.page, slider(tab, DEPTH), 0.0)
    expect(tab.page.locator(".badge")).to_have_text("recorded")


@pytest.mark.browser
def test_a_change_from_python_moves_the_sliders(tab):
    say(tab, depth=1, step_index=0)
    assert said(tab).startswith("Depth 1, width 8, L1 = 0, step 0: ")
    assert slider(tab, STEP).input_value() == "0"


@pytest.mark.browser
def test_the_notebooks_address_is_left_alone(tab):
    drag(tab.page, slider(tab, DEPTH), 1.0)
    tab.page.wait_for_timeout(450)
    assert "#" not in tab.page.url


@pytest.mark.browser
def test_taking_it_down_leaves_no_listener_and_no_work(tab):
    tab.page.get_by_role("button", name="Play the training").click()
    assert tab.page.evaluate("kernel.listeners()") > 0
    tab.page.evaluate("kernel.close()")
    assert tab.page.evaluate("kernel.listeners()") == 0
    held = tab.page.evaluate("kernel.state.step_index")
    say(tab, depth=1)
    tab.page.wait_for_timeout(900)
    assert tab.page.evaluate("kernel.state.step_index") == held
    expect(tab.page.locator(".region-viewer *")).to_have_count(0)


def ask(widget, number, **wish):
    widget.request = {"id": number, "depth": 2, "width": 8, "l1_index": 1, "seed": 10, **wish}
    assert widget.jobs.wait(10.0)


def test_a_request_trains_what_was_asked_and_adds_one_network(data):
    asked = []

    def train(*wish, progress, stop):
        asked.append(wish)
        progress(1, 2, "epoch 1 of 2")
        return {**made_up(2, 8, 1, len(STEPS), seed=wish[-1]), "seconds": 1.2}

    widget = RegionViewer(data, train=train)
    ask(widget, 1)
    assert asked == [(2, 8, 1e-3, 10)]
    (network,) = widget.live
    assert (network["depth"], network["width"], network["l1_index"], network["seed"]) == (
        2,
        8,
        1,
        10,
    )
    assert widget.progress["text"] == "Trained here in 1.2 s."


def test_a_network_that_the_page_could_not_draw_is_refused(data):
    widget = RegionViewer(data, train=lambda *_, **__: made_up(2, 4, 1, len(STEPS), seed=1))
    ask(widget, 1)
    assert widget.live == []
    assert widget.progress["error"] == (
        "The `weights` of depth 2, width 8 at step 0 must be 246 bytes (float16). Got 94."
    )


def test_a_training_that_was_stopped_adds_nothing(data):
    widget = RegionViewer(data, train=lambda *_, **__: None)
    ask(widget, 1)
    assert widget.live == []


def test_without_a_trainer_a_request_does_nothing(data):
    widget = RegionViewer(data)
    ask(widget, 1)
    assert not widget.has_kernel
    assert widget.progress == {}
