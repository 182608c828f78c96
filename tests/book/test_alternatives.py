"""A reader who cannot see a picture is told what it shows, on every page of the built book."""

from __future__ import annotations

import base64
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import nbformat
import pytest
from built_book import page_names
from project_files import CHAPTERS, ROOT

if TYPE_CHECKING:
    from pathlib import Path

CONF = f"""
import sys; sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_nb", "relubook_book.alternatives"]
nb_execution_mode = "off"
"""
LANGUAGE = {"name": "python", "pygments_lexer": "python"}
SENTENCE = 'Rectifiers < tanh & "logistic": <b>0</b> % zeros, the units\' own.'


class Pictures(HTMLParser):
    """Collects where each picture of a page lies, and its text alternative."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        values = dict(attributes)
        if tag == "img":
            self.found.append((values["src"] or "", values.get("alt") or ""))


def _figures(page: Path) -> list[str]:
    """The alternatives of the book's own pictures, in order; buttons of the theme are left out."""
    return [alt for source, alt in Pictures(page).found if "_images/" in source]


def _stored(path: Path) -> list[str]:
    outputs = [
        o for cell in nbformat.read(path, as_version=4).cells for o in cell.get("outputs", [])
    ]
    shown = [o for o in outputs if "image/png" in o.get("data", {})]
    return [output.metadata["image/png"]["alt"] for output in shown]


@pytest.mark.parametrize("name", page_names())
def test_no_picture_is_called_by_its_file_or_not_at_all(book: Path, name: str) -> None:
    for source, alt in Pictures(book / f"{name}.html").found:
        assert alt.strip(), f"{source} has no text alternative"
        assert PurePosixPath(source).name not in alt


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_each_figure_of_a_chapter_has_the_sentence_of_the_notebook(book: Path, path: Path) -> None:
    assert _stored(path)
    assert _figures(book / "chapters" / f"{path.stem}.html") == _stored(path)


def _build(folder: Path, metadata: dict[str, dict[str, str]]) -> subprocess.CompletedProcess[str]:
    """Builds a book of one notebook with one picture."""
    data = {"image/png": base64.b64encode(b"a picture").decode()}
    output = nbformat.v4.new_output("display_data", data=data, metadata=metadata)
    cells = [
        nbformat.v4.new_markdown_cell("# Page"),
        nbformat.v4.new_code_cell("draw()", outputs=[output]),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"language_info": LANGUAGE})
    nbformat.write(notebook, folder / "index.ipynb")
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    command = [sys.executable, "-m", "sphinx", "-W", "-q", str(folder), str(folder / "out")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_sentence_reaches_the_page_sign_by_sign(tmp_path: Path) -> None:
    built = _build(tmp_path, {"image/png": {"alt": SENTENCE}})
    assert built.returncode == 0, built.stderr
    assert _figures(tmp_path / "out" / "index.html") == [SENTENCE]


@pytest.mark.parametrize("metadata", [{}, {"image/png": {"alt": " "}}])
def test_a_book_with_a_picture_without_words_is_not_built(
    tmp_path: Path, metadata: dict[str, dict[str, str]]
) -> None:
    built = _build(tmp_path, metadata)
    assert built.returncode != 0
    assert "index.ipynb" in built.stderr
    assert "A picture must have a text alternative" in built.stderr
