"""The autoencoders of "denoiser" as they travel: 8 bits a weight, and a scale for each unit."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from torch import Tensor

from relubook import activations, reconstructions
from relubook.autoencoders import Autoencoder
from relubook.networks import StackedLinear

_LARGEST = 127  # of a weight's 8 bits
_DIGITS = 4  # decimals of a bias
_LEAST = 1e-30  # below it a scale is 0


class Packed(NamedTuple):
    """Autoencoders of which each unit's weights are 8 bits times one scale; float64.

    Attributes:
        encoder_codes: Whole numbers from -127 to 127.
        encoder_scales: Of each hidden unit [1].
        encoder_bias: Of each hidden unit [1].
        decoder_codes: As those of the encoder.
        decoder_scales: Of each output [1].
        decoder_bias: Of each output [1].
    """

    encoder_codes: Float[Tensor, "models pixels units"]
    encoder_scales: Float[Tensor, "models units"]
    encoder_bias: Float[Tensor, "models units"]
    decoder_codes: Float[Tensor, "models units pixels"]
    decoder_scales: Float[Tensor, "models pixels"]
    decoder_bias: Float[Tensor, "models pixels"]

    def arrays(self, model: int) -> dict[str, np.ndarray]:
        """One model's numbers by name, the codes as 8 bits."""
        one = {name: values[model].numpy() for name, values in self._asdict().items()}
        return {name: v.astype(np.int8) if "codes" in name else v for name, v in one.items()}


def packed(coder: Autoencoder) -> Packed:
    """The weights as 8 bits times a scale for each unit, the biases as short decimals.

    Raises:
        ValueError: If they are not finite.
    """
    weights = (coder.encoder.weight, coder.weights_back)
    if not all(part.isfinite().all() for part in (*weights, coder.encoder.bias, coder.bias)):
        raise ValueError(
            "The weights of denoiser must stay finite. Got others; lower the learning rates."
        )
    (encoder, encoder_scales), (decoder, decoder_scales) = (coded(part) for part in weights)
    hidden_bias, bias = (decimals(part[:, 0]) for part in (coder.encoder.bias, coder.bias))
    return Packed(encoder, encoder_scales, hidden_bias, decoder, decoder_scales, bias)


def coded(
    weight: Float[Tensor, "models inputs units"],
) -> tuple[Float[Tensor, "models inputs units"], Float[Tensor, "models units"]]:
    """Weights as whole numbers, and each unit's scale, a decimal of four digits; 0 for zeros."""
    exact = weight.detach().double().cpu()
    scale = exact.abs().amax(1) / _LARGEST
    digits = 10 ** (3 - scale.clamp_min(_LEAST).log10().floor())
    scale = (scale * digits).round() / digits
    codes = exact.div(scale.unsqueeze(1)).nan_to_num(0.0).round()
    return codes.clamp(-_LARGEST, _LARGEST), scale


def decimals(bias: Float[Tensor, "models units"]) -> Float[Tensor, "models units"]:
    """Biases as decimals of four digits after the point [1]."""
    return bias.detach().double().cpu().mul(10**_DIGITS).round().div(10**_DIGITS)


def unpacked(numbers: Packed, reconstruction: str) -> Autoencoder:
    """The autoencoders of these numbers, in float64.

    Args:
        numbers: Of some models.
        reconstruction: A key of `reconstructions.RECONSTRUCTIONS`.
    """
    return Autoencoder(
        StackedLinear(
            numbers.encoder_codes * numbers.encoder_scales.unsqueeze(1),
            numbers.encoder_bias.unsqueeze(1),
        ),
        activations.get("rectifier"),
        reconstructions.get(reconstruction),
        numbers.decoder_codes * numbers.decoder_scales.unsqueeze(1),
        numbers.decoder_bias.unsqueeze(1),
    )
