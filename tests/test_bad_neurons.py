"""Neurons, currents and times that cannot be: a sentence that names what is wrong, and where."""

import dataclasses
import math

import pytest

from relubook.neurons import FIGURE_1, firing_rate, simulate


def changed(**parts):
    return dataclasses.replace(FIGURE_1, **parts)


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        ({"membrane_time": 0.0}, r"The `membrane_time` of Neuron must be above 0 s\. Got 0\."),
        ({"membrane_time": -0.03}, r"`membrane_time` .* above 0 s\. Got -0\.03\."),
        ({"resistance": 0.0}, r"The `resistance` of Neuron must be above 0 Ohm\. Got 0\."),
        ({"resistance": -1e6}, r"`resistance` .* Got -1e\+06\."),
        ({"refractory_time": -1e-3}, r"`refractory_time` .* at least 0 s\. Got -0\.001\."),
        ({"threshold": -75e-3}, r"`threshold` .* above its `reset`, -0\.075 V\. Got -0\.075 V\."),
        ({"threshold": -80e-3}, r"`threshold` .* above its `reset`, -0\.075 V\. Got -0\.08 V\."),
        ({"rest": math.nan}, r"The `rest` of Neuron must be a finite number\. Got nan\."),
        ({"reset": -math.inf}, r"The `reset` of Neuron must be a finite number\. Got -inf\."),
        ({"threshold": math.inf}, r"`threshold` .* finite number\. Got inf\."),
        ({"membrane_time": math.nan}, r"`membrane_time` .* finite number\. Got nan\."),
    ],
)
def test_a_neuron_that_cannot_be_is_refused_with_a_sentence(parts, sentence):
    with pytest.raises(ValueError, match=sentence):
        changed(**parts)


@pytest.mark.parametrize("ask", [firing_rate, lambda n, c, s=0.0: simulate(n, c, 0.1, noise=s)])
@pytest.mark.parametrize(
    ("current", "noise", "sentence"),
    [
        (math.nan, 0.0, r"`current` of \w+ must be finite \[A\]\. Got nan\."),
        ([1e-9, math.nan], 0.0, r"must be finite \[A\]\. Got nan at place 1\."),
        ([[0, 1], [0, math.inf]], 0.0, r"must be finite \[A\]\. Got inf at place 1, 1\."),
        ("much", 0.0, r"must be numbers \[A\]\. Got 'much'\."),
        (1e305, 0.0, r"must give a finite voltage\. Got 1e\+305 A\."),
        (0.0, -1e-3, r"The `noise` must be a finite number of at least 0 V\. Got -0\.001\."),
        (0.0, math.nan, r"The `noise` must be .* Got nan\."),
        (0.0, math.inf, r"The `noise` must be .* Got inf\."),
    ],
)
def test_bad_currents_and_noise_are_refused_with_their_place(ask, current, noise, sentence):
    with pytest.raises(ValueError, match=sentence):
        ask(FIGURE_1, current, noise)


@pytest.mark.parametrize(
    ("duration", "step", "sentence"),
    [
        (0.0, 1e-4, r"The `duration` of simulate must be a finite time above 0 s\. Got 0\.0\."),
        (math.nan, 1e-4, r"`duration` .* Got nan\."),
        (1.0, -1e-4, r"The `step` of simulate must be a finite time above 0 s\. Got -0\.0001\."),
        (1.0, math.inf, r"`step` .* Got inf\."),
        (1e6, 1e-4, r"short enough to keep 2e\+07 voltages\. Got 1e\+06 s in steps of 0\.0001 s"),
        (1e300, 1e-300, r"short enough to keep 2e\+07 voltages"),
        (1e5, 1.0, r"short enough for 1e\+06 spikes\. Got 100000 s, .* about 8e\+06\."),
    ],
)
def test_times_that_cannot_be_simulated_are_refused_with_a_sentence(duration, step, sentence):
    with pytest.raises(ValueError, match=sentence):
        simulate(FIGURE_1, 1e-9, duration, step)


@pytest.mark.parametrize(("duration", "step"), [(1e6, 1e-4), (1e300, 1e-300)])
def test_no_currents_are_no_reason_to_count_endlessly(duration, step):
    with pytest.raises(ValueError, match="short enough to keep"):
        simulate(FIGURE_1, [], duration, step)


def test_a_rate_beyond_all_numbers_is_refused():
    with pytest.raises(ValueError, match="too large for a number"):
        firing_rate(changed(refractory_time=0.0, membrane_time=1e-300), 1e100)
