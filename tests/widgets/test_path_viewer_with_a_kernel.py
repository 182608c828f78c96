"""PathViewer beside a kernel: what the button asks, what comes back, and what is refused."""

import pytest
from path_frames import STEPS, made_up, path_data
from playwright.sync_api import expect
from widget_pages import said, write_live_page

from browser_support import offline_page
from relubook.widgets import PathViewer


def trained(depth, kinds, seed):
    networks = [made_up(kind, depth, len(STEPS), seed=seed) for kind in kinds]
    return {"networks": networks, "data": "SPOTS, 5 of them", "seed": seed, "seconds": 2.3}


@pytest.mark.browser
def test_two_networks_are_asked_for_and_drawn_as_live(chromium, tmp_path):
    page = write_live_page(tmp_path, PathViewer(path_data(), train=lambda *_, **__: None))
    with offline_page(chromium) as tab:
        tab.open(page)
        tab.page.get_by_role("button", name="Train these two").click()
        asked = {"id": 1, "depth": 3, "kinds": [4, 1], "seed": 10}
        assert tab.page.evaluate("kernel.sent.at(-1)") == asked
        recorded = said(tab)
        tab.page.evaluate("live => kernel.say({ live })", [trained(3, [4, 1], 10)])
        expect(tab.page.locator(".badge")).to_have_text("live")
        assert said(tab).count("(trained here from seed 10 on SPOTS, 5 of them)") == 2
        tab.page.get_by_role("button", name="Show the recorded networks").click()
        expect(tab.page.locator(".badge")).to_have_text("recorded")
        assert said(tab) == recorded
        tab.page.evaluate("kernel.close()")
        assert tab.page.evaluate("kernel.listeners()") == 0
        tab.assert_quiet()


def test_a_request_trains_what_was_asked_and_what_cannot_be_drawn_is_refused():
    asked = []

    def train(depth, kinds, seed, *, progress, stop):
        asked.append((depth, kinds, seed))
        progress(1, 2, "tanh")
        return trained(depth if seed == 10 else 2, kinds, seed)

    widget = PathViewer(path_data(), train=train)
    for number, seed in enumerate((10, 11), start=1):
        widget.request = {"id": number, "depth": 4, "kinds": [4, 3], "seed": seed}
        assert widget.jobs.wait(10.0)
    assert asked == [(4, [4, 3], 10), (4, [4, 3], 11)]
    assert [live["seed"] for live in widget.live] == [10]
    assert widget.progress["error"] == (
        "The `weights` of kind 4, depth 4 at step 0 must be 940 bytes. Got 720."
    )
