"""Sentences about the relatives of the rectifier, and about what repairs it."""

import math
from collections.abc import Sequence

import numpy as np

from relubook.claims import relatives_twins as twins
from relubook.claims import statistics
from relubook.claims.values import Arrays, Claim, Part
from relubook.experiments.normalized_starts import KINDS as NORMALIZED
from relubook.experiments.normalized_starts import last_errors, share_that_learns
from relubook.experiments.relatives_values import KINDS, SLOPED, SMOOTH, by_seed, of
from relubook.experiments.training_map_values import SUCCESS

CENTERED = ("ELU", "SELU")
NEARER = 0.1  # of the mean size of a layer's outputs


def slope_below_zero(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 44, from "relatives": what leaky, parametric and randomized rectifiers save."""
    return (
        *_saved(arrays, SLOPED),
        *_errors(arrays, ("rectifier", *SLOPED)),
        *_at_one_rate(arrays, SLOPED),
        _learned(arrays),
    )


def smooth_relatives(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 45, from "relatives": what ELU, GELU and SiLU save."""
    return (
        *_saved(arrays, SMOOTH),
        *_errors(arrays, ("rectifier", *SMOOTH)),
        *_at_one_rate(arrays, SMOOTH),
    )


def centered(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 46, from "relatives": how much nearer to zero a layer's mean output is."""
    shift = {name: by_seed(arrays, "mean_over_abs", name) for name in KINDS}
    spread = {name: by_seed(arrays, "mean_over_sd", name) for name in ("rectifier", *CENTERED)}
    lasted = {name: values[np.isfinite(values)] for name, values in shift.items()}
    return (
        *(
            Part(
                what=f"|mean output| over mean |output|, rectifier minus {name}",
                estimate=statistics.mean(shift["rectifier"] - shift[name]),
                unit="1",
                region=(NEARER, math.inf),
            )
            for name in CENTERED
        ),
        *(
            Part(
                what=f"|mean output| over mean |output|, {name}"
                + (", those that did not diverge" if len(values) < len(shift[name]) else ""),
                estimate=statistics.mean(values),
                unit="1",
            )
            for name, values in lasted.items()
        ),
        *(
            Part(
                what=f"a unit's mean output over its standard deviation, {name}",
                estimate=statistics.mean(values),
                unit="1",
            )
            for name, values in spread.items()
        ),
    )


def normalization(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 47, from "normalized-starts": the share of starts and rates that teach a network."""
    last = last_errors(arrays["error"])  # [kinds starts rates seeds]
    shares = dict(zip(NORMALIZED, 100 * share_that_learns(arrays["error"]), strict=True))
    medians = np.median(last, axis=-1)
    best = np.unravel_index(medians[0].argmin(), medians[0].shape)
    return (
        Part(
            what="starts and rates from which a network learns, with normalization minus without",
            estimate=statistics.mean(shares["normalized"] - shares["plain"]),
            unit="points",
            region=(0.0, math.inf),
        ),
        *(
            Part(
                what=f"starts and rates from which a network learns, {name}",
                estimate=statistics.mean(values),
                unit="%",
            )
            for name, values in shares.items()
        ),
        *(
            Part(
                what=f"cells whose median network learns, {name}",
                estimate=statistics.count(int((cells < SUCCESS).sum()), n=cells.size),
                unit="cells",
            )
            for name, cells in zip(NORMALIZED, medians, strict=True)
        ),
        Part(
            what="validation error where plain networks are best, normalized minus plain",
            estimate=statistics.mean(100 * (last[1][best] - last[0][best])),
            unit="points",
        ),
    )


def _saved(arrays: Arrays, kinds: Sequence[str]) -> tuple[Part, ...]:
    """Test error of the rectifier minus that of each, paired by seed: decisive."""
    rectifier = by_seed(arrays, "test_error", "rectifier")
    return tuple(
        Part(
            what=f"test error, rectifier minus {name}",
            estimate=statistics.mean(100 * (rectifier - by_seed(arrays, "test_error", name))),
            unit="points",
            region=(0.0, math.inf),
        )
        for name in kinds
    )


def _errors(arrays: Arrays, kinds: Sequence[str]) -> tuple[Part, ...]:
    """Test error of each, for information."""
    return tuple(
        Part(
            what=f"test error, {name}",
            estimate=statistics.mean(100 * by_seed(arrays, "test_error", name)),
            unit="%",
        )
        for name in kinds
    )


def _at_one_rate(arrays: Arrays, kinds: Sequence[str]) -> tuple[Part, ...]:
    """What each saves, while choosing, at the largest rate at which no network of any diverged."""
    tables = {name: of(arrays, "rate_validation", name) for name in ("rectifier", *kinds)}
    safe = [(of(arrays, "rate_diverged", name) < 0).all(axis=1) for name in tables]
    rates = np.where(np.all(safe, axis=0), arrays["rate"], -math.inf)
    place, rectifier = int(rates.argmax()), tables.pop("rectifier")
    return tuple(
        Part(
            what=f"validation error of the networks that chose, all at rate "
            f"{arrays['rate'][place]:g}, rectifier minus {name}",
            estimate=statistics.mean(100 * (rectifier[place] - table[place])),
            unit="points",
        )
        for name, table in tables.items()
    )


def _learned(arrays: Arrays) -> Part:
    """What the slopes of the parametric ones have become."""
    return Part(
        what="slope below zero that PReLU learned, mean over units and layers (it began at 0.25)",
        estimate=statistics.mean(arrays["slope"].mean(axis=1)),
        unit="1",
    )


CLAIMS = (
    Claim(
        id="a-slope-below-zero-helps",
        chapter="relatives",
        number=44,
        statement="A slope below zero lowers the test error: leaky, parametric and randomized "
        "rectifiers beat the rectifier.",
        page="",
        paper=(),
        experiment="relatives",
        data="mnist",
        test=slope_below_zero,
        interval="t interval over seeds, paired: networks of one seed begin with the same weights "
        "and see the examples in the same order",
        threshold="with the learning rate of each chosen on validation, the test error of "
        "rectifiers minus that of leaky, of parametric and of randomized ones is above 0 points, "
        "each with its whole interval; the paper gives no number, xu2015 does for other networks",
        flips=(
            "How the rates are chosen: by three networks each, after a third of the training, "
            "leaky rectifiers came out behind the rectifier, and on 3,000 digits ahead of it, both "
            "with their whole interval (earlier records). Chosen by five networks that train to "
            "the end, neither is left.",
            "One learning rate for all: of the networks that choose the rates, parametric ones err "
            "more than rectifiers from 0.1 down to 0.005, with their whole interval; at 0.2, where "
            "both do best, nobody can tell.",
            "The start: all begin in He's range, which makes up for what a rectifier cuts off. "
            "Units that cut off less begin with too much, and diverge at smaller rates.",
            "Little training: after 3 epochs on 2,000 digits none of the three differs from the "
            "rectifier by more than its interval (the twin).",
        ),
        twin=twins.slope_below_zero,
    ),
    Claim(
        id="smooth-relatives-help",
        chapter="relatives",
        number=45,
        statement="Smooth relatives (ELU, GELU, SiLU) beat the rectifier.",
        page="",
        paper=(),
        experiment="relatives",
        data="mnist",
        test=smooth_relatives,
        interval="t interval over seeds, paired: networks of one seed begin with the same weights "
        "and see the examples in the same order",
        threshold="with the learning rate of each chosen on validation, the test error of "
        "rectifiers minus that of ELU, of GELU and of SiLU is above 0 points, each with its whole "
        "interval; the paper gives no number; clevert2016, hendrycks2016 and ramachandran2017 do "
        "for other networks",
        flips=(
            "How the rates are chosen: by three networks each, after a third of the training, "
            "GELUs came out behind the rectifier, and on 3,000 digits ahead of it, both with their "
            "whole interval (earlier records). Chosen by five networks that train to the end, "
            "neither is left.",
            "One learning rate for all: of the networks that choose the rates, SiLUs err less than "
            "rectifiers at 0.4 and more from 0.1 down, each with the whole interval; ELUs diverge "
            "at 0.2, at which rectifiers do best.",
            "Little training: after 3 epochs on 2,000 digits none of the three differs from the "
            "rectifier by more than its interval (the twin).",
        ),
        twin=twins.smooth_relatives,
    ),
    Claim(
        id="elu-centers",
        chapter="relatives",
        number=46,
        statement="Units with negative outputs bring a layer's mean activation nearer to zero.",
        page="",
        paper=(),
        experiment="relatives",
        data="mnist",
        test=centered,
        interval="t interval over seeds, paired",
        threshold="after training, |mean output| over mean |output|, mean of the layers, is lower "
        "by more than 0.1 with ELU and with SELU than with rectifiers, each with its whole "
        "interval; the paper gives no number",
        flips=(
            "How much is let through: with a slope of 0.01 below zero outputs are negative, too, "
            "and a layer's mean stays near its mean size.",
            "Batch normalization: it comes before the rectifier, whose outputs are then as far "
            "from balanced as ever.",
            "Which mean: that of a layer is small where units of positive and of negative mean "
            "balance. Each unit's own mean, beside its spread, is another number (for "
            "information).",
        ),
        twin=twins.centered,
    ),
    Claim(
        id="normalization-repairs-starts",
        chapter="relatives",
        number=47,
        statement="With batch normalization a deep rectifier network learns from starts and at "
        "learning rates where the plain one does not.",
        page="",
        paper=(),
        experiment="normalized-starts",
        data="mnist-5k",
        test=normalization,
        interval="t interval over seeds, paired",
        threshold="with 10 layers of 32 units, the share of four starts x five learning rates at "
        "which a network ends below 20 % validation error is larger with normalization than "
        "without, over 5 seeds, with its whole interval; the paper gives no number",
        flips=(
            "The start and the rate: from He's range plain networks learn at 0.01, 0.03 and 0.1. "
            "At 0.01 normalized ones from there do not, within 8 epochs.",
            "Large weights before a normalization: from Glorot x 4 normalized networks do not "
            "learn within 8 epochs at 0.01 and 0.03.",
            "Batches of one example: they have no variance to divide by.",
        ),
        twin=twins.normalization,
    ),
)
