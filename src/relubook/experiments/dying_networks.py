"""The networks of "dying": trained step by step, and all their units looked at now and then."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from jaxtyping import Bool, Int
from torch import Tensor

from relubook import steps
from relubook.datasets import Dataset
from relubook.epochs import draw_batches
from relubook.experiments.dying_values import Config, life_table
from relubook.history import error
from relubook.networks import MLP, sizes
from relubook.resident import Resident


@dataclass
class Looks:
    """What was seen of the networks of one setting, look by look.

    Attributes:
        data: All of its training examples are shown at every look.
        alive: Whether a unit answers any of them [layers units models].
        train_error: Share of wrong classes among them [models].
        gate: Share of them that activate each unit of the first network [layers units].
        weights: Copies of the first network's parameters.
    """

    data: Dataset
    alive: list[np.ndarray] = field(default_factory=list)
    train_error: list[np.ndarray] = field(default_factory=list)
    gate: list[np.ndarray] = field(default_factory=list)
    weights: list[list[Tensor]] = field(default_factory=list)

    @torch.no_grad()
    def look(self, network: MLP) -> None:
        """Show the networks every training example."""
        examples = self.data.train
        weight = network.stacked_layers()[0].weight
        hidden = network.hidden(examples.x.to(weight).expand(network.models, -1, -1))
        on = torch.stack([h > 0 for h in hidden])  # [layers models examples units]
        answers = network.layers[-1](hidden[-1]).argmax(-1)
        wrong = (answers != examples.y.to(weight.device)).double().mean(-1)
        self.alive.append(on.any(2).movedim(1, 2).numpy(force=True))
        self.train_error.append(wrong.numpy(force=True))
        self.gate.append(on[:, 0].double().mean(1).numpy(force=True))
        self.weights.append([p.detach()[:1].clone() for p in network.parameters()])


def begin(config: Config, data: Dataset, *, gain: float, shift: float, device: str = "cpu") -> MLP:
    """Untrained networks, one a seed, their hidden biases `shift` below 0."""
    shape = sizes(inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs)
    network = MLP(shape, seeds=config.seeds, gain=gain, device=device)
    for layer in network.stacked_layers()[:-1]:
        layer.bias.data.sub_(shift)
    return network


def train_watched(
    network: MLP,
    data: Dataset,
    config: Config,
    learning_rate: float,
    look: Callable[[MLP], None],
) -> Int[np.ndarray, "models"]:
    """Train all networks; look at each moment. Returns the step at which each diverged, or -1."""
    weight = network.stacked_layers()[0].weight
    examples = Resident.of(data.train, data.outputs, dtype=weight.dtype, device=weight.device)
    x, targets = (
        weight.new_empty(network.models, config.batch_size, network.sizes[end]) for end in (0, -1)
    )
    rate = weight.new_full((network.models, 1, 1), learning_rate)
    diverged = torch.full((network.models,), -1, device=weight.device)
    look(network)
    for step, rows in enumerate(_rows(network.seeds, len(examples), config), start=1):
        examples.take(rows.to(weight.device), x.flatten(0, 1), targets.flatten(0, 1))
        loss = steps.inplace(network, x, targets, rate, torch.zeros_like(rate))
        diverged[(diverged < 0) & ~loss.isfinite()] = step - 1  # the weights were bad before it
        if step in config.moments:
            look(network)
    diverged[(diverged < 0) & ~_finite(network)] = config.moments[-1]
    return diverged.numpy(force=True)


def _rows(
    order_seeds: Sequence[int], examples: int, config: Config
) -> Iterator[Int[Tensor, "rows"]]:
    """The rows of each step up to the last moment, as `train` would take them."""
    steps_an_epoch, last = examples // config.batch_size, config.moments[-1]
    for epoch in range(math.ceil(last / steps_an_epoch)):
        batches = draw_batches(order_seeds, examples, config.batch_size, epoch)
        yield from batches[: last - epoch * steps_an_epoch]


def _finite(network: MLP) -> Bool[Tensor, "models"]:
    """Which models have no infinite weight, and none that is not a number."""
    finite = [p.isfinite().flatten(1).all(1) for p in network.parameters()]
    return torch.stack(finite).all(0)


def summary(
    looks: Looks, network: MLP, diverged: Int[np.ndarray, "models"], moments: tuple[int, ...]
) -> dict[str, np.ndarray]:
    """One setting's row of each array; NaN from the step at which a network diverged."""
    alive = np.stack(looks.alive)
    gone = (diverged >= 0) & (np.array(moments)[:, None] >= diverged)  # [moments models]
    table = {
        name: np.where(gone[:, None], np.nan, shares) for name, shares in life_table(alive).items()
    }
    ends = {
        "test_error": error(network, looks.data.test),
        "test_error_without": error(without(network, ~alive[-1]), looks.data.test),
    }
    return table | {
        "train_error": np.where(gone, np.nan, np.stack(looks.train_error)),
        "gate": np.where(gone[:, :1, None], np.nan, np.stack(looks.gate)),
        "diverged": diverged,
        **{name: np.where(gone[-1], np.nan, e.numpy(force=True)) for name, e in ends.items()},
    }


@torch.no_grad()
def without(network: MLP, units: Bool[np.ndarray, "layers units models"]) -> MLP:
    """The same networks after what these hidden units send on is multiplied by 0."""
    cut = MLP(network.sizes, seeds=network.seeds)
    kept = torch.from_numpy(~units).to(torch.float32)
    for position, (layer, old) in enumerate(
        zip(cut.stacked_layers(), network.stacked_layers(), strict=True)
    ):
        layer.weight.data = old.weight.clone()
        layer.bias.data = old.bias.clone()
        if position > 0:
            layer.weight.mul_(kept[position - 1].T[..., None].to(layer.weight))
    return cut
