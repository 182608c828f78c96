"""Pictures come when a reader nears them, and keep their place until then."""

from __future__ import annotations

import re
import struct
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ARTICLE = '<article class="bd-article"'
PICTURE = re.compile(r'<img (?P<rest>[^>]*?src="(?P<source>[^":]+\.png)"[^>]*?)\s*/?>')
PNG_HEAD = struct.Struct(">8s4x4sII")  # signature, length of the first chunk, its name, size


def size(path: Path) -> tuple[int, int]:
    """Returns the width and the height of a PNG file [pixel].

    Raises:
        ValueError: If the file is not a PNG.
    """
    with path.open("rb") as file:
        head = file.read(PNG_HEAD.size)
    if len(head) < PNG_HEAD.size or not head.startswith(b"\x89PNG\r\n\x1a\n"):
        raise ValueError(f"The `path` of a picture must be that of a PNG file. Got {path.name}.")
    _, _, width, height = PNG_HEAD.unpack(head)
    return width, height


def patient(page: str, folder: Path) -> str:
    """Returns the page in which all pictures of the article but the first wait for a reader.

    Args:
        page: HTML of a whole page.
        folder: In which the page stands.
    """
    start = page.find(ARTICLE)
    if start < 0:
        return page
    seen = 0

    def wait(found: re.Match[str]) -> str:
        nonlocal seen
        seen += 1
        rest = found["rest"]
        if "width=" not in rest:
            width, height = size(folder / unquote(found["source"]))
            rest += f' width="{width}" height="{height}"'
        late = ' loading="lazy"' if seen > 1 else ""
        return f"<img {rest}{late} />"

    return page[:start] + PICTURE.sub(wait, page[start:])


def _wait(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    output = Path(app.outdir)
    for path in (output / f"{app.builder.get_target_uri(name)}" for name in app.env.found_docs):
        if path.is_file():
            text = patient(path.read_text(encoding="utf-8"), path.parent)
            path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Runs once the pages and their pictures are written."""
    app.connect("build-finished", _wait, priority=850)
