"""CIFAR-10: 60,000 small color pictures of ten kinds, in two editions of the same pixels.

The published test images come in no order of classes. Here they are dealt out class by class, like
cards: each class in its published order, so that any 10 in a row are of all ten classes.
"""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import UInt8

from relubook.datasets.entry import Edition, Entry, File, Parts
from relubook.datasets.files.archives import tar_members
from relubook.datasets.values import Split, split_of

CLASSES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
ARCHIVE = "cifar-10-binary.tar.gz"
BATCHES = tuple(
    f"cifar-10-batches-bin/{name}.bin"
    for name in (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch")
)
STRIPS = {
    "train": tuple(f"train_{number:03}.webp" for number in range(100)),
    "test": tuple(f"test_{number:03}.webp" for number in range(20)),
}
LABELS = {"train": "train_labels.npy", "test": "test_labels.npy"}
_SIDE = 32
_PIXELS = 3 * _SIDE * _SIDE  # numbers of one image
_IN_A_BATCH, _IN_A_STRIP = 10_000, 500
_LIMIT = 200_000_000  # the archive holds 184 million bytes
_KNOWN = {  # SHA-256 of all pixels [examples rows columns colors] and of all labels, as bytes
    "train": {
        "pixels": "47af8b02cfcfb6cdf3dbbd1969ad7f1b70f4413f6f80f437b020ee4e5bc8304a",
        "labels": "2b7cd2f24487317614016b72ffd53071c3062f592f0eb300c18a770d41ae1253",
    },
    "test": {
        "pixels": "739baaf73b192409b933858ebd38e2a5c6865e0afba230f9a75d9fa1fbd83e04",
        "labels": "f24756e9fc27107597cd054b9df7247b4e5ab61780d1e5d55e7b1015307573de",
    },
}

Images = UInt8[np.ndarray, "examples rows columns colors"]
Labels = UInt8[np.ndarray, "examples"]


@dataclass(frozen=True, kw_only=True)
class _Half:
    """The 50,000 training images or the 10,000 test images, to be filled."""

    images: Images
    labels: Labels

    def take(self, order: np.ndarray) -> "_Half":
        """The images of those row numbers, in that order."""
        return _Half(images=self.images[order], labels=self.labels[order])


def read_archive(contents: Mapping[str, bytes]) -> Parts:
    """The published archive of binary batches as three splits.

    Args:
        contents: The archive by its name.

    Returns:
        50,000 images to train on and the two halves of the 10,000 test images, each of 3,072
        numbers: rows, columns, colors.

    Raises:
        ValueError: If the archive is damaged, or holds anything but CIFAR-10.

    References:
        glorot2011, p. 319, gives the three sizes, not which images.
    """
    members = tar_members(contents[ARCHIVE], BATCHES, name=ARCHIVE, limit=_LIMIT)
    train, test = (_batches(members, names) for names in (BATCHES[:-1], BATCHES[-1:]))
    return _parts(train, test.take(deal(test.labels)))


def read_strips(contents: Mapping[str, bytes]) -> Parts:
    """A mirror's lossless WebP strips of 500 images as the same three splits.

    Args:
        contents: All strips and the two files of labels by their names.

    Returns:
        As from `read_archive`.

    Raises:
        ValueError: If a file is damaged, or holds anything but its part of CIFAR-10.
    """
    return _parts(*(_strips(contents, part) for part in _KNOWN))


def batch(content: bytes, *, name: str, examples: int = _IN_A_BATCH) -> tuple[Images, Labels]:
    """Images and labels of a binary batch: for each, a byte of label and three planes of color.

    Args:
        content: The file.
        name: Its name, for the error messages.
        examples: How many images it must hold.

    Returns:
        Views of the file: images [examples rows columns colors] and labels.

    Raises:
        ValueError: If it has another length, or a label names no class.
    """
    if len(content) != examples * (1 + _PIXELS):
        raise ValueError(
            f"The batch {name} must hold {examples * (1 + _PIXELS):,} bytes, 1 + {_PIXELS} for "
            f"each of {examples:,} images. Got {len(content):,}."
        )
    table = np.frombuffer(content, np.uint8).reshape(examples, 1 + _PIXELS)
    labels = table[:, 0]
    if labels.max() >= len(CLASSES):
        first = int((labels >= len(CLASSES)).argmax())
        raise ValueError(
            f"The labels of the batch {name} must be from 0 to {len(CLASSES) - 1}. "
            f"Got {labels[first]} at image {first:,}."
        )
    planes = table[:, 1:].reshape(examples, 3, _SIDE, _SIDE)
    return planes.transpose(0, 2, 3, 1), labels


def strip(content: bytes, *, name: str, examples: int = _IN_A_STRIP) -> Images:
    """The images of a WebP picture that has them one below the other.

    Args:
        content: The file.
        name: Its name, for the error messages.
        examples: How many images it must hold.

    Returns:
        Images [examples rows columns colors].

    Raises:
        ValueError: If it is not a whole WebP picture of that size in color.
    """
    from PIL import Image

    expected = ("RGB", (_SIDE, _SIDE * examples))
    too_big = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=["WEBP"]) as picture:
            found = (picture.mode, picture.size)
            pixels = np.asarray(picture) if found == expected else None
    except (OSError, EOFError, RuntimeError, *too_big) as problem:
        raise ValueError(f"The file {name} is not a whole WebP picture: {problem}.") from problem
    if pixels is None:
        raise ValueError(
            f"The picture {name} must be RGB, {_SIDE} x {_SIDE * examples}. "
            f"Got {found[0]}, {found[1][0]} x {found[1][1]}."
        )
    return pixels.reshape(examples, _SIDE, _SIDE, 3)


def deal(labels: Labels) -> np.ndarray:
    """The order that takes one example of each class in turn, each class in the given order.

    Args:
        labels: Of the examples, equally many of each class.

    Returns:
        Row numbers, as many as there are labels.

    Raises:
        ValueError: If the classes are not equally many.
    """
    counts = np.bincount(labels, minlength=len(CLASSES))
    if len(set(counts.tolist())) > 1:
        raise ValueError(
            f"The test images of CIFAR-10 must be {len(labels) // len(CLASSES):,} of each class. "
            f"Got {', '.join(map(str, counts))}."
        )
    return labels.argsort(kind="stable").reshape(len(CLASSES), -1).T.ravel()


def _batches(members: dict[str, bytes], names: tuple[str, ...]) -> _Half:
    """The images of some batches, in the archive's order; each batch is let go."""
    half = _empty(len(names) * _IN_A_BATCH)
    for number, name in enumerate(names):
        place = slice(number * _IN_A_BATCH, (number + 1) * _IN_A_BATCH)
        half.images[place], half.labels[place] = batch(members.pop(name), name=name)
    return half


def _strips(contents: Mapping[str, bytes], part: str) -> _Half:
    """The images of all strips of one part and their labels."""
    names = STRIPS[part]
    half = _empty(len(names) * _IN_A_STRIP)
    half.labels[:] = _last_bytes(contents[LABELS[part]], len(half.labels), LABELS[part])
    _check(part, "labels", half.labels)  # at once: the pixels take seconds
    for number, name in enumerate(names):
        place = slice(number * _IN_A_STRIP, (number + 1) * _IN_A_STRIP)
        half.images[place] = strip(contents[name], name=name)
    return half


def _last_bytes(content: bytes, count: int, name: str) -> Labels:
    """The labels at the end of a npy file.

    Their digest is known, so what the header before them says need not be believed.
    """
    if len(content) < count:
        raise ValueError(
            f"The file {name} must end in {count:,} labels of a byte. Got {len(content):,} bytes."
        )
    return np.frombuffer(content, np.uint8, offset=len(content) - count)


def _empty(examples: int) -> _Half:
    """Room for that many images and their labels."""
    return _Half(
        images=np.empty((examples, _SIDE, _SIDE, 3), np.uint8), labels=np.empty(examples, np.uint8)
    )


def _parts(train: _Half, test: _Half) -> Parts:
    """The three splits, if images and labels are the known ones."""
    for part, half in (("train", train), ("test", test)):
        _check(part, "labels", half.labels)
        _check(part, "pixels", half.images)
    middle = len(test.labels) // 2
    return Parts(
        train=_split(train, slice(None)),
        validation=_split(test, slice(middle)),
        test=_split(test, slice(middle, None)),
    )


def _check(part: str, what: str, array: UInt8[np.ndarray, "..."]) -> None:
    """Raise if pixels or labels are not those of CIFAR-10, in this order."""
    found, known = hashlib.sha256(array.data).hexdigest(), _KNOWN[part][what]
    if found != known:
        raise ValueError(
            f"The {part} {what} of CIFAR-10 must have the SHA-256 {known}. Got {found}."
        )


def _split(half: _Half, chosen: slice) -> Split:
    """Some of the examples as numbers in 0..1."""
    images, labels = (torch.from_numpy(array[chosen]) for array in (half.images, half.labels))
    return split_of(images, labels)


CIFAR10 = Entry(
    name="cifar10",
    title="CIFAR-10",
    what="60,000 color pictures of animals and vehicles, 32 x 32: 50,000 for training, 5,000 each "
    "to validate and test",
    origin=(
        Edition(
            files=(
                File(
                    name=ARCHIVE,
                    size=170052171,
                    sha256="c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
                    urls=(f"https://www.cs.toronto.edu/~kriz/{ARCHIVE}",),
                ),
            ),
            read=read_archive,
        ),
        Edition(
            what="lossless WebP strips of a mirror",
            files=tuple(
                File(name=name) for name in (*STRIPS["train"], *STRIPS["test"], *LABELS.values())
            ),
            read=read_strips,
        ),
    ),
    license="none stated; its author asks for the citation",
    citekey="krizhevsky2009",
    classes=CLASSES,
    image_shape=(_SIDE, _SIDE, 3),
    note="The paper's sizes: validation and test are the two halves of the published test images, "
    "each with 500 of every class.",
    differs="The paper's own set and sizes. It does not say which images were which; with 50,000 "
    "to train on, its 5,000 + 5,000 are presumably halves of the published test images.",
    stand_in="norb",
)
