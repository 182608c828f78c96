"""A course of one question goes round: made, handed in, graded by the real nbgrader, exported."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

CONFIG = """
from relubook.grading.autograding import apart

c = get_config()
c.CourseDirectory.course_id = "course"
c.ExecuteApart.cell_s = 5.0
apart(c)
"""
SOLUTION = """
def rectify(x):
    ### BEGIN SOLUTION
    return max(0, x)
    ### END SOLUTION
"""
HIDDEN = """
assert rectify(3) == 3
### BEGIN HIDDEN TESTS
assert rectify(-2) == 0
### END HIDDEN TESTS
"""
RIGHT = "def rectify(x):\n    return max(0, x)"
HANDED_IN = {
    "right": RIGHT,
    "absolute": "def rectify(x):\n    return abs(x)",
    "untouched": None,
    "hides-errors": "get_ipython().showtraceback = lambda *_, **__: None\n"
    "def rectify(x):\n    return 7",
    "never-ends": f"{RIGHT}\nwhile True:\n    pass",
    "ends-the-kernel": f"{RIGHT}\nimport os\nos._exit(0)",
    "ends-the-runner": f"{RIGHT}\nimport os\nos.kill(os.getppid(), 9)",
    "finds-the-course": f"{RIGHT}\nimport os\nassert os.path.exists(COURSE)",
}
POINTS = {
    "right": 7.0, "absolute": 2.0, "untouched": 0.0, "hides-errors": 0.0, "never-ends": 7.0,
    "ends-the-kernel": 0.0, "ends-the-runner": 0.0, "finds-the-course": 7.0, "broken": 0.0,
}  # fmt: skip


def mark(name: str, **more: object) -> dict[str, object]:
    """What nbgrader knows about a cell."""
    usual = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": name, **usual, **more}}


def source() -> nbformat.NotebookNode:
    """One question of two parts, 5 and 2 points."""
    test = {"grade": True, "locked": True}
    return new_notebook(
        cells=[
            new_code_cell(SOLUTION.strip(), metadata=mark("rectify", solution=True)),
            new_code_cell(HIDDEN.strip(), metadata=mark("below", points=5, **test)),
            new_code_cell("assert rectify(0) == 0", metadata=mark("at-0", points=2, **test)),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The real program, in the folder of a course; it looks for others of its environment."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command = [sys.executable, "-m", "nbgrader", *arguments]
    home = {"HOME": str(course), "JUPYTER_PLATFORM_DIRS": "1", "PATH": path}
    return subprocess.run(
        command, cwd=course, env=home, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose one assignment was made, handed in by nine students, and graded."""
    folder = tmp_path_factory.mktemp("course")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    (folder / "source" / "one").mkdir(parents=True)
    nbformat.write(source(), folder / "source" / "one" / "rectify.ipynb")
    made = nbgrader(folder, "generate_assignment", "one", "--create")
    assert made.returncode == 0, made.stderr
    released = (folder / "release" / "one" / "rectify.ipynb").read_text()
    for student, answer in HANDED_IN.items():
        given = nbformat.reads(released, as_version=4)
        if answer is not None:
            given.cells[0].source = answer.replace("COURSE", repr(str(folder)))
        hand_in(folder, student, nbformat.writes(given))
    hand_in(folder, "broken", released[: len(released) // 2])
    graded = nbgrader(folder, "autograde", "one")
    assert nbgrader(folder, "export").returncode == 0
    return folder, graded.stderr


def hand_in(course: Path, student: str, text: str) -> None:
    """Put a file where nbgrader looks for it."""
    folder = course / "submitted" / student / "one"
    folder.mkdir(parents=True)
    (folder / "rectify.ipynb").write_text(text)


@pytest.mark.sandbox
def test_the_students_version_has_neither_solution_nor_hidden_tests(course):
    released = (course[0] / "release" / "one" / "rectify.ipynb").read_text()
    assert "rectify(3) == 3" in released
    assert "max(0" not in released
    assert "rectify(-2)" not in released


@pytest.mark.sandbox
def test_everybody_gets_the_points_that_are_due(course):
    with (course[0] / "grades.csv").open(newline="") as file:
        points = {row["student_id"]: float(row["score"] or 0) for row in csv.DictReader(file)}
    assert points == POINTS


@pytest.mark.sandbox
def test_who_handed_in_what_is_no_notebook_is_named_and_the_others_are_graded(course):
    errors = [line for line in course[1].splitlines() if "ERROR" in line]
    assert any("broken" in line for line in errors)
    assert not any(student in line for line in errors for student in HANDED_IN)


@pytest.mark.sandbox
def test_what_a_student_looks_for_is_not_there(course):
    kept = course[0] / "autograded" / "finds-the-course" / "one" / "rectify.ipynb"
    first = nbformat.read(kept, as_version=4).cells[0]
    assert [one.ename for one in first.outputs] == ["AssertionError"]
