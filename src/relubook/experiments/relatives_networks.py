"""Networks of one relative of the rectifier: drawn, trained, looked at, and timed."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook import datasets, sparsity, steps, timing
from relubook.experiments.relatives_values import KINDS, Config, Relative
from relubook.history import History
from relubook.networks import MLP, sizes
from relubook.training import Hyperparameters, Progress, Schedule, train

_LEADS_NOWHERE = 1e-4  # learning rate at which ten thousand steps on one mini-batch change little


def begin(
    relative: Relative,
    data: datasets.Dataset,
    *,
    width: int,
    depth: int,
    seeds: list[int] | tuple[int, ...],
    device: str = "cpu",
) -> MLP:
    """Untrained networks with weights from He's range.

    Args:
        relative: Their units.
        data: What they will learn.
        width: Units per hidden layer, for a relative with a full share of them.
        depth: Hidden layers.
        seeds: One per network.
        device: `cpu` or `cuda`.
    """
    shape = sizes(
        inputs=data.inputs, width=max(1, round(width * relative.share)), depth=depth,
        outputs=data.outputs,
    )  # fmt: skip
    return MLP(
        shape, seeds=seeds, activation=relative.activation, initialization="he", device=device
    )


def learn(
    network: MLP,
    data: datasets.Dataset,
    hyper: Hyperparameters,
    schedule: Schedule,
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    checkpoint: Path | None = None,
) -> History:
    """Train networks in place, by hand where their units are plain functions.

    Args:
        network: Untrained networks.
        data: What they learn.
        hyper: What each has for itself.
        schedule: What they share.
        progress: Called as `progress(done, total, text)`.
        stop: Asked after each epoch; True stops and keeps what was done.
        checkpoint: File from which a cut run goes on.
    """
    step = "autograd" if len(network.units) else "inplace"
    return train(
        network, data, hyper, schedule, step=step, progress=progress, stop=stop,
        checkpoint=checkpoint,
    )  # fmt: skip


@torch.no_grad()
def codes(
    network: MLP, x: Float[Tensor, "examples inputs"], best_epoch: np.ndarray
) -> dict[str, Float[np.ndarray, "models layers"]]:
    """Zeros, dead outputs and mean shift of each layer, network by network [1].

    Args:
        network: With the weights that are looked at.
        x: Inputs [1].
        best_epoch: Of each network; -1 marks one that diverged at once, which gets NaN.

    Returns:
        `zeros`, `dead`, `mean_over_abs` and `mean_over_sd`.
    """
    x = x.to(network.stacked_layers()[0].weight).unsqueeze(0)
    rows = [[_code(h[0]) for h in part.hidden(x)] for _, part in network.chunks(1)]
    tables = {
        name: np.array([[layer[name] for layer in row] for row in rows]) for name in rows[0][0]
    }
    for table in tables.values():
        table[best_epoch < 0] = np.nan
    return tables


def _code(h: Float[Tensor, "examples units"]) -> dict[str, float]:
    """One layer's numbers [1]; of a layer that is silent everywhere, the shift is NaN."""
    variance, mean = torch.var_mean(h.double(), dim=0, correction=0)
    return {
        "zeros": float(sparsity.zero_fraction(h)),
        "dead": float(sparsity.dead_units(h).double().mean()),
        "mean_over_abs": float(mean.mean().abs() / h.double().abs().mean()),
        "mean_over_sd": float((mean.square().mean() / variance.mean()).sqrt()),
    }


def race(config: Config, data: datasets.Dataset, device: str) -> Float[np.ndarray, "kinds rounds"]:
    """Time one training step of one network of each kind, in turns, all by `autograd` [s]."""
    x = data.train.x[: config.batch_size].to(device).unsqueeze(0)
    classes = data.train.y[: config.batch_size].to(device)
    targets = torch.eye(data.outputs, device=device)[classes].unsqueeze(0)
    rate, l1 = x.new_full((1, 1, 1), _LEADS_NOWHERE), x.new_zeros(1, 1, 1)
    contestants = {
        name: _step(
            begin(relative, data, width=config.width, depth=config.depth, seeds=(0,),
                  device=device),
            x, targets, rate, l1,
        )
        for name, relative in KINDS.items()
    }  # fmt: skip
    times = timing.race(contestants, rounds=config.rounds, seconds=config.seconds)
    return np.stack(list(times.values()))


def _step(network: MLP, *rest: Tensor) -> Callable[[], Tensor]:
    """A training step as a function without arguments."""
    return lambda: steps.autograd(network, *rest)
