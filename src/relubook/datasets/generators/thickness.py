"""Thicker and thinner strokes: grey dilation and erosion by small flat rectangles."""

from collections.abc import Callable

import torch
from jaxtyping import Int, UInt8
from torch import Tensor

# (rows, columns) of element 1, 2, ...
ELEMENTS = (
    *((1, 2), (2, 2), (2, 3), (3, 3), (3, 4), (4, 4)),
    *((4, 5), (5, 5), (5, 6), (6, 6), (6, 7), (7, 7)),
)
BORDER = 4  # empty rows and columns that a picture must have around it
MOST_EROSION = 5
_KEPT = 0.4  # of the ink, by the strongest erosion of a picture
_SOLID = 160  # the mean of four pixels that a stroke must still reach


def change(
    pictures: UInt8[Tensor, "examples height width"], steps: Int[Tensor, "examples"]
) -> UInt8[Tensor, "examples height width"]:
    """The pictures with the strokes made thicker or thinner.

    Args:
        pictures: Ink is 255, with an empty border.
        steps: k dilates by element k, -k erodes by it, 0 changes nothing.

    Returns:
        New pictures.
    """
    changed = pictures.clone()
    for step in steps.unique().tolist():
        if step != 0:
            which = (steps == step).nonzero().squeeze(1)
            extreme = torch.maximum if step > 0 else torch.minimum
            changed[which] = _swept(pictures[which], ELEMENTS[abs(step) - 1], extreme)
    return changed


def deepest(pictures: UInt8[Tensor, "examples height width"]) -> Int[Tensor, "examples"]:
    """The lowest step of `change` that leaves a character visible, for each picture.

    What is left must hold two fifths of the ink and, somewhere, a stroke that is not thinner than
    two pixels or so.

    Args:
        pictures: As in `change`.

    Returns:
        From 0, for a picture that no erosion may touch, to -5.
    """
    visible = torch.ones(len(pictures), dtype=torch.bool, device=pictures.device)
    lowest = torch.zeros(len(pictures), dtype=torch.int64, device=pictures.device)
    ink = pictures.sum(dim=(1, 2))
    for step in range(1, MOST_EROSION + 1):
        eroded = _swept(pictures, ELEMENTS[step - 1], torch.minimum)
        blocks = torch.nn.functional.avg_pool2d(eroded.float(), 2, stride=1)
        visible &= (eroded.sum(dim=(1, 2)) >= _KEPT * ink) & (blocks.amax(dim=(1, 2)) >= _SOLID)
        lowest[visible] = -step
    return lowest


def _swept(
    pictures: UInt8[Tensor, "examples height width"],
    element: tuple[int, int],
    extreme: Callable[[Tensor, Tensor], Tensor],
) -> UInt8[Tensor, "examples height width"]:
    """The largest or smallest value in a rectangle around each pixel."""
    for dim, length in zip((1, 2), element, strict=True):
        shifted = [pictures.roll(offset - length // 2, dim) for offset in range(length)]
        for other in shifted[1:]:
            shifted[0] = extreme(shifted[0], other)
        pictures = shifted[0]
    return pictures
