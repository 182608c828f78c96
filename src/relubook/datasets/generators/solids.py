"""Solids given by their signed distance: how far a point is from the surface, negative inside.

A solid is a smooth union of rounded boxes. Rounded boxes are enough for a toy box of shapes: one
without extent is a ball, one with a single extent a capsule, one with small radius a brick.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

Number = float | int
Point = tuple[Number, Number, Number]


@dataclass(frozen=True, kw_only=True)
class Part:
    """A rounded box between two points.

    Attributes:
        start: The middle of one end face of the inner box.
        end: The middle of the other end face.
        width: Half of the inner box's horizontal side.
        height: Half of its remaining side.
        radius: How far the surface is from the inner box.
    """

    start: Point
    end: Point
    width: Number = 0
    height: Number = 0
    radius: Number


@dataclass(frozen=True, kw_only=True)
class Solid:
    """A smooth union of rounded boxes, as tensors.

    Attributes:
        centers: Of the boxes.
        frames: Their axes, as rows: along, sideways, up.
        halves: Half of each inner box's sides, along these axes.
        radii: The rounding of each box.
        blend: The width of the seam between parts that touch.
    """

    centers: Float[Tensor, "parts 3"]
    frames: Float[Tensor, "parts 3 3"]
    halves: Float[Tensor, "parts 3"]
    radii: Float[Tensor, "parts"]
    blend: float

    @property
    def bounds(self) -> tuple[Float[Tensor, "3"], Float[Tensor, "3"]]:
        """The lowest and the highest coordinates, but for what the seams add."""
        reach = (self.frames.abs() * self.halves[:, :, None]).sum(1) + self.radii[:, None]
        return (self.centers - reach).amin(0), (self.centers + reach).amax(0)


def solid(parts: Sequence[Part], *, blend: float) -> Solid:
    """The smooth union of some parts.

    Args:
        parts: At least one.
        blend: The width of the seams, in the unit of the parts; above 0.

    Returns:
        The solid.
    """
    start, end, sides, radii = (
        torch.tensor(numbers, dtype=torch.float32)
        for numbers in (
            [part.start for part in parts],
            [part.end for part in parts],
            [(part.width, part.height) for part in parts],
            [part.radius for part in parts],
        )
    )
    along = end - start
    return Solid(
        centers=(start + end) / 2,
        frames=torch.stack([_frame(vector) for vector in along]),
        halves=torch.cat([along.norm(dim=1, keepdim=True) / 2, sides], dim=1),
        radii=radii,
        blend=blend,
    )


def fitted(shape: Solid, *, radius: float) -> Solid:
    """The same solid, moved and scaled: its bounding box is centered and it just fits into a ball.

    Args:
        shape: Any solid.
        radius: Of the ball around the origin that the solid's parts touch from inside.

    Returns:
        The moved solid.
    """
    low, high = shape.bounds
    centers = shape.centers - (low + high) / 2
    signs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0])] * 3)
    corners = centers + torch.einsum("ck,pk,pki->cpi", signs, shape.halves, shape.frames)
    scale = radius / float((corners.norm(dim=2) + shape.radii).max())
    return Solid(
        centers=centers * scale,
        frames=shape.frames,
        halves=shape.halves * scale,
        radii=shape.radii * scale,
        blend=shape.blend * scale,
    )


def distance(shape: Solid, points: Float[Tensor, "points 3"]) -> Float[Tensor, "points"]:
    """The signed distance from points to the surface.

    The distances to the boxes are joined by a soft minimum, -b log(sum of exp(-d / b)), which is
    never above the true minimum: a ray that steps this far cannot jump through the surface.

    Args:
        shape: The solid.
        points: Where to measure.

    Returns:
        Positive outside, negative inside; inside, and near seams, a lower bound.
    """
    local = torch.einsum("pij,pnj->pni", shape.frames, points - shape.centers[:, None])
    beyond = local.abs() - shape.halves[:, None]
    outside = beyond.clamp(min=0).norm(dim=2)
    inside = beyond.amax(2).clamp(max=0)
    parts = outside + inside - shape.radii[:, None]
    return -shape.blend * torch.logsumexp(-parts / shape.blend, dim=0)


def _frame(along: Float[Tensor, "3"]) -> Float[Tensor, "3 3"]:
    """Three unit axes, the first along a vector, the second horizontal."""
    forward = along / along.norm() if along.norm() > 0 else torch.tensor([1.0, 0.0, 0.0])
    x, y, _ = forward.tolist()
    level = (x * x + y * y) ** 0.5
    sideways = torch.tensor([-y / level, x / level, 0.0] if level > 1e-6 else [0.0, 1.0, 0.0])
    return torch.stack([forward, sideways, torch.linalg.cross(forward, sideways)])
