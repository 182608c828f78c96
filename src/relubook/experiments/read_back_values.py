"""What "read-back" is given and what it gives."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.experiments.sweep import SweepConfig


@dataclass(frozen=True, kw_only=True)
class Config(SweepConfig):
    """A sweep over L1 strengths, and how the codes are read.

    Attributes:
        depth: Hidden layers.
        learning_rate: Step size [1].
        fit_examples: How many of the first training examples the decoders are fitted on.
        choosing_examples: How many of the first validation examples choose their penalty.
        ridge: Their penalties, relative to the mean variance of a unit [1].
    """

    depth: int
    learning_rate: float
    fit_examples: int
    choosing_examples: int
    ridge: tuple[float, ...] = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)


@dataclass(frozen=True, kw_only=True)
class Result:
    """Networks at their best validation epoch; `parts` are those of `decoders.PARTS`.

    Attributes:
        l1: Strength of the penalty [1].
        read: R² of the decoders of rectifier networks [1]; NaN where a network diverged.
        ridge: The penalty that each of these decoders chose [1].
        zeros: Exact zeros in each hidden layer on the test split [1].
        test_error: Share of wrong classes [1].
        diverged: Epoch of divergence, or -1.
        untrained_read: R² of the same networks before training [1].
        untrained_zeros: Their exact zeros [1].
        linear_read: R² of the same weights before training with nothing between the layers [1].
        tanh_read: R² of tanh networks trained without a penalty [1].
        tanh_error: Their test error [1].
        input_read: R² of a decoder of the input itself [1].
        principal: R² of 0, 1, 2, ... principal components of the training inputs [1].
        class_share: Share of the inputs' variance that is between the class means [1].
        data: Name, sha256 and source of the data.
    """

    l1: Float[np.ndarray, "strengths"]
    read: Float[np.ndarray, "strengths seeds layers parts"]
    ridge: Float[np.ndarray, "strengths seeds layers"]
    zeros: Float[np.ndarray, "strengths seeds layers"]
    test_error: Float[np.ndarray, "strengths seeds"]
    diverged: Int[np.ndarray, "strengths seeds"]
    untrained_read: Float[np.ndarray, "seeds layers parts"]
    untrained_zeros: Float[np.ndarray, "seeds layers"]
    linear_read: Float[np.ndarray, "seeds layers parts"]
    tanh_read: Float[np.ndarray, "seeds layers parts"]
    tanh_error: Float[np.ndarray, "seeds"]
    input_read: Float[np.ndarray, "parts"]
    principal: Float[np.ndarray, "parts components_and_none"]
    class_share: Float[np.ndarray, ""]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}
