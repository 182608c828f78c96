"""Stacked linear layers are one linear layer: measured in rounding errors, and in test errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from torch import Tensor

from relubook import datasets, figures, records
from relubook.experiments.stacks import bent, collapse, rounding
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.history import History
from relubook.networks import MLP
from relubook.training import Progress, Schedule, grid, train

NAME = "collapse"
TITLE = "Stacked linear layers collapse into one"
REVISION = 1

KINDS = ("linear", "rectifier")
STACKED = ("linear", "rectifier", "tanh")
PRECISIONS = (torch.float64, torch.float32)


@dataclass(frozen=True, kw_only=True)
class Config:
    """Untrained stacks, and trained networks.

    Attributes:
        data: Name of the data set.
        layers: Layers of the untrained stacks.
        hidden: Hidden layers of the trained networks.
        width: Units in each.
        learning_rates: Step sizes [1]; each kind and depth gets the one with the lowest median
            validation error.
        seeds: Of weights and order.
        batch_size: Examples a step.
        epochs: Passes over the training examples.
        train_examples: How many of the first examples to take.
    """

    data: str
    layers: tuple[int, ...] = (1, 2, 3, 5, 10, 20)
    hidden: tuple[int, ...] = (0, 1, 2, 3)
    width: int = 100
    learning_rates: tuple[float, ...] = (0.03, 0.1, 0.3)
    seeds: tuple[int, ...] = tuple(range(10))
    batch_size: int = 32
    epochs: int = 20
    train_examples: int = 3_000


@dataclass(frozen=True, kw_only=True)
class Result:
    """Untrained stacks by activation and layers; trained networks by kind and hidden layers.

    Attributes:
        layers: Of the untrained stacks.
        rounding: Largest difference between a linear stack and its one layer, over the largest
            output [1]; in float64 (0) and float32 (1).
        bent: How far a stack in float64 is from the nearest affine map: root mean square, over
            that of the stack's output around its mean [1]; for linear, rectifier and tanh.
        hidden: Hidden layers of the trained networks.
        test_error: At the best validation epoch [1], with the learning rate chosen.
        validation_error: After each epoch [1], all with the first learning rate.
        learning_rate: The one chosen [1].
        differing: Test examples that a trained linear stack and its one layer answer differently.
        data: Name, sha256 and source of the data.
    """

    layers: Int[np.ndarray, "layers"]
    rounding: Float[np.ndarray, "precisions layers seeds"]
    bent: Float[np.ndarray, "activations layers seeds"]
    hidden: Int[np.ndarray, "hidden"]
    test_error: Float[np.ndarray, "kinds hidden seeds"]
    validation_error: Float[np.ndarray, "kinds hidden epochs seeds"]
    learning_rate: Float[np.ndarray, "kinds hidden"]
    differing: Int[np.ndarray, "hidden seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}


def configure(scale: str, data: str | None = None) -> Config:
    """Up to 20 layers untrained, up to 3 hidden ones trained; fewer of all for a quick look."""
    name = data or "mnist-5k"
    if scale == "smoke":
        return Config(
            data=name, layers=(1, 3), hidden=(0, 2), width=20, learning_rates=(0.03, 0.1),
            seeds=(0, 1), epochs=2, train_examples=500,
        )  # fmt: skip
    return Config(data=name)


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Draw stacks and measure them; then train networks of both kinds and every depth."""
    data, passport = open_data(config.data, config.train_examples)
    data, total = data.dense(), len(KINDS) * len(config.hidden)
    trained = [
        _train(config, data, kind, hidden, device, part_of(progress, 100 * at, 100, 100 * total))
        for at, (kind, hidden) in enumerate((k, h) for k in KINDS for h in config.hidden)
    ]
    parts = (np.stack(part) for part in zip(*trained, strict=True))
    test, validation, rates, differing = (
        part.reshape(len(KINDS), len(config.hidden), *part.shape[1:]) for part in parts
    )
    return Result(
        layers=np.array(config.layers),
        rounding=_by_layers(rounding, PRECISIONS, config),
        bent=_by_layers(bent, STACKED, config),
        hidden=np.array(config.hidden),
        test_error=test,
        validation_error=validation,
        learning_rate=rates,
        differing=differing[0],
        data=passport,
    )


def _by_layers(measure: Any, ways: Sequence[Any], config: Config) -> np.ndarray:
    """A measure for each way, number of layers and seed."""
    return np.array([[measure(w, n, config.seeds) for n in config.layers] for w in ways])


def _train(
    config: Config,
    data: datasets.Dataset,
    kind: str,
    hidden: int,
    device: str,
    progress: Progress | None,
) -> tuple[np.ndarray, np.ndarray, float, np.ndarray]:
    """Test errors, validation errors by epoch, learning rate, and answers that collapse changes."""
    hyper = grid(learning_rate=config.learning_rates, seed=config.seeds)
    sizes = (data.inputs, *[config.width] * hidden, data.outputs)
    network = MLP(sizes, seeds=hyper.seed.tolist(), activation=kind, device=device)
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size)
    history = train(network, data, hyper, schedule, progress=progress)
    rate, chosen = _chosen(config, history)
    differing = np.zeros(len(config.seeds), dtype=np.int64)
    if kind == "linear":
        differing = _differing(network.view(chosen), data.test.x.to(device))
    test = history.at_best("test_error")[chosen]
    alike = history.validation_error[:, : len(config.seeds)]
    return test, alike, config.learning_rates[rate], differing


def _chosen(config: Config, history: History) -> tuple[int, slice]:
    """The learning rate with the lowest median validation error, and the places of its networks."""
    seeds = len(config.seeds)
    best = np.nan_to_num(history.validation_error, nan=1.0).min(axis=0).reshape(-1, seeds)
    rate = int(np.median(best, axis=1).argmin())
    return rate, slice(rate * seeds, (rate + 1) * seeds)


@torch.no_grad()
def _differing(network: MLP, x: Float[Tensor, "examples inputs"]) -> Int[np.ndarray, "models"]:
    """Examples that the stack and its one layer put in different classes."""
    x = x.expand(network.models, -1, -1)
    return (network(x).argmax(-1) != collapse(network)(x).argmax(-1)).sum(1).numpy(force=True)


def compare(result: Result) -> list[Comparison]:
    """The paper has no linear networks."""
    return []


def describe(result: Result) -> str:
    """The finding in one sentence."""
    linear, rectifier = 100 * np.median(result.test_error, axis=-1)
    return (
        f"Linear networks err on {linear[0]:.1f} % of the test examples without a hidden layer and "
        f"on {linear[-1]:.1f} % with {result.hidden[-1]}; rectifiers on {rectifier[0]:.1f} % and "
        f"{rectifier[-1]:.1f} %. Multiplied out into one layer, the linear stacks answer "
        f"{result.differing.max()} examples differently at most."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Test error by hidden layers, for both kinds, one thin line a seed."""
    errors = 100 * result.test_error
    linear, rectifier = (row[-1] - row[0] for row in np.median(errors, axis=-1))
    fig, ax = figures.axes(
        title=f"{result.hidden[-1]} hidden layers: error {rectifier:+.1f} points if they rectify,\n"
        f"{linear:+.1f} if they are linear",
        subtitle=subtitle,
    )
    colors = (figures.INK, figures.COLORS["rectifier"])
    for name, values, color in zip(KINDS, errors, colors, strict=True):
        figures.band(ax, result.hidden.astype(float), values, color=color)
        ax.annotate(name, (result.hidden[-1], np.median(values[-1])), xytext=(8, 0),
                    textcoords="offset points", va="center", color=color)  # fmt: skip
    ax.set_xticks(result.hidden)
    ax.set(xlabel="hidden layers", ylabel="test error (%)", ylim=(0, None))
    ax.margins(x=0.15)
    return fig


def describe_training(result: Result) -> str:
    """How fast linear networks of every depth learn, in one sentence."""
    first, last = (100 * np.median(result.validation_error[0, :, at], -1) for at in (0, -1))
    return (
        f"With one learning rate for all, linear networks without a hidden layer err on "
        f"{first[0]:.1f} % of the validation examples after one epoch and on {last[0]:.1f} % at "
        f"the end; with {result.hidden[-1]} hidden layers on {first[-1]:.1f} % and "
        f"{last[-1]:.1f} %."
    )


def draw_training(result: Result, subtitle: str = "") -> Figure:
    """Validation error of linear networks with one learning rate, epoch by epoch."""
    errors = 100 * result.validation_error[0]
    none, most = np.median(errors[[0, -1], 0], axis=-1)
    fig, ax = figures.axes(
        title=f"The same functions, learned at another speed: after one epoch\n{none:.0f} % "
        f"without a hidden layer, {most:.0f} % with {result.hidden[-1]} linear ones",
        subtitle=subtitle,
    )
    epochs, deepest = np.arange(1.0, errors.shape[1] + 1), float(result.hidden[-1])
    for hidden, values in zip(result.hidden.tolist(), errors, strict=True):
        color = figures.shade(hidden + 1.0, deepest + 1)
        figures.band(ax, epochs, values, color=color, label=f"{hidden} linear hidden layers")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="epoch", ylabel="validation error (%)", ylim=(0, None))
    figures.label_in_place(ax)
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['width']} units a layer\n"
        f"batch {config['batch_size']}, {config['epochs']} epochs · {len(config['seeds'])} seeds"
    )
