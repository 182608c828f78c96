"""What "separability" is given and what it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Bool, Float, Int

from relubook.experiments.quartet import UNITS, QuartetConfig
from relubook.probes import PENALTIES

DENSE = UNITS[1:]  # all of their units are active
LABELS = 100  # the number that the claim is judged at


@dataclass(frozen=True, kw_only=True)
class Config(QuartetConfig):
    """Networks at equal accuracy, and how their codes are probed.

    Attributes:
        labels: How many labelled examples a probe is fitted to, as many of each class; those that
            the validation split is too small for are left out.
        matched: Penalties [1]: for each there are dense networks of as many units a layer as are
            active in a rectifier network with it, on average.
        ridge: Penalties that a probe may choose from [1].
    """

    labels: tuple[int, ...]
    matched: tuple[float, ...]
    ridge: tuple[float, ...] = PENALTIES


@dataclass(frozen=True, kw_only=True)
class Result:
    """One row of `kinds` for all networks that differ in their seed alone.

    Attributes:
        activation: Place in `UNITS`.
        l1: Penalty on the activations [1].
        width: Units per hidden layer.
        trained: Whether to equal accuracy, or not at all.
        matched: Penalty of the rectifiers whose active units gave the width [1]; NaN for the
            width of all others.
        active: Units of a layer that are not exactly zero, mean over the test examples.
        epoch: When the target was reached; 0 where it was not.
        test_error: Of the networks themselves [1].
        labels: Examples that the probes were fitted to.
        error: Test error of the probes [1].
        error_alike: The same where units keep their scales relative to each other, with `LABELS`
            labels [1].
        margin: Of the probes on the test examples, as in `probes.margins`, mean [1].
        penalty: The one that each probe chose [1].
        pixels_error: Test error of probes of the inputs [1].
        pixels_margin: Their margin [1].
        data: Name, sha256 and source of the data.
    """

    activation: Int[np.ndarray, "kinds"]
    l1: Float[np.ndarray, "kinds"]
    width: Int[np.ndarray, "kinds"]
    trained: Bool[np.ndarray, "kinds"]
    matched: Float[np.ndarray, "kinds"]
    active: Float[np.ndarray, "kinds seeds layers"]
    epoch: Int[np.ndarray, "kinds seeds"]
    test_error: Float[np.ndarray, "kinds seeds"]
    labels: Int[np.ndarray, "labels"]
    error: Float[np.ndarray, "kinds seeds layers labels"]
    error_alike: Float[np.ndarray, "kinds seeds layers"]
    margin: Float[np.ndarray, "kinds seeds layers labels"]
    penalty: Float[np.ndarray, "kinds seeds layers labels"]
    pixels_error: Float[np.ndarray, "seeds labels"]
    pixels_margin: Float[np.ndarray, "seeds labels"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}


def place(
    arrays: Mapping[str, np.ndarray],
    activation: str,
    *,
    l1: float = 0.0,
    trained: bool = True,
    matched: float | None = None,
) -> int:
    """The row of a kind of network.

    Args:
        arrays: As in a record.
        activation: A name of `UNITS`.
        l1: Its penalty [1].
        trained: Whether it is.
        matched: Penalty of the rectifiers that gave its width [1]; None for the width of all.

    Raises:
        ValueError: If there is no such row.
    """
    alike = (
        (arrays["activation"] == UNITS.index(activation))
        & np.isclose(arrays["l1"], l1, rtol=1e-9, atol=0)
        & (arrays["trained"] == trained)
        & (np.isnan(arrays["matched"]) if matched is None
           else np.isclose(arrays["matched"], matched, rtol=1e-9, atol=0))
    )  # fmt: skip
    if not alike.any():
        raise ValueError(
            f"The record has no {'trained' if trained else 'untrained'} {activation} networks with "
            f"l1 {l1:g}, matched to {matched}."
        )
    return int(np.flatnonzero(alike)[0])


def probed(
    arrays: Mapping[str, np.ndarray], kind: int, labels: int, name: str = "error"
) -> Float[np.ndarray, "seeds"]:
    """A quantity of the probes with so many labels, averaged over the hidden layers.

    Args:
        arrays: As in a record.
        kind: A row, as from `place`.
        labels: How many, one of the record's; the nearest of them if it has not that many.
        name: `error` or `margin`.
    """
    nearest = int(np.abs(arrays["labels"] - labels).argmin())
    return arrays[name][kind, :, :, nearest].mean(axis=-1)
