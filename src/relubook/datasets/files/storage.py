"""Where the files of a data set are: a mirror folder, the user's cache, or on the web.

Whatever the place, a file counts only if its SHA-256 is the published one, and the bytes that were
checked are the bytes that are used.
"""

import contextlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from relubook.datasets.entry import Edition, Parts
from relubook.datasets.files import download
from relubook.datasets.files.verified import read_verified
from relubook.datasets.values import DatasetUnavailable


@dataclass(frozen=True, kw_only=True)
class Obtained:
    """A data set read from verified files.

    Attributes:
        source: One of `PLACES`.
        folder: Where the files lie.
        edition: The form they have.
        parts: What they hold.
    """

    source: str
    folder: Path
    edition: Edition
    parts: Parts


def obtain(
    name: str,
    editions: tuple[Edition, ...],
    *,
    places: tuple[str, ...],
    root: Path | str | None = None,
    progress: bool = True,
) -> Obtained:
    """Find or fetch the files of a data set, verify every one, and read them.

    Args:
        name: The data set, which is also the name of its folder.
        editions: The forms its files exist in.
        places: Those of `PLACES` to try, in this order.
        root: The mirror folder; by default the environment variable RELUBOOK_DATA.
        progress: Show a bar while downloading.

    Returns:
        What the files hold, and where they came from.

    Raises:
        DatasetUnavailable: If no place has all files of an edition intact; the text lists what was
            tried.
    """
    tried = []
    for place in places:
        try:
            folder = _folder(place, name, root)
            if place == "download":
                edition = next(edition for edition in editions if edition.downloadable)
                parts = _downloaded(edition, folder, progress)
            else:
                edition, parts = _found(editions, folder)
            return Obtained(source=place, folder=folder, edition=edition, parts=parts)
        except DatasetUnavailable as problem:
            tried.append(f"- {place}: {problem}")
    raise DatasetUnavailable("\n".join(tried))


def _found(editions: tuple[Edition, ...], folder: Path) -> tuple[Edition, Parts]:
    """The first edition that a folder has intact, and what it holds."""
    first, *others = _by_presence(editions, folder)
    try:
        return first, _read(first, folder)
    except DatasetUnavailable as problem:
        for edition in others:
            with contextlib.suppress(DatasetUnavailable):
                return edition, _read(edition, folder)
        raise problem from None


def _by_presence(editions: tuple[Edition, ...], folder: Path) -> list[Edition]:
    """The editions of which a folder has all or most files first."""
    present = [
        sum((folder / file.name).exists() for file in edition.files) / len(edition.files)
        for edition in editions
    ]
    order = sorted(range(len(editions)), key=lambda place: -present[place])
    return [editions[place] for place in order]


def _read(edition: Edition, folder: Path) -> Parts:
    """What verified files hold, if it is what they should hold."""
    contents = {file.name: read_verified(file, folder) for file in edition.files}
    try:
        return edition.read(contents)
    except ValueError as problem:
        raise DatasetUnavailable(f"{folder} was refused. {problem}") from problem


def _downloaded(edition: Edition, folder: Path, progress: bool) -> Parts:
    """What the files hold once they are fetched.

    A file without a published digest shows only when it is read whether it is whole. One that lay
    there already and is not gets a second chance.
    """
    fetched = download.fetch_all(edition.files, folder, progress=progress)
    unsure = [f for f in edition.files if not f.sha256 and f.name not in fetched]
    before = {file.name: read_verified(file, folder) for file in unsure}
    try:
        return _read(edition, folder)
    except DatasetUnavailable:
        if not before:
            raise
    download.fetch_all(edition.files, folder, progress=progress, refused=before)
    return _read(edition, folder)


def locate(name: str, editions: tuple[Edition, ...], root: Path | str | None = None) -> str:
    """Where the files seem to be, judged by their sizes: for a list, not for loading.

    Args:
        name: The data set.
        editions: The forms its files exist in.
        root: The mirror folder, as in `obtain`.

    Returns:
        A short text such as "cache /home/me/.cache/relubook/mnist".
    """
    for place in ("mirror", "cache"):
        try:
            folder = _folder(place, name, root)
        except DatasetUnavailable:
            continue
        files = _by_presence(editions, folder)[0].files
        if all(_seems_whole(folder / file.name, file.size) for file in files):
            return f"{place} {folder}"
    return "not here yet"


def cache_folder() -> Path:
    """The folder for downloads: RELUBOOK_CACHE, or the place your system keeps caches in.

    Raises:
        DatasetUnavailable: If RELUBOOK_CACHE is not set and pooch, which knows the place, is not
            installed.
    """
    if chosen := os.environ.get("RELUBOOK_CACHE"):
        return Path(chosen).expanduser()
    return Path(download.pooch().os_cache("relubook"))


def write_atomically(path: Path, write: Callable[[Path], object]) -> None:
    """Let `write` fill a new file, then put it in place at once, so that no reader sees half of it.

    Args:
        path: The final place.
        write: Fills the path it is given.

    Raises:
        OSError: If the folder cannot be written to; nothing is left behind then.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem, suffix=path.suffix)
    os.close(handle)
    try:
        write(Path(name))
        os.chmod(name, 0o644)  # a temporary file is nobody else's to read
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)


def _folder(place: str, name: str, root: Path | str | None) -> Path:
    """The folder in which one place keeps this data set."""
    if place != "mirror":
        return cache_folder() / name
    mirror = root or os.environ.get("RELUBOOK_DATA")
    if not mirror:
        raise DatasetUnavailable("no folder was named (`root`, or RELUBOOK_DATA).")
    return Path(mirror).expanduser() / name


def _seems_whole(path: Path, size: int) -> bool:
    """Whether a file is there, and of that size [bytes] if it is known."""
    try:
        found = path.stat().st_size
    except OSError:
        return False
    return found == size if size else found > 0
