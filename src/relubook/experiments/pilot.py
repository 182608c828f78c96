"""A pilot: which learning rate should a sweep have? Chosen once, on validation error.

All of Figure 3's experiments at one scale have the same pilot: mini-batches of the paper's size,
strengths of Figure 3. A sweep with other mini-batches scales the rate that is chosen with them.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from relubook import paper
from relubook.datasets import Dataset
from relubook.experiments.sweep import FleetConfig, Resources, train_sweep
from relubook.training import Schedule, grid

RATES = tuple(rate.value for rate in paper.LEARNING_RATES)
_BATCH = int(paper.PROTOCOL["batch_size"].value)
STRENGTHS = 8  # of the penalty, out of the sweep's
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


def choose_rate(
    config: FleetConfig, data: Dataset, resources: Resources
) -> tuple[float, Pilot | None]:
    """The learning rate of a sweep [1]: the one that is given, or the one that a pilot chooses.

    The pilot's rate is for the paper's mini-batches; larger ones get a proportionally larger rate.
    """
    if config.learning_rate is not None:
        return config.learning_rate, None
    pilot = run_pilot(config, data, resources)
    return pilot.chosen * config.batch_size / _BATCH, pilot


def run_pilot(config: FleetConfig, data: Dataset, resources: Resources) -> Pilot:
    """Train one network for each of the paper's rates and some strengths, for a few epochs.

    Args:
        config: The sweep's, with the strengths of Figure 3.
        data: What the sweep will learn.
        resources: Where, and how much at a time.

    References:
        glorot2011, p. 320: a constant rate from this grid, chosen on validation error.
    """
    rates, strengths = RATES, _strengths(config)
    history = train_sweep(
        data,
        grid(learning_rate=rates, l1=strengths, seed=0),
        Schedule(epochs=_epochs(config), batch_size=_BATCH),
        width=config.width,
        depth=config.depth,
        resources=replace(resources, limits=replace(resources.limits, only=None)),
    )
    lowest = np.where(history.diverged < 0, history.validation_error.min(axis=0), 1.0)
    return Pilot(
        rates=np.array(rates),
        l1=np.array(strengths),
        validation_error=lowest.reshape(len(rates), len(strengths)),
    )


def pilot_work(config: FleetConfig) -> int:
    """How much a pilot has to do, in networks times epochs."""
    if config.learning_rate is not None:
        return 0
    return _epochs(config) * len(RATES) * len(_strengths(config))


def _epochs(config: FleetConfig) -> int:
    """A pilot is never longer than its sweep."""
    return min(EPOCHS, config.epochs)


def _strengths(config: FleetConfig) -> list[float]:
    """Some of the sweep's strengths, evenly spread."""
    places = np.linspace(0, len(config.l1) - 1, min(STRENGTHS, len(config.l1)))
    return [config.l1[place] for place in places.round().astype(int)]
