"""How the checks of the assignment on sparse training ask, and read what they are answered."""

import contextlib
import io
import math
import secrets
import warnings
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from jaxtyping import Float
from torch import Tensor

from relubook.checks import Case, NotSolvedError

Student = Callable[..., object]
Test = Callable[[Student], str | None]


class SaidError(Exception):
    """A sentence about the form of an answer."""


def fresh() -> np.random.Generator:
    """Random numbers that nobody has seen."""
    return np.random.default_rng(secrets.randbits(62))


def quietly(function: Student, *arguments: object) -> object:
    """The answer of a function that may print and warn: what is written would cost its points.

    Args:
        function: The student's.
        arguments: To it.
    """
    nowhere = io.StringIO()
    with (
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        warnings.simplefilter("ignore")
        return function(*arguments)


def asked(function: Student, *arguments: object) -> object:
    """The answer, which is not nothing.

    Args:
        function: The student's.
        arguments: To it.

    Raises:
        NotSolvedError: If there is no answer.
    """
    answer = quietly(function, *arguments)
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    return answer


def cases(*tests: Test) -> list[Case]:
    """Public checks, for which a `SaidError` is an answer like any other.

    Args:
        tests: Each takes the student's function; returns a sentence about what is wrong, or None.
    """

    def case(test: Test) -> Case:
        def safe(function: Student) -> str | None:
            try:
                return test(function)
            except SaidError as said:
                return str(said)

        return Case(test=safe)

    return [case(test) for test in tests]


def parts(answer: object, *names: str) -> list[Any]:
    """The parts of an answer, as many as there are names.

    Args:
        answer: A tuple, a list, an array or a tensor.
        names: What each is.

    Raises:
        SaidError: If it has another form.
    """
    wanted = f"What is asked for: {', '.join(names)}."
    if isinstance(answer, Tensor | np.ndarray) and answer.ndim == 1:
        answer = answer.tolist()
    if not isinstance(answer, tuple | list):
        raise SaidError(f"It returns one thing of type {type(answer).__name__}. {wanted}")
    if len(answer) != len(names):
        raise SaidError(f"It returns {len(answer)} things. {wanted}")
    return list(answer)


def number(value: object, name: str) -> float:
    """A part of an answer as a number.

    Args:
        value: The part.
        name: What it is.

    Raises:
        SaidError: If it is none.
    """
    if isinstance(value, Tensor | np.ndarray) and math.prod(value.shape) != 1:
        shape = tuple(value.shape)
        raise SaidError(f"The {name} that it returns is an array of shape {shape}, not one number.")
    try:
        if isinstance(value, str | bytes):
            raise TypeError
        return float(value)  # pyright: ignore[reportArgumentType]
    except (TypeError, ValueError, OverflowError, RuntimeError):
        kind = type(value).__name__
        raise SaidError(f"The {name} that it returns is no number, but of type {kind}.") from None


def table(value: object, name: str, shape: tuple[int, ...]) -> Float[np.ndarray, "..."]:
    """A part of an answer as an array of a known shape.

    Args:
        value: The part.
        name: What it is.
        shape: What it should have.

    Raises:
        SaidError: If it has another one, or holds no numbers.
    """
    try:
        plain = value.numpy(force=True) if isinstance(value, Tensor) else value
        found = np.array(plain, dtype=np.float64)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        kind = type(value).__name__
        raise SaidError(f"The {name} that it returns cannot be read as an array: {kind}.") from None
    if found.shape != shape:
        raise SaidError(
            f"The {name} that it returns has the shape {found.shape}; asked for is {shape}."
        )
    return found


def alike(found: object, expected: object) -> bool:
    """Equal but for rounding; NaN equals NaN.

    Args:
        found: A number or an array.
        expected: One of the same shape.
    """
    first, second = (np.asarray(one, dtype=np.float64) for one in (found, expected))
    return first.shape == second.shape and np.allclose(
        first, second, rtol=1e-4, atol=1e-7, equal_nan=True
    )


def first_of(found: object, slips: Iterable[tuple[str, object]]) -> str | None:
    """The sentence about the slip that comes closest to what was found, the first of equals.

    By chance two slips may both give what was found, as far as `alike` can tell.

    Args:
        found: A number or an array.
        slips: Sentences, and what comes out.
    """
    fitting = [
        (_distance(found, value), sentence) for sentence, value in slips if alike(found, value)
    ]
    return min(fitting, key=lambda one: one[0], default=(0.0, None))[1]


def _distance(found: object, value: object) -> float:
    """The largest difference of two numbers or arrays that are alike; infinities have none."""
    first, second = (np.asarray(one, dtype=np.float64) for one in (found, value))
    with np.errstate(invalid="ignore"):
        return float(np.nan_to_num(np.abs(first - second), nan=0.0).max(initial=0.0))


def first_of_all(trials: Iterable[tuple[object, Iterable[tuple[str, object]]]]) -> str | None:
    """The sentence about the first slip that gives what was found, in every trial.

    Args:
        trials: What was found in each, and its slips.
    """
    fitting = None
    for found, slips in trials:
        here = [sentence for sentence, value in slips if alike(found, value)]
        fitting = here if fitting is None else [one for one in fitting if one in here]
    return next(iter(fitting or []), None)
