"""What "factors" fixes before it runs, and what it measures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.experiments.quartet import QuartetConfig

FACTORS = ("category", "instance", "azimuth", "elevation", "light")


@dataclass(frozen=True, kw_only=True)
class Config(QuartetConfig):
    """What is trained, and which pictures its codes are asked about.

    Attributes:
        instances: Toys of each category.
        view_seed: Of the choice of views; with the registry's seed and toys the first pictures are
            those of the data set `norb`.
        validation_examples: Pictures on which training is stopped.
        fit_examples: Further pictures from whose codes the forests learn the factors.
        test_examples: Further pictures that measure what they learned.
        trees: In a forest.
        leaf: The fewest pictures in a leaf.
    """

    instances: tuple[int, ...]
    view_seed: int
    validation_examples: int
    fit_examples: int
    test_examples: int
    trees: int
    leaf: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """Groups are the activations of `UNITS`, then rectifiers trained under each penalty.

    Scores are those of `disentanglement`, of pictures never trained on; factors as in `FACTORS`.

    Attributes:
        l1: Penalty of each group [1].
        epoch: At which the weights were kept, counted from 1; 0 where the target was never met.
        validation_error: With these weights [1].
        test_error: With these weights, on the pictures of the forests [1].
        zeros: Exact zeros in the code [1].
        disentanglement: D [1].
        completeness: C [1].
        accuracy: Informativeness: how often a forest names the factor's right class [1].
        rotated: D after a random rotation of the units, without a penalty [1].
        untrained: D before training, of `UNITS` [1].
        untrained_accuracy: As `accuracy`, before training [1].
        shuffled: D of the last layer of the first seed, factors dealt out at random [1].
        guessing: How often naming the most frequent class is right, for each factor [1].
        importance: Of each unit for each factor, in the networks of the first seed [1].
        data: Name, sha256 and source of the data.
    """

    l1: Float[np.ndarray, "groups"]
    epoch: Int[np.ndarray, "groups seeds"]
    validation_error: Float[np.ndarray, "groups seeds"]
    test_error: Float[np.ndarray, "groups seeds"]
    zeros: Float[np.ndarray, "groups layers seeds"]
    disentanglement: Float[np.ndarray, "groups layers seeds"]
    completeness: Float[np.ndarray, "groups layers seeds"]
    accuracy: Float[np.ndarray, "groups factors layers seeds"]
    rotated: Float[np.ndarray, "units layers seeds"]
    untrained: Float[np.ndarray, "units layers seeds"]
    untrained_accuracy: Float[np.ndarray, "units factors layers seeds"]
    shuffled: Float[np.ndarray, "groups"]
    guessing: Float[np.ndarray, "factors"]
    importance: Float[np.ndarray, "groups layers width factors"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}
