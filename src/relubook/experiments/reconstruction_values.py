"""What "reconstruction" fixes before it runs, what it measures, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.pretraining import Recipe


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A way to pretrain a stack of rectifiers.

    Attributes:
        strategy: Its number in the paper's list (glorot2011, p. 319).
        reconstruction: Output unit and cost, as `reconstructions.get` takes them.
        target: What layers above the first restore, see `Recipe`.
        rule: How a layer's outputs are brought into 0 to 1, where they must be.
    """

    strategy: int
    reconstruction: str
    target: str = "after"
    rule: str = "global"

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
    "3 linear": Kind(strategy=3, reconstruction="linear"),
    "3 linear, before": Kind(strategy=3, reconstruction="linear", target="before"),
    "4 rectifier": Kind(strategy=4, reconstruction="rectifier"),
}
"""By what a reader calls them: the paper's number and output unit, and what is special."""
STRATEGIES = tuple(name for name in KINDS if "," not in name)
"""One of each number; the others of a number differ in the upper layers only."""
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
        penalty: L1, on hidden outputs, with and without labels [1].
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


@dataclass(frozen=True, kw_only=True)
class Result:
    """One number per seed of everything; layers are the hidden ones.

    Attributes:
        labels: How many labels: few, and all.
        test_error: At the best validation epoch, at the best rate [1].
        validation_error: Which decided about both [1].
        train_loss: Cross-entropy on the labeled examples while training, in that epoch [nat].
        rate: The rate of learning with labels that was chosen [1].
        diverged: The epoch in which that network diverged, or -1.
        zeros_before: Exact zeros among hidden outputs before there were labels, test split [1].
        zeros: The same after learning with labels [1].
        dead: Units that no test example activates, after it [1].
        restored: Squared error of a restored digit, the sum over its pixels, by `STRATEGIES`: the
            first layer's, from test digits of which a part was masked [1].
        masked: The same for the masked digits as they are: what restoring nothing costs [1].
        restore_rate: The rate of each pretrained layer [1].
        restore_dead: Units of it that no validation example activates [1].
        restore_tried: Its lowest cost with every rate, each kind in its own currency; NaN if it
            never was finite.
        tried: The rates of each kind [1].
        stuck: Strategy 4, before the first and after each pass: the share of positive targets whose
            output is 0, and so gets no gradient; on masked validation digits [1].
        stuck_outputs: The same as a share of all outputs [1].
        silent: Outputs that are 0 for every validation digit though their target is not, as a share
            of the outputs that have a target above 0 at least once [1].
        stuck_gradient: The largest |slope| of the cost at a stuck output after the last pass [1].
        free_gradient: The mean |slope| at the outputs above 0, for scale [1].
        data: Name, sha256 and source of the data.
    """

    labels: Int[np.ndarray, "labels"]
    test_error: Float[np.ndarray, "starts labels seeds"]
    validation_error: Float[np.ndarray, "starts labels seeds"]
    train_loss: Float[np.ndarray, "starts labels seeds"]
    rate: Float[np.ndarray, "starts labels seeds"]
    diverged: Int[np.ndarray, "starts labels seeds"]
    zeros_before: Float[np.ndarray, "starts layers seeds"]
    zeros: Float[np.ndarray, "starts labels layers seeds"]
    dead: Float[np.ndarray, "starts labels layers seeds"]
    restored: Float[np.ndarray, "strategies seeds"]
    masked: Float[np.ndarray, "seeds"]
    restore_rate: Float[np.ndarray, "kinds layers seeds"]
    restore_dead: Float[np.ndarray, "kinds layers seeds"]
    restore_tried: Float[np.ndarray, "kinds layers rates seeds"]
    tried: Float[np.ndarray, "kinds rates"]
    stuck: Float[np.ndarray, "moments layers seeds"]
    stuck_outputs: Float[np.ndarray, "moments layers seeds"]
    silent: Float[np.ndarray, "moments layers seeds"]
    stuck_gradient: Float[np.ndarray, "layers seeds"]
    free_gradient: Float[np.ndarray, "layers seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}

    def at_an_end(self) -> list[str]:
        """Kinds of which some layer's rate is the smallest or largest of its grid."""
        return [
            name
            for name, rates, grid in zip(KINDS, self.restore_rate, self.tried, strict=True)
            if np.isin(rates, (grid.min(), grid.max())).any()
        ]


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
