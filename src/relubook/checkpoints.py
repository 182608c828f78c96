"""Saving a run so that it survives anything, and refusing what was damaged.

A checkpoint is one npz file without pickle. It is written beside the old one and then put in its
place, so that a full disk or a power cut leaves the previous state; a digest inside the file tells
damage from a good copy, and a fingerprint tells another run's checkpoint from this one's. Where a
run goes on from, the state before the last one is kept, too, in case that the last was damaged.
"""

import glob
import hashlib
import os
import tempfile
import warnings
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np

_DIGEST, _FINGERPRINT = "__digest__", "__fingerprint__"
_PREVIOUS = ".previous"


class DamagedError(ValueError):
    """A file is not what was written."""


def save(
    path: Path, arrays: Mapping[str, np.ndarray], *, fingerprint: str, keep: bool = False
) -> None:
    """Write arrays to `path`, whole or not at all.

    Args:
        path: Where the checkpoint goes; folders are made.
        arrays: Named arrays of numbers; names do not begin with two underscores.
        fingerprint: What run this is, as returned by `fingerprint`.
        keep: Whether the state that was there is kept beside, for `latest`.

    Raises:
        ValueError: If an array holds objects, which only a pickle could store.
        OSError: If it cannot be written; an older checkpoint at `path` is still there, unchanged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = {
        **arrays,
        _FINGERPRINT: np.array(fingerprint),
        _DIGEST: np.array(digest(arrays)),
    }
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **cast("dict[str, Any]", whole))
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)  # a finished chunk may be another's to gather
        if keep and path.exists():
            os.replace(path, previous(path))
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def load(path: Path, *, fingerprint: str) -> dict[str, np.ndarray]:
    """Read a checkpoint back after checking that it is whole and belongs to this run.

    Args:
        path: A file written by `save`.
        fingerprint: What run asks for it.

    Returns:
        The arrays, by name.

    Raises:
        FileNotFoundError: If there is none.
        DamagedError: If the file is damaged.
        ValueError: If it was made by another run.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            whole = dict(file)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise DamagedError(_damaged(path, str(error))) from error
    theirs, checksum = str(whole.pop(_FINGERPRINT, "")), str(whole.pop(_DIGEST, ""))
    if checksum != digest(whole):
        raise DamagedError(_damaged(path, "its digest does not match its contents"))
    if theirs != fingerprint:
        raise ValueError(
            f"The checkpoint {path} belongs to another run (other settings or data). "
            "Delete it to start anew, or give this run a path of its own."
        )
    return whole


def latest(path: Path, *, fingerprint: str) -> dict[str, np.ndarray] | None:
    """The last state of a run, or the one before if the last is damaged; None if there is none.

    What a process that was killed while it wrote has left is swept away: it can be gigabytes.

    Args:
        path: A file written by `save`, with `keep`.
        fingerprint: What run asks for it.

    Raises:
        DamagedError: If no whole state is left.
        ValueError: If the state is another run's.
    """
    for unfinished in path.parent.glob(f".{glob.escape(path.name)}.*"):
        unfinished.unlink(missing_ok=True)
    problem = None
    for place in (path, previous(path)):
        try:
            arrays = load(place, fingerprint=fingerprint)
        except FileNotFoundError:
            continue
        except DamagedError as error:
            problem = problem or error
            continue
        if problem is not None:
            warnings.warn(
                f"The checkpoint {path} is damaged: going on from the one before it.",
                RuntimeWarning,
                stacklevel=2,
            )
        return arrays
    if problem is not None:
        raise problem
    return None


def previous(path: Path) -> Path:
    """Where the state before the last one is kept."""
    return path.with_name(f"{path.stem}{_PREVIOUS}{path.suffix}")


def forget(path: Path) -> None:
    """Delete a run's last state and the one before."""
    path.unlink(missing_ok=True)
    previous(path).unlink(missing_ok=True)


def remembered(
    path: Path | None, make: Callable[[], Mapping[str, np.ndarray]], *parts: object
) -> dict[str, np.ndarray]:
    """What `make` gives, from the file that an earlier run left, or left there for a later one.

    Args:
        path: The file; None keeps nothing.
        make: Works it out.
        parts: Everything that decides it, as for `fingerprint`.

    Raises:
        ValueError: If the file is damaged, or another run's.
    """
    if path is None:
        return dict(make())
    name = fingerprint(*parts)
    if path.exists():
        return load(path, fingerprint=name)
    made = dict(make())
    save(path, made, fingerprint=name)
    return made


def of_run(folder: Path, stem: str) -> list[Path]:
    """What a run that was cut has left: its files, and the folder of its chunks.

    Args:
        folder: Where checkpoints are kept.
        stem: With what the run's names begin, such as `figure-3.laptop.mnist`.
    """
    files = [
        *folder.glob(f"{glob.escape(stem)}.*.npz"),
        *folder.glob(f".{glob.escape(stem)}.*.npz.*"),  # written by a process that was killed
    ]
    own = (path for path in (folder / stem, folder / f"{stem}.npz") if path.exists())
    return [*own, *files]


def fingerprint(*parts: object) -> str:
    """A short name for a run: the digest of everything that decides its result.

    Args:
        parts: Values whose `repr` tells them apart; arrays are told apart by their contents.
    """
    sha = hashlib.sha256()
    for part in parts:
        sha.update(digest({"": part}).encode() if isinstance(part, np.ndarray) else b"")
        sha.update(repr(part).encode() + b"\0")
    return sha.hexdigest()[:32]


def digest(arrays: Mapping[str, np.ndarray]) -> str:
    """SHA-256 over the names, types, shapes and bytes of some arrays.

    Raises:
        ValueError: If an array holds objects, which have no bytes of their own.
    """
    sha = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        if array.dtype.hasobject:
            raise ValueError(f"The array `{name}` must hold plain numbers. Got objects.")
        sha.update(f"{name}\0{array.dtype.str}\0{array.shape}\0".encode())
        sha.update(array.reshape(-1).view(np.uint8).data)
    return sha.hexdigest()


def _damaged(path: Path, reason: str) -> str:
    """One sentence about a broken file and what to do."""
    return f"The checkpoint {path} is damaged: {reason}. Delete it to start anew."
