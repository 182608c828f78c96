"""How the checks of the replication read what a student promises, and call what a student wrote."""

import contextlib
import copy
import hashlib
import io
import json
import numbers
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from relubook.checks import Case, NotSolvedError


class UnreadableError(Exception):
    """An answer that cannot be read; its text is what the student is told."""


def plan_digest(plan: Mapping[str, Any]) -> str:
    """The stamp of a plan: 16 characters that change when anything in it does.

    Args:
        plan: Of plain values: words, numbers and lists of them.

    Raises:
        TypeError: If it holds something else.

    >>> plan_digest({"seeds": [1, 2]}) == plan_digest({"seeds": [1, 3]})
    False
    """
    try:
        text = json.dumps(dict(plan), sort_keys=True)
    except (TypeError, ValueError, RecursionError) as error:
        raise TypeError(
            "The `plan` must hold plain values: words, numbers and lists of them. "
            f"Got something else: {error}"
        ) from None
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def case(test: Callable[[Callable], str | None]) -> Case:
    """A case that tells in its own words what cannot be read."""

    def told(function: Callable) -> str | None:
        try:
            return test(function)
        except UnreadableError as problem:
            return str(problem)

    return Case(test=told)


def kind(found: object) -> str:
    """What something is, for a message."""
    return f"a {type(found).__name__}"


@contextmanager
def quiet() -> Iterator[None]:
    """What a student's code prints or warns of is not shown: a test cell must put out nothing."""
    nowhere = io.StringIO()
    with (
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


@contextmanager
def swapped(function: object, old: object, new: object) -> Iterator[None]:
    """While this lasts, `function` finds `new` wherever its notebook has a name for `old`."""
    names: dict[str, object] = getattr(function, "__globals__", {})
    found = [name for name, value in names.items() if value is old]
    try:
        names.update(dict.fromkeys(found, new))
        yield
    finally:
        names.update(dict.fromkeys(found, old))


def promised(plan: object) -> dict[str, Any]:
    """A copy of what `plan()` returns.

    Raises:
        NotSolvedError: If it returns nothing.
        UnreadableError: If it is not a function that returns a dictionary.
    """
    if not callable(plan):
        raise UnreadableError("`plan` is no function.")
    with quiet():
        found = plan()
    if found is None or found is Ellipsis:
        raise NotSolvedError
    if not isinstance(found, dict):
        raise UnreadableError(f"`plan` returns {kind(found)}. A dictionary is asked for.")
    return copy.deepcopy(found)


def to_measure(plan: object) -> tuple[list[str], list[int]]:
    """The conditions and seeds of a plan, each once, however few they are.

    Raises:
        UnreadableError: If there is none of one of them, or they are of another kind.
    """
    try:
        found = promised(plan)
        conditions = list(dict.fromkeys(found["conditions"]))
        seeds = list(dict.fromkeys(found["seeds"]))
        good = all(isinstance(name, str) for name in conditions) and all(map(_whole, seeds))
    except Exception:
        good, conditions, seeds = False, [], []
    if not good or not conditions or not seeds:
        raise UnreadableError(
            "Question 1 comes first: this needs the conditions and the seeds of your plan, and "
            "they cannot be read."
        )
    return conditions, [int(seed) for seed in seeds]


def _whole(seed: object) -> bool:
    return isinstance(seed, numbers.Integral) and not isinstance(seed, bool)
