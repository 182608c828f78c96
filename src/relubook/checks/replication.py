"""Checks of the open replication: a plan, runs, a table with its record, and a report."""

import datetime
import functools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from relubook.checks import NotSolvedError, Outcome, run_cases
from relubook.checks.replication_plan import check_choice, check_seeds, check_stamp
from relubook.checks.replication_reading import (
    Table,
    case,
    plan_digest,
    promised,
    quiet,
    read_record,
    read_table,
    to_measure,
)
from relubook.checks.replication_report import check_interval, check_verdict
from relubook.checks.replication_runs import check_again, check_complete, check_run
from relubook.claims import CLAIMS
from relubook.datasets import Dataset
from relubook.records.passport import Stopwatch, passport

__all__ = [
    "Account",
    "account",
    "check_again",
    "check_choice",
    "check_complete",
    "check_interval",
    "check_record",
    "check_run",
    "check_seeds",
    "check_stamp",
    "check_verdict",
    "measured",
    "once",
    "plan_digest",
]

once = functools.cache  # measured once in a session, however many cells ask for it


def measured(
    run: Callable[[str, int], float],
    plan: Mapping[str, Any],
    *,
    data: Dataset | None = None,
    device: str = "cpu",
) -> dict[str, Any]:
    """Make all runs of a plan, and keep a record of it.

    Args:
        run: Gives one number for a condition and a seed.
        plan: With `conditions` and `seeds`.
        data: What the runs learn from or look at; None if `run` draws its own numbers.
        device: `cpu` or `cuda`.

    Returns:
        The `table` {condition: {seed: number}} and the `record`: the passport that this book keeps
        for every result, and the stamp of the plan.
    """
    stopwatch = Stopwatch()
    table = {
        name: {seed: float(run(name, seed)) for seed in plan["seeds"]}
        for name in plan["conditions"]
    }
    origin = {"name": "drawn by `run`"}
    if data is not None:
        origin = {"name": data.name, "sha256": data.sha256, "source": data.source}
    record = passport(
        stopwatch=stopwatch, device=device, data=origin, seeds=plan["seeds"],
        command="measure() in the notebook",
    )  # fmt: skip
    return {"table": table, "record": record | {"plan": plan_digest(plan)}}


def check_record(measure: object, plan: object) -> Outcome:
    """Check that the record of the measurement is whole, and that it is of this plan.

    Args:
        measure: The student's: returns a dictionary with the `table` and the `record`.
        plan: The student's.

    Returns:
        What was found.
    """

    def of_this_plan(function: Callable[[], object]) -> str | None:
        record, planned = read_record(function), promised(plan)
        if record["plan"] != plan_digest(planned):
            return (
                f"The record is of a plan with the stamp {record['plan']!r}, but the plan that "
                f"stands here has {plan_digest(planned)!r}. Which of them was measured?"
            )
        if record["seeds"] != sorted(to_measure(plan)[1]):
            return "The seeds of the record are not those of the plan."
        return _too_early(record["started"], planned.get("stated"))

    return run_cases(measure, [case(of_this_plan)])


@dataclass(frozen=True, kw_only=True)
class Account:
    """Text for a person to read.

    Attributes:
        lines: One by one.
    """

    lines: tuple[str, ...]

    def __repr__(self) -> str:
        return "\n".join(self.lines)


def account(plan: object, measure: object, report: object) -> Account:
    """All that was promised, measured and concluded.

    Args:
        plan: Returns the plan.
        measure: Returns the table and the record.
        report: Takes the table and the plan, and returns the effect and the verdict.

    Returns:
        The text; what cannot be read yet is told so, and stops nothing.
    """
    parts: dict[str, Callable[[], list[str]]] = {
        "Plan": lambda: _plan_lines(promised(plan)),
        "Table": lambda: _table_lines(read_table(measure)),
        "Report": lambda: _report_lines(measure, plan, report),
    }
    return Account(lines=tuple(line for part in parts.items() for line in _lines(*part)))


def _too_early(started: str, stated: object) -> str | None:
    """A sentence if the measurement is older than the plan, by more than time zones can do."""
    try:
        day = datetime.date.fromisoformat(str(stated))
        began = datetime.datetime.fromisoformat(started).date()
    except ValueError:
        return None  # the plan's own check tells it
    still_to_come = day > datetime.datetime.now(datetime.UTC).date()
    if still_to_come or began + datetime.timedelta(days=1) >= day:
        return None
    return f"The measurement began on {began}, before the plan was stated. Is that a plan?"


def _lines(title: str, make: Callable[[], list[str]]) -> list[str]:
    """A part, indented below its title."""
    try:
        with quiet():
            return [title, *(f"  {line}" for line in make())]
    except (NotSolvedError, NotImplementedError):
        return [title, "  not yet"]
    except Exception as problem:
        return [title, f"  cannot be read: {problem}"]


def _plan_lines(plan: Mapping[str, Any]) -> list[str]:
    lines = [f"{name}: {told}" for name, told in plan.items()]
    claim = CLAIMS.get(str(plan.get("claim")))
    return lines if claim is None else [f"{claim.statement} ({claim.source})", *lines]


def _table_lines(table: Table) -> list[str]:
    """One line a seed, so that any number of them fits."""
    seeds = list(dict.fromkeys(seed for row in table.values() for seed in row))
    widths = [max(len(name), 8) + 2 for name in table]
    head = "".join(f"{name:>{width}}" for name, width in zip(table, widths, strict=True))
    lines = [f"{'seed':>8}{head}"]
    for seed in sorted(seeds):
        numbers = (
            f"{row.get(seed, math.nan):>{width}.4g}"
            for row, width in zip(table.values(), widths, strict=True)
        )
        lines.append(f"{seed:>8}" + "".join(numbers))
    return lines


def _report_lines(measure: object, plan: object, report: object) -> list[str]:
    if not callable(report):
        raise NotSolvedError
    found = report(read_table(measure), promised(plan))
    if not isinstance(found, Mapping):
        raise NotSolvedError
    return [
        f"{name}: {round(told, 9):.4g}" if isinstance(told, float) else f"{name}: {told}"
        for name, told in found.items()
    ]
