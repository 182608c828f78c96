"""CostExplorer in every width and theme: readable, inside its place, and large enough to touch."""

import pytest
from widget_frames import BATCHES, cost_data
from widget_pages import BATCH, ZEROS, said, slider, write_page

from browser_support import offline_page
from relubook.widgets import CostExplorer

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def data():
    return cost_data()


@pytest.fixture(scope="module")
def page(data, tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), CostExplorer(data).html())


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("system", ["light", "dark"])
def test_it_is_readable_in_the_books_theme_whatever_the_system_says(
    chromium, data, tmp_path, theme, system
):
    page = write_page(tmp_path, CostExplorer(data).html(), theme=theme)
    with offline_page(chromium, dark=system == "dark") as tab:
        tab.open(page)
        ink = tab.page.locator(".said").evaluate("e => getComputedStyle(e).color")
        assert ink == ("rgb(255, 255, 255)" if theme == "dark" else "rgb(0, 0, 0)")
        assert tab.axe_violations(".relubook") == []
        tab.assert_quiet()


@pytest.mark.parametrize(
    ("width", "inside"), [(1000, "auto"), (375, "auto"), (1000, "300px"), (320, "auto")]
)
def test_nothing_is_wider_than_its_place(chromium, data, tmp_path, width, inside):
    page = write_page(tmp_path, CostExplorer(data).html(), width=inside)
    with offline_page(chromium, width=width) as tab:
        tab.open(page, "#zeros=92.5&batch=64")
        for closed in tab.page.locator("summary").all():
            closed.click()
        assert tab.sideways_overflow() == 0
        root = tab.page.locator(".cost-explorer")
        assert root.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
        assert tab.axe_violations(".relubook") == []
        tab.assert_quiet()


OVERLAPS = """svgs => svgs.flatMap(svg => {
  const all = [...svg.querySelectorAll("text")].filter(t => t.textContent);
  const boxes = all.map(t => [t.textContent, t.getBoundingClientRect()]);
  return boxes.flatMap(([a, p], i) => boxes.slice(i + 1)
    .filter(([, q]) => p.left < q.right && q.left < p.right)
    .filter(([, q]) => p.top + 3 < q.bottom - 3 && q.top + 3 < p.bottom - 3)
    .map(([b]) => `${a} / ${b}`));
})"""
OUTSIDE = """svgs => svgs.flatMap(svg => {
  const box = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter(t => t.textContent).filter(t => {
    const { left, right } = t.getBoundingClientRect();
    return left < box.left - 1 || right > box.right + 1; }).map(t => t.textContent);
})"""


@pytest.mark.parametrize("width", [320, 375, 620, 1000])
@pytest.mark.parametrize("batch", BATCHES)
def test_no_word_in_a_picture_stands_on_another_or_leaves_it(chromium, page, width, batch):
    with offline_page(chromium, width=width) as tab:
        tab.open(page, f"#zeros=92.5&batch={batch}")
        pictures = tab.page.locator(".picture svg")
        assert pictures.evaluate_all(OVERLAPS) == []
        assert pictures.evaluate_all(OUTSIDE) == []
        tab.assert_quiet()


def test_every_target_is_large_enough_for_a_finger(chromium, page):
    with offline_page(chromium, width=375, touch=True) as tab:
        tab.open(page)
        for target in tab.page.locator("button:visible, input:visible, summary:visible").all():
            assert target.bounding_box()["height"] >= 24
        box = slider(tab, BATCH).bounding_box()
        tab.page.touchscreen.tap(box["x"] + box["width"] - 12, box["y"] + box["height"] / 2)
        assert "64 examples at a time" in said(tab)
        tab.assert_quiet()


def test_a_focused_control_wears_a_ring(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        for _ in range(5):  # two sliders, a button, two summaries
            tab.page.keyboard.press("Tab")
            outline = tab.page.evaluate("getComputedStyle(document.activeElement).outline")
            assert "solid 2px" in outline
        tab.assert_quiet()


def test_nothing_moves_by_itself(chromium, page):
    with offline_page(chromium, reduced_motion=True) as tab:
        tab.open(page)
        slider(tab, ZEROS).focus()
        tab.page.keyboard.press("End")
        assert tab.page.evaluate("document.getAnimations().length") == 0
        tab.assert_quiet()
