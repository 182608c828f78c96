"""Networks of one kind from one start, trained step by step and measured at chosen steps."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from relubook import steps
from relubook.datasets import Dataset
from relubook.epochs import draw_batches
from relubook.experiments.training_map_values import STARTS
from relubook.history import error, evaluate
from relubook.networks import MLP
from relubook.networks import sizes as sizes_of
from relubook.resident import Resident
from relubook.training import Hyperparameters


@dataclass(frozen=True, kw_only=True)
class Course:
    """What became of each network; NaN for one whose weights are no longer finite.

    Attributes:
        error: Validation error after each of the chosen steps [1].
        dead: Units of a layer that no validation example activates, after the last step [1].
        zeros: Exact zeros in each layer then [1].
    """

    error: Float[np.ndarray, "steps models"]
    dead: Float[np.ndarray, "layers models"]
    zeros: Float[np.ndarray, "layers models"]


def begin(
    data: Dataset,
    *,
    activation: str,
    width: int,
    depth: int,
    start: str,
    seeds: Sequence[int],
    device: str = "cpu",
) -> MLP:
    """Untrained networks.

    Args:
        data: What they will learn.
        activation: Of the hidden units.
        width: Units per hidden layer.
        depth: Hidden layers.
        start: A name of `STARTS`.
        seeds: Of the weights, one per network.
        device: `cpu` or `cuda`.

    Raises:
        ValueError: If there is no such start.
    """
    if start not in STARTS:
        raise ValueError(f"The `start` must be one of {', '.join(STARTS)}. Got {start!r}.")
    initialization, gain = STARTS[start]
    return MLP(
        sizes_of(inputs=data.inputs, width=width, depth=depth, outputs=data.outputs),
        seeds=seeds, activation=activation, initialization=initialization, gain=gain,
        device=device,
    )  # fmt: skip


def follow(
    network: MLP,
    data: Dataset,
    hyper: Hyperparameters,
    moments: Sequence[int],
    *,
    batch_size: int,
    stop: Callable[[], bool] | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Course:
    """Train networks in place and measure them after chosen numbers of steps.

    Networks that have all diverged are trained no further.

    Args:
        network: Untrained networks; their weights are changed.
        data: What they learn; what they are measured on is its validation split.
        hyper: What each network has for itself.
        moments: Numbers of steps, ascending.
        batch_size: Examples a step.
        stop: Asked at each of them; True ends it there.
        progress: Called as `progress(done, total, text)` at each of them.

    Returns:
        What became of them, of fewer moments if it was stopped.
    """
    train, errors, done = _steps(network, data, hyper, batch_size), [], 0
    finite = _finite(network)
    for moment in moments:
        if finite.any():
            for _ in range(moment - done):
                next(train)
            finite = _finite(network)
        done = moment
        errors.append(_where(finite, error(network, data.validation)))
        if progress is not None:
            progress(done, moments[-1], f"step {done}")
        if stop is not None and stop():
            break
    _, zeros, dead = evaluate(network, data.validation)
    return Course(error=np.stack(errors), dead=_where(finite, dead), zeros=_where(finite, zeros))


def _steps(network: MLP, data: Dataset, hyper: Hyperparameters, batch_size: int) -> Iterator[None]:
    """Train by one step each time it is asked, without an end; each network in its own order."""
    weight = network.stacked_layers()[0].weight
    examples = Resident.of(data.train, data.outputs, dtype=weight.dtype, device=weight.device)
    rate, l1 = (v.to(weight).view(-1, 1, 1) for v in (hyper.learning_rate, hyper.l1))
    x, targets = (
        weight.new_empty(network.models, batch_size, network.sizes[end]) for end in (0, -1)
    )
    for epoch in itertools.count():
        for rows in _batches(hyper, len(examples), batch_size, epoch).to(weight.device):
            examples.take(rows, x.flatten(0, 1), targets.flatten(0, 1))
            steps.inplace(network, x, targets, rate, l1)
            yield


def _batches(
    hyper: Hyperparameters, examples: int, batch_size: int, epoch: int
) -> Int[Tensor, "steps rows"]:
    """The rows of an epoch's mini-batches."""
    return draw_batches(hyper.seed.tolist(), examples, batch_size, epoch)


@torch.no_grad()
def _finite(network: MLP) -> Bool[Tensor, "models"]:
    """Which networks have no weight that is infinite or not a number."""
    return torch.stack([p.flatten(1).isfinite().all(1) for p in network.parameters()]).all(0)


def _where(finite: Bool[Tensor, "models"], values: Tensor) -> np.ndarray:
    """Measurements [... models] of the networks that did not diverge; NaN of the others."""
    return torch.where(finite, values.double(), torch.nan).numpy(force=True)
