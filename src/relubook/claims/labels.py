"""What the paper says about labels: what pretraining saves while they are few, and how it does."""

import math

import numpy as np
from jaxtyping import Float

from relubook import paper
from relubook.claims import labels_twins as twins
from relubook.claims import statistics
from relubook.claims.statistics import Estimate
from relubook.claims.values import Arrays, Claim, Part
from relubook.experiments.figure_4_values import (
    ACTIVATIONS,
    FEW,
    costs_at_one_rate,
    gain,
    place_of,
)

_TIMES = 3  # as much saved with few labels as with all
_ALIKE = 0.5  # points of test error
_NO_LOWER = -0.15  # doublings: the cost is at least nine tenths
_ALL = 100.0  # percent


def gain_shrinks(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 16, from "figure-4": what pretraining saves with few labels and with all."""
    few, most = place_of(arrays, FEW), place_of(arrays, _ALL)
    rectifier, tanh = (gain(arrays, activation) for activation in ACTIVATIONS)
    return (
        Part(
            what=f"saved by pretraining with {FEW:g} % of the labels, rectifier",
            estimate=_paired(rectifier[few]),
            unit="points",
            region=(0.0, math.inf),
        ),
        Part(
            what=f"saved with {FEW:g} % of the labels minus {_TIMES} times that with all, "
            "rectifier",
            estimate=_paired(rectifier[few] - _TIMES * rectifier[most]),
            unit="points",
            region=(0.0, math.inf),
        ),
        Part(
            what="saved by pretraining with all labels, rectifier",
            estimate=_paired(rectifier[most]),
            unit="points",
            region=(-_ALIKE, _ALIKE),
            contains=0.0,
        ),
        Part(
            what="saved by pretraining with all labels, tanh",
            estimate=_paired(tanh[most]),
            unit="points",
            region=(0.0, math.inf),
        ),
        *_others(arrays, (few, most)),
    )


def regularizes(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 53, from "figure-4": test error and training cost with few labels."""
    few = place_of(arrays, FEW)
    return (
        Part(
            what=f"saved by pretraining with {FEW:g} % of the labels, rectifier",
            estimate=_paired(gain(arrays, "rectifier")[few]),
            unit="points",
            region=(0.0, math.inf),
        ),
        _cost(arrays, "rectifier", few, region=(_NO_LOWER, math.inf)),
        Part(
            what=f"saved by pretraining with {FEW:g} % of the labels, tanh",
            estimate=_paired(gain(arrays, "tanh")[few]),
            unit="points",
        ),
        _cost(arrays, "tanh", few),
        _cost(arrays, "rectifier", place_of(arrays, _ALL)),
        _cost(arrays, "tanh", place_of(arrays, _ALL)),
    )


def _cost(
    arrays: Arrays, activation: str, place: int, *, region: tuple[float, float] | None = None
) -> Part:
    """How much larger the last training cost is with pretraining, at one rate for both."""
    none, pretrained = costs_at_one_rate(arrays, activation)[:, place]
    with np.errstate(divide="ignore", invalid="ignore"):
        doublings = np.log2(pretrained / none)
    share = arrays["share"][place]
    return Part(
        what=f"training cost in the last pass with {share:g} % of the labels, with pretraining "
        f"over without, {activation}",
        estimate=_paired(doublings),
        unit="doublings",
        region=region,
    )


def _others(arrays: Arrays, decided: tuple[int, int]) -> tuple[Part, ...]:
    """What is saved with every other share, and by tanh with few labels, for information."""
    told = {"rectifier": decided, "tanh": decided[1:]}
    return tuple(
        Part(
            what=f"saved by pretraining with {share:g} % of the labels, {activation}",
            estimate=_paired(gain(arrays, activation)[place]),
            unit="points",
        )
        for activation in ACTIVATIONS
        for place, share in enumerate(arrays["share"].tolist())
        if place not in told[activation]
    )


def _paired(values: Float[np.ndarray, "seeds"]) -> Estimate:
    """The mean over the seeds of which no network diverged."""
    return statistics.mean(values[np.isfinite(values)])


_INTERVAL = (
    "t interval over seeds, paired: a seed's two networks have the same labels in the same order, "
    "and its network without pretraining begins with the weights from which the other's "
    "pretraining began; all about one set of test images; ten new seeds: five before them had left "
    "claims undecided, and are not counted"
)

CLAIMS = (
    Claim(
        id="pretraining-gain-shrinks",
        chapter="pretraining",
        number=16,
        statement="Rectifiers gain from pretraining while labels are few, and nothing once there "
        "are enough; tanh networks gain with all labels, too.",
        page="321",
        paper=tuple(
            paper.FIGURE_4[activation, start, share]
            for activation in ACTIVATIONS
            for share in (FEW, _ALL)
            for start in ("none", "with")
        ),
        experiment="figure-4",
        data="mnist",
        test=gain_shrinks,
        interval=_INTERVAL,
        threshold=f"what pretraining saves of the rectifiers' test error is above 0 points with "
        f"{FEW:g} % of the labels, and so is that minus {_TIMES} times what it saves with all; "
        "with all labels its interval contains 0 and stays within half a point; what tanh networks "
        "save with all labels is above 0; on its NORB the paper's rectifiers save 6.7, 1.4, 0.8, "
        "0.6 and -0.1 points from 4.3 to 100 % of the labels, its tanh networks 2.9 to 1.6",
        flips=(
            "The rate of restoring, if all layers have one: of three layers of 64 rectifiers on "
            "14 x 14 digits (batches of 20 or 30), up to nine in ten units of the second died as "
            "they were pretrained, and with 60 labels pretraining cost 2 to 5 points instead of "
            "saving 3 to 5 (a trial, not recorded). Here each layer has its own.",
            "Depth and labels: with one or two layers of 48 or 64 rectifiers and 40 of 1,000 "
            "labels pretraining saved nothing on digits; with three layers and 60 of 3,000 it did "
            "(a trial, not recorded; the twin).",
        ),
        twin=twins.gain_shrinks,
    ),
    Claim(
        id="pretraining-regularizes",
        chapter="pretraining",
        number=53,
        statement="With few labels pretraining lowers the test error although the training cost "
        "ends no lower.",
        page="",
        paper=(),
        experiment="figure-4",
        data="mnist",
        test=regularizes,
        interval=_INTERVAL,
        threshold=f"with {FEW:g} % of the labels, rectifiers: what pretraining saves of the test "
        "error is above 0 points, and the cross-entropy on the labeled examples in the last pass, "
        "with pretraining over without, both at the rate that suits the network without, is at "
        "least nine tenths (-0.15 doublings), each with its whole interval; the paper gives no "
        "number; erhan2010 found this for other networks",
        flips=(
            "How long networks train: the cost is that of the last epoch, and falls with every "
            "one. Small networks of 14 x 14 digits with 60 labels err less after pretraining, and "
            "their cost ends a few hundredths of a nat lower, too (the twin).",
            "The rate with labels: a network at a larger one ends with a lower cost, whatever it "
            "began from; so both are compared at one.",
        ),
        twin=twins.regularizes,
    ),
)
