"""A cache of one's own for every test, and a small web server on this machine."""

import functools
import threading
import time
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
import tiny_digits

from relubook.datasets import registry


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """The cache folder of this test, not made yet."""
    monkeypatch.setenv("RELUBOOK_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    return tmp_path / "cache"


@dataclass
class Web:
    """A server, its address, and what it was asked for."""

    address: str
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def web(tmp_path):
    """A server of the four tiny files; it answers slowly, so that two clients overlap."""
    folder = tiny_digits.put(tmp_path / "served")
    answers = Web(address="")

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self):
            answers.asked.append(self.path)
            time.sleep(0.05)
            super().do_GET()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    answers.address = f"http://127.0.0.1:{server.server_port}"
    yield answers
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def register(monkeypatch):
    """Make `load("tiny")` known, its files served by the given hosts, in this order."""

    def add(*hosts):
        entry = tiny_digits.tiny_entry(*hosts)
        monkeypatch.setitem(registry.ENTRIES, "tiny", entry)
        return entry

    return add
