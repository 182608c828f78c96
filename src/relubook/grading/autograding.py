"""Lets nbgrader run what students hand in apart from everything that grades it.

In an instructor's `nbgrader_config.py`::

    from relubook.grading.autograding import apart

    apart(get_config())

nbgrader stays outside: it writes the tests into a copy of what was handed in, this runs the copy in
a sandbox, and nbgrader reads the outputs.
"""

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from traitlets import Float, Integer
from traitlets.config import Config

from relubook.grading.execution import execute
from relubook.grading.limits import Limits
from relubook.grading.sandbox import of_this_python

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
        limits = Limits(
            cell_s=self.cell_s, total_s=self.total_s, memory=self.memory,
            processes=self.processes, disk=self.disk, output=self.output,
        )  # fmt: skip
        return execute(nb, of_this_python(limits)), resources


def apart(config: Config) -> None:
    """Let `nbgrader autograde` run notebooks by `ExecuteApart`.

    Args:
        config: What `get_config()` returns in `nbgrader_config.py`.
    """
    usual: list[Any] = Autograde.autograde_preprocessors.default() or []
    config.Autograde.autograde_preprocessors = [
        ExecuteApart if one is Execute else one for one in usual
    ]
