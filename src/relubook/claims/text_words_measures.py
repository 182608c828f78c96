"""What "amazon" and "representation" say about the sentences on them."""

import math

import numpy as np
from jaxtyping import Float

from relubook import paper
from relubook.claims import statistics
from relubook.claims.statistics import Estimate
from relubook.claims.values import Arrays, Part
from relubook.experiments.amazon_values import KINDS, across, in_domain
from relubook.experiments.representation_values import NETWORKS, errors

FEW, ALL = 0, 1  # places of the budgets
DEEP = "rectifier, 3 layers"
LINEAR = "no hidden layer"
MARKED = 2.0  # % of the error
_USUAL, _MORE = 1, 2  # places of 5,000 and of 25,000 terms
_BINARY, _COUNTS = 0, 1  # places of the representations
_ABOVE = (0.0, math.inf)
_BUDGET = {FEW: "few labels", ALL: "all labels"}


def beats_the_earlier_best(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 60: accuracy in a domain, against the number that the paper was to beat."""
    earlier = paper.SENTIMENT["amazon_best_earlier_accuracy"].value
    found = in_domain(arrays, DEEP, "with", FEW)
    regression = 100 * (1 - arrays["regression_error"])
    return (
        Part(
            what="accuracy of three pretrained layers of rectifiers with few labels, mean of the "
            "domains",
            estimate=_mean(found), unit="%", region=(earlier, math.inf),
        ),
        *(
            Part(
                what=f"accuracy of {_words(kind)} with {_BUDGET[budget]}",
                estimate=_mean(in_domain(arrays, *kind, budget)), unit="%",
            )
            for budget in (FEW, ALL)
            for kind in KINDS
        ),
        Part(
            what="accuracy of logistic regression with all labels, mean of the domains",
            estimate=_number(float(regression.mean())), unit="%",
        ),
    )  # fmt: skip


def beats_linear(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 61: what three pretrained layers gain on a linear model of the same reviews."""
    return tuple(
        Part(
            what=f"accuracy of three pretrained layers of rectifiers minus that without a hidden "
            f"layer, {_BUDGET[budget]}",
            estimate=_mean(
                in_domain(arrays, DEEP, "with", budget) - in_domain(arrays, LINEAR, "none", budget)
            ),
            unit="points",
            region=_ABOVE,
        )
        for budget in (FEW, ALL)
    )


def few_labels_gain_more(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 62: what pretraining gives with few labels beyond what it gives with all."""
    few, every = (_gain(arrays, DEEP, budget) for budget in (FEW, ALL))
    tanh = (_gain(arrays, "tanh, 3 layers", budget) for budget in (FEW, ALL))
    return (
        Part(
            what="accuracy that pretraining gives three layers of rectifiers, few labels",
            estimate=_mean(few), unit="points", region=_ABOVE,
        ),
        Part(
            what="the same minus what it gives with all labels",
            estimate=_mean(few - every), unit="points", region=_ABOVE,
        ),
        Part(what="the same, all labels", estimate=_mean(every), unit="points"),
        *(
            Part(
                what=f"accuracy that it gives three layers of tanh units, {_BUDGET[budget]}",
                estimate=_mean(values), unit="points",
            )
            for budget, values in zip((FEW, ALL), tanh, strict=True)
        ),
    )  # fmt: skip


def crosses_domains(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 63: what pretraining gives on reviews of a kind of product without labels."""

    def gain(network: str) -> Float[np.ndarray, "seeds"]:
        return across(arrays, network, "with", ALL) - across(arrays, network, "none", ALL)

    own = in_domain(arrays, DEEP, "with", ALL) - in_domain(arrays, DEEP, "none", ALL)
    return (
        Part(
            what="accuracy on other domains that pretraining gives three layers of rectifiers, all "
            "labels of one domain",
            estimate=_mean(gain(DEEP)), unit="points", region=_ABOVE,
        ),
        Part(
            what="the same minus what it gives on the domain itself",
            estimate=_mean(gain(DEEP) - own), unit="points",
        ),
        Part(
            what="what it gives three layers of tanh units on other domains",
            estimate=_mean(gain("tanh, 3 layers")), unit="points",
        ),
        *(
            Part(
                what=f"accuracy of {_words(kind)} on other domains",
                estimate=_mean(across(arrays, *kind, ALL)), unit="%",
            )
            for kind in KINDS
        ),
    )  # fmt: skip


def more_terms(arrays: Arrays) -> tuple[Part, ...]:
    """Claim 64: what five times the vocabulary changes in the error of stars."""
    region = (-MARKED, MARKED)
    what = "error in stars with 25,000 terms over that with 5,000, less 1"
    return (
        *(_part(what, arrays, network, (_MORE, _BINARY), region) for network in NETWORKS),
        *(
            _part("the same of 1,000 terms over 5,000", arrays, network, (0, _BINARY))
            for network in NETWORKS
        ),
        *(
            _part("the same of counts over present or not, 5,000 terms", arrays, network, other)
            for network in NETWORKS
            for other in [(_USUAL, _COUNTS)]
        ),
    )


def _part(
    what: str,
    arrays: Arrays,
    network: str,
    other: tuple[int, int],
    region: tuple[float, float] | None = None,
) -> Part:
    """The error with other terms or numbers over that with 5,000, present or not, less 1."""
    terms, representation = other
    now = errors(arrays, network, representation)[terms]
    before = errors(arrays, network, _BINARY)[_USUAL]
    estimate = _mean(100 * (now / before - 1))
    return Part(what=f"{what}, {network}", estimate=estimate, unit="%", region=region)


def _gain(arrays: Arrays, network: str, budget: int) -> Float[np.ndarray, "seeds"]:
    """Accuracy with pretraining minus without it [points]."""
    return in_domain(arrays, network, "with", budget) - in_domain(arrays, network, "none", budget)


def _words(kind: tuple[str, str]) -> str:
    """Network and start."""
    return f"{kind[0]}, pretrained" if kind[1] == "with" else kind[0]


def _mean(values: Float[np.ndarray, "seeds"]) -> Estimate:
    """Of the seeds whose networks all lasted."""
    return statistics.mean(values[np.isfinite(values)])


def _number(value: float) -> Estimate:
    """One that no seed moves."""
    return Estimate(value=value, low=value, high=value, visible=0.0, n=1, method="computed")
