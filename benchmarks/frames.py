"""How long each explorer takes to answer a moved slider, in a real Chromium.

Counted is the work of the page's main thread from the slider's event until the picture is ready:
script, styles, layout and painting, as the browser itself reports it. Sliders are set to random
places, one after the other, so that no step is an easy one. A bare slider, which moves nothing,
shows what measuring takes by itself. While the hinge builder trains a network, the gaps between its
frames are counted instead.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from relubook import records
from relubook.records.passport import Stopwatch, passport
from relubook.widgets import CostExplorer, HingeBuilder, L1Explorer, NeuronBench, RegionViewer
from relubook.widgets.lives import Explorable

sys.path.append(str(Path(__file__).parents[1] / "tools"))

import chromium

REVISION = 2  # a bare slider is measured, too
BARS = (0.016, 0.050)  # seconds of one redraw: median, worst
MOVES = 200
BARE = "bare slider"
Arrays = dict[str, np.ndarray]

_MOVE = """async ([slider, share]) => {
  const low = Number(slider.min || 0), high = Number(slider.max || 100);
  const step = Number(slider.step || 1);
  slider.value = low + step * Math.round((share * (high - low)) / step);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  await frame();
  await frame();
}"""
_GAPS = """(button) => new Promise((done) => {
  const times = [];
  const watch = (now) => {
    times.push(now);
    if (times.length > 5 && button.isConnected && !button.disabled && times.idle > 30) {
      done(times.map((time, i) => (i ? (time - times[i - 1]) / 1000 : 0)).slice(1, -30));
      return;
    }
    const busy = [...document.querySelectorAll("progress")].some((bar) => bar.offsetParent);
    times.idle = busy ? 0 : (times.idle ?? 0) + 1;
    requestAnimationFrame(watch);
  };
  button.click();
  requestAnimationFrame(watch);
})"""


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A widget on a page of its own.

    Attributes:
        name: In the record.
        make: The widget, from committed records.
        train: The beginning of the name of a button that trains in the page; empty without one.
    """

    name: str
    make: Callable[[], Explorable]
    train: str = ""


def _l1_explorer() -> Explorable:
    large, small = (
        records.load("depth-and-l1", scale="laptop", data=data) for data in ("mnist", "mnist-5k")
    )
    return L1Explorer.from_records(large, small)


def _cost_explorer() -> Explorable:
    return CostExplorer.from_record(records.load("skipping-zeros", scale="laptop", data="mnist"))


def _hinge_builder() -> Explorable:
    return HingeBuilder.from_record(records.load("hinges", scale="laptop", data="curves"))


def _region_viewer() -> Explorable:
    return RegionViewer.from_record(records.load("folding", scale="laptop", data="spirals"))


STAGES = (
    Stage(name="HingeBuilder", make=_hinge_builder, train="Train"),
    Stage(name="NeuronBench", make=NeuronBench),
    Stage(name="L1Explorer", make=_l1_explorer),
    Stage(name="CostExplorer", make=_cost_explorer),
    Stage(name="RegionViewer", make=_region_viewer),
)


def run(moves: int, *, say: Callable[[str], None], browser: Browser | None = None) -> Arrays:
    """Every widget moved about, and the page's training watched.

    Args:
        moves: How often sliders are moved, in all, for each widget.
        say: Told what comes next.
        browser: A running one; by default one is started.

    Returns:
        `NAME.redraw` [moves], and `NAME.training` [frames] where a page trains: seconds.

    Raises:
        OSError: If there is no Chromium.
    """
    with running(browser) as window, tempfile.TemporaryDirectory() as folder:
        say("a bare slider ...")
        arrays: Arrays = {
            f"{BARE}.redraw": _moved("<input type=range>", window, Path(folder), moves)
        }
        for stage in STAGES:
            say(f"{stage.name} ...")
            arrays |= _measured(stage, window, Path(folder), moves)
        return arrays


@contextmanager
def running(browser: Browser | None) -> Iterator[Browser]:
    """The given browser, or one for the time being.

    Raises:
        OSError: If there is no Chromium.
    """
    if browser is not None:
        yield browser
        return
    executable = chromium.need()
    with sync_playwright() as driver:
        window = driver.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        yield window
        window.close()


def _moved(body: str, browser: Browser, folder: Path, moves: int) -> np.ndarray:
    """The redraws of a page with that body."""
    with _page(body, browser, folder) as page:
        return redraws(page, moves)


def _measured(stage: Stage, browser: Browser, folder: Path, moves: int) -> Arrays:
    """The redraws of one widget, and the frames while it trains."""
    with _page(stage.make().html(), browser, folder) as page:
        found = {f"{stage.name}.redraw": redraws(page, moves)}
        if stage.train:
            button = page.get_by_role("button", name=stage.train).first
            found[f"{stage.name}.training"] = np.array(button.evaluate(_GAPS))
        return found


@contextmanager
def _page(body: str, browser: Browser, folder: Path) -> Iterator[Page]:
    """A page of its own, from the disk."""
    path = folder / "page.html"
    main = f'<main style="max-width: 740px; margin: auto">{body}</main>'
    path.write_text(f'<!doctype html><meta charset="utf-8">{main}', encoding="utf-8")
    page = browser.new_page(viewport={"width": 1000, "height": 1200})
    page.goto(path.as_uri(), wait_until="load")
    yield page
    page.close()


def redraws(page: Page, moves: int) -> np.ndarray:
    """What each of many moves costs the page's main thread [s].

    Args:
        page: Shows the widget.
        moves: How many, over all sliders in turn.
    """
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    sliders = page.locator("input[type=range]:visible").element_handles()
    places, taken = np.random.default_rng(0).random(moves), []
    for turn, place in enumerate(places):
        before = _busy(session)
        page.evaluate(_MOVE, [sliders[turn % len(sliders)], place])
        taken.append(_busy(session) - before)
    return np.array(taken)


def _busy(session: CDPSession) -> float:
    """Seconds that the main thread has worked so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")


def record(
    arrays: Arrays, *, stopwatch: Stopwatch, machines: list[dict[str, Any]], command: str
) -> records.Record:
    """What was measured, with its passport.

    Args:
        arrays: From `run`.
        stopwatch: Begun before the first move.
        machines: The machine's state before and after.
        command: What was typed.
    """
    moves = max(len(times) for name, times in arrays.items() if name.endswith(".redraw"))
    config = {"widgets": [stage.name for stage in STAGES], "moves": moves, "bars": list(BARS)}
    whole = passport(
        stopwatch=stopwatch, device="cpu", data=seen("widgets"), seeds=(0,), command=command
    )
    return in_chromium(
        "frames", arrays, config, {**whole, "machine": machines},
        revision=REVISION, quick=moves != MOVES,
    )  # fmt: skip


def seen(what: str) -> dict[str, str]:
    """What a browser was shown, as a passport names data."""
    return {"name": what, "sha256": "", "source": "embedded"}


def in_chromium(
    name: str,
    arrays: Arrays,
    config: dict[str, Any],
    whole: dict[str, Any],
    *,
    revision: int,
    quick: bool,
) -> records.Record:
    """The record of what was measured in a Chromium.

    Args:
        name: Of the benchmark.
        arrays: What was measured.
        config: How.
        whole: Its passport.
        revision: Raised by hand when results may change.
        quick: Whether it only shows that everything runs.
    """
    return records.Record(
        experiment=name,
        scale="smoke" if quick else "laptop",
        data="chromium",
        digest=records.digest(config, "", revision),
        config=config,
        passport=whole,
        arrays=arrays,
    )


def table(made: records.Record) -> str:
    """The times as text."""
    lines = [f"  {'':24} {'n':>6} {'median [ms]':>12} {'worst [ms]':>12}"]
    for name, times in made.arrays.items():
        middle, worst = 1000 * np.median(times), 1000 * times.max()
        lines.append(f"  {name:24} {len(times):6} {middle:12.1f} {worst:12.1f}")
    return "\n".join(lines)
