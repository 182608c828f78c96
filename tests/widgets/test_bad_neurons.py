"""What NeuronBench refuses, each with one sentence."""

import math
import re
from dataclasses import replace

import pytest
from traitlets import TraitError

from relubook.neurons import FIGURE_1
from relubook.widgets import NeuronBench
from relubook.widgets.neuron_knobs import KNOBS, check_fixed

ENDS = {
    "membrane_time": "from 0.005 to 0.05 s",
    "refractory_time": "from 0 to 0.01 s",
    "threshold_above_rest": "from 0.005 to 0.03 V",
    "noise": "from 0 to 0.01 V",
    "current": "from -1e-09 to 1e-08 A",
}


def sentence(name, value):
    text = f"The `{name}` of NeuronBench must be {ENDS[name]}, the ends of its slider. Got {value}."
    return f"^{re.escape(text)}$"


def outside():
    """Every trait a little beyond either end of its slider, and numbers that are none."""
    for knob in KNOBS:
        low, high = knob.low / knob.per, knob.steps[-1][0] / knob.per
        beyond = 0.01 * (high - low)
        yield from ((knob.trait, value) for value in (low - beyond, high + beyond))
        yield from ((knob.trait, value) for value in (math.nan, math.inf, -math.inf))


@pytest.mark.parametrize(
    ("name", "value"), [each for each in outside() if each[0] in ("noise", "current")]
)
def test_a_number_that_no_slider_reaches_is_refused_at_the_start(name, value):
    with pytest.raises(ValueError, match=sentence(name, value)):
        NeuronBench(**{name: value})


@pytest.mark.parametrize(("name", "value"), list(outside()))
def test_a_number_that_no_slider_reaches_is_refused_later(name, value):
    widget = NeuronBench()
    before = getattr(widget, name)
    with pytest.raises(ValueError, match=sentence(name, value)):
        setattr(widget, name, value)
    assert getattr(widget, name) == before


@pytest.mark.parametrize(
    ("name", "changes", "got"),
    [
        ("membrane_time", {"membrane_time": 0.1}, 0.1),
        ("refractory_time", {"refractory_time": 0.02}, 0.02),
        ("threshold_above_rest", {"threshold": FIGURE_1.rest + 0.25}, 0.25),
    ],
)
def test_a_neuron_beyond_the_sliders_is_refused(name, changes, got):
    with pytest.raises(ValueError, match=sentence(name, got)):
        NeuronBench(replace(FIGURE_1, **changes))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"resistance": 1e7}, "`resistance` of NeuronBench's neuron must be 9.05e+07 Ohm, as in "
         "Figure 1; no slider moves it. Got 1e+07 Ohm."),
        ({"reset": FIGURE_1.rest}, "`reset` of NeuronBench's neuron must be 0.011425 V below rest, "
         "as in Figure 1; no slider moves it. Got 0 V below rest."),
    ],
)  # fmt: skip
def test_what_no_slider_moves_must_be_as_in_figure_1(changes, text):
    with pytest.raises(ValueError, match=re.escape(text)):
        NeuronBench(replace(FIGURE_1, **changes))


def test_all_voltages_may_be_shifted_together():
    shifted = {name: getattr(FIGURE_1, name) + 0.02 for name in ("rest", "reset", "threshold")}
    neuron = NeuronBench(replace(FIGURE_1, **shifted)).neuron
    assert {name: getattr(neuron, name) for name in shifted} == pytest.approx(shifted)


@pytest.mark.parametrize("value", ["fast", True, None])
def test_what_is_no_number_is_refused(value):
    (noise,) = (knob for knob in KNOBS if knob.trait == "noise")
    with pytest.raises(ValueError, match=sentence("noise", value)):
        noise.check(value)


def test_what_is_no_neuron_is_refused():
    with pytest.raises(ValueError, match=r"`neuron` of NeuronBench must be a Neuron\. Got 3\."):
        check_fixed(3)


@pytest.mark.parametrize(
    ("traits", "text"),
    [
        ({"fitted": "all"}, "`fitted` of NeuronBench must be of working, whole. Got 'all'."),
        ({"shown": ["relu"]}, "`shown` of NeuronBench must be of rectifier, softplus, logistic, "
         "tanh, lif. Got 'relu'."),
        ({"seed": -1}, "`seed` of NeuronBench must be from 0 to 999. Got -1."),
        ({"seed": 1000}, "`seed` of NeuronBench must be from 0 to 999. Got 1000."),
    ],
)  # fmt: skip
def test_choices_that_the_page_does_not_have_are_refused(traits, text):
    with pytest.raises(ValueError, match=re.escape(text)):
        NeuronBench(**traits)


def test_a_seed_is_a_whole_number():
    with pytest.raises(TraitError, match="expected an int"):
        NeuronBench(seed=1.5)


def test_the_ends_of_the_sliders_are_allowed():
    for knob in KNOBS:
        widget = NeuronBench()
        for end in (knob.low / knob.per, knob.steps[-1][0] / knob.per * (1 + 1e-12)):
            setattr(widget, knob.trait, end)
            assert getattr(widget, knob.trait) == pytest.approx(end)
