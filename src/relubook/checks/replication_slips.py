"""Tables for the checks of the replication's report, and the slips known by what comes out."""

import copy
import math
import secrets
from collections.abc import Iterator
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


def usual(n: int | None = None) -> Given:
    """A table for which every slip has a value of its own."""
    n = 5 + secrets.randbelow(4) if n is None else n
    sign = secrets.choice((-1.0, 1.0))
    return draw(n, effect=3 * sign, scatter=1.0, seeds_apart=6.0)


def half_width(differences: Float[np.ndarray, "pairs"]) -> float:
    """Half the width of the 95 % t interval of a mean."""
    n = len(differences)
    return float(stdtrit(n - 1, 0.975)) * float(differences.std(ddof=1)) / math.sqrt(n)


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


def wrong_effects(given: Given) -> Iterator[tuple[str, float]]:
    """What comes out if something else is compared, or otherwise."""
    d, (first, second) = given.differences, given.pairs
    name = given.plan["conditions"][2]
    third = np.array([given.table[name][seed] for seed in given.plan["seeds"]])
    yield "The effect is second minus first condition. Which way does the plan compare?", -d.mean()
    yield "The effect is a median. The mean is asked for.", float(np.median(d))
    for one in (*d, first.min() - second.min(), first.max() - second.max()):
        yield "The effect is that of one seed only. What about the others?", one
    yield "The effect is in percent of a condition.", 100 * d.mean() / second.mean()
    yield "The effect is the mean of one condition. Compared with what?", first.mean()
    yield "The effect is the mean of one condition. Compared with what?", second.mean()
    for one in (first, second):
        for sign in (-1, 1):
            yield (
                "The effect compares other conditions than the plan's first two.",
                sign * (one.mean() - third.mean()),
            )


def wrong_half_widths(given: Given) -> Iterator[tuple[str, float]]:
    """What half of the interval is if it is made otherwise."""
    (first, second), d = given.pairs, given.differences
    n, error = len(d), float(d.std(ddof=1)) / math.sqrt(len(d))
    t, root = float(stdtrit(n - 1, 0.975)), math.sqrt(n / (n - 1))
    variances = first.var(ddof=1) / n + second.var(ddof=1) / n
    welch = variances**2 * (n - 1) / ((first.var(ddof=1) / n) ** 2 + (second.var(ddof=1) / n) ** 2)
    for quantile in (1.96, 2.0, t, float(stdtrit(2 * n - 2, 0.975)), float(stdtrit(welch, 0.975))):
        yield _UNPAIRED, quantile * math.sqrt(variances)
        yield _UNPAIRED, quantile * math.sqrt(variances) / root
    yield _NORMAL, 1.96 * error
    yield _NORMAL, 2.0 * error
    yield _SQUARES, t * error / root
    yield "The quantile and the divisor are both those of many seeds.", 1.96 * error / root
    yield _ONE_SIDED, float(stdtrit(n - 1, 0.95)) * error
    yield "The quantile has n degrees of freedom.", float(stdtrit(n, 0.975)) * error
    yield "The interval is one standard error to each side.", error
    yield _SINGLE, t * error * math.sqrt(n)
    yield "The interval is one standard deviation to each side.", error * math.sqrt(n)
    yield "The interval goes from the lowest to the highest difference.", float(np.ptp(d)) / 2
