"""A sentence of this book: what came after the paper gives what pretraining gave."""

import math
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.statistics import Estimate
from relubook.claims.values import Arrays, Claim, Part
from relubook.experiments.pretrained import pretrained, recipe_of
from relubook.experiments.since_2011_networks import best_of_rates, labeled
from relubook.experiments.since_2011_values import FEW, KINDS, behind, place_of
from relubook.negation import negated
from relubook.networks import MLP

_PRETRAINED, _JUDGED = "2011, pretrained", "He, Adam"
_ALIKE = 0.5  # points of test error
_SEEDS = tuple(range(5))


def later_methods(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 55, from "since-2011": every kind beside the pretrained networks of 2011."""
    few = place_of(arrays, FEW)
    others = [kind for kind in KINDS if kind not in (_PRETRAINED, _JUDGED)]
    rest = [place for place in range(len(arrays["labels"])) if place != few]
    return (
        _part(arrays, _JUDGED, few, region=(-math.inf, _ALIKE)),
        *(_part(arrays, kind, few) for kind in others),
        *(_part(arrays, kind, place) for place in rest for kind in (_JUDGED, *others)),
    )


def _part(arrays: Arrays, kind: str, place: int, region: tuple[float, float] | None = None) -> Part:
    """How much more one kind errs, paired by seed."""
    return Part(
        what=f"test error with {int(arrays['labels'][place]):,} labels, “{kind}” minus "
        f"“{_PRETRAINED}”",
        estimate=_paired(arrays, kind, place),
        unit="points",
        region=region,
    )


def _paired(arrays: Arrays, kind: str, place: int) -> Estimate:
    """The mean over the seeds of which neither network diverged."""
    values = behind(arrays, kind, _PRETRAINED)[place]
    return statistics.mean(values[np.isfinite(values)])


def one_layer() -> tuple[Part, ...]:
    """One layer of 64 rectifiers, 500 digits, 100 labels, 8 passes: all err about alike."""
    data, widths = datasets.load("mnist-5k").subset(train=500, validation=200, test=1000), (64,)
    learned = pretrained(
        widths, data, activation="rectifier", seeds=_SEEDS, rates=(0.03,), l1=0.001,
        recipe=recipe_of("rectifier", data, epochs=4),
    )  # fmt: skip
    rows = labeled(data, FEW, _SEEDS)

    def drawn(initialization: str) -> Callable[[], MLP]:
        shape = (data.inputs, *widths, data.outputs)
        return lambda: negated(MLP(shape, seeds=_SEEDS, initialization=initialization))

    def error(start: Callable[[], MLP], optimizer: str, rate: float) -> Float[np.ndarray, "seeds"]:
        found = best_of_rates(
            start, data, rows, optimizer, rates=(rate,), l1=0.001, epochs=8, batch_size=10
        )
        return 100 * found["test_error"]

    first = error(lambda: negated(learned.network), "SGD", 0.1)
    others = {
        "without pretraining": (error(drawn("glorot"), "SGD", 0.1), (-4.0, 5.0)),
        "He's range and Adam": (error(drawn("he"), "Adam", 0.003), (-6.0, 3.0)),
    }
    return tuple(
        Part(
            what=f"test error of small networks with {FEW} labels, {name} minus pretrained",
            estimate=statistics.mean(values - first),
            unit="points",
            region=region,
        )
        for name, (values, region) in others.items()
    )


CLAIMS = (
    Claim(
        id="later-methods-replace-pretraining",
        chapter="pretraining",
        number=55,
        statement="With few labels, He's range and Adam give what pretraining gives.",
        page="",
        paper=(),
        experiment="since-2011",
        data="mnist",
        test=later_methods,
        interval="t interval over seeds, paired: the networks of a seed have the same labels",
        threshold=f"with {FEW} labels, the test error of “{_JUDGED}” minus that of "
        f"“{_PRETRAINED}” is below {_ALIKE:g} points with its whole interval; both are "
        "younger than the paper: the paper gives no number",
        flips=(
            "Labels: with all 5,000 of them the two differ by less than half a point on average "
            "(the same record).",
            "The step of pretraining: with one five times as large as the live cell's, twelve "
            "networks with 100 labels erred 44 to 67 points more than those that were not "
            "pretrained at all (a trial, not recorded).",
        ),
        twin=one_layer,
    ),
)
