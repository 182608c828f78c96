"""A course of one small assignment, which needs numpy only: what is graded in it takes seconds."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

import nbformat
from course import BUILD, Course
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from project_files import ROOT

NAME = "one"
FULL = {"below": 5.0, "at-0": 2.0, "bends": 3.0}
RIGHT = {
    "rectify": "def rectify(x):\n    return max(0, x)",
    "hinges": "import numpy as np\n\ndef hinge_bends(x, y):\n"
    "    return np.diff(np.diff(y) / np.diff(x), prepend=0.0)",
}
ABSOLUTE = {**RIGHT, "rectify": "def rectify(x):\n    return abs(x)"}
BELOW = """
assert rectify(3) == 3
### BEGIN HIDDEN TESTS
assert rectify(-2) == 0
### END HIDDEN TESTS
"""
BENDS = """
from relubook.checks.rectify import check_hinge_bends

check_hinge_bends(hinge_bends).require()
"""


def mark(name: str, **more: object) -> dict[str, object]:
    """What nbgrader knows about a cell."""
    usual = {"grade": False, "solution": False, "locked": False, "task": False}
    return {"nbgrader": {"schema_version": 3, "grade_id": name, **usual, **more}}


def source() -> nbformat.NotebookNode:
    """Two questions, three tests."""
    cells = [new_markdown_cell("# A small assignment")]
    for number, (name, answer) in enumerate(RIGHT.items(), 1):
        cells.append(new_markdown_cell(f"## Question {number}: {name}\n\nWrite it."))
        head, body = answer.rsplit("\n", 1)
        text = f"{head}\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
        cells.append(new_code_cell(text, metadata=mark(name, solution=True)))
    tests = {"below": BELOW, "at-0": "assert rectify(0) == 0", "bends": BENDS}
    for name, text in tests.items():
        about = mark(name, grade=True, locked=True, points=FULL[name])
        cells.append(new_code_cell(text.strip(), metadata=about))
    return new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


def begin(folder: Path, config: str = "") -> Course:
    """The course, with its assignment released; `config` is added to its configuration."""
    shutil.copytree(_made(), folder, dirs_exist_ok=True)
    with (folder / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(config)
    return Course(folder, NAME)


@cache
def _made() -> Path:
    """The course as it is made, once for all tests of a process."""
    folder = Path(tempfile.mkdtemp(prefix="relubook-course-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copy(ROOT / "assignments" / "nbgrader_config.py", folder)
    write_source(folder, source())
    BUILD.release(folder, [NAME])
    return folder


def write_source(course: Path, notebook: nbformat.NotebookNode) -> None:
    """Where nbgrader looks for it."""
    place = course / "source" / NAME / f"{NAME}.ipynb"
    place.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, place)


def answered(course: Course, answers: dict[str, str]) -> nbformat.NotebookNode:
    """The student's version with these answers."""
    notebook = nbformat.read(course.released, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell.source = answers[name]
    return notebook


def text(course: Course, answers: dict[str, str]) -> str:
    """The same, as a file holds it."""
    return nbformat.writes(answered(course, answers))
