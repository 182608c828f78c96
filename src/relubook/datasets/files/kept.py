"""Arrays that take long to make, kept in the cache folder without pickle."""

import contextlib
import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from relubook.datasets.entry import Arrays
from relubook.datasets.files import storage
from relubook.datasets.values import DatasetUnavailable

Result = TypeVar("Result")
_SAVE: Callable[..., None] = np.savez_compressed
_UNREADABLE = (
    OSError, ValueError, KeyError, EOFError, NotImplementedError, RuntimeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip


def obtain(
    name: str, key: str, make: Callable[[], Arrays], read: Callable[[Arrays], Result]
) -> Result:
    """What `read` makes of the kept arrays, or of those that `make` returns, which are then kept.

    A kept file that is not whole, or that `read` refuses, is made anew; a cache that cannot be
    written to costs time, nothing else.

    Args:
        name: The data set, and the folder in the cache.
        key: What the arrays depend on, such as a revision; other keys are other files.
        make: Makes the arrays.
        read: Turns them into what is wanted.

    Returns:
        What `read` returned.
    """
    try:
        path = storage.cache_folder() / name / f"{name}-{key}.npz"
    except DatasetUnavailable:
        return read(make())
    with contextlib.suppress(*_UNREADABLE):
        return read(_read(path))
    made = make()
    with contextlib.suppress(OSError):
        storage.write_atomically(path, lambda new: _SAVE(new, **made))
    return read(made)


def _read(path: Path) -> Arrays:
    """Every array of a file, each checked against the sum stored with it."""
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}
