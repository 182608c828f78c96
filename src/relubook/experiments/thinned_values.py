"""What "thinned" fixes before it runs, and what it keeps."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

TRAININGS = ("plain", "dropout")
"""Trained whole, and trained with half of the hidden units dropped at random at each example."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what, and how it is thinned.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depth: Hidden layers.
        small: Hidden layers of further networks, so small that all masks of the last two layers
            can be tried.
        learning_rate: Step size [1].
        seeds: Of weights, order and masks.
        batch_size: Examples a step.
        steps: Of training.
        masks: Thinned networks that are averaged.
        counts: Of fewer of them, rising; the error of their mean is kept, too.
        train_examples: How many of the first examples to take; None for all.
        examples: How many of the first test examples thinned networks answer.
    """

    data: str
    width: int
    depth: int
    small: tuple[int, ...]
    learning_rate: float
    seeds: tuple[int, ...]
    batch_size: int
    steps: int
    masks: int
    counts: tuple[int, ...]
    train_examples: int | None
    examples: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """Trainings are those of `TRAININGS`.

    Places are where half of the units are dropped: in hidden layer 1, in 2, ..., and last in all of
    them. The scaled network is the whole one, whose units send on half of what they send in a
    thinned network.

    Attributes:
        count: Thinned networks in a mean.
        test_error: Of the scaled network on all test examples [1].
        error_scaled: Of the scaled network on the examples of the other numbers [1].
        error_one: Of one thinned network, the mean over them [1].
        error_mean: Of the normalized geometric mean of all of them [1].
        error_arithmetic: Of the mean of their probabilities [1].
        error_by_count: Of the geometric mean of the first few, with masks in all layers [1].
        divergence: Kullback-Leibler divergence of the scaled network's probabilities from the
            geometric mean, mean over examples [nat].
        flipped: Share of units behind a mask that are on in a thinned network and off in the
            scaled one, or the other way round [1]; 0 where no hidden layer is behind it.
        off: Exact zeros of each hidden layer of the scaled network [1].
        off_thinned: The same of thinned networks, with masks in all layers [1].
        patterns: How many different sets of active units the examples have in each layer.
        exact_last: Largest difference between the mean of the logits over all masks of the last
            hidden layer and the logits with its outgoing weights halved, over the largest [1].
        exact_geometric: Largest difference between the normalized geometric mean of the
            probabilities over the same masks and the probabilities with halved weights [1].
        exact_held: As `exact_last` over all masks of the last two hidden layers, where each unit is
            held on or off as it is with halved weights [1].
        exact_free: The same where masks may switch units on and off [1].
        data: Name, sha256 and source of the data.
    """

    count: Int[np.ndarray, "counts"]
    test_error: Float[np.ndarray, "trainings seeds"]
    error_scaled: Float[np.ndarray, "trainings seeds"]
    error_one: Float[np.ndarray, "trainings places seeds"]
    error_mean: Float[np.ndarray, "trainings places seeds"]
    error_arithmetic: Float[np.ndarray, "trainings places seeds"]
    error_by_count: Float[np.ndarray, "trainings counts seeds"]
    divergence: Float[np.ndarray, "trainings places seeds"]
    flipped: Float[np.ndarray, "trainings places seeds"]
    off: Float[np.ndarray, "trainings layers seeds"]
    off_thinned: Float[np.ndarray, "trainings layers seeds"]
    patterns: Int[np.ndarray, "trainings layers seeds"]
    exact_last: Float[np.ndarray, "seeds"]
    exact_geometric: Float[np.ndarray, "seeds"]
    exact_held: Float[np.ndarray, "seeds"]
    exact_free: Float[np.ndarray, "seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}
