"""How the answers of the assignment on neurons are asked for, and read before they are compared."""

import contextlib
import io
import secrets
import types
import warnings
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from relubook.checks import Case, NotSolvedError, Outcome, run_cases

Student = Callable[..., object]
Test = Callable[[Student], str | None]

_MOST = 5_000_000  # numbers of an answer that are looked at


class FormError(Exception):
    """An answer that cannot be compared; the text is what the student reads."""


def fresh() -> np.random.Generator:
    """Random numbers that nobody has seen."""
    return np.random.default_rng(secrets.randbits(62))


def quietly(function: Student, *given: object) -> object:
    """The answer of a function, which is given copies of arrays and may warn unheard.

    A cell of tests must put out nothing: what a right answer warns of would cost its points.

    Args:
        function: The student's.
        given: What it is asked about.

    Raises:
        FormError: If the function ends the program.
    """
    copies = [np.copy(one) if isinstance(one, np.ndarray) else one for one in given]
    unheard = contextlib.redirect_stderr(io.StringIO())
    with np.errstate(all="ignore"), warnings.catch_warnings(), unheard:
        warnings.simplefilter("ignore")
        try:
            return function(*copies)
        except SystemExit:
            raise FormError("It ends the program. Let it return its answer.") from None


def asked(function: Student, *given: object) -> object:
    """The answer as `quietly` gets it.

    Raises:
        NotSolvedError: If there is none.
    """
    answer = quietly(function, *given)
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    return answer


def numbers(answer: object, what: str) -> Float[np.ndarray, "..."]:
    """An answer as an array of any shape.

    Args:
        answer: The student's.
        what: A sentence about what should be returned.

    Raises:
        FormError: If it is not made of real numbers, or of too many.
    """
    if isinstance(answer, types.GeneratorType):
        raise FormError(f"It yields one thing after the other. {what}")
    size = np.size(answer) if isinstance(answer, np.ndarray) else 0
    if size > _MOST:
        raise FormError(f"It returns {size} numbers. {what}")
    try:
        found = np.asarray(answer)
        if not (np.issubdtype(found.dtype, np.number) or found.dtype == bool):
            raise TypeError
        if np.iscomplexobj(found):
            raise TypeError
        return found.astype(np.float64)
    except Exception:
        kind = "a dictionary" if isinstance(answer, dict) else f"a {type(answer).__name__}"
        raise FormError(f"It returns {kind} that is not made of numbers. {what}") from None


def answered(function: Student, *given: object) -> Float[np.ndarray, "..."]:
    """The numbers of an answer, for tests that are written in a notebook.

    Args:
        function: The student's.
        given: What it is asked about.
    """
    return numbers(asked(function, *given), "Return numbers.")


def number(answer: object, what: str) -> float:
    """An answer as one number.

    Raises:
        FormError: If it is anything else.
    """
    found = numbers(answer, what)
    if found.size != 1:
        raise FormError(f"It returns {found.size} numbers. {what}")
    return float(found.reshape(()))


def outcome(function: object, *tests: Test) -> Outcome:
    """Try every test; what cannot be compared is told by its own sentence.

    Args:
        function: The student's.
        tests: Each takes it and returns a sentence about what is wrong, or None.
    """

    def told(test: Test) -> Test:
        def tell(student: Student) -> str | None:
            try:
                with np.errstate(all="ignore"):
                    return test(student)
            except FormError as error:
                return str(error)

        return tell

    return run_cases(function, [Case(test=told(test)) for test in tests])


def keeps(function: Student, *given: object) -> bool:
    """Whether the arrays that it is given are the same afterwards."""
    arrays = [one for one in given if isinstance(one, np.ndarray)]
    before = [one.copy() for one in arrays]

    def without_copies() -> object:
        return function(*given)

    if quietly(without_copies) is None:
        raise NotSolvedError
    return all(np.array_equal(*pair) for pair in zip(before, arrays, strict=True))
