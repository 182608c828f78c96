"""The networks of "review-reader" as they travel: 8 bits a weight, and a scale for each unit."""

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook.experiments.denoiser_rounding import coded, decimals
from relubook.networks import MLP


class Packed(NamedTuple):
    """Networks of which each unit's weights are 8 bits times one scale; a list has all layers.

    Attributes:
        codes: Whole numbers from -127 to 127; float64.
        scales: Of each unit [1].
        bias: Of each unit, in short decimals [1].
        seeds: Of the networks.
    """

    codes: list[Float[Tensor, "models _ _"]]
    scales: list[Float[Tensor, "models _"]]
    bias: list[Float[Tensor, "models _"]]
    seeds: tuple[int, ...]

    def arrays(self, model: int) -> dict[str, np.ndarray]:
        """One model's numbers by name and layer, counted from 1; the codes as 8 bits."""
        found = {}
        for name in ("codes", "scales", "bias"):
            for layer, values in enumerate(getattr(self, name), start=1):
                one = values[model].numpy()
                found[f"{name}_{layer}"] = one.astype(np.int8) if name == "codes" else one
        return found


def packed(network: MLP) -> Packed:
    """The weights as 8 bits times a scale for each unit, the biases as short decimals.

    Raises:
        ValueError: If they are not finite.
    """
    layers = network.stacked_layers()
    if not all(part.isfinite().all() for part in network.parameters()):
        raise ValueError(
            "The weights of review-reader must stay finite. Got others; lower the learning rate."
        )
    codes, scales = zip(*(coded(layer.weight) for layer in layers), strict=True)
    bias = [decimals(layer.bias[:, 0]) for layer in layers]
    return Packed(list(codes), list(scales), bias, tuple(network.seeds))


@torch.no_grad()
def unpacked(numbers: Packed) -> MLP:
    """The networks of these numbers, in float64."""
    first, *_ = numbers.codes
    shape = (first.shape[1], *(codes.shape[2] for codes in numbers.codes))
    network = MLP(shape, seeds=numbers.seeds, dtype=torch.float64)
    for layer, codes, scales, bias in zip(
        network.stacked_layers(), numbers.codes, numbers.scales, numbers.bias, strict=True
    ):
        layer.weight.copy_(codes * scales.unsqueeze(1))
        layer.bias.copy_(bias.unsqueeze(1))
    return network
