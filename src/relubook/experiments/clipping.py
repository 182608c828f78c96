"""Gradients that explode, and clipping them: which learning rates a limit on the norm makes usable.

The limit is set as its inventors advise, from the mean norm of the gradient over a training. Every
kind of network takes the same factor-2 grid of learning rates, without a limit and with two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook.datasets import Dataset
from relubook.experiments import clipping_drawings as drawings
from relubook.experiments.clipping_values import (
    ACTIVATIONS,
    USABLE,
    Config,
    Result,
    largest_for_all,
    largest_usable,
)
from relubook.experiments.mini_batches import finite, mini_batches
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.experiments.weight_gradients import backpropagate, descend, gradient_norm
from relubook.history import error
from relubook.networks import MLP, sizes
from relubook.training import Hyperparameters, Progress, grid

__all__ = [
    "ACTIVATIONS", "USABLE", "Config", "Result", "clipped_step", "compare", "configure", "describe",
    "describe_norm", "describe_rates", "draw", "draw_norm", "draw_rates", "follow",
    "largest_for_all", "largest_usable", "run", "subtitle",
]  # fmt: skip

NAME = "clipping"
TITLE = "Exploding gradients and clipping: which learning rates become usable"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_norm, describe_norm = drawings.draw_norm, drawings.describe_norm
draw_rates, describe_rates = drawings.draw_rates, drawings.describe_rates

_TOGETHER = 20  # networks: as many as a core's cache holds


def configure(scale: str, data: str | None = None) -> Config:
    """3 x 64 units, ten learning rates, 400 steps at `laptop`; the paper's width at `paper`."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=16, depth=2, gains=(1.0, 4.0),
            limits=(np.inf, 1.0), learning_rates=(0.2, 3.2), norm_seeds=(100,),
            seeds=(0, 1), batch_size=32, moments=(0, 5, 20), train_examples=400,
        )  # fmt: skip
    wide = scale == "paper"
    return Config(
        data=data or ("mnist" if wide else "mnist-5k"), width=1000 if wide else 64, depth=3,
        gains=(1.0, 4.0), limits=(np.inf, 1.0, 0.1),
        learning_rates=tuple(0.05 * 2**k for k in range(10)), norm_seeds=(100, 101, 102),
        seeds=tuple(range(10)), batch_size=32, moments=(0, 3, 10, 30, 100, 200, 400),
        train_examples=None,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """For each activation and gain: measure the mean norm, then train at every rate and limit."""
    data, passport = open_data(config.data, config.train_examples)
    places = [(name, gain) for name in ACTIVATIONS for gain in config.gains]
    rows = []
    for place, (name, gain) in enumerate(places):
        part = part_of(progress, place, 1, len(places))
        rows.append(_grid(config, data, name, gain, device, part))
    axes = (len(ACTIVATIONS), len(config.gains))
    columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return Result(
        gain=np.array(config.gains),
        limit=np.array(config.limits),
        rate=np.array(config.learning_rates),
        moment=np.array(config.moments),
        **{name: values.reshape(*axes, *values.shape[1:]) for name, values in columns.items()},
        data=passport,
    )


@torch.no_grad()
def clipped_step(
    network: MLP,
    x: Float[Tensor, "models batch inputs"],
    targets: Float[Tensor, "models batch classes"],
    learning_rate: Float[Tensor, "models 1 1"],
    limit: Float[Tensor, "models"],
) -> tuple[Float[Tensor, "models"], Float[Tensor, "models"]]:
    """One step of gradient descent that is shortened where the gradient is longer than the limit.

    Args:
        network: The models; their weights are changed.
        x: A mini-batch for each model [1].
        targets: One-hot classes.
        learning_rate: Step size of each model [1].
        limit: Largest norm of each model's gradient [nat]; infinity for none.

    Returns:
        The norm before clipping [nat], and the loss before the step [nat].

    References:
        pascanu2013, algorithm 1.
    """
    found = backpropagate(network, x, targets)
    norm = gradient_norm(found)
    kept = torch.where(norm > limit, limit / norm, torch.ones_like(norm))
    descend(network, found, learning_rate * kept.view(-1, 1, 1))
    return norm, found.loss


@dataclass
class Course:
    """What became of some networks, gathered step by step.

    Attributes:
        diverged: Step at which the loss or a weight was not finite, or -1.
        total: Sum of the norms so far [nat].
        clipped: How often the gradient was clipped.
        norm: Of the gradient at each moment [nat]; NaN at those after all networks diverged.
    """

    diverged: Int[Tensor, "models"]
    total: Float[Tensor, "models"]
    clipped: Float[Tensor, "models"]
    norm: list[Float[Tensor, "models"]] = field(default_factory=list)


def follow(
    network: MLP,
    data: Dataset,
    hyper: Hyperparameters,
    limit: Float[Tensor, "models"],
    *,
    batch_size: int,
    moments: Sequence[int],
) -> Course:
    """Train in place up to the last moment; networks that have all diverged no further."""
    rate = hyper.learning_rate.to(limit).view(-1, 1, 1)
    none = torch.zeros_like(limit)
    course = Course(diverged=none.long() - 1, total=none, clipped=none.clone())
    for step, (x, targets) in enumerate(mini_batches(network, data, batch_size)):
        course.diverged[(course.diverged < 0) & ~finite(network)] = step
        if step in moments:
            course.norm.append(gradient_norm(backpropagate(network, x, targets)))
        if step == moments[-1] or (course.diverged >= 0).all():
            break
        norm, loss = clipped_step(network, x, targets, rate, limit)
        course.diverged[(course.diverged < 0) & ~(loss.isfinite() & norm.isfinite())] = step
        course.total += norm
        course.clipped += norm > limit
    course.norm += [none * torch.nan] * (len(moments) - len(course.norm))
    return course


def _grid(
    config: Config,
    data: Dataset,
    activation: str,
    gain: float,
    device: str,
    progress: Progress | None,
) -> dict[str, np.ndarray]:
    """The networks of one activation and gain at every limit and rate."""
    pilot = grid(learning_rate=config.learning_rates[0], seed=config.norm_seeds)
    network = _begin(config, data, activation, gain, pilot, device)
    endless = torch.full((network.models,), torch.inf, device=device)
    course = follow(
        network, data, pilot, endless, batch_size=config.batch_size, moments=config.moments
    )
    mean = float((course.total / config.moments[-1]).mean())
    rows = []
    for place, limit in enumerate(config.limits):
        part = part_of(progress, place, 1, len(config.limits))
        rows.append(_rates(config, data, activation, gain, limit * mean, device, part))
    table = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return table | {"mean_norm": np.array(mean)}


def _rates(
    config: Config,
    data: Dataset,
    activation: str,
    gain: float,
    limit: float,
    device: str,
    progress: Progress | None,
) -> dict[str, np.ndarray]:
    """The networks of one limit: one for each rate and seed."""
    hyper = grid(learning_rate=config.learning_rates, seed=config.seeds)
    network = _begin(config, data, activation, gain, hyper, device)
    parts = []
    for models, part in network.chunks(_TOGETHER):
        own = Hyperparameters(
            learning_rate=hyper.learning_rate[models], l1=hyper.l1[models], seed=hyper.seed[models]
        )
        limits = torch.full((part.models,), limit, device=device)
        course = follow(
            part, data, own, limits, batch_size=config.batch_size, moments=config.moments
        )
        bad = course.diverged >= 0
        parts.append(
            {
                "norm": torch.stack(course.norm),
                "clipped": course.clipped / config.moments[-1],
                "error": torch.where(bad, torch.nan, error(part, data.validation)),
                "diverged": course.diverged,
            }
        )
        if progress is not None:
            progress(models.stop, network.models, f"{activation}, gain {gain:g}")
    joined = {name: torch.cat([p[name] for p in parts], dim=-1) for name in parts[0]}
    table = (len(config.learning_rates), len(config.seeds))
    found = {name: values.numpy(force=True) for name, values in joined.items()}
    found["norm"] = np.moveaxis(found["norm"].reshape(-1, *table), 0, 1).astype(np.float32)
    return found | {name: found[name].reshape(table) for name in ("clipped", "error", "diverged")}


def _begin(
    config: Config, data: Dataset, activation: str, gain: float, hyper: Hyperparameters, device: str
) -> MLP:
    """Untrained networks."""
    shape = sizes(inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs)
    return MLP(shape, seeds=hyper.seed.tolist(), activation=activation, gain=gain, device=device)


def compare(result: Result) -> list[Comparison]:
    """The paper does not clip: nothing to set beside ours."""
    return []
