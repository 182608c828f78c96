"""How the checks of denoising autoencoders ask a student's function, and read what it returns."""

import warnings
from collections.abc import Callable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from relubook.checks import Case, NotSolvedError, Outcome, run_cases

Student = Callable[..., object]
Test = Callable[[Student], str | None]

_CLOSE = 1e-4  # of the largest number compared: float32 is far below, every slip far above


class WrongFormError(Exception):
    """What a function returns has not the form that was asked for; the message says what it is."""


def outcome(function: object, tests: Sequence[Test]) -> Outcome:
    """What the tests find, the most telling one first."""
    return run_cases(function, [Case(test=_spoken(test)) for test in tests])


def asked(function: Student, *arguments: object) -> object:
    """The student's answer; a warning would cost points, since it is written to stderr."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = function(*arguments)
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    return answer


def several(answer: object, what: Sequence[str]) -> Sequence[object]:
    """The parts of an answer, as many as have a name."""
    names = f"{', '.join(what[:-1])} and {what[-1]}"
    if not isinstance(answer, tuple | list):
        kind = type(answer).__name__
        raise WrongFormError(f"It should return {names}, as a tuple. It returns one {kind}.")
    if len(answer) != len(what):
        raise WrongFormError(f"It should return {names}. It returns {len(answer)} things.")
    if any(part is None or part is Ellipsis for part in answer):
        raise NotSolvedError
    return answer


def numbers(answer: object, shape: tuple[int, ...], what: str) -> Float[Tensor, "*shape"]:
    """A part of the answer, in float64."""
    try:
        found = torch.as_tensor(answer).detach().cpu()
        if found.is_complex() or found.layout != torch.strided:
            raise TypeError
        found = found.to(torch.float64)
    except (TypeError, ValueError, RuntimeError, OverflowError):
        kind = type(answer).__name__
        raise WrongFormError(
            f"{what} should be a tensor of numbers. It is of the type {kind}, or holds "
            "something else."
        ) from None
    if found.shape != shape:
        raise WrongFormError(
            f"{what} should have the shape {shape}. It has the shape {tuple(found.shape)}."
        )
    return found


def number(answer: object, what: str) -> float:
    """A part of the answer that is one number."""
    size = tuple(answer.shape) if isinstance(answer, Tensor) else ()
    if size not in ((), (1,)):
        raise WrongFormError(f"{what} should be one number. It has the shape {size}.")
    return float(numbers(answer, size, what).sum())


def alike(found: Tensor, expected: Tensor) -> bool:
    """Equal but for rounding."""
    if not bool(found.isfinite().all()):
        return False
    size = max(float(expected.abs().max()), float(torch.finfo(torch.float32).tiny))
    return bool((found - expected).abs().max() <= _CLOSE * size)


def changed(names: Sequence[str], now: Sequence[Tensor], before: Sequence[Tensor]) -> str | None:
    """A sentence about the first argument that is not what it was."""
    for name, one, was in zip(names, now, before, strict=True):
        if not torch.equal(one, was):
            return f"It changes the tensor `{name}` that it is given. Make a new one."
    return None


def _spoken(test: Test) -> Test:
    """The test, saying what the form of an answer should be."""

    def case(function: Student) -> str | None:
        try:
            return test(function)
        except WrongFormError as error:
            return str(error)

    return case
