"""The page of claims: counted, placed in chapters, and citable."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pybtex
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from project_files import CHAPTERS, ROOT
from pybtex.database import parse_string
from relubook_book import claims as claims_page
from relubook_book import claims_citing, claims_places
from relubook_book.markup import NO_BREAK_SPACE

import relubook
from relubook import claims, records

if TYPE_CHECKING:
    from pathlib import Path

    from pybtex.database import Person


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry of a bibliography as pybtex reads it."""

    key: str
    fields: dict[str, str]
    persons: dict[str, list[Person]]


HEAVIEST = 60_000  # bytes of the page's HTML, compressed
PLACES = claims_places.by_subject()
every_claim = pytest.mark.parametrize("claim", claims.CLAIMS.values(), ids=claims.CLAIMS)


@pytest.fixture(scope="module")
def page(book: Path) -> str:
    """The built page of claims."""
    return (book / "book/claims.html").read_text(encoding="utf-8")


def described(claim: claims.Claim) -> str:
    """What the page says about a claim, in MyST."""
    chapter = PLACES.get(claim.chapter)
    text = claims_page.describe(claim, claims_page.judged(claim), chapter)
    return text.replace(NO_BREAK_SPACE, " ")


def entry_of(text: str) -> Entry:
    """The one entry of a text in BibTeX."""
    [entry] = parse_string(text, "bibtex").entries.values()
    fields, persons = dict(entry.fields or {}), dict(entry.persons or {})
    return Entry(key=entry.key, fields=fields, persons=persons)


def cited(claim: claims.Claim) -> Entry:
    """The claim's entry, parsed."""
    return entry_of(claims_citing.bibtex(claim, claims_page.judged(claim)))


def notebook(folder: Path, name: str, *cells: tuple[str, str]) -> None:
    """Writes a notebook of (kind, source) cells."""
    listed = [{"cell_type": kind, "source": [source]} for kind, source in cells]
    (folder / f"{name}.ipynb").write_text(json.dumps({"cells": listed}), encoding="utf-8")


def test_the_counts_are_those_of_the_registry(page: str) -> None:
    judgments = [claims_page.judged(claim) for claim in claims.CLAIMS.values()]
    found = claims_page.counts(judgments)
    assert sum(found.values()) == len(claims.CLAIMS)
    for verdict, number in found.items():
        blocks = re.findall(rf'class="claim verdict-{verdict.replace(" ", "-")} ', page)
        assert len(blocks) == number == [claims_page.word(j) for j in judgments].count(verdict)
        shown = rf'>{verdict}</span> <span class="tally-count">{number}</span>'
        assert re.search(shown, page)


def test_an_untested_claim_is_counted_apart() -> None:
    tested = claims_page.judged(next(iter(claims.CLAIMS.values())))
    assert claims_page.NO_RECORD not in claims_page.counts([tested])
    assert claims_page.counts([tested, None])[claims_page.NO_RECORD] == 1


@every_claim
def test_a_claim_leads_to_its_chapter_or_says_that_it_has_none(claim: claims.Claim) -> None:
    chapter = PLACES.get(claim.chapter)
    if chapter is None:
        assert claims_page.NO_CHAPTER in described(claim)
    else:
        assert f"({'/' + chapter.docname}.ipynb)" in described(claim)
        assert claim.chapter in chapter.docname


def test_a_chapter_is_found_by_the_cards_in_its_notebook() -> None:
    shown = {path.stem for path in CHAPTERS if "ClaimCard" in path.read_text(encoding="utf-8")}
    assert {chapter.docname.removeprefix("chapters/") for chapter in PLACES.values()} == shown


def test_only_cells_that_show_cards_place_a_claim_and_the_first_chapter_wins(
    tmp_path: Path,
) -> None:
    card = 'for claim in about("{}"):\n    display(ClaimCard(judge(claim)))'
    notebook(tmp_path, "01_first", ("markdown", "# One"), ("code", card.format("sparsity")))
    cells = [("code", card.format(name)) for name in ("sparsity", "cost")]
    unshown = [("code", 'about("text")'), ("markdown", 'ClaimCard of about("biology")')]
    notebook(tmp_path, "02_second", ("markdown", "# Two"), *cells, *unshown)
    found = claims_places.by_subject(tmp_path)
    assert {subject: found[subject].name for subject in sorted(found)} == {
        "cost": "2. Two",
        "sparsity": "1. One",
    }


@pytest.mark.parametrize(("name", "text"), [("first", "# One"), ("01_first", "One")])
def test_a_chapter_without_number_or_title_is_refused(tmp_path: Path, name: str, text: str) -> None:
    notebook(tmp_path, name, ("markdown", text), ("code", 'ClaimCard; about("cost")'))
    with pytest.raises(ValueError, match="must have a number in its name and a heading"):
        claims_places.by_subject(tmp_path)


def test_a_claim_in_no_chapter_says_so_in_a_section_of_its_own() -> None:
    without = {name: chapter for name, chapter in PLACES.items() if name != "cost"}
    groups = claims_page.grouped(without)
    assert tuple(groups[""]) == claims.about("cost")
    assert list(groups)[-1] == ""
    text = claims_page.describe(groups[""][0], None, None)
    assert claims_page.NO_CHAPTER in text


def test_every_claim_is_in_one_group() -> None:
    members = [claim.id for group in claims_page.grouped(PLACES).values() for claim in group]
    assert sorted(members) == sorted(claims.CLAIMS)


@every_claim
def test_a_claim_names_its_record_and_the_command_that_makes_it_again(
    claim: claims.Claim,
) -> None:
    judgment, text = claims_page.judged(claim), described(claim)
    if judgment is None:
        assert f"--scale {claim.scales[-1]} --data {claim.data}`" in text
    else:
        assert f"`{claims_citing.stem(judgment)} <record-" in text
        assert claims_citing.stem(judgment) in records.stems()
        command = f"relubook reproduce {claim.experiment} --scale {judgment.scale}"
        assert f"`{command} --data {claim.data}`" in text


@every_claim
def test_a_citation_can_be_read_by_bibtex(claim: claims.Claim) -> None:
    judgment, entry = claims_page.judged(claim), cited(claim)
    assert entry.key == f"relubook-{claim.id}"
    assert entry.fields["url"].endswith(f"/book/claims.html#{claim.id}")
    assert relubook.__version__ in entry.fields["howpublished"]
    text = claims_citing.bibtex(claim, judgment)
    printed = pybtex.format_from_string(text, style="plain", output_backend="plaintext")
    said = [f"Claim {claim.number}: {' '.join(claim.statement.split())}"]
    if judgment is not None:
        assert entry.fields["year"] == judgment.passport["started"][:4]
        said += [f"Verdict: {judgment.verdict}, n = {judgment.n}", claims_citing.stem(judgment)]
    assert [words for words in said if words not in printed] == []


def test_a_claim_without_a_record_is_cited_without_a_year() -> None:
    entry = entry_of(claims_citing.bibtex(next(iter(claims.CLAIMS.values())), None))
    assert "year" not in entry.fields
    assert "not yet tested" in entry.fields["note"]


def test_a_citation_follows_the_address_of_the_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELUBOOK_SITE", "https://reader.github.io/my_fork{1}")
    entry = cited(claims.find("plateau-to-85"))
    address = "https://reader.github.io/my_fork%7B1%7D/book/claims.html#plateau-to-85"
    assert entry.fields["url"] == address


def test_a_citation_agrees_with_the_citation_file() -> None:
    said = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    entry = cited(claims.find("plateau-to-85"))
    assert said["title"] in entry.fields["howpublished"]
    assert len(entry.persons["author"]) == len(said["authors"])
    for author in said["authors"]:
        assert any(author["name"] in str(person) for person in entry.persons["author"])
    paper = said["references"][0]
    for part in (str(paper["year"]), *(author["family-names"] for author in paper["authors"])):
        assert part in entry.fields["note"]


def test_persons_of_the_citation_file_become_persons_of_the_entry(tmp_path: Path) -> None:
    people = [{"family-names": "de la Cruz", "given-names": "Ana"}, {"name": "Books & and Co."}]
    said = {"title": "T", "authors": people, "references": [{"title": "P", "authors": people}]}
    path = tmp_path / "CITATION.cff"
    path.write_text(yaml.safe_dump(said), encoding="utf-8")
    book, paper = claims_citing.works(path)
    entry = entry_of(f"@misc{{key, author = {{{' and '.join(book.authors)}}}}}")
    first, second = entry.persons["author"]
    assert (first.first_names, first.prelast_names, first.last_names) == (
        ["Ana"],
        ["de", "la"],
        ["Cruz"],
    )
    assert second.last_names == [r"{Books \& and Co.}"]
    assert paper.names == ("de la Cruz", "Books & and Co.")


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from(r'\{}%&_#$~^"@,=')))
def test_no_text_breaks_an_entry(text: str) -> None:
    entry = entry_of(f"@misc{{key, title = {{{{{claims_citing.escaped(text)}}}}}, year = {{1}}}}")
    assert entry.fields["year"] == "1"
    back = {escape: sign for sign, escape in claims_citing.ESCAPES.items()}
    found = re.compile("|".join(map(re.escape, back)))
    read = found.sub(lambda one: back[one[0]], entry.fields["title"][1:-1])
    assert read.split() == text.split()


def test_every_claim_has_its_anchor_and_its_fold_for_citing(page: str) -> None:
    assert [name for name in claims.CLAIMS if f'id="{name}"' not in page] == []
    assert page.count('<details class="cite">') == len(claims.CLAIMS)
    assert page.count("@misc{relubook-") == len(claims.CLAIMS)


@every_claim
def test_a_record_links_to_its_passport(page: str, book: Path, claim: claims.Claim) -> None:
    judgment = claims_page.judged(claim)
    if judgment is not None:
        name = re.escape(claims_citing.stem(judgment))
        found = re.search(rf'href="reproducing\.html#([^"]+)">\s*<span[^>]*>{name}</span>', page)
        assert found is not None
        assert f'id="{found[1]}"' in (book / "book/reproducing.html").read_text(encoding="utf-8")


def test_the_page_is_light(page: str) -> None:
    assert len(gzip.compress(page.encode(), mtime=0)) < HEAVIEST


def test_the_filter_is_loaded_by_the_page_of_claims_alone(book: Path) -> None:
    names = ("_static/claims.js", "_static/claims.css")
    for path in book.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        expected = path == book / "book/claims.html"
        assert [name in text for name in names] == [expected, expected], path.name
