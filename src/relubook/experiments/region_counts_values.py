"""What the experiment "region-counts" is told, and what it gives back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.experiments.quartet import QuartetConfig

STATES = ("untrained", "trained")


@dataclass(frozen=True, kw_only=True)
class Config(QuartetConfig):
    """Random networks of two inputs, and networks that learn digits.

    Attributes:
        depths: Hidden layers of the random networks.
        neurons: Their hidden units of all layers together; lines are counted for all of these.
        plane_neurons: Those for which all regions of a window are counted.
        lines: Lines through the middle of the window for each network and direction.
    """

    depths: tuple[int, ...] = (1, 2, 3, 6)
    neurons: tuple[int, ...] = (24, 48, 96, 192, 384)
    plane_neurons: tuple[int, ...] = (24, 48, 96)
    lines: int = 10


@dataclass(frozen=True, kw_only=True)
class Result:
    """Counts of random networks, and how many digits have a pattern of their own.

    Attributes:
        depths: Hidden layers of the random networks.
        neurons: Hidden units of all layers together.
        pieces: Linear pieces on each line.
        plane_neurons: Hidden units of the networks whose regions were counted.
        regions: Linear regions in the window.
        most: The upper bound for them.
        constructed: What networks of this form can have, at least.
        different: Different patterns among the test digits, as a share of the digits [1]: of
            untrained (0) and trained (1) networks.
        own: Share of test digits whose pattern no other digit has [1].
        digits: How many test digits.
        test_error: Share of wrong classes of the trained networks [1].
        data: Name, sha256 and source of the data.
    """

    depths: Int[np.ndarray, "depths"]
    neurons: Int[np.ndarray, "neurons"]
    pieces: Int[np.ndarray, "depths neurons seeds lines"]
    plane_neurons: Int[np.ndarray, "plane_neurons"]
    regions: Int[np.ndarray, "depths plane_neurons seeds"]
    most: Float[np.ndarray, "depths plane_neurons"]
    constructed: Float[np.ndarray, "depths plane_neurons"]
    different: Float[np.ndarray, "states seeds"]
    own: Float[np.ndarray, "states seeds"]
    digits: Int[np.ndarray, ""]
    test_error: Float[np.ndarray, "seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}


def exponents(
    neurons: Int[np.ndarray, "neurons"],
    pieces: Int[np.ndarray, "depths neurons seeds lines"]
    | Float[np.ndarray, "depths neurons seeds lines"],
) -> Float[np.ndarray, "depths seeds"]:
    """The power r of pieces ~ neurons^r for each depth and seed, by least squares of logarithms.

    Args:
        neurons: Hidden units, at least two numbers.
        pieces: On each line; their mean over lines is what is fitted.
    """
    x = np.log(neurons)
    y = np.log(pieces.mean(-1))
    across = x - x.mean()
    return np.einsum("n,dns->ds", across, y) / (across @ across)
