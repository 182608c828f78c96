"""A course of one assignment in a folder of its own, in the hands of the real nbgrader."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import commands
import nbformat
from project_files import load

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

BUILD = load("tools/build_assignments.py")


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real program in the folder of a course."""
    return commands.run("nbgrader", *arguments, folder=course, environment=BUILD.environment())


# As it was, but that it starts in a tenth of the time.
BUILD.nbgrader = nbgrader  # pyright: ignore[reportAttributeAccessIssue]


@dataclass(frozen=True)
class Course:
    """Where nbgrader works, and the assignment that is looked at."""

    folder: Path
    assignment: str

    @property
    def released(self) -> Path:
        """The student's version."""
        return self.folder / "release" / self.assignment / f"{self.assignment}.ipynb"

    def hand_in(self, student: str, text: str | bytes, name: str | None = None) -> Path:
        """Put a file where nbgrader looks for it."""
        place = self.folder / "submitted" / student / self.assignment
        place.mkdir(parents=True, exist_ok=True)
        file = place / (name or f"{self.assignment}.ipynb")
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def relubook(self, *words: str, fails: bool = False) -> str:
        """What the program says in the folder of the course, on one line."""
        done = self._run(*words)
        assert bool(done.stderr) == fails, done.stderr
        return " ".join((done.stderr if fails else done.stdout).split())

    def grade(self, *options: str) -> str:
        """Grade what was handed in, as an instructor does; returns what the program said."""
        graded = self._run("grade", self.assignment, "--jobs=2", *options)
        assert not graded.stderr, graded.stderr
        return graded.stdout

    def _run(self, *words: str) -> subprocess.CompletedProcess[str]:
        return commands.run("relubook", *words, folder=self.folder, environment=BUILD.environment())

    def _graded(self, student: str) -> nbformat.NotebookNode:
        name = f"{self.assignment}.ipynb"
        place = self.folder / "autograded" / student / self.assignment / name
        return nbformat.read(place, as_version=4)

    def points(self, student: str) -> dict[str, float]:
        """The points of each test cell, as nbgrader has them in its books."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.folder}/gradebook.db", "rectifiers") as book:
            found = book.find_submission_notebook(self.assignment, self.assignment, student)
            return {grade.name: float(grade.auto_score or 0) for grade in found.grades}

    def said(self, student: str) -> dict[str, str]:
        """What each test cell put out."""
        return {
            cell.metadata.nbgrader.grade_id: "\n".join(map(_text, cell.outputs))
            for cell in self._graded(student).cells
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("grade")
        }

    def exported(self) -> dict[str, float]:
        """Everybody's points in the table that instructors export."""
        done = BUILD.nbgrader(self.folder, "export")
        assert done.returncode == 0, done.stderr
        with (self.folder / "grades.csv").open(newline="", encoding="utf-8") as file:
            return {row["student_id"]: float(row["score"] or 0) for row in csv.DictReader(file)}


def _text(output: nbformat.NotebookNode) -> str:
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return output.get("text", "")
