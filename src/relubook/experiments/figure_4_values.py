"""What "figure-4" fixes before it runs, what it measures, and what pretraining saves by it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook import paper
from relubook.experiments.pretrained import STARTS

ACTIVATIONS = ("rectifier", "tanh")
"""The units of the paper's Figure 4, in the order of the first axis of every array."""
FEW = paper.LABEL_SHARES[0]
"""The smallest share of labels that the paper shows [%]."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what.

    Attributes:
        data: Name of the data set.
        widths: Units of each hidden layer.
        shares: Of the training images that get a label [%], rising.
        seeds: One replication each: of weights, order, noise and the choice of labels.
        unsupervised_rates: Learning rates to choose from while restoring [1].
        rates: Learning rates to choose from while learning with labels [1].
        l1: Penalty on hidden outputs, in both phases [1].
        batch_size: Examples a step; all labeled ones where they are fewer.
        pretraining_epochs: Passes over all training images for each layer.
        epochs: Passes over the labeled examples, after each of which validation is looked at.
        examples_a_pass: The fewest labeled examples in one such pass; fewer labels are seen more
            than once in each.
        train_examples: How many of the first examples to take; None for all.
        validation_examples: The same for the validation split.
        test_examples: The same for the test split.
    """

    data: str
    widths: tuple[int, ...]
    shares: tuple[float, ...]
    seeds: tuple[int, ...]
    unsupervised_rates: tuple[float, ...]
    rates: tuple[float, ...]
    l1: float = paper.PROTOCOL["l1"].value
    batch_size: int = int(paper.PROTOCOL["batch_size"].value)
    pretraining_epochs: int
    epochs: int
    examples_a_pass: int
    train_examples: int | None = None
    validation_examples: int | None = None
    test_examples: int | None = None

    def times(self, labels: int) -> int:
        """How often each labeled example is seen in one pass.

        Args:
            labels: How many there are.
        """
        return max(1, round(self.examples_a_pass / labels))


@dataclass(frozen=True, kw_only=True)
class Result:
    """Of each seed the networks with the lowest validation error, at their best epoch.

    Activations are those of `ACTIVATIONS`, starts those of `pretrained.STARTS`.

    Attributes:
        share: Of the training images that have a label [%].
        labels: How many those are.
        test_error: [1].
        validation_error: [1].
        train_loss_best: Mean cross-entropy while training, in the best epoch [nat].
        train_loss_last: The same in the last epoch [nat].
        rate: The learning rate chosen [1].
        best_epoch: The epoch of lowest validation error, of the first of equals.
        diverged: Epoch of divergence, or -1.
        zeros: Exact zeros among a layer's outputs on the test split [1].
        rate_validation: Lowest validation error with every rate [1]; NaN if it was never finite.
        rate_loss: Cross-entropy in the last pass with every rate [nat].
        restore_error: Cost of restoring a corrupted validation example, of the layer kept.
        restore_dead: Share of that layer's units that no validation example activates [1].
        restore_rate: Learning rate of that layer [1].
        restore_tried: Cost of restoring with each rate; NaN where it was never finite.
        data: Name, sha256 and source of the data.
    """

    share: Float[np.ndarray, "shares"]
    labels: Int[np.ndarray, "shares"]
    test_error: Float[np.ndarray, "activations starts shares seeds"]
    validation_error: Float[np.ndarray, "activations starts shares seeds"]
    train_loss_best: Float[np.ndarray, "activations starts shares seeds"]
    train_loss_last: Float[np.ndarray, "activations starts shares seeds"]
    rate: Float[np.ndarray, "activations starts shares seeds"]
    best_epoch: Int[np.ndarray, "activations starts shares seeds"]
    diverged: Int[np.ndarray, "activations starts shares seeds"]
    zeros: Float[np.ndarray, "activations starts shares seeds layers"]
    rate_validation: Float[np.ndarray, "activations starts shares seeds rates"]
    rate_loss: Float[np.ndarray, "activations starts shares seeds rates"]
    restore_error: Float[np.ndarray, "activations layers seeds"]
    restore_dead: Float[np.ndarray, "activations layers seeds"]
    restore_rate: Float[np.ndarray, "activations layers seeds"]
    restore_tried: Float[np.ndarray, "activations layers restoring_rates seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}


def of(
    arrays: Mapping[str, np.ndarray], quantity: str, activation: str, start: str
) -> Float[np.ndarray, "shares seeds *layers"]:
    """A quantity of one kind of network; NaN where the network diverged.

    Args:
        arrays: As in a record.
        quantity: A name of the arrays, with the axes of `test_error`.
        activation: One of `ACTIVATIONS`.
        start: One of `pretrained.STARTS`.
    """
    place = ACTIVATIONS.index(activation), STARTS.index(start)
    row = arrays[quantity][place].astype(float)
    row[arrays["diverged"][place] >= 0] = np.nan
    return row


def saved(
    arrays: Mapping[str, np.ndarray], quantity: str, activation: str
) -> Float[np.ndarray, "shares seeds"]:
    """A quantity without pretraining minus the same with it, seed by seed."""
    none, pretrained = (of(arrays, quantity, activation, start) for start in STARTS)
    return none - pretrained


def gain(arrays: Mapping[str, np.ndarray], activation: str) -> Float[np.ndarray, "shares seeds"]:
    """What pretraining saves of the test error, seed by seed [points]."""
    return 100 * saved(arrays, "test_error", activation)


def costs_at_one_rate(
    arrays: Mapping[str, np.ndarray], activation: str
) -> Float[np.ndarray, "starts shares seeds"]:
    """The cross-entropy of the last pass, of both starts at the rate that the plain one chose.

    Costs at different rates would tell of the rates [nat].
    """
    unit = ACTIVATIONS.index(activation)
    validation = np.nan_to_num(arrays["rate_validation"][unit, 0], nan=np.inf)
    best = validation.argmin(axis=-1)[None, ..., None]  # [1 shares seeds 1]
    return np.take_along_axis(arrays["rate_loss"][unit], best, axis=-1)[..., 0]


def place_of(arrays: Mapping[str, np.ndarray], share: float) -> int:
    """The place of the share that is nearest on a logarithmic axis."""
    return int(np.abs(np.log(arrays["share"] / share)).argmin())


def printed(share: float, activation: str, start: str) -> float:
    """The paper's test error on its NORB, read from Figure 4 [%]; NaN where it shows none."""
    number = paper.FIGURE_4.get((activation, start, share))
    return np.nan if number is None else number.value


def printed_gain(share: float, activation: str) -> float:
    """What pretraining saves in the paper's Figure 4 [points]; NaN where it shows none."""
    none, pretrained = (printed(share, activation, start) for start in STARTS)
    return none - pretrained
