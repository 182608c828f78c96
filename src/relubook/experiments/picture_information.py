"""How much there is to say about a picture: compressed size, ink, length of strokes.

And how unsure a network is of its class. All are plain numbers, one for each picture.
"""

import zlib

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from scipy.ndimage import distance_transform_edt

_FINER = 2  # subpixels a side, before ink is told from ground
_INK = 0.5  # what is at least as bright
_AT_ONCE = 500  # pictures that are made finer at a time


def compressed_bytes(
    pictures: Float[np.ndarray, "examples rows columns"],
) -> Int[np.ndarray, "examples"]:
    """The length of each picture in a file: PNG's "up" filter, then deflate.

    Args:
        pictures: Brightness in 0..1, rounded to 8 bits.

    Returns:
        [byte], without any header.

    Raises:
        ValueError: If these are not pictures.

    >>> compressed_bytes(np.zeros((1, 28, 28)))
    array([10])
    """
    _check(pictures)
    gray = np.rint(255 * pictures).astype(np.uint8)
    above = np.concatenate([np.zeros_like(gray[:, :1]), gray[:, :-1]], axis=1)
    return np.array([_deflated(picture) for picture in gray - above], dtype=np.int64)


def _deflated(picture: UInt8[np.ndarray, "rows columns"]) -> int:
    """Bytes of a picture after deflate at its best [byte]."""
    deflate = zlib.compressobj(level=9, wbits=-15)
    return len(deflate.compress(picture.tobytes()) + deflate.flush())


def ink(pictures: Float[np.ndarray, "examples rows columns"]) -> Float[np.ndarray, "examples"]:
    """The sum of brightness of each picture [pixel].

    Args:
        pictures: Brightness in 0..1.

    Raises:
        ValueError: If these are not pictures.
    """
    _check(pictures)
    return pictures.sum(axis=(1, 2), dtype=np.float64)


def stroke_length(
    pictures: Float[np.ndarray, "examples rows columns"],
) -> Float[np.ndarray, "examples"]:
    """How long the strokes of each picture are: their area over their mean width.

    Across a stroke of width w the distance to the ground is w/4 on average, so the width is 4 times
    the mean distance inside the ink. Of a disk of radius r this is 3 pi r / 4.

    Args:
        pictures: Brightness in 0..1; ink is what is at least half as bright as can be, after
            bilinear interpolation between pixels.

    Returns:
        [pixel]; 0 for a picture without ink.

    Raises:
        ValueError: If these are not pictures.

    References:
        castro2019 measures digits alike, along their skeletons.
    """
    _check(pictures)
    lengths = np.zeros(len(pictures))
    for start in range(0, len(pictures), _AT_ONCE):
        block = torch.from_numpy(pictures[start : start + _AT_ONCE]).unsqueeze(1).double()
        finer = torch.nn.functional.interpolate(block, scale_factor=_FINER, mode="bilinear")
        for place, inside in enumerate((finer.squeeze(1) >= _INK).numpy(), start=start):
            lengths[place] = _length(inside) / _FINER
    return lengths


def _length(inside: np.ndarray) -> float:
    """Area over mean width of what is inside [subpixel]."""
    area = int(inside.sum())
    if area == 0:
        return 0.0
    distance = np.asarray(distance_transform_edt(np.pad(inside, 1)))
    # Between pixel centers; the edge of the ink lies half a pixel before the ground's center.
    mean = float(distance.sum()) / area - 0.5
    return area / (4 * mean)


def doubt(
    logits: Float[torch.Tensor, "*models examples classes"],
) -> Float[torch.Tensor, "*models examples"]:
    """How unsure each network is of the class of each example: the entropy of its softmax [bit].

    Args:
        logits: Outputs of the networks.
    """
    log = torch.log_softmax(logits.double(), dim=-1)
    return -(log.exp() * log).sum(-1) / np.log(2)


def _check(pictures: np.ndarray) -> None:
    """Raise if there is no picture, or one that has no brightness."""
    if pictures.size == 0:
        raise ValueError(f"The `pictures` must have pixels. Got the shape {pictures.shape}.")
    low, high = pictures.min(), pictures.max()
    if not (low >= 0 and high <= 1):  # true for NaN, too
        raise ValueError(f"The `pictures` must lie between 0 and 1. Got {low:g} to {high:g}.")
