"""Closes the holes of nbval: pictures are compared, and a cell that was never run fails.

nbval compares texts and HTML of every output, but no picture, no text alternative, and nothing at
all in a cell without an execution count. Loaded by the root conftest, or with `-p`. When, where and
in how many seconds a live figure was made is left out of the comparison.

A picture may differ in 0.05 % of its area, which forgives another font rasterizer; in a cell tagged
`live-figure`, which draws what it has just trained, in 5 %, because trained numbers differ
between families of processors.
"""

from __future__ import annotations

import base64
import copy
import io
from typing import TYPE_CHECKING, Any

import numpy as np
from nbval.plugin import IPyNbCell
from PIL import Image

if TYPE_CHECKING:
    import pytest

SAME = 0.0005  # share of the area that may differ between two renderings of one figure
LIVE = 0.05  # ... of a figure that draws numbers trained a moment ago
BLOCK, LEVELS = 4, 24  # compared as means of 4 x 4 pixels, equal within 24 of 255 levels


def pixels(png: str) -> np.ndarray:
    """Returns the picture in the base64 text as gray levels [rows columns] 0..255."""
    with Image.open(io.BytesIO(base64.b64decode(png))) as image:
        return np.asarray(image.convert("RGBA").convert("L"), dtype=np.float64)


def difference(first: str, second: str) -> float:
    """Returns the share of area in which two base64 pictures differ; 1.0 for unequal sizes."""
    one, other = pixels(first), pixels(second)
    if one.shape != other.shape:
        return 1.0
    return float((np.abs(_coarse(one) - _coarse(other)) > LEVELS).mean())


def _coarse(image: np.ndarray) -> np.ndarray:
    rows, columns = (size // BLOCK * BLOCK for size in image.shape)
    blocks = image[:rows, :columns].reshape(rows // BLOCK, BLOCK, columns // BLOCK, BLOCK)
    return blocks.mean(axis=(1, 3)) if blocks.size else image


def _pictures(outputs: list[Any]) -> list[tuple[str, str]]:
    return [
        (output["data"]["image/png"], output["metadata"].get("image/png", {}).get("alt", ""))
        for output in outputs
        if "image/png" in output.get("data", {})
    ]


def compare_pictures(test: list[Any], reference: list[Any], tolerance: float) -> list[str]:
    """Returns what is wrong with the pictures of a cell, in sentences; nothing if all agree."""
    new, stored = _pictures(test), _pictures(reference)
    if len(new) != len(stored):
        return [f"The notebook stores {len(stored)} pictures; running it gave {len(new)}."]
    found = []
    for number, ((png, alt), (stored_png, stored_alt)) in enumerate(zip(new, stored, strict=True)):
        if (share := difference(png, stored_png)) > tolerance:
            found.append(
                f"Picture {number} differs in {share:.3%} of its area; {tolerance:.2%} may."
            )
        if alt != stored_alt:
            found.append(f"The text alternative of picture {number} is now {alt!r}.")
    return found


_compare_outputs, _runtest = IPyNbCell.compare_outputs, IPyNbCell.runtest


def _compare_with_pictures(
    cell: IPyNbCell, test: list[Any], ref: list[Any], skip_compare: Any = None
) -> bool:
    if not _compare_outputs(cell, _lasting(test), _lasting(ref), skip_compare):
        return False
    tags = cell.cell.metadata.get("tags", [])
    cell.comparison_traceback = compare_pictures(test, ref, LIVE if "live-figure" in tags else SAME)
    return not cell.comparison_traceback


def _lasting(outputs: list[Any]) -> list[Any]:
    """The outputs without what is another at every run."""
    from relubook.records.origins import lasting  # late: the tests check its types as it comes

    kept = copy.deepcopy(outputs)
    for data in (output["data"] for output in kept if "data" in output):
        data.update({page: lasting(data[page]) for page in ("text/html",) if page in data})
    return kept


def _refuse_what_was_never_run(cell: IPyNbCell) -> None:
    if cell.cell.source.strip() and cell.cell.execution_count is None:
        cell.raise_cell_error("This cell was never run: it has no execution count.")
    _runtest(cell)


def pytest_configure(config: pytest.Config) -> None:
    """Puts the stricter comparison in the place of nbval's own."""
    IPyNbCell.compare_outputs = _compare_with_pictures
    IPyNbCell.runtest = _refuse_what_was_never_run
