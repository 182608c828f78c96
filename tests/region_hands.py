"""What hands do to a RegionViewer in a browser, and what it says then."""

import re

from playwright.sync_api import expect
from widget_pages import said

STEP, WIDTH = "Training step", "Width"


def count(tab):
    """How many regions the sentence says."""
    return int(re.search(r"([\d,]+) linear regions? in this window", said(tab))[1].replace(",", ""))


def here(tab):
    """What is said of the point, with plain spaces."""
    return tab.page.locator(".here-words").inner_text().replace("\u00a0", " ")


def polygons(tab):
    """How many polygons are filled: with the colors of active units one a region, else more."""
    fills = tab.page.locator(".pad .fill")
    return fills.evaluate_all(
        "all => all.reduce((n, e) => n + e.getAttribute('d').split('Z').length - 1, 0)"
    )


def at(tab, across, up):
    """A place in the picture on the screen, from shares of its width and height."""
    pad = tab.page.locator(".pad svg")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    return box["x"] + across * box["width"], box["y"] + (1 - up) * box["height"]


def setting(tab):
    """What stands in the address once the reader's hands rest."""
    tab.page.wait_for_timeout(450)
    return tab.page.evaluate("Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")


def model(tab):
    """The rows of the linear model at the point: name, a, b, c, score."""
    rows = tab.page.locator(".model tbody tr").all()
    texts = [row.locator("th, td").all_inner_texts() for row in rows]
    return [[name, *(float(text.replace("−", "-")) for text in cells)] for name, *cells in texts]


def has_played(tab):
    expect(tab.page.locator(".said")).to_contain_text("linear region", timeout=20_000)
