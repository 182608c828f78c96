"""Every notebook is stored in one form: run once, top to bottom, in short cells, with words."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import nbformat
import pytest
from project_files import ASSIGNMENTS, CHAPTERS, load

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from nbformat import NotebookNode

TOOL = load("tools/run_notebooks.py")
HIDING = {"nbval-skip", "nbval-ignore-output", "nbval-raises-exception", "skip-execution"}
TAGS = {
    "set-up",
    "colab",
    "exercise",
    "solution",
    "live-figure",
    "hide-input",
    "hide-cell",
    "hide-output",
    "remove-input",
    "remove-cell",
}

pytestmark = pytest.mark.parametrize("path", [*CHAPTERS, *ASSIGNMENTS], ids=TOOL.name)


def _notebook(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def _code(path: Path) -> list[NotebookNode]:
    return [cell for cell in _notebook(path).cells if cell.cell_type == "code"]


def _answers(cell: NotebookNode) -> bool:
    """Whether a cell of an assignment is the student's."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def _outputs(path: Path) -> Iterator[NotebookNode]:
    for cell in _code(path):
        yield from cell.outputs


def test_cells_are_counted_from_one_without_a_gap(path: Path) -> None:
    counts = [cell.execution_count for cell in _code(path)]
    assert counts == list(range(1, len(counts) + 1))


def test_the_stored_bytes_are_those_the_tool_writes(path: Path) -> None:
    notebook = _notebook(path)
    TOOL.write_set_up(notebook, path)
    TOOL.normalize(notebook)
    assert path.read_text(encoding="utf-8") == nbformat.writes(notebook) + "\n"
    assert notebook.metadata == TOOL.METADATA


def test_the_first_code_cell_sets_colab_up(path: Path) -> None:
    first = _code(path)[0]
    tags = set(first.metadata.get("tags", []))
    assert "set-up" in tags
    if path in CHAPTERS:
        assert tags & {"hide-cell", "remove-cell"}, "The set-up cell must not open the page."
    assert first.source == TOOL.set_up_source()


def test_no_output_is_an_error_or_a_warning(path: Path) -> None:
    kinds = {(output.output_type, output.get("name", "")) for output in _outputs(path)}
    assert {kind for kind in kinds if kind[0] == "error" or kind[1] == "stderr"} == set()


def test_no_cell_hides_from_the_comparison(path: Path) -> None:
    for cell in _notebook(path).cells:
        tags = set(cell.metadata.get("tags", []))
        assert tags & HIDING == set()
        assert tags <= TAGS, f"Unknown tags {tags - TAGS}"
        assert "NBVAL" not in cell.source.upper() or cell.cell_type == "markdown"


def test_no_code_cell_is_longer_than_twenty_lines(path: Path) -> None:
    given = [cell for cell in _code(path) if not _answers(cell)]
    assert [cell.source for cell in given if len(cell.source.splitlines()) > 20] == []


def test_cells_import_from_relubook_only(path: Path) -> None:
    modules = set()
    for cell in _code(path):
        if set(cell.metadata.get("tags", [])) & {"set-up", "exercise"}:  # a reader's own code
            continue
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                modules.add((node.module or "").split(".")[0])
    named = {"torch", "numpy", "math"} if path in ASSIGNMENTS else set()  # there, in their text
    assert modules <= {"relubook", *named}


def test_every_picture_has_a_text_alternative(path: Path) -> None:
    for output in _outputs(path):
        if "image/png" in output.get("data", {}):
            alt = output.metadata.get("image/png", {}).get("alt", "")
            assert len(alt.split()) >= 5, f"A picture of {path.stem} says only {alt!r}"


def test_every_picture_of_a_chapter_says_where_its_numbers_come_from(path: Path) -> None:
    if path in ASSIGNMENTS:
        return
    for cell in _code(path):
        shown = [output.data for output in cell.outputs if "data" in output]
        for picture, below in zip(shown, [*shown, {}][1:], strict=True):
            if "image/png" in picture:
                assert 'class="rb-passport"' in below.get("text/html", ""), cell.source
                live = "live-figure" in cell.metadata.get("tags", [])
                assert ("<summary>Live: " in below["text/html"]) == live, cell.source


def test_no_output_holds_a_name_of_one_machine(path: Path) -> None:
    stored = "".join(str(output) for output in _outputs(path))
    for name in ("0x7f", "/tmp/", "site-packages"):
        assert name not in stored
