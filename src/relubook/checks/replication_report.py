"""Checks of the replication's report: the effect, its interval, and the verdict by a rule."""

import copy
import itertools
import math
import secrets
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from torch import Tensor

from relubook.checks import NotSolvedError, Outcome, run_cases
from relubook.checks.replication_plan import AT_LEAST, DIRECTIONS
from relubook.checks.replication_reading import UnreadableError, case, kind, plan_digest, quiet
from relubook.checks.replication_slips import (
    Given,
    draw,
    half_width,
    usual,
    without,
    wrong_effects,
    wrong_half_widths,
)
from relubook.checks.wording import apart

Report = Callable[[dict[str, dict[int, float]], dict[str, Any]], object]

_KEYS = ("effect", "low", "high", "n", "diverged", "verdict", "plan")
_VERDICTS = ("holds", "not here", "undecided")
_CLOSE = 2e-3  # of the half-width: quantiles may be typed with four digits
_SIZES = (8, 5, 6, 7)  # seeds of the tables that effect and interval are tried on


def check_interval(report: object) -> Outcome:
    """Check effect, interval and count of a function `report(table, plan)`.

    Args:
        report: Takes the table {condition: {seed: number}} and the plan; returns a dictionary of
            `effect`, the mean difference of the plan's first two conditions, paired by seed; `low`
            and `high`, its 95 % t interval, NaN with fewer than two pairs; `n`, how many pairs
            count; `diverged`, how many do not, because one of the two is NaN; `verdict`; `plan`,
            the plan's stamp.

    Returns:
        What was found.
    """
    tests = (_effect, _interval, _count, _with_diverged, _too_few, _kept)
    return run_cases(report, [case(test) for test in tests])


def check_verdict(report: object) -> Outcome:
    """Check verdict, diverged pairs and stamp of a function `report(table, plan)`.

    Args:
        report: As for `check_interval`. It `holds` if the whole interval lies on the side of the
            threshold that the plan's direction names, ends included (`within`: no farther than the
            threshold from 0), is `not here` if the whole interval lies outside, and `undecided`
            otherwise, with fewer than 5 pairs, and whenever a pair diverged.

    Returns:
        What was found.
    """
    tests = (_clear, _crossing, _few_pairs, _diverged, _stamp)
    return run_cases(report, [case(test) for test in tests])


def _ask(function: Report, given: Given) -> dict[str, Any]:
    """The student's answer to a copy."""
    with quiet():
        answer = function(*copy.deepcopy(given))
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    if not isinstance(answer, Mapping):
        raise UnreadableError(f"`report` should return a dictionary. Got {kind(answer)}.")
    missing = [f"`{name}`" for name in _KEYS if name not in answer]
    if missing:
        raise UnreadableError(f"The report says nothing about {', '.join(missing)}.")
    return dict(answer)


def _number(answer: Mapping[str, Any], name: str) -> float:
    """One of the numbers of an answer."""
    found = answer[name]
    if isinstance(found, (Tensor, np.ndarray)) and math.prod(found.shape) == 1:
        found = found.item()
    if isinstance(found, (bool, complex)) or not isinstance(found, (int, float, np.number)):
        raise UnreadableError(f"`{name}` of the report should be a number. Got {kind(found)}.")
    return float(found)


def _near(found: float, expected: float, width: float) -> bool:
    return bool(abs(found - expected) <= _CLOSE * width)


def _known(found: list[float], slips: list[dict[str, list[float]]], widths: list[float]) -> str:
    """The sentence about a slip that explains what was found in every table; empty if none does."""
    cases = list(zip(found, slips, widths, strict=True))
    for sentence in slips[0]:
        if all(any(_near(one, v, width) for v in of[sentence]) for one, of, width in cases):
            return sentence
    return ""


def _effect(function: Report) -> str | None:
    """The mean difference."""
    asked = [(given, _number(_ask(function, given), "effect")) for given in map(usual, _SIZES)]
    wrong = [(given, one) for given, one in asked if not _near(one, given.differences.mean(), 1.0)]
    if not wrong:
        return None
    found = [one for _, one in wrong]
    sentence = _known(found, [wrong_effects(given) for given, _ in wrong], [1.0] * len(wrong))
    if sentence:
        return sentence
    told, asked_for = apart(found[0], float(wrong[0][0].differences.mean()))
    return f"The effect is {told}, but the differences, seed by seed, have the mean {asked_for}."


def _interval(function: Report) -> str | None:
    """Where it begins and ends."""
    wrong: list[tuple[Given, float]] = []
    shifted = False
    for given in map(usual, _SIZES):
        answer, half = _ask(function, given), half_width(given.differences)
        low, high = (_number(answer, name) for name in ("low", "high"))
        middle = float(given.differences.mean())
        if low > high:
            return "`low` lies above `high`."
        if not (_near(low, middle - half, half) and _near(high, middle + half, half)):
            wrong.append((given, (high - low) / 2))
            shifted |= not _near((low + high) / 2, middle, half)
    if not wrong:
        return None
    found = [one for _, one in wrong]
    sentence = _known(found, [wrong_half_widths(given) for given, _ in wrong], found)
    if sentence or shifted:
        return sentence or "The interval does not lie around the mean difference."
    return (
        f"The interval reaches {found[0]:.4g} to each side. Which standard deviation, of which "
        "numbers, is divided by what, and times which quantile?"
    )


def _count(function: Report) -> str | None:
    """How many pairs."""
    given = usual()
    n, found = len(given.differences), _number(_ask(function, given), "n")
    if found == n:
        return None
    slips = {
        2 * n: "`n` counts networks. How many differences are there?",
        3 * n: "`n` counts all numbers of the table. How many differences are there?",
        n - 1: "`n` is the number of degrees of freedom. How many differences are there?",
    }
    return slips.get(int(found) if math.isfinite(found) else -1) or (
        f"`n` is {found:g}, but {n} differences are averaged."
    )


def _with_diverged(function: Report) -> str | None:
    """A pair with one diverged run has no difference; a run that is not compared does not count."""
    given = without(usual(8), (0, 2), (1, 5), (2, 6))
    answer, d = _ask(function, given), given.differences
    effect, n = _number(answer, "effect"), _number(answer, "n")
    if math.isnan(effect):
        return "One diverged run makes the whole effect NaN. What do the other pairs tell?"
    if n != len(d):
        return f"Two of 8 pairs have a run that diverged; `n` is {n:g}. How many remain?"
    half = half_width(d)
    ends = [_number(answer, name) for name in ("low", "high")]
    good = _near(effect, d.mean(), half) and all(
        _near(end, d.mean() + side * half, half) for end, side in zip(ends, (-1, 1), strict=True)
    )
    if good:
        return None
    return "With diverged runs the interval is not that of the pairs which remain."


def _too_few(function: Report) -> str | None:
    """One difference has no interval."""
    answer = _ask(function, without(usual(5), (0, 0), (0, 1), (1, 2), (1, 3)))
    if all(math.isnan(_number(answer, name)) for name in ("low", "high")):
        return None
    return "Of one pair it gives an interval. How does one difference scatter? `low`, `high`: NaN."


def _kept(function: Report) -> str | None:
    given = without(usual(), (0, 1))
    table, plan = copy.deepcopy(given)
    with quiet():
        function(table, plan)
    same = list(map(repr, (table, plan))) == list(map(repr, given))
    return None if same else "It changes the table or the plan that it is given."


def _rules(effect: float) -> list[tuple[str, float, str]]:
    """Directions and thresholds that an effect is clear about, with the verdict.

    Where it matters, 0 lies on the other side than the threshold.
    """
    size, sign = abs(effect), math.copysign(1, effect)
    above = ("holds", "not here") if sign > 0 else ("not here", "holds")
    return [
        ("above", effect / 2, above[0]),
        ("above", effect * 1.5, above[1]),
        ("below", effect * 1.5, above[0]),
        ("below", effect / 2, above[1]),
        ("within", size * 1.5, "holds"),
        ("within", size / 2, "not here"),
    ]


def _clear(function: Report) -> str | None:
    """Intervals that lie far on one side, whichever slip made them."""
    for effect in (20.0, -20.0):
        for direction, threshold, expected in _rules(effect):
            given = draw(
                5 + secrets.randbelow(4), effect=effect, scatter=0.5, seeds_apart=0.5,
                direction=direction, threshold=threshold,
            )  # fmt: skip
            found = _verdict(function, given)
            if found != expected:
                half = half_width(given.differences)
                return (
                    f"Predicted: {direction} {threshold:g}. Measured: {effect - half:.3g} to "
                    f"{effect + half:.3g}. It says {found!r}."
                )
    return None


def _crossing(function: Report) -> str | None:
    """Intervals that have the threshold inside, with the effect on either side of it."""
    for effect, direction, side in itertools.product((20.0, -20.0), DIRECTIONS, (-1, 1)):
        given = draw(6, effect=effect, scatter=4.0, seeds_apart=4.0, direction=direction)
        half = half_width(given.differences)
        inside = round(effect + 0.3 * side * half, 3)
        threshold = abs(inside) if direction == "within" else inside
        given.plan["threshold"] = threshold
        found = _verdict(function, given)
        if found != "undecided":
            return (
                f"Predicted: {direction} {threshold:g}. Measured: {effect:g}, from "
                f"{effect - half:.3g} to {effect + half:.3g}. It says {found!r}. What else could "
                "the truth be?"
            )
    return None


def _verdict(function: Report, given: Given) -> str:
    """One of the three words."""
    found = _ask(function, given)["verdict"]
    if isinstance(found, str) and found in _VERDICTS:
        return found
    told = repr(found) if isinstance(found, str) else kind(found)
    raise UnreadableError(f"`verdict` should be one of {', '.join(_VERDICTS)}. Got {told}.")


def _few_pairs(function: Report) -> str | None:
    given = draw(
        AT_LEAST - 1, effect=20.0, scatter=0.5, seeds_apart=0.5, direction="above", threshold=10.0
    )
    found = _verdict(function, given)
    if found == "undecided":
        return None
    return f"Of {AT_LEAST - 1} pairs it says {found!r}. How many pairs may decide?"


def _diverged(function: Report) -> str | None:
    """Runs that remain were chosen by how they ended."""
    given = draw(9, effect=20.0, scatter=0.5, seeds_apart=0.5, direction="above", threshold=10.0)
    given = without(given, (0, 3), (1, 3), (1, 6), (2, 7))
    lost, found = _number(_ask(function, given), "diverged"), _verdict(function, given)
    if lost != 2:
        return f"In two of the pairs one run diverged, or both; `diverged` is {lost:g}."
    if found == "undecided":
        return None
    return (
        f"Two of nine pairs were lost, and it says {found!r}. The pairs that remain were chosen by "
        "how they ended: what may they decide?"
    )


def _stamp(function: Report) -> str | None:
    given = usual()
    if _ask(function, given)["plan"] == plan_digest(given.plan):
        return None
    return "`plan` is not the stamp of the plan that `report` is given."
