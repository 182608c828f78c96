"""Convex polygons that fill a window, and how a continuous function cuts them along its zeros.

The polygons share their corners. A function that is affine on each of them is known by its heights
at the corners, so a new corner is made once for both polygons at an edge: nothing gapes, nothing
overlaps, however often one cuts.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int, Shaped


@dataclass(frozen=True, kw_only=True, eq=False)
class Mesh:
    """Polygons over shared points.

    Attributes:
        points: Where the corners are.
        polygons: The points of each polygon, counterclockwise; short rows go on with their first.
        sizes: How many corners each has.
    """

    points: Float[np.ndarray, "points 2"]
    polygons: Int[np.ndarray, "polygons most"]
    sizes: Int[np.ndarray, "polygons"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Cut:
    """What a cut made of a mesh.

    Attributes:
        mesh: The polygons now; a cut one leaves its lower part in its place.
        above: Whether the function is above zero in a polygon.
        crossed: The polygons that were cut; their upper parts come last, in this order.
        ends: The old points between which each new one lies.
        share: How far from the first end to the second, in 0..1 [1].
    """

    mesh: Mesh
    above: Bool[np.ndarray, "polygons"]
    crossed: Int[np.ndarray, "cut"]
    ends: Int[np.ndarray, "new 2"]
    share: Float[np.ndarray, "new"]

    def between(self, values: Float[np.ndarray, "old _"]) -> Float[np.ndarray, "new _"]:
        """Values at the new points, of functions that are affine on each old polygon."""
        return _between(values, self.ends, self.share)


class Rows:
    """An array that grows: its memory doubles now and then, so most rows are copied seldom."""

    def __init__(self, rows: Shaped[np.ndarray, "rows _"]) -> None:
        self._memory, self._count = rows, len(rows)

    @property
    def all(self) -> Shaped[np.ndarray, "rows _"]:
        """The rows so far; what is written there is kept."""
        return self._memory[: self._count]

    def append(self, rows: Shaped[np.ndarray, "more _"]) -> None:
        """Put some rows behind those there are."""
        count = self._count + len(rows)
        if count > len(self._memory):
            memory = np.empty((2 * count, *rows.shape[1:]), dtype=rows.dtype)
            memory[: self._count] = self.all
            self._memory = memory
        self._memory[self._count : count] = rows
        self._count = count


def single(corners: Float[np.ndarray, "corners 2"]) -> Mesh:
    """One polygon, its corners given counterclockwise."""
    count = len(corners)
    return Mesh(points=corners, polygons=np.arange(count)[None], sizes=np.array([count]))


def cut(mesh: Mesh, heights: Float[np.ndarray, "points"]) -> Cut:
    """Cut all polygons that have corners strictly above zero and strictly below.

    Args:
        mesh: Polygons.
        heights: Of a continuous function that is affine on each polygon, at its corners [1]; what
            is to count as zero must be exactly zero.

    Returns:
        The new polygons. One on which the function is zero throughout is not above zero.
    """
    side = np.sign(heights).astype(np.int8)
    sides = side[mesh.polygons]
    above = np.any(sides > 0, axis=1)
    crossed = np.flatnonzero(above & np.any(sides < 0, axis=1))
    edges, new = _crossed_edges(mesh.polygons[crossed], mesh.sizes[crossed], side)
    ends, places = _unique_edges(edges, len(side))
    share = heights[ends[:, 0]] / (heights[ends[:, 0]] - heights[ends[:, 1]])
    points = np.concatenate([mesh.points, _between(mesh.points, ends, share)])
    if len(crossed):
        rings, lengths = _rings(mesh.polygons[crossed], mesh.sizes[crossed], new, places)
        low, high = _halves(rings, lengths, np.concatenate([side, np.zeros(len(ends), np.int8)]))
        mesh = _replaced(mesh, crossed, low, high)
        above[crossed] = False
    above = np.concatenate([above, np.ones(len(crossed), bool)])
    mesh = Mesh(points=points, polygons=mesh.polygons, sizes=mesh.sizes)
    return Cut(mesh=mesh, above=above, crossed=crossed, ends=ends, share=share)


Pieces = tuple[np.ndarray, np.ndarray]  # points [pieces most], as in a mesh, and sizes [pieces]


def _between(
    values: Float[np.ndarray, "old _"], ends: Int[np.ndarray, "new 2"], share: np.ndarray
) -> Float[np.ndarray, "new _"]:
    """Values at new points, from those at the ends of their edges."""
    first, second = values[ends[:, 0]], values[ends[:, 1]]
    return first + share[:, None] * (second - first)


def _crossed_edges(
    polygons: Int[np.ndarray, "polygons most"],
    sizes: Int[np.ndarray, "polygons"],
    side: Int[np.ndarray, "points"],
) -> tuple[Int[np.ndarray, "crossings 2"], Bool[np.ndarray, "polygons most"]]:
    """Edges whose ends lie on both sides, and after which corners they come."""
    following = np.roll(polygons, -1, axis=1)  # the filling makes the last edge close the polygon
    real = np.arange(polygons.shape[1]) < sizes[:, None]
    new = real & (side[polygons] * side[following] < 0)
    return np.stack([polygons[new], following[new]], axis=1), new


def _unique_edges(
    edges: Int[np.ndarray, "crossings 2"], points: int
) -> tuple[Int[np.ndarray, "new 2"], Int[np.ndarray, "crossings"]]:
    """Each edge once, whichever way it runs, and the number of the new point on each of `edges`."""
    low, high = edges.min(1), edges.max(1)
    keys, inverse = np.unique(low * points + high, return_inverse=True)
    return np.stack([keys // points, keys % points], axis=1), points + inverse.reshape(-1)


def _rings(
    polygons: Int[np.ndarray, "polygons most"],
    sizes: Int[np.ndarray, "polygons"],
    new: Bool[np.ndarray, "polygons most"],
    places: Int[np.ndarray, "crossings"],
) -> Pieces:
    """The polygons with the new points in their places; what follows a row's end means nothing."""
    slots = np.full((len(sizes), 2 * polygons.shape[1]), -1)
    slots[:, ::2] = np.where(np.arange(polygons.shape[1]) < sizes[:, None], polygons, -1)
    slots[:, 1::2][new] = places
    kept = slots >= 0
    lengths = kept.sum(1)
    starts = np.cumsum(lengths) - lengths
    columns = np.arange(lengths.max()) % lengths[:, None]
    return slots[kept][starts[:, None] + columns], lengths


def _halves(
    rings: Int[np.ndarray, "polygons most"],
    lengths: Int[np.ndarray, "polygons"],
    side: Int[np.ndarray, "points"],
) -> tuple[Pieces, Pieces]:
    """The part below zero and the part above of rings that have both.

    Going round from a corner below zero, the part above is a run of corners that begins at the
    first one above zero and ends before the next one below. A point at zero that follows the run
    belongs to it, so each run ends at zero, and the cut goes from the end of one to that of the
    other.
    """
    columns = np.arange(rings.shape[1])
    first_below = (side[rings] < 0).argmax(1)
    turned = np.take_along_axis(rings, (first_below[:, None] + columns) % lengths[:, None], axis=1)
    sides = side[turned]
    rise = (sides > 0).argmax(1)
    falls = (sides < 0) & (columns > rise[:, None]) & (columns < lengths[:, None])
    fall = np.where(falls.any(1), falls.argmax(1), lengths)
    above = fall - rise
    return (
        _arc(turned, lengths, fall - 1, lengths - above + 1),
        _arc(turned, lengths, rise - 1, above + 1),
    )


def _arc(
    rings: Int[np.ndarray, "polygons most"],
    lengths: Int[np.ndarray, "polygons"],
    start: Int[np.ndarray, "polygons"],
    size: Int[np.ndarray, "polygons"],
) -> Pieces:
    """So many corners of each ring from `start` on, filled up with the first of them."""
    columns = np.arange(size.max())
    steps = np.where(columns < size[:, None], columns, 0)
    return np.take_along_axis(rings, (start[:, None] + steps) % lengths[:, None], axis=1), size


def _replaced(mesh: Mesh, crossed: Int[np.ndarray, "pieces"], low: Pieces, high: Pieces) -> Mesh:
    """The mesh with the lower parts in the places of what was cut, and the upper parts behind."""
    width = max(part.shape[1] for part in (mesh.polygons, low[0], high[0]))
    polygons = np.concatenate([_wide(mesh.polygons, width), _wide(high[0], width)])
    sizes = np.concatenate([mesh.sizes, high[1]])
    polygons[crossed], sizes[crossed] = _wide(low[0], width), low[1]
    return Mesh(points=mesh.points, polygons=polygons, sizes=sizes)


def _wide(polygons: Int[np.ndarray, "polygons most"], width: int) -> np.ndarray:
    """The same rows filled up to a width with their first corners."""
    if polygons.shape[1] == width:
        return polygons
    missing = np.repeat(polygons[:, :1], width - polygons.shape[1], axis=1)
    return np.concatenate([polygons, missing], axis=1)
