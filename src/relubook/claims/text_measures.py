"""What "table-2" says about the sentences on it: each from a record's arrays to measurements."""

import math

import numpy as np
from jaxtyping import Float

from relubook.claims import statistics
from relubook.claims.statistics import Estimate
from relubook.claims.values import Arrays, Part
from relubook.experiments.table_2_values import CELLS, DEPTH, errors, place, zeros

_LINEAR, _ONE, _THREE, _TANH = (
    "no hidden layer", "rectifier, 1 layer", "rectifier, 3 layers", "tanh, 3 layers",
)  # fmt: skip
_ABOVE = (0.0, math.inf)
HALF = 50.0  # % zeros of rectifiers before training


def layers_help(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 18: what each step to more pretrained layers takes off the error."""
    return (
        _difference(arrays, (_LINEAR, "none"), (_ONE, "with"), region=_ABOVE),
        _difference(arrays, (_ONE, "with"), (_THREE, "with"), region=_ABOVE),
        _difference(arrays, (_LINEAR, "none"), (_ONE, "none")),
        _difference(arrays, (_ONE, "none"), (_THREE, "none")),
        *_cells(arrays),
    )


def pretraining_helps(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 57: what pretraining takes off the error of three layers of rectifiers."""
    return (
        _difference(arrays, (_THREE, "none"), (_THREE, "with"), region=_ABOVE),
        _difference(arrays, (_ONE, "none"), (_ONE, "with")),
        _difference(arrays, (_TANH, "none"), (_TANH, "with")),
        *_cells(arrays),
    )


def tanh_behind(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 58: how much more three pretrained layers of tanh units err."""
    return (
        _difference(arrays, (_TANH, "with"), (_THREE, "with"), region=_ABOVE),
        _difference(arrays, (_TANH, "none"), (_THREE, "none")),
        *_cells(arrays),
    )


def zeros_grow(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 59: exact zeros of one pretrained layer and of three."""
    one, three, tanh = (zeros(arrays, name, "with") for name in (_ONE, _THREE, _TANH))
    return (
        Part(
            what="exact zeros of one pretrained layer of rectifiers",
            estimate=_mean(one), unit="%", region=(0.0, HALF),
        ),
        Part(
            what="exact zeros of three pretrained layers, their mean, minus those of one",
            estimate=_mean(three - one), unit="points", region=_ABOVE,
        ),
        Part(
            what="exact zeros of three pretrained layers of tanh units",
            estimate=_mean(tanh), unit="%", region=(0.0, 0.1),
        ),
        *(
            Part(
                what=f"exact zeros of layer {layer + 1} of three, {words}",
                estimate=_mean(100 * arrays["zeros"][place(_THREE, start)][:, layer]), unit="%",
            )
            for start, words in (("with", "pretrained"), ("none", "without pretraining"))
            for layer in range(DEPTH)
        ),
    )  # fmt: skip


def _difference(
    arrays: Arrays,
    more: tuple[str, str],
    less: tuple[str, str],
    *,
    region: tuple[float, float] | None = None,
) -> Part:
    """The error of one cell minus that of another, fold by fold."""
    return Part(
        what=f"error in stars, {_words(more)} minus {_words(less)}",
        estimate=_mean(errors(arrays, *more) - errors(arrays, *less)),
        unit="stars",
        region=region,
    )


def _cells(arrays: Arrays) -> tuple[Part, ...]:
    """The error of each cell, for information."""
    return tuple(
        Part(what=f"error in stars, {_words(cell)}", estimate=_mean(errors(arrays, *cell)),
             unit="stars")
        for cell in CELLS
    )  # fmt: skip


def _words(cell: tuple[str, str]) -> str:
    """A cell's name."""
    return f"{cell[0]}, pretrained" if cell[1] == "with" else cell[0]


def _mean(values: Float[np.ndarray, "folds"]) -> Estimate:
    """Of the folds whose networks all lasted; n says how many those are."""
    return statistics.mean(values[np.isfinite(values)])
