"""The networks of "folding": trained, rounded to 16 bits at some times, and measured.

The rounded weights are the networks: all that is measured, and all that a page draws, is theirs.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Float16, Int

from relubook import regions
from relubook.datasets import Dataset
from relubook.experiments.folding_values import Config
from relubook.experiments.random_networks import he_normal
from relubook.experiments.sweep import open_data
from relubook.history import evaluate
from relubook.networks import MLP, sizes
from relubook.regions import Window
from relubook.training import Hyperparameters, Progress, Schedule, train

SIDE = 1.2  # of the window: half its width; the examples lie in about [-1, 1] x [-1, 1]
WINDOW = Window(-SIDE, SIDE, -SIDE, SIDE)


def open_plane(name: str) -> tuple[Dataset, dict[str, Any]]:
    """A data set in the plane and its line in the passport.

    Raises:
        ValueError: If it does not have two inputs.
    """
    data, passport = open_data(name, None)
    if data.inputs != 2:
        raise ValueError(
            "The experiment folding draws all that a network does, so its data must have 2 inputs, "
            f"such as spirals, blobs or hinges. Got {name} with {data.inputs}."
        )
    return data, passport


def steps_of(config: Config, data: Dataset) -> Int[np.ndarray, "steps"]:
    """The training steps after which weights are kept."""
    return np.array(config.kept) * (len(data.train) // config.batch_size)


@dataclass
class Keeper:
    """Keeps a rounded copy of all weights after some epochs; asked after every epoch.

    Attributes:
        network: What is trained.
        kept: The epochs.
        stop: Asked by the way; True stops the training.
        copies: Weights and biases of the layers, in turn, for each time.
    """

    network: MLP
    kept: tuple[int, ...]
    stop: Callable[[], bool] | None = None
    copies: list[list[torch.Tensor]] = field(default_factory=list)
    epochs: int = 0

    def __post_init__(self) -> None:
        if 0 in self.kept:
            self._keep()

    def __call__(self) -> bool:
        """Whether somebody wants it to stop."""
        self.epochs += 1
        if self.epochs in self.kept:
            self._keep()
        return self.stop is not None and self.stop()

    def _keep(self) -> None:
        self.copies.append([p.detach().cpu().half().float() for p in self.network.parameters()])

    def networks(self) -> list[MLP]:
        """The networks with the rounded weights of each time."""
        return [self._with(copy) for copy in self.copies]

    def _with(self, copy: list[torch.Tensor]) -> MLP:
        network = MLP(self.network.sizes, seeds=self.network.seeds)
        for parameter, values in zip(network.parameters(), copy, strict=True):
            parameter.data = values
        return network


def train_kept(
    config: Config,
    data: Dataset,
    shape: tuple[int, int],
    hyper: Hyperparameters,
    *,
    progress: Progress | None,
    stop: Callable[[], bool] | None = None,
) -> list[MLP]:
    """Train networks of one depth and width; what they were at each time that is kept."""
    depth, width = shape
    units = sizes(inputs=2, width=width, depth=depth, outputs=data.outputs)
    network = he_normal(units, hyper.seed.tolist())
    keeper = Keeper(network, config.kept, stop)
    schedule = Schedule(epochs=config.kept[-1], batch_size=config.batch_size, keep="last")
    train(network, data, hyper, schedule, progress=progress, stop=keeper)
    return keeper.networks()


def count(network: MLP) -> Int[np.ndarray, "models"]:
    """Regions of each network in the window."""
    return np.array([len(regions.find(network, WINDOW, model=m)) for m in range(network.models)])


def errors_and_activity(
    network: MLP, data: Dataset
) -> tuple[Float[np.ndarray, "models"], Float[np.ndarray, "models"]]:
    """Share of wrong classes, and of active units, on the test split [1]."""
    error, zeros, _ = evaluate(network, data.test)
    return error.numpy(), 1 - zeros.mean(0).numpy()


def flat(network: MLP, model: int) -> Float16[np.ndarray, "numbers"]:
    """One network's numbers: of each layer the weight [inputs outputs] by rows, then the bias."""
    parts = [p.detach()[model].reshape(-1) for p in network.parameters()]
    return torch.cat(parts).half().numpy()


def numbers_of(depth: int, width: int, classes: int) -> int:
    """How many numbers a network has."""
    return sum((i + 1) * o for i, o in itertools.pairwise((2, *[width] * depth, classes)))


def unflat(numbers: Float16[np.ndarray, "numbers"], units: tuple[int, ...]) -> MLP:
    """The network that `flat` gave these numbers of.

    Args:
        numbers: Of one network.
        units: Its sizes: inputs, hidden layers, classes.
    """
    network, start = MLP(units), 0
    for parameter in network.parameters():
        end = start + parameter.numel()
        values = torch.from_numpy(numbers[start:end].astype(np.float32))
        parameter.data = values.view(parameter.shape)
        start = end
    return network
