"""Checks of chapter 7's exercise: what each word of a review carries to the stars.

numpy is enough; arrays of torch or lists are taken, too.
"""

import secrets
import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from relubook.checks import Case, NotSolvedError, Outcome, run_cases
from relubook.checks.text_slips import (
    Review,
    alike,
    first_of,
    left_out,
    logits,
    parts,
    rest,
    stops_early,
    wrong_parts,
    wrong_rests,
)

Student = Callable[..., object]

_TERMS, _UNITS, _CLASSES = 9, 40, 5  # so many units that no two masks are equal by chance
_MOST_DRAWS = 1_000
_CLEAR = 1e-3  # from 0, so that rounding turns no unit on or off


class _Answer(NamedTuple):
    """What the student's function returns."""

    parts: np.ndarray
    rest: np.ndarray


def check_carried(function: object) -> Outcome:
    """Check a function `carried(words, W, b, V, c)`.

    Args:
        function: Takes how often each term occurs in one review [terms], and a network with one
            hidden layer of rectifiers: weights `W` [terms units] and biases `b` [units] of the
            hidden units, weights `V` [units classes] and biases `c` [classes] of the logits.
            Returns two arrays: what each word carries to each logit [terms classes], and what is
            there without words, the units that are on for this review staying on [classes]. All
            added up they are the logits.

    Returns:
        What was found; show it as the last line of a cell.

    >>> def carried(words, W, b, V, c):
    ...     on = words @ W + b > 0
    ...     return (words[:, None] * W * on) @ V, (b * on) @ V + c
    >>> check_carried(carried)
    All public checks passed (8 of 8).
    """
    tests = (
        _parts, _rest, _sum, _counts, _sizes, _silent, _without_words, _arguments_are_kept,
    )  # fmt: skip
    return run_cases(function, [Case(test=test) for test in tests])


def _fresh() -> np.random.Generator:
    return np.random.default_rng(secrets.randbits(62))


def _review(
    terms: int = _TERMS, units: int = _UNITS, classes: int = _CLASSES, most: int = 1
) -> Review:
    """A review with some of the terms, for which some units are on and some off."""
    generator = _fresh()
    for _ in range(_MOST_DRAWS):
        words = generator.permuted(np.arange(terms) < max(1, terms // 2)).astype(float)
        words *= generator.integers(1, most + 1, terms)
        review = Review(
            words=words,
            W=generator.uniform(-1, 1, (terms, units)),
            b=generator.uniform(0.2, 0.9, units) * generator.choice((-1, 1), units),
            V=generator.uniform(-1, 1, (units, classes)),
            c=generator.uniform(0.2, 0.9, classes) * generator.choice((-1, 1), classes),
        )
        if (words.max() == most) and _telling(review):
            return review
    raise RuntimeError("No review was drawn in which the slips differ.")


def _telling(review: Review) -> bool:
    """Whether other masks than the right one would turn other units on."""
    words, W, b = review[:3]
    z = words @ W + b
    if np.abs(z).min() < _CLEAR:
        return False
    if len(b) < _UNITS:
        return bool((z > 0).any())
    active = z > 0
    others = (words @ W > 0, b > 0, W.sum(axis=0) + b > 0, ~active, np.ones_like(active))
    if words.max() > 1:
        others += ((words > 0) @ W + b > 0,)
    differ = all(bool((active != other).any()) for other in others)
    flips = not alike(logits(review) - left_out(review), parts(review))
    return differ and flips and bool((active & (b < 0)).any())


def _asked(function: Student, review: Review) -> tuple[_Answer, Review]:
    """The answer, and what became of the arguments."""
    own = review.copy()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = function(*own)
    return _answer(found, review), own


def _answer(found: object, review: Review) -> _Answer:
    """The student's answer, or a sentence about its form."""
    if found is None or found is Ellipsis:
        raise NotSolvedError
    try:
        carried, without = found  # pyright: ignore[reportGeneralTypeIssues]
        answer = _Answer(*(np.asarray(part, dtype=np.float64) for part in (carried, without)))
    except (TypeError, ValueError) as error:
        words = "it should return two arrays: what each word carries, and what is there without"
        raise TypeError(words) from error
    return answer


def _parts(function: Student) -> str | None:
    """What each word carries; each slip has a value of its own."""
    review = _review()
    answer, own = _asked(function, review)
    expected = parts(review)
    if alike(answer.parts, expected):
        return None
    if message := _of_another_shape(answer.parts, review):
        return message
    damaged = not np.array_equal(own.W, review.W) or not np.array_equal(own.words, review.words)
    return first_of(answer.parts, wrong_parts(review)) or (
        "It changes the arrays that it is given, and then reckons with what is left."
        if damaged
        else "What the words carry is wrong. For one word: which units does it reach, which of "
        "them are on for this review, and with what weight does each reach the logit?"
    )


def _of_another_shape(found: np.ndarray, review: Review) -> str | None:
    """What words carry, in another form."""
    expected = parts(review)
    if found.shape == expected.shape:
        return None
    if found.shape == expected.T.shape:
        return "What words carry is transposed: a row for each term, a column for each class."
    if message := stops_early(found, review):
        return message
    if found.shape == expected.shape[1:]:
        return "It returns what all words carry together. Return a row for each term."
    if found.shape == (int((review.words > 0).sum()), expected.shape[1]):
        return "It returns rows for the words that are there only. Absent terms carry 0."
    if found.ndim == 3:
        return "It returns what goes through each unit. Add up the units."
    shapes = f"the shape {found.shape}, not {expected.shape}"
    return f"What the words carry has {shapes}: a row for each term, a column for each class."


def _rest(function: Student) -> str | None:
    """What is there without words."""
    review = _review()
    answer, _ = _asked(function, review)
    expected = rest(review)
    if alike(answer.rest, expected):
        return None
    if answer.rest.shape != expected.shape:
        shapes = f"the shape {answer.rest.shape}, not {expected.shape}"
        return f"What is there without words has {shapes}: one number for each class."
    return first_of(answer.rest, wrong_rests(review)) or (
        "What is there without words is wrong. Which biases reach a logit, and with what weight, "
        "while the same units are on?"
    )


def _sum(function: Student) -> str | None:
    """Both together are the logits, for many reviews."""
    for _ in range(5):
        review = _review()
        answer, _ = _asked(function, review)
        if not alike(answer.parts.sum(axis=0) + answer.rest, logits(review)):
            return "Added up, what words carry and what is there without are not the logits."
    return None


def _counts(function: Student) -> str | None:
    """Words that occur more than once."""
    review = _review(most=4)
    answer, _ = _asked(function, review)
    if alike(answer.parts, parts(review)) and alike(answer.rest, rest(review)):
        return None
    return first_of(answer.parts, wrong_parts(review)) or (
        "It is wrong for a review in which words occur more than once."
    )


def _sizes(function: Student) -> str | None:
    """Other numbers of terms, units and classes; one of each."""
    for sizes in ((7, 1, 3), (1, 4, 2), (4, 4, 4), (3, 5, 1)):
        review = _review(*sizes)
        answer, _ = _asked(function, review)
        if alike(answer.parts, parts(review)) and alike(answer.rest, rest(review)):
            continue
        terms, units, classes = sizes
        return f"It is wrong for {terms} terms, {units} units and {classes} classes."
    return None


def _silent(function: Student) -> str | None:
    """A review for which no unit is on."""
    review = _review()
    review = review._replace(b=-np.abs(review.words @ review.W) - 1)
    answer, _ = _asked(function, review)
    if not alike(answer.parts, parts(review)):
        return "For a review that turns no unit on, words carry something. Through which unit?"
    if not alike(answer.rest, rest(review)):
        return "For a review that turns no unit on, something else than `c` is there without words."
    return None


def _without_words(function: Student) -> str | None:
    """An empty review."""
    review = _review()
    review = review._replace(words=np.zeros_like(review.words))
    answer, _ = _asked(function, review)
    if not alike(answer.parts, parts(review)):
        return "For a review without any words, some carry something, or it is not a number."
    if not alike(answer.rest, rest(review)):
        return (
            "For a review without any words, what is there is wrong: the units with b > 0 are on."
        )
    return None


def _arguments_are_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    review = _review(most=3)
    _, own = _asked(function, review)
    for name, now, was in zip(Review._fields, own, review, strict=True):
        if not np.array_equal(now, was):
            return f"It changes the array `{name}` that it is given. Make a new one."
    return None
