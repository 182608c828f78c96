"""Icons of the theme, without those that no page draws.

The theme ships all of Font Awesome three times, as a script of 1.5 MB, as rules of its style sheet
and as fonts, to draw some twenty icons. Every icon whose name occurs in no page and in no other
script is cut out of all three.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools import subset
from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx

SCRIPT = "_static/scripts/fontawesome.js"
SHEET = "_static/styles/pydata-sphinx-theme.css"
FONTS = "_static/vendor/fontawesome/webfonts"
# One icon of the script: name:[width,height,["alias",...],"codepoint","path" or ["path",...]],
ICON = re.compile(
    r'("?)(?P<name>[a-z0-9-]+)\1:\[\d+,\d+,\[(?P<aliases>[^\]]*)\],"[0-9a-f]+",'
    r'(?:"[^"]*"|\[[^\]]*\])\],?'
)
# One icon of the style sheet, under all its names: .fa-bars:before,.fa-navicon:before{content:...}
RULE = re.compile(r'(?P<names>(?:\.fa-[a-z0-9-]+:before,?)+)\{content:"[^"]*"\}')
DRAWN = re.compile(r'"\\([0-9a-f]{3,5})"')  # a character that a style sheet puts into a page


def icon_names(texts: Iterable[str]) -> set[str]:
    """Returns the names of all icons that `texts` ask for, as in `class="fa-solid fa-bars"`."""
    return {name for text in texts for name in re.findall(r"\bfa-([a-z0-9-]+)", text)}


def keep_icons(script: str, used: set[str]) -> str:
    """Returns the icon script with only the icons whose name or alias is in `used`."""

    def keep(found: re.Match[str]) -> str:
        names = {found["name"], *re.findall(r'"([a-z0-9-]+)"', found["aliases"])}
        return found[0] if names & used else ""

    return ICON.sub(keep, script)


def keep_rules(sheet: str, used: set[str]) -> str:
    """Returns the style sheet with only the icons one of whose names is in `used`."""
    return RULE.sub(lambda found: found[0] if icon_names([found["names"]]) & used else "", sheet)


def characters(sheet: str) -> set[int]:
    """Returns the code points of all characters that the style sheet draws."""
    return {int(point, 16) for point in DRAWN.findall(sheet)}


def keep_characters(font: Path, points: set[int]) -> Path:
    """Writes the font with only those characters beside it, as WOFF, and returns its path."""
    thin = TTFont(font)
    options = subset.Options(layout_features=[], name_IDs=[0, 1, 2, 13, 14])  # with its license
    cut = subset.Subsetter(options)
    cut.populate(unicodes=points)
    cut.subset(thin)
    thin.flavor = "woff"
    thin.save(font.with_suffix(".woff"))
    return font.with_suffix(".woff")


def _cut(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    output = Path(app.outdir)
    pages = list(output.rglob("*.html"))
    readers = (*pages, *output.glob("_static/**/*.js"))
    used = icon_names(_read(path) for path in readers if path != output / SCRIPT)
    _write(output / SCRIPT, keep_icons(_read(output / SCRIPT), used))
    sheet = keep_rules(_read(output / SHEET), used)
    for font in sorted((output / FONTS).glob("*.ttf")):
        keep_characters(font, characters(sheet))
        font.unlink()
        font.with_suffix(".woff2").unlink()
    other = r',url\([^)]*\.ttf\) format\("truetype"\)'
    sheet = re.sub(other, "", sheet).replace('.woff2) format("woff2")', '.woff) format("woff")')
    _write(output / SHEET, sheet)
    for path in pages:  # which ask for the fonts ahead
        _write(path, re.sub(r"(webfonts/fa-[a-z0-9-]+\.woff)2\b", r"\1", _read(path)))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Runs once the pages and all static files are written."""
    app.connect("build-finished", _cut, priority=900)
