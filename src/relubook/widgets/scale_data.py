"""The data and the settings of ScaleSlider: what they must hold."""

import base64
import binascii
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

NEEDED = (
    "data", "network", "sizes", "log2_s", "weights", "digits", "activity", "ranks", "spectrum",
    "largest", "condition", "moments", "races", "rates", "silent", "passport",
)  # fmt: skip
STAGES = ("untrained", "trained")
CASES = ("positive", "negative", "tanh")
RACES = ("own", "common")
_UNITS = ("rectifier", "tanh")


def check_scales(data: dict[str, Any]) -> None:
    """Raise a ValueError that names the first thing in the data that the widget cannot use."""
    if missing := [name for name in NEEDED if name not in data]:
        raise ValueError(f"The `data` of ScaleSlider must hold {', '.join(missing)}. Got none.")
    places, ranks = len(data["log2_s"]), len(data["ranks"])
    if 0 not in data["log2_s"] or any(a >= b for a, b in pairwise(data["log2_s"])):
        raise ValueError(
            "The `log2_s` of ScaleSlider's data must rise and hold 0, which is s = 1. "
            f"Got {data['log2_s']}."
        )
    if len(data["sizes"]) != 4:
        raise ValueError(
            f"The `sizes` of ScaleSlider's data must be those of two hidden layers. "
            f"Got {data['sizes']}."
        )
    _check_weights(data)
    for stage in STAGES:
        _check_table(data["spectrum"].get(stage), (places, ranks), f"spectrum, {stage}")
        for name in ("largest", "condition"):
            _check_table(data[name].get(stage), (places,), f"{name}, {stage}")
        _check_table(data["activity"].get(stage), (2,), f"activity, {stage}")
    _check_table(data["digits"], (data["sizes"][-1], data["sizes"][0]), "digits")
    _check_table(data["rates"], (places,), "rates")
    seeds = len(next(iter(data["races"].get("own") or [[]]), []))
    for name in RACES:
        shape = (places, seeds, len(data["moments"]))
        _check_table(data["races"].get(name), shape, f"races, {name}")


def check_race(frame: dict[str, Any], data: dict[str, Any]) -> None:
    """Raise a ValueError unless the page can draw this live race over the recorded ones."""
    for name in RACES:
        _check_table(frame.get(name), (len(data["moments"]),), f"live race, {name}")


def check_setting(data: dict[str, Any], name: str, value: Any) -> None:
    """Raise a ValueError unless the data have that place."""
    known = {"stage": STAGES, "case": CASES}.get(name)
    if known is not None and value not in known:
        raise ValueError(
            f"The `{name}` of ScaleSlider must be among {', '.join(known)}. Got {value!r}."
        )
    counts = {"place": len(data["log2_s"]), "digit": len(data["digits"])}
    if name in counts and not 0 <= value < counts[name]:
        raise ValueError(
            f"The `{name}` of ScaleSlider must be between 0 and {counts[name] - 1}. Got {value}."
        )


def _check_weights(data: dict[str, Any]) -> None:
    """Raise unless every network has as many finite parameters as its sizes say."""
    wanted = 4 * sum((inputs + 1) * outputs for inputs, outputs in pairwise(data["sizes"]))
    for units in _UNITS:
        for stage in STAGES:
            text = data["weights"].get(units, {}).get(stage, "")
            try:
                found = len(base64.b64decode(text, validate=True))
            except binascii.Error as error:
                raise ValueError(
                    f"The `weights` of ScaleSlider's data ({units}, {stage}) must be base64. "
                    f"{error}."
                ) from error
            if found != wanted:
                raise ValueError(
                    f"The `weights` of ScaleSlider's data ({units}, {stage}) must be {wanted:,} "
                    f"bytes, for layers of {data['sizes']}. Got {found:,}."
                )


def _check_table(values: Any, shape: Sequence[int], name: str) -> None:
    """Raise unless nested lists have this shape and hold numbers, or None."""
    if not isinstance(values, list | tuple) or len(values) != shape[0]:
        found = len(values) if isinstance(values, list | tuple) else values
        raise ValueError(
            f"The data of ScaleSlider must hold {shape[0]} entries in {name}. Got {found}."
        )
    for value in values:
        if len(shape) > 1:
            _check_table(value, shape[1:], name)
        elif value is not None and not (isinstance(value, int | float) and math.isfinite(value)):
            raise ValueError(f"The data of ScaleSlider must be numbers in {name}. Got {value!r}.")
