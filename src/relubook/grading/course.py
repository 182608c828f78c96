"""Grades what a course has handed in: `relubook grade` asks for this."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry

from relubook.grading.ahead import AutogradeAhead, Progress
from relubook.grading.application import application
from relubook.grading.autograding import ExecuteApart
from relubook.grading.suspicions import worth_reading


@dataclass(frozen=True, kw_only=True)
class Graded:
    """One student's work.

    Attributes:
        student: As the folder is called.
        points: So far, those given by hand included; None where it was not graded.
        most: That the assignment has.
        by_hand: Whether an instructor still has to read and grade something.
        reaches_for: What its code uses that no answer needs; worth reading.
        problem: Why it was not graded, and what to do; empty otherwise.
    """

    student: str
    points: float | None
    most: float
    by_hand: bool = False
    reaches_for: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class Grading:
    """What became of all that was handed in.

    Attributes:
        students: Everybody who handed in something, by name.
        absent: Those in the gradebook who handed in nothing.
        stopped: Whether Ctrl-C left some out, to be graded by the same command.
    """

    students: tuple[Graded, ...]
    absent: tuple[str, ...]
    stopped: bool


def grade(
    course: Path,
    assignment: str,
    *,
    jobs: int = 1,
    student: str = "*",
    again: bool = False,
    progress: Progress = lambda done, total, name: None,
) -> Grading:
    """Run and grade what was handed in and is not graded yet, as `nbgrader autograde` does.

    Args:
        course: The folder with `nbgrader_config.py`, `gradebook.db` and `submitted/`.
        assignment: Its name.
        jobs: How many notebooks are run side by side; a processor core each is fastest.
        student: Only this one, or those whose names fit the pattern.
        again: Grade also what is graded.
        progress: Called with how many are run, how many there are, and whose was the last.

    Raises:
        FileNotFoundError: If there is no course, or nobody has handed in the assignment.
        ValueError: If the course does not run notebooks apart, or jobs is below 1.
        LookupError: If the gradebook does not know the assignment.
        SandboxError: If this machine cannot run notebooks apart.
    """
    if jobs < 1:
        raise ValueError(f"The number of jobs must be at least 1. Got {jobs}.")
    course = course.absolute()
    with application(course, assignment, student) as (app, folders):
        converter = AutogradeAhead(coursedir=folders, parent=app, jobs=jobs, progress=progress)
        if ExecuteApart not in converter.autograde_preprocessors:
            raise ValueError(
                "This course does not run notebooks in a sandbox: its nbgrader_config.py does not "
                "call apart(c). `nbgrader autograde` grades it, in the open."
            )
        converter.force = again
        with Gradebook(folders.db_url, folders.course_id) as book:
            _known(book, assignment)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about notebooks as they are, and nbgrader's dealings
            converter.start()
            with Gradebook(folders.db_url, folders.course_id) as book:
                return _summary(book, assignment, converter)


def _known(book: Any, assignment: str) -> None:
    try:
        book.find_assignment(assignment)
    except MissingEntry:
        known = ", ".join(sorted(one.name for one in book.assignments)) or "none"
        raise LookupError(
            f"The gradebook knows no assignment {assignment!r}, but: {known}. "
            "`nbgrader generate_assignment` enters one."
        ) from None


def _summary(book: Any, assignment: str, converter: AutogradeAhead) -> Grading:
    """What the gradebook says, and what could not be graded."""
    most = float(book.find_assignment(assignment).max_score)
    students = {
        name: Graded(student=name, points=None, most=most, problem=problem)
        for name, problem in converter.problems.items()
    }
    for folder in converter.assignments:
        name = converter.student(Path(folder))
        if name in students:
            continue
        found = book.find_submission(assignment, name)
        students[name] = Graded(
            student=name, points=float(found.score), most=most,
            by_hand=found.needs_manual_grade,
            reaches_for=worth_reading(nbformat.read(Path(folder, f"{assignment}.ipynb"), 4)),
        )  # fmt: skip
    handed_in = {one.student.id for one in book.assignment_submissions(assignment)}
    absent = {one.id for one in book.students} - set(students) - handed_in
    return Grading(
        students=tuple(students[name] for name in sorted(students)),
        absent=tuple(sorted(absent)),
        stopped=converter.stopped,
    )
