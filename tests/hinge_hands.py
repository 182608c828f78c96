"""What hands do to a HingeBuilder in a browser, and what it says then."""

import re

from playwright.sync_api import expect
from widget_pages import said

NUMBER = r"(\d+(?:\.\d+)?)"


def press(tab, name):
    tab.page.get_by_role("button", name=name, exact=True).click()


def train(tab):
    tab.page.locator("button.primary").click()


def error(tab):
    return float(re.search(rf"your root mean square error to .* is {NUMBER}", said(tab))[1])


def network_error(tab):
    return float(re.search(rf"The network of .* has {NUMBER}:", said(tab))[1])


def trained(tab):
    expect(tab.page.locator(".said")).to_contain_text("The network of", timeout=20_000)


def handle(tab, i):
    """The middle of a point on the screen."""
    touch = tab.page.locator(".handle .touch").nth(i)
    touch.scroll_into_view_if_needed()
    box = touch.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag_point(tab, i, right, down):
    x, y = handle(tab, i)
    tab.page.mouse.move(x, y)
    tab.page.mouse.down()
    tab.page.mouse.move(x + right, y + down, steps=6)
    tab.page.mouse.up()


def swipe_by_finger(tab, *stops):
    """Touches as the browser itself gets them."""
    session = tab.page.context.new_cdp_session(tab.page)
    for kind, at in [("touchStart", stops[0]), *(("touchMove", at) for at in stops[1:])]:
        touch = {"type": kind, "touchPoints": [{"x": at[0], "y": at[1]}]}
        session.send("Input.dispatchTouchEvent", touch)
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def setting(tab):
    """What stands in the address once the reader's hands rest."""
    tab.page.wait_for_timeout(450)
    return tab.page.evaluate("Object.fromEntries(new URLSearchParams(location.hash.slice(1)))")


def points(tab):
    pairs = setting(tab)["points"].split(";")
    return [[float(number) for number in pair.split(",")] for pair in pairs]


def open_with(tab, page, fragment):
    tab.page.goto("about:blank")
    tab.open(page, fragment)


def swipe(tab, *stops):
    """A stroke of the mouse over the picture, between shares of its width and height."""
    tab.page.locator(".pad").scroll_into_view_if_needed()
    box = tab.page.locator(".pad").bounding_box()
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stops]
    tab.page.mouse.move(*places[0])
    tab.page.mouse.down()
    for place in places[1:]:
        tab.page.mouse.move(*place, steps=12)
    tab.page.mouse.up()
