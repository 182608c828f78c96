"""The directive `{claims}`: every claim with its verdict, from `relubook.claims`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from relubook import claims
from relubook_book.markup import NO_BREAK_SPACE, duration, markdown, table

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from relubook.claims import Claim, Judgment

HEAD = ("claim", "page", "the paper", "verdict here", "n")
NO_RECORD = "not yet tested"
NO_NUMBER = "in words, without a number"
OWN = "this book"


def judged(claim: Claim) -> Judgment | None:
    """Returns the judgment by the largest committed record, None where there is no record."""
    try:
        return claims.judge(claim)
    except LookupError:
        return None


def _row(claim: Claim, judgment: Judgment | None) -> list[str]:
    return [
        f"[{claim.number}. {claim.id.replace('-', ' ')}](#{claim.id})",
        claim.page or OWN,
        ", ".join(str(number) for number in claim.paper).replace(" %", f"{NO_BREAK_SPACE}%"),
        _word(judgment),
        str(judgment.n) if judgment else "",
    ]


def _word(judgment: Judgment | None) -> str:
    word = judgment.verdict if judgment else NO_RECORD
    return f'<span class="verdict-word {_class(word)}">{word}</span>'


def _class(word: str) -> str:
    return "verdict-" + word.replace(" ", "-")


def describe(claim: Claim, judgment: Judgment | None) -> str:
    """Returns one claim and its verdict as MyST text."""
    source = [f"{number} (p. {number.page}, {number.read})" for number in claim.paper]
    source = source or [NO_NUMBER if claim.page else f"not a claim of the paper; {OWN} makes it"]
    entries = [("verdict", [_word(judgment)]), ("the paper", source)]
    if judgment:
        passport = judgment.passport
        run = f"recorded at `{judgment.scale}` scale in {duration(passport['wall_time_s'])} on "
        entries += [
            ("measured here", [str(part) for part in judgment.parts]),
            ("power: smallest difference to be seen", list(judgment.power)),
            ("record", [f"{run}{passport['device']}; commit `{(passport['commit'] or '')[:7]}`"]),
        ]
    command = f"relubook reproduce {claim.experiment} --scale {claim.scales[-1]}"
    entries += [
        ("threshold, fixed before the run", [claim.threshold]),
        ("interval", [claim.interval]),
        ("flips", list(claim.flips)),
        ("test it yourself", [f"`{command} --data {claim.data}`"]),
        ("changes of the threshold", list(claim.threshold_changes) or ["none"]),
    ]
    listed = "\n\n".join("\n".join([term, *(f": {line}" for line in ls)]) for term, ls in entries)
    where = f"p. {claim.page}" if claim.page else OWN
    text = f"{claim.number}\\. {claim.statement} ({where})\n\n{listed}"
    return text.replace(" %", f"{NO_BREAK_SPACE}%")


class Claims(SphinxDirective):
    """Lists all claims, first in one table, then each with all that its verdict rests on."""

    def run(self) -> list[nodes.Node]:
        """Returns the table and one block a claim."""
        found = [(claim, judged(claim)) for claim in claims.CLAIMS.values()]
        blocks = [self._block(claim, judgment) for claim, judgment in found]
        return [*markdown(self, table(HEAD, [_row(*pair) for pair in found])), *blocks]

    def _block(self, claim: Claim, judgment: Judgment | None) -> nodes.Node:
        word = judgment.verdict if judgment else NO_RECORD
        block = nodes.container(names=[claim.id], classes=["claim", _class(word)])
        self.state.document.note_explicit_target(block, block)
        block += markdown(self, describe(claim, judgment))
        return block


def setup(app: Sphinx) -> None:
    """Registers the directive."""
    app.add_directive("claims", Claims)
