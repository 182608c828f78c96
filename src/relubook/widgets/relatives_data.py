"""The data and the settings of RelativesExplorer: what they must hold."""

import math
from itertools import pairwise
from typing import Any

from relubook.widgets.sets import check_names

QUANTITIES = ("error", "saved", "zeros", "dead", "shift", "time")
LIMITS = {
    "error": (0.0, 100.0), "saved": (-100.0, 100.0), "zeros": (0.0, 100.0), "dead": (0.0, 100.0),
    "shift": (0.0, 1.0), "time": (0.0, math.inf),
}  # fmt: skip
OF_A_KIND = ("name", "like", "formula", "note", "curves", "band", "learned")
OF_A_SET = (
    "name", "title", "network", "seeds", "tried", "rate", "slopes", "quantities", "passport",
)  # fmt: skip
WHOSE = "of RelativesExplorer's data must"
_ROUNDING = 1e-3  # what a share may lie beyond its limits by, or a mean outside its interval
_CURVE = ("response", "slope")


def check_relatives(data: dict[str, Any]) -> None:
    """Raise a ValueError that names the first thing in the data that the widget cannot draw."""
    _check_has(data, ("reach", "kinds", "sets"), "The `data` of RelativesExplorer must")
    names = [each.get("name") for each in data["kinds"]]
    if "rectifier" not in names or len(set(names)) < len(names):
        raise ValueError(
            f"The `kinds` {WHOSE} have names of their own, one of them rectifier. Got {names}."
        )
    for each in data["kinds"]:
        _check_kind(each)
    check_names(data["sets"], "RelativesExplorer")
    for place, each in enumerate(data["sets"]):
        _check_set(each, f"set {place}", len(names))


def check_unit(data: dict[str, Any], name: str) -> str:
    """Return the name of a kind of unit, or raise a ValueError."""
    names = [each["name"] for each in data["kinds"]]
    if name not in names:
        raise ValueError(
            f"The `unit` of RelativesExplorer must be one of {', '.join(names)}. Got {name!r}."
        )
    return name


def check_quantity(name: str) -> str:
    """Return the name of a quantity, or raise a ValueError."""
    if name not in QUANTITIES:
        raise ValueError(
            f"The `quantity` of RelativesExplorer must be one of {', '.join(QUANTITIES)}. "
            f"Got {name!r}."
        )
    return name


def _check_has(holder: dict[str, Any], names: tuple[str, ...], whose: str) -> None:
    if missing := [name for name in names if name not in holder]:
        raise ValueError(f"{whose} hold {', '.join(missing)}. Got none.")


def _check_kind(each: dict[str, Any]) -> None:
    """A kind of unit: a curve or more, each with a left half and a right one."""
    what = f"The kind {each['name']!r} {WHOSE}"
    _check_has(each, OF_A_KIND, what)
    for curve in each["curves"] or [{}]:
        lengths = [len(curve.get(name, ())) for name in _CURVE]
        if lengths[0] < 4 or lengths[0] % 2 or lengths[0] != lengths[1]:
            raise ValueError(
                f"{what} have curves with as many responses as slopes, an even number. "
                f"Got {lengths}."
            )
        for name in _CURVE:
            if strange := [v for v in curve[name] if not _within(v, (-math.inf, math.inf))]:
                raise ValueError(f"{what} have a {name} of finite numbers. Got {strange[0]}.")


def _check_set(each: dict[str, Any], what: str, kinds: int) -> None:
    _check_has(each, OF_A_SET, f"The `{what}` {WHOSE}")
    _check_has(each["quantities"], QUANTITIES, f"The `quantities` of {what} {WHOSE}")
    for name, rows in (("rate", each["rate"]), *each["quantities"].items()):
        if len(rows) != kinds:
            raise ValueError(
                f"The `{name}` of {what} {WHOSE} have one entry for each of {kinds} kinds. "
                f"Got {len(rows)}."
            )
    for name, rows in each["quantities"].items():
        for place, row in enumerate(rows):
            _check_row(row, f"`{name}` of {what}, kind {place},", name, each["seeds"])


def _check_row(row: dict[str, Any], what: str, name: str, seeds: int) -> None:
    """The numbers of one kind of unit, None for networks that diverged at once."""
    _check_has(row, ("values", "mean", "low", "high"), f"The {what} {WHOSE}")
    if name != "time" and len(row["values"]) != seeds:
        raise ValueError(
            f"The {what} {WHOSE} be of the {seeds} seeds. Got {len(row['values'])} numbers."
        )
    told = [number for number in row["values"] if number is not None]
    low, high = LIMITS[name]
    for number in told:
        if not _within(number, (low, high)):
            raise ValueError(f"The {what} {WHOSE} be from {low:g} to {high:g}. Got {number}.")
    ends = [row[end] for end in ("low", "mean", "high") if row[end] is not None]
    wanted = (0, 1, 3)[min(len(told), 2)]
    if len(ends) != wanted or any(a > b + _ROUNDING for a, b in pairwise(ends)):
        raise ValueError(
            f"The {what} {WHOSE} have a mean if there are numbers, in an interval if there "
            f"are two. Got {ends}."
        )


def _within(number: Any, limits: tuple[float, float]) -> bool:
    """Whether it is a finite number between the limits, all but for rounding."""
    low, high = limits
    plain = isinstance(number, int | float) and math.isfinite(number)
    return plain and low - _ROUNDING <= number <= high + _ROUNDING
