"""What a camera sees of a solid on a light ground, and how lamps light it."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional as F

from relubook.datasets.generators import tracing
from relubook.datasets.generators.tracing import Baked

FIELD_OF_VIEW = 11.0  # degrees, of both sides of a picture

_HALF_FRAME = 0.88  # what half of a picture's side shows, at the origin
_PAINT, _GROUND = 0.75, 0.9  # the share of the light that toy and ground give back


@dataclass(frozen=True, kw_only=True)
class Lamp:
    """A lamp that keeps its place beside the camera while the toy turns.

    Attributes:
        azimuth: To the right of the camera [degrees].
        elevation: Above the horizon [degrees].
        strength: Of the light that comes straight from the lamp.
        ambient: Of the light that comes from everywhere.
    """

    azimuth: float
    elevation: float
    strength: float
    ambient: float


@dataclass(frozen=True, kw_only=True)
class Surface:
    """What each ray of each view meets; light plays no part in it.

    Attributes:
        points: Where the rays end, on the solid or on the floor.
        normals: Unit vectors off the surface there.
        openness: How much of the sky the point sees, from 0 to 1 (ambient occlusion).
        solid: Whether it is the solid.
    """

    points: Float[Tensor, "views rays 3"]
    normals: Float[Tensor, "views rays 3"]
    openness: Float[Tensor, "views rays"]
    solid: Bool[Tensor, "views rays"]

    def at(self, views: Int[Tensor, "chosen"]) -> "Surface":
        """The surface of some of the views."""
        return Surface(
            points=self.points.index_select(0, views),
            normals=self.normals.index_select(0, views),
            openness=self.openness.index_select(0, views),
            solid=self.solid.index_select(0, views),
        )


def look(
    baked: Baked,
    azimuth: Float[Tensor, "views"],
    elevation: Float[Tensor, "views"],
    *,
    size: int,
) -> Surface:
    """What a camera that looks at the origin sees.

    Args:
        baked: The solid.
        azimuth: Of the camera around the vertical axis [degrees]; 0 is in front of the toy.
        elevation: Of the camera above the horizon [degrees].
        size: Rows and columns of rays.

    Returns:
        The surface, rays in reading order.
    """
    origins, directions = _rays(azimuth, elevation, size)
    depth = tracing.march(baked, origins, directions)
    hit = depth < tracing.FAR
    ground = (baked.low[2] - origins[:, 2]) / directions[:, 2]
    points = origins + torch.where(hit, depth, ground)[:, None] * directions
    normals = torch.tensor([0.0, 0.0, 1.0], device=points.device).repeat(len(points), 1)
    on = hit.nonzero().flatten()
    normals[on] = baked.normal(points.index_select(0, on))
    views = len(azimuth)
    return Surface(
        points=points.view(views, -1, 3),
        normals=normals.view(views, -1, 3),
        openness=tracing.openness(baked, points, normals).view(views, -1),
        solid=hit.view(views, -1),
    )


def shade(
    baked: Baked,
    surface: Surface,
    toward: Float[Tensor, "views 3"],
    strength: Float[Tensor, "views"],
    ambient: Float[Tensor, "views"],
) -> Float[Tensor, "views rays"]:
    """How bright each ray's end is: Lambert's law under one lamp, with shadows, and ambient light.

    Args:
        baked: The solid.
        surface: What the rays meet.
        toward: Unit vectors to each view's lamp.
        strength: Of each view's lamp.
        ambient: Of each view's light from everywhere.

    Returns:
        Brightness, 1 for a white surface that faces a lamp of strength 1.
    """
    slant = (surface.normals * toward[:, None]).sum(2).clamp(min=0)
    facing = slant.flatten().nonzero().flatten()  # the others lie in their own shadow
    points = surface.points.view(-1, 3).index_select(0, facing)
    view = facing // slant.shape[1]
    lit = torch.zeros(slant.numel(), device=slant.device)
    lit[facing] = tracing.shadow(baked, points, toward.index_select(0, view))
    direct = slant * lit.view_as(slant)
    light = ambient[:, None] * surface.openness + strength[:, None] * direct
    return torch.where(surface.solid, _PAINT, _GROUND) * light


def direction(
    azimuth: Float[Tensor, "views"], elevation: Float[Tensor, "views"]
) -> Float[Tensor, "views 3"]:
    """The unit vector at some angle around the vertical axis and above the horizon.

    Args:
        azimuth: From x toward y [degrees].
        elevation: From the ground up [degrees].

    Returns:
        One vector a view.
    """
    turn, rise = torch.deg2rad(azimuth), torch.deg2rad(elevation)
    return torch.stack([rise.cos() * turn.cos(), rise.cos() * turn.sin(), rise.sin()], dim=1)


def _rays(
    azimuth: Float[Tensor, "views"], elevation: Float[Tensor, "views"], size: int
) -> tuple[Float[Tensor, "rays 3"], Float[Tensor, "rays 3"]]:
    """Origins and unit directions of the rays of every view."""
    back = direction(azimuth, elevation)
    right = direction(azimuth + 90, torch.zeros_like(elevation))
    up = torch.linalg.cross(back, right)
    reach = math.tan(math.radians(FIELD_OF_VIEW / 2))
    ticks = ((torch.arange(size, device=azimuth.device) + 0.5) / size * 2 - 1) * reach
    across, down = ticks.repeat(size)[:, None], ticks.repeat_interleave(size)[:, None]
    directions = across * right[:, None] - down * up[:, None] - back[:, None]
    origins = (_HALF_FRAME / reach * back)[:, None].expand_as(directions)
    return origins.reshape(-1, 3), F.normalize(directions, dim=2).view(-1, 3)
