"""What "code-size" is given, and the numbers it gives."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from relubook.experiments.quartet import QuartetConfig

MEASURES = ("compressed size", "stroke length", "ink", "doubt")
DENSE = ("tanh", "softplus", "logistic")
TENTHS = 10  # groups of test digits that differ in what is measured


@dataclass(frozen=True, kw_only=True)
class WordsConfig:
    """Networks that read reviews, and on which data.

    Attributes:
        data: Name of a data set of bags of words.
        width: Units per hidden layer.
        depth: Hidden layers.
        l1: Penalties [1]; the first is none.
        learning_rate: Step size [1].
        batch_size: Examples a step.
        epochs: Passes over the training reviews; the weights of the best on validation are kept.
        train_examples: How many of the first reviews to train on.
        examples: How many of validation and of test to take.
    """

    data: str = "reviews"
    width: int = 50
    depth: int = 2
    l1: tuple[float, ...] = (0.0, 1e-3)
    learning_rate: float = 0.05
    batch_size: int = 32
    epochs: int
    train_examples: int
    examples: int


@dataclass(frozen=True, kw_only=True)
class Config(QuartetConfig):
    """The rectifiers of the quartet, what they are shown, and networks that read.

    Attributes:
        dense_seeds: Of the networks of `DENSE`, which only have to show that they use all units.
        examples: Test digits that are shown; None for all.
        pictures: Pictures of strokes that are shown, for each count and way.
        words: The networks that read.
    """

    dense_seeds: tuple[int, ...]
    examples: int | None
    pictures: int
    words: WordsConfig


@dataclass(frozen=True, kw_only=True)
class Result:
    """The size of a code is how many hidden units are not exactly zero.

    The first of the groups of rectifiers is untrained, the others have one penalty each. A place is
    a hidden layer, or, as the last one, all of them together. Measures are those of `MEASURES`,
    where doubt is the entropy of the network's own softmax; ways and counts of strokes are those of
    `strokes`.

    Attributes:
        trained: Whether a group of rectifiers was trained.
        l1: With which penalty [1].
        units: Hidden units at each place.
        size: Mean number of active units.
        variation: Standard deviation of the number over the digits, over its mean [1].
        spearman: Correlation of the number of active units with what a picture holds [1].
        given_ink: The same where ink is held [1].
        within_class: The same among digits of one class, mean over classes [1].
        tenths_measure: Mean of a measure in each tenth of the digits, the lowest first [byte],
            [pixel], [pixel] or [bit].
        tenths_size: Mean number of active units in each of these tenths, all layers.
        stroke_size: Mean number of active units for pictures of so many strokes, all layers.
        stroke_spearman: Correlation of the number of active units with the number of strokes [1].
        dense_least: Smallest share of units of the networks of `DENSE` that are not exactly zero,
            of all digits [1].
        test_error: Of the rectifiers [1]; the untrained guess.
        validation_error: Of the same [1].
        epoch: In which the target was reached; 0 where it never was.
        words_trained: Whether a group of reading networks was trained.
        words_l1: With which penalty [1].
        words_units: Hidden units of a reading network.
        words_spearman: Correlation of its number of active units with the number of different words
            in a review [1].
        words_tenths: Mean number of different words in each tenth of the reviews.
        words_tenths_size: Mean number of active units in each of these tenths.
        words_test_error: Of the reading networks [1].
        data: Name, sha256 and source of the data.
    """

    trained: Bool[np.ndarray, "groups"]
    l1: Float[np.ndarray, "groups"]
    units: Int[np.ndarray, "places"]
    size: Float[np.ndarray, "groups seeds places"]
    variation: Float[np.ndarray, "groups seeds places"]
    spearman: Float[np.ndarray, "groups seeds measures places"]
    given_ink: Float[np.ndarray, "groups seeds measures places"]
    within_class: Float[np.ndarray, "groups seeds measures places"]
    tenths_measure: Float[np.ndarray, "groups seeds measures tenths"]
    tenths_size: Float[np.ndarray, "groups seeds measures tenths"]
    stroke_size: Float[np.ndarray, "groups seeds ways counts"]
    stroke_spearman: Float[np.ndarray, "groups seeds ways"]
    dense_least: Float[np.ndarray, "dense dense_seeds"]
    test_error: Float[np.ndarray, "groups seeds"]
    validation_error: Float[np.ndarray, "groups seeds"]
    epoch: Int[np.ndarray, "groups seeds"]
    words_trained: Bool[np.ndarray, "words_groups"]
    words_l1: Float[np.ndarray, "words_groups"]
    words_units: Int[np.ndarray, "1"]
    words_spearman: Float[np.ndarray, "words_groups seeds"]
    words_tenths: Float[np.ndarray, "tenths"]
    words_tenths_size: Float[np.ndarray, "words_groups seeds tenths"]
    words_test_error: Float[np.ndarray, "words_groups seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}


def row_of(
    trained: Bool[np.ndarray, "groups"], l1: Float[np.ndarray, "groups"], penalty: float
) -> int:
    """The place of the trained group with a penalty.

    Args:
        trained: Of a result.
        l1: Of a result [1].
        penalty: The one looked for [1].

    Raises:
        LookupError: If no group was trained with it.
    """
    found = np.flatnonzero(trained & np.isclose(l1, penalty, rtol=1e-6, atol=0))
    if len(found) == 0:
        raise LookupError(f"No rectifiers were trained with the penalty {penalty:g}.")
    return int(found[0])
