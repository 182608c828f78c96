"""What "rescaled" fixes before it runs, and what it measures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

STAGES = ("untrained", "trained")
PRECISIONS = ("float64", "float32")
OTHER_UNITS = ("tanh", "softplus", "logistic")
SHOWN = ("rectifier", "tanh")
PENALTIES = ("none", "L1 of activations", "weight decay")
SILENT = float(np.log(10))  # nat: the cost of ten classes for a network that says nothing


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which networks are rescaled how, and trained from there.

    With two hidden layers the family has the alphas (s, 1/s, 1): the first weights are divided by
    s, the second multiplied, the third and the function left as they are.

    Attributes:
        data: Name of a set of pictures.
        side: Rows and columns after averaging blocks of pixels.
        hidden: Units of the two hidden layers.
        log2_s: Logarithms of s, to the base of 2 [1]; 0 and 3 are among them.
        seeds: Of the networks that are reported.
        draws: How many random alphas test the law, for each network.
        learning_rates: Step sizes to choose from, the same for every s [1].
        rate_seeds: Of the networks that choose among them, none of `seeds`.
        batch_size: Examples a step.
        moments: Steps after which the race is measured; the last is its length.
        rate: Of the training that leads to the networks called trained, as long as the race [1].
        curvature_examples: How many of the first training examples the curvature is averaged over.
        loss_examples: How many of them the training loss is averaged over.
        drift_rate: Learning rate of the long run that may lead back to balance [1].
        drift_l1: Strength of the penalty in it [1].
        drift_decay: Of weight decay in it: a step shrinks every weight by rate x decay [1].
        drift_log2_s: Where it begins [1].
        drift_moments: Steps after which it is measured.
        train_examples: How many of the first examples to take; None for all.
    """

    data: str
    side: int
    hidden: tuple[int, int]
    log2_s: tuple[float, ...]
    seeds: tuple[int, ...]
    draws: int
    learning_rates: tuple[float, ...]
    rate_seeds: tuple[int, ...]
    batch_size: int
    moments: tuple[int, ...]
    rate: float
    curvature_examples: int
    loss_examples: int
    drift_rate: float
    drift_l1: float
    drift_decay: float
    drift_log2_s: tuple[float, ...]
    drift_moments: tuple[int, ...]
    train_examples: int | None


@dataclass(frozen=True, kw_only=True)
class Result:
    """The law, the curvature along the family, the race from each s, and the drift.

    The axis "stages" is that of `STAGES`, "precisions" of `PRECISIONS`, "units" of `OTHER_UNITS`,
    "penalties" of `PENALTIES`. A relative error is the largest difference of an output from what
    the law says, over the largest output.

    Attributes:
        log2_s: Logarithm of s to the base of 2 [1].
        law_error: Relative error of rectifier networks for random positive alphas [1].
        negative_error: The same, in float64, with two of the alphas negative [1].
        unit_error: The same of other units for the positive alphas [1].
        largest: Largest eigenvalue of the Gauss-Newton matrix [nat].
        effective_condition: That over the mean of those above 1e-8 of it [1].
        median_condition: That over the median of all; infinite where half of them are zero [1].
        counted: Eigenvalues above 1e-8 of the largest, as a share of the parameters [1].
        ranks: Places of the spectrum that are kept, from 1 for the largest.
        spectrum: Eigenvalues at these places [nat].
        hessian_largest: Largest eigenvalue of the Hessian [nat].
        hessian_negative: Share of its eigenvalues below -1e-8 of the largest [1].
        activity: Sum of |h| of each hidden layer at s = 1, mean over digits [1].
        norms: Sum of squared weights of each layer at s = 1 [1].
        rate: The learning rates of the race [1].
        rate_loss: Training loss at the end, of the networks that choose [nat]; NaN: diverged.
        chosen: For each s the rate of lowest median there [1].
        loss: Training loss at the end, at every rate [nat]; NaN where it diverged.
        moments: Steps after which the two curves are measured.
        own_curve: Training loss at the chosen rate [nat]; NaN where it diverged.
        common_curve: Training loss at the rate chosen for s = 1 [nat]; NaN where it diverged.
        own_error: Share of wrong test digits at the end, at the chosen rate [1].
        common_error: The same at the rate chosen for s = 1 [1].
        drift_start: Where the long run begins, as a logarithm of s [1].
        drift_moments: Steps after which it is measured.
        drift: Where its weights' norms are, as a logarithm of s [1]; NaN where it diverged.
        drift_loss: Training loss in it, without penalty [nat].
        drift_balance: Squared weights and biases of the first layer minus squared weights of the
            second, which descent in small steps conserves without a penalty [1].
        shown_weights: All parameters of the first seed's network, of the units in `SHOWN`.
        shown_digits: One coarse test picture of each class [1].
        data: Name, sha256 and source of the data.
    """

    log2_s: Float[np.ndarray, "scalings"]
    law_error: Float[np.ndarray, "precisions stages seeds draws"]
    negative_error: Float[np.ndarray, "stages seeds draws"]
    unit_error: Float[np.ndarray, "units stages seeds draws"]
    largest: Float[np.ndarray, "stages seeds scalings"]
    effective_condition: Float[np.ndarray, "stages seeds scalings"]
    median_condition: Float[np.ndarray, "stages seeds scalings"]
    counted: Float[np.ndarray, "stages seeds scalings"]
    ranks: Float[np.ndarray, "ranks"]
    spectrum: Float[np.ndarray, "stages seeds scalings ranks"]
    hessian_largest: Float[np.ndarray, "stages seeds scalings"]
    hessian_negative: Float[np.ndarray, "stages seeds scalings"]
    activity: Float[np.ndarray, "stages seeds layers"]
    norms: Float[np.ndarray, "stages seeds matrices"]
    rate: Float[np.ndarray, "rates"]
    rate_loss: Float[np.ndarray, "scalings rates rate_seeds"]
    chosen: Float[np.ndarray, "scalings"]
    loss: Float[np.ndarray, "scalings rates seeds"]
    moments: Float[np.ndarray, "moments"]
    own_curve: Float[np.ndarray, "scalings seeds moments"]
    common_curve: Float[np.ndarray, "scalings seeds moments"]
    own_error: Float[np.ndarray, "scalings seeds"]
    common_error: Float[np.ndarray, "scalings seeds"]
    drift_start: Float[np.ndarray, "starts"]
    drift_moments: Float[np.ndarray, "drift_moments"]
    drift: Float[np.ndarray, "penalties starts seeds drift_moments"]
    drift_loss: Float[np.ndarray, "penalties starts seeds drift_moments"]
    drift_balance: Float[np.ndarray, "penalties starts seeds drift_moments"]
    shown_weights: Float[np.ndarray, "shown stages parameters"]
    shown_digits: Float[np.ndarray, "classes pixels"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def at(self, log2_s: float) -> int:
        """The place of an s on the axis "scalings"."""
        return place(self.log2_s, log2_s)

    def at_an_end(self) -> list[float]:
        """Logarithms of s whose chosen rate is the smallest or largest of the grid."""
        ends = (self.rate.min(), self.rate.max())
        return [
            float(at) for at, rate in zip(self.log2_s, self.chosen, strict=True) if rate in ends
        ]


def place(log2_s: np.ndarray, wanted: float) -> int:
    """Where the number nearest to the one wanted stands."""
    return int(np.abs(log2_s - wanted).argmin())


def no_worse_than_silence(loss: np.ndarray) -> np.ndarray:
    """Losses with NaN and all above log 10 counted as log 10 [nat].

    A network that diverged, or whose cost is beyond that of saying nothing, enters a mean as the
    mildest that it could be.
    """
    return np.minimum(np.nan_to_num(loss, nan=SILENT, posinf=SILENT), SILENT)
