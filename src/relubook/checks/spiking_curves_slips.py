"""Wrong fits of a rectifier to rates, each with a sentence about it."""

import math
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

Points = Float[np.ndarray, "points"]
Fit = tuple[float, float]  # gain [Hz/A], threshold [A]

_FINE = 2001  # thresholds of the reference's search
_SEARCH = 501  # of slips'
_ABOUT = 2e-3  # how far a search over other thresholds may lie, of the range of currents


class Slip(NamedTuple):
    """A wrong fit, how far others of its kind may lie (of the range), and a sentence."""

    fit: Fit
    within: float
    sentence: str

    def away(self, fit: Fit, size: float) -> float:
        """How far another fit is from it, up to 1 for one of its kind.

        Args:
            fit: Gain [Hz/A] and threshold [A].
            size: The range of the currents [A].
        """
        gain, threshold = self.fit
        apart = abs(fit[0] / gain - 1) / 4 if gain else math.inf
        return max(apart, abs(fit[1] - threshold) / size) / max(1e-6, self.within)


def squares(fit: Fit, current: Points, rate: Points) -> float:
    """The sum of the squared distances of a fitted rectifier from rates [Hz^2]."""
    gain, threshold = fit
    return float(((gain * np.maximum(0, current - threshold) - rate) ** 2).sum())


def best(current: Points, rate: Points) -> Fit:
    """Least squares over a fine grid of thresholds."""
    return _searched(current, rate, _thresholds(current, _FINE))


def slips(current: Points, rate: Points) -> Iterator[Slip]:
    """Fits that answer another question than that for the least squares.

    Args:
        current: In any order [A].
        rate: Some of them 0 [Hz].
    """
    yield from _of_threshold(current, rate)
    yield from _of_error(current, rate)


def _of_threshold(current: Points, rate: Points) -> Iterator[Slip]:
    """Fits that find the threshold in another way."""
    fires = rate > 0
    yield Slip(
        _line(current, rate),
        0.0,
        "It is a straight line through all points. A rectifier is not straight: the silent points "
        "pull such a line down.",
    )
    yield Slip(
        _line(current[fires], rate[fires]),
        0.0,
        "It is a straight line through the positive rates only. All points count: also those where "
        "the neuron was silent and the fit is not, and the other way round.",
    )
    first = float(current[fires].min())
    yield Slip(
        (_gain(current, rate, first), first),
        0.0,
        "The threshold is the smallest current with a rate that is not 0. Noise alone can make a "
        "spike: let all points have their say.",
    )
    last = float(current[~fires].max())
    yield Slip(
        (_gain(current, rate, last), last),
        0.0,
        "The threshold is the largest current with a rate of 0. Noise alone can keep a neuron "
        "silent: let all points have their say.",
    )
    yield Slip(
        _searched(current, rate, np.unique(current)[:-1]),
        0.0,
        "It tries the measured currents only. The best threshold may lie between two of them.",
    )


def _of_error(current: Points, rate: Points) -> Iterator[Slip]:
    """Fits that make something else small, or whose gain is that of one point."""
    grid, top = _thresholds(current, _SEARCH), int(current.argmax())
    yield Slip(
        _searched(current, rate, grid, error=lambda off: np.abs(off).max(1)),
        _ABOUT,
        "It makes the largest distance small, where the sum of the squares should be small.",
    )
    yield Slip(
        _searched(current, rate, grid, error=lambda off: np.abs(off).sum(1)),
        _ABOUT,
        "It makes the sum of the distances small, where that of their squares should be small.",
    )
    yield Slip(
        _searched(current, rate, grid, lambda above: rate[top] / above[:, top]),
        _ABOUT,
        "The gain is that of one current, the largest. Its noise is then in every rate of the fit.",
    )


def wrong_gain(fit: Fit, current: Points, rate: Points) -> str | None:
    """A sentence if a gain follows from its threshold by another rule than least squares.

    Args:
        fit: Gain [Hz/A] and threshold [A].
        current: In any order [A].
        rate: [Hz].
    """
    gain, threshold = fit
    above = np.maximum(0, current - threshold)
    on = above > 0
    if len(np.unique(above[on])) < 2:
        return None
    if not math.isclose(gain, (rate[on] / above[on]).mean(), rel_tol=1e-9):
        return None
    return (
        "The gain is a mean of ratios, rate over current above the threshold. Near the threshold "
        "a small rate is divided by nearly nothing. For which gain is the squared error least?"
    )


def slips_of_order(current: Points, rate: Points) -> Iterator[Slip]:
    """Fits that would be right if currents rose, and each of them were measured once."""
    ends = np.linspace(current[0], current[-1], _SEARCH)[1:-1]
    yield Slip(
        _searched(current, rate, ends),
        _ABOUT,
        "It searches between the first and the last current. These are not the smallest and the "
        "largest: measurements come in any order.",
    )
    each = np.unique(current)
    means = np.array([rate[current == one].mean() for one in each])
    yield Slip(
        _searched(each, means, _thresholds(each, _SEARCH)),
        _ABOUT,
        "It takes the mean of the rates at each current, and fits as if each mean were one "
        "measurement. Every measurement counts once: some currents have more of them.",
    )
    yield Slip(
        _searched(each, np.array([rate[current == one][-1] for one in each]),
                  _thresholds(each, _SEARCH)),
        _ABOUT,
        "Of several rates at one current it takes only the last. Every measurement counts.",
    )  # fmt: skip


def _thresholds(current: Points, many: int) -> Float[np.ndarray, "thresholds"]:
    """From the smallest current up to, but without, the largest."""
    return np.linspace(current.min(), current.max(), many)[:-1]


def _line(current: Points, rate: Points) -> Fit:
    """Slope and zero of the line through points."""
    size = np.abs(current).max()
    slope, start = np.polyfit(current / size, rate, 1)
    return float(slope / size), float(-start / slope * size)


def _gain(current: Points, rate: Points, threshold: float) -> float:
    """The best gain for a threshold."""
    above = np.maximum(0, current - threshold)
    return float(above @ rate / (above @ above))


def _searched(
    current: Points,
    rate: Points,
    thresholds: Float[np.ndarray, "thresholds"],
    gains: Callable[[np.ndarray], np.ndarray] | None = None,
    error: Callable[[np.ndarray], np.ndarray] | None = None,
) -> Fit:
    """The fit with the least error among thresholds, each with a gain of its own."""
    above = np.maximum(0, current - thresholds[:, None])
    power = (above**2).sum(1)
    gain = gains(above) if gains else above @ rate / np.where(power > 0, power, 1.0)
    off = gain[:, None] * above - rate
    errors = error(off) if error else (off**2).sum(1)
    place = int(errors.argmin())
    return float(gain[place]), float(thresholds[place])
