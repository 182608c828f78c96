"""nbgrader in the folder of a course, as it is configured there."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

from nbgrader.apps import AutogradeApp
from nbgrader.coursedir import CourseDirectory

LOG = "grading.log"


@contextlib.contextmanager
def application(
    course: Path, assignment: str, student: str
) -> Iterator[tuple[AutogradeApp, CourseDirectory]]:
    """The program with the configuration of the course; what it has to say goes to a file.

    Args:
        course: Its folder, absolute.
        assignment: What to work on.
        student: Whose work; a pattern.

    Raises:
        FileNotFoundError: If there is no course.
    """
    if not (course / "nbgrader_config.py").is_file():
        raise FileNotFoundError(
            f"There is no course in {course}: no nbgrader_config.py. `make assignments` makes one."
        )
    with contextlib.chdir(course):
        app = AutogradeApp()
        app.initialize([f"--course-dir={course}", "--quiet"])
        folders = app.coursedir
        assert isinstance(folders, CourseDirectory)
        folders.assignment_id, folders.student_id = assignment, student
        log = logging.FileHandler(course / LOG, encoding="utf-8", delay=True)
        log.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
        app.log.setLevel(logging.INFO)
        app.log.addHandler(log)
        try:
            yield app, folders
        finally:
            app.log.removeHandler(log)
            log.close()
