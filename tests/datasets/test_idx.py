"""The idx reader takes what is right and refuses everything else."""

import contextlib
import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from tiny_digits import idx_bytes

from relubook.datasets.files import idx

IMAGES = arrays(np.uint8, array_shapes(min_dims=3, max_dims=3, max_side=5))


@settings(deadline=None)
@given(IMAGES)
def test_reading_gives_back_what_was_written(images):
    read = idx.parse(idx_bytes(images), axes=3, name="images")
    np.testing.assert_array_equal(read, images)


@settings(deadline=None)
@given(IMAGES, st.data())
def test_a_file_that_ends_anywhere_too_early_is_refused(images, data):
    whole = idx_bytes(images)
    length = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(ValueError, match="The idx file images"):
        idx.parse(whole[:length], axes=3, name="images")


@settings(deadline=None)
@given(IMAGES, st.binary(min_size=1, max_size=3))
def test_bytes_after_the_end_are_refused(images, more):
    with pytest.raises(ValueError, match=r"must hold .* bytes after its header"):
        idx.parse(idx_bytes(images) + more, axes=3, name="images")


@pytest.mark.parametrize(
    "start", [b"", b"\x00\x00\x08\x01", b"\x00\x00\x0d\x03", b"\x01\x00\x08\x03", b"PK\x03\x04"]
)
def test_another_magic_number_is_refused(start):
    content = start + idx_bytes(np.zeros((2, 3, 3), np.uint8))[4:]
    with pytest.raises(ValueError, match="must begin with 00 00 08 03"):
        idx.parse(content if start else b"", axes=3, name="images")


@settings(deadline=None)
@given(IMAGES, st.data())
def test_one_changed_byte_of_a_gzip_file_never_gives_other_content(images, data):
    content = idx_bytes(images)
    packed = bytearray(gzip.compress(content, mtime=0))
    place = data.draw(st.integers(0, len(packed) - 1))
    packed[place] ^= data.draw(st.integers(1, 255))
    with contextlib.suppress(ValueError):
        assert idx.unzip(bytes(packed), name="images") == content


@settings(deadline=None)
@given(st.data())
def test_a_gzip_file_that_ends_too_early_is_refused(data):
    packed = gzip.compress(idx_bytes(np.arange(27, dtype=np.uint8).reshape(3, 3, 3)))
    length = data.draw(st.integers(1, len(packed) - 1))
    with pytest.raises(ValueError, match="is not a whole gzip file"):
        idx.unzip(packed[:length], name="images")


def test_images_and_labels_of_different_number_are_refused():
    images, labels = (
        gzip.compress(idx_bytes(np.zeros(shape, np.uint8))) for shape in ((3, 2, 2), (4,))
    )
    with pytest.raises(ValueError, match=r"must be equally many\. Got 3 and 4"):
        idx.pair(images, labels, name="train")
