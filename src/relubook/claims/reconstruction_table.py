"""The table that the paper did not print: its four strategies of restoring, side by side."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from relubook import records
from relubook.claims import statistics, tables
from relubook.claims.statistics import Estimate
from relubook.claims.values import Arrays
from relubook.experiments.reconstruction_values import (
    FIRST_LAYERS,
    KINDS,
    STARTS,
    errors,
    saved,
)

Numbers = Callable[[Arrays, str], Float[np.ndarray, "_"] | None]

_LEGEND = (
    "Mean over seeds ± half of its 95 % interval; what is saved is paired by seed, below 0 it is "
    "lost. Restored: squared error of a test digit of which a part was masked, after the first "
    "layer has restored it; in the first row, of the masked digit as it is. Zeros and dead: hidden "
    "outputs that are exactly 0, and units that are 0 for every validation digit, mean of the "
    "layers, as pretraining left them, and zeros after learning with all labels. Rates: of the "
    "layers while restoring, each the most frequent over seeds. Kinds with no penalty have none "
    "while restoring, and the same as all with labels."
)
_PLAIN = STARTS[0]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One quantity.

    Attributes:
        title: With its unit; `{few}` and `{all}` stand for how many labels there are.
        numbers: One per seed of a start, or None where there is none.
        decimals: To write.
    """

    title: str
    numbers: Numbers
    decimals: int


def _saved(*, few: bool) -> Numbers:
    """What a kind saves against no pretraining [points]."""
    return lambda arrays, start: None if start == _PLAIN else saved(arrays, start, few=few)


def _restored(arrays: Arrays, start: str) -> Float[np.ndarray, "seeds"] | None:
    """Squared errors of a test digit; of the same first layer once."""
    if start == _PLAIN:
        return arrays["masked"]
    return arrays["restored"][FIRST_LAYERS.index(start)] if start in FIRST_LAYERS else None


def _dead(arrays: Arrays, start: str) -> Float[np.ndarray, "seeds"] | None:
    """Units that no validation digit activates, before there were labels [%]."""
    if start == _PLAIN:
        return None
    return 100 * arrays["restore_dead"][list(KINDS).index(start)].mean(axis=0)


def _zeros(name: str) -> Numbers:
    """Exact zeros before there were labels, or after all of them [%]."""

    def numbers(arrays: Arrays, start: str) -> Float[np.ndarray, "seeds"]:
        values = arrays[name][STARTS.index(start)]  # [layers seeds] or [labels layers seeds]
        return 100 * (values if values.ndim == 2 else values[-1]).mean(axis=0)

    return numbers


COLUMNS = (
    Column(
        title="test error, {few} labels (%)",
        numbers=lambda arrays, start: errors(arrays, start, few=True),
        decimals=2,
    ),
    Column(title="saved (points)", numbers=_saved(few=True), decimals=2),
    Column(
        title="test error, all {all} labels (%)",
        numbers=lambda arrays, start: errors(arrays, start, few=False),
        decimals=2,
    ),
    Column(title="saved with all (points)", numbers=_saved(few=False), decimals=2),
    Column(title="restored (1)", numbers=_restored, decimals=2),
    Column(title="dead before labels (%)", numbers=_dead, decimals=1),
    Column(title="zeros before labels (%)", numbers=_zeros("zeros_before"), decimals=1),
    Column(title="zeros after all (%)", numbers=_zeros("zeros"), decimals=1),
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One way to begin.

    Attributes:
        start: A name of `STARTS`.
        rates: Of each layer that was pretrained, the rate that most seeds chose [1].
        lost: Networks that diverged with labels; they count for nothing.
        found: The mean of each column that has one, by its title.
    """

    start: str
    rates: tuple[float, ...]
    lost: int
    found: Mapping[str, Estimate]

    def written(self, column: Column) -> tuple[str, str]:
        """A mean, and half of its interval; nothing for a half that would be written as 0."""
        if column.title not in self.found:
            return "", ""
        estimate = self.found[column.title]
        numbers = estimate.value, (estimate.high - estimate.low) / 2  # even: a t interval
        mean, half = (
            f"{round(number, column.decimals) + 0.0:.{column.decimals}f}"  # + 0.0: no "-0.0"
            for number in numbers
        )
        return mean, f"± {half}" if float(half) > 0 else ""

    @property
    def name(self) -> str:
        """The start, and how many of its networks were lost."""
        start = "not pretrained" if self.start == _PLAIN else self.start
        return start + (f" ({self.lost} diverged)" if self.lost else "")


@dataclass(frozen=True)
class Table:
    """The rows; shown as a table in a notebook, as lines of text elsewhere.

    Attributes:
        rows: In the order of `STARTS`.
        labels: How many labels there were: few, and all.
        origins: Where the numbers come from, as HTML.
    """

    rows: tuple[Row, ...]
    labels: tuple[int, int]
    origins: tuple[str, ...] = ()

    def titled(self, column: Column) -> str:
        """The column's title with its numbers."""
        few, every = (f"{count:,}" for count in self.labels)
        return column.title.format(few=few, all=every)

    def __repr__(self) -> str:
        return "\n".join(
            f"{row.name}, rates {_listed(row.rates)}: "
            + ", ".join(
                f"{self.titled(c)} {' '.join(row.written(c)).strip()}"
                for c in COLUMNS
                if c.title in row.found
            )
            for row in self.rows
        )

    def _repr_html_(self) -> str:
        titles = ("strategy", *(self.titled(column) for column in COLUMNS), "rates")
        rows = "".join(_as_html(row) for row in self.rows)
        return tables.as_html(legend=_LEGEND, titles=titles, rows=rows, origins=self.origins)


def table(record: records.Record) -> Table:
    """A record of "reconstruction" as a table.

    Raises:
        ValueError: If it is a record of something else.
    """
    if record.experiment != "reconstruction":
        raise ValueError(f"The `record` must be one of reconstruction. Got {record.experiment}.")
    few, every = record.arrays["labels"].tolist()
    rows = tuple(_row(record.arrays, start) for start in STARTS)
    return Table(rows, (few, every), tables.origins_of(record))


def _row(arrays: Arrays, start: str) -> Row:
    """One way to begin."""
    numbers = {column.title: column.numbers(arrays, start) for column in COLUMNS}
    return Row(
        start=start,
        rates=_rates(arrays, start),
        lost=int((arrays["diverged"][STARTS.index(start)] >= 0).sum()),
        found={
            title: statistics.mean(values[np.isfinite(values)])
            for title, values in numbers.items()
            if values is not None
        },
    )


def _rates(arrays: Arrays, start: str) -> tuple[float, ...]:
    """The rate that most seeds chose, layer by layer; of equals the smaller one."""
    if start == _PLAIN:
        return ()
    chosen = []
    for rates in arrays["restore_rate"][list(KINDS).index(start)]:
        values, counts = np.unique(rates, return_counts=True)
        chosen.append(float(values[counts.argmax()]))
    return tuple(chosen)


def _listed(rates: tuple[float, ...]) -> str:
    """The rates of a row in words."""
    return ", ".join(f"{rate:g}" for rate in rates) or "none"


def _as_html(row: Row) -> str:
    """A row of the table."""
    cell = (
        '<td style="white-space: nowrap">{}<br><small>{}</small></td>'  # narrow enough for a page
    )
    cells = "".join(cell.format(*row.written(column)) for column in COLUMNS)
    rates = "" if not row.rates else _listed(row.rates)
    return f'<tr><th scope="row">{html.escape(row.name)}</th>{cells}<td>{rates}</td></tr>'
