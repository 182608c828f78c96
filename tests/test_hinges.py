"""Functions of hinges: through given points, evenly spaced, at best, and found by networks."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from relubook import hinge_networks, hinges
from relubook.hinges import GRID, Hinges
from relubook.networks import MLP

SINE, STEP = np.sin(np.pi * GRID), np.where(GRID < 0, -0.8, 0.8)
HEIGHTS = st.floats(-5, 5, allow_subnormal=False)


@st.composite
def points(draw):
    """Two to twelve points, from left to right."""
    number = draw(st.integers(2, 12))
    gaps = draw(arrays.arrays(float, number, elements=st.floats(0.05, 3)))
    return np.cumsum(gaps) - 4, draw(arrays.arrays(float, number, elements=HEIGHTS))


@given(points())
def test_a_line_of_n_hinges_passes_through_n_plus_one_points(given_points):
    x, y = given_points
    line = hinges.through(x, y)
    assert len(line) == len(x) - 1
    np.testing.assert_allclose(line(x), y, rtol=1e-9, atol=1e-6)


@given(points())
def test_between_two_points_the_line_is_straight(given_points):
    x, y = given_points
    middle = hinges.through(x, y)((x[1:] + x[:-1]) / 2)
    np.testing.assert_allclose(middle, (y[1:] + y[:-1]) / 2, rtol=1e-9, atol=1e-6)


def test_the_first_hinge_stands_at_the_left_edge_and_gives_the_first_slope():
    line = hinges.through(np.array([-1.0, 0.5, 1.0]), np.array([1.0, 4.0, 2.0]))
    assert (line.start, line.slope, line.places[0], line.bends[0]) == (1.0, 0.0, -1.0, 2.0)
    assert line(np.array([-2.0])) == [1.0]  # flat before it


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([0.0], [1.0], r"at least 2 points\. Got 1"),
        ([], [], r"at least 2 points\. Got 0"),
        ([0.0, 2.0, 1.0], [0.0] * 3, r"must rise .* Got 1\.0 after 2\.0, at point 2"),
        ([0.0, 1.0, 1.0], [0.0] * 3, r"none twice\. Got 1\.0 twice, at point 2"),
        ([0.0, np.nan], [0.0, 1.0], r"Each `x` must be finite\. Got nan at point 1"),
        ([0.0, 1.0], [np.inf, 1.0], r"Each `y` must be finite\. Got inf at point 0"),
        ([0.0, 1.0], [0.0, 1.0, 2.0], r"must be as many\. Got shapes \(2,\) and \(3,\)"),
    ],
)
def test_points_without_a_line_are_told_so(x, y, words):
    with pytest.raises((ValueError, TypeError), match=words):
        unchecked(hinges.through)(np.array(x), np.array(y))


def unchecked(function):
    """A function as users have it: without the shape checks of these tests."""
    return getattr(function, "__wrapped__", function)


@settings(max_examples=40)
@given(arrays.arrays(float, 9, elements=HEIGHTS), st.integers(1, 8))
def test_the_best_line_is_that_of_a_search_through_all_choices(target, count):
    x = np.linspace(-1, 1, len(target))
    inner = itertools.combinations(range(1, len(target) - 1), count - 1)
    choices = [np.array([0, *chosen, len(target) - 1]) for chosen in inner]
    least = min(np.mean((np.interp(x, x[c], target[c]) - target) ** 2) for c in choices)
    found = hinges.best(target, count)
    assert len(found) == count
    assert hinges.root_mean_square(found, target) == pytest.approx(least**0.5, abs=1e-6)


@settings(max_examples=25)
@given(arrays.arrays(float, 201, elements=HEIGHTS), st.integers(1, 64))
def test_the_best_line_is_never_farther_than_the_even_one(target, count):
    best, even = (
        hinges.root_mean_square(line(target, count), target) for line in (hinges.best, hinges.even)
    )
    assert best <= even + 1e-6


@pytest.mark.parametrize("target", [SINE, STEP], ids=["sine", "step"])
@pytest.mark.parametrize("line", [hinges.even, hinges.best])
def test_every_point_of_the_grid_can_have_a_hinge_and_then_nothing_is_missing(line, target):
    assert hinges.root_mean_square(line(target, 200), target) < 1e-12


def test_three_well_placed_hinges_make_a_step_of_one_grid_cell():
    line = hinges.best(STEP, 3)
    assert hinges.root_mean_square(line, STEP) < 1e-12
    assert np.abs(line.bends).max() == pytest.approx(160)


@pytest.mark.parametrize("count", [8, 16, 32])
def test_twice_the_even_hinges_have_a_quarter_of_the_error_on_a_sine(count):
    less, more = (hinges.root_mean_square(hinges.even(SINE, n), SINE) for n in (count, 2 * count))
    assert less / more == pytest.approx(4, rel=0.05)


def test_the_error_of_even_hinges_is_that_of_the_theory():
    """Root mean square of the second derivative, times h² / sqrt(120)."""
    expected = np.pi**2 / 2**0.5 * (2 / 40) ** 2 / 120**0.5
    error = hinges.root_mean_square(hinges.even(SINE, 40), SINE)
    assert error == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("line", [hinges.even, hinges.best])
@pytest.mark.parametrize("count", [0, -3, 201])
def test_a_number_of_hinges_that_the_grid_has_no_place_for_is_told_so(line, count):
    with pytest.raises(ValueError, match=rf"within 1 to 200 for .* 201 points\. Got {count}"):
        line(SINE, count)


# A pair and its threshold

SPECIAL = [0.0, -0.0, 1e-45, -1e-45, 1e-38, 3e38, -3e38, np.inf, -np.inf, 1.0, -1.0]


@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1), st.sampled_from([32, 64]))
def test_a_pair_rebuilds_its_input_and_its_size_without_rounding(numbers, bits):
    x = torch.tensor([*numbers, *SPECIAL], dtype=getattr(torch, f"float{bits}"))
    above, below = hinges.pair(x)
    assert torch.equal(above - below, x)
    assert torch.equal(above + below, x.abs())
    assert ((above == 0) | (below == 0)).all()


def test_a_pair_tells_nothing_about_what_is_not_a_number():
    above, below = hinges.pair(torch.tensor([torch.nan]))
    assert (above - below).isnan().all()


@given(st.lists(st.floats(-100, 100), min_size=1), st.floats(0, 50))
def test_the_soft_threshold_is_sign_times_what_exceeds_it(numbers, threshold):
    x = torch.tensor(numbers, dtype=torch.float64)
    expected = x.sign() * (x.abs() - threshold).clamp(min=0)
    torch.testing.assert_close(hinges.soft_threshold(x, threshold), expected)


def test_a_soft_threshold_of_zero_is_the_identity():
    x = torch.tensor(SPECIAL)
    assert torch.equal(hinges.soft_threshold(x, 0.0), x)


@pytest.mark.parametrize("threshold", [-0.1, float("nan")])
def test_a_threshold_below_zero_is_told_so(threshold):
    with pytest.raises(ValueError, match=rf"`threshold` must be at least 0\. Got {threshold}"):
        hinges.soft_threshold(torch.zeros(3), threshold)


# Networks


@settings(max_examples=25)
@given(st.integers(1, 20), st.integers(0, 1000))
def test_a_network_is_the_function_of_its_hinges(count, seed):
    network = MLP((1, count, 1), seeds=[seed, seed + 1], dtype=torch.float64)
    generator = torch.Generator().manual_seed(seed)
    for layer in network.stacked_layers():
        layer.bias.data = torch.randn(layer.bias.shape, generator=generator, dtype=torch.float64)
    network.stacked_layers()[0].weight.data[0, 0, 0] = 0.0  # a rectifier that does not look at x
    x = torch.linspace(-3, 3, 50, dtype=torch.float64)
    outputs = network(x.view(1, -1, 1).expand(2, -1, -1))[..., 0].detach().numpy()
    for found, expected in zip(hinge_networks.functions(network), outputs, strict=True):
        np.testing.assert_allclose(found(x.numpy()), expected, atol=1e-9)
        assert (np.diff(found.places) >= 0).all()


def test_hinges_begin_spread_out_or_in_one_place():
    spread, together = (
        hinge_networks.functions(begin(400, [0, 1]))
        for begin in (hinge_networks.spread, hinge_networks.together)
    )
    for function in spread:
        assert np.abs(function.places).max() <= 1 + 1e-6
        np.testing.assert_allclose(np.histogram(function.places, 4, (-1, 1))[0], 100, atol=35)
        assert np.abs(function(GRID)).max() < 0.2
    assert not np.array_equal(spread[0].places, spread[1].places)
    assert all((function.places == 0).all() for function in together)


def test_hinges_trained_together_are_those_trained_alone():
    targets = np.stack([SINE, STEP, SINE])
    three = hinge_networks.fit(hinge_networks.spread(6, [3, 4, 5]), targets, steps=60)
    for place, seed in enumerate((3, 4, 5)):
        own = targets[place : place + 1]
        alone = hinge_networks.fit(hinge_networks.spread(6, [seed]), own, steps=60)
        np.testing.assert_allclose(alone.error[:, 0], three.error[:, place], rtol=1e-4)
        one, among = alone.functions[0](GRID), three.functions[place](GRID)
        np.testing.assert_allclose(one, among, atol=1e-4)


def test_training_comes_closer_and_says_how_close():
    fit = hinge_networks.fit(hinge_networks.spread(8, range(5)), np.tile(SINE, (5, 1)), steps=300)
    assert fit.error.shape == (301, 5)
    assert np.median(fit.error[-1]) < 0.2 < 0.5 < np.median(fit.error[0])
    for function, error in zip(fit.functions, fit.error[-1], strict=True):
        assert isinstance(function, Hinges)
        assert hinges.root_mean_square(function, SINE) == pytest.approx(error, abs=1e-5)


def test_training_reports_and_stops_when_asked():
    calls: list[tuple[int, int, str]] = []
    fit = hinge_networks.fit(
        hinge_networks.spread(2, [0]),
        SINE[None],
        steps=1000,
        progress=lambda *call: calls.append(call),
        stop=lambda: len(calls) == 2,
    )
    assert calls == [(100, 1000, "step 100"), (200, 1000, "step 200")]
    assert len(fit.error) == 201


@pytest.mark.parametrize(
    "network",
    [
        MLP((2, 3, 1)),
        MLP((1, 3, 2)),
        MLP((1, 1)),
        MLP((1, 3, 3, 1)),
        MLP((1, 3, 1), activation="tanh"),
        MLP((1, 3, 1), sign_trick=True),
    ],
    ids=lambda network: f"{network.sizes} {network.activation.name} {network.sign_trick}",
)
def test_networks_of_another_form_are_told_so(network):
    with pytest.raises(ValueError, match="1 input, 1 hidden layer of rectifiers and 1 output"):
        hinge_networks.functions(network)
    with pytest.raises(ValueError, match="Hinges are networks of"):
        hinge_networks.fit(network, SINE[None])


def test_every_network_needs_a_target():
    with pytest.raises(ValueError, match=r"one target per model\. Got 1 for 2 models"):
        hinge_networks.fit(hinge_networks.spread(3, [0, 1]), SINE[None])


def test_the_number_of_points_of_a_target_is_free():
    coarse = np.sin(np.pi * np.linspace(-1, 1, 21))
    assert hinges.root_mean_square(hinges.even(coarse, 20), coarse) < 1e-12
