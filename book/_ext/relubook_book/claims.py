"""The directives `{verdicts}` and `{claims}`: all claims, counted, listed and shown one by one."""

from __future__ import annotations

import functools
from collections import Counter
from html import escape
from typing import TYPE_CHECKING, Any, get_args

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from relubook import claims, records
from relubook_book import claims_citing, claims_places, recorded
from relubook_book.markup import NO_BREAK_SPACE, duration, markdown, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sphinx.application import Sphinx

    from relubook.claims import Claim, Judgment
    from relubook_book.claims_places import Chapter

HEAD = ("claim", "page", "the paper", "verdict here", "n")
NO_RECORD = "not yet tested"
NO_NUMBER = "in words, without a number"
NO_CHAPTER = "in no chapter of this book"
OWN = "this book"
IN = "in-"  # before a subject, in the id of its section; `claims.js` takes it off again


@functools.cache
def judged(claim: Claim) -> Judgment | None:
    """Returns the judgment by the largest committed record, None where there is no record.

    Each is asked for three times while the book is built, and takes a while to make.
    """
    try:
        return claims.judge(claim)
    except LookupError:
        return None


def counts(judgments: Sequence[Judgment | None]) -> dict[str, int]:
    """Returns how many claims have each verdict, the untested last and only if there are any."""
    found = Counter(word(judgment) for judgment in judgments)
    listed = {verdict: found[verdict] for verdict in get_args(claims.Verdict)}
    return {**listed, **({NO_RECORD: found[NO_RECORD]} if found[NO_RECORD] else {})}


def grouped(chapters: Mapping[str, Chapter]) -> dict[str, list[Claim]]:
    """Returns the claims by subject in the order of the chapters; "" holds those of no chapter."""
    found: dict[str, list[Claim]] = {
        subject: [] for subject in sorted(chapters, key=lambda name: chapters[name].docname)
    }
    for claim in claims.CLAIMS.values():
        found.setdefault(claim.chapter if claim.chapter in chapters else "", []).append(claim)
    return {subject: members for subject, members in found.items() if members}


def word(judgment: Judgment | None) -> str:
    """Returns the verdict as a word."""
    return judgment.verdict if judgment else NO_RECORD


def _marked(judgment: Judgment | None) -> str:
    return f'<span class="verdict-word {_class(word(judgment))}">{word(judgment)}</span>'


def _class(verdict: str) -> str:
    return "verdict-" + verdict.replace(" ", "-")


def row(claim: Claim, judgment: Judgment | None) -> list[str]:
    """Returns the cells of a claim in the table of all."""
    return [
        f"[{claim.number}. {claim.id.replace('-', ' ')}](#{claim.id})",
        claim.page or OWN,
        ", ".join(str(number) for number in claim.paper).replace(" %", f"{NO_BREAK_SPACE}%"),
        _marked(judgment),
        str(judgment.n) if judgment else "",
    ]


def describe(claim: Claim, judgment: Judgment | None, chapter: Chapter | None = None) -> str:
    """Returns one claim and its verdict as MyST text."""
    source = [f"{number} (p. {number.page}, {number.read})" for number in claim.paper]
    source = source or [NO_NUMBER if claim.page else f"not a claim of the paper; {OWN} makes it"]
    place = f"[{chapter.name}](/{chapter.docname}.ipynb)" if chapter else NO_CHAPTER
    entries = [("verdict", [_marked(judgment)]), ("chapter", [place]), ("the paper", source)]
    if judgment:
        entries += [
            ("measured here", [str(part) for part in judgment.parts]),
            ("power: smallest difference to be seen", list(judgment.power)),
            ("record", [_record(judgment)]),
        ]
    scale = judgment.scale if judgment else claim.scales[-1]
    command = f"relubook reproduce {claim.experiment} --scale {scale} --data {claim.data}"
    entries += [
        ("threshold, fixed before the run", [claim.threshold]),
        ("interval", [claim.interval]),
        ("flips", list(claim.flips)),
        ("made again with", [f"`{command}`"]),
        ("changes of the threshold", list(claim.threshold_changes) or ["none"]),
    ]
    listed = "\n\n".join("\n".join([term, *(f": {line}" for line in ls)]) for term, ls in entries)
    where = f"p. {claim.page}" if claim.page else OWN
    text = f"{claim.number}\\. {claim.statement} ({where})\n\n{listed}"
    return text.replace(" %", f"{NO_BREAK_SPACE}%")


def _record(judgment: Judgment) -> str:
    passport, stem = judgment.passport, claims_citing.stem(judgment)
    name, scale, data = stem.split(".")
    anchor = recorded.anchor(records.load(name, scale=scale, data=data))
    commit = (passport["commit"] or "not known")[:7] + ("+" if passport["dirty"] else "")
    return (
        f"{{ref}}`{stem} <{anchor}>`, begun on {passport['started'][:10]}, "
        f"{duration(passport['wall_time_s'])} on {passport['device']}; commit `{commit}`"
    )


def tally(found: Mapping[str, int]) -> str:
    """Returns the number of each verdict, with a bar as long as its share, as HTML."""
    whole = max(1, sum(found.values()))
    items = (
        f'<li class="{_class(verdict)}"><span class="verdict-word">{escape(verdict)}</span> '
        f'<span class="tally-count">{number}</span> '
        f'<span class="tally-bar" style="width: {100 * number / whole:.1f}%"></span></li>'
        for verdict, number in found.items()
    )
    return f'<ul class="claims-tally">{"".join(items)}</ul>'


class Verdicts(SphinxDirective):
    """Counts the claims by verdict, in a sentence, in numbers and in bars."""

    def run(self) -> list[nodes.Node]:
        """Returns a sentence and a list."""
        every = claims.CLAIMS.values()
        own = sum(not claim.page for claim in every)
        text = f"Claims: **{len(every)}**, of the paper {len(every) - own}, of {OWN} {own}."
        bars = tally(counts([judged(claim) for claim in every]))
        return [*markdown(self, text), nodes.raw("", bars, format="html")]


class Claims(SphinxDirective):
    """Lists all claims in one table, then each, by chapter, with all that its verdict rests on."""

    def run(self) -> list[nodes.Node]:
        """Returns the table and one section a chapter, with one block a claim."""
        for path in (claims_citing.CITATION, *claims_places.CHAPTERS.glob("*.ipynb")):
            self.env.note_dependency(str(path))
        chapters = claims_places.by_subject()
        groups = grouped(chapters)
        rows = [row(claim, judged(claim)) for members in groups.values() for claim in members]
        index = markdown(self, table(HEAD, rows))
        for node in index:
            if isinstance(node, nodes.table):
                node["classes"].append("claims-index")
        return [*index, *(self._section(s, chapters.get(s), m) for s, m in groups.items())]

    def _section(self, subject: str, chapter: Chapter | None, members: list[Claim]) -> nodes.Node:
        section = nodes.section(ids=[IN + (subject or "none")], classes=["claims-of"])
        section += nodes.title("", chapter.name if chapter else NO_CHAPTER.capitalize())
        section += [self._block(claim, chapter) for claim in members]
        return section

    def _block(self, claim: Claim, chapter: Chapter | None) -> nodes.Node:
        judgment = judged(claim)
        block = nodes.container(names=[claim.id], classes=["claim", _class(word(judgment))])
        self.state.document.note_explicit_target(block, block)
        block += markdown(self, describe(claim, judgment, chapter))
        page = self.env.app.builder.get_target_uri(self.env.docname)
        entry = claims_citing.bibtex(claim, judgment, page)
        fold = '<details class="cite"><summary>Cite this claim</summary>'
        block += nodes.raw("", fold, format="html")
        block += nodes.literal_block(entry, entry, language="text")
        block += nodes.raw("", "</details>", format="html")
        return block


def _load(app: Sphinx, _page: str, _template: str, _context: Any, tree: Any) -> None:
    if tree is not None and any("claim" in n["classes"] for n in tree.findall(nodes.container)):
        app.add_js_file("claims.js", loading_method="defer")
        app.add_css_file("claims.css")


def setup(app: Sphinx) -> None:
    """Registers the directives, and the filter for the page that has claims."""
    app.add_directive("verdicts", Verdicts)
    app.add_directive("claims", Claims)
    app.connect("html-page-context", _load)
