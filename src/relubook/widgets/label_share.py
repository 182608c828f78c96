"""LabelShare: how many images have a label, and what learning without labels saves then."""

import functools
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from traitlets import Int, Unicode, validate

from relubook.widgets.bundle import module, style
from relubook.widgets.label_data import STARTS, check_labels, check_place
from relubook.widgets.latest import Progress, Work
from relubook.widgets.lives import escape
from relubook.widgets.on_demand import OnDemand
from relubook.widgets.sets import check_shown

Train = Callable[..., dict[str, Any] | None]
_FIRST = 4.3  # percent of the labels at the start, if it is a stop


class LabelShare(OnDemand):
    """Errors with and without pretraining by the number of labels, and what pretraining saves.

    Recorded networks of one or more data sets; with a kernel, a few more at any stop.

    Args:
        data: What `experiments.figure_4_live.explorer_data` builds from records: the slider's
            `stops` [%], rising; the `activations`; and `sets` of networks, each with the seeds'
            `error` [%] by activation, start and share, and the `gain` [points] with its interval.
        train: `train(share, *, progress, stop)` returning one live frame for the set named `live`,
            or None if it was stopped. None gives a widget that trains nothing.
        live: Name of the set among whose networks live ones stand.
        **traits: Where the reader begins: `stop_index` and `shown`, a set's name.

    Raises:
        ValueError: If the data lack a key, disagree in their lengths, hold a share that is not
            from 0 to 100 %, or are too large for a page.
    """

    _esm = module("label_share.mjs")
    _css = style("style.css", "explorer.css", "choices.css", "label_share.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", "stop_index", "shown", "live_name")
    largest_data: ClassVar[int] = 120_000
    done: ClassVar[str] = "Trained here"

    stop_index = Int(0).tag(sync=True)
    shown = Unicode("").tag(sync=True)
    live_name = Unicode("").tag(sync=True)

    def __init__(
        self, data: dict[str, Any], *, train: Train | None = None, live: str = "", **traits: Any
    ) -> None:
        check_labels(data)
        if train is not None:
            check_shown(data, live, "LabelShare")
        stops = data["stops"]
        start = {
            "stop_index": stops.index(_FIRST) if _FIRST in stops else 0,
            "shown": data["sets"][0]["name"], "live_name": live if train is not None else "",
        }  # fmt: skip
        super().__init__(data=data, has_kernel=train is not None, **{**start, **traits})
        self._train = train

    @validate("stop_index")
    def _check_stop(self, proposal: dict[str, Any]) -> int:
        return check_place(self.data, proposal["value"])

    @validate("shown")
    def _check_shown(self, proposal: dict[str, Any]) -> str:
        return check_shown(self.data, proposal["value"], type(self).__name__)

    def __repr__(self) -> str:
        titles = ", ".join(each["title"] for each in self.data["sets"])
        return f"LabelShare({len(self.data['stops'])} shares of labels, {titles})"

    @classmethod
    def from_records(cls, *records: Any, train: Train | None = None) -> "LabelShare":
        """Return the widget of some `figure-4` records, each of another data set.

        Args:
            *records: Whose networks are shown, the first one at the start.
            train: See the class; by default `experiments.figure_4_live.train_frame`, if one of the
                records is of digits like those that a kernel trains on.
        """
        from relubook.experiments import figure_4_live as alive

        data = alive.explorer_data(*records)
        own = {record.data: record for record in records if record.data in alive.LIVE}
        if not own:
            return cls(data)
        live = next(name for name in alive.LIVE if name in own)
        return cls(data, train=train or functools.partial(alive.train_frame, own[live]), live=live)

    def fallback(self) -> str:
        """Return a sentence and a table a data set, for paper and for pages without scripts."""
        units = self.data["activations"]
        tables = "".join(_table(each, units) for each in self.data["sets"])
        return (
            "<p>This figure moves where scripts may run. Test error without pretraining → with it, "
            "mean over the seeds, and what pretraining saves, in points, with its 95&nbsp;% "
            f"interval:</p>{tables}"
        )

    def _work(self, wish: dict[str, Any]) -> Work | None:
        if self._train is None:
            return None
        place, train = check_place(self.data, int(wish["stop_index"])), self._train
        share = float(self.data["stops"][place])

        def work(progress: Progress, stop: Callable[[], bool]) -> dict[str, Any] | None:
            frame = train(share, progress=progress, stop=stop)
            return None if frame is None else {**frame, "stop_index": place}

        return work


def _table(each: dict[str, Any], units: list[str]) -> str:
    head = "".join(
        f'<th scope="col">{text}</th>'
        for text in (
            "labels",
            *(f"{unit}, {what}" for unit in units for what in ("error", "saved")),
        )
    )
    rows = "".join(_row(each, place, units) for place in range(len(each["shares"])))
    return (
        f"<table><caption>{escape(each['title'])}, {each['images']:,} images; "
        f"{escape(each['network'])}; {each['seeds']} seeds</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(each: dict[str, Any], place: int, units: list[str]) -> str:
    cells = "".join(
        f"<td>{' → '.join(_mean(each['error'][unit][start][place]) for start in STARTS)}</td>"
        f"<td>{_between(each['gain'][unit][place])}</td>"
        for unit in units
    )
    labels = f"{each['labels'][place]:,} ({each['shares'][place]:g}\u00a0%)"
    return f'<tr><th scope="row">{labels}</th>{cells}</tr>'


def _mean(errors: list[float | None]) -> str:
    """The mean in percent, or a word if every network diverged."""
    told = [error for error in errors if error is not None]
    return f"{np.mean(told):.1f}\u00a0%" if told else "diverged"


def _between(row: dict[str, float | None]) -> str:
    """A mean and its interval, a dash where there is none."""
    mean, low, high = (row[end] for end in ("mean", "low", "high"))
    if mean is None or low is None or high is None:
        return "–" if mean is None else _signed(mean)
    return f"{_signed(mean)} ({_signed(low)} to {_signed(high)})"


def _signed(number: float) -> str:
    """One digit, a real minus, and none before a zero."""
    return f"{round(number, 1) + 0.0:.1f}".replace("-", "−")
