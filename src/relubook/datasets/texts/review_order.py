"""In which order reviews stand, and which of them are kept for validating and testing."""

import hashlib
import itertools
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from torch import Tensor

from relubook.datasets import rows


def canonical(keys: Sequence[bytes], labels: np.ndarray) -> np.ndarray:
    """The order of the SHA-256 of each review, then of its label.

    Every edition of a set can be put into this order, whatever order its files have. It shuffles
    the labels, and puts equal reviews side by side.

    Args:
        keys: What was written, one for each review.
        labels: The number of the class of each; zeros without classes.

    Returns:
        The number of each review, in that order.
    """
    digests = [hashlib.sha256(key).digest() for key in keys]
    order = sorted(range(len(keys)), key=lambda number: (digests[number], int(labels[number])))
    return np.array(order, dtype=np.int64)


def row_keys(x: Float[Tensor, "examples terms"]) -> list[bytes]:
    """What stands for each review of which only counts are known.

    Args:
        x: Counts in compressed rows.

    Returns:
        The columns and counts of each row, as little-endian bytes.
    """
    starts, columns, values = (part.numpy() for part in rows.stored(x))
    pairs = np.stack([columns, values], axis=1).astype("<i4")
    return [pairs[first:last].tobytes() for first, last in itertools.pairwise(starts)]


def divided(
    strata: np.ndarray, *, validation: float, test: float = 0.0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Which reviews are trained on, validated on and tested on: the same shares of every stratum.

    Within a stratum the first reviews are validated on, the next ones tested on. In the canonical
    order equal reviews therefore stay together, save for the few at a border.

    Args:
        strata: The number of the stratum of each review, such as its label, in canonical order.
        validation: The share to validate on, rounded down [1].
        test: The share to test on, rounded down [1].

    Returns:
        The numbers of the reviews of each split, in ascending order.
    """
    order = np.argsort(strata, kind="stable")
    sizes = np.unique(strata, return_counts=True)[1]
    rank = np.arange(len(strata)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    first = np.repeat((sizes * validation + 1e-9).astype(int), sizes)
    second = first + np.repeat((sizes * test + 1e-9).astype(int), sizes)
    chosen = (rank >= second, rank < first, (rank >= first) & (rank < second))
    train, valid, tested = (np.sort(order[part]) for part in chosen)
    return train, valid, tested
