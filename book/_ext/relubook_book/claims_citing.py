"""A claim as an entry of a bibliography; the only place that writes its BibTeX."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

import relubook
from relubook_book import site

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from relubook.claims import Claim, Judgment

CITATION = Path(__file__).parents[3] / "CITATION.cff"
PAGE = "book/claims.html"
# BibTeX counts braces, also behind a backslash, so a brace is spelled out.
ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    **{sign: f"\\{sign}" for sign in "%&_#$"},
}


@dataclass(frozen=True, kw_only=True)
class Work:
    """What CITATION.cff says about a work.

    Args:
        title: Its title.
        authors: In BibTeX, each as `Family, Given`, or in braces if it is no person.
        names: The authors' last names, or what stands for one.
        year: Of publication, empty for a work that is still changed.
    """

    title: str
    authors: tuple[str, ...]
    names: tuple[str, ...]
    year: str = ""


def works(path: Path = CITATION) -> tuple[Work, Work]:
    """Returns this book and the paper, as `CITATION.cff` has them."""
    book = yaml.safe_load(path.read_text(encoding="utf-8"))
    return _work(book), _work(book["references"][0])


def _work(entry: Mapping[str, Any]) -> Work:
    return Work(
        title=entry["title"],
        authors=tuple(map(_author, entry["authors"])),
        names=tuple(author.get("family-names") or author["name"] for author in entry["authors"]),
        year=str(entry.get("year", "")),
    )


def _author(author: Mapping[str, str]) -> str:
    if "name" in author:
        return f"{{{escaped(author['name'])}}}"
    return f"{escaped(author['family-names'])}, {escaped(author['given-names'])}"


def escaped(text: str) -> str:
    """Returns the text for a field of BibTeX, on one line, with LaTeX's own signs spelled out."""
    return " ".join(text.split()).translate(str.maketrans(ESCAPES))


def address(claim: Claim, page: str = PAGE) -> str:
    """Returns where the claim stands in the published book."""
    return f"{site.read().site}{page}#{claim.id}"


def bibtex(claim: Claim, judgment: Judgment | None, page: str = PAGE) -> str:
    """Returns the claim as one entry of this book.

    The year is that in which the run began that judged it; a claim without a record has none.

    Args:
        claim: The claim.
        judgment: By the largest record, None where there is none.
        page: Of the claims, from the root of the site.
    """
    book, paper = works()
    # Where an address holds no brace, it needs no escape; BibTeX's styles print it as it is.
    url = address(claim, page).replace("{", "%7B").replace("}", "%7D")
    fields = {
        "author": " and ".join(book.authors),
        "title": f"{{Claim {claim.number}: {escaped(claim.statement)}}}",
        "howpublished": f"{{{escaped(book.title)}}}, version {escaped(relubook.__version__)}",
        "year": judgment.passport["started"][:4] if judgment else "",
        "url": url,
        "note": escaped(_note(claim, judgment, paper)),
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    return "\n".join([f"@misc{{relubook-{claim.id},", *lines, "}"])


def _note(claim: Claim, judgment: Judgment | None, paper: Work) -> str:
    """Whose claim it is, and what came out here."""
    whose = f"{_listed(paper.names)} ({paper.year}), p. {claim.page}" if claim.page else "this book"
    if judgment is None:
        return f"A claim of {whose}, not yet tested"
    commit = (judgment.passport["commit"] or "not known")[:7]
    return (
        f"A claim of {whose}. Verdict: {judgment.verdict}, n = {judgment.n}. "
        f"Record {stem(judgment)}, commit {commit}"
    )


def stem(judgment: Judgment) -> str:
    """Returns the name of the record that judged the claim."""
    return f"{judgment.claim.experiment}.{judgment.scale}.{judgment.claim.data}"


def _listed(names: Sequence[str]) -> str:
    """Names as a sentence has them."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
