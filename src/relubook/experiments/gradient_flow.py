"""How far activations and gradients reach in deep networks before training.

All is computed in double precision: over 200 layers single precision would make zeros of its own.
The networks of one seed are nested: a shallower one has the first layers of the deepest and the
same output weights. Different activations share their weights, too.
"""

import math
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from relubook import activations, datasets, gradients, records
from relubook.experiments.gradient_flow_drawings import (
    describe,
    describe_activations,
    describe_paths,
    describe_weights,
    draw,
    draw_activations,
    draw_paths,
    draw_weights,
)
from relubook.experiments.gradient_flow_values import STARTS, Config, Result
from relubook.experiments.quartet import UNITS
from relubook.experiments.sweep import Comparison, open_data
from relubook.gradients import HiddenLayer
from relubook.networks import MLP, sizes
from relubook.training import Progress

__all__ = [
    "STARTS", "Config", "Result", "compare", "configure", "describe", "describe_activations",
    "describe_paths", "describe_weights", "draw", "draw_activations", "draw_paths", "draw_weights",
    "nested", "run", "subtitle",
]  # fmt: skip

NAME = "gradient-flow"
TITLE = "How far activations and gradients reach before training (page 318)"
REVISION = 1


def configure(scale: str, data: str | None = None) -> Config:
    """Up to 50 layers of 500 units; few and narrow ones for a quick look."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=40, depths=(1, 5, 12), seeds=(0, 1), examples=30
        )
    paper = scale == "paper"
    return Config(
        data=data or ("mnist" if paper else "mnist-5k"), width=1000 if paper else 500,
        depths=(1, 2, 5, 10, 20, 30, 50), seeds=tuple(range(10)), examples=200,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Draw each seed's deepest network from each range, cut it to each depth, and look."""
    data, passport = open_data(config.data, None)
    x, y = (part[: config.examples].to(device) for part in (data.test.x, data.test.y))
    shape = sizes(
        inputs=data.inputs, width=config.width, depth=config.depths[-1], outputs=data.outputs
    )
    total, rows = len(STARTS) * len(config.seeds), []
    for start in STARTS:
        for seed in config.seeds:
            deepest = MLP(
                shape, seeds=[seed], initialization=start, dtype=torch.float64, device=device
            )
            rows.append([_measures(config, deepest, name, x, y) for name in UNITS])
            if progress is not None:
                progress(len(rows), total, f"{start}, seed {seed}")
    columns = {
        name: np.array([[of[name] for of in row] for row in rows]).reshape(
            len(STARTS), len(config.seeds), len(UNITS), -1
        )
        for name in rows[0][0]
    }
    by_layer, by_depth = (0, 2, 1, 3), (0, 2, 3, 1)
    return Result(
        depths=np.array(config.depths),
        **{
            name: values.transpose(by_depth if name in _OF_A_DEPTH else by_layer).astype(np.float32)
            for name, values in columns.items()
        },
        data=passport,
    )


_OF_A_DEPTH = ("first", "last", "blocked", "paths")


def nested(deepest: MLP, depth: int, activation: str) -> MLP:
    """The first layers of a network with its output weights, and with units of any kind.

    Args:
        deepest: A network whose hidden layers have one width.
        depth: Hidden layers, as many as it has or fewer.
        activation: A name known to `activations.get`.
    """
    part = deepest.view(slice(None))
    layers = part.stacked_layers()
    part.activation = activations.get(activation)
    part.sizes = (*deepest.sizes[: depth + 1], deepest.sizes[-1])
    part.layers = nn.ModuleList([*layers[:depth], layers[-1]])
    return part


def _measures(
    config: Config, deepest: MLP, activation: str, x: Tensor, y: Tensor
) -> dict[str, list[float]]:
    """Numbers of a `Result` for one seed and one activation, by depth or by layer."""
    found: dict[str, list[float]] = {name: [] for name in _OF_A_DEPTH}
    layers: list[HiddenLayer] = []
    for depth in config.depths:
        network = nested(deepest, depth, activation)
        layers = gradients.per_unit(network, x, y)
        carried = torch.stack([(layer.by_input != 0).any(-1) for layer in layers])
        share = gradients.active_paths(network, x).share
        found["first"].append(_size(layers[0].by_output))
        found["last"].append(_size(layers[-1].by_output))
        found["blocked"].append(float((~carried.all(0)).double().mean()))
        found["paths"].append(float(share.median().log10()))
    return found | _by_layer(x, layers)


def _by_layer(x: Tensor, layers: list[HiddenLayer]) -> dict[str, list[float]]:
    """What is measured in each hidden layer of the deepest network."""
    below = [x.unsqueeze(0).double(), *(layer.h for layer in layers)]
    return {
        "activity": [_size(layer.h) for layer in layers],
        "by_output": [_size(layer.by_output) for layer in layers],
        "by_weights": [
            _size_of_products(h, layer.by_input) for h, layer in zip(below, layers, strict=False)
        ],
        "carrying": [float((layer.by_input != 0).double().mean()) for layer in layers],
        "effective": [
            float(gradients.effective_units(layer.by_input).mean()) / layer.h.shape[-1]
            for layer in layers
        ],
    }


def _size(values: Tensor) -> float:
    """log2 of the mean square, also of numbers whose squares would underflow."""
    return _size_of_products(values, torch.ones_like(values[..., :1]))


def _size_of_products(a: Tensor, b: Tensor) -> float:
    """log2 of the mean square of all products of an example's `a` and `b`, over all examples.

    The derivative by a weight is such a product: of the unit below and of the gradient above.
    """
    largest = [float(part.abs().max()) for part in (a, b)]
    if 0.0 in largest:
        return -math.inf
    squares = [(part / top).square().mean(-1) for part, top in zip((a, b), largest, strict=True)]
    mean = float((squares[0] * squares[1]).mean())
    return 2 * sum(math.log2(top) for top in largest) + math.log2(mean) if mean > 0 else -math.inf


def compare(result: Result) -> list[Comparison]:
    """The paper gives no number for this: nothing to set beside ours."""
    return []


def subtitle(record: records.Record) -> str:
    """What was drawn and shown."""
    config = record.config
    return (
        f"{datasets.describe(record.data).title}, {config['examples']:,} test digits · up to "
        f"{config['depths'][-1]} x {config['width']} units before training · "
        f"{len(config['seeds'])} seeds"
    )
