"""The command line: list, reproduce, fetch, data, claims, compare, report, grade, feedback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Column, Table

from relubook.command_arguments import limits_from, seeds_from
from relubook.command_output import console, print_comparison, print_places, progress_bar
from relubook.command_runs import Stopped, run_and_keep

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Re-make the figures of Glorot, Bordes & Bengio (2011), and look at the records.",
    epilog="Example: relubook reproduce figure-3 --scale laptop",
)

Scale = Annotated[str, typer.Option(help="smoke (seconds), laptop (minutes) or paper (a GPU).")]
Data = Annotated[str | None, typer.Option(help="A data set other than the scale's own.")]
Folder = Annotated[Path, typer.Option(help="Where records are written.")]


@app.command("list")
def list_experiments() -> None:
    """List the experiments and what they re-make."""
    from relubook import experiments

    table = Table("experiment", "what it re-makes", box=None)
    for name in experiments.NAMES:
        table.add_row(name, experiments.get(name).TITLE)
    console.print(table)


@app.command(epilog="Example: relubook reproduce figure-3 --scale laptop --data mnist")
def reproduce(
    name: Annotated[str, typer.Argument(help="An experiment; `relubook list` names them.")],
    scale: Scale = "laptop",
    data: Data = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    out: Folder = Path("relubook-records"),
    networks: Annotated[
        int | None, typer.Option(help="Train so many side by side; as many as fit unless given.")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option(help="Stop after so long, and keep what was trained.")
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(help="FIRST:LAST, the networks to train here; copy chunks from elsewhere."),
    ] = None,
    seeds: Annotated[
        str | None,
        typer.Option(help="Others than the experiment's own: FIRST:LAST, or 3,5,8. See compare."),
    ] = None,
    engine: Annotated[str, typer.Option(help="local: this process; ray: a Ray cluster.")] = "local",
    address: Annotated[
        str | None, typer.Option(help="Of the Ray cluster; one on this machine unless given.")
    ] = None,
    checkpoints: Annotated[
        Path | None,
        typer.Option(help="Where chunks are kept; all nodes of a cluster must see this folder."),
    ] = None,
) -> None:
    """Run an experiment, save its record and figure, and print paper | here | difference.

    Ctrl-C keeps what was trained: the same command goes on from there. A sweep is cut into chunks
    of networks; their files, in the folder `checkpoints`, can be gathered from several machines.
    """
    from relubook import experiments

    experiments.configure(name, scale, data)  # complains before anything is loaded
    chosen = None if seeds is None else seeds_from(seeds)
    if chosen is not None:
        out /= f"seeds-{'-'.join(map(str, chosen))}"[:100]  # beside the experiment's own record
    record = run_and_keep(
        name, scale, data, device=device, out=out, seeds=chosen, engine=engine, address=address,
        checkpoints=checkpoints or out / "checkpoints",
        limits=limits_from(networks, minutes, only),
    )  # fmt: skip
    if record is not None:
        print_comparison(record)


@app.command(epilog="Example: relubook compare figure-3 --scale laptop --data mnist")
def compare(
    name: Annotated[str, typer.Argument(help="An experiment.")],
    scale: Scale = "laptop",
    data: Data = None,
    mine: Annotated[
        Path | None,
        typer.Option(help="The JSON file of a record of your own, to place among the seeds of it."),
    ] = None,
) -> None:
    """Print paper | here | difference for a record that ships with the package.

    With --mine: is a run of your own like the recorded seeds, or does it look like a bug?
    """
    from relubook import experiments, records

    config = experiments.configure(name, scale, data)
    recorded = records.load(name, scale=scale, data=config.data)
    if mine is None:
        print_comparison(recorded)
        return
    from relubook import placing

    own = records.read(mine)
    print_places(placing.compare(own, recorded), own, recorded)


@app.command(epilog="Example: relubook fetch mnist cifar10")
def fetch(names: Annotated[list[str], typer.Argument(help="Data sets to download.")]) -> None:
    """Download data sets into the user's cache, verified; one that fails does not stop the rest."""
    from relubook import datasets

    for name in names:
        datasets.describe(name)  # complains about unknown names before anything is fetched
    failed = []
    for name in names:
        try:
            files = datasets.fetch(name, progress=True)
        except datasets.DatasetUnavailable as problem:
            failed.append(str(problem))
            continue
        for path in files:
            console.print(str(path), highlight=False, soft_wrap=True)
        if not files:
            console.print(f"{name} needs no file.", highlight=False)
    if failed:
        raise OSError("\n\n".join(failed))


@app.command(epilog="Example: relubook data cifar10")
def data(
    name: Annotated[str | None, typer.Argument(help="A data set, for all about it.")] = None,
) -> None:
    """List the data sets: size, license, where they are, what stands in for them."""
    from relubook import datasets

    if name is not None:
        for label, text in vars(datasets.describe(name)).items():
            if text:
                console.print(f"[bold]{label.replace('_', ' ')}[/bold]: ", end="")
                console.print(text, highlight=False, markup=False)
        return
    table = Table(
        Column("name", no_wrap=True), Column("size", no_wrap=True), "license",
        Column("where", no_wrap=True), Column("stand-in", no_wrap=True),
        box=None,
    )  # fmt: skip
    for row in map(datasets.describe, datasets.NAMES):
        place = row.where.split()[0] if row.where.startswith(("mirror ", "cache ")) else row.where
        table.add_row(row.name, row.size, row.license, place, row.stand_in)
    console.print(table)
    console.print("`relubook data NAME` says all about one of them.", style="dim")


@app.command()
def claims() -> None:
    """List the claims with their verdicts and what each rests on."""
    from relubook.claims import CLAIMS, judge

    for claim in CLAIMS.values():
        try:
            judgment = judge(claim)
            verdict, lines = judgment.verdict, [str(part) for part in judgment.parts]
        except LookupError as missing:
            verdict, lines = "not yet tested", [str(missing)]
        console.print(f"\n[bold]{claim.id}[/bold] ({claim.source}): {verdict}")
        console.print(claim.statement, style="dim", highlight=False)
        for line in lines:
            console.print(f"- {line}", highlight=False, markup=False)


@app.command()
def report() -> None:
    """List the records with their age, and what is missing or stale."""
    from relubook import experiments, records

    table = Table(Column("record", no_wrap=True), "made", "commit", "seconds", "state", box=None)
    for stem in records.stems():
        name, scale, data_name = stem.split(".")
        record = records.load(name, scale=scale, data=data_name)
        passport = record.passport
        state = "stale" if experiments.is_stale(record) else "current"
        seconds = f"{passport['wall_time_s']:.0f}"
        table.add_row(stem, passport["started"][:10], str(passport["commit"])[:7], seconds, state)
    for name in experiments.NAMES:
        config = experiments.configure(name, "paper")
        if f"{name}.paper.{config.data}" not in records.stems():
            table.add_row(f"{name}.paper.{config.data}", "", "", "", "missing")
    console.print(table)


@app.command(epilog="Example: relubook grade 3_sparsity --course rectifiers --jobs 4")
def grade(
    assignment: Annotated[str, typer.Argument(help="An assignment of the course.")],
    course: Annotated[Path, typer.Option(help="The folder of the course.")] = Path(),
    jobs: Annotated[
        int | None, typer.Option(help="Run so many side by side; one for each core unless given.")
    ] = None,
    student: Annotated[str, typer.Option(help="Only this one, or those like a pattern.")] = "*",
    again: Annotated[bool, typer.Option("--again", help="Also what is graded already.")] = False,
) -> None:
    """Grade what students handed in, each notebook in a sandbox (for instructors, with nbgrader).

    Ctrl-C keeps what was graded: the same command goes on from there.
    """
    import os

    with _grading_installed():
        from relubook.grading import course as grading
        from relubook.grading.report import show

    with progress_bar(assignment) as report:
        found = grading.grade(
            course, assignment, jobs=jobs or os.cpu_count() or 1, student=student, again=again,
            progress=report,
        )  # fmt: skip
    show(found, console)
    if found.stopped:
        raise Stopped("What was graded is in the gradebook.")
    if any(one.problem for one in found.students):
        sys.exit(1)


@app.command(epilog="Example: relubook feedback 3_sparsity --course rectifiers")
def feedback(
    assignment: Annotated[str, typer.Argument(help="An assignment that was graded.")],
    course: Annotated[Path, typer.Option(help="The folder of the course.")] = Path(),
    student: Annotated[str, typer.Option(help="Only this one, or those like a pattern.")] = "*",
) -> None:
    """Write a page for each student: points, answers, and why a test did not pass."""
    with _grading_installed():
        from relubook.grading.feedback import give

    files = give(course, assignment, student=student)
    console.print(f"{len(files)} pages, such as {files[0]}", highlight=False, soft_wrap=True)


@contextmanager
def _grading_installed() -> Iterator[None]:
    """Say what is missing to somebody who has only what students need."""
    try:
        yield
    except ModuleNotFoundError as missing:
        raise LookupError(
            f"Grading needs {missing.name}: pip install -r requirements-assignments.txt"
        ) from None


def main() -> None:
    """Run the command line; a user's error ends in one sentence, not in a traceback."""
    try:
        app()
    except (ValueError, LookupError, OSError, MemoryError) as error:
        terminal = Console(stderr=True)
        terminal.print("relubook: ", style="bold", end="")
        terminal.print(str(error), highlight=False, markup=False)
        sys.exit(2)
    except Stopped as stopped:
        Console(stderr=True).print(f"Stopped. {stopped} The same command goes on from there.")
        sys.exit(130)
