"""A newcomer's walk: clean clone, one command, a page that moves, an exercise that is solved.

The clone builds an environment of its own, which borrows the packages of the running one, so that
nothing is downloaded twice. The install from nothing is what a bare machine does before any test.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from kernels import execute, offer_kernel
from project_files import ROOT

from browser_support import Tab, drag, offline_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser

pytestmark = [pytest.mark.walk, pytest.mark.browser]

CHAPTER = "03_sparsity"
MINUTES = 6  # the whole walk, on a busy machine


def _run(*command: str, folder: Path) -> str:
    # As typed in a shell of one's own: no package path, and no `make` around it.
    ours = {"PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean clone of what is committed, with an environment that borrows our packages."""
    folder = tmp_path_factory.mktemp("newcomer") / "relubook"
    _run("git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(folder), folder=ROOT)
    _run(sys.executable, "-m", "venv", "--without-pip", ".venv", folder=folder)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = folder / ".venv" / "lib" / version / "site-packages"
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def built(clone: Path) -> tuple[Path, float]:
    """What `make book` names as the page to open, and how long it took [s]."""
    began = time.perf_counter()
    said = _run("make", "book", f"PYTHON={sys.executable}", folder=clone)
    page = Path(unquote(urlsplit(said.split()[-1]).path))
    assert clone in page.parents
    return page, time.perf_counter() - began


def test_a_newcomer_reads_moves_predicts_and_answers(
    built: tuple[Path, float], chromium: Browser, record_property: Callable[[str, object], None]
) -> None:
    page, building = built
    began = time.perf_counter()
    with offline_page(chromium, width=1280) as tab:
        tab.open(page)
        tab.page.locator(f"article a[href*='{CHAPTER}']").first.click()
        tab.page.wait_for_load_state("load")
        _read_on(tab)
        _move_both_sliders(tab)
        _predict_and_reveal(tab)
        _answer_a_question(tab)
        tab.assert_quiet()
    reading = time.perf_counter() - began
    record_property("timing", f"make book {building:.0f} s, reading {reading:.0f} s")
    assert building + reading < 60 * MINUTES


def _read_on(tab: Tab) -> None:
    """Scroll to the end of the chapter: each widget begins as the reader nears it."""
    for box in tab.page.locator(".relubook[data-module]").all():
        box.scroll_into_view_if_needed()
        box.locator("svg, canvas, input").first.wait_for(state="attached")


def _move_both_sliders(tab: Tab) -> None:
    explorer = tab.page.locator(".l1-explorer").first
    for name in ("L1 strength", "Depth"):
        before = explorer.get_by_role("status").first.inner_text()
        drag(tab.page, explorer.get_by_role("slider", name=name), 0.9)
        assert explorer.get_by_role("status").first.inner_text() != before


def _predict_and_reveal(tab: Tab) -> None:
    prediction = tab.page.locator(".prediction").first
    pad = prediction.locator(".pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    tab.page.mouse.move(box["x"] + 1, middle)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + box["width"] - 1, middle - 30, steps=20)
    tab.page.mouse.up()
    assert prediction.locator("polyline.recorded").count() == 0
    prediction.get_by_role("button", name="Lock in my answer").click()
    prediction.get_by_role("button", name="Reveal the record").click()
    assert prediction.locator("polyline.recorded").count() == 1
    tab.reload()
    assert prediction.locator("polyline.recorded").count() == 1, "The browser forgot the answer."


def _answer_a_question(tab: Tab) -> None:
    form = tab.page.locator(".quiz form").first
    told = set()
    for choice in form.get_by_role("radio").all():
        choice.check()
        form.get_by_role("button", name="Check").click()
        told.add(form.get_by_role("status").inner_text())
    assert len(told) == form.get_by_role("radio").count(), "Two answers got the same feedback."


def test_a_newcomer_solves_the_exercise_in_a_kernel(
    built: tuple[Path, float], clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert built[0].is_file()
    offer_kernel("newcomer", clone / ".venv" / "bin" / "python", tmp_path, monkeypatch)
    chapter = nbformat.read(clone / "chapters" / f"{CHAPTER}.ipynb", as_version=4)
    given, solution = (_tagged(chapter, tag) for tag in ("exercise", "solution"))
    check = given.splitlines()[-1]
    cells = [_imports(chapter), given, f"{solution}\n{check}"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
    execute(notebook, kernel="newcomer", folder=tmp_path)
    before, after = (cell.outputs[-1].data["text/plain"] for cell in notebook.cells[1:])
    assert "Not solved yet" in before
    assert "All public checks passed" in after


def _tagged(notebook: nbformat.NotebookNode, tag: str) -> str:
    found = [c.source for c in notebook.cells if tag in c.metadata.get("tags", [])]
    assert found, f"The chapter has no cell tagged {tag!r}."
    return found[0]


def _imports(notebook: nbformat.NotebookNode) -> str:
    """The imports of the chapter's cells, which a reader has run before the exercise."""
    code = [c for c in notebook.cells if c.cell_type == "code"]
    trees = [ast.parse(c.source) for c in code if "set-up" not in c.metadata.get("tags", [])]
    found = [node for tree in trees for node in tree.body]
    return "\n".join(ast.unparse(n) for n in found if isinstance(n, ast.Import | ast.ImportFrom))
