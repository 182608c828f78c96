"""Estimates agree with scipy, with brute force, and with what an interval promises."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from relubook.claims import statistics

SEEDS = st.integers(0, 2**32 - 1)


def cloud(seed, n):
    generator = np.random.default_rng(seed)
    return np.sort(generator.uniform(70, 99, n)), generator.normal(1.5, 0.3, n)


@settings(deadline=None)
@given(SEEDS, st.integers(2, 40))
def test_a_mean_has_the_interval_of_students_t(seed, n):
    _, y = cloud(seed, n)
    found = statistics.mean(y)
    expected = stats.t.interval(0.95, n - 1, loc=y.mean(), scale=stats.sem(y))
    assert (found.low, found.high) == pytest.approx(expected)


@settings(deadline=None)
@given(SEEDS, st.integers(4, 40))
def test_a_slope_has_the_interval_of_linear_regression(seed, n):
    x, y = cloud(seed, n)
    found, line = statistics.slope(x, y), stats.linregress(x, y)
    reach = stats.t.ppf(0.975, n - 2) * line.stderr
    assert found.value == pytest.approx(line.slope)
    assert (found.low, found.high) == pytest.approx((line.slope - reach, line.slope + reach))


def brute_force(x, y, *, flat):
    """The least squared error over the same bends, by solving each least-squares problem."""
    errors = []
    for bend in statistics._bends(x):
        columns = [np.ones_like(x), np.maximum(x - bend, 0)] + ([] if flat else [x])
        design = np.column_stack(columns)
        errors.append(np.square(y - design @ np.linalg.lstsq(design, y)[0]).sum())
    return min(errors)


@settings(deadline=None)
@given(SEEDS, st.integers(8, 30), st.booleans())
def test_a_hinge_is_as_good_as_the_best_of_all_bends_tried(seed, n, flat):
    x, y = cloud(seed, n)
    found = statistics.hinge(x, y, flat=flat)
    drawn = found.level + np.where(
        x < found.bend, found.before * (x - found.bend), found.after * (x - found.bend)
    )
    assert np.square(y - drawn).sum() == pytest.approx(brute_force(x, y, flat=flat), rel=1e-6)


@settings(deadline=None)
@given(SEEDS, st.floats(76, 94), st.floats(0.02, 0.2), st.floats(-0.05, 0.05), st.integers(40, 100))
def test_a_line_that_bends_without_noise_is_found(seed, bend, rise, before, n):
    x, _ = cloud(seed, n)
    assume(5 < (x < bend).sum() < n - 5)
    y = 1.4 + before * (x - bend) + rise * np.maximum(x - bend, 0)
    found = statistics.hinge(x, y, flat=False)
    assert found.bend == pytest.approx(bend, abs=2.5)
    assert (found.before, found.after) == pytest.approx((before, before + rise), abs=0.1 * rise)


@settings(deadline=None)
@given(SEEDS, st.floats(-1, 1), st.floats(-10, 10))
def test_adding_a_line_moves_no_bend_of_a_free_hinge(seed, slope, offset):
    x, y = cloud(seed, 30)
    y = y + 0.2 * np.maximum(x - 88, 0)
    one, other = (
        statistics.hinge(x, y, flat=False),
        statistics.hinge(x, y + offset + slope * x, flat=False),
    )
    assert other.bend == pytest.approx(one.bend, abs=0.5)


def test_the_bend_of_the_whole_data_is_that_of_the_hinge():
    x, y = cloud(3, 40)
    y = y + 0.2 * np.maximum(x - 88, 0)
    assert statistics.bend(x, y).value == statistics.hinge(x, y).bend


def test_intervals_of_slopes_contain_the_truth_in_19_of_20_repetitions():
    found = [statistics.slope(*cloud(seed, 12)) for seed in range(1000)]
    assert 0.93 < np.mean([one.low <= 0 <= one.high for one in found]) < 0.97


def test_a_visible_difference_is_seen_in_four_of_five_repetitions():
    true = np.mean([statistics.mean(cloud(seed, 10)[1]).visible for seed in range(400)])
    seen = [statistics.mean(cloud(seed, 10)[1] + true - 1.5).low > 0 for seed in range(1000)]
    assert 0.72 < np.mean(seen) < 0.9


def test_a_ratio_of_means_and_its_interval_scale_with_the_numerator():
    below, above = cloud(1, 20)[1], cloud(2, 15)[1]
    one, twice = (
        statistics.ratio_of_means(above, below),
        statistics.ratio_of_means(2 * above, below),
    )
    assert one.value == pytest.approx(above.mean() / below.mean())
    assert one.low < one.value < one.high
    assert (twice.low, twice.high) == pytest.approx((2 * one.low, 2 * one.high))


def test_bootstraps_are_the_same_at_every_run():
    x, y = cloud(5, 30)
    assert statistics.bend(x, y) == statistics.bend(x, y)
    assert statistics.ratio_of_means(x, y) == statistics.ratio_of_means(x, y)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_too_little_to_estimate_from_gives_nan_and_not_a_number(n):
    x, y = np.full(n, 80.0), np.full(n, 1.4)
    for found in (statistics.mean(y[:1]), statistics.slope(x, y), statistics.bend(x, y)):
        assert np.isnan([found.value, found.low, found.high]).all()
    assert np.isnan(statistics.ratio_of_means(y[:1], y).value)


def test_networks_all_at_one_place_have_no_slope_and_no_bend():
    x, y = np.full(20, 80.0), cloud(1, 20)[1]
    assert np.isnan(statistics.slope(x, y).value)
    assert np.isnan(statistics.bend(x, y).value)


def test_a_hinge_of_three_networks_is_refused():
    with pytest.raises(ValueError, match=r"at least 4 networks\. Got 3"):
        statistics.hinge(*cloud(1, 3))


def test_shares_are_compared_with_the_pooled_z():
    assert statistics.difference_z(0.0157, 0.0116, n=10_000) == pytest.approx(2.50, abs=0.01)
    assert statistics.difference_z(0.3, 0.3, n=10) == 0
