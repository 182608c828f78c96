"""Where the files of a data set are: a mirror folder, the user's cache, or on the web.

Whatever the place, a file counts only if its SHA-256 is the published one, and the bytes that were
checked are the bytes that are used.
"""

import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from relubook.datasets.progress import DownloadBar
from relubook.datasets.values import DatasetUnavailable

PLACES = ("mirror", "cache", "download")


@dataclass(frozen=True, kw_only=True)
class File:
    """One published file.

    Attributes:
        name: Its name in the data set's folder.
        sha256: Its published digest.
        size: Its length [bytes].
        urls: Where it can be had, in the order of trying.
    """

    name: str
    sha256: str
    size: int
    urls: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Obtained:
    """The verified files of a data set, read into memory.

    Attributes:
        source: One of `PLACES`.
        folder: Where they lie.
        contents: The bytes of each file, by its name.
    """

    source: str
    folder: Path
    contents: Mapping[str, bytes]


def obtain(
    name: str,
    files: tuple[File, ...],
    *,
    source: str = "auto",
    root: Path | str | None = None,
    progress: bool = True,
) -> Obtained:
    """Find or fetch the files of a data set, and verify every one.

    Args:
        name: The data set, which is also the name of its folder.
        files: What it consists of.
        source: One of `PLACES`, or "auto" to try them in that order.
        root: The mirror folder; by default the environment variable RELUBOOK_DATA.
        progress: Show a bar while downloading.

    Returns:
        The files' contents and where they came from.

    Raises:
        DatasetUnavailable: If no place has all files intact; the text lists what was tried.
    """
    tried = []
    for place in PLACES if source == "auto" else (source,):
        try:
            folder = _folder(place, name, root)
            if place == "download":
                _download(files, folder, progress)
            contents = {file.name: read_verified(file, folder) for file in files}
            return Obtained(source=place, folder=folder, contents=contents)
        except DatasetUnavailable as problem:
            tried.append(f"- {place}: {problem}")
    raise DatasetUnavailable("\n".join(tried))


def locate(name: str, files: tuple[File, ...], root: Path | str | None = None) -> str:
    """Where the files seem to be, judged by their sizes: for a list, not for loading.

    Args:
        name: The data set.
        files: What it consists of.
        root: The mirror folder, as in `obtain`.

    Returns:
        A short text such as "cache /home/me/.cache/relubook/mnist".
    """
    for place in ("mirror", "cache"):
        try:
            folder = _folder(place, name, root)
        except DatasetUnavailable:
            continue
        if all(_size(folder / file.name) == file.size for file in files):
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
    return Path(_pooch().os_cache("relubook"))


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
    if found != file.sha256:
        kind = "truncated" if len(content) < file.size else "corrupt"
        raise DatasetUnavailable(
            f"{path} is {kind} and was refused: SHA-256 {found} with {len(content):,} bytes, "
            f"published {file.sha256} with {file.size:,}."
        )
    return content


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


def _download(files: tuple[File, ...], folder: Path, progress: bool) -> None:
    """Fetch into the cache whatever is not there intact."""
    _require_writable(folder)
    for file in files:
        try:
            read_verified(file, folder)
        except DatasetUnavailable:
            _fetch(file, folder, progress)


def _fetch(file: File, folder: Path, progress: bool) -> None:
    """Fetch one file from the first address that serves the published bytes.

    pooch writes beside the final place, verifies, and renames: an interrupted or second process
    does no harm.
    """
    pooch = _pooch()
    pooch.get_logger().setLevel(logging.ERROR)
    problems = []
    for url in file.urls:
        with DownloadBar(file.name, shown=progress) as bar:
            downloader = pooch.HTTPDownloader(progressbar=bar, chunk_size=1 << 16)
            try:
                pooch.retrieve(
                    url, file.sha256, fname=file.name, path=folder, downloader=downloader
                )
                return
            except (OSError, ValueError) as problem:
                problems.append(f"{url}: {_in_short(problem)}")
    raise DatasetUnavailable("; ".join(problems))


def _in_short(problem: Exception) -> str:
    """The cause of an exception, which a network library wraps in many words."""
    text = " ".join(str(problem).split()).rpartition("Caused by ")[-1]
    return f"{type(problem).__name__}: {text[:160]}{'…' if len(text) > 160 else ''}"


def _require_writable(folder: Path) -> None:
    """Raise a helpful sentence if downloads could not be stored."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise DatasetUnavailable(
            f"the cache folder {folder} cannot be written to ({problem.strerror}). Set the "
            "environment variable RELUBOOK_CACHE to a folder of yours."
        ) from problem


def _pooch() -> ModuleType:
    """The module pooch, which only downloads need."""
    try:
        import pooch
    except ImportError as problem:
        raise DatasetUnavailable(
            "downloading needs the package pooch (pip install pooch)."
        ) from problem
    return pooch


def _size(path: Path) -> int | None:
    """The length of a file [bytes], None if it is not there."""
    try:
        return path.stat().st_size
    except OSError:
        return None
