"""The directive `{records}`: every committed record with the gist of its passport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sphinx.util.docutils import SphinxDirective

from relubook import records
from relubook_book.markup import duration, markdown, table

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

HEAD = ("experiment", "scale", "data", "seeds", "made in", "on", "code")


def row(record: records.Record) -> list[str]:
    """Returns the cells of one record."""
    passport = record.passport
    commit = (passport["commit"] or "not known")[:7] + ("+" if passport["dirty"] else "")
    return [
        f"`{record.experiment}`",
        record.scale,
        passport["data"]["name"],
        str(len(passport["seeds"])),
        duration(passport["wall_time_s"]),
        passport["device"],
        f"`{commit}`",
    ]


class Records(SphinxDirective):
    """Lists the records that ship with the package."""

    def run(self) -> list[nodes.Node]:
        """Returns a table, or one sentence while there are none."""
        loaded = [
            records.load(*stem.split(".")[:1], scale=stem.split(".")[1], data=stem.split(".")[2])
            for stem in records.stems()
        ]
        if not loaded:
            return markdown(self, "Nothing has been recorded yet.")
        legend = "A plus sign after a commit: the code had uncommitted changes when the run began."
        return markdown(self, f"{table(HEAD, [row(record) for record in loaded])}\n\n{legend}")


def setup(app: Sphinx) -> None:
    """Registers the directive."""
    app.add_directive("records", Records)
