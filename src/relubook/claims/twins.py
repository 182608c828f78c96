"""Twins of claims: the same mechanism on embedded data, in seconds.

A twin expects what small networks on few digits do, which is not always what the paper saw. Its
regions were fixed by earlier trials; when a twin leaves them, the mechanism has changed.
"""

import functools
import math

import numpy as np
from jaxtyping import Float

from relubook import datasets, sparsity
from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.networks import MLP, sizes
from relubook.training import Schedule, grid, train

_SEEDS = range(5)
_L1 = (0.0, 1e-3, 1e-2, 3e-2)

PerSeed = Float[np.ndarray, "seeds"]


def half_zeros() -> tuple[Part, ...]:
    """Before training, two layers of 256 units answer 300 digits with half zeros."""
    zeros = 100 * _zeros_untrained("rectifier")
    return tuple(
        Part(
            what=f"zeros in hidden layer {layer}",
            estimate=statistics.mean(values),
            unit="%",
            region=(47.0, 53.0),
        )
        for layer, values in enumerate(zeros.T, start=1)
    )


def exact_sparsity() -> tuple[Part, ...]:
    """The paper's penalty adds zeros; tanh and softplus make none that are exact."""
    zeros, _ = _sweep()
    added = Part(
        what="zeros that L1 0.001 adds",
        estimate=statistics.mean(zeros[0.001] - zeros[0.0]),
        unit="points",
        region=(5.0, 15.0),
    )
    none = (
        Part(
            what=f"exact zeros of {name}",
            estimate=statistics.mean(100 * _zeros_untrained(name).mean(1)),
            unit="%",
            region=(0.0, 0.0),
        )
        for name in ("tanh", "softplus")
    )
    return (added, *none)


def plateau() -> tuple[Part, ...]:
    """A penalty that silences three quarters of the activations costs no accuracy."""
    zeros, error = _sweep()
    return (
        Part(
            what="zeros that L1 0.01 adds",
            estimate=statistics.mean(zeros[0.01] - zeros[0.0]),
            unit="points",
            region=(20.0, 40.0),
        ),
        Part(
            what="error with L1 0.01 over error without",
            estimate=statistics.ratio_of_means(error[0.01], error[0.0]),
            unit="1",
            region=(0.75, 1.15),
        ),
    )


def sparse_without_penalty() -> tuple[Part, ...]:
    """A contrary result: networks this small stay near the half zeros that they began with."""
    zeros, _ = _sweep()
    return (
        Part(
            what="zeros without an L1 penalty",
            estimate=statistics.mean(zeros[0.0]),
            unit="%",
            region=(37.0, 52.0),
        ),
    )


def too_sparse() -> tuple[Part, ...]:
    """Three times that penalty costs accuracy."""
    _, error = _sweep()
    return (
        Part(
            what="error with L1 0.03 over error with L1 0.01",
            estimate=statistics.ratio_of_means(error[0.03], error[0.01]),
            unit="1",
            region=(1.2, math.inf),
        ),
    )


def _zeros_untrained(activation: str) -> Float[np.ndarray, "seeds layers"]:
    """The share of exact zeros in each hidden layer of untrained networks [1]."""
    data = datasets.load("mnist-5k")
    shape = sizes(inputs=data.inputs, width=256, depth=2, outputs=data.outputs)
    network = MLP(shape, seeds=range(10), activation=activation)
    hidden = network.hidden(data.test.x[:300].expand(10, -1, -1))
    return np.stack([sparsity.zero_fraction(h).detach().numpy() for h in hidden], axis=1)


@functools.cache
def _sweep() -> tuple[dict[float, PerSeed], dict[float, PerSeed]]:
    """Zeros [%] and test error [%] of trained networks, by penalty: 2 x 64 units, 6 epochs."""
    data = datasets.load("mnist-5k")
    hyper = grid(l1=_L1, seed=_SEEDS, learning_rate=0.2)
    shape = sizes(inputs=data.inputs, width=64, depth=2, outputs=data.outputs)
    network = MLP(shape, seeds=hyper.seed.tolist())
    history = train(network, data, hyper, Schedule(epochs=6, batch_size=50))
    zeros = 100 * history.at_best("zero_fraction").mean(0).reshape(len(_L1), -1)
    error = 100 * history.at_best("test_error").reshape(len(_L1), -1)
    return dict(zip(_L1, zeros, strict=True)), dict(zip(_L1, error, strict=True))
