"""What live networks of Table 2 came to, and its words."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from relubook.experiments.relatives_values import half_interval
from relubook.experiments.table_2_values import NETWORKS

Cell = tuple[str, str]  # network and start


@dataclass(frozen=True, kw_only=True)
class Live:
    """What was trained just now.

    Attributes:
        labels: How many reviews had stars.
        shuffled: Whether the words of all others were shuffled among them.
        cells: Networks and starts, in the order of `CELLS`.
        error: Test errors of the expected stars [star]; NaN for networks that were not finished, or
            that diverged.
        finished: Whether all networks were trained to the end.
    """

    labels: int
    shuffled: bool
    cells: tuple[Cell, ...]
    error: Float[np.ndarray, "cells seeds"]
    finished: bool

    def of(self, network: str, start: str) -> Float[np.ndarray, "_"]:
        """Errors of a cell's networks, those alone that have one [star]; none if not trained."""
        if (network, start) not in self.cells:
            return np.empty(0)
        values = self.error[self.cells.index((network, start))]
        return values[np.isfinite(values)]

    def saved(self, network: str) -> Float[np.ndarray, "_"]:
        """Error without pretraining minus error with it, of the seeds that have both [star].

        Args:
            network: A key of `NETWORKS` with hidden layers.
        """
        if not {(network, "none"), (network, "with")} <= set(self.cells):
            return np.empty(0)
        without, with_it = (self.error[self.cells.index((network, s))] for s in ("none", "with"))
        difference = without - with_it
        return difference[np.isfinite(difference)]

    def __repr__(self) -> str:
        early = "" if self.finished else ", stopped early"
        words = ", words shuffled" if self.shuffled else ""
        networks = dict.fromkeys(network for network, _ in self.cells)
        lines = "".join(f"\n{self._line(network)}" for network in networks)
        return (
            f"{self.labels:,} labels{words}{early}: error of the expected stars, mean of "
            f"{self.error.shape[1]} seeds{lines}\nSo few seeds show a tendency at most."
        )

    def _line(self, network: str) -> str:
        """The errors of one kind of network, and what pretraining has saved."""
        parts = [f"{_mean(self.of(network, 'none'))}"]
        if NETWORKS[network][1]:
            parts.append(f"pretrained {_mean(self.of(network, 'with'))}")
        if len(saved := self.saved(network)):
            half = half_interval(saved)
            reach = "" if math.isnan(half) else f" (95 % t interval {_between(saved, half)})"
            parts.append(f"saved {saved.mean():.2f}{reach}")
        return f"  {network}: {', '.join(parts)}"


def _mean(values: Float[np.ndarray, "_"]) -> str:
    """In words, if there is none."""
    return f"{values.mean():.2f} stars" if values.size else "not finished"


def _between(values: Float[np.ndarray, "_"], half: float) -> str:
    """The ends of an interval."""
    return f"{values.mean() - half:.2f} to {values.mean() + half:.2f}"
