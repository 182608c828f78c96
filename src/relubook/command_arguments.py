"""What was written on the command line, as the values that are meant."""

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relubook.fleets import Limits


def limits_from(networks: int | None, minutes: float | None, only: str | None) -> "Limits | None":
    """What was asked for on the command line, or None."""
    from relubook.fleets import Limits

    if networks is None and minutes is None and only is None:
        return None
    if minutes is not None and not minutes > 0:
        raise ValueError(f"The number of minutes must be above 0. Got {minutes:g}.")
    until = None if minutes is None else time.monotonic() + 60 * minutes
    return Limits(networks=networks, until=until, only=None if only is None else _range(only))


def seeds_from(text: str) -> list[int]:
    """FIRST:LAST, the last one included, or numbers with commas between."""
    parts = text.replace(" ", "").split(":" if ":" in text else ",")
    if not all(part.isdecimal() for part in parts) or (":" in text and len(parts) != 2):
        raise ValueError(f"The seeds must be FIRST:LAST or such as 3,5,8. Got {text!r}.")
    numbers = [int(part) for part in parts]
    return list(range(numbers[0], numbers[1] + 1)) if ":" in text else numbers


def _range(text: str) -> range:
    """FIRST:LAST as a range; the networks are counted from 1, the last one is included."""
    first, colon, last = text.partition(":")
    if not (colon and first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last)):
        raise ValueError(
            f"The networks to train must be FIRST:LAST, counted from 1, such as 1:50. Got {text!r}."
        )
    return range(int(first) - 1, int(last))
