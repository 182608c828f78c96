"""The directive `{speed-grading}`: how long a class takes to be graded, as recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sphinx.util.docutils import SphinxDirective

from relubook_book.markup import NO_BREAK_SPACE, markdown, table
from relubook_book.speed import missing, origin, read

if TYPE_CHECKING:
    from docutils import nodes
    from jaxtyping import Float
    from sphinx.application import Sphinx

    from relubook.records import Record

HEAD = ("class of", "graded by", "time", "times as fast", "bar", "verdict")
NONE = "–"


def rows(record: Record) -> list[list[str]]:
    """Returns one line for each entrant of each class."""
    entrants: list[str] = record.config["entrants"]
    found = []
    for job in record.config["jobs"]:
        seconds = record.arrays[f"{job['name']}.seconds"]
        raced = job["entrants"] == len(entrants)  # nbgrader alone is the last of them
        for place in range(job["entrants"]):
            ratio = seconds[:, -1] / seconds[:, place] if raced else None
            found.append(
                [
                    str(job["submissions"]),
                    f"`{entrants[place]}`",
                    _span(seconds[:, place], f"{NO_BREAK_SPACE}s"),
                    NONE if ratio is None or place == len(entrants) - 1 else _span(ratio),
                    *_bar(job, seconds[:, place], place),
                ]
            )
    return found


def _bar(job: dict[str, Any], seconds: Float[np.ndarray, " rounds"], place: int) -> list[str]:
    """The bar, which the first entrant alone is held to, and whether it was met."""
    if job["minutes"] is None or place > 0:
        return ["none", NONE]
    met = bool(np.median(seconds) <= 60 * job["minutes"])
    bar = f"at most {job['minutes']:g}{NO_BREAK_SPACE}min"
    return [bar, "met" if met else "**missed**"]


def _span(values: Float[np.ndarray, " rounds"], unit: str = "") -> str:
    """The median, with its range where there is more than one value."""
    middle = f"{np.median(values):.3g}{unit}"
    return f"{middle} ({values.min():.3g} to {values.max():.3g})" if len(values) > 1 else middle


def _legend(record: Record) -> str:
    """What the numbers are."""
    return (
        f"Medians of {record.config['rounds']} rounds and, in brackets, the lowest and the "
        "highest; a time without brackets was taken once. *Times as fast* as "
        f"`{record.config['entrants'][-1]}` on its own, in the same round. "
        f"`{record.config['entrants'][0]}` had {record.config['cores']} cores."
    )


def grading_text(record: Record | None) -> str:
    """Returns the times as MyST text."""
    if record is None:
        return missing("the grading of a class", "grading")
    return f"{table(HEAD, rows(record))}\n\n{_legend(record)} {origin(record)}"


class Grading(SphinxDirective):
    """Shows the times."""

    def run(self) -> list[nodes.Node]:
        """Returns a table and where it comes from, or one sentence."""
        return markdown(self, grading_text(read("grading", "cpu")))


def setup(app: Sphinx) -> None:
    """Registers the directive."""
    app.add_directive("speed-grading", Grading)
