"""Reconstruction sampling: an autoencoder restores what is there, and a few of the zeros.

Of 5,000 words a review has thirty. An autoencoder that restores all 5,000 outputs spends nearly all
of its time on zeros. Here an output is restored for certain if the example has the word, before or
after noise; of the others a few are drawn, and what is drawn one time in a hundred counts a hundred
times. So the step is, in expectation, that of all outputs.

References:
    dauphin2011.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import sparse_batches, sparse_noise
from relubook.autoencoders import Autoencoder


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The outputs of a mini-batch that are restored.

    Attributes:
        target: Sparse; an entry for each of them, with the number to be restored [1].
        weight: What the cost of each is multiplied by [1].
    """

    target: Float[Tensor, "models batch inputs"]
    weight: Float[Tensor, "entries"]


def draw(
    x: Float[Tensor, "models batch inputs"],
    corrupted: Float[Tensor, "models batch inputs"],
    zeros: float,
    generators: Sequence[torch.Generator],
) -> Sample:
    """All outputs with something to restore or to remove, and some of the zeros.

    Args:
        x: A sparse mini-batch for each model [1]: what is to be restored.
        corrupted: The same after noise.
        zeros: Probability with which an output that is zero in both is restored [1].
        generators: One for each model, which each call moves on.
    """
    certain = torch.cat([sparse_batches.cells(x), sparse_batches.cells(corrupted)]).unique()
    drawn = sparse_noise.drawn_cells(x, zeros, generators)
    return chosen(x, certain, sparse_noise.without(drawn, certain), zeros)


def chosen(
    x: Float[Tensor, "models batch inputs"],
    certain: Int[Tensor, "certain"],
    drawn: Int[Tensor, "drawn"],
    zeros: float,
) -> Sample:
    """The sample of these cells.

    Args:
        x: What is to be restored, sparse [1].
        certain: Cells that are always restored, ascending; those of x are among them.
        drawn: Others, which are zero.
        zeros: The probability with which those were drawn [1].
    """
    target = x.values().new_zeros(len(certain))
    target[torch.searchsorted(certain, sparse_batches.cells(x))] = x.values()
    cell, order = torch.cat([certain, drawn]).sort()
    target = torch.cat([target, target.new_zeros(len(drawn))])[order]
    weight = torch.ones_like(target).masked_fill_(order >= len(certain), 1 / zeros)
    return Sample(target=sparse_batches.of_cells(cell, target, tuple(x.shape)), weight=weight)


@torch.no_grad()
def descend(
    autoencoder: Autoencoder,
    x: Float[Tensor, "models batch inputs"],
    sample: Sample,
    learning_rate: Float[Tensor, "models 1 1"],
    l1: Float[Tensor, "models 1 1"],
) -> Float[Tensor, "models"]:
    """One step of gradient descent by hand, in which only some outputs are restored.

    Weights of other outputs are neither read nor changed. Over many samples the mean of the changes
    is that of `autoencoders.inplace`; so is that of the costs.

    Args:
        autoencoder: The models, made with `by_output` or tied; their weights are changed.
        x: A mini-batch for each model, corrupted and sparse [1].
        sample: Of the outputs.
        learning_rate: Step size of each model [1].
        l1: Penalty on the sum of |h| over the hidden units of each model [1].

    Returns:
        The cost of the sampled outputs with their weights, mean over the mini-batch.

    Raises:
        ValueError: If the decoder's weights do not lie in memory output by output.
    """
    encoder, f, unit = autoencoder.encoder, autoencoder.activation, autoencoder.reconstruction
    table = _by_output(autoencoder)
    scale, target = learning_rate / x.shape[1], sample.target
    before = encoder(x)
    h = f.value(before)
    model, _, output = target.indices()
    z = sparse_batches.products_at(target, h, table) + autoencoder.bias[model, 0, output]
    cost = sample.weight * unit.cost(z, target.values())
    slope = sample.weight * unit.slope(z, target.values()) * scale.view(-1)[model]
    delta = sparse_batches.of_cells(sparse_batches.cells(target), slope, tuple(target.shape))
    start = l1 * scale if f.nonnegative else h.sign() * (l1 * scale)
    back = sparse_batches.product(delta, table).add_(start)
    back.mul_(f.derivative(before, h))
    sparse_batches.subtract_outer(table, delta, h)
    encoder.descend(x, back)
    autoencoder.bias.view(-1).index_add_(0, model * x.shape[2] + output, slope, alpha=-1)
    return torch.zeros_like(l1.view(-1)).index_add_(0, model, cost) / x.shape[1]


def _by_output(autoencoder: Autoencoder) -> Float[Tensor, "models inputs units"]:
    """The decoder's weights, one row per output, as they lie in memory."""
    table = autoencoder.weights_back.mT
    if not table.is_contiguous():
        raise ValueError(
            "To restore some of the outputs, the decoder's weights must lie in memory output by "
            "output. Make the Autoencoder with `by_output=True`."
        )
    return table
