"""What students hand in, looked at before anything is run: is it what was asked for?"""

import json
from codecs import BOM_UTF8
from pathlib import Path
from typing import Any

LARGEST = 20_000_000  # of a notebook with pictures in its outputs; ours have a few kilobytes [byte]
_FORMAT = 4  # of notebooks, since 2015


def refusal(folder: Path, assignment: str) -> str | None:
    """Why what lies in a student's folder cannot be graded, and what to do; None if it can.

    Args:
        folder: `submitted/STUDENT/ASSIGNMENT` of a course.
        assignment: Its name, which is that of its one notebook.
    """
    if links := [path.name for path in sorted(folder.rglob("*")) if path.is_symlink()]:
        return f"{links[0]} is a link to another place. Ask for the file itself."
    notebook = folder / f"{assignment}.ipynb"
    if not notebook.is_file():
        return _other_name(folder, notebook.name)
    size = notebook.stat().st_size
    if size > LARGEST:
        return (
            f"The notebook has {size / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} are read. "
            "Ask for it without outputs (Edit > Clear outputs of all cells)."
        )
    return _content(notebook)


def _other_name(folder: Path, asked: str) -> str:
    """What to say where the notebook is not."""
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.ipynb"))
    if len(found) == 1:
        return f"The notebook is called {found[0]!r}. Rename it to {asked!r}, and grade again."
    if found:
        return f"There are {', '.join(found)}, but no {asked}. Which one is meant?"
    others = sorted(path.name for path in folder.iterdir())
    held = ", ".join(others[:3]) + (", ..." if len(others) > 3 else "")
    return f"There is no {asked}" + (f", only {held}." if others else ", nothing at all.")


def _content(notebook: Path) -> str | None:
    """What to say about a file that is not a notebook of this format."""
    content = notebook.read_bytes()
    if content.startswith(BOM_UTF8):
        return "The file begins with a byte order mark. Open it in Jupyter, save it, grade again."
    try:
        found = json.loads(content.decode("utf-8"))
    except UnicodeDecodeError:
        return "The file is not text in UTF-8. Ask for the .ipynb as Jupyter saved it."
    except (ValueError, RecursionError):
        return "The file is no notebook, or only part of one. Ask for it again."
    if not isinstance(found, dict) or "nbformat" not in found:
        return "The file is no notebook. Ask for the .ipynb as Jupyter saved it."
    if found["nbformat"] != _FORMAT:
        return (
            f"The notebook has format {found['nbformat']!r}; {_FORMAT} is read. "
            "Open it in Jupyter, save it, and grade again."
        )
    if not isinstance(found.get("cells"), list):
        return "The notebook has no list of cells."
    odd = [place for place, cell in enumerate(found["cells"], 1) if not _is_cell(cell)]
    return f"Part {odd[0]} of the notebook is no cell. Ask for it again." if odd else None


def _is_cell(found: Any) -> bool:
    """Whether it has what every cell has."""
    return (
        isinstance(found, dict)
        and found.get("cell_type") in {"code", "markdown", "raw"}
        and isinstance(found.get("metadata"), dict)
        and isinstance(found.get("source"), str | list)
    )
