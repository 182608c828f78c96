"""Reviews that stand in more than one split: removed, counted, and said."""

from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse
import torch
from sparse_examples import reviews

from relubook import datasets
from relubook.datasets import rows
from relubook.datasets.repeats import without_repeats
from relubook.datasets.texts.review_order import row_keys


def bags(*, train, validation, test):
    """A data set of these rows of numbers."""

    def split(lines):
        return scipy.sparse.csr_matrix(np.array(lines, dtype=np.float32)), np.zeros(len(lines), int)

    parts = {"train": train, "validation": validation, "test": test}
    splits = {name: split(lines) for name, lines in parts.items()}
    return datasets.of_arrays("bags", **splits, classes=("a", "b"))


A, B, C, D, NONE = [1, 0, 0], [0, 1, 0], [1, 1, 0], [2, 0, 0], [0, 0, 0]


def test_each_bag_stays_in_the_first_split_that_has_it():
    data = bags(train=[A, B, C, C, D], validation=[A, B, B], test=[A, A])
    found, removed = without_repeats(data)
    assert vars(removed) == {"train": 3, "validation": 2, "unlabelled": 0}
    assert found.train.x.to_dense().tolist() == [C, D]
    assert found.validation.x.to_dense().tolist() == [B]
    assert found.test.x.to_dense().tolist() == [A, A]
    assert found.sha256 != data.sha256
    assert str(removed) == "repeated reviews removed: 3 of train, 2 of validation"


def test_counts_tell_bags_apart_and_all_empty_ones_are_one():
    found, removed = without_repeats(bags(train=[D, NONE, A], validation=[B], test=[A, NONE]))
    assert found.train.x.to_dense().tolist() == [D]
    assert removed.train == 2


def test_nothing_changes_where_nothing_is_repeated():
    data = bags(train=[A, B], validation=[C], test=[D])
    found, removed = without_repeats(data)
    assert found is data
    assert str(removed) == "repeated reviews removed: none"


def test_reviews_without_labels_are_searched_last():
    data = bags(train=[A], validation=[B], test=[C])
    twice = bags(train=[D, D], validation=[B], test=[C]).train.x
    more = rows.join(data.test.x, data.train.x, rows.take(data.train.x, torch.tensor([0])), twice)
    found, removed = without_repeats(replace(data, unlabelled=more))
    assert found.unlabelled is not None
    assert found.unlabelled.to_dense().tolist() == [D]
    assert removed.unlabelled == 4


def test_dense_rows_and_splits_without_anything_left_are_refused():
    with pytest.raises(ValueError, match="Only bags of words"):
        without_repeats(reviews().dense())
    with pytest.raises(ValueError, match="are repeats of others"):
        without_repeats(bags(train=[A, A], validation=[B], test=[A]))


@pytest.mark.mirror
@pytest.mark.parametrize(
    ("name", "train", "validation", "unlabelled"),
    [
        ("imdb", 174, 49, 1_118),
        ("clothing", 4, 2, 0),
        ("restaurants", 12, 3, 0),
        ("amazon-5000", 517, 121, 0),
    ],
)
def test_published_sets_have_so_many_repeats(name, train, validation, unlabelled):
    found, removed = without_repeats(datasets.load(name))
    assert tuple(vars(removed).values()) == (train, validation, unlabelled)
    tested = set(row_keys(found.test.x))
    assert tested.isdisjoint(row_keys(found.train.x))
    assert tested.isdisjoint(row_keys(found.validation.x))


def test_the_invented_reviews_have_none():
    data = datasets.load("reviews")
    assert without_repeats(data)[0] is data
