"""How long a class takes to be graded, beside nbgrader on its own, one submission after the other.

Both start from the same folder: assignment 3, in which no, one or two answers are missing.
nbgrader runs them in the open, as it does by default; ours runs each in a sandbox, once alone and
once as many side by side as there are cores. Starting the program is part of the time.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
import numpy as np

from benchmarks.rounds import ENVIRONMENT
from relubook import records
from relubook.records.passport import Stopwatch, passport

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tools"))

import build_assignments  # noqa: E402

REVISION = 1
ASSIGNMENT = "3_sparsity"
Arrays = dict[str, np.ndarray]
ENTRANTS = ("relubook grade", "relubook grade --jobs 1", "nbgrader autograde")


@dataclass(frozen=True, kw_only=True)
class Job:
    """A class that hands in.

    Attributes:
        name: In the record.
        submissions: How many.
        entrants: How many of `ENTRANTS` grade it, from the first on.
        minutes: How long the first may take; or None.
    """

    name: str
    submissions: int
    entrants: int
    minutes: float | None = None


JOBS = (
    Job(name="race", submissions=10, entrants=3),
    Job(name="class", submissions=50, entrants=1, minutes=10),
)


def jobs(*, quick: bool) -> tuple[Job, ...]:
    """All jobs; quick ones have two students."""
    return tuple(replace(job, submissions=2, minutes=None) for job in JOBS) if quick else JOBS


def answers(source: nbformat.NotebookNode) -> dict[str, str]:
    """The reference solutions by the names of their cells."""
    marked = [(cell, cell.metadata.get("nbgrader", {})) for cell in source.cells]
    return {mark["grade_id"]: cell.source for cell, mark in marked if mark.get("solution")}


def hand_in(course: Path, number: int) -> None:
    """Let so many students hand in; of each three, one left out one answer, and one two."""
    source = course / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    right = answers(nbformat.read(source, as_version=4))
    for student in range(number):
        notebook = nbformat.read(
            course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4
        )
        left_out = set(list(right)[len(right) - student % 3 :]) if student % 3 else set()
        for cell in notebook.cells:
            name = cell.metadata.get("nbgrader", {}).get("grade_id")
            if name in right and name not in left_out:
                cell.source = f"{right[name]}\n# student {student}"
        place = course / "submitted" / f"student-{student:03}" / ASSIGNMENT
        place.mkdir(parents=True)
        nbformat.write(notebook, place / f"{ASSIGNMENT}.ipynb")


def grade(course: Path, entrant: int) -> float:
    """The time [s] that an entrant takes for a copy of the course."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "course")
        shutil.copytree(course, copy)
        if entrant == 2:
            config = copy / "nbgrader_config.py"
            config.write_text(config.read_text("utf-8").replace("\napart(c)\n", "\n"), "utf-8")
        words = [*ENTRANTS[entrant].split()[:2], ASSIGNMENT, *ENTRANTS[entrant].split()[2:]]
        began = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=copy, capture_output=True, text=True, check=False,
            env={**build_assignments.environment(), **ENVIRONMENT},
        )  # fmt: skip
        taken = time.perf_counter() - began
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(words)}: {done.stdout}{done.stderr}")
    return taken


def run(rounds: int, *, quick: bool, say: Callable[[str], None]) -> Arrays:
    """Every entrant for every class, round after round.

    Args:
        rounds: How many.
        quick: Classes of two, to see that everything runs.
        say: Told what comes next.

    Returns:
        `NAME.seconds` [rounds entrants], of which the class of fifty has one round.
    """
    arrays = {}
    with tempfile.TemporaryDirectory() as folder:
        made = build_assignments.build(Path(folder, "made"), [ASSIGNMENT])
        for job in jobs(quick=quick):
            course = Path(folder, job.name)
            shutil.copytree(made, course)
            hand_in(course, job.submissions)
            times = np.zeros((rounds if job.entrants > 1 else 1, job.entrants))
            for turn, place in np.ndindex(times.shape):
                say(f"{job.submissions} submissions, {ENTRANTS[place]}, round {turn + 1}")
                times[turn, place] = grade(course, place)
            arrays[f"{job.name}.seconds"] = times
    return arrays


def record(
    arrays: Arrays,
    *,
    stopwatch: Stopwatch,
    machines: list[dict[str, Any]],
    command: str,
    quick: bool,
) -> records.Record:
    """What was measured, with its passport; arguments are those of `pretraining.record`."""
    config = {
        "jobs": [asdict(job) for job in jobs(quick=quick)],
        "rounds": len(arrays[f"{JOBS[0].name}.seconds"]),
        "entrants": list(ENTRANTS),
        "cores": os.cpu_count(),
        "environment": ENVIRONMENT,
    }
    source = (ROOT / "assignments" / ASSIGNMENT / "source.ipynb").read_text("utf-8")
    sha256 = records.digest({"source": source}, "", REVISION)
    data = {"name": f"assignment {ASSIGNMENT}", "sha256": sha256, "source": "embedded"}
    whole = passport(stopwatch=stopwatch, device="cpu", data=data, seeds=range(1), command=command)
    return records.Record(
        experiment="grading",
        scale="smoke" if quick else "laptop",
        data="cpu",
        digest=records.digest(config, sha256, REVISION),
        config=config,
        passport={**whole, "machine": machines},
        arrays=arrays,
    )


def table(made: records.Record) -> str:
    """The times of a class as text, and how many times as fast as nbgrader alone."""
    lines = []
    for job in made.config["jobs"]:
        seconds = made.arrays[f"{job['name']}.seconds"]
        lines.append(f"  {job['submissions']} submissions on {made.config['cores']} cores")
        for place in range(job["entrants"]):
            middle = float(np.median(seconds[:, place]))
            line = f"    {ENTRANTS[place]:26} {middle:7.1f} s"
            if job["entrants"] == len(ENTRANTS):
                line += f", x {float(np.median(seconds[:, -1] / seconds[:, place])):.2f}"
            lines.append(line + verdict(job["minutes"] if place == 0 else None, middle))
    return "\n".join(lines)


def verdict(minutes: float | None, seconds: float) -> str:
    """Whether it was as fast as we wanted it."""
    if minutes is None:
        return ""
    return f"; at most {minutes:g} minutes: {'met' if seconds <= 60 * minutes else 'MISSED'}"
