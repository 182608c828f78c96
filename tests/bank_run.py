"""Runs wrong answers of an assignment in one plain process, and prints what became of them as JSON.

Usage:

    python tests/bank_run.py NAME FIRST    # of each question, the answers from the FIRST-th on

Each answer meets the given cells, the reference solutions to all other questions, and its own
tests. A cell that writes to standard error has no points, as in nbgrader.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

SHOWING = ("show", "print", "source", "run")  # what given cells call that no answer needs
FOLDER = Path(__file__).parents[1] / "assignments"


def shows_something(cell: dict[str, Any]) -> bool:
    """Whether it is a given cell that no answer needs, and no test."""
    source = "".join(cell["source"])
    given = cell["cell_type"] == "code" and "nbgrader" not in cell["metadata"]
    set_up = "set-up" in cell["metadata"].get("tags", [])
    return given and not set_up and any(f"{word}(" in source for word in SHOWING)


def code_cells(name: str) -> list[tuple[dict[str, object], str]]:
    """Marks and source of every cell of code, but for the set-up and those that show something."""
    notebook = json.loads((FOLDER / name / "source.ipynb").read_text(encoding="utf-8"))
    return [
        (cell["metadata"].get("nbgrader", {}), "".join(cell["source"]))
        for cell in notebook["cells"]
        if cell["cell_type"] == "code"
        and "set-up" not in cell["metadata"].get("tags", [])
        and not shows_something(cell)
    ]


def outcome(source: str, names: dict[str, object]) -> str | None:
    """Why a test cell does not pass; None if it does."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, "test", "exec"), names)
    except BaseException as error:
        return f"{type(error).__name__}: {error}"
    return said.getvalue() or None


def judge(name: str, answer: dict[str, Any]) -> dict[str, object]:
    """The points and the messages of one answer."""
    names: dict[str, object] = {"__name__": "__main__"}
    points, said = {}, []
    for mark, source in code_cells(name):
        cell = mark.get("grade_id")
        if mark.get("grade"):
            if cell in answer["points"]:
                why = outcome(source, names)
                points[cell] = float(mark["points"]) if why is None else 0.0
                said.append(why or "")
                if len(points) == len(answer["points"]):  # what follows changes nothing
                    break
        else:
            chosen = answer["code"] if cell == answer["question"] else source
            outcome(chosen, names)
    return {"points": points, "said": "\n".join(said)}


def main() -> None:
    """All answers after the first ones of their question."""
    name, first = sys.argv[1], int(sys.argv[2])
    bank = tomllib.loads((FOLDER / name / "wrong.toml").read_text(encoding="utf-8"))["answer"]
    seen: dict[str, int] = {}
    found = []
    for answer in bank:
        seen[answer["question"]] = seen.get(answer["question"], 0) + 1
        if seen[answer["question"]] > first:
            found.append(
                {"question": answer["question"], "slip": answer["slip"], **judge(name, answer)}
            )
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
