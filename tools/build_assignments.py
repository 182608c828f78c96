"""Derives from the source of every assignment what students get, and a course ready to grade.

Usage:

    python tools/build_assignments.py             # into _assignments
    python tools/build_assignments.py FOLDER      # into FOLDER

In the folder: `student/NAME.ipynb`, without solutions and hidden tests; `course/`, where nbgrader
works, with the full sources in `course/source/NAME/NAME.ipynb`; and `student.zip`. Nothing of it
is stored in the repository. A course in which something was handed in is never made anew.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from run_notebooks import write_set_up  # noqa: E402

SOURCES = ROOT / "assignments"
STORED = (2020, 1, 1, 0, 0, 0)  # one date for every file, so that equal contents are equal zips


def names() -> list[str]:
    """Returns the names of all assignments, in the order in which they are handed out."""
    return sorted(path.parent.name for path in SOURCES.glob("*/source.ipynb"))


def environment() -> dict[str, str]:
    """Returns an environment in which nbgrader finds the programs that were installed with it."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, "PATH": path, "JUPYTER_PLATFORM_DIRS": "1"}


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs the real program in the folder of a course."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(
        command, cwd=course, env=environment(), capture_output=True, text=True, check=False
    )


def begin_course(course: Path, chosen: list[str]) -> None:
    """Writes the configuration and the sources, without outputs, into a new folder."""
    course.mkdir(parents=True)
    shutil.copy(SOURCES / "nbgrader_config.py", course)
    for name in chosen:
        source = SOURCES / name / "source.ipynb"
        notebook = nbformat.read(source, as_version=4)
        write_set_up(notebook, source)  # the addresses of this edition, which may be a fork
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
                if cell.metadata.get("nbgrader", {}).get("grade"):
                    cell.metadata["tags"] = ["raises-exception"]  # then Jupyter runs the next too
        place = course / "source" / name / f"{name}.ipynb"
        place.parent.mkdir(parents=True)
        nbformat.write(notebook, place)


def release(course: Path, chosen: list[str]) -> None:
    """Lets nbgrader make the students' versions and enter the questions into its gradebook."""
    for number, name in enumerate(chosen, 1):
        print(f"\rAssignment {number} of {len(chosen)}: {name:20}", end="", flush=True)
        made = nbgrader(course, "generate_assignment", name, "--create", "--force")
        if made.returncode != 0:
            sys.exit(f"\n{made.stderr}\nThe assignment {name} was not made; see the lines above.")
    print()


def build(folder: Path, chosen: list[str] | None = None) -> Path:
    """Returns the folder of the course; what was made before is made anew."""
    chosen = names() if chosen is None else chosen
    if (folder / "course" / "submitted").exists():
        sys.exit(f"Something was handed in to {folder / 'course'}. Name another folder.")
    for old in (folder / "course", folder / "student"):
        shutil.rmtree(old, ignore_errors=True)
    begin_course(folder / "course", chosen)
    release(folder / "course", chosen)
    (folder / "student").mkdir()
    for name in chosen:
        made = folder / "course" / "release" / name / f"{name}.ipynb"
        shutil.copyfile(made, folder / "student" / made.name)
    _pack(folder / "student", folder / "student.zip")
    return folder / "course"


def _pack(source: Path, archive: Path) -> None:
    """Packs a folder's files, byte by byte the same for the same contents."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(source.iterdir()):
            about = zipfile.ZipInfo(path.name, STORED)
            zipped.writestr(about, path.read_bytes(), zipfile.ZIP_DEFLATED)


def main() -> None:
    """Builds all, and says where they are."""
    folder = Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else ROOT / "_assignments"
    build(folder)
    print(f"For students: {folder / 'student'} and student.zip. To grade: {folder / 'course'}")


if __name__ == "__main__":
    main()
