"""A page for each student that says what was right, and why a test did not pass.

nbgrader's own page needs a wide screen and fetches a script; this one is plain text in one file.
"""

from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import GetGrades, NbGraderPreprocessor

from relubook.grading.application import application

TEMPLATES = Path(__file__).parent / "templates"
_NAME = "relubook_feedback"


class _Style(NbGraderPreprocessor):
    """Gives the page its looks."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        resources["relubook_style"] = (TEMPLATES / _NAME / "style.css").read_text("utf-8")
        return nb, resources


class _Feedback(GenerateFeedback):
    """nbgrader's way from graded notebooks to pages, with another page at its end."""

    def start(self) -> None:
        self.preprocessors = [GetGrades, _Style]
        own = {"template_name": _NAME, "extra_template_basedirs": [str(TEMPLATES)]}
        self.config.HTMLExporter.update(own)
        super().start()


def give(course: Path, assignment: str, *, student: str = "*", again: bool = True) -> list[Path]:
    """Write the pages of an assignment that was graded.

    Args:
        course: The folder with `nbgrader_config.py`, `gradebook.db` and `autograded/`.
        assignment: Its name.
        student: Only this one, or those whose names fit the pattern.
        again: Write also pages that are there, since points may have changed.

    Returns:
        The files, `feedback/STUDENT/ASSIGNMENT/ASSIGNMENT.html`.

    Raises:
        FileNotFoundError: If there is no course, or nothing of the assignment is graded.
    """
    course = course.absolute()
    with application(course, assignment, student) as (app, folders):
        converter = _Feedback(coursedir=folders, parent=app)
        converter.force = again
        try:
            converter.start()
        except NbGraderException:
            raise FileNotFoundError(
                f"Nothing of {assignment!r} is graded in {course}. First: relubook grade "
                f"{assignment}"
            ) from None
    return sorted(course.glob(f"feedback/{student}/{assignment}/*.html"))
