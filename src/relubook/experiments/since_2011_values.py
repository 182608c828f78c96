"""What "since-2011" fixes before it runs, what it measures, and what is read from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook import paper


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A way to train networks of rectifiers.

    Attributes:
        initialization: The range of the first weights, as `MLP` takes it.
        pretrained: Whether they learn to restore first.
        optimizer: `SGD` or `Adam`.
        activation: As `MLP` takes it.
    """

    initialization: str = "glorot"
    pretrained: bool = False
    optimizer: str = "SGD"
    activation: str = "rectifier"


KINDS: dict[str, Kind] = {
    "2011, without": Kind(),
    "2011, pretrained": Kind(pretrained=True),
    "He's range": Kind(initialization="he"),
    "He, Adam": Kind(initialization="he", optimizer="Adam"),
    "He, Adam, batch normalization": Kind(
        initialization="he", optimizer="Adam", activation="normalized(rectifier)"
    ),
    "2011, pretrained, Adam": Kind(pretrained=True, optimizer="Adam"),
}
"""The rows of every array. The paper's two come first; in 2011 the range was Glorot's."""
FEW = 100
"""Labels that the claim is about."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what.

    Attributes:
        data: Name of the data set.
        widths: Units of each hidden layer.
        labels: How many training examples have a label, rising; None for all.
        seeds: One replication each: of weights, order, noise and the choice of labels.
        restoring_rates: Learning rates to choose from while restoring [1].
        sgd_rates: The same for stochastic gradient descent with labels [1].
        adam_rates: As many for Adam [1].
        restoring_epochs: Passes over all training examples for each layer.
        epochs: Passes over the examples that have a label, for each number of them.
        examples: How many of each split to take: train, validation, test; None for all.
        l1: Penalty on hidden outputs, of all kinds and in both phases [1].
        batch_size: Examples a step.
    """

    data: str
    widths: tuple[int, ...]
    labels: tuple[int | None, ...]
    seeds: tuple[int, ...]
    restoring_rates: tuple[float, ...] = (0.03, 0.01, 0.003, 0.001)
    sgd_rates: tuple[float, ...] = (0.3, 0.1, 0.03, 0.01, 0.003)
    adam_rates: tuple[float, ...] = (0.01, 0.003, 0.001, 0.0003)
    restoring_epochs: int
    epochs: tuple[int, ...]
    examples: tuple[int | None, int | None, int | None]
    l1: float = paper.PROTOCOL["l1"].value
    batch_size: int = int(paper.PROTOCOL["batch_size"].value)

    def rates(self, kind: Kind) -> tuple[float, ...]:
        """Learning rates to choose from for networks of one kind [1]."""
        return self.adam_rates if kind.optimizer == "Adam" else self.sgd_rates


@dataclass(frozen=True, kw_only=True)
class Result:
    """Of each seed the network with the lowest validation error of all rates, at its best epoch.

    Kinds are those of `KINDS`. A network that diverged is here only if those of all rates did.

    Attributes:
        labels: How many training examples have a label.
        test_error: [1].
        validation_error: [1].
        last_loss: Mean cross-entropy while training in the last epoch [nat].
        rate: The learning rate chosen [1].
        rate_validation: Lowest validation error with each rate, the largest rate first [1]; NaN
            where a kind has fewer rates.
        best_epoch: The epoch of lowest validation error, the first of equals.
        diverged: Epoch of divergence, or -1.
        zeros: Exact zeros among a layer's outputs on the test split [1].
        restore_error: Cost of restoring a corrupted validation example, of the layer kept.
        restore_dead: Share of that layer's units that no validation example activates [1].
        restore_rate: Learning rate of that layer [1].
        restore_tried: Cost of restoring with each rate; NaN where it was never finite.
        data: Name, sha256 and source of the data.
    """

    labels: Int[np.ndarray, "labels"]
    test_error: Float[np.ndarray, "kinds labels seeds"]
    validation_error: Float[np.ndarray, "kinds labels seeds"]
    last_loss: Float[np.ndarray, "kinds labels seeds"]
    rate: Float[np.ndarray, "kinds labels seeds"]
    rate_validation: Float[np.ndarray, "kinds labels rates seeds"]
    best_epoch: Int[np.ndarray, "kinds labels seeds"]
    diverged: Int[np.ndarray, "kinds labels seeds"]
    zeros: Float[np.ndarray, "kinds labels seeds layers"]
    restore_error: Float[np.ndarray, "layers seeds"]
    restore_dead: Float[np.ndarray, "layers seeds"]
    restore_rate: Float[np.ndarray, "layers seeds"]
    restore_tried: Float[np.ndarray, "layers restoring_rates seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}


def errors(arrays: Mapping[str, np.ndarray], kind: str) -> Float[np.ndarray, "labels seeds"]:
    """Test errors of one kind [%]; NaN where the network diverged.

    Args:
        arrays: As in a record.
        kind: A name of `KINDS`.
    """
    row = list(KINDS).index(kind)
    return np.where(arrays["diverged"][row] < 0, 100 * arrays["test_error"][row], np.nan)


def behind(
    arrays: Mapping[str, np.ndarray], kind: str, other: str = "2011, pretrained"
) -> Float[np.ndarray, "labels seeds"]:
    """How much more networks of one kind err than those of another, seed by seed [points].

    Args:
        arrays: As in a record.
        kind: A name of `KINDS`.
        other: Another one.
    """
    return errors(arrays, kind) - errors(arrays, other)


def place_of(arrays: Mapping[str, np.ndarray], labels: int) -> int:
    """The place of the number of labels that is nearest on a logarithmic axis."""
    return int(np.abs(np.log(arrays["labels"] / labels)).argmin())
