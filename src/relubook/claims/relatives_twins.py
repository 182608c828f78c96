"""Twins of the claims about relatives: small networks on embedded digits, short trainings.

Their regions were fixed by earlier trials, and so were the learning rates.
"""

import functools
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.experiments.normalized_starts import KINDS as NORMALIZED
from relubook.experiments.relatives_networks import begin, codes, learn
from relubook.experiments.relatives_values import KINDS, SLOPED, SMOOTH
from relubook.experiments.training_map_courses import begin as begin_deep
from relubook.training import Schedule, grid

_SEEDS = range(5)
_RATES = {"ELU": 0.05, "SELU": 0.05}  # all others: 0.1

PerSeed = Float[np.ndarray, "seeds"]


def slope_below_zero() -> tuple[Part, ...]:
    """2,000 digits, 3 epochs: a slope below zero leaves no exact zeros, and errors much alike."""
    return (
        *_zeros({"rectifier": (30.0, 50.0)} | dict.fromkeys(SLOPED, (0.0, 0.01))),
        *_alike(SLOPED),
    )


def smooth_relatives() -> tuple[Part, ...]:
    """2,000 digits, 3 epochs: smooth units have hardly any exact zeros, and errors much alike."""
    return (*_zeros(dict.fromkeys(SMOOTH, (0.0, 0.2))), *_alike(SMOOTH))


def centered() -> tuple[Part, ...]:
    """2,000 digits, 3 epochs: the mean output of ELUs and SELUs is small beside its size."""
    return tuple(
        Part(
            what=f"|mean output| over mean |output| after a short training, {name}",
            estimate=statistics.mean(_trained(name)["mean_over_abs"]),
            unit="1",
            region=region,
        )
        for name, region in (
            ("rectifier", (0.999, 1.001)),
            ("ELU", (0.3, 0.8)),
            ("SELU", (0.0, 0.3)),
        )
    )


def normalization() -> tuple[Part, ...]:
    """Ten layers from torch's default, 2,000 digits: at chance without normalization only."""
    return tuple(
        Part(
            what=f"validation error of 10 layers after 124 steps from torch's default, {name}",
            estimate=statistics.mean(_deep(name)),
            unit="%",
            region=region,
        )
        for name, region in (("plain", (80.0, 100.0)), ("normalized", (0.0, 50.0)))
    )


def _zeros(regions: Mapping[str, tuple[float, float]]) -> tuple[Part, ...]:
    """Exact zeros after the short training."""
    return tuple(
        Part(
            what=f"exact zeros after a short training, {name}",
            estimate=statistics.mean(100 * _trained(name)["zeros"]),
            unit="%",
            region=region,
        )
        for name, region in regions.items()
    )


def _alike(kinds: Sequence[str]) -> tuple[Part, ...]:
    """Test errors after the short training, beside the rectifier's."""
    rectifier = _trained("rectifier")["test_error"]
    return tuple(
        Part(
            what=f"test error after a short training, rectifier minus {name}",
            estimate=statistics.mean(100 * (rectifier - _trained(name)["test_error"])),
            unit="points",
            region=(-3.0, 3.0),
        )
        for name in kinds
    )


@functools.cache
def _trained(kind: str) -> dict[str, PerSeed]:
    """Numbers of small networks of a kind after 3 epochs on 2,000 digits [1]."""
    data = datasets.load("mnist-5k").subset(train=2000)
    network = begin(KINDS[kind], data, width=50, depth=2, seeds=tuple(_SEEDS))
    hyper = grid(learning_rate=_RATES.get(kind, 0.1), seed=list(_SEEDS))
    history = learn(network, data, hyper, Schedule(epochs=3, batch_size=32, keep="last"))
    found = codes(network, data.test.x, history.best_epoch)
    return {name: values.mean(axis=1) for name, values in found.items()} | {
        "test_error": history.test_error[-1]
    }


def _deep(kind: str) -> PerSeed:
    """Validation errors of ten narrow layers after 2 epochs on 2,000 digits [%]."""
    data = datasets.load("mnist-5k").subset(train=2000)
    network = begin_deep(
        data, activation=NORMALIZED[kind], width=32, depth=10, start="torch's default",
        seeds=_SEEDS,
    )  # fmt: skip
    hyper = grid(learning_rate=0.1, seed=list(_SEEDS))
    history = learn(network, data, hyper, Schedule(epochs=2, batch_size=32, keep="last"))
    return 100 * np.nan_to_num(history.validation_error[-1], nan=1.0)
