"""What a reader takes home: the wheel that the book was built with, and all notebooks in one file.

The first cell of each notebook installs this wheel, so a page and its code are of one edition.
"""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from relubook_book.markup import markdown
from relubook_book.site import WHEEL

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[3]
NOTEBOOKS = "relubook-notebooks.zip"
DAY = (1980, 1, 1, 0, 0, 0)  # of all files in the archive: the same notebooks give the same bytes


def build_wheel(folder: Path) -> Path:
    """Builds the package as it is here, without a network, and returns the wheel in the folder.

    Raises:
        ExtensionError: If it cannot be built, or has another name than the notebooks ask for.
    """
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "wheel", *options, f"--wheel-dir={folder}", str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    if built.returncode != 0 or not (folder / WHEEL).is_file():
        raise ExtensionError(f"The wheel {WHEEL} was not built. {built.stdout}{built.stderr}")
    return folder / WHEEL


def pack(notebooks: list[Path], archive: Path) -> Path:
    """Writes the notebooks without their outputs, which make them heavy, and returns the path."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in notebooks:
            notebook = nbformat.read(path, as_version=4)
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    cell.outputs, cell.execution_count = [], None
            place = zipfile.ZipInfo(f"relubook-notebooks/{path.name}", DAY)
            place.compress_type = zipfile.ZIP_DEFLATED
            zipped.writestr(place, nbformat.writes(notebook))
    return archive


def _make(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        build_wheel(Path(app.outdir))
        pack(sorted((ROOT / "chapters").glob("*.ipynb")), Path(app.outdir) / NOTEBOOKS)


class Downloads(SphinxDirective):
    """Links the wheel and the notebooks of this edition."""

    def run(self) -> list[nodes.Node]:
        """Returns a list of two links."""
        kinds = {NOTEBOOKS: "all chapters as notebooks, without outputs", WHEEL: "the package"}
        up = "../" * self.env.docname.count("/")
        link = '- <a href="{}{}" download><code>{}</code></a>: {}'
        return markdown(self, "\n".join(link.format(up, n, n, what) for n, what in kinds.items()))


def setup(app: Sphinx) -> None:
    """Registers the directive; the files are made once the pages are written."""
    app.add_directive("downloads", Downloads)
    app.connect("build-finished", _make)
