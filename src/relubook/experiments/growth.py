"""Nothing bounds a rectifier: how its activations grow over a long training, and what stops it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int

from relubook.datasets import Dataset
from relubook.experiments import growth_drawings as drawings
from relubook.experiments.quartet import LEARNING_RATES
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.networks import MLP, sizes
from relubook.training import Progress, Schedule, grid, train

NAME = "growth"
TITLE = "Activations grow while training goes on, unless they are penalized (page 318)"
REVISION = 1

KINDS = drawings.KINDS

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_largest, describe_largest = drawings.draw_largest, drawings.describe_largest
draw_error, describe_error = drawings.draw_error, drawings.describe_error


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what, and for how long.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depth: Hidden layers.
        seeds: Of weights and order.
        batch_size: Examples a step.
        epochs: Passes over the training examples.
        train_examples: How many of the first examples to take; None for all.
        examples: How many of the first test examples activations are measured on.
    """

    data: str
    width: int
    depth: int
    seeds: tuple[int, ...]
    batch_size: int
    epochs: int
    train_examples: int | None
    examples: int = 1000


@dataclass(frozen=True, kw_only=True)
class Result:
    """Kinds are those of `KINDS`; times are before training, then after each epoch.

    Everything is NaN from the epoch on in which a network diverged.

    Attributes:
        l1: Penalty of each kind [1].
        mean_abs: Mean |h| of a hidden layer on test examples [1].
        largest: Largest |h| of a hidden layer on the same [1].
        zeros: Exact zeros of a hidden layer on the same [1].
        norm: Root of the sum of squares of each weight matrix [1].
        loss: Mean cross-entropy while training, in each epoch [nat].
        test_error: After each epoch [1].
        diverged: Epoch of divergence, or -1.
        data: Name, sha256 and source of the data.
    """

    l1: Float[np.ndarray, "kinds"]
    mean_abs: Float[np.ndarray, "kinds times layers seeds"]
    largest: Float[np.ndarray, "kinds times layers seeds"]
    zeros: Float[np.ndarray, "kinds times layers seeds"]
    norm: Float[np.ndarray, "kinds times matrices seeds"]
    loss: Float[np.ndarray, "kinds epochs seeds"]
    test_error: Float[np.ndarray, "kinds epochs seeds"]
    diverged: Int[np.ndarray, "kinds seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}


def configure(scale: str, data: str | None = None) -> Config:
    """30 epochs of 5,000 digits at `laptop`; all of them and the paper's width at `paper`."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=24, depth=2, seeds=(0, 1), batch_size=32, epochs=3,
            train_examples=500, examples=200,
        )  # fmt: skip
    wide = scale == "paper"
    return Config(
        data=data or ("mnist" if wide else "mnist-5k"), width=1000 if wide else 128, depth=3,
        seeds=tuple(range(10)), batch_size=32, epochs=30, train_examples=None if wide else 5_000,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train the networks of each kind side by side, and measure them after every epoch."""
    data, passport = open_data(config.data, config.train_examples)
    rows, each = [], config.epochs * len(config.seeds)
    for place, (name, l1) in enumerate(KINDS):
        part = part_of(progress, place * each, each, each * len(KINDS))
        rows.append(train_measured(config, data, name, l1, device=device, progress=part))
    columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return Result(l1=np.array([l1 for _, l1 in KINDS]), data=passport, **columns)


@dataclass
class Gauge:
    """Measures the networks before training and after every epoch; never stops them."""

    network: MLP
    x: Float[torch.Tensor, "examples inputs"]
    rows: list[dict[str, np.ndarray]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self()

    @torch.no_grad()
    def __call__(self) -> bool:
        """Measure; False, for nothing should stop."""
        layers = self.network.stacked_layers()
        hidden = self.network.hidden(self.x.to(layers[0].weight).expand(len(self), -1, -1))
        self.rows.append(
            {
                "mean_abs": _numbers([h.abs().mean((-2, -1)) for h in hidden]),
                "largest": _numbers([h.abs().amax((-2, -1)) for h in hidden]),
                "zeros": _numbers([(h == 0).double().mean((-2, -1)) for h in hidden]),
                "norm": _numbers([layer.weight.square().sum((-2, -1)).sqrt() for layer in layers]),
            }
        )
        return False

    def __len__(self) -> int:
        return self.network.models

    def columns(self, diverged: Int[np.ndarray, "models"]) -> dict[str, np.ndarray]:
        """Each quantity [times layers models]; NaN after the epoch in which a network diverged."""
        times = np.arange(len(self.rows))[:, None, None]
        gone = (diverged >= 0) & (times > diverged)  # time 1 is the end of epoch 0
        return {
            name: np.where(gone, np.nan, np.stack([row[name] for row in self.rows]))
            for name in self.rows[0]
        }


def train_measured(
    config: Config,
    data: Dataset,
    activation: str,
    l1: float,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
) -> dict[str, np.ndarray]:
    """One kind's row of each array.

    Args:
        config: What all kinds share.
        data: What `config` names, opened.
        activation: Of the networks.
        l1: Their penalty [1].
        device: `cpu` or `cuda`.
        progress: Called as `progress(done, total, text)`.
    """
    hyper = grid(learning_rate=LEARNING_RATES[activation], l1=l1, seed=config.seeds)
    shape = sizes(inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs)
    network = MLP(shape, seeds=hyper.seed.tolist(), activation=activation, device=device)
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size, keep="last")
    gauge = Gauge(network, data.test.x[: config.examples])
    history = train(network, data, hyper, schedule, progress=progress, stop=gauge)
    return gauge.columns(history.diverged) | {
        "loss": history.loss,
        "test_error": history.test_error,
        "diverged": history.diverged,
    }


def _numbers(rows: list[torch.Tensor]) -> np.ndarray:
    """Rows of one number a model, in float64."""
    return torch.stack(rows).double().numpy(force=True)


def compare(result: Result) -> list[Comparison]:
    """The paper gives no number for growth: nothing to set beside ours."""
    return []
