"""Examples in the plane, where all that a small network does can be drawn.

Every set lies in about [-1, 1] x [-1, 1]. The first n of more examples are the same n examples.
"""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook.datasets.entry import Arrays, Entry, Parts, Progress, Recipe
from relubook.datasets.values import Split

REVISION = 1  # raised by hand when the examples may change
ARMS, TURNS = 3, 0.8  # of the spirals
KINKS = 3  # of the curve between the two classes of `hinges`

Examples = tuple[Float[Tensor, "examples 2"], Int[Tensor, "examples"]]
_SEED = 2011
_SIZES = (1_000, 500, 500)


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A line with kinks: height(x) = start + slope (x + 1) + sum of bends * max(0, x - kinks).

    Attributes:
        start: The height at the left end, x = -1.
        slope: The slope there [1].
        kinks: Where the slope changes, in ascending order.
        bends: By how much it changes there [1].
    """

    start: float
    slope: float
    kinks: Float[Tensor, "kinks"]
    bends: Float[Tensor, "kinks"]

    def height(self, x: Float[Tensor, "points"]) -> Float[Tensor, "points"]:
        """The curve over each point of [-1, 1]."""
        bent = (x[:, None] - self.kinks).clamp(min=0) @ self.bends
        return self.start + self.slope * (x + 1) + bent


def curve(seed: int) -> Curve:
    """The truth behind `hinges`: a random zigzag with `KINKS` kinks.

    Args:
        seed: Decides it, at least 0.

    Returns:
        The curve.

    Raises:
        ValueError: If the seed is negative.
    """
    _check_seed("curve", seed)
    generator = _generator(seed, 0)
    spots = np.linspace(-1, 1, KINKS + 2)
    spots[1:-1] += generator.uniform(-0.1, 0.1, KINKS)
    sides = np.resize([-1, 1], KINKS + 2) * generator.choice([-1, 1])
    heights = sides * generator.uniform(0.55, 0.85, KINKS + 2)
    slopes = np.diff(heights) / np.diff(spots)
    return Curve(
        start=float(heights[0]),
        slope=float(slopes[0]),
        kinks=_floats(spots[1:-1]),
        bends=_floats(np.diff(slopes)),
    )


def hinges(count: int, *, seed: int, noise: float = 0.02) -> Examples:
    """Points above (1) and below (0) the `curve` of the same seed.

    Args:
        count: How many, at least 1.
        seed: Decides the curve and the points, at least 0.
        noise: Standard deviation of the step each point takes once it has its label [1].

    Returns:
        Points and labels.

    Raises:
        ValueError: If an argument is out of its range.
    """
    _check("hinges", count, seed, noise)
    x = _floats(_generator(seed, 1).uniform(-1, 1, (count, 2)))
    y = (x[:, 1] > curve(seed).height(x[:, 0])).to(torch.int64)
    return x + noise * _steps(count, seed), y


def spirals(count: int, *, seed: int, noise: float = 0.02) -> Examples:
    """Points on three arms that wind around each other from the middle.

    Args:
        count: How many, at least 1.
        seed: Decides the points, at least 0.
        noise: Standard deviation of the distance to the arm in either direction [1].

    Returns:
        Points and the number of their arm.

    Raises:
        ValueError: If an argument is out of its range.
    """
    _check("spirals", count, seed, noise)
    along, arm = _generator(seed, 1).random((count, 2)).T
    arm = np.floor(ARMS * arm)
    radius = 0.1 + 0.85 * along
    angle = 2 * math.pi * (TURNS * along + arm / ARMS)
    x = _floats(np.stack((radius * np.cos(angle), radius * np.sin(angle)), axis=1))
    return x + noise * _steps(count, seed), torch.tensor(arm.astype(np.int64))


def blobs(count: int, *, seed: int, noise: float = 0.09) -> Examples:
    """Points in nine round heaps, three of each class, never two of one class side by side.

    Args:
        count: How many, at least 1.
        seed: Decides where the heaps are, and the points, at least 0.
        noise: Standard deviation of the distance to the middle in either direction [1].

    Returns:
        Points and labels.

    Raises:
        ValueError: If an argument is out of its range.
    """
    _check("blobs", count, seed, noise)
    row, column = np.divmod(np.arange(9), 3)
    centers = 0.7 * (np.stack((column, row), axis=1) - 1.0)
    centers += _generator(seed, 0).uniform(-0.1, 0.1, centers.shape)
    heap = _generator(seed, 1).integers(9, size=count)
    x = _floats(centers[heap]) + noise * _steps(count, seed)
    return x, torch.tensor((row + column)[heap] % 3)


def _steps(count: int, seed: int) -> Float[Tensor, "examples 2"]:
    """Normal steps in both directions."""
    return _floats(_generator(seed, 2).standard_normal((count, 2)))


def _floats(numbers: np.ndarray) -> Tensor:
    """The numbers as float32."""
    return torch.tensor(numbers, dtype=torch.float32)


def _generator(seed: int, purpose: int) -> np.random.Generator:
    """Random numbers of their own for each purpose."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, purpose])))


def _check(what: str, count: int, seed: int, noise: float) -> None:
    """Raise about the first argument that is out of its range."""
    if count < 1:
        raise ValueError(f"The `count` of {what} must be at least 1. Got {count}.")
    _check_seed(what, seed)
    if not 0 <= noise < math.inf:  # NaN is not, either
        raise ValueError(f"The `noise` of {what} must be at least 0 and finite. Got {noise}.")


def _check_seed(what: str, seed: int) -> None:
    """Raise if the seed is negative."""
    if seed < 0:
        raise ValueError(f"The `seed` of {what} must be at least 0. Got {seed}.")


def _make(draw: Callable[..., Examples], progress: Progress | None = None) -> Arrays:
    """The points and labels of all splits, one after the other."""
    x, y = draw(sum(_SIZES), seed=_SEED)
    return {"x": x.numpy(), "y": y.numpy()}


def _parts(arrays: Arrays) -> Parts:
    """The first for training, then validation, then test."""
    x, y = (torch.tensor(arrays[name]).split(_SIZES) for name in ("x", "y"))
    train, validation, test = (Split(x=a, y=b) for a, b in zip(x, y, strict=True))
    return Parts(train=train, validation=validation, test=test)


def _entry(draw: Callable[..., Examples], what: str, classes: tuple[str, ...]) -> Entry:
    """The registry's row of one set."""
    name = draw.__name__
    return Entry(
        name=name,
        title=f"{name.capitalize()} (generated)",
        what=f"{what}: {' / '.join(f'{size:,}' for size in _SIZES)}",
        origin=Recipe(
            revision=REVISION, make=functools.partial(_make, draw), parts=_parts, slow=False
        ),
        license="MIT",
        citekey="",
        classes=classes,
        note="Made for this book, in two dimensions, so that all that a network does can be drawn.",
        differs="The paper has no such data.",
    )


HINGES = _entry(hinges, "points below and above a line with kinks", ("below", "above"))
SPIRALS = _entry(spirals, "three arms that wind around each other", ("first", "second", "third"))
BLOBS = _entry(blobs, "nine round heaps of points in three classes", ("first", "second", "third"))
