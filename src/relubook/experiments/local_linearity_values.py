"""What the experiment "local-linearity" is told, and what it gives back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.experiments.quartet import UNITS, QuartetConfig

KINDS = ("same class", "another class")
WAYS = ("random", *KINDS)
RECTIFIER = UNITS.index("rectifier")


@dataclass(frozen=True, kw_only=True)
class Config(QuartetConfig):
    """Networks that learn digits, and the steps taken from digits.

    Attributes:
        examples: Test digits from which steps are taken.
        steps: Their Euclidean lengths [1]; a pixel is a number from 0 to 1.
        pairs: Pairs of test digits of one class, and of two classes, between which all pieces are
            counted.
    """

    examples: int = 200
    steps: tuple[float, ...] = (1e-4, 1e-3, 1e-2, 1e-1, 1.0, 10.0)
    pairs: int = 40


@dataclass(frozen=True, kw_only=True)
class Result:
    """Steps and ways from digits.

    Groups are trained networks of each of `quartet.UNITS`, rectifiers under each penalty, and
    untrained rectifiers. Rectifiers are those of the groups that are: without a penalty, with each,
    and untrained.

    Attributes:
        l1: Penalty of each group [1].
        steps: Lengths of the steps in random directions [1].
        error: What the linear model predicts wrong, as a share of the change of the outputs [1];
            the median over digits.
        kept_error: The same where no unit flips, the largest over digits [1]; NaN where every digit
            has a unit that flips, and for units other than rectifiers.
        whole: Share of digits from which no unit flips [1]; NaN for others than rectifiers.
        flips: Share of units that flip, the mean over digits [1]; NaN for others than rectifiers.
        reach: Length of the way to the first unit that flips [1], in each of `WAYS`; the median
            over digits.
        reach_share: The same as a share of the way from a digit to the other one [1]; random
            directions have no end and are left out.
        pieces: Linear pieces between two digits of each of `KINDS`.
        distance: Between these [1].
        test_error: Share of wrong classes [1].
        data: Name, sha256 and source of the data.
    """

    l1: Float[np.ndarray, "groups"]
    steps: Float[np.ndarray, "steps"]
    error: Float[np.ndarray, "groups steps seeds"]
    kept_error: Float[np.ndarray, "groups steps seeds"]
    whole: Float[np.ndarray, "groups steps seeds"]
    flips: Float[np.ndarray, "groups steps seeds"]
    reach: Float[np.ndarray, "rectifiers ways seeds"]
    reach_share: Float[np.ndarray, "rectifiers kinds seeds"]
    pieces: Int[np.ndarray, "rectifiers kinds pairs seeds"]
    distance: Float[np.ndarray, "kinds pairs"]
    test_error: Float[np.ndarray, "groups seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}

    def rectifiers(self) -> Int[np.ndarray, "rectifiers"]:
        """The places of the groups that are rectifiers."""
        return rectifiers(len(self.l1))


def rectifiers(groups: int) -> Int[np.ndarray, "rectifiers"]:
    """The places of the groups that are rectifiers, among so many."""
    return np.array([RECTIFIER, *range(len(UNITS), groups)])
