"""Quiz: questions whose every answer, wrong or right, is met with an explanation."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from relubook.widgets.bundle import module, style
from relubook.widgets.lives import Explorable, escape


@dataclass(frozen=True)
class Choice:
    """One answer that may be chosen, and what the reader is told who chooses it.

    Args:
        text: The answer; what stands between backticks is code.
        feedback: Why it is right, or which thought leads astray.
        right: Whether it is the right one.

    Raises:
        ValueError: If a text is empty or a backtick has no partner.
    """

    text: str
    feedback: str
    right: bool = field(default=False, kw_only=True)

    def __post_init__(self) -> None:
        _check_text(self.text, "`text` of Choice")
        _check_text(self.feedback, f"`feedback` of Choice {self.text!r}")


@dataclass(frozen=True)
class Question:
    """A question with its choices, exactly one of them right.

    Args:
        text: The question; what stands between backticks is code.
        choices: At least two, no two of the same text, in the order in which they are shown.

    Raises:
        ValueError: If there are fewer than two, two alike, or not exactly one right.
    """

    text: str
    choices: Sequence[Choice]

    def __post_init__(self) -> None:
        _check_text(self.text, "`text` of Question")
        object.__setattr__(self, "choices", tuple(self.choices))
        _check_choices(self)


class Quiz(Explorable):
    """Multiple-choice questions with feedback on every choice; answers stay in the browser.

    A wrong answer is explained and may be changed at will. The reader's answers are kept in the
    browser's own storage under `relubook:quiz:<name>`; nothing is sent, a kernel adds nothing.

    Args:
        name: Lowercase letters, digits and hyphens; names the quiz in the browser's storage.
        questions: Usually three.

    Raises:
        ValueError: If the name has another form or there is no question.
    """

    _esm = module("quiz.mjs")
    _css = style("style.css", "quiz.css")

    def __init__(self, name: str, questions: Sequence[Question]) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
            raise ValueError(
                "The `name` of Quiz must be lowercase letters and digits, with single hyphens "
                f"between. Got {name!r}."
            )
        if not questions:
            raise ValueError(f"The `questions` of Quiz {name!r} must be at least 1. Got 0.")
        self.questions = tuple(questions)
        super().__init__(data={"name": name, "questions": [_plain(q) for q in questions]})

    def __repr__(self) -> str:
        return f"Quiz({self.data['name']!r}, {len(self.questions)} questions)"

    def fallback(self) -> str:
        """Return the questions with their choices, and, folded, the answers with feedback."""
        asked = "".join(_asked(question) for question in self.questions)
        answers = "".join(_answered(question) for question in self.questions)
        return (
            f'<div class="card quiz"><p class="title">Check yourself</p><ol>{asked}</ol>'
            f"<details><summary>The answers</summary><ol>{answers}</ol></details></div>"
        )


def _check_text(text: str, what: str) -> None:
    if not text.strip():
        raise ValueError(f"The {what} must say something. Got {text!r}.")
    if text.count("`") % 2:
        raise ValueError(f"The {what} must have its backticks in pairs. Got {text!r}.")


def _check_choices(question: Question) -> None:
    where = f"The `choices` of Question {question.text!r} must"
    texts = [choice.text for choice in question.choices]
    right = sum(choice.right for choice in question.choices)
    if len(texts) < 2:
        raise ValueError(f"{where} be at least 2. Got {len(texts)}.")
    if alike := [text for text in texts if texts.count(text) > 1]:
        raise ValueError(f"{where} differ in their text. Got {alike[0]!r} twice.")
    if right != 1:
        raise ValueError(f"{where} hold exactly one that is right. Got {right}.")


def _plain(question: Question) -> dict[str, object]:
    choices = [
        {"text": choice.text, "feedback": choice.feedback, "right": choice.right}
        for choice in question.choices
    ]
    return {"text": question.text, "choices": choices}


def _asked(question: Question) -> str:
    choices = "".join(f"<li>{_rich(choice.text)}</li>" for choice in question.choices)
    return f'<li><p class="asked">{_rich(question.text)}</p><ul>{choices}</ul></li>'


def _answered(question: Question) -> str:
    rows = "".join(
        f"<li>{_rich(choice.text)}: {'✓ Right.' if choice.right else '✗ Not yet.'} "
        f"{_rich(choice.feedback)}</li>"
        for choice in question.choices
    )
    return f'<li><p class="asked">{_rich(question.text)}</p><ul>{rows}</ul></li>'


def _rich(text: str) -> str:
    """Escaped text; what stands between backticks becomes code, as `rich` of dom.mjs makes it."""
    parts = [escape(part) for part in text.split("`")]
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))
