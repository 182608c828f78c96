"""Bytes from one web address into a file that grows, and that a later attempt continues."""

import itertools
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from relubook.datasets.files.network_words import in_words
from relubook.datasets.files.progress import DownloadBar

if TYPE_CHECKING:
    from requests import Response, Session

CONNECT_TIMEOUT = 10.0  # [s]
READ_TIMEOUT = 30.0  # without a single byte [s]
_REDIRECTS = 10
_LARGEST = 1 << 30  # of a file of unknown size [bytes]
_ATTEMPTS = 10  # as long as each brings something
_PIECE = 1 << 14  # what is lost of a connection that breaks off [bytes]


class TransferFailed(Exception):
    """What an address did instead of serving a file: words that follow upon the address."""


class _Interrupted(TransferFailed):
    """The connection broke off while the file came."""


@dataclass(frozen=True, kw_only=True)
class Transferred:
    """How a whole file came.

    Attributes:
        continued: Whether its beginning had come before.
        zipped: Whether the server says that it packed the bytes once more for the way.
    """

    continued: bool
    zipped: bool


def transfer(url: str, part: Path, *, size: int, plain: bool, bar: DownloadBar) -> Transferred:
    """Fetch what is still missing of a file; a broken connection is taken up again.

    Args:
        url: Where it is.
        part: Holds what came so far, if it exists; nothing is created before a byte has come.
        size: The length to expect [bytes], 0 if it is not known; only slightly more is taken.
        plain: Whether a redirect from https to http may be followed.
        bar: Is shown how far it is.

    Raises:
        TransferFailed: If the address does not serve the file; the part stays.
        OSError: If the part cannot be written.
    """
    import requests

    with requests.Session() as session:
        session.max_redirects = _REDIRECTS
        for attempt in itertools.count(1):
            before = size_of(part)
            try:
                with _ask(session, url, before, plain) as (response, start):
                    _write(response, part, start, size, bar)
                    return Transferred(
                        continued=start > 0,
                        zipped="gzip" in response.headers.get("Content-Encoding", ""),
                    )
            except _Interrupted:
                if attempt == _ATTEMPTS or size_of(part) <= before:
                    raise
    raise AssertionError  # the loop ends by return or raise


def size_of(path: Path) -> int:
    """The length of a file [bytes], 0 if there is none."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


@contextmanager
def _ask(session: "Session", url: str, start: int, plain: bool) -> Iterator[tuple["Response", int]]:
    """The answer of an address and the byte from which it serves: the one asked for, or 0."""
    with _get(session, url, start) as response:
        if _is_usable(response, start):
            _require_file(response, start, plain)
            yield response, start if response.status_code == 206 else 0
            return
    with _get(session, url, 0) as response:
        _require_file(response, 0, plain)
        if not _is_usable(response, 0):
            raise TransferFailed("sent another part of the file than was asked for")
        yield response, 0


def _get(session: "Session", url: str, start: int) -> "Response":
    """The answer of an address, its body not read yet."""
    import requests

    # A file that is packed for the way could not be continued at a given byte.
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    try:
        return session.get(
            url, headers=headers, stream=True, timeout=(CONNECT_TIMEOUT, READ_TIMEOUT)
        )
    except (requests.RequestException, ValueError) as problem:
        raise TransferFailed(_redirected(url, problem) + _in_words(problem)) from None


def _in_words(problem: Exception) -> str:
    """What went wrong, as words that follow upon an address."""
    return in_words(problem, connecting=CONNECT_TIMEOUT, reading=READ_TIMEOUT)


def _redirected(url: str, problem: Exception) -> str:
    """Where the address led to, if the problem lay there."""
    request = getattr(problem, "request", None)
    return f"leads to {request.url}, which " if request and request.url != url else ""


def _is_usable(response: "Response", start: int) -> bool:
    """Whether the answer is about the file from that byte on, or about all of it."""
    if response.status_code != 206:
        return response.status_code != 416
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return found is not None and int(found[1]) == start


def _require_file(response: "Response", start: int, plain: bool) -> None:
    """Raise unless the answer is a file, or the rest of one."""
    if response.status_code not in (200, 206):
        reason = f" ({response.reason})" if response.reason else ""
        raise TransferFailed(f"answered {response.status_code}{reason}, not with the file")
    way = [answer.url for answer in (*response.history, response)]
    if not plain and leads_into_the_open(way):
        raise TransferFailed(
            f"leads to {response.url}, which anyone on the way can change, and no SHA-256 was "
            "published that would show it"
        )
    if start and "text/html" in response.headers.get("Content-Type", ""):
        raise TransferFailed("sent a web page, not data")


def leads_into_the_open(way: list[str]) -> bool:
    """Whether a chain of redirects leaves https.

    Args:
        way: The addresses, in order.
    """
    return any(
        one.startswith("https:") and not other.startswith("https:")
        for one, other in itertools.pairwise(way)
    )


def _write(response: "Response", part: Path, start: int, size: int, bar: DownloadBar) -> None:
    """Append the body to the part, or begin the part with it."""
    done = start
    length = response.headers.get("Content-Length", "")
    total = done + int(length) if length.isdigit() else 0
    limit = size + size // 50 + _PIECE if size else _LARGEST  # packed on the way it may be longer
    pieces = _body(response)
    if (first := next(pieces, None)) is None:
        if total > start:
            raise _Interrupted("broke off the connection")
        raise TransferFailed("sent nothing more" if start else "sent an empty file")
    try:
        with part.open("ab" if start else "wb") as output:
            for piece in itertools.chain((first,), pieces):
                output.write(piece)
                done += len(piece)
                bar.show(done, total or size)
                if done > limit:
                    return
    except _Interrupted as problem:
        raise _Interrupted(_broken_off(str(problem), done, total or size)) from None
    if total and done != total:
        raise _Interrupted(_broken_off("broke off the connection", done, total))


def _broken_off(how: str, done: int, total: int) -> str:
    """How far the file came."""
    of = f" of {total:,}" if total else ""
    return f"{how} after {done:,}{of} bytes"


def _body(response: "Response") -> Iterator[bytes]:
    """The bytes as they come over the wire, not unpacked."""
    import requests
    import urllib3

    try:
        for piece in response.raw.stream(_PIECE, decode_content=False):
            if piece:
                yield piece
    except (urllib3.exceptions.HTTPError, requests.RequestException, OSError) as problem:
        raise _Interrupted(_in_words(problem)) from None
