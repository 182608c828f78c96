"""Networks for bags of words: how they are pretrained, and what they are pretrained on.

Rectifiers restore by the paper's strategy 2 in every layer: logistic outputs and cross-entropy, the
outputs of the layer below scaled into 0 to 1. The first layer's noise is salt and pepper, that of
the layers above masks (glorot2011, p. 321).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor

from relubook.corruptions import Corruption
from relubook.datasets import Dataset, Split, rows
from relubook.experiments.pretrained import Pretrained, begin, pretrained
from relubook.networks import MLP
from relubook.pretraining import Recipe
from relubook.training import Progress


@dataclass(frozen=True, kw_only=True)
class Restoring:
    """How networks are pretrained on bags of words; the paper gives none of these numbers.

    Attributes:
        rates: Learning rates to choose from for each layer [1].
        epochs: Passes for each layer.
        batch_size: Examples a step.
        masked: Probability of a word to be taken away in the first layer [1].
        salted: Probability of any term to be added there [1].
        above: Probability of an input of the layers above to be forced to 0 [1].
        zeros: Probability with which a term that is not there is restored at a step [1]; the
            gradient is the same in expectation (dauphin2011).
        judged: Reviews kept apart, on which restoring is judged.
    """

    rates: tuple[float, ...]
    epochs: int
    batch_size: int = 10
    masked: float = 0.8
    salted: float = 0.005
    above: float = 0.3
    zeros: float = 0.1
    judged: int = 500

    def recipe(self, activation: str) -> Recipe:
        """What all networks of these units share.

        A tanh network restores words as a rectifier network does, and the outputs of tanh units by
        the cross-entropy of numbers from -1 to 1 (glorot2011, p. 320).
        """
        return Recipe(
            epochs=self.epochs, batch_size=self.batch_size, choose=True, zeros=self.zeros,
            corruption=Corruption(masked=self.masked, salted=self.salted),
            above=Corruption(masked=self.above), first="cross-entropy",
            reconstruction="tanh" if activation == "tanh" else "cross-entropy",
        )  # fmt: skip


def pool(
    labeled: Float[Tensor, "examples terms"],
    unlabeled: Float[Tensor, "others terms"] | None,
    data: Dataset,
    *,
    judged: int,
) -> Dataset:
    """What is learned without labels: all reviews, in an order of their own, less those that judge.

    Args:
        labeled: Bags of words whose labels are not used here.
        unlabeled: More of them, or None.
        data: Where they come from.
        judged: How many to keep apart.

    Returns:
        A data set whose labels mean nothing.

    Raises:
        ValueError: If nothing is left to learn on.
    """
    x = labeled if unlabeled is None else rows.join(labeled, unlabeled)
    if not 1 <= judged < len(x):
        raise ValueError(
            f"The `judged` reviews must be from 1 to {len(x) - 1}, so that some are left to learn "
            f"on. Got {judged}."
        )
    order = torch.randperm(len(x), generator=torch.Generator().manual_seed(2011))
    parts = [_unmarked(rows.take(x, part)) for part in (order[judged:], order[:judged])]
    return replace(data, train=parts[0], validation=parts[1], unlabelled=None, sha256="")


def restored(
    hidden: Sequence[int],
    data: Dataset,
    *,
    activation: str,
    seeds: Sequence[int],
    restoring: Restoring,
    l1: float,
    device: str = "cpu",
    progress: Progress | None = None,
    file: Path | None = None,
) -> Pretrained:
    """Networks that have learned to restore reviews, one per seed; arguments as `pretrained`'s."""
    return pretrained(
        hidden, data, activation=activation, seeds=seeds, rates=restoring.rates,
        recipe=restoring.recipe(activation), l1=l1, device=device, progress=progress, file=file,
    )  # fmt: skip


@torch.no_grad()
def lowest_layers(network: MLP, depth: int, data: Dataset) -> MLP:
    """Networks with fewer hidden layers, the same ones; logits as they were drawn.

    Since layers are pretrained one after the other, these are the networks that pretraining of so
    many layers gives.

    Args:
        network: Pretrained.
        depth: Hidden layers to keep.
        data: What the networks will learn.

    Raises:
        ValueError: If there are not so many.
    """
    if not 0 <= depth <= network.depth:
        raise ValueError(f"The `depth` must be from 0 to {network.depth}. Got {depth}.")
    weight = network.stacked_layers()[0].weight
    fewer = begin(
        network.sizes[1 : 1 + depth], data, activation=network.activation.name,
        seeds=network.seeds, device=str(weight.device),
    )  # fmt: skip
    pairs = zip(fewer.stacked_layers()[:-1], network.stacked_layers(), strict=False)
    for to, source in pairs:
        to.weight.copy_(source.weight)
        to.bias.copy_(source.bias)
    return fewer


def _unmarked(x: Float[Tensor, "examples terms"]) -> Split:
    """Examples whose labels mean nothing."""
    return Split(x=x, y=torch.zeros(len(x), dtype=torch.int64))
