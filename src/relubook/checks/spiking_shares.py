"""Checks of the assignment on neurons: how much of a response is antisymmetric."""

import math
from collections.abc import Callable, Iterator

import numpy as np
from jaxtyping import Float

from relubook.checks import NotSolvedError, Outcome
from relubook.checks.spiking_answers import FormError, Student, asked, fresh, keeps, number, outcome
from relubook.checks.wording import apart

__all__ = ["check_rest", "check_share"]

Points = Float[np.ndarray, "points"]
Strength = np.ndarray | float | int
Response = Callable[[Strength], np.ndarray]  # of one strength or of many

_SHARE = "Return one number between 0 and 1."


def check_share(function: object) -> Outcome:
    """Check `antisymmetric_share(f, x)` for responses that rest at 0.

    Args:
        function: Takes a function of an array of strengths and an array of positive strengths [1];
            returns the share of the antisymmetric part in the response's squares.

    Returns:
        What was found; `require()` stops a cell unless all passed.
    """
    return outcome(function, _mixture, _kinds, _few_strengths)


def check_rest(function: object) -> Outcome:
    """Check `antisymmetric_share` for responses that rest elsewhere, or never leave their rest.

    Args:
        function: As for `check_share`.
    """
    return outcome(function, _rests, _never_moves, _strengths_are_kept)


def _strengths(many: int = 9) -> Points:
    """Positive strengths in no order, unevenly spaced."""
    generator = fresh()
    return generator.permutation(np.linspace(0.2, 2, many) + generator.uniform(-0.1, 0.1, many))


def _mixed(rest: float = 0.0) -> Response:
    """A response with both parts, in proportions that change with the strength."""
    generator = fresh()
    odd, even, steep = (float(one) for one in generator.uniform([0.5, 0.2, 0.8], [1, 0.4, 2]))

    def response(x: Strength) -> np.ndarray:
        at = np.asarray(x, dtype=np.float64)
        return np.asarray(rest + odd * np.tanh(steep * at) + even * np.abs(at) ** 1.5)

    return response


def _reference(response: Response, x: Points) -> float:
    """One strength after the other, in plain numbers."""
    rest, odd, even = float(response(np.zeros(1))[0]), 0.0, 0.0
    for strength in x.tolist():
        there, back = (float(response(np.array([one]))[0]) - rest for one in (strength, -strength))
        odd += (there - back) ** 2
        even += (there + back) ** 2
    return odd / (odd + even)


def _share(function: Student, response: Response, x: Points) -> float:
    return number(asked(function, response, x), _SHARE)


def _close(found: float, expected: float) -> bool:
    return math.isclose(found, expected, rel_tol=1e-6, abs_tol=1e-9)


def _mixture(function: Student) -> str | None:
    """Neither antisymmetric nor symmetric; common slips are recognized by what they compute."""
    response, x = _mixed(), _strengths()
    found, expected = _share(function, response, x), _reference(response, x)
    if _close(found, expected):
        return None
    for sentence, wrong in _wrong(response, x):
        if _close(found, wrong):
            return sentence
    theirs, ours = apart(found, expected)
    return (
        f"It returns {theirs} for a response whose share is {ours}. Do your two parts add up to "
        "the response, at x and at -x?"
    )


def _wrong(response: Response, x: Points) -> Iterator[tuple[str, float]]:
    """Wrong shares of the antisymmetric part of a response that rests at 0.

    Args:
        response: What is looked at; it is neither antisymmetric nor symmetric.
        x: Positive strengths [1].
    """
    there, back = response(x), response(-x)
    odd, even = (there - back) / 2, (there + back) / 2
    a, s = float((odd**2).sum()), float((even**2).sum())
    one_side, both = float((there**2).sum()), float((there**2 + back**2).sum())
    yield "It is the share of the symmetric part.", s / (a + s)
    yield (
        "It adds up amounts, not their squares. For what is the whole the sum of its parts?",
        float(np.abs(odd).sum() / (np.abs(odd).sum() + np.abs(even).sum())),
    )
    yield "It divides the antisymmetric part by the symmetric one. A share is of the whole.", a / s
    yield "It is the root of the share that is asked for.", float(np.sqrt(a / (a + s)))
    yield (
        "It divides by the squares of the answers to the pattern alone. Both parts are made of "
        "the answers to the pattern and to its opposite.",
        a / one_side,
    )
    yield (
        "It is half of the share. Compare the squares of both answers with those of both parts.",
        a / both,
    )
    yield "It is twice the share. Is a factor missing in the antisymmetric part?", 4 * a / both
    yield "One of the two parts is without its half.", 4 * a / (4 * a + s)
    yield "One of the two parts is without its half.", a / (a + 4 * s)
    yield "It is in percent. A share lies between 0 and 1.", 100 * a / (a + s)
    yield (
        "It is the answer to the opposite as a multiple of the answer to the pattern. What is "
        "asked for is a share of squares.",
        float((back / there).mean()),
    )
    yield (
        "It is the mean of the shares at single strengths. Add up squares first.",
        float((odd**2 / (odd**2 + even**2)).mean()),
    )


def _rectifier(x: Strength) -> np.ndarray:
    return np.asarray(np.maximum(0.0, x))


def _kinds(function: Student) -> str | None:
    """Responses of one kind."""
    kinds: tuple[tuple[str, Response, float], ...] = (
        ("an antisymmetric", np.tanh, 1.0),
        ("a symmetric", lambda x: np.abs(np.tanh(x)), 0.0),
        ("a one-sided", _rectifier, 0.5),
        ("a one-sided", lambda x: -(_rectifier(-x) ** 2), 0.5),
    )
    for kind, response, expected in kinds:
        found = _share(function, response, _strengths())
        if not _close(found, expected):
            return f"It returns {found:.3g} for {kind} response. How large are its two parts?"
    return None


def _few_strengths(function: Student) -> str | None:
    """One strength is enough."""
    for many in (1, 2):
        response, x = _mixed(), _strengths(many)
        if not _close(_share(function, response, x), _reference(response, x)):
            return f"It is wrong for an array of {many} strengths."
    return None


def _rests(function: Student) -> str | None:
    """Logistic units and others whose answer to nothing is not 0."""
    for response in (_mixed(rest=1.5), lambda x: 1 / (1 + np.exp(-np.asarray(x, dtype=float)))):
        x = _strengths()
        found, expected = _share(function, response, x), _reference(response, x)
        if _close(found, expected):
            continue
        there, back = response(x), response(-x)
        odd, even = ((there - back) / 2) ** 2, ((there + back) / 2) ** 2
        if _close(found, float(odd.sum() / (odd + even).sum())):
            return (
                "The answer at rest is not taken away. A unit that says one half to a blank page "
                "is not symmetric for that."
            )
        theirs, ours = apart(found, expected)
        return f"It returns {theirs} for a response that does not rest at 0, where it is {ours}."
    return None


def _never_moves(function: Student) -> str | None:
    """A response that is its rest everywhere has no parts to compare."""
    what = "For a response that never leaves its rest"
    for rest in (0.0, 0.3):

        def still(x: Strength, rest: float = rest) -> np.ndarray:
            return np.full(np.shape(x), rest)

        try:
            found = _share(function, still, _strengths())
        except ValueError:
            continue
        except (NotSolvedError, NotImplementedError):
            return f"{what} it returns nothing. Raise a ValueError that says what is wrong."
        except FormError:
            raise
        except Exception as error:
            kind = type(error).__name__
            return f"{what} it stops with {kind}. Raise a ValueError that says what is wrong."
        return f"{what} it returns {found:g}. Raise a ValueError that says what is wrong."
    return None


def _strengths_are_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    if keeps(function, _mixed(rest=1.5), _strengths()):
        return None
    return "It changes the strengths that it is given. Work on a copy."
