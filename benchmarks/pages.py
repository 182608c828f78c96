"""How heavy each page of the book is, and how soon it is there, in a real Chromium.

Weighed is what the browser asks for: pages, styles, scripts and data as gzip sends them, pictures
and fonts as they are. *First* is a page that somebody opens who has seen none; *afterwards* the
same page for a reader who comes from the introduction; *whole* is what it takes when the reader has
scrolled past every picture and every widget. The first paint is that of a page opened from the
disk, by the browser's own clock.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
import yaml
from playwright.sync_api import Browser, BrowserContext

from benchmarks.frames import in_chromium, running, seen
from relubook import records
from relubook.records.passport import Stopwatch, passport

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tools"))

import build_book  # noqa: E402

REVISION = 1
BARS = {"first": 1_000_000, "afterwards": 150_000, "site": 25_000_000, "paint": 1.0}  # bytes, s
OPENINGS = 5
SCREEN = {"width": 1280, "height": 900}
PACKED = frozenset({".png", ".woff", ".woff2", ".gz", ".zip", ".whl"})  # gzip gains nothing here
Arrays = dict[str, np.ndarray]

_PAINT = """new Promise((done) => new PerformanceObserver((seen) => {
  const found = seen.getEntriesByName("first-contentful-paint")[0];
  if (found) done(found.startTime);
}).observe({ type: "paint", buffered: true }))"""
_ALL = """async () => {
  await globalThis.relubook?.everything();
  for (const picture of document.images) picture.loading = "eager";
  await Promise.all([...document.images].map((picture) => picture.decode().catch(() => null)));
}"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Writes nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server of the built book, on this machine alone."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def names() -> list[str]:
    """The pages of the table of contents, the introduction first."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    return [toc["root"], *(page["file"] for part in toc["parts"] for page in part["chapters"])]


@functools.cache
def weight(path: Path) -> int:
    """What a file weighs on its way to a reader [byte]."""
    content = path.read_bytes()
    return len(content) if path.suffix in PACKED else len(gzip.compress(content, mtime=0))


def weigh(folder: Path, pages: list[str], *, browser: Browser) -> dict[str, list[int]]:
    """What a reader's browser fetches for each page [byte].

    Args:
        folder: Of the built book.
        pages: Names, without an ending.
        browser: A running one.

    Returns:
        `first`, `afterwards` and `whole`, each with one weight for each page.
    """
    found: dict[str, list[int]] = {"first": [], "afterwards": [], "whole": []}
    with served(folder) as address:
        known = _fetched(browser.new_context(viewport=SCREEN), address, pages[0])[0]
        for page in pages:
            early, late = _fetched(browser.new_context(viewport=SCREEN), address, page)
            for name, files in (
                ("first", early), ("afterwards", early - known), ("whole", early | late)
            ):  # fmt: skip
                found[name].append(sum(weight(folder / file) for file in files))
    return found


def _fetched(context: BrowserContext, address: str, page: str) -> tuple[set[str], set[str]]:
    """The files that a page takes to open, and those that it takes further down."""
    tab, asked = context.new_page(), set[str]()
    tab.on("request", lambda request: asked.add(unquote(urlsplit(request.url).path[1:])))
    tab.goto(f"{address}{page}.html", wait_until="networkidle")
    early = set(asked)
    tab.evaluate(_ALL)
    context.close()
    return early, asked


def paints(folder: Path, pages: list[str], *, browser: Browser, openings: int) -> np.ndarray:
    """When something is to be seen of a page that is opened from the disk [s].

    Args:
        folder: Of the built book.
        pages: Names, without an ending.
        browser: A running one.
        openings: How often each is opened, in a window of its own.

    Returns:
        Times [pages openings].
    """
    times = np.zeros((len(pages), openings))
    for turn, place in np.ndindex(openings, len(pages)):  # every page before any page again
        tab = browser.new_page(viewport=SCREEN)
        tab.goto((folder / f"{pages[place]}.html").as_uri(), wait_until="load")
        times[place, turn] = tab.evaluate(_PAINT) / 1000
        tab.close()
    return times


def run(openings: int, *, say: Callable[[str], None], browser: Browser | None = None) -> Arrays:
    """The book built, and every page weighed and opened.

    Args:
        openings: How often each page is opened from the disk.
        say: Told what comes next.
        browser: A running one; by default one is started.

    Returns:
        `first`, `afterwards` and `whole` [pages] in bytes, `paint` [pages openings] in seconds,
        `site` [1] in bytes.

    Raises:
        OSError: If there is no Chromium.
    """
    with running(browser) as window, tempfile.TemporaryDirectory() as folder:
        say("building the book ...")
        built = build_book.build(Path(folder))
        say("weighing its pages ...")
        arrays = {name: np.array(of) for name, of in weigh(built, names(), browser=window).items()}
        say("opening its pages ...")
        arrays["paint"] = paints(built, names(), browser=window, openings=openings)
        files = (path for path in built.rglob("*") if path.is_file())
        return {**arrays, "site": np.array([sum(path.stat().st_size for path in files)])}


def record(
    arrays: Arrays, *, stopwatch: Stopwatch, machines: list[dict[str, Any]], command: str
) -> records.Record:
    """What was measured, with its passport.

    Args:
        arrays: From `run`.
        stopwatch: Begun before the book was built.
        machines: The machine's state before and after.
        command: What was typed.
    """
    openings = arrays["paint"].shape[1]
    config = {"pages": names(), "openings": openings, "bars": BARS}
    whole = passport(
        stopwatch=stopwatch, device="cpu", data=seen("the built book"), seeds=(0,), command=command
    )
    return in_chromium(
        "pages", arrays, config, {**whole, "machine": machines},
        revision=REVISION, quick=openings != OPENINGS,
    )  # fmt: skip


def table(made: records.Record) -> str:
    """The weights and times as text."""
    head = ("first", "afterwards", "whole")
    lines = [f"  {'':36}" + "".join(f"{f'{name} [kB]':>18}" for name in head) + "  paint [s]"]
    for place, page in enumerate(made.config["pages"]):
        weights = "".join(f"{made.arrays[name][place] / 1000:18.0f}" for name in head)
        lines.append(f"  {page:36}{weights}{np.median(made.arrays['paint'][place]):11.2f}")
    return "\n".join([*lines, f"  all files: {made.arrays['site'][0] / 1e6:.1f} MB"])
