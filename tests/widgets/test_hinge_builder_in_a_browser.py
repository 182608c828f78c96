"""HingeBuilder in a page from the disk: hands bend a function, and draw what it shall become."""

import pytest
from hinge_hands import drag_point, error, handle, points, press, setting, swipe, swipe_by_finger
from playwright.sync_api import expect
from widget_frames import hinge_data
from widget_pages import said, slider, write_page

from browser_support import offline_page
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


def test_it_starts_with_three_hinges_far_from_a_sine(tab):
    expect(tab.page.locator(".handle")).to_have_count(4)
    assert said(tab).startswith("With 3 hinges, your root mean square error to the sine is 0.49.")
    assert "Recorded: evenly spaced 0.13, best placed 0.078, trained networks" in said(tab)


def test_a_mouse_drags_a_bend_both_ways(tab):
    before = error(tab)
    drag_point(tab, 1, -40, 60)
    assert error(tab) < before
    place, height = points(tab)[1]
    assert place == pytest.approx(-0.33 - 40 / 299, abs=0.02)
    assert height == pytest.approx(-0.4 - 60 * 2.5 / 274, abs=0.03)


def test_an_end_moves_up_and_down_only(tab):
    drag_point(tab, 0, 90, -50)
    assert said(tab).startswith("The two ends move up and down only.")
    place, height = points(tab)[0]
    assert place == -1
    assert height > 0.3


def test_a_point_that_is_pressed_and_not_moved_stays_and_is_chosen(tab):
    drag_point(tab, 2, 0, 0)
    expect(tab.page.get_by_role("combobox", name="Point")).to_have_value("2")
    assert points(tab) == [[-1, 0], [-0.33, -0.4], [0.33, 0.4], [1, 0]]


def test_two_hinges_never_stand_on_one_place(tab):
    drag_point(tab, 1, 400, 0)
    assert "Two hinges on one place would be one hinge" in said(tab)
    places = [place for place, _ in points(tab)]
    assert places[2] - places[1] == pytest.approx(0.02)


@pytest.mark.parametrize(("i", "right", "down"), [(1, 0, 500), (1, 0, -500), (2, 500, 0)])
def test_nothing_leaves_the_frame(tab, i, right, down):
    drag_point(tab, i, right, down)
    assert said(tab).startswith("Outside the frame")
    place, height = points(tab)[i]
    assert abs(place) <= 0.98
    assert abs(height) <= 1.25


def test_a_finger_drags_a_point_and_the_page_stays_where_it_is(chromium, page):
    with offline_page(chromium, width=375, height=600, touch=True) as tab:
        tab.open(page)
        x, y = handle(tab, 1)
        scrolled = tab.page.evaluate("scrollY")
        swipe_by_finger(tab, *((x + 9, y - 9 + 10 * k) for k in range(8)))
        assert points(tab)[1][1] == pytest.approx(-0.4 - 70 * 2.5 / 224, abs=0.03)
        assert tab.page.evaluate("scrollY") == scrolled
        tab.assert_quiet()


def test_a_finger_beside_the_picture_scrolls_the_page(tab):
    actions = tab.page.locator(".hinge-builder *").evaluate_all(
        "all => all.filter(e => getComputedStyle(e).touchAction === 'none')"
        ".map(e => e.className.baseVal ?? e.className)"
    )
    assert actions == ["pad picture"]


def test_points_are_chosen_and_moved_by_keyboard_alone(tab):
    tab.page.get_by_role("combobox", name="Point").focus()
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("Tab")
    expect(slider(tab, "Place")).to_be_focused()
    tab.page.keyboard.press("ArrowRight")
    tab.page.keyboard.press("Tab")
    tab.page.keyboard.press("PageUp")
    (place, height) = points(tab)[2]
    assert place == 0.34
    assert height > 0.6
    expect(slider(tab, "Place")).to_have_attribute("aria-valuetext", "0.34")


def test_a_slider_stops_where_a_drag_stops_and_says_why(tab):
    slider(tab, "Place").focus()
    tab.page.keyboard.press("End")
    assert "Two hinges on one place would be one hinge" in said(tab)
    assert slider(tab, "Place").input_value() == "31"
    tab.page.get_by_role("combobox", name="Point").select_option("right end")
    slider(tab, "Place").focus()
    tab.page.keyboard.press("ArrowLeft")
    assert said(tab).startswith("The two ends move up and down only.")
    assert slider(tab, "Place").input_value() == "100"


def test_hinges_are_added_where_the_error_is_largest_up_to_twelve(tab):
    errors = [error(tab)]
    for n in range(4, 13):
        press(tab, "Add a hinge")
        assert f"With {n} hinges" in said(tab)
        errors.append(error(tab))
    assert errors[-1] < 0.3 * errors[0]
    press(tab, "Add a hinge")
    assert said(tab).startswith("12 hinges are the most here. With 12 hinges")
    expect(tab.page.locator(".handle")).to_have_count(13)


def test_hinges_are_removed_down_to_one(tab):
    press(tab, "Remove")
    assert said(tab).startswith("Removed the hinge at −0.33. With 2 hinges")
    press(tab, "Remove")
    assert said(tab).startswith("Removed the hinge at 0.33. With 1 hinge,")
    press(tab, "Remove")
    assert said(tab).startswith("One hinge is the least: it makes a straight line. With 1 hinge,")
    assert points(tab) == [[-1, 0], [1, 0]]


def test_points_spread_evenly_lie_on_the_target_and_starting_over_undoes_it(tab):
    press(tab, "Spread evenly")
    assert points(tab) == [[-1, 0], [-0.33, -0.86], [0.33, 0.86], [1, 0]]
    press(tab, "Start over")
    assert error(tab) == 0.49


def test_another_target_is_another_error_and_another_record(tab):
    tab.page.get_by_role("radio", name="step").check()
    assert "to the step is" in said(tab)
    assert "best placed 0," in said(tab)
    assert setting(tab)["target"] == "step"


def test_a_target_is_drawn_with_the_mouse(tab):
    tab.page.get_by_role("radio", name="my own drawing").check()
    assert said(tab).startswith("Nothing is drawn yet: draw your target on the picture, at least")
    expect(tab.page.locator("button.primary")).to_be_disabled()
    expect(tab.page.locator(".aim")).to_have_count(1)  # its mark in the key
    swipe(tab, (0.5, 0.5))
    assert said(tab).startswith("One place is drawn: draw your target on the picture, at least two")
    expect(tab.page.locator("svg .aim")).to_have_count(0)
    swipe(tab, (0.03, 0.7), (0.5, 0.2), (0.95, 0.7))
    assert "your root mean square error to your drawing is" in said(tab)
    drawn = [float(text) for text in setting(tab)["drawing"].split(",")]
    assert len(drawn) == 17
    assert max(drawn) == drawn[8] or max(drawn) == drawn[9]
    assert drawn[:8] == sorted(drawn[:8])
    expect(tab.page.locator(".handle")).to_have_count(0)
    tab.page.get_by_role("radio", name="move the points").check()
    expect(tab.page.locator(".handle")).to_have_count(4)
    press(tab, "Spread evenly")
    assert error(tab) < 0.3


def test_a_target_is_drawn_by_touch(chromium, page):
    with offline_page(chromium, width=375, touch=True) as tab:
        tab.open(page)
        tab.page.get_by_role("radio", name="my own drawing").check()
        pad = tab.page.locator(".pad")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        stops = ((box["x"] + 60 + 20 * k, box["y"] + 80 + 10 * k) for k in range(9))
        swipe_by_finger(tab, *stops)
        drawn = [float(text) for text in setting(tab)["drawing"].split(",") if text]
        assert len(drawn) >= 9
        assert drawn == sorted(drawn, reverse=True)
        assert "error to your drawing" in said(tab)
        tab.assert_quiet()


def test_a_target_is_drawn_with_sliders_and_cleared(tab):
    tab.page.get_by_role("radio", name="my own drawing").check()
    tab.page.get_by_text("Set each place of the drawing with a slider").click()
    for name, key in (("x = −1", "End"), ("x = 1", "Home")):
        tab.page.get_by_role("slider", name=name, exact=True).focus()
        tab.page.keyboard.press(key)
    assert setting(tab)["drawing"] == "1.25" + "," * 16 + "-1.25"
    assert "error to your drawing" in said(tab)
    press(tab, "Clear the drawing")
    assert said(tab).startswith("Nothing is drawn yet")
