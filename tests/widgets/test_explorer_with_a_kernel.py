"""L1Explorer's ES module beside a live model; the test speaks for the kernel."""

import pytest
from playwright.sync_api import expect
from widget_frames import explorer_data
from widget_pages import DEPTH, L1, said, slider, write_live_page

from browser_support import drag, offline_page
from relubook.widgets import L1Explorer

pytestmark = pytest.mark.browser

FRAME = {
    "l1_index": 6, "depth": 3, "error": [5.2, 5.6, 5.9], "zeros": [84.0, 85.0, 86.5],
    "zeros_by_layer": [80, 85, 90],
    "dead_by_layer": [0, 1, 12], "seconds": 4.2, "data": "MNIST-5k, 3,000 training digits",
}  # fmt: skip


@pytest.fixture(scope="module")
def data():
    return explorer_data()


@pytest.fixture
def tab(chromium, data, tmp_path):
    page = write_live_page(tmp_path, L1Explorer(data, train=lambda *_, **__: None))
    with offline_page(chromium) as tab:
        tab.open(page)
        tab.page.wait_for_selector(".l1-explorer")
        yield tab
        tab.assert_quiet()


def train(tab):
    tab.page.get_by_role("button", name="Train this one").click()


def say(tab, **changes):
    tab.page.evaluate("changes => kernel.say(changes)", changes)


def test_the_button_asks_for_the_setting_that_is_shown(tab):
    drag(tab.page, slider(tab, DEPTH), 1.0)
    train(tab)
    asked = tab.page.evaluate("kernel.sent.at(-1)")
    assert asked == {"id": 1, "l1_index": 6, "depth": 5}
    expect(tab.page.get_by_text("Waiting for the kernel.")).to_be_visible()


def test_progress_is_shown_and_can_be_canceled(tab):
    train(tab)
    say(tab, progress={"id": 1, "done": 3, "total": 10, "text": "epoch 3 of 10"})
    bar = tab.page.get_by_role("progressbar", name="Training")
    assert bar.evaluate("e => e.value") == pytest.approx(0.3)
    tab.page.get_by_role("button", name="Cancel").click()
    assert tab.page.evaluate("kernel.sent.at(-1)") == {"id": 2, "cancel": True}
    expect(bar).to_be_hidden()
    say(tab, progress={"id": 1, "done": 9, "total": 10, "text": "too late"})
    expect(tab.page.get_by_text("too late")).to_have_count(0)


def test_a_frame_is_drawn_over_the_recorded_band_and_labeled_live(tab, data):
    train(tab)
    frame = {**FRAME, "raster": data["raster"][2][0]}
    say(
        tab,
        live=[frame],
        progress={"id": 1, "done": 1, "total": 1, "text": "Trained here in 4 s."},
    )
    expect(tab.page.locator(".badge")).to_have_text("live")
    expect(tab.page.locator(".picture .band")).to_have_count(1)
    expect(tab.page.locator(".picture .chosen.live")).to_have_count(3)
    assert "trained here: 85 %" in said(tab)
    tab.page.get_by_role("button", name="Show the recorded run").click()
    expect(tab.page.locator(".badge")).to_have_text("recorded")
    assert tab.axe_violations(".l1-explorer") == []


def test_an_error_is_told_as_a_sentence(tab):
    train(tab)
    sentence = "The `l1` must be at least 0. Got -1."
    say(tab, progress={"id": 1, "done": 0, "total": 0, "text": "", "error": sentence})
    expect(tab.page.get_by_text(f"It stopped: {sentence}")).to_be_visible()


def test_a_silent_kernel_is_noticed(tab):
    tab.page.clock.install()
    train(tab)
    tab.page.clock.run_for(9000)
    expect(tab.page.get_by_text("The kernel may be busy")).to_be_visible()


def test_a_change_from_python_moves_the_sliders(tab):
    say(tab, l1_index=0, depth=1)
    assert said(tab).startswith("L1 = 0, depth 1: ")
    assert slider(tab, L1).input_value() == "0"


def test_the_notebooks_address_is_left_alone(tab):
    drag(tab.page, slider(tab, L1), 1.0)
    assert "#" not in tab.page.url


def test_taking_it_down_leaves_no_listener(tab):
    assert tab.page.evaluate("kernel.listeners()") > 0
    tab.page.evaluate("kernel.close()")
    assert tab.page.evaluate("kernel.listeners()") == 0
    say(tab, l1_index=0)
    expect(tab.page.locator(".l1-explorer *")).to_have_count(0)
