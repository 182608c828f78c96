"""The data and the settings of StartMap: what they must hold."""

import base64
import binascii
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

NEEDED = (
    "data", "network", "activations", "depths", "starts", "rates", "steps", "seeds", "success",
    "error", "dead", "passport",
)  # fmt: skip
KNOWN = ("rectifier", "tanh", "softplus", "logistic")  # that the page has colors and words for
DIVERGED = 0xFFFF  # as in experiments/training_map_frames.py and start_words.mjs
_ALL = 10_000  # parts of a share, as there


def check_map(data: dict[str, Any]) -> None:
    """Raise a ValueError that names the first thing in the data that the widget cannot use."""
    if missing := [name for name in NEEDED if name not in data]:
        raise ValueError(f"The `data` of StartMap must hold {', '.join(missing)}. Got none.")
    for name in ("activations", "starts", "seeds"):
        _check_different(data[name], name)
    for name in ("depths", "rates", "steps"):
        _check_rising(data[name], name)
    if wrong := [name for name in data["activations"] if name not in KNOWN]:
        raise ValueError(
            f"The `activations` of StartMap's data must be among {', '.join(KNOWN)}. "
            f"Got {wrong[0]!r}."
        )
    if not _is_number(data["success"]) or not 0 < data["success"] < 100:
        raise ValueError(
            "The `success` of StartMap's data must be an error above 0 and below 100 %. "
            f"Got {data['success']}."
        )
    networks = math.prod(len(data[name]) for name in ("activations", "depths", "starts", "rates"))
    networks *= len(data["seeds"])
    _check_packed(data["error"], "error", networks * len(data["steps"]))
    _check_packed(data["dead"], "dead", networks)


def check_cell(frame: dict[str, Any], data: dict[str, Any]) -> None:
    """Raise a ValueError unless the page can draw this live cell over the data.

    Args:
        frame: `seeds`, and for each of them its `error` at each step and its `dead` units [%].
        data: Of the widget.
    """
    seeds, steps = len(frame["seeds"]), len(data["steps"])
    lengths = [len(row) for row in frame["error"]]
    if lengths != [steps] * seeds or len(frame["dead"]) != seeds:
        raise ValueError(
            f"A live cell of StartMap must hold {steps} errors and one share of dead units for "
            f"each of {seeds} seeds. Got {lengths} errors and {len(frame['dead'])} shares."
        )
    for number in (*frame["dead"], *(e for row in frame["error"] for e in row)):
        if number is not None and not (_is_number(number) and 0 <= number <= 100):
            raise ValueError(
                f"The numbers of a live cell must be from 0 to 100 %, or None. Got {number}."
            )


def check_setting(data: dict[str, Any], name: str, value: object) -> None:
    """Raise a ValueError unless a reader could have chosen this value of the trait."""
    choices: dict[str, Sequence[object]] = {
        "activation": data["activations"],
        "depth": data["depths"],
        "start_index": range(len(data["starts"])),
        "rate_index": range(len(data["rates"])),
        "step_index": range(len(data["steps"])),
    }
    if value not in choices[name]:
        raise ValueError(
            f"The `{name}` of StartMap must be {', '.join(map(str, choices[name]))}. Got {value}."
        )


def unpacked(text: str, shape: Sequence[int]) -> np.ndarray:
    """The shares of `training_map_frames.packed` [1], NaN for a network that diverged.

    Args:
        text: As in the data, checked.
        shape: Of the array.
    """
    parts = np.frombuffer(base64.b64decode(text), dtype="<u2").reshape(shape)
    return np.where(parts == DIVERGED, np.nan, parts / _ALL)


def _check_different(values: Sequence[object], name: str) -> None:
    if not values or len(set(values)) != len(values):
        raise ValueError(
            f"The `{name}` of StartMap's data must be different and at least one. Got {values}."
        )


def _check_rising(values: Sequence[Any], name: str) -> None:
    good = all(_is_number(value) and value > 0 for value in values)
    if not values or not good or any(b <= a for a, b in pairwise(values)):
        raise ValueError(
            f"The `{name}` of StartMap's data must be rising numbers above 0. Got {values}."
        )


def _check_packed(text: object, name: str, count: int) -> None:
    try:
        raw = base64.b64decode(text if isinstance(text, str) else "?", validate=True)
    except binascii.Error as error:
        raise ValueError(f"The `{name}` of StartMap's data must be base64. {error}.") from error
    if len(raw) != 2 * count:
        raise ValueError(
            f"The `{name}` of StartMap's data must be two bytes a number, {2 * count} in all. "
            f"Got {len(raw)}."
        )
    parts = np.frombuffer(raw, dtype="<u2")
    if ((parts > _ALL) & (parts != DIVERGED)).any():
        raise ValueError(
            f"The `{name}` of StartMap's data must hold shares of at most {_ALL} 10,000ths. "
            f"Got {int(parts[(parts > _ALL) & (parts != DIVERGED)][0])}."
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
