"""What the tables of a chapter have in common: a legend, a head, and where the numbers are from."""

import html
from collections.abc import Iterable, Sequence

from relubook import experiments, records


def as_html(*, legend: str, titles: Iterable[str], rows: str, origins: Sequence[str] = ()) -> str:
    """A table that scrolls by itself where the page is too narrow for it.

    Args:
        legend: Above the table, as HTML.
        titles: Of the columns.
        rows: Of the body, as HTML.
        origins: Where its numbers come from, as from `experiments.origin`.
    """
    head = "".join(f'<th scope="col">{html.escape(title)}</th>' for title in titles)
    return (
        f'<p>{legend}</p><div class="pst-scrollable-table-container"><table class="table">'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{''.join(origins)}"
    )


def origins_of(*recorded: records.Record) -> tuple[str, ...]:
    """Where the numbers of each record come from; several say which record they are of."""
    return tuple(experiments.origin(record, named=len(recorded) > 1) for record in recorded)
