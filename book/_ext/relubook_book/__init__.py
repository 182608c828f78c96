"""What this book adds to Jupyter Book: its address, maths, numbers, claims and measured speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relubook_book import (
    access,
    alternatives,
    apart,
    assignments,
    claims,
    clusters,
    data_sets,
    downloads,
    frames,
    front,
    grading,
    icons,
    mathjax,
    numbers,
    pages,
    pictures,
    policy,
    recorded,
    side_by_side,
    site,
    speed,
    weight,
)

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def setup(app: Sphinx) -> dict[str, bool]:
    """Registers the parts of the extension with Sphinx."""
    files = (front, apart, icons, weight, pictures, policy, downloads)
    measured = (speed, frames, grading, pages, clusters)
    said = (numbers, recorded, side_by_side, claims, *measured, data_sets, assignments)
    for part in (site, mathjax, access, alternatives, *files, *said):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
