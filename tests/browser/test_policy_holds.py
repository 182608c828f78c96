"""What the pages' policy stops in a real browser, and what it leaves alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from built_book import page_names

from browser_support import offline_page

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

CHAPTERS = [name for name in page_names() if name.startswith("chapters/")]
IMAGE = "<img src=x onerror='document.title = `run`'>"
SETTINGS = (
    "l1", "depth", "s", "digit", "zeros", "batch", "labels", "seed", "alpha", "rate", "steps",
    "picture", "step", "width", "unit", "quantity", "data",
)  # fmt: skip
NAME = re.compile(r'"name":"([a-z0-9-]+)"')
ATTEMPTS = {
    "an inline script": "let s = document.createElement('script'); s.text = RUN;"
    " document.body.append(s)",
    "a handler": "document.body.insertAdjacentHTML('beforeend', `<i onclick=\"${RUN}\">x</i>`);"
    " document.body.lastChild.click()",
    "text that is made a function": "setTimeout(RUN)",
    "a script of somebody else": "let s = document.createElement('script');"
    " s.src = 'https://example.org/x.js'; document.body.append(s)",
    "a script in an address": "location.href = 'javascript:' + RUN",
    "a script in data": "let s = document.createElement('script');"
    " s.src = 'data:text/javascript,' + RUN; document.body.append(s)",
}
ASKING = {
    "fetch": "fetch('https://example.org/').catch(() => 0)",
    "beacon": "navigator.sendBeacon('https://example.org/')",
    "picture": "new Image().src = 'https://example.org/x.png'",
    "frame": "document.body.insertAdjacentHTML('beforeend',"
    " '<iframe src=\"https://example.org/\"></iframe>')",
    "style": "document.body.insertAdjacentHTML('beforeend',"
    " '<link rel=stylesheet href=\"https://example.org/x.css\">')",
}


def numbers(book: Path, name: str) -> list[str]:
    """What the widgets of a page are given."""
    page = (book / f"{name}.html").read_text(encoding="utf-8")
    named = re.findall(r'data-numbers="([^"]+)"', page)
    return [(book / "_static/widgets" / file).read_text(encoding="utf-8") for file in named]


@pytest.mark.parametrize("served", [False, True], ids=["disk", "server"])
@pytest.mark.parametrize("code", ATTEMPTS.values(), ids=ATTEMPTS)
def test_text_in_a_page_cannot_become_a_script(
    chromium: Browser, book: Path, server: str, code: str, served: bool
) -> None:
    with offline_page(chromium, allow=server if served else None) as tab:
        page = "book/how_to_read.html"
        tab.open(server + page if served else book / page)
        before = tab.page.title()
        tab.page.evaluate(f"() => {{ const RUN = 'document.title = `run`'; {code} }}")
        tab.page.evaluate("new Promise((go) => setTimeout(go, 50))")
        assert tab.page.title() == before
        assert any("Content Security Policy" in message for message in tab.messages)


@pytest.mark.parametrize("code", ASKING.values(), ids=ASKING)
def test_a_page_cannot_ask_another_machine(chromium, book, server, code: str) -> None:
    with offline_page(chromium, allow=server) as tab:
        tab.open(f"{server}book/how_to_read.html")
        tab.page.evaluate(f"() => {{ {code} }}")
        tab.page.evaluate("new Promise((go) => setTimeout(go, 50))")
        assert any("Content Security Policy" in message for message in tab.messages)


@pytest.mark.parametrize("name", CHAPTERS)
def test_hostile_text_in_the_address_and_in_the_store_stays_text(
    chromium: Browser, book: Path, name: str
) -> None:
    """Widgets read both: a setting that was linked, and what a reader predicted before."""
    with offline_page(chromium) as tab:
        tab.open(book / f"{name}.html")
        tab.draw_widgets()
        names = NAME.findall(" ".join(numbers(book, name)))
        keys = [f"relubook:{kind}:{one}" for kind in ("prediction", "quiz") for one in names]
        assert names
        for text in (IMAGE, f'{{"value": "{IMAGE}", "answers": ["{IMAGE}"]}}'):
            put = "([keys, text]) => keys.forEach((key) => localStorage.setItem(key, text))"
            tab.page.evaluate(put, [keys, text])
            fragment = "#" + "&".join(f"{setting}={IMAGE}" for setting in SETTINGS)
            tab.page.goto("about:blank")
            tab.open(book / f"{name}.html", fragment)
            tab.draw_widgets()
            assert tab.page.locator("img[src=x]").count() == 0
            assert not tab.page.title().startswith("run")
        tab.assert_quiet()
