"""Checks of the assignment on neurons: one step of the membrane.

Its spikes are in `spiking_trains`, their rate in `spiking_rates`, the curve of rates over currents
in `spiking_curves`.
"""

import math

import numpy as np

from relubook.checks import Outcome
from relubook.checks.spiking_answers import (
    FormError,
    Student,
    asked,
    fresh,
    keeps,
    numbers,
    outcome,
)
from relubook.checks.spiking_slips import wrong_steps
from relubook.checks.wording import apart
from relubook.neurons import Neuron

__all__ = ["check_short_step", "check_step", "draw_neuron"]

_VOLT = 1e-7  # what two voltages may differ by: float32 is exact enough, the best approximation not
_STEP = "Return an array of voltages, of the shape of the given one."


def draw_neuron(generator: np.random.Generator, dt: float = 1e-4) -> Neuron:
    """A fresh neuron whose constants differ enough to be told apart.

    Args:
        generator: What it is drawn by.
        dt: The refractory time is a whole number of these steps, 20 to 50 [s].
    """

    def even(low: float, high: float) -> float:
        return float(generator.uniform(low, high))

    rest = even(-70e-3, -60e-3)
    return Neuron(
        membrane_time=even(20e-3, 40e-3),
        refractory_time=int(generator.integers(20, 50)) * dt,
        resistance=even(50e6, 150e6),
        rest=rest,
        reset=rest - even(5e-3, 12e-3),
        threshold=rest + even(8e-3, 16e-3),
    )


def check_step(function: object) -> Outcome:
    """Check the value of `step(neuron, voltage, current, dt)`.

    Args:
        function: Takes a neuron, an array of voltages [V] and one of currents [A], both of one
            shape, and a time [s]; returns the voltages after that time under constant currents.

    Returns:
        What was found; `require()` stops a cell unless all passed.

    >>> def step(neuron, voltage, current, dt):
    ...     settled = neuron.rest + neuron.resistance * current
    ...     return settled + (voltage - settled) * np.exp(-dt / neuron.membrane_time)
    >>> check_step(step)
    All public checks passed (3 of 3).
    """
    return outcome(function, _step_value, _long_step, _no_time)


def check_short_step(function: object) -> Outcome:
    """Check `step` where any sensible method is right, on arrays of any shape, which it must keep.

    Args:
        function: As for `check_step`.
    """
    return outcome(function, _short_step, _shapes, _step_keeps)


def _membranes(shape: tuple[int, ...]) -> tuple[Neuron, np.ndarray, np.ndarray]:
    """A neuron, voltages and currents of both signs."""
    generator = fresh()
    neuron = draw_neuron(generator)
    voltage = generator.uniform(neuron.reset, neuron.threshold, shape)
    size = 2 * neuron.threshold_current
    return (
        neuron,
        voltage,
        generator.uniform(0.5 * size, size, shape) * generator.choice([-1, 1], shape),
    )


def _moved(neuron: Neuron, voltage: np.ndarray, current: np.ndarray, dt: float) -> np.ndarray:
    """The reference, one membrane after the other."""
    share = math.exp(-dt / neuron.membrane_time)
    settled = [neuron.rest + neuron.resistance * ampere for ampere in current.ravel().tolist()]
    pairs = zip(voltage.ravel().tolist(), settled, strict=True)
    return np.array([v * share + end * (1 - share) for v, end in pairs]).reshape(voltage.shape)


def _voltages(
    function: Student, neuron: Neuron, voltage: np.ndarray, current: np.ndarray, dt: float
) -> np.ndarray:
    """The student's voltages, of the shape of the given ones."""
    found, shape = numbers(asked(function, neuron, voltage, current, dt), _STEP), voltage.shape
    if found.shape != shape:
        raise FormError(f"It returns the shape {found.shape} for voltages of the shape {shape}.")
    return found


def _step_value(function: Student) -> str | None:
    """A step of about half a membrane time; common slips are recognized by what they compute."""
    neuron, voltage, current = _membranes((6,))
    dt = float(fresh().uniform(0.4, 0.7)) * neuron.membrane_time
    found = _voltages(function, neuron, voltage, current, dt)
    expected = _moved(neuron, voltage, current, dt)
    if np.allclose(found, expected, rtol=0, atol=_VOLT):
        return None
    for sentence, wrong in wrong_steps(neuron, voltage, current, dt):
        if np.allclose(found, wrong, rtol=1e-7, atol=_VOLT):
            return sentence
    place = int(np.abs(found - expected).argmax())
    theirs, ours = apart(1e3 * found[place], 1e3 * expected[place])
    return (
        f"It returns {theirs} mV where the voltage is {ours} mV after a step of {1e3 * dt:.3g} ms."
    )


def _long_step(function: Student) -> str | None:
    """After a thousand membrane times nothing is left of the beginning."""
    neuron, voltage, current = _membranes((6,))
    dt = 1000 * neuron.membrane_time
    found = _voltages(function, neuron, voltage, current, dt)
    expected = neuron.rest + neuron.resistance * current
    if np.allclose(found, expected, rtol=0, atol=_VOLT):
        return None
    if not np.isfinite(found).all() or np.abs(found).max() > 10 * np.abs(expected).max():
        return "After a very long step the voltage explodes. Where does it settle?"
    return "After a very long step the voltage is not where the membrane settles."


def _no_time(function: Student) -> str | None:
    """Zero is a time as any other."""
    neuron, voltage, current = _membranes((6,))
    if np.allclose(_voltages(function, neuron, voltage, current, 0.0), voltage, atol=_VOLT):
        return None
    return "A step of length 0 changes the voltage."


def _short_step(function: Student) -> str | None:
    """Two thousandths of a membrane time: every method agrees to within a percent."""
    neuron, voltage, current = _membranes((6,))
    dt = 2e-3 * neuron.membrane_time
    found = _voltages(function, neuron, voltage, current, dt)
    expected = _moved(neuron, voltage, current, dt)
    off = np.abs(found - expected).max() / np.abs(expected - voltage).max()
    if off < 0.01:
        return None
    if np.allclose(found, voltage, atol=_VOLT):
        return "In a short step the voltage does not move."
    return (
        "A short step of two thousandths of the membrane time is off. It should carry the voltage "
        "two thousandths of the way to where it settles, to within a percent."
    )


def _shapes(function: Student) -> str | None:
    """Rows and columns, one membrane."""
    for shape in ((2, 3), (1,), (3, 1, 2)):
        neuron, voltage, current = _membranes(shape)
        dt = 2e-3 * neuron.membrane_time
        expected = _moved(neuron, voltage, current, dt)
        if not np.allclose(
            _voltages(function, neuron, voltage, current, dt), expected, rtol=0, atol=1e-6
        ):
            return f"It is wrong for arrays of the shape {shape}."
    return None


def _step_keeps(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    neuron, voltage, current = _membranes((6,))
    if keeps(function, neuron, voltage, current, 1e-3):
        return None
    return "It changes an array that it is given. Whoever gave it still needs it: make a new one."
