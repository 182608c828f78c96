"""Files from the web, into a folder, verified.

A download grows in NAME.part, which a later attempt continues, whether the connection broke off or
the process was killed. A lock file lets one process fetch a file while others wait for it.
"""

import errno
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

from relubook.datasets.entry import File
from relubook.datasets.files.decompression import gunzip
from relubook.datasets.files.progress import DownloadBar
from relubook.datasets.files.transfer import TransferFailed, Transferred, size_of, transfer
from relubook.datasets.files.verified import fault, read_verified, set_aside
from relubook.datasets.values import DatasetUnavailable

_GLANCE = 0.2  # between looks at how far another process is [s]
_PATIENCE = 300.0  # with another process whose download does not grow [s]
_GZIP_START = b"\x1f\x8b"
_LARGEST = 1 << 30  # of a file of unknown size that came packed [bytes]
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def fetch_all(
    files: tuple[File, ...],
    folder: Path,
    *,
    progress: bool,
    refused: Mapping[str, bytes] | None = None,
) -> set[str]:
    """Fetch into a folder whatever is not there intact.

    Args:
        files: Published files.
        folder: Where they belong.
        progress: Show a bar on standard error.
        refused: Contents, by file name, that turned out not to be what they should be.

    Returns:
        The names of the files that were not there intact.

    Raises:
        DatasetUnavailable: If a file cannot be had from any of its addresses, or not be stored.
    """
    known = refused or {}
    missing = [file for file in files if not _is_intact(file, folder, known)]
    if missing:
        _require_writable(folder)
        _require_room(missing, folder)
    for file in missing:
        with _storing(folder, file.size):
            _fetch(file, folder, progress, known)
    return {file.name for file in missing}


def _is_intact(file: File, folder: Path, refused: Mapping[str, bytes]) -> bool:
    """Whether a file is there, and neither its digest nor its reader has refused it."""
    try:
        return read_verified(file, folder) != refused.get(file.name)
    except DatasetUnavailable:
        return False


def _fetch(file: File, folder: Path, progress: bool, refused: Mapping[str, bytes]) -> None:
    """Fetch one file from the first address that serves the published bytes."""
    library = pooch()
    library.get_logger().setLevel(logging.ERROR)
    path = folder / file.name
    problems = []
    with DownloadBar(file.name, shown=progress) as bar, _locked(path, bar):
        if _is_intact(file, folder, refused):
            bar.show(size_of(path), size_of(path), note="another process fetched it")
            return
        if path.exists():
            set_aside(path, path.name)
        for url in file.urls:
            try:
                library.retrieve(
                    url,
                    file.sha256 or None,
                    fname=file.name,
                    path=folder,
                    downloader=_Downloader(file, path, bar),
                )
                return
            except TransferFailed as problem:
                problems.append(f"\n  {url} {problem}.")
    raise DatasetUnavailable(f"{file.name} could not be fetched:{''.join(problems)}{_kept(path)}")


def _kept(path: Path) -> str:
    """A line on what is there of a file that could not be fetched, if anything is."""
    part = path.with_name(f"{path.name}.part")
    if not size_of(part):
        return ""
    return f"\n  What came of it, {size_of(part):,} bytes, is kept and will be continued."


class _Downloader:
    """What pooch calls to fill a file: continues the part, verifies it and hands it over."""

    def __init__(self, file: File, path: Path, bar: DownloadBar) -> None:
        self._file, self._bar = file, bar
        self._part = path.with_name(f"{path.name}.part")

    def __call__(self, url: str, output: str, _: object) -> None:
        """Fetch the file into `output`, or keep aside what came instead of it."""
        os.unlink(output)  # pooch's empty file, which would stay behind if this process were killed
        if not self._is_whole():
            came = self._transfer(url)
            if (found := self._fault(came)) and came.continued:
                set_aside(self._part, self._file.name)
                found = self._fault(self._transfer(url))
            if found:
                kept = set_aside(self._part, self._file.name)
                raise TransferFailed(f"sent a file that is {found}. It was kept as {kept}")
        os.replace(self._part, output)

    def _is_whole(self) -> bool:
        """Whether the part was finished before, and only not yet put in its place."""
        complete = self._file.sha256 and size_of(self._part) == self._file.size
        return bool(complete) and not fault(self._file, self._part.read_bytes())

    def _transfer(self, url: str) -> Transferred:
        """Fetch what is missing of the part; one that is longer than the file starts anew."""
        file = self._file
        if file.sha256 and file.size and size_of(self._part) >= file.size:
            set_aside(self._part, file.name)
        size = file.size if file.sha256 else 0
        return transfer(url, self._part, size=size, plain=bool(file.sha256), bar=self._bar)

    def _fault(self, came: Transferred) -> str:
        """What is wrong with the part, after undoing what the server did to it."""
        content = self._part.read_bytes()
        found = fault(self._file, content)
        if not came.zipped:
            return found
        try:
            inner = gunzip(content, name=self._file.name, limit=self._file.size or _LARGEST)
        except ValueError:
            return found
        if self._is_meant(inner):
            self._part.write_bytes(inner)
            return fault(self._file, inner)
        return found

    def _is_meant(self, inner: bytes) -> bool:
        """Whether the file is what was packed; some servers only announce its own packing."""
        if self._file.sha256:
            return not fault(self._file, inner)
        return inner.startswith(_GZIP_START) or not self._file.name.endswith(("gz", "GZ"))


@contextmanager
def _locked(path: Path, bar: DownloadBar) -> Iterator[None]:
    """Keep other processes from fetching the same file; wait while one does."""
    from filelock import FileLock, Timeout

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    lock = FileLock(path.with_name(f".{path.name}.lock"))
    grown, size = time.monotonic(), -1
    while True:
        try:
            lock.acquire(timeout=_GLANCE)
            break
        except Timeout:
            if size_of(part) != size:
                grown, size = time.monotonic(), size_of(part)
            bar.show(size, 0, note="another process fetches it")
            if time.monotonic() - grown > _PATIENCE:
                raise DatasetUnavailable(
                    f"another process holds {lock.lock_file}, and its download of {path.name} has "
                    f"not grown for {_PATIENCE:.0f} seconds. End that process and try again."
                ) from None
    try:
        yield
    finally:
        lock.release()


def _require_writable(folder: Path) -> None:
    """Raise a helpful sentence if downloads could not be stored."""
    with _storing(folder, 0):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass


def _require_room(files: list[File], folder: Path) -> None:
    """Raise a helpful sentence if the files would not fit on the disk."""
    needed = sum(max(0, file.size - size_of(folder / f"{file.name}.part")) for file in files)
    free = shutil.disk_usage(folder).free
    if needed > free:
        raise DatasetUnavailable(
            f"the disk of the cache folder {folder} has {_in_megabytes(free)} left, and "
            f"{_in_megabytes(needed)} are needed. Make room, or set the environment variable "
            "RELUBOOK_CACHE to a folder on another disk."
        )


@contextmanager
def _storing(folder: Path, size: int) -> Iterator[None]:
    """Turn what the system says about a folder into a sentence on what to do."""
    try:
        yield
    except DatasetUnavailable:
        raise
    except OSError as problem:
        if problem.errno in _FULL:
            needed = f" {_in_megabytes(size)} are needed." if size else ""
            raise DatasetUnavailable(
                f"the cache folder {folder} is full ({problem.strerror}).{needed} Make room, or "
                "set the environment variable RELUBOOK_CACHE to a folder on another disk; what "
                "came so far is kept and will be continued."
            ) from None
        raise DatasetUnavailable(
            f"the cache folder {folder} cannot be written to ({problem.strerror}). Set the "
            "environment variable RELUBOOK_CACHE to a folder of yours."
        ) from None


def _in_megabytes(size: int) -> str:
    """A length for a sentence."""
    return f"{size / 1e6:,.1f} MB"


def pooch() -> ModuleType:
    """The module pooch, which only downloads need."""
    try:
        import pooch
    except ImportError as problem:
        raise DatasetUnavailable(
            "downloading needs the package pooch (pip install pooch)."
        ) from problem
    return pooch
