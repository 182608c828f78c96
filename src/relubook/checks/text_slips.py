"""The slips that the checks of chapter 7's exercise know by what comes out."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

_CLOSE = 1e-4  # of the largest number compared: float32 is far below, every slip far above
_ALL_UNITS = "All units count, those that are off, too. What does a rectifier pass on below 0?"
_NO_OUTPUT = (
    "It stops at the hidden units: what reaches the logits goes through the weights `V` as well."
)
_CHANCES = (
    "It returns probabilities, or parts of them. The logits before the softmax are asked for."
)


class Review(NamedTuple):
    """What the student's function is given: one bag of words, and the network."""

    words: Float[np.ndarray, "terms"]
    W: Float[np.ndarray, "terms units"]
    b: Float[np.ndarray, "units"]
    V: Float[np.ndarray, "units classes"]
    c: Float[np.ndarray, "classes"]

    def copy(self) -> "Review":
        """The same numbers in other memory."""
        return Review(*(array.copy() for array in self))


def on(review: Review) -> Bool[np.ndarray, "units"]:
    """The units that are on."""
    return review.words @ review.W + review.b > 0


def parts(review: Review) -> np.ndarray:
    """What each word carries to each logit [terms classes], term by term and unit by unit."""
    paths = np.einsum("t,tu,u,uc->tuc", review.words, review.W, on(review), review.V)
    return paths.sum(axis=1)


def rest(review: Review) -> np.ndarray:
    """What is there without words [classes]."""
    return review.c + np.where(on(review), review.b, 0) @ review.V


def logits(review: Review) -> np.ndarray:
    """What the network says [classes]."""
    return np.maximum(review.words @ review.W + review.b, 0) @ review.V + review.c


def left_out(review: Review) -> np.ndarray:
    """What the network says without each word in turn [terms classes]."""
    fewer = review.words * (1 - np.eye(len(review.words)))
    return np.maximum(fewer @ review.W + review.b, 0) @ review.V + review.c


def alike(found: np.ndarray, expected: np.ndarray) -> bool:
    """Equal but for rounding."""
    if found.shape != expected.shape or not np.isfinite(found).all():
        return False
    return bool(np.abs(found - expected).max() <= _CLOSE * max(1e-3, np.abs(expected).max()))


def first_of(found: np.ndarray, slips: Iterator[tuple[str, np.ndarray]]) -> str | None:
    """The sentence about the slip that gives what was found."""
    return next((sentence for sentence, value in slips if alike(found, value)), None)


def wrong_parts(review: Review) -> Iterator[tuple[str, np.ndarray]]:
    """What else comes out as what words carry."""
    words, W, b, V, c = review
    active, right, column = on(review), parts(review), words[:, None]
    yield _ALL_UNITS, column * (W @ V)
    yield "The units that are off count, and those that are on do not.", column * W * ~active @ V
    absent = "Words that are not there carry something. Multiply by how often each word occurs."
    yield absent, W * active @ V
    yield "All units count, and words that are not there as well.", W @ V
    alone = (
        "It asks of each word which units are on for this word alone. They are on, or off, for the "
        "whole review."
    )
    yield alone, np.maximum(column * W, 0) @ V
    yield alone, np.maximum(column * W + b, 0) @ V
    yield alone, column * W * (column * W + b > 0) @ V
    yield alone, column * W * (W + b > 0) @ V
    no_bias = "Which units are on is asked without their biases `b`."
    yield no_bias, column * W * (words @ W > 0) @ V
    empty = "Which units are on is asked of an empty review, not of this one."
    yield empty, column * W * (b > 0) @ V
    every = "Which units are on is asked of a review that has every word, not of this one."
    yield every, column * W * (W.sum(axis=0) + b > 0) @ V
    spread = "The biases are shared among the words. They are there without words: second array."
    yield spread, right + np.where(words > 0, 1, 0)[:, None] * (active * b @ V) / _count(words)
    yield spread, right + (active * b @ V) / len(words)
    yield spread, column * (W + b) * active @ V
    yield spread, column * ((W + b) * active @ V + c)
    once = "A word that occurs twice carries twice as much: multiply by `words`, not by 0 or 1."
    yield once, (column > 0) * W * active @ V
    seen = (words > 0) @ W + b > 0
    yield "Which units are on is asked of 0 and 1. Words may occur twice.", column * W * seen @ V
    yield "It multiplies by `words` twice.", column**2 * W * active @ V
    held = words @ W + b
    slope = "A rectifier that is on passes on its input once: its slope is 1, not its output."
    yield slope, column * W * np.maximum(held, 0) @ V
    without = (
        "It returns what changes when the word is struck out. Then other units are on: keep those "
        "of this review."
    )
    yield without, logits(review) - left_out(review)
    yield _CHANCES, softmax(right)
    yield _CHANCES, right * softmax(logits(review))


def wrong_rests(review: Review) -> Iterator[tuple[str, np.ndarray]]:
    """What else comes out as what is there without words."""
    _, _, b, V, c = review
    active, own = on(review), np.where(on(review), b, 0) @ V
    empty = (
        "It is what the network says of an empty review, in which other units are on. Ask which "
        "are on for this one."
    )
    yield "The biases of the hidden units are left out.", c.copy()
    yield "The biases `c` of the classes are left out.", own
    yield "The hidden biases of all units count, of those that are off, too.", b @ V + c
    yield empty, np.maximum(b, 0) @ V + c
    yield "The biases of the units that are off count, the others do not.", b * ~active @ V + c
    yield "The hidden biases count twice.", 2 * own + c
    yield "The biases `c` count twice.", own + 2 * c
    yield "All biases count twice.", 2 * own + 2 * c
    yield "It returns the logits: what the words carry is in them as well.", logits(review)
    yield (
        "It returns what all words carry together, not what is there without.",
        (parts(review).sum(axis=0)),
    )
    yield "It subtracts the biases.", -own - c
    yield _CHANCES, softmax(logits(review))
    yield _CHANCES, softmax(rest(review))


def unweighted(review: Review) -> np.ndarray:
    """What words carry to the hidden units, before `V` [terms units]."""
    return review.words[:, None] * review.W * on(review)


def stops_early(found: np.ndarray, review: Review) -> str | None:
    """Whether `V` was not applied to what words carry, or they were carried by all units."""
    whole = review.words[:, None] * review.W
    if any(alike(found, each) for each in (unweighted(review), whole)):
        return _NO_OUTPUT
    return None


def softmax(z: np.ndarray) -> np.ndarray:
    """Chances of the classes, the last axis."""
    away = np.exp(z - z.max(axis=-1, keepdims=True))
    return away / away.sum(axis=-1, keepdims=True)


def _count(words: np.ndarray) -> int:
    """How many words are there, at least 1."""
    return max(1, int((words > 0).sum()))
