"""The statistics that claims are judged by: a mean, a slope, a ratio and a hinge, with intervals.

All intervals cover 95 %. Each estimate also says what it could have seen: the smallest difference
that n such measurements would detect in four of five repetitions, at the 5 % level.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from jaxtyping import Float
from scipy.special import stdtrit

Values = Float[np.ndarray, "values"]
Networks = Float[np.ndarray, "networks"]

_RESAMPLES = 2000
_BREAKS = 241  # places at which a hinge is tried


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """A number and how sure we are of it.

    Attributes:
        value: The estimate; NaN when there was too little to estimate it from.
        low: Lower end of the 95 % interval.
        high: Upper end of the 95 % interval.
        visible: The smallest difference this n could see (80 % power, two-sided 5 % level).
        n: How many measurements.
        method: How the interval was made.
    """

    value: float
    low: float
    high: float
    visible: float
    n: int
    method: str


@dataclass(frozen=True, kw_only=True)
class Hinge:
    """A line that bends once.

    Attributes:
        bend: Where it bends, in units of x.
        level: Its height at the bend.
        before: Its slope before the bend; 0 for a flat start.
        after: Its slope after the bend.
    """

    bend: float
    level: float
    before: float
    after: float


def count(number: int, *, n: int) -> Estimate:
    """A plain number of things among n, with nothing to be unsure of."""
    value = float(number)
    return Estimate(value=value, low=value, high=value, visible=1.0, n=n, method="count")


def mean(values: Values) -> Estimate:
    """The mean with a t interval.

    Args:
        values: Independent measurements, such as one per seed; fewer than 2 give NaN.
    """
    n = len(values)
    if n < 2:
        return _nothing(n, "t interval")
    error = float(np.std(values, ddof=1)) / math.sqrt(n)
    return _by_t(float(np.mean(values)), error, degrees=n - 1, n=n)


def share(number: int, *, n: int) -> Estimate:
    """The share of n independent trials in which something happened, with Wilson's interval.

    Args:
        number: Of trials in which it happened.
        n: Trials, at least 1.

    References:
        wilson1927.

    >>> round(share(0, n=100).high, 3)
    0.037
    """
    z, found = NormalDist().inv_cdf(0.975), number / n
    middle = (found + z * z / (2 * n)) / (1 + z * z / n)
    reach = z * math.sqrt(found * (1 - found) / n + (z / (2 * n)) ** 2) / (1 + z * z / n)
    power = z + NormalDist().inv_cdf(0.8)
    return Estimate(
        value=found,
        low=middle - reach if number > 0 else 0.0,
        high=middle + reach if number < n else 1.0,
        visible=power * math.sqrt(middle * (1 - middle) / n),
        n=n,
        method="Wilson interval",
    )


def slope(x: Networks, y: Networks) -> Estimate:
    """The slope of the least-squares line, with a t interval.

    Args:
        x: What is varied; fewer than 3 networks, or all at one place, give NaN.
        y: What answers.
    """
    n = len(x)
    if n < 3 or np.ptp(x) == 0:
        return _nothing(n, "t interval")
    across, up = x - x.mean(), y - y.mean()
    rate = float(across @ up / (across @ across))
    left = up - rate * across
    error = math.sqrt(float(left @ left) / (n - 2) / float(across @ across))
    return _by_t(rate, error, degrees=n - 2, n=n)


def ratio_of_means(
    above: Float[np.ndarray, "above"], below: Float[np.ndarray, "below"], *, seed: int = 0
) -> Estimate:
    """mean(above) / mean(below), with a bootstrap interval that resamples each group.

    Args:
        above: The group in the numerator; fewer than 2 networks give NaN.
        below: The group in the denominator.
        seed: Of the resampling.
    """
    n = min(len(above), len(below))
    if n < 2:
        return _nothing(n, "bootstrap interval")
    generator = np.random.default_rng(seed)
    means = [
        generator.choice(group, size=(_RESAMPLES, len(group))).mean(1) for group in (above, below)
    ]
    return _by_bootstrap(float(above.mean() / below.mean()), means[0] / means[1], n)


def hinge(x: Networks, y: Networks, *, flat: bool = True) -> Hinge:
    """The least-squares line that bends once, tried at many bends within the data.

    Args:
        x: What is varied; at least 4 networks.
        y: What answers.
        flat: Keep the slope before the bend at zero.

    Returns:
        The best of the bends tried.

    Raises:
        ValueError: If there are fewer than 4 networks.
    """
    if len(x) < 4:
        raise ValueError(f"A hinge needs at least 4 networks. Got {len(x)}.")
    bend = float(_best(x, y, np.ones((1, len(x))), flat=flat)[0])
    columns = [np.ones_like(x), np.maximum(x - bend, 0)]
    columns += [] if flat else [x - bend]
    level, change, *before = np.linalg.lstsq(np.column_stack(columns), y)[0]
    start = float(before[0]) if before else 0.0
    return Hinge(bend=bend, level=float(level), before=start, after=start + float(change))


def bend(x: Networks, y: Networks, *, flat: bool = True, seed: int = 0) -> Estimate:
    """Where the best hinge bends, with a bootstrap interval that resamples networks.

    Args:
        x: What is varied; fewer than 8 networks, or all at one place, give NaN.
        y: What answers.
        flat: Keep the slope before the bend at zero.
        seed: Of the resampling.
    """
    n = len(x)
    if n < 8 or np.ptp(x) == 0:
        return _nothing(n, "bootstrap interval")

    drawn = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=_RESAMPLES)
    found = _best(x, y, np.vstack([np.ones(n), drawn]), flat=flat)
    return _by_bootstrap(float(found[0]), found[1:], n)


def difference_z(first: float, second: float, *, n: int) -> float:
    """The z of the difference of two shares, each measured on n examples.

    Args:
        first: A share in 0..1.
        second: Another one.
        n: Test examples of each.

    Returns:
        z; beyond ±1.96 the shares differ at the 5 % level.
    """
    pooled = (first + second) / 2
    return (first - second) / math.sqrt(2 * pooled * (1 - pooled) / n)


def _bends(x: Networks) -> Float[np.ndarray, "bends"]:
    """The places to try: between the outermost networks, at least two of them on each side."""
    inner = np.sort(x)[1:-1]
    return np.linspace(inner[0], inner[-1], _BREAKS)


def _best(
    x: Networks, y: Networks, times: Float[np.ndarray, "samples networks"], *, flat: bool
) -> Float[np.ndarray, "samples"]:
    """The best bend in each sample, in which network i occurs `times[:, i]` times.

    The rising part z = max(0, x - bend) explains cov(z, y)² / var(z) of the squared error; where
    the line may have a slope before the bend, what x explains is taken off both first.
    """
    bends = _bends(x)
    x, y = x - x.mean(), y - y.mean()
    rise = np.maximum(x - (bends - bends[0] + np.sort(x)[1])[:, None], 0)  # [bends networks]
    total = times.sum(1, keepdims=True)

    def spread(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return times @ (a * b).T - (times @ a.T) * (times @ b.T) / total

    across, up = x[None], y[None]
    power, together = spread(rise, rise), spread(rise, up)
    if not flat:
        line = spread(rise, across) / np.maximum(spread(across, across), 1e-300)
        power = power - line * spread(rise, across)
        together = together - line * spread(across, up)
    usable = power > 1e-9 * np.ptp(x) ** 2
    explained = np.where(usable, together**2 / np.where(usable, power, 1.0), -np.inf)
    return bends[explained.argmax(1)]


def _by_t(value: float, error: float, *, degrees: int, n: int) -> Estimate:
    """An estimate from its standard error and Student's t."""
    reach, power = (float(stdtrit(degrees, share)) for share in (0.975, 0.8))
    return Estimate(
        value=value,
        low=value - reach * error,
        high=value + reach * error,
        visible=(reach + power) * error,
        n=n,
        method="t interval",
    )


def _by_bootstrap(value: float, drawn: np.ndarray, n: int) -> Estimate:
    """An estimate from its bootstrap distribution: 2.5th and 97.5th percentile."""
    low, high = (float(end) for end in np.percentile(drawn, (2.5, 97.5)))
    quantile = NormalDist().inv_cdf
    visible = (quantile(0.975) + quantile(0.8)) * float(np.std(drawn, ddof=1))
    return Estimate(
        value=value, low=low, high=high, visible=visible, n=n, method="bootstrap interval"
    )


def _nothing(n: int, method: str) -> Estimate:
    """The estimate from too few measurements."""
    nan = math.nan
    return Estimate(value=nan, low=nan, high=nan, visible=nan, n=n, method=method)
