"""Takes widgets' styles, modules and numbers out of the pages, into files that come when needed.

In a notebook a widget is one piece of HTML with everything in it (`relubook.widgets.lives`). In
the book the same style and the same module would stand in every page, and numbers that nobody has
scrolled to would be fetched. Here each of them becomes a file named after its content, and
`_static/late.js` starts a widget when a reader comes near. A page opened from the disk may load
scripts, and nothing else, so the numbers are a script as well.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from relubook.widgets.lives import START

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.application import Sphinx

FOLDER = "_static/widgets"
SCRIPT = "late.js"
BEFORE, AFTER = map(re.escape, START.split("%s"))
STYLE = re.compile(r'<div class="relubook"><style>(?P<style>.*?)</style>', re.DOTALL)
WIDGET = re.compile(
    r'<div class="relubook">(?P<style><link [^>]*>)?'
    r'<script type="application/json">(?P<numbers>.*?)</script>'
    r'(?P<view><div class="relubook-view">.*?)</div>'
    rf"<script>{BEFORE}(?P<module>.*?){AFTER}</script>",
    re.DOTALL,
)


def apart(body: str, write: Callable[[str, str], str]) -> str:
    """Returns the page with each widget's style, module and numbers in files.

    Args:
        body: HTML of a page as Sphinx made it.
        write: Takes the text of a file and its ending, and returns the name it has.
    """
    linked: set[str] = set()

    def style(found: re.Match[str]) -> str:
        name = write(found["style"], "css")
        link = "" if name in linked else f'<link rel="stylesheet" href="%{name}%">'
        linked.add(name)
        return f'<div class="relubook">{link}'

    def widget(found: re.Match[str]) -> str:
        numbers = write(f"relubook.keep({found['numbers']});", "js")
        module = write(f"relubook.keep({found['module']});", "js")
        return (
            f'<div class="relubook" data-module="{module}" data-numbers="{numbers}">'
            f"{found['style'] or ''}{found['view']}</div>"
        )

    return WIDGET.sub(widget, STYLE.sub(style, body))


def writer(folder: Path) -> Callable[[str, str], str]:
    """Returns what writes a text into the folder under a name made of its content."""

    def write(text: str, ending: str) -> str:
        name = f"{hashlib.sha256(text.encode()).hexdigest()[:16]}.{ending}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
        return name

    return write


def _take_apart(
    app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    if app.builder.format != "html" or "relubook-view" not in context.get("body", ""):
        return
    body = apart(context["body"], writer(Path(app.outdir) / FOLDER))
    place = context["pathto"](FOLDER, 1)
    context["body"] = re.sub(r'href="%([0-9a-f]+\.css)%"', rf'href="{place}/\1"', body)


def setup(app: Sphinx) -> None:
    """Takes each page apart before it is put into its template."""
    app.add_js_file(SCRIPT, loading_method="defer")
    app.connect("html-page-context", _take_apart)
