"""Figures of records on pages without code, drawn by the experiments' own functions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from relubook import experiments, figures

if TYPE_CHECKING:
    from sphinx.util.docutils import SphinxDirective

    from relubook.records import Record

FOLDER = "side_by_side"  # beside the pickled pages, from where Sphinx takes it into the book


def words(record: Record) -> str:
    """Returns the picture in words, and what was measured on what."""
    described = experiments.get(record.experiment).describe(experiments.result(record))
    return f"{described} {', '.join(experiments.subtitle(record).splitlines())}."


def write(record: Record, folder: Path) -> Path:
    """Draws the record into the folder.

    Args:
        record: What to draw.
        folder: Made if it is not there.

    Returns:
        The PNG file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    drawn = experiments.get(record.experiment).draw(
        experiments.result(record), subtitle=experiments.subtitle(record)
    )
    path = folder / f"{record.stem}.png"
    path.write_bytes(figures.png(drawn))
    return path


def figure(directive: SphinxDirective, record: Record, caption: list[nodes.Node]) -> nodes.figure:
    """Returns the picture as part of the page.

    Args:
        directive: Which stands on the page.
        record: What to draw.
        caption: Whose numbers, at which scale, and what stands in.
    """
    env = directive.env
    path = write(record, Path(env.app.doctreedir) / FOLDER)
    page = Path(env.doc2path(env.docname)).parent
    uri = Path(os.path.relpath(path, page)).as_posix()
    image = nodes.image(uri=uri, alt=words(record))
    return nodes.figure("", image, nodes.legend("", *caption))
