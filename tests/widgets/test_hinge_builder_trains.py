"""HingeBuilder in a page from the disk: the page trains a network."""

import re

import pytest
from hinge_hands import drag_point, network_error, press, swipe, train, trained
from playwright.sync_api import expect
from widget_frames import hinge_data
from widget_pages import said, write_page

from browser_support import offline_page
from relubook.widgets import HingeBuilder

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), HingeBuilder(hinge_data()).html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def test_the_page_trains_a_network_and_compares(tab):
    for _ in range(3):
        press(tab, "Add a hinge")
    train(tab)
    assert said(tab).startswith("A network of 6 rectifiers is training.")
    expect(tab.page.get_by_role("progressbar")).to_be_visible()
    trained(tab)
    assert network_error(tab) < 0.1
    assert "The network of 6 rectifiers from seed 1 has" in said(tab)
    expect(tab.page.locator("svg .net")).to_have_count(1)
    assert 1 <= tab.page.locator("svg .bend").count() <= 6
    expect(tab.page.locator(".badge")).to_have_text("recorded and live")
    expect(tab.page.get_by_text(re.compile(r"^live 0\.0"))).to_be_visible()
    expect(tab.page.get_by_role("button", name="Stop")).to_be_hidden()


def test_the_same_seed_gives_the_same_network_and_another_another(tab):
    errors = []
    for name in ("Train a network of 3 rectifiers", "Another start", "Another start"):
        press(tab, name)
        expect(tab.page.get_by_role("progressbar")).to_be_visible()
        trained(tab)
        errors.append(network_error(tab))
    assert len(set(errors)) > 1
    expect(tab.page.locator("svg path.live")).to_have_count(3)
    assert "from seed 3" in said(tab)
    train(tab)
    expect(tab.page.get_by_role("progressbar")).to_be_visible()
    trained(tab)
    assert network_error(tab) == errors[-1]
    expect(tab.page.locator("svg path.live")).to_have_count(3)


def test_stop_keeps_what_was_done(tab):
    train(tab)
    tab.page.wait_for_timeout(500)
    tab.page.get_by_role("button", name="Stop").focus()
    tab.page.keyboard.press("Enter")
    steps = re.search(r"stopped after ([\d,]+) steps", said(tab))[1]
    assert 0 < int(steps.replace(",", "")) < 4000
    expect(tab.page.locator("svg .net")).to_have_count(1)
    expect(tab.page.locator("button.primary")).to_be_focused()
    curve = tab.page.locator("svg .net").get_attribute("points")
    tab.page.wait_for_timeout(300)
    assert tab.page.locator("svg .net").get_attribute("points") == curve


@pytest.mark.parametrize("change", ["Add a hinge", "Remove", "step"])
def test_another_setting_stops_the_training(tab, change):
    train(tab)
    tab.page.wait_for_timeout(300)
    if change == "step":
        tab.page.get_by_role("radio", name="step").check()
    else:
        press(tab, change)
    assert said(tab).startswith("The training has stopped")
    expect(tab.page.get_by_role("progressbar")).to_be_hidden()
    expect(tab.page.locator("svg .net")).to_have_count(0)


def test_a_point_may_be_moved_while_a_network_trains(tab):
    train(tab)
    drag_point(tab, 1, -30, 50)
    expect(tab.page.get_by_role("progressbar")).to_be_visible()
    trained(tab)


def test_training_rests_while_it_is_out_of_sight(chromium, page):
    with offline_page(chromium, height=500) as tab:
        tab.open(page)
        tab.page.add_style_tag(content="main { padding-bottom: 3000px }")
        train(tab)
        tab.page.wait_for_timeout(400)
        tab.page.evaluate("scrollTo(0, 3500)")
        tab.page.wait_for_timeout(300)
        bar = tab.page.get_by_role("progressbar")
        resting = bar.evaluate("bar => bar.value")
        tab.page.wait_for_timeout(700)
        assert 0 < bar.evaluate("bar => bar.value") == resting < 1
        tab.page.evaluate("scrollTo(0, 0)")
        trained(tab)
        tab.assert_quiet()


def test_who_asked_for_less_motion_sees_the_result_only(chromium, page):
    with offline_page(chromium, reduced_motion=True) as tab:
        tab.open(page)
        tab.page.evaluate(
            "() => { window.curves = 0; new MutationObserver((all) => { curves += all.length; })"
            ".observe(document.querySelector('.layer-network'), { childList: true }); }"
        )
        train(tab)
        trained(tab)
        assert tab.page.evaluate("curves") == 1
        assert "stopped" not in said(tab)
        assert tab.page.evaluate("document.getAnimations().length") == 0
        tab.assert_quiet()


def test_taken_down_it_leaves_nothing_that_runs(chromium, tmp_path):
    """The page's own model cannot take a view down; a live one can."""
    widget = HingeBuilder(hinge_data())
    state = {name: getattr(widget, name) for name in widget.static_state}
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, f"<style>{widget._css}</style><div class='cell'></div>"))
        frames = tab.page.evaluate(
            """async ([text, state]) => {
              const listeners = new Set();
              const model = {
                get: (key) => state[key], set: (key, value) => { state[key] = value; },
                on: (name, act) => listeners.add(act), off: (name, act) => listeners.delete(act),
                save_changes() {} };
              const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
              const el = document.querySelector(".cell");
              const close = (await import(url)).default.render({ model, el });
              el.querySelector("button.primary").click();
              await new Promise((done) => setTimeout(done, 300));
              const ran = el.querySelector("progress").value;
              close();
              let frames = 0;
              const ask = window.requestAnimationFrame;
              window.requestAnimationFrame = (act) => { frames += 1; return ask(act); };
              await new Promise((done) => setTimeout(done, 300));
              return { ran, frames, listeners: listeners.size, left: el.childElementCount };
            }""",
            [str(widget._esm), state],
        )
        assert frames.pop("ran") > 0
        assert frames == {"frames": 0, "listeners": 0, "left": 0}
        tab.assert_quiet()


def test_a_network_for_one_drawing_is_none_for_another(tab):
    tab.page.evaluate("location.hash = '#target=own&drawing=0.5" + "," * 16 + "-0.5'")
    expect(tab.page.locator("button.primary")).to_be_enabled()
    train(tab)
    trained(tab)
    tab.page.get_by_role("radio", name="sine").check()
    expect(tab.page.locator("svg .net")).to_have_count(0)
    tab.page.get_by_role("radio", name="my own drawing").check()
    expect(tab.page.locator("svg .net")).to_have_count(1)
    swipe(tab, (0.5, 0.1))
    expect(tab.page.locator("svg .net")).to_have_count(0)
