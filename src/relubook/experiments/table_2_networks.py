"""The networks of "table-2": the reviews cut into folds, and every cell trained on every fold."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from relubook import checkpoints as run_files
from relubook.datasets import Dataset, Split, rows
from relubook.datasets.repeats import Removed, without_repeats
from relubook.experiments.pretrained import STARTS, begin, fine_tuned
from relubook.experiments.sweep import part_of
from relubook.experiments.table_2_values import (
    CELLS,
    DEPTH,
    NETWORKS,
    UNITS,
    Config,
    Result,
    place,
)
from relubook.experiments.text_networks import lowest_layers, pool, restored
from relubook.networks import MLP
from relubook.ratings import StarError
from relubook.training import Progress, Schedule

_KEPT = (
    "test_error", "validation_error", "train_loss", "rate", "best_epoch", "diverged", "zeros",
    "dead", "rate_validation",
)  # fmt: skip


class Reviews(NamedTuple):
    """Labeled reviews in folds, test reviews, and those to learn to restore.

    Attributes:
        data: Where they come from; its splits are not used.
        labeled: In an order in which every fold is like every other.
        test: To be tested on.
        pool: All but the test reviews, without labels.
        unlabeled: How many of the pool have no labels.
        removed: Repeats.
    """

    data: Dataset
    labeled: Split
    test: Split
    pool: Dataset
    unlabeled: int
    removed: Removed

    def dense(self) -> "Reviews":
        """The same reviews with every zero stored, which suits small networks."""
        labeled, test = (replace(part, x=rows.dense(part.x)) for part in (self.labeled, self.test))
        data = replace(self.data, unlabelled=None).dense()
        return self._replace(data=data, labeled=labeled, test=test, pool=self.pool.dense())

    def fold(self, number: int, folds: int) -> Dataset:
        """The labeled reviews with one fold to validate on and the others to train on."""
        own = torch.arange(len(self.labeled)) % folds == number
        validation, train = (self.labeled.take(part.nonzero()[:, 0]) for part in (own, ~own))
        return replace(
            self.data, train=train, validation=validation, test=self.test, unlabelled=None,
            sha256=f"{self.data.sha256}, fold {number} of {folds}",
        )  # fmt: skip


def opened(config: Config, data: Dataset) -> Reviews:
    """The reviews, no more of each kind than were asked for.

    Args:
        config: How many.
        data: Bags of words, in compressed rows.
    """
    data, removed = without_repeats(data)
    labeled = _shuffled(_joined(data.train, data.validation))
    test = data.test.take(torch.arange(min(config.tested, len(data.test))))
    others = [labeled.x] if data.unlabelled is None else [labeled.x, data.unlabelled]
    more = rows.join(*others)  # labeled reviews beyond those asked for serve without their labels
    last = min(len(more), config.labeled + config.unlabeled)
    more = rows.take(more, torch.arange(min(config.labeled, len(labeled)), last))
    labeled = labeled.take(torch.arange(min(config.labeled, len(labeled))))
    unlabeled = more if len(more) else None
    learned = pool(labeled.x, unlabeled, data, judged=config.restoring.judged)
    return Reviews(data, labeled, test, learned, len(more), removed)


def _shuffled(split: Split) -> Split:
    """In an order in which every fold is like every other, and equal on every machine."""
    order = torch.randperm(len(split), generator=torch.Generator().manual_seed(2011))
    return split.take(order)


def _joined(first: Split, second: Split) -> Split:
    """All examples of both splits."""
    return Split(x=rows.join(first.x, second.x), y=torch.cat([first.y, second.y]))


def _work(config: Config) -> dict[str | tuple[str, str], int]:
    """Networks times passes: for each kind to restore, and for each cell with labels."""
    restoring = DEPTH * config.restoring.epochs * len(config.restoring.rates) * config.folds
    work: dict[str | tuple[str, str], int] = dict.fromkeys(UNITS, restoring)
    for cell in CELLS:
        work[cell] = config.folds * config.epochs * len(_rates(config, cell[0]))
    return work


def _rates(config: Config, network: str) -> tuple[float, ...]:
    """The learning rates that a network chooses from."""
    return config.learning_rates if NETWORKS[network][1] else config.linear_rates


def _starts(
    config: Config, data: Dataset, networks: dict[str, MLP], cell: tuple[str, str], device: str
) -> MLP:
    """The networks of one cell before they learn with labels, one for each fold."""
    unit, depth = NETWORKS[cell[0]]
    if cell[1] == "with":
        return lowest_layers(networks[unit], depth, data)
    hidden = (config.width,) * depth
    return begin(hidden, data, activation=unit, seeds=config.seeds, device=device)


def _cell(
    config: Config,
    reviews: Reviews,
    starts: MLP,
    cell: tuple[str, str],
    progress: Progress | None,
    file: Path | None,
) -> dict[str, np.ndarray]:
    """What the networks of a cell come to, fold by fold; a cut run goes on with the next fold."""
    judge, rates = StarError.of(reviews.data.classes), _rates(config, cell[0])
    found = []
    for fold in range(config.folds):
        work = len(rates) * config.epochs
        train = partial(
            fine_tuned, starts.view(slice(fold, fold + 1)), reviews.fold(fold, config.folds),
            rates=rates, l1=config.l1, negate=False, judge=judge,
            schedule=Schedule(epochs=config.epochs, batch_size=config.batch_size),
            progress=part_of(progress, fold * work, work, config.folds * work),
        )  # fmt: skip
        path = file and Path(f"{file}.{fold}.npz")
        what = (config, reviews.data.sha256, cell, fold)
        found.append(run_files.remembered(path, train, *what))
    return {
        name: np.concatenate([one[name] for one in found], axis=int(name == "rate_validation"))
        for name in _KEPT
    }


def trained(
    config: Config,
    reviews: Reviews,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Pretrain both kinds of units, then train every cell on every fold.

    Args:
        config: What is fixed.
        reviews: What `opened` gave.
        device: `cpu` or `cuda`.
        progress: Called as `progress(done, total, text)`.
        checkpoints: With what the names of files begin from which a cut run goes on.
    """
    total = sum(_work(config).values())
    done, networks, courses = 0, {}, []
    for unit in UNITS:
        share = _work(config)[unit]
        learned = restored(
            (config.width,) * DEPTH, reviews.pool, activation=unit, seeds=config.seeds,
            restoring=config.restoring, l1=config.l1, device=device,
            progress=part_of(progress, done, share, total),
            file=checkpoints and Path(f"{checkpoints}.{unit}.restoring.npz"),
        )  # fmt: skip
        networks[unit], done = learned.network, done + share
        courses.append(learned.arrays())
    found = {}
    for cell in CELLS:
        part = part_of(progress, done, share := _work(config)[cell], total)
        starts = _starts(config, reviews.data, networks, cell, device)
        file = checkpoints and Path(f"{checkpoints}.{'.'.join(cell).replace(' ', '-')}")
        found[cell] = _cell(config, reviews, starts, cell, part, file)
        done += share
    return _result(config, reviews, found, courses)


def _result(
    config: Config,
    reviews: Reviews,
    found: dict[tuple[str, str], dict[str, np.ndarray]],
    courses: list[dict[str, np.ndarray]],
) -> Result:
    """All cells in one array for each quantity."""
    stars = np.array(StarError.of(reviews.data.classes).stars)
    table = (len(NETWORKS), len(STARTS))
    rates = max(len(config.linear_rates), len(config.learning_rates))
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(_KEPT, (*table, config.folds))
    shapes |= dict.fromkeys(("zeros", "dead"), (*table, config.folds, DEPTH))
    shapes["rate_validation"] = (*table, rates, config.folds)
    arrays = {
        name: np.full(shape, -1) if name in ("best_epoch", "diverged") else np.full(shape, np.nan)
        for name, shape in shapes.items()
    }
    for cell, numbers in found.items():
        for name in _KEPT:
            values = numbers[name]
            into = arrays[name][place(*cell)]
            into[tuple(slice(size) for size in values.shape)] = values
    y = reviews.labeled.y
    folds = [stars[y[torch.arange(len(y)) % config.folds != k]].mean() for k in range(config.folds)]
    test = stars[reviews.test.y.numpy()]
    return Result(
        **arrays,
        **{name: np.stack([course[name] for course in courses]) for name in courses[0]},
        input_zeros=np.array(
            1 - rows.stored(reviews.test.x)[-1].count_nonzero().item() / reviews.test.x.numel()
        ),
        guess_error=np.array([np.sqrt(np.square(test - mean).mean()) for mean in folds]),
        stars=stars,
        counts=np.array([len(reviews.labeled), reviews.unlabeled, len(reviews.test)]),
        removed=np.array(list(vars(reviews.removed).values())),
        data={
            "name": reviews.data.name, "sha256": reviews.data.sha256,
            "source": reviews.data.source, "train_examples": len(reviews.labeled),
        },
    )  # fmt: skip
