"""The page at the site's address, which leads to the introduction."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<title>{title}</title>
<link rel="canonical" href="{site}{first}" />
<link rel="icon" href="_static/{icon}" />
<meta http-equiv="refresh" content="0; url={first}" />
</head>
<body><main><h1>{title}</h1><p><a href="{first}">Read the book</a></p></main></body>
</html>
"""


def _write(app: Sphinx, error: Exception | None) -> None:
    if error is None and app.builder.format == "html":
        first = app.builder.get_target_uri(app.config.root_doc)
        page = PAGE.format(
            title=escape(app.config.html_title),
            site=app.config.html_baseurl,
            first=first,
            icon=Path(app.config.html_favicon).name,
        )
        (Path(app.outdir) / "index.html").write_text(page, encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Runs before the table of contents' extension, which would write a page without a title."""
    app.connect("build-finished", _write, priority=400)
