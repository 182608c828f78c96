"""A sweep over many networks, cut into chunks that fit, each finished before the next begins.

A network depends on its own seed and hyperparameters only, so that any cut gives the same result:
to the last bit on one kind of processor, to rounding on a GPU, which sums differently for another
number of networks. What a finished chunk leaves is its history, a few kilobytes: any machine can
train some of the networks, and its chunk files are simply put into the folder of the rest. The
weights of a running chunk stay where they are, in a checkpoint from which it goes on if cut off.
"""

import math
import time
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch

from relubook import checkpoints
from relubook.chunk_files import ChunkFiles
from relubook.datasets import Dataset
from relubook.history import History
from relubook.networks import MLP
from relubook.training import Hyperparameters, Progress, Schedule, train

_CHECKPOINT_BYTES = 256_000_000  # weights of a chunk on a CPU: what is saved once a minute
_SPARE = 0.9  # share of a GPU's free memory that a chunk may take
_EVALUATED = 1000  # examples whose activations are held at a time
_REVISION = 1  # raised by hand when the same sweep would give other numbers


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How much to do at a time; none of it changes a result.

    Attributes:
        networks: How many networks to train side by side; None for as many as fit.
        until: When to stop, keeping what was done, on the clock of `time.monotonic` [s]; None
            for no limit.
        only: Which networks to train here; the others are another machine's. None for all.
        stop: Asked after each epoch; True stops, keeping what was done.

    Raises:
        ValueError: If `networks` is below 1, or the range is empty.
    """

    networks: int | None = None
    until: float | None = None
    only: range | None = None
    stop: Callable[[], bool] | None = None

    def __post_init__(self) -> None:
        if self.networks is not None and self.networks < 1:
            raise ValueError(f"The `networks` of Limits must be at least 1. Got {self.networks}.")
        if self.only is not None and len(self.only) == 0:
            raise ValueError(f"The `only` of Limits must name a network. Got {self.only}.")

    def time_is_up(self) -> bool:
        """Whether it is time to stop."""
        late = self.until is not None and time.monotonic() > self.until
        return late or (self.stop is not None and self.stop())


class PartTrained(Exception):
    """Only some networks of a sweep were asked for, and those are trained."""


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """What is to be trained.

    Attributes:
        sizes: Numbers of inputs, of units per hidden layer, and of classes.
        dataset: Examples.
        hyper: One entry per network.
        schedule: What the networks share. Weights are not kept, whatever it says.
        device: `cpu` or `cuda`.
        step: `inplace` or `autograd`.
    """

    sizes: tuple[int, ...]
    dataset: Dataset
    hyper: Hyperparameters
    schedule: Schedule
    device: str = "cpu"
    step: str = "inplace"

    def networks(self, models: range) -> tuple[MLP, Hyperparameters]:
        """Some of the networks before the first step, and what each has for itself."""
        hyper, chosen = self.hyper, slice(models.start, models.stop)
        part = Hyperparameters(
            learning_rate=hyper.learning_rate[chosen], l1=hyper.l1[chosen], seed=hyper.seed[chosen]
        )
        return MLP(self.sizes, seeds=part.seed.tolist(), device=self.device), part

    def fingerprint(self) -> str:
        """What tells this sweep's files from another's."""
        vectors = (self.hyper.learning_rate, self.hyper.l1, self.hyper.seed)
        return checkpoints.fingerprint(
            _REVISION, self.sizes, self.dataset.sha256, len(self.dataset.train), self.schedule,
            self.step, *(vector.numpy(force=True) for vector in vectors),
        )  # fmt: skip


def train_fleet(
    fleet: Fleet,
    *,
    limits: Limits | None = None,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> History:
    """Train every network of a sweep, in chunks, and return one history.

    A chunk that does not fit into memory is halved, and a warning says so.

    Args:
        fleet: What is to be trained.
        limits: How much to do at a time.
        folder: Where finished chunks and the running one's checkpoint are kept. Chunks that are
            there already, from here or elsewhere, are not trained again.
        progress: Called as `progress(done, total, text)`, in networks times epochs.

    Returns:
        The history of all networks, in the order of `fleet.hyper`.

    Raises:
        TimeoutError: If the time was up; `folder` holds what was done.
        PartTrained: If only some networks were asked for and those are trained; so it does here.
        MemoryError: If not even one network fits, or a chunk no longer does that has begun.
        ValueError: If a file in `folder` is damaged or belongs to another sweep, or `limits` name
            no network of this one.
    """
    limits = limits or Limits()
    check_networks(fleet, limits)
    files = ChunkFiles(folder, fleet.fingerprint())
    done, at_once = files.finished(), limits.networks
    while left := _left(fleet, done, limits.only):
        if limits.time_is_up():
            raise TimeoutError(_stopped(fleet, done, "The time is up"))
        at_once = at_once or fitting(fleet)
        models = _cut_off(files, left) or left[:at_once]
        report = _reporter(progress, fleet, done, models, limits.only)
        history = _train_chunk(fleet, models, files.checkpoint(models), report, limits)
        if history is None:
            _refuse_to_begin_again(files.checkpoint(models))
            at_once = _halved(fleet, models)
        elif len(history.loss) < fleet.schedule.epochs:
            raise TimeoutError(_stopped(fleet, done, "The time is up"))
        else:
            files.finish(models, history, _device_name(fleet.device))
            done.append((models, history))
    if _left(fleet, done, None):
        raise PartTrained(_stopped(fleet, done, "The networks asked for are trained"))
    return _joined(done)


def _train_chunk(
    fleet: Fleet,
    models: range,
    checkpoint: Path | None,
    progress: Progress | None,
    limits: Limits,
) -> History | None:
    """The history of some of the networks, or None if they do not fit into memory."""
    try:
        network, hyper = fleet.networks(models)
        return train(
            network, fleet.dataset, hyper, replace(fleet.schedule, keep="last"),
            step=fleet.step, progress=progress, stop=limits.time_is_up, checkpoint=checkpoint,
        )  # fmt: skip
    except (MemoryError, RuntimeError) as error:
        if not _out_of_memory(error):
            raise
    return None


def _out_of_memory(error: Exception) -> bool:
    """Whether memory was what lacked; not everybody who says so has an exception for it."""
    words = ("DefaultCPUAllocator", "out of memory", "ALLOC_FAILED")
    return isinstance(error, MemoryError) or any(word in str(error) for word in words)


def _refuse_to_begin_again(checkpoint: Path | None) -> None:
    """Raise if the chunk that does not fit has been trained for some epochs already."""
    if checkpoint is not None and checkpoint.exists():
        raise MemoryError(
            f"The chunk that is kept in {checkpoint} no longer fits into memory. End what else "
            "uses it and run the same command, or delete the file to begin with fewer networks."
        )


def _halved(fleet: Fleet, models: range) -> int:
    """How many networks to try next, after these did not fit; says so."""
    if len(models) == 1:
        raise MemoryError(
            f"One network of {fleet.sizes} does not fit into the memory of {fleet.device}. "
            "Take narrower layers or a device with more."
        )
    if torch.cuda.is_available():
        torch.cuda.empty_cache()  # what the failed attempt held
    half = math.ceil(len(models) / 2)
    warnings.warn(
        f"{len(models)} networks did not fit into the memory of {fleet.device}: going on with "
        f"{half} at a time.",
        RuntimeWarning,
        stacklevel=3,
    )
    return half


def fitting(fleet: Fleet) -> int:
    """How many networks to train side by side: what a GPU holds; on a CPU, what is saved fast."""
    weights = sum(4 * (inputs + 1) * outputs for inputs, outputs in pairwise(fleet.sizes))
    if not fleet.device.startswith("cuda"):
        return max(1, _CHECKPOINT_BYTES // weights)
    hidden = fleet.sizes[1:-1] or (fleet.sizes[-1],)
    # All layers of one part of the examples while those of the next are made, and a copy.
    measured = 4 * _EVALUATED * 2 * (sum(hidden) + max(hidden))
    torch.cuda.empty_cache()
    free, _ = torch.cuda.mem_get_info(fleet.device)
    return max(1, int(_SPARE * free) // (weights + measured))


def check_networks(fleet: Fleet, limits: Limits) -> None:
    """Raise if none of the networks asked for exists."""
    if limits.only is not None and limits.only[0] >= len(fleet.hyper):
        raise ValueError(
            f"The sweep has networks 1 to {len(fleet.hyper)}. "
            f"Got {limits.only[0] + 1} to {limits.only[-1] + 1}."
        )


def _left(fleet: Fleet, done: Sequence[tuple[range, History]], only: range | None) -> range:
    """The first run of networks, without a gap, that are still to be trained."""
    finished = {model for models, _ in done for model in models}
    asked = range(len(fleet.hyper)) if only is None else only
    missing = [model for model in asked if model not in finished and model < len(fleet.hyper)]
    together = [model for place, model in enumerate(missing) if model == missing[0] + place]
    return range(together[0], together[-1] + 1) if together else range(0)


def _cut_off(files: ChunkFiles, left: range) -> range | None:
    """The networks of a chunk that was cut off, if all of them are among those that are left."""
    cut = (models for models in files.running() if models[0] in left and models[-1] in left)
    return next(cut, None)


def _reporter(
    progress: Progress | None,
    fleet: Fleet,
    done: Sequence[tuple[range, History]],
    models: range,
    only: range | None,
) -> Progress | None:
    """Progress with the networks asked for, in networks times epochs, from that of a chunk."""
    if progress is None:
        return None
    asked = range(len(fleet.hyper)) if only is None else only
    epochs, networks = fleet.schedule.epochs, len(fleet.hyper)
    before = epochs * sum(model in asked for part, _ in done for model in part)
    work = epochs * sum(model in asked for model in range(networks))

    def report(chunk_done: int, chunk_total: int, text: str) -> None:
        which = f"networks {models[0] + 1} to {models[-1] + 1} of {networks}"
        progress(before + chunk_done, work, f"{which}, {text}")

    return report


def _device_name(device: str) -> str:
    """A GPU's name, or `cpu`."""
    return torch.cuda.get_device_name(device) if device.startswith("cuda") else device


def _stopped(fleet: Fleet, done: Sequence[tuple[range, History]], why: str) -> str:
    """A sentence about a sweep that is not whole yet."""
    trained = sum(len(models) for models, _ in done)
    return f"{why}: {trained} of {len(fleet.hyper)} networks are finished."


def _joined(done: Sequence[tuple[range, History]]) -> History:
    """The chunks' histories side by side, in the order of the networks."""
    parts = [history for _, history in sorted(done, key=lambda chunk: chunk[0][0])]
    names = [field.name for field in fields(History)]
    return History(
        **{n: np.concatenate([getattr(part, n) for part in parts], axis=-1) for n in names}
    )
