"""Table 2: how well networks guess the stars of a review, with and without pretraining.

The protocol is the paper's (pages 321 and 322): bags of words; layers pretrained on reviews with
labels and without; labeled reviews cut into folds, of which each is once what validates while the
others train; the expected stars under the softmax; errors on the same test reviews for all. The
paper validates on classification performance; here the error in stars chooses rate and epoch. A
review that stands in more than one part is kept in one.
"""

from pathlib import Path

import numpy as np

from relubook import datasets, paper
from relubook.experiments import table_2_drawings as drawings
from relubook.experiments.sweep import Comparison
from relubook.experiments.table_2_networks import opened, trained
from relubook.experiments.table_2_values import NETWORKS, Config, Result, errors, zeros
from relubook.experiments.text_networks import Restoring
from relubook.training import Progress

NAME = "table-2"
TITLE = "Table 2: the stars of reviews, with and without pretraining (page 322)"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_zeros, describe_zeros = drawings.draw_zeros, drawings.describe_zeros


def configure(scale: str, data: str | None = None) -> Config:
    """3 x 500 units and 5 folds at `laptop`; the paper's sizes at `paper`."""
    data = data or ("imdb" if scale == "paper" else "reviews")
    if scale == "smoke":
        return Config(
            data=data, width=16, folds=2, seeds=(0, 1), labeled=200, unlabeled=200, tested=200,
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
        tested=10_000, restoring=Restoring(rates=(0.06, 0.02, 0.006), epochs=4),
        linear_rates=(1.0, 0.3, 0.1, 0.03), learning_rates=(0.3, 0.1, 0.03, 0.01, 0.003, 0.001),
        l1=1e-4, batch_size=10, epochs=10,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Pretrain both kinds of units, then train every cell on every fold."""
    reviews = opened(config, datasets.load(config.data))
    return trained(config, reviews, device=device, progress=progress, checkpoints=checkpoints)


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
