"""The relatives of the rectifier in one table: what each changes, with intervals over seeds."""

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from relubook import records
from relubook.claims import statistics, tables
from relubook.claims.statistics import Estimate
from relubook.claims.values import Arrays
from relubook.experiments.relatives_values import KINDS, by_seed, relative_time

Numbers = Callable[[Arrays, str], Float[np.ndarray, "_"]]

_LEGEND = (
    "Mean over seeds ± half of its 95 % interval; what is saved is paired by seed, below 0 it is "
    "lost. Mean shift: a layer's mean output over its mean size. Time: all by autograd, mean over "
    "rounds of a race."
)


@dataclass(frozen=True, kw_only=True)
class Column:
    """One quantity.

    Attributes:
        title: With its unit.
        numbers: One per seed, or per round of the race, of a kind.
        decimals: To write.
    """

    title: str
    numbers: Numbers
    decimals: int


def _saved(arrays: Arrays, kind: str) -> Float[np.ndarray, "seeds"]:
    """Test error of rectifiers minus that of a kind, paired by seed [points]."""
    errors = [100 * by_seed(arrays, "test_error", name) for name in ("rectifier", kind)]
    return errors[0] - errors[1]


COLUMNS = (
    Column(
        title="test error (%)",
        numbers=lambda arrays, kind: 100 * by_seed(arrays, "test_error", kind),
        decimals=2,
    ),
    Column(title="saved against the rectifier (points)", numbers=_saved, decimals=2),
    Column(
        title="exact zeros (%)",
        numbers=lambda arrays, kind: 100 * by_seed(arrays, "zeros", kind),
        decimals=1,
    ),
    Column(
        title="dead (%)",
        numbers=lambda arrays, kind: 100 * by_seed(arrays, "dead", kind),
        decimals=1,
    ),
    Column(
        title="mean shift (1)",
        numbers=lambda arrays, kind: by_seed(arrays, "mean_over_abs", kind),
        decimals=2,
    ),
    Column(title="time of a step (rectifier: 1)", numbers=relative_time, decimals=2),
)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One kind of unit.

    Attributes:
        unit: A name of `KINDS`.
        learning_rate: The one that was chosen for it [1].
        parameters: Numbers that one network learns.
        lost: Networks that diverged; they count for nothing.
        found: The mean of each column, by title.
    """

    unit: str
    learning_rate: float
    parameters: int
    lost: int
    found: Mapping[str, Estimate]

    def written(self, column: Column) -> tuple[str, str]:
        """A mean, and half of its interval; nothing for a half that would be written as 0."""
        estimate = self.found[column.title]
        numbers = estimate.value, (estimate.high - estimate.low) / 2  # even: a t interval
        mean, half = (
            f"{round(number, column.decimals) + 0.0:.{column.decimals}f}"  # + 0.0: no "-0.0"
            for number in numbers
        )
        return mean, f"± {half}" if float(half) > 0 else ""

    @property
    def name(self) -> str:
        """The unit, and how many of its networks were lost."""
        return self.unit + (f" ({self.lost} diverged)" if self.lost else "")


@dataclass(frozen=True)
class Table:
    """The rows; shown as a table in a notebook, as lines of text elsewhere."""

    rows: tuple[Row, ...]
    origins: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join(
            f"{row.name}, learning rate {row.learning_rate:g}: "
            + ", ".join(f"{c.title} {' '.join(row.written(c)).strip()}" for c in COLUMNS)
            for row in self.rows
        )

    def _repr_html_(self) -> str:
        titles = ("unit", "rate", *(column.title for column in COLUMNS), "parameters")
        rows = "".join(_as_html(row) for row in self.rows)
        return tables.as_html(legend=_LEGEND, titles=titles, rows=rows, origins=self.origins)


def table(record: records.Record) -> Table:
    """A record of "relatives" as a table.

    Raises:
        ValueError: If it is a record of something else.
    """
    if record.experiment != "relatives":
        raise ValueError(f"The `record` must be one of relatives. Got {record.experiment}.")
    rows = tuple(_row(record.arrays, kind) for kind in KINDS)
    return Table(rows, tables.origins_of(record))


def _row(arrays: Arrays, kind: str) -> Row:
    """One kind of unit."""
    place = list(KINDS).index(kind)
    numbers = {column.title: column.numbers(arrays, kind) for column in COLUMNS}
    return Row(
        unit=kind,
        learning_rate=float(arrays["chosen"][place]),
        parameters=int(arrays["parameters"][place]),
        lost=int((arrays["diverged"][place] >= 0).sum()),
        found={
            title: statistics.mean(values[np.isfinite(values)]) for title, values in numbers.items()
        },
    )


def _as_html(row: Row) -> str:
    """A row of the table."""
    cell = '<td style="white-space: nowrap">{} <small>{}</small></td>'
    cells = "".join(cell.format(*row.written(column)) for column in COLUMNS)
    return (
        f'<tr><th scope="row">{html.escape(row.name)}</th><td>{row.learning_rate:g}</td>{cells}'
        f"<td>{row.parameters:,}</td></tr>"
    )
