"""Repairs what keeps a screen reader, or a keyboard, from what docutils and the theme wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# docutils marks each work of a bibliography with a role that ARIA has withdrawn.
WITHDRAWN, PRESENT = 'role="doc-biblioentry"', 'role="listitem"'
# The theme leaves the book's name in its sidebar outside of every landmark.
SIDEBAR = '<div id="pst-primary-sidebar"'
NAMED_SIDEBAR = f'{SIDEBAR} role="region" aria-label="Book"'


def _repair(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    if "body" in context:
        context["body"] = context["body"].replace(WITHDRAWN, PRESENT)


def _name_the_sidebar(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        path.write_text(page.replace(SIDEBAR, NAMED_SIDEBAR), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Repairs each page before it is put into its template, and the templates' own parts after."""
    app.add_js_file("equations.js", loading_method="defer")
    app.connect("html-page-context", _repair)
    app.connect("build-finished", _name_the_sidebar, priority=850)
