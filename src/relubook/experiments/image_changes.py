"""Small changes of a picture: noise, a shift, a turn, another thickness of the strokes.

Every change draws from a generator of its own seed and keeps pixels between 0 and 1.
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional as F

from relubook import seeds
from relubook.datasets.generators import thickness

Pictures = Float[Tensor, "examples inputs"]

_AROUND = tuple((down, right) for down in (-1, 0, 1) for right in (-1, 0, 1) if down or right)


def noisy(x: Pictures, *, sd: float, seed: int) -> Pictures:
    """Gaussian noise on every pixel; what leaves 0..1 is cut off there.

    Args:
        x: Pixels from 0 to 1 [1].
        sd: Standard deviation of the noise [1], at least 0.
        seed: Of the noise.

    Raises:
        ValueError: If `sd` is negative or a pixel is not between 0 and 1.
    """
    _check_pixels(x)
    if not sd >= 0:
        raise ValueError(f"The `sd` of noise must be at least 0. Got {sd:g}.")
    noise = torch.randn(x.shape, generator=seeds.stream(seed, "noise"))
    return (x + sd * noise).clamp(0, 1)


def shifted(x: Pictures, image_shape: tuple[int, ...], *, seed: int) -> Pictures:
    """Each picture one pixel further in one of eight directions; what comes in is empty.

    Args:
        x: Pixels from 0 to 1 [1].
        image_shape: (rows, columns) of a picture.
        seed: Of the directions.

    Raises:
        ValueError: If the pictures have another shape or a pixel is not between 0 and 1.
    """
    pictures = _pictures(x, image_shape)
    rows, columns = pictures.shape[1:]
    which = torch.randint(
        len(_AROUND), (len(x),), generator=seeds.stream(seed, "shift")
    )  # [examples]
    framed, moved = F.pad(pictures, (1, 1, 1, 1)), torch.empty_like(pictures)
    for number, (down, right) in enumerate(_AROUND):
        window = framed[:, 1 - down : 1 - down + rows, 1 - right : 1 - right + columns]
        moved[which == number] = window[which == number]
    return moved.flatten(1)


def turned(x: Pictures, image_shape: tuple[int, ...], *, degrees: float, seed: int) -> Pictures:
    """Each picture turned about its center, left or right at random; bilinear interpolation.

    Args:
        x: Pixels from 0 to 1 [1].
        image_shape: (rows, columns) of a picture.
        degrees: How far [°].
        seed: Of the directions.

    Raises:
        ValueError: If the pictures have another shape or a pixel is not between 0 and 1.
    """
    coin = torch.rand(len(x), generator=seeds.stream(seed, "turn")) < 0.5
    return rotated(x, image_shape, degrees * (1 - 2 * coin.to(x.dtype)))


def rotated(
    x: Pictures, image_shape: tuple[int, ...], degrees: Float[Tensor, "examples"]
) -> Pictures:
    """Each picture turned by its own angle, counterclockwise; bilinear interpolation.

    Args:
        x: Pixels from 0 to 1 [1].
        image_shape: (rows, columns) of a picture.
        degrees: How far [°].

    Raises:
        ValueError: If the pictures have another shape or a pixel is not between 0 and 1.
    """
    pictures = _pictures(x, image_shape)
    rows, columns = pictures.shape[1:]
    angle = degrees * (math.pi / 180)
    cos, sin, none = angle.cos(), angle.sin(), torch.zeros_like(angle)
    across, down = sin * rows / columns, sin * columns / rows  # units: half a picture
    ways = torch.stack([cos, -across, none, down, cos, none], dim=1).view(-1, 2, 3)
    shape = [len(x), 1, rows, columns]
    places = F.affine_grid(ways, shape, align_corners=False)
    found = F.grid_sample(pictures[:, None], places, mode="bilinear", align_corners=False)
    return found.clamp(0, 1).flatten(1)


def rethickened(x: Pictures, image_shape: tuple[int, ...], *, seed: int) -> Pictures:
    """Strokes one step thicker in a random half of the pictures, one step thinner in the rest.

    A picture of which the thinner strokes would leave too little is made thicker instead.

    Args:
        x: Pixels from 0 to 1 in 255 steps [1]; others are rounded to the nearest step.
        image_shape: (rows, columns) of a picture.
        seed: Of the choice.

    Returns:
        Grey dilations and erosions by a rectangle of one row and two columns.

    Raises:
        ValueError: If the pictures have another shape or a pixel is not between 0 and 1.
    """
    pictures = (255 * _pictures(x, image_shape)).round().to(torch.uint8)
    edge = thickness.BORDER
    pictures = F.pad(pictures, (edge, edge, edge, edge))
    thinner = torch.rand(len(x), generator=seeds.stream(seed, "thickness")) < 0.5
    steps = torch.where(thinner & (thickness.deepest(pictures) < 0), -1, 1)
    changed = thickness.change(pictures, steps)[:, edge:-edge, edge:-edge]
    return changed.flatten(1).to(x.dtype) / 255


def _pictures(x: Pictures, image_shape: tuple[int, ...]) -> Float[Tensor, "examples rows columns"]:
    """The pictures with their rows and columns, or a sentence on what is wrong with them."""
    _check_pixels(x)
    if len(image_shape) != 2 or math.prod(image_shape) != x.shape[1]:
        raise ValueError(
            f"The `image_shape` of a change must be (rows, columns) with {x.shape[1]:,} pixels. "
            f"Got {image_shape}."
        )
    return x.reshape(-1, *image_shape)


def _check_pixels(x: Pictures) -> None:
    """Raise about pixels that are none."""
    if x.numel() == 0 or not ((x >= 0) & (x <= 1)).all():
        raise ValueError(
            f"The `x` of a change must be pictures with pixels between 0 and 1. Got {_found(x)}."
        )


def _found(x: Pictures) -> str:
    """Words for pixels that are wrong."""
    if x.numel() == 0:
        return "none"
    if not x.isfinite().all():
        return "numbers that are not finite"
    return f"{x.min():g} to {x.max():g}"
