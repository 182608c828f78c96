"""The role `{paper}`: a number of the 2011 paper, looked up and never typed.

    {paper}`TABLE_1/rectifier/mnist/none`    gives 1.43 % with its page as a hint
    {paper}`FIGURE_3`                        gives how many points were read off the figure

An unknown name is a warning, so the build fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxRole

from relubook import paper
from relubook_book.markup import NO_BREAK_SPACE

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def look_up(place: str) -> Any:
    """Returns what stands in `relubook.paper` at a place such as `EXACT_ZEROS/mnist`.

    Raises:
        LookupError: If the paper's data have no such name or key.
    """
    name, *keys = place.split("/")
    found = getattr(paper, name, None)
    if found is None:
        raise LookupError(f"relubook.paper has no {name!r}.")
    if keys:
        found = _find(found, tuple(keys), place)
    return found


def _find(table: Any, keys: tuple[str, ...], place: str) -> Any:
    if isinstance(table, Mapping):
        for key, value in table.items():
            if tuple(map(_text, key if isinstance(key, tuple) else (key,))) == keys:
                return value
    raise LookupError(f"relubook.paper has nothing at {place!r}.")


def _text(key: object) -> str:
    return f"{key:g}" if isinstance(key, float) else str(key)


def in_words(number: Any) -> tuple[str, str]:
    """Returns a number as the page prints it, and where it was read."""
    if isinstance(number, paper.Points):
        return str(len(number)), f"p. {number.page}, {number.read}"
    return str(number).replace(" ", NO_BREAK_SPACE), f"p. {number.page}, {number.read}"


class Paper(SphinxRole):
    """Inserts the number that stands at a place of `relubook.paper`."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        """Returns the number with its page as a hint, or an error at this line."""
        try:
            text, where = in_words(look_up(self.text))
        except LookupError as error:
            message = self.inliner.reporter.error(str(error), line=self.lineno)
            return [self.inliner.problematic(self.rawtext, self.rawtext, message)], [message]
        return [nodes.abbreviation(self.rawtext, text, explanation=where)], []


def setup(app: Sphinx) -> None:
    """Registers the role."""
    app.add_role("paper", Paper())
