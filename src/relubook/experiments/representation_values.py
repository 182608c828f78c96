"""What "representation" fixes, what it finds, and the numbers read from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.experiments.rate_grids import best_at_an_end

NETWORKS = {"no hidden layer": 0, "rectifier, 1 layer": 1, "rectifier, 3 layers": 3}
REPRESENTATIONS = ("binary", "counts", "log counts")


@dataclass(frozen=True, kw_only=True)
class Config:
    """What an experiment fixes.

    Attributes:
        data: Name of a set of reviews with stars.
        terms: How many of the most frequent terms are inputs, rising.
        representations: Of `REPRESENTATIONS`, what an input says of its term: whether it occurs,
            how often n, or log(1 + n).
        width: Units of each hidden layer.
        seeds: Of weights and orders.
        labeled: How many labeled reviews to take at most, those to validate on among them.
        validated: How many of these validate.
        tested: How many test reviews at most.
        learning_rates: To choose from, of each of `NETWORKS` in its order [1].
        l1: Penalty on the sum of |h| over units [1].
        batch_size: Examples a step.
        epochs: Passes over the training reviews.

    Raises:
        ValueError: If terms do not rise, a representation is not known, a network has no rates, or
            no review would train.
    """

    data: str
    terms: tuple[int, ...]
    representations: tuple[str, ...]
    width: int
    seeds: tuple[int, ...]
    labeled: int
    validated: int
    tested: int
    learning_rates: tuple[tuple[float, ...], ...]
    l1: float
    batch_size: int
    epochs: int

    def __post_init__(self) -> None:
        if not self.terms or self.terms[0] < 1 or list(self.terms) != sorted(set(self.terms)):
            raise ValueError(f"The `terms` must rise from at least 1. Got {self.terms}.")
        if not self.representations or not set(self.representations) <= set(REPRESENTATIONS):
            raise ValueError(
                f"The `representations` must be some of {', '.join(REPRESENTATIONS)}. Got "
                f"{', '.join(self.representations) or 'none'}."
            )
        if len(self.learning_rates) != len(NETWORKS) or not all(self.learning_rates):
            raise ValueError(
                f"The `learning_rates` must be some for each of {len(NETWORKS)} networks. Got "
                f"{self.learning_rates}."
            )
        if not 1 <= self.validated < self.labeled:
            raise ValueError(
                "The `validated` reviews must be at least 1 and fewer than those `labeled`. Got "
                f"{self.validated} of {self.labeled}."
            )

    def rates(self, network: str) -> tuple[float, ...]:
        """The learning rates that a key of `NETWORKS` chooses from [1]."""
        return self.learning_rates[list(NETWORKS).index(network)]


@dataclass(frozen=True, kw_only=True)
class Result:
    """Networks are those of `NETWORKS`; all numbers of the same reviews.

    Attributes:
        test_error: Root of the mean squared difference of expected from given stars, of each seed's
            network with the lowest validation error, in its best epoch [star].
        validation_error: Of the same, on the validation reviews [star].
        train_loss: Cross-entropy while it trained, in that epoch [nat].
        rate: Its learning rate [1].
        best_epoch: That epoch.
        diverged: Epoch of divergence of that network, or -1.
        rate_validation: Lowest validation error with every rate [star]; rates that were not tried
            have NaN.
        length: Root mean square of the Euclidean length of an input [1].
        terms: How many inputs there are.
        present: Terms that a training review has on average, of as many.
        guess_error: Of always expecting the mean stars of the training reviews [star].
        stars: How many each class stands for.
        counts: Reviews to train on, to validate on, and to test on.
        removed: Repeats that were removed from training, validation and unlabeled reviews.
        data: Name, sha256 and source of the data, and the representations.
    """

    test_error: Float[np.ndarray, "networks representations terms seeds"]
    validation_error: Float[np.ndarray, "networks representations terms seeds"]
    train_loss: Float[np.ndarray, "networks representations terms seeds"]
    rate: Float[np.ndarray, "networks representations terms seeds"]
    best_epoch: Int[np.ndarray, "networks representations terms seeds"]
    diverged: Int[np.ndarray, "networks representations terms seeds"]
    rate_validation: Float[np.ndarray, "networks representations terms rates seeds"]
    length: Float[np.ndarray, "representations terms"]
    terms: Int[np.ndarray, "terms"]
    present: Float[np.ndarray, "terms"]
    guess_error: Float[np.ndarray, ""]
    stars: Float[np.ndarray, "classes"]
    counts: Int[np.ndarray, "3"]
    removed: Int[np.ndarray, "3"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def at_an_end(self) -> list[str]:
        """Cells most of whose seeds validated best at an end of the grid of rates.

        A grid that ends where it is best may end too early; an end that is no better than a rate
        within says nothing.
        """
        return [
            f"{network}, {self.data['representations'][representation]}, {terms:,} terms"
            for row, network in enumerate(NETWORKS)
            for representation in range(self.test_error.shape[1])
            for place, terms in enumerate(self.terms.tolist())
            if best_at_an_end(self.rate_validation[row, representation, place])
        ]


def errors(
    arrays: Mapping[str, np.ndarray], network: str, representation: int
) -> Float[np.ndarray, "terms seeds"]:
    """Test errors of one network with one representation [star]; one that diverged has NaN.

    Args:
        arrays: As in a record.
        network: A key of `NETWORKS`.
        representation: Its place.
    """
    place = list(NETWORKS).index(network), representation
    return np.where(arrays["diverged"][place] < 0, arrays["test_error"][place], np.nan)
