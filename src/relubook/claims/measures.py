"""What the claims about exact zeros measure: functions from a record's arrays to parts."""

import math

import numpy as np
from jaxtyping import Bool, Float

from relubook import paper
from relubook.claims import statistics
from relubook.claims.values import Arrays, Part
from relubook.experiments.figure_3 import COLLAPSED

_PLATEAU_END = paper.STATED["harmless_zeros_up_to"].value
_TOO_SPARSE = 97.0


def half_zeros(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 1, from the record "initialization": zeros of each layer, without the sign trick."""
    layers = 100 * arrays["zero_fraction"][0].T  # [layers seeds]
    return tuple(
        Part(
            what=f"zeros in hidden layer {layer}",
            estimate=statistics.mean(zeros),
            unit="%",
            region=(48.0, 52.0),
        )
        for layer, zeros in enumerate(layers, start=1)
    )


def exact_sparsity(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 11, from "figure-3": zeros of the networks trained with the paper's penalty."""
    zeros, _, kept = _networks(arrays)
    asked = paper.PROTOCOL["l1"].value
    chosen = kept & (abs(arrays["l1"] / asked - 1) <= 0.05)
    printed = paper.EXACT_ZEROS["mnist"].value
    return (
        Part(
            what=f"zeros with L1 {asked:g}",
            estimate=statistics.mean(zeros[chosen]),
            unit="%",
            region=(printed - 5, printed + 5),
        ),
    )


def plateau(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 12, from "figure-3": error against zeros, below and above 85 %, and the bend."""
    zeros, error, kept = _networks(arrays)
    zeros, error = zeros[kept], error[kept]
    below = zeros < _PLATEAU_END
    low, high = (paper.STATED[f"similar_error_zeros_{end}"].value for end in ("low", "high"))
    near = (zeros >= low) & (zeros < high)
    rate = "points per % of zeros"
    return (
        Part(
            what=f"slope of the error below {_PLATEAU_END:g} % zeros",
            estimate=statistics.slope(zeros[below], error[below]),
            unit=rate,
            region=(-0.03, 0.03),
            contains=0.0,
        ),
        Part(
            what=f"slope of the error from {_PLATEAU_END:g} % zeros up",
            estimate=statistics.slope(zeros[~below], error[~below]),
            unit=rate,
            region=(0.03, math.inf),
        ),
        Part(
            what="where a flat line begins to rise",
            estimate=statistics.bend(zeros, error),
            unit="% zeros",
            region=(82.0, 90.0),
        ),
        Part(
            what=f"slope of the error from {low:g} to {high:g} % zeros",
            estimate=statistics.slope(zeros[near], error[near]),
            unit=rate,
        ),
        Part(
            what="where a line of any slope bends upward",
            estimate=statistics.bend(zeros, error, flat=False),
            unit="% zeros",
        ),
        _left_out(kept),
    )


def sparse_without_penalty(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 13, from "figure-3": zeros of the networks trained with no penalty at all."""
    zeros, _, kept = _networks(arrays)
    return (
        Part(
            what="zeros without an L1 penalty",
            estimate=statistics.mean(zeros[kept & (arrays["l1"] == 0)]),
            unit="%",
            region=(65.0, 80.0),
        ),
    )


def too_sparse(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 14, from "figure-3": error of the sparsest networks over that of the plateau."""
    zeros, error, kept = _networks(arrays)
    return (
        Part(
            what=f"error at {_TOO_SPARSE:g} % zeros or more over error below {_PLATEAU_END:g} %",
            estimate=statistics.ratio_of_means(
                error[kept & (zeros >= _TOO_SPARSE)], error[kept & (zeros < _PLATEAU_END)]
            ),
            unit="1",
            region=(1.4, math.inf),
        ),
        _left_out(kept),
    )


def _left_out(kept: Bool[np.ndarray, "networks"]) -> Part:
    """How many networks no fit includes: they diverged, or err on more than half of the digits."""
    return Part(
        what="networks left out, collapsed or diverged",
        estimate=statistics.count(int((~kept).sum()), n=len(kept)),
        unit="1",
    )


def _networks(
    arrays: Arrays,
) -> tuple[
    Float[np.ndarray, "networks"], Float[np.ndarray, "networks"], Bool[np.ndarray, "networks"]
]:
    """Zeros [%] and test error [%] of each network, and which of them still work."""
    error = arrays["test_error"].astype(float)
    kept = (arrays["diverged"] < 0) & (error < COLLAPSED)
    return 100 * arrays["zeros"].astype(float), 100 * error, kept
