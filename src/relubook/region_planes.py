"""Where to look for regions: a plane in the space of the inputs, and a window in it."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from torch import Tensor

_PARALLEL = 1e-9  # the sine of an angle


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
        if len({part.shape for part in parts}) > 1:
            raise ValueError("The `origin`, `first` and `second` of a plane must be equally long.")
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


def _parallel(first: Float[np.ndarray, "inputs"], second: Float[np.ndarray, "inputs"]) -> bool:
    """Whether one is a multiple of the other."""
    lengths = np.linalg.norm(first), np.linalg.norm(second)
    if min(lengths) == 0:
        return True
    first, second = first / lengths[0], second / lengths[1]
    return bool(np.linalg.norm(second - (first @ second) * first) <= _PARALLEL)
