"""What the experiment "folding" is told, and what it gives back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Float16, Int


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of every depth, width and penalty, and when their weights are kept.

    Attributes:
        data: Name of a data set of two inputs.
        depths: Hidden layers.
        widths: Units per hidden layer.
        l1: Strengths of the penalty [1].
        seeds: Of weights and order; the frames are those of the first.
        kept: Epochs after which the weights are kept, 0 for those before training, ascending.
        batch_size: Examples a step.
        learning_rate: Step size [1].
        shown: How many examples go with the frames.
    """

    data: str = "spirals"
    depths: tuple[int, ...] = (1, 2, 3)
    widths: tuple[int, ...] = (4, 8, 16)
    l1: tuple[float, ...] = (0.0, 0.01, 0.03)
    seeds: tuple[int, ...] = tuple(range(10))
    kept: tuple[int, ...] = (0, 1, 3, 10, 30, 100, 200)
    batch_size: int = 10
    learning_rate: float = 0.1
    shown: int = 240


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was kept, and what was measured of it.

    Attributes:
        depths: Hidden layers.
        widths: Units per hidden layer.
        l1: Penalties [1].
        steps: Training steps after which the weights were kept.
        regions: Linear regions in the window.
        test_error: Share of wrong classes on the test split [1].
        active: Mean share of active units on the test split [1].
        weights: Of the networks of the first seed: those of one depth, width and penalty after the
            other, as `flat` orders them.
        examples: Training examples.
        labels: Their classes.
        data: Name, sha256 and source of the data.
    """

    depths: Int[np.ndarray, "depths"]
    widths: Int[np.ndarray, "widths"]
    l1: Float[np.ndarray, "strengths"]
    steps: Int[np.ndarray, "steps"]
    regions: Int[np.ndarray, "depths widths strengths steps seeds"]
    test_error: Float[np.ndarray, "depths widths strengths steps seeds"]
    active: Float[np.ndarray, "depths widths strengths steps seeds"]
    weights: Float16[np.ndarray, "steps numbers"]
    examples: Float[np.ndarray, "examples 2"]
    labels: Int[np.ndarray, "examples"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}
