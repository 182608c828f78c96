"""Twins of the claims about Table 1: small networks on embedded digits, short trainings.

Their regions were fixed by earlier trials. So little training shows how the numbers come about, not
who is ahead at the end.
"""

import functools

import numpy as np

from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.experiments import table_1
from relubook.experiments.table_1_values import Config, cell, errors, gain

_SMALL = Config(
    data="mnist-5k", hidden=(32, 32), restoring_rates=(0.001,), learning_rates=(0.1, 0.02),
    l1=0.001, seeds=tuple(range(5)), batch_size=10, restoring_epochs=8, epochs=6,
    examples=(500, 200, 1000),
)  # fmt: skip


def unpretrained_order() -> tuple[Part, ...]:
    """500 digits, 6 epochs: without pretraining rectifiers err less than softplus units."""
    own = errors(_arrays(), "rectifier", "none")
    return tuple(
        Part(
            what=f"test error of small networks without pretraining, {unit} minus rectifier",
            estimate=statistics.mean(errors(_arrays(), unit, "none") - own),
            unit="points",
            region=region,
        )
        for unit, region in (("tanh", (-3.0, 3.0)), ("softplus", (0.0, 20.0)))
    )


def pretrained_alike() -> tuple[Part, ...]:
    """500 digits, 6 epochs: tanh networks err as they do without, rectifier networks more."""
    regions = {"tanh": (-4.0, 4.0), "rectifier": (-60.0, 0.0)}
    return tuple(
        Part(
            what=f"test error of small {unit} networks without pretraining minus with it",
            estimate=statistics.mean(gain(_arrays(), unit)),
            unit="points",
            region=region,
        )
        for unit, region in regions.items()
    )


def least_gain() -> tuple[Part, ...]:
    """500 digits, 6 epochs: softplus networks gain more than rectifier networks."""
    return (
        Part(
            what="gain of small networks from pretraining, softplus minus rectifier",
            estimate=statistics.mean(gain(_arrays(), "softplus") - gain(_arrays(), "rectifier")),
            unit="points",
            region=(0.0, 50.0),
        ),
    )


def zeros() -> tuple[Part, ...]:
    """500 digits, 6 epochs: about half of a rectifier's outputs are 0, no others are."""
    regions = {"rectifier": (40.0, 75.0), "tanh": (0.0, 0.01), "softplus": (0.0, 0.01)}
    return tuple(
        Part(
            what=f"exact zeros of small networks after a short training, {unit}",
            estimate=statistics.mean(100 * cell(_arrays(), "zeros", unit, "none")),
            unit="%",
            region=region,
        )
        for unit, region in regions.items()
    )


def softplus_gain() -> tuple[Part, ...]:
    """500 digits, 6 epochs: after so little of it, pretraining harms softplus networks."""
    return (
        Part(
            what="test error of small softplus networks without pretraining minus with it",
            estimate=statistics.mean(gain(_arrays(), "softplus")),
            unit="points",
            region=(-40.0, 0.0),
        ),
    )


@functools.cache
def _arrays() -> dict[str, np.ndarray]:
    """The small table, made once."""
    return table_1.run(_SMALL).arrays()
