"""The book, built once for all processes of a test session into a folder of its own, and served."""

from __future__ import annotations

import functools
import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from project_files import ROOT


@pytest.fixture(scope="session")
def book(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """The folder of the built pages; building gives no warning, or every test here fails."""
    shared = tmp_path_factory.getbasetemp()
    shared = shared if worker_id == "master" else shared.parent
    folder, lock = shared / "book", shared / "book.lock"
    pages = folder / "_build" / "html"
    with FileLock(lock):
        if not (folder / "built").exists():
            command = [sys.executable, str(ROOT / "tools/build_book.py"), str(folder)]
            built = subprocess.run(command, capture_output=True, text=True, check=False)
            assert built.returncode == 0, built.stderr
            assert str(pages / "book/intro.html") in built.stdout.splitlines()[-1]
            (folder / "built").touch()
    return pages


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Writes nothing to the test's output."""


@pytest.fixture(scope="session")
def server(book: Path) -> Iterator[str]:
    """The address of a server of the built book, on this machine alone."""
    handler = functools.partial(_Quiet, directory=str(book))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}/"
        running.shutdown()


def page_names() -> list[str]:
    """The pages of the table of contents, in order."""
    import yaml

    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    return [toc["root"], *chapters]
