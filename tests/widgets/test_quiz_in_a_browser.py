"""Quiz: what it refuses, its words for paper, and its use in a real browser."""

import html
import re

import pytest
from playwright.sync_api import expect
from widget_pages import write_page

from browser_support import offline_page
from relubook.widgets import Choice, Question, Quiz

KEY = "relubook:quiz:sparsity"


def choice(text, feedback="Because.", *, right=False):
    return Choice(text=text, feedback=feedback, right=right)


def choices(*right):
    return tuple(choice(f"choice {i}", right=each) for i, each in enumerate(right))


def asked(text, *answers):
    return Question(text=text, choices=answers)


HALF = asked(
    "At initialization, which share of a rectifier network’s activations is exactly 0?",
    choice("None", "A draw of exactly 0 is rare, but every negative one is cut off."),
    choice("About half", "Symmetric weights make `h > 0` as likely as `h < 0`.", right=True),
    choice("Nearly all", "That needs an L1 penalty or large negative biases."),
)
PENALTY = asked(
    "What does an L1 penalty on the activations push on?",
    choice("The weights", "That is weight decay: `sum(abs(w))`, another penalty."),
    choice("The activations", "It is `sum(abs(h))`, added to the loss.", right=True),
)


def quiz(name="sparsity"):
    return Quiz(name=name, questions=(HALF, PENALTY))


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: choice(" "), "`text` of Choice must say something. Got ' '."),
        (lambda: choice("a", ""), "`feedback` of Choice 'a' must say something. Got ''."),
        (
            lambda: choice("a", "`b"),
            "`feedback` of Choice 'a' must have its backticks in pairs. Got '`b'.",
        ),
        (
            lambda: asked("", *choices(True, False)),
            "`text` of Question must say something. Got ''.",
        ),
        (
            lambda: asked("q", *choices(True)),
            "`choices` of Question 'q' must be at least 2. Got 1.",
        ),
        (
            lambda: asked("q", *choices(False, False)),
            "`choices` of Question 'q' must hold exactly one that is right. Got 0.",
        ),
        (
            lambda: asked("q", *choices(True, True)),
            "`choices` of Question 'q' must hold exactly one that is right. Got 2.",
        ),
        (
            lambda: asked("q", choice("a"), choice("a", right=True)),
            "`choices` of Question 'q' must differ in their text. Got 'a' twice.",
        ),
        (
            lambda: Quiz(name="sparsity", questions=()),
            "`questions` of Quiz 'sparsity' must be at least 1. Got 0.",
        ),
    ],
)
def test_a_faulty_quiz_is_refused_in_one_sentence(make, sentence):
    with pytest.raises(ValueError, match=f"^The {re.escape(sentence)}$"):
        make()


@pytest.mark.parametrize("name", ["", "Sparsity", "a b", "-a", "a--b", "a:b", 'a"b', "a\n"])
def test_only_plain_names_become_storage_keys(name):
    with pytest.raises(ValueError, match=r"^The `name` of Quiz must be lowercase letters"):
        quiz(name)


def test_without_scripts_every_question_choice_and_feedback_is_there():
    said = html.unescape(re.sub(r"</?code>", "`", quiz().fallback()))
    for question in (HALF, PENALTY):
        assert question.text in said
        for each in question.choices:
            assert f"<li>{each.text}</li>" in said
            assert f"{each.text}: {'right. ' if each.right else ''}{each.feedback}" in said


@pytest.fixture
def page(tmp_path):
    return write_page(tmp_path, quiz().html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def form(tab, nth=0):
    return tab.page.locator(".quiz form").nth(nth)


def answer(tab, label, nth=0):
    form(tab, nth).get_by_label(label).check()
    form(tab, nth).get_by_role("button", name="Check").click()


def feedback(tab, nth=0):
    return form(tab, nth).get_by_role("status")


def score(tab, nth=0):
    return tab.page.locator(".quiz .score").nth(nth)


def press(tab, *keys):
    for key in keys:
        tab.page.keyboard.press(key)


@pytest.mark.browser
def test_by_keyboard_alone_a_wrong_answer_is_explained_and_put_right(tab):
    press(tab, "Tab", "Space", "Tab", "Enter")
    expect(feedback(tab)).to_have_text(f"✗ Not quite. {HALF.choices[0].feedback}")
    expect(score(tab)).to_have_text("0 of 2 right, 1 not checked yet.")
    press(tab, "Shift+Tab", "ArrowDown")
    expect(feedback(tab)).to_have_text("")
    press(tab, "Enter")
    expect(feedback(tab)).to_have_text("✓ Right. Symmetric weights make h > 0 as likely as h < 0.")
    assert feedback(tab).locator("code").all_inner_texts() == ["h > 0", "h < 0"]
    expect(feedback(tab, 1)).to_have_text("")
    press(tab, "Tab", "Tab", "ArrowDown", "Enter")
    expect(score(tab)).to_have_text("2 of 2 right.")
    press(tab, "Tab", "Tab", "Enter")
    expect(score(tab)).to_have_text("0 of 2 right.")
    assert tab.page.get_by_role("radio", checked=True).count() == 0
    assert tab.page.evaluate("document.activeElement.type") == "radio"


@pytest.mark.browser
def test_every_choice_meets_its_own_feedback_by_mouse(tab):
    for nth, question in enumerate((HALF, PENALTY)):
        assert form(tab, nth).get_by_role("group", name=question.text).count() == 1
        for each in question.choices:
            form(tab, nth).get_by_text(each.text, exact=True).click()
            form(tab, nth).get_by_role("button", name="Check").click()
            verdict = "✓ Right. " if each.right else "✗ Not quite. "
            expect(feedback(tab, nth)).to_have_text(verdict + each.feedback.replace("`", ""))


@pytest.mark.browser
def test_nothing_can_be_checked_before_something_is_chosen(tab):
    expect(form(tab).get_by_role("button", name="Check")).to_be_disabled()
    form(tab).get_by_label("None").check()
    expect(form(tab).get_by_role("button", name="Check")).to_be_enabled()


@pytest.mark.browser
def test_answers_outlive_a_reload_until_the_reader_starts_over(tab):
    answer(tab, "About half")
    answer(tab, "The weights", 1)
    tab.reload()
    expect(tab.page.get_by_label("About half")).to_be_checked()
    expect(feedback(tab)).to_contain_text("Right.")
    expect(feedback(tab, 1)).to_contain_text("weight decay")
    tab.page.get_by_role("button", name="Start over").click()
    assert tab.page.evaluate(f"localStorage.getItem('{KEY}')") is None
    tab.reload()
    expect(score(tab)).to_have_text("0 of 2 right.")


@pytest.mark.browser
@pytest.mark.parametrize("kept", ["{", "null", '"x"', "[7, {}, []]", '[{"text": "no such"}]'])
def test_damaged_storage_is_an_empty_quiz_that_works(tab, kept):
    tab.page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [KEY, kept])
    tab.reload()
    expect(score(tab)).to_have_text("0 of 2 right.")
    answer(tab, "About half")
    expect(score(tab)).to_have_text("1 of 2 right, 1 not checked yet.")


@pytest.mark.browser
def test_two_quizzes_on_one_page_leave_each_other_alone(chromium, tmp_path):
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, quiz().html(), quiz("depth").html()))
        answer(tab, "About half", 0)
        answer(tab, "None", 2)
        expect(tab.page.get_by_label("About half").nth(0)).to_be_checked()
        expect(score(tab, 0)).to_contain_text("1 of 2 right")
        expect(score(tab, 1)).to_contain_text("0 of 2 right")
        tab.page.get_by_role("button", name="Start over").nth(1).click()
        tab.reload()
        expect(score(tab, 0)).to_contain_text("1 of 2 right")
        expect(feedback(tab, 2)).to_have_text("")
        tab.assert_quiet()


@pytest.mark.browser
@pytest.mark.parametrize(("width", "dark"), [(320, False), (375, True), (1000, False)])
def test_it_fits_and_is_accessible_in_each_width_and_theme(chromium, page, width, dark):
    with offline_page(chromium, width=width, dark=dark) as tab:
        tab.open(page)
        answer(tab, "None")
        answer(tab, "The activations", 1)
        assert tab.sideways_overflow() == 0
        assert tab.axe_violations(".relubook") == []
        targets = tab.page.locator(".quiz label, .quiz button").all()
        assert min(target.bounding_box()["height"] for target in targets) >= 24
        tab.assert_quiet()


@pytest.mark.browser
def test_texts_from_an_author_stay_texts_in_the_browser(chromium, tmp_path):
    nasty = "</script><img src=x onerror=alert(1)> `<b>x</b>`"
    question = asked(nasty, choice(nasty, nasty), choice("b", right=True))
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, Quiz(name="a", questions=(question,)).html()))
        answer(tab, nasty.replace("`", ""))
        expect(feedback(tab)).to_have_text(f"✗ Not quite. {nasty.replace('`', '')}")
        assert tab.page.locator("img, .relubook-view b").count() == 0
        tab.assert_quiet()


@pytest.mark.browser
def test_without_scripts_the_answers_unfold(chromium, page):
    with offline_page(chromium, width=375, scripts=False) as tab:
        tab.open(page)
        expect(tab.page.get_by_text("Symmetric weights")).to_be_hidden()
        tab.page.get_by_text("Answers").first.click()
        expect(tab.page.get_by_text("Symmetric weights")).to_be_visible()
