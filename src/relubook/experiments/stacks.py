"""Untrained stacks of layers: linear ones multiplied out, others beside the nearest line."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook import seeds as random
from relubook.networks import MLP, StackedLinear

_LARGEST_BIAS = 0.5
_DIGITS = 9  # what is less than that depends on how a library solves equations
_INPUTS, _UNITS, _OUTPUTS, _EXAMPLES = 20, 50, 10, 1000


def collapse(network: MLP) -> StackedLinear:
    """The one linear layer that a stack of linear layers is.

    (x W + b) V + c = x (W V) + (b V + c), and so on from layer to layer.

    Args:
        network: Networks without an activation between their layers.

    Returns:
        A layer that computes what the networks compute, up to rounding.

    Raises:
        ValueError: If the networks have hidden units that are not linear.
    """
    if network.depth and (network.activation.name != "linear" or network.signs is not None):
        raise ValueError(
            "Only linear layers collapse into one. "
            f"Got {network.depth} hidden layers of {network.activation.name}."
        )
    first, *others = network.stacked_layers()
    weight, bias = first.weight.clone(), first.bias.clone()
    for layer in others:
        weight, bias = weight @ layer.weight, bias @ layer.weight + layer.bias
    return StackedLinear(weight.detach(), bias.detach())


def stack(
    layers: int, seeds: Sequence[int], *, activation: str = "linear", dtype: torch.dtype
) -> tuple[MLP, Float[Tensor, "models examples inputs"]]:
    """Untrained networks of 50 units a layer with biases, and normal inputs of 20 numbers."""
    sizes = (_INPUTS, *[_UNITS] * (layers - 1), _OUTPUTS)
    network = MLP(sizes, seeds=seeds, activation=activation, dtype=dtype)
    for position, layer in enumerate(network.stacked_layers()):
        for model, seed in enumerate(seeds):
            generator = random.stream(seed, "biases", position)
            uniform = torch.rand(layer.bias.shape[-1], generator=generator, dtype=torch.float64)
            layer.bias.data[model, 0] = (2 * uniform - 1) * _LARGEST_BIAS
    generators = [random.stream(seed, "inputs") for seed in seeds]
    shape = (_EXAMPLES, _INPUTS)
    x = [torch.randn(shape, generator=each, dtype=torch.float64) for each in generators]
    return network, torch.stack(x).to(dtype)


@torch.no_grad()
def rounding(dtype: torch.dtype, layers: int, seeds: Sequence[int]) -> Float[np.ndarray, "seeds"]:
    """Largest difference between linear stacks and their one layer, over the largest output."""
    network, x = stack(layers, seeds, dtype=dtype)
    outputs, once = network(x), collapse(network)(x)
    return ((outputs - once).abs().amax((1, 2)) / outputs.abs().amax((1, 2))).double().numpy()


@torch.no_grad()
def bent(activation: str, layers: int, seeds: Sequence[int]) -> Float[np.ndarray, "seeds"]:
    """Distance of stacks from the affine map that fits them best, on the same inputs [1]."""
    network, x = stack(layers, seeds, activation=activation, dtype=torch.float64)
    outputs = network(x)
    ones = torch.cat([x, torch.ones_like(x[..., :1])], dim=-1)
    left = outputs - ones @ torch.linalg.lstsq(ones, outputs).solution
    around = outputs - outputs.mean(1, keepdim=True)
    share = left.square().sum((1, 2)) / around.square().sum((1, 2))
    return share.sqrt().numpy().round(_DIGITS)
