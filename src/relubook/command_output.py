"""What the command line shows: progress, and tables of numbers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column, Table

if TYPE_CHECKING:
    from relubook.placing import Placed
    from relubook.records import Record

console = Console()


@contextmanager
def progress_bar(name: str) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar with the time that remains."""
    columns = (
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"),
        TimeElapsedColumn(), TextColumn("left:"), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console) as bar:
        task = bar.add_task(name, total=None)

        def report(done: int, total: int, text: str) -> None:
            bar.update(task, completed=done, total=total, description=f"{name}: {text}")

        yield report


def print_places(placed: "tuple[Placed, ...]", own: "Record", recorded: "Record") -> None:
    """Which quantities of a run look like those of the recorded seeds."""
    from relubook.placing import COVERED

    seeds = [str(len(one.passport["seeds"])) for one in (own, recorded)]
    console.print(f"{seeds[0]} seeds of yours among {seeds[1]} recorded ones.", style="dim")
    table = Table("quantity", Column("compared", justify="right"), "furthest", "", box=None)
    for one in placed:
        if not one.places:
            table.add_row(one.quantity, "0", "too few recorded numbers", "")
            continue
        far = max(one.places, key=lambda place: place.distance)
        where = f" at {far.where}" if far.where else ""
        said = f"{far.mean:.4g}{where}; expected {far.low:.4g} to {far.high:.4g}"
        verdict = f"looks like a bug ({len(one.outside)})" if one.outside else "as expected"
        table.add_row(one.quantity, str(len(one.places)), said, verdict)
    console.print(table)
    console.print(
        f"A right run lies within all intervals of a quantity {100 * COVERED:g} times in "
        f"{100:g}, if such numbers are spread normally.",
        style="dim",
    )


def draw_beside(record: "Record", path: Path) -> Path:
    """Draw a record into a picture beside its file."""
    from relubook import experiments

    result, figure = experiments.result(record), path.with_suffix(".png")
    module, below = experiments.get(record.experiment), experiments.subtitle(record)
    module.draw(result, subtitle=below).savefig(figure)
    return figure


def print_comparison(record: "Record") -> None:
    """Paper | here | difference, and on what it was measured."""
    from relubook import experiments

    console.print(experiments.subtitle(record), style="dim")
    lines = experiments.get(record.experiment).compare(experiments.result(record))
    if not lines:
        console.print(experiments.get(record.experiment).describe(experiments.result(record)))
        console.print("The paper has no number to compare this with.")
        return
    table = Table("quantity", "paper", "here", "difference", box=None)
    for line in lines:
        table.add_row(
            line.quantity, f"{line.paper:.2f} {line.unit}", f"{line.here:.2f} {line.unit}",
            f"{line.difference:+.2f}",
        )  # fmt: skip
    console.print(table)
