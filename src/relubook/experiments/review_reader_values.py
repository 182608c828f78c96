"""What "review-reader" fixes before it runs, and what it gives back."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int, Int8, UInt8

DEPTH = 2
"""Hidden layers; the names of a result's weights count on it."""
QUANTILES = np.linspace(0, 1, 11)
"""At which the share of known words is told [1]."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """One run.

    Attributes:
        data: Name of a data set of bags of words, its classes named by their stars.
        terms: How many of the most frequent terms to look at; those that are pairs of words are
            left out.
        width: Rectifiers in each of the two hidden layers.
        learning_rate: Step size [1].
        l1: Penalty on the sum of hidden outputs [1].
        seeds: Of weights and order; the network that travels is that of the first.
        batch_size: Examples a step.
        epochs: Passes over the training reviews; the best one on validation reviews is kept.
        train_examples: How many training reviews to take at most; None for all.
        removals: Of how many test reviews every single word is taken away; None for all.
        fewest: Reviews that must have a word until its effect is told.
    """

    data: str
    terms: int = 2000
    width: int = 24
    learning_rate: float = 0.02
    l1: float = 3e-3
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    batch_size: int = 10
    epochs: int = 10
    train_examples: int | None = 10_000
    removals: int | None = 10_000
    fewest: int = 40


@dataclass(frozen=True, kw_only=True)
class Result:
    """What the networks know, and what they travel as; the numbers are of the test reviews.

    All but `test_error` and `within_one` are of the networks with weights of 8 bits.

    Attributes:
        stars: How many stars each class stands for [star].
        shares: Training reviews of each class, of all [1].
        constant_error: Root mean squared error of guessing the training mean for all [star].
        best_epoch: The epoch of lowest validation error, counted from 0.
        validation_error: Root mean squared error of the expected stars, in that epoch [star].
        test_error: The same on test reviews [star].
        within_one: Test reviews with expected stars at most one from those given, of all [1].
        rounded_error: As `test_error`, weights of 8 bits [star].
        rounded_within: As `within_one`, weights of 8 bits [1].
        zeros: Exact zeros among a layer's outputs [1].
        dead: Units that are 0 for every test review, of a layer's [1].
        active: Mean number of active units of a layer for a test review.
        empty_stars: Expected stars of a review without any known word [star].
        known: Share of a test review's different words that are among the inputs, at the shares
            `QUANTILES` of the reviews; words are the terms that the data set keeps at most [1].
        having: Of the reviews that words were taken from, how many have the word.
        effect: What a word adds to the expected stars, mean over the reviews that have it: with it
            less without it, all other words staying [star]; NaN where too few have it.
        unflipped: Single words taken away without any unit turning on or off, of all [1].
        account_size: Mean size of what the linear account says a word carries [nat/star].
        account_error: Mean distance of that from what taking the word away does [nat/star].
        vocabulary: The words, joined by line breaks, as UTF-8.
        codes_1: Weights of the first seed's network as multiples of each unit's scale.
        scales_1: Of each unit of the first layer [1].
        bias_1: Of each unit of the first layer [1].
        codes_2: As `codes_1`, of the second layer.
        scales_2: Of each unit of the second layer [1].
        bias_2: Of each unit of the second layer [1].
        codes_3: As `codes_1`, of the classes.
        scales_3: Of each class [1].
        bias_3: Of each class [nat].
        data: Name, sha256 and source of the data.
    """

    stars: Float[np.ndarray, "classes"]
    shares: Float[np.ndarray, "classes"]
    constant_error: Float[np.ndarray, ""]
    best_epoch: Int[np.ndarray, "seeds"]
    validation_error: Float[np.ndarray, "seeds"]
    test_error: Float[np.ndarray, "seeds"]
    within_one: Float[np.ndarray, "seeds"]
    rounded_error: Float[np.ndarray, "seeds"]
    rounded_within: Float[np.ndarray, "seeds"]
    zeros: Float[np.ndarray, "seeds layers"]
    dead: Float[np.ndarray, "seeds layers"]
    active: Float[np.ndarray, "seeds layers"]
    empty_stars: Float[np.ndarray, "seeds"]
    known: Float[np.ndarray, "quantiles"]
    having: Int[np.ndarray, "words"]
    effect: Float[np.ndarray, "seeds words"]
    unflipped: Float[np.ndarray, "seeds"]
    account_size: Float[np.ndarray, "seeds"]
    account_error: Float[np.ndarray, "seeds"]
    vocabulary: UInt8[np.ndarray, "bytes"]
    codes_1: Int8[np.ndarray, "words units"]
    scales_1: Float[np.ndarray, "units"]
    bias_1: Float[np.ndarray, "units"]
    codes_2: Int8[np.ndarray, "units units"]
    scales_2: Float[np.ndarray, "units"]
    bias_2: Float[np.ndarray, "units"]
    codes_3: Int8[np.ndarray, "units classes"]
    scales_3: Float[np.ndarray, "classes"]
    bias_3: Float[np.ndarray, "classes"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}

    @property
    def words(self) -> tuple[str, ...]:
        """The word of each input."""
        return tuple(self.vocabulary.tobytes().decode().split("\n"))

    @property
    def mean_stars(self) -> float:
        """Of the training reviews [star]."""
        return float(self.shares @ self.stars)
