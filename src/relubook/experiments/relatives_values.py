"""What "relatives" fixes before it runs, what it measures, and what follows from it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int


@dataclass(frozen=True, kw_only=True)
class Relative:
    """A way to make hidden units.

    Attributes:
        activation: As `MLP` takes it.
        share: Units in each layer, as a share of those of the others [1].
        like: The activation whose color it has.
    """

    activation: str
    share: float = 1.0
    like: str = "other"


KINDS: dict[str, Relative] = {
    "rectifier": Relative(activation="rectifier", like="rectifier"),
    "leaky": Relative(activation="leaky"),
    "PReLU": Relative(activation="prelu"),
    "RReLU": Relative(activation="rrelu"),
    "ELU": Relative(activation="elu"),
    "SELU": Relative(activation="selu"),
    "GELU": Relative(activation="gelu"),
    "SiLU": Relative(activation="silu"),
    "CReLU": Relative(activation="crelu"),
    "CReLU, half the units": Relative(activation="crelu", share=0.5),
    "squared rectifier": Relative(activation="squared-rectifier"),
    "tanh": Relative(activation="tanh", like="tanh"),
    "batch normalization": Relative(activation="normalized(rectifier)", like="rectifier"),
    "dropout": Relative(activation="dropout(rectifier)", like="rectifier"),
}
"""Rows of every table, by what a reader calls them; the last two are rectifiers with a repair."""
SLOPED = ("leaky", "PReLU", "RReLU")
"""Those that let a part of what is negative through."""
SMOOTH = ("ELU", "GELU", "SiLU")
"""Those without a kink; SELU has one, at 0."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depth: Hidden layers.
        learning_rates: Step sizes to choose from [1], the same for all.
        rate_seeds: Of the networks that choose the learning rate.
        seeds: Of the networks that are reported, none of `rate_seeds`.
        batch_size: Examples a step.
        epochs: Passes over the training examples, of those that choose, too.
        train_examples: How many of the first examples to take; None for all.
        rounds: How many times a training step is timed.
        seconds: Time of one such measurement [s].
    """

    data: str
    width: int
    depth: int
    learning_rates: tuple[float, ...]
    rate_seeds: tuple[int, ...]
    seeds: tuple[int, ...]
    batch_size: int
    epochs: int
    train_examples: int | None
    rounds: int = 9
    seconds: float = 0.05


@dataclass(frozen=True, kw_only=True)
class Result:
    """Numbers at each network's best validation epoch, one row per entry of `KINDS`.

    Attributes:
        rate: The learning rates tried [1].
        rate_validation: Lowest validation error while choosing [1]; 1 for a network that diverged
            in any epoch.
        rate_diverged: Epoch of divergence, or -1.
        chosen: The learning rate of each [1]: of those at which none diverged, if there are any,
            that with the lowest median validation error.
        validation_error: Of the networks trained with it [1].
        test_error: Of the same [1].
        zeros: Exact zeros among the outputs on the test split [1].
        dead: Outputs that are exactly zero for every test example [1].
        mean_over_abs: |mean output| over mean |output| of a layer [1].
        mean_over_sd: Root mean square over units of a unit's mean output, over that of its standard
            deviation [1].
        slope: What the parametric rectifiers' slopes have become, mean over units [1].
        best_epoch: The epoch of lowest validation error.
        diverged: Epoch of divergence, or -1.
        parameters: Numbers that one network learns.
        step_time: One training step of one network, by `steps.autograd` for all [s].
        data: Name, sha256 and source of the data.
    """

    rate: Float[np.ndarray, "rates"]
    rate_validation: Float[np.ndarray, "kinds rates rate_seeds"]
    rate_diverged: Int[np.ndarray, "kinds rates rate_seeds"]
    chosen: Float[np.ndarray, "kinds"]
    validation_error: Float[np.ndarray, "kinds seeds"]
    test_error: Float[np.ndarray, "kinds seeds"]
    zeros: Float[np.ndarray, "kinds seeds layers"]
    dead: Float[np.ndarray, "kinds seeds layers"]
    mean_over_abs: Float[np.ndarray, "kinds seeds layers"]
    mean_over_sd: Float[np.ndarray, "kinds seeds layers"]
    slope: Float[np.ndarray, "seeds layers"]
    best_epoch: Int[np.ndarray, "kinds seeds"]
    diverged: Int[np.ndarray, "kinds seeds"]
    parameters: Int[np.ndarray, "kinds"]
    step_time: Float[np.ndarray, "kinds rounds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def at_an_end(self) -> list[str]:
        """Kinds whose chosen rate is the smallest or largest of the grid."""
        ends = self.rate.min(), self.rate.max()
        return [name for name, rate in zip(KINDS, self.chosen, strict=True) if rate in ends]


def of(arrays: Mapping[str, np.ndarray], quantity: str, kind: str) -> np.ndarray:
    """One row of a quantity.

    Args:
        arrays: As in a record.
        quantity: A name of the arrays.
        kind: A name of `KINDS`.
    """
    return arrays[quantity][list(KINDS).index(kind)]


def by_seed(
    arrays: Mapping[str, np.ndarray], quantity: str, kind: str
) -> Float[np.ndarray, "seeds"]:
    """One row of a quantity, the mean of the layers where it has layers.

    A network that diverged has NaN: what it was at its best is not what its unit can do.
    """
    row = of(arrays, quantity, kind)
    row = row if row.ndim == 1 else row.mean(axis=1)
    return np.where(of(arrays, "diverged", kind) < 0, row, np.nan)


def half_interval(values: Float[np.ndarray, "values"]) -> float:
    """Half the 95 % t interval of a mean; NaN for fewer than 2 numbers."""
    from scipy.special import stdtrit

    if values.size < 2:
        return math.nan
    return float(stdtrit(values.size - 1, 0.975) * values.std(ddof=1) / math.sqrt(values.size))


def relative_time(arrays: Mapping[str, np.ndarray], kind: str) -> Float[np.ndarray, "rounds"]:
    """A training step of this kind over the rectifier's of the same round [1]."""
    return of(arrays, "step_time", kind) / of(arrays, "step_time", "rectifier")
