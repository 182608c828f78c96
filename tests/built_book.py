"""The book, built once for all processes of a test session, into a folder of its own."""

from __future__ import annotations

import subprocess
import sys
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


def page_names() -> list[str]:
    """The pages of the table of contents, in order."""
    import yaml

    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [entry["file"] for part in toc["parts"] for entry in part["chapters"]]
    return [toc["root"], *chapters]
