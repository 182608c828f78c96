"""Reviews that stand in more than one split, or more than once in one: found, removed, counted."""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook.datasets import rows
from relubook.datasets.dataset import Dataset
from relubook.datasets.texts.review_order import row_keys


@dataclass(frozen=True, kw_only=True)
class Removed:
    """How many reviews were removed.

    Attributes:
        train: From the training split.
        validation: From the validation split.
        unlabelled: From those without labels.
    """

    train: int
    validation: int
    unlabelled: int

    def __str__(self) -> str:
        parts = {name: count for name, count in vars(self).items() if count}
        told = ", ".join(f"{count:,} of {name}" for name, count in parts.items())
        return f"repeated reviews removed: {told or 'none'}"


def without_repeats(data: Dataset) -> tuple[Dataset, Removed]:
    """The same bags of words with every bag in one split only, and there once.

    A bag stays in the first of test, validation, training and unlabelled split that has it. The
    test split stays as it is, its own repeats too. Two texts of the same words are one here, and so
    are all that have none of the terms.

    Args:
        data: Bags of words, in compressed rows.

    Returns:
        The data under its name, and how many bags were removed. Nothing changes, not even the
        digest, where there were none.

    Raises:
        ValueError: If the rows are dense, or no training or validation example is left.
    """
    if data.train.x.layout != torch.sparse_csr:
        raise ValueError(f"Only bags of words can be searched for repeats. Got {data.name}.")
    seen = set(row_keys(data.test.x))
    validation, train = (_first(split.x, seen) for split in (data.validation, data.train))
    if not (len(train) and len(validation)):
        raise ValueError(f"All examples of {data.name} are repeats of others.")
    x, fewer = data.unlabelled, 0
    if x is not None:
        kept = _first(x, seen)
        x, fewer = rows.take(x, kept), len(x) - len(kept)
    removed = Removed(
        train=len(data.train) - len(train),
        validation=len(data.validation) - len(validation),
        unlabelled=fewer,
    )
    if not any(vars(removed).values()):
        return data, removed
    return replace(
        data, train=data.train.take(train), validation=data.validation.take(validation),
        unlabelled=x, sha256="", recipe=data.recipe and f"{data.recipe}, without repeats",
    ), removed  # fmt: skip


def _first(x: Float[Tensor, "examples terms"], seen: set[bytes]) -> Int[Tensor, "kept"]:
    """The places of the bags that were not seen before; all are seen then."""
    kept = []
    for place, key in enumerate(row_keys(x)):
        if key not in seen:
            kept.append(place)
            seen.add(key)
    return torch.tensor(kept, dtype=torch.int64)
