"""A pilot: which learning rate should a sweep have? Chosen once, on validation error."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from relubook import paper
from relubook.datasets import Dataset
from relubook.experiments.sweep import train_sweep
from relubook.fleets import Limits
from relubook.training import Progress, Schedule, grid

RATES = tuple(rate.value for rate in paper.LEARNING_RATES)
STRENGTHS = 8
EPOCHS = 10


@dataclass(frozen=True, kw_only=True)
class Pilot:
    """What a pilot found.

    Attributes:
        rates: The learning rates tried [1].
        l1: The strengths of the penalty tried with each [1].
        validation_error: The lowest of each network's epochs [1]; 1 for one that diverged.
    """

    rates: Float[np.ndarray, "rates"]
    l1: Float[np.ndarray, "strengths"]
    validation_error: Float[np.ndarray, "rates strengths"]

    @property
    def chosen(self) -> float:
        """The rate with the lowest median over the strengths; the smaller one of equals."""
        medians = np.median(self.validation_error, axis=1)
        return float(self.rates[np.lexsort((self.rates, medians))[0]])


def run_pilot(
    data: Dataset,
    *,
    width: int,
    depth: int,
    batch_size: int,
    l1: tuple[float, ...],
    device: str,
    limits: Limits | None,
    progress: Progress | None,
    folder: Path | None,
) -> Pilot:
    """Train one network for each of the paper's rates and some strengths, for a few epochs.

    Args:
        data: What the sweep will learn.
        width: Units per hidden layer.
        depth: Hidden layers.
        batch_size: Examples a step.
        l1: The sweep's strengths; the pilot takes some of them, evenly spread.
        device: `cpu` or `cuda`.
        limits: How much to do at a time.
        progress: Called as `progress(done, total, text)`.
        folder: For finished chunks and the running one's checkpoint.

    References:
        glorot2011, p. 320: a constant rate from this grid, chosen on validation error.
    """
    places = np.unique(np.linspace(0, len(l1) - 1, STRENGTHS).round().astype(int))
    strengths = [l1[place] for place in places]
    history = train_sweep(
        data, grid(learning_rate=RATES, l1=strengths, seed=0),
        Schedule(epochs=EPOCHS, batch_size=batch_size),
        width=width, depth=depth, device=device, limits=limits, progress=progress, folder=folder,
    )  # fmt: skip
    lowest = np.where(history.diverged < 0, history.validation_error.min(axis=0), 1.0)
    return Pilot(
        rates=np.array(RATES),
        l1=np.array(strengths),
        validation_error=lowest.reshape(len(RATES), len(strengths)),
    )
