"""Checks of chapter 1's exercise: the bends that put a line of hinges through given points."""

import secrets
from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Real

from relubook.checks import Case, NotSolvedError, Outcome, run_cases
from relubook.checks.wording import apart

Student = Callable[[np.ndarray, np.ndarray], object]
Points = tuple[Real[np.ndarray, "points"], Real[np.ndarray, "points"]]


def check_hinge_bends(function: object) -> Outcome:
    """Check a function `hinge_bends(x, y)` for the bends of the line through n + 1 points.

    Args:
        function: Takes two arrays of n + 1 numbers, `x` rising; returns n numbers b, so that
            y[0] + the sum of b[i] max(0, x - x[i]) goes through every point.

    Returns:
        What was found; show it as the last line of a cell.

    >>> from relubook.hinges import through
    >>> check_hinge_bends(lambda x, y: through(x, y).bends)
    All public checks passed (5 of 5).
    """
    tests = (_value, _two_points, _straight_on, _whole_numbers, _inputs_are_kept)
    return run_cases(function, [Case(test=test) for test in tests])


def _points(number: int = 7) -> Points:
    """Fresh points, some near each other and some far, the first two not flat."""
    generator = np.random.default_rng(secrets.randbits(62))
    x = np.cumsum(generator.uniform(0.2, 2.0, number)) - 3
    y = generator.uniform(-2, 2, number)
    y[0], y[1] = 1.5, 1.5 + generator.uniform(0.5, 1.0)
    return x, y


def _reference(x: np.ndarray, y: np.ndarray) -> Float[np.ndarray, "hinges"]:
    """Hinge by hinge: each adds what the ones before it lack at the next point."""
    bends: list[float] = []
    for at in range(len(x) - 1):
        after = float(x[at + 1])
        reached = float(y[0]) + sum(
            bend * (after - float(place)) for bend, place in zip(bends, x, strict=False)
        )
        bends.append((float(y[at + 1]) - reached) / (after - float(x[at])))
    return np.array(bends)


def _ask(function: Student, points: Points) -> Float[np.ndarray, "..."]:
    """The student's answer, from copies of the points."""
    answer = function(*(part.copy() for part in points))
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    return np.asarray(answer, dtype=np.float64)


def _same(answer: np.ndarray, expected: np.ndarray) -> bool:
    return answer.shape == expected.shape and np.allclose(answer, expected, rtol=1e-6, atol=1e-8)


def _value(function: Student) -> str | None:
    """Points at uneven distances; common slips are recognized by what they compute."""
    points = _points()
    answer, expected = _ask(function, points), _reference(*points)
    if _same(answer, expected):
        return None
    for sentence, value in _slips(*points, expected):
        if _same(answer, value):
            return sentence
    return _wrong_shape(answer, expected) or _worst(answer, expected)


def _worst(answer: np.ndarray, expected: np.ndarray) -> str:
    """A sentence about the bend that is furthest from its place; NaN is further than any."""
    place = int(np.abs(answer - expected).argmax())
    theirs, ours = apart(answer[place], expected[place])
    return (
        f"The line through its hinges misses the points: bend {place}, counted from 0, is "
        f"{theirs}; hinge by hinge it is {ours}."
    )


def _slips(
    x: np.ndarray, y: np.ndarray, expected: np.ndarray
) -> tuple[tuple[str, np.ndarray], ...]:
    """What common slips compute, with a sentence about each."""
    rises, gaps, later = np.diff(y), np.diff(x), expected[1:]
    slopes = rises / gaps
    from_zero = np.append(y[1], rises[1:]) / gaps
    uneven = "It takes all distances for equal. Each piece has a length of its own."
    undivided = "It does not divide by distances. How steep is a rise over a long piece?"
    return (
        ("It returns slopes. A bend is how much the slope changes at a point.", slopes),
        ("It leaves out the first hinge, which gives the first slope.", later),
        ("Its first bend is 0. Before the first hinge the line is flat.", np.append(0.0, later)),
        ("Its first bend is the first height. That is the start, no bend.", np.append(y[0], later)),
        ("Its line begins at height 0. It begins at the first point.", _changes(from_zero)),
        (undivided, rises),
        (undivided, _changes(rises)),
        (uneven, _changes(rises / gaps[0])),
        (uneven, _changes(rises / gaps.mean())),
        ("All its signs are wrong. Which is subtracted from which?", -expected),
        (
            "Its changes of slope have the wrong sign: new slope minus old.",
            np.append(slopes[0], -later),
        ),
        ("It divides distances by rises. A slope is rise over distance.", _changes(gaps / rises)),
        (
            "It divides the change of slope by a distance again. A hinge bends at one place.",
            np.append(slopes[0], later / gaps[1:]),
        ),
    )


def _changes(slopes: np.ndarray) -> np.ndarray:
    """The first, then how much each differs from the one before."""
    return np.diff(slopes, prepend=0.0)


def _wrong_shape(answer: np.ndarray, expected: np.ndarray) -> str | None:
    """A sentence about how many numbers there are, if there are not as many as asked for."""
    if answer.shape == expected.shape:
        return None
    n = len(expected)
    if answer.shape == (n + 1,):
        return "It returns one bend too many: n + 1 points need n hinges, none at the last."
    if answer.shape == (n - 1,):
        return "It returns one bend too few: n + 1 points need n hinges."
    return f"It returns the shape {answer.shape}. Asked for: {n} numbers for {n + 1} points."


def _two_points(function: Student) -> str | None:
    """One hinge, at the left edge."""
    points = _points(2)
    answer, expected = _ask(function, points), _reference(*points)
    if _same(answer, expected):
        return None
    return _wrong_shape(answer, expected) or (
        "It is wrong for two points: one hinge, whose bend is the slope."
    )


def _straight_on(function: Student) -> str | None:
    """Points on a line: a hinge that does not bend still counts."""
    x, _ = _points()
    answer, expected = _ask(function, (x, 2 * x - 1)), np.append(2.0, np.zeros(len(x) - 2))
    if _same(answer, expected):
        return None
    return "It is wrong where the line runs straight on: such a hinge has bend 0, and counts."


def _whole_numbers(function: Student) -> str | None:
    """Integers, whose slopes are none."""
    x, y = np.array([0, 2, 3, 7]), np.array([1, 2, 0, 1])
    if _same(_ask(function, (x, y)), _reference(x, y)):
        return None
    return "It is wrong for whole numbers: are slopes rounded, or kept in an array of integers?"


def _inputs_are_kept(function: Student) -> str | None:
    """The student's function must not change the points."""
    points = _points()
    before = [part.copy() for part in points]
    if function(*points) is None:
        raise NotSolvedError
    if all(np.array_equal(a, b) for a, b in zip(points, before, strict=True)):
        return None
    return "It changes the points that it is given. Work on copies."
