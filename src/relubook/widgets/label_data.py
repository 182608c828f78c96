"""The data and the settings of LabelShare: what they must hold."""

import math
from itertools import pairwise
from typing import Any

from relubook.widgets.sets import check_names

STARTS = ("none", "with")  # without and with pretraining
OF_A_SET = (
    "name", "title", "network", "images", "seeds", "shares", "labels", "error", "gain", "paper",
    "passport",
)  # fmt: skip
WHOSE = "of LabelShare's data must"
_ROUNDING = 1e-6  # what a mean may lie outside its interval by


def check_labels(data: dict[str, Any]) -> None:
    """Raise a ValueError that names the first thing in the data that the widget cannot draw."""
    for name in ("stops", "activations", "sets"):
        if name not in data:
            raise ValueError(f"The `data` of LabelShare must hold {name}. Got none.")
    _check_rising(data["stops"], 100.0, "`stops`")
    if not data["activations"] or len(set(data["activations"])) < len(data["activations"]):
        raise ValueError(
            f"The `activations` {WHOSE} be names of their own. Got {data['activations']}."
        )
    check_names(data["sets"], "LabelShare")
    for place, each in enumerate(data["sets"]):
        _check_set(each, f"set {place}", data)


def check_place(data: dict[str, Any], place: int) -> int:
    """Return the place of a stop of the slider, or raise a ValueError."""
    if not 0 <= place < len(data["stops"]):
        raise ValueError(
            f"The `stop_index` of LabelShare must be from 0 to {len(data['stops']) - 1}. "
            f"Got {place}."
        )
    return place


def _check_set(each: dict[str, Any], what: str, data: dict[str, Any]) -> None:
    if missing := [name for name in OF_A_SET if name not in each]:
        raise ValueError(f"The `{what}` {WHOSE} hold {', '.join(missing)}. Got none.")
    _check_rising(each["shares"], 100.0, f"`shares` of {what}")
    if strange := [share for share in each["shares"] if share not in data["stops"]]:
        raise ValueError(f"The `shares` of {what} {WHOSE} be among the stops. Got {strange}.")
    _check_rising(each["labels"], each["images"], f"`labels` of {what}")
    shares = len(each["shares"])
    _check_length(each["labels"], shares, f"`labels` of {what}")
    for unit in data["activations"]:
        rows = _inside(each["error"], unit, f"`error` of {what}")
        for start in STARTS:
            _check_errors(_inside(rows, start, f"`error` of {what}, {unit},"), each, what, unit)
        gains = _inside(each["gain"], unit, f"`gain` of {what}")
        _check_length(gains, shares, f"`gain` of {what}, {unit},")
        for place, row in enumerate(gains):
            _check_gain(row, f"`gain` of {what}, {unit}, share {place},")
        if each["paper"]:
            printed = _inside(each["paper"], unit, f"`paper` of {what}")
            for start in STARTS:
                row = _inside(printed, start, f"`paper` of {what}, {unit},")
                _check_length(row, shares, f"`paper` of {what}, {unit}, {start},")
                _check_percent(row, f"`paper` of {what}, {unit}, {start},")


def _check_errors(rows: Any, each: dict[str, Any], what: str, unit: str) -> None:
    """Percent of every seed at every share, None for what diverged."""
    _check_length(rows, len(each["shares"]), f"`error` of {what}, {unit},")
    for place, row in enumerate(rows):
        if len(row) != each["seeds"]:
            raise ValueError(
                f"The `error` of {what}, {unit}, share {place}, {WHOSE} be of the "
                f"{each['seeds']} seeds. Got {len(row)} numbers."
            )
        _check_percent(row, f"`error` of {what}, {unit}, share {place},")


def _check_gain(row: dict[str, Any], what: str) -> None:
    """A mean if there are numbers, in an interval if there are two."""
    ends = [_inside(row, name, what) for name in ("low", "mean", "high")]
    told = [end for end in ends if end is not None]
    finite = all(_is_number(end) for end in told)
    if not finite or len(told) == 2 or any(a > b + _ROUNDING for a, b in pairwise(told)):
        raise ValueError(f"The {what} {WHOSE} have a mean in its interval, or None. Got {ends}.")


def _check_percent(row: Any, what: str) -> None:
    for number in row:
        if number is not None and not (_is_number(number) and 0 <= number <= 100):
            raise ValueError(f"The {what} {WHOSE} be from 0 to 100 %, or None. Got {number}.")


def _check_rising(numbers: Any, most: float | int, what: str) -> None:
    """Rising numbers above 0."""
    good = all(_is_number(number) and 0 < number <= most for number in numbers)
    if not (len(numbers) and good and all(a < b for a, b in pairwise(numbers))):
        raise ValueError(
            f"The {what} {WHOSE} be rising numbers above 0, at most {most:g}. Got {list(numbers)}."
        )


def _check_length(rows: Any, wanted: int, what: str) -> None:
    if len(rows) != wanted:
        raise ValueError(
            f"The {what} {WHOSE} have one entry for each of {wanted} shares. Got {len(rows)}."
        )


def _inside(holder: dict[str, Any], name: str, what: str) -> Any:
    if name not in holder:
        raise ValueError(f"The {what} {WHOSE} hold {name}. Got none.")
    return holder[name]


def _is_number(number: Any) -> bool:
    return isinstance(number, int | float) and math.isfinite(number)
