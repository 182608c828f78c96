"""Results with their provenance: the only way numbers reach the book.

A record is two files of one stem, `NAME.SCALE.DATA`: a JSON passport that says where the numbers
come from, and an npz of plain arrays without pickle. Records ship with the package.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import numpy as np

from relubook import checkpoints

FORMAT = 1
SHIPPED = Path(__file__).parent / "data"
_FIELDS = {
    "format", "experiment", "scale", "data", "digest", "config", "passport", "arrays_sha256",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Record:
    """One experiment's result and everything needed to make it again.

    Attributes:
        experiment: Its name, such as `figure-3`.
        scale: `smoke`, `laptop` or `paper`.
        data: The data set's name.
        digest: Of the configuration, the data and the experiment's revision; see `digest`.
        config: The configuration as plain values.
        passport: Version, commit, command, start, wall time, device, versions, data, seeds.
        arrays: The result, with the axes that the experiment documents.
    """

    experiment: str
    scale: str
    data: str
    digest: str
    config: dict[str, Any]
    passport: dict[str, Any]
    arrays: dict[str, np.ndarray]

    @property
    def stem(self) -> str:
        """The file name without its ending."""
        return f"{self.experiment}.{self.scale}.{self.data}"


def digest(config: Mapping[str, Any], data_sha256: str, revision: int) -> str:
    """What decides a record's numbers, in 16 characters; when it changes, the record is stale.

    Args:
        config: The configuration as plain values.
        data_sha256: Of the data that were used.
        revision: The experiment's own, raised by hand when its results may change.
    """
    text = json.dumps([config, data_sha256, revision], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def save(record: Record, folder: Path) -> Path:
    """Write a record's two files, the JSON last, each whole or not at all.

    Returns:
        The path of the JSON file.

    Raises:
        OSError: If the folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    head = {name: getattr(record, name) for name in ("experiment", "scale", "data", "digest")}
    whole = {
        "format": FORMAT,
        **head,
        "config": record.config,
        "passport": record.passport,
        "arrays_sha256": checkpoints.digest(record.arrays),
    }
    path = folder / f"{record.stem}.json"
    _replace(path.with_suffix(".npz"), record.arrays)
    _replace(path, json.dumps(whole, indent=1, sort_keys=True) + "\n")
    return path


def load(experiment: str, *, scale: str, data: str, folder: Path = SHIPPED) -> Record:
    """Read one record.

    Args:
        experiment: Its name.
        scale: `smoke`, `laptop` or `paper`.
        data: The data set's name.
        folder: Where to look; the records that ship with the package unless told otherwise.

    Raises:
        LookupError: If there is no such record; the nearest are named.
        ValueError: If it is damaged, or written in a newer format.
    """
    stem = f"{experiment}.{scale}.{data}"
    path = folder / f"{stem}.json"
    if not path.exists():
        near = get_close_matches(stem, stems(folder), n=3, cutoff=0.3)
        hint = f"The nearest are: {', '.join(near)}." if near else f"{folder} holds none."
        raise LookupError(f"There is no record {stem}. {hint}")
    return read(path)


def read(path: Path) -> Record:
    """Read a record from the JSON file that `save` wrote; its arrays lie beside it.

    Raises:
        FileNotFoundError: If one of the two files is not there.
        ValueError: If it is damaged, no record, or written in a newer format.
    """
    stem = path.stem
    try:
        head = json.loads(path.read_text("utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError):
        raise ValueError(f"{path} is no record: it is not JSON.") from None
    if not isinstance(head, dict) or not set(head) >= _FIELDS:
        raise ValueError(f"{path} is no record: a record has {', '.join(sorted(_FIELDS))}.")
    if head.pop("format") > FORMAT:
        raise ValueError(
            f"The record {stem} has a newer format than this relubook reads ({FORMAT}). "
            "Install a newer relubook."
        )
    checksum = head.pop("arrays_sha256")
    with np.load(path.with_suffix(".npz"), allow_pickle=False) as file:
        arrays = dict(file)
    if checkpoints.digest(arrays) != checksum:
        raise ValueError(f"The record {stem} is damaged: its arrays do not match its passport.")
    return Record(**head, arrays=arrays)


def stems(folder: Path = SHIPPED) -> list[str]:
    """The names of all records in a folder."""
    return sorted(path.stem for path in folder.glob("*.json"))


def _replace(path: Path, content: str | Mapping[str, np.ndarray]) -> None:
    """Write a file beside the old one, then put it in its place."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            if isinstance(content, str):
                file.write(content.encode())
            else:
                np.savez_compressed(file, **cast("dict[str, Any]", content))
        Path(name).chmod(0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
