"""NeuronBench's pictures: what they draw, in every theme and at every width."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest
from playwright.sync_api import expect
from widget_pages import KERNEL, said, slider, write_page

from browser_support import offline_page
from relubook.neurons import FIGURE_1, firing_rate
from relubook.widgets import NeuronBench

pytestmark = pytest.mark.browser

MEMBRANE = "Membrane time constant"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), NeuronBench().html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def test_a_silent_neuron_is_called_so_and_drawn_without_spikes(tab):
    tab.page.evaluate("location.hash = '#current=0.1'")
    expect(tab.page.locator(".said")).to_contain_text("it is silent; it needs")
    assert tab.page.locator("svg .spike").get_attribute("d") == ""
    expect(tab.page.locator("svg .level.settles")).to_have_count(1)
    expect(tab.page.locator(".panel.trace")).to_contain_text("no spikes")


def test_every_spike_is_drawn_and_followed_by_its_pause(tab):
    words = tab.page.locator(".panel.trace p").inner_text()
    spikes = int(re.search(r"(\d+) spikes", words)[1])
    assert spikes == pytest.approx(250e-3 * float(firing_rate(FIGURE_1, 1e-9)), abs=1)
    assert tab.page.locator("svg .spike").get_attribute("d").count("M") == spikes
    pauses = tab.page.locator("svg .pause").get_attribute("d").split("Z")[:-1]
    assert len(pauses) == spikes
    begin, end = (float(x) for x in re.match(r"M([\d.]+),[\d.]+H([\d.]+)", pauses[3]).groups())
    axis = tab.page.locator(".panel.trace svg .axis").first
    width = float(axis.get_attribute("x2")) - float(axis.get_attribute("x1"))
    assert 250 * (end - begin) / width == pytest.approx(4, abs=0.15)  # ms


@pytest.mark.parametrize("fragment", ["#", "#membrane=5&refractory=0&threshold=5&noise=10"])
def test_the_papers_points_stay_whatever_the_neuron(tab, page, fragment):
    tab.open(page, fragment)
    expect(tab.page.locator(".panel.curve").nth(1).locator("svg .paper")).to_have_count(9)
    expect(tab.page.locator(".panel.curve").nth(0).locator("svg .paper")).to_have_count(3)
    expect(tab.page.locator(".key")).to_contain_text("Figure 1 (the paper’s neuron)")


def test_the_papers_points_lie_on_the_papers_neuron(tab):
    far = tab.page.locator(".panel.curve").nth(1)
    line = far.locator("path.neuron").get_attribute("d")
    curve = [tuple(map(float, pair.split(","))) for pair in line[1:].split("L")]
    xs, ys = zip(*sorted(curve), strict=True)
    for circle in far.locator("circle.paper").all():
        x, y = (float(circle.get_attribute(name)) for name in ("cx", "cy"))
        assert np.interp(x, xs, ys) == pytest.approx(y, abs=2.5)  # pixels


def test_counted_rate_and_formula_meet_without_noise(tab):
    for panel in tab.page.locator(".panel.curve").all():
        ring, dot = (panel.locator(f"circle.{name}") for name in ("ring", "seen"))
        assert ring.get_attribute("cx") == dot.get_attribute("cx")
        assert float(ring.get_attribute("cy")) == pytest.approx(
            float(dot.get_attribute("cy")), abs=0.11
        )


def test_a_checked_response_is_drawn_and_named_in_both_pictures(tab):
    for name in ("rectifier", "softplus", "logistic", "tanh", "rescaled LIF"):
        box = tab.page.get_by_role("checkbox", name=name)
        assert box.is_checked() == (name in ("rectifier", "softplus"))
        box.set_checked(True)
        curves = tab.page.locator(".panel.curve")
        assert curves.nth(0).get_by_text(name).count() == 1
        assert curves.nth(1).get_by_text(name).count() == 1
        box.set_checked(False)
        expect(curves.get_by_text(name)).to_have_count(0)


def test_no_two_lines_look_alike(tab, page):
    tab.open(page, "#shown=rectifier+softplus+logistic+tanh+lif")
    styles = tab.page.locator(".panel.curve").nth(0).locator("line.fit").evaluate_all(
        "all => all.map(e => [getComputedStyle(e).stroke, getComputedStyle(e).strokeDasharray])"
    )  # fmt: skip
    colors, dashes = zip(*styles, strict=True)
    assert len(set(colors)) == len(set(dashes)) == 5


def test_names_at_the_lines_do_not_overlap(tab, page):
    for fragment in ("#", "#noise=10&fitted=whole", "#refractory=0&membrane=5"):
        tab.open(page, f"{fragment}&shown=rectifier+softplus+logistic+tanh+lif")
        for picture in tab.page.locator(".picture svg[aria-hidden]").all():
            boxes = [text.bounding_box() for text in picture.locator("text").all()]
            for i, one in enumerate(boxes):
                for other in boxes[i + 1 :]:
                    apart = (
                        one["x"] + one["width"] <= other["x"] + 0.5
                        or other["x"] + other["width"] <= one["x"] + 0.5
                        or abs(one["y"] - other["y"]) > 11
                    )
                    assert apart, (fragment, one, other)


def test_no_fitted_line_leaves_its_picture(tab, page):
    tab.open(page, "#refractory=10&shown=rectifier+tanh+lif")
    for clip in tab.page.locator("svg.clip").all():
        assert clip.evaluate("e => getComputedStyle(e).overflow") == "hidden"
        assert clip.get_attribute("viewBox").split()[3] == clip.get_attribute("height")


def test_the_papers_tick_stands_under_the_thumb(tab):
    found = slider(tab, MEMBRANE)
    box = found.bounding_box()
    share = int(found.input_value()) / int(found.get_attribute("max"))
    tick = tab.page.locator(".control", has=found).locator(".tick.paper").bounding_box()
    thumb = box["x"] + 12 + (box["width"] - 24) * share
    assert tick["x"] + tick["width"] / 2 == pytest.approx(thumb, abs=1)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("system", ["light", "dark"])
def test_it_is_readable_in_the_books_theme_whatever_the_system_says(
    chromium, tmp_path, theme, system
):
    page = write_page(tmp_path, NeuronBench(noise=3e-3).html(), theme=theme)
    with offline_page(chromium, dark=system == "dark") as tab:
        tab.open(page)
        ink = tab.page.locator(".said").evaluate("e => getComputedStyle(e).color")
        assert ink == ("rgb(255, 255, 255)" if theme == "dark" else "rgb(0, 0, 0)")
        assert tab.axe_violations(".relubook") == []
        tab.assert_quiet()


@pytest.mark.parametrize(
    ("width", "inside"), [(1000, "auto"), (375, "auto"), (1000, "300px"), (320, "auto")]
)
def test_nothing_is_wider_than_its_place(chromium, tmp_path, width, inside):
    page = write_page(tmp_path, NeuronBench().html(), width=inside)
    with offline_page(chromium, width=width) as tab:
        tab.open(page, "#membrane=5&refractory=0&threshold=30&noise=10&current=10&fitted=whole")
        for closed in tab.page.locator("summary").all():
            closed.click()
        assert tab.sideways_overflow() == 0
        root = tab.page.locator(".neuron-bench")
        assert root.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        sizes = root.locator("text, label, p, td, th").evaluate_all(
            "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= 12
        assert tab.axe_violations(".relubook") == []
        tab.assert_quiet()


def test_the_sliders_stand_between_the_trace_and_the_curves_on_a_phone(chromium, page):
    with offline_page(chromium, width=375) as tab:
        tab.open(page)
        order = [".panel.trace", ".controls", ".said", ".panel.curve", ".choices"]
        tops = [tab.page.locator(name).first.bounding_box()["y"] for name in order]
        assert tops == sorted(tops)
        tab.assert_quiet()


def test_without_scripts_a_sentence_and_the_papers_points_are_there(chromium, page):
    with offline_page(chromium, scripts=False) as tab:
        tab.open(page)
        expect(tab.page.locator(".relubook p")).to_contain_text("80.4 times a second")
        expect(tab.page.locator(".relubook table td")).to_have_count(18)


def test_beside_a_kernel_both_sides_move_the_neuron(chromium, tmp_path):
    widget = NeuronBench()
    state = json.dumps({name: getattr(widget, name) for name in widget.static_state})
    script = KERNEL % (state, json.dumps(str(widget._esm)).replace("</", "<\\/"))
    html = f'<style>{widget._css}</style><div id="cell"></div><script>{script}</script>'
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, html))
        expect(tab.page.locator(".said")).to_contain_text("80 spikes")
        tab.page.evaluate("kernel.say({ current: 1e-8, refractory_time: 0.002 })")
        rate = float(firing_rate(replace(FIGURE_1, refractory_time=0.002), 1e-8))
        assert f"the formula says {rate:.0f} Hz" in said(tab)
        slider(tab, MEMBRANE).press("End")
        assert tab.page.evaluate("kernel.state.membrane_time") == 0.05
        assert tab.page.evaluate("kernel.sent.length") == 1
        assert "#" not in tab.page.url
        tab.page.evaluate("kernel.close()")
        assert tab.page.evaluate("kernel.listeners()") == 0
        tab.assert_quiet()
