"""How hard a data set is: a linear model beside two layers of rectifiers, on the same examples."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from relubook import datasets, figures, paper, records
from relubook.experiments.sweep import Comparison, open_data
from relubook.networks import MLP
from relubook.training import Progress, Schedule, grid, train

NAME = "learnability"
TITLE = "How hard each data set is for a linear model and for a network of rectifiers"
REVISION = 1

KINDS = ("linear model", "rectifiers")
_PROTOCOLS = {  # training examples, epochs: few where making an example takes long
    "mnist-5k": (3_000, 20),
    "norb": (3_000, 20),
    "reviews": (10_000, 6),
}
_USUAL = (20_000, 6)


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what.

    Attributes:
        data: Name of the data set.
        width: Units in each hidden layer.
        hidden: How many hidden layers the network has.
        learning_rates: Step sizes [1]; each kind gets the one with the lowest median validation
            error.
        seeds: Of weights and order.
        batch_size: Examples a step.
        epochs: Passes over the training examples.
        train_examples: How many of the first examples to take.
    """

    data: str
    width: int
    hidden: int = 2
    learning_rates: tuple[float, ...] = (0.01, 0.03, 0.1, 0.3)
    seeds: tuple[int, ...]
    batch_size: int = 32
    epochs: int
    train_examples: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """Errors of each kind of model, for every learning rate.

    Attributes:
        validation_error: At the best validation epoch [1].
        test_error: At the same epoch [1].
        learning_rate: The one each kind was given [1].
        guessing: Test error of always naming the most frequent training class [1].
        data: Name, sha256 and source of the data.
    """

    validation_error: Float[np.ndarray, "kinds rates seeds"]
    test_error: Float[np.ndarray, "kinds rates seeds"]
    learning_rate: Float[np.ndarray, "kinds"]
    guessing: Float[np.ndarray, "1"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        names = ("validation_error", "test_error", "learning_rate", "guessing")
        return {name: getattr(self, name) for name in names}

    def errors(self) -> Float[np.ndarray, "kinds seeds"]:
        """Test errors at the learning rate chosen for each kind [1]."""
        chosen = np.nanmedian(self.validation_error, axis=-1).argmin(axis=-1)
        return self.test_error[np.arange(len(chosen)), chosen]


def configure(scale: str, data: str | None = None) -> Config:
    """500-500 rectifiers and a linear model; fewer of all for a quick look."""
    name = data or "mnist-5k"
    if scale == "smoke":
        rates = (0.03, 0.1)
        return Config(
            data=name, width=20, learning_rates=rates, seeds=(0, 1), epochs=2, train_examples=500
        )
    examples, epochs = _PROTOCOLS.get(name, _USUAL)
    seeds = tuple(range(5 if scale == "laptop" else 10))
    return Config(data=name, width=500, seeds=seeds, epochs=epochs, train_examples=examples)


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train every kind of model with every learning rate and seed."""
    data, passport = open_data(config.data, config.train_examples)
    data = data.dense()
    hidden = [(), (config.width,) * config.hidden]
    errors = [
        _train(config, data, layers, device, _part(progress, place, len(hidden)))
        for place, layers in enumerate(hidden)
    ]
    validation, test = (np.stack(part) for part in zip(*errors, strict=True))
    chosen = np.nanmedian(validation, axis=-1).argmin(axis=-1)
    return Result(
        validation_error=validation,
        test_error=test,
        learning_rate=np.array(config.learning_rates)[chosen],
        guessing=np.array([_guessing(data)]),
        data=passport,
    )


def _train(
    config: Config,
    data: datasets.Dataset,
    hidden: tuple[int, ...],
    device: str,
    progress: Progress | None,
) -> tuple[np.ndarray, np.ndarray]:
    """Validation and test errors of one kind of model: [rates seeds] each."""
    hyper = grid(learning_rate=config.learning_rates, seed=config.seeds)
    shape = (data.inputs, *hidden, data.outputs)
    network = MLP(shape, seeds=hyper.seed.tolist(), device=device)
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size, keep="last")
    history = train(network, data, hyper, schedule, progress=progress)
    table = (len(config.learning_rates), len(config.seeds))
    validation = np.nanmin(history.validation_error, axis=0)
    return validation.reshape(table), history.at_best("test_error").reshape(table)


def _part(progress: Progress | None, place: int, places: int) -> Progress | None:
    """The progress of one part as that of the whole."""
    if progress is None:
        return None
    return lambda done, total, text: progress(place * total + done, places * total, text)


def _guessing(data: datasets.Dataset) -> float:
    """The error of naming the most frequent class."""
    usual = int(data.train.y.bincount().argmax())
    return float((data.test.y != usual).double().mean())


def compare(result: Result) -> list[Comparison]:
    """The paper's rectifiers without pretraining, three layers of 1,000, beside ours.

    A set that was made here is not the paper's, whatever its name, and is not compared.
    """
    name = result.data["name"].split(" ")[0]
    cell = paper.TABLE_1.get(("rectifier", name, "none"))
    if cell is None or result.data["source"] == "embedded":
        return []
    here = 100 * float(np.median(result.errors()[1]))
    return [Comparison(quantity="test error, rectifiers", paper=cell.value, here=here, unit="%")]


def describe(result: Result) -> str:
    """The finding in one sentence."""
    linear, network = 100 * np.median(result.errors(), axis=-1)
    return (
        f"On the test examples, the linear model errs on {linear:.1f} %, two layers of rectifiers "
        f"on {network:.1f} %; always naming the most frequent class errs on "
        f"{100 * result.guessing[0]:.0f} %."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """One point a seed for each kind of model, and guessing."""
    errors = 100 * result.errors()
    linear, network = np.median(errors, axis=-1)
    fig, ax = figures.axes(
        title=f"Rectifiers err on {network:.1f} %, a linear model on {linear:.1f} %",
        subtitle=subtitle,
    )
    nothing = np.full(errors.shape[-1], np.nan)
    figures.strips(ax, [errors[0], nothing], color=figures.INK)
    figures.strips(ax, [nothing, errors[1]], color=figures.COLORS["rectifier"])
    ax.axhline(100 * result.guessing[0], color=figures.CHANCE, linestyle="--", linewidth=1)
    ax.set_xticks([1, 2], KINDS)
    ax.set(ylim=(0, 100), xlabel="model (dashed: guessing)", ylabel="test error (%)")
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples\n"
        f"{config['hidden']} x {config['width']} rectifiers · batch {config['batch_size']}, "
        f"{config['epochs']} epochs · {len(config['seeds'])} seeds"
    )
