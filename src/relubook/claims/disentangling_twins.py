"""Twins of the claims about disentangling: small networks on embedded digits.

Their regions were fixed by earlier trials.
"""

import math

import numpy as np
import torch
from jaxtyping import Float, Int

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.disentanglement import score
from relubook.experiments import image_changes
from relubook.experiments import small_changes as experiment
from relubook.experiments.quartet import UNITS
from relubook.networks import MLP, sizes
from relubook.training import Schedule, grid, train

_SEEDS = tuple(range(5))
_RECTIFIER = UNITS.index("rectifier")


def small_changes() -> tuple[Part, ...]:
    """Fewer entries move than with tanh or softplus; about as many as with logistic units."""
    config = experiment.Config(
        data="mnist-5k", width=48, depth=2, l1=(), seeds=_SEEDS, target=0.12, batch_size=32,
        epochs=15, train_examples=3_000, examples=300,
    )  # fmt: skip
    result = experiment.run(config)
    moved = experiment.metric(result.arrays())
    regions = {"tanh": (8.0, math.inf), "softplus": (8.0, math.inf), "logistic": (-6.0, 4.0)}
    noise = experiment.CHANGES.index("noise")
    return (
        *(
            Part(
                what=f"entries that move, {name} minus rectifier",
                estimate=statistics.mean(moved[name] - moved["rectifier"]),
                unit="points",
                region=region,
            )
            for name, region in regions.items()
        ),
        Part(
            what="active rectifiers shared before and after noise",
            estimate=statistics.mean(result.overlap[_RECTIFIER, noise].mean(0)),
            unit="1",
            region=(0.88, 0.97),
        ),
    )


def factors() -> tuple[Part, ...]:
    """Here it is so: on turned and faded digits, rectifiers are about fewer factors than tanh."""
    data, known = _digits()
    found = {name: _disentangled(name, data, known) for name in ("rectifier", "tanh")}
    return (
        Part(
            what="disentanglement D of a rectifier code minus that of a tanh code",
            estimate=statistics.mean(found["rectifier"] - found["tanh"]),
            unit="1",
            region=(0.0, 0.2),
        ),
        Part(
            what="D of a code of the factors themselves",
            estimate=statistics.mean(np.full(len(_SEEDS), _scored(known.astype(float), known))),
            unit="1",
            region=(1 - 1e-9, 1 + 1e-9),
        ),
    )


_TURNS, _INKS = (-40.0, 0.0, 40.0), (0.5, 1.0)  # degrees, share of the ink
_TRAINED, _ASKED = 1_200, 600  # digits


def _digits() -> tuple[datasets.Dataset, Int[np.ndarray, "examples factors"]]:
    """Digits turned and faded at random; class, angle and ink of those in the test split."""
    data = datasets.load("mnist-5k")
    generator = torch.Generator().manual_seed(0)
    splits, known = [], np.empty((0, 3), dtype=np.int64)
    for split, count in ((data.train, _TRAINED), (data.validation, 100), (data.test, _ASKED)):
        part = split.take(torch.arange(count))
        turn, ink = (torch.randint(len(n), (count,), generator=generator) for n in (_TURNS, _INKS))
        x = image_changes.rotated(part.x, (28, 28), torch.tensor(_TURNS)[turn])
        splits.append(datasets.Split(x=x * torch.tensor(_INKS)[ink][:, None], y=part.y))
        known = torch.stack([part.y, turn, ink], dim=1).numpy()
    train_split, validation, test = splits
    named = {"name": "digits, turned and faded", "source": "embedded", "sha256": "",
             "license": data.license, "citekey": data.citekey, "classes": data.classes}  # fmt: skip
    return datasets.Dataset(train=train_split, validation=validation, test=test, **named), known


def _disentangled(
    activation: str, data: datasets.Dataset, known: Int[np.ndarray, "examples factors"]
) -> Float[np.ndarray, "seeds"]:
    """D of the last of 2 x 32 units after 8 epochs [1]."""
    shape = sizes(inputs=data.inputs, width=32, depth=2, outputs=data.outputs)
    network = MLP(shape, seeds=_SEEDS, activation=activation)
    schedule = Schedule(epochs=8, batch_size=32, keep="last")
    train(network, data, grid(seed=_SEEDS, learning_rate=0.2), schedule)
    with torch.no_grad():
        codes = network.hidden(data.test.x.expand(len(_SEEDS), -1, -1))[-1].numpy()
    return np.array([_scored(code, known) for code in codes])


def _scored(
    code: Float[np.ndarray, "examples units"], known: Int[np.ndarray, "examples factors"]
) -> float:
    """D of a code, learned from most of the digits [1]."""
    fitting, testing = slice(0, _ASKED - 100), slice(_ASKED - 100, None)
    return score((code[fitting], known[fitting]), (code[testing], known[testing])).disentanglement
