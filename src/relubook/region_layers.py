"""Which networks are linear in pieces, and their layers as functions of the place in a plane."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from relubook.networks import MLP

PIECEWISE_LINEAR = ("rectifier", "linear")
TOLERANCE = 1e-12  # a pre-activation below this share of its largest terms counts as zero

_REGIONS_AT_ONCE = 256


@dataclass(frozen=True, kw_only=True, eq=False)
class Affine:
    """A layer h W + b, and how large the terms of its sums may be.

    Attributes:
        weight: W.
        bias: b.
        largest_weight: The absolute values that W was made of, added up.
        largest_bias: The same for b.
    """

    weight: Float[np.ndarray, "inputs outputs"]
    bias: Float[np.ndarray, "outputs"]
    largest_weight: Float[np.ndarray, "inputs outputs"]
    largest_bias: Float[np.ndarray, "outputs"]

    def at(
        self, h: Float[np.ndarray, "points inputs"]
    ) -> tuple[Float[np.ndarray, "points outputs"], Float[np.ndarray, "outputs"]]:
        """Pre-activations [1], and below which size those of each unit count as zero [1]."""
        terms = np.abs(h) @ self.largest_weight + self.largest_bias
        return h @ self.weight + self.bias, TOLERANCE * terms.max(0)


def check_pieces(network: MLP) -> None:
    """Refuse networks that are not linear in pieces.

    Raises:
        ValueError: If the units are neither rectifiers nor linear, or a weight is not finite.
    """
    if network.depth and network.activation.name not in PIECEWISE_LINEAR:
        raise ValueError(
            f"Only networks of {' or '.join(PIECEWISE_LINEAR)} units are linear in pieces. "
            f"Got {network.activation.name}."
        )
    if not all(bool(part.isfinite().all()) for part in network.parameters()):
        raise ValueError(
            "The weights of a network must be finite to find its regions. Got NaN or infinity; "
            "train again with a smaller learning rate."
        )


def affine(
    network: MLP,
    model: int,
    origin: Float[np.ndarray, "inputs"],
    directions: Float[np.ndarray, "2 inputs"],
) -> list[Affine]:
    """The layers of one network, in float64; signs of units become part of the next weights.

    Args:
        network: Of any activation.
        model: Which of the networks.
        origin: The input at (0, 0).
        directions: What one step of either coordinate adds to the input.

    Returns:
        Layers of which the first takes coordinates in the plane.
    """
    layers = [_layer(network, model, position) for position in range(network.depth + 1)]
    weight, bias = layers[0]
    first = Affine(
        weight=directions @ weight,
        bias=origin @ weight + bias,
        largest_weight=np.abs(directions) @ np.abs(weight),
        largest_bias=np.abs(origin) @ np.abs(weight) + np.abs(bias),
    )
    return [first, *(_plain(weight, bias) for weight, bias in layers[1:])]


def compose(
    layers: Sequence[Affine], active: Bool[np.ndarray, "regions units"]
) -> Float[np.ndarray, "regions 3 outputs"]:
    """The one affine map that the layers are where only some of the hidden units are active.

    Args:
        layers: From `affine`.
        active: The units of all hidden layers in one row.

    Returns:
        What u, v and 1 are multiplied by.
    """
    first, *others = layers
    start = np.concatenate([first.weight, first.bias[None]])
    maps = np.empty((len(active), 3, len(layers[-1].bias)))
    for block in range(0, len(active), _REGIONS_AT_ONCE):
        on = active[block : block + _REGIONS_AT_ONCE]
        map_, units = np.tile(start, (len(on), 1, 1)), 0
        for layer in others:
            width = len(layer.weight)
            map_ *= on[:, None, units : units + width]
            map_ = (map_.reshape(-1, width) @ layer.weight).reshape(len(on), 3, -1)
            map_[:, 2] += layer.bias
            units += width
        maps[block : block + len(on)] = map_
    return maps


def _layer(network: MLP, model: int, position: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights and biases of one layer, with the signs of the units before."""
    layer = network.stacked_layers()[position]
    weight = layer.weight[model].detach().cpu().double().numpy()
    if position and network.signs is not None:
        weight = weight * network.signs[position - 1].cpu().double().numpy().reshape(-1, 1)
    return weight, layer.bias[model, 0].detach().cpu().double().numpy()


def _plain(weight: np.ndarray, bias: np.ndarray) -> Affine:
    """A layer whose terms are its weights and biases."""
    return Affine(
        weight=weight, bias=bias, largest_weight=np.abs(weight), largest_bias=np.abs(bias)
    )
