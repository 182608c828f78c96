"""One function, many parametrizations: what one layer's weights lose, the next may win back.

A rectifier is positively homogeneous: max(0, c x) = c max(0, x) for every c > 0. So the scale of a
layer passes through its units, and only the product of all scales is seen in the outputs.
"""

from collections.abc import Iterable, Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn

from relubook.networks import MLP, StackedLinear

_AT_ONCE = 1000  # examples
_LEAST = 1e-3  # of a layer's largest output; far below it, what is scaled up is mostly rounding


@torch.no_grad()
def rescale(
    network: MLP,
    alphas: Sequence[float] | Float[Tensor, "layers"] | Float[Tensor, "models layers"],
    *,
    signed: bool = False,
) -> MLP:
    """The network with W_i / alpha_i and b_i / (alpha_1 ... alpha_i) in its layers i = 1, 2, ...

    Of rectifiers and positive alphas, the logits are those of `network` divided by the product of
    all alphas; if that product is 1, nothing that can be seen from outside has changed.

    Args:
        network: The models; they are left as they are.
        alphas: One number for each weight matrix, the output's included [1]; the same for every
            model, or a row for each.
        signed: Allow negative alphas, for which the law above is not true.

    Returns:
        New networks with weights of their own.

    Raises:
        ValueError: If the alphas are not one per layer, or one of them is 0, not finite, or
            negative without `signed`.

    References:
        glorot2011, p. 319; the paper does not say that the alphas must be positive.
    """
    scales = _checked(alphas, network, signed)
    scaled = network.view(slice(None))
    scaled.layers = nn.ModuleList(
        StackedLinear((layer.weight / alpha).to(layer.weight), (layer.bias / so_far).to(layer.bias))
        for layer, alpha, so_far in zip(
            network.stacked_layers(), scales.unbind(1), scales.cumprod(1).unbind(1), strict=True
        )
    )
    return scaled


@torch.no_grad()
def scale_to_unit(
    network: MLP,
    position: int,
    x: Float[Tensor, "models examples inputs"] | Iterable[Float[Tensor, "models batch inputs"]],
    *,
    rule: str = "global",
) -> None:
    """Divide a layer's weights and biases so that no example makes a unit put out more than 1.

    Of rectifiers, the outputs are divided alike; a next layer whose weights were multiplied by the
    same numbers would see no difference. A unit whose largest output is below a thousandth of the
    layer's is divided by that thousandth; a layer that no example activates is left as it is.

    Args:
        network: The models; weights and biases of the layer are changed.
        position: Of the hidden layer, from 0 on.
        x: The layer's inputs for all training examples [1], or parts of them, one after the other.
        rule: `global` divides by the largest output of the layer, `unit` each unit by its own.

    References:
        glorot2011, p. 319, strategy 2; the two rules are those of the authors' public code.
    """
    layer = network.stacked_layers()[position]
    largest = layer.weight.new_zeros(layer.bias.shape)
    for part in x.split(_AT_ONCE, 1) if isinstance(x, Tensor) else x:
        h = network.activation(layer(part))
        largest = torch.maximum(largest, h.amax(1, keepdim=True))
    of_layer = largest.amax(-1, keepdim=True)
    largest = of_layer if rule == "global" else torch.maximum(largest, _LEAST * of_layer)
    divisor = torch.where(largest > 0, largest, 1.0)
    layer.weight.div_(divisor)
    layer.bias.div_(divisor)


def _checked(alphas: Sequence[float] | Tensor, network: MLP, signed: bool) -> Tensor:
    """The alphas as [models layers 1 1] in float64, or a sentence about what is wrong."""
    device = network.stacked_layers()[0].weight.device
    given = torch.as_tensor(alphas, dtype=torch.float64, device=device)
    layers = len(network.layers)
    if tuple(given.shape) not in ((layers,), (network.models, layers)):
        raise ValueError(
            f"The `alphas` must be one number for each of the {layers} layers, for all models or "
            f"for each of the {network.models}. Got the shape {tuple(given.shape)}."
        )
    _refuse(given, ~given.isfinite() | (given == 0), "finite and not 0")
    if not signed:
        _refuse(given, given < 0, "above 0 (`signed=True` allows others, and breaks the law)")
    return given.expand(network.models, layers)[..., None, None]


def _refuse(alphas: Tensor, bad: Tensor, rule: str) -> None:
    """Raise about the first alpha that breaks the rule."""
    if bad.any():
        raise ValueError(f"The `alphas` must be {rule}. Got {alphas[bad][0].item():g}.")
