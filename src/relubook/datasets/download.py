"""Files from the web, into a folder, verified."""

import logging
import tempfile
from pathlib import Path
from types import ModuleType

from relubook.datasets.entry import File
from relubook.datasets.progress import DownloadBar
from relubook.datasets.values import DatasetUnavailable
from relubook.datasets.verified import read_verified


def fetch_all(files: tuple[File, ...], folder: Path, *, progress: bool) -> None:
    """Fetch into a folder whatever is not there intact.

    Args:
        files: Published files.
        folder: Where they belong.
        progress: Show a bar on standard error.

    Raises:
        DatasetUnavailable: If a file cannot be had from any of its addresses.
    """
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
    library = pooch()
    library.get_logger().setLevel(logging.ERROR)
    problems = []
    for url in file.urls:
        with DownloadBar(file.name, shown=progress) as bar:
            downloader = library.HTTPDownloader(progressbar=bar, chunk_size=1 << 16)
            try:
                library.retrieve(
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


def pooch() -> ModuleType:
    """The module pooch, which only downloads need."""
    try:
        import pooch
    except ImportError as problem:
        raise DatasetUnavailable(
            "downloading needs the package pooch (pip install pooch)."
        ) from problem
    return pooch
