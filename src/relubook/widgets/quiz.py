"""Quiz: multiple-choice questions with feedback for each wrong answer and for the right one."""

from dataclasses import dataclass
from typing import Any

from relubook.widgets.bundle import module, style
from relubook.widgets.lives import Explorable, check_name, rich


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One possible answer.

    Attributes:
        text: The answer; what stands between backticks is code.
        feedback: What the reader is told who chose it.
        right: Whether it is the right one.

    Raises:
        ValueError: If a text is empty or a backtick has no partner.
    """

    text: str
    feedback: str
    right: bool = False

    def __post_init__(self) -> None:
        _check_text(self.text, "`text` of Choice")
        _check_text(self.feedback, f"`feedback` of Choice {self.text!r}")


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question with its possible answers, exactly one of them right.

    Attributes:
        text: The question; what stands between backticks is code.
        choices: At least two, in the order in which they are shown.

    Raises:
        ValueError: If there are fewer than two choices, two alike, or not exactly one right.
    """

    text: str
    choices: tuple[Choice, ...]

    def __post_init__(self) -> None:
        _check_text(self.text, "`text` of Question")
        where = f"The `choices` of Question {self.text!r} must"
        texts = [choice.text for choice in self.choices]
        right = sum(choice.right for choice in self.choices)
        if len(texts) < 2:
            raise ValueError(f"{where} be at least 2. Got {len(texts)}.")
        if alike := [text for text in texts if texts.count(text) > 1]:
            raise ValueError(f"{where} differ in their text. Got {alike[0]!r} twice.")
        if right != 1:
            raise ValueError(f"{where} hold exactly one that is right. Got {right}.")


class Quiz(Explorable):
    """Questions whose answers stay in the reader's browser.

    Args:
        name: Lowercase letters, digits and hyphens; names the quiz in the browser's storage.
        questions: At least one.

    Raises:
        ValueError: If the name has another form or there is no question.
    """

    _esm = module("quiz.mjs")
    _css = style("style.css", "quiz.css")

    def __init__(self, *, name: str, questions: tuple[Question, ...], **traits: Any) -> None:
        check_name(name, "Quiz")
        if not questions:
            raise ValueError(f"The `questions` of Quiz {name!r} must be at least 1. Got 0.")
        asked = [
            {"text": question.text, "choices": [vars(choice).copy() for choice in question.choices]}
            for question in questions
        ]
        super().__init__(data={"name": name, "questions": asked}, **traits)

    def __repr__(self) -> str:
        return f"Quiz({self.data['name']!r}, {len(self.data['questions'])} questions)"

    def fallback(self) -> str:
        """Return the questions, each with its answers and their feedback folded."""
        return f"<ol>{''.join(map(_folded, self.data['questions']))}</ol>"


def _folded(question: dict[str, Any]) -> str:
    choices = question["choices"]
    texts = "".join(f"<li>{rich(choice['text'])}</li>" for choice in choices)
    answers = "".join(
        f"<li>{rich(choice['text'])}: {'right. ' if choice['right'] else ''}"
        f"{rich(choice['feedback'])}</li>"
        for choice in choices
    )
    return (
        f"<li>{rich(question['text'])}<ul>{texts}</ul>"
        f"<details><summary>Answers</summary><ul>{answers}</ul></details></li>"
    )


def _check_text(text: str, what: str) -> None:
    if not text.strip():
        raise ValueError(f"The {what} must say something. Got {text!r}.")
    if text.count("`") % 2:
        raise ValueError(f"The {what} must have its backticks in pairs. Got {text!r}.")
