"""Table 2 of the paper beside its re-runs on other reviews, one column a data set."""

import html
from dataclasses import dataclass

import numpy as np

from relubook import datasets, paper, records
from relubook.claims import statistics, tables
from relubook.claims.statistics import Estimate
from relubook.experiments.table_2_drawings import cell_name
from relubook.experiments.table_2_values import CELLS, NETWORKS, errors, zeros

_LEGEND = (
    "Error of the expected stars, mean over folds ± half of its 95 % interval (in the paper ± as "
    "printed); below it exact zeros (%), the mean of the hidden layers, or of the inputs. Films "
    "have up to 10 stars, the others 5, so compare rows, not columns."
)
_GUESS = "always the mean"


@dataclass(frozen=True)
class Table:
    """Rows by name, a pair of texts for each column; a table in a notebook, lines elsewhere.

    Attributes:
        titles: Of the columns.
        rows: Error and zeros of each column; empty where there is nothing.
        origins: Where the numbers come from, as HTML.
    """

    titles: tuple[str, ...]
    rows: dict[str, tuple[tuple[str, str], ...]]
    origins: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join(
            f"{name}: "
            + "; ".join(
                f"{title} {error}" + (f", {share} % zeros" if share else "")
                for title, (error, share) in zip(self.titles, entries, strict=True)
                if error
            )
            for name, entries in self.rows.items()
        )

    def _repr_html_(self) -> str:
        titles = ("network", *self.titles)
        body = "".join(_row_as_html(name, entries) for name, entries in self.rows.items())
        return tables.as_html(legend=_LEGEND, titles=titles, rows=body, origins=self.origins)


def table(*recorded: records.Record) -> Table:
    """Records of "table-2", or of "table-2-quick", each of another data set, as one table.

    Raises:
        ValueError: If there is none, or one is a record of something else.
    """
    kinds = {"table-2", "table-2-quick"}
    if not recorded or any(record.experiment not in kinds for record in recorded):
        names = ", ".join(record.experiment for record in recorded) or "none"
        raise ValueError(f"The `recorded` must be records of table-2. Got {names}.")
    rows = {
        cell_name(cell): (_theirs(*cell), *(_ours(record, *cell) for record in recorded))
        for cell in CELLS
    }
    guesses = (statistics.mean(record.arrays["guess_error"]) for record in recorded)
    rows[_GUESS] = (("", ""), *((f"{guess.value:.3f}", "") for guess in guesses))
    titles = ("the paper, OpenTable", *(_title(record) for record in recorded))
    return Table(titles=titles, rows=rows, origins=tables.origins_of(*recorded))


def _title(record: records.Record) -> str:
    """The data set, and how many reviews had labels."""
    return f"{datasets.describe(record.data).title} ({int(record.arrays['counts'][0]):,} labels)"


def _theirs(network: str, start: str) -> tuple[str, str]:
    """What the paper prints; of three layers without pretraining the lowest error."""
    if start == "none" and NETWORKS[network][1]:
        best = paper.SENTIMENT["rmse_3_layers_without_pretraining"].text
        return (f"at best {best}", "") if network == "rectifier, 3 layers" else ("", "")
    error, spread, share = (
        paper.TABLE_2[network, name].text for name in ("rmse", "rmse ±", "zeros")
    )
    return f"{error} ± {spread}", share


def _ours(record: records.Record, network: str, start: str) -> tuple[str, str]:
    """A cell of a record."""
    error, share = (_mean(read(record.arrays, network, start)) for read in (errors, zeros))
    half = (error.high - error.low) / 2
    return f"{error.value:.3f} ± {half:.3f}", f"{share.value:.1f}"


def _mean(values: np.ndarray) -> Estimate:
    """Of the networks that did not diverge."""
    return statistics.mean(values[np.isfinite(values)])


def _row_as_html(name: str, entries: tuple[tuple[str, str], ...]) -> str:
    """A row of the table."""
    cells = "".join(
        f'<td style="white-space: nowrap">{error or "–"}{f"<br>{share} %" if share else ""}</td>'
        for error, share in entries
    )
    return f'<tr><th scope="row">{html.escape(name)}</th>{cells}</tr>'
