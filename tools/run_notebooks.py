"""Runs notebooks top to bottom and stores their outputs: the one tool that makes outputs.

Twice in a row gives byte-identical files: a notebook that differs only in when, where and in how
many seconds its live figures were made is left as it is. The cells tagged `set-up`, which installs
the package in Colab, and `colab`, its button, are written here too: their addresses come from
book/site.toml.
Usage:

    python tools/run_notebooks.py              # every chapter, and the source of every assignment
    python tools/run_notebooks.py sparsity     # those whose name contains the word
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "book" / "_ext"))
from relubook_book.site import read as read_site  # noqa: E402

from relubook.records.origins import lasting  # noqa: E402

PLACES = ("chapters/*.ipynb", "assignments/*/source.ipynb")
KEPT = ("tags", "nbgrader")  # what a cell's metadata may hold
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SET_UP = """\
# In Colab this installs the book's package. Where it is installed already, nothing happens.
import importlib.util

if importlib.util.find_spec("relubook") is None:
    %pip install --quiet "relubook @ {wheel}"
"""
CELL_TIMEOUT = 900  # seconds, the same as nbval's


def name(path: Path) -> str:
    """Returns the chapter's name, or that of the assignment whose source it is."""
    return path.parent.name if path.stem == "source" else path.stem


def select(word: str) -> list[Path]:
    """Returns the notebooks whose name contains `word`."""
    every = [path for place in PLACES for path in sorted(ROOT.glob(place))]
    found = [path for path in every if word in name(path)]
    if not found:
        sys.exit(f"No name contains {word!r}. There are: {', '.join(map(name, every))}.")
    return found


def set_up_source() -> str:
    """Returns the source of the set-up cell, with the address of this edition."""
    return SET_UP.format(wheel=read_site().wheel).rstrip()


def colab_button(path: Path) -> str:
    """Returns the button that opens the student's version of an assignment in Colab."""
    return f"[Open in Colab]({read_site().in_colab(name(path))})"


def write_set_up(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Writes the cells tagged `set-up` and `colab`."""
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        if "set-up" in tags:
            cell.source = set_up_source()
        if "colab" in tags:
            cell.source = colab_button(path)


def normalize(notebook: nbformat.NotebookNode) -> None:
    """Leaves in the notebook only what is the same at every run."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        kept = {key: cell.metadata[key] for key in KEPT if cell.metadata.get(key)}
        cell.metadata = nbformat.from_dict(kept)
        for output in cell.get("outputs", []):
            _normalize_output(output)
        if cell.cell_type == "code":
            cell.outputs = _merge_streams(cell.outputs)


def _normalize_output(output: nbformat.NotebookNode) -> None:
    if "data" not in output:
        return
    if "text/html" in output.data:
        output.data.pop(WIDGET_VIEW, None)
    # Colab's and Jupyter's notes on widgets say nothing about a stored page.
    kept = {mime: note for mime, note in output.metadata.items() if mime in output.data}
    output.metadata = nbformat.from_dict(kept)


def _merge_streams(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    merged: list[nbformat.NotebookNode] = []
    for output in outputs:
        last = merged[-1] if merged else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            merged.append(output)
    return merged


def run(path: Path) -> nbformat.NotebookNode:
    """Returns the notebook at `path`, executed in its own folder; an error in a cell is raised."""
    notebook = nbformat.read(path, as_version=4)
    write_set_up(notebook, path)
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)

    def progress(cell: nbformat.NotebookNode, cell_index: int) -> None:
        done = sum(c.cell_type == "code" for c in notebook.cells[: cell_index + 1])
        print(f"\r{name(path)}: cell {done} of {cells}", end="", flush=True)

    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        store_widget_state=False,
        on_cell_executed=lambda cell, cell_index, execute_reply: progress(cell, cell_index),
    )
    client.execute()
    normalize(notebook)
    return notebook


def store(notebook: nbformat.NotebookNode, path: Path) -> bool:
    """Writes the notebook if anything in it is new but when and where it ran; returns whether."""
    nbformat.validate(notebook)
    text = nbformat.writes(notebook) + "\n"
    if lasting(text) == lasting(path.read_text(encoding="utf-8")):
        return False
    path.write_text(text, encoding="utf-8")
    return True


def main() -> None:
    """Runs the notebooks named on the command line, or all."""
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ.pop("RELUBOOK_DATA", None)
    for path in select(sys.argv[1] if len(sys.argv) > 1 else ""):
        started = time.perf_counter()
        notebook = run(path)
        told = "run and stored" if store(notebook, path) else "run, nothing new"
        print(f"\r{name(path)}: {told} in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
