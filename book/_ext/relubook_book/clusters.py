"""The directives `{fault-matrix}` and `{engine-speed}`: what a cluster survives, and its price.

    ```{fault-matrix} cluster
    ```

Where a record is missing, the page says so and names the command that makes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from relubook_book.markup import markdown, table
from relubook_book.speed import missing, origin, read

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from relubook.records import Record

FAULT_HEAD = ("fault", "what happens", "times", "lost", "double")
SPEED_HEAD = ("where", "time")
MORE, FASTER = 0.05, 1.7  # the bars: of one worker against this process, of two against one


def fault_rows(record: Record, group: str) -> list[list[str]]:
    """Returns one line for each fault; a time that ended in an error is said."""
    rows = []
    for place, (name, what) in enumerate(record.config["faults"][group].items()):
        lost, double = (record.arrays[f"{group}.{kind}"][place] for kind in ("lost", "double"))
        failed = int(np.isnan(lost).sum())
        tried = f"{len(lost)}" + f", **{failed} not survived**" * bool(failed)
        rows.append([name, what, tried, f"{np.nansum(lost):.0f}", f"{np.nansum(double):.0f}"])
    return rows


def faults_text(record: Record | None, group: str) -> str:
    """Returns the matrix of faults as MyST text."""
    if record is None:
        return missing("the matrix of faults", "faults")
    return f"{table(FAULT_HEAD, fault_rows(record, group))}\n\n{origin(record)}"


def speed_text(record: Record | None) -> str:
    """Returns the times of the engines as MyST text."""
    if record is None:
        return missing("the price of an engine", "engines")
    config, seconds = record.config, record.arrays["seconds"]
    rows = [
        [name, f"{np.median(times):.1f} s ({times.min():.1f} to {times.max():.1f})"]
        for name, times in zip(config["entrants"], seconds.T, strict=True)
    ]
    here, one, two = seconds.T
    more, faster = float(np.median(one / here)) - 1, float(np.median(one / two))
    return (
        f"{config['chunks']} chunks of {config['networks']} networks of "
        f"{len(config['sizes']) - 2} x {config['sizes'][1]} units, {config['epochs']} epochs, on "
        f"{config['cores']} cores that driver and cluster share. One worker takes "
        f"{100 * more:+.1f} % longer than one process without a cluster (at most "
        f"{100 * MORE:g} % wanted: {_word(more <= MORE)}); two are {faster:.2f} times as fast "
        f"as one (at least {FASTER:g} wanted: {_word(faster >= FASTER)}). Starting the cluster is "
        f"not counted.\n\n{table(SPEED_HEAD, rows)}\n\nMedians of {len(seconds)} rounds and, in "
        f"brackets, the lowest and the highest. {origin(record)}"
    )


def _word(met: bool) -> str:
    """Met or missed."""
    return "met" if met else "**missed**"


class FaultMatrix(SphinxDirective):
    """Shows the faults of a cluster, or of one machine."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Returns a table and where it comes from, or one sentence."""
        return markdown(self, faults_text(read("faults", "cpu"), self.arguments[0]))


class EngineSpeed(SphinxDirective):
    """Shows what an engine costs."""

    def run(self) -> list[nodes.Node]:
        """Returns a table and where it comes from, or one sentence."""
        return markdown(self, speed_text(read("engines", "cpu")))


def setup(app: Sphinx) -> None:
    """Registers the directives."""
    app.add_directive("fault-matrix", FaultMatrix)
    app.add_directive("engine-speed", EngineSpeed)
