"""A web server on this machine that misbehaves as told, and counts what it sends."""

import contextlib
import gzip
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = b"\n<!DOCTYPE html><html><body>Please sign in to the hotel's network.</body></html>"


def files_in(folder):
    """The contents of a folder by name, but for hidden files such as locks."""
    return {
        path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")
    }


@dataclass
class Request:
    """What a behavior is given: the content asked for, and the means to answer."""

    handler: BaseHTTPRequestHandler
    content: bytes
    start: int | None
    web: "BadWeb"

    def answer(self, status: int = 200, /, length: int | None = None, **headers: str) -> None:
        """Send the status line and the headers; underscores become hyphens."""
        self.handler.send_response(status)
        if length is not None:
            self.handler.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.send_header("Connection", "close")
        self.handler.end_headers()

    def send(self, content: bytes) -> None:
        """Send bytes; they are counted first, so that no client has them sooner than the count."""
        with self.web.lock:
            self.web.sent += len(content)
        self.handler.wfile.write(content)
        self.handler.wfile.flush()


Behavior = Callable[[Request], None]


@dataclass
class BadWeb:
    """A server: its address, what each path holds and how it behaves, and what it was asked."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    behaviors: list[Behavior] = field(default_factory=list)
    asked: list[tuple[str, int | None]] = field(default_factory=list)
    sent: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    closing: threading.Event = field(default_factory=threading.Event)

    def behave(self, *behaviors: Behavior) -> None:
        """The first request meets the first behavior and so on; the last one stays."""
        self.behaviors = list(behaviors)

    def next_behavior(self) -> Behavior:
        """How to meet this request."""
        with self.lock:
            return self.behaviors.pop(0) if len(self.behaviors) > 1 else self.behaviors[0]


@contextlib.contextmanager
def serving(files: dict[str, bytes]) -> Iterator[BadWeb]:
    """A server of these files that behaves well until told otherwise."""
    web = BadWeb(files=files, behaviors=[well])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
            start = int(asked[1]) if asked else None
            name = self.path.rpartition("/")[2]
            with web.lock:
                web.asked.append((name, start))
            with contextlib.suppress(ConnectionError):  # a client may leave
                web.next_behavior()(Request(self, web.files.get(name, b""), start, web))
            self.close_connection = True

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    web.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield web
    finally:
        web.closing.set()
        server.shutdown()
        thread.join()
        server.server_close()


def well(request: Request) -> None:
    """Serve the file, or the rest of it."""
    start = request.start or 0
    if request.start is None:
        request.answer(200, len(request.content))
    elif start >= len(request.content):
        return request.answer(416, 0)
    else:
        _begin_rest(request, start)
    return request.send(request.content[start:])


def _begin_rest(request: Request, start: int) -> None:
    """Announce the rest of the file from a byte on."""
    whole = len(request.content)
    request.answer(206, whole - start, Content_Range=f"bytes {start}-{whole - 1}/{whole}")


def ignores_ranges(request: Request) -> None:
    """Serve the whole file whatever was asked."""
    request.answer(200, len(request.content))
    request.send(request.content)


def wrong_range(request: Request) -> None:
    """Serve another part than was asked for, and say so."""
    if request.start is None:
        return well(request)
    _begin_rest(request, request.start // 2)
    return request.send(request.content[request.start // 2 :])


def always_elsewhere(request: Request) -> None:
    """Serve the second half of the file, whatever was asked."""
    _begin_rest(request, len(request.content) // 2)
    request.send(request.content[len(request.content) // 2 :])


def lying_range(request: Request) -> None:
    """Say that it is the part asked for, and serve another."""
    if request.start is None:
        return well(request)
    _begin_rest(request, request.start)
    return request.send(request.content[: len(request.content) - request.start])


def wrong_bytes(request: Request) -> None:
    """Serve something else."""
    request.answer(200, 15)
    request.send(b"moved elsewhere")


def right_length(request: Request) -> None:
    """Serve as many bytes as expected, the last one wrong."""
    content = request.content[:-1] + bytes([request.content[-1] ^ 1])
    request.answer(200, len(content))
    request.send(content)


def too_long(request: Request) -> None:
    """Serve the file and go on for a long time."""
    request.answer(200, len(request.content) + (1 << 30))
    request.send(request.content)
    while not request.web.closing.is_set():
        request.send(bytes(1 << 20))


def web_page(request: Request) -> None:
    """Serve a page with status 200, as a hotel's network does."""
    request.answer(200, len(PAGE), Content_Type="text/html; charset=utf-8")
    request.send(PAGE)


def empty(request: Request) -> None:
    """Serve nothing, successfully."""
    request.answer(200, 0)


def chunked(request: Request) -> None:
    """Serve the file without saying how long it is."""
    request.answer(200, Transfer_Encoding="chunked")
    for place in range(0, len(request.content), 70_000):
        piece = request.content[place : place + 70_000]
        request.handler.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
    request.handler.wfile.write(b"0\r\n\r\n")


def until_closed(request: Request) -> None:
    """Serve the file without a length, its end being the end of the connection."""
    request.answer(200)
    request.send(request.content)


def zipped(request: Request) -> None:
    """Pack the file once more for the way, though nobody asked for it."""
    content = gzip.compress(request.content)
    request.answer(200, len(content), Content_Encoding="gzip")
    request.send(content)


def called_zipped(request: Request) -> None:
    """Serve the file as it is, but announce its own packing as the server's."""
    request.answer(200, len(request.content), Content_Encoding="gzip")
    request.send(request.content)


def stalls_at_once(request: Request) -> None:
    """Say nothing at all."""
    request.web.closing.wait(20)


def breaks_off(sent: int) -> Behavior:
    """Serve so many bytes, then close the connection."""

    def behavior(request: Request) -> None:
        start = request.start or 0
        if request.start is None:
            request.answer(200, len(request.content))
        else:
            _begin_rest(request, start)
        request.send(request.content[start : start + sent])

    return behavior


def stalls_after(sent: int) -> Behavior:
    """Serve so many bytes, then nothing more."""

    def behavior(request: Request) -> None:
        breaks_off(sent)(request)
        request.web.closing.wait(20)

    return behavior


def answers(status: int) -> Behavior:
    """Answer with a status and no file."""
    return lambda request: request.answer(status, 0)


def redirects(status: int, target: str) -> Behavior:
    """Send the client elsewhere; `{name}` in the target is the file asked for."""

    def behavior(request: Request) -> None:
        name = request.handler.path.rpartition("/")[2]
        request.answer(status, 0, Location=target.format(name=name))

    return behavior
