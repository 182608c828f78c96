"""What the experiments share: data with a passport, and networks trained on a grid."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from relubook import datasets
from relubook.distributed import train_on
from relubook.engines import Engine
from relubook.fleets import Fleet, Limits, train_fleet
from relubook.history import History
from relubook.networks import MLP, sizes
from relubook.training import Hyperparameters, Progress, Schedule, train


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One line of *paper | here | difference*.

    Attributes:
        quantity: What is compared, in words.
        paper: The value in the paper.
        here: Ours, in the same unit.
        unit: Such as "%".
    """

    quantity: str
    paper: float
    here: float
    unit: str

    @property
    def difference(self) -> float:
        """Ours minus the paper's."""
        return self.here - self.paper


@dataclass(frozen=True, kw_only=True)
class SweepConfig:
    """What every sweep over the strength of the penalty fixes.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        l1: Strengths of the penalty [1].
        seeds: Of weights and order; one network for each strength and seed.
        batch_size: Examples a step.
        epochs: Passes over the training split.
        train_examples: How many of its first examples to take; None for all.
    """

    data: str
    width: int
    l1: tuple[float, ...]
    seeds: tuple[int, ...]
    batch_size: int
    epochs: int
    train_examples: int | None = None


@dataclass(frozen=True, kw_only=True)
class FleetConfig(SweepConfig):
    """A sweep over networks of one depth.

    Attributes:
        depth: Hidden layers.
        learning_rate: Step size [1]; None for one that a pilot chooses.
    """

    depth: int
    learning_rate: float | None


def open_data(name: str, train_examples: int | None) -> tuple[datasets.Dataset, dict[str, Any]]:
    """A data set, cut to its first training examples if asked, and its line in the passport.

    Args:
        name: Of the data set.
        train_examples: How many to keep; None keeps all.
    """
    data = datasets.load(name)
    if train_examples is not None and train_examples < len(data.train):
        data = data.subset(train=train_examples)
    return data, {
        "name": data.name,
        "sha256": data.sha256,
        "source": data.source,
        "train_examples": len(data.train),
    }


def train_networks(
    data: datasets.Dataset,
    hyper: Hyperparameters,
    schedule: Schedule,
    *,
    width: int,
    depth: int,
    device: str,
    progress: Progress | None,
    checkpoint: Path | None,
) -> tuple[MLP, History]:
    """Networks of one shape, trained side by side, with the weights of their best epochs."""
    shape = sizes(inputs=data.inputs, width=width, depth=depth, outputs=data.outputs)
    network = MLP(shape, seeds=hyper.seed.tolist(), device=device)
    history = train(network, data, hyper, schedule, progress=progress, checkpoint=checkpoint)
    return network, history


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Where a sweep is trained and how much at a time; none of it changes a result.

    Attributes:
        device: `cpu` or `cuda`.
        limits: How much to do at a time.
        folder: For finished chunks and the running one's checkpoint; None keeps nothing.
        progress: Called as `progress(done, total, text)`.
        engine: Where chunks are trained; None for this process.
    """

    device: str = "cpu"
    limits: Limits = field(default_factory=Limits)
    folder: Path | None = None
    progress: Progress | None = None
    engine: Engine | None = None

    def part(self, name: str, done: int, share: int, total: int) -> "Resources":
        """The resources of one part of a longer job, with a folder of its own.

        Args:
            name: Of the part.
            done: Units of work before this part.
            share: Units of work in this part.
            total: Units of work in all.
        """
        return replace(
            self,
            folder=None if self.folder is None else self.folder / name,
            progress=part_of(self.progress, done, share, total),
        )


def train_sweep(
    data: datasets.Dataset,
    hyper: Hyperparameters,
    schedule: Schedule,
    *,
    width: int,
    depth: int,
    resources: Resources,
) -> History:
    """The history of many networks of one shape, trained in chunks that fit; no weights are kept.

    Args:
        data: What they learn.
        hyper: What each network has for itself.
        schedule: What they share.
        width: Units per hidden layer.
        depth: Hidden layers.
        resources: Where, and how much at a time.

    Raises:
        TimeoutError: If it stopped before all networks were trained; see `fleets.train_fleet`.
    """
    shape = sizes(inputs=data.inputs, width=width, depth=depth, outputs=data.outputs)
    fleet = Fleet(
        sizes=shape, dataset=data, hyper=hyper, schedule=schedule, device=resources.device
    )
    if resources.engine is not None:
        if resources.folder is None:
            raise ValueError("An engine needs a folder for `checkpoints` that its machines share.")
        return train_on(
            resources.engine, fleet,
            limits=resources.limits, folder=resources.folder, progress=resources.progress,
        )  # fmt: skip
    return train_fleet(
        fleet, limits=resources.limits, folder=resources.folder, progress=resources.progress
    )


def part_of(progress: Progress | None, done: int, share: int, total: int) -> Progress | None:
    """A progress callback for one part of a longer job.

    Args:
        progress: The callback of the whole job.
        done: Units of work before this part.
        share: Units of work in this part.
        total: Units of work in all.
    """
    if progress is None:
        return None

    def report(part_done: int, part_total: int, text: str) -> None:
        progress(done + round(share * part_done / part_total), total, text)

    return report
