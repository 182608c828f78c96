"""Quiz: multiple-choice questions with feedback for each wrong answer and for the right one."""

from dataclasses import dataclass
from typing import Any

from relubook.widgets.bundle import module, style
from relubook.widgets.lives import Explorable, escape


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One possible answer.

    Attributes:
        text: The answer; backticks mark code.
        feedback: What the reader is told who chose it.
        right: Whether it is the right one.
    """

    text: str
    feedback: str
    right: bool = False


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question with its possible answers, exactly one of them right.

    Raises:
        ValueError: If there are fewer than two choices, not exactly one right one, two with the
            same text, or one without feedback.
    """

    text: str
    choices: tuple[Choice, ...]

    def __post_init__(self) -> None:
        right = sum(choice.right for choice in self.choices)
        if len(self.choices) < 2 or right != 1:
            raise ValueError(
                "The `choices` of a Question must be at least 2, exactly 1 of them right. "
                f"Got {len(self.choices)}, {right} of them right, at {self.text!r}."
            )
        if len({choice.text for choice in self.choices}) < len(self.choices):
            raise ValueError(f"The `choices` of a Question must differ. Got a twin at {self.text!r}.")
        silent = [choice.text for choice in self.choices if not choice.feedback.strip()]
        if silent:
            raise ValueError(f"The `feedback` of a Choice must not be empty. Got none at {silent[0]!r}.")


class Quiz(Explorable):
    """Questions whose answers stay in the reader's browser.

    Args:
        name: Stable name under which the browser keeps the answers.
        questions: At least one.

    Raises:
        ValueError: If there is no name or no question.
    """

    _esm = module("quiz.mjs")
    _css = style("style.css", "quiz.css")

    def __init__(self, *, name: str, questions: tuple[Question, ...], **traits: Any) -> None:
        if not name or not questions:
            raise ValueError(
                "The `name` and `questions` of a Quiz must not be empty. "
                f"Got {name!r} and {len(questions)} questions."
            )
        asked = [
            {"text": question.text, "choices": [vars(choice).copy() for choice in question.choices]}
            for question in questions
        ]
        super().__init__(data={"name": name, "questions": asked}, **traits)

    def __repr__(self) -> str:
        return f"Quiz({len(self.data['questions'])} questions)"

    def fallback(self) -> str:
        """Return the questions, each with its answers and their feedback folded."""
        return f"<ol>{''.join(map(_folded, self.data['questions']))}</ol>"


def _folded(question: dict[str, Any]) -> str:
    choices = question["choices"]
    texts = "".join(f"<li>{escape(choice['text'])}</li>" for choice in choices)
    answers = "".join(
        f"<li>{escape(choice['text'])}: {'right. ' if choice['right'] else ''}"
        f"{escape(choice['feedback'])}</li>"
        for choice in choices
    )
    return (
        f"<li>{escape(question['text'])}<ul>{texts}</ul>"
        f"<details><summary>Answers</summary><ul>{answers}</ul></details></li>"
    )
