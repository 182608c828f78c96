"""We8There: counts and ratings that agree with each other, shuffled although the file is sorted."""

import contextlib
import io
import itertools
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_images import damages
from tiny_reviews import npz_bytes, restaurant_arrays, zipped

from relubook.datasets import rows
from relubook.datasets.files import npz
from relubook.datasets.texts import bags, restaurants
from relubook.datasets.values import SPLITS, digest

ARRAYS = restaurant_arrays()


def read(arrays=ARRAYS, **options):
    return restaurants.read({restaurants._FILE: npz_bytes(arrays, **options)})


def test_inputs_are_the_counts_and_the_label_is_the_overall_rating():
    found = read()
    given_rows = {}
    starts = ARRAYS["indptr"]
    for row, (first, last) in enumerate(itertools.pairwise(starts)):
        dense = np.zeros(11)
        dense[ARRAYS["indices"][first:last]] = ARRAYS["data"][first:last]
        given_rows.setdefault(tuple(dense), []).append(int(ARRAYS["ratings"][row, 1]))
    served = {}
    for name in SPLITS:
        split = getattr(found, name)
        for x, y in zip(rows.dense(split.x).tolist(), split.y.tolist(), strict=True):
            served.setdefault(tuple(x), []).append(int(restaurants.STARS[y]))
    assert {x: sorted(y) for x, y in served.items()} == {
        x: sorted(y) for x, y in given_rows.items()
    }
    assert found.vocabulary == tuple(ARRAYS["terms"])


def test_the_file_is_sorted_and_the_splits_are_not():
    y = read().train.y
    assert sorted(y.tolist(), reverse=True) != y.tolist()
    assert y.bincount().tolist() == [9] * 5  # 12 of each rating: 1 to validate, 2 to test


@pytest.mark.parametrize(
    ("changed", "match"),
    [
        ({"shape": np.array([60, 12])}, r"The shape in .* \[60, 11\]. Got \[60, 12\]"),
        ({"ratings": ARRAYS["ratings"][:-1]}, "a row for each of 60 reviews"),
        ({"ratings": ARRAYS["ratings"][:, 1]}, "a row for each of 60 reviews"),
        ({"ratings": ARRAYS["ratings"] * 0}, "ratings of .* from 1 to 5. Got 0 at place 0"),
        ({"ratings": ARRAYS["ratings"] / 1.0}, "whole numbers. Got shape .* of float64"),
        ({"rating_names": np.array(["Food", "Value"])}, "a column Overall"),
        ({"rating_names": np.array([1, 2])}, "rating_names .* a list of texts"),
        ({"terms": np.array([], dtype="U3")}, "terms .* a list of texts"),
        ({"terms": ARRAYS["terms"][:5]}, "indices .* from 0 to 4"),
        ({"indptr": ARRAYS["indptr"][:0]}, "tell where rows begin|compressed rows"),
        ({"data": np.array(3)}, "list of whole numbers"),
    ],
)
def test_arrays_that_contradict_each_other_are_refused(changed, match):
    with pytest.raises(ValueError, match=match):
        read({**ARRAYS, **changed})


@pytest.mark.parametrize("name", restaurants._NAMES)
def test_a_missing_array_is_named(name):
    with pytest.raises(ValueError, match=f"must hold {name}.npy"):
        read({key: array for key, array in ARRAYS.items() if key != name})


def test_pickled_objects_are_refused():
    terms = ARRAYS["terms"].astype(object)
    with pytest.raises(ValueError, match=r"terms of .* It holds object"):
        read({**ARRAYS, "terms": terms}, pickled=True)


def npy(array, **options):
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


@given(
    st.sampled_from(["u1", "<i4", ">i2", "f8", "U5", "?"]),
    st.lists(st.integers(0, 3), max_size=3),
    st.booleans(),
)
def test_an_array_is_read_as_numpy_reads_it(kind, shape, by_columns):
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape).astype(kind)
    array = np.asfortranarray(array) if by_columns else array
    file = npz_bytes({"a": array})
    found = npz.members(file, ["a"], name="file", limit=10_000)["a"]
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(found, array)


@pytest.mark.parametrize(
    "member",
    [
        b"",
        b"\x93NUMPY",
        b"\x93NUMPY\x01\x00\x04\x00nope",
        b"\x93NUMPY\x02\x00" + npy(np.arange(3))[8:],
        npy(np.arange(3))[:-1],
        npy(np.arange(3)) + b"\0",
        npy(np.arange(3)).replace(b"(3,)", b"(9,)"),
        npy(np.arange(3)).replace(b"(3,), ", b"(-3,),"),
        npy(np.arange(3)).replace(b"(3,), }      ", b"(9999999,), }"),
        npy(np.array([("a", 1)], dtype=[("x", "U1"), ("y", "i4")])),
    ],
)
def test_a_member_that_is_no_plain_array_is_refused(member):
    with pytest.raises(ValueError, match="The array a of file must"):
        npz.members(zipped("a.npy", member), ["a"], name="file", limit=10_000)


def test_no_more_than_the_limit_is_unpacked():
    file = npz_bytes({"a": np.zeros(100_000)})
    with pytest.raises(ValueError, match="file"):
        npz.members(file, ["a"], name="file", limit=10_000)


@settings(max_examples=60)
@given(damages(npz_bytes(ARRAYS)))
def test_a_damaged_file_is_refused_or_holds_the_same(damaged):
    with contextlib.suppress(ValueError):
        found = restaurants.read({restaurants._FILE: damaged})
        assert digest(found.train, found.test) == digest(read().train, read().test)


@settings(max_examples=60)
@given(damages(npy(ARRAYS["data"])))
def test_a_damaged_array_is_refused_or_read(damaged):
    members = zipped("data.npy", damaged)
    with contextlib.suppress(ValueError):
        found = npz.members(members, ["data"], name="file", limit=10_000)["data"]
        assert found.dtype != object
        assert found.tobytes() in damaged or found.T.tobytes() in damaged  # nothing is made up


@pytest.mark.mirror
def test_the_mirror_holds_the_known_reviews():
    folder = Path(os.environ["RELUBOOK_TEST_MIRROR"]) / "restaurants"
    whole = restaurants.read({restaurants._FILE: (folder / restaurants._FILE).read_bytes()})
    counts = sum(getattr(whole, name).y.bincount() for name in SPLITS)
    assert counts.tolist() == [615, 493, 638, 1293, 3127]
    assert [len(getattr(whole, name)) for name in SPLITS] == [4_321, 614, 1_231]
    assert whole.train.x.values().numel() / len(whole.train) / 2640 == pytest.approx(
        0.0041, rel=0.01
    )

    few = bags.narrow(whole)
    assert digest(few.train, few.validation, few.test).startswith("73462d809d559c66")

    from text_models import rating_error

    error, baseline = rating_error(whole, restaurants.STARS, strength=10.0)
    assert error == pytest.approx(1.06, abs=0.03)
    assert baseline == pytest.approx(1.37, abs=0.03)
