"""Twins of the claims about responses, rest and sparse codes: small networks on embedded digits.

Their regions were fixed by earlier trials, and so were the learning rates, on validation error.
"""

import functools
import math

import numpy as np
import torch
from jaxtyping import Float

from relubook import activations, datasets
from relubook.claims import statistics
from relubook.claims.values import Part
from relubook.experiments import decoders
from relubook.networks import MLP, sizes
from relubook.training import Schedule, grid, train

_SEEDS = range(5)
_L1 = (0.0, 0.01)
_RATES = {"rectifier": 0.2, "rescaled-lif": 0.05, "rectified-tanh": 0.2}
_TOLERANCE = 0.05  # as in the claim
_RIDGE = (1e-4, 1e-3, 1e-2, 1e-1)

PerSeed = Float[np.ndarray, "seeds"]


def smart_compression() -> tuple[Part, ...]:
    """A penalty takes a third of what differs within a class, and hardly any of the class."""
    read, components = _read_last_layer()
    lost = read[0] - read[1]
    alike = np.interp(read[1, :, 0], components[0], components[1])
    return (
        Part(
            what="R² of what differs within a class, lost under L1 0.01",
            estimate=statistics.mean(lost[:, 2]),
            unit="points",
            region=(10.0, 25.0),
        ),
        Part(
            what="R² of the class means, lost under L1 0.01",
            estimate=statistics.mean(lost[:, 1]),
            unit="points",
            region=(-1.0, 3.0),
        ),
        Part(
            what="R² of the class means over that of principal components with the same R² of all",
            estimate=statistics.mean(read[1, :, 1] - alike),
            unit="points",
            region=(7.0, 20.0),
        ),
    )


def logistic_rests_at_half() -> tuple[Part, ...]:
    """At a pre-activation of 0 a logistic unit gives 1/2; small weights keep it near there."""
    at_zero = {name: activations.get(name)(torch.zeros(1)).item() for name in ("logistic", "tanh")}
    return (
        *(
            Part(
                what=f"response of {name} to a pre-activation of 0",
                estimate=statistics.mean(np.full(len(_SEEDS), at_zero[name])),
                unit="1",
                region=(rest, rest),
            )
            for name, rest in (("logistic", 0.5), ("tanh", 0.0))
        ),
        *(
            Part(
                what=f"share of {name} units whose mean output is within {_TOLERANCE:g} of 0",
                estimate=statistics.mean(100 * _near_rest(name)),
                unit="%",
                region=region,
            )
            for name, region in (("logistic", (0.0, 0.0)), ("rectifier", (25.0, 60.0)))
        ),
    )


def footnote_3() -> tuple[Part, ...]:
    """Half agrees: the LIF response errs more; max(tanh, 0) about as much, on few digits."""
    error = {name: _test_error(name) for name in _RATES}
    regions = {"rescaled-lif": (1.5, math.inf), "rectified-tanh": (-1.0, 2.5)}
    return tuple(
        Part(
            what=f"test error of {name} minus that of the rectifier",
            estimate=statistics.mean(error[name] - error["rectifier"]),
            unit="points",
            region=region,
        )
        for name, region in regions.items()
    )


@functools.cache
def _read_last_layer() -> tuple[
    Float[np.ndarray, "strengths seeds parts"], Float[np.ndarray, "parts components_and_none"]
]:
    """R² [%] of the last of 2 x 64 units after 6 epochs, and of principal components."""
    data = datasets.load("mnist-5k")
    hyper = grid(l1=_L1, seed=_SEEDS, learning_rate=0.2)
    shape = sizes(inputs=data.inputs, width=64, depth=2, outputs=data.outputs)
    networks = MLP(shape, seeds=hyper.seed.tolist())
    train(networks, data, hyper, Schedule(epochs=6, batch_size=50))
    splits = data.train, data.validation, data.test
    codes = [networks.hidden(s.x.expand(networks.models, -1, -1))[-1].detach() for s in splits]
    shares = []
    for fitted, choosing, tested in zip(*codes, strict=True):
        decoder = decoders.fit((fitted, data.train.x), (choosing, data.validation.x), _RIDGE)
        shares.append(decoders.read(decoder(tested), data.test.x, data.test.y, data.outputs))
    components = decoders.principal(data.train.x, data.test.x, data.test.y, data.outputs, 64)
    return 100 * np.reshape(shares, (len(_L1), len(_SEEDS), -1)), 100 * components


def _near_rest(activation: str) -> PerSeed:
    """The share of units of an untrained network whose mean output is within 0.05 of 0 [1]."""
    data = datasets.load("mnist-5k")
    shape = sizes(inputs=data.inputs, width=256, depth=2, outputs=data.outputs)
    network = MLP(shape, seeds=_SEEDS, activation=activation)
    hidden = network.hidden(data.test.x[:300].expand(len(_SEEDS), -1, -1))
    means = torch.cat([h.detach().mean(1) for h in hidden], dim=1)  # [models units]
    return (means.abs() < _TOLERANCE).double().mean(1).numpy()


@functools.cache
def _test_error(activation: str) -> PerSeed:
    """Test error of 2 x 64 units after 6 epochs [%]."""
    data = datasets.load("mnist-5k")
    hyper = grid(seed=_SEEDS, learning_rate=_RATES[activation])
    shape = sizes(inputs=data.inputs, width=64, depth=2, outputs=data.outputs)
    network = MLP(shape, seeds=hyper.seed.tolist(), activation=activation)
    history = train(network, data, hyper, Schedule(epochs=6, batch_size=32, keep="last"))
    return 100 * history.at_best("test_error")
