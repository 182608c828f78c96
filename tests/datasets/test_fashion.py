"""Fashion-MNIST has the format of MNIST, its own classes and its own files."""

import functools
import gzip

import numpy as np
import pytest
import tiny_digits
import tiny_images
from hypothesis import given, settings
from hypothesis import strategies as st

from relubook import paper
from relubook.datasets.images import fashion, mnist

read = functools.partial(mnist.read, validation=2)
FILES = tiny_digits.tiny_files()


def test_the_last_ten_thousand_training_images_are_kept_for_validation():
    numbers = np.arange(10_050)
    images = np.stack([numbers % 256, numbers // 256], -1).astype(np.uint8)[:, None]
    labels = (numbers % 10).astype(np.uint8)
    files = {
        f"{part}-{kind}-ubyte.gz": gzip.compress(tiny_digits.idx_bytes(array[:count]), 1)
        for part, count in (("train", 10_050), ("t10k", 30))
        for kind, array in (("images-idx3", images), ("labels-idx1", labels))
    }
    parts = fashion.FASHION.editions[0].read(files)
    assert tiny_images.total(parts) == [50, 10_000, 30]
    for split, first in ((parts.train, 0), (parts.validation, 50), (parts.test, 0)):
        low, high = tiny_images.pixels(split).T.astype(int)
        assert (low + 256 * high).tolist() == list(range(first, first + len(split)))
        assert split.y.tolist() == [number % 10 for number in range(first, first + len(split))]


def test_its_files_are_those_of_mnist_with_other_content():
    (edition,) = fashion.FASHION.editions
    others = {file.name: file for file in mnist.MNIST.editions[0].files}
    assert [file.name for file in edition.files] == list(others)
    for file in edition.files:
        assert len(file.sha256) == 64
        assert file.sha256 != others[file.name].sha256
        assert len(file.urls) >= 2
        assert all(url.endswith(f"/{file.name}") for url in file.urls)


def test_an_image_of_a_sneaker_has_label_seven():
    assert fashion.CLASSES[7] == "Sneaker"
    assert len(set(fashion.CLASSES)) == paper.CLASSES["mnist"].value
    assert fashion.FASHION.image_shape == (28, 28)


@settings(max_examples=60)
@given(name=st.sampled_from(sorted(FILES)), data=st.data())
def test_a_damaged_file_is_refused_by_name_or_harmless(name, data):
    damaged = data.draw(tiny_images.damages(FILES[name]))
    part = name.split("-")[0]
    tiny_images.check_damage(read, FILES, name, damaged, named=f"{part} (im|la)")


@pytest.mark.parametrize("part", ["train", "t10k"])
def test_a_label_that_names_no_class_is_refused(part):
    labels = np.zeros(tiny_digits.PARTS[part], np.uint8)
    labels[3] = 10
    files = {**FILES, f"{part}-labels-idx1-ubyte.gz": gzip.compress(tiny_digits.idx_bytes(labels))}
    with pytest.raises(
        ValueError, match=rf"The {part} labels must be from 0 to 9\. Got 10 at example 3 \(1 such"
    ):
        read(files)


def test_files_without_an_example_are_refused():
    empty = {
        "t10k-images-idx3-ubyte.gz": np.zeros((0, 5, 5), np.uint8),
        "t10k-labels-idx1-ubyte.gz": np.zeros(0, np.uint8),
    }
    packed = {
        name: gzip.compress(tiny_digits.idx_bytes(array), mtime=0) for name, array in empty.items()
    }
    with pytest.raises(ValueError, match=r"The t10k labels must be at least one\. Got none\."):
        read({**FILES, **packed})


def test_some_images_must_be_left_to_train_on():
    with pytest.raises(ValueError, match=r"The train images must be more than 12, .* Got 12\."):
        mnist.read(FILES, validation=12)
