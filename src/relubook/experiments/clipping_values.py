"""What "clipping" fixes before it runs, and which learning rates count as usable."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

ACTIVATIONS = ("rectifier", "tanh")
USABLE = 0.2  # validation error below which a network has learned; stated before the run
NONE, USUAL = 0, 1  # places in `Config.limits` of no clipping, and of the mean norm


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what, and how it is clipped.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depth: Hidden layers.
        gains: Factors on the first weights [1].
        limits: Largest norms that a gradient may have, in mean norms [1]; infinity for no limit.
            The mean is that over a training with the smallest learning rate and no limit.
        learning_rates: From gentle to violent [1], each twice the one before.
        norm_seeds: Of the networks whose mean norm sets the limits.
        seeds: Of the networks that are reported, none of `norm_seeds`.
        batch_size: Examples a step.
        moments: Training steps before which the norm of the gradient is kept; training ends with
            the last.
        train_examples: How many of the first examples to take; None for all.
    """

    data: str
    width: int
    depth: int
    gains: tuple[float, ...]
    limits: tuple[float, ...]
    learning_rates: tuple[float, ...]
    norm_seeds: tuple[int, ...]
    seeds: tuple[int, ...]
    batch_size: int
    moments: tuple[int, ...]
    train_examples: int | None


@dataclass(frozen=True, kw_only=True)
class Result:
    """Activations are those of `ACTIVATIONS`.

    Attributes:
        gain: Factors on the first weights [1].
        limit: Largest norms allowed, in mean norms [1].
        rate: Learning rates [1].
        moment: Training steps before which `norm` was measured.
        mean_norm: What the limits are multiples of [nat].
        norm: Length of the gradient of a mini-batch before it is clipped [nat]; infinite or NaN
            once a network has diverged.
        clipped: Share of the steps at which the gradient was clipped [1].
        error: Validation error after the last step [1]; NaN for a network that diverged.
        diverged: The step after which a network's loss or weights were not finite; -1 for none.
        data: Name, sha256 and source of the data.
    """

    gain: Float[np.ndarray, "gains"]
    limit: Float[np.ndarray, "limits"]
    rate: Float[np.ndarray, "rates"]
    moment: Int[np.ndarray, "moments"]
    mean_norm: Float[np.ndarray, "activations gains"]
    norm: Float[np.ndarray, "activations gains limits rates moments seeds"]
    clipped: Float[np.ndarray, "activations gains limits rates seeds"]
    error: Float[np.ndarray, "activations gains limits rates seeds"]
    diverged: Int[np.ndarray, "activations gains limits rates seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}


def largest_usable(
    rate: Float[np.ndarray, "rates"], error: Float[np.ndarray, "*kinds rates seeds"]
) -> Float[np.ndarray, "*kinds seeds"]:
    """The largest rate at which each seed's network has learned [1]; NaN where there is none.

    >>> largest_usable(np.array([1.0, 2.0, 4.0]), np.array([[0.1], [0.15], [np.nan]]))
    array([2.])
    """
    learned = np.nan_to_num(error, nan=1.0) < USABLE
    best = np.where(learned, rate[:, None], -np.inf).max(axis=-2)
    return np.where(np.isfinite(best), best, np.nan)


def largest_for_all(
    rate: Float[np.ndarray, "rates"], error: Float[np.ndarray, "rates seeds"]
) -> float:
    """The largest rate at which no network diverges and the median error is usable [1]; or NaN."""
    good = np.isfinite(error).all(1) & (np.median(np.nan_to_num(error, nan=1.0), 1) < USABLE)
    return float(rate[good].max()) if good.any() else np.nan
