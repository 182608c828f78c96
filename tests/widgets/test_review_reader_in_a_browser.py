"""ReviewReader in a page from the disk and beside a live model, with the network cut."""

import json
import re

import pytest
from playwright.sync_api import expect
from review_frames import EXAMPLES, reader_frame
from widget_pages import KERNEL, said, write_page

from browser_support import offline_page
from relubook.widgets import ReviewReader

pytestmark = pytest.mark.browser
# Until a typed review is read and drawn, and until the browser has laid out the page besides, less
# the wait for the frame [ms].
SPENT = """(text) => new Promise((done) => {
  const area = document.querySelector("textarea");
  const real = window.requestAnimationFrame;
  window.requestAnimationFrame = (act) => real((time) => {
    const began = performance.now();
    act(time);
    const read = performance.now() - began;
    document.body.getBoundingClientRect();
    done([read, performance.now() - began]);
  });
  area.value = text;
  area.dispatchEvent(new Event("input"));
  window.requestAnimationFrame = real;
})"""
HOSTILE = (
    "<img src=x onerror=window.hit=1> great",
    "</textarea></script><script>window.hit=1</script> great",
    '" onmouseover="window.hit=1" autofocus onfocus="window.hit=1 great',
    "javascript:window.hit=1 great ${window.hit=1} {{great}}",
    "great \u202edab\u202c \u2066great\u2069",
    "nul\0l great \x1b[31m",
    "x" * 50_000 + " great",
    "!" * 50_000 + " great",
    "great " + "Z\u0311\u036b\u0343" * 500,
    "__proto__ constructor great toString",
)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), ReviewReader(reader_frame()).html())


@pytest.fixture
def tab(chromium, page):
    with offline_page(chromium) as tab:
        tab.open(page)
        yield tab
        tab.assert_quiet()


def area(tab):
    return tab.page.get_by_label("The review", exact=True)


def word(tab, text):
    return tab.page.locator(".word").get_by_text(text, exact=True)


def test_an_example_is_read_and_its_name_stands_in_the_address(tab):
    expect(area(tab)).to_have_value(EXAMPLES[0][2])
    told = said(tab)
    assert re.match(r"Expected (?:8|9|10)\.\d stars, most likely \d+ \(\d+ %\)\. 13 of 13", told)
    tab.page.get_by_role("radio", name="a pan").check()
    expect(tab.page.locator(".said")).to_contain_text(re.compile(r"^Expected [12]\.\d stars"))
    assert tab.page.evaluate("location.hash") == "#review=pan"
    expect(tab.page.locator(".column.none")).to_have_text(["none5", "none6"])
    expect(tab.page.get_by_text("No review that it learned from has 5 or 6 stars.")).to_be_visible()
    for hash_ in ("#review=<b>", "#review=__proto__", "#review=rave&x=1", "#review=%72ave"):
        tab.page.evaluate("hash => { location.hash = hash; }", hash_)
        expect(tab.page.get_by_role("radio", name="a pan")).to_be_checked()
    tab.page.evaluate("location.hash = '#review=rave'")
    expect(tab.page.get_by_role("radio", name="a rave")).to_be_checked()
    assert said(tab) == told


def test_what_is_typed_is_read_and_stays_out_of_the_address(tab):
    area(tab).fill("")
    area(tab).press_sequentially("A GREAT secret")
    expect(tab.page.locator(".said")).to_contain_text("2 of 3 words known, 2 different ones")
    expect(tab.page.locator(".word")).to_have_text(["A", "GREAT"])
    expect(tab.page.locator(".text .unknown")).to_have_text(["secret"])
    tab.page.wait_for_function("location.hash === '#review=own'")
    assert (
        "secret" not in tab.page.evaluate("location.href + JSON.stringify(history.state)").lower()
    )
    expect(tab.page.get_by_role("radio", checked=True)).to_have_count(0)
    tab.page.get_by_role("button", name="Clear the text").click()
    expect(area(tab)).to_be_focused()
    expect(tab.page.locator(".said")).to_contain_text("To an empty review the network answers")
    tab.page.get_by_role("radio", name="a rave").check()
    expect(area(tab)).to_have_value(EXAMPLES[0][2])


def test_nothing_and_unknown_words_alone_give_the_same_answer_and_say_so(tab):
    tab.page.get_by_role("radio", name="nothing").check()
    expect(tab.page.locator(".said")).to_contain_text("No word to read.")
    empty = said(tab)[said(tab).index("expected ") :]
    area(tab).fill("quokkas umbrageously")
    expect(tab.page.locator(".said")).to_contain_text("None of the 2 words is known")
    assert said(tab).endswith(empty)
    assert "The mean of the reviews that it learned from is 5.6." in empty


def test_a_word_is_struck_out_wherever_it_stands_and_the_account_is_checked(tab):
    area(tab).fill("Great film, great! It was good.")
    expect(word(tab, "good")).to_have_attribute("aria-label", re.compile(r"^good, carries [+−]0\."))
    expect(tab.page.locator(".said")).to_contain_text("6 of 6 words known, 5 different ones")
    before = said(tab)
    word(tab, "Great").click()
    expect(tab.page.locator(".word.struck")).to_have_text(["Great", "great"])
    expect(word(tab, "great")).to_have_attribute("aria-pressed", "true")
    account = tab.page.locator(".account")
    expect(account).to_contain_text(
        re.compile(r"^Without “great”, the linear account foretells L = −?\d\.\d+ instead of")
    )
    expect(account).to_contain_text(re.compile(r"exactly so: no unit|units? turned on or off"))
    expect(tab.page.locator(".said")).to_contain_text("1 of them struck out")
    word(tab, "great").press("Enter")
    expect(account).to_be_hidden()
    assert said(tab) == before
    word(tab, "good").press("Space")
    word(tab, "film").click()
    expect(account).to_contain_text("Without “good”, “film”, ")
    tab.page.get_by_role("button", name="Put all words back").click()
    expect(tab.page.locator(".word.struck")).to_have_count(0)
    area(tab).fill("great")
    expect(tab.page.locator(".word")).to_have_count(1)


def test_every_list_adds_up_to_the_slope(tab):
    tab.page.get_by_text("All numbers as tables").click()
    for table in tab.page.locator(".lists table").all():
        numbers = [
            float(text.replace("−", "-"))
            for text in table.locator("td:last-child").all_inner_texts()
        ]
        assert sum(numbers[:-1]) == pytest.approx(numbers[-1], abs=0.0005 * len(numbers))
    full = tab.page.locator("details table").nth(1)
    names = full.locator("tbody th").all_inner_texts()
    assert sorted(names[:-1]) == sorted(
        set(tab.page.locator(".word").all_inner_texts()) - {"I", "A", "And"} | {"i", "a", "and"}
    )
    assert names[-1] == "all biases"


def test_words_and_units_are_reached_with_arrow_keys(tab):
    first = tab.page.locator(".word").first
    first.focus()
    tab.page.keyboard.press("ArrowRight")
    expect(tab.page.locator(".word").nth(1)).to_be_focused()
    tab.page.keyboard.press("End")
    expect(tab.page.locator(".word").last).to_be_focused()
    tab.page.keyboard.press("ArrowRight")
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator(".word.struck")).to_have_count(1)
    expect(tab.page.locator(".word").last).to_be_focused()
    tab.page.keyboard.press("Home")
    expect(first).to_be_focused()
    assert tab.page.locator(".word[tabindex='0']").count() == 1
    for layer in (1, 2):
        strip = tab.page.get_by_role("group", name=f"Units of layer {layer}")
        strip.locator(".cell").first.focus()
        tab.page.keyboard.press("ArrowRight")
        expect(tab.page.locator(".told")).to_contain_text(f"Layer {layer}, unit 2: ")
        silent = strip.locator(".cell").filter(has_text=re.compile(r"^$"))
        lit = 12 - silent.count()
        expect(tab.page.get_by_text(f"Layer {layer}: {lit} of 12 units active")).to_be_visible()
        assert f"{silent.first.evaluate('e => e.style.background')}" == "rgb(0, 0, 0)"
        silent.first.hover()
        expect(tab.page.locator(".told")).to_contain_text("exactly 0")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_shown_as_text(tab, text):
    nodes = "document.querySelectorAll('.relubook :is(img, script, a, iframe, style)').length"
    before = tab.page.evaluate(nodes)
    area(tab).fill(text)
    expect(tab.page.locator(".said")).to_contain_text(re.compile("^Expected .* 1 different one"))
    expect(tab.page.locator(".text")).to_contain_text("great")
    shown = tab.page.locator(".text").evaluate("e => e.textContent")
    assert not re.search("[\0\x1b\u202a-\u202e\u2066-\u2069]", shown)
    assert len(shown) < 10_000
    assert tab.page.evaluate(nodes) == before
    assert tab.page.evaluate("window.hit") is None
    assert tab.sideways_overflow() == 0
    word(tab, "great").first.click()
    expect(tab.page.locator(".account")).to_contain_text("Without “great”")


def test_halves_of_characters_are_shown_as_unreadable(tab):
    tab.page.evaluate(SPENT, "great")
    tab.page.evaluate(
        """() => { const area = document.querySelector("textarea");
        area.value = "great \\ud800 x\\udc00y"; area.dispatchEvent(new Event("input")); }"""
    )
    expect(tab.page.locator(".text")).to_have_text("great \ufffd x\ufffdy")


def test_a_page_of_words_takes_a_moment_and_a_hundred_thousand_do_not_freeze_it(tab):
    vocabulary = re.findall(
        r"\w+", "the film was not a good one and it is great boring fine unheard"
    )
    some = [" ".join(vocabulary[(5 * i + turn) % 14] for i in range(300)) for turn in range(70)]
    assert any(tab.page.evaluate(SPENT, text)[1] < 50 for text in some)
    # A text field with this much in it costs the browser more than the reading costs, so that alone
    # is measured.
    many = [f"{'Great boring unheard film. ' * 25_000}{'!' * turn}" for turn in range(5)]
    assert any(tab.page.evaluate(SPENT, text)[0] < 1000 for text in many)
    expect(tab.page.locator(".said")).to_contain_text("75,000 of 100,000 words known, 3 different")
    expect(tab.page.locator(".more")).to_have_text(
        "… and 99,600 more words were read, which are not drawn."
    )
    assert tab.page.locator(".word").count() + tab.page.locator(".text .unknown").count() == 400


def test_two_readers_on_a_page_do_not_disturb_each_other(chromium, tmp_path):
    html = ReviewReader(reader_frame()).html()
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, html, html))
        first, second = (tab.page.get_by_label("The review", exact=True).nth(i) for i in (0, 1))
        first.fill("boring")
        expect(tab.page.locator(".said").first).to_contain_text("1 of 1 word known")
        expect(second).to_have_value(EXAMPLES[0][2])
        expect(tab.page.get_by_role("radio", checked=True)).to_have_count(1)
        tab.assert_quiet()


def test_a_kernel_hears_the_name_of_an_example_and_nothing_that_is_typed(chromium, tmp_path):
    widget = ReviewReader(reader_frame(), example="pan")
    state = json.dumps({"data": widget.data, "example": widget.example})
    script = KERNEL % (state, json.dumps(str(widget._esm)).replace("</", "<\\/"))
    cell = f'<style>{widget._css}</style><div id="cell"></div><script>{script}</script>'
    with offline_page(chromium) as tab:
        tab.open(write_page(tmp_path, cell))
        expect(area(tab)).to_have_value(EXAMPLES[1][2])
        area(tab).fill("great secret")
        tab.page.wait_for_function("kernel.sent.length === 1")
        assert tab.page.evaluate("kernel.state.example") == ""
        assert "secret" not in tab.page.evaluate("JSON.stringify(kernel.state)")
        assert tab.page.evaluate("location.hash") == ""
        tab.page.evaluate("kernel.say({ example: 'rave' })")
        expect(area(tab)).to_have_value(EXAMPLES[0][2])
        tab.page.evaluate("kernel.close()")
        assert tab.page.evaluate("kernel.listeners()") == 0
        tab.assert_quiet()


def test_it_fits_every_width_and_theme_and_paper(chromium, page, tmp_path):
    with offline_page(chromium, width=320, reduced_motion=True) as tab:
        for width, theme in ((320, "light"), (375, "dark"), (1000, "dark"), (1000, "light")):
            tab.page.set_viewport_size({"width": width, "height": 900})
            html = ReviewReader(reader_frame()).html()
            tab.page.goto("about:blank")  # or the same address would be the same document
            tab.open(write_page(tmp_path, html, theme=theme), "#review=pan")
            for closed in tab.page.locator("summary").all():
                closed.click()
            tab.page.locator(".word").first.click()
            assert tab.sideways_overflow() == 0
            assert tab.axe_violations(".relubook") == []
            for target in tab.page.locator(".back, .cell, .choice, textarea").all():
                box = target.bounding_box()
                assert box is not None
                assert min(box["height"], box["width"]) >= 24
            assert tab.page.evaluate("document.getAnimations().length") == 0
        tab.page.emulate_media(media="print")
        expect(tab.page.locator(".word").first).to_be_visible()
        expect(tab.page.locator(".cell").first).to_be_visible()
        expect(tab.page.get_by_role("button", name="Clear the text")).to_be_hidden()
        tab.assert_quiet()
    with offline_page(chromium, scripts=False) as tab:
        tab.open(page)
        expect(tab.page.locator(".relubook table")).to_have_count(2)
        expect(tab.page.locator(".relubook blockquote")).to_have_text(EXAMPLES[0][2])
