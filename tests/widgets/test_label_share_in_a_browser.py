"""LabelShare in a page from the disk and beside a live model, with the network cut."""

import pytest
from label_frames import SHARES, STOPS, label_data, without_networks
from playwright.sync_api import expect
from widget_pages import said, slider, write_live_page, write_page

from browser_support import drag, offline_page
from relubook.widgets import LabelShare

pytestmark = pytest.mark.browser
LABELS = "Labels"
OVERLAPS = """svgs => svgs.flatMap(svg => {
  const boxes = [...svg.querySelectorAll("text")].filter(t => t.textContent)
    .map(t => [t.textContent, t.getBoundingClientRect()]);
  return boxes.flatMap(([a, p], i) => boxes.slice(i + 1)
    .filter(([, q]) => p.left < q.right && q.left < p.right)
    .filter(([, q]) => p.top + 3 < q.bottom - 3 && q.top + 3 < p.bottom - 3)
    .map(([b]) => `${a} / ${b}`));
})"""
OUTSIDE = """card => [...card.querySelectorAll("svg text")].filter(each =>
  each.getBoundingClientRect().right > card.getBoundingClientRect().right
  || each.getBoundingClientRect().left < card.getBoundingClientRect().left)
  .map(each => each.textContent)"""

TOUCHING = """rows => rows.flatMap(row => {
  const texts = [...row.children].filter(t => t.textContent).map(t => {
    const words = document.createRange();
    words.selectNodeContents(t);
    return [t.textContent, words.getBoundingClientRect()];
  });
  return texts.slice(1).filter(([, box], i) => box.left < texts[i][1].right + 3)
    .map(([text]) => text);
})"""
BELOW = """svgs => svgs.map(svg => ({
  ticks: [...svg.querySelectorAll("line.axis")]
    .filter(t => t.getAttribute("x1") === t.getAttribute("x2"))
    .map(t => t.getBoundingClientRect().left),
  texts: [".count", ".share"].map(row => [...svg.querySelectorAll(`text${row}`)].map(t => {
    const { left, right } = t.getBoundingClientRect();
    return [t.textContent, (left + right) / 2];
  })),
}))"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), LabelShare(label_data()).html())


def test_a_hand_and_keys_move_the_labels_and_the_address_follows(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        assert said(tab).startswith("129 labels, 4.3 % of 3,000 images. Rectifier: test error 4")
        drag(tab.page, slider(tab, LABELS), 1.0)
        assert said(tab).startswith("3,000 labels, 100 % of 3,000 images. Rectifier: test error ")
        expect(slider(tab, LABELS)).to_have_attribute(
            "aria-valuetext", "3,000 labels, 100 percent of 3,000 images"
        )
        slider(tab, LABELS).focus()
        tab.page.keyboard.press("Home")
        assert said(tab).startswith("15 labels, 0.5 % of 3,000 images. Not recorded. The first")
        tab.page.keyboard.press("ArrowRight")
        assert slider(tab, LABELS).input_value() == "1"
        tab.page.keyboard.press("Tab")
        tab.page.keyboard.press("ArrowRight")  # the next radio button
        assert said(tab).startswith("100 labels, 1 % of 10,000 images.")
        assert tab.page.url.endswith("#labels=1&data=mnist")
        outline = tab.page.evaluate("getComputedStyle(document.activeElement).outline")
        assert "solid 2px" in outline
        tab.page.evaluate("location.hash = '#labels=43&data=norb'")
        assert slider(tab, LABELS).input_value() == str(STOPS.index(43.0))
        tab.assert_quiet()


def test_what_is_drawn_are_the_seeds_the_intervals_and_the_papers_points(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page, "#labels=4.3&data=norb")
        errors, gain = tab.page.locator(".picture.errors"), tab.page.locator(".picture.gain")
        for unit in ("rectifier", "tanh"):
            for start in ("none", "with"):
                expect(errors.locator(f".seed.{unit}.{start}")).to_have_count(5 * len(SHARES))
                expect(errors.locator(f"rect.printed.{unit}.{start}")).to_have_count(5)
            expect(gain.locator(f".interval.{unit}")).to_have_count(len(SHARES))
            expect(gain.locator(f"rect.printed.{unit}")).to_have_count(5)
        tab.page.get_by_text("The same numbers as a table").click()
        expect(tab.page.locator("tr.here th")).to_have_text("129")
        tab.page.get_by_text("Where these numbers come from").click()
        expect(tab.page.get_by_text("relubook reproduce figure-4 norb")).to_be_visible()
        tab.page.evaluate("location.hash = '#data=mnist'")
        expect(tab.page.locator(".printed")).to_have_count(0)
        tab.assert_quiet()


def test_it_fits_every_width_and_theme_and_nothing_moves_by_itself(chromium, tmp_path):
    html = LabelShare(without_networks(label_data(), 21.5)).html()
    with offline_page(chromium, width=320, reduced_motion=True) as tab:
        for width, theme in ((320, "light"), (375, "dark"), (732, "light"), (1000, "dark")):
            tab.page.set_viewport_size({"width": width, "height": 900})
            tab.open(write_page(tmp_path, html, theme=theme), "#labels=21.5&data=norb")
            for closed in tab.page.locator("summary").all():
                closed.click()
            assert "Rectifier: test error unknown (all diverged) without" in said(tab)
            expect(tab.page.locator(".picture .lost")).to_have_count(2)
            assert tab.sideways_overflow() == 0
            assert tab.page.locator(".card").evaluate(OUTSIDE) == []
            assert tab.page.locator(".picture svg").evaluate_all(OVERLAPS) == []
            assert tab.axe_violations(".relubook") == []
            for target in tab.page.locator("input:visible, summary:visible").all():
                box = target.bounding_box()
                assert box is not None
                assert box["height"] >= 18
            tab.page.evaluate("location.hash = '#labels=100&data=mnist'")
            assert tab.page.locator(".picture svg").evaluate_all(OVERLAPS) == []
            assert tab.page.evaluate("document.getAnimations().length") == 0
        tab.assert_quiet()


@pytest.mark.parametrize("name", ["norb", "mnist"])
@pytest.mark.parametrize("width", [320, 375, 900])
def test_every_number_of_labels_stands_under_its_points(chromium, page, width, name):
    (found,) = (each for each in label_data()["sets"] if each["name"] == name)
    with offline_page(chromium, width=width) as tab:
        tab.open(page, f"#data={name}")
        assert tab.page.locator(".marks").evaluate_all(TOUCHING) == []
        for picture in tab.page.locator(".picture svg").evaluate_all(BELOW):
            counts, shares = picture["texts"]
            assert len(picture["ticks"]) == len(SHARES)
            assert [text for text, _ in counts[:: len(counts) - 1]] == [
                f"{found['labels'][place]:,}" for place in (0, -1)
            ]
            assert len(counts) == len(shares) >= 4
            for (count, middle), (share, below) in zip(counts, shares, strict=True):
                place = found["labels"].index(int(count.replace(",", "")))
                assert share == f"{SHARES[place]:g}\u202f%"
                assert middle == pytest.approx(picture["ticks"][place], abs=1.0)
                assert below == pytest.approx(picture["ticks"][place], abs=1.0)


def test_on_paper_and_without_scripts_the_words_and_the_tables_are_there(chromium, page):
    with offline_page(chromium, scripts=False, width=375) as tab:
        tab.open(page)
        expect(tab.page.get_by_text("This figure moves where scripts may run.")).to_be_visible()
        expect(tab.page.locator(".relubook table")).to_have_count(2)
        assert tab.sideways_overflow() == 0
    with offline_page(chromium) as tab:
        tab.open(page)
        tab.page.emulate_media(media="print")
        expect(tab.page.locator(".picture svg")).to_have_count(2)
        expect(tab.page.locator(".trainer")).to_be_hidden()


def test_live_networks_stand_over_the_recorded_ones_of_their_digits(chromium, tmp_path):
    def nobody(*_, **__):
        return None

    widget = LabelShare(label_data(), train=nobody, live="mnist", stop_index=STOPS.index(43.0))
    with offline_page(chromium) as tab:
        tab.open(write_live_page(tmp_path, widget))
        tab.page.get_by_role("button", name="Train this one").click()
        assert tab.page.evaluate("kernel.sent.at(-1)") == {"id": 1, "stop_index": 4}
        assert "DIGITS for tests" in tab.page.locator(".heading .unit").inner_text()
        error = {
            "rectifier": {"none": [6.0, 7.0], "with": [5.0, 6.5]},
            "tanh": {"none": [8.0, None], "with": [8.0, 8.5]},
        }
        frame = {"stop_index": 4, "labels": 3000, "error": error}
        done = {"id": 1, "done": 1, "total": 1, "text": "Trained here in 9 s."}
        tab.page.evaluate("changes => kernel.say(changes)", {"live": [frame], "progress": done})
        expect(tab.page.locator(".badge")).to_have_text("live")
        expect(tab.page.locator(".picture.errors .live")).to_have_count(7)
        expect(tab.page.locator(".picture.gain .live")).to_have_count(2)
        assert "Trained here with 3,000 labels (two seeds): rectifier 6.5 % → 5.8 %" in said(tab)
        slider(tab, LABELS).focus()
        tab.page.keyboard.press("ArrowLeft")
        expect(tab.page.locator(".badge")).to_have_text("recorded")
        expect(tab.page.locator(".picture.errors .live")).to_have_count(7)
        tab.page.get_by_role("radio", name="TOYS for tests").check()
        expect(tab.page.locator(".picture .live")).to_have_count(0)
        assert tab.axe_violations(".label-share") == []
        tab.page.evaluate("kernel.close()")
        assert tab.page.evaluate("kernel.listeners()") == 0
        tab.assert_quiet()
