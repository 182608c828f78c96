"""In which chapter a claim stands: where a notebook shows its card."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

CHAPTERS = Path(__file__).parents[3] / "chapters"
ASKED = re.compile(r"""\babout\(\s*["']([^"']+)["']\s*\)""")
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """A chapter of the book, as its notebook says it.

    Args:
        docname: Path of the page from the book's root, without its ending.
        number: Of the chapter, as in the name of its notebook.
        title: The notebook's first heading.
    """

    docname: str
    number: int
    title: str

    @property
    def name(self) -> str:
        """Number and title."""
        return f"{self.number}. {self.title}"


def by_subject(folder: Path = CHAPTERS) -> dict[str, Chapter]:
    """Returns the chapter that shows the cards of each subject, by `Claim.chapter`.

    A subject that two chapters show belongs to the first of them.
    """
    found: dict[str, Chapter] = {}
    for path in sorted(folder.glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        sources = [("".join(cell["source"]), cell["cell_type"]) for cell in cells]
        shown = [
            subject
            for source, kind in sources
            if kind == "code" and "ClaimCard" in source
            for subject in ASKED.findall(source)
        ]
        if shown:
            chapter = _chapter(path, [source for source, kind in sources if kind == "markdown"])
            found = {**dict.fromkeys(shown, chapter), **found}
    return found


def _chapter(path: Path, texts: list[str]) -> Chapter:
    title, number = TITLE.search("\n\n".join(texts)), re.match(r"\d+", path.stem)
    if title is None or number is None:
        raise ValueError(
            f"The notebook of a chapter must have a number in its name and a heading. Got {path}."
        )
    docname = f"{path.parent.name}/{path.stem}"
    return Chapter(docname=docname, number=int(number[0]), title=title[1].strip())
