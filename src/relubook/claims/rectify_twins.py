"""Twins of the claims of chapter 1: the same mechanisms on few digits and few curves."""

import math

import numpy as np
import torch
from jaxtyping import Float

from relubook import datasets, hinge_networks
from relubook import hinges as made_of
from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.experiments import curves
from relubook.experiments.hinges import rate
from relubook.experiments.stacks import bent, rounding
from relubook.networks import MLP
from relubook.training import Schedule, grid, train

_SEEDS = range(5)
_STEPS = 400


def linear_layers() -> tuple[Part, ...]:
    """Three linear layers are one, untrained and trained; three layers of rectifiers are not."""
    none, linear, rectifier = (
        _errors(kind, hidden=hidden)
        for kind, hidden in (("linear", 0), ("linear", 2), ("rectifier", 2))
    )
    return (
        Part(
            what="largest difference of 5 linear layers and their one, over the largest output",
            estimate=statistics.mean(rounding(torch.float64, 5, _SEEDS)),
            unit="1",
            region=(0.0, 1e-10),
        ),
        Part(
            what="distance of 5 layers of rectifiers from every affine map",
            estimate=statistics.mean(100 * bent("rectifier", 5, _SEEDS)),
            unit="% of their spread",
            region=(50.0, 80.0),
        ),
        Part(
            what="test error that 2 linear hidden layers save",
            estimate=statistics.mean(none - linear),
            unit="points",
            region=(-2.0, 2.0),
        ),
        Part(
            what="test error that rectifiers save in 2 hidden layers, against linear units",
            estimate=statistics.mean(linear - rectifier),
            unit="points",
            region=(0.5, math.inf),
        ),
    )


def pairs() -> tuple[Part, ...]:
    """Over normal numbers of every size, a pair gives back each bit."""
    numbers = np.stack([np.random.default_rng(seed).standard_normal(10_000) for seed in _SEEDS])
    sizes = 10.0 ** np.linspace(-30, 30, numbers.shape[1])
    x = torch.from_numpy(numbers * sizes).float()
    above, below = made_of.pair(x)
    return tuple(
        Part(
            what=what,
            estimate=statistics.mean(100 * equal.double().mean(1).numpy()),
            unit="%",
            region=region,
        )
        for what, equal, region in (
            ("numbers that a pair rebuilds", above - below == x, (100.0, 100.0)),
            ("numbers of which a pair gives the size", above + below == x.abs(), (100.0, 100.0)),
            ("numbers that one rectifier passes on", above == x, (47.0, 53.0)),
        )
    )


def hinges() -> tuple[Part, ...]:
    """Five curves, evenly spaced hinges; ten small networks, a short training."""
    counts = np.array([12, 16, 24, 32])
    targets = [curves.curve(made_of.GRID, seed) for seed in _SEEDS]
    lines = [[made_of.even(target, count) for count in counts.tolist()] for target in targets]
    errors = curves.errors(lines, np.stack(targets))
    few, many = (_trained(count) for count in (4, 32))
    return (
        Part(
            what="slope of the error of even hinges, smooth curves",
            estimate=statistics.mean(np.array([rate(counts, row) for row in errors])),
            unit="1",
            region=(-2.2, -1.8),
        ),
        Part(
            what="error of trained networks on a sine, 4 hinges over 32",
            estimate=statistics.ratio_of_means(few, many),
            unit="1",
            region=(4.0, math.inf),
        ),
    )


def _errors(activation: str, *, hidden: int) -> Float[np.ndarray, "seeds"]:
    """Test errors of networks with 50 units a layer after 8 epochs on 2,000 digits [%]."""
    data = datasets.load("mnist-5k").subset(train=2000)
    sizes = (data.inputs, *[50] * hidden, data.outputs)
    network = MLP(sizes, seeds=_SEEDS, activation=activation)
    hyper = grid(learning_rate=0.2, seed=_SEEDS)
    history = train(network, data, hyper, Schedule(epochs=8, batch_size=40))
    return 100 * history.at_best("test_error")


def _trained(count: int) -> Float[np.ndarray, "seeds"]:
    """Errors on a sine after a short training."""
    targets = np.tile(curves.sine(made_of.GRID), (len(_SEEDS), 1))
    fit = hinge_networks.fit(hinge_networks.spread(count, _SEEDS), targets, steps=_STEPS)
    return fit.error[-1]
