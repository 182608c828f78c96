"""What "little-data" compares, and what it keeps."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int


class Kind(NamedTuple):
    """Networks of one kind; `linear` ones have no hidden layer."""

    name: str
    activation: str
    l1: float = 0.0
    hidden: bool = True


KINDS = (
    Kind("rectifier", "rectifier"),
    Kind("tanh", "tanh"),
    Kind("rectifier, L1", "rectifier", l1=1e-3),
    Kind("tanh, L1", "tanh", l1=1e-3),
    Kind("linear", "linear", hidden=False),
)
NAMES = tuple(kind.name for kind in KINDS)


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on how much.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depth: Hidden layers, of the kinds that have any.
        train_sizes: Training examples, rising; each seed draws its own, the few among the many.
        learning_rates: Step sizes to choose from [1], the same for every kind and size.
        rate_seeds: Of the networks that choose the learning rate.
        seeds: Of the networks that are reported, none of `rate_seeds`.
        batch_size: Examples a step.
        steps: Of training, the same for every size.
    """

    data: str
    width: int
    depth: int
    train_sizes: tuple[int, ...]
    learning_rates: tuple[float, ...]
    rate_seeds: tuple[int, ...]
    seeds: tuple[int, ...]
    batch_size: int
    steps: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """Kinds are those of `KINDS`; everything after the last step.

    Attributes:
        train_size: Training examples.
        rate: The learning rates tried [1].
        rate_validation: Validation error while choosing [1]; 1 for a network that diverged.
        chosen: The learning rate of each kind and size [1]: the lowest median validation error.
        train_error: Share of wrong classes among a network's own training examples [1]; NaN for
            one that diverged.
        train_loss: Mean cross-entropy on the same [nat].
        test_error: Share of wrong classes on the test split [1].
        diverged: Whether a network's weights were no longer finite, 0 or 1.
        data: Name, sha256 and source of the data.
    """

    train_size: Int[np.ndarray, "sizes"]
    rate: Float[np.ndarray, "rates"]
    rate_validation: Float[np.ndarray, "kinds sizes rates rate_seeds"]
    chosen: Float[np.ndarray, "kinds sizes"]
    train_error: Float[np.ndarray, "kinds sizes seeds"]
    train_loss: Float[np.ndarray, "kinds sizes seeds"]
    test_error: Float[np.ndarray, "kinds sizes seeds"]
    diverged: Int[np.ndarray, "kinds sizes seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}

    @property
    def gap(self) -> Float[np.ndarray, "kinds sizes seeds"]:
        """Test error minus training error [1]."""
        return self.test_error - self.train_error
