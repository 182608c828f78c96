"""What all inputs share, and the rectifiers that die while they restore.

The same networks are pretrained and trained with labels twice: on the inputs as they are, and on
the same inputs less the mean of the training examples. Centered inputs go below 0, so the first
layer restores by linear outputs in both cases; the layers above restore with softplus outputs, as
in the paper. So the networks differ in their inputs only. Masking noise forces inputs to 0 as
always: of centered inputs that is their mean, and takes less away.
"""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from torch import Tensor

from relubook import datasets, paper
from relubook.datasets import Dataset
from relubook.experiments import centered_drawings as drawings
from relubook.experiments.centered_values import INPUTS, Config, Result
from relubook.experiments.pretrained import STARTS, Pretrained, begin, fine_tuned, pretrained
from relubook.experiments.sweep import Comparison, part_of
from relubook.pretraining import Recipe
from relubook.training import Progress, Schedule

NAME = "centered-inputs"
TITLE = "Centered inputs: what all examples share, and the units that die of it"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle

_PAPER_RATES = tuple(rate.value for rate in paper.LEARNING_RATES)
_NORB = {"norb", "small-norb"}
_EXAMPLES = {"norb": (3_000, 600, 1_200)}  # all of them


def configure(scale: str, data: str | None = None) -> Config:
    """Two or three small layers and up to 3,000 examples at `laptop`; the paper's at `paper`."""
    data = data or ("mnist-5k" if scale == "smoke" else "norb")
    if scale == "smoke":
        return Config(
            data=data, hidden=(16, 12), restoring_rates=(0.01, 0.001), learning_rates=(0.1, 0.01),
            seeds=(0, 1), restoring_epochs=2, epochs=2, examples=(300, 200, 200),
        )  # fmt: skip
    if scale == "paper":
        return Config(
            data=data, hidden=(4000, 2000) if data in _NORB else (1000,) * 3,
            restoring_rates=_PAPER_RATES, learning_rates=_PAPER_RATES, seeds=tuple(range(5)),
            restoring_epochs=15, epochs=50, examples=(None, None, None),
        )  # fmt: skip
    return Config(
        data=data, hidden=(128, 64) if data in _NORB else (128,) * 3,
        restoring_rates=(0.02, 0.01, 0.003, 0.001, 0.0003),
        learning_rates=(0.3, 0.1, 0.03, 0.01), seeds=tuple(range(5)), restoring_epochs=8, epochs=30,
        examples=_EXAMPLES.get(data, (2_000, 1_000, 2_000)),
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Pretrain with each of the inputs, then train from both starts."""
    data, passport = _open(config)
    rows, work = [], sum(_work(config))
    for place, inputs in enumerate(INPUTS):
        part = part_of(progress, place * work, work, len(INPUTS) * work)
        file = None if checkpoints is None else Path(f"{checkpoints}.{inputs.replace(' ', '-')}")
        own = centered(data) if inputs == "centered" else data
        rows.append(_row(config, own, device=device, progress=part, file=file))
    return Result(
        restoring_rates=np.array(config.restoring_rates),
        shared=np.array(shared_part(data.train.x)),
        data=passport,
        **{name: np.stack([row[name] for row in rows]) for name in rows[0]},
    )


def centered(data: Dataset) -> Dataset:
    """The same examples less the mean of the training inputs, in every split."""
    mean = data.train.x.double().mean(dim=0)
    splits = {
        name: replace(split, x=(split.x - mean).to(split.x))
        for name, split in (
            ("train", data.train), ("validation", data.validation), ("test", data.test),
        )
    }  # fmt: skip
    return replace(data, unlabelled=None, **splits)


def shared_part(x: Float[Tensor, "examples inputs"]) -> float:
    """The squared norm of the mean over the mean of the squared norms, from 0 to 1 [1].

    0 for centered examples, 1 where all are equal; 0 too where all inputs are 0.

    >>> import torch
    >>> shared_part(torch.tensor([[3.0, 1.0], [3.0, -1.0]]))
    0.9
    """
    mean, norms = x.double().mean(dim=0), x.double().square().sum(dim=1)
    return float(mean @ mean / norms.mean()) if norms.any() else 0.0


def _open(config: Config) -> tuple[Dataset, dict[str, Any]]:
    """The data, no more of each split than was asked for, and its line in the passport."""
    data = datasets.load(config.data)
    splits = (data.train, data.validation, data.test)
    train, validation, test = (
        None if most is None else min(most, len(split))
        for most, split in zip(config.examples, splits, strict=True)
    )
    data = data.subset(train=train, validation=validation, test=test).dense()
    return data, {
        "name": data.name, "sha256": data.sha256, "source": data.source,
        "train_examples": len(data.train),
    }  # fmt: skip


def _work(config: Config) -> tuple[int, int, int]:
    """Networks times passes with one of the inputs: to restore, and with labels from each start."""
    seeds = len(config.seeds)
    restoring = len(config.restoring_rates) * len(config.hidden) * config.restoring_epochs * seeds
    tuning = len(config.learning_rates) * config.epochs * seeds
    return restoring, tuning, tuning


def _row(
    config: Config, data: Dataset, *, device: str, progress: Progress | None, file: Path | None
) -> dict[str, np.ndarray]:
    """One of the inputs: the arrays of both starts, and how the networks were pretrained."""
    restoring, tuning, _ = _work(config)
    total = sum(_work(config))
    learned = pretrained(
        config.hidden, data, activation="rectifier", seeds=config.seeds,
        rates=config.restoring_rates, l1=config.l1, device=device,
        recipe=Recipe(
            epochs=config.restoring_epochs, batch_size=config.batch_size,
            reconstruction="softplus", first="linear", choose=True,
        ),
        progress=part_of(progress, 0, restoring, total),
        file=None if file is None else Path(f"{file}.restoring.npz"),
    )  # fmt: skip
    drawn = begin(
        config.hidden, data, activation="rectifier", seeds=config.seeds, device=device
    )  # without pretraining
    found = [
        fine_tuned(
            network, data, rates=config.learning_rates, l1=config.l1,
            schedule=Schedule(epochs=config.epochs, batch_size=config.batch_size),
            progress=part_of(progress, restoring + place * tuning, tuning, total),
            file=None if file is None else Path(f"{file}.{start}.npz"),
        )
        for place, (start, network) in enumerate(zip(STARTS, (drawn, learned.network), strict=True))
    ]  # fmt: skip
    names = found[0].keys() & {field.name for field in fields(Result)}
    labeled = {name: np.stack([one[name] for one in found]) for name in sorted(names)}
    return labeled | learned.arrays() | _first_layer(learned)


def _first_layer(learned: Pretrained) -> dict[str, np.ndarray]:
    """Dead units and costs with every rate, whichever the networks went on with [rates seeds]."""
    dead = learned.course.dead[0].reshape(len(learned.rates), learned.network.models)
    return {"dead_tried": dead, "error_tried": learned.arrays()["restore_tried"][0]}


def compare(result: Result) -> list[Comparison]:
    """The paper counts no dead units and centers nothing: no number to set beside ours."""
    return []
