"""Small changes of a picture are what their names say, stay in range and repeat by seed."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from relubook import datasets
from relubook.experiments import image_changes, small_changes
from relubook.experiments.small_changes import CHANGES

SHAPE = (9, 7)


def pictures(count, *, seed=0, shape=SHAPE):
    """Random pictures in 255 steps of gray."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (count, shape[0] * shape[1]), generator=generator) / 255


@pytest.fixture(scope="module")
def digits():
    return datasets.load("mnist-5k").test.x[:200]


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(range(len(CHANGES))))
def test_every_change_keeps_pixels_in_range_and_repeats_by_seed(seed, kind):
    config, x = small_changes.configure("smoke"), pictures(12, seed=seed)
    before = x.clone()
    once, again = (small_changes.changed_pictures(config, x, SHAPE, seed)[kind] for _ in range(2))
    assert once.shape == x.shape
    assert once.dtype == x.dtype
    assert ((once >= 0) & (once <= 1)).all()
    assert (once != x).any()
    assert torch.equal(once, again)
    assert torch.equal(x, before)


@pytest.mark.parametrize("kind", range(len(CHANGES)))
def test_another_seed_changes_the_same_digits_in_another_way(digits, kind):
    config, shape = small_changes.configure("smoke"), (28, 28)
    one, other = (
        small_changes.changed_pictures(config, digits, shape, seed)[kind] for seed in (0, 1)
    )
    assert not torch.equal(one, other)


def test_noise_has_its_standard_deviation_and_none_changes_nothing():
    gray = torch.full((300, 400), 0.5)
    noise = image_changes.noisy(gray, sd=0.1, seed=3) - gray
    assert float(noise.std()) == pytest.approx(0.1, rel=0.01)
    assert float(noise.mean()) == pytest.approx(0, abs=1e-3)
    assert torch.equal(image_changes.noisy(gray, sd=0.0, seed=3), gray)


def test_a_shift_is_one_pixel_in_any_of_eight_directions():
    x = pictures(200)
    framed = np.pad(x.numpy().reshape(-1, *SHAPE), ((0, 0), (1, 1), (1, 1)))
    moved = image_changes.shifted(x, SHAPE, seed=0).numpy().reshape(-1, *SHAPE)
    counts = np.zeros(9, dtype=int)
    for way, (row, column) in enumerate(itertools.product(range(3), range(3))):
        window = framed[:, row : row + SHAPE[0], column : column + SHAPE[1]]
        counts[way] = (window == moved).all(axis=(1, 2)).sum()
    assert counts[4] == 0  # nobody stays
    assert (np.delete(counts, 4) > 10).all()
    assert counts.sum() == len(x)


@pytest.mark.parametrize(("turns", "degrees"), [(0, 0.0), (1, 90.0), (2, 180.0), (3, 270.0)])
def test_quarter_turns_of_a_square_are_exact(turns, degrees):
    x = pictures(5, shape=(8, 8))
    found = image_changes.rotated(x, (8, 8), torch.full((5,), degrees)).reshape(-1, 8, 8)
    torch.testing.assert_close(found, x.reshape(-1, 8, 8).rot90(turns, (1, 2)), atol=1e-5, rtol=0)


@settings(max_examples=20, deadline=None)
@given(st.floats(-180, 180), st.tuples(st.integers(3, 12), st.integers(3, 12)))
def test_a_rotation_is_scipys(degrees, shape):
    x = pictures(2, shape=shape)
    found = image_changes.rotated(x, shape, torch.full((2,), degrees)).reshape(-1, *shape)
    expected = ndimage.rotate(
        x.numpy().reshape(-1, *shape), degrees, axes=(2, 1), reshape=False, order=1,
        mode="grid-constant",
    )  # fmt: skip
    np.testing.assert_allclose(found.numpy(), expected, atol=2e-4)


def test_a_turn_goes_left_or_right_by_the_same_angle(digits):
    turned = image_changes.turned(digits, (28, 28), degrees=5.0, seed=1)
    ways = [
        image_changes.rotated(digits, (28, 28), torch.full((len(digits),), degrees))
        for degrees in (-5.0, 5.0)
    ]
    left, right = ((turned == way).all(1) for way in ways)
    assert (left | right).all()
    assert 60 < int(left.sum()) < 140


def test_strokes_get_thicker_or_thinner_by_scipys_dilation_and_erosion(digits):
    before = digits.numpy().reshape(-1, 28, 28)
    after = image_changes.rethickened(digits, (28, 28), seed=0).numpy().reshape(-1, 28, 28)
    footprint = {"footprint": [[[0, 1, 1]]], "mode": "constant", "cval": 0.0}
    mirrored = {**footprint, "footprint": [[[1, 1, 0]]]}
    thicker, thinner = (
        np.abs(after - changed).max(axis=(1, 2)) < 1e-6
        for changed in (
            ndimage.grey_dilation(before, **mirrored),
            ndimage.grey_erosion(before, **footprint),
        )
    )
    assert (thicker ^ thinner).all()
    assert 0.3 < thicker.mean() < 0.75


def test_a_digit_does_not_vanish_when_it_gets_thinner(digits):
    faint = digits * (digits > 0.8)
    after = image_changes.rethickened(faint, (28, 28), seed=0)
    assert (after.sum(1) > 0.39 * faint.sum(1)).all()


@pytest.mark.parametrize(
    ("x", "words"),
    [
        (torch.full((2, 63), float("nan")), "Got numbers that are not finite"),
        (torch.full((2, 63), 1.5), "Got 1.5 to 1.5"),
        (torch.full((2, 63), -1.0), "Got -1 to -1"),
        (torch.zeros(0, 63), "Got none"),
    ],
)
def test_pictures_that_are_none_are_refused_in_one_sentence(x, words):
    changes = [
        lambda: image_changes.noisy(x, sd=0.1, seed=0),
        lambda: image_changes.shifted(x, SHAPE, seed=0),
        lambda: image_changes.turned(x, SHAPE, degrees=5.0, seed=0),
        lambda: image_changes.rethickened(x, SHAPE, seed=0),
    ]
    for change in changes:
        with pytest.raises(ValueError, match=f"pixels between 0 and 1. {words}"):
            change()


@pytest.mark.parametrize("shape", [(9, 8), (3, 3, 7), (63,)])
def test_another_shape_is_refused(shape):
    with pytest.raises(ValueError, match=r"must be \(rows, columns\) with 63 pixels"):
        image_changes.shifted(pictures(2), shape, seed=0)


@pytest.mark.parametrize("sd", [-0.1, float("nan")])
def test_noise_of_no_size_is_refused(sd):
    with pytest.raises(ValueError, match="`sd` of noise must be at least 0"):
        image_changes.noisy(pictures(2), sd=sd, seed=0)
