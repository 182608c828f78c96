"""What "training-map" is given and what it gives, and the numbers that follow from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from relubook.experiments.quartet import UNITS

STARTS: dict[str, tuple[str, float]] = {
    "torch's default": ("torch", 1.0),
    "Glorot": ("glorot", 1.0),
    "He": ("he", 1.0),
    "Glorot x 2": ("glorot", 2.0),
    "Glorot x 4": ("glorot", 4.0),
    "Glorot x 8": ("glorot", 8.0),
}
"""Initialization and gain of each start, from the smallest weights of a hidden layer on."""
SUCCESS = 0.2  # a network has learned when its validation error is below [1]; chance is 0.9


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which networks are trained, and when they are looked at.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depths: Numbers of hidden layers.
        starts: Names of `STARTS`.
        learning_rates: Step sizes [1].
        steps: Numbers of training steps after which every network is measured, ascending.
        batch_size: Examples a step.
        seeds: Of weights and order; one network of each kind for each.
        train_examples: How many of the first examples to take; None for all.
    """

    data: str
    width: int
    depths: tuple[int, ...]
    starts: tuple[str, ...]
    learning_rates: tuple[float, ...]
    steps: tuple[int, ...]
    batch_size: int
    seeds: tuple[int, ...]
    train_examples: int | None


@dataclass(frozen=True, kw_only=True)
class Result:
    """One cell for each activation of `UNITS`, depth, start and learning rate.

    Attributes:
        depth: Hidden layers.
        start: Places in `STARTS`.
        learning_rate: Step sizes [1].
        step: Training steps after which the networks were measured.
        error: Validation error [1]; NaN from when a network's weights are no longer finite.
        dead: Hidden units that no validation example activates, after the last step, mean of the
            layers [1]; NaN for a network that diverged.
        dead_layer: The same of the layer that has most of them [1].
        zeros: Exact zeros among the hidden activations then, mean of the layers [1].
        data: Name, sha256 and source of the data.
    """

    depth: Int[np.ndarray, "depths"]
    start: Int[np.ndarray, "starts"]
    learning_rate: Float[np.ndarray, "rates"]
    step: Int[np.ndarray, "steps"]
    error: Float[np.ndarray, "units depths starts rates steps seeds"]
    dead: Float[np.ndarray, "units depths starts rates seeds"]
    dead_layer: Float[np.ndarray, "units depths starts rates seeds"]
    zeros: Float[np.ndarray, "units depths starts rates seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """The cell of lowest median error on some part of the map.

    Attributes:
        start: A name of `STARTS`.
        learning_rate: Step size [1].
        error: Validation error of its networks, 1 for one that diverged [1].
    """

    start: str
    learning_rate: float
    error: Float[np.ndarray, "seeds"]

    @property
    def median(self) -> float:
        """The median error [1]."""
        return float(np.median(self.error))

    def __str__(self) -> str:
        if self.median == 1:
            return f"{self.start} diverged at every rate"
        return f"{self.start} at rate {self.learning_rate:g} with {100 * self.median:.0f} % error"


def nearest_depth(arrays: Mapping[str, np.ndarray], depth: int) -> int:
    """The recorded number of hidden layers that is nearest to one."""
    return int(arrays["depth"][np.abs(arrays["depth"] - depth).argmin()])


def grid_of(
    arrays: Mapping[str, np.ndarray], activation: str, depth: int, *, moment: int = -1
) -> Float[np.ndarray, "starts rates seeds"]:
    """Validation error over starts and learning rates [1]; 1 for a network that diverged.

    Args:
        arrays: As in a record.
        activation: A name of `UNITS`.
        depth: Hidden layers.
        moment: Place among the recorded steps; by default the last.

    Raises:
        ValueError: If the record has no networks so deep.
    """
    places = np.flatnonzero(arrays["depth"] == depth)
    if not len(places):
        known = ", ".join(str(number) for number in arrays["depth"])
        raise ValueError(f"The `depth` of a recorded map must be one of {known}. Got {depth}.")
    found = arrays["error"][UNITS.index(activation), places[0], :, :, moment]
    return np.nan_to_num(found, nan=1.0)


def learned(errors: Float[np.ndarray, "*cells seeds"]) -> Bool[np.ndarray, "*cells seeds"]:
    """Whether each network has: its error is below `SUCCESS`."""
    return errors < SUCCESS


def cells_that_learn(errors: Float[np.ndarray, "starts rates seeds"]) -> int:
    """In how many cells the median error is below `SUCCESS`."""
    return int((np.median(errors, axis=-1) < SUCCESS).sum())


def share_that_learns(
    errors: Float[np.ndarray, "starts rates seeds"],
) -> Float[np.ndarray, "seeds"]:
    """The share of a grid's cells in which the network of each seed has learned [1]."""
    return learned(errors).mean(axis=(0, 1))


def best_cell(
    arrays: Mapping[str, np.ndarray],
    activation: str,
    depth: int,
    *,
    start: str | None = None,
    moment: int = -1,
) -> Cell:
    """The cell of lowest median error, of equals that of the smaller start and rate.

    Args:
        arrays: As in a record.
        activation: A name of `UNITS`.
        depth: Hidden layers.
        start: A name of `STARTS` to stay with; by default any.
        moment: Place among the recorded steps; by default the last.
    """
    errors = grid_of(arrays, activation, depth, moment=moment)
    medians = np.median(errors, axis=-1)
    if start is not None:
        medians[arrays["start"] != list(STARTS).index(start)] = np.inf
    row, column = np.unravel_index(int(medians.argmin()), medians.shape)
    return Cell(
        start=list(STARTS)[arrays["start"][row]],
        learning_rate=float(arrays["learning_rate"][column]),
        error=errors[row, column],
    )


def steps_to_learn(arrays: Mapping[str, np.ndarray], activation: str, depth: int) -> int:
    """The first recorded step after which some cell has learned; 0 if none ever has."""
    for moment, step in enumerate(arrays["step"].tolist()):
        if cells_that_learn(grid_of(arrays, activation, depth, moment=moment)):
            return step
    return 0
