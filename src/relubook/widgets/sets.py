"""Sets of recorded networks, one a data set, of which a widget shows one at a time."""

from typing import Any


def check_names(sets: list[dict[str, Any]], widget: str) -> None:
    """Raise a ValueError unless there are sets, each with a name of its own."""
    if not sets:
        raise ValueError(f"The `sets` of {widget}'s data must be at least one. Got none.")
    names = [each.get("name") for each in sets]
    if len(set(names)) < len(names):
        raise ValueError(
            f"The `sets` of {widget}'s data must have names of their own. Got {names}."
        )


def check_shown(data: dict[str, Any], name: str, widget: str) -> str:
    """Return the name of one of the data's sets, or raise a ValueError."""
    names = [each["name"] for each in data["sets"]]
    if name not in names:
        raise ValueError(
            f"The `shown` of {widget} must be one of {', '.join(names)}. Got {name!r}."
        )
    return name
