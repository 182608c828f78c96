"""Table 2: how well networks guess the stars of a review, with and without pretraining.

The protocol is the paper's (pages 321 and 322): bags of words; layers pretrained on reviews with
labels and without; labeled reviews cut into folds, of which each is once what validates while the
others train; the expected stars under the softmax; errors on the same test reviews for all. The
paper validates on classification performance; here the error in stars chooses rate and epoch. A
review that stands in more than one part is kept in one.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from relubook import checkpoints as run_files
from relubook import datasets, paper
from relubook.datasets import Dataset, Split, rows
from relubook.datasets.repeats import Removed, without_repeats
from relubook.experiments import table_2_drawings as drawings
from relubook.experiments.pretrained import STARTS, begin, fine_tuned
from relubook.experiments.sweep import Comparison, part_of
from relubook.experiments.table_2_values import (
    CELLS,
    DEPTH,
    NETWORKS,
    UNITS,
    Config,
    Result,
    errors,
    place,
    zeros,
)
from relubook.experiments.text_networks import Restoring, lowest_layers, pool, restored
from relubook.networks import MLP
from relubook.ratings import StarError
from relubook.training import Progress, Schedule

NAME = "table-2"
TITLE = "Table 2: the stars of reviews, with and without pretraining (page 322)"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_zeros, describe_zeros = drawings.draw_zeros, drawings.describe_zeros

_KEPT = (
    "test_error", "validation_error", "train_loss", "rate", "best_epoch", "diverged", "zeros",
    "dead", "rate_validation",
)  # fmt: skip


def configure(scale: str, data: str | None = None) -> Config:
    """3 x 500 units and 5 folds at `laptop`; the paper's sizes at `paper`."""
    data = data or ("imdb" if scale == "paper" else "reviews")
    if scale == "smoke":
        return Config(
            data=data, width=16, folds=2, seeds=(0, 1), labeled=400, unlabeled=200, tested=300,
            restoring=Restoring(rates=(0.1, 0.03), epochs=1, judged=50), linear_rates=(0.1, 0.03),
            learning_rates=(0.1, 0.03), l1=1e-4, batch_size=10, epochs=2,
        )  # fmt: skip
    if scale == "paper":
        return Config(
            data=data, width=5_000, folds=10, seeds=tuple(range(10)), labeled=10_000,
            unlabeled=300_000, tested=10_000,
            restoring=Restoring(rates=(0.1, 0.03, 0.01, 0.003), epochs=20),
            linear_rates=(1.0, 0.3, 0.1, 0.03),
            learning_rates=(0.3, 0.1, 0.03, 0.01, 0.003, 0.001), l1=1e-4, batch_size=10,
            epochs=30,
        )  # fmt: skip
    return Config(
        data=data, width=500, folds=5, seeds=tuple(range(5)), labeled=10_000, unlabeled=10_000,
        tested=10_000, restoring=Restoring(rates=(0.1, 0.03, 0.01, 0.003), epochs=6),
        linear_rates=(1.0, 0.3, 0.1, 0.03), learning_rates=(0.3, 0.1, 0.03, 0.01, 0.003, 0.001),
        l1=1e-4, batch_size=10, epochs=12,
    )  # fmt: skip


class _Reviews(NamedTuple):
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

    def fold(self, number: int, folds: int) -> Dataset:
        """The labeled reviews with one fold to validate on and the others to train on."""
        own = torch.arange(len(self.labeled)) % folds == number
        validation, train = (self.labeled.take(part.nonzero()[:, 0]) for part in (own, ~own))
        return replace(
            self.data, train=train, validation=validation, test=self.test, unlabelled=None,
            sha256=f"{self.data.sha256}, fold {number} of {folds}",
        )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Pretrain both kinds of units, then train every cell on every fold."""
    reviews = _open(config)
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


def _open(config: Config) -> _Reviews:
    """The reviews, no more of each kind than were asked for."""
    data, removed = without_repeats(datasets.load(config.data))
    labeled = _shuffled(_joined(data.train, data.validation))
    test = data.test.take(torch.arange(min(config.tested, len(data.test))))
    others = [labeled.x] if data.unlabelled is None else [labeled.x, data.unlabelled]
    more = rows.join(*others)  # labeled reviews beyond those asked for serve without their labels
    last = min(len(more), config.labeled + config.unlabeled)
    more = rows.take(more, torch.arange(min(config.labeled, len(labeled)), last))
    labeled = labeled.take(torch.arange(min(config.labeled, len(labeled))))
    unlabeled = more if len(more) else None
    learned = pool(labeled.x, unlabeled, data, judged=config.restoring.judged)
    return _Reviews(data, labeled, test, learned, len(more), removed)


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
    reviews: _Reviews,
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
        what = (config, reviews.data.sha256, cell)
        found.append(_remembered(train, file and Path(f"{file}.{fold}.npz"), *what))
    return {
        name: np.concatenate([one[name] for one in found], axis=int(name == "rate_validation"))
        for name in _KEPT
    }


def _remembered(train: partial, file: Path | None, *what: object) -> dict[str, np.ndarray]:
    """What training gives, from its file if there is one."""
    fingerprint = run_files.fingerprint(*what)
    if file is not None and file.exists():
        return run_files.load(file, fingerprint=fingerprint)
    found = {name: value for name, value in train().items() if name in _KEPT}
    if file is not None:
        run_files.save(file, found, fingerprint=fingerprint)
    return found


def _result(
    config: Config,
    reviews: _Reviews,
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
            1 - reviews.test.x.values().count_nonzero().item() / reviews.test.x.numel()
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


def compare(result: Result) -> list[Comparison]:
    """Errors and zeros beside the paper's, whose reviews are others: only signs can be compared."""
    arrays, lines = result.arrays(), []
    if result.stars.tolist() != [1, 2, 3, 4, 5]:
        return lines
    where = f"{datasets.describe(result.data['name'].partition(' ')[0]).title} here"
    for network in NETWORKS:
        start = "with" if NETWORKS[network][1] else "none"
        lines += [
            Comparison(
                quantity=f"{network} (OpenTable, {where}): {what}", unit=unit,
                paper=paper.TABLE_2[network, key].value,
                here=float(np.nanmean(read(arrays, network, start))),
            )
            for what, key, unit, read in (
                ("error of expected stars", "rmse", "stars", errors),
                ("exact zeros", "zeros", "%", zeros),
            )
        ]  # fmt: skip
    return lines
