"""HingeBuilder in a page from the disk: links, words, themes, widths."""

import re

import pytest
from hinge_hands import drag_point, error, network_error, open_with, points, press, train, trained
from playwright.sync_api import expect
from widget_frames import hinge_data
from widget_pages import said, slider, write_page

from browser_support import drag, offline_page
from relubook.widgets import HingeBuilder

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), HingeBuilder(hinge_data()).html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def test_a_setting_can_be_linked_and_leaves_no_history(tab, page):
    length = tab.page.evaluate("history.length")
    tab.page.get_by_role("radio", name="step").check()
    press(tab, "Add a hinge")
    drag_point(tab, 3, 20, 30)
    held, address = points(tab), tab.page.url
    assert "#target=step&points=-1,0;" in address
    assert tab.page.evaluate("history.length") == length
    words = said(tab).partition("With ")[2]
    open_with(tab, page, address[address.index("#") :])
    assert said(tab) == f"With {words}"
    expect(tab.page.locator(".handle")).to_have_count(len(held))


def test_a_drawing_travels_in_the_address(tab, page):
    open_with(tab, page, "#target=own&drawing=0.5" + "," * 16 + "-0.5")
    assert "With 3 hinges, your root mean square error to your drawing is 0.47." in said(tab)


@pytest.mark.parametrize(
    "fragment",
    ["#", "#target=circle&points=1", "#points=-1,0;-0.33,NaN;1,0", "#points=-1,0;1,9",
     "#points=-1,0;0,0;0.01,1;1,0", "#points=0,0;1,0", "#%E0%A4%A", "#points=-1,0;<b>,0;1,0",
     "#target=__proto__", "#points=-1,0" + ";0,0" * 40 + ";1,0", "#drawing=1,2,3"],
)  # fmt: skip
def test_rubbish_in_the_address_is_ignored(tab, page, fragment):
    open_with(tab, page, fragment)
    assert said(tab).startswith("With 3 hinges, your root mean square error to the sine is 0.49.")


def test_the_formula_and_the_table_say_the_same_numbers(tab):
    tab.page.get_by_text("The function as a formula").click()
    expect(tab.page.locator(".folded code").first).to_have_text(
        "f(x) = 0.00 − 0.60·max(0, x + 1.00) + 1.81·max(0, x + 0.33) − 1.81·max(0, x − 0.33)"
    )
    train(tab)
    trained(tab)
    tab.page.get_by_text("The same numbers as a table").click()
    expect(tab.page.locator(".folded tbody tr")).to_have_count(7)
    expect(tab.page.locator("tr.here > *").last).to_have_text(re.compile(r"^[\d.]+$"))
    here = tab.page.locator("tr.here > *").all_inner_texts()
    assert here[0] == "3"
    assert [float(text) for text in here[-2:]] == [error(tab), network_error(tab)]
    learned = tab.page.locator(".folded code").nth(1)
    expect(learned).to_have_text(re.compile("max"))
    assert learned.inner_text().count("max") == 3
    tab.page.get_by_text("Where these numbers come from").click()
    expect(tab.page.get_by_text("relubook reproduce hinges")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("system", ["light", "dark"])
def test_it_is_readable_in_the_books_theme_whatever_the_system_says(
    chromium, tmp_path, theme, system
):
    page = write_page(tmp_path, HingeBuilder(hinge_data()).html(), theme=theme)
    with offline_page(chromium, dark=system == "dark", reduced_motion=True) as tab:
        tab.open(page)
        ink = tab.page.locator(".said").evaluate("e => getComputedStyle(e).color")
        assert ink == ("rgb(255, 255, 255)" if theme == "dark" else "rgb(0, 0, 0)")
        train(tab)
        trained(tab)
        assert tab.axe_violations(".relubook") == []
        tab.assert_quiet()


@pytest.mark.parametrize(
    ("width", "inside"), [(1000, "auto"), (375, "auto"), (1000, "300px"), (320, "auto")]
)
def test_nothing_is_wider_than_its_place_and_no_text_is_small(chromium, tmp_path, width, inside):
    page = write_page(tmp_path, HingeBuilder(hinge_data()).html(), width=inside)
    with offline_page(chromium, width=width, reduced_motion=True) as tab:
        tab.open(page, "#target=own&drawing=1" + ",-1,1" * 8)
        train(tab)
        trained(tab)
        for closed in tab.page.locator("summary:visible").all():
            closed.click()
        assert tab.sideways_overflow() == 0
        root = tab.page.locator(".hinge-builder")
        assert root.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        sizes = root.locator("svg text, p, td, label, summary").evaluate_all(
            "all => all.map(e => parseFloat(getComputedStyle(e).fontSize))"
        )
        assert min(sizes) >= 12
        assert tab.axe_violations(".relubook") == []
        tab.assert_quiet()


def test_every_target_is_large_enough_for_a_finger(chromium, page):
    with offline_page(chromium, width=375, touch=True) as tab:
        tab.open(page, "#target=own&drawing=1" + ",-1,1" * 8)
        tab.page.get_by_role("radio", name="move the points").check()
        for target in tab.page.locator(
            "button:visible, input[type=range]:visible, summary:visible, select:visible, "
            "label:has(input[type=radio]):visible, .handle .touch"
        ).all():
            box = target.bounding_box()
            assert min(box["height"], box["width"]) >= 24
        tab.assert_quiet()


def test_a_focused_control_wears_a_ring(tab):
    for _ in range(9):
        tab.page.keyboard.press("Tab")
        outline = tab.page.evaluate("getComputedStyle(document.activeElement).outline")
        assert "solid 2px" in outline


def test_two_of_them_on_a_page_keep_to_themselves(chromium, tmp_path):
    html = HingeBuilder(hinge_data()).html()
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, html, html))
        first, second = tab.page.locator(".hinge-builder").all()
        first.get_by_role("radio", name="step").check()
        expect(second.get_by_role("radio", name="sine")).to_be_checked()
        tab.assert_quiet()


def test_a_slider_is_dragged_and_what_python_set_is_shown(chromium, tmp_path):
    widget = HingeBuilder(hinge_data(), target="step", points=[[-1, -0.8], [0, 0.8], [1, 0.8]])
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, widget.html()))
        assert said(tab).startswith("With 2 hinges, your root mean square error to the step is")
        before = error(tab)
        drag(tab.page, slider(tab, "Place"), 0.3)
        assert error(tab) != before
        tab.assert_quiet()


def test_without_scripts_a_table_says_the_errors(chromium, page):
    with offline_page(chromium, scripts=False) as tab:
        tab.open(page)
        expect(tab.page.locator(".relubook table td")).to_have_count(7 * 6)
        expect(tab.page.get_by_text("12 evenly spaced hinges come within 0.014")).to_be_visible()
