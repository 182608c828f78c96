"""What "dying" fixes before it runs, and what it measures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

WATCHED = ("dies", "revives")


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what, and when it is looked at.

    Attributes:
        data: Name of the data set.
        width: Units per hidden layer.
        depth: Hidden layers.
        learning_rates: From gentle to violent [1], rising; gain 1 and biases from 0.
        gains: Further networks whose first weights are multiplied by these [1].
        shifts: Further networks whose hidden biases begin this far below 0 [1].
        base_rate: The learning rate of the further networks [1].
        seeds: Of weights and order.
        batch_size: Examples a step.
        moments: Training steps after which all units are looked at, rising from 0.
        train_examples: How many of the first examples to take; all of them are shown at each look.
    """

    data: str
    width: int
    depth: int
    learning_rates: tuple[float, ...]
    gains: tuple[float, ...]
    shifts: tuple[float, ...]
    base_rate: float
    seeds: tuple[int, ...]
    batch_size: int
    moments: tuple[int, ...]
    train_examples: int

    @property
    def settings(self) -> list[tuple[float, float, float]]:
        """Learning rate, gain and shift of each kind of network."""
        return [
            *((rate, 1.0, 0.0) for rate in self.learning_rates),
            *((self.base_rate, gain, 0.0) for gain in self.gains),
            *((self.base_rate, 1.0, shift) for shift in self.shifts),
        ]


@dataclass(frozen=True, kw_only=True)
class Result:
    """Settings are the learning rates, then the gains, then the shifts.

    A unit is dead if it is 0 for every training example. NaN for a network that has diverged.

    Attributes:
        learning_rate: Of each setting [1].
        gain: Of each setting [1].
        shift: Of each setting [1].
        moments: Training steps done at each look.
        dead: Units that are dead at that moment [1].
        died: Units that were alive at a look and dead at a later one, up to that moment [1].
        died_alive: Of all units, those among `died` that are alive at that moment [1].
        born_alive: Of all units, those dead before training that are alive at that moment [1].
        train_error: On all training examples [1].
        test_error: At the end [1].
        test_error_without: The same after the units dead at the end are cut out [1].
        diverged: Training step at which the cost was no longer finite, or -1.
        gate: Share of the training examples that activate each unit of the first seed [1].
        watched_setting: Setting of the unit that dies and of the one that revives; -1 for none.
        watched_layer: Their hidden layers, from 0.
        watched_unit: Their places in it.
        edges: Of the bins of pre-activations [1].
        histogram: Training examples in each bin.
        gradient: Mean |d cross-entropy / d pre-activation| over the training examples [nat].
        bias: Their biases [1].
        largest: Their largest pre-activation over the training examples [1].
        data: Name, sha256 and source of the data.
    """

    learning_rate: Float[np.ndarray, "settings"]
    gain: Float[np.ndarray, "settings"]
    shift: Float[np.ndarray, "settings"]
    moments: Int[np.ndarray, "moments"]
    dead: Float[np.ndarray, "settings moments layers seeds"]
    died: Float[np.ndarray, "settings moments layers seeds"]
    died_alive: Float[np.ndarray, "settings moments layers seeds"]
    born_alive: Float[np.ndarray, "settings moments layers seeds"]
    train_error: Float[np.ndarray, "settings moments seeds"]
    test_error: Float[np.ndarray, "settings seeds"]
    test_error_without: Float[np.ndarray, "settings seeds"]
    diverged: Int[np.ndarray, "settings seeds"]
    gate: Float[np.ndarray, "settings moments layers units"]
    watched_setting: Int[np.ndarray, "watched"]
    watched_layer: Int[np.ndarray, "watched"]
    watched_unit: Int[np.ndarray, "watched"]
    edges: Float[np.ndarray, "edges"]
    histogram: Int[np.ndarray, "watched moments bins"]
    gradient: Float[np.ndarray, "watched moments"]
    bias: Float[np.ndarray, "watched moments"]
    largest: Float[np.ndarray, "watched moments"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}

    def plain(self) -> np.ndarray:
        """The settings that differ in their learning rate only."""
        return plain(self.gain, self.shift)

    def largest_rate(self) -> int:
        """The place of the largest learning rate at which no network diverged."""
        return largest_rate(self.plain(), self.diverged)


def plain(gain: np.ndarray, shift: np.ndarray) -> np.ndarray:
    """The places of the settings without gain and shift, rates rising."""
    return np.flatnonzero((gain == 1) & (shift == 0))


def largest_rate(
    settings: Int[np.ndarray, "plain"], diverged: Int[np.ndarray, "settings seeds"]
) -> int:
    """The last of these settings at which no network diverged; the first if all do."""
    finite = settings[(diverged[settings] < 0).all(1)]
    return int(finite[-1]) if len(finite) else int(settings[0])


def life_table(
    alive: Bool[np.ndarray, "moments layers units seeds"],
) -> dict[str, Float[np.ndarray, "moments layers seeds"]]:
    """Shares of units: dead, died so far, died but alive again, born dead but alive now.

    Args:
        alive: Whether a unit answers any training example, at each look.

    Returns:
        `dead`, `died`, `died_alive` and `born_alive` as in `Result`.
    """
    deaths = alive[:-1] & ~alive[1:]
    died = np.concatenate([np.zeros_like(alive[:1]), np.logical_or.accumulate(deaths)])
    states = {
        "dead": ~alive,
        "died": died,
        "died_alive": died & alive,
        "born_alive": ~alive[0] & alive,
    }
    return {name: state.mean(axis=2) for name, state in states.items()}
