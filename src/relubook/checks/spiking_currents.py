"""Currents under which right and wrong ways of following a neuron in time come apart."""

import numpy as np
from jaxtyping import Float

from relubook.checks.spiking import draw_neuron
from relubook.checks.spiking_answers import fresh
from relubook.checks.spiking_slips import WRONG_INTERVALS, Way, charging, follow
from relubook.neurons import Neuron

Steps = Float[np.ndarray, "_"]  # one current a step [A]


def drawn(dt: float = 1e-4) -> tuple[Neuron, np.random.Generator]:
    """A fresh neuron, and random numbers."""
    generator = fresh()
    return draw_neuron(generator, dt), generator


def period(neuron: Neuron, current: float) -> float:
    """From spike to spike [s]."""
    return neuron.refractory_time + charging(neuron, current, neuron.reset)


def constant(current: float, duration: float, dt: float) -> Steps:
    """The same current at every step."""
    return np.full(int(np.ceil(duration / dt)), current)


def telling(dt: float) -> tuple[Neuron, Steps, float]:
    """A neuron and a current for which every wrong way has an interval of its own."""
    while True:
        neuron, generator = drawn(dt)
        ampere = float(generator.uniform(1.6, 4)) * neuron.threshold_current
        expected = period(neuron, ampere)
        current = constant(ampere, charging(neuron, ampere, neuron.rest) + 8.5 * expected, dt)
        all_ways = [interval(neuron, current, dt, way) for _, way in WRONG_INTERVALS]
        if np.diff(np.sort([expected, *all_ways])).min() > 8 * dt:
            return neuron, current, expected


def interval(neuron: Neuron, current: Steps, dt: float, way: Way) -> float:
    """The usual time between two spikes [s]."""
    return float(np.median(np.diff(follow(neuron, current, dt, way))))


def pulses(dt: float) -> tuple[Neuron, Steps, Steps]:
    """Two pulses, each of which charges two thirds of the way, far apart and close together."""
    steps = 10
    neuron, generator = drawn(dt)
    share = -np.expm1(-steps * dt / neuron.membrane_time)
    pulse = np.full(steps, generator.uniform(0.62, 0.68) * neuron.threshold_current / share)
    silence = constant(0.0, 4 * neuron.membrane_time, dt)
    far = np.concatenate([silence, pulse, silence, pulse, silence])
    close = np.concatenate([silence, pulse, np.zeros(steps), pulse, silence])
    return neuron, far, close


def bursts(dt: float) -> tuple[Neuron, Steps, Float[np.ndarray, "spikes"]]:
    """Three bursts of current, each of which ends halfway between two spikes.

    Returns:
        The neuron, the currents [A], and how late or early each spike may be [s].
    """
    neuron, generator = drawn(dt)
    parts, late = [constant(0.0, 6 * neuron.membrane_time, dt)], []
    for many in generator.permutation([1, 2, 4]).tolist():
        ampere = float(generator.uniform(1.6, 3)) * neuron.threshold_current
        lasts = charging(neuron, ampere, neuron.rest) + (many - 0.5) * period(neuron, ampere)
        parts.append(constant(ampere, lasts, dt))
        parts.append(constant(-neuron.threshold_current, 2 * neuron.membrane_time, dt))
        parts.append(constant(0.0, 6 * neuron.membrane_time, dt))
        late += [(2 * place + 3.5) * dt for place in range(many)]
    return neuron, np.concatenate(parts), np.array(late)


def kick(dt: float) -> tuple[Neuron, Steps, Steps]:
    """A current for one spike; without and with a far stronger one in the refractory time."""
    neuron, generator = drawn(dt)
    ampere = float(generator.uniform(1.6, 3)) * neuron.threshold_current
    silence = constant(0.0, 6 * neuron.membrane_time, dt)
    begun = constant(ampere, charging(neuron, ampere, neuron.rest) + 3 * dt, dt)
    steps = round(neuron.refractory_time / dt) - 6
    share = -np.expm1(-steps * dt / neuron.membrane_time)
    strong = 3 * (neuron.threshold - neuron.reset) / (neuron.resistance * share)
    calm, kicked = (
        np.concatenate([silence, begun, np.full(steps, ampere), silence])
        for ampere in (0.0, strong)
    )
    return neuron, calm, kicked
