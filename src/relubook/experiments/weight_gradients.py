"""The gradient of every weight by hand, where hidden outputs are multiplied or shifted.

A unit sends on factor * f(x) - shift: a factor of 0 or 2 is a dropout mask, a shift of its mean
centers it. `steps.inplace` knows neither and stores no gradient; here what makes up a gradient is
kept, so that it can be counted, measured and clipped before a step is taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from relubook.networks import MLP


@dataclass(frozen=True, kw_only=True)
class Detour:
    """What becomes of the outputs of each hidden layer before the next one gets them.

    Attributes:
        factors: Multiply the outputs of each hidden layer [1]; [models batch units], or 1 in the
            place of models or batch. None leaves them alone.
        shifts: Are then subtracted [1]; of the same shapes.
    """

    factors: Sequence[Float[Tensor, "_ _ _"]] = ()
    shifts: Sequence[Float[Tensor, "_ _ _"]] = ()

    def factor(self, network: MLP, layer: int) -> Tensor | float:
        """The factor on one hidden layer's outputs, with the signs of the sign trick."""
        sign = 1.0 if network.signs is None else network.signs[layer]
        return sign * self.factors[layer] if self.factors else sign

    def view(self, models: slice) -> "Detour":
        """The detour of some of the models."""
        parts = [
            [t if t.shape[0] == 1 else t[models] for t in ts] for ts in (self.factors, self.shifts)
        ]
        return Detour(factors=parts[0], shifts=parts[1])


PLAIN = Detour()


@dataclass(frozen=True, kw_only=True)
class Pass:
    """One mini-batch on its way through the networks, and back.

    Attributes:
        sent: What each weight matrix receives [1].
        delta: For each matrix, the derivative of each example's own cross-entropy by what it puts
            out [nat].
        loss: Mean cross-entropy of each model [nat].
    """

    sent: list[Float[Tensor, "models batch _"]]
    delta: list[Float[Tensor, "models batch _"]]
    loss: Float[Tensor, "models"]

    def weight_gradient(self, matrix: int) -> Float[Tensor, "models inputs outputs"]:
        """The mean over the mini-batch of the gradient of one weight matrix [nat]."""
        return self.sent[matrix].mT @ self.delta[matrix] / self.sent[0].shape[1]


@torch.no_grad()
def forward(
    network: MLP, x: Float[Tensor, "models batch inputs"], detour: Detour = PLAIN
) -> tuple[list[Tensor], list[Tensor]]:
    """Pre-activations of each layer, the logits last, and what each weight matrix receives."""
    before, sent = [], [x]
    for place, layer in enumerate(network.stacked_layers()):
        before.append(torch.baddbmm(layer.bias, sent[-1], layer.weight))
        if place < network.depth:
            h = network.activation(before[-1]) * detour.factor(network, place)
            sent.append(h - detour.shifts[place] if detour.shifts else h)
    return before, sent


@torch.no_grad()
def backpropagate(
    network: MLP,
    x: Float[Tensor, "models batch inputs"],
    targets: Float[Tensor, "models batch classes"],
    detour: Detour = PLAIN,
) -> Pass:
    """What makes up the gradients of one mini-batch; no weight is changed.

    Args:
        network: The models.
        x: A mini-batch for each model [1].
        targets: One-hot classes.
        detour: What becomes of hidden outputs on their way.
    """
    (*before, logits), sent = forward(network, x, detour)
    log_p, f = logits.log_softmax(-1), network.activation
    delta = [log_p.exp() - targets]
    for place in reversed(range(network.depth)):
        by_output = delta[0] @ network.stacked_layers()[place + 1].weight.mT
        slope = f.derivative(before[place], f(before[place]))
        delta.insert(0, by_output * detour.factor(network, place) * slope)
    return Pass(sent=sent, delta=delta, loss=-(log_p * targets).sum((-2, -1)) / x.shape[1])


def gradient_norm(found: Pass) -> Float[Tensor, "models"]:
    """The length of the gradient of all weights and biases together [nat].

    No gradient is built: with S what a matrix receives and D its deltas, the square of |SᵀD| is the
    sum of SSᵀ * DDᵀ, a table of examples by examples; a bias is a weight from an input of 1.
    """
    square = torch.zeros_like(found.loss)
    for sent, delta in zip(found.sent, found.delta, strict=True):
        square += ((sent @ sent.mT + 1) * (delta @ delta.mT)).sum((-2, -1))
    return square.clamp_min(0).sqrt() / found.sent[0].shape[1]


@torch.no_grad()
def descend(network: MLP, found: Pass, step: Float[Tensor, "models 1 1"]) -> None:
    """Move every weight and bias against its gradient, by `step` [1] times its size."""
    scale = -step / found.sent[0].shape[1]
    for layer, sent, delta in zip(network.stacked_layers(), found.sent, found.delta, strict=True):
        update = scale * delta
        layer.weight.baddbmm_(sent.mT, update)
        layer.bias.add_(update.sum(1, keepdim=True))
