"""The data and the settings of RegionViewer: what they must hold."""

import base64
import binascii
import math
from collections.abc import Sequence
from itertools import pairwise, product
from typing import Any

import numpy as np

NEEDED = (
    "data", "network", "window", "examples", "classes", "depths", "widths", "l1", "steps",
    "networks", "counts", "passport",
)  # fmt: skip
COUNTS = ("low", "median", "high")
COLORINGS = ("class", "active")
TOO_MANY = 5000  # regions, as in region_cutting.mjs
MOST_CLASSES = 6  # that region_shapes.mjs has marks for
WHOSE = "of RegionViewer's data must"


def check_regions(data: dict[str, Any]) -> None:
    """Raise a ValueError that names the first thing in the data that the widget cannot use."""
    _check_keys(data, NEEDED, "`data` of RegionViewer")
    _check_window(data["window"])
    _check_classes(data["classes"])
    _check_examples(data["examples"], len(data["classes"]))
    for name, least in (("depths", 1), ("widths", 1), ("l1", 0), ("steps", 0)):
        _check_rising(data[name], name, least)
    _check_networks(data)
    for name in COUNTS:
        _check_keys(data["counts"], COUNTS, "`counts` of RegionViewer's data")
        _check_counts(data, name)


def check_network(network: dict[str, Any], data: dict[str, Any]) -> None:
    """Raise a ValueError unless the page can cut this network at each step of the data.

    Args:
        network: `depth`, `width` and `frames`, one for each step.
        data: Of the widget.
    """
    _check_keys(network, ("depth", "width", "frames"), "network of RegionViewer")
    depth, width, frames = network["depth"], network["width"], network["frames"]
    whose = f"of depth {depth}, width {width}"
    if len(frames) != len(data["steps"]):
        raise ValueError(
            f"The `frames` {whose} must be one for each step, {len(data['steps'])}. "
            f"Got {len(frames)}."
        )
    count = weights_of(depth, width, len(data["classes"]))
    for step, frame in zip(data["steps"], frames, strict=True):
        where = f"{whose} at step {step}"
        _check_keys(frame, ("weights", "error", "active"), f"frame {where}")
        _check_weights(frame["weights"], count, where)
        for name in ("error", "active"):
            _check_number(frame[name], f"`{name}` {where}", 0, 100)


def check_setting(data: dict[str, Any], name: str, value: Any) -> None:
    """Raise a ValueError unless a reader could have chosen this value of the trait."""
    if name == "place":
        left, right, bottom, top = data["window"]
        numbers = len(value) == 2 and all(map(_is_number, value))
        if not numbers or not (left <= value[0] <= right and bottom <= value[1] <= top):
            raise ValueError(
                f"The `place` of RegionViewer must be a point in {data['window']}. Got {value}."
            )
        return
    choices: dict[str, Sequence[Any]] = {
        "depth": data["depths"], "width": data["widths"], "coloring": COLORINGS,
        "l1_index": range(len(data["l1"])), "step_index": range(len(data["steps"])),
    }  # fmt: skip
    if value not in choices[name]:
        raise ValueError(
            f"The `{name}` of RegionViewer must be {', '.join(map(str, choices[name]))}. "
            f"Got {value}."
        )


def weights_of(depth: int, width: int, classes: int) -> int:
    """How many weights and biases a network of two inputs has."""
    sizes = (2, *(width,) * depth, classes)
    return sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))


def _check_keys(found: Any, needed: Sequence[str], what: str) -> None:
    if missing := [key for key in needed if key not in found]:
        raise ValueError(f"The {what} must hold {', '.join(missing)}. Got none.")


def _check_window(window: Sequence[Any]) -> None:
    numbers = len(window) == 4 and all(map(_is_number, window))
    if not numbers or window[0] >= window[1] or window[2] >= window[3]:
        raise ValueError(
            f"The `window` {WHOSE} be left, right, bottom and top, with left below right and "
            f"bottom below top. Got {list(window)}."
        )


def _check_classes(classes: Sequence[str]) -> None:
    if not 2 <= len(classes) <= MOST_CLASSES:
        raise ValueError(f"The `classes` {WHOSE} be 2 to {MOST_CLASSES}. Got {len(classes)}.")


def _check_examples(examples: dict[str, Any], classes: int) -> None:
    _check_keys(examples, ("x", "scale", "y"), "`examples` of RegionViewer's data")
    size, needed = len(_decoded(examples["x"], "`x` of the examples")), 2 * len(examples["y"])
    if size != needed:
        raise ValueError(
            f"The `x` of the examples must be two bytes for each of `y`, {needed}. Got {size}."
        )
    _check_number(examples["scale"], "`scale` of the examples", math.ulp(0.0), math.inf)
    wrong = [label for label in examples["y"] if label not in range(classes)]
    if wrong:
        raise ValueError(
            f"The `y` of the examples must be classes, 0 to {classes - 1}. Got {wrong[0]}."
        )


def _check_rising(values: Sequence[Any], name: str, least: int) -> None:
    for value in values:
        _check_number(value, f"`{name}` {WHOSE.removesuffix(' must')}", least, math.inf)
    falls = [f"{b} after {a}" for a, b in pairwise(values) if b <= a]
    if not values or falls:
        got = falls[0] if falls else "none"
        raise ValueError(f"The `{name}` {WHOSE} be rising numbers. Got {got}.")


def _check_networks(data: dict[str, Any]) -> None:
    names = ("depth", "width", "l1_index")
    for network in data["networks"]:
        _check_keys(network, names, "network of RegionViewer")
    found = [tuple(network[name] for name in names) for network in data["networks"]]
    needed = set(product(data["depths"], data["widths"], range(len(data["l1"]))))
    if len(found) != len(needed) or set(found) != needed:
        raise ValueError(
            f"The `networks` {WHOSE} be one for each depth, width and strength, {len(needed)}. "
            f"Got {len(set(found) & needed)} of them in {len(found)}."
        )
    for network in data["networks"]:
        check_network(network, data)


def _check_weights(text: Any, count: int, where: str) -> None:
    raw = _decoded(text, f"`weights` {where}")
    if len(raw) != 2 * count:
        raise ValueError(
            f"The `weights` {where} must be {2 * count} bytes (float16). Got {len(raw)}."
        )
    if not np.isfinite(np.frombuffer(raw, dtype="<f2")).all():
        raise ValueError(f"The `weights` {where} must be finite. Got NaN or infinity.")


def _check_counts(data: dict[str, Any], name: str) -> None:
    axes = [len(data[axis]) for axis in ("depths", "widths", "l1", "steps")]
    shape = " x ".join(map(str, axes))
    values = _flat(data["counts"][name], axes)
    if values is None:
        raise ValueError(
            f"The `{name}` of the counts must be {shape} numbers (depths x widths x strengths x "
            f"steps)."
        )
    for value in values:
        _check_number(value, f"`{name}` of the counts", 1, TOO_MANY)


def _flat(grid: Any, shape: Sequence[int]) -> list[Any] | None:
    """What nested lists of this shape hold, or None where they are of another."""
    found = [grid]
    for length in shape:
        if not all(isinstance(part, list | tuple) and len(part) == length for part in found):
            return None
        found = [item for part in found for item in part]
    return found


def _decoded(text: Any, what: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, TypeError) as error:
        raise ValueError(f"The {what} must be base64. {error}.") from error


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _check_number(value: Any, what: str, low: float | int, high: float | int) -> None:
    if not _is_number(value) or not low <= value <= high:
        limits = f"from {low:g} to {high:g}" if math.isfinite(high) else f"at least {low:g}"
        limits = "above 0" if low == math.ulp(0.0) else limits
        raise ValueError(f"The {what} must be finite and {limits}. Got {value}.")
