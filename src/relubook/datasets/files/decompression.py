"""What is inside gzip and xz files, never more of it than a limit, in memory."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

_READ, _WRITTEN = 1 << 16, 1 << 20  # bytes put into, and taken from, a decompressor at a time
_GZIP = 31  # zlib's number for a gzip header and the largest window
_XZ_MEMORY = 1 << 27  # xz -9 needs half of it
_DAMAGE = (
    *(zlib.error, lzma.LZMAError, zipfile.BadZipFile, struct.error, EOFError, OSError),
    *(ValueError, NotImplementedError, RuntimeError, OverflowError, LookupError),
)


def gunzip(content: bytes, *, name: str, limit: int) -> bytes:
    """The bytes inside a gzip file.

    Args:
        content: The compressed file.
        name: Its name, for the error message.
        limit: The most bytes that may come out [bytes].

    Returns:
        What was compressed.

    Raises:
        ValueError: If the file is no gzip file, is damaged, ends early, goes on after its end, or
            holds more than the limit; then unpacking stops there.
    """
    return _whole(_bounded(_gunzipped(content, name), name, limit))


def unxz(content: bytes, *, name: str, limit: int) -> bytes:
    """The bytes inside an xz file.

    Args:
        content: The compressed file.
        name: Its name, for the error message.
        limit: The most bytes that may come out [bytes].

    Returns:
        What was compressed.

    Raises:
        ValueError: As `gunzip` does.
    """
    return _whole(_bounded(_unxzed(content, name), name, limit))


def too_large(name: str, limit: int) -> ValueError:
    """The error for a file that would unpack to more than it should.

    Args:
        name: The file.
        limit: The most that was expected [bytes].
    """
    return ValueError(
        f"The file {name} must unpack to at most {limit:,} bytes. It holds more and was refused."
    )


@contextmanager
def strictly(name: str, kind: str) -> Iterator[None]:
    """Turn whatever a library says about a damaged file into a sentence about that file.

    Args:
        name: The file.
        kind: Its format.

    Raises:
        ValueError: In place of the library's errors.
    """
    try:
        yield
    except _DAMAGE as problem:
        said = str(problem).rpartition("decompressing data: ")[-1].rstrip(".")
        raise ValueError(
            f"The file {name} is not a whole {kind} file: {said or type(problem).__name__}."
        ) from problem


def _whole(pieces: Iterable[bytes]) -> bytes:
    """All pieces in one; a BytesIO hands its buffer over, where a join would need it twice."""
    buffer = io.BytesIO()
    for piece in pieces:
        buffer.write(piece)
    return buffer.getvalue()


def _bounded(pieces: Iterable[bytes], name: str, limit: int) -> Iterator[bytes]:
    """The pieces, until they are more than the limit."""
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > limit:
            raise too_large(name, limit)
        yield piece


def _gunzipped(content: bytes, name: str) -> Iterator[bytes]:
    """What is in a gzip file, which may have several parts, piece by piece."""
    view, place = memoryview(content), 0
    with strictly(name, "gzip"):
        while place < len(view) or not view:
            inflater = zlib.decompressobj(_GZIP)
            while not inflater.eof:
                fresh = view[place : place + _READ]
                piece = inflater.decompress(fresh, _WRITTEN)
                place += len(fresh) - len(inflater.unconsumed_tail) - len(inflater.unused_data)
                if not (fresh or piece or inflater.eof):
                    raise EOFError(f"it ends too early, after {len(view):,} bytes")
                yield piece


def _unxzed(content: bytes, name: str) -> Iterator[bytes]:
    """What is in an xz file, which may have several parts, piece by piece."""
    view, place = memoryview(content), 0
    with strictly(name, "xz"):
        while place < len(view) or not view:
            inflater = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)
            while not inflater.eof:
                fresh = view[place : place + _READ] if inflater.needs_input else b""
                if inflater.needs_input and not fresh:
                    raise EOFError(f"it ends too early, after {len(view):,} bytes")
                place += len(fresh)
                yield inflater.decompress(fresh, _WRITTEN)
            place -= len(inflater.unused_data)
