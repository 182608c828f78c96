"""Nobody gets points for an attack, and nobody else loses any; what cannot be prevented is told."""

import tomllib
from pathlib import Path

import one_question as one
import pytest
from project_files import ROOT

pytestmark = pytest.mark.sandbox

ATTACKS = tomllib.loads(Path(__file__).with_name("attacks.toml").read_text("utf-8"))["attack"]
SHORT = "\nc.ExecuteApart.cell_s = 5.0\n"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Every attack between honest students' work, graded twice: the second changes nothing."""
    course = one.begin(tmp_path_factory.mktemp("attacks"), SHORT)
    for student in ("a-honest", "z-honest"):
        course.hand_in(student, one.text(course, one.RIGHT))
    for attack in ATTACKS:
        code = attack["code"].strip().replace("COURSE", repr(str(course.folder)))
        right = attack.get("answer", True)
        answers = {**one.RIGHT, "hinges": f"{one.RIGHT['hinges']}\n{code}"}
        course.hand_in(attack["name"], one.text(course, answers if right else {"hinges": code}))
    course.grade()
    return course


def test_attackers_get_what_their_answers_are_due(course):
    got = {attack["name"]: course.points(attack["name"]) for attack in ATTACKS}
    assert got == {attack["name"]: attack["points"] for attack in ATTACKS}


def test_who_is_graded_between_attackers_has_every_point(course):
    assert course.points("a-honest") == course.points("z-honest") == one.FULL


def test_attacks_leave_the_course_as_it_was(course):
    source = course.folder / "source" / one.NAME / f"{one.NAME}.ipynb"
    assert "max(0, x)" in source.read_text("utf-8")
    assert {path.name for path in course.folder.iterdir()} == {
        "source", "release", "submitted", "autograded", "gradebook.db", "nbgrader_config.py",
        "grading.log",
    }  # fmt: skip


def test_an_attack_that_succeeds_is_named_to_instructors():
    """What runs in one process with its tests can let them pass; the guide must not hide it."""
    told = [attack["name"] for attack in ATTACKS if attack.get("told")]
    assert told == ["skips-its-tests"]
    guide = (ROOT / "book" / "instructors.md").read_text("utf-8")
    assert "What no check can prevent" in guide
