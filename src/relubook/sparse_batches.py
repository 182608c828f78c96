"""Mini-batches of sparse rows: what is not zero, where it stands, and products that read no more.

Bags of words are stored as compressed rows (`datasets.rows`). Each model draws rows of its own, so
a mini-batch is one sparse tensor [models batch inputs] in coordinates, sorted by model, example and
input. A row of weights is read, or changed, only where an example has a word for it.
"""

import functools
import warnings
from itertools import pairwise

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

_BLOCK_BYTES = 1 << 20  # of sums on their way to the weights: what stays in a core's cache


def is_sparse(x: Tensor) -> bool:
    """Whether zeros are not stored."""
    return x.layout != torch.strided


def dense(x: Float[Tensor, "models batch inputs"]) -> Float[Tensor, "models batch inputs"]:
    """The same mini-batch with its zeros; itself if it has them."""
    return x.to_dense() if is_sparse(x) else x


def like(x: Float[Tensor, "examples inputs"], weight: Tensor) -> Float[Tensor, "examples inputs"]:
    """Examples, dense or in compressed rows, in the precision and on the device of the weights."""
    hear_that_csr_is_in_beta()
    return x.to(weight)


def take(
    x: Float[Tensor, "examples inputs"], chosen: Int[Tensor, "models batch"]
) -> Float[Tensor, "models batch inputs"]:
    """A mini-batch of rows for each model.

    Args:
        x: All examples, in compressed rows.
        chosen: The numbers of the examples that each model gets.

    Returns:
        A sparse tensor in coordinates.
    """
    starts, columns, values = x.crow_indices(), x.col_indices(), x.values()
    rows = chosen.flatten().to(starts.device)
    first = starts[rows]
    length = starts[rows + 1] - first
    ends = length.cumsum(0)
    row = torch.repeat_interleave(torch.arange(len(rows), device=rows.device), length)
    entry = torch.arange(len(row), device=rows.device) + (first - ends + length)[row]
    shape = (*chosen.shape, x.shape[1])
    return of_cells(row * x.shape[1] + columns[entry], values[entry], shape)


def cells(x: Float[Tensor, "models batch inputs"]) -> Int[Tensor, "entries"]:
    """The place of each entry if all numbers of a mini-batch stood in one line, ascending."""
    _, batch, inputs = x.shape
    model, example, column = x.indices()
    return (model * batch + example) * inputs + column


def of_cells(
    cell: Int[Tensor, "entries"], values: Float[Tensor, "entries"], shape: tuple[int, ...]
) -> Float[Tensor, "models batch inputs"]:
    """A mini-batch from the places of its entries, ascending, and their values."""
    row = cell // shape[2]
    where = torch.stack([row // shape[1], row % shape[1], cell % shape[2]])
    return torch.sparse_coo_tensor(where, values, shape, is_coalesced=True, check_invariants=False)


def product(
    x: Float[Tensor, "models batch inputs"], weight: Float[Tensor, "models inputs outputs"]
) -> Float[Tensor, "models batch outputs"]:
    """The product x W from the rows of W whose inputs are not zero; torch can differentiate by W.

    Args:
        x: A sparse mini-batch for each model [1].
        weight: One row per input.
    """
    models, batch, _ = x.shape
    row, place = _places(x)
    sums = functional.embedding_bag(
        place,
        weight.flatten(0, 1),
        offsets=_starts(row, models * batch),
        per_sample_weights=x.values(),
        mode="sum",
    )
    return sums.view(models, batch, -1)


@torch.no_grad()
def subtract_outer(
    weight: Float[Tensor, "models inputs outputs"],
    x: Float[Tensor, "models batch inputs"],
    update: Float[Tensor, "models batch outputs"],
) -> None:
    """Subtract x^T update from W where it stands; rows of W without an input are not touched.

    The rows are taken in blocks that stay in a core's cache: to sum all of them first would write
    as much memory as the weights have.

    Args:
        weight: One row per input; changed.
        x: A sparse mini-batch for each model [1].
        update: What each example contributes.
    """
    table, sources = weight.view(-1, weight.shape[-1]), update.flatten(0, 1)
    row, place = _places(x)
    place, order = place.sort(stable=True)
    row, value = row[order], x.values()[order]
    touched, counts = place.unique_consecutive(return_counts=True)
    starts = counts.cumsum(0) - counts
    at_once = max(1, _BLOCK_BYTES // (weight.shape[-1] * weight.element_size()))
    edges = [*starts[::at_once].tolist(), len(row)]
    for block, (begin, end) in enumerate(pairwise(edges)):
        here = slice(block * at_once, (block + 1) * at_once)
        sums = functional.embedding_bag(
            row[begin:end],
            sources,
            offsets=starts[here] - begin,
            per_sample_weights=value[begin:end],
            mode="sum",
        )
        table.index_add_(0, touched[here], sums, alpha=-1)


@torch.no_grad()
def products_at(
    where: Float[Tensor, "models batch outputs"],
    h: Float[Tensor, "models batch units"],
    weight: Float[Tensor, "models outputs units"],
) -> Float[Tensor, "entries"]:
    """Those numbers of h W^T that stand where a sparse tensor has entries, and no others.

    Args:
        where: The places; the values do not matter.
        h: Hidden outputs [1].
        weight: One row per output.

    Returns:
        One number for each entry, in their order.
    """
    hear_that_csr_is_in_beta()
    table = weight.view(-1, weight.shape[-1])
    row, place = _places(where)
    rows = where.shape[0] * where.shape[1]
    pattern = torch.sparse_csr_tensor(
        _starts(row, rows + 1),
        place,
        torch.zeros_like(where.values()),
        size=(rows, len(table)),
        check_invariants=False,
    )
    return torch.sparse.sampled_addmm(pattern, h.flatten(0, 1), table.mT, beta=0.0).values()


@functools.cache
def hear_that_csr_is_in_beta() -> None:
    """Torch warns of its compressed rows once a process; here nobody need hear it."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")
        torch.ones(1, 1).to_sparse_csr()


def _places(x: Tensor) -> tuple[Int[Tensor, "entries"], Int[Tensor, "entries"]]:
    """The row of each entry among those of all models, and its row of all models' weights."""
    model, example, column = x.indices()
    return model * x.shape[1] + example, model * x.shape[2] + column


def _starts(row: Int[Tensor, "entries"], rows: int) -> Int[Tensor, "rows"]:
    """Where each row begins among the entries."""
    return torch.searchsorted(row, torch.arange(rows, device=row.device))
