"""Table 1 of the paper beside its re-run, one column a data set."""

import html
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from relubook import datasets, paper, records
from relubook.claims import statistics, tables
from relubook.claims.statistics import Estimate, difference_z
from relubook.experiments.table_1_values import CELLS, UNITS, cell, column, errors, gain

_SIGNIFICANT = 1.96  # of a z, at the 5 % level
_WORDS = {"none": "without pretraining", "with": "pretrained"}
_LEGEND = (
    "Test error (%), mean over seeds ± half of its 95 % interval; below it the paper's. "
    "Bold: the z of its difference to the best of its column, as from so many test examples, is "
    "below 1.96; so the paper's bold cells can be re-made. Gain: error without pretraining minus "
    "with it, paired by seed, in points."
)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One number here and in the paper.

    Attributes:
        here: Mean over seeds.
        paper: What the paper prints, or can be taken from what it prints; None if nothing.
        decimals: To write.
        bold: Whether it cannot be told from the best of its column, here and in the paper.
    """

    here: Estimate
    paper: float | None
    decimals: int
    bold: tuple[bool, bool] = (False, False)

    def written(self) -> tuple[str, str]:
        """The number here with its interval, and the paper's."""
        half = (self.here.high - self.here.low) / 2  # even: a t interval
        own = f"{self.here.value + 0.0:.{self.decimals}f} ± {half:.{self.decimals}f}"
        return own, "–" if self.paper is None else f"{self.paper:.{self.decimals}f}"


@dataclass(frozen=True)
class Table:
    """The rows by name, an entry a data set; a table in a notebook, lines of text elsewhere."""

    titles: tuple[str, ...]
    rows: dict[str, tuple[Entry, ...]]
    origins: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join(
            f"{name}: "
            + "; ".join(
                f"{title} {' (paper: '.join(entry.written())})"
                for title, entry in zip(self.titles, entries, strict=True)
            )
            for name, entries in self.rows.items()
        )

    def _repr_html_(self) -> str:
        titles = ("network", *self.titles)
        rows = "".join(_row_as_html(name, entries) for name, entries in self.rows.items())
        return tables.as_html(legend=_LEGEND, titles=titles, rows=rows, origins=self.origins)


def table(*recorded: records.Record) -> Table:
    """Records of "table-1", each of another data set, as one table.

    Raises:
        ValueError: If there is none, or one is a record of something else.
    """
    if not recorded or any(record.experiment != "table-1" for record in recorded):
        names = ", ".join(record.experiment for record in recorded) or "none"
        raise ValueError(f"The `recorded` must be records of table-1. Got {names}.")
    return Table(
        titles=tuple(_title(record) for record in recorded),
        rows={
            name: tuple(entry(record) for record in recorded) for name, entry in _entries().items()
        },
        origins=tables.origins_of(*recorded),
    )


def _title(record: records.Record) -> str:
    """The data set, and how many examples were learned."""
    examples = record.passport["data"]["train_examples"]
    return f"{datasets.describe(record.data).title} ({examples:,})"


def _entries() -> dict[str, Callable[[records.Record], Entry]]:
    """What stands in each row."""
    rows: dict[str, Callable[[records.Record], Entry]] = {
        f"{unit}, {_WORDS[start]}": _error(unit, start) for unit, start in CELLS
    }
    rows |= {f"gain, {unit}": _gain(unit) for unit in UNITS}
    return rows | {"exact zeros (%), rectifier, without pretraining": _zeros}


def _error(unit: str, start: str) -> Callable[[records.Record], Entry]:
    """A cell of the paper's table."""

    def entry(record: records.Record) -> Entry:
        here = {name: _mean(errors(record.arrays, *name)) for name in CELLS}
        place = column(record.data)
        theirs = {
            name: paper.TABLE_1[name[0], place, name[1]].value
            for name in CELLS
            if place is not None
        }
        n = int(record.arrays["test_examples"])
        bold = _like_the_best({name: found.value for name, found in here.items()}, n)
        printed = place is not None and (unit, place, start) in paper.TABLE_1_BOLD
        return Entry(
            here=here[unit, start], paper=theirs.get((unit, start)), decimals=2,
            bold=((unit, start) in bold, printed),
        )  # fmt: skip

    return entry


def _gain(unit: str) -> Callable[[records.Record], Entry]:
    """What pretraining takes off an error."""

    def entry(record: records.Record) -> Entry:
        place = column(record.data)
        printed = None
        if place is not None:
            none, pretrained = (paper.TABLE_1[unit, place, s].value for s in ("none", "with"))
            printed = none - pretrained
        return Entry(here=_mean(gain(record.arrays, unit)), paper=printed, decimals=2)

    return entry


def _zeros(record: records.Record) -> Entry:
    """Exact zeros, of which the paper does not say whether those networks were pretrained."""
    place = column(record.data)
    here = _mean(100 * cell(record.arrays, "zeros", "rectifier", "none"))
    printed = None if place is None else paper.EXACT_ZEROS[place].value
    return Entry(here=here, paper=printed, decimals=1)


def _mean(values: np.ndarray) -> Estimate:
    """Of the networks that did not diverge."""
    return statistics.mean(values[np.isfinite(values)])


def _like_the_best(means: dict[tuple[str, str], float], n: int) -> set[tuple[str, str]]:
    """The cells whose difference to the best of them so many test examples could leave open."""
    best = min(means.values()) / 100
    return {
        name for name, mean in means.items() if difference_z(mean / 100, best, n=n) < _SIGNIFICANT
    }


def _row_as_html(name: str, entries: tuple[Entry, ...]) -> str:
    """A row of the table."""
    cells = []
    for entry in entries:
        texts = (
            f"<strong>{text}</strong>" if bold else text
            for text, bold in zip(entry.written(), entry.bold, strict=True)
        )
        cells.append(f'<td style="white-space: nowrap">{"<br>".join(texts)}</td>')
    return f'<tr><th scope="row">{html.escape(name)}</th>{"".join(cells)}</tr>'
