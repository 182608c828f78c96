"""Kernels in another environment, for notebooks that must run as a reader's do."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient


def offer_kernel(name: str, python: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes the environment of `python` known as a kernel, with a home and a cache of its own."""
    spec = folder / "jupyter" / "kernels" / name
    spec.mkdir(parents=True, exist_ok=True)
    command = [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    fresh = {"HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    text = json.dumps({"argv": command, "display_name": name, "language": "python", "env": fresh})
    (spec / "kernel.json").write_text(text, encoding="utf-8")
    monkeypatch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
    monkeypatch.delenv("PYTHONPATH", raising=False)


def execute(notebook: nbformat.NotebookNode, *, kernel: str, folder: Path) -> None:
    """Runs the notebook in place, in `folder`; an error in a cell is raised."""
    where = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, kernel_name=kernel, timeout=900, resources=where).execute()
