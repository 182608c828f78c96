"""Builds the book from nothing, every warning an error, and names the page to open.

Usage:

    python tools/build_book.py             # into _build
    python tools/build_book.py FOLDER      # into FOLDER/_build
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
# nbformat reaches a grammar of web addresses that takes most of a second to compile, and asks it
# nothing; where there is none, it does without.
BOOK = (
    "import sys; sys.modules['rfc3987_syntax'] = None; "
    "from jupyter_book.cli.main import main; sys.exit(main())"
)


def build(folder: Path) -> Path:
    """Returns the folder of the built pages; ends the program when the build gives a warning."""
    # Old pages and doctrees would hide the warnings of pages that are not read again.
    shutil.rmtree(folder / "_build", ignore_errors=True)
    options = ["--warningiserror", "--keep-going", "--quiet", f"--path-output={folder}"]
    built = subprocess.run(
        [sys.executable, "-c", BOOK, "build", str(ROOT), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    pages = folder / "_build" / "html"
    if built.returncode != 0 or not (pages / "index.html").is_file():
        sys.exit(f"{built.stdout}\n{built.stderr}\nThe book was not built; see the lines above.")
    return pages


def main() -> None:
    """Builds, and prints the page to open as the last line."""
    pages = build(Path(sys.argv[1]).absolute() if len(sys.argv) > 1 else ROOT)
    print(f"The book is built. Open {(pages / 'book' / 'intro.html').as_uri()}")


if __name__ == "__main__":
    main()
