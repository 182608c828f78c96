"""Small steps from plain values to the nodes of a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from docutils.statemachine import StringList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.util.docutils import SphinxDirective

NO_BREAK_SPACE = "\u00a0"


def markdown(directive: SphinxDirective, text: str) -> list[nodes.Node]:
    """Returns what the MyST text becomes at the place of a directive."""
    holder = nodes.container()
    directive.state.nested_parse(StringList(text.splitlines()), directive.content_offset, holder)
    return holder.children


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Returns a MyST table of one-line cells."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines
    )


def duration(seconds: float) -> str:
    """Returns a wall time in the largest unit that leaves at least two of it."""
    for name, size in (("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {name}"
    return f"{seconds:.0f} s"
