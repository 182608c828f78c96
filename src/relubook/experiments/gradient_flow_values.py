"""What "gradient-flow" fixes before it runs, and what it measures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.experiments.quartet import UNITS

STARTS = ("glorot", "he", "torch")
NAMES = {"glorot": "Glorot's range", "he": "He's range", "torch": "torch's default"}


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks before training, and the digits shown to them.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depths: Numbers of hidden layers, from the smallest to the largest.
        seeds: Of the weights; one network for each.
        examples: How many of the first test examples are shown.
    """

    data: str
    width: int
    depths: tuple[int, ...]
    seeds: tuple[int, ...]
    examples: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """Sizes are log2 of a mean square over units (or weights) and examples; -infinity is zero.

    Starts are as in `STARTS`, activations as in `UNITS`. What has the axis `layers` belongs to the
    deepest networks, hidden layers from the first to the last; what has the axis `depths`, to
    networks of each depth.

    Attributes:
        depths: Numbers of hidden layers.
        activity: Size of the outputs h.
        by_output: Size of each example's derivative by the outputs.
        by_weights: Size of each example's derivative by the weights that lead to the layer.
        carrying: Units that carry gradient, mean over examples [1].
        effective: Over how many units the gradient by pre-activations is spread, as a share of the
            layer, mean over examples [1].
        first: Size of the derivative by the first hidden layer's outputs.
        last: Size of the derivative by the last hidden layer's outputs.
        blocked: Examples for which some layer has no unit that carries gradient [1].
        paths: log10 of the share of all paths that lead through active units only, median over
            examples.
        data: Name, sha256 and source of the data.
    """

    depths: Int[np.ndarray, "depths"]
    activity: Float[np.ndarray, "starts activations seeds layers"]
    by_output: Float[np.ndarray, "starts activations seeds layers"]
    by_weights: Float[np.ndarray, "starts activations seeds layers"]
    carrying: Float[np.ndarray, "starts activations seeds layers"]
    effective: Float[np.ndarray, "starts activations seeds layers"]
    first: Float[np.ndarray, "starts activations depths seeds"]
    last: Float[np.ndarray, "starts activations depths seeds"]
    blocked: Float[np.ndarray, "starts activations depths seeds"]
    paths: Float[np.ndarray, "starts activations depths seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}


def place(start: str, activation: str) -> tuple[int, int]:
    """Where a start and an activation stand in the first two axes of a result."""
    return STARTS.index(start), UNITS.index(activation)


def forward(
    activity: Float[np.ndarray, "*shape layers"], layers: int
) -> Float[np.ndarray, "*shape"]:
    """How the outputs change over some layers, from the first hidden layer on [powers of 2].

    Args:
        activity: Sizes of the outputs, as in a `Result`.
        layers: Over how many; one less than there are at most.
    """
    return activity[..., layers] - activity[..., 0]


def back(by_output: Float[np.ndarray, "*shape layers"], layers: int) -> Float[np.ndarray, "*shape"]:
    """How the gradient changes over some layers on its way back from the last [powers of 2].

    Args:
        by_output: Sizes of the derivatives by outputs, as in a `Result`.
        layers: Over how many; one less than there are at most.
    """
    return by_output[..., -1 - layers] - by_output[..., -1]
