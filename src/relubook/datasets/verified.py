"""A file counts only if its SHA-256 is the published one."""

import hashlib
from pathlib import Path

from relubook.datasets.entry import File
from relubook.datasets.values import DatasetUnavailable


def read_verified(file: File, folder: Path) -> bytes:
    """The bytes of a file, if they are the published ones.

    Raises:
        DatasetUnavailable: If the file is missing, cannot be read or has another digest.
    """
    path = folder / file.name
    try:
        content = path.read_bytes()
    except OSError as problem:
        raise DatasetUnavailable(f"{path} cannot be read ({problem.strerror}).") from problem
    found = hashlib.sha256(content).hexdigest()
    if file.sha256 and found != file.sha256:
        kind = "truncated" if len(content) < file.size else "corrupt"
        raise DatasetUnavailable(
            f"{path} is {kind} and was refused: SHA-256 {found} with {len(content):,} bytes, "
            f"published {file.sha256} with {file.size:,}."
        )
    return content
