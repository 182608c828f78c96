"""The data and the settings of PathViewer: what they must hold."""

import base64
import math
import re
from collections.abc import Sequence
from itertools import pairwise, product
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8

from relubook.widgets.data_checks import check_bytes, check_keys

NEEDED = (
    "data", "network", "side", "width", "pictures", "labels", "classes", "kinds", "depths",
    "steps", "networks", "bands", "passport",
)  # fmt: skip
BANDS = {"active": 100.0, "paths": 100.0, "carrying": 100.0, "effective": math.inf, "error": 100.0}
CUTS = ("low", "median", "high")
ACTIVATIONS = ("rectifier", "tanh", "softplus", "logistic")
DIRECTIONS = ("both", "forward", "back")
WHOSE = "of PathViewer's data must"


def check_paths(data: dict[str, Any]) -> None:
    """Raise a ValueError that names the first thing in the data that the widget cannot use."""
    check_keys(data, NEEDED, "`data` of PathViewer")
    for name in ("side", "width"):
        _check_whole(data[name], f"`{name}` {WHOSE.removesuffix(' must')}", 1)
    for name, least in (("depths", 1), ("steps", 0)):
        _check_rising(data[name], name, least)
    _check_pictures(data)
    _check_kinds(data["kinds"])
    _check_networks(data)
    _check_bands(data)


def check_network(network: dict[str, Any], data: dict[str, Any]) -> None:
    """Raise a ValueError unless the page can run this network at each step of the data.

    Args:
        network: `kind`, `depth` and `frames`, one for each step.
        data: Of the widget.
    """
    check_keys(network, ("kind", "depth", "frames"), "network of PathViewer")
    whose, frames = f"of kind {network['kind']}, depth {network['depth']}", network["frames"]
    if len(frames) != len(data["steps"]):
        raise ValueError(
            f"The `frames` {whose} must be one for each step, {len(data['steps'])}. "
            f"Got {len(frames)}."
        )
    sizes = sizes_of(data, network["depth"])
    for step, frame in zip(data["steps"], frames, strict=True):
        where = f"{whose} at step {step}"
        check_keys(frame, ("weights", "scales", "error"), f"frame {where}")
        count = sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
        check_bytes(frame["weights"], count, f"`weights` {where}")
        if len(frame["scales"]) != len(sizes) - 1:
            raise ValueError(
                f"The `scales` {where} must be {len(sizes) - 1}. Got {len(frame['scales'])}."
            )
        for scale in frame["scales"]:
            _check_number(scale, f"`scales` {where}", math.ulp(0.0), math.inf)
        _check_number(frame["error"], f"`error` {where}", 0.0, 100.0)


def check_setting(data: dict[str, Any], name: str, value: Any) -> None:
    """Raise a ValueError unless a reader could have chosen this value of the trait."""
    if name == "off":
        for unit in value:
            if not re.fullmatch(r"(left|right)\.\d\.\d+", str(unit)):
                raise ValueError(
                    "The `off` of PathViewer must be units such as left.0.3: side, layer and unit, "
                    f"from 0. Got {unit!r}."
                )
        return
    choices: dict[str, Sequence[Any]] = {
        "picture": range(len(data["labels"])),
        "depth": data["depths"],
        "step_index": range(len(data["steps"])),
        "beside": [kind["activation"] for kind in data["kinds"] if kind["l1"] == 0],
        "penalized": (False, True),
        "direction": DIRECTIONS,
    }  # fmt: skip
    if value not in choices[name]:
        raise ValueError(
            f"The `{name}` of PathViewer must be {', '.join(map(str, choices[name]))}. Got {value}."
        )


def sizes_of(data: dict[str, Any], depth: int) -> tuple[int, ...]:
    """Pixels, units of each hidden layer, and classes."""
    return (data["side"] ** 2, *[data["width"]] * depth, len(data["classes"]))


def picture_of(data: dict[str, Any], picture: int) -> UInt8[np.ndarray, "pixels"]:
    """The pixels of one picture [1/255]."""
    pixels = data["side"] ** 2
    raw = np.frombuffer(base64.b64decode(data["pictures"]), dtype=np.uint8)
    return raw[picture * pixels : (picture + 1) * pixels]


def layers_of(
    frame: dict[str, Any], sizes: tuple[int, ...]
) -> list[tuple[Float[np.ndarray, "inputs outputs"], Float[np.ndarray, "outputs"]]]:
    """Weight and bias of each layer of a frame."""
    codes = np.frombuffer(base64.b64decode(frame["weights"]), dtype=np.int8)
    found, start = [], 0
    for (inputs, outputs), scale in zip(pairwise(sizes), frame["scales"], strict=True):
        end = start + (inputs + 1) * outputs
        both = (codes[start:end] * float(scale)).reshape(inputs + 1, outputs)
        found.append((both[:-1], both[-1]))
        start = end
    return found


def _check_pictures(data: dict[str, Any]) -> None:
    classes, labels = len(data["classes"]), data["labels"]
    if classes < 2 or not labels:
        raise ValueError(
            f"The `classes` {WHOSE} be 2 at least, and the `labels` 1. "
            f"Got {classes} and {len(labels)}."
        )
    wrong = [label for label in labels if label not in range(classes)]
    if wrong:
        raise ValueError(f"The `labels` {WHOSE} be 0 to {classes - 1}. Got {wrong[0]}.")
    check_bytes(data["pictures"], len(labels) * data["side"] ** 2, "`pictures`")


def _check_kinds(kinds: Sequence[dict[str, Any]]) -> None:
    for kind in kinds:
        check_keys(kind, ("activation", "l1"), "kind of PathViewer")
        if kind["activation"] not in ACTIVATIONS:
            raise ValueError(
                f"The `activation` of a kind must be {', '.join(ACTIVATIONS)}. "
                f"Got {kind['activation']!r}."
            )
        _check_number(kind["l1"], "`l1` of a kind", 0.0, math.inf)
    found = [(kind["activation"], kind["l1"] > 0) for kind in kinds]
    needed = {("rectifier", False), ("rectifier", True), ("tanh", False)}
    if len(set(found)) != len(found) or not needed <= set(found):
        got = ", ".join(f"{name} {'with' if l1 else 'without'} L1" for name, l1 in found)
        raise ValueError(
            f"The `kinds` {WHOSE} be different ones, among them rectifiers with and without L1 and "
            f"tanh without. Got {got}."
        )


def _check_networks(data: dict[str, Any]) -> None:
    for network in data["networks"]:
        check_keys(network, ("kind", "depth"), "network of PathViewer")
    found = [(network["kind"], network["depth"]) for network in data["networks"]]
    needed = set(product(range(len(data["kinds"])), data["depths"]))
    if len(found) != len(needed) or set(found) != needed:
        raise ValueError(
            f"The `networks` {WHOSE} be one for each kind and depth, {len(needed)}. "
            f"Got {len(set(found) & needed)} of them in {len(found)}."
        )
    for network in data["networks"]:
        check_network(network, data)


def _check_bands(data: dict[str, Any]) -> None:
    shape = tuple(len(data[axis]) for axis in ("kinds", "depths", "steps"))
    check_keys(data["bands"], tuple(BANDS), "`bands` of PathViewer's data")
    for name, cut in product(BANDS, CUTS):
        check_keys(data["bands"][name], CUTS, f"`{name}` of the bands")
        found = np.array(data["bands"][name][cut], dtype=object)
        if found.shape != shape:
            raise ValueError(
                f"The `{cut}` of `{name}` must be {' x '.join(map(str, shape))} numbers (kinds x "
                f"depths x steps). Got {' x '.join(map(str, found.shape))}."
            )
        for value in found.ravel():
            _check_number(value, f"`{cut}` of `{name}`", 0.0, BANDS[name])


def _check_rising(values: Sequence[Any], name: str, least: int) -> None:
    for value in values:
        _check_whole(value, f"`{name}` {WHOSE.removesuffix(' must')}", least)
    falls = [f"{b} after {a}" for a, b in pairwise(values) if b <= a]
    if not values or falls:
        raise ValueError(
            f"The `{name}` {WHOSE} be rising numbers. Got {falls[0] if falls else 'none'}."
        )


def _check_whole(value: Any, what: str, least: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ValueError(f"The {what} must be whole and at least {least}. Got {value}.")


def _check_number(value: Any, what: str, low: float, high: float) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not low <= value <= high:
        limits = f"from {low:g} to {high:g}" if math.isfinite(high) else f"at least {low:g}"
        limits = "above 0" if low == math.ulp(0.0) else limits
        raise ValueError(f"The {what} must be finite and {limits}. Got {value}.")
