"""Table 2, quick: small networks on invented reviews of the 1,000 most frequent terms, in seconds.

So small, networks are faster on rows with their zeros, and restore all of them. The noise takes
half of the words away; with 0.8, as in "table-2", few of such short reviews' words are left.
"""

from pathlib import Path

from relubook import datasets, records
from relubook.experiments import table_2
from relubook.experiments.table_2_drawings import describe, describe_zeros, draw, draw_zeros
from relubook.experiments.table_2_networks import opened, trained
from relubook.experiments.table_2_values import Config, Result
from relubook.experiments.text_networks import Restoring
from relubook.training import Progress

__all__ = [
    "Config", "Result", "compare", "configure", "describe", "describe_zeros", "draw", "draw_zeros",
    "run", "subtitle",
]  # fmt: skip

NAME = "table-2-quick"
TITLE = "Table 2 with small networks on invented reviews, in seconds"
REVISION = 1
TERMS = 1_000

compare = table_2.compare


def configure(scale: str, data: str | None = None) -> Config:
    """200 labels, 3 x 64 units and 5 folds; two folds of tiny networks at `smoke`.

    Of ten folds each would have 20 reviews to validate on, too few to choose rate and epoch by.
    """
    data, rates = data or "reviews", (1.0, 0.3, 0.1, 0.03)
    if scale == "smoke":
        return Config(
            data=data, width=8, folds=2, seeds=(0, 1), labeled=100, unlabeled=300, tested=200,
            restoring=_restoring(epochs=1, judged=50), linear_rates=rates[1:3],
            learning_rates=rates[1:3], l1=1e-4, batch_size=10, epochs=2,
        )  # fmt: skip
    return Config(
        data=data, width=64, folds=5, seeds=tuple(range(5)), labeled=200, unlabeled=8_000,
        tested=2_000, restoring=_restoring(epochs=6, judged=200), linear_rates=rates,
        learning_rates=rates, l1=1e-4, batch_size=10, epochs=12,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Pretrain both kinds of units, then train every cell on every fold."""
    reviews = opened(config, datasets.load(config.data, terms=TERMS)).dense()
    return trained(config, reviews, device=device, progress=progress, checkpoints=checkpoints)


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    return f"{table_2.subtitle(record)}\n{TERMS:,} terms, every term restored at each step"


def _restoring(*, epochs: int, judged: int) -> Restoring:
    """One rate for all layers, found by trials on other seeds: a choice would take much longer."""
    return Restoring(
        rates=(0.1,), epochs=epochs, batch_size=20, masked=0.5, salted=0.005, zeros=1.0,
        judged=judged,
    )  # fmt: skip
