"""Takes weight off the built book: source maps, fallback fonts, icons that no page draws.

The theme ships all of Font Awesome, 1.5 MB of script, to draw some twenty icons. Here every icon
whose name occurs in no page and no other script is cut out of it. The chatter of the theme's
scripts goes as well, so that a message on the console always means something.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sphinx.application import Sphinx

ICON_SCRIPT = "scripts/fontawesome.js"
# One icon of the script: name:[width,height,["alias",...],"codepoint","path" or ["path",...]],
ICON = re.compile(
    r'("?)(?P<name>[a-z0-9-]+)\1:\[\d+,\d+,\[(?P<aliases>[^\]]*)\],"[0-9a-f]+",'
    r'(?:"[^"]*"|\[[^\]]*\])\],?'
)
CHATTER = ("_static/scripts/pydata-sphinx-theme.js", "_static/togglebutton.js", "search.html")
NEEDLESS = ("*.map", "vendor/fontawesome/webfonts/*.ttf")


def icon_names(texts: Iterable[str]) -> set[str]:
    """Returns the names of all icons that `texts` ask for, as in `class="fa-solid fa-bars"`."""
    return {name for text in texts for name in re.findall(r"\bfa-([a-z0-9-]+)", text)}


def keep_icons(script: str, used: set[str]) -> str:
    """Returns the icon script with only the icons whose name or alias is in `used`."""

    def keep(found: re.Match[str]) -> str:
        names = {found["name"], *re.findall(r'"([a-z0-9-]+)"', found["aliases"])}
        return found[0] if names & used else ""

    return ICON.sub(keep, script)


def silence(script: str) -> str:
    """Returns the script without its console messages; their arguments are still evaluated."""
    return re.sub(r"\bconsole\.log\((?!\))", "void(", script)


def _lighten(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    output = Path(app.outdir)
    for pattern in NEEDLESS:
        for path in (output / "_static").rglob(pattern):
            path.unlink()
    for name in CHATTER:
        _rewrite(output / name, silence)
    icons = output / "_static" / ICON_SCRIPT
    readers = [*output.rglob("*.html"), *output.glob("_static/**/*.js")]
    used = icon_names(path.read_text(encoding="utf-8") for path in readers if path != icons)
    _rewrite(icons, lambda script: keep_icons(script, used))


def _rewrite(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Runs once the pages and all static files are written."""
    app.connect("build-finished", _lighten, priority=900)
