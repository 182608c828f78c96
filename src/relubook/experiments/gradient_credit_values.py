"""What "gradient-credit" fixes before it runs, and what it measures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from relubook.experiments.quartet import UNITS, QuartetConfig

SHARES = np.linspace(0.0, 1.0, 21)
"""Of a layer's units, those with the largest credit first, at which `Result.held` is taken [1]."""


@dataclass(frozen=True, kw_only=True)
class Config(QuartetConfig):
    """What is trained, and on what the gradients are taken.

    Attributes:
        examples: How many of the first test examples.
    """

    examples: int


@dataclass(frozen=True, kw_only=True)
class Result:
    """Groups are the activations of `UNITS`, rectifiers under each penalty, and `UNITS` untrained.

    A unit *carries* gradient where the derivative of the example's cross-entropy by its
    pre-activation is not 0. The *credit* of a unit is the size of that derivative. All numbers are
    means over examples, in double precision, unless they say something else.

    Attributes:
        l1: Penalty of each group [1].
        trained: Whether the networks of a group were trained.
        epoch: At which the weights were kept, counted from 1; 0 where the target was never met.
        test_error: With these weights [1].
        active: Units whose output is not 0 [1].
        carrying: Units that carry gradient [1].
        effective: Over how many units the credit is spread, as a share of the layer [1].
        effective_by_output: The same of the derivatives by outputs, before the units' slopes [1].
        evenness: Over how many units it is spread, as a share of those that carry any [1].
        favored: Share of the credit that falls on active rectifiers; of other units, on the half
            of the layer with the largest slopes [1].
        held: Share of the credit held by the units with the largest credit, so many of them as
            `SHARES` says, mean over layers [1].
        correlation: Pearson's, of credit and |h| over the units of a layer [1].
        reached: Examples for which every layer has a unit that carries gradient [1].
        fewest: Units that carry gradient in the layer and for the example that have the fewest.
        paths: Share of all paths that lead through active units only [1].
        data: Name, sha256 and source of the data.
    """

    l1: Float[np.ndarray, "groups"]
    trained: Bool[np.ndarray, "groups"]
    epoch: Int[np.ndarray, "groups seeds"]
    test_error: Float[np.ndarray, "groups seeds"]
    active: Float[np.ndarray, "groups layers seeds"]
    carrying: Float[np.ndarray, "groups layers seeds"]
    effective: Float[np.ndarray, "groups layers seeds"]
    effective_by_output: Float[np.ndarray, "groups layers seeds"]
    evenness: Float[np.ndarray, "groups layers seeds"]
    favored: Float[np.ndarray, "groups layers seeds"]
    correlation: Float[np.ndarray, "groups layers seeds"]
    held: Float[np.ndarray, "groups shares seeds"]
    reached: Float[np.ndarray, "groups seeds"]
    fewest: Float[np.ndarray, "groups seeds"]
    paths: Float[np.ndarray, "groups seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def rectifiers(self) -> list[int]:
        """The groups of rectifiers: untrained, then trained by penalty."""
        penalized = range(len(UNITS), len(self.l1) - len(UNITS))
        return [len(self.l1) - len(UNITS), 0, *penalized]


def half_held(held: Float[np.ndarray, "shares seeds"]) -> Float[np.ndarray, "seeds"]:
    """The share of a layer's units that hold half of the credit [1].

    Args:
        held: Of one group, as in a `Result`.
    """
    return np.array([np.interp(0.5, of_seed, SHARES) for of_seed in held.T])
