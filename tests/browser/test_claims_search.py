"""The search of the page of claims, by keyboard, from the disk, with the network cut."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from claims_tab import (
    ALL,
    OF_SUBJECT,
    PAGE,
    REFUTED,
    SUBJECT,
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

HOSTILE_WORDS = ["<img src=x onerror=alert(1)>", "</script><script>alert(1)", "(.*)+$[", "\\", "%"]
SEARCH = "Search the claims"


@pytest.fixture
def tab(chromium: Browser, book: Path) -> Iterator[Tab]:
    """The page from the disk, on a wide screen."""
    with offline_page(chromium, width=1280, reduced_motion=True) as tab:
        tab.open(book / PAGE)
        yield tab


def saying(tab: Tab, *words: str) -> set[str]:
    """The ids of the claims whose card, or whose line in the table, says all the words."""
    text = "e => [e, document.querySelector(`.claims-index a[href='#${e.id}']`).closest('tr')]"
    found = tab.page.locator(".claim").evaluate_all(
        f"l => l.map(e => [e.id, ({text})(e).flatMap(part => "
        "[...part.querySelectorAll('p, dt')].map(p => p.textContent)).join(' ')])"
    )
    said = {name: re.sub(r"\s+", " ", card).lower() for name, card in found}
    return {name for name, card in said.items() if all(word.lower() in card for word in words)}


def asked(tab: Tab) -> dict[str, list[str]]:
    """What the address asks for."""
    return parse_qs(urlsplit(tab.page.url).fragment)


@pytest.mark.parametrize("typed", ["dead UNITS", "units   dead", "Mnist-5K 95 %", "relu", "t in"])
def test_all_words_must_be_said_in_any_order_and_case(tab: Tab, typed: str) -> None:
    wanted = saying(tab, *typed.split())
    assert wanted
    choice(tab, SEARCH).press_sequentially(typed)
    assert shown(tab) == wanted
    expect(sentence(tab)).to_have_text(f"{len(wanted)} of {ALL} claims")
    assert asked(tab) == {"words": [typed.strip()]}
    tab.assert_quiet()


def test_words_narrow_a_choice_and_survive_a_reload(tab: Tab) -> None:
    choice(tab, "Verdict").select_option("not-here")
    choice(tab, SEARCH).fill("error")
    wanted = saying(tab, "error") & REFUTED
    assert set() < wanted < REFUTED
    assert shown(tab) == wanted
    tab.page.reload()
    expect(choice(tab, SEARCH)).to_have_value("error")
    assert shown(tab) == wanted
    expect(sentence(tab)).to_be_in_viewport()
    tab.page.get_by_role("button", name="Show all").click()
    expect(choice(tab, SEARCH)).to_have_value("")
    assert shown(tab) == set(claims.CLAIMS)


def test_escape_or_an_emptied_field_clears_the_words_alone(tab: Tab) -> None:
    choice(tab, "Chapter").select_option(SUBJECT)
    field, keyboard = choice(tab, SEARCH), tab.page.keyboard
    for clear in (["Escape"], ["Control+a", "Backspace"]):
        field.press_sequentially("xyzzy")
        expect(sentence(tab)).to_have_text(f"0 of {ALL} claims. No claim fits this choice.")
        assert shown(tab) == set()
        for key in clear:
            keyboard.press(key)
        expect(field).to_have_value("")
        expect(field).to_be_focused()
        assert shown(tab) == OF_SUBJECT
        assert asked(tab) == {"chapter": [SUBJECT]}
    keyboard.press("Tab")
    expect(choice(tab, "Chapter")).to_be_focused()


@pytest.mark.parametrize("words", HOSTILE_WORDS)
def test_hostile_words_are_text(chromium: Browser, book: Path, words: str) -> None:
    with offline_page(chromium) as tab:
        tab.page.on("dialog", lambda dialog: tab.messages.append(dialog.message))
        tab.open(book / PAGE, f"#words={quote(words)}")
        expect(choice(tab, SEARCH)).to_have_value(words)
        assert shown(tab) == saying(tab, *words.split())
        assert tab.page.locator("article script, article img[src='x']").count() == 0
        tab.assert_quiet()


@pytest.mark.parametrize("size", [(1200, 900), (375, 812), (320, 640)])
def test_the_search_is_in_the_first_screen(
    chromium: Browser, book: Path, size: tuple[int, int]
) -> None:
    with offline_page(chromium, width=size[0], height=size[1]) as tab:
        tab.open(book / PAGE)
        expect(choice(tab, SEARCH)).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("name", ["how-to-read-a-verdict", "how-to-cite-a-claim", "all-claims"])
def test_the_sections_keep_their_addresses(chromium: Browser, book: Path, name: str) -> None:
    with offline_page(chromium) as tab:
        tab.open(book / PAGE, f"#{name}")
        expect(tab.page.locator(f"#{name} > h2")).to_be_in_viewport()
        assert shown(tab) == set(claims.CLAIMS)
