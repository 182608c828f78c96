"""The directive `{claims}`: every claim with its verdict, from `relubook.claims`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx


class Claims(SphinxDirective):
    """Lists all claims."""

    def run(self) -> list[nodes.Node]:
        """Returns one block a claim."""
        return []


def setup(app: Sphinx) -> None:
    """Registers the directive."""
    app.add_directive("claims", Claims)
