"""Paired intervals and the strength that harms: what is right passes, slips are named."""

import math

import numpy as np
import pytest
from scipy import stats

from relubook.checks.sparse_training_harm import check_harmful_l1, check_harmless
from relubook.checks.sparse_training_intervals import check_edges, check_interval, t_quantile
from relubook.claims import statistics

CHECKS = {"values": check_interval, "edges": check_edges}
HARM = {"first": check_harmful_l1, "none": check_harmless}


def build(*, change=None, error=None, reach=None, ends=None):
    """A right answer, but for the parts that are given."""

    def paired_interval(with_l1, without, level=0.95):
        d = change(with_l1, without) if change else with_l1 - without
        d = d[~np.isnan(d)]
        n = len(d)
        if n < 2:
            return math.nan, math.nan, math.nan
        spread = error(d) if error else d.std(ddof=1) / math.sqrt(n)
        out = (reach or (lambda level, n: t_quantile((1 + level) / 2, n - 1)))(level, n) * spread
        mean = d.mean()
        return ends(mean, out) if ends else (mean, mean - out, mean + out)

    return paired_interval


def by_scipy(with_l1, without, level=0.95):
    pairs = [(a, b) for a, b in zip(with_l1, without, strict=True) if a == a and b == b]
    if len(pairs) < 2:
        return [np.nan] * 3
    first, second = np.array(pairs).T
    found = stats.ttest_rel(first, second).confidence_interval(level)
    return np.array([np.mean(first - second), found.low, found.high])


def from_the_other_tail(with_l1, without, level=0.95):
    return build(reach=lambda level, n: -t_quantile((1 - level) / 2, n - 1))(
        with_l1, without, level
    )


@pytest.mark.parametrize("function", [build(), by_scipy, from_the_other_tail])
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_right_intervals_pass(function, check):
    for _ in range(25):
        outcome = check(function)
        assert outcome.passed == outcome.total, outcome


def test_the_quantile_is_that_of_scipy_and_says_what_it_takes():
    assert t_quantile(0.9, 7) == pytest.approx(stats.t.ppf(0.9, 7))
    with pytest.raises(ValueError, match="must lie between 0 and 1"):
        t_quantile(1.0, 3)
    with pytest.raises(ValueError, match="must be at least 1"):
        t_quantile(0.5, 0)


def normal(level, n):
    return statistics.NormalDist().inv_cdf(0.5 + level / 2)


def not_paired(with_l1, without, level=0.95):
    first, second = (x[~np.isnan(x)] for x in (with_l1, without))
    n, m = len(first), len(second)
    if min(n, m) < 2:
        return math.nan, math.nan, math.nan
    mean = first.mean() - second.mean()
    error = math.sqrt(first.var(ddof=1) / n + second.var(ddof=1) / m)
    out = t_quantile((1 + level) / 2, n + m - 2) * error
    return mean, mean - out, mean + out


def the_package(with_l1, without, level=0.95):
    found = statistics.mean(with_l1 - without)
    return found.value, found.low, found.high


def each_by_itself(with_l1, without):
    first, second = (x[~np.isnan(x)] for x in (with_l1, without))
    return first[: len(second)] - second[: len(first)]


def counts_all_pairs(with_l1, without, level=0.95):
    d = with_l1 - without
    n, left = len(d), int((~np.isnan(d)).sum())
    if left < 2:
        return math.nan, math.nan, math.nan
    out = t_quantile(0.5 + level / 2, n - 1) * np.nanstd(d, ddof=1) / math.sqrt(n)
    return np.nanmean(d), np.nanmean(d) - out, np.nanmean(d) + out


def never_nan(with_l1, without, level=0.95):
    found = build()(with_l1, without, level)
    return found if np.isfinite(found).all() else (0, 0, 0)


def in_place(with_l1, without, level=0.95):
    with_l1 -= without
    return build()(with_l1, np.zeros_like(without), level)


def scatter(mean, out):
    return mean, mean - out * 100, mean + out * 100


WRONG = {
    "normal": ("values", build(reach=normal), "the normal distribution's 1.96"),
    "about two": ("values", build(reach=lambda level, n: 2), "the normal distribution's"),
    "by n": ("values", build(error=lambda d: d.std() / math.sqrt(len(d))), "are divided by n"),
    "no root": ("values", build(error=lambda d: d.std(ddof=1)), "as the differences scatter"),
    "twice n": ("values", build(error=lambda d: d.std(ddof=1) / len(d)), "divided out twice"),
    "one side": (
        "values",
        build(reach=lambda level, n: t_quantile(level, n - 1)),
        "as much as both should",
    ),
    "one side, edges": (
        "edges",
        build(reach=lambda level, n: t_quantile(level, n - 1)),
        "as much as both should",
    ),
    "n degrees": (
        "values",
        build(reach=lambda level, n: t_quantile(0.5 + level / 2, n)),
        "The degrees of freedom",
    ),
    "not paired": ("values", not_paired, "two groups that have nothing to do"),
    "normal and by n": (
        "values",
        build(reach=normal, error=lambda d: d.std() / math.sqrt(len(d))),
        "Two things at once. With 5 seeds",
    ),
    "one error": ("values", build(reach=lambda level, n: 1), "It leaves out the quantile"),
    "percent": ("values", lambda *a: 100 * np.array(build()(*a)), "It is in percent"),
    "other way": ("values", lambda a, b: build()(b, a), "with a penalty minus without"),
    "other order": ("values", lambda a, b: sorted(build()(a, b)), "The order is"),
    "distance": ("values", build(ends=lambda m, r: (m, r, r)), "It returns a distance"),
    "distances": ("values", build(ends=lambda m, r: (m, -r, r)), "It returns a distance"),
    "range": (
        "values",
        lambda a, b: ((a - b).mean(), (a - b).min(), (a - b).max()),
        "where the differences lie",
    ),
    "two numbers": ("values", lambda *a: build()(*a)[1:], "It returns 2 things"),
    "a wrong mean": ("values", build(change=lambda a, b: a), "compared with itself"),
    "wrong ends": ("values", build(ends=scatter), "The mean is right, the ends are not"),
    "one level": ("edges", the_package, "A level of 0.8 gives the same interval"),
    "another level": (
        "edges",
        build(reach=lambda level, n: 2.0 + level),
        "At a level of 0.8 the interval is too",
    ),
    "gaps": ("edges", build(change=each_by_itself), "a seed no longer meets itself"),
    "gaps not seen": (
        "edges",
        lambda a, b, level=0.95: (
            np.full(3, np.nan) if np.isnan(a - b).any() else build()(a, b, level)
        ),
        "A seed with NaN makes everything NaN",
    ),
    "gaps counted": ("edges", counts_all_pairs, "another than without these pairs"),
    "too few": ("edges", never_nan, "With 1 pair left"),
    "in place": ("edges", in_place, "It changes the arrays"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_intervals_are_told_what_kind_they_are(name):
    check, function, words = WRONG[name]
    for _ in range(5):
        outcome = CHECKS[check](function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


@pytest.mark.parametrize("slip", ["by n", "no root", "percent", "n degrees"])
def test_levels_and_gaps_count_for_an_interval_of_another_width(slip):
    if slip == "percent":
        function = lambda *a: 100 * np.array(build()(*a))  # noqa: E731
    elif slip == "n degrees":
        assert check_edges(WRONG[slip][1]).passed == 3
        return
    else:
        function = WRONG[slip][1]
    assert check_edges(function).passed == 4


HOSTILE = [
    lambda *_: "text",
    lambda *_: (math.nan, "a", None),
    lambda *_: (x for x in "abc"),
    lambda *_: np.zeros((3, 3)),
    lambda *_: (1j, 1j, 1j),
    lambda *_: (10**400,) * 3,
    lambda *_: (math.nan,) * 3,
    lambda *_: 1 / 0,
    lambda x: x,
]


@pytest.mark.parametrize("function", HOSTILE)
@pytest.mark.parametrize("check", [*CHECKS.values(), *HARM.values()], ids=[*CHECKS, *HARM])
def test_odd_answers_get_a_sentence(function, check):
    outcome = check(function)
    assert outcome.passed < outcome.total
    assert outcome.message


@pytest.mark.parametrize("check", [*CHECKS.values(), *HARM.values()], ids=[*CHECKS, *HARM])
def test_what_is_not_begun_is_not_solved(check):
    def untouched(*_):
        raise NotImplementedError

    for unsolved in (None, ..., untouched, lambda *_: ...):
        assert not check(unsolved).solved
