"""What "shared-signs" compares, and how it is measured that weight gradients share a sign."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook.experiments.weight_gradients import Detour, Pass, forward
from relubook.networks import MLP


class Kind(NamedTuple):
    """Networks of one kind: an activation, and what is done about its mean.

    Attributes:
        name: In tables and figures.
        activation: Of the hidden units.
        signs: Whether half of the units are negated.
        less: What is subtracted from each output: "", "1/2", or the unit's "mean" before training.
    """

    name: str
    activation: str
    signs: bool = False
    less: str = ""


KINDS = (
    Kind("rectifier", "rectifier"),
    Kind("rectifier, signs", "rectifier", signs=True),
    Kind("rectifier, less mean", "rectifier", less="mean"),
    Kind("softplus", "softplus"),
    Kind("logistic", "logistic"),
    Kind("logistic, less 1/2", "logistic", less="1/2"),
    Kind("logistic, less mean", "logistic", less="mean"),
    Kind("tanh", "tanh"),
)
NAMES = tuple(kind.name for kind in KINDS)
PAIRS = (("logistic", "logistic, less 1/2"), ("rectifier", "rectifier, signs"))
"""Those that the claim compares; the second of each sends on outputs of both signs."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depth: Hidden layers.
        learning_rates: Step sizes to choose from [1], the same for every kind.
        rate_seeds: Of the networks that choose the learning rate.
        seeds: Of the networks that are reported, none of `rate_seeds`.
        more_seeds: Of further networks with the sign trick and without it. What that pair differs
            by is zero on average, by symmetry; few seeds cannot show it.
        batch_size: Examples a step.
        moments: Training steps after which the training loss is measured, rising to the last.
        train_examples: How many of the first examples to take; None for all.
        examples: How many of the first training examples gradients are measured on.
    """

    data: str
    width: int
    depth: int
    learning_rates: tuple[float, ...]
    rate_seeds: tuple[int, ...]
    seeds: tuple[int, ...]
    more_seeds: tuple[int, ...]
    batch_size: int
    moments: tuple[int, ...]
    train_examples: int | None
    examples: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """Kinds are those of `KINDS`; times are before training and after it.

    The first matrix stands behind the inputs, the others behind a hidden layer. A network that
    diverged has NaN after training.

    Attributes:
        rate: The learning rates tried [1].
        rate_loss: Training loss after the last step while choosing [nat]; NaN: diverged.
        chosen: The learning rate of each kind [1]: the lowest median training loss.
        moment: Training steps after which the loss was measured.
        loss: Mean cross-entropy on all training examples [nat], with the chosen rate.
        loss_more: Of the further seeds after the last step [nat], of the two kinds of the second
            of `PAIRS`.
        test_error: After the last step [1].
        diverged: Whether a network's weights were no longer finite, 0 or 1.
        one_sign: Share of pairs of an example and a unit with gradient whose nonzero weight
            gradients have one sign [1].
        majority: Share of the commoner sign among a unit's weight gradients, of a mini-batch [1].
        angle_batch: Between a unit's gradient, of a mini-batch, and the nearest direction whose
            weights all change with one sign [degrees].
        angle_all: The same of the gradient of all examples measured [degrees].
        angle_way: The same of the whole way that a unit's weights went in training [degrees].
        mean_power: Share of the mean square of what a matrix receives that lies in its mean [1].
        steepest: Share of the same along the one direction that has most of it [1].
        mirrored: Largest difference between the logits of a network with signs and those of the
            plain network that has its weights behind negated units negated, trained alike [1].
    """

    rate: Float[np.ndarray, "rates"]
    rate_loss: Float[np.ndarray, "kinds rates rate_seeds"]
    chosen: Float[np.ndarray, "kinds"]
    moment: Int[np.ndarray, "moments"]
    loss: Float[np.ndarray, "kinds moments seeds"]
    loss_more: Float[np.ndarray, "pair more_seeds"]
    test_error: Float[np.ndarray, "kinds seeds"]
    diverged: Int[np.ndarray, "kinds seeds"]
    one_sign: Float[np.ndarray, "kinds times matrices seeds"]
    majority: Float[np.ndarray, "kinds times matrices seeds"]
    angle_batch: Float[np.ndarray, "kinds times matrices seeds"]
    angle_all: Float[np.ndarray, "kinds times matrices seeds"]
    angle_way: Float[np.ndarray, "kinds matrices seeds"]
    mean_power: Float[np.ndarray, "kinds times matrices seeds"]
    steepest: Float[np.ndarray, "kinds times matrices seeds"]
    mirrored: Float[np.ndarray, "seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}


@torch.no_grad()
def shifts_of(
    network: MLP, kind: Kind, x: Float[Tensor, "examples inputs"]
) -> list[Float[Tensor, "models 1 _"]]:
    """What is subtracted from each hidden unit's output: its mean on these examples, or 1/2.

    A logistic unit less 1/2 is antisymmetric, tanh(x/2)/2, whatever the examples.
    """
    _, sent = forward(network, x.expand(network.models, -1, -1))
    means = [h.mean(1, keepdim=True) for h in sent[1:]]
    return [torch.full_like(m, 0.5) for m in means] if kind.less == "1/2" else means


@torch.no_grad()
def center(network: MLP, shifts: list[Float[Tensor, "models 1 _"]]) -> Detour:
    """Subtract these from hidden outputs and add to biases what keeps the function as it was."""
    for layer, shift in zip(network.stacked_layers()[1:], shifts, strict=True):
        layer.bias.add_(shift @ layer.weight)
    return Detour(shifts=shifts)


def one_sign(found: Pass, matrix: int) -> Float[Tensor, "models"]:
    """Of the pairs of an example and a unit with gradient, those of one sign [1].

    A unit's weight gradients of one example are its delta times what it receives: they share a sign
    if no two of the numbers received have opposite signs.
    """
    sent, units = found.sent[matrix], (found.delta[matrix] != 0).sum(-1)
    above, below = (sent > 0).any(-1), (sent < 0).any(-1)
    pairs = ((above | below) * units).sum(-1)
    return ((above ^ below) * units).sum(-1) / pairs


def majority(
    gradient: Float[Tensor, "*models inputs units"],
) -> Float[Tensor, "*models"]:
    """The share of the commoner sign among a unit's nonzero weight gradients, mean of units [1]."""
    above, below = (gradient > 0).sum(-2), (gradient < 0).sum(-2)
    return _mean_where(torch.maximum(above, below) / (above + below), above + below > 0)


def angle(gradient: Float[Tensor, "*models inputs units"]) -> Float[Tensor, "*models"]:
    """Between a unit's gradient and the nearest direction of one sign, mean of units [degrees].

    That direction keeps the gradient's positive part or its negative one, whichever is longer: 0
    degrees if all have one sign, 45 if the two parts are equal.
    """
    parts = [part.clamp_min(0).square().sum(-2) for part in (gradient, -gradient)]
    whole = parts[0] + parts[1]
    cosine = (torch.maximum(*parts) / whole).sqrt().clamp_max(1)
    return _mean_where(cosine.arccos().rad2deg(), whole > 0)


def mean_power(sent: Float[Tensor, "models examples inputs"]) -> Float[Tensor, "models"]:
    """|mean|² over the mean of |.|² of what a matrix receives [1]."""
    return sent.mean(1).square().sum(-1) / sent.square().sum(-1).mean(-1)


def steepest(sent: Float[Tensor, "models examples inputs"]) -> Float[Tensor, "models"]:
    """The largest eigenvalue of the second moment of what a matrix receives, over their sum [1]."""
    spread = torch.linalg.svdvals(sent).square()
    return spread[..., 0] / spread.sum(-1)


def _mean_where(values: Float[Tensor, "*models units"], wanted: Tensor) -> Float[Tensor, "*models"]:
    """The mean over the units that are wanted; NaN where none is."""
    return torch.where(wanted, values, torch.nan).nanmean(-1)
