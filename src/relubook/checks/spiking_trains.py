"""Checks of the assignment on neurons: the spikes of a neuron that is followed in time.

A right simulation may be a few steps off at its first spike and in every interval: it may round the
refractory time, or say when a step began. Currents are such that nothing else depends on it.
"""

from dataclasses import replace

import numpy as np
from jaxtyping import Float

from relubook.checks import NotSolvedError, Outcome
from relubook.checks import spiking_currents as currents
from relubook.checks.spiking_answers import (
    FormError,
    Student,
    asked,
    keeps,
    numbers,
    outcome,
)
from relubook.checks.spiking_slips import WRONG_INTERVALS, Way, charging, follow
from relubook.checks.wording import apart
from relubook.neurons import Neuron

__all__ = ["check_changing_current", "check_first_spike", "check_intervals"]

Times = Float[np.ndarray, "_"]

_SPIKES = "Return an array of the times of the spikes [s], one axis; an empty one for none."


def check_first_spike(function: object) -> Outcome:
    """Check `simulate(neuron, current, dt)` up to its first spike: charging, leak and threshold.

    Args:
        function: Takes a neuron, an array of one current a step [A] and the length of a step [s];
            returns the times of the spikes [s].
    """
    return outcome(function, _first_spike, _silent, _pulses)


def check_intervals(function: object) -> Outcome:
    """Check `simulate` after its first spike: reset and refractory time.

    Args:
        function: As for `check_first_spike`.
    """
    return outcome(function, _intervals, _without_a_pause, _near_the_ceiling)


def check_changing_current(function: object) -> Outcome:
    """Check `simulate` under a current that changes, and the form of its answer.

    Args:
        function: As for `check_first_spike`.
    """
    return outcome(function, _kick, _bursts, _current_is_kept)


def _spikes(function: Student, neuron: Neuron, current: np.ndarray, dt: float) -> Times:
    """The student's times, rising and within the recording."""
    found = numbers(asked(function, neuron, current, dt), _SPIKES)
    if found.ndim == 0:
        raise FormError(f"It returns one number. {_SPIKES}")
    if found.ndim > 1:
        raise FormError(f"It returns the shape {found.shape}. {_SPIKES}")
    if len(found) in (len(current), len(current) + 1):
        raise FormError(f"It returns one number for each step. {_SPIKES}")
    if not np.isfinite(found).all():
        raise FormError(f"There is NaN or infinity among the times of the spikes. {_SPIKES}")
    end = len(current) * dt
    if len(found) and found.max() > 1.5 * end:
        kind = "times after the end"
        if found.max() <= 1001 * end:
            kind = "milliseconds, or times after the end"
        elif found.max() <= len(current) and np.allclose(found, np.round(found)):
            kind = "numbers of steps"
        raise FormError(f"It returns {kind}: the recording ends at {end:.3g} s. {_SPIKES}")
    if len(found) and (found.min() < 0 or (np.diff(found) <= 0).any()):
        raise FormError(f"The times of the spikes do not rise from 0 on. {_SPIKES}")
    return found


def _silent_spikes(function: Student, neuron: Neuron, current: np.ndarray, dt: float) -> Times:
    """The student's times under a current that should leave the neuron silent."""
    try:
        return _spikes(function, neuron, current, dt)
    except NotSolvedError:
        raise FormError(f"It returns nothing for a silent neuron. {_SPIKES}") from None


def _near(found: float, expected: float, dt: float) -> bool:
    """Equal but for where the steps lie: the end of a step is half a step late on average."""
    return bool(abs(found - expected - dt / 2) <= 3 * dt)


# Up to the first spike


def _first_spike(function: Student) -> str | None:
    """From the rest to the threshold; other ways of getting there are recognized."""
    dt = 1e-4
    neuron, generator = currents.drawn(dt)
    many = float(generator.uniform(1.6, 4))
    ampere = many * neuron.threshold_current
    expected = charging(neuron, ampere, neuron.rest)
    current = currents.constant(ampere, expected + 2.5 * currents.period(neuron, ampere), dt)
    found = _spikes(function, neuron, current, dt)
    if not len(found):
        return f"It finds no spike where {many:.1f} times the threshold current flows."
    if _near(found[0], expected, dt):
        return None
    if found[0] <= 1.5 * dt:
        return "It says that the first spike comes at once. How long does the membrane charge?"
    sentences = {
        "The first spike comes as if the membrane began at the reset voltage. Where does it rest "
        "before it has ever fired?": Way(start="reset"),
        "The first spike comes as if the membrane had no leak: its voltage rises in a straight "
        "line.": Way(leaks=False),
    }
    for sentence, way in sentences.items():
        times = follow(neuron, current, dt, way)
        if len(times) and abs(found[0] - times[0]) <= 1.5 * dt:
            return sentence
    theirs, ours = apart(1e3 * found[0], 1e3 * expected)
    return f"The first spike comes at {theirs} ms, where it takes {ours} ms to charge."


def _silent(function: Student) -> str | None:
    """Below the threshold current a membrane with a leak never fires."""
    neuron, generator = currents.drawn()
    for many in (float(generator.uniform(0.6, 0.97)), float(generator.uniform(-5, -1))):
        current = currents.constant(
            many * neuron.threshold_current, 10 * neuron.membrane_time, 1e-4
        )
        if len(_silent_spikes(function, neuron, current, 1e-4)):
            return (
                f"It fires under a current of {many:.2f} times the threshold current. Where does "
                "the membrane settle?"
            )
    return None


def _pulses(function: Student) -> str | None:
    """Two pulses, each of which charges two thirds of the way."""
    dt = 1e-4
    neuron, far, close = currents.pulses(dt)
    if len(_silent_spikes(function, neuron, far, dt)):
        return (
            "Two short pulses of current, four membrane times apart, make it fire. Neither does "
            "alone: what happens to the voltage between them?"
        )
    found, expected = _spikes(function, neuron, close, dt), follow(neuron, close, dt)
    if len(found) and abs(found[0] - expected[0]) <= 3.5 * dt:
        return None
    return (
        "Two short pulses of current, close together, should make it fire during the second. Does "
        "each step use its own current, and what is left of the first pulse?"
    )


# From spike to spike


def _intervals(function: Student) -> str | None:
    """Under a constant current; what other ways make of the interval is recognized."""
    dt = 1e-4
    neuron, current, expected = currents.telling(dt)
    found = _spikes(function, neuron, current, dt)
    if _regular(found, expected, current, dt):
        return None
    if len(found) < 2:
        return (
            f"It finds {len(found)} spikes where the neuron goes on firing. Does it go on after "
            "the first?"
        )
    middle = float(np.median(np.diff(found)))
    for sentence, way in WRONG_INTERVALS:
        if abs(middle - currents.interval(neuron, current, dt, way)) <= 2 * dt:
            return sentence
    if _near(middle, expected, dt):
        return "The interval is right for some spikes only. Under a constant current all are alike."
    theirs, ours = apart(1e3 * middle, 1e3 * expected)
    return f"The interval between two spikes is {theirs} ms, where it should be about {ours} ms."


def _regular(found: Times, expected: float, current: np.ndarray, dt: float) -> bool:
    """Whether all intervals are right, up to the end of the recording."""
    if len(found) < 2 or not all(_near(gap, expected, dt) for gap in np.diff(found)):
        return False
    return bool(len(current) * dt - found[-1] <= expected + 3 * dt)


def _without_a_pause(function: Student) -> str | None:
    """Zero is a refractory time as any other."""
    dt = 1e-4
    drawn, generator = currents.drawn(dt)
    neuron = replace(drawn, refractory_time=0.0)
    ampere = float(generator.uniform(1.6, 4)) * neuron.threshold_current
    expected = currents.period(neuron, ampere)
    current = currents.constant(ampere, 6 * expected, dt)
    if _regular(_spikes(function, neuron, current, dt), expected, current, dt):
        return None
    return "It is wrong for a neuron without a refractory time: then it charges all the time."


def _near_the_ceiling(function: Student) -> str | None:
    """Under a very strong current nearly all of the interval is refractory time."""
    dt = 1e-4
    neuron, generator = currents.drawn(dt)
    ampere = float(generator.uniform(50, 80)) * neuron.threshold_current
    expected = currents.period(neuron, ampere)
    current = currents.constant(ampere, 12 * expected, dt)
    if _regular(_spikes(function, neuron, current, dt), expected, current, dt):
        return None
    return (
        "Under a very strong current, where charging takes hardly any time, the intervals are "
        "wrong. What is left of them?"
    )


# Currents that change


def _bursts(function: Student) -> str | None:
    """Three bursts of current, each of which ends halfway between two spikes."""
    dt = 1e-4
    neuron, current, late = currents.bursts(dt)
    found, expected = _spikes(function, neuron, current, dt), follow(neuron, current, dt)
    if not len(found):
        return (
            "It never fires where strong currents come after a time of silence. Does each step "
            "use its own current?"
        )
    if len(found) != len(expected):
        return f"Three bursts of current make it fire {len(found)} times, not {len(expected)}."
    wrong = np.abs(found - expected) > late
    if not wrong.any():
        return None
    place = int(wrong.argmax())
    theirs, ours = apart(1e3 * found[place], 1e3 * expected[place])
    return f"Under a current that changes, a spike comes at {theirs} ms instead of {ours} ms."


def _kick(function: Student) -> str | None:
    """A strong current that flows in the refractory time only; otherwise there is one spike."""
    dt = 1e-4
    neuron, calm, kicked = currents.kick(dt)
    without, found = (_spikes(function, neuron, current, dt) for current in (calm, kicked))
    if len(without) != 1 or len(found) <= 1:
        return None
    return (
        "A strong current that flows only during the refractory time makes it fire. In this model "
        "such a current is lost."
    )


def _current_is_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    neuron, generator = currents.drawn()
    many = generator.uniform(0, 4, 400)
    if keeps(function, neuron, many * neuron.threshold_current, 1e-4):
        return None
    return "It changes the currents that it is given. Work on a copy."
