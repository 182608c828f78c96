"""The directive `{page-weights}`: how heavy the pages of this book are, as recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sphinx.util.docutils import SphinxDirective

from relubook_book.markup import NO_BREAK_SPACE, markdown, table
from relubook_book.speed import missing, origin, read

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

    from relubook.records import Record

HEAD = ("page", "first visit", "afterwards", "read to its end", "first paint")
KINDS = ("first", "afterwards", "whole")


def rows(record: Record) -> list[list[str]]:
    """Returns one line for each page."""
    weights = np.stack([record.arrays[kind] for kind in KINDS], axis=1)
    paints = np.median(record.arrays["paint"], axis=1)
    return [
        [
            page.split("/")[1].replace("_", " "),
            *(f"{number / 1000:.0f}{NO_BREAK_SPACE}kB" for number in weight),
            f"{paint:.2f}{NO_BREAK_SPACE}s",
        ]
        for page, weight, paint in zip(record.config["pages"], weights, paints, strict=True)
    ]


def verdicts(record: Record) -> str:
    """Returns a sentence for each bar, with the page that comes closest to it."""
    bars, pages = record.config["bars"], record.config["pages"]
    lines = []
    for kind, words in (("first", "on a first visit"), ("afterwards", "afterwards")):
        most = int(np.argmax(record.arrays[kind]))
        size = record.arrays[kind][most]
        lines.append(
            f"The heaviest page {words} is *{pages[most].split('/')[1].replace('_', ' ')}*, "
            f"{size / 1000:.0f}{NO_BREAK_SPACE}kB; the bar is {bars[kind] / 1000:.0f}"
            f"{NO_BREAK_SPACE}kB: {_word(size <= bars[kind])}."
        )
    slow, site = np.median(record.arrays["paint"], axis=1).max(), int(record.arrays["site"][0])
    lines += [
        f"The latest first paint is after {slow:.2f}{NO_BREAK_SPACE}s; the bar is "
        f"{bars['paint']:g}{NO_BREAK_SPACE}s: {_word(slow <= bars['paint'])}.",
        f"All files together are {site / 1e6:.1f}{NO_BREAK_SPACE}MB; the bar is "
        f"{bars['site'] / 1e6:.0f}{NO_BREAK_SPACE}MB: {_word(site <= bars['site'])}.",
    ]
    return " ".join(lines)


def _word(met: bool) -> str:
    return "met" if met else "**missed**"


def pages_text(record: Record | None) -> str:
    """Returns the weights as MyST text."""
    if record is None:
        return missing("the pages of this book", "pages")
    return f"{table(HEAD, rows(record))}\n\n{verdicts(record)}\n\n{origin(record)}"


class Pages(SphinxDirective):
    """Shows the weights and the times."""

    def run(self) -> list[nodes.Node]:
        """Returns a table and where it comes from, or one sentence."""
        return markdown(self, pages_text(read("pages", "chromium")))


def setup(app: Sphinx) -> None:
    """Registers the directive."""
    app.add_directive("page-weights", Pages)
