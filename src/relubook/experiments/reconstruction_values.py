"""What "reconstruction" fixes before it runs, what it measures, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.pretraining import Recipe

_MOST = 0.5  # of the seeds
_FEWEST = 2  # rates, of which none lies within


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A way to pretrain a stack of rectifiers.

    Attributes:
        strategy: Its number in the paper's list (glorot2011, p. 319).
        reconstruction: Output unit and cost, as `reconstructions.get` takes them.
        target: What layers above the first restore, see `Recipe`.
        rule: How a layer's outputs are brought into 0 to 1, where they must be.
        penalized: Whether hidden outputs cost something while restoring. A cross-entropy is some
            ten times a squared error, and outputs that are scaled are smaller: the same penalty
            weighs otherwise in strategy 2.
    """

    strategy: int
    reconstruction: str
    target: str = "after"
    rule: str = "global"
    penalized: bool = True

    def recipe(self, *, epochs: int, batch_size: int) -> Recipe:
        """How all layers are pretrained, each at the rate that suits it."""
        return Recipe(
            epochs=epochs, batch_size=batch_size, reconstruction=self.reconstruction,
            target=self.target, rule=self.rule, choose=True,
        )  # fmt: skip


KINDS: dict[str, Kind] = {
    "1 softplus": Kind(strategy=1, reconstruction="softplus"),
    "2 logistic": Kind(strategy=2, reconstruction="cross-entropy"),
    "2 logistic, by unit": Kind(strategy=2, reconstruction="cross-entropy", rule="unit"),
    "2 logistic, no penalty": Kind(strategy=2, reconstruction="cross-entropy", penalized=False),
    "3 linear": Kind(strategy=3, reconstruction="linear"),
    "3 linear, before": Kind(strategy=3, reconstruction="linear", target="before"),
    "4 rectifier": Kind(strategy=4, reconstruction="rectifier"),
}
"""By what a reader calls them: the paper's number and output unit, and what is special."""
FIRST_LAYERS = tuple(
    name for name, kind in KINDS.items() if (kind.target, kind.rule) == ("after", "global")
)
"""Those whose first layer is their own; the others differ from one of them further up only."""
STARTS = ("none", *KINDS)
"""Where learning with labels starts: untrained, or pretrained in one of these ways."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depth: Hidden layers.
        seeds: Each one a whole replication: weights, labels, and all choices of rates.
        few: How many labels there are when there are few; all otherwise.
        quadratic_rates: Step sizes to choose from for squared errors [1].
        entropy_rates: As many for cross-entropies, which are flatter [1].
        restore_epochs: Passes over the examples for each layer that is pretrained.
        rates: Step sizes to choose from when learning with labels [1].
        few_epochs: Passes over few labels.
        epochs: Passes over all labels.
        batch_size: Examples a step.
        penalty: L1, on hidden outputs, with and without labels [1]; see `restore_penalty`.
        train_examples: How many of the first examples to take; None for all.
        held_out: The same of the validation examples and of the test examples.
    """

    data: str
    width: int
    depth: int
    seeds: tuple[int, ...]
    few: int
    quadratic_rates: tuple[float, ...]
    entropy_rates: tuple[float, ...]
    restore_epochs: int
    rates: tuple[float, ...]
    few_epochs: int
    epochs: int
    batch_size: int = 10
    penalty: float = 1e-3
    train_examples: int | None = None
    held_out: int | None = None

    def restore_rates(self, kind: str) -> tuple[float, ...]:
        """The grid of one of `KINDS` [1]."""
        entropy = KINDS[kind].reconstruction == "cross-entropy"
        return self.entropy_rates if entropy else self.quadratic_rates

    def restore_penalty(self, kind: str) -> float:
        """L1 while one of `KINDS` restores [1]."""
        return self.penalty if KINDS[kind].penalized else 0.0


@dataclass(frozen=True, kw_only=True)
class Result:
    """One number per seed of everything; layers are the hidden ones.

    Attributes:
        labels: How many labels: few, and all.
        test_error: At the best validation epoch, at the best rate [1].
        validation_error: Which decided about both [1].
        train_loss: Cross-entropy on the labeled examples while training, in that epoch [nat].
        rate: The rate of learning with labels that was chosen [1].
        rates: Those to choose from [1].
        rate_validation: Lowest validation error with each of them [1].
        best_epoch: The best validation epoch, at the chosen rate.
        diverged: The epoch in which that network diverged, or -1.
        zeros_before: Exact zeros among hidden outputs before there were labels, test split [1].
        zeros: The same after learning with labels [1].
        dead: Units that no test example activates, after it [1].
        restored: Squared error of a restored digit, the sum over its pixels, by `FIRST_LAYERS`: the
            first layer's, from test digits of which a part was masked [1].
        masked: The same for the masked digits as they are: what restoring nothing costs [1].
        restore_rate: The rate of each pretrained layer [1].
        restore_dead: Units of it that no validation example activates [1].
        restore_tried: Its lowest cost with every rate, each kind in its own currency; NaN if it
            never was finite.
        tried: The rates of each kind [1].
        stuck: Strategy 4, before the first and after each pass: the share of positive targets that
            meet a pre-activation z <= 0, so that the output is 0 and gets no gradient; on masked
            validation digits [1].
        linear_below: The control: the same share in the first layer of strategy 3, whose outputs
            are z itself, and get a gradient there as anywhere [1].
        silent: Strategy 4, the share of the summed positive target that falls on outputs which are
            0 for every validation digit [1].
        stuck_gradient: The largest |slope| of the cost at a stuck output after the last pass [1].
        free_gradient: The mean |slope| at the outputs above 0, for scale [1].
        data: Name, sha256 and source of the data.
    """

    labels: Int[np.ndarray, "labels"]
    test_error: Float[np.ndarray, "starts labels seeds"]
    validation_error: Float[np.ndarray, "starts labels seeds"]
    train_loss: Float[np.ndarray, "starts labels seeds"]
    rate: Float[np.ndarray, "starts labels seeds"]
    rates: Float[np.ndarray, "supervised"]
    rate_validation: Float[np.ndarray, "starts labels supervised seeds"]
    best_epoch: Int[np.ndarray, "starts labels seeds"]
    diverged: Int[np.ndarray, "starts labels seeds"]
    zeros_before: Float[np.ndarray, "starts layers seeds"]
    zeros: Float[np.ndarray, "starts labels layers seeds"]
    dead: Float[np.ndarray, "starts labels layers seeds"]
    restored: Float[np.ndarray, "first_layers seeds"]
    masked: Float[np.ndarray, "seeds"]
    restore_rate: Float[np.ndarray, "kinds layers seeds"]
    restore_dead: Float[np.ndarray, "kinds layers seeds"]
    restore_tried: Float[np.ndarray, "kinds layers rates seeds"]
    tried: Float[np.ndarray, "kinds rates"]
    stuck: Float[np.ndarray, "moments layers seeds"]
    linear_below: Float[np.ndarray, "moments seeds"]
    silent: Float[np.ndarray, "moments layers seeds"]
    stuck_gradient: Float[np.ndarray, "layers seeds"]
    free_gradient: Float[np.ndarray, "layers seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def at_an_end(self) -> list[str]:
        """Starts from which most seeds learned with labels at an end of the grid of rates.

        A grid that ends where it is best may end too early.
        """
        return [
            f"{start}, {'few' if place == 0 else 'all'} labels"
            for start, row in zip(STARTS, self.rate, strict=True)
            for place, chosen in enumerate(row)
            if _mostly_at_an_end(chosen, self.rates)
        ]

    def restored_at_an_end(self) -> list[str]:
        """The same for layers that were pretrained."""
        return [
            f"{kind}, layer {layer}"
            for kind, rates, tried in zip(KINDS, self.restore_rate, self.tried, strict=True)
            for layer, chosen in enumerate(rates, start=1)
            if _mostly_at_an_end(chosen, tried)
        ]


def _mostly_at_an_end(
    chosen: Float[np.ndarray, "seeds"], tried: Float[np.ndarray, "rates"]
) -> bool:
    """Whether most seeds chose the smallest or the largest rate of a grid that has others."""
    ends = np.isin(chosen, (tried.min(), tried.max()))
    return tried.size > _FEWEST and bool(ends.mean() > _MOST)


def errors(
    arrays: Mapping[str, np.ndarray], start: str, *, few: bool
) -> Float[np.ndarray, "seeds"]:
    """Test errors from one of `STARTS` [%]; NaN for a network that diverged.

    Args:
        arrays: As in a record.
        start: A name of `STARTS`.
        few: With few labels, or with all.
    """
    place = STARTS.index(start), 0 if few else 1
    lasted = arrays["diverged"][place] < 0
    return np.where(lasted, 100 * arrays["test_error"][place], np.nan)


def saved(arrays: Mapping[str, np.ndarray], kind: str, *, few: bool) -> Float[np.ndarray, "seeds"]:
    """Test error without pretraining minus that with it, seed by seed [points].

    Args:
        arrays: As in a record.
        kind: A name of `KINDS`.
        few: With few labels, or with all.
    """
    return errors(arrays, "none", few=few) - errors(arrays, kind, few=few)
