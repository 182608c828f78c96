"""Twins of the claims about cost: they count what need not be done, and measure no time.

Counting is the mechanism: a unit without arithmetic, few units beside many weights, rows of weights
that nobody reads. Whether a machine turns what is saved into time is what the records are for. The
regions were fixed by earlier trials.
"""

import functools

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from relubook import activations, datasets, skipping, steps
from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.networks import MLP, sizes
from relubook.training import Schedule, grid, train

_SEEDS = range(5)
_BATCH = 64


def unit_functions() -> tuple[Part, ...]:
    """A rectifier passes its input on, bit for bit, or nothing; tanh and softplus compute."""
    x = _pre_activations()
    return tuple(
        Part(
            what=f"outputs of {name} that need no arithmetic",
            estimate=statistics.mean(_untouched(name, x)),
            unit="%",
            region=(100.0, 100.0) if name == "rectifier" else (0.0, 1.0),
        )
        for name in ("rectifier", "tanh", "softplus")
    )


def training_step() -> tuple[Part, ...]:
    """A step has a thousand multiplications and more for each activation, in wide layers."""
    regions = {64: (1.0, 2.0), 1000: (0.3, 0.5)}
    return tuple(
        Part(
            what=f"activations per 1,000 multiplications of a step, width {width:,}",
            estimate=statistics.mean(
                np.array([_activations_per_thousand(width, batch) for batch in (1, 4, 10, 32, 64)])
            ),
            unit="1",
            region=region,
        )
        for width, region in regions.items()
    )


def single_examples() -> tuple[Part, ...]:
    """For one digit at a time, most rows of weights are never read, and no answer changes."""
    needed, differing = zip(*(_needed(network) for network in _trained()), strict=True)
    return (
        Part(
            what="multiplications that gathering needs of those of the dense way",
            estimate=statistics.mean(100 * np.array(needed)),
            unit="%",
            region=(10.0, 30.0),
        ),
        Part(
            what="digits that gathering answers differently",
            estimate=statistics.mean(np.array(differing, dtype=float)),
            unit="digits",
            region=(0.0, 1.0),
        ),
    )


def many_examples() -> tuple[Part, ...]:
    """Digits differ in the units they need: together they need nearly all."""
    regions = {1: (20.0, 35.0), _BATCH: (85.0, 100.0)}
    return tuple(
        Part(
            what=f"hidden units needed, digits at once: {batch}",
            estimate=statistics.mean(np.array([_union(n, batch) for n in _trained()])),
            unit="%",
            region=region,
        )
        for batch, region in regions.items()
    )


def _pre_activations() -> Float[Tensor, "models examples units"]:
    """What arrives at the first hidden layer of untrained networks."""
    data = datasets.load("mnist-5k")
    shape = sizes(inputs=data.inputs, width=64, depth=1, outputs=data.outputs)
    network = MLP(shape, seeds=_SEEDS)
    return network.stacked_layers()[0](data.test.x[:100].expand(len(_SEEDS), -1, -1)).detach()


def _untouched(name: str, x: Float[Tensor, "models examples units"]) -> Float[np.ndarray, "models"]:
    """The share of outputs that are zero or the input itself [%]."""
    h = activations.get(name)(x)
    return 100 * ((h == 0) | (h == x)).double().mean((1, 2)).numpy()


def _activations_per_thousand(width: int, batch: int) -> float:
    """Numbers that go through the activation, per 1,000 multiplications that torch counts."""
    data, network = datasets.load("mnist-5k"), _untrained(width)
    x = data.train.x[:batch].unsqueeze(0)
    targets = torch.eye(data.outputs)[data.train.y[:batch]].unsqueeze(0)
    rate, l1 = torch.full((1, 1, 1), 0.1), torch.zeros(1, 1, 1)
    with FlopCounterMode(display=False) as counter:
        steps.autograd(network, x, targets, rate, l1)
    multiplications = counter.get_total_flops() / 2  # it counts the additions as well
    return 1000 * batch * sum(network.sizes[1:-1]) / multiplications


@functools.cache
def _untrained(width: int) -> MLP:
    """One network with three hidden layers."""
    data = datasets.load("mnist-5k")
    return MLP(sizes(inputs=data.inputs, width=width, depth=3, outputs=data.outputs), seeds=[0])


@functools.cache
def _trained() -> tuple[MLP, ...]:
    """One network for each seed: 2 x 64 units, 6 epochs, most activations silent."""
    data = datasets.load("mnist-5k")
    hyper = grid(l1=0.01, seed=_SEEDS, learning_rate=0.2)
    shape = sizes(inputs=data.inputs, width=64, depth=2, outputs=data.outputs)
    networks = MLP(shape, seeds=hyper.seed.tolist())
    train(networks, data, hyper, Schedule(epochs=6, batch_size=50))
    return tuple(networks.view(slice(seed, seed + 1)) for seed in _SEEDS)


def _needed(network: MLP) -> tuple[float, int]:
    """The share of multiplications [1], and the digits that change their class."""
    x = datasets.load("mnist-5k").test.x
    count = skipping.network_multiplications(network, x)
    answers = [skipping.logits(network, x, way).argmax(1) for way in ("gathered", "dense")]
    return count["gathered"] / count["dense"], int((answers[0] != answers[1]).sum())


def _union(network: MLP, batch: int) -> float:
    """Units active for at least one of a batch, averaged over batches and layers [%]."""
    x = datasets.load("mnist-5k").test.x
    shares = [skipping.union(h[0], batch) for h in network.hidden(x[None])]
    return 100 * sum(shares) / len(shares)
