"""Sentences about Table 1: three kinds of units, with and without unsupervised pretraining."""

import itertools
import math

import numpy as np
from jaxtyping import Float

from relubook import paper
from relubook.claims import pretraining_twins as twins
from relubook.claims import statistics
from relubook.claims.statistics import Estimate
from relubook.claims.values import Arrays, Claim, Part
from relubook.experiments.table_1_values import CELLS, UNITS, cell, errors, gain

_ALIKE = 12.5  # % of the mean error: the paper's 0.15 points of 1.2 %
_BESIDE = 5.0  # points of exact zeros
_PAIRED = "t interval over seeds, paired: networks of one seed begin with the same weights"


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


def _printed(data: str) -> tuple[paper.Printed, ...]:
    """The paper's six cells of a data set."""
    return tuple(paper.TABLE_1[unit, data, start] for unit, start in CELLS)


CLAIMS = (
    Claim(
        id="rectifier-leads-unpretrained",
        chapter="pretraining",
        number=7,
        statement="Without pretraining, rectifier networks err less than tanh and softplus ones.",
        page="320",
        paper=_printed("mnist"),
        experiment="table-1",
        data="mnist",
        test=unpretrained_order,
        interval=_PAIRED,
        threshold="the test error of tanh minus that of rectifier networks, and that of softplus "
        "minus that of rectifier networks, is above 0 points, each with its whole interval; the "
        "paper has 1.57 and 1.77 against 1.43 %, one network each",
        flips=(),
        twin=twins.unpretrained_order,
    ),
    Claim(
        id="pretrained-alike",
        chapter="pretraining",
        number=8,
        statement="With pretraining, the three kinds of units err alike, and less than without.",
        page="320",
        paper=_printed("mnist"),
        experiment="table-1",
        data="mnist",
        test=pretrained_alike,
        interval=_PAIRED,
        threshold="the difference of every two kinds stays within 12.5 % of their mean error (in "
        "the paper 0.15 points of 1.2 %), and the error of each without pretraining minus with it "
        "is above 0 points, with its whole interval",
        flips=(),
        twin=twins.pretrained_alike,
    ),
    Claim(
        id="rectifier-gains-least",
        chapter="pretraining",
        number=9,
        statement="Rectifier networks gain least from pretraining.",
        page="320",
        paper=_printed("mnist"),
        experiment="table-1",
        data="mnist",
        test=least_gain,
        interval=_PAIRED,
        threshold="the gain (test error without pretraining minus with it) of tanh, and that of "
        "softplus networks, minus that of rectifier networks is above 0 points, each with its "
        "whole interval; the paper's gains are 0.23, 0.41 and 0.60 points",
        flips=(),
        twin=twins.least_gain,
    ),
    Claim(
        id="photographs-same-order",
        chapter="pretraining",
        number=10,
        statement="On CIFAR-10, too, rectifier networks without pretraining err less than tanh and "
        "softplus ones.",
        page="320",
        paper=_printed("cifar10"),
        experiment="table-1",
        data="cifar10",
        test=on_photographs,
        interval=_PAIRED,
        threshold="the test error of tanh minus that of rectifier networks, and that of softplus "
        "minus that of rectifier networks, is above 0 points, each with its whole interval; the "
        "paper has 52.62 and 53.20 against 50.86 %",
        flips=(),
        twin=twins.unpretrained_order,
    ),
    Claim(
        id="photographs-72-zeros",
        chapter="pretraining",
        number=54,
        statement="On CIFAR-10 rectifier networks end with 72.0 % exact zeros; tanh and softplus "
        "networks have none.",
        page="321",
        paper=(paper.EXACT_ZEROS["cifar10"],),
        experiment="table-1",
        data="cifar10",
        test=zeros_on_photographs,
        interval="t interval over seeds",
        threshold="rectifiers without pretraining end within 5 points of the paper's 72.0 % exact "
        "zeros on average over layers and seeds, tanh and softplus units below 0.1 %",
        flips=(),
        twin=twins.zeros,
    ),
    Claim(
        id="softplus-worse-in-stereo",
        chapter="pretraining",
        number=52,
        statement="On NORB, pretraining makes softplus networks worse; the paper's summary passes "
        "over it.",
        page="320",
        paper=(
            paper.TABLE_1["softplus", "norb", "none"],
            paper.TABLE_1["softplus", "norb", "with"],
        ),
        experiment="table-1",
        data="norb",
        test=softplus_in_stereo,
        interval=_PAIRED,
        threshold="the test error of softplus networks without pretraining minus with it is below "
        "0 points, with its whole interval; the paper's is -1.51 points (17.68 and 19.19 %). How a "
        "softplus gives back inputs below 0 the paper does not say; here linear outputs do",
        flips=(),
        twin=twins.softplus_gain,
    ),
)
