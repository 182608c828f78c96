"""The directive `{side-by-side}`: a table or figure of the paper beside ours.

    ```{side-by-side} table-1
    ```

Every number is looked up in `relubook.paper` or in a record. What has no record is said to be not
run, and then the paper's numbers stand alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from relubook_book import side_by_side_parts as parts
from relubook_book import side_by_side_pictures as pictures
from relubook_book.markup import markdown, table

if TYPE_CHECKING:
    from sphinx.application import Sphinx


class SideBySide(SphinxDirective):
    """Shows one table or figure of the paper beside ours."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Returns tables, pictures and sentences."""
        name = self.arguments[0]
        if name not in parts.PARTS:
            raise self.error(f"side-by-side needs one of {', '.join(parts.PARTS)}. Got {name!r}.")
        for path in sorted(Path(parts.FOLDER).glob("*.json")):
            self.env.note_dependency(str(path))
        return [node for part in parts.PARTS[name]() for node in self._nodes(part)]

    def _nodes(self, part: parts.Part) -> list[nodes.Node]:
        if isinstance(part, str):
            return markdown(self, part)
        words = markdown(self, parts.plain(part.caption))
        if isinstance(part, parts.Picture):
            return [pictures.figure(self, part.record, words)]
        # Sphinx would number a caption of its own: Table 1 of the book, beside the paper's Table 1.
        shown = nodes.container("", *words, classes=["side-by-side"])
        shown += markdown(self, table(part.head, part.rows))
        return [shown]


def setup(app: Sphinx) -> None:
    """Registers the directive."""
    app.add_directive("side-by-side", SideBySide)
