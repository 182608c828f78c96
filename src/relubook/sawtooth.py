"""A network of two units a layer that folds the line in half at every layer.

It has twice as many linear pieces with each layer, so exponentially many in the depth.
"""

from collections.abc import Sequence

import torch

from relubook import seeds
from relubook.networks import MLP

LEFT, RIGHT = torch.zeros(1), torch.ones(1)
"""The ends of the line that is folded."""


def network(depth: int, *, shaken: float = 0.0, shakes: Sequence[int] = (0,)) -> MLP:
    """Tent after tent: each layer takes 0 to 1 up and down again, 2 max(0, t) - 4 max(0, t - ½).

    Args:
        depth: Hidden layers, at least 1; there are 2 to the power of `depth` pieces on [0, 1].
        shaken: Standard deviation of what every weight is multiplied by and every bias is moved
            by at random [1].
        shakes: Seeds of the shaking, one network for each.

    Returns:
        Rectifier networks in float64 with one input and one output.

    Raises:
        ValueError: If there is no layer, or the shaking is negative or not finite.

    References:
        montufar2014, sec. 3, folds an input space of any dimension in this way.
    """
    if depth < 1:
        raise ValueError(f"The `depth` of a sawtooth must be at least 1. Got {depth}.")
    if not 0 <= shaken < float("inf"):
        raise ValueError(f"The sawtooth's `shaken` must be at least 0 and finite. Got {shaken:g}.")
    built = MLP((1, *[2] * depth, 1), seeds=shakes, dtype=torch.float64)
    tent = torch.tensor([[2.0, 2.0], [-4.0, -4.0]], dtype=torch.float64)
    with torch.no_grad():
        first, *others = built.stacked_layers()
        first.weight[:], first.bias[:] = 1.0, torch.tensor([0.0, -0.5])
        for layer in others:
            outputs = layer.weight.shape[-1]
            layer.weight[:] = tent[:, :outputs]
            layer.bias[:] = first.bias[:1] if outputs > 1 else 0.0
        _shake(built, shaken)
    return built


def _shake(built: MLP, by: float) -> None:
    """Multiply weights by 1 + noise and add noise to biases, from each model's own stream."""
    for model, seed in enumerate(built.seeds):
        generator = seeds.stream(seed, "shaking", 0)
        for layer in built.stacked_layers():
            weight, bias = layer.weight[model], layer.bias[model]
            weight *= 1 + by * torch.randn(weight.shape, generator=generator, dtype=weight.dtype)
            bias += by * torch.randn(bias.shape, generator=generator, dtype=bias.dtype)
