"""A sentence of this book: what all inputs share kills rectifiers while they restore."""

import math
from dataclasses import replace

import numpy as np
from jaxtyping import Float

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.statistics import Estimate
from relubook.claims.values import Arrays, Claim, Part
from relubook.datasets import Dataset
from relubook.experiments.centered import centered
from relubook.experiments.centered_values import INPUTS, added, dead_by_seed
from relubook.experiments.pretrained import pretrained
from relubook.pretraining import Recipe

_DIE, _LIVE = 20.0, 5.0  # points and % of the first layer's units
_OWN, _CENTERED = INPUTS
_SEEDS = tuple(range(5))


def shared_part_kills(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 56, from "centered-inputs": dead units of the first layer, then what it changes."""
    shares = {inputs: dead_by_seed(arrays, inputs) for inputs in INPUTS}
    more = {inputs: added(arrays, inputs) for inputs in INPUTS}
    return (
        Part(
            what="dead units of the first layer after restoring, mean of the rates tried, inputs "
            "as they are minus centered",
            estimate=_mean(shares[_OWN] - shares[_CENTERED]),
            unit="points",
            region=(_DIE, math.inf),
        ),
        Part(
            what="the same with centered inputs, at the rate of lowest cost",
            estimate=_mean(100 * _kept(arrays, "restore_dead", _CENTERED)),
            unit="%",
            region=(0.0, _LIVE),
        ),
        *(
            Part(
                what=f"what pretraining adds to the test error, inputs {inputs}",
                estimate=_mean(values),
                unit="points",
            )
            for inputs, values in more.items()
        ),
        Part(
            what="what it adds with inputs as they are minus what it adds with centered ones",
            estimate=_mean(more[_OWN] - more[_CENTERED]),
            unit="points",
        ),
        *_restoring(arrays),
    )


def _restoring(arrays: Arrays) -> tuple[Part, ...]:
    """What the inputs share, and the lowest costs of the first layer, for information."""
    shared = 100 * float(arrays["shared"])
    number = Estimate(value=shared, low=shared, high=shared, visible=0.0, n=1, method="computed")
    costs = (
        Part(
            what=f"cost of restoring, first layer, inputs {inputs}",
            estimate=_mean(_kept(arrays, "restore_error", inputs)),
            unit="1",
        )
        for inputs in INPUTS
    )
    return (
        Part(what="squared norm of the mean input over the mean one", estimate=number, unit="%"),
        *costs,
    )


def _kept(arrays: Arrays, quantity: str, inputs: str) -> Float[np.ndarray, "seeds"]:
    """Of the first layers that the networks went on with; NaN where none had a finite cost."""
    place = INPUTS.index(inputs), 0
    return np.where(np.isfinite(arrays["restore_error"][place]), arrays[quantity][place], np.nan)


def _mean(values: Float[np.ndarray, "seeds"]) -> Estimate:
    """Of the seeds that have a number; n says how many those are."""
    return statistics.mean(values[np.isfinite(values)])


def one_layer() -> tuple[Part, ...]:
    """A few passes of small layers: pairs of pictures, less their mean, and digits plus 1."""
    pictures = datasets.load("norb").subset(train=400, validation=300, test=1)
    digits = datasets.load("mnist-5k").subset(train=300, validation=300, test=1)
    lifted = replace(
        digits,
        train=replace(digits.train, x=digits.train.x + 1),
        validation=replace(digits.validation, x=digits.validation.x + 1),
    )
    rows = {
        "pictures as they are": (pictures, (60.0, 100.0)),
        "pictures, centered": (centered(pictures), (0.0, 5.0)),
        "digits": (digits, (0.0, 30.0)),
        "digits with 1 added to every pixel": (lifted, (80.0, 100.0)),
        "digits, centered": (centered(lifted), (0.0, 5.0)),
    }
    return tuple(
        Part(
            what=f"dead units of one small layer after restoring a little, {name}",
            estimate=statistics.mean(_dead(data)),
            unit="%",
            region=region,
        )
        for name, (data, region) in rows.items()
    )


def _dead(data: Dataset) -> Float[np.ndarray, "seeds"]:
    """Of 32 rectifiers, after four passes at one rate [%]."""
    learned = pretrained(
        (32,), data, activation="rectifier", seeds=_SEEDS, rates=(0.01,), l1=0.001,
        recipe=Recipe(epochs=4, reconstruction="linear", choose=True),
    )  # fmt: skip
    return 100 * learned.arrays()["restore_dead"][0]


CLAIMS = (
    Claim(
        id="shared-part-kills",
        chapter="pretraining",
        number=56,
        statement="Rectifiers die while they restore because of what all inputs share: with the "
        "mean subtracted, they live.",
        page="",
        paper=(),
        experiment="centered-inputs",
        data="norb",
        test=shared_part_kills,
        interval="t interval over seeds, paired: the networks of a seed begin with the same "
        "weights, whichever the inputs",
        threshold=f"of the first layer's rectifiers, at least {_DIE:g} points more are dead with "
        "inputs as they are than with centered ones, mean of the learning rates tried, with the "
        f"whole interval; and of those with centered inputs at most {_LIVE:g} % are dead at the "
        "rate of lowest cost. Fixed after trials on 2,000 examples with three other seeds, in "
        "which about half died or none, and before the recorded run; the paper gives no number",
        flips=(
            "The pictures: 2,000 digits of MNIST-5k as they are share less (40 rather than 51 %), "
            "and with rates from 0.01 to 0.0003 an eighth of the rectifiers die, too few for this "
            "threshold. With 1 added to every pixel nearly all die, with the mean subtracted none "
            "(a trial, not recorded).",
            "The learning rate: at a third of the smallest rate 6 % of the rectifiers die with "
            "inputs as they are, at a tenth of it 1 %; so slowly they have hardly begun to "
            "restore after 8 passes (a trial, not recorded).",
        ),
        twin=one_layer,
    ),
)
