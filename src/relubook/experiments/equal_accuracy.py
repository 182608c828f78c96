"""What the four benefits are measured on: four activations, each brought to the same accuracy.

The learning rate of each is the one with which it gets furthest on the validation split, chosen
with networks of other seeds among the rates at which none of them diverges. With it, every network
is trained until its validation error first falls to one target, and is left there.

First the rule asked for the lowest error alone. For softplus units it chose 0.5, at which networks
diverge later on: a rate nobody would use. That changed nothing but this rate.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments import quartet
from relubook.experiments.quartet import UNITS, QuartetConfig
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.history import evaluate
from relubook.networks import MLP, sizes
from relubook.training import Progress, Schedule, grid, train

NAME = "equal-accuracy"
TITLE = "Rectifier, tanh, softplus and logistic brought to one validation error"
REVISION = 2  # rates at which a network diverges are not chosen


@dataclass(frozen=True, kw_only=True)
class Config(QuartetConfig):
    """The quartet, and how its learning rates are chosen.

    Attributes:
        learning_rates: To choose from [1], the same for every activation.
        rate_seeds: Of the networks that choose, none of `seeds`.
        rate_epochs: For which they train.
    """

    learning_rates: tuple[float, ...]
    rate_seeds: tuple[int, ...]
    rate_epochs: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """Groups are the activations of `UNITS` without a penalty, then rectifiers with each penalty.

    Attributes:
        rate: The learning rates tried [1].
        rate_validation: Lowest validation error while choosing [1]; 1 for a network that diverged
            before its first epoch was over.
        rate_diverged: Epoch of divergence, or -1.
        chosen: The rate of the lowest median at which no network diverged, of equals the smaller
            one [1].
        used: The rate with which the reported networks were trained [1].
        l1: Penalty of each group [1].
        epoch: In which the target was reached, counted from 1; 0 where it never was.
        validation_error: Of the weights kept [1].
        test_error: Of the same [1].
        zero_fraction: Exact zeros on the test split [1].
        data: Name, sha256 and source of the data.
    """

    rate: Float[np.ndarray, "rates"]
    rate_validation: Float[np.ndarray, "units rates rate_seeds"]
    rate_diverged: Int[np.ndarray, "units rates rate_seeds"]
    chosen: Float[np.ndarray, "units"]
    used: Float[np.ndarray, "units"]
    l1: Float[np.ndarray, "groups"]
    epoch: Int[np.ndarray, "groups seeds"]
    validation_error: Float[np.ndarray, "groups seeds"]
    test_error: Float[np.ndarray, "groups seeds"]
    zero_fraction: Float[np.ndarray, "groups seeds layers"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}


def configure(scale: str, data: str | None = None) -> Config:
    """The quartet's own settings, and a grid of rates from 0.02 to 2."""
    shared = quartet.settings(scale, data)
    if scale == "smoke":
        return Config(**shared, learning_rates=(0.5, 0.05), rate_seeds=(100,), rate_epochs=1)
    return Config(
        **shared, learning_rates=(2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02),
        rate_seeds=(100, 101, 102), rate_epochs=25,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Choose each activation's learning rate, then train the quartet."""
    data, passport = open_data(config.data, config.train_examples)
    tried = len(config.learning_rates) * len(config.rate_seeds) * config.rate_epochs
    groups = len(UNITS) + sum(l1 > 0 for l1 in config.l1)
    kept = groups * len(config.seeds) * config.epochs
    whole = tried * len(UNITS) + kept
    tries = [
        _try_rates(
            config, data, name, device, part_of(progress, place * tried, tried, whole), checkpoints
        )
        for place, name in enumerate(UNITS)
    ]
    validation, diverged = (np.stack(part) for part in zip(*tries, strict=True))
    trained = quartet.train_quartet(
        config, data, device=device, progress=part_of(progress, tried * len(UNITS), kept, whole)
    )
    zeros = [evaluate(group.network, data.test)[1].T.numpy(force=True) for group in trained]
    return Result(
        rate=np.array(config.learning_rates),
        rate_validation=validation,
        rate_diverged=diverged,
        chosen=_choice(np.array(config.learning_rates), validation, diverged),
        used=np.array([quartet.LEARNING_RATES[name] for name in UNITS]),
        l1=np.array([group.l1 for group in trained]),
        zero_fraction=np.stack(zeros),
        data=passport,
        **{
            name: np.stack([getattr(group, name) for group in trained])
            for name in ("epoch", "validation_error", "test_error")
        },
    )


def _try_rates(
    config: Config,
    data: datasets.Dataset,
    activation: str,
    device: str,
    progress: Progress | None,
    checkpoints: Path | None,
) -> tuple[Float[np.ndarray, "rates rate_seeds"], Int[np.ndarray, "rates rate_seeds"]]:
    """Lowest validation error and epoch of divergence of networks that only choose the rate."""
    hyper = grid(learning_rate=config.learning_rates, seed=config.rate_seeds)
    shape = sizes(inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs)
    network = MLP(shape, seeds=hyper.seed.tolist(), activation=activation, device=device)
    schedule = Schedule(epochs=config.rate_epochs, batch_size=config.batch_size, keep="last")
    file = None if checkpoints is None else Path(f"{checkpoints}.{activation}.npz")
    history = train(network, data, hyper, schedule, progress=progress, checkpoint=file)
    errors = np.nan_to_num(history.at_best("validation_error"), nan=1.0)
    table = (len(config.learning_rates), len(config.rate_seeds))
    return errors.reshape(table), history.diverged.reshape(table)


def _choice(
    rates: Float[np.ndarray, "rates"],
    validation: Float[np.ndarray, "units rates rate_seeds"],
    diverged: Int[np.ndarray, "units rates rate_seeds"],
) -> Float[np.ndarray, "units"]:
    """The rate of the lowest median error at which none diverged, of equals the smaller one."""
    safe = (diverged < 0).all(axis=-1)
    if not safe.any(axis=-1).all():
        raise ValueError("Networks diverged at every learning rate. Add smaller ones to the grid.")
    medians = np.where(safe, np.median(validation, axis=-1), np.inf)
    return np.array([rates[np.lexsort((rates, row))[0]] for row in medians])


def compare(result: Result) -> list[Comparison]:
    """The paper does not compare at equal accuracy: nothing to set beside ours."""
    return []


def describe(result: Result) -> str:
    """The finding in one sentence."""
    parts = [
        f"{name} after {_span(result.epoch[place])} epochs with {100 * error:.2f} % test error"
        for place, (name, error) in enumerate(
            zip(UNITS, result.test_error[: len(UNITS)].mean(1), strict=True)
        )
    ]
    return f"The target on the validation split is reached by {', '.join(parts)}."


def _span(epochs: Int[np.ndarray, "seeds"]) -> str:
    """Smallest and largest, such as `4 to 6`."""
    low, high = int(epochs.min()), int(epochs.max())
    return f"{low}" if low == high else f"{low} to {high}"


def draw(result: Result, subtitle: str = "") -> Figure:
    """Epochs to the target, one point a network."""
    epochs = result.epoch[: len(UNITS)]
    medians = {name: float(np.median(row)) for name, row in zip(UNITS, epochs, strict=True)}
    last = max(medians, key=lambda name: medians[name])
    fig, ax = figures.axes(
        title=f"One target, reached by the rectifier after {medians['rectifier']:.0f} epochs,\n"
        f"by {last} units after {medians[last]:.0f}",
        subtitle=subtitle,
        width=8.0,
    )
    nothing = np.full(epochs.shape[1], np.nan)
    for place, name in enumerate(UNITS):
        rows = [epochs[place].astype(float) if at == place else nothing for at in range(len(UNITS))]
        figures.strips(ax, rows, color=figures.COLORS[name])
        error = 100 * result.test_error[place].mean()
        ax.text(place + 1.2, medians[name], f"test error\n{error:.2f} %", fontsize=9, va="center")
    labels = [f"{name}\nrate {rate:g}" for name, rate in zip(UNITS, result.used, strict=True)]
    ax.set_xticks(range(1, len(UNITS) + 1), labels)
    ax.set(
        xlim=(0.5, len(UNITS) + 0.9), ylim=(0, 1.2 * epochs.max()),
        xlabel="hidden units and their learning rate (a point a seed, a bar at the median)",
        ylabel="epochs until the target is reached (1)",
    )  # fmt: skip
    return fig


def describe_rates(result: Result) -> str:
    """The finding of `draw_rates` in one sentence."""
    medians = 100 * np.median(result.rate_validation, axis=-1)
    parts = [
        f"{name} {row[result.rate == rate].item():.1f} % with {rate:g}"
        for name, row, rate in zip(UNITS, medians, result.chosen, strict=True)
    ]
    return f"Validation error at the best rate at which no network diverges: {', '.join(parts)}."


def draw_rates(result: Result, subtitle: str = "") -> Figure:
    """Validation error over the learning rate while choosing."""
    best = dict(zip(UNITS, result.chosen, strict=True))
    fig, ax = figures.axes(
        title="Each activation has a learning rate of its own:\n"
        + ", ".join(f"{name} {rate:g}" for name, rate in best.items()),
        subtitle=subtitle,
        width=8.0,
    )
    for networks, name in zip(100 * result.rate_validation, UNITS, strict=True):
        color, medians = figures.COLORS[name], np.median(networks, axis=1)
        places = np.repeat(result.rate, networks.shape[1])
        ax.plot(places, networks.ravel(), "o", color=color, alpha=0.35, markersize=4)
        ax.plot(result.rate, medians, color=color, linewidth=1.8, label=name)
    ax.set(
        xscale="log", yscale="log", xlabel="learning rate (a point a network; 100 %: diverged)",
        ylabel="lowest validation error (%)",
    )  # fmt: skip
    ticks = [tick for tick in (2, 5, 10, 20, 50, 100) if tick > 70 * result.rate_validation.min()]
    ax.set_yticks(ticks, [f"{tick}" for tick in ticks])
    ax.set_xticks(result.rate, [f"{rate:g}" for rate in result.rate])
    ax.minorticks_off()
    figures.label_in_place(ax)
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what, and to which target."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} units, batch {config['batch_size']}\n"
        f"rates chosen with {len(config['rate_seeds'])} seeds, {config['rate_epochs']} epochs · "
        f"compared: {len(config['seeds'])} other seeds, each at {100 * config['target']:g} % "
        "validation error"
    )
