"""Chance on sparse rows: places drawn from millions without looking at each of them.

A dense draw asks every number of a mini-batch whether it is chosen. Here the gaps between chosen
ones are drawn, which follow a geometric distribution: the same chance for each place, independent
of all others, for as many draws as places are chosen.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import sparse_batches

_MARGIN = 6.0  # standard deviations; more gaps are drawn if they still do not reach the end


def places(count: int, chance: float, generator: torch.Generator) -> Int[Tensor, "chosen"]:
    """Some of the numbers from 0 to `count` - 1, ascending, each chosen with that chance.

    Args:
        count: How many numbers there are.
        chance: Probability of each to be chosen [1], below 1.
        generator: Moved on by as many numbers as are needed.

    Returns:
        How many they are is binomial.
    """
    if chance <= 0:
        return torch.zeros(0, dtype=torch.int64)
    expected = count * chance
    many = int(expected + _MARGIN * expected**0.5) + 8
    reached, found = -1, []
    while reached < count:
        gaps = torch.empty(many, dtype=torch.int64).geometric_(chance, generator=generator)
        found.append(reached + gaps.cumsum(0))
        reached = int(found[-1][-1])
    chosen = torch.cat(found)
    return chosen[: int(torch.searchsorted(chosen, count))]


def corrupted(
    x: Float[Tensor, "models batch inputs"],
    masked: float,
    salted: float,
    generators: Sequence[torch.Generator],
) -> Float[Tensor, "models batch inputs"]:
    """Sparse examples with some numbers forced to 0 or 1, with the chances of dense ones.

    What is stored is asked one by one. Of the zeros, only those that become 1 are drawn.

    Args:
        x: A sparse mini-batch for each model [1]; it stays as it is.
        masked: Probability of an input to be forced to 0 [1].
        salted: Probability of an input to be forced to 1 [1].
        generators: One for each model, which each call moves on.
    """
    own = sparse_batches.cells(x)
    counts = torch.bincount(x.indices()[0], minlength=x.shape[0]).tolist()
    drawn = [
        torch.rand(count, generator=generator)
        for count, generator in zip(counts, generators, strict=True)
    ]
    chance = torch.cat(drawn).to(x.device)
    values = x.values() * (chance >= masked)
    if salted:
        values = values.masked_fill(chance >= 1 - salted, 1.0)
    left, new = values != 0, without(drawn_cells(x, salted, generators), own)
    cell, order = torch.cat([own[left], new]).sort()
    values = torch.cat([values[left], values.new_ones(len(new))])[order]
    return sparse_batches.of_cells(cell, values, tuple(x.shape))


def drawn_cells(
    x: Float[Tensor, "models batch inputs"], chance: float, generators: Sequence[torch.Generator]
) -> Int[Tensor, "chosen"]:
    """Cells of a mini-batch, ascending, each model's drawn from its own generator."""
    size = x.shape[1] * x.shape[2]  # zeros included
    each = [
        model * size + places(size, chance, generator) for model, generator in enumerate(generators)
    ]
    return torch.cat(each).to(x.device)


def without(cell: Int[Tensor, "some"], others: Int[Tensor, "others"]) -> Int[Tensor, "rest"]:
    """The cells that are not among the others; both ascend."""
    if not len(others):
        return cell
    nearest = torch.searchsorted(others, cell).clamp_(max=len(others) - 1)
    return cell[others[nearest] != cell]
