"""The directive `{speed-frames}`: how fast the explorers answer in a browser, as recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from relubook_book.markup import NO_BREAK_SPACE, markdown, table
from relubook_book.speed import missing, origin, read

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from relubook.records import Record

HEAD = ("widget", "what", "times", "median", "worst", "verdict")
WORDS = {"redraw": "a slider is moved", "training": "frames while the page trains"}
BARE = "bare slider"  # on a page without a widget: what measuring takes
SCREEN = 0.001  # s: a screen of 60 Hz shows a frame every 16.7 ms, and no page can be faster


def verdict(what: str, times: np.ndarray, bars: list[float]) -> str:
    """Returns whether the median and the worst of the times are within their bars.

    Args:
        what: `redraw` for work, `training` for gaps between frames, which a screen rounds up.
        times: [s].
        bars: For the median and for the worst [s].
    """
    median, worst = bars
    slack = SCREEN if what == "training" else 0.0
    met = np.median(times) <= median + slack and times.max() <= worst
    return "met" if met else "**missed**"


def rows(record: Record) -> list[list[str]]:
    """Returns one line for each widget and what was done with it."""
    found = []
    for name, times in record.arrays.items():
        widget, what = name.split(".")
        spans = [f"{1000 * t:.1f}{NO_BREAK_SPACE}ms" for t in (np.median(times), times.max())]
        word = "for comparison" if widget == BARE else verdict(what, times, record.config["bars"])
        found.append([widget, WORDS[what], str(len(times)), *spans, word])
    return found


def frames_text(record: Record | None) -> str:
    """Returns the frames as MyST text."""
    if record is None:
        return missing("the explorers in a browser", "frames")
    return f"{table(HEAD, rows(record))}\n\n{origin(record)}"


class Frames(SphinxDirective):
    """Shows the frames."""

    def run(self) -> list[nodes.Node]:
        """Returns a table and where it comes from, or one sentence."""
        return markdown(self, frames_text(read("frames", "chromium")))


def setup(app: Sphinx) -> None:
    """Registers the directive."""
    app.add_directive("speed-frames", Frames)
