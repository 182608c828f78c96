"""What every assignment has to pass, in the real nbgrader: its solution, none, and wrong answers.

`assignments/NAME/wrong.toml` lists wrong and lazy answers to each question with the points that
they are due. The first of every question are packed into one submission, then the second, up to the
fifth, without the given cells that show something, which the solution and the untouched version
have. What the bank has beyond that meets the same cells in one plain process.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import nbformat
import pytest
from bank_run import shows_something
from course import Course
from project_files import ROOT, load

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

BUILD = load("tools/build_assignments.py")
NAMES = BUILD.names()
AT_LEAST = 5  # wrong answers a question, each graded in the real nbgrader
HELD_BACK = re.compile(
    r"^[ \t]*### BEGIN (SOLUTION|HIDDEN TESTS)$(.*?)^[ \t]*### END \1$", re.MULTILINE | re.DOTALL
)
MAY_REPEAT = re.compile(r"\W*(return|else:|try:|pass|import \w+|from [\w.]+ import .*)?\W*")


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """An answer that is not right: `points` for each test cell of its question; it `says` why."""

    question: str
    slip: str
    code: str
    points: dict[str, float]
    says: str


def source(name: str) -> NotebookNode:
    """The one stored notebook of an assignment."""
    return nbformat.read(ROOT / "assignments" / name / "source.ipynb", as_version=4)


def marks(cell: NotebookNode) -> dict[str, object]:
    """What nbgrader knows about a cell; empty for a cell that it leaves alone."""
    return cell.metadata.get("nbgrader", {})


def solutions(name: str) -> dict[str, str]:
    """The reference solution of every question of code."""
    return {
        marks(cell)["grade_id"]: cell.source
        for cell in source(name).cells
        if cell.cell_type == "code" and marks(cell).get("solution")
    }


def tests(name: str) -> dict[str, float]:
    """The test cells and their points."""
    return {
        marks(cell)["grade_id"]: float(marks(cell)["points"])
        for cell in source(name).cells
        if cell.cell_type == "code" and marks(cell).get("grade")
    }


def wrong(name: str) -> list[Wrong]:
    """The bank of an assignment, in the order of its file."""
    text = (ROOT / "assignments" / name / "wrong.toml").read_text(encoding="utf-8")
    return [Wrong(**one) for one in tomllib.loads(text)["answer"]]


def packed(name: str) -> list[dict[str, Wrong]]:
    """Submissions: in the n-th, the n-th wrong answer to every question."""
    questions = {q: [one for one in wrong(name) if one.question == q] for q in solutions(name)}
    return [{q: bank[number] for q, bank in questions.items()} for number in range(AT_LEAST)]


def answered(released: Path, answers: dict[str, str]) -> str:
    """The student's version with these answers, as text."""
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        if marks(cell).get("grade_id") in answers:
            cell.source = answers[marks(cell)["grade_id"]]
    return nbformat.writes(notebook)


def without_shows(text: str) -> str:
    """A notebook without the given cells that draw or train something for its reader."""
    notebook = nbformat.reads(text, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not shows_something(cell)]
    return nbformat.writes(notebook)


def held_back(name: str) -> set[str]:
    """Lines that no student may see: those of solutions and hidden tests that say something."""
    lines = set()
    for cell in source(name).cells:
        for _, text in HELD_BACK.findall(cell.source):
            lines |= {line.strip() for line in text.splitlines()}
        if marks(cell).get("solution") and cell.cell_type == "markdown":
            lines |= {line.strip() for line in cell.source.splitlines()}
    return {line for line in lines if not MAY_REPEAT.fullmatch(line)}


@pytest.mark.sandbox
class AssignmentTests:
    """Inherit, and name the assignment."""

    NAME: ClassVar[str]

    @pytest.fixture(scope="class")
    @classmethod
    def course(cls, tmp_path_factory: pytest.TempPathFactory) -> Course:
        """The assignment made, handed in, and graded."""
        folder = tmp_path_factory.mktemp(cls.NAME)
        made = Course(BUILD.build(folder, [cls.NAME]), cls.NAME)
        right = solutions(cls.NAME)
        made.hand_in("reference", answered(made.released, right))
        made.hand_in("untouched", made.released.read_text(encoding="utf-8"))
        for number, answers in enumerate(packed(cls.NAME)):
            slips = {question: one.code for question, one in answers.items()}
            handed_in = without_shows(answered(made.released, right | slips))
            made.hand_in(f"wrong-{number}", handed_in)
        made.grade()
        return made

    def test_the_reference_solution_has_full_points(self, course: Course) -> None:
        points = course.points("reference")
        assert {cell: points[cell] for cell in tests(self.NAME)} == tests(self.NAME)
        assert course.exported()["reference"] == sum(tests(self.NAME).values())

    def test_the_untouched_version_has_no_points_for_code(self, course: Course) -> None:
        points = course.points("untouched")
        assert {points[cell] for cell in tests(self.NAME)} == {0.0}

    def test_the_first_wrong_answers_have_the_points_they_are_due(self, course: Course) -> None:
        for number, answers in enumerate(packed(self.NAME)):
            points = course.points(f"wrong-{number}")
            for one in answers.values():
                got = {cell: points[cell] for cell in one.points}
                assert got == one.points, f"{one.question}: {one.slip}"

    def test_the_first_wrong_answers_hear_what_is_wrong(self, course: Course) -> None:
        for number, answers in enumerate(packed(self.NAME)):
            said = course.said(f"wrong-{number}")
            for one in answers.values():
                heard = "\n".join(said[cell] for cell in one.points)
                assert one.says in heard, f"{one.question}: {one.slip}: {heard}"

    def test_a_wrong_answer_to_one_question_costs_no_points_of_another(
        self, course: Course
    ) -> None:
        for number, answers in enumerate(packed(self.NAME)):
            points = course.points(f"wrong-{number}")
            touched = {cell for one in answers.values() for cell in one.points}
            rest = {cell: most for cell, most in tests(self.NAME).items() if cell not in touched}
            assert {cell: points[cell] for cell in rest} == rest

    def test_all_others_have_the_points_they_are_due_and_hear_what_is_wrong(self) -> None:
        command = [sys.executable, str(ROOT / "tests" / "bank_run.py"), self.NAME, str(AT_LEAST)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        bank = {(one.question, one.slip): one for one in wrong(self.NAME)}
        found = json.loads(done.stdout)
        assert len(found) == len(bank) - AT_LEAST * len(solutions(self.NAME))
        for one in found:
            due = bank[one["question"], one["slip"]]
            assert one["points"] == due.points, f"{due.question}: {due.slip}"
            assert due.says in one["said"], f"{due.question}: {due.slip}: {one['said']}"

    def test_every_question_has_wrong_answers_whose_points_name_its_tests(self) -> None:
        bank = wrong(self.NAME)
        for question in solutions(self.NAME):
            entries = [one for one in bank if one.question == question]
            assert len({one.code for one in entries}) == len(entries) >= AT_LEAST, question
            assert len({one.slip for one in entries}) == len(entries), question
            cells = {frozenset(one.points) for one in entries}
            assert len(cells) == 1, f"Entries of {question} name different test cells."
            assert next(iter(cells)) <= set(tests(self.NAME))
            assert all(
                sum(one.points.values()) < sum(tests(self.NAME)[cell] for cell in one.points)
                for one in entries
            )
        assert {one.question for one in bank} == set(solutions(self.NAME))

    def test_nothing_that_is_held_back_is_in_what_students_get(self, course: Course) -> None:
        hidden = held_back(self.NAME)
        assert hidden
        with zipfile.ZipFile(course.folder.parent / "student.zip") as zipped:
            assert zipped.namelist() == [f"{self.NAME}.ipynb"]
            handed_out = [zipped.read(f"{self.NAME}.ipynb").decode("utf-8")]
        handed_out.append(course.released.read_text(encoding="utf-8"))
        for text in handed_out:
            notebook = nbformat.reads(text, as_version=4)
            seen = "\n".join(cell.source for cell in notebook.cells) + text.replace('\\"', '"')
            assert {line for line in hidden if line in seen} == set()
            assert all(not cell.get("outputs") for cell in notebook.cells)
            assert {key for cell in notebook.cells for key in cell.metadata} <= {
                "nbgrader", "tags", "deletable", "editable",
            }  # fmt: skip
