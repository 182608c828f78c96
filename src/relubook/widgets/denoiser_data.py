"""The data and the settings of Denoiser: what they must hold, and one network as numpy has it."""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from relubook.widgets.data_checks import check_bytes, check_keys, check_numbers

NEEDED = (
    "data", "network", "side", "width", "masked", "noise", "nothing", "digits", "labels",
    "strategies", "passport",
)  # fmt: skip
NETWORK = (
    "encoder_codes", "encoder_scales", "encoder_bias", "decoder_codes", "decoder_scales",
    "decoder_bias",
)  # fmt: skip
BY_NOISE = ("error", "half", "errors", "stuck")
OUTPUTS = ("softplus", "logistic", "linear", "rectifier")
NOISES = tuple(range(0, 95, 5))
"""What the slider can mask [%]."""


def check_denoiser(data: dict[str, Any]) -> None:
    """Raise a ValueError that names the first thing in the data that the widget cannot use."""
    check_keys(data, NEEDED, "`data` of Denoiser")
    for name in ("side", "width"):
        if not isinstance(data[name], int) or data[name] < 1:
            raise ValueError(f"The `{name}` of Denoiser must be at least 1. Got {data[name]}.")
    check_bytes(data["digits"], len(data["labels"]) * data["side"] ** 2, "`digits`")
    if not data["labels"] or not data["strategies"]:
        raise ValueError("The `labels` and `strategies` of Denoiser must be 1 at least. Got none.")
    check_numbers(data["nothing"], len(data["noise"]), "`nothing`", least=0.0)
    for each in data["strategies"]:
        what = f"strategy {each.get('name', '')}".strip()
        check_keys(each, ("name", "output", "cost", "rate", *BY_NOISE), f"{what} of Denoiser")
        if each["output"] not in OUTPUTS:
            raise ValueError(
                f"The `output` of {what} must be {', '.join(OUTPUTS)}. Got {each['output']!r}."
            )
        for name in BY_NOISE:
            check_numbers(each[name], len(data["noise"]), f"`{name}` of {what}", least=0.0)
        check_coder(each, data, what)


def check_frame(frame: dict[str, Any], data: dict[str, Any]) -> None:
    """Raise a ValueError unless the page can run the networks of a live frame.

    Args:
        frame: `networks`, one for each strategy, and in words the `data` that they learned.
        data: Of the widget.
    """
    check_keys(frame, ("networks", "data"), "frame of Denoiser")
    if len(frame["networks"]) != len(data["strategies"]):
        raise ValueError(
            f"The `networks` of a frame must be one for each of {len(data['strategies'])} "
            f"strategies. Got {len(frame['networks'])}."
        )
    for each, strategy in zip(frame["networks"], data["strategies"], strict=True):
        what = f"strategy {strategy['name']}, trained here"
        check_keys(each, ("errors",), what)
        check_numbers(each["errors"], len(data["noise"]), f"`errors` of {what}", least=0.0)
        check_coder(each, data, what)


def check_coder(network: dict[str, Any], data: dict[str, Any], what: str) -> None:
    """Raise a ValueError unless the page can run this network.

    Args:
        network: Codes, scales and biases of encoder and decoder.
        data: Of the widget.
        what: The network, in words.
    """
    check_keys(network, NETWORK, what)
    pixels, units = data["side"] ** 2, data["width"]
    for part, outputs in (("encoder", units), ("decoder", pixels)):
        check_bytes(network[f"{part}_codes"], pixels * units, f"`{part}_codes` of {what}")
        check_numbers(network[f"{part}_scales"], outputs, f"`{part}_scales` of {what}", least=0.0)
        check_numbers(network[f"{part}_bias"], outputs, f"`{part}_bias` of {what}")


def check_setting(data: dict[str, Any], name: str, value: int) -> int:
    """Return a value of a trait that a reader could have chosen, or raise a ValueError."""
    choices: dict[str, Sequence[int]] = {
        "digit": range(len(data["labels"])),
        "noise": NOISES,
        "mask": range(1, 10_000),
        "strategy": range(len(data["strategies"])),
    }
    if value not in choices[name]:
        ends = f"from {choices[name][0]} to {choices[name][-1]}"
        steps = " in steps of 5" if name == "noise" else ""
        raise ValueError(f"The `{name}` of Denoiser must be {ends}{steps}. Got {value}.")
    return value


def digit_of(data: dict[str, Any], digit: int) -> Float[np.ndarray, "pixels"]:
    """The pixels of one digit [1]."""
    pixels = data["side"] ** 2
    raw = np.frombuffer(base64.b64decode(data["digits"]), dtype=np.uint8)
    return raw[digit * pixels : (digit + 1) * pixels] / 255


def restored_by(
    network: dict[str, Any], output: str, x: Float[np.ndarray, "pixels"]
) -> Float[np.ndarray, "pixels"]:
    """What a network gives back [1].

    Args:
        network: Codes, scales and biases.
        output: A name of `OUTPUTS`.
        x: What it receives [1].
    """
    h = np.maximum(x @ _weights(network, "encoder", len(x)) + network["encoder_bias"], 0)
    z = h @ _weights(network, "decoder", len(h)) + network["decoder_bias"]
    if output == "softplus":
        return np.logaddexp(0, z)
    if output == "logistic":
        return 1 / (1 + np.exp(-z))
    return z if output == "linear" else np.maximum(z, 0)


def _weights(network: dict[str, Any], part: str, inputs: int) -> Float[np.ndarray, "inputs units"]:
    codes = np.frombuffer(base64.b64decode(network[f"{part}_codes"]), dtype=np.int8)
    return codes.reshape(inputs, -1) * np.array(network[f"{part}_scales"])
