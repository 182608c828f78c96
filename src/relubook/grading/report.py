"""What an instructor reads after grading."""

from rich.console import Console
from rich.table import Column, Table

from relubook.grading.course import Grading


def show(grading: Grading, console: Console) -> None:
    """Print everybody's points, then what needs an instructor's hand.

    Args:
        grading: What became of what was handed in.
        console: Where.
    """
    table = Table(
        Column("student", no_wrap=True), Column("points", justify="right"), "to do", box=None
    )
    for one in grading.students:
        if one.points is not None:
            points = f"{one.points:g} of {one.most:g}"
            table.add_row(one.student, points, "grade by hand" if one.by_hand else "")
    console.print(table)
    problems = [one for one in grading.students if one.problem]
    if problems:
        console.print(f"\nNot graded ({len(problems)}):", style="bold")
    for one in problems:
        console.print(f"  {one.student}: {one.problem}", highlight=False, markup=False)
    suspicious = [one for one in grading.students if one.reaches_for]
    if suspicious:
        console.print("\nWorth reading, since no answer needs it:", style="bold")
    for one in suspicious:
        used = ", ".join(one.reaches_for)
        console.print(f"  {one.student}: {used}", highlight=False, markup=False)
    if grading.absent:
        absent = ", ".join(grading.absent)
        console.print(f"\nHanded in nothing: {absent}", highlight=False, markup=False)
