"""Repairs what keeps a screen reader from reading a page that docutils wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# docutils marks each work of a bibliography with a role that ARIA has withdrawn.
WITHDRAWN, PRESENT = 'role="doc-biblioentry"', 'role="listitem"'


def _repair(
    _app: Sphinx, _page: str, _template: str, context: dict[str, Any], _doctree: Any
) -> None:
    if "body" in context:
        context["body"] = context["body"].replace(WITHDRAWN, PRESENT)


def setup(app: Sphinx) -> None:
    """Repairs each page before it is put into its template."""
    app.connect("html-page-context", _repair)
