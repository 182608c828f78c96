"""Runs chapters top to bottom and stores their outputs: the one tool that makes outputs.

Twice in a row gives byte-identical files. The cell tagged `set-up`, which installs the package in
Colab, is written here too, because the address in it comes from book/site.toml. Usage:

    python tools/run_notebooks.py              # every chapter
    python tools/run_notebooks.py sparsity     # chapters whose name contains the word
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

CHAPTERS = ROOT / "chapters"
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
SET_UP = """\
# In Colab this installs the book's package. Where it is installed already, nothing happens.
import importlib.util

if importlib.util.find_spec("relubook") is None:
    %pip install --quiet "relubook @ {archive}"
"""
CELL_TIMEOUT = 900  # seconds, the same as nbval's


def select(word: str) -> list[Path]:
    """Returns the chapters whose file name contains `word`."""
    found = sorted(path for path in CHAPTERS.glob("*.ipynb") if word in path.stem)
    if not found:
        names = ", ".join(path.stem for path in sorted(CHAPTERS.glob("*.ipynb")))
        sys.exit(f"No chapter's name contains {word!r}. There are: {names}.")
    return found


def set_up_source() -> str:
    """Returns the source of the set-up cell, with the address of this edition."""
    return SET_UP.format(archive=read_site().archive).rstrip()


def write_set_up(notebook: nbformat.NotebookNode) -> None:
    """Writes the cells tagged `set-up`."""
    for cell in notebook.cells:
        if "set-up" in cell.metadata.get("tags", []):
            cell.source = set_up_source()


def normalize(notebook: nbformat.NotebookNode) -> None:
    """Leaves in the notebook only what is the same at every run."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:02d}"
        tags = cell.metadata.get("tags")
        cell.metadata = nbformat.from_dict({"tags": tags} if tags else {})
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
    write_set_up(notebook)
    cells = sum(cell.cell_type == "code" for cell in notebook.cells)

    def progress(cell: nbformat.NotebookNode, cell_index: int) -> None:
        done = sum(c.cell_type == "code" for c in notebook.cells[: cell_index + 1])
        print(f"\r{path.stem}: cell {done} of {cells}", end="", flush=True)

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


def main() -> None:
    """Runs the chapters named on the command line, or all."""
    os.environ["OMP_NUM_THREADS"] = "1"
    os.environ.pop("RELUBOOK_DATA", None)
    for path in select(sys.argv[1] if len(sys.argv) > 1 else ""):
        started = time.perf_counter()
        notebook = run(path)
        nbformat.validate(notebook)
        path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")
        print(f"\r{path.stem}: run and stored in {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()
