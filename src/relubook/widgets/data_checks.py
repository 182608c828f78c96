"""What data of a page must hold, whichever widget they are for."""

import base64
import binascii
import math
from collections.abc import Sequence
from typing import Any


def check_keys(found: Any, needed: Sequence[str], what: str) -> None:
    """Raise ValueError if `what` lacks a key."""
    if missing := [key for key in needed if key not in found]:
        raise ValueError(f"The {what} must hold {', '.join(missing)}. Got none.")


def check_bytes(text: Any, count: int, what: str) -> None:
    """Raise ValueError unless a text is base64 of so many bytes."""
    try:
        size = len(base64.b64decode(text, validate=True))
    except (binascii.Error, TypeError, ValueError) as problem:
        raise ValueError(f"The {what} must be base64. {problem}.") from None
    if size != count:
        raise ValueError(f"The {what} must be {count} bytes. Got {size}.")


def check_numbers(
    values: Sequence[Any], count: int, what: str, *, least: float = -math.inf
) -> None:
    """Raise ValueError unless there are so many finite numbers, none below the `least`."""
    if len(values) != count:
        raise ValueError(f"The {what} must be {count} numbers. Got {len(values)}.")
    for value in values:
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or value < least:
            limits = "finite" if least == -math.inf else f"finite and at least {least:g}"
            raise ValueError(f"The {what} must be {limits}. Got {value}.")
