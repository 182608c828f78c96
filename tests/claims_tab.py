"""The page of claims in a browser, and what of it is in sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from relubook import claims

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from browser_support import Tab

PAGE = "book/claims.html"
ALL = len(claims.CLAIMS)
SUBJECT = "sparsity"
OF_SUBJECT = {claim.id for claim in claims.about(SUBJECT)}
VERDICTS = {name: claims.judge(claim).verdict for name, claim in claims.CLAIMS.items()}
REFUTED = {name for name, verdict in VERDICTS.items() if verdict == "not here"}


def choice(tab: Tab, name: str) -> Locator:
    """A select of the filter, by the name that a screen reader says."""
    return tab.page.get_by_role("search", name="Filter the claims").get_by_label(name)


def sentence(tab: Tab) -> Locator:
    """What the filter says."""
    return tab.page.get_by_role("search", name="Filter the claims").get_by_role("status")


def shown(tab: Tab) -> set[str]:
    """The ids of the claims in sight, which the table agrees with."""
    visible = "list => list.filter(e => e.checkVisibility())"
    blocks = tab.page.locator(".claim").evaluate_all(f"l => ({visible})(l).map(e => e.id)")
    rows = tab.page.locator(".claims-index tbody tr").evaluate_all(
        f"l => ({visible})(l).map(e => e.querySelector('a').hash.slice(1))"
    )
    assert sorted(blocks) == sorted(rows)
    return set(blocks)
