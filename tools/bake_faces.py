"""Renders the 62 characters in matplotlib's 22 complete faces, once, into the package.

Usage:

    python tools/bake_faces.py         # writes src/relubook/datasets/generators/faces.npz
    python tools/bake_faces.py FILE    # writes FILE

Older versions of matplotlib lack a face, and a renderer may change, so the package does not render
letters on its reader's machine. Outlines are drawn without hinting, which depends on the version.
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.ft2font import FT2Font, LoadFlags

from relubook.datasets.generators.faces import CHARACTERS, PATH, SIDE

FINER = 8  # dots drawn for one stored pixel, along each axis
TRIAL = 1000.0  # a size to measure the characters at [pt]
FACES = (
    *(f"DejaVuSans{style}" for style in ("", "-Oblique", "-Bold", "-BoldOblique")),
    *(f"DejaVuSansMono{style}" for style in ("", "-Oblique", "-Bold", "-BoldOblique")),
    *(f"DejaVuSerif{style}" for style in ("", "-Italic", "-Bold", "-BoldItalic")),
    *(f"STIXGeneral{style}" for style in ("", "Italic", "Bol", "BolIta")),
    *("cmr10", "cmb10", "cmss10", "cmtt10", "cmmi10", "cmti10"),
)


def drawn(font: FT2Font, character: str) -> np.ndarray:
    """The character at the font's present size, 0..255, cut to its ink."""
    font.set_text(character, 0.0, flags=LoadFlags.NO_HINTING)
    font.draw_glyphs_to_bitmap(antialiased=True)
    image = np.asarray(font.get_image())
    rows, columns = (np.flatnonzero(image.any(axis=axis)) for axis in (1, 0))
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def master(ink: np.ndarray) -> np.ndarray:
    """The ink in the middle of a square, averaged down to the stored size."""
    before = [(SIDE * FINER - length) // 2 for length in ink.shape]
    after = [SIDE * FINER - length - gap for length, gap in zip(ink.shape, before, strict=True)]
    square = np.pad(ink, list(zip(before, after, strict=True))).astype(np.float64)
    return np.rint(square.reshape(SIDE, FINER, SIDE, FINER).mean(axis=(1, 3))).astype(np.uint8)


def bake(face: str) -> np.ndarray:
    """All characters of a face [classes rows columns], the largest one as large as the square."""
    font = FT2Font(Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{face}.ttf")
    font.set_size(TRIAL, 72)
    largest = max(max(drawn(font, character).shape) for character in CHARACTERS)
    # Two dots less, because a box that ends between dots is drawn one dot larger at either end.
    font.set_size(TRIAL * (SIDE * FINER - 2) / largest, 72)
    return np.stack([master(drawn(font, character)) for character in CHARACTERS])


def main() -> None:
    """Writes the file and says how large it is."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else PATH
    with path.open("wb") as file:
        np.savez_compressed(file, names=np.array(FACES), masters=np.stack(list(map(bake, FACES))))
    print(f"{path.name}: {len(FACES)} faces, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
