"""The search of the page of claims, by keyboard, from the disk, with the network cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from browser_support import offline_page
from relubook import claims

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

    from browser_support import Tab

pytestmark = pytest.mark.browser

PAGE = "book/claims.html"
ALL = len(claims.CLAIMS)
HOSTILE = ["<img src=x onerror=alert(1)>", ".*", "[", "\\", "%zz", "</script>", "a" * 5000]


@pytest.fixture
def tab(chromium: Browser, book: Path) -> Iterator[Tab]:
    """The page from the disk, on a wide screen."""
    with offline_page(chromium, width=1280, reduced_motion=True) as tab:
        tab.open(book / PAGE)
        yield tab


def field(tab: Tab) -> Locator:
    """The field, by the name that a screen reader says."""
    return tab.page.get_by_role("searchbox", name="Search the claims")


def sentence(tab: Tab) -> Locator:
    """What the filter says."""
    return tab.page.get_by_role("search", name="Filter the claims").get_by_role("status")


def shown(tab: Tab) -> dict[str, str]:
    """The claims in sight: their ids, and what stands in them."""
    return dict(
        tab.page.locator(".claim").evaluate_all(
            "list => list.filter(e => e.checkVisibility()).map(e => [e.id, e.textContent])"
        )
    )


def test_typed_words_leave_the_claims_in_which_all_of_them_stand(tab: Tab) -> None:
    field(tab).press_sequentially("DEAD units")
    found = shown(tab)
    assert 0 < len(found) < ALL
    assert all("dead" in text.lower() and "units" in text.lower() for text in found.values())
    expect(sentence(tab)).to_have_text(f"{len(found)} of {ALL} claims")
    field(tab).fill("units dead")
    assert shown(tab) == found
    tab.assert_quiet()


def test_a_claim_is_found_by_its_own_sentence(tab: Tab) -> None:
    for name in list(claims.CLAIMS)[::9]:
        words = tab.page.locator(f".claim[id='{name}'] p").first.inner_text()
        field(tab).fill(words[:150])
        assert name in shown(tab)


def test_words_and_a_chapter_narrow_together_and_stand_in_the_address(tab: Tab) -> None:
    tab.page.get_by_label("Chapter").select_option("sparsity")
    of_chapter = set(shown(tab))
    field(tab).fill("zeros error")
    both = set(shown(tab))
    assert 0 < len(both) < len(of_chapter)
    assert both < of_chapter
    assert tab.page.url.endswith("#words=zeros+error&chapter=sparsity")


def test_a_linked_search_is_restored_and_in_sight(chromium: Browser, book: Path) -> None:
    with offline_page(chromium) as tab:
        tab.open(book / PAGE, "#words=dead+units")
        expect(field(tab)).to_have_value("dead units")
        expect(field(tab)).to_be_in_viewport()
        assert 0 < len(shown(tab)) < ALL
        tab.assert_quiet()


@pytest.mark.parametrize("way", ["Escape", "emptied", "Show all"])
def test_what_was_typed_is_given_up(tab: Tab, way: str) -> None:
    field(tab).fill("dead")
    assert len(shown(tab)) < ALL
    if way == "Show all":
        tab.page.get_by_role("button", name="Show all").click()
    elif way == "Escape":
        field(tab).press("Escape")
        expect(field(tab)).to_be_focused()
    else:
        field(tab).press("Control+a")
        field(tab).press("Delete")
    expect(field(tab)).to_have_value("")
    assert len(shown(tab)) == ALL
    assert "#" not in tab.page.url


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_stay_words(tab: Tab, book: Path, text: str) -> None:
    before = tab.page.locator("img, script").count()
    field(tab).fill(text)
    assert shown(tab) == {}
    expect(sentence(tab)).to_have_text(f"0 of {ALL} claims. No claim fits this choice.")
    tab.open(book / PAGE, f"#{tab.page.url.partition('#')[2]}")
    tab.page.reload()
    assert shown(tab) == {}
    assert tab.page.locator("img, script").count() == before
    tab.assert_quiet()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_it_is_in_the_first_screens_and_can_be_used(
    chromium: Browser, book: Path, width: int, dark: bool
) -> None:
    with offline_page(chromium, width=width, dark=dark, reduced_motion=True) as tab:
        tab.open(book / PAGE)
        box = field(tab).bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["y"] < 2 * 900
        assert tab.sideways_overflow() == 0
        assert tab.axe_violations(".claims-filter") == []


def test_without_scripts_there_is_no_dead_field(chromium: Browser, book: Path) -> None:
    with offline_page(chromium, scripts=False) as tab:
        tab.open(book / PAGE)
        assert tab.page.locator("input[type=search]:visible").count() == 0
        assert tab.page.locator(".claim").count() == ALL
