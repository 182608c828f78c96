"""EMNIST is read from its one archive, upright, all 62 classes."""

import functools
import inspect
import io
import zipfile

import numpy as np
import pytest
import tiny_images
from hypothesis import given, settings
from hypothesis import strategies as st

from relubook import paper
from relubook.datasets.images import emnist

read = functools.partial(emnist.read, validation=3, published=tiny_images.EMNIST_COUNTS)
ARRAYS = tiny_images.emnist_arrays()
FILES = tiny_images.emnist_zip(ARRAYS)


def test_an_l_stands_upright():
    image = read(FILES).train.x[0].view(28, 28)
    assert image[4:24, 6].eq(1).all()  # the stem: one column, from row 4 down
    assert image[23, 6:16].eq(1).all()  # the foot: one row, to the right
    assert image.count_nonzero() == 20 + 9


def test_every_pixel_and_label_is_where_it_belongs():
    parts = read(FILES)
    images, labels = ARRAYS["train"]
    for split, expected, answers in (
        (parts.train, images[:6], labels[:6]),
        (parts.validation, images[6:], labels[6:]),
        (parts.test, *ARRAYS["test"]),
    ):
        np.testing.assert_array_equal(tiny_images.pixels(split).reshape(-1, 28, 28), expected)
        assert split.y.tolist() == answers.tolist()


def test_the_classes_are_digits_then_capitals_then_small_letters():
    assert [emnist.CLASSES.index(character) for character in "09AZaz"] == [0, 9, 10, 35, 36, 61]
    assert len(emnist.CLASSES) == paper.CLASSES["nistp"].value


def test_as_many_are_kept_for_validation_as_in_the_paper():
    kept = inspect.signature(emnist.read).parameters["validation"].default
    assert kept == paper.SIZES["nistp", "validation"].value
    assert sum(emnist.PUBLISHED.values()) == 814_255


@settings(max_examples=60)
@given(data=st.data())
def test_a_damaged_archive_is_refused_by_name_or_harmless(data):
    damaged = data.draw(tiny_images.damages(FILES[emnist.ARCHIVE]))
    tiny_images.check_damage(
        read, FILES, emnist.ARCHIVE, damaged, named=r"gzip\.zip|gzip/emnist-byclass-"
    )


@settings(max_examples=40)
@given(
    part=st.sampled_from(["train", "test"]),
    kind=st.sampled_from(["images", "labels"]),
    data=st.data(),
)
def test_a_damaged_member_is_refused_by_name_or_harmless(part, kind, data):
    path = emnist.path(part, kind)
    with zipfile.ZipFile(io.BytesIO(FILES[emnist.ARCHIVE])) as archive:
        members = {info.filename: archive.read(info) for info in archive.infolist()}
    members[path] = data.draw(tiny_images.damages(members[path]))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    tiny_images.check_damage(read, FILES, emnist.ARCHIVE, buffer.getvalue(), named=path)


def test_a_missing_member_is_named():
    path = emnist.path("test", "labels")
    with pytest.raises(ValueError, match=f"{emnist.ARCHIVE} must hold {path}"):
        read(tiny_images.emnist_zip(ARRAYS, leave_out=[path]))


@pytest.mark.parametrize(("part", "count"), [("train", 8), ("test", 5)])
def test_another_number_of_images_is_refused(part, count):
    with pytest.raises(ValueError, match=f"{part}-images-idx3-ubyte.gz must"):
        emnist.read(FILES, validation=3, published={**tiny_images.EMNIST_COUNTS, part: count})


def test_images_of_another_size_are_refused():
    images, labels = ARRAYS["test"]
    files = tiny_images.emnist_zip({**ARRAYS, "test": (images[:, 1:], labels)})
    with pytest.raises(ValueError, match=r"must hold 4 x 28 x 28\. Got 4 x 28 x 27\."):
        read(files)


def test_a_label_that_names_no_class_is_refused():
    images, labels = ARRAYS["train"]
    wrong = labels.copy()
    wrong[5] = 62
    with pytest.raises(
        ValueError, match=r"emnist-byclass-train labels must be from 0 to 61\. Got 62 at example 5"
    ):
        read(tiny_images.emnist_zip({**ARRAYS, "train": (images, wrong)}))
