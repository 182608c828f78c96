"""RelativesExplorer: fourteen kinds of unit, their curves, and what networks make of each."""

import functools
from collections.abc import Callable
from typing import Any, ClassVar

from traitlets import Unicode, validate

from relubook.widgets.bundle import module, style
from relubook.widgets.latest import Progress, Work
from relubook.widgets.lives import escape, written
from relubook.widgets.on_demand import OnDemand
from relubook.widgets.relatives_data import check_quantity, check_relatives, check_unit
from relubook.widgets.sets import check_shown

Train = Callable[..., dict[str, Any] | None]
_FIRST = "ELU"  # the unit at the start, if there is one of that name


class RelativesExplorer(OnDemand):
    """One unit's curve and slope beside the networks of all units, quantity by quantity.

    Recorded networks of one or more data sets; with a kernel, a few more of any unit.

    Args:
        data: What `experiments.relatives_live.explorer_data` builds from records: the `kinds` of
            unit, each with its curves, and `sets` of networks, each with the `quantities` of every
            kind, seed by seed.
        train: `train(unit, *, progress, stop)` returning one live frame for the set named `live`,
            or None if it was stopped. None gives a widget that trains nothing.
        live: Name of the set that live networks belong to.
        **traits: Where the reader begins: `unit`, `quantity` and `shown`, a set's name.

    Raises:
        ValueError: If the data lack a key, disagree in their lengths, hold a number that is not
            within its limits, or are too large for a page.
    """

    _esm = module("relatives_explorer.mjs")
    _css = style("style.css", "explorer.css", "choices.css", "relatives_explorer.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", "unit", "quantity", "shown", "live_name")
    largest_data: ClassVar[int] = 120_000
    done: ClassVar[str] = "Trained here"

    unit = Unicode("").tag(sync=True)
    quantity = Unicode("error").tag(sync=True)
    shown = Unicode("").tag(sync=True)
    live_name = Unicode("").tag(sync=True)

    def __init__(
        self, data: dict[str, Any], *, train: Train | None = None, live: str = "", **traits: Any
    ) -> None:
        check_relatives(data)
        if train is not None:
            check_shown(data, live, "RelativesExplorer")
        names = [each["name"] for each in data["kinds"]]
        start = {
            "unit": _FIRST if _FIRST in names else names[0], "shown": data["sets"][0]["name"],
            "live_name": live if train is not None else "",
        }  # fmt: skip
        super().__init__(data=data, has_kernel=train is not None, **{**start, **traits})
        self._train = train

    @validate("unit")
    def _check_unit(self, proposal: dict[str, Any]) -> str:
        return check_unit(self.data, proposal["value"])

    @validate("quantity")
    def _check_quantity(self, proposal: dict[str, Any]) -> str:
        return check_quantity(proposal["value"])

    @validate("shown")
    def _check_shown(self, proposal: dict[str, Any]) -> str:
        return check_shown(self.data, proposal["value"], type(self).__name__)

    def __repr__(self) -> str:
        titles = ", ".join(each["title"] for each in self.data["sets"])
        return f"RelativesExplorer({len(self.data['kinds'])} units, {titles})"

    @classmethod
    def from_records(cls, *records: Any, train: Train | None = None) -> "RelativesExplorer":
        """Return the widget of some `relatives` records, each of another data set.

        Args:
            *records: Whose networks are shown, the first one at the start.
            train: See the class; by default `experiments.relatives_live.train_frame`, if one of the
                records is of the embedded digits that a kernel trains on.
        """
        from relubook.experiments import relatives_live as alive

        data = alive.explorer_data(*records)
        own = next((record for record in records if record.data == alive.LIVE), None)
        if own is None:
            return cls(data)
        return cls(data, train=train or functools.partial(alive.train_frame, own), live=alive.LIVE)

    def fallback(self) -> str:
        """Return a sentence and a table a data set, for paper and for pages without scripts."""
        names = [each["name"] for each in self.data["kinds"]]
        tables = "".join(_table(each, names) for each in self.data["sets"])
        return (
            "<p>This figure moves where scripts may run. Each kind of unit has its own learning "
            "rate, chosen on the validation split. Saved: test error of the rectifier minus that "
            "of the unit, paired by seed, in points, with its 95&nbsp;% interval. Means over the "
            f"seeds:</p>{tables}"
        )

    def _work(self, wish: dict[str, Any]) -> Work | None:
        if self._train is None:
            return None
        unit, train = check_unit(self.data, str(wish["unit"])), self._train

        def work(progress: Progress, stop: Callable[[], bool]) -> dict[str, Any] | None:
            frame = train(unit, progress=progress, stop=stop)
            return None if frame is None else {**frame, "unit": unit}

        return work


def _table(each: dict[str, Any], names: list[str]) -> str:
    columns = ("unit", "rate", "test error", "saved", "exact zeros")
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    rows = "".join(_row(each, place, name) for place, name in enumerate(names))
    return (
        f"<table><caption>{escape(each['title'])}; {escape(each['network'])}; {each['seeds']} "
        f"seeds</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(each: dict[str, Any], place: int, name: str) -> str:
    error, saved, zeros = (each["quantities"][q][place] for q in ("error", "saved", "zeros"))
    lost = error["values"].count(None)
    cells = (
        written(each["rate"][place]), _mean(error, 2, "\u00a0%"), _between(saved),
        _mean(zeros, 0, "\u00a0%"),
    )  # fmt: skip
    return (
        f'<tr><th scope="row">{escape(name)}{f" ({lost} diverged)" if lost else ""}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
    )


def _mean(row: dict[str, Any], digits: int, after: str = "") -> str:
    """The mean, or a dash if no network is left."""
    return "–" if row["mean"] is None else f"{row['mean']:.{digits}f}{after}".replace("-", "−")


def _between(row: dict[str, Any]) -> str:
    """A mean and its interval; nothing between equals."""
    if row["low"] is None or row["low"] == row["high"]:
        return _mean(row, 2)
    low, high = (f"{row[end]:.2f}".replace("-", "−") for end in ("low", "high"))
    return f"{_mean(row, 2)} ({low} to {high})"
