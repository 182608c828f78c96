"""HingeBuilder in a page from the disk: hands bend a function, the page trains a network."""

import re

import pytest
from playwright.sync_api import expect
from widget_frames import hinge_data
from widget_pages import said, slider, write_page

from browser_support import drag, offline_page
from relubook.widgets import HingeBuilder

pytestmark = pytest.mark.browser

NUMBER = r"(\d+(?:\.\d+)?)"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), HingeBuilder(hinge_data()).html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


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


def test_the_page_trains_a_network_and_compares(tab):
    for _ in range(3):
        press(tab, "Add a hinge")
    train(tab)
    assert said(tab).startswith("A network of 6 rectifiers is training.")
    expect(tab.page.get_by_role("progressbar")).to_be_visible()
    trained(tab)
    assert network_error(tab) < 0.1
    assert "The network of 6 rectifiers from seed 1 has" in said(tab)
    expect(tab.page.locator("svg .net")).to_have_count(1)
    assert 1 <= tab.page.locator("svg .bend").count() <= 6
    expect(tab.page.locator(".badge")).to_have_text("recorded and live")
    expect(tab.page.get_by_text(re.compile(r"^live 0\.0"))).to_be_visible()
    expect(tab.page.get_by_role("button", name="Stop")).to_be_hidden()


def test_the_same_seed_gives_the_same_network_and_another_another(tab):
    errors = []
    for name in ("Train a network of 3 rectifiers", "Another start", "Another start"):
        press(tab, name)
        expect(tab.page.get_by_role("progressbar")).to_be_visible()
        trained(tab)
        errors.append(network_error(tab))
    assert len(set(errors)) > 1
    expect(tab.page.locator("svg path.live")).to_have_count(3)
    assert "from seed 3" in said(tab)
    train(tab)
    expect(tab.page.get_by_role("progressbar")).to_be_visible()
    trained(tab)
    assert network_error(tab) == errors[-1]
    expect(tab.page.locator("svg path.live")).to_have_count(3)


def test_stop_keeps_what_was_done(tab):
    train(tab)
    tab.page.wait_for_timeout(500)
    tab.page.get_by_role("button", name="Stop").focus()
    tab.page.keyboard.press("Enter")
    steps = re.search(r"stopped after ([\d,]+) steps", said(tab))[1]
    assert 0 < int(steps.replace(",", "")) < 4000
    expect(tab.page.locator("svg .net")).to_have_count(1)
    expect(tab.page.locator("button.primary")).to_be_focused()
    curve = tab.page.locator("svg .net").get_attribute("points")
    tab.page.wait_for_timeout(300)
    assert tab.page.locator("svg .net").get_attribute("points") == curve


@pytest.mark.parametrize("change", ["Add a hinge", "Remove", "step"])
def test_another_setting_stops_the_training(tab, change):
    train(tab)
    tab.page.wait_for_timeout(300)
    if change == "step":
        tab.page.get_by_role("radio", name="step").check()
    else:
        press(tab, change)
    assert said(tab).startswith("The training has stopped")
    expect(tab.page.get_by_role("progressbar")).to_be_hidden()
    expect(tab.page.locator("svg .net")).to_have_count(0)


def test_a_point_may_be_moved_while_a_network_trains(tab):
    train(tab)
    drag_point(tab, 1, -30, 50)
    expect(tab.page.get_by_role("progressbar")).to_be_visible()
    trained(tab)


def test_training_rests_while_it_is_out_of_sight(chromium, page):
    with offline_page(chromium, height=500) as tab:
        tab.open(page)
        tab.page.add_style_tag(content="main { padding-bottom: 3000px }")
        train(tab)
        tab.page.wait_for_timeout(400)
        tab.page.evaluate("scrollTo(0, 3500)")
        tab.page.wait_for_timeout(300)
        bar = tab.page.get_by_role("progressbar")
        resting = bar.evaluate("bar => bar.value")
        tab.page.wait_for_timeout(700)
        assert 0 < bar.evaluate("bar => bar.value") == resting < 1
        tab.page.evaluate("scrollTo(0, 0)")
        trained(tab)
        tab.assert_quiet()


def test_who_asked_for_less_motion_sees_the_result_only(chromium, page):
    with offline_page(chromium, reduced_motion=True) as tab:
        tab.open(page)
        tab.page.evaluate(
            "() => { window.curves = 0; new MutationObserver((all) => { curves += all.length; })"
            ".observe(document.querySelector('.layer-network'), { childList: true }); }"
        )
        train(tab)
        trained(tab)
        assert tab.page.evaluate("curves") == 1
        assert "stopped" not in said(tab)
        assert tab.page.evaluate("document.getAnimations().length") == 0
        tab.assert_quiet()


def test_taken_down_it_leaves_nothing_that_runs(chromium, tmp_path):
    """The page's own model cannot take a view down; a live one can."""
    widget = HingeBuilder(hinge_data())
    state = {name: getattr(widget, name) for name in widget.static_state}
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, f"<style>{widget._css}</style><div class='cell'></div>"))
        frames = tab.page.evaluate(
            """async ([text, state]) => {
              const listeners = new Set();
              const model = {
                get: (key) => state[key], set: (key, value) => { state[key] = value; },
                on: (name, act) => listeners.add(act), off: (name, act) => listeners.delete(act),
                save_changes() {} };
              const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
              const el = document.querySelector(".cell");
              const close = (await import(url)).default.render({ model, el });
              el.querySelector("button.primary").click();
              await new Promise((done) => setTimeout(done, 300));
              const ran = el.querySelector("progress").value;
              close();
              let frames = 0;
              const ask = window.requestAnimationFrame;
              window.requestAnimationFrame = (act) => { frames += 1; return ask(act); };
              await new Promise((done) => setTimeout(done, 300));
              return { ran, frames, listeners: listeners.size, left: el.childElementCount };
            }""",
            [str(widget._esm), state],
        )
        assert frames.pop("ran") > 0
        assert frames == {"frames": 0, "listeners": 0, "left": 0}
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
    formula = tab.page.locator(".folded code").first.inner_text()
    assert formula == (
        "f(x) = 0.00 − 0.60·max(0, x + 1.00) + 1.81·max(0, x + 0.33) − 1.81·max(0, x − 0.33)"
    )
    train(tab)
    trained(tab)
    tab.page.get_by_text("The same numbers as a table").click()
    expect(tab.page.locator(".folded tbody tr")).to_have_count(7)
    here = tab.page.locator("tr.here > *").all_inner_texts()
    assert here[0] == "3"
    assert [float(text) for text in here[-2:]] == [error(tab), network_error(tab)]
    assert tab.page.locator(".folded code").nth(1).inner_text().count("max") == 3
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
