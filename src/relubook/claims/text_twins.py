"""Twins of the claims about Table 2: small networks and a hundred invented reviews with stars."""

import functools

import numpy as np

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.experiments.table_2_networks import opened, trained
from relubook.experiments.table_2_values import Config, errors, zeros
from relubook.experiments.text_networks import Restoring

_TERMS = 400
_SMALL = Config(
    data="reviews", width=24, folds=5, seeds=tuple(range(5)), labeled=100, unlabeled=1_500,
    tested=1_000, linear_rates=(0.6,), learning_rates=(0.2,), l1=1e-4, batch_size=20, epochs=10,
    restoring=Restoring(
        rates=(0.2,), epochs=6, batch_size=40, masked=0.5, zeros=1.0, judged=200
    ),
)  # fmt: skip
_LINEAR, _ONE, _THREE, _TANH = (
    "no hidden layer", "rectifier, 1 layer", "rectifier, 3 layers", "tanh, 3 layers",
)  # fmt: skip


def layers_help() -> tuple[Part, ...]:
    """100 labels: a pretrained layer errs as no hidden layer does."""
    return (_difference((_LINEAR, "none"), (_ONE, "with"), (-0.06, 0.06)),)


def pretraining_helps() -> tuple[Part, ...]:
    """100 labels: pretraining helps three layers of either kind of units."""
    return tuple(
        _difference((name, "none"), (name, "with"), (-0.05, 0.2)) for name in (_THREE, _TANH)
    )


def tanh_behind() -> tuple[Part, ...]:
    """100 labels: pretrained tanh networks err no more than rectifiers do."""
    return (_difference((_TANH, "with"), (_THREE, "with"), (-0.15, 0.05)),)


def zeros_grow() -> tuple[Part, ...]:
    """100 labels: pretrained rectifiers are less silent than others; tanh units never are."""
    rows = (
        ("one pretrained layer of rectifiers", zeros(_arrays(), _ONE, "with"), (0.0, 40.0)),
        ("three pretrained layers of rectifiers", zeros(_arrays(), _THREE, "with"), (10.0, 55.0)),
        ("three pretrained layers of tanh units", zeros(_arrays(), _TANH, "with"), (0.0, 0.1)),
    )
    return tuple(
        Part(
            what=f"exact zeros of small networks on words, {name}",
            estimate=statistics.mean(values), unit="%", region=region,
        )
        for name, values, region in rows
    )  # fmt: skip


def _difference(more: tuple[str, str], less: tuple[str, str], region: tuple[float, float]) -> Part:
    """The error of one cell minus that of another, fold by fold."""
    names = [name + ", pretrained" * (start == "with") for name, start in (more, less)]
    return Part(
        what=f"error in stars of small networks on invented reviews, {' minus '.join(names)}",
        estimate=statistics.mean(errors(_arrays(), *more) - errors(_arrays(), *less)),
        unit="stars",
        region=region,
    )


@functools.cache
def _arrays() -> dict[str, np.ndarray]:
    """A small "table-2" on invented reviews of 400 terms."""
    data = datasets.load(_SMALL.data, terms=_TERMS)
    return trained(_SMALL, opened(_SMALL, data).dense()).arrays()
