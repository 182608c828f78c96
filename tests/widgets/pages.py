"""Standalone pages around a widget, as plain as they come, in the themes the book has."""

from pathlib import Path

THEMES = """
:root { color-scheme: light dark; }
html[data-theme="light"] { color-scheme: light; } html[data-theme="dark"] { color-scheme: dark; }
body { margin: 0; padding: 16px; background: Canvas; color: CanvasText; font: 16px sans-serif; }
main { max-width: 740px; margin: auto; }
"""


def write_page(folder: Path, *widgets: str, theme: str | None = None, width: str = "auto") -> Path:
    """Write one page with the widgets' HTML in it and return its path."""
    mark = f' data-theme="{theme}"' if theme else ""
    body = "\n".join(f'<div style="width:{width}">{html}</div>' for html in widgets)
    page = folder / "page.html"
    page.write_text(
        f'<!doctype html><html lang="en"{mark}><head><meta charset="utf-8"><title>Widgets</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{THEMES}</style></head><body><main><h1>Widgets</h1>{body}</main></body></html>",
        encoding="utf-8",
    )
    return page
