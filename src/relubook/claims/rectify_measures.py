"""What the claims of chapter 1 measure: functions from a record's arrays to parts."""

import math

import numpy as np
from jaxtyping import Float

from relubook.claims import statistics
from relubook.claims.values import Arrays, Part
from relubook.experiments.collapse import KINDS, STACKED
from relubook.experiments.curves import NAMED
from relubook.experiments.hinges import ASYMPTOTIC, rate
from relubook.experiments.pairs import WAYS

ROUNDING, BENT = 1e-10, 10.0  # of the largest output; percent of the output's spread
SAME, SAVED = 1.5, 2.0  # points of test error
FEW, MANY, FACTOR = 4, 32, 4.0  # hinges, hinges, times the error
HALF_THE_STEP = 0.799  # of 1.6, and a little for rounding

_SINE, _STEP = (list(NAMED).index(name) for name in ("sine", "step"))


def linear_layers(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 25, from "collapse": rounding errors, test errors, and what bends."""
    saved = 100 * (arrays["test_error"][:, 0] - arrays["test_error"][:, -1])
    deepest = int(arrays["hidden"][-1])
    bent = 100 * arrays["bent"][:, arrays["layers"] > 1].min(axis=1)
    rectifier = STACKED.index("rectifier")
    return (
        Part(
            what="largest difference of a linear stack and its one layer, over the largest output",
            estimate=statistics.mean(arrays["rounding"][0].max(axis=0)),
            unit="1",
            region=(0.0, ROUNDING),
        ),
        Part(
            what="test digits that a trained linear stack and its one layer answer differently",
            estimate=statistics.mean(arrays["differing"].max(axis=0).astype(float)),
            unit="digits",
            region=(0.0, 1.0),
        ),
        Part(
            what=f"test error that {deepest} linear hidden layers save",
            estimate=statistics.mean(saved[KINDS.index("linear")]),
            unit="points",
            region=(-SAME, SAME),
        ),
        Part(
            what=f"test error that {deepest} hidden layers of rectifiers save",
            estimate=statistics.mean(saved[KINDS.index("rectifier")]),
            unit="points",
            region=(SAVED, math.inf),
        ),
        Part(
            what="distance of a rectifier stack from every affine map, at least",
            estimate=statistics.mean(bent[rectifier]),
            unit="% of its spread",
            region=(BENT, math.inf),
        ),
        Part(
            what="distance of a tanh stack from every affine map, at least",
            estimate=statistics.mean(bent[STACKED.index("tanh")]),
            unit="% of its spread",
        ),
    )


def pairs(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 26, from "pairs": what is rebuilt bit for bit, and what can be read back."""
    exact = (
        ("x rebuilt by a pair", "rebuilt", (100.0, 100.0)),
        ("|x| given by a pair", "folded", (100.0, 100.0)),
        ("x passed on by one rectifier", "kept", (40.0, 60.0)),
    )
    required = (
        Part(
            what=f"{what}, bit for bit",
            estimate=statistics.mean(100 * arrays[name].mean(axis=0)),
            unit="%",
            region=region,
        )
        for what, name, region in exact
    )
    n = arrays["widths"][-1]
    informing = (
        Part(
            what=f"variance of {n} pre-activations read back from {way}",
            estimate=statistics.mean(100 * arrays["explained"][place, -1]),
            unit="%",
        )
        for place, way in enumerate(WAYS)
    )
    return (*required, *informing)


def hinges(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 27, from "hinges": how fast errors fall on smooth curves, and at a step."""
    counts, target = arrays["counts"], arrays["target"]
    few, many = (int(np.flatnonzero(counts == number)[0]) for number in (FEW, MANY))
    sine, step = (arrays["error_trained"][target == at] for at in (_SINE, _STEP))
    largest = arrays["largest_trained"][target == _STEP]
    return (
        Part(
            what=f"slope of the error of even hinges, smooth curves, from {ASYMPTOTIC} hinges on",
            estimate=statistics.mean(_rates(counts, arrays["error_even"][len(NAMED) :])),
            unit="1",
            region=(-2.2, -1.8),
        ),
        Part(
            what=f"error of trained networks on a sine, {FEW} hinges over {MANY}",
            estimate=statistics.ratio_of_means(sine[:, few], sine[:, many]),
            unit="1",
            region=(FACTOR, math.inf),
        ),
        Part(
            what="trained networks whose largest error at a step is under half of it",
            estimate=statistics.count(int((largest < HALF_THE_STEP).sum()), n=largest.size),
            unit="networks",
        ),
        Part(
            what=f"error of trained networks at a step, {FEW} hinges over {MANY}",
            estimate=statistics.ratio_of_means(step[:, few], step[:, many]),
            unit="1",
        ),
        Part(
            what="slope of the error of trained networks, smooth curves",
            estimate=statistics.mean(_rates(counts, arrays["error_trained"][target > _STEP])),
            unit="1",
        ),
        Part(
            what="slope of the error of best hinges, smooth curves",
            estimate=statistics.mean(_rates(counts, arrays["error_best"][len(NAMED) :])),
            unit="1",
        ),
        Part(
            what="slope of the error of trained networks, sine",
            estimate=statistics.mean(_rates(counts, sine)),
            unit="1",
        ),
    )


def _rates(
    counts: np.ndarray, errors: Float[np.ndarray, "curves counts"]
) -> Float[np.ndarray, "curves"]:
    """The slope of each row on logarithmic axes."""
    return np.array([rate(counts, row) for row in errors])
