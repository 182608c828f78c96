"""The linear account of one review, and what it is worth: each word is taken away in turn.

With the active units given a rectifier network is linear in its inputs (glorot2011, p. 317), so
that its logits are sums over the words of a review. As one number of them serves their slope L over
the stars, that of the least squares line.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from relubook.datasets import rows
from relubook.networks import MLP
from relubook.ratings import expected

_AT_ONCE = 100_000  # words taken away


def slopes(stars: Float[Tensor, "classes"]) -> Float[Tensor, "classes"]:
    """Factors of the logits whose sum is their least squares slope over the stars [1/star]."""
    away = stars.double() - stars.double().mean()
    return away / away.square().sum()


class Weights(NamedTuple):
    """One model's weights and biases, from the first layer to the classes; float64."""

    weight: list[Float[Tensor, "_ _"]]
    bias: list[Float[Tensor, "_"]]

    @classmethod
    def of(cls, network: MLP, model: int) -> "Weights":
        """Those of one of several models with two hidden layers of rectifiers."""
        layers = network.stacked_layers()
        return cls(
            [layer.weight[model].detach().double().cpu() for layer in layers],
            [layer.bias[model, 0].detach().double().cpu() for layer in layers],
        )


class Read(NamedTuple):
    """What the two hidden layers and the classes say."""

    first: Float[Tensor, "reviews units"]
    second: Float[Tensor, "reviews others"]
    logits: Float[Tensor, "reviews classes"]

    @property
    def on(self) -> Bool[Tensor, "reviews both"]:
        """Which of all units are active."""
        return torch.cat([self.first > 0, self.second > 0], dim=1)


def read(weights: Weights, sums: Float[Tensor, "reviews units"]) -> Read:
    """From what the first layer receives on."""
    first = sums.clamp_min(0)
    second = (first @ weights.weight[1] + weights.bias[1]).clamp_min(0)
    return Read(first, second, second @ weights.weight[2] + weights.bias[2])


def carried(
    weights: Weights, seen: Read, slope: Float[Tensor, "classes"]
) -> Float[Tensor, "reviews units"]:
    """What one more at a unit of the first layer adds to L, the active units staying [nat/star]."""
    second = (weights.weight[2] @ slope) * (seen.second > 0)
    return (second @ weights.weight[1].T) * (seen.first > 0)


class Removed(NamedTuple):
    """What taking away every word of some reviews does, one word at a time.

    Attributes:
        having: Reviews that have each word.
        effect: Expected stars with each word less those without, mean of these [star]; NaN if none.
        unflipped: Words taken away without any unit turning on or off, of all [1].
        size: Mean size of what a word carries by the linear account [nat/star].
        error: Mean distance of that from what taking it away does [nat/star].
    """

    having: Int[np.ndarray, "words"]
    effect: Float[np.ndarray, "words"]
    unflipped: float
    size: float
    error: float


def removals(
    weights: Weights, x: Float[Tensor, "reviews words"], stars: Float[Tensor, "classes"]
) -> Removed:
    """Take every word of every review away, all others staying.

    Args:
        weights: Of one model.
        x: Bags of words, 0 or 1, in compressed rows.
        stars: How many stars each class stands for [star].
    """
    stars, slope = stars.double(), slopes(stars)
    starts, columns, _ = rows.stored(x)
    row = torch.repeat_interleave(torch.arange(len(starts) - 1), starts.diff())
    sums = _sums(weights, row, columns, len(x))
    whole = read(weights, sums)
    carries, told = carried(weights, whole, slope), expected(whole.logits, stars)
    total = torch.zeros(x.shape[1], dtype=torch.float64)
    same, size, error = 0, 0.0, 0.0
    for at, word in _parts(row, columns):
        gone = weights.weight[0][word]
        left = read(weights, sums[at] - gone)
        account = (carries[at] * gone).sum(1)
        change = (whole.logits[at] - left.logits) @ slope
        total.index_add_(0, word, told[at] - expected(left.logits, stars))
        same += int((left.on == whole.on[at]).all(1).sum())
        size += float(account.abs().sum())
        error += float((account - change).abs().sum())
    having = columns.bincount(minlength=x.shape[1])
    effect = total / having.where(having > 0, torch.nan)
    count = max(len(columns), 1)
    return Removed(having.numpy(), effect.numpy(), same / count, size / count, error / count)


def _sums(
    weights: Weights, row: Int[Tensor, "entries"], column: Int[Tensor, "entries"], reviews: int
) -> Float[Tensor, "reviews units"]:
    """What the first layer receives."""
    sums = weights.bias[0].repeat(reviews, 1)
    for at, word in _parts(row, column):
        sums.index_add_(0, at, weights.weight[0][word])
    return sums


def _parts(
    row: Int[Tensor, "entries"], column: Int[Tensor, "entries"]
) -> Iterator[tuple[Int[Tensor, "some"], Int[Tensor, "some"]]]:
    """Some entries at a time."""
    return zip(row.split(_AT_ONCE), column.split(_AT_ONCE), strict=True)
