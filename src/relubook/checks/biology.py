"""Checks of chapter 2's exercise: the firing rate of a leaky integrate-and-fire neuron."""

import math
import secrets
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from relubook.checks import Case, NotSolvedError, Outcome, run_cases
from relubook.checks.biology_slips import slips
from relubook.checks.wording import apart

Student = Callable[..., object]


class _Neuron(NamedTuple):
    """Constants in SI units, in the order in which the student's function takes them."""

    membrane_time: float
    refractory_time: float
    resistance: float
    rest: float
    reset: float
    threshold: float


def check_firing_rate(function: object) -> Outcome:
    """Check a function for the firing rate of a neuron under constant currents.

    Args:
        function: `firing_rate(current, membrane_time, refractory_time, resistance, rest, reset,
            threshold)` takes an array of currents [A] and the neuron's constants, each one number
            [s, s, Ohm, V, V, V]; returns an array of the same shape [Hz].

    Returns:
        What was found; show it as the last line of a cell.

    >>> from relubook import neurons
    >>> def firing_rate(current, tau, refractory, resistance, rest, reset, threshold):
    ...     neuron = neurons.Neuron(
    ...         membrane_time=tau, refractory_time=refractory, resistance=resistance,
    ...         rest=rest, reset=reset, threshold=threshold,
    ...     )
    ...     return neurons.firing_rate(neuron, current)
    >>> check_firing_rate(firing_rate)
    All public checks passed (7 of 7).
    """
    tests = (
        _value, _silent, _at_the_threshold, _fires_without_input, _no_refractory_time, _shape,
        _input_is_kept,
    )  # fmt: skip
    return run_cases(function, [Case(test=_hinted(test)) for test in tests])


def _neuron() -> tuple[_Neuron, np.random.Generator]:
    """A fresh neuron whose constants differ enough to be told apart, and what it was drawn by."""
    generator = np.random.default_rng(secrets.randbits(62))

    def even(low: float, high: float) -> float:
        return float(generator.uniform(low, high))

    rest = even(-70e-3, -60e-3)
    neuron = _Neuron(
        membrane_time=even(20e-3, 40e-3),
        refractory_time=even(2e-3, 5e-3),
        resistance=even(50e6, 150e6),
        rest=rest,
        reset=rest - even(5e-3, 12e-3),
        threshold=rest + even(8e-3, 16e-3),
    )
    return neuron, generator


def _currents(
    neuron: _Neuron, generator: np.random.Generator, low: float, high: float
) -> np.ndarray:
    """Random currents between two multiples of the threshold current [A]."""
    threshold = (neuron.threshold - neuron.rest) / neuron.resistance
    return threshold * generator.uniform(low, high, 6)


def _reference(current: float, neuron: _Neuron) -> float:
    """One current at a time, with Python's own logarithm."""
    settled = neuron.rest + neuron.resistance * current
    if settled <= neuron.threshold:
        return 0.0
    ratio = (settled - neuron.reset) / (settled - neuron.threshold)
    return 1 / (neuron.refractory_time + neuron.membrane_time * math.log(ratio))


def _expected(current: np.ndarray, neuron: _Neuron) -> np.ndarray:
    rates = [_reference(float(one), neuron) for one in current.ravel()]
    return np.array(rates).reshape(current.shape)


class _HintError(Exception):
    """The function cannot take what it is asked for; the text is what the student reads."""


def _hinted(test: Callable[[Student], str | None]) -> Callable[[Student], str | None]:
    """The test, with a hint in place of an exception that stands for one."""

    def told(function: Student) -> str | None:
        try:
            return test(function)
        except _HintError as hint:
            return str(hint)

    return told


def _ask(function: Student, current: np.ndarray, neuron: _Neuron) -> np.ndarray:
    """The student's answer for an array, without numpy's warnings."""
    with np.errstate(all="ignore"):
        try:
            answer = function(current.copy(), *neuron)
            begun = answer is not None and answer is not Ellipsis
            rates = np.asarray(answer, dtype=float) if begun else None
        except Exception as error:
            hint = _hint(function, current, neuron, error)
            if hint is None:
                raise
            raise _HintError(hint) from error
    if rates is None:
        raise NotSolvedError
    return rates


def _hint(function: Student, current: np.ndarray, neuron: _Neuron, error: Exception) -> str | None:
    """What to say about a function that stops with an error, if it works for less."""
    if current.ndim > 1 and _takes(function, current[0], neuron):
        return "It works for a row of currents, not for rows and columns."
    if not _takes(function, float(current.flat[0]), neuron):
        return None
    if isinstance(error, TypeError) and "converted to Python scalar" in str(error):
        why = "`math.log` takes one number, `np.log` an array."
    else:
        why = "`if` cannot ask many currents at once: `np.where` can."
    return f"It takes one current, but no array of them. {why}"


def _takes(function: Student, current: np.ndarray | float, neuron: _Neuron) -> bool:
    """Whether an answer of the shape of the currents is given."""
    try:
        answer = function(np.copy(current) if np.ndim(current) else current, *neuron)
        return answer is not None and np.asarray(answer).shape == np.shape(current)
    except Exception:
        return False


def _same(answer: np.ndarray, expected: np.ndarray) -> bool:
    """Equal shapes, and numbers equal to within rounding; NaN equals NaN."""
    return answer.shape == expected.shape and np.allclose(
        answer, expected, rtol=1e-6, atol=1e-9, equal_nan=True
    )


def _value(function: Student) -> str | None:
    """Above the threshold; common slips are recognized by what they compute."""
    neuron, generator = _neuron()
    current = _currents(neuron, generator, 1.3, 20.0)
    answer, expected = _ask(function, current, neuron), _expected(current, neuron)
    if _same(answer, expected):
        return None
    if answer.shape != expected.shape:
        return f"It returns the shape {answer.shape} for currents of the shape {current.shape}."
    for sentence, value in slips(current, *neuron):
        if _same(answer, value):
            return sentence
    place = int(np.abs(answer - expected).argmax())
    theirs, ours = apart(answer[place], expected[place])
    return (
        f"It returns {theirs} Hz where the neuron fires at {ours} Hz. "
        "How long does it charge from the reset to the threshold?"
    )


def _silent(function: Student) -> str | None:
    """Below the threshold; below the reset the logarithm has a positive argument again."""
    neuron, generator = _neuron()
    between, below = (
        _currents(neuron, generator, low, high) for low, high in ((-0.3, 0.95), (-30.0, -5.0))
    )
    for current, where in ((between, "below the threshold"), (below, "far below the threshold")):
        answer = _ask(function, current, neuron)
        if _same(answer, np.zeros(6)):
            continue
        if np.isnan(answer).any():
            return f"It gives NaN {where}. What should a silent neuron's rate be?"
        if (answer < 0).any():
            return f"It gives a negative rate {where}. A neuron cannot fire less than never."
        return f"It lets the neuron fire {where}, where it is silent."
    return None


def _at_the_threshold(function: Student) -> str | None:
    """The voltage settles exactly at the threshold: all numbers are powers of 2 or sums of them."""
    neuron = _neuron()[0]._replace(
        resistance=2.0**26, rest=-(2.0**-4), threshold=-(2.0**-4) + 2.0**-6
    )
    answer = _ask(function, np.array([2.0**-32, 2.0**-33]), neuron)
    if _same(answer, np.zeros(2)):
        return None
    if not np.isfinite(answer).all():
        return "It divides by zero where the voltage settles exactly at the threshold."
    return "It is wrong where the voltage settles exactly at the threshold: the rate is 0 there."


def _fires_without_input(function: Student) -> str | None:
    """A threshold below the rest: whether it fires is not a matter of the current's sign."""
    neuron, generator = _neuron()
    neuron = neuron._replace(threshold=neuron.rest - 3e-3)
    current = -generator.uniform(0, 2e-3, 6) / neuron.resistance
    if _same(_ask(function, current, neuron), _expected(current, neuron)):
        return None
    return (
        "It is wrong for a neuron whose threshold lies below its rest. What decides is the voltage "
        "that it settles at, not the sign of the current."
    )


def _no_refractory_time(function: Student) -> str | None:
    """Zero is a time as any other."""
    neuron, generator = _neuron()
    neuron = neuron._replace(refractory_time=0.0)
    current = _currents(neuron, generator, 1.3, 20.0)
    if _same(_ask(function, current, neuron), _expected(current, neuron)):
        return None
    return "It is wrong without a refractory time: then nothing but charging takes time."


def _shape(function: Student) -> str | None:
    """Silent and firing currents together, in rows and columns."""
    neuron, generator = _neuron()
    current = _currents(neuron, generator, -3.0, 5.0).reshape(2, 3)
    current[0, 0], current[1, 1] = -1e-9, 3e-9
    answer, expected = _ask(function, current, neuron), _expected(current, neuron)
    if _same(answer, expected):
        return None
    if answer.shape != expected.shape:
        return f"It returns the shape {answer.shape} for currents of the shape {current.shape}."
    return "It is wrong for silent and firing currents in one array."


def _input_is_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    neuron, generator = _neuron()
    silent, firing = (
        _currents(neuron, generator, low, high) for low, high in ((-3.0, 0.9), (1.1, 5.0))
    )
    current = np.concatenate([silent, firing])
    before = current.copy()
    with np.errstate(all="ignore"):
        if function(current, *neuron) is None:
            raise NotSolvedError
    if np.array_equal(before, current):
        return None
    return "It changes the currents that it is given. Work on a copy."
