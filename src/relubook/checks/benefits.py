"""Checks of chapter 4's exercise: how many linear pieces a layer of rectifiers has on a line."""

import secrets
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from relubook.checks import Case, NotSolvedError, Outcome, run_cases

Student = Callable[[np.ndarray, np.ndarray, float, float], object]


class _Layer(NamedTuple):
    """In the order in which the student's function takes it; the units flip at multiples of 1/8."""

    weight: np.ndarray
    bias: np.ndarray
    left: float
    right: float


def check_count_pieces(function: object) -> Outcome:
    """Check a function `count_pieces(weight, bias, left, right)`.

    Args:
        function: Takes the weights and biases [units] of rectifiers max(0, w x + b) with one
            input, and the ends of an interval; returns how many pieces there are strictly between
            the ends in each of which the same units are active.

    Returns:
        What was found; show it as the last line of a cell.

    >>> def count_pieces(weight, bias, left, right):
    ...     flips = {-b / w for w, b in zip(weight, bias) if w != 0}
    ...     return 1 + sum(left < flip < right for flip in flips)
    >>> check_count_pieces(count_pieces)
    All public checks passed (6 of 6).
    """
    tests = (_value, _together, _without_weight, _at_the_ends, _no_flip, _inputs_are_kept)
    return run_cases(function, [Case(test=test) for test in tests])


def _layer(flips: np.ndarray, generator: np.random.Generator) -> _Layer:
    """Units that flip at the given places, exactly, in random order, on a line from -3 to 1."""
    sizes = 2.0 ** generator.integers(-2, 3, len(flips))
    weight = generator.permutation(np.resize([-1.0, 1.0], len(flips))) * sizes
    order = generator.permutation(len(flips))
    return _Layer(weight[order], -(weight * flips)[order], -3.0, 1.0)


def _places(count: int, low: int, high: int, generator: np.random.Generator) -> np.ndarray:
    """Different multiples of 1/8 strictly between two numbers, none of them 0."""
    eighths = np.arange(8 * low + 1, 8 * high)
    return generator.choice(eighths[eighths != 0], count, replace=False) / 8


def _fresh() -> np.random.Generator:
    return np.random.default_rng(secrets.randbits(62))


def _reference(layer: _Layer) -> int:
    """Walk along the line in steps that see every flip, and count changes of the active set."""
    middles = np.arange(16 * layer.left + 1, 16 * layer.right, 2) / 16
    active = middles[:, None] * layer.weight + layer.bias > 0
    return 1 + int((active[1:] != active[:-1]).any(axis=1).sum())


def _ask(function: Student, layer: _Layer) -> float:
    """The student's answer, from copies, without numpy's warnings."""
    with np.errstate(all="ignore"):
        answer = function(layer.weight.copy(), layer.bias.copy(), layer.left, layer.right)
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    number = np.asarray(answer, dtype=np.float64)
    if number.size != 1:
        raise ValueError(f"it returns {number.size} numbers, asked for is one")
    return float(number.reshape(()))


def _value(function: Student) -> str | None:
    """Three flips outside and five inside, not symmetric about 0; slips by what they compute."""
    generator = _fresh()
    inside = np.concatenate([_places(4, -3, -1, generator), _places(1, 0, 1, generator)])
    outside = np.concatenate([_places(1, -6, -3, generator), _places(2, 1, 3, generator)])
    layer = _layer(np.concatenate([inside, outside]), generator)
    answer, units = _ask(function, layer), len(layer.weight)
    kinds = {
        6.0: None,
        5.0: "It counts the places where the line is cut. Cut a rope once: how many pieces?",
        units + 1.0: "It counts every unit. Which of them flip between the ends?",
        float(units): "It counts the units. Which of them flip between the ends?",
        2.0**units: "It counts all sets of units there could be. How many occur on the line?",
        2.0**5: "It counts all sets of units there could be. How many occur on the line?",
    }
    if answer in kinds:
        return kinds[answer]
    wrong_side = _reference(layer._replace(bias=-layer.bias))
    if answer in (wrong_side, wrong_side - 1):
        return "Its flips lie on the wrong side of 0. For which x is w x + b zero?"
    return f"It counts {answer:g} pieces. Walking along the line, one meets 6."


def _together(function: Student) -> str | None:
    """Two units flip at one place."""
    generator = _fresh()
    places = _places(4, -3, 1, generator)
    layer = _layer(np.append(places, places[:2]), generator)
    answer, expected = _ask(function, layer), _reference(layer)
    if answer == expected:
        return None
    return "Where two units flip at the same place, the line is cut there once, not twice."


def _without_weight(function: Student) -> str | None:
    """A unit whose weight is 0 is always on or always off."""
    generator = _fresh()
    layer = _layer(_places(3, -3, 1, generator), generator)
    for bias in (1.0, -1.0, 0.0):
        still = layer._replace(
            weight=np.append(layer.weight, 0.0), bias=np.append(layer.bias, bias)
        )
        try:
            right = _ask(function, still) == _reference(still)
        except ZeroDivisionError:
            right = False
        if not right:
            return "It is wrong for a unit whose weight is 0. Does such a unit ever flip?"
    return None


def _at_the_ends(function: Student) -> str | None:
    """A flip at an end cuts nothing off."""
    generator = _fresh()
    layer = _layer(np.append(_places(3, -3, 1, generator), [-3.0, 1.0]), generator)
    if _ask(function, layer) == _reference(layer):
        return None
    return "A unit that flips exactly at an end of the interval cuts nothing off."


def _no_flip(function: Student) -> str | None:
    """Nobody flips: one piece, the whole interval."""
    generator = _fresh()
    layer = _layer(_places(3, 3, 9, generator), generator)
    if _ask(function, layer) == 1:
        return None
    return "It is wrong where no unit flips: then the whole interval is one piece."


def _inputs_are_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    generator = _fresh()
    layer = _layer(_places(6, -6, 6, generator), generator)
    weight, bias = layer.weight.copy(), layer.bias.copy()
    with np.errstate(all="ignore"):
        if function(weight, bias, layer.left, layer.right) is None:
            raise NotSolvedError
    if np.array_equal(weight, layer.weight) and np.array_equal(bias, layer.bias):
        return None
    return "It changes the weights or biases that it is given. Work on copies."
