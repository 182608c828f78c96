"""What "denoiser" fixes before it runs, and what it gives back."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Int, Int8, UInt8


class Strategy(NamedTuple):
    """One of the paper's four ways to restore (glorot2011, p. 319).

    Attributes:
        number: Its place in the paper's list.
        reconstruction: A key of `reconstructions.RECONSTRUCTIONS`.
        output: The output unit, as a reader calls it.
        cost: What an error costs.
        like: The activation whose color it has.
    """

    number: int
    reconstruction: str
    output: str
    cost: str
    like: str

    @property
    def name(self) -> str:
        """Such as `1 softplus`."""
        return f"{self.number} {self.output}"


STRATEGIES = (
    Strategy(1, "softplus", "softplus", "squared difference", "softplus"),
    Strategy(2, "cross-entropy", "logistic", "cross-entropy", "logistic"),
    Strategy(3, "linear", "linear", "squared difference", "other"),
    Strategy(4, "rectifier", "rectifier", "squared difference", "rectifier"),
)


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is trained on what.

    Attributes:
        data: Name of a data set of gray pictures.
        side: Rows and columns that a picture is averaged to.
        width: Hidden rectifiers.
        learning_rates: To choose from [1], the same for all strategies.
        seeds: Each chooses its own rate; the networks that travel are those of the first.
        masked: Probability of a pixel to be forced to 0 while training [1].
        penalty: L1, on hidden outputs [1].
        batch_size: Examples a step.
        epochs: Passes over the training examples.
        kept: Epochs after which the first seed's restorations and filters are kept, 0 for those
            before training, ascending; the last is `epochs`.
        noise: Shares of masked pixels that are measured, ascending [1].
        pictured: Classes of the digits in the drawings.
        filters: Hidden units in the drawings.
        train_examples: How many of the first examples to take; None for all.
        validation_examples: The same for those that choose the rate.
    """

    data: str
    side: int = 14
    width: int = 128
    learning_rates: tuple[float, ...] = (0.4, 0.2, 0.1, 0.05, 0.02, 0.01)
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)
    masked: float = 0.25
    penalty: float = 1e-3
    batch_size: int = 10
    epochs: int = 10
    kept: tuple[int, ...] = (0, 1, 3, 10)
    noise: tuple[float, ...] = (0.0, 0.1, 0.25, 0.5, 0.75)
    pictured: tuple[int, ...] = (2, 3, 5, 8)
    filters: int = 16
    train_examples: int | None = 10_000
    validation_examples: int = 2000


@dataclass(frozen=True, kw_only=True)
class Result:
    """Rows are those of `STRATEGIES`; errors are sums over the pixels of a digit, mean of digits.

    Attributes:
        rate: The learning rates tried [1].
        validation_cost: What restoring a validation digit costs after each epoch, in each
            strategy's own cost; NaN where it is not finite.
        chosen: The rate of each seed [1]: that of its lowest cost after the last epoch.
        noise: Probability of a test digit's pixel to be masked [1].
        nothing_error: Squared difference between a masked digit and the digit [1]: what doing
            nothing costs.
        restored_error: Squared difference between what is given back and the digit [1].
        rounded_error: The same of the networks with weights of 8 bits [1].
        hidden_zeros: Exact zeros among the hidden outputs [1].
        stuck: Of all outputs, the share that is exactly 0 where the digit's pixel is not [1].
        dead_units: Hidden units that are 0 for every test digit, with the noise of training [1].
        dead_outputs: Of the pixels that some test digit inks, the share whose output is 0 for every
            test digit, with the noise of training [1].
        kept: Epochs of the pictures below.
        digits: The first test digit of each class [1/255].
        labels: Their classes.
        pictured: Places of the digits that `received` and `restored` show.
        received: Those digits, masked [1/255].
        restored: What the first seed's networks gave back, cut to 0 and 1 [1/255].
        filters: Weights into the first hidden units of the first seed, each as a share of its
            largest [1/127].
        encoder_codes: Weights of the first seed's networks as multiples of each unit's scale.
        encoder_scales: Of each hidden unit [1].
        encoder_bias: Of each hidden unit [1].
        decoder_codes: As `encoder_codes`, of the outputs.
        decoder_scales: Of each output [1].
        decoder_bias: Of each output [1].
        data: Name, sha256 and source of the data.
    """

    rate: Float[np.ndarray, "rates"]
    validation_cost: Float[np.ndarray, "strategies epochs rates seeds"]
    chosen: Float[np.ndarray, "strategies seeds"]
    noise: Float[np.ndarray, "noises"]
    nothing_error: Float[np.ndarray, "noises"]
    restored_error: Float[np.ndarray, "strategies noises seeds"]
    rounded_error: Float[np.ndarray, "strategies noises seeds"]
    hidden_zeros: Float[np.ndarray, "strategies noises seeds"]
    stuck: Float[np.ndarray, "strategies noises seeds"]
    dead_units: Float[np.ndarray, "strategies seeds"]
    dead_outputs: Float[np.ndarray, "strategies seeds"]
    kept: Int[np.ndarray, "kept"]
    digits: UInt8[np.ndarray, "digits pixels"]
    labels: Int[np.ndarray, "digits"]
    pictured: Int[np.ndarray, "pictures"]
    received: UInt8[np.ndarray, "pictures pixels"]
    restored: UInt8[np.ndarray, "strategies kept pictures pixels"]
    filters: Int8[np.ndarray, "strategies kept filters pixels"]
    encoder_codes: Int8[np.ndarray, "strategies pixels units"]
    encoder_scales: Float[np.ndarray, "strategies units"]
    encoder_bias: Float[np.ndarray, "strategies units"]
    decoder_codes: Int8[np.ndarray, "strategies units pixels"]
    decoder_scales: Float[np.ndarray, "strategies pixels"]
    decoder_bias: Float[np.ndarray, "strategies pixels"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}

    @property
    def smoothness(self) -> Float[np.ndarray, "strategies kept"]:
        """Correlation of a filter's weights with those of the pixels to their right [1]."""
        side = self.side
        filters = self.filters.reshape(*self.filters.shape[:3], side, side).astype(float)
        left, right = (part.reshape(*part.shape[:2], -1) for part in
                       (filters[..., :-1], filters[..., 1:]))  # fmt: skip
        sizes = np.sqrt((left**2).sum(axis=-1) * (right**2).sum(axis=-1))
        return (left * right).sum(axis=-1) / sizes

    @property
    def side(self) -> int:
        """Rows and columns of a picture."""
        return round(self.digits.shape[1] ** 0.5)
