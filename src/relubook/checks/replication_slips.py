"""Tables for the checks of the replication's report, and the slips known by what comes out."""

import copy
import math
import secrets
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.special import stdtrit

from relubook.checks.replication_plan import EXAMPLE

_UNPAIRED = (
    "The interval is that of two groups which have nothing to do with each other. What do two runs "
    "of one seed have in common?"
)
_NORMAL = "The quantile is that of a normal distribution. What is not known with so few seeds?"
_SQUARES = "The sum of squares is divided by n. How many of the n differences are free?"
_ONE_SIDED = "The quantile leaves 5 % on each side. How much should be left on both together?"
_SINGLE = "The interval is where single seeds lie. How much surer is one of a mean of n of them?"


class Given(NamedTuple):
    """What the student's function is given; the first two conditions of the plan count."""

    table: dict[str, dict[int, float]]
    plan: dict[str, Any]

    @property
    def pairs(self) -> Float[np.ndarray, "2 seeds"]:
        """The numbers of both conditions, seed by seed."""
        rows = (self.table[name] for name in self.plan["conditions"][:2])
        return np.array([[row[seed] for seed in self.plan["seeds"]] for row in rows])

    @property
    def differences(self) -> Float[np.ndarray, "finite"]:
        """First minus second condition, of the seeds of which neither diverged."""
        found = self.pairs[0] - self.pairs[1]
        return found[np.isfinite(found)]


def draw(n: int, *, effect: float, scatter: float, seeds_apart: float, **plan: object) -> Given:
    """A table of three conditions whose first two differ by exactly this effect and scatter.

    Args:
        n: Seeds.
        effect: Mean difference.
        scatter: Standard deviation of the differences (ddof 1).
        seeds_apart: Standard deviation of what a seed adds to all conditions.
        plan: Fields other than the example's.
    """
    generator = np.random.default_rng(secrets.randbits(62))
    noise = generator.uniform(-1, 1, n) + np.linspace(-1, 1, n) ** 3
    noise = generator.permutation(noise - noise.mean())
    differences = effect + scatter * noise / noise.std(ddof=1)
    second = 50 + seeds_apart * generator.permutation(np.linspace(-1.6, 1.6, n))
    rows = [second + differences, second, second + generator.uniform(20, 30, n)]
    seeds = sorted(int(seed) for seed in generator.choice(10_000, n, replace=False))
    names = [f"{name} {generator.integers(1000)}" for name in ("one", "other", "third")]
    table = {
        name: dict(zip(seeds, map(float, row), strict=True))
        for name, row in zip(names, rows, strict=True)
    }
    shown = {name: table[name] for name in (names[2], names[1], names[0])}
    fields = dict(EXAMPLE) | {"conditions": names, "seeds": seeds} | plan
    return Given(shown, fields)


def usual(n: int = 8) -> Given:
    """A table for which every slip has a value of its own."""
    sign = secrets.choice((-1.0, 1.0))
    return draw(n, effect=3 * sign, scatter=1.0, seeds_apart=6.0)


def half_width(differences: Float[np.ndarray, "pairs"]) -> float:
    """Half the width of the 95 % t interval of a mean."""
    n = len(differences)
    return _quantile(n - 1) * float(differences.std(ddof=1)) / math.sqrt(n)


def without(given: Given, *lost: tuple[int, int]) -> Given:
    """Some runs diverged.

    Args:
        given: All that was measured.
        lost: The position of the condition and that of the seed.
    """
    table = copy.deepcopy(given.table)
    for condition, seed in lost:
        table[given.plan["conditions"][condition]][given.plan["seeds"][seed]] = math.nan
    return Given(table, given.plan)


def wrong_effects(given: Given) -> dict[str, list[float]]:
    """What comes out if something else is compared, or otherwise: a sentence and its numbers."""
    d, (first, second) = given.differences, given.pairs
    name = given.plan["conditions"][2]
    third = np.array([given.table[name][seed] for seed in given.plan["seeds"]])
    others = [one.mean() - third.mean() for one in (first, second)]
    found = {
        "The effect is second minus first condition. Which way does the plan compare?": [-d.mean()],
        "The effect is a median. The mean is asked for.": [np.median(d)],
        "The effect is that of one seed only. What about the others?": [
            *d, first.min() - second.min(), first.max() - second.max(),
        ],
        "The effect is in percent of a condition.": [100 * d.mean() / second.mean()],
        "The effect is the mean of one condition. Compared with what?": [
            first.mean(), second.mean(),
        ],
        "The effect compares other conditions than the plan's first two.": [
            *others, *(-one for one in others),
        ],
    }  # fmt: skip
    return {sentence: [float(value) for value in values] for sentence, values in found.items()}


def wrong_half_widths(given: Given) -> dict[str, list[float]]:
    """What half of the interval is if it is made otherwise: a sentence and its numbers."""
    (first, second), d = given.pairs, given.differences
    n, error = len(d), float(d.std(ddof=1)) / math.sqrt(len(d))
    t, root = _quantile(n - 1), math.sqrt(n / (n - 1))
    shares = [float(one.var(ddof=1)) / n for one in (first, second)]
    welch = sum(shares) ** 2 * (n - 1) / sum(share**2 for share in shares)
    unpaired = [
        quantile * math.sqrt(sum(shares)) / divisor
        for quantile in (1.96, 2.0, t, _quantile(2 * n - 2), _quantile(welch))
        for divisor in (1.0, root)
    ]
    return {
        _UNPAIRED: unpaired,
        _NORMAL: [1.96 * error, 2.0 * error],
        _SQUARES: [t * error / root],
        "The quantile and the divisor are both those of many seeds.": [1.96 * error / root],
        _ONE_SIDED: [_quantile(n - 1, 0.95) * error],
        "The quantile has n degrees of freedom.": [_quantile(n) * error],
        "The interval is one standard error to each side.": [error, error / root],
        _SINGLE: [t * error * math.sqrt(n), 1.96 * error * math.sqrt(n)],
        "The interval is one standard deviation to each side.": [error * math.sqrt(n)],
        "The interval goes from the lowest to the highest difference.": [float(np.ptp(d)) / 2],
    }


def _quantile(degrees: int | float, share: float = 0.975) -> float:
    """Of Student's t."""
    return float(stdtrit(degrees, share))
