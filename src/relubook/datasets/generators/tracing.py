"""Sphere tracing: step along each ray as far as nothing can be in the way.

Everything is done per ray and without random numbers, so that a picture does not depend on what
else is drawn along with it.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional as F

from relubook.datasets.generators.solids import Solid, distance

FAR = 1e9  # the distance of what is never met

_TOUCH = 0.004  # a ray this near has arrived
_SEAM = 0.05  # how far seams may stand out of the box around the parts
_LIFT = 0.03  # where shadow rays begin, off the surface: about a voxel
_HALO = 0.1  # how far around the box around the solid its soft shadow is looked for
_SHARPNESS = 10.0  # of shadows: 1 over the half-angle of the lamp [1/rad]


@dataclass(frozen=True, kw_only=True)
class Baked:
    """A solid within the unit ball, its distance known on a grid over the cube around it.

    Attributes:
        grid: Signed distances at the nodes, from -1 to 1 along each axis.
        low: The lowest coordinates of the solid; it stands on low[2].
        high: The highest ones.
    """

    grid: Float[Tensor, "1 1 z y x"]
    low: Float[Tensor, "3"]
    high: Float[Tensor, "3"]

    def at(self, points: Float[Tensor, "points 3"]) -> Float[Tensor, "points"]:
        """The distances at points, by linear interpolation."""
        # The sampler gives each entry of a batch to one thread, so one list becomes two entries.
        half = (len(points) + 1) // 2
        places = F.pad(points, (0, 0, 0, 2 * half - len(points))).view(2, half, 1, 1, 3)
        grid = self.grid.expand(2, -1, -1, -1, -1)
        found = F.grid_sample(grid, places, padding_mode="border", align_corners=True)
        return found.flatten()[: len(points)]

    def normal(self, points: Float[Tensor, "points 3"]) -> Float[Tensor, "points 3"]:
        """Unit vectors that point away from the solid, by central differences."""
        step = 2 / (self.grid.shape[-1] - 1)
        shifts = step * torch.eye(3, device=points.device)
        slopes = [self.at(points + shift) - self.at(points - shift) for shift in shifts]
        return F.normalize(torch.stack(slopes, dim=1), dim=1)


def bake(shape: Solid, *, nodes: int = 64, device: torch.device | str = "cpu") -> Baked:
    """Measure a solid's distance on a grid, once, so that tracing only has to look it up.

    Args:
        shape: A solid within the unit ball.
        nodes: Of the grid, along each of the three axes.
        device: Where to keep the grid.

    Returns:
        The grid, and the box around the solid.
    """
    axis = torch.linspace(-1, 1, nodes)
    layer = torch.cartesian_prod(axis, axis).flip(1)  # x varies fastest, as in the sampler
    heights = [torch.full((nodes * nodes, 1), z) for z in axis.tolist()]
    # layer by layer: small enough for a processor's cache
    layers = [distance(shape, torch.cat([layer, height], dim=1)) for height in heights]
    grid = torch.stack(layers).view(1, 1, nodes, nodes, nodes)
    low, high = shape.bounds
    return Baked(grid=grid.to(device), low=low.to(device), high=high.to(device))


def march(
    baked: Baked,
    origins: Float[Tensor, "rays 3"],
    directions: Float[Tensor, "rays 3"],
    *,
    steps: int = 40,
) -> Float[Tensor, "rays"]:
    """How far along each ray the solid is; a huge number where the ray misses it.

    Args:
        baked: The solid.
        origins: Where rays begin, outside the solid.
        directions: Unit vectors.
        steps: At most; rays that have arrived or left are dropped on the way.

    Returns:
        Distances along the rays.
    """
    arrived = torch.full((len(origins),), FAR, device=origins.device)
    alive, rays = _entering(baked, origins, directions, margin=_SEAM)
    for _ in range(steps):
        if len(alive) == 0:
            break
        gap = baked.at(_places(rays))
        depth = rays[:, 6] + gap
        touching = gap < _TOUCH
        arrived[alive[touching]] = depth[touching]
        alive, rays = _kept(alive, rays, depth, ~touching)
    return arrived


def shadow(
    baked: Baked,
    points: Float[Tensor, "points 3"],
    toward: Float[Tensor, "points 3"],
    *,
    steps: int = 24,
) -> Float[Tensor, "points"]:
    """How much of the lamp each point sees: 1 in full light, 0 in full shadow.

    A ray to the lamp that passes the solid closely, seen from the point, is partly shaded.

    Args:
        baked: The solid.
        points: On the surfaces.
        toward: Unit vectors to the lamp.
        steps: At most.

    Returns:
        A factor on the light.
    """
    light = torch.ones(len(points), device=points.device)
    alive, rays = _entering(baked, points, toward, margin=_HALO)
    for _ in range(steps):
        if len(alive) == 0:
            break
        gap = baked.at(_places(rays))
        seen = torch.minimum(light[alive], _SHARPNESS * gap / rays[:, 6])
        light[alive] = seen
        alive, rays = _kept(alive, rays, rays[:, 6] + gap.clamp(min=0.02), seen > 0.01)
    return light.clamp(min=0)


def openness(
    baked: Baked, points: Float[Tensor, "points 3"], normals: Float[Tensor, "points 3"]
) -> Float[Tensor, "points"]:
    """How much of the sky each point sees (ambient occlusion).

    A walk of a few steps along the normal should lead as far from the solid as it is long; where
    it does not, something stands near.

    Args:
        baked: The solid.
        points: On the surfaces.
        normals: Unit vectors off the surfaces.

    Returns:
        From 0 to 1.
    """
    open_part = torch.ones(len(points), device=points.device)
    near = _within(baked, points, margin=0.3).nonzero().flatten()
    points, normals = points.index_select(0, near), normals.index_select(0, near)
    lost = torch.zeros(len(near), device=points.device)
    for step, weight in ((0.06, 0.5), (0.15, 0.3), (0.3, 0.2)):
        gap = baked.at(points + step * normals)
        lost += weight * (1 - gap / step).clamp(0, 1)
    open_part[near] = 1 - lost
    return open_part


def _entering(
    baked: Baked,
    origins: Float[Tensor, "rays 3"],
    directions: Float[Tensor, "rays 3"],
    *,
    margin: float,
) -> tuple[Int[Tensor, "alive"], Float[Tensor, "alive 8"]]:
    """The rays that enter the box around the solid: which, and (origin, direction, depth, end).

    All that is known about a ray is one row, so that dropping rays copies rows and not columns.
    """
    inverse = 1 / torch.where(directions == 0, 1e-9, directions)
    first = (baked.low - margin - origins) * inverse
    second = (baked.high + margin - origins) * inverse
    near = torch.minimum(first, second).amax(1).clamp(min=_LIFT)
    far = torch.maximum(first, second).amin(1)
    alive = (near < far).nonzero().flatten()
    rays = torch.cat([origins, directions, near[:, None], far[:, None]], dim=1)
    return alive, rays.index_select(0, alive)


def _places(rays: Float[Tensor, "alive 8"]) -> Float[Tensor, "alive 3"]:
    """Where rays are now."""
    return rays[:, :3] + rays[:, 6:7] * rays[:, 3:6]


def _kept(
    alive: Int[Tensor, "alive"],
    rays: Float[Tensor, "alive 8"],
    depth: Float[Tensor, "alive"],
    wanted: Bool[Tensor, "alive"],
) -> tuple[Int[Tensor, "_"], Float[Tensor, "_ 8"]]:
    """The rays that go on, at their new depths."""
    rays[:, 6] = depth
    on = (wanted & (depth < rays[:, 7])).nonzero().flatten()
    return alive.index_select(0, on), rays.index_select(0, on)


def _within(
    baked: Baked, points: Float[Tensor, "points 3"], *, margin: float
) -> Bool[Tensor, "points"]:
    """Whether points are in the box around the solid, or near it."""
    return ((points > baked.low - margin) & (points < baked.high + margin)).all(1)
