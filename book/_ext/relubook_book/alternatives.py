"""Gives each figure of a chapter its text alternative, which `figures.show` put into the notebook.

myst-nb takes only the width and the height from an output's metadata, and Sphinx then writes the
name of the file as `alt`. A picture of any page that has no text alternative is a warning, and a
warning ends the build.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import nbformat
from docutils import nodes
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PICTURE = "image/png"
MISSING = (
    "A picture must have a text alternative; a chapter shows it by `figures.show(fig, alt=...)`. "
    "Got none for picture {} of this page, {}."
)


def sentences(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """Returns the text alternative of each stored picture that has one.

    The keys are the names that myst-nb gives the files: the SHA-256 of their bytes.
    """
    found = {}
    for output in (out for cell in notebook.cells for out in cell.get("outputs", [])):
        alt = output.get("metadata", {}).get(PICTURE, {}).get("alt")
        if alt and PICTURE in output.get("data", {}):
            found[hashlib.sha256(base64.b64decode(output.data[PICTURE])).hexdigest()] = alt
    return found


def _describe(app: Sphinx, doctree: nodes.document) -> None:
    path = app.env.doc2path(app.env.docname)
    is_notebook = str(path).endswith(".ipynb")
    known = sentences(nbformat.read(path, as_version=4)) if is_notebook else {}
    for number, picture in enumerate(doctree.findall(nodes.image), start=1):
        name = PurePosixPath(picture["uri"]).stem
        picture["alt"] = known.get(name) or picture.get("alt", "")
        if not picture["alt"].strip():
            message = MISSING.format(number, picture["uri"])
            logging.getLogger(__name__).warning(message, location=picture)


def setup(app: Sphinx) -> None:
    """Describes the pictures of each page once it is read."""
    app.connect("doctree-read", _describe)
