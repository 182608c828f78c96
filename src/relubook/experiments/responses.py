"""Five responses of a unit, trained: footnote 3's two, and one of every kind of symmetry.

The learning rate of each is chosen on the validation split, with networks of seeds of their own;
then other networks are trained with it. No penalty, biases from zero, uniform Glorot weights.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, Int
from matplotlib.figure import Figure

from relubook import datasets, records
from relubook.experiments import response_figures
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.history import History
from relubook.networks import MLP, sizes
from relubook.training import Progress, Schedule, grid, train

NAME = "responses"
TITLE = "One-sided, antisymmetric, symmetric: five responses trained (page 320, footnote 3)"
REVISION = 1

UNITS = response_figures.UNITS


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depth: Hidden layers.
        learning_rates: Step sizes to choose from [1], the same for every activation.
        rate_seeds: Of the networks that choose the learning rate.
        seeds: Of the networks that are reported, none of `rate_seeds`.
        batch_size: Examples a step.
        epochs: Passes over the training examples.
        train_examples: How many of the first examples to take; None for all.
    """

    data: str
    width: int
    depth: int
    learning_rates: tuple[float, ...]
    rate_seeds: tuple[int, ...]
    seeds: tuple[int, ...]
    batch_size: int
    epochs: int
    train_examples: int | None


@dataclass(frozen=True, kw_only=True)
class Result:
    """Numbers at each network's best validation epoch, one row per activation of `UNITS`.

    Attributes:
        rate: The learning rates tried [1].
        rate_validation: Validation error while choosing [1]; 1 for a network that diverged before
            its first epoch was over.
        rate_test: Test error of the same networks [1]; NaN for one that diverged at once. It
            chooses nothing.
        rate_diverged: Epoch of divergence, or -1.
        chosen: The learning rate of each activation [1]: the lowest median validation error.
        validation_error: Of the networks trained with it [1].
        test_error: Of the same [1].
        zero_fraction: Exact zeros on the test split [1].
        best_epoch: The epoch of lowest validation error.
        diverged: Epoch of divergence, or -1.
        data: Name, sha256 and source of the data.
    """

    rate: Float[np.ndarray, "rates"]
    rate_validation: Float[np.ndarray, "kinds rates rate_seeds"]
    rate_test: Float[np.ndarray, "kinds rates rate_seeds"]
    rate_diverged: Int[np.ndarray, "kinds rates rate_seeds"]
    chosen: Float[np.ndarray, "kinds"]
    validation_error: Float[np.ndarray, "kinds seeds"]
    test_error: Float[np.ndarray, "kinds seeds"]
    zero_fraction: Float[np.ndarray, "kinds seeds layers"]
    best_epoch: Int[np.ndarray, "kinds seeds"]
    diverged: Int[np.ndarray, "kinds seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def at_an_end(self) -> list[str]:
        """Activations whose chosen rate is the smallest or largest of the grid."""
        ends = self.rate.min(), self.rate.max()
        return [name for name, rate in zip(UNITS, self.chosen, strict=True) if rate in ends]


def configure(scale: str, data: str | None = None) -> Config:
    """3 x 128 units at `laptop`; at `paper` the paper's width, batch and all of the examples."""
    seeds, choosing = tuple(range(10)), (100, 101, 102)
    rates = (1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.003, 0.001)
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=24, depth=2, learning_rates=(0.2, 0.05),
            rate_seeds=(100,), seeds=(0, 1), batch_size=32, epochs=2, train_examples=800,
        )  # fmt: skip
    if scale == "paper":
        return Config(
            data=data or "mnist", width=1000, depth=3, learning_rates=rates[2:],
            rate_seeds=choosing, seeds=seeds, batch_size=10, epochs=30, train_examples=None,
        )  # fmt: skip
    data = data or "mnist-5k"
    return Config(
        data=data, width=128, depth=3, learning_rates=rates, rate_seeds=choosing, seeds=seeds,
        batch_size=32, epochs=40 if data == "mnist-5k" else 12, train_examples=20_000,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Choose each activation's learning rate, then train the networks that are reported."""
    data, passport = open_data(config.data, config.train_examples)
    tried, kept = len(config.learning_rates) * len(config.rate_seeds), len(config.seeds)
    each = config.epochs * (tried + kept)
    rows = []
    for place, name in enumerate(UNITS):
        whole = part_of(progress, place * each, each, each * len(UNITS))
        file = None if checkpoints is None else Path(f"{checkpoints}.{name}")
        choosing = _train(
            config, data, name, config.learning_rates, config.rate_seeds, device=device,
            progress=part_of(whole, 0, config.epochs * tried, each), file=file,
        )  # fmt: skip
        row = _choice(config, choosing)
        reported = _train(
            config, data, name, (float(row["chosen"]),), config.seeds, device=device,
            progress=part_of(whole, config.epochs * tried, config.epochs * kept, each), file=file,
        )  # fmt: skip
        rows.append(row | _reported(reported))
    columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return Result(rate=np.array(config.learning_rates), data=passport, **columns)


def _train(
    config: Config,
    data: datasets.Dataset,
    activation: str,
    rates: tuple[float, ...],
    seeds: tuple[int, ...],
    *,
    device: str,
    progress: Progress | None,
    file: Path | None,
) -> History:
    """The history of one activation's networks, one for each rate and seed, side by side."""
    hyper = grid(learning_rate=rates, seed=seeds)
    shape = sizes(inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs)
    network = MLP(shape, seeds=hyper.seed.tolist(), activation=activation, device=device)
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size, keep="last")
    checkpoint = None if file is None else Path(f"{file}.{len(rates)}-rates.npz")
    return train(network, data, hyper, schedule, progress=progress, checkpoint=checkpoint)


def _choice(config: Config, history: History) -> dict[str, np.ndarray]:
    """The networks that choose, [rates rate_seeds], and the rate with the lowest median."""
    table = (len(config.learning_rates), len(config.rate_seeds))
    validation = np.nan_to_num(history.at_best("validation_error"), nan=1.0).reshape(table)
    medians, rates = np.median(validation, axis=1), np.array(config.learning_rates)
    return {
        "rate_validation": validation,
        "rate_test": history.at_best("test_error").reshape(table),
        "rate_diverged": history.diverged.reshape(table),
        "chosen": rates[np.lexsort((rates, medians))[0]],  # of equals the smaller one
    }


def _reported(history: History) -> dict[str, np.ndarray]:
    """The networks trained with the chosen rate."""
    return {
        "validation_error": history.at_best("validation_error"),
        "test_error": history.at_best("test_error"),
        "zero_fraction": history.at_best("zero_fraction").T,
        "best_epoch": history.best_epoch,
        "diverged": history.diverged,
    }


def compare(result: Result) -> list[Comparison]:
    """The paper gives no number for these comparisons: nothing to set beside ours."""
    return []


def describe(result: Result) -> str:
    """The finding in one sentence."""
    errors = 100 * np.nanmean(result.test_error, axis=1)
    texts = ", ".join(f"{name} {error:.2f} %" for name, error in zip(UNITS, errors, strict=True))
    return f"Mean test error with each activation's own learning rate: {texts}."


def draw(result: Result, subtitle: str = "") -> Figure:
    """Test error by activation, one point a seed, grouped by symmetry."""
    return response_figures.errors_by_symmetry(result.test_error, result.chosen, subtitle)


def describe_rates(result: Result) -> str:
    """The finding of `draw_rates` in one sentence."""
    near = response_figures.usable_rates(result.rate_validation)
    texts = ", ".join(f"{name} {count}" for name, count in zip(UNITS, near, strict=True))
    return (
        f"Of {len(result.rate)} learning rates, those with a median validation error at most twice "
        f"that of the activation's best: {texts}."
    )


def draw_rates(result: Result, subtitle: str = "") -> Figure:
    """Validation error over the learning rate, for every activation."""
    return response_figures.errors_by_rate(result.rate, result.rate_validation, subtitle)


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples · "
        f"{config['depth']} x {config['width']} units, no penalty\nbatch {config['batch_size']}, "
        f"{config['epochs']} epochs · {len(config['seeds'])} seeds, learning rates chosen on "
        f"validation with {len(config['rate_seeds'])} others"
    )
