"""What the claims about linear regions measure: functions from a record's arrays to parts."""

import math

import numpy as np
from jaxtyping import Float

from relubook.claims import statistics
from relubook.claims.values import Arrays, Part
from relubook.experiments.local_linearity_values import KINDS, RECTIFIER, rectifiers
from relubook.experiments.quartet import UNITS
from relubook.experiments.region_counts_values import STATES, exponents

EXACT, WRONG = 1e-8, 0.01  # of the change of the outputs
OWN, DIGITS = 99.0, 2000.0  # %, test digits
LINEAR = (0.9, 1.1)  # powers of the number of units
ALIKE, TIMES = 1.25, 3.0
NEURONS, LAYERS = 96, (1, 3, 6)


def linear_while_no_unit_flips(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 4, from "local-linearity": errors where no unit flips, and after a long step."""
    kept = arrays["kept_error"][rectifiers(len(arrays["l1"]))]
    error, steps = arrays["error"], arrays["steps"]
    required = (
        Part(
            what="largest error of the linear model where no unit flips, over the change",
            estimate=statistics.mean(_largest(kept)),
            unit="1",
            region=(0.0, EXACT),
        ),
        Part(
            what=f"median error after a step of length {steps[-1]:g}",
            estimate=statistics.mean(error[RECTIFIER, -1]),
            unit="1",
            region=(WRONG, math.inf),
        ),
    )
    smooth = (
        Part(
            what=f"median error of {name} after a step of length {steps[0]:g}",
            estimate=statistics.mean(error[at, 0]),
            unit="1",
        )
        for at, name in enumerate(UNITS)
        if at != RECTIFIER
    )
    share = 100 * arrays["reach_share"][0, KINDS.index("another class")]
    return (
        *required,
        *smooth,
        Part(
            what="way to a digit of another class until the first unit flips",
            estimate=statistics.mean(share),
            unit="%",
        ),
        *_on_the_way(arrays["pieces"]),
    )


def _on_the_way(pieces: np.ndarray) -> tuple[Part, ...]:
    """Pieces between digits of two classes, after training and before."""
    places = (("trained", 0), ("untrained", -1))
    return tuple(
        Part(
            what=f"linear pieces between digits of two classes, {name}",
            estimate=statistics.mean(pieces[place, KINDS.index("another class")].mean(0)),
            unit="pieces",
        )
        for name, place in places
    )


def _largest(kept: Float[np.ndarray, "groups steps seeds"]) -> Float[np.ndarray, "seeds"]:
    """The largest error of each seed; NaN where a unit flips everywhere."""
    largest = np.where(np.isnan(kept), -np.inf, kept).max(axis=(0, 1))
    return np.where(np.isinf(largest), np.nan, largest)


def exponentially_many(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 5, from "region-counts": patterns of digits, and how pieces on a line grow."""
    powers = exponents(arrays["neurons"], arrays["pieces"])
    seeds, few, many = powers.shape[1], arrays["neurons"][0], arrays["neurons"][-1]
    own = (
        Part(
            what=f"test digits with a pattern of their own, {state}",
            estimate=statistics.mean(100 * shares),
            unit="%",
            region=(OWN, math.inf),
        )
        for state, shares in zip(STATES, arrays["own"], strict=True)
    )
    required = (
        *own,
        Part(
            what="test digits",
            estimate=statistics.count(int(arrays["digits"]), n=seeds),
            unit="digits",
            region=(DIGITS, math.inf),
        ),
        Part(
            what=f"power of the units with which pieces on a line grow, {few} to {many} units",
            estimate=statistics.mean(powers.mean(0)),
            unit="1",
            region=LINEAR,
        ),
    )
    by_depth = (
        Part(
            what=f"the same power, {_layers(depth)}",
            estimate=statistics.mean(powers[at]),
            unit="1",
        )
        for at, depth in enumerate(arrays["depths"].tolist())
    )
    return (*required, *by_depth)


def depth(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 6, from "region-counts": 96 units in 1, 3 and 6 layers."""
    on_lines = {layers: _of(arrays, "pieces", "neurons", layers).mean(-1) for layers in LAYERS}
    pairs = [(a, b) for a in LAYERS for b in LAYERS if a < b]
    alike = (
        Part(
            what=f"pieces on a line of {NEURONS} units, {_layers(b)} over {_layers(a)}",
            estimate=statistics.ratio_of_means(on_lines[b], on_lines[a]),
            unit="1",
            region=(1 / ALIKE, ALIKE),
        )
        for a, b in pairs
    )
    in_the_plane = (
        Part(
            what=f"regions of {NEURONS} units over N²/2, {_layers(layers)}",
            estimate=statistics.mean(
                _of(arrays, "regions", "plane_neurons", layers) / (NEURONS**2 / 2)
            ),
            unit="1",
            region=(1 / TIMES, TIMES),
        )
        for layers in LAYERS
    )
    return (*alike, *in_the_plane)


def _of(arrays: Arrays, name: str, axis: str, layers: int) -> np.ndarray:
    """The counts [seeds ...] of networks of `NEURONS` units in so many layers."""
    (place,) = np.flatnonzero(arrays["depths"] == layers)
    (size,) = np.flatnonzero(arrays[axis] == NEURONS)
    return arrays[name][place, size].astype(float)


def _layers(number: int) -> str:
    return "1 layer" if number == 1 else f"{number} layers"
