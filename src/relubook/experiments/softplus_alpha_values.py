"""What "softplus-alpha" fixes before it runs, what it measures, and what follows from it."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.experiments.rank_correlations import spearman


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what.

    Attributes:
        data: Name of the data set.
        alphas: Sharpness of each rescaled softplus [1]; the rectifier always follows as the last.
        hidden: Units in each hidden layer.
        learning_rates: Step sizes to choose from [1], the same for every alpha.
        rate_seeds: Of the networks that choose the learning rate.
        seeds: Of the networks that are reported, none of `rate_seeds`.
        batch_size: Examples a step.
        epochs: Passes over the training examples of the networks that are reported.
        rate_epochs: The same while choosing.
        train_examples: How many of the first examples to take; None for all.
        rounds: How many times a training step is timed.
        seconds: Time of one such measurement [s].
    """

    data: str
    alphas: tuple[float, ...]
    hidden: tuple[int, ...]
    learning_rates: tuple[float, ...]
    rate_seeds: tuple[int, ...]
    seeds: tuple[int, ...]
    batch_size: int
    epochs: int
    rate_epochs: int
    train_examples: int | None
    rounds: int = 9
    seconds: float = 0.05


@dataclass(frozen=True, kw_only=True)
class Result:
    """Numbers at each network's best validation epoch, one row per alpha, the rectifier's last.

    Attributes:
        alpha: Sharpness [1]; infinity for the rectifier.
        largest_gap: Largest distance from the rectifier that was found on a fine grid [1].
        rate: The learning rates tried [1].
        rate_validation: Validation error while choosing [1]; 1 for a network that diverged before
            its first epoch was over.
        rate_test: Test error of the same networks [1]; NaN for one that diverged at once. It
            chooses nothing.
        rate_diverged: Epoch of divergence, or -1.
        chosen: The learning rate of each alpha [1]: the lowest median validation error.
        validation_error: Of the networks trained with it [1].
        test_error: Of the same [1].
        zeros: Exact zeros among the activations on the test split [1].
        near_relative: Activations within a hundredth of their layer's root mean square [1].
        near_absolute: Activations below 0.001 [1].
        dead: Units that are exactly zero for every test example [1].
        best_epoch: The epoch of lowest validation error.
        diverged: Epoch of divergence, or -1.
        step_time: One training step of one network [s].
        data: Name, sha256 and source of the data.
    """

    alpha: Float[np.ndarray, "alphas"]
    largest_gap: Float[np.ndarray, "alphas"]
    rate: Float[np.ndarray, "rates"]
    rate_validation: Float[np.ndarray, "alphas rates rate_seeds"]
    rate_test: Float[np.ndarray, "alphas rates rate_seeds"]
    rate_diverged: Int[np.ndarray, "alphas rates rate_seeds"]
    chosen: Float[np.ndarray, "alphas"]
    validation_error: Float[np.ndarray, "alphas seeds"]
    test_error: Float[np.ndarray, "alphas seeds"]
    zeros: Float[np.ndarray, "alphas seeds layers"]
    near_relative: Float[np.ndarray, "alphas seeds layers"]
    near_absolute: Float[np.ndarray, "alphas seeds layers"]
    dead: Float[np.ndarray, "alphas seeds layers"]
    best_epoch: Int[np.ndarray, "alphas seeds"]
    diverged: Int[np.ndarray, "alphas seeds"]
    step_time: Float[np.ndarray, "alphas rounds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def at_an_end(self) -> list[str]:
        """Alphas whose chosen rate is the smallest or largest of the grid, in words."""
        ends = self.rate.min(), self.rate.max()
        pairs = zip(self.alpha, self.chosen, strict=True)
        return [name_of(alpha) for alpha, rate in pairs if rate in ends]


def activation_of(alpha: float) -> str:
    """The activation's name, as `activations.get` takes it.

    >>> activation_of(3.0), activation_of(math.inf)
    ('softplus(3)', 'rectifier')
    """
    return "rectifier" if math.isinf(alpha) else f"softplus({alpha:g})"


def name_of(alpha: float) -> str:
    """An alpha in words.

    >>> name_of(1.3), name_of(math.inf)
    ('1.3', '∞')
    """
    return "∞" if math.isinf(alpha) else f"{alpha:g}"


def on_toys(name: str) -> bool:
    """Whether a data set shows toys in stereo, as the paper's NORB does.

    >>> on_toys("norb"), on_toys("mnist (10,000 / 10,000 / 10,000)")
    (True, False)
    """
    return name.split(" ")[0] in ("norb", "small-norb")


def rank_correlation(
    alpha: Float[np.ndarray, "alphas"], test_error: Float[np.ndarray, "alphas networks"]
) -> float:
    """Spearman's correlation of alpha, infinity as the largest, with the mean test error [1].

    Args:
        alpha: Sharpness [1].
        test_error: Of the networks of each [1]; one that diverged at once counts for nothing.
    """
    ranks = np.argsort(np.argsort(alpha)).astype(float)
    return round(float(spearman(ranks, np.nanmean(test_error, axis=1))), 12)


def at_one_rate(result: Result) -> Float[np.ndarray, "rates"]:
    """Spearman's correlation if all alphas train with one learning rate [1], from the choice.

    NaN for a rate at which no network of some alpha finished an epoch.
    """
    table = np.moveaxis(result.rate_test, 1, 0)  # [rates alphas rate_seeds]
    told = [np.isfinite(networks).any(axis=1).all() for networks in table]
    found = [
        rank_correlation(result.alpha, networks) if whole else math.nan
        for networks, whole in zip(table, told, strict=True)
    ]
    return np.array(found)
