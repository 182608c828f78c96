"""One widget, three lives: in a static page, beside a live kernel, and on paper.

1. Static page: the numbers travel in the page as JSON, the module as a classic script; sliders
   work without a kernel, without a network and from a file on the disk.
2. Live kernel (Jupyter, Colab): the same module through anywidget.
3. Print, or no JavaScript: the sentence and the table inside the container.

The HTML holds no id, no address and nothing random: the same data give the same bytes.
"""

import html
import json
import math
import re
from collections.abc import Iterator
from typing import Any, ClassVar

import anywidget
import numpy as np
from traitlets import Dict

from relubook.widgets.bundle import classic

# A model over the page's own JSON, for the module's `render`. `life` tells it where it lives.
START = """((widget, script) => {
const el = script.previousElementSibling.querySelector(".relubook-view");
const state = JSON.parse(el.parentNode.querySelector("script").textContent);
const model = { get: (key) => state[key], set: (key, value) => { state[key] = value; },
  on() {}, off() {}, save_changes() {} };
widget.render({ model, el });
})(%s, document.currentScript);"""


class Explorable(anywidget.AnyWidget):
    """A widget that lives in a static page, beside a kernel, and on paper.

    A subclass gives `_esm` and `_css` (texts from `bundle`), synchronized traits, `fallback()`,
    and in `static_state` the names of the traits that a static page needs.

    Raises:
        ValueError: If the data hold a number that is not finite, or are too large for a page.
    """

    data = Dict().tag(sync=True)
    largest_data: ClassVar[int] = 1_000_000  # bytes of JSON in a page
    static_state: ClassVar[tuple[str, ...]] = ("data",)

    _esm: ClassVar[Any]
    _css: ClassVar[Any]
    _ipython_display_ = None  # ipywidgets 7 (Colab) would show it and skip the bundle below

    def __init__(self, **traits: Any) -> None:
        name = type(self).__name__
        refuse_what_json_cannot_hold(traits.get("data", {}), name)
        size = len(_json(traits.get("data", {})))
        if size > self.largest_data:
            raise ValueError(
                f"The `data` of {name} must be at most {self.largest_data:,} bytes of JSON, or "
                f"the page grows too heavy. Got {size:,}."
            )
        super().__init__(**traits)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"

    def fallback(self) -> str:
        """Return HTML that says the same without JavaScript: a sentence, and a table if useful."""
        raise NotImplementedError(f"{type(self).__name__} must say itself in words.")

    def html(self) -> str:
        """Return the static life: container, style, numbers, module; no id, the same bytes."""
        state = {name: getattr(self, name) for name in self.static_state}
        numbers = _json({**state, "has_kernel": False, "life": "page"})
        return (
            f'<div class="relubook"><style>{self._css}</style>'
            f'<script type="application/json">{numbers}</script>'
            f'<div class="relubook-view">{self.fallback()}</div></div>'
            f"<script>{START % classic(str(self._esm))}</script>"
        )

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Return anywidget's own bundle and metadata, with text and the static life beside it."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        shown, metadata = bundle
        return {**shown, "text/plain": repr(self), "text/html": self.html()}, metadata


def refuse_what_json_cannot_hold(value: object, name: str) -> None:
    """Raise a ValueError that names the first number that is not finite, and where it stands."""
    for place, number in _numbers(value, "data"):
        if not math.isfinite(number):
            raise ValueError(
                f"The `data` of {name} must hold finite numbers only. Got {number} at {place}."
            )


def escape(text: object) -> str:
    """Return the text for use inside HTML, quotes included."""
    return html.escape(str(text))


def written(number: float | int) -> str:
    """Return the number as a reader writes it: 0.00001, never 1e-05."""
    return np.format_float_positional(number, trim="-")


def rich(text: str) -> str:
    """Return the text for HTML; what stands between backticks becomes code, as in `dom.mjs`."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if i % 2 else part for i, part in enumerate(parts))


def check_name(name: str, widget: str) -> None:
    """Raise a ValueError unless the name can be a plain key in a browser's storage."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
        raise ValueError(
            f"The `name` of {widget} must be lowercase letters and digits, with single hyphens "
            f"between. Got {name!r}."
        )


def _numbers(value: object, place: str) -> Iterator[tuple[str, float]]:
    if isinstance(value, float):
        yield place, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _numbers(item, f"{place}.{key}")
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _numbers(item, f"{place}[{index}]")


def _json(value: object) -> str:
    text = json.dumps(value, sort_keys=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")  # no text can close or open an element
