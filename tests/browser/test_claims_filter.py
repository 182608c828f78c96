"""The filter of the page of claims, by mouse and keyboard, from the disk, with the network cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from claims_tab import (
    ALL,
    OF_SUBJECT,
    PAGE,
    REFUTED,
    SUBJECT,
    VERDICTS,
    choice,
    sentence,
    shown,
)
from playwright.sync_api import expect

from browser_support import offline_page
from relubook import claims

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from browser_support import Tab

pytestmark = pytest.mark.browser

ELSEWHERE = next(claim.id for claim in claims.CLAIMS.values() if claim.chapter != SUBJECT)
HOSTILE = [
    "#chapter=<img src=x onerror=alert(1)>&verdict=<script>alert(1)</script>",
    "#chapter=__proto__&verdict=constructor",
    "#%E0%A4%A",
    "#chapter=%zz&verdict=%",
    "#:not([",
    "#" + "chapter=" * 2000,
]


@pytest.fixture
def tab(chromium: Browser, book: Path) -> Iterator[Tab]:
    """The page from the disk, on a wide screen."""
    with offline_page(chromium, width=1280, reduced_motion=True) as tab:
        tab.open(book / PAGE)
        yield tab


def in_page(tab: Tab, name: str) -> None:
    """Goes to an address of the same page, as a link in it does."""
    tab.page.evaluate("name => { location.hash = name; }", name)


def test_everything_is_shown_until_something_is_chosen(tab: Tab) -> None:
    expect(sentence(tab)).to_have_text(f"{ALL} of {ALL} claims")
    assert shown(tab) == set(claims.CLAIMS)
    tab.assert_quiet()


def test_chapters_and_verdicts_narrow_the_claims_together(tab: Tab) -> None:
    choice(tab, "Chapter").select_option(SUBJECT)
    assert shown(tab) == OF_SUBJECT
    expect(sentence(tab)).to_have_text(f"{len(OF_SUBJECT)} of {ALL} claims")
    choice(tab, "Verdict").select_option("holds")
    both = {name for name in OF_SUBJECT if VERDICTS[name] == "holds"}
    assert shown(tab) == both
    expect(sentence(tab)).to_have_text(f"{len(both)} of {ALL} claims")
    assert tab.page.url.endswith(f"#chapter={SUBJECT}&verdict=holds")
    headings = tab.page.locator(".claims-of > h3")
    assert sum(heading.is_visible() for heading in headings.all()) == 1
    tab.assert_quiet()


def test_every_verdict_and_every_chapter_is_on_offer(tab: Tab) -> None:
    for name, spread in (
        ("Verdict", VERDICTS),
        ("Chapter", {claim.id: claim.chapter for claim in claims.CLAIMS.values()}),
    ):
        found: set[str] = set()
        for option in choice(tab, name).locator("option").all()[1:]:
            choice(tab, name).select_option(option.get_attribute("value"))
            assert len({spread[claim] for claim in shown(tab)}) <= 1
            found |= shown(tab)
        assert found == set(claims.CLAIMS)
        tab.page.get_by_role("button", name="Show all").click()


def test_the_keyboard_alone_filters_and_shows_all_again(tab: Tab) -> None:
    keyboard = tab.page.keyboard
    choice(tab, "Chapter").focus()
    keyboard.press("Tab")
    expect(choice(tab, "Verdict")).to_be_focused()
    keyboard.type("not here")
    assert shown(tab) == REFUTED
    expect(sentence(tab)).to_have_text(f"{len(REFUTED)} of {ALL} claims")
    keyboard.press("Tab")
    button = tab.page.get_by_role("button", name="Show all")
    expect(button).to_be_focused()
    assert button.evaluate("e => getComputedStyle(e).outlineStyle") != "none"
    keyboard.press("Enter")
    assert shown(tab) == set(claims.CLAIMS)
    assert "#" not in tab.page.url
    expect(button).to_be_focused()


def test_a_choice_that_no_claim_fits_is_said_in_words(tab: Tab) -> None:
    pairs = {(claim.chapter, VERDICTS[claim.id]) for claim in claims.CLAIMS.values()}
    subjects, verdicts = ({pair[i] for pair in pairs} for i in (0, 1))
    missing = sorted({(s, v) for s in subjects for v in verdicts} - pairs)
    assert missing, "Every chapter has every verdict; this test needs another way to no claim."
    choice(tab, "Chapter").select_option(missing[0][0])
    choice(tab, "Verdict").select_option(label=missing[0][1])
    expect(sentence(tab)).to_have_text(f"0 of {ALL} claims. No claim fits this choice.")
    assert shown(tab) == set()
    expect(tab.page.locator(".claims-index")).to_be_hidden()


def test_a_linked_choice_is_restored_and_in_sight(chromium: Browser, book: Path) -> None:
    with offline_page(chromium) as tab:
        tab.open(book / PAGE, f"#chapter={SUBJECT}&verdict=undecided")
        wanted = {name for name in OF_SUBJECT if VERDICTS[name] == "undecided"}
        assert shown(tab) == wanted
        expect(choice(tab, "Chapter")).to_have_value(SUBJECT)
        expect(choice(tab, "Verdict")).to_have_value("undecided")
        expect(sentence(tab)).to_be_in_viewport()
        tab.assert_quiet()


def test_a_choice_survives_a_reload_and_the_way_back(tab: Tab) -> None:
    choice(tab, "Verdict").select_option("not-here")
    tab.page.reload()
    assert shown(tab) == REFUTED
    tab.page.locator(".claims-index tbody tr:visible a").first.click()
    assert shown(tab) == REFUTED
    tab.page.go_back()
    tab.page.wait_for_url("**#verdict=not-here")
    expect(sentence(tab)).to_have_text(f"{len(REFUTED)} of {ALL} claims")


@pytest.mark.parametrize("fragment", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_address_shows_everything_and_does_nothing(
    chromium: Browser, book: Path, fragment: str
) -> None:
    with offline_page(chromium) as tab:
        tab.page.on("dialog", lambda dialog: tab.messages.append(dialog.message))
        tab.open(book / PAGE, fragment)
        expect(sentence(tab)).to_have_text(f"{ALL} of {ALL} claims")
        assert shown(tab) == set(claims.CLAIMS)
        choice(tab, "Chapter").select_option(SUBJECT)
        assert shown(tab) == OF_SUBJECT
        assert tab.page.url.endswith(f"#chapter={SUBJECT}")
        tab.assert_quiet()


@pytest.mark.parametrize("name", [ELSEWHERE, "in-cost"])
def test_an_anchor_wins_over_the_choice(tab: Tab, name: str) -> None:
    choice(tab, "Chapter").select_option(SUBJECT)
    target = tab.page.locator(f"#{name}")
    expect(target).to_be_hidden()
    in_page(tab, name)
    expect(target).to_be_in_viewport()
    expect(target).to_be_focused()
    assert shown(tab) == set(claims.CLAIMS)
    expect(choice(tab, "Chapter")).to_have_value("")
    tab.assert_quiet()


def test_an_anchor_in_sight_leaves_the_choice(tab: Tab) -> None:
    choice(tab, "Chapter").select_option(SUBJECT)
    name = min(OF_SUBJECT)
    in_page(tab, name)
    expect(tab.page.locator(f"#{name}")).to_be_in_viewport()
    assert shown(tab) == OF_SUBJECT


def test_an_address_of_a_claim_shows_it_on_arrival(chromium: Browser, book: Path) -> None:
    with offline_page(chromium) as tab:
        tab.open(book / PAGE, f"#{ELSEWHERE}")
        expect(tab.page.locator(f"#{ELSEWHERE}")).to_be_in_viewport()
        assert shown(tab) == set(claims.CLAIMS)
        tab.assert_quiet()


def test_without_scripts_everything_is_shown_and_no_control(chromium: Browser, book: Path) -> None:
    with offline_page(chromium, scripts=False) as tab:
        tab.open(book / PAGE)
        assert tab.page.locator(".claim:visible").count() == ALL
        assert tab.page.locator(".claims-index tbody tr:visible").count() == ALL
        assert tab.page.locator("article :is(select, input), .claims-filter").count() == 0
        fold = tab.page.locator(".cite").first
        fold.locator("summary").click()
        expect(fold.locator("pre")).to_be_visible()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 1280])
def test_filter_and_folds_are_accessible(
    chromium: Browser, book: Path, width: int, dark: bool
) -> None:
    with offline_page(chromium, width=width, dark=dark, reduced_motion=True) as tab:
        tab.open(book / PAGE, f"#chapter={SUBJECT}")
        for fold in tab.page.locator(".cite:visible summary").all():
            fold.click()
        assert tab.page.locator(".cite pre:visible").count() == len(OF_SUBJECT)
        assert tab.sideways_overflow() == 0
        assert tab.axe_violations(".claims-filter") == []
        assert tab.axe_violations(f"#{min(OF_SUBJECT)}") == []
        for control in tab.page.locator(".claims-filter :is(input, select, button)").all():
            box = control.bounding_box()
            assert box is not None
            assert box["height"] >= 44
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
        tab.assert_quiet()
