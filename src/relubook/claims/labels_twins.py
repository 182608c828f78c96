"""Twins of the claims about labels: small digits, few of them with a label, short trainings.

Regions were fixed by earlier trials, and so were the learning rates. All seeds have the same labels
here: their networks then train side by side.
"""

import functools
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.datasets import Dataset, Split
from relubook.experiments.figure_4_networks import labeled
from relubook.experiments.pretrained import (
    STARTS,
    begin,
    fine_tuned,
    pretrained,
    recipe_of,
)
from relubook.networks import MLP
from relubook.training import Schedule

_HIDDEN, _L1, _BATCH = (48,) * 3, 0.001, 20
_SEEDS = tuple(range(5))
_FEW, _MANY = (60, 50), (1000, 6)  # labels, passes over them
_SIDE = 14  # pixels

PerSeed = Float[np.ndarray, "starts seeds"]


def gain_shrinks() -> tuple[Part, ...]:
    """3,000 digits of 14 x 14: what was learned without labels helps 60 labels, and 1,000 little.

    Units are rectifiers; the thousand get too few passes to say more than that.
    """
    return (
        _saved("60 labels", _FEW, (0.0, 12.0)),
        _saved("1,000 labels", _MANY, (-4.0, 6.0)),
    )


def regularizes() -> tuple[Part, ...]:
    """The same 60 labels: the test error falls; so does the training cost, but by hundredths."""
    none, pretraining = _learned(*_FEW)["last_loss"]
    return (
        _saved("60 labels", _FEW, (0.0, 12.0)),
        Part(
            what="training cost in the last epoch, with pretraining minus without",
            estimate=statistics.mean(pretraining - none),
            unit="nat",
            region=(-0.1, 0.0),
        ),
    )


def _saved(words: str, labels: tuple[int, int], region: tuple[float, float]) -> Part:
    """What pretraining saves of the test error."""
    none, pretraining = _learned(*labels)["test_error"]
    return Part(
        what=f"saved by pretraining with {words}",
        estimate=statistics.mean(100 * (none - pretraining)),
        unit="points",
        region=region,
    )


@functools.cache
def _learned(labels: int, epochs: int) -> dict[str, PerSeed]:
    """Networks without and with pretraining, by name."""
    data = labeled(_small_digits(), labels, seed=1)
    schedule = Schedule(epochs=epochs, batch_size=_BATCH)
    found = [
        fine_tuned(start, data, rates=(0.1,), l1=_L1, schedule=schedule) for start in _starts()
    ]
    return {name: np.stack([each[name] for each in found]) for name in ("test_error", "last_loss")}


@functools.cache
def _starts() -> tuple[MLP, MLP]:
    """Networks as `STARTS` names them: as they were drawn, and after restoring all digits."""
    data = _small_digits()
    recipe = recipe_of("rectifier", data, epochs=5, batch_size=_BATCH)
    learned = pretrained(
        _HIDDEN, data, activation="rectifier", seeds=_SEEDS, rates=(0.06, 0.03), recipe=recipe,
        l1=_L1,
    )  # fmt: skip
    assert STARTS == ("none", "with")
    return begin(_HIDDEN, data, activation="rectifier", seeds=_SEEDS), learned.network


@functools.cache
def _small_digits() -> Dataset:
    """Embedded digits, each 2 x 2 pixels averaged to one."""
    data = datasets.load("mnist-5k").subset(validation=100, test=600)
    splits = {name: _averaged(getattr(data, name)) for name in ("train", "validation", "test")}
    return replace(
        data, **splits, name=f"{data.name}, {_SIDE} x {_SIDE}", image_shape=(_SIDE,) * 2, sha256=""
    )


def _averaged(split: Split) -> Split:
    """The same digits with a quarter of the pixels."""
    blocks = split.x.view(len(split), _SIDE, 2, _SIDE, 2)
    return replace(split, x=blocks.mean((2, 4)).flatten(1).contiguous())
