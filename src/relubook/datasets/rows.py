"""Rows of inputs, dense or sparse: bags of words are stored as compressed sparse rows (CSR)."""

import warnings

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor


def compressed(
    values: np.ndarray, columns: np.ndarray, starts: np.ndarray, *, width: int
) -> Float[Tensor, "examples inputs"]:
    """Sparse rows from their three arrays, the columns of each row in ascending order.

    Args:
        values: The numbers that are not zero [entries].
        columns: The column of each [entries].
        starts: Where each row begins among them, and where the last one ends [examples + 1].
        width: How many columns there are.

    Returns:
        A float32 tensor in compressed rows.

    Raises:
        ValueError: If the arrays contradict each other.
    """
    parts = [
        torch.tensor(np.ascontiguousarray(array), dtype=kind)
        for array, kind in ((starts, torch.int64), (columns, torch.int64), (values, torch.float32))
    ]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")
        try:
            return torch.sparse_csr_tensor(
                *parts, size=(len(starts) - 1, width), check_invariants=True
            )
        except RuntimeError as problem:
            raise ValueError(f"These are no compressed rows: {problem}") from problem


def take(
    x: Float[Tensor, "examples inputs"], chosen: Int[Tensor, "chosen"]
) -> Float[Tensor, "chosen inputs"]:
    """The rows of those numbers, in that order, stored as before."""
    if x.layout != torch.sparse_csr:
        return x[chosen]
    starts, columns, values = (part.numpy() for part in stored(x))
    first, length = starts[:-1][chosen.numpy()], np.diff(starts)[chosen.numpy()]
    ends = np.concatenate(([0], length.cumsum()))
    entries = np.arange(ends[-1]) + np.repeat(first - ends[:-1], length)
    return compressed(values[entries], columns[entries], ends, width=x.shape[1])


def join(*parts: Float[Tensor, "_ _"]) -> Float[Tensor, "examples inputs"]:
    """All rows one after the other, such as those with labels and those without, stored as before.

    Raises:
        ValueError: If they have different numbers of inputs, or only some are sparse.
    """
    if len({(part.layout, part.shape[1]) for part in parts}) != 1:
        kinds = ", ".join(
            f"{part.shape[1]} {'dense' if part.layout == torch.strided else 'sparse'}"
            for part in parts
        )
        raise ValueError(
            f"Rows that are joined must have equally many inputs and be stored alike. Got {kinds}."
        )
    if parts[0].layout != torch.sparse_csr:
        return torch.cat(parts)
    starts, columns, values = zip(*(stored(part) for part in parts), strict=True)
    ends = np.cumsum([0, *(len(each) for each in values)])
    shifted = [each[:-1] + int(end) for each, end in zip(starts, ends, strict=False)]
    return compressed(
        torch.cat(values).numpy(), torch.cat(columns).numpy(),
        np.append(torch.cat(shifted).numpy(), ends[-1]), width=parts[0].shape[1],
    )  # fmt: skip


def dense(x: Float[Tensor, "examples inputs"]) -> Float[Tensor, "examples inputs"]:
    """The same numbers with every zero stored."""
    return x.to_dense() if x.layout == torch.sparse_csr else x


def stored(x: Float[Tensor, "examples inputs"]) -> tuple[Tensor, ...]:
    """The tensors that hold the numbers: itself, or (starts, columns, values) of sparse rows."""
    if x.layout == torch.sparse_csr:
        return x.crow_indices(), x.col_indices(), x.values()
    return (x,)


def ascending(x: Float[Tensor, "examples inputs"]) -> bool:
    """Whether the columns of each sparse row ascend, none twice; of dense rows always."""
    if x.layout != torch.sparse_csr:
        return True
    starts, columns, _ = stored(x)
    falls = (columns.diff() <= 0).nonzero().flatten() + 1
    return bool(torch.isin(falls, starts).all())


def place(x: Float[Tensor, "examples inputs"], entry: int) -> tuple[int, int]:
    """The row and the column of a stored number.

    Args:
        x: Dense or sparse rows.
        entry: Its number among all that are stored.

    Returns:
        (row, column).
    """
    if x.layout != torch.sparse_csr:
        return divmod(entry, x.shape[1])
    starts, columns, _ = stored(x)
    return int(torch.searchsorted(starts, entry, right=True)) - 1, int(columns[entry])
