"""What students may hand in for the assignment on neurons: right, and hostile to checks."""

from __future__ import annotations

import math

import numpy as np

DRAWS = 25


def goal(neuron, current):
    """Where membranes settle."""
    return neuron.rest + neuron.resistance * current


def step(neuron, voltage, current, dt):
    left = np.exp(-dt / neuron.membrane_time)
    return goal(neuron, current) + (voltage - goal(neuron, current)) * left


def simulating(
    *, start="rest", reset="reset", silent="held", leak=True, late=1, unit=1.0, method="exact"
):
    """A student's simulation, by times where the checks' reference counts steps."""

    def simulate(neuron, current, dt):
        voltage, free, spikes = getattr(neuron, start), -math.inf, []
        for k, ampere in enumerate(current):
            waits = k * dt < free - dt / 2
            if waits and silent == "held":
                continue
            end = goal(neuron, ampere)
            if not leak:
                voltage += neuron.resistance * ampere * dt / neuron.membrane_time
            elif method == "exact":
                voltage = end + (voltage - end) * math.exp(-dt / neuron.membrane_time)
            else:
                voltage += (end - voltage) * dt / neuron.membrane_time
            if voltage >= neuron.threshold and not waits:
                spikes.append((k + late) * dt * unit)
                free = (k + 1) * dt + (0 if silent == "no" else neuron.refractory_time)
                voltage = getattr(neuron, reset) if reset else voltage
        return np.array(spikes)

    return simulate


def by_counting(neuron, current, dt):
    voltage, wait, spikes = neuron.rest, 0, []
    for k in range(len(current)):
        if wait:
            wait -= 1
            continue
        voltage = step(neuron, voltage, current[k], dt)
        if voltage > neuron.threshold:
            spikes.append((k + 1) * dt)
            voltage, wait = neuron.reset, int(neuron.refractory_time / dt)
    return spikes


def rate(spike_times, duration, discard):
    late = spike_times[spike_times >= discard]
    return (len(late) - 1) / (late[-1] - late[0]) if len(late) > 1 else 0.0


def yielding(*given):
    yield from (0.1, 0.2)


class Answering:
    """A class whose objects are called."""

    def __init__(self, answer):
        self.answer = answer

    def __call__(self, *given):
        return self.answer


def quitting(*given):
    raise SystemExit


HOSTILE = (
    yielding, quitting, Answering, Answering("text"), Answering({"a": 1}), Answering([[1], [2, 3]]),
    Answering(math.nan), Answering(math.inf), Answering(1e300), Answering(1 + 2j),
    Answering(np.full(6, np.nan)), Answering(np.zeros(6_000_000)), Answering(object()),
    Answering({0.1, 0.2}), Answering(b"12"), Answering(["a", "b"]), Answering(np.array([None] * 6)),
    Answering(lambda: 1), Answering(True), Answering(map(float, "123")), Answering([10**400]),
    lambda: 1, lambda a: a, lambda *given: given, lambda *given: 1 / 0, lambda *given: [][1],
)  # fmt: skip


def unwritten(*given):
    """What the student's version says."""
    raise NotImplementedError


UNSOLVED = (Answering(None), Answering(...), unwritten, None, ...)


def told(outcome):
    """Whether an outcome is one sentence or more about what is wrong."""
    begins = f"{outcome.passed} of {outcome.total} public checks passed. "
    message = repr(outcome)
    return (
        outcome.solved
        and outcome.passed < outcome.total
        and message.startswith(begins)
        and len(message) > len(begins) + 20
    )
