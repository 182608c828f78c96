import math

import numpy as np
import pytest
import torch
from replication_answers import DRAWS, PLAN, passes, report, rule

from relubook.checks.replication import check_interval, check_verdict, plan_digest
from relubook.claims import statistics

TYPED = {2: 12.71, 3: 4.303, 4: 3.182, 5: 2.776, 6: 2.571, 7: 2.447, 8: 2.365, 9: 2.306}
UP = {2: 6.314, 3: 2.920, 4: 2.353, 5: 2.132, 6: 2.015, 7: 1.943, 8: 1.895, 9: 1.860}


def typed(quantile=TYPED.get, *, ddof=1, root=math.sqrt):
    """An interval by hand, with quantiles of four digits."""

    def interval(d):
        n = len(d)
        if n < 2:
            return Ends(math.nan, math.nan, math.nan)
        half = quantile(n) * d.std(ddof=ddof) / root(n)
        return Ends(d.mean(), d.mean() - half, d.mean() + half)

    return interval


class Ends:
    def __init__(self, value, low, high):
        self.value, self.low, self.high = value, low, high


def by_hand(table, plan):
    return report(table, plan, interval=typed())


def in_torch(table, plan):
    found = report(table, plan)
    return {name: torch.tensor(told) if isinstance(told, float) else told
            for name, told in found.items()}  # fmt: skip


def in_numpy(table, plan):
    found = report(table, plan)
    return found | {"n": np.int64(found["n"]), "low": np.float64(found["low"]), "more": "words"}


@pytest.mark.parametrize("right", [report, by_hand, in_torch, in_numpy])
def test_every_right_report_passes(right):
    for _ in range(DRAWS):
        assert passes(check_interval(right))
        assert passes(check_verdict(right))


def sliding(**changes):
    return lambda table, plan: report(table, plan, **changes)


def stamped(stamp):
    return lambda table, plan: report(table, plan) | {"plan": stamp}


def unpaired(table, plan):
    first, second = (
        np.array([table[name][seed] for seed in plan["seeds"]]) for name in plan["conditions"][:2]
    )
    n, found = len(first), report(table, plan)
    half = TYPED[n] * math.sqrt((first.var(ddof=1) + second.var(ddof=1)) / n)
    return found | {"low": found["effect"] - half, "high": found["effect"] + half}


def first_two_of_the_table(table, plan):
    return report(table, plan | {"conditions": list(table)[:2]})


def backward(table, plan):
    first, second, *rest = plan["conditions"]
    return report(table, plan | {"conditions": [second, first, *rest]})


def median(table, plan):
    first, second = (table[name] for name in plan["conditions"][:2])
    middle = np.nanmedian([first[seed] - second[seed] for seed in plan["seeds"]])
    return report(table, plan, effect=float(middle))


def best(table, plan):
    first, second = (table[name] for name in plan["conditions"][:2])
    return report(table, plan, effect=min(first.values()) - min(second.values()))


def not_finite(table, plan):
    first, second = (table[name] for name in plan["conditions"][:2])
    d = np.array([first[seed] - second[seed] for seed in plan["seeds"]])
    found = statistics.mean(d)
    return report(table, plan, effect=found.value, low=found.low, high=found.high)


def zeros_for_diverged(table, plan):
    filled = {name: {s: 0.0 if math.isnan(v) else v for s, v in row.items()}
              for name, row in table.items()}  # fmt: skip
    return report(filled, plan)


def counts(times):
    return lambda table, plan: (found := report(table, plan)) | {"n": times(found["n"])}


def damaging(table, plan):
    found = report(table, plan)
    next(iter(table.values())).clear()
    return found


def always_an_interval(table, plan):
    found = report(table, plan)
    return found | ({"low": 0.0, "high": 0.0} if math.isnan(found["low"]) else {})


WRONG_INTERVALS = {
    "backward": (backward, "second minus first"),
    "first two of the table": (first_two_of_the_table, "other conditions than"),
    "a median": (median, "is a median"),
    "the best seeds": (best, "one seed only"),
    "unpaired": (unpaired, "What do two runs of one seed have in common"),
    "normal": (sliding(interval=typed(lambda n: 1.96)), "not known with so few seeds"),
    "divided by n": (sliding(interval=typed(ddof=0)), "divided by n"),
    "normal, by n": (sliding(interval=typed(lambda n: 1.96, ddof=0)), "those of many seeds"),
    "one-sided": (sliding(interval=typed(UP.get)), "leaves 5 % on each side"),
    "n degrees": (sliding(interval=typed(lambda n: TYPED.get(n + 1))), "n degrees of freedom"),
    "standard error": (sliding(interval=typed(lambda n: 1)), "one standard error"),
    "single seeds": (sliding(interval=typed(root=lambda n: 1)), "where single seeds lie"),
    "a deviation": (sliding(interval=typed(lambda n: 1, root=lambda n: 1)), "one standard deviat"),
    "extremes": (sliding(interval=lambda d: Ends(d.mean(), d.min(), d.max())), "interval"),
    "networks": (counts(lambda n: 2 * n), "`n` counts networks"),
    "degrees": (counts(lambda n: n - 1), "degrees of freedom"),
    "NaN": (not_finite, "makes the whole effect NaN"),
    "zeros": (zeros_for_diverged, "two of 8 pairs"),
    "damage": (damaging, "changes the table"),
    "an interval of one": (always_an_interval, "How does one difference scatter"),
    "text": (sliding(effect="large"), "should be a number. Got a str"),
    "a count of text": (sliding(n="8"), "`n` of the report should be a number"),
    "a huge count": (counts(lambda n: 1e300), "differences are averaged"),
    "none": (sliding(low=None), "should be a number. Got a NoneType"),
    "NaN everywhere": (sliding(effect=math.nan), "The effect is nan"),
    "a tuple": (lambda table, plan: (1, 2), "should return a dictionary"),
    "one number": (lambda table, plan: {"effect": 1.0}, "says nothing about `low`"),
    "an error": (lambda table, plan: table["elu"], "stops with KeyError"),
}


@pytest.mark.parametrize("name", WRONG_INTERVALS)
def test_a_wrong_interval_is_told_its_own_kind_of_error(name):
    function, words = WRONG_INTERVALS[name]
    for _ in range(5):
        outcome = check_interval(function)
        assert outcome.passed < outcome.total
        assert words.lower() in repr(outcome).lower()


@pytest.mark.parametrize("name", ["unpaired", "normal", "divided by n", "one-sided", "extremes",
                                  "single seeds", "networks", "damage"])  # fmt: skip
def test_a_wrong_interval_costs_no_points_of_the_verdict(name):
    for _ in range(5):
        assert passes(check_verdict(WRONG_INTERVALS[name][0]))


def by_the_effect(low, high, direction, threshold):
    return rule((low + high) / 2, (low + high) / 2, direction, threshold)


def other_way(low, high, direction, threshold):
    turned = {"above": "below", "below": "above", "within": "within"}[direction]
    return rule(low, high, turned, threshold)


def never_not_here(*given):
    return "undecided" if rule(*given) == "not here" else rule(*given)


def forgets_diverged(table, plan):
    kept = [s for s in plan["seeds"] if all(math.isfinite(row[s]) for row in table.values())]
    found = report(table, plan | {"seeds": kept})
    return found | {"plan": plan_digest(plan)}


def decides_in_spite_of_diverged(table, plan):
    found = report(table, plan)
    ends = rule(found["low"], found["high"], plan["direction"], plan["threshold"])
    return found | {"verdict": ends if found["n"] >= 5 else "undecided"}


def decides_by_four(table, plan):
    found = report(table, plan)
    ends = rule(found["low"], found["high"], plan["direction"], plan["threshold"])
    return found | {"verdict": "undecided" if found["diverged"] else ends}


WRONG_VERDICTS = {
    "by the effect": (sliding(verdict=by_the_effect), "What else could the truth be"),
    "with 0": (sliding(verdict=lambda low, high, d, _: rule(low, high, d, 0.0)), "It says"),
    "the other way": (sliding(verdict=other_way), "It says"),
    "always above": (sliding(verdict=lambda low, high, _, t: rule(low, high, "above", t)), "below"),
    "holds": (sliding(verdict=lambda *_: "holds"), "It says 'holds'"),
    "undecided": (sliding(verdict=lambda *_: "undecided"), "It says 'undecided'"),
    "never not here": (sliding(verdict=never_not_here), "It says 'undecided'"),
    "forgets": (forgets_diverged, "`diverged` is 0"),
    "in spite of": (decides_in_spite_of_diverged, "what may they decide"),
    "by four": (decides_by_four, "How many pairs may decide"),
    "another word": (sliding(verdict=lambda *_: "yes"), "Got 'yes'"),
    "no word": (sliding(verdict=lambda *_: True), "Got a bool"),
    "no stamp": (stamped(""), "`plan` is not the stamp"),
    "a typed stamp": (stamped(plan_digest(PLAN)), "`plan` is not the stamp"),
    "a class": (type("Report", (), {"__init__": lambda self, t, p: None}), "Got a Report"),
}


@pytest.mark.parametrize("name", WRONG_VERDICTS)
def test_a_wrong_verdict_is_told_its_own_kind_of_error(name):
    function, words = WRONG_VERDICTS[name]
    for _ in range(5):
        outcome = check_verdict(function)
        assert outcome.passed < outcome.total
        assert words in repr(outcome)
