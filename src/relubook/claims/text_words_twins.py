"""Twins of the claims about product reviews and vocabularies, on invented reviews."""

import functools
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.datasets import Dataset, Split
from relubook.experiments import representation
from relubook.experiments.pretrained import begin, fine_tuned
from relubook.experiments.representation_values import errors
from relubook.experiments.text_networks import Restoring, pool, restored
from relubook.networks import MLP
from relubook.training import Schedule

_TERMS = 500
_SEEDS = tuple(range(5))
_HIDDEN = (24, 24, 24)
_FEW, _MORE = 100, 600  # labels
_NEUTRAL = 2  # the class of three stars
_L1 = 1e-4


def polarity() -> tuple[Part, ...]:
    """600 labels: whether an invented review is good or bad, with hidden layers and without."""
    linear, deep = (
        100 * (1 - _error(begin(hidden, _polar(), activation="rectifier", seeds=_SEEDS), _MORE))
        for hidden in ((), (24,))
    )
    return (
        Part(
            what="accuracy on invented reviews, no hidden layer",
            estimate=statistics.mean(linear), unit="%", region=(75.0, 95.0),
        ),
        Part(
            what="the same with a layer of rectifiers minus without",
            estimate=statistics.mean(deep - linear), unit="points", region=(-4.0, 4.0),
        ),
    )  # fmt: skip


def labels() -> tuple[Part, ...]:
    """100 labels and 600: pretraining hardly moves small tanh networks on polarity."""
    gains = [
        100 * (_error(begin(_HIDDEN, _polar(), activation="tanh", seeds=_SEEDS), count)
               - _error(_restored(), count))
        for count in (_FEW, _MORE)
    ]  # fmt: skip
    return tuple(
        Part(
            what=f"accuracy that pretraining gives small tanh networks with {count} labels",
            estimate=statistics.mean(values), unit="points", region=(-6.0, 6.0),
        )
        for count, values in zip((_FEW, _MORE), gains, strict=True)
    )  # fmt: skip


def terms() -> tuple[Part, ...]:
    """Few terms are enough to miss something: of 100, and of 400, without a hidden layer."""
    config = replace(representation.configure("smoke"), seeds=_SEEDS)
    few, more = errors(representation.run(config).arrays(), "no hidden layer", 0)
    return (
        Part(
            what="error in stars with 400 terms over that with 100, less 1, invented reviews",
            estimate=statistics.mean(100 * (more / few - 1)), unit="%", region=(-8.0, 2.0),
        ),
    )  # fmt: skip


def _error(starts: MLP, count: int) -> Float[np.ndarray, "seeds"]:
    """Test errors of small networks that have learned with so many labels [1]."""
    data = _polar()
    few = replace(data, train=data.train.take(torch.arange(count)), sha256="")
    schedule = Schedule(epochs=12)
    found = fine_tuned(starts, few, rates=(0.1,), l1=_L1, schedule=schedule, negate=False)
    return found["test_error"]


@functools.cache
def _polar() -> Dataset:
    """Invented reviews of 500 terms with many stars or few, and no others."""
    data = datasets.load("reviews", terms=_TERMS).subset(train=2_500, validation=500, test=1_200)
    splits = {name: _sided(getattr(data.dense(), name)) for name in ("train", "validation", "test")}
    return replace(data, **splits, classes=("bad", "good"), unlabelled=None, recipe="", sha256="")


def _sided(split: Split) -> Split:
    """Those without three stars."""
    kept = split.take((split.y != _NEUTRAL).nonzero()[:, 0])
    return replace(kept, y=(kept.y > _NEUTRAL).long())


@functools.cache
def _restored() -> MLP:
    """Tanh networks that have learned to restore invented reviews."""
    data = _polar()
    restoring = Restoring(rates=(0.1,), epochs=6, batch_size=20, masked=0.5, zeros=1.0, judged=200)
    return restored(
        _HIDDEN, pool(data.train.x, None, data, judged=restoring.judged), activation="tanh",
        seeds=_SEEDS, restoring=restoring, l1=_L1,
    ).network  # fmt: skip
