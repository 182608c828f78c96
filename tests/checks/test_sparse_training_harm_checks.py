"""Which strength of a penalty is the first to do harm: right answers pass, wrong ones hear why."""

import numpy as np
import pytest

from relubook.checks.sparse_training_harm import check_harmful_l1, check_harmless

HARM = {"first": check_harmful_l1, "none": check_harmless}


def by_rows(better):
    """A right answer, but for what counts as harm."""

    def harmful_l1(strengths, error, interval):
        for strength, row in zip(strengths[1:], error[1:], strict=True):
            if better(row, error[0], interval):
                return strength
        return None

    return harmful_l1


def harm(row, base, interval):
    return interval(row - base)[0] > 0


def at_once(strengths, error, interval):
    low = np.array([interval(change)[0] for change in error - error[0]])
    return (
        float(strengths[low.argmax() if (low > 0).sum() == 1 else (low > 0).argmax()])
        if (low > 0).any()
        else None
    )


@pytest.mark.parametrize("function", [by_rows(harm), at_once])
@pytest.mark.parametrize("check", HARM.values(), ids=HARM)
def test_the_right_strength_passes(function, check):
    for _ in range(25):
        outcome = check(function)
        assert outcome.passed == outcome.total, outcome


def before(strengths, error, interval):
    found = by_rows(harm)(strengths, error, interval)
    return None if found is None else strengths[list(strengths).index(found) - 1]


def adjacent(strengths, error, interval):
    changes = error[1:] - error[:-1]
    return next(
        (s for s, d in zip(strengths[1:], changes, strict=True) if interval(d)[0] > 0), None
    )


def position(strengths, error, interval):
    found = by_rows(harm)(strengths, error, interval)
    return None if found is None else list(strengths).index(found)


def largest(strengths, error, interval):
    return by_rows(harm)(
        [0, *strengths[:0:-1]], np.concatenate([error[:1], error[:0:-1]]), interval
    )


HARMFUL = {
    "means": ("first", by_rows(lambda row, base, i: row.mean() > base.mean()), "includes 0"),
    "not paired": (
        "first",
        by_rows(lambda row, base, i: i(row)[0] > i(base)[1]),
        "does each seed meet itself",
    ),
    "errors": ("first", by_rows(lambda row, base, i: i(row)[0] > 0), "Is that harm?"),
    "largest": ("first", largest, "the largest strength that does harm"),
    "position": ("first", position, "It returns a position"),
    "before": ("first", before, "the last strength before the error rises"),
    "adjacent": ("first", adjacent, "With which strength do you compare?"),
    "other way": ("first", by_rows(lambda row, base, i: i(base - row)[0] > 0), "Is that harm?"),
    "any change": (
        "none",
        by_rows(lambda row, base, i: i(row - base)[0] > 0 or i(row - base)[1] < 0),
        "No interval lies above 0",
    ),
    "the first one": ("first", lambda s, e, i: s[0], "what all others are compared with"),
    "no strength": ("first", lambda s, e, i: 17.0, "none of the strengths"),
    "never": ("first", lambda s, e, i: None, "It finds no strength"),
    "never, none": ("none", lambda s, e, i: None, "it misses that strength"),
    "at least 0": ("none", by_rows(lambda row, base, i: i(row - base)[0] >= 0), "Is 0 above 0?"),
}


@pytest.mark.parametrize("name", HARMFUL)
def test_wrong_strengths_are_told_what_kind_they_are(name):
    check, function, words = HARMFUL[name]
    for _ in range(5):
        outcome = HARM[check](function)
        assert outcome.passed < outcome.total
        assert words in outcome.message
