"""Standalone pages around a widget, as plain as they come, in the themes the book has."""

import json
from pathlib import Path

from playwright.sync_api import Locator

from browser_support import Tab
from relubook.widgets.on_demand import OnDemand

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


# A live model as anywidget gives it, with a kernel that a test speaks for.
KERNEL = """
const state = %s;
const listeners = {};
const model = {
  get: (key) => state[key],
  set: (key, value) => { state[key] = value; },
  on: (event, act) => { (listeners[event] ??= new Set()).add(act); },
  off: (event, act) => { listeners[event]?.delete(act); },
  save_changes: () => { kernel.sent.push(structuredClone(state.request)); },
};
window.kernel = {
  sent: [], state,
  say(changes) {
    Object.assign(state, changes);
    for (const key of Object.keys(changes)) listeners[`change:${key}`]?.forEach((act) => act());
  },
  listeners: () => Object.values(listeners).reduce((sum, set) => sum + set.size, 0),
};
const url = URL.createObjectURL(new Blob([%s], { type: "text/javascript" }));
import(url).then((widget) => {
  kernel.close = widget.default.render({ model, el: document.querySelector("#cell") });
});
"""


def write_live_page(folder: Path, widget: OnDemand) -> Path:
    """Write a page that loads the widget's ES module with a live model, as a notebook does."""
    names = (*widget.static_state, "request", "progress", "live", "has_kernel")
    state = json.dumps({name: getattr(widget, name) for name in names})
    script = KERNEL % (state, json.dumps(str(widget._esm)).replace("</", "<\\/"))
    return write_page(
        folder, f'<style>{widget._css}</style><div id="cell"></div><script>{script}</script>'
    )


L1, DEPTH = "L1 strength", "Depth"
ZEROS, BATCH = "Exact zeros", "Batch size"


def slider(tab: Tab, name: str) -> Locator:
    """A slider, by the name that a screen reader says."""
    return tab.page.get_by_role("slider", name=name)


def said(tab: Tab) -> str:
    """The live sentence, with plain spaces."""
    return tab.page.locator(".said").inner_text().replace("\u00a0", " ")
