"""Every assignment says what it asks for, how long it takes and what it gives, and keeps to it."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

import nbformat
import pytest
from project_files import ASSIGNMENTS

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

QUESTION = re.compile(r"^## Question (\d+): .+ · (\d+) points? · about (\d+) minutes$")
WIDTH = 76  # of the narrowest place where a cell is read, in characters

pytestmark = pytest.mark.parametrize("path", ASSIGNMENTS, ids=lambda path: path.parent.name)


def _cells(path: Path) -> list[NotebookNode]:
    return nbformat.read(path, as_version=4).cells


def _mark(cell: NotebookNode) -> dict[str, object]:
    return cell.metadata.get("nbgrader", {})


def _questions(path: Path) -> list[tuple[int, int, int, list[NotebookNode]]]:
    """Number, points and minutes of each question, with the cells up to the next heading."""
    found: list[tuple[int, int, int, list[NotebookNode]]] = []
    for cell in _cells(path):
        first = cell.source.splitlines()[0] if cell.source else ""
        if heading := QUESTION.match(first):
            found.append((*map(int, heading.groups()), []))
        elif first.startswith("## ") and found and not _mark(cell):
            found.append((0, 0, 0, []))
        if found:
            found[-1][3].append(cell)
    return [one for one in found if one[0]]


def test_questions_are_numbered_and_their_points_are_those_of_their_tests(path: Path) -> None:
    questions = _questions(path)
    assert [number for number, *_ in questions] == list(range(1, len(questions) + 1))
    for number, points, _, cells in questions:
        assert points == sum(_mark(cell).get("points", 0) for cell in cells), f"question {number}"
    given = sum(_mark(cell).get("points", 0) for cell in _cells(path))
    assert given == sum(points for _, points, *_ in questions)


def test_the_first_cell_says_the_points_and_the_minutes(path: Path) -> None:
    first = _cells(path)[0].source
    number = path.parent.name.split("_")[0]
    assert first.startswith(f"# Assignment {number}: ")
    questions = _questions(path)
    minutes = sum(minutes for _, _, minutes, _ in questions)
    points = sum(points for _, points, *_ in questions)
    assert f"About {minutes} minutes" in first
    assert re.search(rf"\b{points} points", first)
    assert "A GPU changes nothing for the grade" in first


def test_a_colab_button_and_the_set_up_come_first(path: Path) -> None:
    tags = [cell.metadata.get("tags", []) for cell in _cells(path)[1:3]]
    assert tags == [["colab"], ["set-up"]]


def test_every_question_of_code_has_tests_for_the_grader_alone(path: Path) -> None:
    for number, _, _, cells in _questions(path):
        tests = [cell.source for cell in cells if _mark(cell).get("grade")]
        if any(cell.cell_type == "code" for cell in cells if _mark(cell).get("grade")):
            assert any("### BEGIN HIDDEN TESTS" in test for test in tests), f"question {number}"
            assert all(_mark(cell)["locked"] for cell in cells if _is_test(cell))


def _is_test(cell: NotebookNode) -> bool:
    return bool(_mark(cell).get("grade")) and not _mark(cell).get("solution")


def test_solutions_are_marked_and_the_names_of_cells_are_distinct(path: Path) -> None:
    cells = [cell for cell in _cells(path) if _mark(cell)]
    names = [_mark(cell)["grade_id"] for cell in cells]
    assert len(set(names)) == len(names)
    for cell in cells:
        if cell.cell_type == "code" and _mark(cell)["solution"]:
            begins, ends = (cell.source.count(f"### {word} SOLUTION") for word in ("BEGIN", "END"))
            assert begins == ends == cell.source.count("\ndef ") + cell.source.startswith("def ")


def test_the_first_cell_names_what_may_be_imported(path: Path) -> None:
    first = _cells(path)[0].source
    assert all(f"`{name}`" in first for name in ("relubook", "math"))


def test_no_line_of_code_is_cut_off(path: Path) -> None:
    code = [cell for cell in _cells(path) if cell.cell_type == "code"]
    given = [cell for cell in code if "set-up" not in cell.metadata.get("tags", [])]
    lines = [line for cell in given for line in cell.source.splitlines()]
    assert [line for line in lines if len(line) > WIDTH] == []


def test_headings_are_in_order_and_links_say_where_they_lead(path: Path) -> None:
    text = "\n".join(c.source for c in _cells(path) if c.cell_type == "markdown")
    levels = [len(found) for found in re.findall(r"^(#+) ", text, re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    links = re.findall(r"\[([^\]]+)\]\(", text)
    assert not {"here", "link", "this"} & {link.strip().lower() for link in links}
    assert "<" not in re.sub(r"`[^`]*`|\$[^$]*\$", "", text)


def test_students_say_what_helped_them(path: Path) -> None:
    assert "I used:" in _cells(path)[-1].source
