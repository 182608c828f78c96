"""Checks of the replication's plan: what is promised before anything is measured, and its stamp."""

import datetime
import math
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from relubook.checks import Outcome, run_cases
from relubook.checks.replication_reading import (
    UnreadableError,
    case,
    kind,
    plan_digest,
    promised,
    quiet,
    swapped,
)
from relubook.claims import CLAIMS

DIRECTIONS = ("above", "below", "within")
AT_LEAST = 5  # seeds: with fewer the book leaves every claim undecided
SEED_LIMIT = 2**31
EXAMPLE: Mapping[str, Any] = {
    "claim": "rectifier-leads-unpretrained",
    "prediction": "After three epochs on 3,000 digits, rectifier networks misread fewer "
    "test digits than tanh networks, by more than half a point.",
    "metric": "test error after the last epoch [%]",
    "conditions": ["rectifier", "tanh"],
    "direction": "below",
    "threshold": -0.5,
    "seeds": [101, 102, 103, 104, 105, 106],
    "against": "The whole interval of rectifier minus tanh lies above -0.5 points.",
    "stated": "2026-11-02",
}
_WHOLE_SENTENCE, _SHORT_NAME = 6, 2  # words
_COPIED = "This is the example of the text. What do you want to know, and why?"


def check_choice(plan: object) -> Outcome:
    """Check what a function `plan()` promises to compare, and by which rule.

    Args:
        plan: Takes nothing and returns a dictionary with the fields of `EXAMPLE`.

    Returns:
        What was found.
    """
    tests = (_fields, _own, _claim, _conditions, _direction, _threshold, _words, _date)
    return run_cases(plan, [case(test) for test in tests])


def check_seeds(plan: object) -> Outcome:
    """Check that `plan()` names at least 5 different seeds, one by one."""
    return run_cases(plan, [case(_own), case(_seeds)])


def check_stamp(plan: object, stamp: object) -> Outcome:
    """Check that `stamp()` returns the digest that `plan()` has, written down and not worked out.

    Args:
        plan: As for `check_choice`.
        stamp: Takes nothing and returns 16 characters.

    Returns:
        What was found. As long as nothing is written down, the message tells the stamp.
    """

    def closed(function: Callable[..., object]) -> str | None:
        digest = _digest(promised(function))
        if digest is None:
            return "No stamp can be made of this plan: it must hold words, numbers and lists."
        told = _told(stamp)
        if told is None:
            return (
                f"The plan is still open. Its stamp is {digest}. Is the plan final? Then let "
                "`stamp` return these characters, and send them to your course before you measure."
            )
        if told == digest:
            return _worked_out(function, stamp, told)
        return (
            f"`stamp` returns {told!r}, but the plan that stands here has the stamp {digest!r}: it "
            "was changed after it was closed. Put back what you had promised. Or close the new "
            "plan, measure again from the start, and tell in question 6 what you changed and why."
        )

    return run_cases(plan, [case(_own), case(closed)])


def _fields(plan: Callable[..., object]) -> str | None:
    """Every field, and no other."""
    try:
        found = promised(plan)
    except UnreadableError as problem:
        return str(problem)
    missing = [name for name in EXAMPLE if name not in found]
    if missing:
        return f"The plan says nothing about {_listed(missing)}."
    more = [name for name in found if name not in EXAMPLE]
    if more:
        return f"The plan has a field {_listed(more)}, which was not asked for. Is it misspelled?"
    return None


def _own(plan: Callable[..., object]) -> str | None:
    """Whether it is the example; what cannot be read is told by other cases."""
    found = promised(plan)
    same = [name for name in EXAMPLE if found.get(name) == EXAMPLE[name]]
    return _COPIED if len(same) >= len(EXAMPLE) - 1 else None


def _claim(plan: Callable[..., object]) -> str | None:
    name = promised(plan).get("claim")
    if isinstance(name, str) and name in CLAIMS:
        return None
    near = get_close_matches(str(name), CLAIMS, n=1, cutoff=0.5)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    return f"There is no claim {name!r} in the book.{hint} `about` lists those of a chapter."


def _conditions(plan: Callable[..., object]) -> str | None:
    found = promised(plan).get("conditions")
    if not isinstance(found, list) or not all(isinstance(name, str) and name for name in found):
        return "`conditions` should be a list of names, none of them empty."
    if len(set(found)) < len(found):
        return "Two conditions have the same name."
    if len(found) < 2:
        return "With one condition there is nothing to compare. Against what do you measure?"
    return None


def _direction(plan: Callable[..., object]) -> str | None:
    found = promised(plan).get("direction")
    if isinstance(found, str) and found in DIRECTIONS:
        return None
    return (
        f"`direction` should be one of {_listed(DIRECTIONS)}. Got {found!r}. If every result "
        "could be called a success, nothing was predicted."
    )


def _threshold(plan: Callable[..., object]) -> str | None:
    planned = promised(plan)
    found = planned.get("threshold")
    if not isinstance(found, (int, float)) or isinstance(found, bool):
        return f"`threshold` should be one number. Got {kind(found)}."
    if not math.isfinite(found):
        return f"A threshold of {found} decides nothing: no measurement could lie on its far side."
    if planned.get("direction") == "within" and found <= 0:
        return "With the direction 'within', the threshold is how far from 0 is still near: above 0"
    return None


def _words(plan: Callable[..., object]) -> str | None:
    planned = promised(plan)
    least = {"prediction": _WHOLE_SENTENCE, "against": _WHOLE_SENTENCE, "metric": _SHORT_NAME}
    for name, count in least.items():
        found = planned.get(name)
        if not isinstance(found, str) or len(set(found.split())) < count:
            return f"`{name}` says too little: at least {count} different words."
        if name != "metric" and found.strip() == EXAMPLE[name]:
            return f"`{name}` is that of the example."
    if planned["prediction"].strip() == planned["against"].strip():
        return "The same sentence stands for the prediction and for what would count against it."
    return None


def _date(plan: Callable[..., object]) -> str | None:
    found = promised(plan).get("stated")
    try:
        day = datetime.date.fromisoformat(found) if isinstance(found, str) else None
    except ValueError:
        day = None
    if day is None:
        return f"`stated` should be the day of the plan, such as '2026-11-02'. Got {found!r}."
    # It may be tomorrow already where the student is.
    today = datetime.datetime.now(datetime.UTC).date()
    if day > today + datetime.timedelta(days=1):
        return f"The plan was stated on {found}. That day has not come yet."
    return None


def _seeds(plan: Callable[..., object]) -> str | None:
    found = promised(plan).get("seeds")
    if not isinstance(found, list):
        return f"`seeds` should be a list in which each seed is named. Got {kind(found)}."
    if not all(type(seed) is int and 0 <= seed < SEED_LIMIT for seed in found):
        return "Each seed should be a plain whole number, from 0 on and below 2 to the 31st."
    if len(set(found)) < len(found):
        return "A seed is named twice. The same seed again is the same run, not one more."
    if len(found) < AT_LEAST:
        return (
            f"There are {len(found)} seeds, too few: from fewer than {AT_LEAST} networks the book "
            "decides nothing. What do so few tell about the next one?"
        )
    return None


def _told(stamp: object) -> str | None:
    """What is written down, or None."""
    try:
        with quiet():
            found = stamp() if callable(stamp) else stamp
    except NotImplementedError:
        return None
    return None if found is None or found is Ellipsis else str(found).strip()


def _worked_out(plan: Callable[..., object], stamp: object, told: str) -> str | None:
    """Whether the stamp would follow any change of the plan."""
    digest = getattr(stamp, "__globals__", {}).get("plan_digest")

    def other() -> dict[str, object]:
        return {**promised(plan), "stated": "another day"}

    with swapped(stamp, plan, other), swapped(stamp, digest, lambda _: "another stamp"):
        try:
            kept = _told(stamp) == told
        except Exception:
            kept = False
    if kept:
        return None
    return (
        "`stamp` works the stamp out from the plan, so it would follow whatever you change later. "
        "Write the characters down."
    )


def _listed(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _digest(plan: dict[str, Any]) -> str | None:
    try:
        return plan_digest(plan)
    except TypeError:
        return None
