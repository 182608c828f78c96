"""Data sets of pictures that are made on this machine: characters, and toys in stereo."""

import functools
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from relubook.datasets.entry import Arrays, Entry, Parts, Progress, Recipe
from relubook.datasets.generators import nistp, norb
from relubook.datasets.values import SPLITS, Split, split_of

_CHARACTERS = {"train": 20_000, "validation": 4_000, "test": 4_000}
_PAIRS = {"train": 3_000, "validation": 600, "test": 1_200}
_SEED = 2010
_TEST_SEED = 2020  # another order of views, other clutter: no test picture has a twin in training


def _make_characters(progress: Progress | None = None) -> Arrays:
    """Characters of all splits, one after the other, as bytes."""
    images, labels = nistp.characters(sum(_CHARACTERS.values()), seed=_SEED, progress=progress)
    return {"images": images.numpy(), "labels": labels.to(torch.uint8).numpy()}


def _make_pairs(cluttered: bool, progress: Progress | None = None) -> Arrays:
    """Stereo pairs of all splits, one after the other: the test split shows toys of its own."""
    total = sum(_PAIRS.values())
    known = total - _PAIRS["test"]
    parts = [
        norb.pairs(
            count,
            instances=instances,
            seed=seed,
            cluttered=cluttered,
            progress=_part(progress, before, total),
        )
        for count, instances, seed, before in (
            (known, norb.TRAINING_INSTANCES, _SEED, 0),
            (_PAIRS["test"], norb.TEST_INSTANCES, _TEST_SEED, known),
        )
    ]
    return {
        "images": torch.cat([part.images for part in parts]).numpy(),
        "labels": torch.cat([part.labels for part in parts]).to(torch.uint8).numpy(),
    }


def _part(progress: Progress | None, before: int, total: int) -> Progress | None:
    """The progress of one part as that of the whole."""
    if progress is None:
        return None
    return lambda done, _: progress(before + done, total)


def _characters(arrays: Arrays) -> Parts:
    """Characters with ink from 0 to 1."""
    return _parts(arrays, _CHARACTERS, split_of)


def _pairs(arrays: Arrays) -> Parts:
    """Stereo pairs scaled linearly to -1..1, as in the paper (glorot2011, p. 319)."""
    return _parts(arrays, _PAIRS, _from_minus_one)


def _from_minus_one(images: Tensor, labels: Tensor) -> Split:
    """A split from bytes, black being -1 and white 1."""
    split = split_of(images, labels)
    return Split(x=split.x.mul_(2).sub_(1), y=split.y)


def _parts(
    arrays: Arrays, sizes: dict[str, int], split: Callable[[Tensor, Tensor], Split]
) -> Parts:
    """The splits from arrays that hold them one after the other."""
    ends = np.cumsum([sizes[name] for name in SPLITS])[:-1]
    images, labels = (np.split(arrays[name], ends) for name in ("images", "labels"))
    train, validation, test = (
        split(torch.tensor(x), torch.tensor(y)) for x, y in zip(images, labels, strict=True)
    )
    return Parts(train=train, validation=validation, test=test)


def _toys(name: str, title: str, *, cluttered: bool, what: str, differs: str) -> Entry:
    """The entry of stereo pairs."""
    return Entry(
        name=name,
        title=title,
        what=f"stereo pairs of toys, 2 x 32 x 32, {what}: {_sizes(_PAIRS)}",
        origin=Recipe(
            revision=norb.REVISION, make=functools.partial(_make_pairs, cluttered), parts=_pairs
        ),
        license="MIT",
        citekey="lecun2004",
        classes=norb.CLUTTERED_CLASSES if cluttered else norb.CLASSES,
        image_shape=(2, 32, 32),
        note="Made for this book, not NORB. Training and validation show five toys of each kind, "
        "the test five others.",
        differs=differs,
    )


def _sizes(sizes: dict[str, int]) -> str:
    """The sizes of the three splits."""
    return " / ".join(f"{size:,}" for size in sizes.values())


NISTP = Entry(
    name="nistp",
    title="NISTP-like (generated)",
    what=f"distorted characters of 62 classes, 32 x 32: {_sizes(_CHARACTERS)}",
    origin=Recipe(revision=nistp.REVISION, make=_make_characters, parts=_characters, slow=False),
    license="MIT",
    citekey="bengio2010",
    classes=nistp.CLASSES,
    image_shape=(32, 32),
    note="Made for this book, not NISTP: printed characters of 22 faces. All splits have the same "
    "faces.",
    differs="The paper distorted millions of handwritten and printed characters from NIST's forms, "
    "fonts, captchas and scanned books, and never published them. Here the same five distortions "
    "are applied to 22 faces, without handwriting, and to thousands of characters only.",
)
NORB = _toys(
    "norb",
    "NORB-like (generated)",
    cluttered=False,
    what="five kinds",
    differs="The paper used photographs of fifty real toys, moved about and in front of clutter. "
    "Here are fifty toys made of rounded boxes, rendered, without clutter, and far fewer pictures.",
)
NORB_CLUTTERED = _toys(
    "norb-cluttered",
    "NORB-like, cluttered (generated)",
    cluttered=True,
    what="five kinds and none, in front of clutter",
    differs="The paper used photographs of fifty real toys. Here are fifty toys made of rounded "
    "boxes, rendered, moved about and pasted into clutter as there, but far fewer pictures.",
)
