"""CostExplorer in a page from the disk, with the network cut."""

import re

import pytest
from playwright.sync_api import expect
from widget_frames import BATCHES, SHARES, cost_data
from widget_pages import BATCH, ZEROS, said, slider, write_page

from browser_support import drag, offline_page
from relubook.widgets import CostExplorer
from relubook.widgets.cost_data import crossovers

pytestmark = pytest.mark.browser

BACK = "Back to the paper’s zeros (about 85\u00a0%), batch size 1"


@pytest.fixture(scope="module")
def data():
    return cost_data()


@pytest.fixture(scope="module")
def page(data, tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), CostExplorer(data).html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def panel(tab, title):
    return tab.page.locator(".panel", has=tab.page.get_by_text(title))


def seen(tab):
    pictures = tab.page.locator(".picture")
    return {
        "layer": pictures.nth(0).inner_html(),
        "crossover": pictures.nth(1).inner_html(),
        "networks": pictures.nth(2).inner_html(),
        "sentence": said(tab),
    }


def press(tab, name, *keys):
    slider(tab, name).focus()
    for key in keys:
        tab.page.keyboard.press(key)


@pytest.mark.parametrize(("name", "key"), [(ZEROS, "Home"), (ZEROS, "End"), (BATCH, "End")])
def test_a_key_changes_everything_that_is_drawn_and_said(tab, name, key):
    before = seen(tab)
    press(tab, name, key)
    after = seen(tab)
    assert [part for part in before if before[part] == after[part]] == []


@pytest.mark.parametrize("name", [ZEROS, BATCH])
def test_every_key_of_a_slider_goes_its_way(tab, name):
    found = slider(tab, name)
    press(tab, name, "Home", "ArrowRight", "ArrowRight")
    for key, sign in (("ArrowRight", 1), ("ArrowLeft", -1), ("ArrowUp", 1), ("ArrowDown", -1),
                      ("PageUp", 1), ("PageDown", -1), ("End", 1), ("Home", -1)):  # fmt: skip
        before = int(found.input_value())
        tab.page.keyboard.press(key)
        assert sign * (int(found.input_value()) - before) > 0, key


def test_at_every_setting_the_sentence_says_the_numbers_of_the_data(tab, data):
    for j, batch in enumerate(BATCHES):
        press(tab, BATCH, "Home", *["ArrowRight"] * j)
        for i in (0, 6, 13):
            press(tab, ZEROS, "Home", *["ArrowRight"] * i)
            ratio = data["layer"]["dense"][i][j] / data["layer"]["gathered"][i][j]
            start = f"With {100 * SHARES[i]:g} % zeros and {batch} example"
            assert said(tab).startswith(start)
            if number := re.search(r"gathering is ([\d.]+) times as (fast|slow)", said(tab)):
                speed = float(number[1]) if number[2] == "fast" else 1 / float(number[1])
                assert speed == pytest.approx(ratio, rel=0.06)
            else:
                assert ratio == pytest.approx(1, rel=0.06)


def test_page_words_and_experiment_agree_on_every_crossover(tab, data):
    tab.page.get_by_text("The same numbers as tables").click()
    rows = tab.page.locator("table").nth(1).locator("tbody tr").all_inner_texts()
    found = crossovers(data)
    for text, gathered, csr in zip(rows, found["gathered"], found["csr"], strict=True):
        shown = [float(n) for n in re.findall(r"(\d+) %", text)]
        assert shown == pytest.approx([100 * gathered, 100 * csr], abs=0.51)


def test_the_dashed_line_stands_where_the_two_lines_cross(tab):
    lines = tab.page.locator(".picture.large polyline.line")
    paths = {
        kind: [tuple(map(float, pair.split(","))) for pair in line.split()]
        for kind, line in (
            (each.get_attribute("class").split()[1], each.get_attribute("points"))
            for each in lines.all()
        )
    }
    dashed = tab.page.locator(".picture.large .crossing.gathered")
    at = float(dashed.get_attribute("x1"))
    before = next(k for k, (x, _) in enumerate(paths["dense"]) if x > at) - 1
    gaps = [paths["gathered"][k][1] - paths["dense"][k][1] for k in (before, before + 1)]
    assert gaps[0] <= 0.2  # pixels: gathering takes longer on the left ...
    assert gaps[1] >= -0.2  # ... and less on the right


def test_the_crossover_moves_to_the_right_as_batches_grow(tab):
    def place():
        line = tab.page.locator(".picture.large .crossing.gathered")
        return float(line.get_attribute("x1"))

    alone = place()
    press(tab, BATCH, "End")
    assert place() > alone
    expect(tab.page.locator(".picture.large .note")).to_have_count(2)


def test_networks_are_drawn_with_their_l1_and_the_papers_zeros_are_marked(tab):
    networks = panel(tab, "Trained networks")
    expect(networks.locator("svg .mark")).to_have_count(10)
    for l1 in ("0", "0.0001", "0.0003", "0.001", "0.003"):
        expect(networks.get_by_text(l1, exact=True)).to_have_count(1)
    expect(tab.page.locator("svg .paper")).to_have_count(2)
    expect(tab.page.locator("svg .rug")).to_have_count(5)
    expect(networks).to_contain_text("Units in use: 16\u00a0% by 1 example")


def test_every_point_of_a_line_stands_inside_the_plane(chromium, tmp_path):
    data = cost_data()
    for row in data["layer"]["gathered"]:
        row[-1] *= 30
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, CostExplorer(data).html()), "#zeros=85&batch=64")
        svg = tab.page.locator(".picture.large svg").bounding_box()
        for kind in (".line", ".band", ".mark", ".ring"):
            for each in tab.page.locator(f".picture.large {kind}").all():
                box = each.bounding_box()
                assert svg["y"] < box["y"] + 1 < box["y"] + box["height"] < svg["y"] + svg["height"]
        tab.assert_quiet()


def test_a_method_that_never_pays_is_said_and_drawn_so(chromium, tmp_path):
    data = cost_data()
    for row in data["layer"]["csr"]:
        row[-1] *= 100
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, CostExplorer(data).html()), "#zeros=85&batch=64")
        expect(panel(tab, "One 1000")).to_contain_text("CSR does not pay up to 99\u00a0%")
        expect(panel(tab, "Where skipping")).to_contain_text("A triangle: nowhere.")
        top = tab.page.locator(".picture.small svg").first.bounding_box()["y"]
        assert top < tab.page.locator("svg .never").bounding_box()["y"] < top + 24
        expect(tab.page.locator(".crossing.csr")).to_have_count(0)
        tab.assert_quiet()


def test_it_starts_at_the_papers_zeros_and_finds_back(tab):
    start = seen(tab)
    assert said(tab).startswith("With 85 % zeros and 1 example at a time, gathering is ")
    expect(slider(tab, ZEROS)).to_have_attribute(
        "aria-valuetext", "85 percent zeros, about as in the paper"
    )
    drag(tab.page, slider(tab, ZEROS), 1.0)
    drag(tab.page, slider(tab, BATCH), 1.0)
    expect(slider(tab, BATCH)).to_have_attribute("aria-valuetext", "64 examples at a time")
    tab.page.get_by_role("button", name=BACK).click()
    assert seen(tab) == start


def test_a_setting_can_be_linked_and_leaves_no_history(tab):
    length = tab.page.evaluate("history.length")
    press(tab, ZEROS, "End", "ArrowLeft")
    press(tab, BATCH, "End")
    address, here = tab.page.url, seen(tab)
    assert address.endswith("#zeros=97.5&batch=64")
    assert tab.page.evaluate("history.length") == length
    tab.page.goto("about:blank")
    tab.page.goto(address)
    assert seen(tab) == here


@pytest.mark.parametrize(
    "fragment", ["#", "#zeros=NaN&batch=0", "#%E0%A4%A", "#zeros=-1&batch=<b>"]
)
def test_rubbish_in_the_address_is_ignored(chromium, page, fragment):
    with offline_page(chromium) as tab:
        tab.open(page, fragment)
        assert said(tab).startswith("With 85 % zeros and 1 example at a time")
        tab.assert_quiet()


def test_the_tables_and_the_passport_say_the_same_numbers(tab, data):
    tab.page.get_by_text("The same numbers as tables").click()
    tables = tab.page.locator("table")
    expect(tables.nth(0).locator("tbody tr")).to_have_count(len(SHARES))
    expect(tables.nth(0).locator("tr.here th")).to_have_text("85")
    expect(tables.nth(1).locator("tr.here th")).to_have_text("1")
    expect(tables.nth(2).locator("tbody tr")).to_have_count(5)
    dense = float(tables.nth(0).locator("tr.here td").first.inner_text().split()[0])
    assert dense == pytest.approx(1e6 * data["layer"]["dense"][8][0], abs=0.6)
    tab.page.get_by_text("Where these numbers come from").click()
    expect(tab.page.get_by_text(data["passport"]["command"])).to_be_visible()


def test_the_page_says_recorded_and_offers_no_measuring(tab):
    expect(tab.page.locator(".badge")).to_have_text("recorded")
    expect(tab.page.get_by_role("button", name="Measure on this machine")).to_have_count(0)
    expect(tab.page.get_by_text("Open this chapter in Colab or Jupyter")).to_be_visible()
    expect(tab.page.get_by_text("measured on this machine")).to_be_hidden()


def test_without_scripts_a_sentence_and_every_crossover_are_there(chromium, page, data):
    with offline_page(chromium) as tab:
        tab.open(page)
        sentence = said(tab)
        tab.assert_quiet()
    with offline_page(chromium, scripts=False) as tab:
        tab.open(page)
        words = tab.page.locator(".relubook p").inner_text().replace("\u00a0", " ")
        assert words.endswith(sentence)
        cells = tab.page.locator(".relubook table td").all_inner_texts()
        assert len(cells) == 2 * len(BATCHES)
        assert cells[0] == f"{100 * crossovers(data)['gathered'][0]:.0f} %"
