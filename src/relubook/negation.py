"""The paper's sign trick for networks that have already learned something, and its undoing.

Half of the units put out the negative of what they did, and the weights that lead on from them are
negated too: nobody behind them sees a difference.
"""

import torch

from relubook.networks import MLP


def negated(network: MLP) -> MLP:
    """The same function, with the outputs of half of the units of each layer multiplied by -1.

    Args:
        network: Networks without the sign trick; they are left as they are.

    Returns:
        New networks with weights of their own.

    Raises:
        ValueError: If the units are negated already, or are more than a function.

    References:
        glorot2011, p. 320.
    """
    if network.signs is not None:
        raise ValueError("Half of the network's units are negated already.")
    return _turned(network, sign_trick=True)


def plain(network: MLP) -> MLP:
    """The same function without the sign trick: what `negated` made, unmade.

    Args:
        network: Networks with the sign trick; they are left as they are.

    Returns:
        New networks with weights of their own.

    Raises:
        ValueError: If no unit is negated.
    """
    if network.signs is None:
        raise ValueError("None of the network's units is negated.")
    return _turned(network, sign_trick=False)


@torch.no_grad()
def _turned(network: MLP, *, sign_trick: bool) -> MLP:
    """A twin with the trick or without; weights that lead on from negated units are negated."""
    weight = network.stacked_layers()[0].weight
    twin = MLP(
        network.sizes, seeds=network.seeds, activation=network.activation.name,
        sign_trick=sign_trick, initialization=network.initialization, gain=network.gain,
        dtype=weight.dtype, device=weight.device,
    )  # fmt: skip
    signs = [torch.ones_like(weight[:1, :1, :1]), *(twin.signs or network.signs or ())]
    layers = zip(twin.stacked_layers(), network.stacked_layers(), signs, strict=True)
    for to, source, sign in layers:
        to.weight.copy_(source.weight * sign.mT)
        to.bias.copy_(source.bias)
    return twin
