"""The paper's sentence about what autoencoders over rectifiers should restore their inputs with."""

import math

import numpy as np

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.values import Arrays, Claim, Part
from relubook.experiments.pretrained import begin
from relubook.experiments.reconstruction_networks import again, relearn, restored
from relubook.experiments.reconstruction_values import KINDS, errors, saved

_JUDGED = ("2 logistic", "3 linear", "4 rectifier")  # one of each number, beside strategy 1
_FIRST = "1 softplus"
_SEEDS = tuple(range(5))


def rectifier_outputs(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 17, from "reconstruction": outputs that are stuck, and what each strategy is worth."""
    judged = tuple(_behind(arrays, kind, few=True, decides=True) for kind in _JUDGED)
    further = tuple(kind for kind in KINDS if kind not in (*_JUDGED, _FIRST))
    return (
        *_stuck(arrays),
        *judged,
        *(_behind(arrays, kind, few=True, decides=False) for kind in further),
        *(_behind(arrays, kind, few=False, decides=False) for kind in (*_JUDGED, *further)),
        *(_saved(arrays, few=few) for few in (True, False)),
    )


def _stuck(arrays: Arrays) -> tuple[Part, ...]:
    """Outputs of strategy 4 at 0 whose target is not, after the last pass, and the control."""
    share, control = 100 * arrays["stuck"][-1], 100 * arrays["linear_below"][-1]
    return (
        Part(
            what="positive targets that meet z <= 0 in the first layer, rectifier outputs "
            "(strategy 4) minus linear outputs (strategy 3)",
            estimate=statistics.mean(share[0] - control),
            unit="points",
            region=(0.0, math.inf),
        ),
        Part(
            what="largest |gradient| at such a rectifier output (0 by construction)",
            estimate=statistics.mean(arrays["stuck_gradient"][0]),
            unit="1",
            region=(0.0, 0.0),
        ),
        *(
            Part(
                what=f"positive targets that meet an output of 0, strategy 4, layer {place}",
                estimate=statistics.mean(values),
                unit="%",
            )
            for place, values in enumerate(share, start=1)
        ),
        Part(
            what="positive targets that meet an output of 0 or less, strategy 3, layer 1",
            estimate=statistics.mean(control),
            unit="%",
        ),
        Part(
            what="share of the summed target on outputs that are 0 for every digit, strategy 4, "
            "layer 1",
            estimate=statistics.mean(100 * arrays["silent"][-1, 0]),
            unit="%",
        ),
    )


def _behind(arrays: Arrays, kind: str, *, few: bool, decides: bool) -> Part:
    """What networks of one kind err more than those of strategy 1, paired by seed."""
    more = errors(arrays, kind, few=few) - errors(arrays, _FIRST, few=few)
    return Part(
        what=f"test error with {_words(few=few)}, strategy {kind} minus {_FIRST}",
        estimate=statistics.mean(more),
        unit="points",
        region=(0.0, math.inf) if decides else None,
    )


def _saved(arrays: Arrays, *, few: bool) -> Part:
    """What pretraining with strategy 1 saves."""
    return Part(
        what=f"test error with {_words(few=few)}, without pretraining minus strategy {_FIRST}",
        estimate=statistics.mean(saved(arrays, _FIRST, few=few)),
        unit="points",
    )


def _words(*, few: bool) -> str:
    """How many labels."""
    return "few labels" if few else "all labels"


def restored_digits() -> tuple[Part, ...]:
    """One layer of 32 rectifiers, 500 digits, 2 passes: who is stuck, and what is restored."""
    data = datasets.load("mnist-5k").subset(train=500, validation=200, test=200)
    network = begin((32,), data, activation="rectifier", seeds=_SEEDS)
    gained, found = {}, {}
    for kind in (_FIRST, "4 rectifier"):
        layer = again(network, 0, data, KINDS[kind].recipe(epochs=2, batch_size=10))
        before, _ = restored(layer, data.test.x)
        found[kind] = relearn(layer, np.full(len(_SEEDS), 0.01), 1e-3)[-1]
        gained[kind] = before - restored(layer, data.test.x)[0]
    fourth = found["4 rectifier"]
    return (
        Part(
            what="positive pixels whose rectifier output is 0 after a short training",
            estimate=statistics.mean(100 * fourth.share),
            unit="%",
            region=(5.0, 40.0),
        ),
        Part(
            what="largest |gradient| at one of these outputs",
            estimate=statistics.mean(fourth.gradient),
            unit="1",
            region=(0.0, 0.0),
        ),
        Part(
            what="mean |gradient| at outputs above 0",
            estimate=statistics.mean(fourth.free_gradient),
            unit="1",
            region=(0.01, math.inf),
        ),
        *(
            Part(
                what=f"squared error of a restored digit, before training less after it, {kind}",
                estimate=statistics.mean(values),
                unit="1",
                region=(0.0, math.inf),
            )
            for kind, values in gained.items()
        ),
    )


CLAIMS = (
    Claim(
        id="rectifier-outputs-block",
        chapter="pretraining",
        number=17,
        statement="An autoencoder whose outputs are rectifiers gets stuck: an output at zero in "
        "place of a target that is not gets no gradient. For images, softplus outputs with the "
        "squared error are the best of four strategies.",
        page="319",
        paper=(),
        experiment="reconstruction",
        data="mnist",
        test=rectifier_outputs,
        interval="t interval over seeds, errors paired by seed: the same first weights, and the "
        "same images with labels; that no gradient comes through is an identity",
        threshold="in the first layer after the last pass, the share of positive targets that meet "
        "z <= 0, with rectifier outputs (strategy 4) minus with linear outputs (strategy 3), is "
        "above 0 points (softplus and logistic outputs are above 0 for any z, and cannot be stuck "
        "at 0); the largest gradient at such a rectifier output is exactly 0, which it is by "
        "construction; with few labels, the test errors after strategy 2 (outputs scaled by one "
        "number a layer, with the penalty), 3 (targets after the rectifier) and 4, minus that "
        "after strategy 1, are above 0 points; each but the gradient with its whole 95 % t "
        "interval over 5 seeds; the paper gives no number",
        flips=(
            "The rates of restoring: where strategy 2 could choose between 0.3 and 0.1 only, nine "
            "in ten units of the first layer died, and its networks erred 15 points more than "
            "those of strategy 1 with few labels (a trial of two seeds, not recorded). Its first "
            "layer needs a tenth of the rate that suits the layers above.",
            "The penalty: without it, strategy 2 restores pixels best, and with few labels all "
            "four strategies ended within 3 points of each other; what is stuck in strategy 4 is "
            "as much as before, with a gradient of 0 (a trial of two seeds, not recorded). The "
            "record has strategy 2 without it while restoring, too.",
        ),
        twin=restored_digits,
    ),
)
