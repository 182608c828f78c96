"""Run a notebook that nobody has read, and keep of it what its cells put out.

Sources and metadata of the cells stay those that were given: what comes out of the sandbox can say
what it likes, it changes no test and no name. A cell that was not run to its end says so in an
error, so that whoever counts errors never counts it as passed.
"""

import copy
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from relubook.grading import inside
from relubook.grading.sandbox import Sandbox, SandboxError


def execute(notebook: NotebookNode, sandbox: Sandbox) -> NotebookNode:
    """Run all cells in a sandbox.

    Args:
        notebook: Of format 4; left as it is.
        sandbox: Where.

    Returns:
        A copy with the outputs of this run. Where none came back, since the run took too long or
        ended itself, each code cell has an error that says so.
    """
    limits = sandbox.limits
    whole = copy.deepcopy(notebook)
    numbers = [f"{limits.cell_s:g}", f"{limits.total_s:g}", str(limits.output)]
    given = nbformat.writes(_bare(notebook)).encode()
    try:
        found = _cells(sandbox.run(Path(inside.__file__), *numbers, given=given))
        why = "No output of this cell came back."
    except SandboxError as error:
        found, why = [], str(error)
    code = [cell for cell in whole.cells if cell.cell_type == "code"]
    for place, cell in enumerate(code):
        outputs = found[place] if len(found) == len(code) else None
        if outputs is None:
            outputs = [inside.problem("NotRun", why)]
        cell.outputs, cell.execution_count = outputs, place + 1
    return whole


def _bare(notebook: NotebookNode) -> NotebookNode:
    """The sources of the cells alone, for this kernel."""
    cells = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cells.append(nbformat.v4.new_code_cell(cell.source))
    return nbformat.v4.new_notebook(cells=cells)


def _cells(answer: bytes) -> list[list[NotebookNode] | None]:
    """The outputs of each code cell; None for one whose outputs are no outputs."""
    try:
        cells = nbformat.v4.reads(answer.decode()).cells
        return [_outputs(cell.outputs) for cell in cells if cell.cell_type == "code"]
    except (ValueError, AttributeError, KeyError, TypeError, RecursionError):
        raise SandboxError("What came back is no notebook.") from None


def _outputs(found: object) -> list[NotebookNode] | None:
    """The outputs of one cell, if they are such."""
    try:
        cell = nbformat.v4.new_code_cell("", outputs=found)
        nbformat.validate(nbformat.v4.new_notebook(cells=[cell]))
    except nbformat.ValidationError:
        return None
    return cell.outputs
