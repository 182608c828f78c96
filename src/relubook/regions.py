"""The linear regions of a rectifier network in a plane: exactly, not on a grid.

Where the same units are active a network is affine. Such a region is a convex polygon: each unit of
the first layer is zero along a straight line, each unit of a later layer along a line that bends
where it meets the lines before it. Here a window is cut by one unit after the other.

Two regions may have the same affine map, for instance where the unit between them has no effect on
the outputs; they count as two all the same, for their units differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from torch import Tensor

from relubook.networks import MLP
from relubook.region_layers import Affine, affine, check_pieces
from relubook.region_polygons import Mesh, cut, single

_PARALLEL = 1e-9  # the sine of an angle
_AT_ONCE = 2_000_000  # numbers in a block of distances


@dataclass(frozen=True, eq=False)
class Plane:
    """A plane in the space of the inputs: x = origin + u first + v second.

    Attributes:
        origin: The input at u = v = 0.
        first: What one step of u adds.
        second: What one step of v adds, in another direction.
    """

    origin: Float[np.ndarray, "inputs"]
    first: Float[np.ndarray, "inputs"]
    second: Float[np.ndarray, "inputs"]

    def __post_init__(self) -> None:
        parts = (self.origin, self.first, self.second)
        if not all(np.isfinite(part).all() for part in parts):
            raise ValueError("The `origin`, `first` and `second` of a plane must be finite.")
        if _parallel(self.first.astype(float), self.second.astype(float)):
            raise ValueError(
                "The directions of a plane must not be parallel, nor zero. Choose three points "
                "that are not on one line."
            )

    @classmethod
    def through(
        cls,
        a: Float[np.ndarray, "inputs"] | Float[Tensor, "inputs"],
        b: Float[np.ndarray, "inputs"] | Float[Tensor, "inputs"],
        c: Float[np.ndarray, "inputs"] | Float[Tensor, "inputs"],
    ) -> "Plane":
        """The plane that has `a` at (0, 0), `b` at (1, 0) and `c` at (0, 1).

        Raises:
            ValueError: If the three are on one line, or not finite.
        """
        origin, first, second = (np.asarray(point, dtype=np.float64) for point in (a, b, c))
        return cls(origin, first - origin, second - origin)

    def __call__(self, places: Float[np.ndarray, "places 2"]) -> Float[np.ndarray, "places inputs"]:
        """The inputs at places (u, v) of the plane."""
        return self.origin + places @ np.stack([self.first, self.second])


@dataclass(frozen=True)
class Window:
    """A rectangle of the plane, in its coordinates u (to the right) and v (upwards)."""

    left: float | int
    right: float | int
    bottom: float | int
    top: float | int

    def __post_init__(self) -> None:
        sides = (self.left, self.right, self.bottom, self.top)
        if not np.isfinite(sides).all() or self.left >= self.right or self.bottom >= self.top:
            raise ValueError(
                "A window needs finite sides with left < right and bottom < top. "
                f"Got {', '.join(f'{side:g}' for side in sides)}."
            )

    @property
    def area(self) -> float:
        """Width times height."""
        return float((self.right - self.left) * (self.top - self.bottom))

    def corners(self) -> Float[np.ndarray, "4 2"]:
        """Its corners, counterclockwise from the lower left."""
        u = np.array([self.left, self.right, self.right, self.left], dtype=np.float64)
        v = np.array([self.bottom, self.bottom, self.top, self.top], dtype=np.float64)
        return np.stack([u, v], axis=1)


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
        along = self.corners[self._following()] - self.corners
        length = np.hypot(*along.T)
        inward = np.stack([-along[:, 1], along[:, 0]]) / np.where(length > 0, length, 1.0)
        offset = np.sum(inward.T * self.corners, axis=1)
        block = max(1, _AT_ONCE // len(offset))
        found = [np.empty(0, dtype=np.int64)]
        for start in range(0, len(points), block):
            distance = points[start : start + block] @ inward - offset
            inside = np.minimum.reduceat(distance, self.starts[:-1], axis=1)
            found.append(inside.argmax(1))
        return np.where(self._in_window(points), np.concatenate(found), -1)

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
    active, h, linear = [], mesh.points, network.activation.name == "linear"
    for layer in layers[:-1]:
        z, tolerance = layer.at(h)
        mesh, z, on, parent = _cut_by_layer(mesh, z, tolerance, linear=linear)
        active = [*(before[parent] for before in active), on]
        h = z if linear else np.maximum(z, 0)
    return _regions(window, mesh, active, layers)


def _cut_by_layer(
    mesh: Mesh, z: np.ndarray, tolerance: np.ndarray, *, linear: bool
) -> tuple[Mesh, np.ndarray, np.ndarray, np.ndarray]:
    """The mesh cut by each unit, pre-activations at its points, active units, and old polygons."""
    parent, on = np.arange(len(mesh.sizes)), np.zeros((len(mesh.sizes), z.shape[1]), dtype=bool)
    for unit, least in enumerate(tolerance):
        heights = np.where(np.abs(z[:, unit]) <= least, 0.0, z[:, unit])
        if linear:
            on[:, unit] = (heights[mesh.polygons] != 0).any(1)
            continue
        done = cut(mesh, heights)
        mesh, z, parent, on = done.mesh, done.extend(z), parent[done.parent], on[done.parent]
        on[:, unit] = done.above
    return mesh, z, on, parent


def _regions(
    window: Window, mesh: Mesh, active: Sequence[np.ndarray], layers: Sequence[Affine]
) -> Regions:
    """What is known of the polygons of a mesh."""
    count, last = len(mesh.sizes), layers[0]
    weight, bias = np.tile(last.weight, (count, 1, 1)), np.tile(last.bias, (count, 1))
    for on, layer in zip(active, layers[1:], strict=True):
        weight = (weight * on[:, None]) @ layer.weight
        bias = (bias * on) @ layer.weight + layer.bias
    real = np.arange(mesh.polygons.shape[1]) < mesh.sizes[:, None]
    points = mesh.polygons[real]
    return Regions(
        starts=np.concatenate([[0], np.cumsum(mesh.sizes)]),
        corners=mesh.points[points],
        points=points,
        active=np.concatenate([np.zeros((count, 0), dtype=bool), *active], axis=1),
        weight=weight,
        bias=bias,
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


def _parallel(first: Float[np.ndarray, "inputs"], second: Float[np.ndarray, "inputs"]) -> bool:
    """Whether one is a multiple of the other."""
    lengths = np.linalg.norm(first), np.linalg.norm(second)
    if min(lengths) == 0:
        return True
    first, second = first / lengths[0], second / lengths[1]
    return bool(np.linalg.norm(second - (first @ second) * first) <= _PARALLEL)
