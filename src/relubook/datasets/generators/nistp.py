"""Distorted printed characters, a stand-in for NISTP: 62 classes, 32 x 32 bytes, made on the spot.

The original distorted characters from NIST's forms, from fonts, from captchas and from scanned
text; here there are the 22 faces of `faces`, and no handwriting.

Read literally, the original's program stops before its fifth distortion, so its pinch may never
have been applied. Here all five are. The original lets a character leave its frame or vanish; here
neither happens. The shapes that thicken a stroke and the size of the print are our own choice.
"""

import functools
from collections.abc import Callable

import numpy as np
import torch
from jaxtyping import Bool, Int, UInt8
from torch import Tensor
from torch.nn import functional as F

from relubook.datasets.generators import distortions, faces, thickness

CLASSES: tuple[str, ...] = tuple(faces.CHARACTERS)
REVISION = 1  # raised by hand when the pictures may change
SIDE = 32
_LARGEST = 22  # a face's largest character before distortion; NIST's have wide margins too [pixel]
_SCALE = faces.SIDE / _LARGEST  # pixels of a stored picture for one of an image
_LEAST_INK, _LEAST_BRIGHT = 0.25, 8
_WEAKER = (0.5, 0.25, 0)  # of its distortion, for a character that came out faint
_BLOCK = 500  # characters made at a time, each block from random numbers of its own


def characters(
    count: int,
    *,
    seed: int,
    complexity: float | int = 0.7,
    device: torch.device | str = "cpu",
    progress: Callable[[int, int], None] | None = None,
) -> tuple[UInt8[Tensor, "examples rows columns"], Int[Tensor, "examples"]]:
    """Distorted characters and what they are, classes and faces being equally likely.

    The first n of more characters are the same n characters. No character vanishes: a thin face is
    not eroded further than it stands, what would leave the frame is pushed back into it, and the
    one or two in a thousand that come out faint all the same are distorted less.

    Args:
        count: How many.
        seed: Decides all of them, at least 0.
        complexity: How strong the distortions may be [1]: each of the five draws its own strength
            from U(0, complexity); 0 for the print as it is, 0.7 for NISTP, at most 1.
        device: Where to make them; the random numbers are the same anywhere.
        progress: Called as `progress(done, count)` after each block of characters.

    Returns:
        Images of white ink (255) on black (0), and labels into `CLASSES`, both on `device`.

    Raises:
        ValueError: If an argument is out of its range.

    References:
        bengio2010; glorot2011, p. 319.
    """
    _check(count, seed, complexity)
    images = torch.empty(count, SIDE, SIDE, dtype=torch.uint8, device=device)
    labels = torch.empty(count, dtype=torch.int64, device=device)
    for begin in range(0, count, _BLOCK):
        end = min(begin + _BLOCK, count)
        block = _block(seed, begin // _BLOCK, complexity, device)
        images[begin:end], labels[begin:end] = (part[: end - begin] for part in block)
        if progress is not None:
            progress(end, count)
    return images, labels


def _check(count: int, seed: int, complexity: float | int) -> None:
    """Raise about the first argument that is out of its range."""
    if count < 1:
        raise ValueError(f"The `count` of characters must be at least 1. Got {count}.")
    if seed < 0:
        raise ValueError(f"The `seed` of characters must be at least 0. Got {seed}.")
    if not 0 <= complexity <= 1:  # NaN is not, either
        raise ValueError(f"The `complexity` of characters must be from 0 to 1. Got {complexity}.")


def _block(
    seed: int, index: int, complexity: float | int, device: torch.device | str
) -> tuple[UInt8[Tensor, "examples rows columns"], Int[Tensor, "examples"]]:
    """One block of characters, whatever the number asked for."""
    state = int(np.random.SeedSequence([seed, index]).generate_state(1, np.uint64)[0])
    generator = torch.Generator().manual_seed(state >> 1)
    labels = torch.randint(len(CLASSES), (_BLOCK,), generator=generator)
    masters = labels + len(CLASSES) * torch.randint(
        len(faces.names()), (_BLOCK,), generator=generator
    )
    pictures, deepest = _pictures()
    chosen = distortions.draw(_BLOCK, complexity=complexity, side=SIDE, generator=generator)
    torch.maximum(chosen.thickness, deepest[masters], out=chosen.thickness)
    images = _distorted(pictures[masters].to(device), chosen.to(device))
    return images, labels.to(device)


def _distorted(
    pictures: UInt8[Tensor, "examples height width"], chosen: distortions.Distortion
) -> UInt8[Tensor, "examples rows columns"]:
    """The pictures distorted; those that come out faint are made again with less of the same."""
    images = distortions.distort(pictures, chosen, side=SIDE, scale=_SCALE)
    for factor in _WEAKER:
        faint = (~visible(images, pictures)).nonzero().squeeze(1)
        if len(faint) == 0:
            break
        weaker = chosen.rows(faint).weakened(factor)
        images[faint] = distortions.distort(pictures[faint], weaker, side=SIDE, scale=_SCALE)
    return images


def visible(
    images: UInt8[Tensor, "examples rows columns"], pictures: UInt8[Tensor, "examples height width"]
) -> Bool[Tensor, "examples"]:
    """Whether a quarter of the print's ink is left, and eight pixels are more white than black."""
    printed = pictures.sum(dim=(1, 2), dtype=torch.int32) / _SCALE**2
    inked = images.sum(dim=(1, 2), dtype=torch.int32) >= _LEAST_INK * printed
    return inked & ((images > 128).sum(dim=(1, 2), dtype=torch.int32) >= _LEAST_BRIGHT)


@functools.cache
def _pictures() -> tuple[UInt8[Tensor, "masters height width"], Int[Tensor, "masters"]]:
    """All characters of all faces with a border, and how far each may be eroded."""
    bordered = F.pad(faces.masters().flatten(0, 1), [thickness.BORDER] * 4)
    return bordered, thickness.deepest(bordered)
