"""Takes weight off the built book: source maps, other languages, the chatter of scripts.

A message on the console then always means something.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

CHATTER = ("_static/scripts/pydata-sphinx-theme.js", "_static/togglebutton.js", "search.html")
NEEDLESS = ("*.map", "locales/*/LC_MESSAGES/*")  # the book has one language


def silence(script: str) -> str:
    """Returns the script without its console messages; their arguments are still evaluated."""
    return re.sub(r"\bconsole\.log\((?!\))", "void(", script)


def _lighten(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    output = Path(app.outdir)
    for pattern in NEEDLESS:
        for path in (output / "_static").rglob(pattern):
            path.unlink()
    for name in CHATTER:
        path = output / name
        path.write_text(silence(path.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Runs once the pages and all static files are written."""
    app.connect("build-finished", _lighten, priority=900)
