"""The directive `{assignments}`: the assignments as their own sources describe them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.util.docutils import SphinxDirective

from relubook_book.markup import markdown, table
from relubook_book.site import read as read_site

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

SOURCES = Path(__file__).parents[3] / "assignments"
HEAD = ("assignment", "minutes", "points", "by hand", "in Colab")
TITLE = re.compile(r"^# Assignment (\d+): (.+)$", re.MULTILINE)
MINUTES = re.compile(r"About (\d+) minutes")


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What a source says about itself; points are those of its cells."""

    name: str
    number: int
    title: str
    minutes: int
    points: float
    by_hand: float


def describe(source: Path) -> Assignment:
    """Returns what the first cell and the marks of a source say."""
    cells = json.loads(source.read_text(encoding="utf-8"))["cells"]
    first = "".join(cells[0]["source"])
    title, minutes = TITLE.search(first), MINUTES.search(first)
    if title is None or minutes is None:
        raise ValueError(f"{source} must begin with a title and say how many minutes it takes.")
    marks = [(cell["cell_type"], cell["metadata"].get("nbgrader", {})) for cell in cells]
    given = [(kind, mark["points"]) for kind, mark in marks if mark.get("grade")]
    return Assignment(
        name=source.parent.name,
        number=int(title[1]),
        title=title[2],
        minutes=int(minutes[1]),
        points=sum(points for _, points in given),
        by_hand=sum(points for kind, points in given if kind == "markdown"),
    )


def every() -> list[Assignment]:
    """Returns all assignments in the order in which they are handed out."""
    found = (describe(path) for path in SOURCES.glob("*/source.ipynb"))
    return sorted(found, key=lambda one: one.number)


class Assignments(SphinxDirective):
    """Lists the assignments."""

    def run(self) -> list[nodes.Node]:
        """Returns a table with a row each."""
        for one in every():
            self.env.note_dependency(str(SOURCES / one.name / "source.ipynb"))
        rows = [
            [
                f"{one.number}. {one.title[:1].upper()}{one.title[1:]}",
                str(one.minutes),
                f"{one.points:g}",
                f"{one.by_hand:g}" if one.by_hand else "none",
                f"[open {one.name}]({read_site().in_colab(one.name)})",
            ]
            for one in every()
        ]
        return markdown(self, table(HEAD, rows))


def setup(app: Sphinx) -> None:
    """Registers the directive."""
    app.add_directive("assignments", Assignments)
