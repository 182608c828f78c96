"""StartMap beside a kernel: what the button asks, what comes back, and how it is drawn."""

import functools

import pytest
from playwright.sync_api import expect
from start_frames import map_data
from widget_pages import said, write_live_page

from browser_support import offline_page
from relubook import experiments
from relubook.experiments import training_map, training_map_frames
from relubook.widgets import StartMap

CELL = {"activation": "logistic", "depth": 5, "start_index": 0, "rate_index": 1}


@pytest.mark.browser
def test_networks_of_other_seeds_are_asked_for_and_drawn_over_the_recorded_ones(chromium, tmp_path):
    page = write_live_page(tmp_path, StartMap(map_data(), train=lambda *_, **__: None))
    with offline_page(chromium) as tab:
        tab.open(page)
        tab.page.get_by_role("button", name="Train this one").click()
        asked = tab.page.evaluate("kernel.sent.at(-1)")
        assert asked == {"id": 1, **CELL, "seeds": [5, 6, 7, 8, 9]}
        frame = {
            **CELL,
            "error": [[90, 50, 10]] * 4 + [[90, None, None]],
            "dead": [0, 0, 0, 0, None],
        }
        tab.page.evaluate("f => kernel.say({ live: [f] })", frame)
        expect(tab.page.locator(".badge")).to_have_text("live")
        assert (
            "median error 90 %. Trained here: fails in 1 of 5, median error 10 %, 1 diverged. "
            in (said(tab))
        )
        expect(tab.page.locator(".courses-picture .recorded.course")).to_have_count(5)
        expect(tab.page.locator(".courses-picture .live.course")).to_have_count(4 + 2)
        assert tab.axe_violations(".start-map") == []
        tab.page.get_by_role("button", name="Train this one").click()
        assert tab.page.evaluate("kernel.sent.at(-1).seeds") == [10, 11, 12, 13, 14]
        tab.page.get_by_role("radio", name="tanh").check()
        expect(tab.page.locator(".badge")).to_have_text("recorded")
        assert "#" not in tab.page.url
        tab.page.evaluate("kernel.close()")
        assert tab.page.evaluate("kernel.listeners()") == 0
        tab.assert_quiet()


def test_a_wish_trains_the_cell_of_the_record_and_is_answered_once():
    record = experiments.reproduce("training-map", scale="smoke")
    widget = StartMap.from_record(record)
    place = {"activation": "tanh", "depth": 5, "start_index": 1, "rate_index": 0}
    widget.request = {"id": 1, **place, "seeds": list(record.config["seeds"])}
    assert widget.jobs.wait(60.0)
    (frame,) = widget.live
    assert frame.items() >= place.items()
    recorded = 100 * record.arrays["error"][1, 1, 1, 0].T
    assert frame["error"] == [pytest.approx(row, abs=1) for row in recorded.tolist()]
    assert widget.progress["text"].startswith("Trained here in ")


def test_a_wish_for_a_place_that_is_not_there_is_answered_with_a_sentence():
    config = training_map.configure("smoke")
    widget = StartMap(map_data(), train=functools.partial(training_map_frames.train_cell, config))
    widget.request = {"id": 1, **CELL, "depth": 7, "seeds": [5]}
    assert widget.jobs.wait(60.0)
    assert widget.progress["error"] == "The `depth` of StartMap must be 1, 5, 10. Got 7."
    assert widget.live == []
