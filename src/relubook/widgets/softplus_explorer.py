"""SoftplusExplorer: one slider from softplus to the rectifier, and the networks on its way."""

import functools
import math
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from traitlets import Int, Unicode, validate

from relubook.widgets.bundle import module, style
from relubook.widgets.latest import Progress, Work
from relubook.widgets.lives import escape
from relubook.widgets.on_demand import OnDemand
from relubook.widgets.sets import check_shown
from relubook.widgets.softplus_data import check_alphas, check_stop

Train = Callable[..., dict[str, Any] | None]
_FIRST = 3.0  # alpha at the start, if it is a stop


class SoftplusExplorer(OnDemand):
    """The rescaled softplus beside the rectifier, with the errors and the zeros of its networks.

    Recorded networks of one or more data sets; with a kernel, a few more at any alpha.

    Args:
        data: What `experiments.softplus_alpha_live.explorer_data` builds from records: the slider's
            `stops` [1], rising, the last one None for infinity; and `sets` of networks, each with
            its `alphas`, and for each of them the seeds' `error`, `zeros`, `near_relative` and
            `near_absolute` [%], the learning `rate` [1], and how many `diverged`.
        train: `train(alpha, *, progress, stop)` returning one live frame for the set named `live`,
            or None if it was stopped. None gives a widget that trains nothing.
        live: Name of the set that live networks belong to.
        **traits: Where the reader begins: `stop_index` and `shown`, a set's name.

    Raises:
        ValueError: If the data lack a key, disagree in their lengths, hold a share that is not
            from 0 to 100 %, or are too large for a page.
    """

    _esm = module("softplus_explorer.mjs")
    _css = style("style.css", "explorer.css", "choices.css", "softplus_explorer.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", "stop_index", "shown", "live_name")
    largest_data: ClassVar[int] = 120_000
    done: ClassVar[str] = "Trained here"

    stop_index = Int(0).tag(sync=True)
    shown = Unicode("").tag(sync=True)
    live_name = Unicode("").tag(sync=True)

    def __init__(
        self, data: dict[str, Any], *, train: Train | None = None, live: str = "", **traits: Any
    ) -> None:
        check_alphas(data)
        if train is not None:
            check_shown(data, live, "SoftplusExplorer")
        stops, names = data["stops"], [each["name"] for each in data["sets"]]
        start = {
            "stop_index": stops.index(_FIRST) if _FIRST in stops else 0, "shown": names[0],
            "live_name": live if train is not None else "",
        }  # fmt: skip
        super().__init__(data=data, has_kernel=train is not None, **{**start, **traits})
        self._train = train

    @validate("stop_index")
    def _check_stop(self, proposal: dict[str, Any]) -> int:
        return check_stop(self.data, proposal["value"])

    @validate("shown")
    def _check_shown(self, proposal: dict[str, Any]) -> str:
        return check_shown(self.data, proposal["value"], type(self).__name__)

    def __repr__(self) -> str:
        titles = ", ".join(each["title"] for each in self.data["sets"])
        return f"SoftplusExplorer({len(self.data['stops'])} alphas, {titles})"

    @classmethod
    def from_records(cls, *records: Any, train: Train | None = None) -> "SoftplusExplorer":
        """Return the widget of some `softplus-alpha` records, each of another data set.

        Args:
            *records: Whose networks are shown, the first one at the start.
            train: See the class; by default `experiments.softplus_alpha_live.train_frame`, if one
                of the records is of the embedded digits that a kernel trains on.
        """
        from relubook.experiments import softplus_alpha_live as alive

        data = alive.explorer_data(*records)
        own = next((record for record in records if record.data == alive.LIVE), None)
        if own is None:
            return cls(data)
        return cls(data, train=train or functools.partial(alive.train_frame, own), live=alive.LIVE)

    def fallback(self) -> str:
        """Return a sentence and a table a data set, for paper and for pages without scripts."""
        tables = "".join(_table(each) for each in self.data["sets"])
        return (
            "<p>This figure moves where scripts may run. The unit log(1 + exp(αx))/α differs from "
            "the rectifier by at most log(2)/α, at x = 0; α = ∞ is the rectifier. Test error, "
            "exact zeros, and activations within 1&nbsp;% of their layer’s root mean square, mean "
            f"over the seeds:</p>{tables}"
        )

    def _work(self, wish: dict[str, Any]) -> Work | None:
        if self._train is None:
            return None
        place, train = check_stop(self.data, int(wish["stop_index"])), self._train
        alpha = self.data["stops"][place]

        def work(progress: Progress, stop: Callable[[], bool]) -> dict[str, Any] | None:
            frame = train(math.inf if alpha is None else float(alpha), progress=progress, stop=stop)
            return None if frame is None else {**frame, "stop_index": place}

        return work


def _table(each: dict[str, Any]) -> str:
    rows = "".join(_row(each, place) for place in range(len(each["alphas"])))
    return (
        f"<table><caption>{escape(each['title'])}; {escape(each['network'])}; {each['seeds']} "
        'seeds</caption><thead><tr><th scope="col">α</th><th scope="col">error</th>'
        f'<th scope="col">zeros</th><th scope="col">near zeros</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(each: dict[str, Any], place: int) -> str:
    alpha = each["alphas"][place]
    cells = "".join(
        f"<td>{_mean(each[name][place], digits)}</td>"
        for name, digits in (("error", 1), ("zeros", 0), ("near_relative", 0))
    )
    return f'<tr><th scope="row">{"∞" if alpha is None else f"{alpha:g}"}</th>{cells}</tr>'


def _mean(networks: list[float], digits: int) -> str:
    """The mean in percent, or a word if every network diverged."""
    return f"{np.mean(networks):.{digits}f}\u00a0%" if networks else "diverged"
