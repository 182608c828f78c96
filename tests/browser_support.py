"""A real browser with the network cut, for tests of widgets and of built pages.

Use in a conftest::

    from browser_support import chromium  # noqa: F401  (a session fixture)

and in a test::

    with offline_page(chromium, width=375, dark=True) as tab:
        tab.open(path)
        ...
        tab.assert_quiet()
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright._impl._driver import compute_driver_executable
from playwright.sync_api import Browser, Locator, Page, sync_playwright
from project_files import load

_TALLEST = 15_000  # CSS pixels of a picture; beyond them Chromium repeats what it has drawn
LOCAL = ("file:", "data:", "blob:", "about:")
# No name leads anywhere. That the browser asks at all fails a test; see `Tab.assert_quiet`. To let
# Playwright stop each request instead would double the time that a page takes to open.
ALONE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


def find_node() -> str:
    """Return the node that travels in the playwright wheel."""
    driver = compute_driver_executable()
    return str(driver[0] if isinstance(driver, tuple) else driver)


def run_node(*arguments: str, timeout: float = 60.0) -> subprocess.CompletedProcess[str]:
    """Run the wheel's node and return the finished process, output as text."""
    command = [find_node(), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)


@dataclass(kw_only=True)
class Tab:
    """One page of an offline browser with everything it asked for and said."""

    page: Page
    allowed: tuple[str, ...] = LOCAL
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self._note(request.url))
        self.page.on("console", lambda message: self.messages.append(message.text))
        self.page.on("pageerror", lambda error: self.messages.append(str(error)))

    def _note(self, url: str) -> None:
        if not url.startswith(self.allowed):
            self.requests.append(url)

    def open(self, place: Path | str, fragment: str = "") -> None:
        """Open a file (a path) or an allowed address, and wait until it is loaded."""
        address = place.resolve().as_uri() if isinstance(place, Path) else place
        self.page.goto(address + fragment, wait_until="load")

    def until(self, expression: str) -> None:
        """Wait until the expression holds, also where a page's policy forbids `eval`."""
        looking = (
            "new Promise((done, failed) => { const since = performance.now();"
            f" const look = () => {{ if ({expression}) return done();"
            " if (performance.now() - since > 20_000) return failed(new Error('It never held.'));"
            " setTimeout(look, 20); }; look(); })"
        )
        self.page.evaluate(looking)

    def draw_widgets(self) -> None:
        """Start the widgets of a page of the book that wait for a reader to come near."""
        self.page.evaluate("globalThis.relubook?.everything().then(() => null)")

    def reload(self) -> None:
        """Load the page again with what it had written, put back if the browser lost it.

        Now and then Chromium 156 forgets what a page wrote in the instant before a reload, for
        good. What a page writes, and what it makes of it when loaded, is the page's own.
        """
        kept = "Object.entries(localStorage).sort()"
        written = self.page.evaluate(kept)
        self.page.add_init_script(f"window.keptAtStart = {kept}")
        for _ in range(5):
            self.page.reload()
            if self.page.evaluate("keptAtStart") == written:
                return
            put = "items => items.forEach((item) => localStorage.setItem(...item))"
            self.page.evaluate(f"localStorage.clear(), ({put})({json.dumps(written)})")
        raise AssertionError("The browser did not keep what the page wrote in five reloads.")

    def keep_picture(self, look: str) -> None:
        """Store what the page looks like, if `RELUBOOK_PICTURES` names a folder to keep it in."""
        folder = os.environ.get("RELUBOOK_PICTURES")
        if not folder:
            return
        page = urlsplit(self.page.url).path.rpartition("/_build/html/")[2].partition(".html")[0]
        path = Path(folder) / look / f"{page.strip('/').replace('/', '-')}.jpg"
        tall = min(_TALLEST, int(self.page.evaluate("document.documentElement.scrollHeight")))
        size = self.page.viewport_size
        assert size is not None
        clip = {"x": 0, "y": 0, "width": size["width"], "height": tall}
        self.page.screenshot(path=path, type="jpeg", quality=70, full_page=True, clip=clip)

    def assert_quiet(self) -> None:
        """Fail when the page asked the network for anything or wrote to the console."""
        assert self.requests == []
        assert self.messages == []

    def sideways_overflow(self) -> int:
        """Return by how many CSS pixels the page is wider than its window."""
        root = "document.documentElement"
        return int(self.page.evaluate(f"{root}.scrollWidth - {root}.clientWidth"))

    def axe_violations(self, selector: str = "body", *, colors: bool | None = None) -> list[str]:
        """Return what axe-core finds inside the selector, one line a rule.

        Args:
            selector: Of the part to look at.
            colors: Whether to look at the contrast of colors alone, or at all else; None for both.
                Contrast takes most of the time, and all else is the same in both themes.
        """
        options = {"resultTypes": ["violations"], "preload": False}  # files cannot be fetched
        if colors is not None:
            contrast = {"color-contrast": {"enabled": False}}
            options |= {"runOnly": ["color-contrast"]} if colors else {"rules": contrast}
        found = Axe().run(self.page, context=selector, options=options).response["violations"]
        return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found]


@contextmanager
def offline_page(
    browser: Browser,
    *,
    width: int = 1000,
    height: int = 900,
    dark: bool = False,
    reduced_motion: bool = False,
    touch: bool = False,
    scripts: bool = True,
    allow: str | None = None,
) -> Iterator[Tab]:
    """Yield a `Tab` that can read files only, and the one address prefix `allow` if given."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce" if reduced_motion else "no-preference",
        has_touch=touch,
        java_script_enabled=scripts,
    )
    allowed = (*LOCAL, allow) if allow else LOCAL
    context.set_offline(allow is None)
    try:
        yield Tab(page=context.new_page(), allowed=allowed)
    finally:
        context.close()


def drag(page: Page, slider: Locator, to: float) -> None:
    """Drag a range input with the real mouse from its thumb to the fraction `to` of its track."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    low, high, value = (
        float(slider.evaluate(f"s => s.{name}")) for name in ("min", "max", "value")
    )
    middle = box["y"] + box["height"] / 2
    track, thumb = box["width"] - 24, 12
    page.mouse.move(box["x"] + thumb + track * (value - low) / (high - low), middle)
    page.mouse.down()
    page.mouse.move(box["x"] + thumb + track * to, middle, steps=6)
    page.mouse.up()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, headless; a browser test without one fails, it never passes."""
    executable = load("tools/chromium.py").need()
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=executable, args=["--no-sandbox", ALONE])
        yield browser
        browser.close()
