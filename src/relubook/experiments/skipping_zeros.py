"""When zeros buy time at inference: one layer with zeros at random, and whole trained networks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, paper, records, skipping
from relubook.experiments.skipping_race import crossover, race_layers, race_networks, unions
from relubook.experiments.sweep import Comparison, open_data, part_of, train_networks
from relubook.training import Progress, Schedule, grid

NAME = "skipping-zeros"
TITLE = "When skipping exact zeros saves time at inference (page 318)"
REVISION = 1
# Measured times, which no second run repeats; all other arrays are the same at every run.
TIMES = ("layer_time", "network_time")

_ROOM = 0.2  # between two names, in powers of e on the logarithmic axis
WIDTH = 1000  # of the paper's layers, and of those measured at a reader's
_TRAINING, _LAYER, _NETWORKS = 60, 15, 25  # parts of the work, about as long as they take


@dataclass(frozen=True, kw_only=True)
class Config:
    """Shares of zeros and batch sizes for one layer, and the networks to train and measure."""

    data: str
    methods: tuple[str, ...]
    width: int
    depth: int
    zeros: tuple[float, ...]
    batch: tuple[int, ...]
    l1: tuple[float, ...]
    seeds: tuple[int, ...]
    learning_rate: float
    batch_size: int
    epochs: int
    rounds: int
    seconds: float
    examples: int
    train_examples: int | None = None


@dataclass(frozen=True, kw_only=True)
class Result:
    """Times per example; the methods are those of `skipping.METHODS`, in its order.

    Attributes:
        zeros: Shares of zeros in the input of one layer [1].
        batch: Examples at once.
        layer_time: Of the layer, with zeros at random [s per example].
        network_l1: Strength of the penalty each network was trained with [1].
        network_seed: Of its weights and order.
        network_zeros: Exact zeros on the test split, layer by layer [1].
        network_error: Share of wrong classes on the test split [1].
        network_time: Of the whole network, on test digits [s per example].
        network_union: Units of a hidden layer that are active for at least one of a batch [1].
        data: Name, sha256 and source of the data.
    """

    zeros: Float[np.ndarray, "zeros"]
    batch: Int[np.ndarray, "batches"]
    layer_time: Float[np.ndarray, "methods zeros batches rounds"]
    network_l1: Float[np.ndarray, "networks"]
    network_seed: Int[np.ndarray, "networks"]
    network_zeros: Float[np.ndarray, "networks layers"]
    network_error: Float[np.ndarray, "networks"]
    network_time: Float[np.ndarray, "networks methods batches rounds"]
    network_union: Float[np.ndarray, "networks layers batches"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}


def configure(scale: str, data: str | None = None) -> Config:
    """The paper's layers of 1,000 units; `paper` trains longer, in the paper's mini-batches."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", methods=tuple(skipping.METHODS), width=64, depth=3,
            zeros=(0.0, 0.5, 0.95), batch=(1, 4), l1=(0.0, 1e-3), seeds=(0, 1),
            learning_rate=0.1, batch_size=32, epochs=2, rounds=2, seconds=2e-4, examples=8,
            train_examples=500,
        )  # fmt: skip
    paper_scale = scale == "paper"
    data = data or ("mnist" if paper_scale else "mnist-5k")
    many = data == "mnist"
    return Config(
        data=data, methods=tuple(skipping.METHODS), width=WIDTH, depth=3,
        zeros=(0.0, 0.2, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.925, 0.95, 0.975, 0.99),
        batch=(1, 2, 4, 8, 16, 32, 64), l1=(0.0, 3e-4, 1e-3, 3e-3, 5e-3), seeds=tuple(range(5)),
        learning_rate=0.05 if paper_scale else 0.1, batch_size=10 if paper_scale else 32,
        epochs=10 if paper_scale else 2 if many else 11, rounds=7, seconds=0.02, examples=256,
        train_examples=32_000 if many and not paper_scale else None,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train the networks, then race the methods on one layer, then on each network."""
    data, passport = open_data(config.data, config.train_examples)
    total = _TRAINING + _LAYER + _NETWORKS
    hyper = grid(learning_rate=config.learning_rate, l1=config.l1, seed=config.seeds)
    networks, history = train_networks(
        data, hyper, Schedule(epochs=config.epochs, batch_size=config.batch_size),
        width=config.width, depth=config.depth, device=device,
        progress=part_of(progress, 0, _TRAINING, total),
        checkpoint=None if checkpoints is None else Path(f"{checkpoints}.npz"),
    )  # fmt: skip
    race: dict[str, Any] = {"rounds": config.rounds, "seconds": config.seconds}
    layer_time = race_layers(
        config.zeros, config.batch, width=config.width, device=device,
        progress=part_of(progress, _TRAINING, _LAYER, total), **race,
    )  # fmt: skip
    alone = [networks.view(slice(model, model + 1)) for model in range(networks.models)]
    network_time = race_networks(
        alone, data.test.x[: config.examples], config.batch,
        progress=part_of(progress, total - _NETWORKS, _NETWORKS, total), **race,
    )  # fmt: skip
    return Result(
        zeros=np.array(config.zeros),
        batch=np.array(config.batch),
        layer_time=layer_time,
        network_l1=hyper.l1.double().numpy().round(9),
        network_seed=hyper.seed.numpy(),
        network_zeros=history.at_best("zero_fraction").T,
        network_error=history.at_best("test_error"),
        network_time=network_time,
        network_union=unions(alone, data.test.x, config.batch),
        data=passport,
    )


def subtitle(record: records.Record) -> str:
    """Which layer and which networks were measured, on which machine."""
    config, passport = record.config, record.passport
    width, data = config["width"], datasets.describe(record.data).title
    return (
        f"a layer of {width:,} x {width:,} weights, zeros at random; networks of "
        f"{config['depth']} x {width:,} units\n{data}, {config['rounds']} rounds, 1 thread, "
        f"float32 · {passport['device']}"
    )


def compare(result: Result) -> list[Comparison]:
    """Zeros of the networks under the paper's penalty: what there is to skip."""
    chosen = np.isclose(result.network_l1, paper.PROTOCOL["l1"].value)
    return [
        Comparison(
            quantity="exact zeros, L1 0.001",
            paper=paper.EXACT_ZEROS["mnist"].value,
            here=100 * float(result.network_zeros[chosen].mean()),
            unit="%",
        )
    ]


def describe(result: Result) -> str:
    """The finding in one sentence."""
    found = crossover(result.zeros, result.layer_time)
    parts = [
        f"{batch} at once: {_from(share)}"
        for batch, share in zip(result.batch, found.zeros, strict=True)
    ]
    return f"Share of zeros from which gathering is faster than the dense way; {'; '.join(parts)}."


def draw(result: Result, subtitle: str = "") -> Figure:
    """Time of gathering over that of the dense way, by zeros: a line a batch size."""
    found = crossover(result.zeros, result.layer_time)
    one, many = result.batch[0], result.batch[-1]
    fig, ax = figures.axes(
        title=f"Skipping pays {_from(found.zeros[0])} for {one} example at a time,\n"
        f"{_from(found.zeros[-1])} for {many} at a time",
        subtitle=subtitle,
        height=4.8,
    )
    gathered = list(skipping.METHODS).index("gathered")
    ratio = 100 * result.layer_time[gathered] / result.layer_time[0]  # [zeros batches rounds]
    starts = np.median(ratio[0], axis=-1)
    named = _apart(starts)
    ax.axhline(100, color=figures.CHANCE, linestyle="--", linewidth=1)
    for place, (batch, share) in enumerate(zip(result.batch, found.zeros, strict=True)):
        color = figures.shade(1.0 + place, float(len(result.batch)))
        figures.band(ax, 100 * result.zeros, ratio[:, place], color=color)
        if place in named:
            start = 100 * result.zeros[0], starts[place]
            ax.annotate(f"{batch} ", start, color=color, ha="right", va="center", fontsize=9.5)
        ax.plot(100 * share, 100, "o", color=color, markersize=7, markeredgecolor="white")
    _draw_networks(ax, result, gathered)
    ax.set(
        yscale="log", xlim=(-5, 100), xlabel="exact zeros (%)",
        ylabel="time of gathering (% of the dense way)",
    )  # fmt: skip
    ax.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    figures.label_in_place(ax)
    return fig


def describe_union(result: Result) -> str:
    """The finding of `draw_union` in one sentence."""
    by_l1 = {
        l1: 100 * np.median(result.network_union[result.network_l1 == l1].mean(1), axis=0)
        for l1 in np.unique(result.network_l1)
    }
    parts = [f"L1 {l1:g}: {union[0]:.0f} and {union[-1]:.0f} %" for l1, union in by_l1.items()]
    return (
        f"Share of hidden units that one digit needs, and that {result.batch[-1]} digits need "
        f"together; {'; '.join(parts)}."
    )


def draw_union(result: Result, subtitle: str = "") -> Figure:
    """Units active for at least one of n digits, by n: a line an L1 strength."""
    union = 100 * result.network_union.mean(1)  # [networks batches]
    l1_paper = paper.PROTOCOL["l1"].value
    needed = np.median(union[np.isclose(result.network_l1, l1_paper)], axis=0)
    fig, ax = figures.axes(
        title=f"One digit needs {needed[0]:.0f} % of the units, "
        f"{result.batch[-1]} digits {needed[-1]:.0f} % (L1 {l1_paper:g})",
        subtitle=subtitle,
    )
    strengths = np.unique(result.network_l1)
    batch = result.batch.astype(float)
    for place, l1 in enumerate(strengths, start=1):
        lines, color = (
            union[result.network_l1 == l1].T,
            figures.shade(float(place), float(len(strengths))),
        )
        figures.band(ax, batch, lines, color=color)
        start = batch[0], float(np.median(lines[0]))
        ax.annotate(f"L1 {l1:g}  ", start, color=color, ha="right", va="center", fontsize=9.5)
    ax.set(
        xscale="log", xlim=(0.5, batch[-1]), ylim=(0, 100), xlabel="digits at once",
        ylabel="units active for at least one (%)",
    )  # fmt: skip
    ax.set_xticks(batch, [str(number) for number in result.batch])
    ax.minorticks_off()
    return fig


def explorer_data(record: records.Record) -> dict[str, Any]:
    """What `CostExplorer` draws, from a record."""
    from relubook.experiments import skipping_live

    return skipping_live.explorer_data(record)


def measure_here(
    zeros: float,
    batch: int,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Any] | None:
    """Time one layer of the paper's width on this machine; see `skipping_live.measure_here`."""
    from relubook.experiments import skipping_live

    return skipping_live.measure_here(zeros, batch, width=WIDTH, progress=progress, stop=stop)


def _draw_networks(ax: Axes, result: Result, method: int) -> None:
    """Each trained network at its mean share of zeros, for the smallest and the largest batch."""
    zeros = 100 * result.network_zeros.mean(1)
    for place in (0, len(result.batch) - 1):
        times = np.median(result.network_time[:, :, place], axis=-1)  # [networks methods]
        color = figures.shade(1.0 + place, float(len(result.batch)))
        ax.plot(zeros, 100 * times[:, method] / times[:, 0], "D", color=color, markersize=4.5,
                markeredgecolor=figures.INK, markeredgewidth=0.6,
                label=f"trained networks, {result.batch[place]} at a time")  # fmt: skip


def _apart(heights: Float[np.ndarray, "lines"]) -> set[int]:
    """Which lines can be named without names on names: the outer ones, and those with room."""
    named = {0, len(heights) - 1}
    for place, height in enumerate(heights):
        if all(abs(np.log(height / heights[other])) > _ROOM for other in named):
            named.add(place)
    return named


def _from(share: float) -> str:
    """A crossing in words."""
    return "never" if np.isnan(share) else f"from {100 * share:.0f} % zeros"
