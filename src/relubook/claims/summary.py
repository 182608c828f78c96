"""The four benefits in one table: each activation's number, and the verdict of the claim."""

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from relubook import claims, experiments, records
from relubook.claims import statistics, tables
from relubook.claims.statistics import Estimate
from relubook.experiments.quartet import UNITS

BENEFITS = {
    "small-changes-absorbed": "disentangling: small changes",
    "units-one-factor-each": "disentangling: factors",
    "code-size-follows-information": "variable size",
    "sparse-codes-separate": "linear separability",
    "distributed-yet-sparse": "distributed but sparse",
}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One benefit.

    Attributes:
        benefit: In a few words.
        claim: Id of the claim that tests it.
        metric: What is measured, with its unit; fixed before the run.
        found: The mean over seeds of every activation that can have it.
        verdict: Of the claim.
    """

    benefit: str
    claim: str
    metric: str
    found: Mapping[str, Estimate]
    verdict: str

    @property
    def decimals(self) -> int:
        """How many decimals to write, so that the largest mean has three digits."""
        largest = max(abs(estimate.value) for estimate in self.found.values())
        return max(0, 2 - math.floor(math.log10(largest))) if largest > 0 else 0

    def written(self, unit: str) -> tuple[str, str]:
        """An activation's mean and its interval; a dash and nothing where it has none."""
        estimate = self.found.get(unit)
        if estimate is None:
            return "–", ""
        value, low, high = (
            f"{number:.{self.decimals}f}"
            for number in (estimate.value, estimate.low, estimate.high)
        )
        return value, f"({low} to {high})"


_LEGEND = (
    "Mean over seeds, with its 95 % interval in parentheses. A dash: an activation without exact "
    "zeros has no such number."
)


@dataclass(frozen=True)
class Table:
    """The rows; shown as a table in a notebook, as lines of text elsewhere."""

    rows: tuple[Row, ...]
    origins: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "\n".join(
            f"{row.benefit}, {row.metric}: "
            + ", ".join(" ".join((name, *row.written(name))).strip() for name in UNITS)
            + f"; {row.verdict}"
            for row in self.rows
        )

    def _repr_html_(self) -> str:
        titles = ("benefit", "metric", *UNITS, "verdict")
        body = "".join(_as_html(row) for row in self.rows)
        return tables.as_html(legend=_LEGEND, titles=titles, rows=body, origins=self.origins)


def four_benefits() -> Table:
    """The table of chapter 4, from the records that judge its claims.

    Raises:
        LookupError: If a claim has no record yet; the text says how to make one.
    """
    rows = tuple(_row(claim, benefit) for claim, benefit in BENEFITS.items())
    return Table(rows, tables.origins_of(*map(_record, BENEFITS)))


def _record(name: str) -> records.Record:
    """The record that a claim is judged by."""
    claim = claims.find(name)
    return records.load(claim.experiment, scale=claims.judge(name).scale, data=claim.data)


def _row(name: str, benefit: str) -> Row:
    """One benefit, from the record its claim is judged by."""
    record = _record(name)
    module = experiments.get(record.experiment)
    values = module.metric(record.arrays)
    found = {
        unit: statistics.mean(numbers)
        for unit, numbers in values.items()
        if not np.isnan(numbers).all()
    }
    verdict = claims.judge(name).verdict
    return Row(benefit=benefit, claim=name, metric=module.METRIC, found=found, verdict=verdict)


def _as_html(row: Row) -> str:
    """A row of the table."""
    cells = "".join("<td>{}<br><small>{}</small></td>".format(*row.written(u)) for u in UNITS)
    return (
        f'<tr><th scope="row">{html.escape(row.benefit)}</th><td>{html.escape(row.metric)}</td>'
        f"{cells}<td><strong>{row.verdict}</strong></td></tr>"
    )
