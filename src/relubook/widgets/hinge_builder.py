"""HingeBuilder: the reader bends a function out of hinges, then lets a network do it."""

from statistics import median
from typing import Any, ClassVar

from traitlets import List, Unicode, validate

from relubook.widgets.bundle import module, style
from relubook.widgets.hinge_data import (
    TARGETS,
    check_drawing,
    check_hinges,
    check_points,
    check_target,
)
from relubook.widgets.lives import Explorable

KINDS = ("even", "best", "trained")
CHECKS = {"target": check_target, "points": check_points, "drawing": check_drawing}


class HingeBuilder(Explorable):
    """A target, a function of at most 12 hinges to drag toward it, and a network that learns it.

    The network is trained in the page, by full-batch Adam in float64; no kernel is needed. What the
    reader has set is in `target`, `points` and `drawing`, from Python too.

    Args:
        data: What `experiments.hinges.builder_data` builds from a record: the places `x`, the
            heights of the `targets` there, the recorded `counts` of hinges with their root mean
            square `error`, and the `learning_rate` and `steps` of the networks.
        **traits: Where the reader begins: `target` (sine, step or own), `points` (pairs of place
            and height, from -1 to 1), `drawing` (17 heights, None where nothing is drawn).

    Raises:
        ValueError: If the data lack a key, disagree in their lengths, hold a number that cannot be
            drawn, or are too large for a page.
    """

    _esm = module("hinge_builder.mjs")
    _css = style("style.css", "explorer.css", "hinge_builder.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", "target", "points", "drawing")

    target = Unicode("sine").tag(sync=True)
    points = List().tag(sync=True)
    drawing = List().tag(sync=True)

    def __init__(self, data: dict[str, Any], **traits: Any) -> None:
        check_hinges(data)
        super().__init__(data=data, **traits)

    @validate(*CHECKS)
    def _check_setting(self, proposal: dict[str, Any]) -> Any:
        CHECKS[proposal["trait"].name](proposal["value"])
        return proposal["value"]

    def __repr__(self) -> str:
        return f"HingeBuilder({', '.join(TARGETS)}; up to {self.data['counts'][-1]} hinges)"

    @classmethod
    def from_record(cls, record: Any) -> "HingeBuilder":
        """Return the widget of a `hinges` record."""
        from relubook.experiments import hinges

        return cls(hinges.builder_data(record))

    def fallback(self) -> str:
        """Return a sentence and the errors as a table, for paper and pages without scripts."""
        head = "".join(
            f'<th scope="col">{target}, {kind}</th>' for target in TARGETS for kind in KINDS
        )
        rows = "".join(
            f'<tr><th scope="row">{count}</th>'
            + "".join(f"<td>{self._error(t, kind, i)}</td>" for t in TARGETS for kind in KINDS)
            + "</tr>"
            for i, count in enumerate(self.data["counts"])
        )
        last = self.data["counts"][-1]
        return (
            "<p>This figure moves where scripts may run: it lets you build a function out of "
            f"hinges. {last} evenly spaced hinges come within {self._error('sine', 'even', -1)} of "
            f"a sine (root mean square), the best placed within "
            f"{self._error('sine', 'best', -1)}, trained networks within "
            f"{self._error('sine', 'trained', -1)} (median).</p>"
            "<table><caption>Root mean square error by number of hinges; trained: median of the "
            f'seeds</caption><thead><tr><th scope="col">hinges</th>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _error(self, target: str, kind: str, i: int) -> str:
        value = self.data["error"][target][kind][i]
        error = median(value) if kind == "trained" else value
        return "0" if error < 5e-5 else f"{error:.{1 if error < 1e-3 else 2}g}"
