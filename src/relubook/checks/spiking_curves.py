"""Checks of the assignment on neurons: what stands for the curve of its rates over currents."""

import math
from collections.abc import Callable, Iterator

import numpy as np
from jaxtyping import Float

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
from relubook.checks.spiking_curves_slips import (
    Fit,
    Slip,
    best,
    slips,
    slips_of_order,
    squares,
    wrong_gain,
)

__all__ = ["ALLOWED", "check_fit", "check_measurements"]

Points = Float[np.ndarray, "points"]
Data = tuple[Points, Points]
Slips = Callable[[Points, Points], Iterator[Slip]]

ALLOWED = 1.01  # times the least squared error

_FIT = "Return two numbers: the gain [Hz/A] and the threshold [A]."
_ABOVE = "The squared error of its fit is "
_TELLING = 1.02  # times the least squared error; every slip is further off than that


def check_fit(function: object) -> Outcome:
    """Check `fit_rectifier(current, rate)` on noisy rates over rising currents.

    Args:
        function: Takes currents [A] and as many rates [Hz]; returns the gain [Hz/A] and the
            threshold [A] of the rectifier with the least squared error. 1 % more is right, too.

    Returns:
        What was found; `require()` stops a cell unless all passed.
    """
    return outcome(function, _least_squares, _other_sizes)


def check_measurements(function: object) -> Outcome:
    """Check `fit_rectifier` on currents in any order, some of them repeated, and a silent neuron.

    Args:
        function: As for `check_fit`.
    """
    return outcome(function, _any_order, _all_points, _never_fires, _points_are_kept)


def _measured(currents: Points, generator: np.random.Generator, size: float) -> Data:
    """Currents [A] and rates [Hz] of a noisy neuron; the currents are from -1 to 2 sizes."""
    threshold, gain = float(generator.uniform(0.2, 0.6)), float(generator.uniform(40, 80))
    noise = generator.normal(0, 5, len(currents))
    odd = generator.choice(len(currents), 3, replace=False)
    noise[odd] += 25 * generator.choice([-1, 1], 3)
    rate = gain * np.maximum(0, currents - threshold) + noise
    return size * currents, np.maximum(0, rate)


def _rising(size: float = 1e-9) -> Data:
    """Two rates at each of 12 currents."""
    generator = fresh()
    currents = np.linspace(-1, 2, 12) + generator.uniform(-0.05, 0.05, 12)
    return _measured(np.repeat(currents, 2), generator, size)


def _shuffled() -> Data:
    """Some currents measured once, some five times, in no order; first and last are no ends."""
    generator = fresh()
    currents = np.linspace(-1, 2, 12) + generator.uniform(-0.05, 0.05, 12)
    often = generator.permutation([1] * 8 + [5] * 4)
    middle = generator.permutation(np.repeat(currents, often))
    ends = generator.permutation(generator.uniform(0.4, 1, 2) * [1, 1.4])
    return _measured(np.concatenate([ends[:1], middle, ends[1:]]), generator, 1e-9)


def _telling(draw: Callable[[], Data], kind: Slips) -> Data:
    """Data for which every slip is off by more than is allowed, and like no other slip."""
    while True:
        current, rate = draw()
        if not (rate == 0).any():
            continue
        least, size = squares(best(current, rate), current, rate), float(np.ptp(current))
        found: list[Slip] = []
        for slip in kind(current, rate):
            alike = any(
                min(other.away(slip.fit, size), slip.away(other.fit, size)) < 3 for other in found
            )
            if alike or squares(slip.fit, current, rate) < _TELLING * least:
                break
            found.append(slip)
        else:
            return current, rate


def _fit(function: Student, current: Points, rate: Points) -> Fit:
    """The student's gain and threshold, both finite."""
    found = numbers(asked(function, current, rate), _FIT)
    if found.size != 2:
        raise FormError(f"It returns {found.size} numbers. {_FIT}")
    gain, threshold = (float(one) for one in found.ravel())
    if not (math.isfinite(gain) and math.isfinite(threshold)):
        raise FormError(
            f"It returns the gain {gain:g} and the threshold {threshold:g}. At which thresholds is "
            "no point left above?"
        )
    return gain, threshold


def _judged(fit: Fit, current: Points, rate: Points, *kinds: Slips) -> str | None:
    """A sentence unless the squared error is about the least."""
    right = best(current, rate)
    least, found = squares(right, current, rate), squares(fit, current, rate)
    if found <= ALLOWED * least:
        return None
    sentence, size = wrong_gain(fit, current, rate), float(np.ptp(current))
    if sentence:
        return sentence
    for kind in kinds:
        nearest = min(kind(current, rate), key=lambda slip: slip.away(fit, size))
        if nearest.away(fit, size) <= 1:
            return nearest.sentence
    times = found / least
    return _units(fit, right, least, current, rate) or (
        f"{_ABOVE}{f'{times:.2f}' if times < 10 else f'{times:.0f}'} times the least. Which "
        "thresholds does it try, and which gain has the least error for each?"
    )


def _units(fit: Fit, right: Fit, least: float, current: Points, rate: Points) -> str | None:
    """A sentence about gain and threshold in another order or in other units."""
    gain, threshold = fit
    forms = {
        "It returns the threshold first. The gain is asked for first.": (threshold, gain),
        "The gain is right, the threshold is in nA.": (gain, 1e-9 * threshold),
        "The threshold is right, the gain is in Hz per nA.": (1e9 * gain, threshold),
        "It is right in nA. All units are SI: amperes, and Hz per ampere.": (
            1e9 * gain,
            1e-9 * threshold,
        ),
    }
    for sentence, form in forms.items():
        if squares(form, current, rate) <= ALLOWED * least:
            return sentence
    if gain < 0:
        return "The gain is negative: its neuron fires less the more it is excited."
    if gain < 1e-3 * right[0]:
        return (
            "The gain is far too small. Currents are about 1e-9 A, their squares 1e-18: is "
            "anything added to them that is small only beside 1?"
        )
    return None


def _least_squares(function: Student) -> str | None:
    """Data for which every slip gives a fit of its own."""
    data = _telling(_rising, slips)
    return _judged(_fit(function, *data), *data, slips)


def _other_sizes(function: Student) -> str | None:
    """Currents of other sizes: the search must not know where it ends beforehand."""
    for size, unit in ((1e-12, "pA"), (1e-6, "uA")):
        data = _rising(size)
        if _judged(_fit(function, *data), *data):
            return (
                f"It is wrong for currents of a few {unit}. Between which currents does it search?"
            )
    return None


def _any_order(function: Student) -> str | None:
    """Measurements as they come."""
    data = _telling(_shuffled, slips_of_order)
    message = _judged(_fit(function, *data), *data, slips_of_order, slips)
    if message is None:
        return None
    order = np.argsort(data[0])
    rising = data[0][order], data[1][order]
    if message.startswith(_ABOVE) and _judged(_fit(function, *rising), *rising) is None:
        return "It is wrong unless the currents rise. Measurements come in any order."
    return message


def _all_points(function: Student) -> str | None:
    """The slips of rising currents are wrong in any order, too."""
    data = _telling(_shuffled, slips)
    return _judged(_fit(function, *data), *data, slips)


def _never_fires(function: Student) -> str | None:
    """A neuron that never fires has a gain of 0, whatever its threshold."""
    current, _ = _rising()
    gain, _ = _fit(function, current, np.zeros(len(current)))
    if gain == 0:
        return None
    return f"For a neuron that never fires it returns the gain {gain:g}. It should be 0."


def _points_are_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    if keeps(function, *_shuffled()):
        return None
    return "It changes the measurements that it is given: perhaps it sorts them in place."
