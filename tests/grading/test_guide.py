"""Every command of the instructors' page works, in the order in which it stands there."""

import re
import shutil
import subprocess
import zipfile

import one_question as one
import pytest
from course import BUILD
from project_files import ROOT

pytestmark = pytest.mark.sandbox

GUIDE = (ROOT / "book" / "instructors.md").read_text("utf-8")
BLOCKS = re.findall(r"^```sh\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in BLOCKS for line in block.splitlines()]
CANVAS = {
    "doejane_12345_67890_one.ipynb": one.RIGHT,
    "roejohn_LATE_12346_67891_one-2.ipynb": one.ABSOLUTE,
}
GIVEN = re.compile(r"^(apt-get|make) ")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course's commands, run one after the other with another assignment's name."""
    course = one.begin(tmp_path_factory.mktemp("guide"))
    archive = course.folder / "downloaded" / one.NAME / "archive"
    archive.mkdir(parents=True)
    with zipfile.ZipFile(archive / "submissions.zip", "w") as zipped:
        for name, answers in CANVAS.items():
            zipped.writestr(name, one.text(course, answers))
    said = []
    for command in COMMANDS:
        if not GIVEN.match(command):
            words = command.replace("3_sparsity", one.NAME)
            done = subprocess.run(
                words, cwd=course.folder, env=BUILD.environment(), capture_output=True, text=True,
                check=False, shell=True,
            )  # fmt: skip
            assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
            said.append((words, " ".join(done.stdout.split())))
    return course, said


def test_the_page_has_the_whole_way():
    names = [" ".join(command.split()[:2]) for command in COMMANDS]
    assert names == [
        "apt-get install", "make assignments", "nbgrader zip_collect", "relubook grade",
        "relubook feedback", "nbgrader export", "nbgrader generate_assignment",
        "relubook grade",
    ]  # fmt: skip


def test_make_knows_what_the_page_asks_of_it():
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"make\s+(\w+)", GUIDE):
        if target not in {"it", "namespaces"}:
            assert f"\n{target}: " in makefile


def test_files_from_a_learning_platform_are_graded_under_their_students_names(course):
    _, said = course
    graded = next(text for words, text in said if words.startswith("relubook grade"))
    assert "doejane 10 of 10" in graded
    assert "roejohn 5 of 10" in graded


def test_feedback_and_grades_lie_where_the_page_says(course):
    folder = course[0].folder
    assert (folder / "feedback" / "roejohn" / one.NAME / f"{one.NAME}.html").is_file()
    for name in re.search(r"Everything is in the course's folder: (.*?) and\n`(.*?)`", GUIDE)[
        1
    ].split(","):
        assert (folder / name.strip(" `/")).exists()


def test_nothing_is_stored_that_the_page_does_not_name(course):
    named = set(re.findall(r"`(\w[\w.]*)/?`", GUIDE))
    own = {"source", "release", "downloaded", "nbgrader_config.py"}
    assert {path.name for path in course[0].folder.iterdir()} <= named | own


@pytest.mark.parametrize("without", ["bwrap", "prlimit"])
def test_a_machine_without_bubblewrap_is_told_what_to_do(tmp_path, without):
    course = one.begin(tmp_path / "course")
    course.hand_in("ann", one.text(course, one.RIGHT))
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in {"bwrap", "prlimit", "setpriv"} - {without}:
        (tools / name).symlink_to(shutil.which(name))
    path = f"{BUILD.environment()['PATH'].split(':')[0]}:{tools}"
    done = subprocess.run(
        ["relubook", "grade", one.NAME], cwd=course.folder, capture_output=True, text=True,
        env={**BUILD.environment(), "PATH": path}, check=False, executable=None,
    )  # fmt: skip
    assert done.returncode == 2
    assert f"There is no `{without}`. On Debian or Ubuntu: apt-get install" in " ".join(
        done.stderr.split()
    )
    assert not (course.folder / "autograded").exists()


def test_a_course_in_the_open_is_graded_by_nbgrader_itself(tmp_path):
    """The documented way without bubblewrap."""
    course = one.begin(tmp_path)
    config = course.folder / "nbgrader_config.py"
    config.write_text(config.read_text("utf-8").replace("\napart(c)\n", "\n"), encoding="utf-8")
    course.hand_in("ann", one.text(course, one.ABSOLUTE))
    refused = subprocess.run(
        ["relubook", "grade", one.NAME], cwd=course.folder, capture_output=True, text=True,
        env=BUILD.environment(), check=False,
    )  # fmt: skip
    assert "`nbgrader autograde` grades it, in the open." in " ".join(refused.stderr.split())
    done = BUILD.nbgrader(course.folder, "autograde", one.NAME)
    assert done.returncode == 0, done.stderr
    assert course.points("ann") == {"below": 0.0, "at-0": 2.0, "bends": 3.0}
