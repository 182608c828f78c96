"""Amazon reviews as counts of 5,000 terms, in arrays that contradict nothing."""

import contextlib
import os
from pathlib import Path

import numpy as np
import pytest
import tiny_reviews
from hypothesis import given, settings
from tiny_images import damages
from tiny_reviews import npz_bytes

from relubook.datasets.texts import amazon, amazon_5000, bags
from relubook.datasets.values import SPLITS, digest

ARRAYS = tiny_reviews.amazon_5000_arrays()


def five_thousand(arrays, **options):
    return amazon_5000.read({amazon_5000._FILE: npz_bytes(arrays, **options)})


def numbers(parts):
    return digest(*(getattr(parts, name) for name in SPLITS))


def test_every_domain_and_polarity_has_the_same_share_of_every_split():
    found = five_thousand(ARRAYS)
    for split, size in ((found.train, 8), (found.validation, 2)):
        pairs = 2 * split.group + split.y
        assert pairs.bincount().tolist() == [size] * 8
    assert found.test.group.unique().tolist() == [0, 1, 2, 3]
    assert found.unlabelled is None


def test_a_polarity_is_one_or_minus_one():
    found = five_thousand(ARRAYS)
    assert amazon_5000.AMAZON_5000.classes == ("negative", "positive")
    assert found.test.y.bincount().tolist() == [16, 20]
    flipped = {key: -value if key.endswith("_y") else value for key, value in ARRAYS.items()}
    unsigned = {**flipped, "dvd_test_y": flipped["dvd_test_y"].astype(np.int64)}
    assert five_thousand(unsigned).test.y.bincount().tolist() == [20, 16]


def replaced(key, value):
    return {**ARRAYS, key: value(ARRAYS[key].copy())}


def put(place, number):
    def change(array):
        array[place] = number
        return array

    return change


@pytest.mark.parametrize(
    ("arrays", "match"),
    [
        ({**ARRAYS, "dvd_test_y": np.array([], np.int8)}, "each of 9 rows. Got 0 numbers"),
        (replaced("dvd_test_y", put(3, 0)), "dvd_test_y .* 1 of them 0"),
        (replaced("dvd_test_y", put(3, 2)), "dvd_test_y .* from -1 to 1. Got 2 at place 3"),
        (replaced("dvd_test_data", put(0, 0)), "dvd_test_data .* Got 0 at place 0"),
        (replaced("dvd_test_indices", put(0, 5000)), "from 0 to 4999. Got 5000 at place 0"),
        (replaced("dvd_test_indices", put(1, 0)), "no compressed rows"),
        (replaced("dvd_test_indptr", put(1, 9999)), "dvd_test_indptr .* Got 9999 at place 1"),
        (replaced("dvd_test_indptr", put(2, 0)), "no compressed rows"),
        (replaced("dvd_test_indptr", lambda a: a[:-1]), "no compressed rows"),
        (replaced("dvd_test_indptr", lambda a: a[:0]), "tell where rows begin|compressed rows"),
        (replaced("dvd_test_data", lambda a: a[:-1]), "no compressed rows|from 0 to"),
        (replaced("dvd_test_data", lambda a: a / 2), "a list of whole numbers. .* of float64"),
        (replaced("dvd_test_indices", lambda a: a[None]), "a list of whole numbers"),
        ({k: v for k, v in ARRAYS.items() if k != "kitchen_train_y"}, "hold kitchen_train_y.npy"),
    ],
)
def test_arrays_that_contradict_each_other_are_refused(arrays, match):
    with pytest.raises(ValueError, match=match):
        five_thousand(arrays)


def test_arrays_that_would_be_unpickled_are_refused():
    objects = np.array([{"a": 1}], dtype=object)
    with pytest.raises(ValueError, match=r"must hold numbers or texts\. It holds object"):
        five_thousand({**ARRAYS, "dvd_test_y": objects}, pickled=True)


@settings(max_examples=40)
@given(damages(npz_bytes(ARRAYS)))
def test_a_damaged_npz_is_refused_or_holds_the_same(damaged):
    with contextlib.suppress(ValueError):
        found = amazon_5000.read({amazon_5000._FILE: damaged})
        assert numbers(found) == numbers(five_thousand(ARRAYS))


@pytest.fixture(scope="module")
def counts():
    """The 27,677 reviews."""
    folder = Path(os.environ["RELUBOOK_TEST_MIRROR"]) / amazon_5000.AMAZON_5000.folder
    return amazon_5000.read({amazon_5000._FILE: (folder / amazon_5000._FILE).read_bytes()})


@pytest.mark.mirror
def test_every_domain_has_the_known_sizes(counts):
    assert counts.train.group.bincount().tolist() == [1600] * 4
    assert counts.validation.group.bincount().tolist() == [400] * 4
    assert counts.test.group.bincount().tolist() == list(amazon.SIZES.values())
    assert counts.test.y.bincount().tolist() == [9795, 9882]
    assert counts.train.y.bincount().tolist() == [3200, 3200]
    assert numbers(bags.narrow(counts)).startswith("92a04afac1f83194")
    assert counts.test.x.values().numel() / len(counts.test) / 5000 == pytest.approx(
        0.0153, rel=0.01
    )


@pytest.mark.mirror
def test_columns_are_ordered_by_the_number_of_reviews_that_have_the_term(counts):
    columns = np.concatenate([getattr(counts, name).x.col_indices().numpy() for name in SPLITS])
    having = np.bincount(columns, minlength=amazon_5000.WIDTH)
    assert (np.diff(having) <= 0).all()


@pytest.mark.mirror
@pytest.mark.parametrize(
    ("group", "published_accuracy"),
    [(0, 0.826), (1, 0.817), (2, 0.861), (3, 0.877)],
    ids=amazon.DOMAINS,
)
def test_logistic_regression_in_a_domain_is_as_accurate_as_known(counts, group, published_accuracy):
    from text_models import accuracy

    found = accuracy(bags.narrow(counts), positive=1, group=group)
    assert found == pytest.approx(published_accuracy, abs=0.015)
