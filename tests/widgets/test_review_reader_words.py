"""The words of a text in a page and in the package: the same ones, whatever is typed."""

import json
import re
import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from review_frames import WORDS

from browser_support import run_node
from relubook.datasets.texts.bags import WORD
from relubook.widgets.bundle import HERE
from relubook.widgets.review_reader_data import tokens

TOKENS = """
import {{ readFileSync }} from "node:fs";
import {{ wordsIn }} from {module};
const texts = JSON.parse(readFileSync({file}, "utf8"));
console.log(JSON.stringify(texts.map((text) => wordsIn(text).map(({{ word }}) => word))));
"""
# Code points that count as letters or digits, that no version of this node knows, and that change.
CLASSES = """
const [word, unknown, lower] = [[], [], {}];
for (let code = 0; code < 0x110000; code += 1) {
  const letter = String.fromCodePoint(code);
  if (/[\\p{L}\\p{N}]/u.test(letter)) word.push(code);
  if (/\\p{Cn}/u.test(letter)) unknown.push(code);
  const small = Array.from(letter.toLowerCase(), (each) => each.codePointAt(0));
  if (small.length > 1 || small[0] !== code) lower[code] = small;
}
console.log(JSON.stringify({ word, unknown, lower }));
"""
HARD = (
    "", "Don't 'tis rock'n'roll it''s o'", "don’t “quoted” naïve", "na\u00efve nai\u0308ve",
    "İSTANBUL ıi I", "Straße STRASSE ẞ", "ΑΣ ΣΑΣ Σ ΑΣ'Σ ΑΣ\u0301", "ﬁlm Ⅷ ² ½ ٣ ๓ 一二三",
    "木漏れ日 हिन्दी ไทย עברית العربية ночь", "<b>bold</b><br />&amp; <script>x()</script>",
    "a_b __ _x_ 3_4", "👍🏽 🦘film 👨‍👩‍👧 𝔣𝔦𝔩𝔪 𐐀𐐁",
    "zero\u200bwidth soft\u00adhyphen no\u00a0break", "\u202eabc\u202c",
    "nul\0l \ud800 x\udc00y tab\tline\nfeed\r\nend\x85\u2028",
    "'''", "e\u0301'e\u0301", "１２ ｆｉｌｍ K Å",
)  # fmt: skip


def words_there(folder, texts):
    """The words that the page's module finds in each text."""
    file = folder / "texts.json"
    file.write_text(json.dumps(texts), encoding="ascii")
    module = (HERE / "review_words.mjs").as_uri()
    code = TOKENS.format(module=json.dumps(module), file=json.dumps(str(file)))
    done = run_node("--input-type=module", "-e", code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("texts")


@pytest.fixture(scope="module")
def classes():
    done = run_node("-e", CLASSES)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_page_and_package_agree_on_hard_texts(folder):
    assert words_there(folder, HARD) == [tokens(text) for text in HARD]


# Letters of all scripts, marks, emoji and halves of characters that Python has heard of.
LETTERS = st.characters(exclude_categories=("Cn",))
PARTS = st.one_of(
    st.text(LETTERS, max_size=12),
    st.sampled_from(
        ("'", " ", "’", "_", "İ", "Σ", "ß", "\u0301", "<br />", "&#39;", "👍🏽", *WORDS)
    ),
)


def joined(parts):
    """One text, in which two halves of a character become one, as they do in a page."""
    return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")


TEXTS = st.lists(PARTS, max_size=12).map(joined)


@settings(
    max_examples=12, deadline=None, derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(texts=st.lists(TEXTS, min_size=60, max_size=120))
def test_page_and_package_agree_on_the_words_of_any_text(texts, folder):
    assert words_there(folder, texts) == [tokens(text) for text in texts]


def test_both_call_the_same_characters_letters_but_for_those_that_one_has_not_heard_of(classes):
    here = {code for code in range(0x110000) if re.match(WORD, chr(code))}
    unknown_here = {c for c in range(0x110000) if unicodedata.category(chr(c)) == "Cn"}
    there, unknown_there = set(classes["word"]), set(classes["unknown"])
    assert there - here <= unknown_here
    assert here - there <= unknown_there
    assert len(here & there) > 100_000


def test_both_write_small_letters_alike(classes):
    unknown = set(classes["unknown"])
    for code in range(0x110000):
        if unicodedata.category(chr(code)) == "Cn" or code in unknown:
            continue
        small = classes["lower"].get(str(code), [code])
        assert [ord(each) for each in chr(code).lower()] == small, hex(code)
