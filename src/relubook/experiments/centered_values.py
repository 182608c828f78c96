"""What "centered-inputs" fixes, what it finds, and the numbers read from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook import paper
from relubook.experiments.pretrained import STARTS

INPUTS = ("as they are", "centered")
"""The rows of every array."""
_MOST = 0.5  # of the seeds
_FEWEST = 2  # rates, of which none lies within


@dataclass(frozen=True, kw_only=True)
class Config:
    """What an experiment fixes.

    Attributes:
        data: Name of the data set.
        hidden: Units of each hidden layer.
        restoring_rates: Learning rates to choose from for each layer that is pretrained [1].
        learning_rates: The same for learning with labels [1].
        seeds: One replication each: of weights, order and noise.
        restoring_epochs: Passes over the training examples for each layer.
        epochs: Passes over them with labels.
        examples: How many of the first training, validation and test examples to take; None for
            all.
        l1: Penalty on hidden outputs, in both phases [1].
        batch_size: Examples a step.
    """

    data: str
    hidden: tuple[int, ...]
    restoring_rates: tuple[float, ...]
    learning_rates: tuple[float, ...]
    seeds: tuple[int, ...]
    restoring_epochs: int
    epochs: int
    examples: tuple[int | None, int | None, int | None]
    l1: float = paper.PROTOCOL["l1"].value
    batch_size: int = int(paper.PROTOCOL["batch_size"].value)


@dataclass(frozen=True, kw_only=True)
class Result:
    """Rows are those of `INPUTS`, starts those of `STARTS`: without and with pretraining.

    A unit is dead if no validation example, as it is without noise, activates it.

    Attributes:
        test_error: Of each seed's network with the lowest validation error, in its best epoch [1].
        validation_error: Of the same [1].
        rate: Its learning rate [1].
        best_epoch: The epoch of lowest validation error.
        diverged: Epoch of divergence of that network, or -1.
        zeros: Exact zeros among a layer's outputs, on the test split [1].
        rate_validation: Lowest validation error with every rate [1].
        restore_error: Lowest cost of restoring a validation example, of the layers kept.
        restore_rate: Their learning rates [1].
        restore_dead: Units that were dead then [1].
        restore_tried: Lowest cost of restoring with every rate; NaN where it was never finite.
        dead_tried: Dead units of the first layer with every rate, at its lowest cost [1].
        error_tried: That cost.
        restoring_rates: The rates tried [1].
        shared: The squared norm of the mean training input over the mean squared norm [1].
        data: Name, sha256 and source of the data.
    """

    test_error: Float[np.ndarray, "inputs starts seeds"]
    validation_error: Float[np.ndarray, "inputs starts seeds"]
    rate: Float[np.ndarray, "inputs starts seeds"]
    best_epoch: Int[np.ndarray, "inputs starts seeds"]
    diverged: Int[np.ndarray, "inputs starts seeds"]
    zeros: Float[np.ndarray, "inputs starts seeds layers"]
    rate_validation: Float[np.ndarray, "inputs starts rates seeds"]
    restore_error: Float[np.ndarray, "inputs layers seeds"]
    restore_rate: Float[np.ndarray, "inputs layers seeds"]
    restore_dead: Float[np.ndarray, "inputs layers seeds"]
    restore_tried: Float[np.ndarray, "inputs layers restoring_rates seeds"]
    dead_tried: Float[np.ndarray, "inputs restoring_rates seeds"]
    error_tried: Float[np.ndarray, "inputs restoring_rates seeds"]
    restoring_rates: Float[np.ndarray, "restoring_rates"]
    shared: Float[np.ndarray, ""]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def at_an_end(self) -> list[str]:
        """Where most seeds chose the smallest or largest rate of a grid, which may end too early.

        First the layers that were pretrained, then learning with labels.
        """
        layers = {
            f"{inputs}, layer {layer} restoring": tried
            for inputs, row in zip(INPUTS, self.restore_tried, strict=True)
            for layer, tried in enumerate(row, start=1)
        }
        labeled = {
            f"{inputs}, pretraining: {start}": tried
            for inputs, row in zip(INPUTS, self.rate_validation, strict=True)
            for start, tried in zip(STARTS, row, strict=True)
        }
        return [name for name, tried in (layers | labeled).items() if _ends(tried)]


def _ends(tried: Float[np.ndarray, "rates seeds"]) -> bool:
    """Whether the lowest lies at an end of the grid for most seeds."""
    best = np.nan_to_num(tried, nan=np.inf).argmin(axis=0)
    return len(tried) > _FEWEST and bool(np.isin(best, (0, len(tried) - 1)).mean() > _MOST)


def dead(
    arrays: Mapping[str, np.ndarray], inputs: str
) -> Float[np.ndarray, "restoring_rates seeds"]:
    """Dead units of the first layer with every rate [%].

    NaN for a rate and seed of which a layer, with this or the other inputs, had no finite cost: so
    both are compared at the same rates.

    Args:
        arrays: As in a record.
        inputs: A name of `INPUTS`.
    """
    both = np.isfinite(arrays["error_tried"]).all(axis=0)
    return np.where(both, 100 * arrays["dead_tried"][INPUTS.index(inputs)], np.nan)


def dead_by_seed(arrays: Mapping[str, np.ndarray], inputs: str) -> Float[np.ndarray, "seeds"]:
    """The mean of `dead` over the rates of each seed [%]; NaN for a seed that has none."""
    shares = dead(arrays, inputs)
    counts = np.isfinite(shares).sum(axis=0)
    return np.where(counts > 0, np.nansum(shares, axis=0) / np.maximum(counts, 1), np.nan)


def errors(arrays: Mapping[str, np.ndarray], inputs: str, start: str) -> Float[np.ndarray, "seeds"]:
    """Test errors [%]; NaN where the network diverged.

    Args:
        arrays: As in a record.
        inputs: A name of `INPUTS`.
        start: A name of `STARTS`.
    """
    place = INPUTS.index(inputs), STARTS.index(start)
    return np.where(arrays["diverged"][place] < 0, 100 * arrays["test_error"][place], np.nan)


def added(arrays: Mapping[str, np.ndarray], inputs: str) -> Float[np.ndarray, "seeds"]:
    """Test error with pretraining minus without it, paired by seed [points]."""
    return errors(arrays, inputs, "with") - errors(arrays, inputs, "none")
