"""Twins of the claims about linear regions: the same mechanisms on few digits and small planes."""

import numpy as np
import torch
from jaxtyping import Float

from relubook import datasets, patterns, regions
from relubook import seeds as random
from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.experiments.linear_models import flipped, relative_error, tangent
from relubook.experiments.random_networks import BIAS, he_normal
from relubook.experiments.region_counts import WINDOW, pieces_on_lines, shape_of
from relubook.experiments.region_counts_values import exponents
from relubook.networks import MLP

_SEEDS = tuple(range(5))
_DIGITS = 100


def linear_while_no_unit_flips() -> tuple[Part, ...]:
    """Untrained networks on digits: exact while no unit flips, and wrong after a long step."""
    exact, flips = _wrong("rectifier", 1e-3), _wrong("rectifier", 10.0, anywhere=True)
    return (
        Part(
            what="largest error of the linear model where no unit flips",
            estimate=statistics.mean(exact),
            unit="1",
            region=(0.0, 1e-8),
        ),
        Part(
            what="median error after a step of length 10",
            estimate=statistics.mean(flips),
            unit="1",
            region=(0.3, 1.5),
        ),
        Part(
            what="median error of tanh after a step of length 0.001",
            estimate=statistics.mean(_wrong("tanh", 1e-3, anywhere=True)),
            unit="1",
            region=(1e-6, 1e-2),
        ),
    )


def _wrong(activation: str, step: float, *, anywhere: bool = False) -> Float[np.ndarray, "seeds"]:
    """The largest error where no unit flips, or the median error of all digits [1]."""
    x = datasets.load("mnist-5k").test.x[:_DIGITS].double().expand(len(_SEEDS), -1, -1)
    drawn = [
        torch.randn(x.shape[1:], generator=random.stream(seed, "directions"), dtype=torch.float64)
        for seed in _SEEDS
    ]
    direction = torch.nn.functional.normalize(torch.stack(drawn), dim=-1)
    network = MLP((784, 64, 64, 10), seeds=_SEEDS, activation=activation, dtype=torch.float64)
    here, there = (tangent(network, x + s * direction, direction) for s in (0.0, step))
    wrong = relative_error(here, there, step)
    if anywhere:
        return wrong.median(1).values.numpy()
    return torch.where(flipped(here, there).any(-1), 0.0, wrong).amax(1).numpy()


def exponentially_many() -> tuple[Part, ...]:
    """Digits in untrained networks, and lines through networks of two inputs."""
    x = datasets.load("mnist-5k").test.x
    active = patterns.active(MLP((784, 64, 64, 10), seeds=_SEEDS), x)
    neurons = np.array([24, 48, 96])
    pieces = [[pieces_on_lines(depth, n, _SEEDS, 4) for n in neurons.tolist()] for depth in (1, 2)]
    return (
        Part(
            what="digits with a pattern of their own, 2 x 64 units",
            estimate=statistics.mean(100 * patterns.own(active).numpy()),
            unit="%",
            region=(99.0, 100.0),
        ),
        Part(
            what="power of the units with which pieces on a line grow",
            estimate=statistics.mean(exponents(neurons, np.array(pieces)).mean(0)),
            unit="1",
            region=(0.85, 1.15),
        ),
    )


def depth() -> tuple[Part, ...]:
    """48 units in 1 and 3 layers: pieces on a line, and regions of the plane."""
    pieces = {n: pieces_on_lines(n, 48, _SEEDS, 10).mean(1) for n in (1, 3)}
    found = {n: _regions(n) / (48**2 / 2) for n in (1, 3)}
    return (
        Part(
            what="pieces on a line of 48 units, 3 layers over 1",
            estimate=statistics.ratio_of_means(pieces[3], pieces[1]),
            unit="1",
            region=(0.75, 1.3),
        ),
        *(
            Part(
                what=f"regions of 48 units over N²/2, layers: {n}",
                estimate=statistics.mean(shares),
                unit="1",
                region=(1 / 3, 3.0),
            )
            for n, shares in found.items()
        ),
        Part(
            what="regions without biases, 48 units in 1 layer, over the units",
            estimate=statistics.mean(_regions(1, bias=0.0) / 48),
            unit="1",
            region=(1.5, 2.5),
        ),
    )


def _regions(layers: int, *, bias: float = BIAS) -> Float[np.ndarray, "seeds"]:
    """Regions of 48 units in the window."""
    network = he_normal(shape_of(layers, 48), _SEEDS, bias=bias)
    return np.array([float(len(regions.find(network, WINDOW, model=at))) for at in range(5)])
