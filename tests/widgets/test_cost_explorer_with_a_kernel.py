"""The measuring button of CostExplorer: real times, of which only the latest request counts."""

import threading

import pytest
from playwright.sync_api import expect
from widget_frames import cost_data
from widget_pages import BATCH, ZEROS, said, slider, write_live_page

from browser_support import offline_page
from relubook import experiments
from relubook.experiments.skipping_zeros import measure_here
from relubook.widgets import CostExplorer

METHODS = {"dense", "gathered", "csr"}
SETTING = {"zeros_index": 8, "batch_index": 0}


@pytest.fixture(scope="module")
def data():
    return cost_data()


def ask(widget, number, **wish):
    widget.request = {"id": number, **(wish or SETTING)}


def test_a_request_measures_real_layers_and_adds_one_frame(data):
    widget = CostExplorer(data, measure=measure_here)
    heard = []
    widget.observe(lambda change: heard.append(change["new"]), names="progress")
    ask(widget, 1)
    assert widget.jobs.wait(60.0)
    (frame,) = widget.live
    assert frame.items() >= SETTING.items()
    for part in ("time", "low", "high"):
        assert set(frame[part]) == METHODS
    assert all(0 < frame["low"][m] <= frame["time"][m] <= frame["high"][m] for m in METHODS)
    assert frame["device"]
    assert widget.progress["text"].startswith("Measured here in ")
    assert {word["id"] for word in heard} == {1}
    assert any(0 < word["done"] < word["total"] for word in heard)


def test_the_kernel_is_asked_for_the_share_and_the_batch_of_the_sliders(data):
    asked = []
    widget = CostExplorer(data, measure=lambda zeros, batch, **_: asked.append((zeros, batch)))
    ask(widget, 1, zeros_index=10, batch_index=6)
    assert widget.jobs.wait(5.0)
    assert asked == [(0.925, 64)]
    assert widget.live == []  # it gave None: it was stopped


def test_a_real_measurement_that_is_overtaken_leaves_no_frame(data):
    started, overtaken = threading.Event(), threading.Event()

    def measure(zeros, batch, *, progress, stop):
        if batch > 1:  # the first request: wait for the second inside real work
            started.set()
            overtaken.wait(5)
        return measure_here(zeros, batch, progress=progress, stop=stop)

    widget = CostExplorer(data, measure=measure)
    ask(widget, 1, zeros_index=0, batch_index=6)
    assert started.wait(5)
    ask(widget, 2)
    overtaken.set()
    assert widget.jobs.wait(60.0)
    assert [frame["batch_index"] for frame in widget.live] == [0]
    assert widget.progress["id"] == 2


def test_cancel_stops_a_real_measurement_and_nothing_more_is_heard(data):
    started, canceled = threading.Event(), threading.Event()
    returned = []

    def measure(zeros, batch, *, progress, stop):
        def tell(*words):
            progress(*words)
            started.set()
            canceled.wait(5)

        returned.append(measure_here(zeros, batch, progress=tell, stop=stop))
        return returned[0]

    widget = CostExplorer(data, measure=measure)
    ask(widget, 1)
    assert started.wait(60)
    ask(widget, 2, cancel=True)
    canceled.set()
    assert widget.jobs.wait(60.0)
    assert returned == [None]
    assert widget.live == []
    assert widget.progress["text"] == "round 1 of 7"


def test_an_error_is_shown_as_its_sentence_and_the_next_request_works(data):
    sentence = "The `zeros` must be at most 1. Got 85."
    frame = {"time": {"dense": 1e-4, "gathered": 2e-5, "csr": 3e-5}, "device": "x"}
    answers = iter([ValueError(sentence), frame])

    def measure(zeros, batch, *, progress, stop):
        if isinstance(answer := next(answers), Exception):
            raise answer
        return answer

    widget = CostExplorer(data, measure=measure)
    ask(widget, 1)
    assert widget.jobs.wait(5.0)
    assert widget.progress["error"] == sentence
    ask(widget, 2)
    assert widget.jobs.wait(5.0)
    assert widget.live == [{**frame, **SETTING}]


def test_a_real_record_makes_a_widget_that_measures_here():
    record = experiments.reproduce("skipping-zeros", scale="smoke")
    widget = CostExplorer.from_record(record)
    assert widget.has_kernel
    assert widget.data["device"] == record.passport["device"]
    assert widget.fallback().count("<td>") == 2 * len(record.arrays["batch"])
    ask(widget, 1, zeros_index=1, batch_index=1)
    assert widget.jobs.wait(60.0)
    assert len(widget.live) == 1


def test_without_a_kernel_a_request_does_nothing(data):
    widget = CostExplorer(data)
    ask(widget, 1)
    assert not widget.has_kernel
    assert widget.progress == {}


@pytest.fixture
def widget(data):
    return CostExplorer(data, measure=measure_here)


@pytest.fixture
def tab(chromium, widget, tmp_path):
    with offline_page(chromium) as tab:
        tab.open(write_live_page(tmp_path, widget))
        tab.page.wait_for_selector(".cost-explorer")
        yield tab
        tab.assert_quiet()


def measure(tab):
    tab.page.get_by_role("button", name="Measure on this machine").click()
    return tab.page.evaluate("kernel.sent.at(-1)")


def say(tab, **changes):
    tab.page.evaluate("changes => kernel.say(changes)", changes)


@pytest.mark.browser
def test_what_was_really_measured_is_drawn_as_diamonds_and_said(tab, widget):
    slider(tab, ZEROS).focus()
    tab.page.keyboard.press("End")
    widget.request = measure(tab)
    assert widget.request == {"id": 1, "zeros_index": 13, "batch_index": 0}
    assert widget.jobs.wait(60.0)
    say(tab, live=widget.live, progress=widget.progress)
    expect(tab.page.locator(".picture path.live")).to_have_count(3)
    expect(tab.page.locator(".badge")).to_have_text("recorded and live")
    expect(tab.page.locator(".heading .unit")).to_contain_text(f"Live: {widget.live[0]['device']}.")
    expect(tab.page.get_by_text("Measured here in")).to_be_visible()
    assert "Measured here: " in said(tab)
    tab.page.get_by_text("The same numbers as tables").click()
    expect(tab.page.get_by_role("row", name="99, live")).to_be_visible()
    assert tab.axe_violations(".cost-explorer") == []
    slider(tab, BATCH).focus()
    tab.page.keyboard.press("End")
    expect(tab.page.locator(".picture path.live")).to_have_count(0)
    expect(tab.page.locator(".badge")).to_have_text("recorded")


@pytest.mark.browser
def test_progress_is_shown_and_can_be_canceled(tab):
    measure(tab)
    say(tab, progress={"id": 1, "done": 3, "total": 7, "text": "round 3 of 7"})
    bar = tab.page.get_by_role("progressbar", name="Measuring")
    assert bar.evaluate("e => e.value") == pytest.approx(3 / 7)
    tab.page.get_by_role("button", name="Cancel").click()
    assert tab.page.evaluate("kernel.sent.at(-1)") == {"id": 2, "cancel": True}
    expect(bar).to_be_hidden()
    say(tab, progress={"id": 1, "done": 6, "total": 7, "text": "too late"})
    expect(tab.page.get_by_text("too late")).to_have_count(0)


@pytest.mark.browser
def test_an_error_is_told_as_a_sentence_and_silence_is_noticed(tab):
    measure(tab)
    sentence = "The `zeros` must be at most 1. Got 85."
    say(tab, progress={"id": 1, "done": 0, "total": 0, "text": "", "error": sentence})
    expect(tab.page.get_by_text(f"It stopped: {sentence}")).to_be_visible()
    tab.page.clock.install()
    measure(tab)
    tab.page.clock.run_for(9000)
    expect(tab.page.get_by_text("The kernel may be busy")).to_be_visible()


@pytest.mark.browser
def test_a_change_from_python_moves_the_sliders_and_the_notebooks_address_stays(tab):
    say(tab, zeros_index=0, batch_index=6)
    assert said(tab).startswith("With 0 % zeros and 64 examples at a time")
    assert slider(tab, BATCH).input_value() == "6"
    slider(tab, BATCH).focus()
    tab.page.keyboard.press("Home")
    assert "#" not in tab.page.url


@pytest.mark.browser
def test_taking_it_down_leaves_no_listener(tab):
    assert tab.page.evaluate("kernel.listeners()") > 0
    tab.page.evaluate("kernel.close()")
    assert tab.page.evaluate("kernel.listeners()") == 0
    say(tab, zeros_index=0)
    expect(tab.page.locator(".cost-explorer *")).to_have_count(0)
