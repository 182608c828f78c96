"""The data and the settings of HingeBuilder: what they must hold."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

NEEDED = ("x", "targets", "counts", "error", "learning_rate", "steps", "passport")
TARGETS = ("sine", "step")
ERRORS = ("even", "best", "trained")
MOST = 12  # hinges, as in hinge_numbers.mjs
TOP = 1.25  # heights in the frame, as in hinge_numbers.mjs
GAP = 0.02  # least distance of two hinges, as in hinge_numbers.mjs
DRAWN = 17  # places of a drawing, as in hinge_numbers.mjs


def check_hinges(data: dict[str, Any]) -> None:
    """Raise a ValueError that names the first thing in the data that the widget cannot use."""
    _check_keys(data, NEEDED, "data")
    _check_rising(data["x"], "x", least=2, low=-1.0, high=1.0)
    _check_edges(data["x"])
    _check_keys(data["targets"], TARGETS, "targets")
    _check_keys(data["error"], TARGETS, "error")
    for name in TARGETS:
        heights = data["targets"][name]
        _check_length(heights, f"`{name}` of targets", len(data["x"]), "place of `x`")
        for place, height in enumerate(heights):
            _check_number(height, f"`{name}` of targets", -TOP, TOP, f" at place {place}")
    _check_rising(data["counts"], "counts", least=1, low=1.0, high=float(MOST))
    _check_whole(data["counts"])
    for name in TARGETS:
        _check_errors(data["error"][name], name, data["counts"])
    _check_number(data["learning_rate"], "`learning_rate`", math.ulp(0.0), math.inf)
    _check_number(data["steps"], "`steps`", 1.0, math.inf)


def check_target(target: str) -> None:
    """Raise a ValueError unless a reader could have chosen this target."""
    if target not in (*TARGETS, "own"):
        raise ValueError(
            f"The `target` of HingeBuilder must be {', '.join(TARGETS)}, own. Got {target}."
        )


def check_drawing(drawing: Sequence[Any]) -> None:
    """Raise a ValueError unless a reader could have drawn this; empty is the beginning."""
    if drawing and (len(drawing) != DRAWN or not all(h is None or abs(h) <= TOP for h in drawing)):
        raise ValueError(
            f"The `drawing` of HingeBuilder must be {DRAWN} heights from {-TOP} to {TOP}, or None "
            f"where nothing is drawn. Got {drawing}."
        )


def check_points(points: Sequence[Any]) -> None:
    """Raise a ValueError unless a reader could have made these; empty is the beginning."""
    if not points:
        return
    must = "The `points` of HingeBuilder must"
    if not 2 <= len(points) <= MOST + 1 or any(len(point) != 2 for point in points):
        raise ValueError(f"{must} be 2 to {MOST + 1} pairs of place and height. Got {points}.")
    places = [place for place, _ in points]
    apart = all(b - a > GAP - 1e-9 for a, b in pairwise(places))
    if (places[0], places[-1]) != (-1, 1) or not apart:
        raise ValueError(f"{must} go from -1 to 1, at least {GAP} apart. Got {points}.")
    if not all(abs(height) <= TOP for _, height in points):
        raise ValueError(f"{must} have heights from {-TOP} to {TOP}. Got {points}.")


def _check_errors(errors: dict[str, Any], target: str, counts: Sequence[int]) -> None:
    _check_keys(errors, ERRORS, f"error of {target}")
    for kind in ERRORS:
        what = f"`{kind}` errors of {target}"
        _check_length(errors[kind], what, len(counts), "number of hinges")
        for count, value in zip(counts, errors[kind], strict=True):
            seeds = value if kind == "trained" else [value]
            if not isinstance(seeds, list | tuple) or not seeds:
                raise ValueError(
                    f"The {what} in HingeBuilder's data must be at least one number. "
                    f"Got {seeds} at {count} hinges."
                )
            for error in seeds:
                _check_number(error, what, 0.0, math.inf, f" at {count} hinges")


def _check_keys(found: dict[str, Any], needed: Sequence[str], name: str) -> None:
    if missing := [key for key in needed if key not in found]:
        where = "`data` of HingeBuilder" if name == "data" else f"`{name}` of HingeBuilder's data"
        raise ValueError(f"The {where} must hold {', '.join(missing)}. Got none.")


def _check_length(values: Sequence[Any], what: str, length: int, each: str) -> None:
    if len(values) != length:
        raise ValueError(
            f"The {what} in HingeBuilder's data must be one for each {each}, {length}. "
            f"Got {len(values)}."
        )


def _check_rising(values: Sequence[Any], name: str, *, least: int, low: float, high: float) -> None:
    for place, value in enumerate(values):
        _check_number(value, f"`{name}`", low, high, f" at place {place}")
    falls = [f"{b} after {a}" for a, b in pairwise(values) if b <= a]
    if len(values) < least or falls:
        got = falls[0] if falls else len(values)
        raise ValueError(
            f"The `{name}` of HingeBuilder's data must be at least {least} rising numbers. "
            f"Got {got}."
        )


def _check_edges(x: Sequence[float]) -> None:
    if (x[0], x[-1]) != (-1, 1):
        raise ValueError(
            f"The `x` of HingeBuilder's data must go from -1 to 1. Got {x[0]} to {x[-1]}."
        )


def _check_whole(counts: Sequence[int | float]) -> None:
    if broken := [count for count in counts if count != int(count)]:
        raise ValueError(
            f"The `counts` of HingeBuilder's data must be whole numbers. Got {broken[0]}."
        )


def _check_number(value: Any, what: str, low: float, high: float, place: str = "") -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= value <= high or math.isinf(value):
        limits = f"from {low:g} to {high:g}" if math.isfinite(high) else f"at least {low:g}"
        limits = "above 0" if low == math.ulp(0.0) else limits
        raise ValueError(
            f"The {what} in HingeBuilder's data must be finite and {limits}. Got {value}{place}."
        )
