"""Reviews of clothing: a table in a zip file, read strictly."""

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_images import damages
from tiny_reviews import REVIEWS, clothing_table, zipped

from relubook.datasets.texts import bags, clothing
from relubook.datasets.values import SPLITS, digest

HEADER = ("", "Title", "Review Text", "Rating")
ROWS = [(n, f"title, {n}", text, 1 + c % 5) for n, (text, c) in enumerate(REVIEWS)]
TABLE = clothing_table(ROWS)


def reviews(table, path=clothing._TABLE):
    return clothing.reviews({clothing._FILE: zipped(path, table)})


@settings(max_examples=10)
@given(st.permutations(ROWS))
def test_the_order_of_the_rows_changes_nothing(rows):
    one, other = reviews(TABLE), reviews(clothing_table(rows))
    assert one.texts == other.texts
    assert one.y.tolist() == other.y.tolist()


def test_every_review_keeps_its_rating_and_its_title():
    found = reviews(TABLE)
    known = {f"{title}\n{text}": rating for _, title, text, rating in ROWS}
    assert dict(zip(found.texts, (found.y + 1).tolist(), strict=True)) == known


def test_a_review_may_have_commas_quotes_and_several_lines():
    found = reviews(clothing_table([(0, "", 'So "nice",\r\nreally', 5)]))
    assert found.texts == ('\nSo "nice",\r\nreally',)


def test_reviews_without_a_text_are_left_out():
    rows = [(0, "A title", " ", 5), (1, "", "A text", 4)]
    found = reviews(clothing_table(rows))
    assert found.texts == ("\nA text",)
    assert found.y.tolist() == [3]


def test_ratings_are_divided_in_equal_shares_and_what_was_read_is_kept(cache):
    contents = {clothing._FILE: zipped(clothing._TABLE, TABLE)}
    found, again = clothing.read(contents), clothing.read(contents)
    counts = reviews(TABLE).y
    for rating in range(5):
        size = int((counts == rating).sum())
        parts = [int((getattr(found, name).y == rating).sum()) for name in SPLITS]
        assert parts == [size - size // 10 - size // 5, size // 10, size // 5]
    assert digest(found.train, found.test) == digest(again.train, again.test)
    assert len(list((cache / "clothing").iterdir())) == 1


@pytest.mark.parametrize(
    ("table", "match"),
    [
        (b"", "must name the column 'Title'. Got nothing"),
        (b"a,b\n1,2\n", "must name the column 'Title'. Got a, b"),
        (clothing_table([], ("", "Title", "Review Text")), "the column 'Rating'"),
        (clothing_table([]), "reviews with a text in .*csv. Got none"),
        (clothing_table([(0, "t", "x", 6)]), "ends in line 2 of .* from 1 to 5. Got '6'"),
        (clothing_table([(0, "t", "x", "")]), "from 1 to 5. Got ''"),
        (clothing_table([(0, "t", "x", 5), (1, "t", "x")]), "4 columns in .* line 3 .* Got 3"),
        (TABLE + b'9,"never closed', "a table with commas"),
        (TABLE + b"9,\xff,x,5\r\n", "UTF-8 in Womens .* the byte ff"),
    ],
)
def test_tables_that_hold_no_reviews_are_refused(table, match):
    with pytest.raises(ValueError, match=match):
        reviews(table)


def test_another_zip_file_is_refused():
    with pytest.raises(ValueError, match=r"must hold Womens Clothing E-Commerce Reviews\.csv"):
        reviews(TABLE, path="other.csv")


@settings(max_examples=50)
@given(damages(TABLE))
def test_a_damaged_table_is_refused_or_read(damaged):
    with contextlib.suppress(ValueError):
        assert set(reviews(damaged).y) <= set(range(5))


@settings(max_examples=50)
@given(damages(zipped(clothing._TABLE, TABLE)))
def test_a_damaged_zip_file_is_refused_or_holds_the_same(damaged):
    with contextlib.suppress(ValueError):
        assert clothing.reviews({clothing._FILE: damaged}).texts == reviews(TABLE).texts


@pytest.mark.mirror
def test_the_mirror_holds_the_known_reviews():
    folder = Path(os.environ["RELUBOOK_TEST_MIRROR"]) / "clothing"
    whole = clothing.read({clothing._FILE: (folder / clothing._FILE).read_bytes()})
    counts = sum(getattr(whole, name).y.bincount() for name in SPLITS)
    assert counts.tolist() == [821, 1549, 2823, 4908, 12540]
    assert [len(getattr(whole, name)) for name in SPLITS] == [15_853, 2_262, 4_526]

    from text_models import rating_error

    few = bags.narrow(whole)
    assert digest(few.train, few.validation, few.test).startswith("c3f85f45958233cf")
    share = few.train.x.values().numel() / len(few.train) / bags.SERVED
    assert share == pytest.approx(0.0092, rel=0.01)
    error, baseline = rating_error(few, clothing.STARS)
    assert error == pytest.approx(0.76, abs=0.015)
    assert baseline == pytest.approx(1.10, abs=0.02)
