"""NeuronBench computes in the page what the package computes in Python."""

import json
from dataclasses import replace

import numpy as np
import pytest

from browser_support import run_node
from relubook.experiments.response_fits import FAMILIES, WHOLE_RANGE, WORKING_RANGE, residuals
from relubook.neurons import FIGURE_1, firing_rate, simulate
from relubook.widgets import NeuronBench
from relubook.widgets.bundle import HERE
from relubook.widgets.neuron_knobs import DROP, KNOBS

CORNERS = [  # membrane [ms], refractory [ms], threshold above rest [mV], noise [mV]
    (30, 4, 13.575, 0), (30, 0, 13.575, 0), (10, 4, 13.575, 0), (30, 10, 13.575, 0),
    (30, 4, 13.575, 5), (5, 0, 5, 10), (50, 10, 30, 10), (5, 4, 30, 0.2), (20, 2, 8, 2),
]  # fmt: skip


def neurons():
    """The corners of the sliders, and random places between them."""
    random = np.random.default_rng(0)
    between = zip(random.uniform(5, 50, 12), random.uniform(0, 10, 12),
                  random.uniform(5, 30, 12), random.uniform(0, 10, 12), strict=True)  # fmt: skip
    return CORNERS + [tuple(map(float, each)) for each in between]


def in_python(setting):
    membrane, refractory, threshold, noise = setting
    neuron = replace(
        FIGURE_1,
        membrane_time=1e-3 * membrane,
        refractory_time=1e-3 * refractory,
        threshold=FIGURE_1.rest + 1e-3 * threshold,
    )
    return neuron, 1e-3 * noise


def in_page(script):
    """What the page's modules make of the settings: `script` sees `neurons` and the modules."""
    names = ("membrane", "refractory", "threshold", "noise")
    fixed = {"drop": 1e3 * DROP, "resistance": FIGURE_1.resistance / 1e6}
    each = [dict(zip(names, setting, strict=True)) | fixed for setting in neurons()]
    imports = "".join(
        f"const {name} = await import({json.dumps((HERE / f'neuron_{name}.mjs').as_uri())});"
        for name in ("model", "fits", "spikes")
    )
    code = f"{imports}const neurons = {json.dumps(each)};{script}"
    done = run_node("--input-type=module", "-e", code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


CURVES = """
const ranges = %s;
console.log(JSON.stringify(neurons.map((neuron) => ranges.map((currents) => {
  const rates = currents.map((current) => model.firingRate(neuron, current));
  const found = fits.fitAll(currents, rates);
  return { rates, off: fits.RESPONSES.map((name) => found[name].off) };
}))));"""


@pytest.fixture(scope="module")
def curves():
    return in_page(CURVES % json.dumps([WORKING_RANGE.tolist(), WHOLE_RANGE.tolist()]))


def test_rates_are_those_of_the_package(curves):
    for setting, both in zip(neurons(), curves, strict=True):
        neuron, noise = in_python(setting)
        for currents, found in zip((WORKING_RANGE, WHOLE_RANGE), both, strict=True):
            expected = firing_rate(neuron, 1e-9 * currents, noise)
            np.testing.assert_allclose(found["rates"], expected, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("place", range(len(neurons())))
def test_fits_are_as_near_as_those_of_the_package(curves, place):
    neuron, noise = in_python(neurons()[place])
    for currents, found in zip((WORKING_RANGE, WHOLE_RANGE), curves[place], strict=True):
        expected = residuals(currents, firing_rate(neuron, 1e-9 * currents, noise))
        for family, here, there in zip(FAMILIES, found["off"], expected, strict=True):
            assert here == pytest.approx(there, rel=0.01, abs=0.005), family


def test_spikes_without_noise_come_at_the_same_moments():
    pages = in_page(
        "console.log(JSON.stringify(neurons.map((neuron) => "
        "spikes.simulate({ ...neuron, noise: 0 }, 0.7, 300, 0).spikes)));"
    )
    for setting, times in zip(neurons(), pages, strict=True):
        neuron, _ = in_python(setting)
        (expected,) = simulate(neuron, 0.7e-9, 0.3).spikes
        np.testing.assert_allclose(times, 1e3 * expected, rtol=1e-9)


def test_the_papers_neuron_stands_at_a_place_of_every_slider():
    for knob in NeuronBench().data["knobs"]:
        assert knob["places"] == sorted(set(knob["places"]))
        assert knob["paper"] is None or knob["paper"] in knob["places"]


def test_a_neuron_between_the_places_gets_a_place_of_its_own():
    odd = replace(FIGURE_1, membrane_time=12.34e-3)
    widget = NeuronBench(odd, noise=0.123e-3, current=0.777e-9)
    places = {knob["key"]: knob["places"] for knob in widget.data["knobs"]}
    assert 12.34 in places["membrane"]
    assert 0.123 in places["noise"]
    assert 0.777 in places["current"]
    assert widget.neuron == odd


def test_places_are_finest_near_the_threshold():
    (current,) = (knob for knob in KNOBS if knob.key == "current")
    places = np.array(current.places(0.0))
    near = (places >= 0) & (places <= 0.5)
    assert np.diff(places[near]).max() < 0.011
    assert (places[0], places[-1]) == (-1, 10)


def test_a_moved_slider_moves_the_neuron():
    widget = NeuronBench()
    widget.threshold_above_rest = 20e-3
    widget.refractory_time = 0.0
    assert widget.neuron.threshold_current == pytest.approx(20e-3 / 90.5e6)
    assert widget.neuron.ceiling == np.inf
    assert widget.neuron.reset == pytest.approx(FIGURE_1.reset)


def test_without_scripts_the_rates_stand_beside_the_papers():
    words = NeuronBench(current=2e-9).fallback().replace("\u00a0", " ")
    rate = float(firing_rate(FIGURE_1, 2e-9))
    assert f"fires {rate:.3g} times a second under 2 nA" in words
    assert words.count("<tr>") == 1 + 9
    assert f'<th scope="row">2</th><td>{rate:.0f}</td><td>122</td>' in words
    assert "noise of 3 mV" in NeuronBench(noise=3e-3).fallback().replace("\u00a0", " ")
