"""MathJax served by the book itself: one script and its fonts, of the 24 MB of the whole."""

from __future__ import annotations

import shutil
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

DISTRIBUTION = "sphinx-mathjax-offline"
SCRIPT = "tex-chtml.js"
FONTS = "output/chtml/fonts/woff-v2"


def source() -> Path:
    """Returns the folder in which the installed package keeps MathJax."""
    found = Path(str(distribution(DISTRIBUTION).locate_file(f"{DISTRIBUTION}/static/mathjax")))
    if not (found / SCRIPT).is_file():
        raise FileNotFoundError(f"MathJax is missing from {DISTRIBUTION}: no {SCRIPT} in {found}.")
    return found


def _configure(_app: Sphinx, config: Config) -> None:
    config.mathjax_path = f"mathjax/{SCRIPT}"
    # The menu would load further files on demand; the assistive MathML is part of the script.
    config.mathjax3_config = {"options": {"enableMenu": False}}


def _copy(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "mathjax"
    (target / FONTS).parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source() / SCRIPT, target / SCRIPT)
    shutil.copytree(source() / FONTS, target / FONTS, dirs_exist_ok=True)


def setup(app: Sphinx) -> None:
    """Points Sphinx at the served copy and puts that copy in place."""
    app.connect("config-inited", _configure, priority=1)
    app.connect("build-finished", _copy)
