"""A claim of the paper on a card: what it says, and, folded, what was measured."""

from typing import Any

from relubook.claims import Judgment
from relubook.widgets.bundle import style
from relubook.widgets.lives import escape


class ClaimCard:
    """One claim; the verdict is folded until the reader opens it. It needs no script.

    Args:
        judgment: What `claims.judge` returned.
        opened: Whether the verdict is shown at once.
    """

    def __init__(self, judgment: Judgment, *, opened: bool = False) -> None:
        self.judgment = judgment
        self.opened = opened

    def __repr__(self) -> str:
        claim = self.judgment.claim
        verdict = f" Verdict: {self.judgment.verdict}." if self.opened else ""
        where = claim.source.removeprefix("paper, ")
        return f"Claim {claim.number} ({where}): {claim.statement}{verdict}"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        return {"text/html": self.html(), "text/plain": repr(self)}

    def html(self) -> str:
        """The card; no id, the same bytes at every run."""
        judgment, claim = self.judgment, self.judgment.claim
        state = " open" if self.opened else ""
        return (
            f'<div class="relubook"><style>{style("style.css", "claim_card.css")}</style>'
            '<div class="relubook-view"><div class="card claim-card">'
            f'<p class="unit">Claim {claim.number} · {escape(claim.source)}</p>'
            f'<p class="statement">{escape(claim.statement)}</p>'
            f"<details{state}><summary>Verdict here</summary>"
            f'<p class="verdict">{_mark(judgment.verdict)} <strong>{judgment.verdict}</strong>, '
            f"n = {judgment.n}</p>"
            f"{_rows(judgment)}</details></div></div></div>"
        )


def _mark(verdict: str) -> str:
    """A sign that tells the verdicts apart without color."""
    return {"holds": "●", "partly": "◐", "not here": "○"}.get(verdict, "?")


def _rows(judgment: Judgment) -> str:
    """What was measured, required, could be seen, and when the verdict flips."""
    claim = judgment.claim
    command = f"relubook reproduce {claim.experiment} --scale {judgment.scale} --data {claim.data}"
    rows = {
        "we measured": [escape(part) for part in judgment.parts],
        "required before the run": [escape(claim.threshold)],
        "changes of that": [escape(line) for line in claim.threshold_changes],
        "smallest difference to be seen": [escape(line) for line in judgment.power],
        "flips": [escape(line) for line in claim.flips],
        "made again with": [f"<code>{escape(command)}</code>"],
    }
    items = (
        f"<dt>{name}</dt>" + "".join(f"<dd>{line}</dd>" for line in lines)
        for name, lines in rows.items()
        if lines
    )
    return f"<dl>{''.join(items)}</dl>"
