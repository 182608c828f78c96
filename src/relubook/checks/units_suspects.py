"""Five units with their slopes, as they are met in public code: some right, some wrong.

Each returns the outputs and the slopes at the pre-activations `x`. They are the line-up of
assignment 1; nothing else should use them.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

Pair = tuple[Tensor, Tensor]
Suspect = Callable[[Tensor], Pair]


def suspect_a(x: Float[Tensor, "*shape"]) -> Pair:
    """The absolute value, whose slope at 0 is one of many."""
    return x.abs(), torch.where(x < 0, -1.0, 1.0)


def suspect_b(x: Float[Tensor, "*shape"]) -> Pair:
    """The logistic function, whose slope would need the output."""
    return torch.sigmoid(x), x * (1 - x)


def suspect_c(x: Float[Tensor, "*shape"]) -> Pair:
    """Tanh as in the textbook, which overflows."""
    up, down = torch.exp(x), torch.exp(-x)
    h = (up - down) / (up + down)
    return h, 1 - h**2


def suspect_d(x: Float[Tensor, "*shape"]) -> Pair:
    """An ELU with alpha 1/2, which its slope forgets."""
    h = torch.nn.functional.elu(x, alpha=0.5)
    return h, torch.where(x > 0, 1.0, torch.exp(x))


def suspect_e(x: Float[Tensor, "*shape"]) -> Pair:
    """The unit called SiLU or Swish; its slope is right, though it does not look like it."""
    gate = torch.sigmoid(x)
    return x * gate, x * gate + gate * (1 - x * gate)


SUSPECTS: tuple[Suspect, ...] = (suspect_a, suspect_b, suspect_c, suspect_d, suspect_e)
