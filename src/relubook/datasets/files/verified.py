"""A file counts only if its SHA-256 is the published one; what is refused is kept aside."""

import filecmp
import hashlib
import itertools
import os
from pathlib import Path

from relubook.datasets.entry import File
from relubook.datasets.values import DatasetUnavailable

_PAGE_STARTS = (b"<!doctype html", b"<html", b"<head", b"<body")
_BLANKS = b"\xef\xbb\xbf \t\r\n"  # a byte order mark is one, too


def read_verified(file: File, folder: Path) -> bytes:
    """The bytes of a file, if they are the published ones.

    Args:
        file: What was published; without a SHA-256, any bytes but a web page's are taken.
        folder: Where it lies.

    Raises:
        DatasetUnavailable: If the file is missing, cannot be read or has another digest.
    """
    path = folder / file.name
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise DatasetUnavailable(f"{path} cannot be read ({problem.strerror}).") from problem
    if found := fault(file, content):
        raise DatasetUnavailable(f"{path} is {found}.")
    return content


def fault(file: File, content: bytes) -> str:
    """What is wrong with the bytes of a file.

    Args:
        file: What was published.
        content: What is there instead, perhaps.

    Returns:
        Words that follow upon "is"; none if nothing is wrong.
    """
    if content[:200].lstrip(_BLANKS).lower().startswith(_PAGE_STARTS):
        return "a web page, not data, and was refused"
    if not file.sha256 or (found := hashlib.sha256(content).hexdigest()) == file.sha256:
        return ""
    kind = "truncated" if len(content) < file.size else "corrupt"
    if 0 < file.size < len(content):
        kind = "too long"
    return (
        f"{kind} and was refused: SHA-256 {found} with {len(content):,} bytes, published "
        f"{file.sha256} with {file.size:,}"
    )


def set_aside(path: Path, name: str) -> Path:
    """Rename a file that was refused, so that it is neither used nor lost.

    Args:
        path: The file.
        name: What it should have been.

    Returns:
        Its new place, beside the old one: `name`.refused, or with a number if that is taken by
        other bytes.
    """
    places = (path.with_name(f"{name}.refused{n if n > 1 else ''}") for n in itertools.count(1))
    kept = next(place for place in places if not place.exists() or _are_equal(place, path))
    os.replace(path, kept)
    return kept


def _are_equal(one: Path, other: Path) -> bool:
    """Whether two files hold the same bytes."""
    return one.is_file() and other.is_file() and filecmp.cmp(one, other, shallow=False)
