"""Twins of the claims about rescaling: the same mechanisms on the embedded digits."""

import math
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float

from relubook import curvature
from relubook.claims import statistics
from relubook.claims.rescaling_measures import (
    BROKEN,
    DOUBLE,
    JUDGED,
    SINGLE,
    geometric_mean,
)
from relubook.claims.values import Part
from relubook.experiments.rescaled import configure
from relubook.experiments.rescaled_networks import Digits, descend, loss, on_the_family, plain
from relubook.experiments.rescaled_parts import family_factors, law, start
from relubook.experiments.rescaled_values import OTHER_UNITS, Config, no_worse_than_silence
from relubook.experiments.sweep import open_data

_STEPS = 200
_RATE = 0.25


def _small() -> tuple[Config, Digits]:
    """Five networks, few draws, a short race."""
    config = replace(
        configure("laptop", "mnist-5k"), seeds=tuple(range(5)), draws=5, moments=(0, _STEPS),
        curvature_examples=100, loss_examples=500,
    )  # fmt: skip
    return config, Digits.of(open_data(config.data, config.train_examples)[0], config.side)


def scaling_symmetry() -> tuple[Part, ...]:
    """Five draws of alphas for five networks: exact for rectifiers, not for the others."""
    found = law(*_small())
    double, single = found["law_error"].max(axis=(1, 3))
    kept = ((double, "float64", DOUBLE), (single, "float32", SINGLE))
    broken = {"two negative alphas": found["negative_error"][1]}
    broken |= {OTHER_UNITS[0]: found["unit_error"][0, 1]}
    return (
        *(
            Part(
                what=f"largest relative error, {name}",
                estimate=statistics.mean(errors),
                unit="1",
                region=(0.0, most),
            )
            for errors, name, most in kept
        ),
        *(
            Part(
                what=f"median relative error, {name}",
                estimate=statistics.mean(np.median(errors, axis=1)),
                unit="1",
                region=(BROKEN, math.inf),
            )
            for name, errors in broken.items()
        ),
    )


def worse_conditioned() -> tuple[Part, ...]:
    """Five networks at s = 1 and at s = 8: curvature at the start, and a short race."""
    config, digits = _small()
    ratios = [_spectra(config, digits, seed) for seed in config.seeds]
    one, other = (_ends(config, digits, at, rate=_RATE) for at in (0.0, JUDGED))
    slow = _ends(config, digits, JUDGED, rate=_RATE / 16)
    return (
        Part(
            what="largest eigenvalue at s = 8 over that at s = 1",
            estimate=geometric_mean(np.array(ratios)),
            unit="1",
            region=(3.0, math.inf),
        ),
        Part(
            what=f"training loss after {_STEPS} steps, from s = 8 minus from s = 1, same rate",
            estimate=statistics.mean(other - one),
            unit="nat",
            region=(0.0, math.inf),
        ),
        Part(
            what="the same with a rate 16 times smaller from s = 8",
            estimate=statistics.mean(slow - one),
            unit="nat",
            region=(0.0, math.inf),
        ),
    )


def _spectra(config: Config, digits: Digits, seed: int) -> float:
    """The largest eigenvalue at s = 8 over that at s = 1, of one network before training."""
    one = start(config, digits, (seed,))
    matrix = curvature.gauss_newton(one, digits.train.x[: config.curvature_examples])
    factors = family_factors(one, (0.0, JUDGED))
    plain_one, scaled = curvature.eigenvalues(matrix * factors[:, :, None] * factors[:, None, :])
    return float(scaled[0] / plain_one[0])


def _ends(
    config: Config, digits: Digits, log2_s: float, *, rate: float
) -> Float[np.ndarray, "seeds"]:
    """Training loss after a short descent [nat]."""
    network = on_the_family(start(config, digits, config.seeds), log2_s)
    rates = torch.full((network.models,), rate)
    course = plain(rates, batch_size=config.batch_size, moments=config.moments)
    list(descend(network, digits.resident, course))
    return no_worse_than_silence(loss(network, digits.train, config.loss_examples))
