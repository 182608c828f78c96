"""What this book adds to Jupyter Book: its address, maths, numbers, claims and measured speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relubook_book import (
    access,
    alternatives,
    apart,
    assignments,
    claims,
    data_sets,
    frames,
    front,
    mathjax,
    numbers,
    pictures,
    policy,
    recorded,
    site,
    speed,
    weight,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    """Registers the parts of the extension with Sphinx."""
    pages = (numbers, recorded, claims, speed, frames, data_sets, assignments)
    for part in (
        site,
        front,
        mathjax,
        access,
        alternatives,
        apart,
        weight,
        pictures,
        policy,
        *pages,
    ):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
