"""What this book measures about disentangling: small changes of the input, and its factors."""

import math

import numpy as np
from jaxtyping import Float

from relubook.claims import disentangling_twins as twins
from relubook.claims import statistics
from relubook.claims.values import Arrays, Claim, Part
from relubook.experiments.quartet import UNITS
from relubook.experiments.small_changes_values import CHANGES, JUDGED

OVERLAP = 0.8  # of the active units, with noise

_RECTIFIER, *_DENSE = range(len(UNITS))
_JUDGED = [CHANGES.index(name) for name in JUDGED]


def least_lead(
    values: Float[np.ndarray, "groups seeds"], *, sign: int
) -> Float[np.ndarray, "seeds"]:
    """How far the rectifier is ahead of the dense activation nearest to it, seed by seed.

    Args:
        values: Of each group, the first ones as in `UNITS`.
        sign: 1 where more is ahead, -1 where less is.
    """
    return (sign * (values[_RECTIFIER] - values[_DENSE])).min(0)


def small_changes(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 32, from "small-changes": what moves, kind by kind, and the overlap with noise."""
    moved = 100 * arrays["moved"].mean(2)  # [groups changes seeds]
    overlap = arrays["overlap"][_RECTIFIER].mean(1)  # [changes seeds]
    decisive = (
        Part(
            what=f"entries that move under {name}: the least of tanh, softplus and logistic minus "
            "the rectifier",
            estimate=statistics.mean(least_lead(moved[:, CHANGES.index(name)], sign=-1)),
            unit="points",
            region=(0.0, math.inf),
        )
        for name in JUDGED
    )
    return (
        *decisive,
        Part(
            what="active rectifiers shared before and after noise",
            estimate=statistics.mean(overlap[CHANGES.index("noise")]),
            unit="1",
            region=(OVERLAP, math.inf),
        ),
        *_each_activation(moved[:, _JUDGED].mean(1)),
        *_about_rectifiers(arrays, overlap),
    )


def _each_activation(moved: Float[np.ndarray, "groups seeds"]) -> tuple[Part, ...]:
    """For information: entries that move, mean over the four kinds and the layers."""
    return tuple(
        Part(
            what=f"entries of a {name} code that move, mean over the four kinds",
            estimate=statistics.mean(moved[group]),
            unit="%",
        )
        for group, name in enumerate(UNITS)
    )


def _about_rectifiers(
    arrays: Arrays, overlap: Float[np.ndarray, "changes seeds"]
) -> tuple[Part, ...]:
    """For information: those not silent, before the cut, what is absorbed, overlaps, accuracy."""

    def kinds(name: str, group: int = _RECTIFIER) -> np.ndarray:
        return 100 * arrays[name][group, _JUDGED].mean((0, 1))

    nearest = int(np.abs(arrays["l1"] - 1e-3).argmin())
    informing = (
        ("entries of a rectifier code that change at all", kinds("changed"), "%"),
        ("entries of a tanh code that change at all", kinds("changed", 1), "%"),
        ("rectifiers active before or after that move", kinds("moved_active"), "%"),
        ("pre-activations of rectifiers that move", kinds("moved_before"), "%"),
        ("pre-activations of tanh that move", kinds("moved_before", 1), "%"),
        (f"entries that move, L1 {arrays['l1'][nearest]:g}", kinds("moved", nearest), "%"),
        ("changed pre-activations that end at a silent rectifier", kinds("absorbed"), "%"),
        ("their share of the squared change", kinds("absorbed_energy"), "%"),
        ("active rectifiers shared after a shift", overlap[CHANGES.index("shift")], "1"),
        ("active rectifiers shared by two digits of one class", _between(arrays, "same"), "1"),
        ("active rectifiers shared by digits of two classes", _between(arrays, "other"), "1"),
        ("digits given the same class, rectifier", 100 * _same_answer(arrays)[_RECTIFIER], "%"),
        ("the same, tanh", 100 * _same_answer(arrays)[1], "%"),
    )
    return tuple(
        Part(what=what, estimate=statistics.mean(values), unit=unit)
        for what, values, unit in informing
    )


def _between(arrays: Arrays, which: str) -> Float[np.ndarray, "seeds"]:
    """Overlap of the active rectifiers of different digits, mean over layers [1]."""
    return arrays[f"overlap_{which}_class"][_RECTIFIER].mean(0)


def _same_answer(arrays: Arrays) -> Float[np.ndarray, "groups seeds"]:
    """Digits given the same class before and after, mean over the four kinds [1]."""
    return arrays["same_answer"][:, _JUDGED].mean(1)


def factors(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 33, from "factors": D against the best dense code, and what else a code is about."""
    found = arrays["disentanglement"].mean(1)  # [groups seeds]
    return (
        Part(
            what="disentanglement D of the rectifier minus the largest of tanh, softplus and "
            "logistic",
            estimate=statistics.mean(least_lead(found, sign=1)),
            unit="1",
            region=(0.0, math.inf),
        ),
        *(
            Part(what=what, estimate=statistics.mean(values), unit="1")
            for what, values in _about_factors(arrays)
        ),
    )


def _about_factors(arrays: Arrays) -> list[tuple[str, Float[np.ndarray, "seeds"]]]:
    """For information: D of every activation and penalty, its controls, completeness, accuracy."""
    of_groups, names = arrays["disentanglement"].mean(1), [*UNITS]
    names += [f"rectifier, L1 {l1:g}" for l1 in arrays["l1"][len(UNITS) :]]
    completeness = arrays["completeness"].mean(1)
    accuracy = arrays["accuracy"].mean((1, 2))
    return [
        *((f"D of {name}", of_groups[group]) for group, name in enumerate(names)),
        *(
            (f"D of {name}, turned at random", arrays["rotated"][group].mean(0))
            for group, name in enumerate(UNITS)
        ),
        *(
            (f"D of {name}, before training", arrays["untrained"][group].mean(0))
            for group, name in enumerate(UNITS)
        ),
        *((f"completeness C of {name}", completeness[group]) for group, name in enumerate(names)),
        *(
            (f"right answers about a factor, {name}", accuracy[group])
            for group, name in enumerate(names)
        ),
    ]


CLAIMS = (
    Claim(
        id="small-changes-absorbed",
        chapter="benefits",
        number=32,
        statement="A small change of the input moves fewer entries of a rectifier network's code "
        "than of a dense one, and nearly keeps its active set.",
        page="317",
        paper=(),
        experiment="small-changes",
        data="mnist",
        test=small_changes,
        interval="t interval over seeds; differences are taken between networks of one seed, shown "
        "the same changed digits",
        threshold="networks stopped at one validation error; for each of noise of sd 0.1, a turn "
        "of 5°, a shift by 1 pixel and one step of thickness, the share of entries (mean over "
        "layers) that move by more than a tenth of their unit's standard deviation is lower for "
        "the rectifier than for tanh, softplus and logistic: per seed the smallest of the three "
        "differences, with its whole interval above 0; with noise the active units overlap by at "
        "least 0.8; the paper gives no number",
        flips=(
            "Silent units left out: among those active before or after, more rectifiers move than "
            "units of any dense code.",
            "The dense code: against tanh and softplus all four kinds agree; a turn by 5° moves "
            "fewer entries of a logistic code.",
            "Weaker noise: at sd 0.05 a few more entries of a rectifier code move than of a dense "
            "one.",
            "The kind of change: after a shift by 1 pixel fewer than 0.8 of the active units are "
            "shared.",
            "What counts as a move: dense codes change in every entry, but often by little.",
        ),
        twin=twins.small_changes,
    ),
    Claim(
        id="units-one-factor-each",
        chapter="benefits",
        number=33,
        statement="A unit of a sparse rectifier code is about fewer factors of the input than a "
        "unit of a dense code.",
        page="317",
        paper=(),
        experiment="factors",
        data="norb",
        test=factors,
        interval="t interval over seeds; differences are taken between networks of one seed",
        threshold="networks that name the category of a toy, stopped at one validation error; the "
        "disentanglement D (DCI, five known factors, mean over layers) of the rectifier is above "
        "that of tanh, softplus and logistic: per seed the smallest of the three differences, "
        "with its whole interval above 0; the paper gives no number",
        flips=(
            "The pictures and their factors: of digits whose angle and ink are known, rectifiers "
            "are about fewer factors than units of tanh.",
            "The learning rate: on the same toys, a quarter of it leaves rectifiers fewer zeros, "
            "and rectifiers and tanh nearly alike (a trial with 3 seeds, not recorded).",
            "The measure: D says how one-sided units are, not how much they tell; of a code turned "
            "at random not much less is left.",
        ),
        twin=twins.factors,
    ),
)
