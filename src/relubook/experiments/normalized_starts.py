"""Deep rectifier networks with and without batch normalization, from many starts, at many rates.

A cell is one start and one learning rate. Its networks differ in their seed alone, and the two
networks of one seed begin with the same weights and see the examples in the same order. As in
"training-map", a network has learned when its validation error is below 20 %.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.experiments.training_map_courses import begin
from relubook.experiments.training_map_values import STARTS, SUCCESS, learned
from relubook.training import Progress, Schedule, grid, train

NAME = "normalized-starts"
TITLE = "From which starts deep rectifier networks learn, with and without batch normalization"
REVISION = 1

KINDS = {"plain": "rectifier", "normalized": "normalized(rectifier)"}
"""What `MLP` takes for each."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which networks are trained.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depth: Hidden layers.
        starts: Names of `STARTS`.
        learning_rates: Step sizes [1].
        seeds: Of weights and order; one network of each kind and cell for each.
        batch_size: Examples a step.
        epochs: Passes over the training examples.
        train_examples: How many of the first examples to take; None for all.
    """

    data: str
    width: int
    depth: int
    starts: tuple[str, ...]
    learning_rates: tuple[float, ...]
    seeds: tuple[int, ...]
    batch_size: int
    epochs: int
    train_examples: int | None


@dataclass(frozen=True, kw_only=True)
class Result:
    """One cell for each start and learning rate; the kinds are those of `KINDS`.

    Attributes:
        start: Places in `STARTS`.
        learning_rate: Step sizes [1].
        error: Validation error after each epoch [1]; NaN once a network has diverged.
        test_error: After the last epoch [1].
        dead: Hidden units that no test example activates then, mean of the layers [1].
        diverged: Epoch of divergence, or -1.
        data: Name, sha256 and source of the data.
    """

    start: Int[np.ndarray, "starts"]
    learning_rate: Float[np.ndarray, "rates"]
    error: Float[np.ndarray, "kinds starts rates seeds epochs"]
    test_error: Float[np.ndarray, "kinds starts rates seeds"]
    dead: Float[np.ndarray, "kinds starts rates seeds"]
    diverged: Int[np.ndarray, "kinds starts rates seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}


def configure(scale: str, data: str | None = None) -> Config:
    """Ten layers of 32 units, 1,000 steps on mnist-5k at `laptop`; wider ones at `paper`."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=12, depth=3, starts=("torch's default", "He"),
            learning_rates=(0.1, 1.0), seeds=(0, 1), batch_size=32, epochs=2, train_examples=320,
        )  # fmt: skip
    wide = scale == "paper"
    return Config(
        data=data or ("mnist" if wide else "mnist-5k"), width=1000 if wide else 32, depth=10,
        starts=("torch's default", "Glorot", "He", "Glorot x 4"),
        learning_rates=(0.01, 0.03, 0.1, 0.3, 1.0), seeds=tuple(range(10 if wide else 5)),
        batch_size=32, epochs=8, train_examples=None,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train the networks of every kind and start, all learning rates and seeds side by side."""
    data, passport = open_data(config.data, config.train_examples)
    places = [(kind, start) for kind in KINDS for start in config.starts]
    each = config.epochs * len(config.learning_rates) * len(config.seeds)
    rows = []
    for place, (kind, start) in enumerate(places):
        part = part_of(progress, place * each, each, each * len(places))
        file = None if checkpoints is None else Path(f"{checkpoints}.{kind}.{start}.npz")
        rows.append(cells(config, data, kind, start, device=device, progress=part, file=file))
    axes = (len(KINDS), len(config.starts))
    columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return Result(
        start=np.array([list(STARTS).index(name) for name in config.starts]),
        learning_rate=np.array(config.learning_rates),
        data=passport,
        **{name: column.reshape(*axes, *column.shape[1:]) for name, column in columns.items()},
    )


def cells(
    config: Config,
    data: datasets.Dataset,
    kind: str,
    start: str,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    file: Path | None = None,
) -> dict[str, np.ndarray]:
    """Train the networks of one kind from one start.

    Args:
        config: Their shape, learning rates and seeds.
        data: What they learn.
        kind: A name of `KINDS`.
        start: A name of `STARTS`.
        device: `cpu` or `cuda`.
        progress: Called as `progress(done, total, text)`.
        stop: Asked after each epoch; True ends it and keeps what was done.
        file: Checkpoint from which a cut run goes on.

    Returns:
        `error` [rates seeds epochs] of the epochs that were finished, and `test_error`, `dead`,
        `diverged` [rates seeds].
    """
    hyper = grid(learning_rate=config.learning_rates, seed=config.seeds)
    network = begin(
        data, activation=KINDS[kind], width=config.width, depth=config.depth, start=start,
        seeds=hyper.seed.tolist(), device=device,
    )  # fmt: skip
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size, keep="last")
    history = train(
        network, data, hyper, schedule, step="autograd" if len(network.units) else "inplace",
        progress=progress, stop=stop, checkpoint=file,
    )  # fmt: skip
    table = (len(config.learning_rates), len(config.seeds))
    return {
        "error": history.validation_error.T.reshape(*table, -1),
        "test_error": history.test_error[-1].reshape(table),
        "dead": history.dead[-1].mean(axis=0).reshape(table),
        "diverged": history.diverged.reshape(table),
    }


def last_errors(
    error: Float[np.ndarray, "*cells seeds epochs"],
) -> Float[np.ndarray, "*cells seeds"]:
    """Validation errors after the last epoch [1]; 1 for a network that diverged."""
    return np.nan_to_num(error[..., -1], nan=1.0)


def share_that_learns(
    error: Float[np.ndarray, "kinds starts rates seeds epochs"],
) -> Float[np.ndarray, "kinds seeds"]:
    """The share of starts and learning rates from which the network of each seed learned [1]."""
    return learned(last_errors(error)).mean(axis=(1, 2))


def compare(result: Result) -> list[Comparison]:
    """The paper of 2011 knows no batch normalization."""
    return []


def describe(result: Result) -> str:
    """The finding in one sentence."""
    shares = 100 * share_that_learns(result.error).mean(axis=1)
    lost = (result.diverged >= 0).sum(axis=(1, 2, 3))
    texts = ", ".join(
        f"{name} {share:.0f} % ({count} of {result.diverged[0].size} networks diverged)"
        for name, share, count in zip(KINDS, shares, lost, strict=True)
    )
    return (
        f"Starts and learning rates from which a network ends below {100 * SUCCESS:.0f} % "
        f"validation error, mean over seeds: {texts}."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Validation error over the learning rate by start: plain on the left, normalized beside it."""
    cells_learned = (np.median(last_errors(result.error), axis=-1) < SUCCESS).sum(axis=(1, 2))
    plain, normalized = cells_learned.tolist()
    fig, left = figures.axes(
        title=f"With batch normalization the median network learns in {normalized} of "
        f"{result.error[0, ..., 0, 0].size} cells\n(of one start and rate), without it in {plain}",
        subtitle=subtitle, width=9.0, height=5.0, panels=2,
    )  # fmt: skip
    names = [list(STARTS)[place] for place in result.start]
    marks, lines = ("o", "s", "^", "D", "v", "P"), ("-", "--", "-.", ":", "-", "--")
    for ax, kind, errors in zip(fig.axes, KINDS, 100 * last_errors(result.error), strict=True):
        for place, (name, row) in enumerate(zip(names, errors, strict=True)):
            color = figures.shade(float(place + 1), float(len(names)))
            seeds = row.shape[1]
            ax.plot(np.repeat(result.learning_rate, seeds), row.ravel(), marks[place],
                    color=color, alpha=0.35, markersize=4)  # fmt: skip
            ax.plot(
                result.learning_rate, np.median(row, axis=1), lines[place], color=color,
                linewidth=1.8, marker=marks[place], markersize=5, label=name,
            )  # fmt: skip
        ax.axhline(100 * SUCCESS, color=figures.CHANCE, linewidth=1, linestyle=":")
        ax.set(xscale="log", xlabel=f"learning rate: {kind}")
        ax.set_xticks(result.learning_rate, [f"{rate:g}" for rate in result.learning_rate])
        ax.minorticks_off()
    left.set(ylim=(0, 102), ylabel="validation error (%)")
    figures.label_in_place(fig.axes[-1])
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} rectifiers, batch {config['batch_size']}, "
        f"{config['epochs']} epochs\n{len(config['seeds'])} seeds (points), lines through "
        f"medians; a network that diverged is at 100 %, dotted: {100 * SUCCESS:.0f} %"
    )
