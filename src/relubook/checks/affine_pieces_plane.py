"""Checks of an assignment's question about planes: into how many regions is a rectangle cut?"""

import math
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations
from typing import NamedTuple

import numpy as np

from relubook.checks import Outcome
from relubook.checks.affine_pieces_networks import (
    FormError,
    called,
    examine,
    generator,
    grained,
    numbers,
)

Student = Callable[..., object]
Corner = tuple[Fraction, Fraction]

_APART = 1e-3  # between crossings, corners and sides that were not put together on purpose
_TINY = 2.0**-18  # the size of a region that a grid does not see


class Plane(NamedTuple):
    """A hidden layer of two inputs, and a rectangle: in the order of the student's arguments."""

    weight: np.ndarray
    bias: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def with_units(self, weight: list[list[float]], bias: list[float]) -> "Plane":
        """More units, at places of the list that nobody can foresee."""
        order = generator().permutation(len(self.bias) + len(bias))
        return self._replace(
            weight=np.hstack([self.weight, weight])[:, order],
            bias=np.append(self.bias, bias)[order],
        )

    def corners(self) -> list[tuple[float, float]]:
        """Counterclockwise."""
        (left, bottom), (right, top) = self.low.tolist(), self.high.tolist()
        return [(left, bottom), (right, bottom), (right, top), (left, top)]


def check_count_regions(function: object) -> Outcome:
    """Check a function `count_regions(weight, bias, low, high)` for lines in general position.

    Args:
        function: Takes the weights [2 units] and biases [units] of one hidden layer, and the
            lower left and upper right corner of a rectangle [2]. Returns into how many regions it
            is cut, in each of which the same units are active.

    Returns:
        What was found.
    """
    return examine(function, _value, _sizes, _triangle)


def check_count_regions_in_special_cases(function: object) -> Outcome:
    """Check the same function for units without a line, and for lines that never meet."""
    tests = (_nobody, _parallel, _without_weight, _shared, _inputs_are_kept)
    return examine(function, *tests)


def fresh_plane(units: int) -> Plane:
    """Random lines and a rectangle, in general position: each two lines meet, at a place apart.

    At least a fifth of the lines misses the rectangle, and some cross outside it.
    """
    draws = generator()
    while True:
        low = grained(draws.uniform(-3, 1, 2))
        high = low + grained(draws.uniform(2, 3, 2))
        angle = draws.uniform(0, 2 * math.pi, units)
        weight = grained(draws.uniform(0.5, 2, units) * np.array([np.cos(angle), np.sin(angle)]))
        through = (low + high)[:, None] / 2 + draws.normal(0, 1.2, (2, units))
        plane = Plane(weight, grained(-(weight * through).sum(0)), low, high)
        hit, inside, outside = _parts(plane)
        all_meet = len(_meetings(plane)) == math.comb(units, 2)
        telling = hit <= 0.8 * units and min(inside, outside) >= min(2, units // 3)
        if all_meet and telling and _general(plane):
            return plane


def regions(plane: Plane) -> int:
    """How many polygons are left when the rectangle is cut along one line after the other."""
    polygons = [[(Fraction(x), Fraction(y)) for x, y in plane.corners()]]
    for line in zip(*plane.weight.tolist(), plane.bias.tolist(), strict=True):
        a, b, c = map(Fraction, line)
        polygons = [part for polygon in polygons for part in _cut(polygon, a, b, c)]
    return len(polygons)


def _cut(polygon: list[Corner], a: Fraction, b: Fraction, c: Fraction) -> list[list[Corner]]:
    """The parts of a convex polygon on both sides of a x + b y + c = 0; itself if it is not cut."""
    heights = [a * x + b * y + c for x, y in polygon]
    if min(heights) >= 0 or max(heights) <= 0:
        return [polygon]
    above, below = [], []
    ends = zip(polygon[1:] + polygon[:1], heights[1:] + heights[:1], strict=True)
    for (p, h), (q, k) in zip(zip(polygon, heights, strict=True), ends, strict=True):
        if h >= 0:
            above.append(p)
        if h <= 0:
            below.append(p)
        if h * k < 0:
            share = h / (h - k)
            between = p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])
            above.append(between)
            below.append(between)
    return [above, below]


def _heights(plane: Plane) -> np.ndarray:
    """Signed distances of the corners from the lines [corners units]."""
    return (plane.corners() @ plane.weight + plane.bias) / np.hypot(*plane.weight)


def _meetings(plane: Plane) -> np.ndarray:
    """Where each two lines meet that are not parallel [crossings 2]."""
    found = []
    for i, j in combinations(range(len(plane.bias)), 2):
        (a, d), (b, e) = plane.weight[:, [i, j]].tolist()
        c, f = plane.bias[[i, j]].tolist()
        if a * e != b * d:
            found.append(((b * f - c * e) / (a * e - b * d), (c * d - a * f) / (a * e - b * d)))
    return np.array(found).reshape(-1, 2)


def _parts(plane: Plane) -> tuple[int, int, int]:
    """Lines that cut the rectangle; where these meet inside it, and where outside."""
    heights = _heights(plane)
    hit = (heights.min(0) < 0) & (heights.max(0) > 0)
    cutting = plane._replace(weight=plane.weight[:, hit], bias=plane.bias[hit])
    points = _meetings(cutting)
    inside = ((points > plane.low) & (points < plane.high)).all(1).sum()
    return int(hit.sum()), int(inside), len(points) - int(inside)


def _general(plane: Plane, *, close: int = 0) -> bool:
    """Whether nothing is near anything else, but for so many pairs of crossings."""
    points = _meetings(plane)
    near_rectangle = ((points > plane.low - 1) & (points < plane.high + 1)).all(1)
    points = points[near_rectangle]
    sides = np.abs(np.concatenate([points - plane.low, points - plane.high]))
    pairs = np.array([math.dist(p, q) for p, q in combinations(points.tolist(), 2)])
    apart = min(sides.min(initial=1), np.abs(_heights(plane)).min(initial=1)) > _APART
    return bool(apart and (pairs <= _APART).sum() == close)


def _ask(function: Student, plane: Plane) -> float:
    """The student's count, or a sentence about its form."""
    answer = called(function, *(array.copy() for array in plane))
    found = numbers(answer, "the count")
    if found.size != 1:
        raise FormError(f"The count should be one number. It has the shape {found.shape}.")
    return float(found.reshape(()))


def _value(function: Student) -> str | None:
    """Ten lines for which every slip has a number of its own; what it is must show three times."""
    plane = _telling()
    found, expected = _ask(function, plane), regions(plane)
    if found == expected:
        return None
    kinds = {sentence for sentence, value in _slips(plane) if found == value}
    for other in (_telling(), _telling()):
        count = _ask(function, other)
        kinds &= {sentence for sentence, value in _slips(other) if count == value}
    if kinds:
        return kinds.pop()
    return f"It counts {found:g} regions. Cut along one line after the other, there are {expected}."


def _telling() -> Plane:
    """Lines for which every slip gives a number of its own."""
    while True:
        plane = fresh_plane(10)
        slips = [value for _, value in _slips(plane)]
        if len({regions(plane), *slips}) == 1 + len(slips):
            return plane


def _slips(plane: Plane) -> Iterator[tuple[str, int]]:
    """What else may be counted."""
    units = len(plane.bias)
    hit, inside, outside = _parts(plane)
    yield "It counts the cuts. A rectangle that nobody cuts is one region already.", hit + inside
    yield "It counts only the lines. Each time two of them cross, a region is added.", 1 + hit
    yield "It counts only the crossings. A line that crosses no other cuts, too.", 1 + inside
    yield (
        "It counts every unit's line. Some of them miss the rectangle.",
        1 + units + inside,
    )
    yield (
        "It counts crossings outside the rectangle, too. What do they cut there?",
        1 + hit + inside + outside,
    )
    yield (
        "That is the number of regions in the whole plane. The rectangle has fewer.",
        1 + units + math.comb(units, 2),
    )
    yield "It counts all sets of units there could be. How many occur?", 2**units
    yield "It counts all sets of the units that switch. How many occur?", 2**hit
    yield (
        "Its lines lie on the wrong side of the origin. Where is w x + b zero?",
        regions(plane._replace(bias=-plane.bias)),
    )
    yield (
        "It takes the first input for the second.",
        regions(plane._replace(weight=plane.weight[::-1])),
    )


def _compare(function: Student, plane: Plane, hint: str) -> str | None:
    try:
        found, expected = _ask(function, plane), regions(plane)
    except (ArithmeticError, ValueError, IndexError) as error:  # also of numpy's linear algebra
        return f"{hint} It stops with {type(error).__name__}: {error}"
    if found == expected:
        return None
    return f"{hint} It counts {found:g} regions, there are {expected}."


def _sizes(function: Student) -> str | None:
    """Other numbers of units."""
    said = (_compare(function, fresh_plane(n), f"It is wrong for {n} units.") for n in (7, 15, 1))
    return next(filter(None, said), None)


def _triangle(function: Student) -> str | None:
    """Three lines with a tiny triangle between them."""
    while True:
        plane = fresh_plane(8)
        x, y = grained(plane.low + generator().uniform(0.2, 0.8, 2) * (plane.high - plane.low))
        narrow = plane.with_units([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]], [-x, -y, -x - y - _TINY])
        if _general(narrow, close=3):
            return _compare(
                function, narrow, "Regions may be tiny: a grid, or a tolerance, misses them."
            )


def _nobody(function: Student) -> str | None:
    """No line cuts the rectangle."""
    plane = fresh_plane(7)
    far = plane._replace(bias=plane.bias + 40 * np.hypot(*plane.weight))
    return _compare(function, far, "No line cuts this rectangle.")


def _without_weight(function: Student) -> str | None:
    """A unit without weights has no line."""
    hint = "A unit whose weights are both 0 never switches."
    planes = (fresh_plane(7).with_units([[0.0], [0.0]], [bias]) for bias in (1.0, -1.0, 0.0))
    return next(filter(None, (_compare(function, plane, hint) for plane in planes)), None)


def _parallel(function: Student) -> str | None:
    """A line and another beside it."""
    for apart in (0.25, _TINY):
        while True:
            plane = fresh_plane(7)
            a, b = plane.weight[:, 0]
            beside = plane.with_units([[a], [b]], [plane.bias[0] + apart])
            if regions(beside) > regions(plane) and (apart == _TINY or _general(beside)):
                break
        said = _compare(function, beside, f"Two lines are parallel, {apart:.2g} apart in w x + b.")
        if said:
            return said
    return None


def _shared(function: Student) -> str | None:
    """Units with one line: the opposite of another, and its double."""
    for factors in ([-1.0], [2.0], [-0.5, 4.0]):
        plane = fresh_plane(7)
        cutting = np.flatnonzero((_heights(plane).min(0) < 0) & (_heights(plane).max(0) > 0))
        unit = cutting[0]
        a, b = np.outer(plane.weight[:, unit], factors).tolist()
        doubled = plane.with_units([a, b], [float(plane.bias[unit]) * factor for factor in factors])
        said = _compare(
            function, doubled, "Some units share a line, such as max(0, z) and max(0, -z)."
        )
        if said:
            return said
    return None


def _inputs_are_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    plane = fresh_plane(7)
    given = Plane(*(array.copy() for array in plane))
    called(function, *given)
    if all(map(np.array_equal, given, plane)):
        return None
    return "It changes the arrays that it is given. Make new ones."
