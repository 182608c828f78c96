"""ScaleSlider: what it takes and says on paper, and how it lives in a browser and by a kernel."""

import functools

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from scale_frames import LOG2_S, digits, network, scale_data
from widget_pages import said, slider, write_live_page, write_page

from browser_support import drag, offline_page
from relubook import experiments
from relubook.experiments import rescaled, rescaled_frames
from relubook.experiments.rescaled_networks import on_the_family
from relubook.widgets import ScaleSlider


def test_data_that_cannot_be_drawn_are_refused_with_a_sentence():
    def refused(sentence, **changes):
        with pytest.raises(ValueError, match=sentence):
            ScaleSlider(scale_data(**changes))

    whole = scale_data()
    with pytest.raises(ValueError, match="must hold races"):
        ScaleSlider({name: value for name, value in whole.items() if name != "races"})
    refused("must rise and hold 0", log2_s=[-1.0, 1.0])
    refused("those of two hidden layers", sizes=[9, 5, 4])
    refused(r"\(rectifier, trained\) must be 4[0-9]{2} bytes.*Got 0", weights={
        "rectifier": {"untrained": whole["weights"]["rectifier"]["untrained"]}})  # fmt: skip
    refused("5 entries in rates. Got 2", rates=[1.0, 2.0])
    refused("must be numbers in rates. Got nan", rates=[float("nan")] * 5)
    refused("3 entries in races, common", races={**whole["races"], "common": [[[1.0]] * 3] * 5})


def test_a_setting_that_is_not_there_is_refused():
    widget = ScaleSlider(scale_data())
    assert widget.place == LOG2_S.index(0)
    for name, value in {"place": 5, "digit": -1, "case": "linear", "stage": "later"}.items():
        with pytest.raises(ValueError, match=f"The `{name}` of ScaleSlider must be"):
            setattr(widget, name, value)


def test_the_data_of_a_record_are_its_numbers_and_small_enough_for_a_page():
    record = experiments.reproduce("rescaled", scale="smoke")
    widget = ScaleSlider.from_record(record)
    data, arrays = widget.data, record.arrays
    assert data["rates"] == arrays["chosen"].tolist()
    assert data["races"]["own"][2][1] == pytest.approx(arrays["own_curve"][2, 1], abs=1e-3)
    assert len(widget.html()) < 170_000
    widget.request = {"id": 1, "place": 2, "seed": 0}
    assert widget.jobs.wait(60.0)
    (frame,) = widget.live
    assert frame["place"] == 2
    assert frame["own"] == pytest.approx(arrays["own_curve"][2, 0], abs=2e-3)
    assert frame["common"] == pytest.approx(arrays["common_curve"][2, 0], abs=2e-3)
    assert widget.progress["text"].startswith("Trained here in ")


def test_a_stopped_race_is_none():
    config = rescaled.configure("smoke")
    race = functools.partial(rescaled_frames.race_once, config, (0.1, 0.2))
    assert race(3.0, 7, stop=lambda: True) is None


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), ScaleSlider(scale_data()).html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


@pytest.mark.browser
def test_the_page_computes_what_the_package_does(tab):
    one = network("tanh", "trained").double()
    x = torch.from_numpy(digits() / 255)[None]
    difference = (on_the_family(one, 3.0)(x) - one(x)).abs().max().item()
    tab.page.evaluate("location.hash = '#s=8&case=tanh&stage=trained'")
    shown = f"{difference:.1f}" if difference >= 1 else f"{difference:.2f}"
    expect(tab.page.locator(".said")).to_contain_text(f"differ by up to {shown}. This is another")
    tab.page.evaluate("location.hash = '#s=8&case=positive'")
    expect(tab.page.locator(".said")).to_contain_text("the outputs are the same to the last bit")
    tab.page.evaluate("location.hash = '#s=2.8284'")
    assert "10⁻¹⁶, which is rounding" in said(tab) or "same to the last bit" in said(tab)
    heights = tab.page.locator(".charts .filled").evaluate_all(
        "all => all.slice(0, 4).map(e => Number(e.getAttribute('height')))"
    )
    shares = network("rectifier", "trained").double()(x)[0, 0].softmax(-1).detach().numpy()
    np.testing.assert_allclose(np.array(heights) / 92, shares, atol=0.01)


@pytest.mark.browser
def test_all_can_be_done_by_keys_alone_and_is_kept_in_the_address(tab):
    begin = "s = 1, as it was: the outputs are the same to the last bit."
    assert said(tab).startswith(begin)
    for key in ("End", "ArrowDown", "ArrowDown", "ArrowRight"):
        tab.page.keyboard.press("Tab")
        assert "solid 2px" in tab.page.evaluate("getComputedStyle(document.activeElement).outline")
        tab.page.keyboard.press(key)
    tab.page.wait_for_url("**/*#s=8&stage=trained&case=negative&digit=1")
    assert said(tab).startswith("s = 8, first weights ÷ −8, second × −8: the outputs differ by")
    expect(tab.page.locator(".chart:visible")).to_have_count(2)
    address, words = tab.page.url, said(tab)
    tab.page.goto("about:blank")
    tab.page.goto(address)
    assert said(tab) == words
    tab.page.get_by_role("radio", name="rectifiers", exact=True).check()
    expect(tab.page.locator(".chart:visible")).to_have_count(5)
    expect(tab.page.locator(".said")).to_contain_text("1.39 nat at the rate best for s = 1 (0.50)")


@pytest.mark.browser
def test_moves_are_drawn_once_a_frame_and_the_table_follows(tab):
    draws = tab.page.evaluate(
        """async () => {
          let draws = 0;
          const seen = document.querySelector(".picture");
          new MutationObserver(() => (draws += 1)).observe(seen, { childList: true });
          const input = document.querySelector("input[type=range]");
          for (const place of [1, 3, 1, 4]) {
            input.value = place;
            input.dispatchEvent(new Event("input"));
          }
          // One frame: a second may come late, after the address is told and all drawn again.
          await new Promise(requestAnimationFrame);
          return draws;
        }"""
    )
    assert draws == 1
    drag(tab.page, slider(tab, "s"), 0.0)
    tab.page.get_by_text("The same numbers as a table").click()
    row = tab.page.locator("tr.here > *").all_inner_texts()
    assert row == ["1/8", "1000", "103", "0.13", "0.57", "1.39"]


@pytest.mark.browser
@pytest.mark.parametrize(("width", "theme"), [(1000, "dark"), (375, "light")])
def test_it_is_readable_in_every_theme_and_nothing_is_wider_than_its_place(
    chromium, tmp_path, width, theme
):
    page = write_page(tmp_path, ScaleSlider(scale_data()).html(), theme=theme)
    with offline_page(chromium, width=width, dark=theme == "light", reduced_motion=True) as tab:
        tab.open(page, "#s=8")
        for closed in tab.page.locator("summary").all():
            closed.click()
        assert tab.sideways_overflow() == 0
        assert tab.axe_violations(".relubook") == []
        assert tab.page.evaluate("document.getAnimations().length") == 0
        heights = tab.page.locator("summary:visible, label:visible").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect().height)"
        )
        assert min(heights) >= 24
        tab.assert_quiet()


@pytest.mark.browser
def test_on_paper_and_without_scripts_it_says_the_same(chromium, page, tab):
    tab.page.emulate_media(media="print")
    expect(tab.page.locator(".picture svg").first).to_be_visible()
    with offline_page(chromium, scripts=False) as silent:
        silent.open(page)
        expect(silent.page.locator(".relubook table td")).to_have_count(3 * 5)
        expect(silent.page.get_by_text("leaves the function as it is")).to_be_visible()


@pytest.mark.browser
def test_a_race_is_asked_for_and_drawn_over_the_recorded_band(chromium, tmp_path):
    page = write_live_page(tmp_path, ScaleSlider(scale_data(), race=lambda *_, **__: None))
    with offline_page(chromium) as tab:
        tab.open(page)
        drag(tab.page, slider(tab, "s"), 1.0)
        tab.page.get_by_role("button", name="Train this one").click()
        assert tab.page.evaluate("kernel.sent.at(-1)") == {"id": 1, "place": 4, "seed": 3}
        frame = {"place": 4, "seed": 3, "own": [2.3, 1.4, 0.61], "common": [2.3, 1.4, None]}
        tab.page.evaluate("f => kernel.say({ live: [f] })", frame)
        expect(tab.page.locator(".badge")).to_have_text("live")
        assert said(tab).endswith("Trained here: 0.61 nat and diverged.")
        expect(tab.page.locator("path.here")).to_have_count(2)
        assert tab.axe_violations(".scale-slider") == []
        drag(tab.page, slider(tab, "s"), 0.0)
        expect(tab.page.locator(".badge")).to_have_text("recorded")
        assert "#" not in tab.page.url
        tab.page.evaluate("kernel.close()")
        assert tab.page.evaluate("kernel.listeners()") == 0
        tab.assert_quiet()
