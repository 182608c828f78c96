"""MNIST as published: 60,000 + 10,000 handwritten digits."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import UInt8

from relubook.datasets.entry import Edition, Entry, File, Parts
from relubook.datasets.files import idx
from relubook.datasets.values import Split, split_of

DIGITS = tuple("0123456789")
_HOSTS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
_FILES = {  # name: size [bytes], SHA-256
    "train-images-idx3-ubyte.gz": (
        9912422,
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    ),
    "train-labels-idx1-ubyte.gz": (
        28881,
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ),
    "t10k-images-idx3-ubyte.gz": (
        1648877,
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    ),
    "t10k-labels-idx1-ubyte.gz": (
        4542,
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Labeled:
    """Images as a file has them, and their labels.

    Attributes:
        name: What they are, for the error messages.
        images: Bytes [examples rows columns], perhaps a view of the file.
        labels: Bytes [examples].
    """

    name: str
    images: UInt8[np.ndarray, "examples rows columns"]
    labels: UInt8[np.ndarray, "examples"]


def read(contents: Mapping[str, bytes], *, validation: int = 10_000) -> Parts:
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
    train, test = (_pair(contents, part) for part in ("train", "t10k"))
    return split_up(train, test, classes=len(DIGITS), validation=validation)


def split_up(train: Labeled, test: Labeled, *, classes: int, validation: int) -> Parts:
    """Two files of labeled images as three splits, in the order of the files.

    Args:
        train: The training images.
        test: The test images.
        classes: How many classes there are.
        validation: How many images at the end of the training file to keep for validation.

    Returns:
        Train, validation and test split.

    Raises:
        ValueError: If a label names no class, no image is left to train on, or there is none to
            test on.
    """
    for part in (train, test):
        _check_labels(part, classes)
    if not 0 < validation < len(train.labels):
        raise ValueError(
            f"The {train.name} images must be more than {validation:,}, of which the last "
            f"{validation:,} are kept for validation. Got {len(train.labels):,}."
        )
    return Parts(
        train=_split(train, slice(-validation)),
        validation=_split(train, slice(-validation, None)),
        test=_split(test, slice(None)),
    )


def _pair(contents: Mapping[str, bytes], part: str) -> Labeled:
    """What two files that belong together hold."""
    files = (contents[f"{part}-{kind}-ubyte.gz"] for kind in ("images-idx3", "labels-idx1"))
    images, labels = idx.pair(*files, name=part)
    return Labeled(name=part, images=images, labels=labels)


def _check_labels(part: Labeled, classes: int) -> None:
    """Raise if there are none, or at the first that names no class."""
    if len(part.labels) == 0:
        raise ValueError(f"The {part.name} labels must be at least one. Got none.")
    outside = np.flatnonzero(part.labels >= classes)
    if len(outside):
        raise ValueError(
            f"The {part.name} labels must be from 0 to {classes - 1}. Got "
            f"{part.labels[outside[0]]} at example {outside[0]:,} ({len(outside):,} such labels)."
        )


def _split(part: Labeled, chosen: slice) -> Split:
    """Some of the examples; only bytes are copied, and only for as long as this takes."""
    return split_of(torch.tensor(part.images[chosen]), torch.tensor(part.labels[chosen]))


MNIST = Entry(
    name="mnist",
    title="MNIST",
    what="70,000 handwritten digits, 28 x 28: 50,000 to train on, 10,000 each to validate and test",
    origin=(
        Edition(
            files=tuple(
                File(
                    name=name, size=size, sha256=sha256, urls=tuple(host + name for host in _HOSTS)
                )
                for name, (size, sha256) in _FILES.items()
            ),
            read=read,
        ),
    ),
    license="CC BY-SA 3.0",
    citekey="lecun1998",
    classes=DIGITS,
    image_shape=(28, 28),
    note="The paper's sizes; validation is the last 10,000 of the published training images.",
    differs="The paper's own set and sizes. It does not say which images were kept for validation.",
    stand_in="mnist-5k",
)
