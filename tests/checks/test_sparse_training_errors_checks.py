"""The error to report: right answers pass, and slips are told what they are."""

import math

import numpy as np
import pytest

from relubook.checks.sparse_training_errors import check_chosen, check_chosen_edges

CHECKS = {"values": check_chosen, "edges": check_chosen_edges}


def right(validation, test):
    known = np.where(np.isnan(validation), np.inf, validation)
    return test[known.argmin(axis=0), np.arange(test.shape[1])]


def with_a_list(validation, test):
    found = []
    for curve, errors in zip(validation.T, test.T, strict=True):
        pairs = [(v, e) for e, v in enumerate(curve) if not math.isnan(v)]
        found.append(errors[min(pairs)[1]] if pairs else math.nan)
    return found


def with_nanargmin(validation, test):
    answer = np.full(test.shape[1], np.nan)
    alive = ~np.isnan(validation).all(axis=0)
    best = np.nanargmin(validation[:, alive], axis=0)
    answer[alive] = np.take_along_axis(test[:, alive], best[None], axis=0)[0]
    return answer


def with_a_warning(validation, test):
    lowest = np.nanmin(validation, axis=0)
    first = (validation == lowest).argmax(axis=0)
    return np.where(np.isnan(lowest), np.nan, test[first, np.arange(len(first))])


RIGHT = [right, with_a_list, with_nanargmin, with_a_warning]


@pytest.mark.parametrize("function", RIGHT)
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_right_answers_pass(function, check):
    for _ in range(25):
        outcome = check(function)
        assert outcome.passed == outcome.total, outcome


def plain(validation, test):
    return test[validation.argmin(axis=0), np.arange(test.shape[1])]


def last_of_equal(validation, test):
    return right(validation[::-1], test[::-1])


def best_of_equal(validation, test):
    low = np.nanmin(validation, axis=0)
    return np.where(validation == low, test, np.inf).min(axis=0)


def only_alive(validation, test):
    alive = ~np.isnan(validation).any(axis=0)
    return right(validation[:, alive], test[:, alive])


def in_place(validation, test):
    validation[np.isnan(validation)] = np.inf
    return right(validation, test)


def last_epoch_for_the_dead(validation, test):
    return np.nan_to_num(right(validation, test), nan=1.0)


def always_nine(validation, test):
    return right(validation[:5], test[:5])


WRONG = {
    "leak": ("values", lambda v, t: t.min(axis=0), "It chooses by the test error"),
    "last": ("values", lambda v, t: t[-1], "the last epoch"),
    "validation": ("values", lambda v, t: v.min(axis=0), "returns the validation error"),
    "epochs": ("values", lambda v, t: v.argmin(axis=0), "It returns epochs"),
    "one epoch": ("values", lambda v, t: t[v.mean(axis=1).argmin()], "one epoch for all"),
    "one best": (
        "values",
        lambda v, t: t[np.unravel_index(v.argmin(), v.shape)[0]],
        "one epoch for all",
    ),
    "highest": (
        "values",
        lambda v, t: t[v.argmax(axis=0), np.arange(v.shape[1])],
        "the highest validation error",
    ),
    "mean": ("values", lambda v, t: t.mean(axis=0), "means over the epochs"),
    "changed places": ("values", lambda v, t: right(t, v), "have changed places"),
    "other axis": ("values", lambda v, t: t.min(axis=1), "Which axis are the models on?"),
    "square": ("values", lambda v, t: t[v.argmin(axis=0)], "It returns a square"),
    "one number": ("values", lambda v, t: t.min(), "no array"),
    "too few": ("values", lambda v, t: right(v, t)[1:], "It answers for 5 of 6 models"),
    "a row too much": ("values", lambda v, t: right(v, t)[None], "has the shape (1, 6)"),
    "a constant": ("values", lambda v, t: np.full(v.shape[1], 0.5), "Try 3 epochs of 2 models"),
    "five epochs": ("values", always_nine, "is wrong"),
    "diverged": ("edges", plain, "its epochs before that are known"),
    "left out": ("edges", only_alive, "It answers for 3 of 5"),
    "no number": ("edges", lambda v, t: right(v, t) * 0 + np.nanmin(v), "What is NaN less than"),
    "never": ("edges", last_epoch_for_the_dead, "should get NaN, not 1"),
    "stops": (
        "edges",
        lambda v, t: t[np.nanargmin(v, axis=0), np.arange(t.shape[1])],
        "It stops if a model has NaN only",
    ),
    "last of equal": ("edges", last_of_equal, "Of equal epochs it takes the last"),
    "in place": ("edges", in_place, "changes the `validation_error`"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_told_what_kind_they_are(name):
    check, function, words = WRONG[name]
    for _ in range(5):
        outcome = CHECKS[check](function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


def test_the_test_error_may_not_decide_among_equal_epochs():
    def decides(validation, test):
        answer = right(validation, test)
        equal = (validation == np.nanmin(validation, axis=0)).sum(axis=0) > 1
        return np.where(equal, best_of_equal(validation, test), answer)

    for _ in range(5):
        outcome = check_chosen_edges(decides)
        assert "Among equal epochs the test error decides" in outcome.message


HOSTILE = [
    lambda v, t: "text",
    lambda v, t: np.array(["a"] * v.shape[1]),
    lambda v, t: [[1], [2, 3]],
    lambda v, t: math.nan,
    lambda v, t: np.full(v.shape[1], np.nan),
    lambda v, t: (x for x in t[0]),
    lambda v, t: {},
    lambda v, t: [10**400] * v.shape[1],
    lambda v, t: t + 1j,
    lambda v: v,
    lambda v, t: v.no_such_method(),
]


@pytest.mark.parametrize("function", HOSTILE)
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_odd_answers_get_a_sentence(function, check):
    outcome = check(function)
    assert outcome.passed < outcome.total
    assert outcome.message


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_nothing_is_not_solved(check):
    for unsolved in (None, ..., lambda v, t: None):
        assert not check(unsolved).solved
