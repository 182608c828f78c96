"""What this book measures about disentangling: small changes of the input, and its factors."""

import math

import numpy as np
from jaxtyping import Float

from relubook.claims import statistics
from relubook.claims.disentangling_twins import small_changes as twin_of_small_changes
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
            region=(OVERLAP, 1.0),
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


CLAIMS = (
    Claim(
        id="small-changes-absorbed",
        chapter="benefits",
        number=32,
        statement="A small change of the input leaves most of a rectifier network's code "
        "untouched, where a dense code moves nearly everywhere.",
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
            "Weaker noise: at sd 0.05 about as many entries of a rectifier code move, or more.",
            "What counts as a move: dense codes change in every entry, but often by little.",
        ),
        twin=twin_of_small_changes,
    ),
)
