"""One step of training for many networks at once, in two ways that agree.

`inplace` writes the chain rule out by hand and updates the weights where they stand: no graph is
recorded and no gradient is stored. `autograd` lets torch differentiate the same cost; it is the
reference, and the way for units that are not elementwise functions.

The cost of each model is its mean cross-entropy over the mini-batch plus its own L1 strength times
the sum of |h| over all hidden units, averaged over the mini-batch (glorot2011, p. 320, which does
not say sum or mean; the authors' public code of 2010 sums over units).
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from relubook.networks import MLP

Step = Callable[..., Tensor]


@torch.no_grad()
def inplace(
    network: MLP,
    x: Float[Tensor, "models batch inputs"],
    targets: Float[Tensor, "models batch classes"],
    learning_rate: Float[Tensor, "models 1 1"],
    l1: Float[Tensor, "models 1 1"],
) -> Float[Tensor, "models"]:
    """Gradient descent by hand; returns each model's cross-entropy before the update.

    The learning rate enters once, in the error of the output layer: all that flows back from there
    is an update, not a gradient. The L1 penalty is the value from which the sum starts.

    Args:
        network: The models; their weights are changed.
        x: A mini-batch for each model [1], dense or sparse rows.
        targets: One-hot classes.
        learning_rate: Step size of each model [1].
        l1: Penalty on the sum of |h| of each model [1].

    Returns:
        Mean cross-entropy [nat].
    """
    layers, f, scale = network.stacked_layers(), network.activation, learning_rate / x.shape[1]
    penalty = l1 * scale
    inputs, before = [x], []
    for position, layer in enumerate(layers[:-1]):
        before.append(layer.forward(inputs[-1]))  # a call would look for hooks, which takes longer
        h = f.value(before[-1])
        inputs.append(h if network.signs is None else h * network.signs[position])
    log_p = layers[-1](inputs[-1]).log_softmax(-1)

    delta = (log_p.exp() - targets).mul_(scale)
    for position in reversed(range(len(layers))):
        layer, h, update = layers[position], inputs[position], delta
        if position > 0:
            # Where h is 0, so is the derivative below: if no h is negative, the sign is not needed.
            plain = f.nonnegative and network.signs is None
            delta = torch.baddbmm(penalty if plain else h.sign() * penalty, update, layer.weight.mT)
            if network.signs is not None:
                delta, h = delta.mul_(network.signs[position - 1]), h * network.signs[position - 1]
            delta.mul_(f.derivative(before[position - 1], h))
        layer.descend(inputs[position], update)
    return (log_p * targets).sum((-2, -1)) / -x.shape[1]


def autograd(
    network: MLP,
    x: Float[Tensor, "models batch inputs"],
    targets: Float[Tensor, "models batch classes"],
    learning_rate: Float[Tensor, "models 1 1"],
    l1: Float[Tensor, "models 1 1"],
) -> Float[Tensor, "models"]:
    """The same step with torch's derivatives; arguments and result are those of `inplace`."""
    hidden = network.hidden(x, training=True)
    log_p = network.layers[-1]((hidden or [x])[-1]).log_softmax(-1)
    cross_entropy = -(log_p * targets).sum(-1).mean(-1)
    penalty = sum((h.abs().sum(-1).mean(-1) for h in hidden), torch.zeros_like(cross_entropy))
    cost = cross_entropy + l1.view(-1) * penalty
    parameters = list(network.parameters())
    gradients = torch.autograd.grad(cost.sum(), parameters)
    with torch.no_grad():
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.sub_(learning_rate * gradient)
    return cross_entropy.detach()


STEPS: dict[str, Step] = {"inplace": inplace, "autograd": autograd}
