"""The linear model of a network around an input: what it predicts, and how far it reaches."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from relubook.networks import MLP


@dataclass(frozen=True, kw_only=True)
class Tangent:
    """A network at some inputs, and how it changes when these move in given directions.

    Attributes:
        outputs: At the inputs [1].
        change: Of the outputs for one step in the direction: the Jacobian times it [1].
        z: Pre-activations of all hidden units, layer by layer [1].
        dz: How they change for one step, by the same linear model [1].
    """

    outputs: Float[Tensor, "models batch classes"]
    change: Float[Tensor, "models batch classes"]
    z: Float[Tensor, "models batch units"]
    dz: Float[Tensor, "models batch units"]


def in_float64(network: MLP) -> MLP:
    """The same networks with weights in float64."""
    return network.view(slice(None)).double()


@torch.no_grad()
def tangent(
    network: MLP,
    x: Float[Tensor, "models batch inputs"],
    direction: Float[Tensor, "models batch inputs"],
) -> Tangent:
    """The linear model of each network at each input, along one direction.

    Args:
        network: With units of any elementwise activation.
        x: Inputs [1].
        direction: Steps from them [1].
    """
    heights, slopes = [], []
    for position, layer in enumerate(network.stacked_layers()[:-1]):
        z, dz = layer(x), direction @ layer.weight
        heights.append(z)
        slopes.append(dz)
        x = network.activation(z)
        direction = dz * network.activation.derivative(z, x)
        if network.signs is not None:
            x, direction = (part * network.signs[position] for part in (x, direction))
    last = network.stacked_layers()[-1]
    return Tangent(
        outputs=last(x),
        change=direction @ last.weight,
        z=torch.cat(heights, -1),
        dz=torch.cat(slopes, -1),
    )


def relative_error(here: Tangent, there: Tangent, step: float) -> Float[Tensor, "models batch"]:
    """How far the predicted change of the outputs is from the real one, over the real one [1].

    Args:
        here: At the inputs.
        there: At the inputs plus `step` times the direction.
        step: How far that is, in steps of the direction.

    Returns:
        NaN where the outputs do not change at all, and none is predicted.
    """
    real = there.outputs - here.outputs
    return (real - step * here.change).norm(dim=-1) / real.norm(dim=-1)


def flipped(here: Tangent, there: Tangent) -> Bool[Tensor, "models batch units"]:
    """Which rectifiers are active at one of the two inputs and not at the other."""
    return (here.z > 0) != (there.z > 0)


def first_flip(here: Tangent) -> Float[Tensor, "models batch"]:
    """How many steps of the direction a rectifier network stays the same linear model.

    Until the first unit reaches zero, all pre-activations move along straight lines, so the first
    is the smallest positive -z / dz.

    Args:
        here: Of rectifiers.

    Returns:
        Steps [1]; infinity if no unit ever reaches zero.
    """
    meets = -here.z / here.dz
    return torch.where(meets > 0, meets, torch.inf).amin(-1)
