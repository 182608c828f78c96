"""Checks of the assignment on sparse training: paired intervals."""

import math
from collections.abc import Iterator

import numpy as np
from jaxtyping import Float
from scipy.special import ndtri, stdtrit

from relubook.checks import Outcome, run_cases
from relubook.checks.sparse_training_answers import (
    Student,
    alike,
    asked,
    cases,
    first_of,
    fresh,
    number,
    parts,
    quietly,
)

Seeds = Float[np.ndarray, "seeds"]

_NAMES = ("the mean", "the lower end", "the upper end")
_UNPAIRED = (
    "The interval is that of two groups that have nothing to do with each other. Here a seed "
    "gives both networks the same first weights: what does that cancel?"
)
_ONE_SIDE = (
    "Each end leaves out as much as both should together. Which share lies below the upper end?"
)


def t_quantile(share: float, degrees: float | int) -> float:
    """Below which number this share of Student's t distribution lies.

    Args:
        share: Between 0 and 1.
        degrees: Of freedom, at least 1.

    Raises:
        ValueError: If one of them is out of its range.

    >>> round(t_quantile(0.975, 4), 3)
    2.776
    """
    if not 0 < share < 1:
        raise ValueError(f"The `share` of t_quantile must lie between 0 and 1. Got {share:g}.")
    if not degrees >= 1:
        raise ValueError(f"The `degrees` of t_quantile must be at least 1. Got {degrees:g}.")
    return float(stdtrit(degrees, share))


def check_interval(function: object) -> Outcome:
    """Check a function `paired_interval(with_l1, without, level=0.95)`.

    Args:
        function: Takes the errors of the same seeds with and without a penalty [seeds]; returns
            the mean of the differences, and both ends of its t interval. Pairs with NaN are left
            out; of fewer than two pairs, all three are NaN.

    Returns:
        What was found; show it as the last line of a cell.

    >>> def paired_interval(with_l1, without, level=0.95):
    ...     d = (with_l1 - without)[~np.isnan(with_l1 - without)]
    ...     if len(d) < 2:
    ...         return math.nan, math.nan, math.nan
    ...     reach = t_quantile((1 + level) / 2, len(d) - 1) * d.std(ddof=1) / math.sqrt(len(d))
    ...     return d.mean(), d.mean() - reach, d.mean() + reach
    >>> check_interval(paired_interval)
    All public checks passed (1 of 1).
    """
    return run_cases(function, cases(_interval))


def check_edges(function: object) -> Outcome:
    """Check `paired_interval` at other levels, and where networks diverged.

    Args:
        function: As for `check_interval`.
    """
    return run_cases(function, cases(_levels, _missing, _too_few, _kept))


def error_pairs(seeds: int) -> tuple[Seeds, Seeds]:
    """Errors of networks with and without a penalty; seeds differ more than the two.

    Args:
        seeds: At least 2.
    """
    random = fresh()
    without = 0.1 + 0.04 * random.permutation(np.linspace(-1, 1, seeds))
    change = random.permutation(np.linspace(-0.01, 0.015, seeds))
    return without + change + random.uniform(-0.001, 0.001, seeds), without


def _right(with_l1: Seeds, without: Seeds, level: float = 0.95) -> tuple[float, float, float]:
    """By the formula, number by number."""
    differences = [
        a - b
        for a, b in zip(with_l1.tolist(), without.tolist(), strict=True)
        if not math.isnan(a - b)
    ]
    n = len(differences)
    if n < 2:
        return math.nan, math.nan, math.nan
    mean = sum(differences) / n
    variance = sum((one - mean) ** 2 for one in differences) / (n - 1)
    reach = t_quantile(0.5 + level / 2, n - 1) * math.sqrt(variance / n)
    return mean, mean - reach, mean + reach


def _answer(function: Student, *given: object) -> list[float]:
    """The student's three numbers."""
    found = parts(asked(function, *given), *_NAMES)
    return [number(one, name[4:]) for one, name in zip(found, _NAMES, strict=True)]


def _wrong_reaches(with_l1: Seeds, without: Seeds) -> Iterator[tuple[str, float]]:
    """Other distances from the mean to an end, one thing wrong first, then two."""
    d, n = with_l1 - without, len(without)
    error, z = d.std(ddof=1) / math.sqrt(n), float(ndtri(0.975))
    apart = math.sqrt((with_l1.var(ddof=1) + without.var(ddof=1)) / n)
    t = t_quantile(0.975, n - 1)
    normal = (
        f"With {n} seeds the spread is itself a guess: the normal distribution's {z:.2f} makes the "
        "interval too narrow."
    )
    by_n = (
        "The squares are divided by n. The mean was taken from the same numbers: what divides them "
        "instead?"
    )
    no_root = (
        "It is as wide as the differences scatter. More seeds should make the interval of their "
        "mean narrower."
    )
    yield normal, z * error
    yield normal, 2 * error
    yield by_n, t * d.std() / math.sqrt(n)
    yield no_root, t * d.std(ddof=1)
    yield _ONE_SIDE, t_quantile(0.95, n - 1) * error
    yield "The degrees of freedom are not the number of pairs.", t_quantile(0.975, n) * error
    yield _UNPAIRED, t * apart
    yield _UNPAIRED, t_quantile(0.975, 2 * n - 2) * apart
    yield (
        "Of the sum of squares the root is taken, but n is divided out twice.",
        t * error / (math.sqrt(n)),
    )
    yield f"Two things at once. {normal} {by_n}", z * d.std() / math.sqrt(n)
    yield f"Two things at once. {normal} {no_root}", z * d.std(ddof=1)
    yield f"Two things at once. {by_n} {no_root}", t * d.std()
    yield f"Two things at once. {normal} {by_n} {no_root}", z * d.std()
    yield f"Two things at once. {normal} {_UNPAIRED}", z * apart
    yield f"Two things at once. {_ONE_SIDE} {normal}", float(ndtri(0.95)) * error
    yield "It leaves out the quantile: one standard error to each side covers less.", error


def _slips(with_l1: Seeds, without: Seeds) -> Iterator[tuple[str, list[float]]]:
    """Wrong intervals; the second is that of two groups of one mean each."""
    mean, low, high = _right(with_l1, without)
    d = with_l1 - without
    yield "It is the other way round: with a penalty minus without.", [-mean, -high, -low]
    yield "It is in percent. Asked for is the unit of what goes in.", [
        100 * mean, 100 * low, 100 * high
    ]  # fmt: skip
    order = "The order is: the mean, the lower end, the upper end."
    yield order, [low, mean, high]
    yield order, [mean, high, low]
    yield order, [low, high, mean]
    width = "It returns a distance where the ends of the interval are asked for."
    yield width, [mean, low - mean, high - mean]
    yield width, [mean, high - mean, high - mean]
    scatter = "That is where the differences lie. Asked for is where their mean can lie."
    yield scatter, [mean, d.min(), d.max()]
    yield scatter, [mean, *np.quantile(d, (0.025, 0.975))]
    for sentence, reach in _wrong_reaches(with_l1, without):
        yield sentence, [mean, mean - reach, mean + reach]


def _interval(function: Student) -> str | None:
    """Few seeds without gaps."""
    for seeds in (5, 8):
        pairs = error_pairs(seeds)
        answer, expected = _answer(function, *(one.copy() for one in pairs)), _right(*pairs)
        if alike(answer, expected):
            continue
        found = first_of(answer, _slips(*pairs))
        if found or not alike(answer[0], expected[0]):
            return (
                found or "The mean of the differences is wrong. Is each seed compared with itself?"
            )
        return "The mean is right, the ends are not. What is the standard error of a mean?"
    return None


def _width(function: Student, pairs: tuple[Seeds, Seeds], *level: float) -> float:
    """From end to end."""
    _, low, high = _answer(function, *(one.copy() for one in pairs), *level)
    return high - low


def _levels(function: Student) -> str | None:
    """Widths beside that of the default; another width at 95 % is asked about elsewhere."""
    seeds = 6
    pairs = error_pairs(seeds)
    usual = _width(function, pairs)
    for level in (0.8, 0.99):
        found = _width(function, pairs, level) / usual if usual else math.nan
        if math.isclose(found, _wider(0.5 + level / 2, 0.975, seeds), rel_tol=1e-3):
            continue
        if math.isclose(found, 1, rel_tol=1e-3):
            return f"A level of {level:g} gives the same interval as 0.95."
        if math.isclose(found, _wider(level, 0.95, seeds), rel_tol=1e-3):
            return _ONE_SIDE
        return (
            f"At a level of {level:g} the interval is too wide or too narrow, beside that at 0.95."
        )
    return None


def _wider(first: float, second: float, seeds: int) -> float:
    """How many times as far out one quantile is as another."""
    return t_quantile(first, seeds - 1) / t_quantile(second, seeds - 1)


def _missing(function: Student) -> str | None:
    """One network diverged with a penalty, another without: as if both pairs were not there."""
    with_l1, without = error_pairs(7)
    with_l1[1] = without[4] = np.nan
    answer = _answer(function, with_l1.copy(), without.copy())
    both = ~np.isnan(with_l1 - without)
    if np.isfinite(answer).all() and alike(answer, _answer(function, with_l1[both], without[both])):
        return None
    if np.isnan(answer).any():
        return "A seed with NaN makes everything NaN. Leave out the pair, and keep the others."
    mean = float(np.mean(with_l1[~np.isnan(with_l1)] - without[~np.isnan(without)]))
    if any(math.isclose(abs(answer[0]), abs(mean) * unit, rel_tol=1e-4) for unit in (1, 100)):
        return "NaN is left out of each array by itself: then a seed no longer meets itself."
    return (
        "With NaN in two pairs the answer is another than without these pairs. What do you count?"
    )


def _too_few(function: Student) -> str | None:
    """One pair has no spread, and none has no mean."""
    for left in (1, 0):
        with_l1, without = error_pairs(4)
        with_l1[left:] = np.nan
        answer = _answer(function, with_l1, without)
        if not np.isnan(answer).all():
            return f"With {left} pair{'s' * (left == 0)} left it should return NaN three times."
    return None


def _kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    pairs = error_pairs(5)
    pairs[0][2] = np.nan
    given = [one.copy() for one in pairs]
    quietly(function, *given)
    if all(np.array_equal(*two, equal_nan=True) for two in zip(given, pairs, strict=True)):
        return None
    return "It changes the arrays that it is given. Work on a copy."
