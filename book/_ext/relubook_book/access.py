"""Repairs what docutils and the theme wrote for screen readers, keyboards and dark rooms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# docutils marks each work of a bibliography with a role that ARIA has withdrawn.
WITHDRAWN, PRESENT = 'role="doc-biblioentry"', 'role="listitem"'
REPAIRS = {
    # The theme leaves the book's name in its sidebar outside of every landmark.
    '<div id="pst-primary-sidebar"': (
        '<div id="pst-primary-sidebar" role="region" aria-label="Book"'
    ),
    # It finds out late whether the system is dark: until then, half a second, the page is white.
    'document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";': (
        "const { dataset } = document.documentElement;\n"
        '    const dark = matchMedia("(prefers-color-scheme: dark)").matches;\n'
        '    const system = dark ? "dark" : "light";\n'
        '    dataset.theme = ["light", "dark"].includes(dataset.mode) ? dataset.mode : system;'
    ),
}


def _repair(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    if "body" in context:
        context["body"] = context["body"].replace(WITHDRAWN, PRESENT)


def repaired(page: str) -> str:
    """Returns a whole page with what the theme's templates lack."""
    for written, better in REPAIRS.items():
        page = page.replace(written, better)
    return page


def _repair_templates(app: Sphinx, error: Exception | None) -> None:
    if error is not None or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        path.write_text(repaired(path.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Repairs each page before it is put into its template, and the templates' own parts after."""
    app.add_js_file("equations.js", loading_method="defer")
    app.connect("html-page-context", _repair)
    app.connect("build-finished", _repair_templates, priority=850)
