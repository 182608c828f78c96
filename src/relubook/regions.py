"""The linear regions of a rectifier network in a plane: exactly, not on a grid.

Where the same units are active a network is affine. Such a region is a convex polygon: each unit of
the first layer is zero along a straight line, each unit of a later layer along a line that bends
where it meets the lines before it. Here a window is cut by one unit after the other.

Two regions may have the same affine map, for instance where the unit between them has no effect on
the outputs; they count as two all the same, for their units differ.
"""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from relubook.networks import MLP
from relubook.region_layers import affine, check_pieces, compose
from relubook.region_planes import Plane, Window
from relubook.region_polygons import Mesh, Rows, cut, single

_POINTS_TO_A_TILE = 32


@dataclass(frozen=True, kw_only=True, eq=False)
class Regions:
    """The regions of one network in a window.

    Attributes:
        starts: Where each region's corners start in `corners`; its last number is how many.
        corners: Of one region after the other, counterclockwise, in the plane's coordinates.
        points: The number of each corner; regions that meet at a corner have the same there.
        active: Which units' outputs are not zero, those of all hidden layers in one row.
        weight: How the outputs change along u and v.
        bias: The outputs of the region's affine map at u = v = 0.
        window: What the regions fill.
    """

    starts: Int[np.ndarray, "regions_and_1"]
    corners: Float[np.ndarray, "corners 2"]
    points: Int[np.ndarray, "corners"]
    active: Bool[np.ndarray, "regions units"]
    weight: Float[np.ndarray, "regions 2 outputs"]
    bias: Float[np.ndarray, "regions outputs"]
    window: Window

    def __len__(self) -> int:
        """The number of regions."""
        return len(self.starts) - 1

    def polygon(self, i: int) -> Float[np.ndarray, "corners 2"]:
        """The corners of region `i`, counterclockwise."""
        i = range(len(self))[i]
        return self.corners[self.starts[i] : self.starts[i + 1]]

    def areas(self) -> Float[np.ndarray, "regions"]:
        """The area of each region; together they are the window's."""
        first = np.repeat(self.corners[self.starts[:-1]], np.diff(self.starts), axis=0)
        here, there = self.corners - first, self.corners[self._following()] - first
        twice = here[:, 0] * there[:, 1] - here[:, 1] * there[:, 0]
        return np.add.reduceat(twice, self.starts[:-1]) / 2

    def neighbors(self) -> Int[np.ndarray, "pairs 2"]:
        """Pairs of regions that share an edge, each pair once and in ascending order."""
        region = np.repeat(np.arange(len(self)), np.diff(self.starts))
        edges = np.sort(np.stack([self.points, self.points[self._following()]], axis=1), axis=1)
        keys = edges[:, 0] * (self.points.max() + 1) + edges[:, 1]
        order = np.argsort(keys, kind="stable")
        twin = np.flatnonzero(keys[order][1:] == keys[order][:-1])
        pairs = np.stack([region[order[twin]], region[order[twin + 1]]], axis=1)
        return np.unique(np.sort(pairs, axis=1), axis=0)

    def at(self, points: Float[np.ndarray, "points 2"]) -> Int[np.ndarray, "points"]:
        """The region at each place; -1 outside the window, one of several on a boundary."""
        found = np.full(len(points), -1)
        inside = np.flatnonzero(self._in_window(points))
        if len(inside):
            low, high = self._boxes()
            for chosen in np.split(*_by_tile(inside, points[inside], self.window)):
                here = points[chosen]
                near = (low <= here.max(0)) & (high >= here.min(0))
                found[chosen] = self._innermost(here, np.flatnonzero(near.all(1)))
        return found

    def _boxes(self) -> tuple[Float[np.ndarray, "regions 2"], Float[np.ndarray, "regions 2"]]:
        """Lower left and upper right of what each region reaches over."""
        begin = self.starts[:-1]
        return np.minimum.reduceat(self.corners, begin), np.maximum.reduceat(self.corners, begin)

    def _innermost(
        self, points: Float[np.ndarray, "points 2"], chosen: Int[np.ndarray, "chosen"]
    ) -> Int[np.ndarray, "points"]:
        """That of the chosen regions whose nearest edge is the farthest inward, for each point."""
        sizes = np.diff(self.starts)[chosen]
        begin = np.cumsum(sizes) - sizes
        edges = np.arange(sizes.sum()) + np.repeat(self.starts[chosen] - begin, sizes)
        corners = self.corners[edges]
        along = self.corners[self._following()[edges]] - corners
        length = np.hypot(*along.T)
        inward = np.stack([-along[:, 1], along[:, 0]]) / np.where(length > 0, length, 1.0)
        distance = points @ inward - np.sum(inward.T * corners, axis=1)
        return chosen[np.minimum.reduceat(distance, begin, axis=1).argmax(1)]

    def _following(self) -> Int[np.ndarray, "corners"]:
        """The place in `corners` of the next corner of the same region."""
        following = np.arange(1, len(self.corners) + 1)
        following[self.starts[1:] - 1] = self.starts[:-1]
        return following

    def _in_window(self, points: Float[np.ndarray, "points 2"]) -> Bool[np.ndarray, "points"]:
        """Whether places are in the window, its sides included."""
        low, _, high, _ = self.window.corners()
        return np.all((points >= low) & (points <= high), axis=1)


def find(network: MLP, window: Window, *, model: int = 0, plane: Plane | None = None) -> Regions:
    """All regions of one network in a window of a plane, in float64.

    A unit is active where its output is not zero. One that is zero on a whole region is not active
    there.

    Args:
        network: Of rectifiers or linear units.
        window: Where to look, in the plane's coordinates.
        model: Which of the networks.
        plane: Where the window lies; None for networks of two inputs, whose own plane it is.

    Returns:
        Convex polygons that fill the window, no two with the same active units.

    Raises:
        ValueError: If the network's units are of another kind, its weights are not finite, or the
            plane or the model does not fit.
    """
    check_pieces(network)
    if not 0 <= model < network.models:
        raise ValueError(f"The `model` must be in 0..{network.models - 1}. Got {model}.")
    plane = _plane(network, plane)
    layers = affine(network, model, plane.origin, np.stack([plane.first, plane.second]))
    mesh = single(window.corners())
    active, h, units = Rows(np.zeros((1, sum(network.sizes[1:-1])), dtype=bool)), mesh.points, 0
    for layer in layers[:-1]:
        z, least = layer.at(h)
        if network.activation.name == "linear":
            active.all[:, units : units + len(least)] = (np.abs(z) > least).any(0)
            h = z
        else:
            mesh, z = _cut(mesh, z, least, active, units)
            h = np.where(z > least, z, 0.0)
        units += len(least)
    return _regions(window, mesh, active.all, compose(layers, active.all))


def _cut(
    mesh: Mesh,
    z: Float[np.ndarray, "points units"],
    least: Float[np.ndarray, "units"],
    active: Rows,
    first: int,
) -> tuple[Mesh, Float[np.ndarray, "more units"]]:
    """The mesh cut by all units of a layer, and pre-activations at its points.

    Args:
        mesh: Polygons on each of which `z` is affine.
        z: Pre-activations at the points.
        least: Of each unit, the largest that counts as zero.
        active: Of each polygon; rows are added, and the layer's columns filled in.
        first: The first of these columns.
    """
    rows = Rows(z)
    for unit, zero in enumerate(least):
        heights = rows.all[:, unit]
        done = cut(mesh, np.where(np.abs(heights) <= zero, 0.0, heights))
        rows.append(done.between(rows.all))
        active.append(active.all[done.crossed])
        active.all[:, first + unit] = done.above
        mesh = done.mesh
    return mesh, rows.all


def _regions(
    window: Window,
    mesh: Mesh,
    active: Bool[np.ndarray, "regions units"],
    maps: Float[np.ndarray, "regions 3 outputs"],
) -> Regions:
    """The polygons of a mesh as regions."""
    real = np.arange(mesh.polygons.shape[1]) < mesh.sizes[:, None]
    points = mesh.polygons[real]
    return Regions(
        starts=np.concatenate([[0], np.cumsum(mesh.sizes)]),
        corners=mesh.points[points],
        points=points,
        active=active,
        weight=maps[:, :2],
        bias=maps[:, 2],
        window=window,
    )


def _plane(network: MLP, plane: Plane | None) -> Plane:
    """The plane that was asked for, or the one of networks with two inputs."""
    inputs = network.sizes[0]
    if plane is None:
        if inputs != 2:
            raise ValueError(
                f"A network of {inputs} inputs needs a `plane`, such as Plane.through(a, b, c)."
            )
        return Plane(np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    if len(plane.origin) != inputs:
        raise ValueError(f"The `plane` must have {inputs} inputs. Got {len(plane.origin)}.")
    return plane


def _by_tile(
    numbers: Int[np.ndarray, "points"], points: Float[np.ndarray, "points 2"], window: Window
) -> tuple[Int[np.ndarray, "points"], Int[np.ndarray, "cuts"]]:
    """Numbers of points sorted by tiles of the window, and where another tile begins."""
    low, _, high, _ = window.corners()
    tiles = math.ceil((len(points) / _POINTS_TO_A_TILE) ** 0.5)
    column, row = ((points - low) / (high - low) * tiles).astype(int).clip(max=tiles - 1).T
    tile = column * tiles + row
    order = np.argsort(tile, kind="stable")
    return numbers[order], 1 + np.flatnonzero(np.diff(tile[order]))
