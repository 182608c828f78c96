"""A cell of "normalized-starts", live: five networks in seconds, over the recorded ones."""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, devices, figures, records
from relubook.experiments import normalized_starts
from relubook.experiments.sweep import open_data
from relubook.experiments.training_map_values import STARTS, SUCCESS, learned
from relubook.training import Progress

CONFIG = normalized_starts.configure("laptop")
KINDS = normalized_starts.KINDS

_STYLES: dict[str, dict[str, Any]] = {
    "plain": {"color": figures.COLORS["rectifier"], "linestyle": "--", "marker": "o"},
    "normalized": {"color": figures.shade(2.0, 2.0), "linestyle": "-", "marker": "s"},
}
_LINES = 13.0  # height of a name of two lines, in points of error
_TOP = 104.0  # of the axes, in points of error


@dataclass(frozen=True, kw_only=True)
class Live:
    """What was trained just now.

    Attributes:
        kind: A name of `KINDS`.
        start: A name of `STARTS`.
        learning_rate: Step size [1].
        error: Validation error after each epoch that was finished [1]; NaN once a network has
            diverged.
    """

    kind: str
    start: str
    learning_rate: float
    error: Float[np.ndarray, "epochs seeds"]

    @property
    def last(self) -> Float[np.ndarray, "seeds"]:
        """The errors after the last epoch that was finished [1]; 1 for a network that diverged."""
        return np.nan_to_num(self.error[-1], nan=1.0)

    @property
    def ended(self) -> float:
        """The median of them [1]."""
        return float(np.median(self.last))

    @property
    def finished(self) -> bool:
        """Whether it was trained to the end."""
        return len(self.error) == CONFIG.epochs

    @property
    def learned(self) -> bool:
        """Whether the median network has learned, as the record has it, after all of the epochs."""
        return self.finished and self.ended < SUCCESS


def train(
    kind: str,
    start: str,
    learning_rate: float,
    *,
    device: str = "auto",
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Live:
    """Train five networks as the record "normalized-starts" did, from one start at one rate.

    Args:
        kind: `plain` for rectifiers, `normalized` for the same with batch normalization.
        start: A name of `STARTS`, such as "torch's default" or "Glorot x 4".
        learning_rate: Step size [1].
        device: `cpu`, `cuda`, or `auto` for a GPU where there is one.
        progress: Called as `progress(done, total, text)`.
        stop: Asked after each epoch; True ends it and keeps what was done.

    Raises:
        ValueError: If there is no such kind or start, or the learning rate is out of its range.
    """
    if kind not in KINDS:
        raise ValueError(f"The `kind` must be one of {', '.join(KINDS)}. Got {kind!r}.")
    if not 0 < learning_rate < math.inf:
        raise ValueError(f"The `learning_rate` must be above 0 and finite. Got {learning_rate}.")
    data, _ = open_data(CONFIG.data, CONFIG.train_examples)
    config = replace(CONFIG, learning_rates=(learning_rate,))
    cell = normalized_starts.cells(
        config, data, kind, start, device=devices.chosen(device), progress=progress, stop=stop
    )
    return Live(kind=kind, start=start, learning_rate=learning_rate, error=cell["error"][0].T)


def describe(lives: Sequence[Live]) -> str:
    """What became of the networks, in one sentence."""
    words = (
        f"{_count(live)} {live.kind} networks from {live.start} at rate {live.learning_rate:g} "
        f"after epoch {len(live.error)} (median {100 * live.ended:.0f} %)"
        for live in lives
    )
    return f"Below {100 * SUCCESS:.0f} % validation error: {'; '.join(words)}."


def draw(lives: Sequence[Live], record: records.Record) -> Figure:
    """Every live network as a line, over the band of the recorded ones where there are any.

    Args:
        lives: What was trained.
        record: Of the experiment `normalized-starts`, at the scale of `CONFIG`.
    """
    fig, ax = figures.axes(title=_title(lives), subtitle=_subtitle())
    for live in lives:
        style = _STYLES[live.kind]
        recorded = _recorded(live, record)
        if recorded is not None:
            low, high = 100 * np.quantile(recorded, [0.1, 0.9], axis=1)
            epochs = np.arange(1, len(recorded) + 1)
            ax.fill_between(epochs, low, high, color=style["color"], alpha=0.2, linewidth=0)
        epochs = np.arange(1, len(live.error) + 1)
        ax.plot(epochs, 100 * np.nan_to_num(live.error, nan=1.0), linewidth=0.9, markersize=3,
                **style)  # fmt: skip
    _name(ax, lives)
    ax.hlines(100 * SUCCESS, 0.8, CONFIG.epochs, color=figures.CHANCE, linestyle=":", linewidth=1)
    ax.set_xticks(range(1, CONFIG.epochs + 1))
    ax.set(ylim=(0, _TOP), xlim=(0.8, 1 + 1.45 * (CONFIG.epochs - 1)))
    ax.set(xlabel="epochs", ylabel="validation error (%)")
    return fig


def _count(live: Live) -> str:
    """How many of its networks have learned."""
    return f"{learned(live.last).sum()} of {len(live.last)}"


def _title(lives: Sequence[Live]) -> str:
    """How many networks of each kind have learned."""
    counts = []
    for kind in KINDS:
        errors = [live.last for live in lives if live.kind == kind]
        if errors:
            all_learned = learned(np.concatenate(errors))
            counts.append(f"{all_learned.sum()} of {len(all_learned)} {kind}")
    places = {f"from {live.start} at rate {live.learning_rate:g},\n" for live in lives}
    where = places.pop() if len(places) == 1 else f"in {len(lives)} cells,\n"
    if all(live.finished for live in lives):
        return f"Live: {where}{' and '.join(counts)} networks learn"
    return f"Live, stopped early: {where}{' and '.join(counts)} networks have learned"


def _subtitle() -> str:
    """What is trained on what, and what the marks are."""
    return (
        f"{datasets.describe(CONFIG.data).title} · {CONFIG.depth} x {CONFIG.width} rectifiers, "
        f"batch {CONFIG.batch_size}, {len(CONFIG.seeds)} seeds (lines)\nband: the recorded "
        f"networks, 10 to 90 % · diverged: 100 % · dotted: {100 * SUCCESS:.0f} %"
    )


def _name(ax: Axes, lives: Sequence[Live]) -> None:
    """The names behind the ends of the lines, one above the other where they end together."""
    ordered = sorted(lives, key=lambda live: live.ended)
    for live, height in zip(ordered, _apart([100 * live.ended for live in ordered]), strict=True):
        words = f"{live.kind}\n{live.start}, rate {live.learning_rate:g}"
        place = (1 + 1.03 * (CONFIG.epochs - 1), height)
        ax.annotate(words, place, fontsize=9.5, va="center", color=_STYLES[live.kind]["color"])


def _apart(heights: Sequence[float]) -> Iterator[float]:
    """Ascending heights moved up until no two are too near, and down again below the top."""
    up = itertools.accumulate(
        heights, lambda below, height: max(height, below + _LINES), initial=-_LINES / 2
    )
    down = itertools.accumulate(
        reversed(list(up)[1:]), lambda above, height: min(height, above - _LINES),
        initial=_TOP + _LINES / 2,
    )  # fmt: skip
    return reversed(list(down)[1:])


def _recorded(live: Live, record: records.Record) -> Float[np.ndarray, "epochs seeds"] | None:
    """The same cell of the record [1], 1 where a network had diverged; None if it has none."""
    arrays = record.arrays
    start, rate = (
        np.flatnonzero(arrays["start"] == list(STARTS).index(live.start)),
        np.flatnonzero(arrays["learning_rate"] == live.learning_rate),
    )
    if not (len(start) and len(rate)):
        return None
    found = arrays["error"][list(KINDS).index(live.kind), start[0], rate[0]]
    return np.nan_to_num(found.T, nan=1.0)
