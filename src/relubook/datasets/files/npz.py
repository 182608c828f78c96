"""Arrays of npz files that others wrote: no pickle, and never more bytes than a limit."""

import io
import math
import tokenize
from collections.abc import Collection, Mapping

import numpy as np
from jaxtyping import Float
from torch import Tensor

from relubook.datasets import rows
from relubook.datasets.files.archives import zip_members

_HEADER = (ValueError, SyntaxError, TypeError, KeyError, EOFError, RecursionError, MemoryError)
_KINDS = "biufU"  # numbers and texts; an object would have to be unpickled


def members(
    content: bytes, names: Collection[str], *, name: str, limit: int
) -> dict[str, np.ndarray]:
    """Some arrays of an npz file.

    Args:
        content: The file.
        names: What the arrays are called.
        name: The file's name, for the error messages.
        limit: The most bytes that may come out, all arrays together [bytes].

    Returns:
        The arrays by their names.

    Raises:
        ValueError: If the file is damaged, lacks an array, or one needs unpickling.
    """
    files = [f"{key}.npy" for key in names]
    found = zip_members(content, files, name=name, limit=limit)
    return {key: _array(found[f"{key}.npy"], f"{key} of {name}") for key in names}


def whole(numbers: np.ndarray, what: str, *, low: int, high: int) -> np.ndarray:
    """A list of whole numbers in a range.

    Args:
        numbers: An array.
        what: What it is, for the error messages.
        low: The smallest number there may be.
        high: The largest.

    Returns:
        The same numbers as int64.

    Raises:
        ValueError: If the array is no list, or holds something else.
    """
    if numbers.ndim != 1 or numbers.dtype.kind not in "iu":
        raise ValueError(
            f"The array {what} must be a list of whole numbers. Got shape {numbers.shape} of "
            f"{numbers.dtype}."
        )
    outside = np.flatnonzero((numbers < low) | (numbers > high))
    if len(outside):
        raise ValueError(
            f"The numbers in {what} must be from {low} to {high}. Got {numbers[outside[0]]} at "
            f"place {outside[0]}."
        )
    return numbers.astype(np.int64)


def bags(
    found: Mapping[str, np.ndarray], prefix: str = "", *, width: int, name: str
) -> Float[Tensor, "examples terms"]:
    """Counts of terms from three arrays: `data`, `indices` and `indptr`, as scipy names them.

    Args:
        found: Arrays by their names.
        prefix: What these three names begin with.
        width: How many terms there are.
        name: The file's name, for the error messages.

    Returns:
        Compressed rows.

    Raises:
        ValueError: If a count is not at least 1, a column does not exist, or they contradict each
            other.
    """
    data, indices, indptr = (found[prefix + key] for key in ("data", "indices", "indptr"))
    try:
        return rows.compressed(
            whole(data, f"{prefix}data of {name}", low=1, high=1 << 24),
            whole(indices, f"{prefix}indices of {name}", low=0, high=width - 1),
            whole(indptr, f"{prefix}indptr of {name}", low=0, high=len(data)),
            width=width,
        )
    except (RuntimeError, IndexError) as problem:
        raise ValueError(f"The {prefix}indptr of {name} must tell where rows begin.") from problem


def _array(content: bytes, what: str) -> np.ndarray:
    """The array that a member holds."""
    stream = io.BytesIO(content)
    try:
        version = np.lib.format.read_magic(stream)
        if version != (1, 0):
            raise ValueError(f"version {version}")
        shape, by_columns, kind = np.lib.format.read_array_header_1_0(stream)
    except (*_HEADER, tokenize.TokenError) as problem:
        raise ValueError(
            f"The array {what} must begin as a npy file of version 1.0. It does not."
        ) from problem
    if kind.kind not in _KINDS or kind.hasobject:
        raise ValueError(f"The array {what} must hold numbers or texts. It holds {kind}.")
    return _filled(content[stream.tell() :], shape, kind, "F" if by_columns else "C", what)


def _filled(
    stored: bytes, shape: tuple[int, ...], kind: np.dtype, order: str, what: str
) -> np.ndarray:
    """Bytes as an array, if they are as many as its shape needs."""
    needed = math.prod(shape) * kind.itemsize
    if min(shape, default=0) < 0 or len(stored) != needed or not kind.itemsize:
        raise ValueError(
            f"The array {what} must have {needed:,} bytes, for its shape {shape} of {kind}. Got "
            f"{len(stored):,}."
        )
    flat = np.frombuffer(stored, dtype=kind)
    return flat.reshape(shape, order="F" if order == "F" else "C")
