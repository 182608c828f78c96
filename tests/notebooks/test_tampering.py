"""A stored notebook that says what its code does not say fails, whatever was changed in it."""

from __future__ import annotations

import base64
import io
import os
import subprocess
import sys
from copy import deepcopy
from typing import TYPE_CHECKING

import nbformat
import pytest
from PIL import Image, ImageDraw
from project_files import ROOT, load

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

NUMBER = "print('zeros:', sum(value <= 0 for value in (-2, -1, 1, 2)) / 4)"
PICTURE = """
import base64, io
from IPython.display import display
from matplotlib.figure import Figure
figure, stored = Figure(figsize=(4, 3)), io.BytesIO()
_ = figure.subplots().plot([0, 1, 2], [0, 0, 1])
figure.savefig(stored, format='png')
png = base64.b64encode(stored.getvalue()).decode()
display({'image/png': png}, metadata={'image/png': {'alt': 'A hinge.'}}, raw=True)
"""
WIDGET = """
from IPython.display import HTML
HTML('<div><script type="application/json">{"zeros": [50.0, 83.4]}</script></div>')
"""
LIVE = """
import time
from IPython.display import HTML
HTML(f'<dl><dd>5 seeds</dd><dd class="rb-varies">made at {time.time()}</dd></dl>')
"""


def _notebook(*sources: str) -> NotebookNode:
    cells = [nbformat.v4.new_code_cell(source.strip()) for source in sources]
    return nbformat.v4.new_notebook(cells=cells)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """A small notebook with one of each kind of output, run by the book's own tool."""
    path = tmp_path_factory.mktemp("honest") / "small.ipynb"
    nbformat.write(_notebook(NUMBER, PICTURE, WIDGET, LIVE), path)
    return load("tools/run_notebooks.py").run(path)


def _replay(notebook: NotebookNode, folder: Path) -> subprocess.CompletedProcess[str]:
    path = folder / "copy.ipynb"
    nbformat.write(nbformat.from_dict(notebook), path)
    environment = os.environ | {"PYTHONPATH": str(ROOT / "tests"), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "pytest", str(path), "--nbval", "--nbval-current-env"]
    plain = ["-p", "strict_notebooks", "-p", "no:cacheprovider", "-p", "no:xdist", "--color=no"]
    return subprocess.run(
        [*command, *plain, f"--rootdir={folder}", "-c", os.devnull],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _change_number(notebook: NotebookNode) -> None:
    notebook.cells[0].outputs[0].text = "zeros: 0.6\n"


def _change_picture(notebook: NotebookNode) -> None:
    data = notebook.cells[1].outputs[0].data
    image = Image.open(io.BytesIO(base64.b64decode(data["image/png"]))).convert("RGB")
    ImageDraw.Draw(image).line([(100, 150), (250, 150)], fill=(0, 114, 178), width=3)
    changed = io.BytesIO()
    image.save(changed, format="PNG")
    data["image/png"] = base64.b64encode(changed.getvalue()).decode()


def _change_text_alternative(notebook: NotebookNode) -> None:
    notebook.cells[1].outputs[0].metadata["image/png"]["alt"] = "A parabola."


def _change_widget(notebook: NotebookNode) -> None:
    data = notebook.cells[2].outputs[0].data
    data["text/html"] = data["text/html"].replace("83.4", "93.4")


def _change_seeds(notebook: NotebookNode) -> None:
    data = notebook.cells[3].outputs[0].data
    data["text/html"] = data["text/html"].replace("5 seeds", "50 seeds")


def _forget_to_run(notebook: NotebookNode) -> None:
    notebook.cells[0].execution_count = None
    notebook.cells[0].outputs = []


TAMPERED = [
    (_change_number, "Cell outputs differ"),
    (_change_picture, "Picture 0 differs"),
    (_change_text_alternative, "The text alternative of picture 0"),
    (_change_widget, "Cell outputs differ"),
    (_change_seeds, "Cell outputs differ"),
    (_forget_to_run, "This cell was never run"),
]


def test_an_honest_notebook_passes(honest: NotebookNode, tmp_path: Path) -> None:
    replayed = _replay(honest, tmp_path)
    assert replayed.returncode == 0, replayed.stdout
    assert "4 passed" in replayed.stdout


def test_every_kind_of_tampering_fails(honest: NotebookNode, tmp_path: Path) -> None:
    cells = []
    for tamper, _ in TAMPERED:
        changed = deepcopy(honest)
        tamper(changed)
        cells += [cell for cell in changed.cells if cell not in honest.cells]
    notebook = deepcopy(honest)
    notebook.cells = [{**cell, "id": f"cell-{n}"} for n, cell in enumerate(cells)]
    replayed = _replay(notebook, tmp_path)
    assert replayed.returncode == 1, replayed.stdout
    assert f"{len(TAMPERED)} failed" in replayed.stdout
    for _, sentence in TAMPERED:
        assert sentence in replayed.stdout


def test_running_twice_stores_the_same_bytes(honest: NotebookNode, tmp_path: Path) -> None:
    path = tmp_path / "small.ipynb"
    path.write_text(nbformat.writes(honest) + "\n", encoding="utf-8")
    before, tool = path.read_bytes(), load("tools/run_notebooks.py")
    assert not tool.store(tool.run(path), path), "Only the time differs."
    assert path.read_bytes() == before
    changed = deepcopy(honest)
    _change_seeds(changed)
    path.write_text(nbformat.writes(changed) + "\n", encoding="utf-8")
    assert tool.store(tool.run(path), path)
    assert "50 seeds" not in path.read_text(encoding="utf-8")


def test_an_error_in_a_cell_stops_the_tool(tmp_path: Path) -> None:
    path = tmp_path / "broken.ipynb"
    nbformat.write(_notebook("1 / 0"), path)
    with pytest.raises(Exception, match="ZeroDivisionError"):
        load("tools/run_notebooks.py").run(path)


@pytest.mark.parametrize(("shift", "passes"), [(0, True), (12, False)])
def test_a_picture_is_compared_by_its_area(shift: int, passes: bool) -> None:
    strict = load("tests/strict_notebooks.py")

    def png(left: int) -> str:
        image = Image.new("RGBA", (400, 300), "white")
        ImageDraw.Draw(image).line([(left, 20), (left, 280)], fill="black", width=3)
        stored = io.BytesIO()
        image.save(stored, format="PNG")
        return base64.b64encode(stored.getvalue()).decode()

    assert (strict.difference(png(100), png(100 + shift)) <= strict.SAME) is passes
