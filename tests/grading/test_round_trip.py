"""A course goes round: made, handed in, graded in a sandbox, stopped, changed, exported."""

import signal
import subprocess
import sys
import time

import nbformat
import one_question as one
import pytest
from course import BUILD

pytestmark = pytest.mark.sandbox

SLOW = {**one.RIGHT, "hinges": f"{one.RIGHT['hinges']}\nimport time\ntime.sleep(6)"}


def _hand_in_all(course):
    course.hand_in("ann", one.text(course, one.RIGHT))
    course.hand_in("ben", one.text(course, one.ABSOLUTE))
    course.hand_in("eve", one.text(course, {**one.RIGHT, "hinges": "import os\nos.getcwd()"}))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Three students' work, graded; a fourth is enrolled."""
    course = one.begin(tmp_path_factory.mktemp("round"))
    BUILD.nbgrader(course.folder, "db", "student", "add", "fay")
    _hand_in_all(course)
    return course, course.grade()


def test_the_students_version_has_neither_solution_nor_hidden_tests(course):
    released = course[0].released.read_text("utf-8")
    assert "rectify(3) == 3" in released
    assert "max(0" not in released
    assert "rectify(-2)" not in released


def test_the_instructor_reads_points_absentees_and_what_is_worth_reading(course):
    lines = [" ".join(line.split()) for line in course[1].splitlines()]
    assert "ann 10 of 10" in lines
    assert "ben 5 of 10" in lines
    assert "eve: os (uses the operating system)" in lines
    assert "Handed in nothing: fay" in lines


def test_the_exported_table_has_the_same_points(course):
    assert course[0].exported() == {"ann": 10.0, "ben": 5.0, "eve": 7.0, "fay": 0.0}


def test_a_later_change_of_a_question_counts_for_all_when_graded_again(tmp_path):
    course = one.begin(tmp_path)
    _hand_in_all(course)
    course.grade()
    notebook = one.source()
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "below":
            cell.source = cell.source.replace("assert rectify(-2) == 0", "assert rectify")
            cell.metadata["nbgrader"]["points"] = 4
    one.write_source(course.folder, notebook)
    BUILD.release(course.folder, [one.NAME])
    lines = [" ".join(line.split()) for line in course.grade("--again").splitlines()]
    assert "ann 9 of 9" in lines
    assert "ben 9 of 9" in lines
    assert "eve 6 of 9" in lines


def test_points_given_by_hand_stay_when_graded_again(tmp_path):
    from nbgrader.api import Gradebook

    course = one.begin(tmp_path)
    course.hand_in("ben", one.text(course, one.ABSOLUTE))
    course.grade()
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db", "rectifiers") as book:
        book.find_grade("below", one.NAME, one.NAME, "ben").manual_score = 3
        book.db.commit()
    assert "8 of 10" in course.grade("--again")


def test_ctrl_c_keeps_what_was_graded_and_the_same_command_goes_on(tmp_path):
    course = one.begin(tmp_path)
    course.hand_in("ann", one.text(course, one.RIGHT))
    for student in ("ben", "eve"):
        course.hand_in(student, one.text(course, SLOW))
    command = [sys.executable, "-m", "relubook", "grade", one.NAME, "--jobs=1"]
    running = subprocess.Popen(
        command, cwd=course.folder, env=BUILD.environment(), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    _wait_until_one_was_run(course)
    running.send_signal(signal.SIGINT)
    said, stopped = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "The same command goes on from there." in " ".join(stopped.split())
    assert "ann" in said
    assert "eve" not in said
    again = course.grade()
    assert "graded before" not in again
    assert all(f"{student}" in again for student in ("ann", "ben", "eve"))
    assert course.points("eve") == one.FULL


def _wait_until_one_was_run(course):
    """The first student's notebook has come back; the next runs for some seconds."""
    log, until = course.folder / "grading.log", time.monotonic() + 60
    while not (log.is_file() and "Ran what is in" in log.read_text("utf-8")):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_feedback_shows_the_sentence_and_no_traceback(course):
    folder = course[0].folder
    done = BUILD.nbgrader(folder, "generate_feedback", one.NAME)
    assert done.returncode == 0, done.stderr
    page = (folder / "feedback" / "eve" / one.NAME / f"{one.NAME}.html").read_text("utf-8")
    assert "NameError" in page
    graded = folder / "autograded" / "ben" / one.NAME / f"{one.NAME}.ipynb"
    nbformat.validate(nbformat.read(graded, as_version=4))
