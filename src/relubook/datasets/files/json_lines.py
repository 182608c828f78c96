"""Records written one a line, as JSON."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

Field = TypeVar("Field")


def records(content: bytes, *, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every record of a file, with words that say where it stands.

    Args:
        content: UTF-8, one JSON object a line; blank lines are passed over.
        name: The file's name, for the error messages.

    Yields:
        ("line 3 of train.jsonl.xz", the object).

    Raises:
        ValueError: If there is no line, or one is not UTF-8, or no JSON object.
    """
    lines = [(n, line) for n, line in enumerate(content.split(b"\n"), start=1) if line.strip()]
    if not lines:
        raise ValueError(f"The file {name} must hold one JSON object a line. It is empty.")
    for number, line in lines:
        where = f"line {number} of {name}"
        yield where, _object(unicode(line, where), where)


def unicode(content: bytes, where: str) -> str:
    """The text that bytes stand for.

    Args:
        content: UTF-8.
        where: What they are, for the error message.

    Raises:
        ValueError: If they are not UTF-8.
    """
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        byte = content[problem.start]
        raise ValueError(
            f"Text must be UTF-8 in {where}. Got the byte {byte:02x} at position {problem.start}."
        ) from None


def field(
    record: Mapping[str, Any],
    key: str,
    where: str,
    *,
    expected: str,
    valid: Callable[[Any], bool],
) -> Any:
    """A field of a record, if it is what it should be.

    Args:
        record: A JSON object.
        key: Its name.
        where: The record's place, for the error messages.
        expected: What it should be, in words.
        valid: Whether a value is that.

    Returns:
        The value.

    Raises:
        ValueError: If the record has no such key, or another value.
    """
    if key not in record:
        raise ValueError(f"There must be the key {key!r} in {where}. Got {sorted(record)}.")
    value = record[key]
    if not valid(value):
        raise ValueError(f"The {key} in {where} must be {expected}. Got {str(value)[:40]!r}.")
    return value


def text(record: Mapping[str, Any], key: str, where: str) -> str:
    """A field that is text, as `field` finds it.

    Args:
        record: A JSON object.
        key: Its name.
        where: The record's place, for the error messages.

    Returns:
        The text.

    Raises:
        ValueError: If the record has no such key, or it is no text that UTF-8 can write.
    """
    return field(record, key, where, expected="text that UTF-8 can write", valid=_is_text)


def _is_text(value: Any) -> bool:
    """Whether it is text, of characters that UTF-8 can write: JSON may hold halves of some."""
    try:
        return isinstance(value, str) and value.encode() is not None
    except UnicodeEncodeError:
        return False


def _object(line: str, where: str) -> dict[str, Any]:
    """The JSON object that a line holds."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as problem:
        reason = getattr(problem, "msg", "it is nested too deep")
        raise ValueError(f"There must be a JSON object in {where}. {reason}.") from None
    if not isinstance(record, dict):
        raise ValueError(f"There must be a JSON object in {where}. Got a {type(record).__name__}.")
    return record
