"""What the experiment about patterns of active units is asked, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.experiments.quartet import UNITS, QuartetConfig

METRIC = "error from the set of active units alone, 300 labels, last layer (%)"
LABELS = 300  # with which codes are compared
L1 = 1e-3  # the penalty that is compared with none


@dataclass(frozen=True, kw_only=True)
class Config(QuartetConfig):
    """The networks, and how their patterns are read.

    Attributes:
        labels: Numbers of labels, in ascending order.
        counts: Numbers of test examples among which patterns are counted, in ascending order; no
            more are used than there are.
        unlabeled: Training examples for the medians of dense units and for the centers of k-means.
    """

    labels: tuple[int, ...]
    counts: tuple[int, ...]
    unlabeled: int

    @property
    def rectifiers(self) -> tuple[float, ...]:
        """The penalties of trained rectifier networks [1], none first."""
        return (0.0, *(l1 for l1 in self.l1 if l1 > 0))


@dataclass(frozen=True, kw_only=True)
class Result:
    """Codes: those of `quartet.UNITS`, rectifiers with each penalty, rectifiers before training.

    The parts are the hidden layers from first to last, and then all of them together.

    Attributes:
        l1: Penalty of each code's networks [1].
        labels: Numbers of labels.
        counts: Numbers of test examples among which patterns are counted.
        units: How many units each part has.
        epoch: At which a network's weights were kept; 0 where it missed the target, or before
            training.
        test_error: Of the network itself [1].
        active: Mean share of units in a pattern [1].
        choices: log2 of how many patterns of the same size there are, mean [bit].
        unit_entropies: Sum of the units' entropies [bit], which no code of theirs can exceed.
        distinct: Different patterns among the first test examples.
        own: Share of those examples whose pattern no other has [1].
        entropy: Of the patterns among them [bit]; at most log2 of their number.
        linear_error: Test error of a linear classifier of the pattern alone [1].
        neighbor_error: Test error of the nearest labeled pattern [1].
        values_error: Test error of a linear classifier of the outputs themselves [1].
        local_distinct: Like `distinct`, of each of `local_codes.KINDS`.
        local_entropy: Like `entropy`.
        local_linear_error: Like `linear_error`.
        local_neighbor_error: Like `neighbor_error`.
        data: Name, sha256 and source of the data.
    """

    l1: Float[np.ndarray, "codes"]
    labels: Int[np.ndarray, "labels"]
    counts: Int[np.ndarray, "counts"]
    units: Int[np.ndarray, "parts"]
    epoch: Int[np.ndarray, "codes seeds"]
    test_error: Float[np.ndarray, "codes seeds"]
    active: Float[np.ndarray, "codes seeds parts"]
    choices: Float[np.ndarray, "codes seeds parts"]
    unit_entropies: Float[np.ndarray, "codes seeds parts"]
    distinct: Float[np.ndarray, "codes seeds parts counts"]
    own: Float[np.ndarray, "codes seeds parts counts"]
    entropy: Float[np.ndarray, "codes seeds parts counts"]
    linear_error: Float[np.ndarray, "codes seeds layers labels"]
    neighbor_error: Float[np.ndarray, "codes seeds layers labels"]
    values_error: Float[np.ndarray, "codes seeds layers labels"]
    local_distinct: Float[np.ndarray, "local seeds counts"]
    local_entropy: Float[np.ndarray, "local seeds counts"]
    local_linear_error: Float[np.ndarray, "local seeds labels"]
    local_neighbor_error: Float[np.ndarray, "local seeds labels"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}


def code(arrays: Mapping[str, np.ndarray], name: str, l1: float = 0.0) -> int:
    """The place of a trained code along the axis `codes`.

    Args:
        arrays: As in the record.
        name: One of `quartet.UNITS`.
        l1: The penalty of a rectifier [1].

    Raises:
        LookupError: If no networks were trained with that penalty.
    """
    if l1 == 0:
        return UNITS.index(name)
    found = np.flatnonzero(np.isclose(arrays["l1"][:-1], l1, rtol=1e-6, atol=0))
    if name != "rectifier" or not len(found):
        raise LookupError(f"No {name} networks were trained with the penalty {l1:g}.")
    return int(found[0])


def with_labels(arrays: Mapping[str, np.ndarray], number: int = LABELS) -> int:
    """The place of a number of labels along the axis `labels`.

    Raises:
        LookupError: If nothing was read with so many labels.
    """
    found = np.flatnonzero(arrays["labels"] == number)
    if not len(found):
        raise LookupError(f"Nothing was read with {number} labels.")
    return int(found[0])


def metric(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """`METRIC` of each of `quartet.UNITS` without a penalty, one number per seed [%]."""
    errors = 100 * arrays["linear_error"][:, :, -1, with_labels(arrays)]
    return {name: errors[code(arrays, name)] for name in UNITS}
