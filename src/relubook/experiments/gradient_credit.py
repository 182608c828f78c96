"""On which units of a trained network the gradient of a digit falls, and whether zeros block it.

Stated before the run: all networks are stopped at the same validation error; a unit carries
gradient if the derivative by its pre-activation is not exactly 0 in double precision, where even
saturated smooth units are hardly ever rounded to 0.
"""

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import datasets, gradients, records
from relubook.experiments.gradient_credit_drawings import (
    describe,
    describe_held,
    describe_paths,
    draw,
    draw_held,
    draw_paths,
)
from relubook.experiments.gradient_credit_values import SHARES, Config, Result
from relubook.experiments.quartet import UNITS, Group, settings, train_quartet, untrained
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.gradients import HiddenLayer
from relubook.networks import MLP
from relubook.training import Progress

__all__ = [
    "Config", "Result", "compare", "configure", "describe", "describe_held", "describe_paths",
    "draw", "draw_held", "draw_paths", "measure", "run", "subtitle",
]  # fmt: skip

NAME = "gradient-credit"
TITLE = "On which units the gradient of a digit falls (page 318)"
REVISION = 1


def configure(scale: str, data: str | None = None) -> Config:
    """2,000 test digits, networks as in all comparisons of the four; fewer for a quick look."""
    return Config(**settings(scale, data), examples=200 if scale == "smoke" else 2_000)


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train every group of networks, and take the gradients of test digits in each."""
    data, passport = open_data(config.data, config.train_examples)
    kinds = len(UNITS) + len(config.l1)
    training, measuring = kinds * config.epochs * len(config.seeds), kinds + len(UNITS)
    total = training + measuring
    part = part_of(progress, 0, training, total)
    trained = train_quartet(config, data, device=device, progress=part)
    groups = [*trained, *(untrained(group, data) for group in trained[: len(UNITS)])]
    x, y = data.test.x[: config.examples], data.test.y[: config.examples]
    rows = []
    for place, group in enumerate(groups):
        rows.append(_of_group(group, x.to(device), y.to(device)))
        if progress is not None:
            progress(training + place + 1, total, f"{group.name} measured")
    return Result(
        l1=np.array([group.l1 for group in groups]),
        trained=np.arange(len(groups)) < len(trained),
        data=passport,
        **{name: np.stack([row[name] for row in rows]) for name in rows[0]},
    )


def _of_group(
    group: Group, x: Float[Tensor, "examples inputs"], y: Int[Tensor, "examples"]
) -> dict[str, np.ndarray]:
    """One row of each array of a result."""
    seeds = range(group.network.models)
    found = [measure(group.network.view(slice(seed, seed + 1)), x, y) for seed in seeds]
    columns = {name: np.array([of[name] for of in found]).T for name in found[0]}
    return columns | {"epoch": group.epoch, "test_error": group.test_error}


def measure(
    network: MLP, x: Float[Tensor, "examples inputs"], y: Int[Tensor, "examples"]
) -> dict[str, float | list[float]]:
    """What a `Result` says of one network: a number, or one for each hidden layer.

    Args:
        network: One model.
        x: Inputs [1].
        y: Their classes.
    """
    network = network.view(slice(0, 1)).double()
    layers = gradients.per_unit(network, x, y)
    carrying = torch.stack([(layer.by_input != 0).sum(-1) for layer in layers])
    by_layer = [_of_layer(network, layer) for layer in layers]
    return {
        "reached": float((carrying > 0).all(0).double().mean()),
        "fewest": float(carrying.min()),
        "paths": float(gradients.active_paths(network, x).share.mean()),
        "held": np.mean([_held(layer.by_input.abs()) for layer in layers], axis=0).tolist(),
    } | {name: [of[name] for of in by_layer] for name in by_layer[0]}


def _of_layer(network: MLP, layer: HiddenLayer) -> dict[str, float]:
    """What a `Result` says of one hidden layer of one network."""
    credit, units = layer.by_input.abs(), layer.h.shape[-1]
    carrying, spread = (credit != 0).sum(-1), gradients.effective_units(credit)
    reached = carrying > 0
    share = credit[reached] / credit[reached].sum(-1, keepdim=True)
    return {
        "active": float((layer.h != 0).double().mean()),
        "carrying": float(carrying.double().mean()) / units,
        "effective": float(spread.mean()) / units,
        "effective_by_output": float(gradients.effective_units(layer.by_output).mean()) / units,
        "evenness": float((spread / carrying)[reached].mean()),
        "favored": float((share * _favored(network, layer)[reached]).sum(-1).mean()),
        "correlation": float(_correlation(credit, layer.h.abs()).nanmean()),
    }


def _favored(network: MLP, layer: HiddenLayer) -> Float[Tensor, "1 examples units"]:
    """1 for active rectifiers; for other units, for the half of a layer with the largest slopes."""
    if network.activation.name == "rectifier":
        return (layer.h != 0).double()
    slopes = network.activation.derivative(layer.before, layer.h)
    half = slopes.topk(layer.h.shape[-1] // 2, dim=-1).indices
    return torch.zeros_like(slopes).scatter(-1, half, 1.0)


def _held(credit: Float[Tensor, "1 examples units"]) -> Float[np.ndarray, "shares"]:
    """Share of the credit held by the units with the most, at each of `SHARES` of a layer.

    Between two whole numbers of units it is read off the straight line.
    """
    total = credit.sum(-1, keepdim=True)
    share = (credit / total)[(total > 0).squeeze(-1)].sort(-1, descending=True).values
    mean = share.cumsum(-1).mean(0).numpy(force=True)
    return np.interp(SHARES * credit.shape[-1], np.arange(len(mean) + 1), [0.0, *mean])


def _correlation(
    a: Float[Tensor, "1 examples units"], b: Float[Tensor, "1 examples units"]
) -> Float[Tensor, "1 examples"]:
    """Pearson's correlation over the units of a layer; NaN where one of both is constant."""
    a, b = (part - part.mean(-1, keepdim=True) for part in (a, b))
    return (a * b).sum(-1) / (a.square().sum(-1) * b.square().sum(-1)).sqrt()


def compare(result: Result) -> list[Comparison]:
    """The paper gives no number for this: nothing to set beside ours."""
    return []


def subtitle(record: records.Record) -> str:
    """What was trained on what, and how many digits were shown."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training and "
        f"{config['examples']:,} test digits · {config['depth']} x {config['width']} units\nall "
        f"stopped at {100 * config['target']:g} % validation error · {len(config['seeds'])} seeds"
    )
