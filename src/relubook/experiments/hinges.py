"""How close n hinges come to a curve: evenly spaced, best placed, and found by training."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from matplotlib.figure import Figure

from relubook import figures, hinge_networks, hinges, records
from relubook.experiments import computed, curves, hinge_drawings
from relubook.experiments.curves import FINE
from relubook.experiments.sweep import Comparison, part_of
from relubook.hinges import GRID
from relubook.training import Progress

NAME = "hinges"
TITLE = "How close n hinges come to a curve"
REVISION = 1
WORD = "curves"

NAMED = tuple(curves.NAMED)
STARTS = ("spread", "together")
ASYMPTOTIC = 12  # hinges; from here on pieces are short beside the curves' shortest wave

_IN_WIDGET = 12
_EVERY = 20  # steps between two kept errors


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which curves, how many hinges, and how networks look for theirs.

    Attributes:
        data: Always `curves`: there is no data set.
        counts: Hinges.
        seeds: Of the networks that learn the sine and the step.
        curves: Seeds of the random smooth curves; one network each.
        learning_rate: Adam's step size [1].
        steps: Of training.
        starts_hinges: Hinges of the networks that begin with all of them in one place.
    """

    data: str = WORD
    counts: tuple[int, ...] = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
    seeds: tuple[int, ...] = tuple(range(10))
    curves: tuple[int, ...] = tuple(range(12))
    learning_rate: float = hinge_networks.LEARNING_RATE
    steps: int = hinge_networks.STEPS
    starts_hinges: int = 12


@dataclass(frozen=True, kw_only=True)
class Result:
    """Distances to sine (0), step (1) and the random curves (2, 3, ...).

    Attributes:
        counts: Hinges.
        targets: Heights over `relubook.hinges.GRID`.
        error_even: Root mean square over the grid, hinges evenly spaced.
        error_best: The same, hinges where the line through points of the target is closest.
        error_trained: The same, of trained networks.
        largest_even: The largest distance, between the points of the grid as well.
        largest_best: The same, best hinges.
        largest_trained: The same, of trained networks.
        target: Which target each network learned.
        starts_step: Steps after which the next errors were taken.
        starts_error: While training from hinges that are `spread` (0) or `together` (1).
        starts_target: Which target each of these networks learned.
        starts_values: What they compute in the end, over the grid.
        data: What stands for the data.
    """

    counts: Int[np.ndarray, "counts"]
    targets: Float[np.ndarray, "targets points"]
    error_even: Float[np.ndarray, "targets counts"]
    error_best: Float[np.ndarray, "targets counts"]
    error_trained: Float[np.ndarray, "networks counts"]
    largest_even: Float[np.ndarray, "targets counts"]
    largest_best: Float[np.ndarray, "targets counts"]
    largest_trained: Float[np.ndarray, "networks counts"]
    target: Int[np.ndarray, "networks"]
    starts_step: Int[np.ndarray, "steps"]
    starts_error: Float[np.ndarray, "starts steps learners"]
    starts_target: Int[np.ndarray, "learners"]
    starts_values: Float[np.ndarray, "starts learners points"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}

    def trained(self, name: str) -> Float[np.ndarray, "seeds counts"]:
        """The errors of the networks that learned one of `NAMED`."""
        return self.error_trained[self.target == NAMED.index(name)]


def configure(scale: str, data: str | None = None) -> Config:
    """Up to 64 hinges and 12 random curves; fewer of all for a quick look."""
    word = computed.own_data(NAME, WORD, data)
    if scale == "smoke":
        counts = (1, 2, 3, 4, 6, 8, 12, 32)
        return Config(data=word, counts=counts, seeds=(0, 1), curves=(0, 1, 2), steps=40)
    return Config(data=word)


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Draw lines through the curves, and let networks learn them."""
    targets, fine = (_targets(config, x) for x in (GRID, FINE))
    lines = {
        way: [[draw_line(y, n) for n in config.counts] for y in targets]
        for way, draw_line in (("even", hinges.even), ("best", hinges.best))
    }
    chosen = [place for place in range(len(NAMED)) for _ in config.seeds]
    chosen += range(len(NAMED), len(targets))
    target, seeds = np.array(chosen), [*config.seeds * len(NAMED), *config.curves]
    found = [
        _train(config, hinge_networks.spread(n, seeds), targets[target], part).functions
        for n, part in zip(config.counts, _parts(config, progress), strict=False)
    ]
    lines["trained"] = [list(row) for row in zip(*found, strict=True)]
    owners = {"even": slice(None), "best": slice(None), "trained": target}
    measured = {f"error_{way}": curves.errors(lines[way], targets[owners[way]]) for way in lines}
    largest = {f"largest_{way}": curves.largest(lines[way], fine[owners[way]]) for way in lines}
    return Result(
        counts=np.array(config.counts),
        targets=targets,
        target=target,
        **measured,
        **largest,
        **_starts(config, targets, progress),
        data=computed.passport(WORD),
    )


def _targets(config: Config, x: Float[np.ndarray, "points"]) -> Float[np.ndarray, "targets points"]:
    """Sine, step and the random curves at the places `x`."""
    named = (curves.NAMED[name](x) for name in NAMED)
    return np.stack([*named, *(curves.curve(x, seed) for seed in config.curves)])


def _parts(config: Config, progress: Progress | None) -> list[Progress | None]:
    """The progress of each training: one for every count, one for every start."""
    trainings = len(config.counts) + len(STARTS)
    total = trainings * config.steps
    return [part_of(progress, k * config.steps, config.steps, total) for k in range(trainings)]


def _train(
    config: Config, network: Any, targets: np.ndarray, progress: Progress | None
) -> hinge_networks.Fit:
    return hinge_networks.fit(
        network, targets, learning_rate=config.learning_rate, steps=config.steps, progress=progress
    )


def _starts(
    config: Config, targets: Float[np.ndarray, "targets points"], progress: Progress | None
) -> dict[str, np.ndarray]:
    """Sine and step learned from hinges that are spread, and from hinges in one place."""
    target = np.repeat(np.arange(len(NAMED)), len(config.seeds))
    seeds = config.seeds * len(NAMED)
    begins = (hinge_networks.spread, hinge_networks.together)
    fits = [
        _train(config, begin(config.starts_hinges, seeds), targets[target], part)
        for begin, part in zip(begins, _parts(config, progress)[-len(begins) :], strict=True)
    ]
    steps = np.arange(0, config.steps + 1, _EVERY)
    return {
        "starts_step": steps,
        "starts_error": np.stack([fit.error[steps] for fit in fits]),
        "starts_target": target,
        "starts_values": np.stack([[f(GRID) for f in fit.functions] for fit in fits]),
    }


def builder_data(record: records.Record) -> dict[str, Any]:
    """The data of the widget in which a reader sets hinges: at most 12 of them."""
    found = Result(**record.arrays, data=record.passport["data"])
    few, passport = found.counts <= _IN_WIDGET, record.passport
    return {
        "x": GRID.round(6).tolist(),
        "targets": {name: found.targets[at].round(6).tolist() for at, name in enumerate(NAMED)},
        "counts": found.counts[few].tolist(),
        "error": {
            name: {
                "even": found.error_even[at, few].round(6).tolist(),
                "best": found.error_best[at, few].round(6).tolist(),
                "trained": found.trained(name)[:, few].T.round(6).tolist(),
            }
            for at, name in enumerate(NAMED)
        },
        "learning_rate": record.config["learning_rate"],
        "steps": record.config["steps"],
        "passport": {
            "commit": passport["commit"],
            "seeds": passport["seeds"],
            "wall_time": f"{passport['wall_time_s']:.0f} s",
            "device": passport["device"],
            "command": passport["command"],
        },
    }


def rate(counts: Int[np.ndarray, "counts"], error: Float[np.ndarray, "counts"]) -> float:
    """The exponent r of error ~ hinges^r, from `ASYMPTOTIC` hinges on."""
    many = counts >= ASYMPTOTIC
    return float(np.polyfit(np.log(counts[many]), np.log(error[many]), 1)[0])


def compare(result: Result) -> list[Comparison]:
    """The paper has no such numbers."""
    return []


def describe(result: Result) -> str:
    """The finding in one sentence."""
    even, most = result.error_even[:, -1], result.counts[-1]
    sine, step = (np.median(result.trained(name)[:, -1]) for name in NAMED)
    return (
        f"With {most} evenly spaced hinges the line is {even[0]:.2g} from a sine and "
        f"{np.median(even[2:]):.2g} from random smooth curves (median), but {even[1]:.2g} from a "
        f"step; trained networks with {most} hinges are {sine:.2g} from the sine and {step:.2g} "
        "from the step (root mean square)."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Errors of lines and networks by hinges, on logarithmic axes, with the slopes of theory."""
    counts = result.counts
    smooth, jump = (2 ** -rate(counts, result.error_even[at]) for at in range(2))
    fig, ax = figures.axes(
        title=f"Twice the hinges: a sine's error divided by {smooth:.1f}, a step's by {jump:.1f}",
        subtitle=subtitle,
        height=4.8,
    )
    many = counts >= ASYMPTOTIC
    ax.loglog(counts, result.error_even[2:].T, color=figures.CHANCE, alpha=0.25, linewidth=0.8)
    for at, (name, style, power) in enumerate(zip(NAMED, ("-", "--"), (-2.0, -0.5), strict=True)):
        even, trained = result.error_even[at], result.trained(name)
        hinge_drawings.theory(ax, counts[many], 1.6 * even[many][0], power)
        hinge_drawings.named(ax, counts, even, f"{name}, even", figures.INK, style)
        blue = figures.COLORS["rectifier"]
        ax.plot(counts, trained.T, color=blue, alpha=0.25, linewidth=0.7, linestyle=style)
        median = np.median(trained, axis=0)
        below = at == 1  # the two lines of the step end near each other
        hinge_drawings.named(ax, counts, median, f"{name}, trained", blue, style, below=below)
    best, green = result.error_best[0], figures.COLORS["other"]
    hinge_drawings.named(ax, counts, best, "sine, best", green, "-", below=True)
    hinge_drawings.label_counts(ax, counts)
    ax.set(xlabel="hinges", ylabel="root mean square error (1)", ylim=(0.5 * best.min(), None))
    return fig


def describe_starts(result: Result) -> str:
    """What it costs to begin with all hinges in one place, in one sentence."""
    spread, together = result.starts_error[:, -1, result.starts_target == 0]
    return (
        f"Networks whose hinges begin spread out end {np.median(spread):.2g} from the sine (median "
        f"of {len(spread)}, the worst {spread.max():.2g}); with all biases at zero, so that every "
        f"hinge begins at x = 0, {np.median(together):.2g} (the worst {together.max():.2g})."
    )


def draw_starts(result: Result, subtitle: str = "") -> Figure:
    """The error on the sine while hinges are moved, from two ways to begin."""
    errors = result.starts_error[..., result.starts_target == 0]
    spread, together = np.median(errors[:, -1], axis=1)
    fig, ax = figures.axes(
        title=f"All hinges at one place: in the end {together / spread:.1f} times the error",
        subtitle=subtitle,
    )
    names = ("hinges spread out", "all hinges at 0")
    colors = (figures.COLORS["rectifier"], figures.INK)
    for name, values, color in zip(names, errors, colors, strict=True):
        figures.band(ax, result.starts_step.astype(float), values, color=color, label=name)
    ax.set(yscale="log", xlabel="training step", ylabel="root mean square error (1)")
    figures.label_in_place(ax)
    return fig


def subtitle(record: records.Record) -> str:
    """Which curves, and how networks learn them."""
    config = record.config
    return (
        f"Sine, step and {len(config['curves'])} random smooth curves, 201 points\n"
        f"networks 1-n-1: Adam, learning rate {config['learning_rate']:g}, "
        f"{config['steps']:,} steps · {len(config['seeds'])} seeds"
    )
