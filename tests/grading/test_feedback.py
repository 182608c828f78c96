"""The page that a student gets back: readable on a telephone, in the dark, and harmless."""

import one_question as one
import pytest
from playwright.sync_api import expect

from browser_support import offline_page

pytestmark = [pytest.mark.sandbox, pytest.mark.browser]

HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"
WRONG = {
    "rectify": f"def rectify(x):\n    raise ValueError({HOSTILE!r})  # {HOSTILE}",
    "hinges": "def hinge_bends(x, y):\n    return y" + "  # long" * 40,
}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The page of a student who hands in scripts instead of answers, commented and late."""
    from nbgrader.api import Gradebook

    course = one.begin(tmp_path_factory.mktemp("feedback"))
    course.hand_in("eve", one.text(course, WRONG))
    course.grade()
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db", "rectifiers") as book:
        book.find_comment("rectify", one.NAME, one.NAME, "eve").manual_comment = f"See: {HOSTILE}"
        book.db.commit()
    done = course.relubook("feedback", one.NAME)
    assert done.startswith("1 pages, such as ")
    return course.folder / "feedback" / "eve" / one.NAME / f"{one.NAME}.html"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 1200])
def test_it_can_be_read_at_any_width_in_any_light(chromium, page, width, dark):
    with offline_page(chromium, width=width, dark=dark) as tab:
        tab.open(page)
        for summary in tab.page.locator("summary").all():
            summary.click()
        assert tab.sideways_overflow() == 0
        assert tab.axe_violations() == []
        tab.assert_quiet()


def test_it_says_what_was_wrong_in_a_sentence(chromium, page):
    with offline_page(chromium, width=375) as tab:
        tab.open(page)
        expect(tab.page.get_by_role("heading", name="Not passed: bends, 0 of 3")).to_be_visible()
        expect(tab.page.get_by_text("It returns one bend too many")).to_be_visible()
        expect(tab.page.get_by_text("Traceback").locator("visible=true")).to_have_count(0)
        expect(tab.page.get_by_text("0 of 10 points", exact=True)).to_be_visible()


def test_what_a_student_wrote_is_shown_and_never_run(chromium, page):
    with offline_page(chromium) as tab:
        tab.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        tab.open(page)
        assert tab.page.locator("img, script").count() == 0
        expect(tab.page.get_by_text(HOSTILE).first).to_be_visible()
        expect(tab.page.get_by_text(f"See: {HOSTILE}")).to_be_visible()


def test_the_keyboard_opens_what_is_folded(chromium, page):
    with offline_page(chromium, width=375) as tab:
        tab.open(page)
        folded = tab.page.locator("details").first
        folded.locator("summary").focus()
        tab.page.keyboard.press("Enter")
        expect(folded).to_have_attribute("open", "")


def test_pages_follow_points_that_were_changed(tmp_path):
    from nbgrader.api import Gradebook

    course = one.begin(tmp_path)
    course.hand_in("ben", one.text(course, one.ABSOLUTE))
    course.grade()
    page = course.folder / "feedback" / "ben" / one.NAME / f"{one.NAME}.html"
    course.relubook("feedback", one.NAME)
    assert "5 of 10 points" in page.read_text("utf-8")
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db", "rectifiers") as book:
        book.find_grade("below", one.NAME, one.NAME, "ben").manual_score = 3
        book.db.commit()
    course.relubook("feedback", one.NAME)
    assert "8 of 10 points" in page.read_text("utf-8")


def test_without_grades_there_is_no_page_but_a_sentence(tmp_path):
    course = one.begin(tmp_path)
    said = course.relubook("feedback", one.NAME, fails=True)
    assert f"Nothing of '{one.NAME}' is graded" in said
    assert "First: relubook grade one" in said
    elsewhere = course.relubook("feedback", one.NAME, f"--course={tmp_path / 'no'}", fails=True)
    assert "There is no course in" in elsewhere
