"""Rectifier, tanh, softplus and logistic networks of one shape, compared at equal accuracy.

Each network is trained until its validation error first falls to the same target; then its weights
are kept. What differs between the codes is then not that one network has simply learned more.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import datasets
from relubook.experiments.sweep import part_of
from relubook.history import error
from relubook.networks import MLP, sizes
from relubook.training import Progress, Schedule, grid, train

UNITS = ("rectifier", "tanh", "softplus", "logistic")
LEARNING_RATES = {"rectifier": 0.2, "tanh": 0.2, "softplus": 0.2, "logistic": 2.0}
"""What "equal-accuracy" chose on the validation split, with networks of other seeds [1]."""
TARGETS = {"mnist": 0.045, "mnist-5k": 0.08}
"""Validation errors that all four reach with 10,000 and 4,000 training examples [1]."""


@dataclass(frozen=True, kw_only=True)
class QuartetConfig:
    """What is trained on what, and how far.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depth: Hidden layers.
        l1: Penalties of further rectifier networks [1]; those without a penalty are always there.
        seeds: Of weights and order; one network of each kind for each.
        target: Validation error at which a network's weights are kept [1].
        batch_size: Examples a step.
        epochs: Passes over the training examples at most.
        train_examples: How many of the first examples to take; None for all.
    """

    data: str
    width: int
    depth: int
    l1: tuple[float, ...]
    seeds: tuple[int, ...]
    target: float
    batch_size: int
    epochs: int
    train_examples: int | None


@dataclass(frozen=True, kw_only=True)
class Group:
    """Networks of one activation and one penalty, one for each seed.

    Attributes:
        activation: A name of `UNITS`.
        l1: The penalty [1].
        network: With the weights of the first epoch at which the target was reached; of the last
            epoch where it never was.
        epoch: That epoch, counted from 1; 0 where the target was never reached.
        validation_error: With these weights [1].
        test_error: With these weights [1].
    """

    activation: str
    l1: float
    network: MLP
    epoch: Int[np.ndarray, "seeds"]
    validation_error: Float[np.ndarray, "seeds"]
    test_error: Float[np.ndarray, "seeds"]

    @property
    def name(self) -> str:
        """Such as `tanh`, or `rectifier, L1 0.001`."""
        return self.activation if self.l1 == 0 else f"{self.activation}, L1 {self.l1:g}"


@dataclass
class _Watch:
    """Keeps each network's weights when it first reaches the target; asked after every epoch."""

    network: MLP
    data: datasets.Dataset
    target: float
    epochs_seen: int = 0
    epoch: np.ndarray = field(init=False)
    kept: list[Tensor] = field(init=False)

    def __post_init__(self) -> None:
        self.epoch = np.zeros(self.network.models, dtype=np.int64)
        self.kept = [p.detach().clone() for p in self.network.parameters()]

    @torch.no_grad()
    def __call__(self) -> bool:
        """Whether every network has reached the target."""
        self.epochs_seen += 1
        missing = self.epoch == 0
        reached = error(self.network, self.data.validation).cpu().numpy() <= self.target
        self.epoch[missing & reached] = self.epochs_seen
        rows = torch.from_numpy(np.flatnonzero(missing))
        for kept, now in zip(self.kept, self.network.parameters(), strict=True):
            kept[rows.to(now.device)] = now[rows.to(now.device)]
        return bool((self.epoch > 0).all())

    @torch.no_grad()
    def restore(self) -> None:
        """Give every network the weights that were kept."""
        for kept, now in zip(self.kept, self.network.parameters(), strict=True):
            now.copy_(kept)


def settings(scale: str, data: str | None = None) -> dict[str, Any]:
    """The fields of a `QuartetConfig` at a scale, the same for every experiment that has one.

    Args:
        scale: `smoke`, `laptop` or `paper`.
        data: A data set other than the scale's own.
    """
    if scale == "smoke":
        return {
            "data": data or "mnist-5k", "width": 24, "depth": 2, "l1": (1e-3,), "seeds": (0, 1),
            "target": 0.4, "batch_size": 32, "epochs": 3, "train_examples": 800,
        }  # fmt: skip
    wide = scale == "paper"
    data = data or ("mnist" if wide else "mnist-5k")
    return {
        "data": data, "width": 1000 if wide else 128, "depth": 3, "l1": (3e-4, 1e-3, 3e-3),
        "seeds": tuple(range(10)), "target": TARGETS.get(data, 0.045), "batch_size": 32,
        "epochs": 40, "train_examples": None if wide else 10_000,
    }  # fmt: skip


def train_group(
    config: QuartetConfig,
    data: datasets.Dataset,
    activation: str,
    *,
    l1: float = 0.0,
    width: int | None = None,
    device: str = "cpu",
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Group:
    """Train networks of one activation, one a seed, each until it reaches the target.

    Args:
        config: What all groups share.
        data: What `config` names, opened.
        activation: A name of `UNITS`.
        l1: Penalty [1].
        width: Units per hidden layer, if not those of the configuration.
        device: `cpu` or `cuda`.
        progress: Called as `progress(done, total, text)`, in networks times epochs.
        stop: Asked after each epoch; True stops and keeps what was done.
    """
    hyper = grid(learning_rate=LEARNING_RATES[activation], l1=l1, seed=config.seeds)
    shape = sizes(
        inputs=data.inputs, width=width or config.width, depth=config.depth, outputs=data.outputs
    )
    network = MLP(shape, seeds=hyper.seed.tolist(), activation=activation, device=device)
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size, keep="last")
    watch = _Watch(network, data, config.target)
    asked = watch if stop is None else lambda: watch() or stop()
    train(network, data, hyper, schedule, progress=progress, stop=asked)
    watch.restore()
    if progress is not None:
        progress(config.epochs * len(config.seeds), config.epochs * len(config.seeds), "trained")
    return Group(
        activation=activation, l1=l1, network=network, epoch=watch.epoch,
        validation_error=error(network, data.validation).numpy(force=True),
        test_error=error(network, data.test).numpy(force=True),
    )  # fmt: skip


def untrained(like: Group, data: datasets.Dataset) -> Group:
    """The networks of a group before training.

    Args:
        like: The group.
        data: On which their errors are measured.
    """
    device = like.network.stacked_layers()[0].weight.device
    network = MLP(
        like.network.sizes, seeds=like.network.seeds, activation=like.activation, device=device
    )
    return Group(
        activation=like.activation, l1=like.l1, network=network, epoch=np.zeros_like(like.epoch),
        validation_error=error(network, data.validation).numpy(force=True),
        test_error=error(network, data.test).numpy(force=True),
    )  # fmt: skip


def train_quartet(
    config: QuartetConfig,
    data: datasets.Dataset,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
) -> list[Group]:
    """The four activations without a penalty, in the order of `UNITS`, then rectifiers with each.

    Args:
        config: What is trained.
        data: What `config` names, opened.
        device: `cpu` or `cuda`.
        progress: Called as `progress(done, total, text)`, in networks times epochs.
    """
    kinds = [(name, 0.0) for name in UNITS] + [("rectifier", l1) for l1 in config.l1 if l1 > 0]
    each = config.epochs * len(config.seeds)
    return [
        train_group(
            config, data, name, l1=l1, device=device,
            progress=part_of(progress, place * each, each, each * len(kinds)),
        )
        for place, (name, l1) in enumerate(kinds)
    ]  # fmt: skip
