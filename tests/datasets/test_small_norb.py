"""Small NORB: matrix files are parsed strictly, pairs shrunk, views held out."""

import functools
import gzip

import numpy as np
import pytest
import tiny_images
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from relubook import paper
from relubook.datasets.entry import File
from relubook.datasets.files import norb_matrix
from relubook.datasets.images import small_norb

read = functools.partial(small_norb.read, views=tiny_images.NORB_VIEWS)
ARRAYS = tiny_images.norb_arrays()
FILES = tiny_images.norb_files(ARRAYS)
MATRICES = arrays(np.uint8, array_shapes(max_dims=5, max_side=4)) | arrays(
    np.int32, array_shapes(max_dims=3, max_side=4)
)


def changed(part, kind, place, value):
    """The files with one number of the classes or of the info file replaced."""
    array = ARRAYS[part][kind].copy()
    array[place] = value
    name = small_norb.file_name(part, kind)
    return {**FILES, name: gzip.compress(tiny_images.matrix_bytes(array))}


@given(MATRICES)
def test_reading_a_matrix_gives_back_what_was_written(matrix):
    content = tiny_images.matrix_bytes(matrix)
    assert len(content) == 8 + 4 * max(3, matrix.ndim) + matrix.nbytes
    found = norb_matrix.parse(content, dtype=matrix.dtype.name, shape=matrix.shape, name="m")
    np.testing.assert_array_equal(found, matrix)
    assert found.dtype == matrix.dtype


def test_the_header_is_the_documented_one():
    assert norb_matrix.header("uint8", (24300, 2, 96, 96)) == bytes.fromhex(
        "554c3d1e 04000000 ec5e0000 02000000 60000000 60000000"
    )
    assert norb_matrix.header("int32", (24300,)) == bytes.fromhex(
        "544c3d1e 01000000 ec5e0000 01000000 01000000"
    )
    assert norb_matrix.MAGIC == {"uint8": 507333717, "int32": 507333716}


@given(MATRICES, st.data())
def test_a_matrix_file_that_is_too_short_or_too_long_is_refused(matrix, data):
    whole = tiny_images.matrix_bytes(matrix)
    length = data.draw(st.integers(0, len(whole) - 1))
    for content in (whole[:length], whole + b"\0"):
        with pytest.raises(ValueError, match="The matrix file m must"):
            norb_matrix.parse(content, dtype=matrix.dtype.name, shape=matrix.shape, name="m")


@given(MATRICES, st.data())
def test_a_changed_header_is_refused(matrix, data):
    whole = bytearray(tiny_images.matrix_bytes(matrix))
    place = data.draw(st.integers(0, len(whole) - matrix.nbytes - 1))
    whole[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ValueError, match=r"The matrix file m must (begin with|have \d axes)"):
        norb_matrix.parse(bytes(whole), dtype=matrix.dtype.name, shape=matrix.shape, name="m")


def test_the_left_eye_comes_first_and_black_and_white_are_the_ends_of_the_range():
    pairs = np.zeros((1, 2, 96, 96), np.uint8)
    pairs[:, 1] = 255
    left, right = np.split(small_norb.shrink(pairs)[0], 2)
    assert set(left.tolist()) == {-1.0}
    assert set(right.tolist()) == {1.0}


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_a_pixel_is_the_mean_of_nine(seed):
    pairs = np.random.default_rng(seed).integers(0, 256, (2, 2, 96, 96), dtype=np.uint8)
    shrunk = small_norb.shrink(pairs).reshape(2, 2, 32, 32)
    row, column = seed % 32, seed // 32 % 32
    block = pairs[:, :, 3 * row : 3 * row + 3, 3 * column : 3 * column + 3]
    expected = block.mean(axis=(2, 3)) / 127.5 - 1
    np.testing.assert_allclose(shrunk[:, :, row, column], expected, atol=1e-6)


def test_blocks_of_pairs_leave_no_seam():
    grays = (np.arange(1001) % 256).astype(np.uint8)
    pairs = np.broadcast_to(grays[:, None, None, None], (1001, 2, 96, 96))
    np.testing.assert_allclose(small_norb.shrink(pairs)[:, 7], grays / 127.5 - 1, atol=1e-6)


def test_every_pair_keeps_its_class_and_its_toy():
    parts = read(FILES)
    for name, splits in (("training", (parts.train, parts.validation)), ("testing", (parts.test,))):
        expected = sorted(
            (*(pair[:, 0, 0] / 127.5 - 1).round(4).tolist(), int(kind), int(toy))
            for pair, kind, toy in zip(
                ARRAYS[name]["dat"], ARRAYS[name]["cat"], ARRAYS[name]["info"][:, 0], strict=True
            )
        )
        found = sorted(
            (round(x[0].item(), 4), round(x[-1].item(), 4), int(y), int(toy))
            for split in splits
            for x, y, toy in zip(split.x, split.y, split.group, strict=True)
        )
        np.testing.assert_allclose(found, expected, atol=2e-4)


def test_the_test_split_is_in_the_order_of_the_files():
    test = read(FILES).test
    assert test.y.tolist() == ARRAYS["testing"]["cat"].tolist()
    assert test.group.tolist() == ARRAYS["testing"]["info"][:, 0].tolist()


def test_a_fifth_of_each_class_is_held_out_whatever_the_order_of_the_files():
    parts, others = read(FILES), read(tiny_images.norb_files(tiny_images.norb_arrays(seed=6)))
    assert tiny_images.total(parts) == [200, 50, 250]
    assert parts.validation.y.bincount().tolist() == [10] * 5
    toys = parts.validation.group.bincount(minlength=10).tolist()
    assert toys == others.validation.group.bincount(minlength=10).tolist() == [
        0, 0, 0, 0, 10, 0, 10, 10, 10, 10,
    ]  # fmt: skip


def test_the_published_views_give_the_sizes_of_the_splits():
    views = np.prod(small_norb.VIEWS)
    held_out = np.arange(25 * views) % 5 == 0
    assert held_out.sum() == 4_860
    assert held_out.reshape(5, -1).sum(axis=1).tolist() == [972] * 5


def test_toys_of_the_test_are_never_trained_on():
    parts = read(FILES)
    assert not {*parts.train.group.tolist()} & {*parts.test.group.tolist()}
    assert {*parts.train.group.tolist()} == {*parts.validation.group.tolist()}


@settings(max_examples=60)
@given(name=st.sampled_from(sorted(FILES)), data=st.data())
def test_a_damaged_file_is_refused_by_name_or_harmless(name, data):
    damaged = data.draw(tiny_images.damages(FILES[name]))
    tiny_images.check_damage(read, FILES, name, damaged, named=name)


@settings(max_examples=30)
@given(name=st.sampled_from([name for name in FILES if "dat" not in name]), data=st.data())
def test_damage_inside_is_refused_by_name(name, data):
    content = gzip.decompress(FILES[name])
    damaged = data.draw(tiny_images.damages(content).filter(lambda other: other != content))
    with pytest.raises(ValueError, match=name):
        read({**FILES, name: gzip.compress(damaged)})


@pytest.mark.parametrize(
    ("kind", "place", "value", "what"),
    [
        ("cat", 7, 5, r"classes in .*-cat\.mat\.gz must be among 0, 1, 2, 3, 4\. Got 5 at pair 7"),
        ("cat", 7, -1, "classes in"),
        ("info", (3, 0), 0, r"toys in .*-info\.mat\.gz must be among 4, 6, 7, 8, 9\. Got 0"),
        ("info", (3, 1), 1, "elevations in"),
        ("info", (3, 2), 1, r"azimuths in .* must be among 0, 2\. Got 1"),
        ("info", (3, 3), 5, "lights in"),
    ],
)
def test_a_number_out_of_its_range_is_refused(kind, place, value, what):
    with pytest.raises(ValueError, match=what):
        read(changed("training", kind, place, value))


def test_a_view_that_is_there_twice_is_refused():
    twice = np.array([1, *range(1, 250)])
    arrays = {kind: array[twice] for kind, array in ARRAYS["testing"].items()}
    files = tiny_images.norb_files({**ARRAYS, "testing": arrays})
    with pytest.raises(ValueError, match=r"every view of every toy once\. 1 of 250 are not there"):
        read(files)


def test_exchanged_files_are_refused():
    names = [small_norb.file_name(part, "info") for part in small_norb.TOYS]
    files = {**FILES, names[0]: FILES[names[1]], names[1]: FILES[names[0]]}
    with pytest.raises(ValueError, match=r"toys in .*training-info"):
        read(files)


def test_the_published_files_are_named_after_their_shapes():
    (edition,) = small_norb.SMALL_NORB.editions
    assert len(edition.files) == 6
    for file in edition.files:
        assert isinstance(file, File)
        assert "x9x18x6x2x96x96-" in file.name
        assert file.urls[0].endswith(f"/{file.name}")
    assert small_norb.SMALL_NORB.image_shape == paper.IMAGE_SHAPES["norb"]
