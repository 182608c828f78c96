"""Functions made of hinges: straight lines that bend at places, in one dimension.

A rectifier of one input is one hinge. The functions here are drawn through given points, with their
bends evenly spaced or where they serve best; networks that look for hinges by themselves stand in
`hinge_networks`.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Real
from torch import Tensor

GRID: Float[np.ndarray, "201"] = np.linspace(-1, 1, 201)  # where targets are known and errors taken


@dataclass(frozen=True, kw_only=True, eq=False)
class Hinges:
    """f(x) = start + slope x + the sum over hinges of bend · max(0, x - place).

    Attributes:
        start: Height of the straight part at x = 0; where all places are to the right of the
            interval and `slope` is 0, the height at its left edge.
        places: Where each hinge bends.
        bends: How much steeper the function is behind it.
        slope: Steepness before all hinges; 0 unless a network has hinges that look left.
    """

    start: float
    places: Float[np.ndarray, "hinges"]
    bends: Float[np.ndarray, "hinges"]
    slope: float = 0.0

    def __call__(self, x: Float[np.ndarray, "*shape"]) -> Float[np.ndarray, "*shape"]:
        """The heights at `x`."""
        above = np.maximum(x[..., None] - self.places, 0)
        return self.start + self.slope * x + above @ self.bends

    def __len__(self) -> int:
        """The number of hinges."""
        return len(self.places)


def through(x: Real[np.ndarray, "points"], y: Real[np.ndarray, "points"]) -> Hinges:
    """The line through n + 1 points, made of n hinges: one at each point but the last.

    The first hinge gives the first slope, every other one the change of slope.

    Args:
        x: Where the points are, from left to right, no two at one place.
        y: Their heights.

    Raises:
        ValueError: If there are fewer than two points, `x` does not rise, or a number is not
            finite.

    >>> through(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 0.0])).bends
    array([ 1., -2.])
    """
    _check_points(x, y)
    slopes = np.diff(y) / np.diff(x)
    return Hinges(
        start=float(y[0]), places=x[:-1].astype(float), bends=np.diff(slopes, prepend=0.0)
    )


def even(target: Float[np.ndarray, "points"], count: int) -> Hinges:
    """The line through the target at `count + 1` evenly spaced points.

    Args:
        target: Heights on an even grid over [-1, 1], such as `GRID`.
        count: Hinges; the points are those of the grid that come nearest to even spacing.

    Raises:
        ValueError: If the grid has too few points for that many hinges.
    """
    x = _places(target, count)
    chosen = np.linspace(0, len(x) - 1, count + 1).round().astype(int)
    return through(x[chosen], target[chosen])


def best(target: Float[np.ndarray, "points"], count: int) -> Hinges:
    """Of all lines through `count + 1` points of the target, both ends included, the closest.

    With the cost of every chord known, the best way to reach point j in one chord more is the best
    way to some point i before it, and the chord from there (dynamic programming).

    Args:
        target: Heights on an even grid over [-1, 1], such as `GRID`.
        count: Hinges.

    Returns:
        The line with the least sum of squared distances on the grid: exactly, not by search.

    Raises:
        ValueError: If the grid has too few points for that many hinges.
    """
    x = _places(target, count)
    chord = _chord_costs(target)
    cost, came_from = chord[0], []
    for _ in range(count - 1):
        through_each = cost[:, None] + chord
        came_from.append(through_each.argmin(0))
        cost = through_each.min(0)
    chosen = [len(x) - 1]
    for before in reversed(came_from):
        chosen.append(int(before[chosen[-1]]))
    points = np.array([0, *reversed(chosen)])
    return through(x[points], target[points])


def root_mean_square(f: Hinges, target: Float[np.ndarray, "points"]) -> float:
    """How far a function is from the target: root mean square over an even grid on [-1, 1]."""
    return float(np.sqrt(np.mean((f(_grid(target)) - target) ** 2)))


def pair(
    x: Float[Tensor, "*shape"],
) -> tuple[Float[Tensor, "*shape"], Float[Tensor, "*shape"]]:
    """Two rectifiers of shared weights, one turned round: max(0, x) and max(0, -x).

    Their difference is x itself, their sum |x|, both without rounding. Twice as many units.

    Args:
        x: Pre-activations [1].

    References:
        glorot2011, p. 318.
    """
    return torch.relu(x), torch.relu(-x)


def soft_threshold(x: Float[Tensor, "*shape"], threshold: float) -> Float[Tensor, "*shape"]:
    """max(0, x - t) - max(0, -x - t): nothing within ±t, what lies beyond is moved towards 0.

    A pair of rectifiers, each with the bias -t.

    Args:
        x: Pre-activations [1].
        threshold: t [1], at least 0.

    Raises:
        ValueError: If the threshold is negative or NaN.

    >>> soft_threshold(torch.tensor([-3.0, 0.5, 2.0]), 1.0)
    tensor([-2.,  0.,  1.])
    """
    if not threshold >= 0:
        raise ValueError(f"The `threshold` must be at least 0. Got {threshold}.")
    return torch.relu(x - threshold) - torch.relu(-x - threshold)


def _chord_costs(target: Float[np.ndarray, "points"]) -> Float[np.ndarray, "points points"]:
    """The squared distances between the target and the chord from point i to point j, summed.

    With steps and rises counted from point i, that is the sum of (rise - slope · step)² up to j,
    and its three terms grow from j to j + 1. Infinite where j is not behind i.
    """
    points = np.arange(float(len(target)))
    step = np.triu(points - points[:, None])
    rise = np.triu(target - target[:, None])
    slope = rise / np.maximum(step, 1)
    both, steps, rises = (np.cumsum(part, axis=1) for part in (rise * step, step**2, rise**2))
    costs = np.maximum(rises - 2 * slope * both + slope**2 * steps, 0)
    return np.where(step > 0, costs, np.inf)


def _grid(target: Float[np.ndarray, "points"]) -> Float[np.ndarray, "points"]:
    """The places of the target's heights."""
    return GRID if len(target) == len(GRID) else np.linspace(-1, 1, len(target))


def _places(target: Float[np.ndarray, "points"], count: int) -> Float[np.ndarray, "points"]:
    """The grid, if it has enough points for the hinges."""
    if not 1 <= count < len(target):
        raise ValueError(
            f"The `count` of hinges must be within 1 to {len(target) - 1} for a target of "
            f"{len(target)} points. Got {count}."
        )
    return _grid(target)


def _check_points(x: np.ndarray, y: np.ndarray) -> None:
    """A sentence about points that no line can be drawn through."""
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"The `x` and `y` must be as many. Got shapes {x.shape} and {y.shape}.")
    if len(x) < 2:
        raise ValueError(f"A line needs at least 2 points. Got {len(x)}.")
    for name, values in (("x", x), ("y", y)):
        bad = ~np.isfinite(values)
        if bad.any():
            at = int(bad.argmax())
            raise ValueError(f"Each `{name}` must be finite. Got {values[at]} at point {at}.")
    fall = np.diff(x) <= 0
    if fall.any():
        at = int(fall.argmax()) + 1
        kind = "twice" if x[at] == x[at - 1] else f"after {x[at - 1]}"
        raise ValueError(
            f"The `x` must rise from point to point, none twice. Got {x[at]} {kind}, at point {at}."
        )
