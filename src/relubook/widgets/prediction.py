"""Prediction: a number or a curve the reader commits to before the record is laid over it."""

import math
from collections.abc import Sequence
from typing import Any

from relubook.widgets.bundle import module, style
from relubook.widgets.lives import Explorable, check_name, escape, rich, written

Numbers = Sequence[float]


class Prediction(Explorable):
    """A question with one number or one curve as its answer, kept in the reader's browser only.

    Make one with `Prediction.number` or `Prediction.curve`.
    """

    _esm = module("prediction.mjs")
    _css = style("style.css", "prediction.css")

    def __repr__(self) -> str:
        return f"Prediction: {self.data['question']}"

    @classmethod
    def number(
        cls,
        *,
        name: str,
        question: str,
        low: float,
        high: float,
        step: float,
        recorded: float,
        unit: str = "",
        band: tuple[float, float] | None = None,
        source: str = "",
    ) -> "Prediction":
        """Return a question that a number answers.

        Args:
            name: Key in the browser's storage: lowercase letters, digits and hyphens.
            question: One sentence; backticks mark code.
            low: Lowest possible answer.
            high: Highest possible answer.
            step: Resolution of the slider.
            recorded: The value to reveal, in the same unit.
            unit: Written behind every number, for example "%".
            band: Lowest and highest recorded value (10-90 % of the seeds), or None.
            source: Where the recorded value comes from: record, seeds, data.

        Raises:
            ValueError: If a number is not finite, or the range or the step is empty.
        """
        ends = None if band is None else [float(end) for end in band]
        data = _asked(name, question, low, high, step, unit)
        record = {"value": float(recorded), "band": ends, "source": source}
        return cls(data={**data, "kind": "number", "recorded": record})

    @classmethod
    def curve(
        cls,
        *,
        name: str,
        question: str,
        x: Sequence[object],
        x_label: str,
        y_label: str,
        low: float,
        high: float,
        step: float,
        recorded: Numbers,
        unit: str = "",
        band: tuple[Numbers, Numbers] | None = None,
        source: str = "",
    ) -> "Prediction":
        """Return a question that a curve answers: one value at each position of x.

        Args:
            name: Key in the browser's storage: lowercase letters, digits and hyphens.
            question: One sentence; backticks mark code.
            x: Positions, drawn evenly spaced, as the reader shall read them.
            x_label: Quantity and unit of x.
            y_label: Quantity of y, without its unit.
            low: Lowest possible value.
            high: Highest possible value.
            step: Resolution of an answer.
            recorded: The values to reveal, one at each position.
            unit: Unit of y, for example "%".
            band: Lower and upper edge around the recorded values, or None.
            source: Where the recorded values come from: record, seeds, data.

        Raises:
            ValueError: If a number is not finite, the range or the step is empty, there are fewer
                than two positions, or a curve has not one value at each position.
        """
        places = [written(p) if isinstance(p, float) else str(p) for p in x]
        curves = [recorded, *(band or ())]
        if len(places) < 2 or any(len(values) != len(places) for values in curves):
            raise ValueError(
                "The `recorded` and `band` of a curve must have one value at each of at least 2 "
                f"positions. Got {[len(values) for values in curves]} for {len(places)} positions."
            )
        values, *edges = [[float(v) for v in curve] for curve in curves]
        record = {"value": values, "band": edges or None, "source": source}
        data = _asked(name, question, low, high, step, unit)
        labels = {"x": places, "x_label": x_label, "y_label": y_label}
        return cls(data={**data, **labels, "kind": "curve", "recorded": record})

    def fallback(self) -> str:
        """Return the question, and the recorded answer folded, for pages without scripts."""
        unit, record = escape(self.data["unit"]), self.data["recorded"]
        if self.data["kind"] == "number":
            answer = f"{record['value']:.4g} {unit}"
        else:
            pairs = zip(self.data["x"], record["value"], strict=True)
            answer = "; ".join(f"{escape(x)}: {y:.4g} {unit}" for x, y in pairs)
        return (
            f"<p>{rich(self.data['question'])} Write your answer down, then compare.</p>"
            f"<details><summary>The recorded answer</summary><p>{answer}. "
            f"{escape(record['source'])}</p></details>"
        )


def _asked(
    name: str, question: str, low: float, high: float, step: float, unit: str
) -> dict[str, Any]:
    """What both kinds of question share."""
    numbers = (low, high, step)
    if not (all(map(math.isfinite, numbers)) and low < high and 0 < step <= high - low):
        raise ValueError(
            "The `low`, `high` and `step` of a Prediction must be finite, low below high and step "
            f"above 0 and no wider than the range. Got {low}, {high}, {step}."
        )
    check_name(name, "Prediction")
    if not question.strip():
        raise ValueError(f"The `question` of a Prediction must say something. Got {question!r}.")
    ends = {"low": float(low), "high": float(high), "step": float(step)}
    return {"name": name, "question": question, "unit": unit, **ends}
