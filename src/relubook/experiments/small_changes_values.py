"""What "small-changes" fixes before it runs, and what it measures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from relubook.experiments.quartet import QuartetConfig

CHANGES = ("weak noise", "noise", "rotation", "shift", "thickness")
JUDGED = CHANGES[1:]


@dataclass(frozen=True, kw_only=True)
class Config(QuartetConfig):
    """What is trained, and how digits are changed.

    Attributes:
        examples: How many of the first test examples are changed.
        noise: Standard deviations of weak and of plain noise [1].
        degrees: Of a rotation [°].
        reach: How far an entry must change to have moved [standard deviations of its unit].
    """

    examples: int
    noise: tuple[float, float] = (0.05, 0.1)
    degrees: float = 5.0
    reach: float = 0.1


@dataclass(frozen=True, kw_only=True)
class Result:
    """Groups are the activations of `UNITS`, then rectifiers trained under each penalty.

    What `code_changes.measure` says of a change has the axes groups, changes (as in `CHANGES`),
    layers, seeds.

    Attributes:
        l1: Penalty of each group [1].
        epoch: At which the weights were kept, counted from 1; 0 where the target was never met.
        validation_error: With these weights [1].
        test_error: With these weights [1].
        zeros: Exact zeros in the code of the unchanged digits [1].
        changed: Entries of the code that are not equal afterward [1].
        moved: Entries that change by more than a tenth of their unit's standard deviation [1].
        moved_active: The same among entries that are not zero before or after [1].
        moved_before: The same of the pre-activations [1].
        effective: Participation ratio of the change [1].
        relative: Size of the change over the code's distance from its mean [1].
        overlap: Units active before and after over those active before or after [1].
        absorbed: Entries off before and after, among those whose pre-activation changes [1].
        absorbed_energy: Their share of the squared changes of pre-activations [1].
        overlap_same_class: Overlap of two different digits of one class [1].
        overlap_other_class: Overlap of two digits of different classes [1].
        same_answer: Digits that are given the same class before and after [1].
        input_relative: Size of the change of the pixels over their distance from the mean [1].
        data: Name, sha256 and source of the data.
    """

    l1: Float[np.ndarray, "groups"]
    epoch: Int[np.ndarray, "groups seeds"]
    validation_error: Float[np.ndarray, "groups seeds"]
    test_error: Float[np.ndarray, "groups seeds"]
    zeros: Float[np.ndarray, "groups layers seeds"]
    changed: Float[np.ndarray, "groups changes layers seeds"]
    moved: Float[np.ndarray, "groups changes layers seeds"]
    moved_active: Float[np.ndarray, "groups changes layers seeds"]
    moved_before: Float[np.ndarray, "groups changes layers seeds"]
    effective: Float[np.ndarray, "groups changes layers seeds"]
    relative: Float[np.ndarray, "groups changes layers seeds"]
    overlap: Float[np.ndarray, "groups changes layers seeds"]
    absorbed: Float[np.ndarray, "groups changes layers seeds"]
    absorbed_energy: Float[np.ndarray, "groups changes layers seeds"]
    overlap_same_class: Float[np.ndarray, "groups layers seeds"]
    overlap_other_class: Float[np.ndarray, "groups layers seeds"]
    same_answer: Float[np.ndarray, "groups changes seeds"]
    input_relative: Float[np.ndarray, "changes seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: value for name, value in vars(self).items() if name != "data"}
