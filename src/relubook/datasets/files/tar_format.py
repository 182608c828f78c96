"""The tar format, as far as it takes to find the files in an archive.

An archive of reviews has 100,000 members; Python's own reader takes ten times as long for them as
this one, which reads what POSIX and GNU tar write and refuses what does not add up.

A member is a header of 512 bytes, then its content, filled up with zeros to a multiple of 512. Two
kinds of members hold no file but the path (and size) of the next one, where a header has no room.
"""

from collections.abc import Iterator

FILE, DIRECTORY, LINK_OR_DEVICE, OTHER = "file", "directory", "link or device", "other"

_BLOCK = 512
_KINDS = {b"0": FILE, b"\0": FILE, b"7": FILE, b"5": DIRECTORY}
_KINDS |= dict.fromkeys((b"1", b"2", b"3", b"4", b"6"), LINK_OR_DEVICE)
_LONG_PATH, _EXTENDED = b"L", b"x"
_LONGEST = 1 << 20  # no honest path or extended header is longer [bytes]
_DIGITS = 10  # of the length of an extended header's line


class _Damaged(Exception):
    """A header that is not what it should be."""


class Stream:
    """A stream of bytes of which so and so many are taken or skipped.

    Args:
        pieces: The bytes, piece by piece.
        name: The archive, for the error messages.
    """

    def __init__(self, pieces: Iterator[bytes], name: str) -> None:
        self._name, self._pieces = name, pieces
        self._held, self._place = b"", 0

    def take(self, size: int) -> bytes:
        """The content of a member of that size [bytes]."""
        taken = self._up_to(size)
        if len(taken) < size:
            parts, missing = [taken], size - len(taken)
            while missing:
                self._hold_more()
                parts.append(self._up_to(missing))
                missing -= len(parts[-1])
            taken = b"".join(parts)
        self._pass(-size % _BLOCK)
        return taken

    def skip(self, size: int) -> None:
        """Pass over the content of a member of that size [bytes]."""
        self._pass(size + -size % _BLOCK)

    def damaged(self, how: str) -> ValueError:
        """The error for an archive that is not as it should be."""
        return ValueError(f"The file {self._name} is not a whole tar archive: {how}.")

    def _pass(self, size: int) -> None:
        """Pass over that many bytes."""
        while size > len(self._held) - self._place:
            size -= len(self._held) - self._place
            self._hold_more()
        self._place += size

    def require_zeros(self) -> None:
        """Read on to the end, which also verifies the compressed file's own checksum."""
        while not self._held[self._place :].strip(b"\0"):
            if (piece := next(self._pieces, None)) is None:
                return
            self._held, self._place = piece, 0
        raise self.damaged("it goes on after its last member")

    def _up_to(self, size: int) -> bytes:
        """That many bytes, or what is held."""
        taken = self._held[self._place : self._place + size]
        self._place += len(taken)
        return taken

    def _hold_more(self) -> None:
        """Hold the next piece."""
        if (piece := next(self._pieces, None)) is None:
            raise self.damaged("it ends too early")
        self._held, self._place = piece, 0


def members(stream: Stream) -> Iterator[tuple[str, str, int]]:
    """Each member of an archive; its content must be taken or skipped before the next is asked for.

    Args:
        stream: The archive, unpacked.

    Yields:
        Path, kind and size [bytes].

    Raises:
        ValueError: If the archive does not have this format, is damaged, ends early or goes on
            after its end.
    """
    try:
        yield from _members(stream)
    except _Damaged as problem:
        raise stream.damaged(str(problem)) from problem


def _members(stream: Stream) -> Iterator[tuple[str, str, int]]:
    """The members, as `members` yields them."""
    path: str | None = None
    size: int | None = None
    while (header := stream.take(_BLOCK)).strip(b"\0"):
        kind, length = header[156:157], _length(header)
        if kind == _LONG_PATH:
            path = _text(_note(stream, length).rstrip(b"\0"))
        elif kind == _EXTENDED:
            path, size = _extended(_note(stream, length), path, size)
        else:
            found = _KINDS.get(kind, OTHER)
            if found in (DIRECTORY, LINK_OR_DEVICE):
                length = 0  # whatever the header says, no content follows
            elif size is not None:
                length = size
            yield path if path is not None else _path(header), found, length
            path = size = None
    stream.require_zeros()


def _length(header: bytes) -> int:
    """The size that a header states, if its checksum is right."""
    stated = _number(header[148:156])
    if sum(header) - sum(header[148:156]) + 8 * ord(" ") != stated:
        raise _Damaged("the checksum of a member's header is wrong")
    return _number(header[124:136])


def _number(field: bytes) -> int:
    """A number in octal digits, or in binary where the first bit is set."""
    if field[0] == 0x80:
        return int.from_bytes(field[1:], "big")
    digits = field.strip(b" \0") or b"0"
    if not digits.isdigit():
        raise _Damaged(f"a number in a member's header is {field!r}")
    return int(digits, 8)


def _path(header: bytes) -> str:
    """The path in a header, whose first half may stand in a field of its own."""
    path = _text(header[:100].partition(b"\0")[0])
    if header[257:263] != b"ustar\0":
        return path
    before = _text(header[345:500].partition(b"\0")[0])
    return f"{before}/{path}" if before else path


def _text(content: bytes) -> str:
    """A path; what is not UTF-8 stays distinguishable and is no reason to refuse the others."""
    return content.decode("utf-8", "surrogateescape")


def _note(stream: Stream, length: int) -> bytes:
    """The content of a member that only describes the next one."""
    if length > _LONGEST:
        raise _Damaged(f"the name of a member has {length:,} bytes")
    return stream.take(length)


def _extended(note: bytes, path: str | None, size: int | None) -> tuple[str | None, int | None]:
    """The path and the size that lines of the form "length key=value" state."""
    place = 0
    while place < len(note):
        stated = note[place : place + _DIGITS + 1].partition(b" ")[0]
        length = int(stated) if stated.isdigit() and len(stated) <= _DIGITS else 0
        line = note[place : place + length]
        if len(line) != length or line[-1:] != b"\n":
            raise _Damaged("an extended header of a member is damaged")
        key, _, value = line[len(stated) + 1 : -1].partition(b"=")
        if key == b"path":
            path = _text(value)
        elif key == b"size":
            size = int(value) if value.isdigit() else -1
        elif key.startswith(b"GNU.sparse"):
            raise _Damaged("a member has holes, which this reader does not know")
        place += length
    if size is not None and size < 0:
        raise _Damaged("an extended header of a member states no size")
    return path, size
