"""Reading the input back from a code: a linear decoder by closed form, and what it recovers.

What is recovered is split in two. Every input is its class's mean plus what differs within the
class; so is every error of a decoder. The two parts' squares add up to the whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

PARTS = ("all", "class", "rest")
_LEAST = 1e-12  # of a penalty, so that a code without any variance can be decoded: to the mean

Codes = Float[Tensor, "examples units"]
Inputs = Float[Tensor, "examples inputs"]


@dataclass(frozen=True, kw_only=True)
class Decoder:
    """A linear map from codes to inputs: mean input + (code - mean code) W.

    Attributes:
        weight: W [units inputs].
        code: The mean code [units].
        input: The mean input [inputs].
        strength: Of the penalty on the squares of W, relative to the mean variance of a unit [1].
    """

    weight: Float[Tensor, "units inputs"]
    code: Float[Tensor, "units"]
    input: Float[Tensor, "inputs"]
    strength: float

    def __call__(self, h: Codes) -> Inputs:
        """The inputs that these codes stand for."""
        return self.input + (h.double() - self.code) @ self.weight


def fit(
    train: tuple[Float[Tensor, "fitted units"], Float[Tensor, "fitted inputs"]],
    validation: tuple[Float[Tensor, "choosing units"], Float[Tensor, "choosing inputs"]],
    strengths: Sequence[float],
) -> Decoder:
    """The ridge decoder whose penalty does best on the validation examples, in float64.

    With centered codes H and inputs X, W = (H'H + c I)⁻¹ H'X, c = strength x trace(H'H) / units.

    Args:
        train: Codes and inputs to fit.
        validation: Codes and inputs that choose the strength.
        strengths: To choose from [1], above 0; of equals the first is taken.

    Returns:
        The decoder.
    """
    code, mean = train[0].double().mean(0), train[1].double().mean(0)
    h, x = train[0].double() - code, train[1].double() - mean
    spread, directions = torch.linalg.eigh(h.T @ h)  # H'H = V diag(spread) V'
    spread = spread.clamp_min(0)
    loads = directions.T @ (h.T @ x)  # V'H'X
    held_h, held_x = (validation[0].double() - code) @ directions, validation[1].double() - mean
    # The squared error of W = V diag(d) V'H'X is |X|² - 2 d'b + d'Md for every d.
    linear = ((held_h.T @ held_x) * loads).sum(1)
    square = (held_h.T @ held_h) * (loads @ loads.T)

    def shrinking(strength: float) -> Float[Tensor, "units"]:
        return 1 / (spread + max(strength * float(spread.mean()), _LEAST))

    def excess(strength: float) -> float:
        d = shrinking(strength)
        return float(d @ square @ d - 2 * d @ linear)

    best = min(strengths, key=excess)
    weight = directions @ (shrinking(best)[:, None] * loads)
    return Decoder(weight=weight, code=code, input=mean, strength=best)


def powers(deviation: Inputs, y: Int[Tensor, "examples"], classes: int) -> Float[np.ndarray, "3"]:
    """Sums of squares: of all of it, of the class means, of what differs within the classes.

    Args:
        deviation: Inputs minus their mean, or the errors of a decoder.
        y: Classes of the examples.
        classes: How many there are.

    Returns:
        The three sums in the order of `PARTS`; the first is the sum of the others.
    """
    within = torch.nn.functional.one_hot(y, classes).double()  # [examples classes]
    counts = within.sum(0).clamp_min(1)
    sums = within.T @ deviation.double()
    between = float((sums.square().sum(1) / counts).sum())
    whole = float(deviation.double().square().sum())
    return np.array([whole, between, whole - between])


def read(
    guess: Inputs, x: Inputs, y: Int[Tensor, "examples"], classes: int
) -> Float[np.ndarray, "3"]:
    """R²: the share of the inputs' variance that a guess accounts for, of `PARTS` each [1].

    R² of all is the mean of the two others, weighted by their shares of the variance.

    Args:
        guess: What a decoder says.
        x: The inputs.
        y: Their classes.
        classes: How many there are.

    Returns:
        1 for a perfect guess, about 0 for the mean input, below 0 for worse than that.
    """
    x = x.double()
    return 1 - powers(x - guess, y, classes) / powers(x - x.mean(0), y, classes)


def principal(
    train: Float[Tensor, "fitted inputs"],
    x: Inputs,
    y: Int[Tensor, "examples"],
    classes: int,
    most: int,
) -> Float[np.ndarray, "3 components_and_none"]:
    """R² of the first 0, 1, ... `most` principal components of the training inputs [1].

    Args:
        train: Inputs that the components come from.
        x: Inputs that are read back.
        y: Their classes.
        classes: How many there are.
        most: The largest number of components.

    Returns:
        One row for each of `PARTS`, one column for each number of components from none up.
    """
    mean = train.double().mean(0)
    centered = train.double() - mean
    directions = torch.linalg.eigh(centered.T @ centered).eigenvectors.flip(1)[:, :most]
    x = x.double()
    scores = (x - mean) @ directions
    explained = np.stack([powers(score[:, None], y, classes) for score in scores.T], axis=1)
    left = powers(x - mean, y, classes)[:, None] - np.cumsum(explained, axis=1)
    left = np.concatenate([powers(x - mean, y, classes)[:, None], left], axis=1)
    return 1 - left / powers(x - x.mean(0), y, classes)[:, None]
