"""Training many networks at once, by plain stochastic gradient descent.

What every network shares is its `Schedule`; what each has for itself (learning rate, L1 strength,
seed) is a vector over models, its `Hyperparameters`. That split is what makes a sweep one batched
computation. Trained together equals trained alone: a tested property, not a hope.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import checkpoints, steps
from relubook.chunking import models_at_once
from relubook.datasets import Dataset
from relubook.epochs import run_epoch
from relubook.history import History, Judge, measure
from relubook.networks import MLP
from relubook.resident import Resident
from relubook.runs import Run

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, kw_only=True)
class Hyperparameters:
    """What each network has for itself; every field has a `models` axis.

    Attributes:
        learning_rate: Step size [1], above 0.
        l1: Penalty on the sum of |h| over hidden units, averaged over the batch [1], at least 0.
        seed: Decides a network's weights and the order of its examples.

    Raises:
        ValueError: If the lengths differ, or a value is out of its range or not finite.
    """

    learning_rate: Float[Tensor, "models"]
    l1: Float[Tensor, "models"]
    seed: Int[Tensor, "models"]

    def __post_init__(self) -> None:
        for name in ("learning_rate", "l1", "seed"):
            values = getattr(self, name)
            if len(values) != len(self.seed):
                raise ValueError(
                    f"The `{name}` of Hyperparameters must have one value per model. "
                    f"Got {len(values)} values and {len(self.seed)} seeds."
                )
        _check_range("learning_rate", self.learning_rate, self.learning_rate > 0, "above 0")
        _check_range("l1", self.l1, self.l1 >= 0, "at least 0")
        _check_range("seed", self.seed, self.seed >= 0, "at least 0")

    def __len__(self) -> int:
        """The number of models."""
        return len(self.seed)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """What all networks of a run share.

    Attributes:
        epochs: Passes over the training split.
        batch_size: Examples a step; the last incomplete batch of an epoch is left out.
        keep: Which weights the networks end with: those of their `best` validation epoch, or the
            `last` ones; the best ones are a second copy of all weights.
        tf32: Whether a GPU may round the factors of matrix products to 10 bits: faster with large
            batches, and other numbers.
    """

    epochs: int
    batch_size: int = 10
    keep: str = "best"
    tf32: bool = False

    def __post_init__(self) -> None:
        for name in ("epochs", "batch_size"):
            if getattr(self, name) < 1:
                raise ValueError(
                    f"The `{name}` of Schedule must be at least 1. Got {getattr(self, name)}."
                )
        if self.keep not in ("best", "last"):
            raise ValueError(f"The `keep` of Schedule must be best or last. Got {self.keep!r}.")


def grid(
    *,
    learning_rate: float | Sequence[float] = 0.05,
    l1: float | Sequence[float] = 0.0,
    seed: int | Sequence[int] = 0,
    dtype: torch.dtype = torch.float32,
) -> Hyperparameters:
    """All combinations, one model each; the last argument varies fastest.

    >>> grid(l1=[0, 0.001], seed=[7, 8, 9]).seed
    tensor([7, 8, 9, 7, 8, 9])
    """
    columns = [np.atleast_1d(np.asarray(values)) for values in (learning_rate, l1, seed)]
    rates, penalties, numbers = zip(*itertools.product(*columns), strict=True)
    return Hyperparameters(
        learning_rate=torch.tensor(np.array(rates), dtype=dtype),
        l1=torch.tensor(np.array(penalties), dtype=dtype),
        seed=torch.tensor(np.array(numbers, dtype=np.int64)),
    )


def train(
    network: MLP,
    dataset: Dataset,
    hyper: Hyperparameters,
    schedule: Schedule,
    *,
    step: str = "inplace",
    judge: Judge | None = None,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
    checkpoint: Path | None = None,
) -> History:
    """Train all models in place and return what happened, epoch by epoch.

    A network whose cost is no longer finite is marked, and nothing of it is reported from then on;
    the others are not touched by it.

    Args:
        network: The models, drawn from the seeds of `hyper`.
        dataset: Examples, dense or sparse rows; validation error chooses the best epoch.
        hyper: What each model has for itself.
        schedule: What they share.
        step: `inplace` or `autograd`.
        judge: What the best epoch has least of on the validation split; the share of wrong classes
            if None. The history's errors are what it gives.
        progress: Called as `progress(done, total, text)` after each chunk of models.
        stop: Asked after each epoch; True stops and keeps what was done.
        checkpoint: File from which the run goes on if it was cut, written as it goes.

    Returns:
        The history, of the epochs that were finished.

    Raises:
        ValueError: If the arguments do not fit each other.
    """
    _check_fit(network, dataset, hyper, schedule, step)
    run = Run.begin(network, schedule.epochs, keep=schedule.keep)
    if checkpoint is not None:
        judged = () if judge is None else (repr(judge),)
        run.resume(checkpoint, _fingerprint(network, dataset, hyper, schedule, step, *judged))
    weight = network.stacked_layers()[0].weight
    examples = Resident.of(dataset.train, dataset.outputs, dtype=weight.dtype, device=weight.device)
    report = _reporter(progress, network.models, schedule.epochs)
    for epoch in range(run.finished, schedule.epochs):
        for models, part in network.chunks(_chunk_size(network)):
            with _precision(schedule):
                loss = _train_part(part, examples, hyper, models, schedule, step, epoch)
                run.note(models, measure(part, dataset, loss, judge))
            report(epoch, models.stop)
        run.close_epoch()
        stopping = stop is not None and stop()
        run.save(last=stopping or epoch + 1 == schedule.epochs)
        if stopping:
            break
    return run.end()


def _train_part(
    network: MLP,
    examples: Resident,
    hyper: Hyperparameters,
    models: slice,
    schedule: Schedule,
    step: str,
    epoch: int,
) -> Float[Tensor, "models"]:
    """One epoch of some of the models; returns the mean cross-entropy of each [nat]."""
    return run_epoch(
        network, examples,
        learning_rate=hyper.learning_rate[models], l1=hyper.l1[models],
        order_seeds=hyper.seed[models].tolist(),
        batch_size=schedule.batch_size, step=step, epoch=epoch,
    )  # fmt: skip


@contextmanager
def _precision(schedule: Schedule) -> Iterator[None]:
    """Matrix products rounded as the schedule asks; by default as the program has chosen."""
    if not schedule.tf32:
        yield
        return
    before = torch.get_float32_matmul_precision()
    torch.set_float32_matmul_precision("high")
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)


def _chunk_size(network: MLP) -> int:
    """How many models to train at a time."""
    bytes_per_model = sum(p[0].numel() * p.element_size() for p in network.parameters())
    return models_at_once(network, bytes_per_model)


def _fingerprint(network: MLP, dataset: Dataset, hyper: Hyperparameters, *rest: object) -> str:
    """Everything that decides a run's result, the state before training included."""
    before = (*network.parameters(), *network.buffers())
    numbers = (hyper.learning_rate, hyper.l1, hyper.seed, *before)
    return checkpoints.fingerprint(
        network.sizes, network.activation.name, network.sign_trick,
        dataset.sha256, len(dataset.train), *(v.numpy(force=True) for v in numbers), *rest,
    )  # fmt: skip


def _reporter(progress: Progress | None, models: int, epochs: int) -> Callable[[int, int], None]:
    """Progress in units of one network trained for one epoch."""

    def report(epoch: int, models_done: int) -> None:
        if progress is not None:
            text = f"epoch {epoch + 1} of {epochs}"
            progress(epoch * models + models_done, epochs * models, text)

    return report


def _check_range(name: str, values: Tensor, good: Tensor, rule: str) -> None:
    """Raise about the first value that is not finite or breaks the rule."""
    bad = ~(good & values.isfinite())
    if bad.any():
        model = int(bad.nonzero()[0])
        raise ValueError(
            f"The `{name}` of Hyperparameters must be {rule} and finite. "
            f"Got {values[model].item():g} at model {model}."
        )


def _check_fit(
    network: MLP, dataset: Dataset, hyper: Hyperparameters, schedule: Schedule, step: str
) -> None:
    """Raise if network, data and hyperparameters do not belong together."""
    if step not in steps.STEPS:
        raise ValueError(f"The `step` must be one of {', '.join(steps.STEPS)}. Got {step!r}.")
    if list(network.seeds) != hyper.seed.tolist():
        raise ValueError(
            f"The network's seeds must be those of Hyperparameters. Got {len(network.seeds)} "
            f"models and {len(hyper)} seeds, or other numbers."
        )
    ends = (dataset.inputs, dataset.outputs)
    if (network.sizes[0], network.sizes[-1]) != ends:
        raise ValueError(
            f"The network's `sizes` must begin with {ends[0]} and end with {ends[1]} for the data "
            f"set {dataset.name}. Got {network.sizes}."
        )
    if schedule.batch_size > len(dataset.train):
        raise ValueError(
            f"The `batch_size` must be at most the {len(dataset.train)} training examples. "
            f"Got {schedule.batch_size}."
        )
