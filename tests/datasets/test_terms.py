"""Bags of words as they are asked for: so many terms, present or counted, sparse or not."""

import pytest
import torch

from relubook import datasets


@pytest.fixture(scope="module")
def reviews():
    return datasets.load("reviews")


def test_terms_are_present_or_not_unless_counts_are_asked_for(reviews):
    counted = datasets.load("reviews", counts=True)
    assert set(reviews.train.x.values().unique().tolist()) == {1.0}
    assert counted.train.x.values().max() > 1
    assert torch.equal(counted.train.x.col_indices(), reviews.train.x.col_indices())


def test_fewer_terms_are_the_first_ones(reviews):
    few = datasets.load("reviews", terms=100)
    assert few.vocabulary == reviews.vocabulary[:100]
    assert torch.equal(few.dense().test.x, reviews.dense().test.x[:, :100])
    assert few.unlabelled is not None
    assert few.unlabelled.shape[1] == 100


def test_more_terms_than_there_are_change_nothing(reviews):
    many = datasets.load("reviews", terms=99_999)
    assert torch.equal(many.train.x.to_dense(), reviews.train.x.to_dense())
    assert many.name == "reviews"
    assert many.sha256 == reviews.sha256


def test_each_way_has_a_name_and_a_digest_of_its_own(reviews):
    ways = [
        reviews,
        datasets.load("reviews", terms=10),
        datasets.load("reviews", counts=True),
        datasets.load("reviews", terms=10, counts=True),
    ]
    assert [way.name for way in ways] == [
        "reviews", "reviews (10 terms)", "reviews (counts)", "reviews (10 terms, counts)",
    ]  # fmt: skip
    assert len({way.sha256 for way in ways}) == 4


@pytest.mark.parametrize("wanted", [{"terms": 5}, {"counts": True}])
def test_pictures_have_no_terms(wanted):
    with pytest.raises(ValueError, match=r"bags of words have `terms` and `counts`. Got blobs"):
        datasets.load("blobs", **wanted)


def test_no_terms_are_too_few():
    with pytest.raises(ValueError, match=r"must be at least 1\. Got 0"):
        datasets.load("reviews", terms=0)


def test_dense_rows_hold_the_same_numbers_and_the_same_digest(reviews):
    small = reviews.subset(train=20, validation=5, test=5)
    dense = small.dense()
    assert dense.train.x.layout == torch.strided
    assert torch.equal(dense.train.x, small.train.x.to_dense())
    assert dense.sha256 == small.sha256


def test_a_subset_of_a_subset_is_that_subset(reviews):
    direct, by_way = reviews.subset(train=7), reviews.subset(train=20).subset(train=7)
    assert direct.sha256 == by_way.sha256
    assert reviews.subset() is reviews


def test_a_subset_takes_the_first_reviews(reviews):
    small = reviews.subset(train=7)
    assert torch.equal(small.train.x.to_dense(), reviews.train.x.to_dense()[:7])
    assert torch.equal(small.train.y, reviews.train.y[:7])
