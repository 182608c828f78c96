"""What "table-1" says about the sentences on it: each from a record's arrays to measurements."""

import itertools
import math

import numpy as np
from jaxtyping import Float

from relubook import paper
from relubook.claims import statistics
from relubook.claims.statistics import Estimate
from relubook.claims.values import Arrays, Part
from relubook.experiments.table_1_values import CELLS, UNITS, cell, errors, gain

_ALIKE = 12.5  # % of the mean error: the paper's 0.15 points of 1.2 %
_BESIDE = 5.0  # points of exact zeros


def unpretrained_order(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 7, from "table-1": what tanh and softplus networks err more than rectifiers."""
    return (*_behind_the_rectifier(arrays, "none", decides=True), *_cells(arrays))


def pretrained_alike(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 8, from "table-1": the distances of pretrained networks, and from their plain ones."""
    found = {unit: errors(arrays, unit, "with") for unit in UNITS}
    level = float(np.nanmean([np.nanmean(values) for values in found.values()]))
    distances = (
        Part(
            what=f"test error with pretraining, {first} minus {second}, over the mean of all",
            estimate=_mean(100 * (found[first] - found[second]) / level),
            unit="%",
            region=(-_ALIKE, _ALIKE),
        )
        for first, second in itertools.combinations(UNITS, 2)
    )
    return (*distances, *_gains(arrays, region=(0.0, math.inf)), *_cells(arrays))


def least_gain(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 9, from "table-1": what others gain from pretraining beyond the rectifier."""
    own = gain(arrays, "rectifier")
    more = (
        Part(
            what=f"gain from pretraining, {unit} minus rectifier",
            estimate=_mean(gain(arrays, unit) - own),
            unit="points",
            region=(0.0, math.inf),
        )
        for unit in UNITS[1:]
    )
    return (*more, *_gains(arrays), *_losses(arrays))


def on_photographs(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 10, from "table-1": the order of the six errors on CIFAR-10."""
    return (
        *_behind_the_rectifier(arrays, "none", decides=True),
        *_behind_the_rectifier(arrays, "with", decides=False),
        *_gains(arrays),
        *_cells(arrays),
    )


def zeros_on_photographs(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 54, from "table-1": exact zeros of each kind of unit."""
    printed = paper.EXACT_ZEROS["cifar10"].value
    rectifiers = Part(
        what="exact zeros of rectifiers without pretraining, mean of the layers",
        estimate=_mean(100 * cell(arrays, "zeros", "rectifier", "none")),
        unit="%",
        region=(printed - _BESIDE, printed + _BESIDE),
    )
    others = (
        Part(
            what=f"exact zeros of {unit} units without pretraining",
            estimate=_mean(100 * cell(arrays, "zeros", unit, "none")),
            unit="%",
            region=(0.0, 0.1),
        )
        for unit in UNITS[1:]
    )
    with_it = Part(
        what="exact zeros of rectifiers with pretraining, mean of the layers",
        estimate=_mean(100 * cell(arrays, "zeros", "rectifier", "with")),
        unit="%",
    )
    return (rectifiers, *others, with_it)


def softplus_in_stereo(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 52, from "table-1": what pretraining takes from softplus networks on NORB."""
    return (
        Part(
            what="test error of softplus without pretraining minus with it",
            estimate=_mean(gain(arrays, "softplus")),
            unit="points",
            region=(-math.inf, 0.0),
        ),
        *_gains(arrays)[:2],
        *_cells(arrays),
    )


def _mean(values: Float[np.ndarray, "seeds"]) -> Estimate:
    """Of the seeds of which no network diverged; n says how many those are."""
    return statistics.mean(values[np.isfinite(values)])


def _behind_the_rectifier(arrays: Arrays, start: str, *, decides: bool) -> tuple[Part, ...]:
    """What tanh and softplus networks err more than rectifiers, with one start."""
    own, words = errors(arrays, "rectifier", start), {"none": "without", "with": "with"}[start]
    return tuple(
        Part(
            what=f"test error {words} pretraining, {unit} minus rectifier",
            estimate=_mean(errors(arrays, unit, start) - own),
            unit="points",
            region=(0.0, math.inf) if decides else None,
        )
        for unit in UNITS[1:]
    )


def _gains(arrays: Arrays, region: tuple[float, float] | None = None) -> tuple[Part, ...]:
    """What pretraining takes off the test error of each kind."""
    return tuple(
        Part(
            what=f"test error of {unit} without pretraining minus with it",
            estimate=_mean(gain(arrays, unit)),
            unit="points",
            region=region,
        )
        for unit in UNITS
    )


def _cells(arrays: Arrays) -> tuple[Part, ...]:
    """The six test errors, for information."""
    return tuple(
        Part(
            what=f"test error, {unit}, pretraining: {start}",
            estimate=_mean(errors(arrays, unit, start)),
            unit="%",
        )
        for unit, start in CELLS
    )


def _losses(arrays: Arrays) -> tuple[Part, ...]:
    """What pretraining takes off the last training cost, for information."""
    return tuple(
        Part(
            what=f"cross-entropy in the last epoch of training without pretraining minus with it, "
            f"{unit}",
            estimate=_mean(
                cell(arrays, "last_loss", unit, "none") - cell(arrays, "last_loss", unit, "with")
            ),
            unit="nat",
        )
        for unit in UNITS
    )
