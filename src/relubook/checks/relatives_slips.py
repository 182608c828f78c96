"""The slips that the checks of chapter 8's exercise know by what comes out."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

EPSILON, MOMENTUM = 1e-5, 0.1
_CLOSE = 1e-3  # of the largest number compared: epsilon is far below, every slip far above
_ROWS = (
    "Mean and variance are taken over the units of each example. Whose numbers should have mean 0 "
    "and variance 1 afterwards: those of an example, or those of a unit?"
)
_WHOLE = "There is one mean and one variance for the whole table. Do all units have the same?"
_KEPT = "While training it uses the kept mean and variance. When are they meant to be used?"
_DIVISOR = (
    "The output is off by a factor that comes closer to 1 for larger mini-batches. By what is the "
    "sum of the squares divided?"
)
_MOVED = "While training it normalizes with the moved averages. They are for later."
_NO_ROOT = (
    "Before it is scaled, the output does not have variance 1. If a number is divided by c, by "
    "what is its variance divided?"
)


class Layer(NamedTuple):
    """What the student's function is given, but for `training`."""

    z: Float[np.ndarray, "examples units"]
    scale: Float[np.ndarray, "units"]
    shift: Float[np.ndarray, "units"]
    mean: Float[np.ndarray, "units"]
    variance: Float[np.ndarray, "units"]

    def copy(self) -> "Layer":
        """The same numbers in other memory."""
        return Layer(*(array.copy() for array in self))

    def scaled(self, y: np.ndarray) -> np.ndarray:
        """Standardized numbers as they should leave the layer."""
        return y * self.scale + self.shift


def standardized(z: np.ndarray, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Mean 0 and variance 1, if these are the mean and the variance of each column."""
    return (z - mean) / np.sqrt(variance + EPSILON)


def answer_to(layer: Layer, training: bool) -> np.ndarray:
    """The output that is asked for."""
    if not training:
        return layer.scaled(standardized(layer.z, layer.mean, layer.variance))
    return layer.scaled(standardized(layer.z, layer.z.mean(axis=0), layer.z.var(axis=0)))


def toward(kept: np.ndarray, batch: np.ndarray, share: float = MOMENTUM) -> np.ndarray:
    """Running averages, moved by a share of the way."""
    return (1 - share) * kept + share * batch


def alike(found: np.ndarray, expected: np.ndarray) -> bool:
    """Equal but for rounding and epsilon."""
    size = np.abs(expected).max()
    return found.shape == expected.shape and bool(np.abs(found - expected).max() <= _CLOSE * size)


def first_of(found: np.ndarray, slips: Iterator[tuple[str, np.ndarray]]) -> str | None:
    """The sentence about the slip that gives what was found."""
    return next((sentence for sentence, value in slips if alike(found, value)), None)


def wrong_statistics(layer: Layer) -> Iterator[tuple[str, np.ndarray]]:
    """What comes out while training with other means and variances than those asked for."""
    z, mean, variance = layer.z, layer.z.mean(axis=0), layer.z.var(axis=0)
    row_mean, row_variance = z.mean(axis=1, keepdims=True), z.var(axis=1, keepdims=True)
    unbiased = z.var(axis=0, ddof=1)
    used = [
        (_ROWS, row_mean, row_variance),
        (_ROWS, row_mean, variance),
        (_WHOLE, z.mean(keepdims=True), z.var(keepdims=True)),
        (_KEPT, layer.mean, layer.variance),
        (_DIVISOR, mean, unbiased),
        (_MOVED, toward(layer.mean, mean), toward(layer.variance, variance)),
        (_MOVED, toward(layer.mean, mean), toward(layer.variance, unbiased)),
    ]
    for sentence, *statistics in used:
        yield sentence, layer.scaled(standardized(z, *statistics))


def wrong_formulas(
    layer: Layer, mean: np.ndarray, variance: np.ndarray
) -> Iterator[tuple[str, np.ndarray]]:
    """What comes out if something else is done with the right mean and variance."""
    z, scale, shift = layer.z, layer.scale, layer.shift
    y = standardized(z, mean, variance)
    yield "Two of the arguments are not used: what has each unit learned?", y
    yield "Scale or shift is forgotten: one of the arguments is not used.", y * scale
    yield "Scale or shift is forgotten: one of the arguments is not used.", y + shift
    yield "Scale and shift have changed places: which of them multiplies?", y * shift + scale
    yield "It shifts first and scales then. In which order are they asked for?", (y + shift) * scale
    yield _NO_ROOT, layer.scaled((z - mean) / (variance + EPSILON))
    yield "The mean is taken away, but the variance is not made 1.", layer.scaled(z - mean)
    y = z / np.sqrt(variance + EPSILON)
    yield "The variance becomes 1, but the mean is not taken away.", layer.scaled(y)
