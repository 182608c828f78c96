"""What the claims about weaknesses measure: functions from a record's arrays to parts."""

import math

import numpy as np
from jaxtyping import Float

from relubook.claims import statistics
from relubook.claims.values import Arrays, Part
from relubook.experiments.clipping_values import (
    ACTIVATIONS,
    NONE,
    USABLE,
    USUAL,
    largest_for_all,
    largest_usable,
)
from relubook.experiments.little_data_values import NAMES as LEARNERS
from relubook.experiments.shared_signs_values import NAMES, PAIRS
from relubook.experiments.thinned_values import TRAININGS

MIXED = 5.0  # of pairs behind tanh whose gradients may have one sign [%]
DOUBLINGS = 2.0  # of the largest usable rate: four times
FEW = 300  # training examples
ROUNDING, POINT = 1e-10, 1.0


def shared_signs(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 48, from "shared-signs": signs of weight gradients, and what is lost in training."""
    shares = 100 * arrays["one_sign"][:, :, 1:]  # behind hidden layers
    never = [shares[NAMES.index(name)].min(axis=(0, 1)) for name in ("rectifier", "logistic")]
    centered = ("rectifier, less mean", "logistic, less mean")
    return (
        Part(
            what="pairs of an example and a unit whose weight gradients have one sign, behind "
            "rectifiers and logistic units, the lowest of layers and of before and after training",
            estimate=statistics.mean(np.minimum(*never)),
            unit="%",
            region=(100.0, 100.0),
        ),
        Part(
            what="the same behind tanh, the highest",
            estimate=statistics.mean(shares[NAMES.index("tanh")].max(axis=(0, 1))),
            unit="%",
            region=(-math.inf, MIXED),
        ),
        _loss(arrays, *PAIRS[0], required=True),
        _loss_of_all(arrays),
        _loss(arrays, *PAIRS[1]),
        *(_loss(arrays, name.split(",")[0], name) for name in centered),
        *(
            Part(
                what=f"mean square along the strongest direction behind {name}, before training",
                estimate=statistics.mean(
                    100 * arrays["steepest"][NAMES.index(name), 0, 1:].mean(axis=0)
                ),
                unit="%",
            )
            for name in ("rectifier", "rectifier, signs", "rectifier, less mean")
        ),
        Part(
            what="largest difference between the logits of rectifiers with signs and of their "
            "mirror images without, trained alike",
            estimate=statistics.mean(arrays["mirrored"]),
            unit="1",
        ),
    )


def clipping(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 49, from "clipping": how far the largest usable learning rate moves."""
    rate, limits = arrays["rate"], arrays["limit"].tolist()
    usual = arrays["gain"].tolist().index(1.0)
    cases = [(name, at) for name in ACTIVATIONS for at in range(len(limits)) if at != NONE]
    cases.sort(key=lambda case: case != (ACTIVATIONS[0], USUAL))  # the decisive one first
    return (
        *(
            Part(
                what=f"largest usable learning rate of {name} networks, clipped at "
                f"{limits[at]:g} mean norms over not clipped",
                estimate=statistics.mean(
                    _doublings(rate, arrays["error"][ACTIVATIONS.index(name), usual], at)
                ),
                unit="doublings",
                region=(DOUBLINGS, math.inf) if (name, at) == cases[0] else None,
            )
            for name, at in cases
        ),
        *(
            Part(
                what=f"largest rate at which no rectifier network diverges and the median errs "
                f"below {100 * USABLE:.0f} %, {_limit(limits[at])}",
                estimate=statistics.mean(
                    np.full(arrays["error"].shape[-1], largest_for_all(rate, errors))
                ),
                unit="1",
            )
            for at, errors in enumerate(arrays["error"][0, usual])
        ),
        *(
            Part(
                what=f"rectifier networks that learn at any of the rates from gain {gain:g}, "
                f"{_limit(limits[at])}",
                estimate=statistics.count(
                    int(np.isfinite(largest_usable(rate, errors)).sum()), n=errors.shape[-1]
                ),
                unit="networks",
            )
            for place, gain in enumerate(arrays["gain"].tolist())
            if place != usual
            for at, errors in enumerate(arrays["error"][0, place])
        ),
    )


def little_data(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 50, from "little-data": test errors of rectifier and tanh networks, by examples."""
    error, gap = 100 * arrays["test_error"], 100 * (arrays["test_error"] - arrays["train_error"])
    sizes = sorted(arrays["train_size"].tolist(), key=lambda size: size != FEW)
    return (
        *(
            Part(
                what=f"test error with {size:,} examples, rectifier minus tanh",
                estimate=statistics.mean(_difference(error, arrays, size)),
                unit="points",
                region=(0.0, math.inf) if size == FEW else None,
            )
            for size in sizes
        ),
        Part(
            what=f"test error minus training error with {FEW} examples, rectifier minus tanh",
            estimate=statistics.mean(_difference(gap, arrays, FEW)),
            unit="points",
        ),
        Part(
            what=f"test error with {FEW} examples, rectifier minus tanh, both with L1",
            estimate=statistics.mean(
                _difference(error, arrays, FEW, ("rectifier, L1", "tanh, L1"))
            ),
            unit="points",
        ),
        Part(
            what=f"test error with {FEW} examples, rectifier minus linear",
            estimate=statistics.mean(_difference(error, arrays, FEW, ("rectifier", "linear"))),
            unit="points",
        ),
    )


def thinned(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 51, from "thinned": an identity, and the error of one network for the mean of many."""
    dropout = TRAININGS.index("dropout")
    scaled, mean = (100 * arrays[name] for name in ("error_scaled", "error_mean"))
    return (
        Part(
            what="mean of the logits over all masks of the last hidden layer against halved "
            "weights, largest difference over the largest logit",
            estimate=statistics.mean(arrays["exact_last"]),
            unit="1",
            region=(0.0, ROUNDING),
        ),
        Part(
            what=f"test error after dropout, scaled network minus the mean of "
            f"{arrays['count'][-1]} thinned ones",
            estimate=statistics.mean(scaled[dropout] - mean[dropout, -1]),
            unit="points",
            region=(-POINT, POINT),
        ),
        Part(
            what="the same where no unit was dropped in training",
            estimate=statistics.mean((scaled - mean[:, -1])[TRAININGS.index("plain")]),
            unit="points",
        ),
        Part(
            what="mean over all masks of the last two layers against halved weights, active sets "
            "held",
            estimate=statistics.mean(arrays["exact_held"]),
            unit="1",
        ),
        Part(
            what="the same, active sets free",
            estimate=statistics.mean(arrays["exact_free"]),
            unit="1",
        ),
        Part(
            what="divergence of the scaled network from the geometric mean, after dropout",
            estimate=statistics.mean(arrays["divergence"][dropout, -1]),
            unit="nat",
        ),
        Part(
            what="test error of one thinned network, after dropout",
            estimate=statistics.mean(100 * arrays["error_one"][dropout, -1]),
            unit="%",
        ),
    )


def _loss(arrays: Arrays, first: str, second: str, *, required: bool = False) -> Part:
    """Training loss at the end, one kind minus another, paired by seed."""
    ends = arrays["loss"][:, -1]
    return Part(
        what=f"training loss of {first} units minus that of {second}",
        estimate=statistics.mean(ends[NAMES.index(first)] - ends[NAMES.index(second)]),
        unit="nat",
        region=(0.0, math.inf) if required else None,
    )


def _loss_of_all(arrays: Arrays) -> Part:
    """Training loss with the sign trick subtracted from that without it, of every seed there is."""
    first, second = (arrays["loss"][NAMES.index(name), -1] for name in PAIRS[1])
    further = arrays["loss_more"][0] - arrays["loss_more"][1]
    return Part(
        what=f"training loss of {' units minus that of '.join(PAIRS[1])}, with further seeds",
        estimate=statistics.mean(np.concatenate([first - second, further])),
        unit="nat",
        region=(0.0, math.inf),
    )


def _limit(limit: float) -> str:
    """A limit in words."""
    return "not clipped" if np.isinf(limit) else f"clipped at {limit:g} mean norms"


def _doublings(
    rate: Float[np.ndarray, "rates"], error: Float[np.ndarray, "limits rates seeds"], at: int
) -> Float[np.ndarray, "seeds"]:
    """How often the largest usable rate doubles under a limit, seed by seed."""
    return np.log2(largest_usable(rate, error[at]) / largest_usable(rate, error[NONE]))


def _difference(
    values: Float[np.ndarray, "kinds sizes seeds"],
    arrays: Arrays,
    size: int,
    names: tuple[str, str] = ("rectifier", "tanh"),
) -> Float[np.ndarray, "seeds"]:
    """One kind minus another with so many examples, seed by seed."""
    place = arrays["train_size"].tolist().index(size)
    first, second = (values[LEARNERS.index(name), place] for name in names)
    return first - second
