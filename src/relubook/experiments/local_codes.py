"""Local codes: exactly one of as many units as a layer has is active, whatever the input."""

from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

_STARTS: Any = 1  # scikit-learn declares words alone
_ROUNDS = 100

KINDS = ("k-means of the pixels", "k-means of the code", "the winning unit")


def one_of(chosen: Int[Tensor, "examples"], units: int) -> Bool[Tensor, "examples units"]:
    """The patterns in which only the chosen unit is active."""
    return torch.nn.functional.one_hot(chosen, units).bool()


def clusters(
    fitted: Float[Tensor, "fitted inputs"],
    asked: list[Float[Tensor, "_ inputs"]],
    *,
    units: int,
    seed: int,
) -> list[Bool[Tensor, "_ units"]]:
    """The nearest of `units` centers that k-means finds, without looking at a label.

    Args:
        fitted: What the centers are made from; of fewer different ones fewer centers are made.
        asked: What is encoded.
        units: How many centers.
        seed: Of the first centers.

    References:
        Lloyd's method from spread-out centers, as in scikit-learn, one start.
    """
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    x = fitted.numpy(force=True) + 0.0  # no minus before a zero
    most = min(units, len({row.tobytes() for row in x}))
    with threadpool_limits(1):  # sums in one order, whatever the machine
        found = KMeans(most, n_init=_STARTS, max_iter=_ROUNDS, random_state=seed).fit(x)
        numbers = [found.predict(part.numpy(force=True)) for part in asked]
    return [one_of(torch.from_numpy(chosen).long(), units) for chosen in numbers]
