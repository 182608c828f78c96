"""How long a noisy voltage takes on average from one level to a higher one, safe from overflow."""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float
from scipy import special

_FAR = 10.0  # from here on the integrand is its asymptotic series, to 13 digits
_NEVER = 26.6  # exp(u²) with u above this exceeds what a number can hold
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


def mean_time(
    over: Float[np.ndarray, "currents"], gap: float, noise: float
) -> Float[np.ndarray, "currents"]:
    """The mean time that a leaky membrane with white noise takes from its reset to its threshold.

    It is sqrt(pi) times the integral of exp(u²) (1 + erf u) = erfcx(-u) from the reset to the
    threshold, both seen from the settled voltage in units of sqrt(2) noise. It is computed in three
    parts: u above 0, where the integrand grows like exp(u²), -10 to 0, and below that.

    Args:
        over: How far the voltage would settle above the threshold [V]; negative below it.
        gap: From the reset up to the threshold [V], above 0.
        noise: Standard deviation of the voltage without a threshold [V], above 0.

    Returns:
        In membrane times [1]; infinity where it exceeds what a number can hold.

    References:
        Siegert, Physical Review 81, 617 (1951).
    """
    unit = math.sqrt(2) * noise
    with np.errstate(over="ignore", under="ignore", divide="ignore"):
        low = np.clip(-(over + gap) / unit, -_NEVER, 2 * _NEVER)
        high = np.clip(-over / unit, -_NEVER, 2 * _NEVER)
        between = _integral(
            lambda u: special.erfcx(-u), np.clip(low, -_FAR, 0), np.clip(high, -_FAR, 0)
        )
        above = _above(np.maximum(low, 0), np.maximum(high, 0))
        return math.sqrt(math.pi) * (above + between) + _below(over, gap, unit)


def _above(
    low: Float[np.ndarray, "currents"], high: Float[np.ndarray, "currents"]
) -> Float[np.ndarray, "currents"]:
    """The part with u above 0. exp(high²) is taken out, so that what is integrated is at most 2.

    That falls by 40 powers of e within 40 / high below `high`; the rest does not count.
    """
    length = np.minimum(high - low, 40 / np.maximum(high, 1.0))
    top = high[..., None]
    scaled = _integral(
        lambda t: np.exp(-t * (2 * top - t)) * special.erfc(t - top), np.zeros_like(length), length
    )
    return np.where(high > _NEVER, np.inf, np.exp(np.minimum(high, _NEVER) ** 2) * scaled)


def _below(
    over: Float[np.ndarray, "currents"], gap: float, unit: float
) -> Float[np.ndarray, "currents"]:
    """The part with u below -10, times sqrt(pi): the time without noise, and a series."""
    edge, far = _FAR * unit, over + gap  # as voltages, so that a tiny noise does no harm
    counts = far > edge
    logs = np.where(
        over > edge,
        np.log1p(gap / np.where(over > 0, over, 1.0)),
        np.log(np.where(counts, far, 1.0)) - math.log(_FAR) - math.log(unit),
    )
    x = unit / np.maximum(over, edge)
    y = unit / np.where(counts, far, np.inf)
    series, odd = np.zeros_like(logs), 1.0
    for n in range(1, 9):  # erfcx(x) = (1 - 1 / (2 x²) + 1 · 3 / (2 x²)² - ...) / (x sqrt(pi))
        odd *= -(2 * n - 1) / 2
        series += odd * (x ** (2 * n) - y ** (2 * n)) / (2 * n)
    return np.where(counts, logs + series, 0.0)


def _integral(
    function: Callable[[np.ndarray], np.ndarray], low: np.ndarray, high: np.ndarray
) -> Float[np.ndarray, "currents"]:
    """Gauss and Legendre's rule with 64 nodes between arrays of limits."""
    half = (high - low)[..., None] / 2
    return (half * function(low[..., None] + half * (1 + _NODES)) * _WEIGHTS).sum(-1)
