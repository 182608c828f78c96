"""Lets nbgrader run what students hand in apart from everything that grades it.

In an instructor's `nbgrader_config.py`::

    from relubook.grading.autograding import apart

    apart(get_config())

nbgrader stays outside: it writes the tests into a copy of what was handed in, this runs the copy in
a sandbox, and nbgrader reads the outputs.
"""

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode, from_dict
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, NbGraderPreprocessor, OverwriteCells
from nbgrader.utils import is_grade, is_solution
from traitlets import Float, Integer
from traitlets.config import Config

from relubook.grading.execution import execute
from relubook.grading.limits import Limits
from relubook.grading.sandbox import Sandbox, of_this_python

_USUAL = Limits()


class ExecuteApart(NbGraderPreprocessor):
    """Takes the place of nbgrader's `Execute`; its traits are those of `Limits`."""

    cell_s = Float(_USUAL.cell_s, help="time of one cell [s]").tag(config=True)
    total_s = Float(_USUAL.total_s, help="time of all cells together [s]").tag(config=True)
    memory = Integer(_USUAL.memory, help="memory of each process [byte]").tag(config=True)
    processes = Integer(_USUAL.processes, help="processes and threads").tag(config=True)
    disk = Integer(_USUAL.disk, help="all files together [byte]").tag(config=True)
    output = Integer(_USUAL.output, help="what all cells put out [byte]").tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run a notebook as `execution.execute` does."""
        return execute(nb, self.sandbox()), resources

    def sandbox(self) -> Sandbox:
        """Where notebooks are run; raises SandboxError if this machine does not allow it."""
        limits = Limits(
            cell_s=self.cell_s, total_s=self.total_s, memory=self.memory,
            processes=self.processes, disk=self.disk, output=self.output,
        )  # fmt: skip
        return of_this_python(limits)


class OverwriteAndRestore(OverwriteCells):
    """Takes the place of nbgrader's `OverwriteCells`: a test that was deleted comes back.

    nbgrader's own way stops where an answer was deleted together with its test, or a cell copied.
    """

    def add_missing_grade_cells(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Put each missing cell that gives points after the one that it follows in the source."""
        for cell in nb.cells:
            if not cell.metadata.get("nbgrader", {}).get("grade_id"):  # a copy of another cell
                cell.metadata.pop("nbgrader", None)
        source = self.gradebook.find_notebook(self.notebook_id, self.assignment_id)
        most = {cell.name: cell.max_score for cell in source.grade_cells}
        answers = {cell.name for cell in source.solution_cells}
        place = 0
        for cell in source.source_cells:
            found = _place(nb, cell.name)
            if found is None and cell.name in most:
                restored = self.missing_cell_transform(
                    cell, most[cell.name], is_solution=cell.name in answers
                )
                nb.cells.insert(place, from_dict(restored))
                found = place
            place = place if found is None else found + 1
        return nb, resources


def _place(notebook: NotebookNode, name: str) -> int | None:
    """Where the graded or answered cell of this name is."""
    for place, cell in enumerate(notebook.cells):
        if (is_grade(cell) or is_solution(cell)) and cell.metadata.nbgrader["grade_id"] == name:
            return place
    return None


def apart(config: Config) -> None:
    """Let `nbgrader autograde` run notebooks by `ExecuteApart`, with every test in its place.

    Args:
        config: What `get_config()` returns in `nbgrader_config.py`.
    """
    changed = {Execute: ExecuteApart, OverwriteCells: OverwriteAndRestore}
    run: list[Any] = Autograde.autograde_preprocessors.default() or []
    clean: list[Any] = Autograde.sanitize_preprocessors.default() or []
    config.Autograde.autograde_preprocessors = [changed.get(one, one) for one in run]
    config.Autograde.sanitize_preprocessors = [changed.get(one, one) for one in clean]
    config.OverwriteAndRestore.add_missing_cells = True
