"""Twins of the claims about neurons: other ways to the same numbers, in a second.

The regions were fixed by earlier trials.
"""

import math

import numpy as np
from jaxtyping import Float

from relubook import paper
from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.experiments import random_neurons
from relubook.experiments.response_fits import fit
from relubook.neurons import FIGURE_1, Neuron, firing_rate

_STEP = 4e-5  # of Euler's method [s]
_NEURONS, _POINTS = 12, 61


def figure_1() -> tuple[Part, ...]:
    """Euler's method in small steps, without any formula, fires as the paper's curve says."""
    points = paper.FIGURE_1.array().T
    current = 1e-9 * points[0]
    found = _euler(FIGURE_1, current, duration=0.4)
    off = 100 * np.abs(found / firing_rate(FIGURE_1, current) - 1)
    return (
        Part(
            what="Euler's spikes against the formula, at the paper's points",
            estimate=statistics.mean(off),
            unit="%",
            region=(0.0, 2.0),
        ),
        Part(
            what="points of the paper within 2 Hz of Euler's spikes",
            estimate=statistics.count(
                int((np.abs(found - points[1]) <= 2).sum()), n=len(points[1])
            ),
            unit="1",
            region=(float(len(points[1])), math.inf),
        ),
    )


def working_range() -> tuple[Part, ...]:
    """Near the threshold a neuron is silent, then nearly a line: a few neurons show it."""
    neurons = random_neurons.draw(_NEURONS, seed=100)
    working = _residuals(neurons, whole=False)
    whole = _residuals(neurons, whole=True)
    return (
        Part(
            what="residual of the rectifier, working range, a few neurons",
            estimate=statistics.mean(working),
            unit="%",
            region=(0.0, 10.0),
        ),
        Part(
            what="how much larger it is over the whole range",
            estimate=statistics.mean(whole - working),
            unit="%",
            region=(0.0, math.inf),
        ),
    )


def _residuals(neurons: tuple[Neuron, ...], *, whole: bool) -> Float[np.ndarray, "neurons"]:
    """Of the rectifier, without noise [%]."""
    within = random_neurons.whole_range if whole else random_neurons.working_range
    found = []
    for neuron in neurons:
        current = within(neuron, _POINTS)
        found.append(fit("rectifier", 1e9 * current, firing_rate(neuron, current))[1])
    return np.array(found)


def _euler(
    neuron: Neuron, current: Float[np.ndarray, "currents"], duration: float
) -> Float[np.ndarray, "currents"]:
    """Rates from whole intervals [Hz], by the simplest method there is."""
    voltage = np.full(current.shape, neuron.reset)
    silent = np.zeros(current.shape)
    first, last = np.full(current.shape, np.nan), np.full(current.shape, np.nan)
    spikes = np.zeros(current.shape)
    for place in range(round(duration / _STEP)):
        slope = (neuron.rest + neuron.resistance * current - voltage) / neuron.membrane_time
        voltage = np.where(silent > 0, voltage, voltage + _STEP * slope)
        silent -= _STEP
        fired = voltage >= neuron.threshold
        voltage[fired], silent[fired] = neuron.reset, neuron.refractory_time
        last[fired] = place * _STEP
        first = np.where(np.isnan(first), last, first)
        spikes += fired
    return (spikes - 1) / (last - first)
