"""Takes the README's and the introduction's picture of the L1 explorer from the built chapter.

Usage, after `make book`:

    python tools/take_picture.py
"""

from __future__ import annotations

import sys
from pathlib import Path

import chromium
from playwright.sync_api import FloatRect, Locator, ViewportSize, sync_playwright

ROOT = Path(__file__).parents[1]
CHAPTER = ROOT / "_build" / "html" / "chapters" / "03_sparsity.html"
PICTURE = ROOT / "book" / "_static" / "l1-explorer.png"
EXPLORER = ".l1-explorer"
SIZE: ViewportSize = {"width": 1280, "height": 1400}
MARGIN = 14  # CSS pixels below the rasters


def _part(explorer: Locator) -> FloatRect:
    """Returns the place of the explorer on the page, down to its last raster."""
    whole, rasters = explorer.bounding_box(), explorer.locator(".layers").bounding_box()
    if whole is None or rasters is None:
        raise ValueError("The explorer of the built chapter is not visible.")
    height = rasters["y"] + rasters["height"] + MARGIN - whole["y"]
    return {"x": whole["x"], "y": whole["y"], "width": whole["width"], "height": height}


def main() -> None:
    """Stores the explorer, as it opens, in light colors and at twice the size."""
    browser = chromium.find()
    if not browser or not CHAPTER.is_file():
        sys.exit("This needs a Chromium (RELUBOOK_CHROMIUM) and a built book (make book).")
    with sync_playwright() as driver:
        window = driver.chromium.launch(executable_path=browser, args=["--no-sandbox"])
        page = window.new_page(viewport=SIZE, device_scale_factor=2, reduced_motion="reduce")
        page.goto(CHAPTER.as_uri())
        page.evaluate("relubook.everything().then(() => null)")
        explorer = page.locator(EXPLORER).first
        explorer.scroll_into_view_if_needed()
        page.wait_for_timeout(300)
        page.screenshot(path=PICTURE, clip=_part(explorer))
        window.close()
    print(f"Stored {PICTURE.relative_to(ROOT)}, {PICTURE.stat().st_size / 1000:.0f} kB.")


if __name__ == "__main__":
    main()
