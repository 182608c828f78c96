"""nbgrader's autograding, with several notebooks run at once before it asks for their outputs.

nbgrader itself goes on as ever, one submission after the other, and alone writes the gradebook; the
minutes that students' code takes were spent side by side.
"""

import re
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets import Any as AnyTrait
from traitlets import Dict, Int

from relubook.grading.autograding import ExecuteApart
from relubook.grading.handed_in import refusal

Progress = Callable[[int, int, str], None]
_Sources = tuple[str, ...]

_LOOK_S = 0.2  # at most so long after Ctrl-C nothing more is begun [s]


class AutogradeAhead(Autograde):
    """Runs notebooks ahead, and tells what cannot be graded in a sentence for each student.

    Attributes:
        jobs: How many notebooks are run side by side.
        progress: Called with how many are done, how many there are, and whose was the last.
        problems: Afterwards, why a student's work was not graded.
        stopped: Afterwards, whether Ctrl-C left some out.
    """

    jobs = Int(1)
    progress = AnyTrait()
    problems = Dict()
    stopped = False

    def init_notebooks(self) -> None:
        """Find what was handed in, also where it is no notebook, and set aside what is unusable."""
        assignment = self.folders.assignment_id
        pattern = self._format_source(assignment, self.folders.student_id)
        root = Path(self.folders.root)
        folders = [path for path in sorted(root.glob(_relative(pattern, root))) if path.is_dir()]
        if not folders:
            raise FileNotFoundError(
                f"Nobody has handed in {assignment!r}: no folder is like {pattern}."
            )
        self.assignments, self.notebooks = {}, []
        for folder in folders:
            if sentence := refusal(folder, assignment):
                self.problems[self.student(folder)] = sentence
            else:
                self.assignments[str(folder)] = [str(folder / f"{assignment}.ipynb")]

    def convert_notebooks(self) -> None:
        """Run what is not graded yet, then let nbgrader do what it does."""
        every = dict(self.assignments)
        waiting = {folder: files for folder, files in every.items() if self._to_do(folder)}
        if not waiting:
            self.progress(1, 1, "graded before")
        outputs = self._run(waiting)
        self.assignments = {
            folder: files for folder, files in every.items()
            if folder not in waiting or outputs.get(folder)
        }  # fmt: skip
        ready = _Ready(dict(outputs.values()))
        self.autograde_preprocessors = [
            ready if one is ExecuteApart else one for one in self.autograde_preprocessors
        ]
        try:
            super().convert_notebooks()
        except KeyboardInterrupt:
            self.stopped = True
        except NbGraderException:
            pass  # the log says why, and those concerned are named here
        for folder in list(self.assignments):
            student = self.student(Path(folder))
            if not self._graded(student).is_file():
                del self.assignments[folder]
                if not self.stopped:
                    self.problems[student] = "nbgrader could not grade it; grading.log says why."

    @property
    def folders(self) -> CourseDirectory:
        """Where the course has what."""
        assert isinstance(self.coursedir, CourseDirectory)
        return self.coursedir

    def student(self, folder: Path) -> str:
        """Whose folder it is."""
        pattern = self._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True)
        found = re.match(pattern, str(folder))
        assert found is not None
        return found["student"]

    def _graded(self, student: str) -> Path:
        """Where the graded notebook of a student lies."""
        assignment = self.folders.assignment_id
        folder = self.folders.format_path(self.folders.autograded_directory, student, assignment)
        return Path(folder) / f"{assignment}.ipynb"

    def _to_do(self, folder: str) -> bool:
        """Whether nbgrader is going to grade it: it is new, changed since, or all are."""
        graded = self._graded(self.student(Path(folder)))
        if self.force or not graded.is_file():
            return True
        new, old = (
            self.folders.get_existing_timestamp(str(one)) for one in (folder, graded.parent)
        )
        return new is not None and old is not None and new > old

    def _run(self, waiting: dict[str, list[str]]) -> dict[str, tuple[_Sources, NotebookNode]]:
        """The outputs of each notebook; Ctrl-C keeps those that are done."""
        apart = ExecuteApart(parent=self)
        apart.sandbox()  # complains once, before anybody's work is run
        found: dict[str, tuple[_Sources, NotebookNode]] = {}
        with ThreadPoolExecutor(self.jobs) as pool, _interrupts() as asked:
            futures: dict[Future[Any], str] = {}
            for folder, (file,) in waiting.items():
                futures[pool.submit(self._run_one, apart, file)] = folder
            left = set(futures)
            while left and not asked:
                done, left = wait(left, timeout=_LOOK_S, return_when=FIRST_COMPLETED)
                for future in done:
                    self._keep(found, futures[future], future)
                    student = self.student(Path(futures[future]))
                    self.progress(len(found), len(waiting), student)
            if left:
                self.stopped = True
                pool.shutdown(wait=True, cancel_futures=True)
                for future in left:
                    if not future.cancelled():
                        self._keep(found, futures[future], future)
        return found

    def _keep(self, found: dict[str, Any], folder: str, future: Future[Any]) -> None:
        """Note the outputs; a notebook that cannot be read is left to nbgrader's own log."""
        if future.exception() is None:
            found[folder] = future.result()
            self.log.info("Ran what is in %s", folder)
        else:
            self.log.error("In %s", folder, exc_info=future.exception())
            self.problems[self.student(Path(folder))] = f"It cannot be read: {future.exception()}"

    def _run_one(self, apart: ExecuteApart, file: str) -> tuple[_Sources, NotebookNode]:
        """The outputs of a notebook whose tests are those of the gradebook."""
        resources: Any = ResourcesDict()
        resources.update(self.init_single_notebook_resources(file))
        notebook = nbformat.read(file, as_version=4)
        for preprocessor in self.sanitize_preprocessors:
            notebook, resources = preprocessor(parent=self).preprocess(notebook, resources)
        return _sources(notebook), apart.preprocess(notebook, resources)[0]


class _Ready:
    """In place of a run: the outputs of a notebook of the same sources."""

    def __init__(self, outputs: dict[_Sources, NotebookNode]) -> None:
        self.outputs = outputs

    def __call__(
        self, notebook: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        found = [cell for cell in self.outputs[_sources(notebook)].cells if _is_code(cell)]
        for cell, run in zip(filter(_is_code, notebook.cells), found, strict=True):
            cell.outputs, cell.execution_count = run.outputs, run.execution_count
        return notebook, resources


def _is_code(cell: NotebookNode) -> bool:
    return cell.cell_type == "code"


def _sources(notebook: NotebookNode) -> _Sources:
    """What decides what a notebook puts out."""
    return tuple(cell.source for cell in notebook.cells if _is_code(cell))


def _relative(pattern: str, root: Path) -> str:
    """A pattern of paths below a folder."""
    return Path(pattern).relative_to(root).as_posix()


@contextmanager
def _interrupts() -> Iterator[list[int]]:
    """A list that is empty until Ctrl-C; the second one raises as usual.

    The first raises nothing: where it comes while Python cleans up, an exception would be lost.
    """
    asked: list[int] = []

    def note(number: int, frame: object) -> None:
        del frame
        if asked:
            raise KeyboardInterrupt
        asked.append(number)

    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)
