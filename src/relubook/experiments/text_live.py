"""Stars from few labels, live: every kind of network of Table 2, small, beside the record.

Settings are those of "table-2-quick", whose seeds are others. Five networks of a kind say little:
their numbers are shown, and nothing is judged by them.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch

from relubook import datasets
from relubook.datasets import Dataset, Split
from relubook.experiments import table_2_quick
from relubook.experiments.pretrained import begin, fine_tuned
from relubook.experiments.sweep import part_of
from relubook.experiments.table_2_networks import Reviews, opened
from relubook.experiments.table_2_values import CELLS, DEPTH, NETWORKS, UNITS, Config
from relubook.experiments.text_live_drawings import describe, draw
from relubook.experiments.text_live_values import Cell, Live
from relubook.experiments.text_networks import lowest_layers, restored
from relubook.networks import MLP
from relubook.ratings import StarError
from relubook.training import Progress, Schedule

__all__ = ["SEEDS", "Live", "describe", "draw", "live", "words_shuffled"]

SEEDS = (300, 301, 302, 303, 304)  # none of those recorded, none on which settings were tried
SCALE = "laptop"

_FEWEST = 50  # labels
_RESTORING = 60  # to restore takes about as long as to learn with few labels so many times


class _Stopped(Exception):
    """The reader wants no more."""


def live(
    labels: int = 200,
    seeds: Sequence[int] = SEEDS,
    *,
    networks: Sequence[str] = tuple(NETWORKS),
    shuffled: bool = False,
    device: str = "cpu",
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Live:
    """Train small networks on invented reviews, those without pretraining first.

    Args:
        labels: How many reviews have stars; each seed validates on another part of them.
        seeds: One network of each cell each.
        networks: Keys of `NETWORKS`.
        shuffled: Whether pretraining is given reviews whose words were shuffled among them: every
            word is as frequent as before, and none goes with another.
        device: `cpu` or `cuda`; restoring on a GPU waits for noise that is drawn on the CPU.
        progress: Called as `progress(done, total, text)`.
        stop: Asked after each pass; True ends it and keeps the networks that were finished.

    Raises:
        ValueError: If there are no seeds, more than folds, not that many reviews, or a network has
            another name.
    """
    config, data = _opened(labels, seeds, networks)
    reviews = opened(config, data).dense()
    if shuffled:
        reviews = reviews._replace(pool=words_shuffled(reviews.pool))
    cells = tuple(cell for cell in CELLS if cell[0] in networks)
    error, finished = np.full((len(cells), len(seeds)), np.nan), True
    report = _asking(progress, stop)
    try:
        for cell, place, value in _trained(config, reviews, seeds, cells, device, report):
            error[cells.index(cell), place] = value
    except _Stopped:
        finished = False
    return Live(labels=labels, shuffled=shuffled, cells=cells, error=error, finished=finished)


def words_shuffled(pool: Dataset) -> Dataset:
    """Reviews whose words were shuffled among them: every word occurs in as many as before.

    What words say about each other is lost, and with it what there is to restore them by.

    Args:
        pool: What is learned without labels, with its zeros stored.
    """
    generator = torch.Generator().manual_seed(2011)

    def mixed(split: Split) -> Split:
        order = torch.rand(split.x.shape, generator=generator).argsort(dim=0)
        return replace(split, x=split.x.gather(0, order))

    return replace(pool, train=mixed(pool.train), validation=mixed(pool.validation), sha256="")


def _opened(labels: int, seeds: Sequence[int], networks: Sequence[str]) -> tuple[Config, Dataset]:
    """The settings of the record with other labels, and the reviews."""
    config = table_2_quick.configure(SCALE)
    data = datasets.load(config.data, terms=table_2_quick.TERMS)
    most = len(data.train) + len(data.validation)
    if not _FEWEST <= labels <= most:
        raise ValueError(
            f"The `labels` must be between {_FEWEST} and {most:,}, the reviews with stars that "
            f"there are. Got {labels}."
        )
    if not 1 <= len(seeds) <= config.folds:
        raise ValueError(
            f"The `seeds` must be at least one and at most {config.folds}, one for each fold. Got "
            f"{len(seeds)}."
        )
    if not networks or not set(networks) <= set(NETWORKS):
        raise ValueError(f"The `networks` must be some of {list(NETWORKS)}. Got {list(networks)}.")
    return replace(config, labeled=labels), data


def _trained(
    config: Config,
    reviews: Reviews,
    seeds: Sequence[int],
    cells: Sequence[Cell],
    device: str,
    report: Progress,
) -> Iterator[tuple[Cell, int, float]]:
    """The test error of each cell and seed, as it comes; those without pretraining first."""
    units = [unit for unit in UNITS if any(_unit(cell) == unit for cell in cells)]
    total = _RESTORING * len(units) + len(cells) * len(seeds)
    done = 0
    for unit in (None, *units):
        learned = None
        if unit is not None:
            learned = restored(
                (config.width,) * DEPTH, reviews.pool, activation=unit, seeds=seeds,
                restoring=config.restoring, l1=config.l1, device=device,
                progress=part_of(report, done, _RESTORING, total),
            ).network  # fmt: skip
            done += _RESTORING
        for cell in (cell for cell in cells if _unit(cell) == unit):
            starts = _starts(config, reviews.data, seeds, cell, learned, device)
            for place in range(len(seeds)):
                part = part_of(report, done, 1, total)
                yield cell, place, _error(config, reviews, starts, cell[0], place, part)
                done += 1


def _unit(cell: Cell) -> str | None:
    """The kind of units that are pretrained for a cell."""
    return NETWORKS[cell[0]][0] if cell[1] == "with" else None


def _starts(
    config: Config,
    data: Dataset,
    seeds: Sequence[int],
    cell: Cell,
    learned: MLP | None,
    device: str,
) -> MLP:
    """The networks of a cell before they learn with labels."""
    unit, depth = NETWORKS[cell[0]]
    if learned is not None:
        return lowest_layers(learned, depth, data)
    return begin((config.width,) * depth, data, activation=unit, seeds=seeds, device=device)


def _error(
    config: Config,
    reviews: Reviews,
    starts: MLP,
    network: str,
    place: int,
    progress: Progress | None,
) -> float:
    """The test error of one network that validated on its own fold [star]; NaN if it diverged."""
    found = fine_tuned(
        starts.view(slice(place, place + 1)), reviews.fold(place, config.folds),
        rates=config.learning_rates if NETWORKS[network][1] else config.linear_rates,
        l1=config.l1, negate=False, judge=StarError.of(reviews.data.classes), progress=progress,
        schedule=Schedule(epochs=config.epochs, batch_size=config.batch_size),
    )  # fmt: skip
    return float(found["test_error"][0]) if found["diverged"][0] < 0 else math.nan


def _asking(progress: Progress | None, stop: Callable[[], bool] | None) -> Progress:
    """A progress callback that ends the training when it is asked to."""

    def report(done: int, total: int, text: str) -> None:
        if progress is not None:
            progress(done, total, text)
        if stop is not None and stop():
            raise _Stopped

    return report
