"""What "table-2" fixes, what it finds, and the numbers read from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.experiments.pretrained import STARTS
from relubook.experiments.rate_grids import best_at_an_end
from relubook.experiments.text_networks import Restoring

NETWORKS = {  # as `paper.TABLE_2` calls them: kind of units, and hidden layers
    "no hidden layer": ("rectifier", 0),
    "rectifier, 1 layer": ("rectifier", 1),
    "rectifier, 3 layers": ("rectifier", 3),
    "tanh, 3 layers": ("tanh", 3),
}
UNITS = ("rectifier", "tanh")  # that are pretrained
DEPTH = 3
CELLS = (
    (next(iter(NETWORKS)), "none"),
    *((name, start) for name in list(NETWORKS)[1:] for start in STARTS),
)


@dataclass(frozen=True, kw_only=True)
class Config:
    """What an experiment fixes.

    Attributes:
        data: Name of a set of reviews with stars.
        width: Units of each hidden layer.
        folds: Parts of the labeled reviews; each is the validation split of one network of a cell.
        seeds: Of weights, orders and noise, one for each fold.
        labeled: How many labeled reviews to take at most.
        unlabeled: How many without stars at most, besides.
        tested: How many test reviews at most.
        restoring: How networks are pretrained.
        linear_rates: Learning rates to choose from without a hidden layer [1].
        learning_rates: The same for networks with hidden layers [1].
        l1: Penalty on the sum of |h| over units, in both phases and for all kinds of units [1].
        batch_size: Examples a step.
        epochs: Passes over the training reviews with labels.
    """

    data: str
    width: int
    folds: int
    seeds: tuple[int, ...]
    labeled: int
    unlabeled: int
    tested: int
    restoring: Restoring
    linear_rates: tuple[float, ...]
    learning_rates: tuple[float, ...]
    l1: float
    batch_size: int
    epochs: int

    def __post_init__(self) -> None:
        if not 2 <= self.folds == len(self.seeds):
            raise ValueError(
                "There must be at least 2 `folds`, and one of the `seeds` for each. Got "
                f"{self.folds} and {len(self.seeds)}."
            )


@dataclass(frozen=True, kw_only=True)
class Result:
    """Rows are those of `NETWORKS`, starts those of `STARTS`.

    Without a hidden layer there is no pretraining, and its numbers are NaN or -1.

    Attributes:
        test_error: Root of the mean squared difference of expected from given stars, of each fold's
            network with the lowest validation error, in its best epoch [star].
        validation_error: Of the same, on its fold [star].
        train_loss: Cross-entropy while it trained, in that epoch [nat].
        rate: Its learning rate [1].
        best_epoch: That epoch.
        diverged: Epoch of divergence of that network, or -1.
        zeros: Exact zeros among a layer's outputs, on the test reviews [1]; NaN above the last.
        dead: Units of a layer that no test review activates [1].
        rate_validation: Lowest validation error with every rate [star]; rates that were not tried
            have NaN.
        restore_error: Lowest cost of restoring a review, of the layers kept; rows as `UNITS`.
        restore_rate: Their learning rates [1].
        restore_dead: Units that were dead then [1].
        restore_tried: Lowest cost of restoring with every rate.
        input_zeros: Exact zeros among the inputs, test reviews [1].
        guess_error: Of always expecting the mean stars of the fold's training reviews [star].
        stars: How many each class stands for.
        counts: Reviews that were labeled, without labels besides, and tested on.
        removed: Repeats that were removed from training, validation and unlabeled reviews.
        data: Name, sha256 and source of the data.
    """

    test_error: Float[np.ndarray, "networks starts folds"]
    validation_error: Float[np.ndarray, "networks starts folds"]
    train_loss: Float[np.ndarray, "networks starts folds"]
    rate: Float[np.ndarray, "networks starts folds"]
    best_epoch: Int[np.ndarray, "networks starts folds"]
    diverged: Int[np.ndarray, "networks starts folds"]
    zeros: Float[np.ndarray, "networks starts folds layers"]
    dead: Float[np.ndarray, "networks starts folds layers"]
    rate_validation: Float[np.ndarray, "networks starts rates folds"]
    restore_error: Float[np.ndarray, "units layers folds"]
    restore_rate: Float[np.ndarray, "units layers folds"]
    restore_dead: Float[np.ndarray, "units layers folds"]
    restore_tried: Float[np.ndarray, "units layers restoring_rates folds"]
    input_zeros: Float[np.ndarray, ""]
    guess_error: Float[np.ndarray, "folds"]
    stars: Float[np.ndarray, "classes"]
    counts: Int[np.ndarray, "3"]
    removed: Int[np.ndarray, "3"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def at_an_end(self) -> list[str]:
        """Cells most of whose folds validated best at an end of the grid of rates."""
        return [
            f"{name}, {start}"
            for name, start in CELLS
            if best_at_an_end(self.rate_validation[place(name, start)])
        ]

    def restored_at_an_end(self) -> list[str]:
        """The same for layers that were pretrained."""
        return [
            f"{unit}, layer {layer}"
            for unit, row in zip(UNITS, self.restore_tried, strict=True)
            for layer, tried in enumerate(row, start=1)
            if best_at_an_end(tried)
        ]


def place(network: str, start: str) -> tuple[int, int]:
    """Where a cell stands in the arrays.

    Args:
        network: A key of `NETWORKS`.
        start: A name of `STARTS`.
    """
    return list(NETWORKS).index(network), STARTS.index(start)


def errors(
    arrays: Mapping[str, np.ndarray], network: str, start: str
) -> Float[np.ndarray, "folds"]:
    """Test errors of one cell [star]; a network that diverged has NaN.

    Args:
        arrays: As in a record.
        network: A key of `NETWORKS`.
        start: A name of `STARTS`.
    """
    row = place(network, start)
    return np.where(arrays["diverged"][row] < 0, arrays["test_error"][row], np.nan)


def zeros(arrays: Mapping[str, np.ndarray], network: str, start: str) -> Float[np.ndarray, "folds"]:
    """Exact zeros of one cell, the mean of its hidden layers, or of the inputs if it has none [%].

    The paper's sparsity without a hidden layer is that of the inputs (glorot2011, p. 322).

    Args:
        arrays: As in a record.
        network: A key of `NETWORKS`.
        start: A name of `STARTS`.
    """
    row = place(network, start)
    if not NETWORKS[network][1]:
        return np.full(arrays["diverged"].shape[-1], 100 * float(arrays["input_zeros"]))
    shares = arrays["zeros"][row][:, : NETWORKS[network][1]].mean(axis=1)
    return np.where(arrays["diverged"][row] < 0, 100 * shares, np.nan)
