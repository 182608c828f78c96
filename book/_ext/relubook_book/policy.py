"""What a page of the book may do: run the book's own scripts, show its own files, and no more.

Each page carries a content-security-policy. A script inside a page runs only if its hash stands
there, so text that found its way into a page (through data, an address, a stored prediction)
cannot become one. No page may ask any machine for anything.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

SCRIPT = re.compile(r"<script(?P<marks>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)
HEAD = re.compile(r"<head[^>]*>\s*(?:<meta charset=[^>]*>)?")
# Widgets and the theme set colors and sizes by `style`, which cannot fetch anything here.
DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
}
# Buttons of the theme carry their script in themselves; `_static/buttons.js` does the same.
BUTTONS = {
    'onclick="window.print()"': 'data-does="print"',
    'onclick="toggleFullScreen()"': 'data-does="fill-the-screen"',
}


def hashes(page: str) -> list[str]:
    """Returns what allows each script that stands in the page, in order and once."""
    inline = [
        found["text"]
        for found in SCRIPT.finditer(page)
        if "src=" not in found["marks"] and "json" not in found["marks"] and found["text"].strip()
    ]
    digests = [hashlib.sha256(text.encode()).digest() for text in inline]
    return list(dict.fromkeys(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests))


def guarded(page: str) -> str:
    """Returns the page with its policy, and with buttons that obey it."""
    for handler, mark in BUTTONS.items():
        page = page.replace(handler, mark)
    allowed = " ".join([DIRECTIVES["script-src"], *hashes(page)])
    policy = "; ".join(f"{k} {v}" for k, v in {**DIRECTIVES, "script-src": allowed}.items())
    meta = f'<meta http-equiv="Content-Security-Policy" content="{escape(policy, quote=False)}">'
    return HEAD.sub(lambda found: f"{found[0]}{meta}", page, count=1)


def _guard(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    output = Path(app.outdir)
    for path in output.rglob("*.html"):
        if "_static" in path.relative_to(output).parts:
            path.unlink()  # templates of the theme, which no page shows
        else:
            path.write_text(guarded(path.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Runs last: a hash is that of the page as it will be read."""
    app.add_js_file("buttons.js", loading_method="defer")
    app.connect("build-finished", _guard, priority=950)
