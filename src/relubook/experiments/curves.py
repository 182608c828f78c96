"""Curves to come close to (a sine, a step, random smooth ones), and how close lines come."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import torch
from jaxtyping import Float

from relubook import seeds as random
from relubook.hinges import GRID, Hinges, root_mean_square

_WAVES = 4  # of a random curve; the shortest is half a unit long
_JUST_BEFORE_THE_STEP = -1e-12

FINE: Float[np.ndarray, "2002"] = np.sort(
    np.append(np.linspace(-1, 1, 2001), _JUST_BEFORE_THE_STEP)
)


def sine(x: Float[np.ndarray, "points"]) -> Float[np.ndarray, "points"]:
    """sin(pi x)."""
    return np.sin(np.pi * x)


def step(x: Float[np.ndarray, "points"]) -> Float[np.ndarray, "points"]:
    """-0.8 left of zero, 0.8 from zero on."""
    return np.where(x < 0, -0.8, 0.8)


def curve(x: Float[np.ndarray, "points"], seed: int) -> Float[np.ndarray, "points"]:
    """A random smooth curve: the sum over k = 1..4 of a sin(pi k x + phase) / k².

    The a are normal, the phases uniform; the sum is scaled so that its largest value on the grid
    is 1.
    """
    generator = random.stream(seed, "curve")
    a = torch.randn(_WAVES, generator=generator, dtype=torch.float64).numpy()
    phase = 2 * np.pi * torch.rand(_WAVES, generator=generator, dtype=torch.float64).numpy()
    k = np.arange(1, _WAVES + 1)

    def total(x: np.ndarray) -> np.ndarray:
        return np.sin(np.pi * k * x[:, None] + phase) @ (a / k**2)

    return total(x) / np.abs(total(GRID)).max()


def errors(
    lines: Sequence[Sequence[Hinges]], targets: Float[np.ndarray, "lines 201"]
) -> Float[np.ndarray, "lines counts"]:
    """Root mean square distances over `GRID`."""
    pairs = zip(lines, targets, strict=True)
    return np.array([[root_mean_square(f, y) for f in row] for row, y in pairs])


def largest(
    lines: Sequence[Sequence[Hinges]], targets: Float[np.ndarray, "lines 2002"]
) -> Float[np.ndarray, "lines counts"]:
    """The largest distances over `FINE`, which has a place just before the step."""
    pairs = zip(lines, targets, strict=True)
    return np.array([[np.abs(f(FINE) - y).max() for f in row] for row, y in pairs])


NAMED: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {"sine": sine, "step": step}
