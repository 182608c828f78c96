"""The directives `{records}` and `{passports}`: every committed record, and where it comes from.

`{records}` is a table with a line for each, `{passports}` a fold for each. A record has the anchor
`record-EXPERIMENT-SCALE-DATA`.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from relubook import experiments, records
from relubook.records import origins
from relubook_book.markup import NO_BREAK_SPACE, duration, markdown, table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

    from relubook.records import Record

FOLDER = records.SHIPPED
HEAD = ("record", "data", "seeds", "made", "state", "took", "code")
STALE = '<span class="rb-stale">stale</span>'
LAST_PART = "its last part"  # what the wall time of a resumed run is
LEGEND = (
    "A plus sign after a commit: the code had uncommitted changes when the run began. A record is "
    "*current* while the code would still make it from the same configuration, data and revision "
    "of the experiment; otherwise it is *stale*, which only a record of the paper’s scale may be. "
    "A run that was cut and went on names the time of its last part."
)


def found() -> list[Record]:
    """Returns all records, by name."""
    parts = (stem.split(".") for stem in records.stems(FOLDER))
    return [records.load(a, scale=scale, data=d, folder=FOLDER) for a, scale, d in parts]


def anchor(record: Record) -> str:
    """Returns what a link to the record ends in."""
    return f"record-{record.experiment}-{record.scale}-{record.data}"


def stale_mark(record: Record) -> str:
    """Returns the word that marks a stale record, empty for a current one."""
    return f" {STALE}" if experiments.is_stale(record) else ""


def row(record: Record) -> list[str]:
    """Returns the cells of one record."""
    passport = record.passport
    commit = (passport["commit"] or "not known")[:7] + ("+" if passport["dirty"] else "")
    took = duration(passport["wall_time_s"]).replace(" ", NO_BREAK_SPACE)
    return [
        f"[{record.experiment}, {record.scale}](#{anchor(record)})",
        passport["data"]["name"],
        str(len(passport["seeds"])),
        f'<span class="rb-day">{passport["started"][:10]}</span>',
        stale_mark(record).strip() or "current",
        f"{took}, {LAST_PART}" if passport.get("resumed") else took,
        f"`{commit}`",
    ]


def missing(loaded: Sequence[Record]) -> str:
    """Returns which experiments have not been run at the paper's scale, as `relubook report` does.

    Args:
        loaded: The records that there are.
    """
    there = {record.stem for record in loaded}
    wanted = {
        name: f"{name}.paper.{experiments.configure(name, 'paper').data}"
        for name in experiments.NAMES
    }
    lacking = [f"`{name}`" for name, stem in wanted.items() if stem not in there]
    if not lacking:
        return "Every experiment has been run at the paper’s scale."
    return (
        f"Not run at the paper’s scale: {len(lacking)} of {len(wanted)} experiments, "
        f"{', '.join(lacking)}."
    )


def overview(loaded: Sequence[Record]) -> str:
    """Returns the table of records, or one sentence while there are none, as MyST text."""
    if not loaded:
        return "Nothing has been recorded yet."
    return f"{table(HEAD, [row(record) for record in loaded])}\n\n{LEGEND}\n\n{missing(loaded)}"


def fold(record: Record) -> str:
    """Returns the whole passport of one record, folded, as HTML."""
    name = (
        f"<code>{escape(record.experiment)}</code>, {escape(record.scale)}, {escape(record.data)}"
    )
    return origins.recorded(record.passport, stale=experiments.is_stale(record), title=name)


class Records(SphinxDirective):
    """Lists the records that ship with the package."""

    def run(self) -> list[nodes.Node]:
        """Returns a table, or one sentence while there are none."""
        return markdown(self, overview(found()))


class Passports(SphinxDirective):
    """Shows the passport of every record."""

    def run(self) -> list[nodes.Node]:
        """Returns a fold for each, with its anchor."""
        return [self._block(record) for record in found()]

    def _block(self, record: Record) -> nodes.Node:
        block = nodes.container(names=[anchor(record)], classes=["record"])
        self.state.document.note_explicit_target(block, block)
        block += nodes.raw("", fold(record), format="html")
        return block


def setup(app: Sphinx) -> None:
    """Registers the directives."""
    app.add_directive("records", Records)
    app.add_directive("passports", Passports)
