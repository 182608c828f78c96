"""Bags of words hold what a text says; the order of reviews depends on nothing but reviews."""

import collections
import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_reviews import WORDS

from relubook.datasets import rows
from relubook.datasets.texts import bags, review_order
from relubook.datasets.texts.bags import Texts
from relubook.datasets.values import SPLITS, digest

TEXT = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
SOME = st.lists(TEXT, min_size=1, max_size=6)


def texts(*written):
    return Texts(texts=written, y=np.arange(len(written)))


def counted(train, validation=("",), test=("",), unlabelled=(), **options):
    """The splits of some texts."""
    splits = dict(zip(SPLITS, (texts(*part) for part in (train, validation, test)), strict=True))
    return bags.parts(bags.vectorize(splits, list(unlabelled), **options))


def words(text):
    """The terms of a text, found in another way."""
    spaced = re.sub(r"[^\w' ]|_", " ", text.lower())
    return [word.strip("'") for word in spaced.split() if word.strip("'")]


@settings(max_examples=30)
@given(SOME, SOME, SOME, st.lists(TEXT, max_size=4))
def test_an_input_is_how_often_a_term_occurs(train, validation, test, more):
    found = counted(["soup", *train], validation, test, more)
    for part, written in (
        (found.train.x, ["soup", *train]),
        (found.validation.x, validation),
        (found.test.x, test),
        *([(found.unlabelled, more)] if more else []),
    ):
        expected = [[words(text).count(term) for term in found.vocabulary] for text in written]
        assert rows.dense(part).tolist() == expected


@settings(max_examples=30)
@given(SOME, st.lists(TEXT, max_size=4))
def test_terms_are_ordered_by_the_number_of_texts_that_have_them_then_by_alphabet(train, more):
    found = counted(["soup", *train], unlabelled=more)
    having = collections.Counter(w for text in ["soup", *train, *more] for w in set(words(text)))
    assert list(found.vocabulary) == sorted(having, key=lambda term: (-having[term], term))


@settings(max_examples=30)
@given(SOME, SOME, SOME)
def test_validation_and_test_texts_choose_no_term(train, validation, test):
    assert counted(["a", *train], validation, test).vocabulary == counted(["a", *train]).vocabulary


def test_a_word_may_have_an_apostrophe_inside_and_may_be_one_letter():
    found = counted(["I don't 'quote' the_rest: naïve, 2x!"])
    assert found.vocabulary == ("2x", "don't", "i", "naïve", "quote", "rest", "the")


def test_only_the_most_frequent_terms_are_kept():
    found = counted(["a b c", "a b", "a"], ["c a a"], terms=2)
    assert found.vocabulary == ("a", "b")
    assert rows.dense(found.validation.x).tolist() == [[2, 0]]


def test_a_text_without_known_words_is_a_row_of_zeros():
    found = counted(["a", ""], ["b"], ["", "!"])
    assert rows.dense(found.train.x).tolist() == [[1], [0]]
    assert rows.dense(found.validation.x).tolist() == [[0]]
    assert rows.dense(found.test.x).tolist() == [[0], [0]]


def test_texts_without_any_word_are_refused():
    with pytest.raises(ValueError, match="must have at least one word"):
        counted(["", "..."], ["a"])


def test_a_count_may_be_larger_than_a_byte():
    assert counted(["a " * 300]).train.x.values().tolist() == [300]


def test_groups_are_those_given():
    grouped = Texts(texts=("a", "b"), y=np.array([1, 0]), group=np.array([3, 2]))
    found = bags.parts(bags.vectorize(dict.fromkeys(SPLITS, grouped)))
    assert found.test.group.tolist() == [3, 2]
    assert found.test.y.tolist() == [1, 0]
    assert found.unlabelled is None


def test_progress_is_told_and_reaches_the_end():
    told = []
    counted(["a"] * 700, ["b"] * 400, unlabelled=["c"], progress=lambda *done: told.append(done))
    assert told == [(500, 1102), (1000, 1102), (1102, 1102)]


@settings(max_examples=30)
@given(SOME, st.integers(1, 12), st.booleans())
def test_the_first_terms_are_kept_as_present_or_as_counts(train, terms, counts):
    whole = counted(["soup", *train], ["soup soup"], unlabelled=["soup i i"])
    few = bags.narrow(whole, terms=terms, counts=counts)
    assert few.vocabulary == whole.vocabulary[:terms]
    for one, other in ((few.train.x, whole.train.x), (few.unlabelled, whole.unlabelled)):
        first = rows.dense(other)[:, :terms]
        assert rows.dense(one).equal(first if counts else (first > 0).float())
        assert one.layout == torch.sparse_csr
    assert few.validation.y.equal(whole.validation.y)


@settings(max_examples=20)
@given(SOME, st.integers(1, 6), st.integers(0, 6))
def test_narrowing_twice_is_narrowing_once(train, terms, more):
    whole = counted(["soup bad", *train])
    twice = bags.narrow(bags.narrow(whole, terms=terms + more, counts=True), terms=terms)
    once = bags.narrow(whole, terms=terms)
    assert digest(twice.train, twice.test) == digest(once.train, once.test)


def test_dense_rows_are_narrowed_as_sparse_ones_are():
    whole = counted(["a a b", "c"])
    spread = bags.Parts(
        **{
            name: bags.Split(x=rows.dense(part.x), y=part.y)
            for name, part in ((name, getattr(whole, name)) for name in SPLITS)
        }
    )
    expected = rows.dense(bags.narrow(whole, terms=2).train.x)
    assert bags.narrow(spread, terms=2).train.x.equal(expected)


@pytest.mark.parametrize("terms", [0, -1])
def test_no_terms_at_all_are_refused(terms):
    with pytest.raises(ValueError, match=f"must be at least 1. Got {terms}"):
        bags.narrow(counted(["a"]), terms=terms)


class Made:
    """Counts how often the arrays are made."""

    def __init__(self):
        self.times = 0

    def __call__(self, progress):
        self.times += 1
        return bags.vectorize(dict.fromkeys(SPLITS, texts("a b", "b")), progress=progress)


def test_what_was_counted_is_kept_until_a_file_or_the_revision_changes(cache):
    made = Made()
    first = bags.remembered("tiny", {"file": b"1"}, made, revision=1)
    second = bags.remembered("tiny", {"file": b"1"}, made, revision=1)
    assert made.times == 1
    assert digest(first.train) == digest(second.train)
    assert second.vocabulary == ("b", "a")
    bags.remembered("tiny", {"file": b"2"}, made, revision=1)
    bags.remembered("tiny", {"file": b"1"}, made, revision=2)
    assert made.times == 3
    assert len(list((cache / "tiny").iterdir())) == 3


def test_what_is_kept_and_damaged_is_made_again(cache):
    made = Made()
    bags.remembered("tiny", {}, made, revision=1)
    (path,) = (cache / "tiny").iterdir()
    path.write_bytes(path.read_bytes()[:-20])
    assert bags.remembered("tiny", {}, made, revision=1).vocabulary == ("b", "a")
    assert made.times == 2


REVIEWS = st.lists(st.tuples(st.binary(max_size=2), st.integers(0, 2)), min_size=1, max_size=30)


@given(REVIEWS, st.randoms(use_true_random=False))
def test_the_canonical_order_does_not_depend_on_the_order_of_the_file(reviews, random):
    def ordered(found):
        order = review_order.canonical([key for key, _ in found], np.array([y for _, y in found]))
        return [found[number] for number in order]

    shuffled = random.sample(reviews, len(reviews))
    assert ordered(shuffled) == ordered(reviews)
    assert sorted(ordered(reviews)) == sorted(reviews)


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=90),
    st.sampled_from([0.0, 0.1, 0.2, 0.5]),
    st.sampled_from([0.0, 0.1, 0.2, 0.5]),
)
def test_every_stratum_is_divided_in_the_same_shares(strata, validation, test):
    numbers = np.array(strata)
    train, valid, tested = review_order.divided(numbers, validation=validation, test=test)
    assert sorted([*train, *valid, *tested]) == list(range(len(strata)))
    for part, share in ((valid, validation), (tested, test)):
        assert list(part) == sorted(part)
        for stratum, size in collections.Counter(strata).items():
            assert (numbers[part] == stratum).sum() == int(round(size * share, 6))


def test_equal_reviews_stay_together():
    strata = np.zeros(100, dtype=int)
    _, valid, tested = review_order.divided(strata, validation=0.1, test=0.2)
    assert valid.tolist() == list(range(10))
    assert tested.tolist() == list(range(10, 30))


def test_rows_of_equal_counts_have_equal_keys():
    values, columns, starts = np.array([1, 2, 1, 2, 2]), np.array([0, 3, 0, 3, 3]), [0, 2, 4, 5, 5]
    x = rows.compressed(values, columns, np.array(starts), width=4)
    one, same, other, empty = review_order.row_keys(x)
    assert one == same != other
    assert empty == b""
