"""The data and the settings of SoftplusExplorer: what they must hold."""

import math
from itertools import pairwise
from typing import Any

from relubook.widgets.sets import check_names

SHARES = ("zeros", "near_relative", "near_absolute")
OF_A_SET = (
    "name", "title", "network", "seeds", "alphas", "rate", "error", "diverged", *SHARES, "paper",
    "passport",
)  # fmt: skip
WHOSE = "of SoftplusExplorer's data must"


def check_alphas(data: dict[str, Any]) -> None:
    """Raise a ValueError that names the first thing in the data that the widget cannot draw."""
    for name in ("stops", "sets"):
        if name not in data:
            raise ValueError(f"The `data` of SoftplusExplorer must hold {name}. Got none.")
    _check_rising(data["stops"], "`stops`")
    check_names(data["sets"], "SoftplusExplorer")
    for place, each in enumerate(data["sets"]):
        _check_set(each, f"set {place}", data["stops"])


def check_stop(data: dict[str, Any], place: int) -> int:
    """Return the place of a stop of the slider, or raise a ValueError."""
    if not 0 <= place < len(data["stops"]):
        raise ValueError(
            f"The `stop_index` of SoftplusExplorer must be from 0 to {len(data['stops']) - 1}. "
            f"Got {place}."
        )
    return place


def _check_rising(alphas: Any, what: str) -> None:
    """Finite alphas from 1 up, then None for infinity."""
    finite = list(alphas[:-1])
    good = all(isinstance(alpha, int | float) and 1 <= alpha < math.inf for alpha in finite)
    if not (finite and good and alphas[-1] is None and all(a < b for a, b in pairwise(finite))):
        raise ValueError(
            f"The {what} {WHOSE} be rising numbers from 1 up, then None for infinity. "
            f"Got {list(alphas)}."
        )


def _check_set(each: dict[str, Any], what: str, stops: list[float | None]) -> None:
    if missing := [name for name in OF_A_SET if name not in each]:
        raise ValueError(f"The `{what}` {WHOSE} hold {', '.join(missing)}. Got none.")
    _check_rising(each["alphas"], f"`alphas` of {what}")
    if strange := [alpha for alpha in each["alphas"] if alpha not in stops]:
        raise ValueError(f"The `alphas` of {what} {WHOSE} be among the stops. Got {strange}.")
    for name in ("rate", "error", "diverged", *SHARES):
        if len(each[name]) != len(each["alphas"]):
            raise ValueError(
                f"The `{name}` of {what} {WHOSE} have one entry for each of "
                f"{len(each['alphas'])} alphas. Got {len(each[name])}."
            )
    if len(each["paper"]) not in (0, len(each["alphas"])):
        raise ValueError(
            f"The `paper` of {what} {WHOSE} be empty or one entry for each of "
            f"{len(each['alphas'])} alphas. Got {len(each['paper'])}."
        )
    for name in ("error", *SHARES):
        for place, networks in enumerate(each[name]):
            _check_networks(networks, f"`{name}` of {what}, alpha {place},", each, place)


def _check_networks(networks: Any, what: str, each: dict[str, Any], place: int) -> None:
    """Percent of every network that did not diverge at once."""
    wanted = each["seeds"] - each["diverged"][place]
    if len(networks) != wanted:
        raise ValueError(
            f"The {what} {WHOSE} be the {each['seeds']} seeds but for {each['diverged'][place]} "
            f"that diverged. Got {len(networks)}."
        )
    for number in networks:
        if not isinstance(number, int | float) or not 0 <= number <= 100:
            raise ValueError(f"The {what} {WHOSE} be from 0 to 100 %. Got {number}.")
