"""Chapters and assignments run in Colab: its versions, the site's wheel alone, an empty folder.

The environment is made anew with the releases that Colab has (read in August 2026). torch is the
one pinned here, linked into it and not downloaded again.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import nbformat
import pytest
from kernels import execute, offer_kernel
from project_files import ASSIGNMENTS, CHAPTERS, ROOT, load

pytestmark = pytest.mark.colab

COLAB = (
    "numpy==2.1.*",
    "matplotlib==3.10.*",
    "pandas==2.2.*",
    "scikit-learn==1.6.*",
    "mlxtend==0.23.4",
    "ipywidgets==7.7.1",
    "ipykernel==6.17.1",
    "anywidget==0.9.21",
    "typer>=0.12",
    "rich==13.*",
    "pooch",
    "setuptools",
)
TORCH_NEEDS = ("filelock", "fsspec", "jinja2", "networkx", "sympy", "typing_extensions")
WHEEL_LIMIT = 6_000_000  # bytes


def _run(*command: str | Path, **options: object) -> str:
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _pip(python: Path, *arguments: str | Path) -> str:
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    return _run(*pip, *arguments)


def _link_torch(python: Path) -> None:
    """Puts the torch of this environment into another one, file by file as it is."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    target = Path(_run(python, "-c", ask).strip())
    installed = distribution("torch")
    tops = {Path(file).parts[0] for file in installed.files or ()}
    for top in sorted(tops - {"..", "__pycache__"}):
        source = Path(str(installed.locate_file(top)))
        if source.exists() and not (target / top).exists():
            (target / top).symlink_to(source)


@pytest.fixture(scope="module")
def wheel(book: Path) -> Path:
    """The package as readers get it, from the built site."""
    return next(book.glob("relubook-*.whl"))


@pytest.fixture(scope="module")
def asked(wheel: Path, server: str) -> str:
    """What the first cell of the notebooks asks pip for, at the address of a server here."""
    cells = nbformat.read(CHAPTERS[0], as_version=4).cells
    (asked,) = re.findall(r'%pip install --quiet "(.*)"', cells[1].source)
    site = tomllib.loads((ROOT / "book/site.toml").read_text(encoding="utf-8"))["site"]
    assert asked == f"relubook @ {site}{wheel.name}"
    return asked.replace(site, server)


@pytest.fixture(scope="module")
def colab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a fresh environment with Colab's versions, without relubook."""
    folder = tmp_path_factory.mktemp("colab")
    _run(sys.executable, "-m", "venv", "--without-pip", folder)
    python = folder / "bin" / "python"
    # What is not compiled here is compiled when it is imported, which is a small part of it.
    _pip(python, "install", "--no-compile", *COLAB, *TORCH_NEEDS)
    _link_torch(python)
    return python


@pytest.fixture(scope="module")
def present(colab: Path) -> set[str]:
    """What Colab has before the book comes."""
    return _present(colab)


@pytest.fixture(scope="module")
def report(
    colab: Path, present: set[str], asked: str, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, str]:
    """What pip does to Colab, from its own report: name to version."""
    place = tmp_path_factory.mktemp("report") / "report.json"
    assert "relubook" not in present
    _pip(colab, "install", "--report", place, asked)
    steps = json.loads(place.read_text())["install"]
    return {_name(step["metadata"]["name"]): step["metadata"]["version"] for step in steps}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of all kernels here: a fresh one would list the fonts anew for each notebook."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture
def kernel(colab: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a kernel that runs in Colab's environment, with a home of its own."""
    offer_kernel("colab", colab, home, monkeypatch)
    return "colab"


def _name(text: str) -> str:
    return text.lower().replace("_", "-")


def _present(python: Path) -> set[str]:
    listed = json.loads(_pip(python, "list", "--format=json"))
    return {_name(entry["name"]) for entry in listed}


def test_the_wheel_is_small_and_carries_the_records(wheel: Path) -> None:
    assert wheel.stat().st_size < WHEEL_LIMIT
    names = _run(sys.executable, "-m", "zipfile", "-l", wheel)
    for path in (ROOT / "src/relubook/records/data").glob("*.npz"):
        assert f"relubook/records/data/{path.name}" in names


def test_installing_the_book_moves_nothing_that_colab_has(
    present: set[str], report: dict[str, str]
) -> None:
    assert "relubook" in report
    assert "torch" in present
    assert present & set(report) == set()


@pytest.mark.parametrize("path", [*CHAPTERS, *ASSIGNMENTS], ids=load("tools/run_notebooks.py").name)
def test_a_notebook_runs_in_colab_from_an_empty_folder(
    path: Path, report: dict[str, str], kernel: str, tmp_path: Path
) -> None:
    assert "relubook" in report
    empty = tmp_path / "empty"
    empty.mkdir()
    notebook = nbformat.read(path, as_version=4)
    stored = [_said(cell) for cell in notebook.cells]
    execute(notebook, kernel=kernel, folder=empty)
    assert [_said(cell) for cell in notebook.cells] == stored
    assert os.listdir(empty) == []


def _said(cell: nbformat.NotebookNode) -> str:
    """What a cell printed."""
    return "".join(output.get("text", "") for output in cell.get("outputs", []))
