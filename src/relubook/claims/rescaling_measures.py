"""What the claims about rescaling measure: functions from a record's arrays to parts."""

import math
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from relubook.claims import statistics
from relubook.claims.statistics import Estimate
from relubook.claims.values import Arrays, Part
from relubook.experiments.rescaled_values import OTHER_UNITS, STAGES, no_worse_than_silence, place

DOUBLE, SINGLE = 1e-12, 1e-5  # relative errors that rounding may leave
BROKEN = 0.01  # relative error from which the law is not true
JUDGED, TIMES = 3.0, 3.0  # the logarithm of s = 8; how many times the condition number
_TRAINED = STAGES.index("trained")


def scaling_symmetry(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 3, from "rescaled": errors of the law where it holds, and where it does not."""
    double, single = arrays["law_error"].max(axis=(1, 3))  # over stages and draws, [seeds] each
    kept = ((double, "float64", DOUBLE), (single, "float32", SINGLE))
    negative, others = arrays["negative_error"][_TRAINED], arrays["unit_error"][:, _TRAINED]
    broken = [("rectifiers, two negative alphas", negative, True)] + [
        (f"{name}, positive alphas", errors, name == "tanh")
        for name, errors in zip(OTHER_UNITS, others, strict=True)
    ]
    return (
        *(
            Part(
                what=f"largest relative error, rectifiers, positive alphas, {name}",
                estimate=statistics.mean(errors),
                unit="1",
                region=(0.0, most),
            )
            for errors, name, most in kept
        ),
        *(
            Part(
                what=f"median relative error, {name}",
                estimate=statistics.mean(np.median(errors, axis=1)),
                unit="1",
                region=(BROKEN, math.inf) if required else None,
            )
            for name, errors, required in broken
        ),
    )


def worse_conditioned(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 41, from "rescaled": curvature and training loss at s = 8 against those at s = 1."""
    at, one, other = (place(arrays["log2_s"], where) for where in (JUDGED, 0.0, -JUDGED))
    condition, largest = arrays["effective_condition"], arrays["largest"]
    required = (
        Part(
            what="effective condition number at s = 8 over that at s = 1, before training",
            estimate=geometric_mean(_ratios(condition[0], at, one)),
            unit="1",
            region=(TIMES, math.inf),
        ),
        *(
            Part(
                what=f"training loss from s = 8 minus from s = 1, at {rate}",
                estimate=statistics.mean(losses[at] - losses[one]),
                unit="nat",
                region=(0.0, math.inf),
            )
            for losses, rate in _races(arrays)
        ),
    )
    median = arrays["median_condition"]
    informing = [
        (what, _ratios(numbers[stage], where, one), stage, where)
        for what, numbers, stage, where in (
            ("effective condition number", condition, 1, at),
            ("effective condition number", condition, 0, other),
            ("largest eigenvalue", largest, 0, at),
            ("largest eigenvalue", largest, 0, other),
            ("largest eigenvalue over the median", median, 0, at),
            ("largest eigenvalue over the median", median, 0, other),
        )
    ]
    return (
        *required,
        *(
            Part(
                what=f"{what} at s = {'8' if where == at else '1/8'} over that at s = 1, "
                f"{STAGES[stage]}",
                estimate=geometric_mean(ratios),
                unit="1",
            )
            for what, ratios, stage, where in informing
        ),
        *(
            Part(
                what=f"training loss from s = 1/8 minus from s = 1, at {rate}",
                estimate=statistics.mean(losses[other] - losses[one]),
                unit="nat",
            )
            for losses, rate in _races(arrays)
        ),
    )


def _ratios(
    numbers: Float[np.ndarray, "seeds scalings"], at: int, one: int
) -> Float[np.ndarray, "ratios"]:
    """Numbers at one s over those at another, of the seeds where both are finite."""
    finite = np.isfinite(numbers[:, [at, one]]).all(axis=1)
    return numbers[finite, at] / numbers[finite, one]


def _races(arrays: Arrays) -> tuple[tuple[Float[np.ndarray, "scalings seeds"], str], ...]:
    """Training loss at the end of both kinds of race, and at which rate."""
    return tuple(
        (no_worse_than_silence(arrays[name][:, :, -1]), rate)
        for name, rate in (
            ("common_curve", "the rate best for s = 1"), ("own_curve", "each one's best rate"),
        )
    )  # fmt: skip


def geometric_mean(ratios: Float[np.ndarray, "seeds"]) -> Estimate:
    """The geometric mean with the t interval of the logarithms."""
    found = statistics.mean(np.log(ratios))
    value, low, high = (math.exp(end) for end in (found.value, found.low, found.high))
    visible = value * math.expm1(found.visible)
    return replace(found, value=value, low=low, high=high, visible=visible)
