"""Thinned networks: training with dropout, means over many masks and over all of a few units.

A thinned network drops hidden units and doubles what the others send on, so that the whole network
is the one that srivastava2014 calls scaled: there it halves its weights after training instead.
"""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from relubook import seeds as streams
from relubook.datasets import Dataset
from relubook.experiments.mini_batches import mini_batches
from relubook.experiments.weight_gradients import Detour, backpropagate, descend
from relubook.networks import MLP
from relubook.training import Progress

_TOGETHER = 12  # networks: as many as a core's cache holds


def train(
    network: MLP,
    data: Dataset,
    *,
    dropout: bool,
    learning_rate: float,
    batch_size: int,
    steps: int,
    progress: Progress | None = None,
) -> None:
    """Train in place; with dropout, half of the hidden units of an example send 0, the rest twice.

    Args:
        network: The models.
        data: What they learn.
        dropout: Whether units are dropped.
        learning_rate: Step size [1].
        batch_size: Examples a step.
        steps: How many.
        progress: Called as `progress(done, total, text)`.

    References:
        srivastava2014, sections 4 and 5.
    """
    for models, part in network.chunks(_TOGETHER):
        rate = part.stacked_layers()[0].weight.new_full((part.models, 1, 1), learning_rate)
        detours = dropping(part, batch_size) if dropout else itertools.repeat(Detour())
        for batch, detour in itertools.islice(
            zip(mini_batches(part, data, batch_size), detours, strict=False), steps
        ):
            descend(part, backpropagate(part, *batch, detour), rate)
        if progress is not None:
            progress(models.stop, network.models, "trained")


def dropping(network: MLP, batch_size: int) -> Iterator[Detour]:
    """Masks of all hidden units for each example of each step, from each model's own seed."""
    like, widths = network.stacked_layers()[0].weight, network.sizes[1:-1]
    generators = [streams.stream(seed, "dropout") for seed in network.seeds]
    while True:
        coins = torch.stack(
            [torch.rand(batch_size, sum(widths), generator=one) < 0.5 for one in generators]
        )
        yield Detour(factors=(2.0 * coins.to(like)).split(widths, dim=-1))


def masks(network: MLP, count: int) -> Iterator[list[Float[Tensor, "models 1 _"]]]:
    """The factors, 0 or 2, of each hidden layer of some thinned networks, one after the other."""
    like, widths = network.stacked_layers()[0].weight, network.sizes[1:-1]
    generators = [streams.stream(seed, "masks") for seed in network.seeds]
    for _ in range(count):
        coins = [torch.rand(1, sum(widths), generator=one) < 0.5 for one in generators]
        yield list((2.0 * torch.stack(coins).to(like)).split(widths, dim=-1))


@dataclass
class Tally:
    """Sums over thinned networks that drop units at one place.

    Attributes:
        log_p: Sum of the logarithms of their probabilities [nat].
        p: Sum of their probabilities [1].
        wrong: Sum of their shares of wrong classes [1].
        flipped: Sum of their shares of units switched on or off [1].
        off: Sum of the shares of zeros in each hidden layer [1].
        errors: Of the geometric mean after each of the networks that were asked for [1].
        networks: How many.
    """

    log_p: Tensor
    p: Tensor
    wrong: Tensor
    flipped: Tensor
    off: Tensor
    errors: list[Tensor] = field(default_factory=list)
    networks: int = 0


@torch.no_grad()
def thin(
    network: MLP,
    x: Float[Tensor, "examples inputs"],
    y: Tensor,
    dropped: Sequence[int],
    *,
    count: int,
    counts: Sequence[int] = (),
) -> Tally:
    """Answers of thinned networks that drop units in some of the hidden layers.

    Args:
        network: The models.
        x: Shown to all of them.
        y: The classes.
        dropped: Hidden layers in which units are dropped, from 0.
        count: Thinned networks for each model.
        counts: After how many of them the error of their mean is wanted.
    """
    layers = network.stacked_layers()
    first = layers[0](x.to(layers[0].weight).expand(network.models, -1, -1))
    whole = _upward(network, first, {})
    zero = whole[-1].new_zeros(network.models)
    tally = Tally(
        log_p=torch.zeros_like(whole[-1]), p=torch.zeros_like(whole[-1]), wrong=zero,
        flipped=zero.clone(), off=zero.new_zeros(network.depth, network.models),
    )  # fmt: skip
    for factors in masks(network, count):
        kept = {layer: factors[layer] for layer in dropped}
        before = _upward(network, first, kept)
        log_p = before[-1].log_softmax(-1)
        tally.log_p += log_p
        tally.p += log_p.exp()
        tally.wrong += (log_p.argmax(-1) != y).to(zero).mean(-1)
        tally.networks += 1
        for layer, z in enumerate(before[:-1]):
            on = (z > 0) & (kept[layer] > 0) if layer in kept else z > 0
            tally.off[layer] += 1 - on.to(zero).mean((-2, -1))
        behind = range(min(dropped) + 1, network.depth)
        changed = [(whole[at] > 0) ^ (before[at] > 0) for at in behind]
        if changed:
            tally.flipped += torch.cat(changed, -1).to(zero).mean((-2, -1))
        if tally.networks in counts:
            tally.errors.append((tally.log_p.argmax(-1) != y).to(zero).mean(-1))
    return tally


def _upward(
    network: MLP, first: Float[Tensor, "models examples units"], factors: dict[int, Tensor]
) -> list[Float[Tensor, "models examples _"]]:
    """Pre-activations of each layer, the logits last, from those of the first."""
    before = [first]
    for place, layer in enumerate(network.stacked_layers()[1:]):
        h = network.activation(before[-1])
        before.append(layer(h * factors[place] if place in factors else h))
    return before


def summary(tally: Tally, scaled: Float[Tensor, "models examples classes"], y: Tensor) -> dict:
    """Errors of means, and how far the scaled network's answers are from the geometric mean.

    Args:
        tally: Of thinned networks.
        scaled: The logits of the whole network.
        y: The classes.
    """
    n = tally.networks
    geometric, target = (tally.log_p / n).log_softmax(-1), scaled.log_softmax(-1)
    wrong = [(part.argmax(-1) != y).double().mean(-1) for part in (geometric, tally.p)]
    divergence = (geometric.exp() * (geometric - target)).sum(-1).mean(-1)
    return {
        "error_one": _numbers(tally.wrong / n),
        "error_mean": _numbers(wrong[0]),
        "error_arithmetic": _numbers(wrong[1]),
        "divergence": _numbers(divergence),
        "flipped": _numbers(tally.flipped / n),
    }


def every_mask(units: int) -> Float[Tensor, "masks units"]:
    """All 2^units rows of zeros and ones.

    >>> every_mask(2).tolist()
    [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
    """
    return torch.tensor(list(itertools.product((0.0, 1.0), repeat=units)), dtype=torch.float64)


@torch.no_grad()
def exact(network: MLP, model: int, x: Float[Tensor, "examples inputs"]) -> dict[str, float]:
    """Means over all masks of the last layers against halved weights, in float64, of one model.

    Args:
        network: Rectifiers; the last two hidden layers together have few units.
        model: Which of the models.
        x: Examples.

    Returns:
        The relative differences `exact_last`, `exact_held` and `exact_free`, and the difference of
        probabilities `exact_geometric` [1].
    """
    weights = [layer.weight[model].double() for layer in network.stacked_layers()]
    biases = [layer.bias[model].double() for layer in network.stacked_layers()]
    h = x.to(weights[0])
    for weight, bias in zip(weights[:-2], biases[:-2], strict=True):
        h = (h @ weight + bias).relu()
    top = _Top(h=h, weights=(weights[-2], weights[-1]), biases=(biases[-2], biases[-1]))
    last = top.logits(torch.ones_like(every_mask(h.shape[1])[:1]), every_mask(len(weights[-1])))
    halved = top.scaled(1.0, 0.5)
    both = torch.cat([every_mask(h.shape[1] + len(weights[-1]))])
    lower, upper = both.split([h.shape[1], len(weights[-1])], dim=1)
    on = (0.5 * h @ weights[-2] + biases[-2]) > 0
    quartered = top.scaled(0.5, 0.5)
    free, held = top.logits(lower, upper), top.logits(lower, upper, on)
    mean = last.log_softmax(-1).mean(0).softmax(-1)
    return {
        "exact_last": _relative(last.mean(0), halved),
        "exact_geometric": float((mean - halved.softmax(-1)).abs().max()),
        "exact_held": _relative(held.mean(0), quartered),
        "exact_free": _relative(free.mean(0), quartered),
    }


@dataclass(frozen=True, kw_only=True)
class _Top:
    """The last hidden layer and the logits, from what the layer before puts out."""

    h: Float[Tensor, "examples lower"]
    weights: tuple[Float[Tensor, "lower upper"], Float[Tensor, "upper classes"]]
    biases: tuple[Float[Tensor, "1 upper"], Float[Tensor, "1 classes"]]

    def logits(
        self,
        lower: Float[Tensor, "#masks lower"],
        upper: Float[Tensor, "#masks upper"],
        on: Bool[Tensor, "examples upper"] | None = None,
    ) -> Float[Tensor, "masks examples classes"]:
        """The logits under each mask; `on` holds each unit on or off whatever it receives."""
        before = (self.h * lower[:, None]) @ self.weights[0] + self.biases[0]
        h = before.relu() if on is None else before * on
        return (h * upper[:, None]) @ self.weights[1] + self.biases[1]

    def scaled(self, lower: float, upper: float) -> Float[Tensor, "examples classes"]:
        """The logits with the weights behind each layer multiplied instead."""
        h = (self.h @ (lower * self.weights[0]) + self.biases[0]).relu()
        return h @ (upper * self.weights[1]) + self.biases[1]


def _relative(found: Tensor, target: Tensor) -> float:
    """The largest difference over the largest number."""
    return float((found - target).abs().max() / target.abs().max())


def _numbers(values: Tensor) -> np.ndarray:
    """In float64."""
    return values.double().numpy(force=True)
