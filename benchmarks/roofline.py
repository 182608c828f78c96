"""What a step must move and compute, and the time that the ceilings would allow for it.

Counted is what a scheme cannot avoid. Temporary tensors are not counted, so the true traffic is
higher and the share of the ceiling is, if anything, too low.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

_ACCESSES = 8  # reads and writes of each hidden activation and its error in a step
_BYTES = 4  # of a float32


@dataclass(frozen=True, kw_only=True)
class Ceilings:
    """The best rates seen.

    Attributes:
        copies: [B/s] by the bytes that one copy reads and writes, rising.
        product: The fastest matrix product [FLOP/s].
    """

    copies: Mapping[int, float]
    product: float

    def near(self, working_set: float) -> int:
        """The copy that stands for a working set: the smallest as large, or else the largest."""
        return min((size for size in self.copies if size >= working_set), default=max(self.copies))


@dataclass(frozen=True, kw_only=True)
class Bound:
    """The least time for one step of one network.

    Attributes:
        seconds: [s].
        copy: The copy that sets it, in bytes; 0 where arithmetic does.
    """

    seconds: float
    copy: int


def best(measured: Mapping[str, np.ndarray], copies: Sequence[int]) -> Ceilings:
    """The highest rate of all samples: a ceiling that was seen once is there."""
    rates = measured["copy"].max(axis=0)
    return Ceilings(
        copies={size: float(rate) for size, rate in zip(copies, rates, strict=True)},
        product=float(measured["product"].max()),
    )


def passes(sizes: Sequence[int], *, stores_gradient: bool) -> float:
    """How often a step goes over all weights, counting a read and a write as one each.

    They are read forwards; read again to send the error back, but those of the first layer; read
    and written by the update. A stored gradient is written and read besides.
    """
    weights = _weights(sizes)
    return 3 + sum(weights[1:]) / sum(weights) + 2 * stores_gradient


def traffic(sizes: Sequence[int], batch: int, *, stores_gradient: bool) -> float:
    """Bytes that one step of one network reads and writes.

    Inputs are read forwards and by the update.
    """
    numbers = passes(sizes, stores_gradient=stores_gradient) * sum(_weights(sizes))
    return _BYTES * (numbers + batch * (_ACCESSES * sum(sizes[1:-1]) + 2 * sizes[0]))


def operations(sizes: Sequence[int], batch: int) -> int:
    """Floating-point operations of one step of one network: its three kinds of products."""
    weights = _weights(sizes)
    return 2 * batch * (2 * sum(weights) + sum(weights[1:]))


def working_set(sizes: Sequence[int], together: int, *, stores_gradient: bool) -> int:
    """Bytes of the weights, and gradients where stored, of the networks worked on together."""
    return _BYTES * sum(_weights(sizes)) * together * (1 + stores_gradient)


def bound(ceilings: Ceilings, *, traffic: float, operations: int, working_set: float) -> Bound:
    """The slower of memory and arithmetic."""
    copy = ceilings.near(working_set)
    memory, arithmetic = traffic / ceilings.copies[copy], operations / ceilings.product
    return Bound(seconds=max(memory, arithmetic), copy=copy if memory > arithmetic else 0)


def _weights(sizes: Sequence[int]) -> list[int]:
    """Weights of each layer."""
    return [inputs * outputs for inputs, outputs in pairwise(sizes)]
