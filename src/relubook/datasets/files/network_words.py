"""What went wrong on the network, in a few words instead of a library's many."""

import errno
import socket
import ssl
from collections.abc import Iterator

_NO_ADDRESS = "is, or leads to, something that is no address on the web"
_OFFLINE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN)


def in_words(problem: Exception, *, connecting: float, reading: float) -> str:
    """What an address did, or what happened on the way to it.

    Args:
        problem: As requests or urllib3 raised it.
        connecting: The patience for a connection [s].
        reading: The patience for a byte [s].

    Returns:
        Words that follow upon an address.
    """
    causes = list(_causes(problem))
    words = {
        "ProxyError": "was not reached, because the proxy did not answer",
        "TooManyRedirects": "redirects in a circle",
        "InvalidSchema": _NO_ADDRESS,
        "InvalidURL": _NO_ADDRESS,
        "MissingSchema": _NO_ADDRESS,
        "LocationParseError": _NO_ADDRESS,
        "ReadTimeoutError": f"sent nothing for {reading:g} seconds",
        "ReadTimeout": f"sent nothing for {reading:g} seconds",
    }
    kinds = [type(cause).__name__ for cause in causes]
    if known := next((words[kind] for kind in kinds if kind in words), ""):
        return known
    if known := next(filter(None, map(_of_the_system, causes)), ""):
        return known
    if "ConnectTimeout" in kinds or "ConnectTimeoutError" in kinds:
        return f"could not be connected to within {connecting:g} seconds"
    if {"ProtocolError", "IncompleteRead", "RemoteDisconnected"} & set(kinds):
        return "broke off the connection"
    if "ValueError" in kinds:
        return _NO_ADDRESS
    return f"could not be read ({kinds[-1]}: {str(causes[-1])[:80]})"


def _of_the_system(cause: BaseException) -> str:
    """Words for what the operating system said."""
    if isinstance(cause, socket.gaierror):
        return "has a host whose name is not known here (is this computer online?)"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"has a certificate that is not trusted here ({cause.verify_message})"
    if isinstance(cause, ssl.SSLError):
        return f"made no secure connection ({cause.reason or cause})"
    if isinstance(cause, ConnectionRefusedError):
        return "refused the connection"
    if isinstance(cause, ConnectionError) and cause.errno is not None:
        return "broke off the connection"
    if isinstance(cause, OSError) and cause.errno in _OFFLINE:
        return "cannot be reached (is this computer online?)"
    return ""


def _causes(problem: BaseException) -> Iterator[BaseException]:
    """A problem and those it was made of, the outermost first."""
    waiting: list[BaseException] = [problem]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop(0)
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        inner = (*cause.args, getattr(cause, "reason", None), cause.__cause__, cause.__context__)
        waiting += [other for other in inner if isinstance(other, BaseException)]
