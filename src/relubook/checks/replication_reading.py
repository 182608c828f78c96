"""How the checks of the replication read what a student promises, and call what a student wrote."""

import contextlib
import copy
import datetime
import hashlib
import io
import json
import math
import numbers
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from torch import Tensor

from relubook.checks import Case, NotSolvedError
from relubook.datasets import NAMES

Table = dict[str, dict[int, float]]

_FIELDS = (
    "version", "command", "started", "wall_time_s", "device", "threads", "versions", "data",
    "seeds", "plan",
)  # fmt: skip
_PROGRAMS = ("python", "torch", "numpy")
_SHA256 = re.compile(r"[0-9a-f]{64}")


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
    found = [name for name, value in names.items() if value is old and callable(old)]
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
        good = all(isinstance(name, str) for name in conditions) and all(map(whole, seeds))
    except Exception:
        good, conditions, seeds = False, [], []
    if not good or not conditions or not seeds:
        raise UnreadableError(
            "Question 1 comes first: this needs the conditions and the seeds of your plan, and "
            "they cannot be read."
        )
    return conditions, [int(seed) for seed in seeds]


def same_number(first: float, second: float) -> bool:
    """Equal, or both NaN."""
    return first == second or (math.isnan(first) and math.isnan(second))


def read_table(measure: object) -> Table:
    """The numbers that a student's function returns, each NaN or finite.

    Raises:
        NotSolvedError: If it returns nothing.
        UnreadableError: If it is another thing than a table, or holds something else than numbers.
    """
    table = _part(measure, "table")
    if not all(isinstance(row, Mapping) for row in table.values()):
        raise UnreadableError("The `table` should be {condition: {seed: number}}.")
    return {
        str(name): {_seed(seed): _value(value, name, seed) for seed, value in row.items()}
        for name, row in table.items()
    }


def read_record(measure: object) -> dict[str, Any]:
    """The record that a student's function returns, with the fields of a passport and `plan`.

    Raises:
        NotSolvedError: If it returns nothing.
        UnreadableError: If a field is missing, or empty, or cannot be true.
    """
    record = dict(_part(measure, "record"))
    missing = [f"`{name}`" for name in _FIELDS if record.get(name) in (None, "", [], {})]
    if missing:
        raise UnreadableError(
            f"The record says nothing about {', '.join(missing)}. `passport` collects all but "
            "the stamp of the plan."
        )
    problem = _of_programs(record) or _of_time(record) or _of_data(record["data"])
    if problem:
        raise UnreadableError(problem)
    if not isinstance(record["seeds"], (list, tuple)) or not all(map(whole, record["seeds"])):
        raise UnreadableError("The `seeds` of the record should be a list of whole numbers.")
    return record | {"seeds": sorted(record["seeds"])}


def _part(measure: object, name: str) -> Mapping[Any, Any]:
    """The table or the record."""
    if not callable(measure):
        raise UnreadableError("`measure` is no function.")
    with quiet():
        found = measure()
    if found is None or found is Ellipsis:
        raise NotSolvedError
    if not isinstance(found, Mapping) or not isinstance(found.get(name), Mapping):
        what = kind(found.get(name)) if isinstance(found, Mapping) else kind(found)
        raise UnreadableError(
            f"`measure` should return a dictionary of two: `table` and `record`. Got {what} where "
            f"the {name} should be."
        )
    return found[name]


def _seed(seed: object) -> int:
    """A seed; as text, too, for tables that went through a file."""
    if isinstance(seed, str) and seed.isdecimal():
        return int(seed)
    if not whole(seed):
        raise UnreadableError(f"The table has {seed!r} where a seed should be.")
    return int(seed)  # pyright: ignore[reportArgumentType]


def _value(value: object, name: object, seed: object) -> float:
    if isinstance(value, (Tensor, np.ndarray)) and value.ndim == 0:
        value = value.item()
    good = isinstance(value, (int, float, np.number)) and not isinstance(value, (bool, complex))
    if not good or math.isinf(value):  # pyright: ignore[reportArgumentType]
        raise UnreadableError(
            f"The table has {value!r} at {name!r}, seed {seed!r}. A finite number stands there, or "
            "NaN for a run that diverged."
        )
    return float(value)  # pyright: ignore[reportArgumentType]


def _of_programs(record: Mapping[str, Any]) -> str | None:
    versions = record["versions"]
    if not isinstance(versions, Mapping) or not all(versions.get(name) for name in _PROGRAMS):
        return f"The record should name the versions of {', '.join(_PROGRAMS)}."
    texts = ("version", "command", "device", "plan", "started")
    wrong = [name for name in texts if not isinstance(record[name], str)]
    return f"`{wrong[0]}` of the record should be text." if wrong else None


def _of_time(record: Mapping[str, Any]) -> str | None:
    """Start and duration."""
    try:
        began = datetime.datetime.fromisoformat(record["started"])
        future = began > datetime.datetime.now(datetime.UTC) + datetime.timedelta(minutes=5)
    except (TypeError, ValueError):
        return (
            "`started` of the record should be a moment with its time zone, such as "
            f"'2026-11-02T09:30:00+00:00'. Got {record['started']!r}."
        )
    if future:
        return f"The measurement began on {record['started']}, which is still to come."
    took = record["wall_time_s"]
    if isinstance(took, bool) or not isinstance(took, (int, float)) or not 0 <= took < math.inf:
        return f"`wall_time_s` of the record should be seconds. Got {took!r}."
    return None


def _of_data(data: object) -> str | None:
    if not isinstance(data, Mapping) or not isinstance(data.get("name"), str) or not data["name"]:
        return "`data` of the record should be a dictionary with `name` and `sha256`."
    if data["name"] in NAMES and not _SHA256.fullmatch(str(data.get("sha256"))):
        return f"Which {data['name']} was it? `sha256` of `data` should have 64 characters."
    return None


def whole(seed: object) -> bool:
    """Whether something is a whole number."""
    return isinstance(seed, numbers.Integral) and not isinstance(seed, bool)
