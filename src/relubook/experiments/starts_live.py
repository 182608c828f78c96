"""A cell of the training map, live: five networks in seconds, over the recorded ones."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import devices, figures, records
from relubook.experiments import training_map
from relubook.experiments.quartet import UNITS
from relubook.experiments.sweep import open_data
from relubook.experiments.training_map_courses import begin, follow
from relubook.experiments.training_map_values import STARTS, SUCCESS
from relubook.training import Progress, grid

CONFIG = training_map.configure("laptop")

_LINES = 13.0  # height of a name of two lines, in points of error


@dataclass(frozen=True, kw_only=True)
class Live:
    """What was trained just now.

    Attributes:
        activation: Of the hidden units.
        depth: Hidden layers.
        start: A name of `STARTS`.
        learning_rate: Step size [1].
        error: Validation error after each recorded step that was reached [1]; NaN from when a
            network diverged.
    """

    activation: str
    depth: int
    start: str
    learning_rate: float
    error: Float[np.ndarray, "steps seeds"]

    @property
    def learned(self) -> bool:
        """Whether the median network has learned, as the record has it, after all of the steps."""
        return len(self.error) == len(CONFIG.steps) and self.ended < SUCCESS

    @property
    def ended(self) -> float:
        """The median error at the last step that was reached [1]; a diverged network counts 1."""
        return float(np.median(np.nan_to_num(self.error[-1], nan=1.0)))


def train(
    activation: str,
    start: str,
    learning_rate: float,
    *,
    depth: int = 5,
    device: str = "auto",
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Live:
    """Train five networks as the record "training-map" did, from one start.

    Args:
        activation: Of the hidden units.
        start: A name of `STARTS`, such as "torch's default" or "Glorot x 4".
        learning_rate: Step size [1].
        depth: Hidden layers.
        device: `cpu`, `cuda`, or `auto` for a GPU where there is one.
        progress: Called as `progress(done, total, text)`.
        stop: Asked from time to time; True ends it and keeps what was done.

    Raises:
        ValueError: If there is no such start or activation, or a number is out of its range.
    """
    data, _ = open_data(CONFIG.data, CONFIG.train_examples)
    hyper = grid(learning_rate=learning_rate, seed=CONFIG.seeds)
    network = begin(
        data, activation=activation, width=CONFIG.width, depth=depth, start=start,
        seeds=CONFIG.seeds, device=devices.chosen(device),
    )  # fmt: skip
    course = follow(
        network, data, hyper, CONFIG.steps, batch_size=CONFIG.batch_size, stop=stop,
        progress=progress,
    )  # fmt: skip
    return Live(
        activation=activation, depth=depth, start=start, learning_rate=learning_rate,
        error=course.error,
    )  # fmt: skip


def describe(lives: list[Live]) -> str:
    """What became of the networks, in one sentence."""
    words = (
        f"{live.depth} {live.activation} layers from {live.start} at rate {live.learning_rate:g} "
        f"{'learn' if live.learned else 'do not learn'}"
        for live in lives
    )
    return f"After {CONFIG.steps[-1]:,} steps: {'; '.join(words)}."


def draw(lives: list[Live], record: records.Record) -> Figure:
    """Every live network as a line, over the band of the recorded ones where there are any.

    Args:
        lives: What was trained, the first of them first.
        record: Of the experiment `training-map`, at the scale of `CONFIG`.
    """
    steps = np.array(CONFIG.steps, dtype=float)
    fig, ax = figures.axes(
        title="Live: the same units, another start" if _one_unit(lives) else "Live",
        subtitle=f"{CONFIG.width} units a layer, batch {CONFIG.batch_size}, "
        f"{len(CONFIG.seeds)} seeds · band: the recorded networks, 10 to 90 %",
    )
    for live in lives:
        color = figures.COLORS.get(live.activation, figures.COLORS["other"])
        recorded = _recorded(live, record)
        if recorded is not None:
            low, high = 100 * np.quantile(recorded, [0.1, 0.9], axis=1)
            ax.fill_between(steps, low, high, color=color, alpha=0.25, linewidth=0)
        values = 100 * np.nan_to_num(live.error, nan=1.0)
        ax.plot(steps[: len(values)], values, color=color, linewidth=0.9, marker="o", markersize=3)
    _name(ax, lives)
    ax.set_xscale("log")
    ax.axhline(90, color=figures.CHANCE, linestyle="--", linewidth=1)
    ax.set_xticks([30, 100, 300, 1000], ["30", "100", "300", "1,000"])
    ax.set_xticks([], minor=True)
    ax.set(ylim=(0, 104), xlim=(28, 4500), xlabel="training steps", ylabel="validation error (%)")
    return fig


def _one_unit(lives: list[Live]) -> bool:
    """Whether nothing but the start differs."""
    return len({(live.activation, live.depth, live.learning_rate) for live in lives}) == 1


def _name(ax: Axes, lives: list[Live]) -> None:
    """The names behind the ends of the lines, one above the other where they end together."""
    height = -math.inf
    for live in sorted(lives, key=lambda live: live.ended):
        height = max(100 * live.ended, height + _LINES)
        words = f"{live.activation}\n{live.start}, rate {live.learning_rate:g}"
        color = figures.COLORS.get(live.activation, figures.COLORS["other"])
        ax.annotate(words, (1050, height), fontsize=9.5, va="center", color=color)


def _recorded(live: Live, record: records.Record) -> Float[np.ndarray, "steps seeds"] | None:
    """The same cell of the record [1], 1 where a network had diverged; None if it has none."""
    arrays = record.arrays
    wanted = {
        "depth": live.depth,
        "start": list(STARTS).index(live.start),
        "learning_rate": live.learning_rate,
    }
    places = [np.flatnonzero(arrays[name] == value) for name, value in wanted.items()]
    if live.activation not in UNITS or not all(len(place) for place in places):
        return None
    depth, start, rate = (int(place[0]) for place in places)
    found = arrays["error"][UNITS.index(live.activation), depth, start, rate]
    return np.nan_to_num(found, nan=1.0)
