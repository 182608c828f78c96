"""The checks of the antisymmetric share: right in any style, wrong by its own sentence."""

import math

import numpy as np
import pytest
from spiking_students import DRAWS, HOSTILE, UNSOLVED, told

from relubook import symmetry
from relubook.checks.spiking_shares import check_rest, check_share

SHARES = (check_share, check_rest)


def parts(f, x, *, rest=True):
    """Twice the antisymmetric and the symmetric part."""
    zero = f(0 * x) if rest else 0.0
    there, back = f(x) - zero, f(-x) - zero
    return there - back, there + back


def sharing(formula, *, rest=True):
    """A student's function from a formula of the two parts, with halves."""

    def share(f, x):
        odd, even = (part / 2 for part in parts(f, x, rest=rest))
        if not (odd.any() or even.any()):
            raise ValueError("The response never leaves its rest.")
        return formula(odd, even)

    return share


def squares(odd, even):
    return (odd**2).sum() / (odd**2 + even**2).sum()


def one_by_one(f, x):
    odd = even = 0.0
    for strength in x:
        there, back = float(f(strength) - f(0)), float(f(-strength) - f(0))
        odd, even = odd + (there - back) ** 2, even + (there + back) ** 2
    if odd + even == 0:
        raise ValueError("no answer")
    return odd / (odd + even)


def all_at_once(f, x):
    answers = f(np.concatenate([x, -x, [0.0]]))
    there, back = (answers[:-1] - answers[-1]).reshape(2, -1)
    whole = 2 * (there @ there + back @ back)
    if not whole:
        raise ValueError("no answer")
    return np.array([(there - back) @ (there - back) / whole])


RIGHT = (sharing(squares), one_by_one, all_at_once)


@pytest.mark.parametrize("check", SHARES)
@pytest.mark.parametrize("function", RIGHT)
def test_right_shares_of_every_style_pass_on_every_draw(check, function):
    for _ in range(DRAWS):
        outcome = check(function)
        assert outcome.passed == outcome.total, outcome


def norm(part):
    return (part**2).sum()


WRONG = {
    "symmetric": (lambda a, s: norm(s) / (norm(a) + norm(s)), "share of the symmetric part"),
    "amounts": (lambda a, s: abs(a).sum() / (abs(a) + abs(s)).sum(), "adds up amounts"),
    "ratio": (lambda a, s: norm(a) / norm(s) if norm(s) else 1.0, "A share is of the whole"),
    "root": (lambda a, s: math.sqrt(squares(a, s)), "the root of the share"),
    "one side": (lambda a, s: norm(a) / norm(a + s), "the answers to the pattern alone"),
    "half": (lambda a, s: norm(a) / (norm(a + s) + norm(a - s)), "It is half of the share"),
    "twice": (lambda a, s: 4 * norm(a) / (norm(a + s) + norm(a - s)), "It is twice the share"),
    "odd": (lambda a, s: squares(2 * a, s), "without its half"),
    "even": (lambda a, s: squares(a, 2 * s), "without its half"),
    "percent": (lambda a, s: 100 * squares(a, s), "in percent"),
    "opposite": (lambda a, s: ((s - a) / (a + s)).mean(), "as a multiple of the answer"),
    "mean": (lambda a, s: (a**2 / (a**2 + s**2)).mean(), "at single strengths"),
    "constant": (lambda a, s: 0.5, "Do your two parts add up"),
    "several": (lambda a, s: a**2 / (a**2 + s**2), "returns 9 numbers"),
}


@pytest.mark.parametrize("name", WRONG)
def test_every_wrong_share_is_told_its_own_kind_of_error(name):
    formula, words = WRONG[name]
    for _ in range(DRAWS):
        outcome = check_share(sharing(formula))
        assert outcome.passed < outcome.total
        assert words in repr(outcome)


def damaging(f, x):
    found = sharing(squares)(f, x)
    x *= -1
    return found


def without_an_error(answer):
    def share(f, x):
        try:
            return sharing(squares)(f, x)
        except ValueError:
            return answer()

    return share


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (sharing(squares, rest=False), "The answer at rest is not taken away"),
        (without_an_error(lambda: math.nan), "it returns nan. Raise a ValueError"),
        (without_an_error(lambda: 0.0), "it returns 0. Raise a ValueError"),
        (without_an_error(lambda: None), "it returns nothing. Raise a ValueError"),
        (without_an_error(lambda: 1 / 0), "it stops with ZeroDivisionError. Raise a ValueError"),
        (damaging, "changes the strengths"),
    ],
)
def test_who_is_wrong_about_rest_only_loses_its_points_only(function, words):
    for _ in range(DRAWS):
        assert check_share(function).passed == check_share(function).total
        assert words in repr(check_rest(function))


@pytest.mark.parametrize("check", SHARES)
def test_the_package_has_no_function_that_answers_the_question(check):
    assert told(check(lambda f, x: symmetry.answer_to_opposite(f)))


@pytest.mark.parametrize("check", SHARES)
@pytest.mark.parametrize("function", HOSTILE)
def test_hostile_answers_get_a_sentence(check, function):
    assert told(check(function))


@pytest.mark.parametrize("check", SHARES)
@pytest.mark.parametrize("unsolved", UNSOLVED)
def test_a_question_not_begun_is_told_so(check, unsolved):
    assert repr(check(unsolved)).startswith("Not solved yet")
