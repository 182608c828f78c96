"""The fourth benefit: which units are active tells inputs apart, though few are active."""

import functools
import math

import numpy as np
import torch
from jaxtyping import Float

from relubook import datasets, patterns
from relubook.claims import statistics
from relubook.claims.values import Arrays, Claim, Part
from relubook.experiments import few_labels, local_codes
from relubook.experiments.distributed_values import L1, LABELS, code, with_labels
from relubook.experiments.quartet import UNITS
from relubook.networks import MLP, sizes
from relubook.training import Schedule, grid, train

_OWN, _HALF = 99.0, 50.0  # % of the digits, of the units
_PIXELS, _CODE = (local_codes.KINDS.index(name) for name in local_codes.KINDS[:2])
_PENALTIES = ((0.0, "no penalty"), (L1, f"L1 {L1:g}"))
_SEEDS, _WIDTH, _DEPTH = range(5), 64, 2  # of the twin
_SEEN = 1000  # training digits that its centers are made of

PerSeed = Float[np.ndarray, "seeds"]


def distributed(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 36, from "distributed-codes": patterns of their own, and what one tells of a class."""
    digits, place = int(arrays["counts"][-1]), with_labels(arrays)
    pixels = 100 * arrays["local_linear_error"][_PIXELS, :, place]
    rectifiers = [(code(arrays, "rectifier", l1), words) for l1, words in _PENALTIES]
    own = (
        Part(
            what=f"test digits of {digits} with a pattern of their own, all hidden layers, {words}",
            estimate=statistics.mean(100 * arrays["own"][row, :, -1, -1]),
            unit="%",
            region=(_OWN, math.inf),
        )
        for row, words in rectifiers
    )
    told = (
        Part(
            what=f"test error with {LABELS} labels from the nearest of as many k-means centers of "
            f"pixels, minus that from the last layer's pattern, {words}",
            estimate=statistics.mean(pixels - _error(arrays, row)),
            unit="points",
            region=(0.0, math.inf),
        )
        for row, words in rectifiers
    )
    few = Part(
        what=f"active units of a pattern, all hidden layers, {_PENALTIES[1][1]}",
        estimate=statistics.mean(100 * arrays["active"][rectifiers[1][0], :, -1]),
        unit="%",
        region=(-math.inf, _HALF),
    )
    return (*own, *told, few, *_against(arrays), *_about(arrays))


def _error(arrays: Arrays, row: int, labels: int = LABELS) -> PerSeed:
    """Test error from a code's last pattern, by a linear classifier [%]."""
    return 100 * arrays["linear_error"][row, :, -1, with_labels(arrays, labels)]


def _against(arrays: Arrays) -> tuple[Part, ...]:
    """For information: the errors of other codes, and where the rectifier's pattern fails."""
    place, most = with_labels(arrays), int(arrays["labels"][-1])
    rectifier, centers = _error(arrays, 0), 100 * arrays["local_linear_error"]
    values = 100 * arrays["values_error"][0, :, -1, place]
    others = [
        (f"{name} above its medians minus rectifiers", _error(arrays, code(arrays, name)))
        for name in UNITS[1:]
    ]
    others.append(("k-means centers of the same code minus rectifiers", centers[_CODE, :, place]))
    others.append(("the outputs themselves minus rectifiers", values))
    differences = [(words, error - rectifier) for words, error in others] + [
        (
            f"k-means centers of the same code minus rectifiers, {most} labels",
            centers[_CODE, :, -1] - _error(arrays, 0, most),
        ),
        (
            "k-means centers of pixels minus rectifiers before training",
            centers[_PIXELS, :, place] - _error(arrays, -1),
        ),
    ]
    return tuple(
        Part(
            what=f"test error from the pattern: {words}",
            estimate=statistics.mean(difference),
            unit="points",
        )
        for words, difference in differences
    )


def _about(arrays: Arrays) -> tuple[Part, ...]:
    """For information: how many units are active, and how many sets of that size there are."""
    return (
        Part(
            what="active units of a pattern, all hidden layers, no penalty",
            estimate=statistics.mean(100 * arrays["active"][0, :, -1]),
            unit="%",
        ),
        Part(
            what="log2 of the sets of as many units, last layer, no penalty",
            estimate=statistics.mean(arrays["choices"][0, :, -2]),
            unit="bits",
        ),
        Part(
            what="networks that missed the validation error at which all were to be stopped",
            estimate=statistics.count(
                int((arrays["epoch"][:-1] == 0).sum()), n=arrays["epoch"][:-1].size
            ),
            unit="networks",
        ),
    )


def patterns_tell() -> tuple[Part, ...]:
    """Small rectifiers under L1: own patterns, fewer than half active, better than one center."""
    own, active, pattern, centers = _small()
    return (
        Part(
            what="test digits of 1000 with a pattern of their own, both hidden layers",
            estimate=statistics.mean(100 * own),
            unit="%",
            region=(99.0, math.inf),
        ),
        Part(
            what="active units of a pattern",
            estimate=statistics.mean(100 * active),
            unit="%",
            region=(35.0, 50.0),
        ),
        Part(
            what=f"test error with {LABELS} labels from k-means centers of pixels, minus that from "
            "the last layer's pattern",
            estimate=statistics.mean(100 * (centers - pattern)),
            unit="points",
            region=(5.0, math.inf),
        ),
    )


@functools.cache
@torch.no_grad()
def _small() -> tuple[PerSeed, PerSeed, PerSeed, PerSeed]:
    """Own patterns, active units, error from the pattern and from centers of pixels [1]."""
    data = datasets.load("mnist-5k")
    shape = sizes(inputs=data.inputs, width=_WIDTH, depth=_DEPTH, outputs=data.outputs)
    network = MLP(shape, seeds=list(_SEEDS))
    hyper = grid(learning_rate=0.2, l1=L1, seed=list(_SEEDS))
    train(network, data, hyper, Schedule(epochs=4, batch_size=32, keep="last"))
    tested = patterns.active(network, data.test.x)
    errors = []
    for seed in _SEEDS:
        drawn = few_labels.draw(data.validation.y, LABELS, classes=data.outputs, seed=seed)
        x, y = data.validation.x[drawn], data.validation.y[drawn]
        pattern = patterns.active(network, x)[seed, :, -_WIDTH:], tested[seed, :, -_WIDTH:]
        centers = local_codes.clusters(
            data.train.x[:_SEEN], [x, data.test.x], units=_WIDTH, seed=seed
        )
        errors.append(
            [
                float(
                    (few_labels.linear(a.float(), y, b.float(), classes=data.outputs)
                     != data.test.y).double().mean()
                )
                for a, b in (pattern, centers)
            ]
        )  # fmt: skip
    of_pattern, of_centers = np.array(errors).T
    own, active = patterns.own(tested).numpy(), tested.double().mean((1, 2)).numpy()
    return own, active, of_pattern, of_centers


CLAIMS = (
    Claim(
        id="distributed-yet-sparse",
        chapter="benefits",
        number=36,
        statement="Which units are active, without their values, tells inputs apart far better "
        "than a local code of the same width, though fewer than half are active.",
        page="317",
        paper=(),
        experiment="distributed-codes",
        data="mnist",
        test=distributed,
        interval="t interval over seeds; differences of errors are paired by seed",
        threshold="without a penalty and with L1 0.001, at least 99 % of 10,000 test digits have a "
        "pattern of their own, all hidden layers together, and a linear classifier of the last "
        "layer's pattern alone, from 300 labels, errs less than one of the nearest of as many "
        "k-means centers of pixels, with its whole interval; with L1 0.001 fewer than half of the "
        "units are active; the paper gives no number",
        flips=(
            "Before training: patterns of random rectifiers are all different as well, but those "
            "of the last layer tell less about the class than k-means centers of pixels do.",
            "Labels: centers of pixels have seen none, the network 10,000.",
            "A local code of the trained layer, which shares what the network learned from many "
            "labels: its lag is smaller, and gone once nearly every center has a few labels.",
            "Counting on few examples: n of them show at most n patterns, of any rich code.",
        ),
        twin=patterns_tell,
    ),
)
