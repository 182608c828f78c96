"""How the error reaches the hidden units: one derivative for each example and each unit.

The derivative of an example's own cross-entropy by a unit's output says how the error would change
if that output were a little larger. By its pre-activation it says the same of the unit's input:
the first times the unit's slope. Only the second passes on to the weights and to the layer below;
where a rectifier is off it is zero, so the unit is neither credited nor blamed.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook.networks import MLP


@dataclass(frozen=True, kw_only=True)
class HiddenLayer:
    """What one hidden layer says of each example, and what the error says of its units.

    Attributes:
        before: Pre-activations [1].
        h: Outputs [1], with the factors of the sign trick.
        by_output: Derivative of the example's cross-entropy by each output [nat].
        by_input: Derivative of the same by each pre-activation [nat]; a unit where it is not 0
            *carries* gradient.
    """

    before: Float[Tensor, "models batch units"]
    h: Float[Tensor, "models batch units"]
    by_output: Float[Tensor, "models batch units"]
    by_input: Float[Tensor, "models batch units"]


@dataclass(frozen=True, kw_only=True)
class Paths:
    """Ways from the inputs to the outputs; each takes one unit of every hidden layer.

    Attributes:
        log10: Of the number of ways through active units only; -infinity where there is none.
        share: That number over the number of all ways [1].
    """

    log10: Float[Tensor, "models batch"]
    share: Float[Tensor, "models batch"]


@torch.no_grad()
def per_unit(
    network: MLP, x: Float[Tensor, "*models batch inputs"], y: Int[Tensor, "examples"]
) -> list[HiddenLayer]:
    """The derivatives of each example's cross-entropy by every hidden unit, by the chain rule.

    Args:
        network: One or more models.
        x: Inputs [1] that all models see, or inputs for each model.
        y: The class of each of these examples.

    Returns:
        One entry per hidden layer, from the first to the last, in the network's precision.

    Raises:
        ValueError: If the network has no hidden layer, or examples do not fit it.
    """
    x = _fitting(network, x)
    _check_classes(network, x, y)
    layers, f = network.stacked_layers(), network.activation
    signs = network.signs or [x.new_ones(1, 1, 1)] * network.depth
    inputs, before, plain = [x], [], []
    for layer, sign in zip(layers[:-1], signs, strict=True):
        before.append(layer(inputs[-1]))
        plain.append(f(before[-1]))
        inputs.append(plain[-1] * sign)
    by_input, found = _by_logits(layers[-1](inputs[-1]), y), []
    for place in reversed(range(network.depth)):
        by_output = by_input @ layers[place + 1].weight.mT
        by_input = by_output * signs[place] * f.derivative(before[place], plain[place])
        found.append(
            HiddenLayer(
                before=before[place], h=inputs[place + 1], by_output=by_output, by_input=by_input
            )
        )
    return found[::-1]


def effective_units(g: Float[Tensor, "*shape units"]) -> Float[Tensor, "*shape"]:
    """Over how many units a gradient is spread: exp of the entropy of the shares |g| / Σ|g|.

    Units with equal |g| count in full; a few large ones among many small ones count as little more
    than the few. The sign and the size of the whole gradient do not matter.

    Args:
        g: One number per unit [any unit].

    Returns:
        From 1 to the number of units [units]; 0 where every g is 0.

    >>> effective_units(torch.tensor([[0.0, 0.0, 0.0], [-2.0, 0.0, 2.0], [5.0, 0.0, 0.0]]))
    tensor([0., 2., 1.])
    """
    size = g.abs()
    largest = size.amax(-1, keepdim=True)
    size = size / torch.where(largest > 0, largest, 1)  # so that no sum under- or overflows
    total = size.sum(-1, keepdim=True)
    share = size / torch.where(total > 0, total, 1)
    return (-torch.xlogy(share, share).sum(-1)).exp() * (largest.squeeze(-1) != 0)


@torch.no_grad()
def active_paths(network: MLP, x: Float[Tensor, "*models batch inputs"]) -> Paths:
    """How many ways from the inputs to the outputs lead through active units only.

    A unit is active if its output is not 0, so all units of tanh, softplus and logistic networks
    are. Ways are counted through hidden units; each begins at every input and ends at every output.

    Args:
        network: One or more models.
        x: Inputs [1] that all models see, or inputs for each model.

    Raises:
        ValueError: If the network has no hidden layer, or inputs of another size.
    """
    every = network.hidden(_fitting(network, x))
    active = torch.stack([(h != 0).sum(-1) for h in every]).double().log10().sum(0)
    units = torch.tensor(network.sizes[1:-1], dtype=torch.float64, device=active.device)
    return Paths(log10=active, share=10 ** (active - units.log10().sum()))


def _by_logits(
    logits: Float[Tensor, "models batch classes"], y: Int[Tensor, "batch"]
) -> Float[Tensor, "models batch classes"]:
    """Derivative of each example's cross-entropy by its logits: p, at the right class p - 1.

    Where p is nearly 1, p - 1 would be rounded to 0. It is minus the sum of the other p, which
    keeps all of its digits.
    """
    right = y.expand(logits.shape[:-1]).unsqueeze(-1)
    others = logits.softmax(-1).scatter(-1, right, 0.0)
    return others.scatter(-1, right, -others.sum(-1, keepdim=True))


def _fitting(
    network: MLP, x: Float[Tensor, "*models batch inputs"]
) -> Float[Tensor, "models batch inputs"]:
    """Inputs for each model, in the network's precision; or a sentence about what is wrong."""
    if network.depth < 1:
        raise ValueError(
            f"The `network` of gradients must have at least 1 hidden layer. Got the sizes "
            f"{network.sizes}."
        )
    if x.shape[-1] != network.sizes[0]:
        raise ValueError(
            f"The `x` of gradients must have {network.sizes[0]} inputs. Got {x.shape[-1]}."
        )
    return x.expand(network.models, *x.shape[-2:]).to(network.stacked_layers()[0].weight)


def _check_classes(
    network: MLP, x: Float[Tensor, "models batch inputs"], y: Int[Tensor, "examples"]
) -> None:
    """Raise unless there is one of the network's classes for each example."""
    if len(y) != x.shape[-2]:
        raise ValueError(
            f"The `y` of gradients must have one class per example. Got {len(y)} classes for "
            f"{x.shape[-2]} examples."
        )
    classes = network.sizes[-1]
    wrong = (y < 0) | (y >= classes)
    if wrong.any():
        place = int(wrong.nonzero()[0])
        raise ValueError(
            f"The `y` of gradients must be between 0 and {classes - 1}. Got {int(y[place])} at "
            f"example {place}."
        )
