"""What a unit costs: its function, its derivative, and their share of a training step."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.sweep import Comparison, open_data
from relubook.experiments.unit_race import UNITS, race_steps, race_units
from relubook.training import Progress

NAME = "unit-cost"
TITLE = "What the rectifier and its relatives cost, alone and in a training step (page 318)"
REVISION = 1
# Measured times, which no second run repeats; all other arrays are the same at every run.
TIMES = ("copy", "forward", "backward", "step", "activation")

IN_CACHE = 100_000  # numbers: 0.4 MB, which the second-level cache of most cores holds
_RECTIFIER, _TANH = (tuple(UNITS).index(name) for name in ("rectifier", "tanh"))

Race = dict[str, Float[np.ndarray, "rounds"]]


@dataclass(frozen=True, kw_only=True)
class Config:
    """Sizes at which the functions are timed, and networks whose training steps are.

    Each seed is one round, with numbers and weights of its own; a time is the median of `repeats`
    measurements, so that one interruption spoils no round.
    """

    data: str
    units: tuple[str, ...]
    sizes: tuple[int, ...]
    widths: tuple[int, ...]
    depth: int
    batch: tuple[int, ...]
    seeds: tuple[int, ...]
    repeats: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Result:
    """Times; the units are those of `UNITS`, in its order.

    Attributes:
        size: How many numbers a function is applied to.
        width: Units in each hidden layer.
        batch: Examples in a mini-batch.
        copy: Copying as many numbers [s per number].
        forward: A unit's function [s per number].
        backward: Its derivative times an error [s per number].
        step: One training step, `steps.inplace` [s].
        activation: What of that step is the function and its derivative [s].
        data: Name, sha256 and source of the data.
    """

    size: Int[np.ndarray, "sizes"]
    width: Int[np.ndarray, "widths"]
    batch: Int[np.ndarray, "batches"]
    copy: Float[np.ndarray, "sizes rounds"]
    forward: Float[np.ndarray, "units sizes rounds"]
    backward: Float[np.ndarray, "units sizes rounds"]
    step: Float[np.ndarray, "units widths batches rounds"]
    activation: Float[np.ndarray, "units widths batches rounds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    @property
    def share(self) -> Float[np.ndarray, "units widths batches rounds"]:
        """The share of a training step that is the function and its derivative [1]."""
        return self.activation / self.step


def configure(scale: str, data: str | None = None) -> Config:
    """From a thousand numbers to ten million; `paper` differs from `laptop` in its digits only."""
    smoke = scale == "smoke"
    return Config(
        data=data or ("mnist" if scale == "paper" else "mnist-5k"),
        units=tuple(UNITS),
        sizes=(1000, 10_000) if smoke else (1000, 10_000, 100_000, 1_000_000, 10_000_000),
        widths=(16,) if smoke else (64, 256, 1000),
        depth=3,
        batch=(10,) if smoke else (10, 128),
        seeds=tuple(range(2 if smoke else 9)),
        repeats=1 if smoke else 3,
        seconds=1e-4 if smoke else 0.02,
    )


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Race the functions at every size, then the training steps, once for each seed."""
    data, passport = open_data(config.data, None)
    places = [(width, batch) for width in config.widths for batch in config.batch]
    total = len(config.seeds) * (len(config.sizes) + len(places))
    functions: list[Race] = []
    steps: list[Race] = []
    for turn, seed in enumerate(config.seeds, start=1):
        once: dict[str, Any] = {
            "rounds": config.repeats, "seconds": config.seconds, "seed": seed, "device": device,
        }  # fmt: skip
        for size in config.sizes:
            functions.append(race_units(size, **once))
            _report(progress, functions, steps, total, f"round {turn}, {size:,} numbers")
        for width, batch in places:
            steps.append(race_steps(data, width, batch, depth=config.depth, **once))
            _report(progress, functions, steps, total, f"round {turn}, width {width:,}")
    return _assemble(config, functions, steps, passport)


def subtitle(record: records.Record) -> str:
    """What was measured on which machine."""
    config, passport = record.config, record.passport
    return (
        f"{config['depth']} hidden layers, {len(config['seeds'])} rounds, 1 thread, digits of "
        f"{datasets.describe(record.data).title}\n{passport['device']}"
    )


def compare(result: Result) -> list[Comparison]:
    """Nothing: what the paper says about cost has no number in it."""
    return []


def describe(result: Result) -> str:
    """The finding in one sentence."""
    share = 100 * np.median(result.share[:, -1], axis=-1)  # [units batches]
    low, high = share.min(), share.max()
    names = tuple(UNITS)
    return (
        f"At width {result.width[-1]:,} the function and its derivative take {low:.1f} % "
        f"({names[int(share.min(1).argmin())]}) to {high:.1f} % "
        f"({names[int(share.max(1).argmax())]}) of a training step, all batch sizes considered."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """The activation's share of a training step, one column a network, one point a round."""
    share = 100 * result.share
    medians = np.median(share, axis=-1)
    widest, top = float(medians[:, -1].max()), 5.0 * np.ceil(medians.max() / 4)
    fig, ax = figures.axes(
        title=f"At width {result.width[-1]:,} no activation takes more than "
        f"{np.ceil(widest):.0f} % of a step",
        subtitle=subtitle,
    )
    column = np.arange(medians[0].size).reshape(medians.shape[:0:-1]).T  # [widths batches]
    offsets = np.linspace(-0.3, 0.3, len(UNITS))
    places = np.broadcast_to((column + offsets[:, None, None])[..., None], share.shape)
    for name, x, rounds, median in zip(UNITS, places, share, medians, strict=True):
        ax.plot(x.ravel(), rounds.ravel(), "o", color=_color(name), alpha=0.5, markersize=3.5,
                markeredgewidth=0)  # fmt: skip
        ax.plot(x[..., 0].ravel(), median.ravel(), "_", color=_color(name), markersize=11,
                markeredgewidth=2.5, label=name)  # fmt: skip
    figures.note_clipped(ax, places.ravel(), share.ravel(), top=float(top))
    columns = [f"{width:,}\nbatch {batch}" for batch in result.batch for width in result.width]
    ax.set_xticks(range(len(columns)), columns)
    ax.set(ylim=(0, top), xlabel="units a layer", ylabel="share of a training step (%)")
    figures.label_in_place(ax)
    return fig


def describe_units(result: Result) -> str:
    """The finding of `draw_units` in one sentence."""
    at = _near(result, IN_CACHE)
    cost = dict(zip(UNITS, 1e9 * np.median(result.forward[:, at], axis=-1), strict=True))
    listed = ", ".join(f"{name} {nanoseconds:.2f}" for name, nanoseconds in cost.items())
    return (
        f"Nanoseconds per number at {result.size[at]:,} numbers: copying them "
        f"{1e9 * np.median(result.copy[at]):.2f}, {listed}."
    )


def draw_units(result: Result, subtitle: str = "") -> Figure:
    """Time per number over the size, function on the left, derivative on the right."""
    ratio = np.median(result.forward[_TANH] / result.forward[_RECTIFIER], axis=-1)
    fig, left = figures.axes(
        title=f"A tanh takes {ratio[_near(result, IN_CACHE)]:.1f} times as long as a rectifier\n"
        f"in cache, {ratio[-1]:.1f} times from memory",
        subtitle=subtitle,
        panels=2,
        width=8.0,
    )
    sizes = result.size.astype(float)
    for ax, what, times in zip(
        fig.axes, ("function", "derivative"), (result.forward, result.backward), strict=True
    ):
        for name, rounds in zip(UNITS, times, strict=True):
            figures.band(ax, sizes, 1e9 * rounds, color=_color(name), label=name)
        copied = 1e9 * np.median(result.copy, axis=-1)
        ax.plot(sizes, copied, "--", color=figures.CHANCE, linewidth=1.2, label="a copy")
        ax.set(xscale="log", yscale="log", xlabel=f"numbers at once ({what})")
    left.set_ylabel("time per number (ns)")
    figures.label_in_place(left)
    return fig


def draw_live(
    recorded: Result, live: dict[str, Float[np.ndarray, "rounds"]], subtitle: str = ""
) -> Figure:
    """Units timed just now over the recorded rounds, at 100,000 numbers.

    Args:
        recorded: What is drawn pale.
        live: Seconds per number by unit, as from `race_units`.
        subtitle: Where the recorded ones come from.
    """
    fig, ax = figures.axes(title="Your machine beside the recorded one", subtitle=subtitle)
    at = _near(recorded, IN_CACHE)
    names = ("copy", *UNITS)
    for place, (name, rounds) in enumerate(
        zip(names, [recorded.copy[at], *recorded.forward[:, at]], strict=True)
    ):
        _column(ax, place, 1e9 * rounds, color=_color(name))
        ax.plot(place + 0.2, 1e9 * np.median(live[name]), "D", color=_color(name), markersize=6,
                markeredgecolor=figures.INK, label=None if place else "yours")  # fmt: skip
    ax.set_xticks(range(len(names)), names)
    ax.set(yscale="log", ylim=(0.01, 100), ylabel="time per number (ns)")
    return fig


def _near(result: Result, size: int) -> int:
    """The place of the size nearest to this one."""
    return int(np.abs(result.size - size).argmin())


def _column(ax: Axes, place: int, values: Float[np.ndarray, "rounds"], *, color: str) -> None:
    """Recorded rounds as pale points with a bar at their median."""
    ax.plot(np.full(len(values), place - 0.1), values, "o", color=color, alpha=0.4, markersize=4)
    ax.hlines(np.median(values), place - 0.3, place + 0.1, color=color, linewidth=2)


def _color(name: str) -> str:
    """The unit's color; gray for the copy, one color for what has none of its own."""
    if name == "copy":
        return figures.CHANCE
    return figures.COLORS.get(name, figures.COLORS["other"])


def _report(
    progress: Progress | None, functions: list[Race], steps: list[Race], total: int, text: str
) -> None:
    """Progress in races."""
    if progress is not None:
        progress(len(functions) + len(steps), total, text)


def _assemble(
    config: Config, functions: list[Race], steps: list[Race], passport: dict[str, Any]
) -> Result:
    """Races, in the order in which they were run, as arrays with the rounds last."""
    shape = (len(config.seeds), len(config.sizes))
    step_shape = (len(config.seeds), len(config.widths), len(config.batch))

    def collect(races: list[Race], name: str, places: tuple[int, ...]) -> np.ndarray:
        return np.moveaxis(
            np.array([np.median(race[name]) for race in races]).reshape(places), 0, -1
        )

    def by_unit(races: list[Race], what: str, places: tuple[int, ...]) -> np.ndarray:
        return np.stack([collect(races, f"{unit}{what}", places) for unit in config.units])

    return Result(
        size=np.array(config.sizes),
        width=np.array(config.widths),
        batch=np.array(config.batch),
        copy=collect(functions, "copy", shape),
        forward=by_unit(functions, "", shape),
        backward=by_unit(functions, ", derivative", shape),
        step=by_unit(steps, ", step", step_shape),
        activation=by_unit(steps, "", step_shape),
        data=passport,
    )
