"""Bags of words of which every input is a single word, so that a page can find it in a text."""

import re
from dataclasses import replace

import numpy as np
from jaxtyping import Float
from torch import Tensor

from relubook.datasets import Dataset, Split, rows
from relubook.datasets.texts.bags import WORD


def words_only(data: Dataset) -> Dataset:
    """The same examples without the terms that are no single word, such as pairs of words.

    Args:
        data: Bags of words.

    Returns:
        The data under its name, itself if there is no such term. What has no labels is left out.

    Raises:
        ValueError: If the data have no vocabulary.
    """
    if not data.vocabulary:
        raise ValueError(
            "The experiment review-reader needs bags of words, such as imdb or reviews. "
            f"Got {data.name}."
        )
    single = np.array([re.fullmatch(WORD, term) is not None for term in data.vocabulary])
    if single.all():
        return replace(
            data, unlabelled=None, sha256="" if data.unlabelled is not None else data.sha256
        )
    splits = {
        name: Split(x=_columns(part.x, single), y=part.y, group=part.group)
        for name, part in ((name, getattr(data, name)) for name in ("train", "validation", "test"))
    }
    vocabulary = tuple(t for t, kept in zip(data.vocabulary, single, strict=True) if kept)
    recipe = data.recipe and f"{data.recipe}, single words of {len(single):,} terms"
    return replace(data, **splits, unlabelled=None, vocabulary=vocabulary, recipe=recipe, sha256="")


def _columns(
    x: Float[Tensor, "examples terms"], kept: np.ndarray
) -> Float[Tensor, "examples words"]:
    """Some columns of compressed rows."""
    starts, columns, values = (part.numpy() for part in rows.stored(x))
    chosen = kept[columns]
    ends = np.concatenate([[0], chosen.cumsum()])[starts]
    places = kept.cumsum() - 1
    return rows.compressed(values[chosen], places[columns[chosen]], ends, width=int(kept.sum()))
