"""The slips that the checks of chapter 6's exercise know by what comes out."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

_CLOSE = 1e-4  # of the largest number compared: float32 is far below, every slip far above
_REMNANT = (
    "It compares with what is left of the example. What should the autoencoder give back: the "
    "corrupted example, or the one before?"
)
_NO_OUTPUT = "It compares z itself with the example. What do the outputs make of z?"


class Step(NamedTuple):
    """What the student's function is given, and the autoencoder's z for the right inputs."""

    x: Float[np.ndarray, "examples inputs"]
    keep: Bool[np.ndarray, "examples inputs"]
    z: Float[np.ndarray, "examples inputs"]

    def copy(self) -> "Step":
        """The same numbers in other memory."""
        return Step(*(array.copy() for array in self))


def softplus(z: np.ndarray) -> np.ndarray:
    """log(1 + e^z), for any z."""
    return np.logaddexp(0, z)


def logistic(z: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-z), for any z."""
    return np.exp(-np.logaddexp(0, -z))


def costs(step: Step) -> np.ndarray:
    """The costs that are asked for."""
    return ((softplus(step.z) - step.x) ** 2).sum(axis=1)


def slopes(step: Step) -> np.ndarray:
    """The slopes that are asked for."""
    return 2 * (softplus(step.z) - step.x) * logistic(step.z)


def alike(found: np.ndarray, expected: np.ndarray) -> bool:
    """Equal but for rounding."""
    if found.shape != expected.shape or not np.isfinite(found).all():
        return False
    return bool(np.abs(found - expected).max() <= _CLOSE * np.abs(expected).max())


def first_of(found: np.ndarray, slips: Iterator[tuple[str, np.ndarray]]) -> str | None:
    """The sentence about the slip that gives what was found."""
    return next((sentence for sentence, value in slips if alike(found, value)), None)


def wrong_inputs(step: Step) -> Iterator[tuple[str, np.ndarray]]:
    """What else the autoencoder may be given."""
    x, keep = step.x, step.keep
    whole = "`before` is given the examples as they are: nothing is there to be restored."
    yield whole, x
    yield "It sets to 0 what should be kept, and keeps the others.", x * ~keep
    scaled = (
        "What is kept is multiplied, so that its mean stays. That is dropout; here a kept input "
        "stays as it is."
    )
    yield scaled, x * keep / keep.mean()
    yield scaled, x * keep / keep.mean(axis=1, keepdims=True)
    yield scaled, x * keep / 0.75
    yield "What is not kept is set to 1, not to 0.", np.where(keep, x, 1)
    yield "`before` is given which inputs are kept, not the examples.", keep.astype(float)


def wrong_costs(step: Step) -> Iterator[tuple[str, np.ndarray]]:
    """What else comes out as costs, from the right z."""
    x, z, left = step.x, step.z, step.x * step.keep
    away = softplus(z) - x
    yield "The cost is the mean over the inputs. The sum is asked for.", (away**2).mean(axis=1)
    yield "The cost is half of what is asked for: there is no 1/2.", (away**2).sum(axis=1) / 2
    yield "It adds up absolute differences, not squares.", np.abs(away).sum(axis=1)
    yield "It takes the root of the sum of squares. Leave it out.", np.sqrt((away**2).sum(axis=1))
    yield "It squares the sum of the differences, not each of them.", away.sum(axis=1) ** 2
    yield _REMNANT, ((softplus(z) - left) ** 2).sum(axis=1)
    yield _NO_OUTPUT, ((z - x) ** 2).sum(axis=1)
    relu = "The outputs are rectifiers: strategy 4 of the paper. Softplus is asked for."
    yield relu, ((np.maximum(z, 0) - x) ** 2).sum(axis=1)
    squashed = "The outputs are logistic: they never exceed 1, but the examples may."
    yield squashed, ((logistic(z) - x) ** 2).sum(axis=1)
    only = "Only the inputs that were set to 0 are compared. All should come back."
    yield only, (away**2 * ~step.keep).sum(axis=1)
    yield (
        "Only the inputs that were kept are compared. All should come back.",
        ((away**2 * step.keep).sum(axis=1)),
    )
    entropy = "It is a cross-entropy: strategy 2 of the paper. Squared differences are asked for."
    yield entropy, (softplus(z) - x * z).sum(axis=1)


def wrong_slopes(step: Step) -> Iterator[tuple[str, np.ndarray]]:
    """What else comes out as slopes, from the right z."""
    x, z = step.x, step.z
    away, gate = softplus(z) - x, logistic(z)
    right = slopes(step)
    yield "The slope is half of what it should be. What is the derivative of a square?", right / 2
    outer = (
        "It is the derivative by the output, not by z. By how much does the output change when z "
        "does? (The chain rule has one more factor.)"
    )
    yield outer, 2 * away
    yield outer, away
    yield "The slope has the wrong sign: a larger output costs more if it is too large.", -right
    yield "The slope is divided by the number of inputs. The cost is a sum.", right / x.shape[1]
    per_step = "The slope is divided by the number of examples: it is not each example's own."
    yield per_step, right / len(x)
    yield _REMNANT, 2 * (softplus(z) - x * step.keep) * gate
    yield _NO_OUTPUT, 2 * (z - x)
    curved = "Its last factor is the slope of a logistic function. What is that of softplus?"
    yield curved, 2 * away * gate * (1 - gate)
    hard = "Its last factor is a rectifier's: 0 or 1. That of softplus is never quite either."
    yield hard, 2 * away * (z > 0)
    yield hard, 2 * (np.maximum(z, 0) - x) * (z > 0)
    yield "It is the slope of absolute differences, not of squares.", np.sign(away) * gate
    yield (
        "Its last factor takes the logistic function of the output. Of what should it be?",
        (2 * away * logistic(softplus(z))),
    )
    yield "It is the slope of a cross-entropy, strategy 2 of the paper.", gate - x
