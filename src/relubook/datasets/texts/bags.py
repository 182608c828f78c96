"""Texts as bags of words: which of the most frequent terms a text has, and how often."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook.datasets import rows
from relubook.datasets.entry import Arrays, Parts, Progress
from relubook.datasets.files import kept
from relubook.datasets.files.progress import making
from relubook.datasets.values import SPLITS, DatasetUnavailable, Split

WORD = r"(?u)[^\W_]+(?:'[^\W_]+)*"  # letters and digits; an apostrophe inside, as in don't
MOST = 25_000  # terms that are kept
SERVED = 5_000  # terms of the paper's representation
_TOLD = 500  # texts between two calls of progress


@dataclass(frozen=True, kw_only=True)
class Texts:
    """Labelled texts.

    Attributes:
        texts: What was written.
        y: The number of the class of each.
        group: The number of the group of each; None without groups.
    """

    texts: tuple[str, ...]
    y: np.ndarray
    group: np.ndarray | None = None

    def take(self, chosen: np.ndarray) -> "Texts":
        """Those of the given numbers, in that order."""
        group = None if self.group is None else self.group[chosen]
        texts = tuple(self.texts[number] for number in chosen)
        return Texts(texts=texts, y=self.y[chosen], group=group)


def vectorize(
    splits: Mapping[str, Texts],
    unlabelled: Sequence[str] = (),
    *,
    terms: int = MOST,
    progress: Progress | None = None,
) -> dict[str, np.ndarray]:
    """Count the terms of texts, and keep those that the most texts have.

    A term is a word in lower case. Training and unlabelled texts alone decide which terms are kept:
    those that the most of these texts have, from the most frequent on, ties in alphabetical order.

    Args:
        splits: The texts "train", "validation" and "test".
        unlabelled: More texts, without labels.
        terms: How many terms to keep at most.
        progress: Called as progress(texts done, texts in all).

    Returns:
        Small arrays that `parts` turns into splits.

    Raises:
        ValueError: If the training and unlabelled texts have no word at all.

    References:
        glorot2011, p. 321: a bag of the 5,000 most frequent terms, present or not.
    """
    train, *rest = (splits[name] for name in SPLITS)
    told = _Told(sum(map(len, (train.texts, unlabelled, *(part.texts for part in rest)))), progress)
    counts, vocabulary = _counted(told((*train.texts, *unlabelled)), terms)
    count = _counter(vocabulary).transform
    bags = {"train": counts[: len(train.texts)]}
    bags |= {name: count(told(part.texts)) for name, part in zip(SPLITS[1:], rest, strict=True)}
    if unlabelled:
        bags["unlabelled"] = counts[len(train.texts) :]
    return arrays(bags, splits, vocabulary)


def arrays(
    bags: Mapping[str, Any], labels: Mapping[str, Texts], vocabulary: Sequence[str]
) -> dict[str, np.ndarray]:
    """Counts, labels and terms as small arrays.

    Args:
        bags: A scipy matrix of counts, in compressed rows, for each split and "unlabelled".
        labels: What is known of each split besides; the texts themselves are not used.
        vocabulary: The term of each column.

    Returns:
        Small arrays that `parts` turns into splits.
    """
    found: dict[str, np.ndarray] = {}
    for name, counts in bags.items():
        counts.sort_indices()
        found[f"{name}_values"], found[f"{name}_columns"] = counts.data, counts.indices
        found[f"{name}_starts"] = counts.indptr
    for name, part in labels.items():
        found[f"{name}_y"] = part.y
        if part.group is not None:
            found[f"{name}_group"] = part.group
    smallest = {name: _smallest(array) for name, array in found.items()}
    return {**smallest, "terms": np.frombuffer("\n".join(vocabulary).encode(), dtype=np.uint8)}


def parts(arrays: Arrays) -> Parts:
    """The splits that `vectorize` made, as counts in compressed rows.

    Args:
        arrays: Its arrays.

    Returns:
        All of them, with the vocabulary.

    Raises:
        KeyError: If an array is missing.
        ValueError: If arrays contradict each other.
    """
    vocabulary = tuple(arrays["terms"].tobytes().decode().split("\n"))
    splits = {
        name: Split(
            x=_rows(arrays, name, len(vocabulary)),
            y=torch.tensor(arrays[f"{name}_y"], dtype=torch.int64),
            group=torch.tensor(arrays[f"{name}_group"], dtype=torch.int64)
            if f"{name}_group" in arrays
            else None,
        )
        for name in SPLITS
    }
    more = _rows(arrays, "unlabelled", len(vocabulary)) if "unlabelled_starts" in arrays else None
    return Parts(**splits, unlabelled=more, vocabulary=vocabulary)


def narrow(found: Parts, *, terms: int = SERVED, counts: bool = False) -> Parts:
    """The most frequent terms alone, as present or not unless counts are wanted.

    Args:
        found: Counts of terms, the most frequent first.
        terms: How many of them to keep; all where there are fewer.
        counts: Keep how often a term occurs. Otherwise each number is 0 or 1.

    Returns:
        The same examples with at most that many inputs.

    Raises:
        ValueError: If not even one term is wanted.
    """
    if terms < 1:
        raise ValueError(f"The `terms` of a bag of words must be at least 1. Got {terms}.")
    splits = {
        name: replace(part, x=_narrowed(part.x, terms, counts))
        for name, part in ((name, getattr(found, name)) for name in SPLITS)
    }
    more = None if found.unlabelled is None else _narrowed(found.unlabelled, terms, counts)
    return Parts(**splits, unlabelled=more, vocabulary=found.vocabulary[:terms])


def remembered(
    name: str,
    contents: Mapping[str, bytes],
    make: Callable[[Progress | None], Arrays],
    *,
    revision: int,
) -> Parts:
    """The splits of a set of texts, whose counts are kept in the cache once they were made.

    Args:
        name: The data set, and the folder in the cache.
        contents: The files that everything is made of.
        make: Makes the arrays of `vectorize`, given a progress callable or None.
        revision: An integer raised by hand when the numbers may change.

    Returns:
        What `parts` makes of the arrays.

    Raises:
        ValueError: If `make` finds that a file is not what it should be.
    """
    sha = hashlib.sha256()
    for file in sorted(contents):
        sha.update(f"{file} {len(contents[file])};".encode())
        sha.update(contents[file])

    def made() -> Arrays:
        with making(name, shown=True) as progress:
            return make(progress)

    return kept.obtain(name, f"r{revision}-{sha.hexdigest()[:12]}", made, parts)


class _Told:
    """Texts that are passed on while progress is reported."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def __call__(self, texts: Sequence[str]) -> Iterator[str]:
        for text in texts:
            yield text
            self.done += 1
            if self.progress and (self.done % _TOLD == 0 or self.done == self.total):
                self.progress(self.done, self.total)


def _counter(vocabulary: Sequence[str] | None) -> Any:
    """What counts the terms of a text: all there are, or those of a vocabulary."""
    try:
        from sklearn.feature_extraction.text import CountVectorizer
    except ImportError as problem:
        raise DatasetUnavailable(
            "counting words needs the package scikit-learn (pip install scikit-learn)."
        ) from problem
    return CountVectorizer(token_pattern=WORD, vocabulary=vocabulary)


def _counted(texts: Iterator[str], terms: int) -> tuple[Any, list[str]]:
    """How often each text has each of the terms that the most texts have, and these terms."""
    counter = _counter(None)
    try:
        counts = counter.fit_transform(texts)
    except ValueError as problem:
        raise ValueError(
            "The training texts must have at least one word. Got none in all of them."
        ) from problem
    having = np.bincount(counts.indices, minlength=counts.shape[1])
    order = np.argsort(-having, kind="stable")[:terms]  # the counter's terms are in ABC order
    return counts[:, order], counter.get_feature_names_out()[order].tolist()


def _smallest(numbers: np.ndarray) -> np.ndarray:
    """Whole numbers from 0 on, in the smallest type that holds them."""
    return numbers.astype(np.min_scalar_type(int(numbers.max(initial=0))))


def _rows(arrays: Arrays, name: str, width: int) -> Float[Tensor, "examples inputs"]:
    """One part's compressed rows."""
    values, columns, starts = (arrays[f"{name}_{key}"] for key in ("values", "columns", "starts"))
    return rows.compressed(values, columns, starts, width=width)


def _narrowed(
    x: Float[Tensor, "examples inputs"], terms: int, counts: bool
) -> Float[Tensor, "examples terms"]:
    """The first columns; ones for numbers that are not zero, unless counts are wanted."""
    if x.layout != torch.sparse_csr:
        first = x[:, :terms]
        return first if counts else (first > 0).to(x.dtype)
    starts, columns, values = rows.stored(x)
    chosen = columns < terms
    ends = torch.cat([torch.zeros(1, dtype=torch.int64), chosen.cumsum(0)])[starts]
    numbers = values[chosen] if counts else torch.ones(int(ends[-1]))
    return rows.compressed(
        numbers.numpy(), columns[chosen].numpy(), ends.numpy(), width=min(terms, x.shape[1])
    )
