"""What an exercise or an assignment tests: checks take the student's function, never the solution.

A check tries the function on fresh random inputs against an independent reference and answers with
one sentence: the *kind* of error and a hint. It never raises about the student's work and never
shows the solution.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

__all__ = ["Case", "NotPassedError", "NotSolvedError", "Outcome", "run_cases"]


class NotPassedError(AssertionError):
    """A check that did not pass; a notebook shows its sentence and no traceback."""

    def _render_traceback_(self) -> list[str]:
        """What IPython prints in place of a traceback."""
        return [str(self)]


class NotSolvedError(Exception):
    """The student's function returned nothing."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a check found; its text is what the student reads.

    Attributes:
        passed: How many public checks passed.
        total: How many there are.
        message: The kind of the first error and a hint; empty if all passed.
        solved: False for an exercise that was not begun.
    """

    passed: int
    total: int
    message: str = ""
    solved: bool = True

    def __repr__(self) -> str:
        if not self.solved:
            return "Not solved yet: write the function, then run this cell again."
        if self.passed == self.total:
            return f"All public checks passed ({self.passed} of {self.total})."
        return f"{self.passed} of {self.total} public checks passed. {self.message}"

    def require(self) -> None:
        """Stop a cell unless all passed: how an assignment gives points.

        Raises:
            NotPassedError: If a check did not pass, or the work was not begun.
        """
        if not self.solved or self.passed < self.total:
            raise NotPassedError(repr(self))


@dataclass(frozen=True, kw_only=True)
class Case:
    """One public check.

    Attributes:
        test: Takes the student's function; returns a sentence about what is wrong, or None.
    """

    test: Callable[[Callable], str | None]


def run_cases(function: object, cases: Sequence[Case]) -> Outcome:
    """Try every case; the message is that of the first which failed.

    Args:
        function: The student's.
        cases: The public checks, the most telling one first.

    Returns:
        The outcome; an exercise that returns nothing, or is no function yet, is not solved.
    """
    if not callable(function):
        return Outcome(passed=0, total=len(cases), solved=False)
    messages = []
    for case in cases:
        try:
            messages.append(case.test(function))
        except (NotSolvedError, NotImplementedError):
            return Outcome(passed=0, total=len(cases), solved=False)
        except Exception as error:
            messages.append(f"It stops with {type(error).__name__}: {error}")
    failed = [message for message in messages if message]
    return Outcome(
        passed=len(cases) - len(failed), total=len(cases), message=failed[0] if failed else ""
    )
