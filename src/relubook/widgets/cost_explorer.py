"""CostExplorer: two sliders, share of zeros and batch size, against the time of skipping zeros."""

import math
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from traitlets import Int

from relubook.widgets.bundle import module, style
from relubook.widgets.cost_data import check_costs, crossovers
from relubook.widgets.latest import Progress, Work
from relubook.widgets.lives import escape
from relubook.widgets.on_demand import OnDemand

Measure = Callable[..., dict[str, Any] | None]
EVEN = 1.05  # as in cost_numbers.mjs: within 5 %, neither is called the faster
WORDS = {"gathered": "gathered", "csr": "CSR"}


class CostExplorer(OnDemand):
    """Recorded times of dense and of zero-skipping layers; with a kernel, this machine's too.

    Args:
        data: What `experiments.skipping_zeros.explorer_data` builds from a record: the grids
            `zeros` [1] and `batch`, the `methods`, their median time per example [s] in `layer`
            with its 10 and 90 % quantiles in `low` and `high`, and the trained `networks`.
        measure: `measure(zeros, batch, *, progress, stop)` returning one live frame, or None if
            it was stopped. None gives a widget without a *Measure on this machine* button.

    Raises:
        ValueError: If the data lack a key, disagree in their lengths, hold a time that is not a
            finite number above 0, or are too large for a page.
    """

    _esm = module("cost_explorer.mjs")
    _css = style("style.css", "explorer.css", "cost_explorer.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", "zeros_index", "batch_index")
    done: ClassVar[str] = "Measured here"

    zeros_index = Int(0).tag(sync=True)
    batch_index = Int(0).tag(sync=True)

    def __init__(
        self, data: dict[str, Any], *, measure: Measure | None = None, **traits: Any
    ) -> None:
        check_costs(data)
        start = {"zeros_index": _nearest(data["zeros"], data["paper_zeros"] / 100)}
        super().__init__(data=data, has_kernel=measure is not None, **{**start, **traits})
        self._measure = measure

    def __repr__(self) -> str:
        shares, batches = len(self.data["zeros"]), len(self.data["batch"])
        return (
            f"CostExplorer({shares} shares of zeros x {batches} batch sizes, {self.data['device']})"
        )

    @classmethod
    def from_record(cls, record: Any, *, measure: Measure | None = None) -> "CostExplorer":
        """Return the widget of a `skipping-zeros` record.

        Args:
            record: What the sliders show.
            measure: See the class; by default `experiments.skipping_zeros.measure_here`.
        """
        from relubook.experiments import skipping_zeros

        data = skipping_zeros.explorer_data(record)
        return cls(data, measure=measure or skipping_zeros.measure_here)

    def fallback(self) -> str:
        """Return a sentence and the crossovers as a table, for paper and pages without scripts."""
        found = crossovers(self.data)
        head = "".join(f'<th scope="col">{WORDS[method]}</th>' for method in found)
        rows = "".join(
            f'<tr><th scope="row">{batch}</th>'
            + "".join(f"<td>{self._from(shares[j])}</td>" for shares in found.values())
            + "</tr>"
            for j, batch in enumerate(self.data["batch"])
        )
        return (
            f"<p>This figure moves where scripts may run. One {self.data['width']} × "
            f"{self.data['width']} layer on {escape(self.data['device'])}. "
            f"{self._sentence(found['gathered'][self.batch_index])}</p>"
            "<table><caption>Share of zeros from which a method is faster than dense</caption>"
            f'<thead><tr><th scope="col">batch size</th>{head}</tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _from(self, share: float | None) -> str:
        if share is None:
            return f"not up to {self._percent(-1)} %"
        return "always" if share == self.data["zeros"][0] else f"{_whole(share)} %"

    def _percent(self, i: int) -> str:
        return f"{100 * self.data['zeros'][i]:.3g}"

    def _sentence(self, share: float | None) -> str:
        """What the page says at its start, in the words of `costSentence` in cost_numbers.mjs."""
        i, j, layer = self.zeros_index, self.batch_index, self.data["layer"]
        batch = self.data["batch"][j]
        pays = "does not pay" if share is None else f"pays from {_whole(share)} % zeros"
        return (
            f"With {self._percent(i)} % zeros and {batch} example{'s' * (batch != 1)} at a time, "
            f"gathering is {_pace(layer['dense'][i][j] / layer['gathered'][i][j])}; it {pays}."
        ).replace(" %", "\u00a0%")

    def _work(self, wish: dict[str, Any]) -> Work | None:
        if self._measure is None:
            return None
        i, j, measure = int(wish["zeros_index"]), int(wish["batch_index"]), self._measure
        zeros, batch = float(self.data["zeros"][i]), int(self.data["batch"][j])

        def work(progress: Progress, stop: Callable[[], bool]) -> dict[str, Any] | None:
            frame = measure(zeros, batch, progress=progress, stop=stop)
            return None if frame is None else {**frame, "zeros_index": i, "batch_index": j}

        return work


def _pace(ratio: float) -> str:
    if 1 / EVEN < ratio < EVEN:
        return "about as fast as dense"
    times, word = (ratio, "fast") if ratio > 1 else (1 / ratio, "slow")
    return f"{times:.{1 if times < 9.95 else 0}f} times as {word} as dense"


def _whole(share: float) -> int:
    """Percent, halves upward as in a browser."""
    return math.floor(100 * share + 0.5)


def _nearest(grid: Sequence[float | int], value: float) -> int:
    return min(range(len(grid)), key=lambda place: abs(grid[place] - value))
