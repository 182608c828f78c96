"""What "amazon" fixes, what it finds, and the numbers read from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.experiments.pretrained import STARTS
from relubook.experiments.rate_grids import best_at_an_end
from relubook.experiments.text_networks import Restoring

NETWORKS = {  # kind of units, and hidden layers
    "no hidden layer": ("rectifier", 0),
    "rectifier, 3 layers": ("rectifier", 3),
    "tanh, 3 layers": ("tanh", 3),
}
UNITS = ("rectifier", "tanh")  # that are pretrained
DEPTH = 3
KINDS = (
    (next(iter(NETWORKS)), "none"),
    *((name, start) for name in list(NETWORKS)[1:] for start in STARTS),
)


@dataclass(frozen=True, kw_only=True)
class Config:
    """What an experiment fixes.

    Attributes:
        data: Name of a set of reviews with polarities or with 1 to 5 stars.
        width: Units of each hidden layer.
        budgets: Labels of each domain to train on, half of them of each polarity; None for all
            that there are. At most as many again validate.
        epochs: Passes over the labeled reviews with each budget.
        seeds: Of weights, orders, noise, and of which reviews have their labels.
        labeled: How many labeled reviews of each domain to take at most, from the training and
            from the validation split; None for all.
        tested: How many test reviews of each domain at most; None for all.
        restoring: How networks are pretrained.
        linear_rates: Learning rates to choose from without a hidden layer [1].
        learning_rates: The same for networks with hidden layers [1].
        l1: Penalty on the sum of |h| over units, in both phases and for all kinds of units [1].
        batch_size: Examples a step.

    Raises:
        ValueError: If budgets and passes do not fit each other, or a budget cannot be halved.
    """

    data: str
    width: int
    budgets: tuple[int | None, ...]
    epochs: tuple[int, ...]
    seeds: tuple[int, ...]
    labeled: int | None
    tested: int | None
    restoring: Restoring
    linear_rates: tuple[float, ...]
    learning_rates: tuple[float, ...]
    l1: float
    batch_size: int

    def __post_init__(self) -> None:
        if not 1 <= len(self.budgets) == len(self.epochs):
            raise ValueError(
                "There must be at least 1 of the `budgets`, and one number of `epochs` for each. "
                f"Got {len(self.budgets)} and {len(self.epochs)}."
            )
        for budget in self.budgets:
            if budget is not None and (budget < 2 or budget % 2):
                raise ValueError(
                    "The `budgets` must be even numbers from 2 on, half of the labels for each "
                    f"polarity, or None for all. Got {budget}."
                )
            if budget is not None and budget < self.batch_size:
                raise ValueError(
                    f"The `budgets` must be at least the `batch_size`, {self.batch_size}. Got "
                    f"{budget}."
                )

    def rates(self, network: str) -> tuple[float, ...]:
        """The learning rates that a key of `NETWORKS` chooses from [1]."""
        return self.learning_rates if NETWORKS[network][1] else self.linear_rates


@dataclass(frozen=True, kw_only=True)
class Result:
    """Kinds are those of `KINDS`: networks without and with pretraining.

    Sources are the domains whose labels trained a network, targets those it was tested on.

    Attributes:
        test_error: Share of wrong polarities, of each seed's network with the lowest validation
            error on its source, in its best epoch [1].
        validation_error: Of the same, on validation reviews of its source [1].
        train_loss: Cross-entropy while it trained, in that epoch [nat].
        rate: Its learning rate [1].
        best_epoch: That epoch.
        diverged: Epoch of divergence of that network, or -1.
        zeros: Exact zeros among a layer's outputs, on test reviews of the source [1]; NaN without
            hidden layers.
        dead: Units of a layer that none of these activates [1].
        rate_validation: Lowest validation error with every rate [1]; rates that were not tried
            have NaN.
        restore_error: Lowest cost of restoring a review, of the layers kept; rows as `UNITS`.
        restore_rate: Their learning rates [1].
        restore_dead: Units that were dead then [1].
        restore_tried: Lowest cost of restoring with every rate.
        regression_error: Of logistic regression as scikit-learn fits it by default, on all labels
            of a domain, those to validate with too, and tested on the same domain [1].
        labels: Reviews with labels that trained a network.
        validated: Those that chose its rate and epoch.
        tested: Test reviews of each domain.
        pooled: Reviews to learn to restore.
        removed: Repeats that were removed from training, validation and unlabeled reviews.
        data: Name, sha256 and source of the data, and the domains.
    """

    test_error: Float[np.ndarray, "kinds budgets sources targets seeds"]
    validation_error: Float[np.ndarray, "kinds budgets sources seeds"]
    train_loss: Float[np.ndarray, "kinds budgets sources seeds"]
    rate: Float[np.ndarray, "kinds budgets sources seeds"]
    best_epoch: Int[np.ndarray, "kinds budgets sources seeds"]
    diverged: Int[np.ndarray, "kinds budgets sources seeds"]
    zeros: Float[np.ndarray, "kinds budgets sources seeds layers"]
    dead: Float[np.ndarray, "kinds budgets sources seeds layers"]
    rate_validation: Float[np.ndarray, "kinds budgets sources rates seeds"]
    restore_error: Float[np.ndarray, "units layers seeds"]
    restore_rate: Float[np.ndarray, "units layers seeds"]
    restore_dead: Float[np.ndarray, "units layers seeds"]
    restore_tried: Float[np.ndarray, "units layers restoring_rates seeds"]
    regression_error: Float[np.ndarray, "domains"]
    labels: Int[np.ndarray, "budgets sources"]
    validated: Int[np.ndarray, "budgets sources"]
    tested: Int[np.ndarray, "targets"]
    pooled: Int[np.ndarray, ""]
    removed: Int[np.ndarray, "3"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def at_an_end(self) -> list[str]:
        """Kinds and budgets most of whose networks validated best at an end of the grid of rates.

        A grid that ends where it is best may end too early; an end that is no better than a rate
        within says nothing.
        """
        return [
            f"{name}, {start}, {int(self.labels[budget].mean())} labels"
            for row, (name, start) in enumerate(KINDS)
            for budget in range(len(self.labels))
            if best_at_an_end(np.moveaxis(self.rate_validation[row, budget], 1, 0))
        ]

    def restored_at_an_end(self) -> list[str]:
        """The same for layers that were pretrained."""
        return [
            f"{unit}, layer {layer}"
            for unit, row in zip(UNITS, self.restore_tried, strict=True)
            for layer, tried in enumerate(row, start=1)
            if best_at_an_end(tried)
        ]


def accuracy(
    arrays: Mapping[str, np.ndarray], network: str, start: str, budget: int
) -> Float[np.ndarray, "sources targets seeds"]:
    """Right polarities of one kind with one budget [%]; a network that diverged has NaN.

    Args:
        arrays: As in a record.
        network: A key of `NETWORKS`.
        start: A name of `STARTS`.
        budget: The place of the budget.
    """
    place = KINDS.index((network, start)), budget
    lasted = arrays["diverged"][place][:, None] < 0
    return np.where(lasted, 100 * (1 - arrays["test_error"][place]), np.nan)


def in_domain(
    arrays: Mapping[str, np.ndarray], network: str, start: str, budget: int
) -> Float[np.ndarray, "seeds"]:
    """The mean of the domains, each tested on itself [%]; arguments as `accuracy`'s."""
    return np.diagonal(accuracy(arrays, network, start, budget)).mean(axis=-1)


def across(
    arrays: Mapping[str, np.ndarray], network: str, start: str, budget: int
) -> Float[np.ndarray, "seeds"]:
    """The mean of all pairs of different domains [%]; arguments as `accuracy`'s."""
    pairs = accuracy(arrays, network, start, budget)
    return pairs[~np.eye(len(pairs), dtype=bool)].mean(axis=0)
