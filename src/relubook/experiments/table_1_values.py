"""What "table-1" fixes, what it finds, and the numbers read from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from jaxtyping import Float, Int

from relubook import paper
from relubook.experiments.pretrained import STARTS

UNITS = ("rectifier", "tanh", "softplus")
CELLS = tuple((unit, start) for unit in UNITS for start in STARTS)
_MOST = 0.5  # of the seeds
_FEWEST = 2  # rates, of which none lies within
COLUMNS = {"mnist-5k": "mnist"}  # data sets whose place in the paper's table has another name


@dataclass(frozen=True, kw_only=True)
class Config:
    """What an experiment fixes.

    Attributes:
        data: Name of the data set.
        hidden: Units of each hidden layer.
        restoring_rates: Learning rates to choose from for each layer that is pretrained [1].
        learning_rates: The same for learning with labels [1].
        l1: Penalty on the sum of |h| over units, in both phases and for all kinds of units [1].
        seeds: One replication of the protocol each.
        batch_size: Examples a step.
        restoring_epochs: Passes over the training examples for each layer.
        epochs: Passes over them with labels.
        examples: How many of the first training, validation and test examples to take; None for
            all.
        negate: Whether half of the units are negated before learning with labels.
    """

    data: str
    hidden: tuple[int, ...]
    restoring_rates: tuple[float, ...]
    learning_rates: tuple[float, ...]
    l1: float
    seeds: tuple[int, ...]
    batch_size: int
    restoring_epochs: int
    epochs: int
    examples: tuple[int | None, int | None, int | None]
    negate: bool = True


@dataclass(frozen=True, kw_only=True)
class Result:
    """Rows are those of `UNITS`, starts those of `STARTS`: without and with pretraining.

    Attributes:
        test_error: Of each seed's network with the lowest validation error, in its best epoch [1].
        validation_error: Of the same [1].
        train_loss: Cross-entropy while it trained, in that epoch [nat].
        last_loss: The same in the last epoch [nat].
        rate: Its learning rate [1].
        best_epoch: The epoch of lowest validation error.
        diverged: Epoch of divergence of that network, or -1.
        zeros: Exact zeros among a layer's outputs, on the test split [1].
        dead: Units of a layer that no test example activates [1].
        rate_validation: Lowest validation error with every rate [1].
        rate_diverged: Epoch of divergence with every rate, or -1.
        restore_error: Lowest cost of restoring a validation example, of the layers kept.
        restore_rate: Their learning rates [1].
        restore_dead: Units that were dead then [1].
        restore_tried: Lowest cost of restoring with every rate.
        test_examples: How many errors were counted on.
        data: Name, sha256 and source of the data.
    """

    test_error: Float[np.ndarray, "units starts seeds"]
    validation_error: Float[np.ndarray, "units starts seeds"]
    train_loss: Float[np.ndarray, "units starts seeds"]
    last_loss: Float[np.ndarray, "units starts seeds"]
    rate: Float[np.ndarray, "units starts seeds"]
    best_epoch: Int[np.ndarray, "units starts seeds"]
    diverged: Int[np.ndarray, "units starts seeds"]
    zeros: Float[np.ndarray, "units starts seeds layers"]
    dead: Float[np.ndarray, "units starts seeds layers"]
    rate_validation: Float[np.ndarray, "units starts rates seeds"]
    rate_diverged: Int[np.ndarray, "units starts rates seeds"]
    restore_error: Float[np.ndarray, "units layers seeds"]
    restore_rate: Float[np.ndarray, "units layers seeds"]
    restore_dead: Float[np.ndarray, "units layers seeds"]
    restore_tried: Float[np.ndarray, "units layers restoring_rates seeds"]
    test_examples: Int[np.ndarray, ""]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def at_an_end(self) -> list[str]:
        """Cells of which most seeds chose the smallest or largest rate of the grid.

        A grid that ends where it is best may end too early.
        """
        tried = self.rate_validation.shape[2]
        best = np.nan_to_num(self.rate_validation, nan=np.inf).argmin(axis=2)
        ends = np.isin(best, (0, tried - 1)).mean(axis=-1)
        return [
            f"{unit}, {start}"
            for unit, row in zip(UNITS, ends, strict=True)
            for start, share in zip(STARTS, row, strict=True)
            if share > _MOST and tried > _FEWEST
        ]

    def restored_at_an_end(self) -> list[str]:
        """The same for layers that were pretrained."""
        tried = self.restore_tried.shape[2]
        best = np.nan_to_num(self.restore_tried, nan=np.inf).argmin(axis=2)
        ends = np.isin(best, (0, tried - 1)).mean(axis=-1)
        return [
            f"{unit}, layer {layer}"
            for unit, row in zip(UNITS, ends, strict=True)
            for layer, share in enumerate(row, start=1)
            if share > _MOST and tried > _FEWEST
        ]

    def late(self, epochs: int) -> Float[np.ndarray, "units starts"]:
        """The share of networks that were best in the last tenth of so many epochs [1]."""
        return (self.best_epoch >= 0.9 * epochs).mean(axis=-1)


def cell(
    arrays: Mapping[str, np.ndarray], quantity: str, unit: str, start: str
) -> Float[np.ndarray, "seeds"]:
    """One cell of a quantity by seed, the mean of the layers where it has layers.

    A network that diverged has NaN.

    Args:
        arrays: As in a record.
        quantity: A name of the arrays with units, starts and seeds.
        unit: A name of `UNITS`.
        start: A name of `STARTS`.
    """
    place = UNITS.index(unit), STARTS.index(start)
    row = arrays[quantity][place]
    row = row if row.ndim == 1 else row.mean(axis=1)
    return np.where(arrays["diverged"][place] < 0, row, np.nan)


def errors(arrays: Mapping[str, np.ndarray], unit: str, start: str) -> Float[np.ndarray, "seeds"]:
    """Test errors of one cell [%]."""
    return 100 * cell(arrays, "test_error", unit, start)


def gain(arrays: Mapping[str, np.ndarray], unit: str) -> Float[np.ndarray, "seeds"]:
    """Test error without pretraining minus with it, paired by seed [points]."""
    return errors(arrays, unit, "none") - errors(arrays, unit, "with")


def column(data: str) -> Literal["mnist", "cifar10", "nistp", "norb"] | None:
    """The column of the paper's Table 1 that a data set belongs to, or stands in for."""
    name = COLUMNS.get(data, data)
    return next((place for place in paper.DATA if place == name), None)
