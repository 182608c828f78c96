"""What is inside gzip, xz, tar and zip files, read in memory, never more of it than a limit.

Nothing is ever written to disk, so a path or a link in an archive leads nowhere; one that tries is
refused all the same.
"""

import io
import posixpath
import re
import stat
import tarfile
import zipfile
from collections.abc import Collection, Iterator

from relubook.datasets.files.decompression import gunzip, strictly, too_large, unxz

__all__ = ["Wanted", "gunzip", "tar_members", "unxz", "zip_members"]

Wanted = Collection[str] | re.Pattern[str]


def tar_members(content: bytes, wanted: Wanted, *, name: str, limit: int) -> dict[str, bytes]:
    """Some files of a gzipped tar archive.

    Args:
        content: The archive.
        wanted: The paths of the files, all of which must be there; or a pattern that a whole path
            must match, and at least one does. Paths have no leading "./".
        name: The archive's name, for the error messages.
        limit: The most bytes that may come out, all members together [bytes].

    Returns:
        Their contents by path, in the archive's order.

    Raises:
        ValueError: If the archive is damaged or unpacks to more than the limit, if a wanted file is
            missing, there twice, a link, a device or a file with holes, or has a path that leads
            out of the archive.
    """
    unpacked = gunzip(content, name=name, limit=limit)
    found: dict[str, bytes] = {}
    for member in _tar_entries(unpacked, name):
        plain = _plain(member.name)
        if member.isdir() or not _is_wanted(plain, wanted):
            continue
        _require_safe(member.name, plain, found, name)
        if not member.isfile() or member.issparse():
            raise _no_file(plain, name)
        found[plain] = unpacked[member.offset_data : member.offset_data + member.size]
    return _complete(found, wanted, name)


def zip_members(content: bytes, wanted: Wanted, *, name: str, limit: int) -> dict[str, bytes]:
    """Some files of a zip archive.

    Args:
        content: The archive.
        wanted: As for `tar_members`.
        name: The archive's name, for the error messages.
        limit: The most bytes that may come out, all wanted files together [bytes].

    Returns:
        Their contents by path, in the archive's order.

    Raises:
        ValueError: As `tar_members` does, and if a wanted file is encrypted.
    """
    with strictly(name, "zip"):
        archive = zipfile.ZipFile(io.BytesIO(content))
    found: dict[str, bytes] = {}
    left = limit
    for info in archive.infolist():
        plain = _plain(info.filename)
        if info.is_dir() or not _is_wanted(plain, wanted):
            continue
        _require_safe(info.filename, plain, found, name)
        if info.file_size > left:
            raise too_large(name, limit)
        left -= info.file_size
        found[plain] = _zip_member(archive, info, name)
    return _complete(found, wanted, name)


def _tar_entries(unpacked: bytes, name: str) -> Iterator[tarfile.TarInfo]:
    """Each member of a tar archive, if they follow one another and nothing follows the last."""
    stream, end = io.BytesIO(unpacked), 0
    with strictly(name, "tar"):
        try:
            with tarfile.open(fileobj=stream, mode="r:", encoding="utf-8") as archive:
                for member in archive:
                    if member.offset < end:
                        raise EOFError("its members overlap")
                    end = _end(member)
                    yield member
        except tarfile.TarError as problem:
            raise EOFError(str(problem)) from problem
        # To tarfile a damaged header is the end, and so is the end of the file.
        last_header = stream.tell() - tarfile.BLOCKSIZE
        if end > last_header or unpacked[last_header:].strip(b"\0"):
            raise EOFError("what follows its last member is not the end of an archive")


def _end(member: tarfile.TarInfo) -> int:
    """Where a member ends in its archive; a stated size means nothing unless it is a whole file."""
    if member.isfile() and not member.issparse():
        return member.offset_data + max(member.size, 0)
    return member.offset_data


def _is_wanted(path: str, wanted: Wanted) -> bool:
    """Whether a path is one of the names, or matches the pattern."""
    if isinstance(wanted, re.Pattern):
        return wanted.fullmatch(path) is not None
    return path in wanted


def _plain(path: str) -> str:
    """Where a path would lead if nothing led out of the archive."""
    return posixpath.normpath(f"/{path}").lstrip("/")


def _require_safe(path: str, plain: str, found: Collection[str], name: str) -> None:
    """Raise unless a wanted path stays inside the archive and is new."""
    if path.startswith("/") or ".." in path.split("/"):
        raise ValueError(
            f"The member {path!r} of {name} must have a path inside the archive, without .. and "
            f"without a leading slash."
        )
    if plain in found:
        raise ValueError(f"The member {plain} must be in {name} once. It is there twice.")


def _no_file(plain: str, name: str) -> ValueError:
    """The error for a wanted path that is something else than a plain file."""
    return ValueError(
        f"The member {plain} of {name} must be a plain file. It is a link, a device or has holes."
    )


def _zip_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """The content of a member, if it is a file of the length that the archive states."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise _no_file(info.filename, name)
    if info.flag_bits & 1:
        raise ValueError(f"The member {info.filename} of {name} must not be encrypted. It is.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(
            f"The member {info.filename} of {name} must be stored or deflated. Its method has the "
            f"number {info.compress_type}."
        )
    with strictly(name, "zip"), archive.open(info) as member:
        content = member.read(info.file_size)
        if len(content) != info.file_size or member.read(1):
            raise EOFError(f"{info.filename} has not the {info.file_size:,} bytes it should have")
    return content


def _complete(found: dict[str, bytes], wanted: Wanted, name: str) -> dict[str, bytes]:
    """What was found, if nothing is missing."""
    if isinstance(wanted, re.Pattern):
        missing = [] if found else [f"a file like {wanted.pattern}"]
    else:
        missing = [path for path in wanted if path not in found]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise ValueError(f"The archive {name} must hold {missing[0]}{more}. It does not.")
    return found
