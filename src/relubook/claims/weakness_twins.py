"""Twins of the claims about weaknesses: the same mechanisms on few digits and small networks.

Their regions were fixed by trials; they are what such networks do, not what the claims demand.
"""

import math

import numpy as np
import torch
from jaxtyping import Float

from relubook import datasets
from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.experiments import clipping as clips
from relubook.experiments import little_data as few
from relubook.experiments import shared_signs as signs
from relubook.experiments.clipping_values import largest_usable
from relubook.experiments.shared_signs_values import KINDS, NAMES
from relubook.experiments.thinned_networks import exact, summary, thin
from relubook.experiments.thinned_networks import train as train_thinned
from relubook.networks import MLP
from relubook.training import grid

_SEEDS = tuple(range(5))


def shared_signs() -> tuple[Part, ...]:
    """Two layers of 48 units on 1,000 digits: signs of gradients, and 200 steps of training."""
    data = datasets.load("mnist-5k").subset(train=1000)
    config = signs.Config(
        data="mnist-5k", width=48, depth=2, learning_rates=(0.2,), rate_seeds=(), seeds=_SEEDS,
        more_seeds=(), batch_size=32, moments=(200,), train_examples=1000, examples=96,
    )  # fmt: skip
    shares, losses = {}, {}
    for name, rate in (("rectifier", 0.2), ("tanh", 0.4), ("logistic", 1.6),
                       ("logistic, less 1/2", 1.6)):  # fmt: skip
        network, detour = signs.begin(config, data, KINDS[NAMES.index(name)], _SEEDS, "cpu")
        hyper = grid(learning_rate=rate, seed=_SEEDS)
        losses[name] = signs.follow(network, detour, data, hyper, config, (200,))[0]
        found = signs.measure(network, detour, data, config)["one_sign"]
        shares[name] = 100 * found[1:].mean(axis=0)
    kind = KINDS[NAMES.index("rectifier, signs")]
    return (
        Part(
            what="pairs whose weight gradients have one sign, behind trained rectifiers",
            estimate=statistics.mean(shares["rectifier"]),
            unit="%",
            region=(100.0, 100.0),
        ),
        Part(
            what="the same behind tanh",
            estimate=statistics.mean(shares["tanh"]),
            unit="%",
            region=(-1.0, 1.0),
        ),
        Part(
            what="training loss after 200 steps, logistic units minus the same less 1/2",
            estimate=statistics.mean(losses["logistic"] - losses["logistic, less 1/2"]),
            unit="nat",
            region=(0.02, math.inf),
        ),
        Part(
            what="difference between the logits of rectifiers with signs and their mirror images",
            estimate=statistics.mean(signs.mirrored(config, data, kind, 0.2)),
            unit="1",
            region=(0.0, 1e-4),
        ),
    )


def clipping() -> tuple[Part, ...]:
    """Two layers of 32 rectifiers, 150 steps, five learning rates: where clipping moves the end."""
    data = datasets.load("mnist-5k").subset(train=2000, validation=500)
    rates = np.array([0.2 * 2**k for k in range(5)])
    hyper = grid(learning_rate=rates.tolist(), seed=_SEEDS)
    largest = []
    for limit in (math.inf, 1.0):
        network = MLP((data.inputs, 32, 32, data.outputs), seeds=hyper.seed.tolist())
        limits = torch.full((len(hyper),), limit)
        course = clips.follow(network, data, hyper, limits, batch_size=32, moments=(150,))
        wrong = torch.where(course.diverged < 0, clips.error(network, data.validation), 1.0)
        largest.append(largest_usable(rates, wrong.numpy().reshape(len(rates), -1)))
    return (
        Part(
            what="largest usable learning rate of rectifiers, clipped at 1 over not clipped",
            estimate=statistics.mean(np.log2(largest[1] / largest[0])),
            unit="doublings",
            region=(0.0, 2.5),
        ),
    )


def little_data() -> tuple[Part, ...]:
    """Three layers of 48 units, 300 digits, 300 steps at one rate: test errors, seed by seed."""
    rectifier, tanh = (_few(name) for name in ("rectifier", "tanh"))
    return (
        Part(
            what="test error with 300 examples, rectifier minus tanh",
            estimate=statistics.mean(rectifier - tanh),
            unit="points",
            region=(-4.0, 4.0),
        ),
    )


def thinned() -> tuple[Part, ...]:
    """All masks of 3 + 3 units, and 50 masks of two layers of 48 units trained with dropout."""
    data = datasets.load("mnist-5k").subset(train=2000)
    tiny = MLP((data.inputs, 16, 3, 3, data.outputs), seeds=_SEEDS)
    network = MLP((data.inputs, 48, 48, data.outputs), seeds=_SEEDS)
    for each, dropout, steps in ((tiny, False, 100), (network, True, 600)):
        train_thinned(each, data, dropout=dropout, learning_rate=0.2, batch_size=32, steps=steps)
    x, y = data.test.x[:500], data.test.y[:500]
    rows = [exact(tiny, model, x[:50]) for model in range(tiny.models)]
    with torch.no_grad():
        scaled = network(x.expand(network.models, -1, -1))
    found = summary(thin(network, x, y, (0, 1), count=50), scaled, y)
    wrong = (scaled.argmax(-1) != y).double().mean(-1).numpy()
    return (
        *(
            Part(
                what=f"difference between the mean over all masks and halved weights, {words}",
                estimate=statistics.mean(np.array([row[name] for row in rows])),
                unit="1",
                region=(0.0, 1e-10),
            )
            for name, words in (
                ("exact_last", "last layer"), ("exact_held", "last two, active sets held"),
            )
        ),
        Part(
            what="test error after dropout, scaled network minus the mean of 50 thinned ones",
            estimate=statistics.mean(100 * (wrong - found["error_mean"])),
            unit="points",
            region=(-2.0, 2.0),
        ),
    )  # fmt: skip


def _few(activation: str) -> Float[np.ndarray, "seeds"]:
    """Test errors of networks trained on 300 digits each [%]."""
    data = datasets.load("mnist-5k")
    config = few.Config(
        data="mnist-5k", width=48, depth=3, train_sizes=(300,), learning_rates=(0.1,),
        rate_seeds=(), seeds=_SEEDS, batch_size=30, steps=300,
    )  # fmt: skip
    network, _ = few.train(config, data, few.Kind(activation, activation), 300, (0.1,), _SEEDS)
    return 100 * few.error(network, data.test).numpy()
