"""Checks of chapter 3's exercise: the share of exact zeros among activations."""

import math
import secrets
from collections.abc import Callable

import torch
from torch import Tensor

from relubook.checks import Case, NotSolvedError, Outcome, run_cases

Student = Callable[[Tensor], object]


def check_zero_fraction(function: object) -> Outcome:
    """Check a function `zero_fraction(h)` for the share of exact zeros.

    Args:
        function: Takes activations [examples units] and returns one number in 0..1, as a float or
            a tensor of one number.

    Returns:
        What was found; show it as the last line of a cell.

    >>> check_zero_fraction(lambda h: (h == 0).float().mean())
    All public checks passed (6 of 6).
    """
    tests = (_value, _tiny_values, _negative_values, _precision, _not_a_number, _input_is_kept)
    return run_cases(function, [Case(test=test) for test in tests])


def _activations(dtype: torch.dtype = torch.float32) -> Tensor:
    """Fresh activations [examples units] with zeros, a dead unit and an always active one."""
    generator = torch.Generator().manual_seed(secrets.randbits(62))
    h = torch.rand(7, 11, generator=generator).clamp_min(0.01).to(dtype)
    h[torch.rand(h.shape, generator=generator) < 0.35] = 0
    h[:, 0], h[:, 1] = 0, 1
    return h


def _reference(h: Tensor) -> float:
    """Counted one by one, without a tensor operation."""
    numbers = [float(value) for row in h for value in row]
    return sum(value == 0 for value in numbers) / len(numbers)


def _ask(function: Student, h: Tensor) -> float:
    """The student's answer as a number."""
    answer = function(h.clone())
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    if isinstance(answer, Tensor) and answer.numel() != 1:
        raise _Several(tuple(answer.shape), h)
    return float(answer)  # pyright: ignore[reportArgumentType]


class _Several(Exception):
    """An answer of several numbers, with a guess at what they count."""

    def __init__(self, shape: tuple[int, ...], h: Tensor) -> None:
        per: dict[tuple[int, ...], str] = {
            (h.shape[1],): "one per unit",
            (h.shape[0],): "one per example",
        }
        what = per.get(shape, f"of shape {shape}")
        super().__init__(f"the answer is several numbers, {what}. One number is asked for.")


def _close(answer: float, expected: float) -> bool:
    return math.isclose(answer, expected, rel_tol=1e-3, abs_tol=1e-6)


def _value(function: Student) -> str | None:
    """The plain case; other common readings of the question are recognized."""
    h = _activations()
    answer, expected = _ask(function, h), _reference(h)
    if _close(answer, expected):
        return None
    kinds = {
        "It counts the activations that are not zero. Which ones are silent?": 1 - expected,
        "It returns percent. A share lies between 0 and 1.": 100 * expected,
        "It returns how many zeros there are. Which share of all activations is that?": (
            expected * h.numel()
        ),
        "It counts dead units, which are zero for every example. Count activations.": float(
            (h == 0).all(0).float().mean()
        ),
        "It looks at one direction only: the share of examples with any zero.": float(
            (h == 0).any(1).float().mean()
        ),
        "It divides by the number of units only. How many activations are there?": (
            expected * h.shape[0]
        ),
        "It divides by the number of examples only. How many activations are there?": (
            expected * h.shape[1]
        ),
    }
    for sentence, value in kinds.items():
        if _close(answer, value):
            return sentence
    return f"It returns {answer:.3g}, but a count one by one gives {expected:.3g}."


def _tiny_values(function: Student) -> str | None:
    """A tolerance would call small activations zeros."""
    h = _activations()
    h[:, 1] = 1e-20
    if _close(_ask(function, h), _reference(h)):
        return None
    return "It takes very small activations for zeros. Only exact zeros count: no tolerance."


def _negative_values(function: Student) -> str | None:
    """Tanh units go below zero; those are not zeros."""
    h = _activations()
    h[:, 1] = -1
    if _close(_ask(function, h), _reference(h)):
        return None
    return "It counts negative activations as zeros. Units such as tanh have them; they are not."


def _precision(function: Student) -> str | None:
    """Half precision and integers overflow or round when summed."""
    for dtype in (torch.float16, torch.float64):
        h = torch.zeros(600, 600, dtype=dtype)
        h[::2] = 1
        if not _close(_ask(function, h), 0.5):
            return f"It is wrong for {dtype} and many activations: does a count overflow or round?"
    return None


def _not_a_number(function: Student) -> str | None:
    """NaN is not a zero."""
    h = _activations()
    h[:, 1] = math.nan
    if _close(_ask(function, h), _reference(h)):
        return None
    return "It is confused by NaN, which is not a zero. Ask each activation whether it equals 0."


def _input_is_kept(function: Student) -> str | None:
    """The student's function must not change what it measures."""
    h = _activations()
    before = h.clone()
    if function(h) is None:
        raise NotSolvedError
    if torch.equal(before, h):
        return None
    return "It changes the activations that it is given. Measure without touching them."
