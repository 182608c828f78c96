"""Checks of the replication's measurements: that they can be made, are all there, and come back."""

import functools
import math
import secrets
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from torch import Tensor

from relubook.checks import NotSolvedError, Outcome, run_cases
from relubook.checks.replication_reading import (
    Table,
    UnreadableError,
    case,
    kind,
    quiet,
    read_table,
    same_number,
    swapped,
    to_measure,
)
from relubook.checks.wording import apart

_SLACK = 3  # times the limit: another machine may be slower, and busy
_AGAIN, _AGAIN_S = 2, 1.0  # runs measured again at least, and more as long as this [s]
_FRESH = 5  # seeds that are tried besides the planned ones
_NO_CONDITION = "no such condition"
_LOOKED_UP = "Does it look its numbers up? It should measure, whichever seed it is given."
_READS = "`run` reads the table that it is meant to fill. It should measure."


class _ReadsTheTableError(Exception):
    """`run` asked for the table that it is meant to fill."""


class _Bench:
    """Runs of the student's function, each made once unless asked for again."""

    def __init__(self, run: Any, plan: object) -> None:
        self._run, self._plan = run, plan
        self._known: dict[tuple[str, int], float] = {}
        self.longest = 0.0

    @functools.cached_property
    def conditions(self) -> list[str]:
        """Those of the plan."""
        return to_measure(self._plan)[0]

    @functools.cached_property
    def planned(self) -> tuple[str, int]:
        """A condition and a seed of the plan, drawn by lot."""
        conditions, seeds = to_measure(self._plan)
        return secrets.choice(conditions), secrets.choice(seeds)

    @functools.cached_property
    def fresh(self) -> list[int]:
        """Seeds that are not in the plan."""
        used = set(to_measure(self._plan)[1])
        drawn = (1000 + secrets.randbelow(999_000) for _ in range(1000))
        return [seed for seed in drawn if seed not in used][:_FRESH]

    def measured(self, condition: str, seed: int) -> float:
        """What the run gives."""
        key = condition, seed
        if key not in self._known:
            self._known[key] = self.again(condition, seed)
        return self._known[key]

    def again(self, condition: str, seed: int) -> float:
        """What it gives now."""
        began = time.perf_counter()
        with quiet():
            answer = self._run(condition, seed)
        self.longest = max(self.longest, time.perf_counter() - began)
        return _number(answer)


def check_run(run: object, measure: object, plan: object, *, seconds: float = 3.0) -> Outcome:
    """Check that `run(condition, seed)` measures: from its seed, for its condition, repeatably.

    Args:
        run: Takes the name of a condition and a whole number from 0 to a million; returns one
            number, NaN for a run that diverged, and raises an error for a name that it does not
            know.
        measure: The student's function that fills the table; `run` must not read it.
        plan: The student's plan.
        seconds: How long one run may take [s].

    Returns:
        What was found.
    """
    bench = _Bench(run, plan)
    tests = (
        lambda _: _gives_a_number(bench),
        lambda _: _comes_back(bench, run, measure),
        lambda _: _sees_its_seed(bench),
        lambda _: _sees_its_condition(bench),
        lambda _: _in_time(bench, seconds),
    )
    return run_cases(run, [case(test) for test in tests])


def check_complete(measure: object, plan: object) -> Outcome:
    """Check that the table holds every run that was planned, and no other.

    Args:
        measure: Takes nothing; returns a dictionary with the `table` {condition: {seed: number}}
            and the `record`.
        plan: The student's plan.

    Returns:
        What was found.
    """

    def complete(function: Callable[[], object]) -> str | None:
        conditions, seeds = to_measure(plan)
        table = read_table(function)
        return _not_as_planned(table, conditions, seeds) or _all_equal(table)

    return run_cases(measure, [case(complete)])


def check_again(run: object, measure: object, plan: object) -> Outcome:
    """Check that numbers of the table come back when they are measured again.

    Args:
        run: The student's.
        measure: The student's.
        plan: The student's.

    Returns:
        What was found. Runs are drawn by lot, diverged ones first: at least two of them, and more
        if they are quick. A number may differ by a quarter of the standard deviation over the
        seeds of its condition, since the last digits are another machine's.
    """
    bench = _Bench(run, plan)

    def back(function: Callable[[], object]) -> str | None:
        table = read_table(function)
        _measure_a_fresh_seed(bench, bench.planned[0])
        places = [(name, seed) for name, row in table.items() for seed in row]
        secrets.SystemRandom().shuffle(places)
        places.sort(key=lambda place: not math.isnan(table[place[0]][place[1]]))
        with swapped(run, measure, _gone):
            try:
                return _first_that_differs(bench, table, places)
            except _ReadsTheTableError:
                return _READS

    return run_cases(measure, [case(back)])


def _gone() -> None:
    """Stands where the table was."""
    raise _ReadsTheTableError


def _number(answer: object) -> float:
    """An answer as a number, or a sentence about what it is."""
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    if isinstance(answer, (Tensor, np.ndarray)):
        count = answer.numel() if isinstance(answer, Tensor) else answer.size
        if count != 1:
            raise UnreadableError(f"`run` should return one number. Got {count} of them.")
        answer = answer.item()
    if isinstance(answer, (bool, np.bool_)) or not isinstance(answer, (int, float, np.number)):
        raise UnreadableError(f"`run` should return one number. Got {kind(answer)}.")
    return float(answer)  # pyright: ignore[reportArgumentType]


def _gives_a_number(bench: _Bench) -> str | None:
    found = bench.measured(*bench.planned)
    if math.isinf(found):
        return "`run` returns infinity. A run that diverged has no number: return NaN for it."
    return None


def _comes_back(bench: _Bench, run: object, measure: object) -> str | None:
    """The same run twice, the second time without a table to read from."""
    before = bench.measured(*bench.planned)
    with swapped(run, measure, _gone):
        try:
            after = bench.again(*bench.planned)
        except _ReadsTheTableError:
            return _READS
    if same_number(before, after):
        return None
    first, second = apart(before, after)
    return (
        f"The same condition and seed give {first}, and then {second}. What is drawn there without "
        "a seed, or kept from the run before?"
    )


def _sees_its_seed(bench: _Bench) -> str | None:
    """Whether any condition gives different numbers for different seeds."""
    first = math.nan
    for name in bench.conditions:
        first = _measure_a_fresh_seed(bench, name, bench.fresh[0])
        for seed in bench.fresh[1:]:
            if not same_number(first, _measure_a_fresh_seed(bench, name, seed)):
                return None
    if math.isnan(first):
        return "`run` diverges for every seed that was tried. What is left to compare?"
    return f"`run` gives {first:.4g} for every seed that was tried. What should the seed decide?"


def _measure_a_fresh_seed(bench: _Bench, condition: str, seed: int | None = None) -> float:
    """A run that was not planned; a sentence if there is none."""
    seed = bench.fresh[0] if seed is None else seed
    try:
        return bench.measured(condition, seed)
    except (NotSolvedError, NotImplementedError, UnreadableError):
        raise
    except Exception as error:
        raise UnreadableError(
            f"For the seed {seed}, which is not in the plan, `run` stops with "
            f"{type(error).__name__}: {error}. {_LOOKED_UP}"
        ) from None


def _sees_its_condition(bench: _Bench) -> str | None:
    seed = bench.planned[1]
    try:
        found = bench.again(_NO_CONDITION, seed)
    except Exception:
        return None
    return (
        f"`run` gives {found:.4g} for a condition of the name {_NO_CONDITION!r}. Does it look at "
        "its condition? A name that it does not know should be an error."
    )


def _in_time(bench: _Bench, seconds: float) -> str | None:
    bench.measured(*bench.planned)
    if bench.longest <= _SLACK * seconds:
        return None
    return f"A run took {bench.longest:.0f} s; it may take {seconds:g} s. Measure something smaller"


def _not_as_planned(table: Table, conditions: list[str], seeds: list[int]) -> str | None:
    """The first run that is missing or was not planned."""
    for name in conditions:
        if name not in table:
            return f"The condition {name!r} was planned, and is not in the table."
        for seed in seeds:
            if seed not in table[name]:
                return (
                    f"The seed {seed} of {name!r} was planned, and is not in the table. What was "
                    "planned is reported, whatever came out; a run that diverged is NaN."
                )
        for seed in table[name]:
            if seed not in seeds:
                return f"The seed {seed} of {name!r} was not planned. Was it added afterwards?"
    more = [name for name in table if name not in conditions]
    return f"The condition {more[0]!r} was not planned." if more else None


def _all_equal(table: Table) -> str | None:
    """Whether no seed makes any difference anywhere."""
    rows = [list(row.values()) for row in table.values() if len(row) > 1]
    if not rows or any(not same_number(row[0], value) for row in rows for value in row):
        return None
    return "In every condition all seeds have the same number. Were they measured one by one?"


def _first_that_differs(bench: _Bench, table: Table, places: list[tuple[str, int]]) -> str | None:
    """Measure again until one differs, or time is up."""
    began = time.perf_counter()
    for number, (name, seed) in enumerate(places):
        if number >= _AGAIN and time.perf_counter() - began > _AGAIN_S:
            return None
        problem = _differs(table, name, seed, bench.again(name, seed))
        if problem:
            return problem
    return None


def _differs(table: Table, name: str, seed: int, again: float) -> str | None:
    """A sentence if a number does not come back."""
    told = table[name][seed]
    numbers = np.array([value for value in table[name].values() if math.isfinite(value)])
    spread = float(numbers.std(ddof=1)) if len(numbers) > 1 else 0.0
    if same_number(told, again) or abs(told - again) <= max(spread / 4, 1e-6 * abs(again)):
        return None
    if math.isnan(told):
        return (
            f"{name!r} with the seed {seed} is in the table as diverged, but measured again it "
            f"gives {again:.4g}."
        )
    first, second = apart(told, again)
    return (
        f"{name!r} with the seed {seed} has {first} in the table; measured again it gives {second}."
    )
