"""What is measured of a picture is what a ruler, a count or another library would say."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage, stats

from relubook.experiments import picture_information as information
from relubook.experiments import rank_correlations as ranks
from relubook.experiments import strokes

ROWS, COLUMNS = np.mgrid[:64, :64]


def drawn(distance):
    """A picture with smooth edges of what is nearer than 0 [1 rows columns]."""
    return np.clip(0.5 - distance, 0, 1)[None]


def bar(width, length):
    across, along = np.abs(ROWS - 31.5) - width / 2, np.abs(COLUMNS - 31.5) - length / 2
    return drawn(np.maximum(across, along))


def ring(radius, width):
    return drawn(np.abs(np.hypot(ROWS - 32, COLUMNS - 32) - radius) - width / 2)


# Strokes


@pytest.mark.parametrize("width", [1.0, 1.5, 2.0, 3.0, 4.0])
def test_a_bar_is_as_long_as_its_area_over_the_width_of_a_hip_roof(width):
    # Over a rectangle the mean distance to its edge is w/4 (1 - w / 3l).
    expected = 40 / (1 - width / 120)
    assert information.stroke_length(bar(width, 40)) == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize(("radius", "width"), [(10, 1.5), (15, 2), (15, 3), (20, 4)])
def test_a_ring_is_as_long_as_its_circumference(radius, width):
    found = information.stroke_length(ring(radius, width))
    assert found == pytest.approx(2 * np.pi * radius, rel=0.08)


def test_a_disk_has_the_length_that_its_formula_says():
    disk = drawn(np.hypot(ROWS - 32, COLUMNS - 32) - 12)
    assert information.stroke_length(disk) == pytest.approx(9 * np.pi, rel=0.06)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 5), st.integers(0, 5), st.integers(0, 3), st.integers(0, 99))
def test_length_depends_on_neither_place_nor_turn_and_bars_apart_add_up(down, right, turns, seed):
    (small,) = np.pad(
        strokes.draw(2, strokes.WAYS[0], pictures=1, seed=seed), ((0, 0), (6, 6), (6, 6))
    )
    moved = np.rot90(np.roll(small, (down, right), axis=(0, 1)), turns)
    twice = np.concatenate([small, small], axis=1)
    once = information.stroke_length(small[None])
    np.testing.assert_allclose(information.stroke_length(moved[None].copy()), once)
    np.testing.assert_allclose(information.stroke_length(twice[None]), 2 * once)


# Bytes, ink, doubt


def test_a_picture_takes_more_bytes_the_less_it_repeats_itself():
    blank, noise = np.zeros((28, 28)), np.random.default_rng(0).random((28, 28))
    stripes = np.tile(noise[:1], (28, 1))  # each row as the one above it
    digitlike = strokes.draw(4, strokes.WAYS[0], pictures=1)[0].astype(float)
    sizes = information.compressed_bytes(np.stack([blank, stripes, digitlike, noise]))
    assert (np.diff(sizes) > 0).all()
    assert sizes[-1] >= 28 * 28  # nothing can be said shorter about noise
    assert sizes[0] < 20


def test_ink_is_the_sum_of_brightness():
    pictures = np.stack([np.full((4, 5), 0.25), np.zeros((4, 5))])
    np.testing.assert_allclose(information.ink(pictures), [5.0, 0.0])


@given(st.integers(0, 1000), st.integers(2, 12))
def test_doubt_is_the_entropy_of_the_answer(seed, classes):
    logits = 5 * torch.randn(2, 3, classes, generator=torch.Generator().manual_seed(seed))
    expected = stats.entropy(torch.softmax(logits.double(), -1).numpy(), base=2, axis=-1)
    np.testing.assert_allclose(information.doubt(logits).numpy(), expected, atol=1e-9)
    even = torch.zeros(1, classes)
    assert information.doubt(even).item() == pytest.approx(np.log2(classes))


def test_what_is_no_picture_is_refused_and_a_blank_one_has_no_strokes():
    measures = (information.compressed_bytes, information.ink, information.stroke_length)
    for measure in measures:
        with pytest.raises(ValueError, match=r"must lie between 0 and 1\. Got nan"):
            measure(np.full((1, 3, 3), np.nan))
        with pytest.raises(ValueError, match=r"must lie between 0 and 1\. Got 0 to 255"):
            measure(np.array([[[0.0, 255.0]]]))
        with pytest.raises(ValueError, match="must have pixels"):
            measure(np.zeros((0, 3, 3)))
    assert information.stroke_length(np.zeros((2, 28, 28))).tolist() == [0, 0]


# Ranks

NUMBERS = st.lists(st.tuples(*[st.integers(0, 6)] * 3), min_size=4, max_size=30)


@given(NUMBERS)
def test_correlations_of_ranks_are_those_of_their_definition_ties_and_all(rows):
    x, y, _ = np.array(rows, dtype=float).T
    if len(set(x)) == 1 or len(set(y)) == 1:
        assert np.isnan(ranks.spearman(x, y))
        return
    assert ranks.spearman(x, y) == pytest.approx(
        np.corrcoef(stats.rankdata(x), stats.rankdata(y))[0, 1], abs=1e-9
    )
    assert ranks.spearman(np.exp(x), -y) == pytest.approx(-float(ranks.spearman(x, y)), abs=1e-9)


@given(NUMBERS)
def test_what_is_held_is_taken_off_the_ranks_by_a_line(rows):
    x, y, given_ = (stats.rankdata(column) for column in np.array(rows, dtype=float).T)
    design = np.column_stack([np.ones_like(given_), given_])
    left = [column - design @ np.linalg.lstsq(design, column)[0] for column in (x, y)]
    if min(np.square(column).sum() for column in left) < 1e-3 or np.ptp(given_) == 0:
        return
    expected = np.corrcoef(*left)[0, 1]
    assert ranks.partial(x, y, given_) == pytest.approx(expected, abs=1e-6)


def test_a_common_cause_alone_leaves_nothing_when_it_is_held():
    cause, *noise = np.random.default_rng(0).standard_normal((3, 20_000))
    x, y = (cause + other for other in noise)
    assert ranks.spearman(x, y) > 0.4
    assert abs(ranks.partial(x, y, cause)) < 0.05
    assert np.isnan(ranks.partial(x, cause, cause))


def test_within_classes_only_what_differs_in_a_class_counts():
    classes = np.repeat([0, 1, 2], 50)
    x = 100.0 * classes + np.tile(np.arange(50.0), 3)
    y = 100.0 * classes - np.tile(np.arange(50.0), 3)
    assert ranks.spearman(x, y) > 0.7
    assert ranks.within(x, y, classes) == pytest.approx(-1)
    both = ranks.within(np.stack([x, y]), y, classes)
    np.testing.assert_allclose(both, [-1, 1])


def test_ranks_of_other_or_no_examples_are_refused():
    with pytest.raises(ValueError, match=r"at least 2\. Got 3 and 4"):
        ranks.spearman(np.ones(3), np.ones(4))
    with pytest.raises(ValueError, match=r"at least 2\. Got 1 and 1"):
        ranks.spearman(np.ones(1), np.ones(1))


# Planted strokes


@settings(deadline=None, max_examples=20)
@given(st.sampled_from(strokes.COUNTS), st.sampled_from(strokes.WAYS), st.integers(0, 999))
def test_pictures_hold_at_most_as_many_pieces_as_strokes_and_touch_no_border(count, way, seed):
    pictures = strokes.draw(count, way, pictures=5, seed=seed)
    np.testing.assert_array_equal(strokes.draw(count, way, pictures=5, seed=seed), pictures)
    assert pictures.shape == (5, strokes.SIDE, strokes.SIDE)
    assert pictures.min() >= 0
    assert pictures.max() <= 1
    inside = pictures[:, 1:-1, 1:-1]
    assert inside.sum() == pytest.approx(pictures.sum())
    for picture in pictures:
        pieces = np.empty(picture.shape, dtype=np.int64)
        ndimage.label(picture >= 0.5, structure=np.ones((3, 3)), output=pieces)
        assert 1 <= pieces.max() <= count


def test_ink_grows_with_strokes_of_one_length_and_stays_where_it_should():
    ink, size = np.array([
        [
            [measure(strokes.draw(count, way, pictures=60)).mean() for count in strokes.COUNTS]
            for way in strokes.WAYS
        ]
        for measure in (information.ink, information.compressed_bytes)
    ])  # fmt: skip
    assert ink[0, -1] > 5 * ink[0, 0]
    assert np.ptp(ink[1]) < 0.06 * ink[1].mean()
    assert (np.diff(size) > 0).all()  # each stroke is something more to say, in both ways


def test_strokes_that_cannot_be_drawn_are_refused():
    with pytest.raises(ValueError, match=r"must be 1 to 8\. Got 0"):
        strokes.draw(0, strokes.WAYS[0], pictures=1)
    with pytest.raises(ValueError, match="one of 8 pixels each, as much ink in all"):
        strokes.draw(1, "circles", pictures=1)
    with pytest.raises(ValueError, match=r"at least 1 of the `pictures`\. Got 0"):
        strokes.draw(1, strokes.WAYS[0], pictures=0)
