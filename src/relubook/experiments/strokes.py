"""Pictures with a known number of things in them: 1 to 8 straight strokes at random places.

Either each stroke is equally long, so that more of them are also more ink; or the strokes are the
shorter the more of them there are, so that the ink stays and only comes in more pieces.
"""

import numpy as np
import torch
from jaxtyping import Float

from relubook import seeds

WAYS = ("8 pixels each", "as much ink in all")
COUNTS = tuple(range(1, 9))
SIDE = 28  # pixels, as of the digits
_WIDTH = 2.5  # of a stroke [pixel]
_ENDS = np.pi * _WIDTH / 4  # what its round ends add, as if it were that much longer [pixel]
_EACH, _TOGETHER = 8.0, 22.0  # length without ends; with the ends of all strokes [pixel]
_MARGIN = 3.0  # empty border [pixel]
_AT_ONCE = 200  # pictures drawn at a time


def draw(
    count: int, way: str, *, pictures: int, seed: int = 0
) -> Float[np.ndarray, "pictures rows columns"]:
    """Pictures of so many strokes.

    Args:
        count: Strokes in each picture, one of `COUNTS`.
        way: One of `WAYS`.
        pictures: How many, at least 1.
        seed: Of places and directions.

    Returns:
        Brightness in 0..1, in float32.

    Raises:
        ValueError: If there is no such way, or nothing to draw.
    """
    if way not in WAYS:
        raise ValueError(f"The `way` of strokes must be one of {', '.join(WAYS)}. Got {way!r}.")
    if count not in COUNTS:
        raise ValueError(f"The `count` of strokes must be 1 to {COUNTS[-1]}. Got {count}.")
    if pictures < 1:
        raise ValueError(f"There must be at least 1 of the `pictures`. Got {pictures}.")
    length = _EACH if way == WAYS[0] else _TOGETHER / count - _ENDS
    start, along = _placed(count, length, pictures, seed)
    blocks = range(0, pictures, _AT_ONCE)
    drawn = [_brightness(start[b : b + _AT_ONCE], along[b : b + _AT_ONCE]) for b in blocks]
    return np.concatenate(drawn)


def _placed(
    count: int, length: float, pictures: int, seed: int
) -> tuple[
    Float[np.ndarray, "pictures strokes 2"],
    Float[np.ndarray, "pictures strokes 2"],
]:
    """Where strokes begin and how they go on, [pixel]: anywhere that keeps the border empty."""
    generator = seeds.stream(seed, "strokes", count)
    turn, *places = torch.rand(3, pictures, count, generator=generator, dtype=torch.float64)
    angle = 2 * np.pi * turn.numpy()
    along = length * np.stack([np.sin(angle), np.cos(angle)], axis=-1)
    lowest = _MARGIN + np.maximum(-along, 0)
    highest = SIDE - 1 - _MARGIN - np.maximum(along, 0)
    return lowest + (highest - lowest) * torch.stack(places, dim=-1).numpy(), along


def _brightness(
    start: Float[np.ndarray, "pictures strokes 2"],
    along: Float[np.ndarray, "pictures strokes 2"],
) -> Float[np.ndarray, "pictures rows columns"]:
    """The brightest of all strokes at each pixel, with smooth edges."""
    pixel = np.moveaxis(np.mgrid[:SIDE, :SIDE], 0, -1)[None, None]  # [1 1 rows columns 2]
    start, along = start[:, :, None, None], along[:, :, None, None]
    share = ((pixel - start) * along).sum(-1) / np.square(along).sum(-1)
    nearest = start + np.clip(share, 0, 1)[..., None] * along
    distance = np.sqrt(np.square(pixel - nearest).sum(-1))
    return np.clip(_WIDTH / 2 + 0.5 - distance, 0, 1).max(axis=1).astype(np.float32)
