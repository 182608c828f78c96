"""Networks whose boundaries lie everywhere: normal weights of variance 2 / inputs, random biases.

With biases of zero, as the book's other networks begin, all boundaries pass through one point.
"""

from collections.abc import Sequence

import torch

from relubook import seeds as random
from relubook.networks import MLP

BIAS = 0.3  # standard deviation


def he_normal(
    sizes: Sequence[int],
    seeds: Sequence[int],
    *,
    bias: float = BIAS,
    dtype: torch.dtype = torch.float32,
) -> MLP:
    """Untrained networks of rectifiers, each drawn from its own seed.

    Args:
        sizes: Numbers of inputs, of units per hidden layer, and of outputs.
        seeds: One seed per network; networks of one seed are equal.
        bias: Standard deviation of the biases [1], at least 0.
        dtype: Of the weights.

    References:
        he2015 (the variance of the weights).
    """
    network = MLP(sizes, seeds=seeds, dtype=dtype)
    for position, layer in enumerate(network.stacked_layers()):
        inputs, outputs = layer.weight.shape[1:]
        for model, seed in enumerate(seeds):
            generator = random.stream(seed, "normal weights", position)
            normal = torch.randn(inputs + 1, outputs, generator=generator, dtype=torch.float64)
            layer.weight.data[model] = normal[:-1] * (2 / inputs) ** 0.5
            layer.bias.data[model, 0] = normal[-1] * bias
    return network
