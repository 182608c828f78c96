"""Linear regions fill the window, the network is affine in each, and none is missed."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from region_networks import CASES, DRAWN_CASES, SEEDS, built, drawn, in_fractions, of, whole

from relubook.networks import MLP
from relubook.patterns import active
from relubook.region_bounds import most
from relubook.regions import Plane, Window, find

WINDOW = Window(-3, 3, -2.5, 3.5)
SQUARE = Window(-1, 1, -1, 1)
SOME = settings(max_examples=40)


def centers(regions):
    return np.array([regions.polygon(i).mean(0) for i in range(len(regions))])


def inside(regions, seed=0):
    """A random place in each region, weighted towards no corner."""
    generator = np.random.default_rng(seed)
    shares = [generator.dirichlet(np.ones(n)) for n in np.diff(regions.starts)]
    return np.array([share @ regions.polygon(i) for i, share in enumerate(shares)])


@SOME
@given(CASES)
def test_regions_fill_the_window_and_are_convex(case):
    network = built(case)
    regions = find(network, WINDOW)
    areas = regions.areas()
    assert areas.min() > 0
    assert areas.sum() == pytest.approx(WINDOW.area, rel=1e-9)
    for i in range(len(regions)):
        along = np.roll(regions.polygon(i), -1, axis=0) - regions.polygon(i)
        turn = along[:, 0] * np.roll(along[:, 1], -1) - along[:, 1] * np.roll(along[:, 0], -1)
        assert turn.min() > -1e-9


@SOME
@given(CASES)
def test_in_each_region_the_network_is_the_affine_map_that_is_stated(case):
    network = built(case)
    regions = find(network, WINDOW)
    places = inside(regions)
    stated = np.einsum("ru,ruo->ro", places, regions.weight) + regions.bias
    computed = network(torch.from_numpy(places)[None])[0].detach().numpy()
    scale = max(1.0, np.abs(computed).max())
    assert np.abs(stated - computed).max() < 1e-10 * scale


def test_each_of_very_many_regions_has_its_own_map():
    network = drawn((2, 20, 20, 2), 1)
    regions = find(network, WINDOW)
    places = inside(regions)
    stated = np.einsum("ru,ruo->ro", places, regions.weight) + regions.bias
    computed = network(torch.from_numpy(places)[None])[0].detach().numpy()
    assert len(regions) > 600
    np.testing.assert_allclose(stated, computed, atol=1e-10)


@SOME
@given(CASES)
def test_no_two_regions_have_the_same_active_units(case):
    network = built(case)
    regions = find(network, WINDOW)
    assert len(np.unique(regions.active, axis=0)) == len(regions)
    assert len(regions) <= most(network.sizes)


@SOME
@given(DRAWN_CASES)
def test_the_active_units_are_those_of_the_network_itself(case):
    network = built(case)
    regions = find(network, WINDOW)
    large = regions.areas() > 1e-6
    places = torch.from_numpy(centers(regions)[large])
    assert np.array_equal(active(network, places)[0].numpy(), regions.active[large])


@SOME
@given(SEEDS, st.lists(st.integers(1, 4), min_size=1, max_size=2))
def test_whole_weights_give_the_regions_found_in_fractions(seed, hidden):
    network = whole((2, *hidden, 1), seed)
    regions = find(network, Window(-2, 3, -3, 2))
    found = zip(map(tuple, regions.active.tolist()), regions.areas(), strict=True)
    exact = in_fractions(network, -2, 3, -3, 2)
    assert [units for units, _ in sorted(found)] == [units for units, _ in exact]
    order = np.lexsort(regions.active.T[::-1])
    np.testing.assert_allclose(regions.areas()[order], [float(a) for _, a in exact], rtol=1e-9)


def test_a_deep_network_has_the_regions_found_in_fractions():
    network = drawn((2, 5, 5, 5, 1), 3)
    regions, exact = find(network, WINDOW), in_fractions(network, -3, 3, -2.5, 3.5)
    assert len(regions) == len(exact) > 40
    order = np.lexsort(regions.active.T[::-1])
    assert regions.active[order].tolist() == [list(units) for units, _ in exact]
    np.testing.assert_allclose(regions.areas()[order], [float(a) for _, a in exact], rtol=1e-8)


@SOME
@given(SEEDS, st.lists(st.integers(1, 7), min_size=1, max_size=3))
def test_neighbors_differ_in_exactly_one_unit(seed, hidden):
    regions = find(drawn((2, *hidden, 1), seed), WINDOW)
    one, other = regions.neighbors().T
    assert (one < other).all()
    assert ((regions.active[one] != regions.active[other]).sum(1) == 1).all()


@SOME
@given(CASES)
def test_across_an_edge_lies_the_neighbor(case):
    network = built(case)
    regions = find(network, WINDOW)
    pairs, seen = {tuple(pair) for pair in regions.neighbors().tolist()}, set()
    for i in range(len(regions)):
        corners, following = regions.polygon(i), np.roll(regions.polygon(i), -1, axis=0)
        along = following - corners
        length = np.hypot(*along.T)
        outward = np.stack([along[:, 1], -along[:, 0]], axis=1) / np.maximum(length, 1e-9)[:, None]
        beyond = ((corners + following) / 2 + 1e-9 * outward)[length > 1e-5]
        there = regions.at(beyond)
        seen |= {(min(i, j), max(i, j)) for j in there.tolist() if j not in (i, -1)}
        wide = regions.areas()[there] > 1e-4
        assert all((min(i, j), max(i, j)) in pairs for j in there[wide & (there >= 0)] if j != i)
    long = [pair for pair in pairs if shared_length(regions, *pair) > 1e-5]
    assert set(long) <= seen


def shared_length(regions, i, j):
    """The length of the edges that two regions have in common."""
    edges = []
    for region in (i, j):
        part = regions.points[regions.starts[region] : regions.starts[region + 1]]
        ends = zip(part, np.roll(part, -1), strict=True)
        edges.append({frozenset((int(a), int(b))): k for k, (a, b) in enumerate(ends)})
    corners = regions.polygon(i)
    lengths = np.hypot(*(np.roll(corners, -1, axis=0) - corners).T)
    return sum(lengths[edges[0][edge]] for edge in edges[0].keys() & edges[1].keys())


@SOME
@given(DRAWN_CASES, SEEDS)
def test_a_place_is_found_in_the_region_whose_units_are_active_there(case, seed):
    network = built(case)
    regions = find(network, WINDOW)
    places = np.random.default_rng(seed).uniform([-3, -2.5], [3, 3.5], (300, 2))
    assert np.array_equal(regions.at(inside(regions)), np.arange(len(regions)))
    there = active(network, torch.from_numpy(places))[0].numpy()
    assert np.array_equal(regions.active[regions.at(places)], there)


def test_what_counts_as_zero_in_one_layer_is_zero_for_the_next():
    network = built(("no bias", [5, 2, 5], 9510))  # a layer that is dead but for rounding
    regions = find(network, WINDOW)
    large = regions.areas() > 1e-6
    places = torch.from_numpy(centers(regions)[large])
    assert np.array_equal(active(network, places)[0].numpy(), regions.active[large])


def test_there_is_no_region_outside_the_window_nor_at_nan():
    regions = find(drawn((2, 5, 1)), SQUARE)
    places = np.array([[2.0, 0.0], [0.0, -1.1], [np.nan, 0.0], [1.0, 1.0], [-1.0, 0.3]])
    assert (regions.at(places) >= 0).tolist() == [False, False, False, True, True]
    assert regions.at(np.empty((0, 2))).shape == (0,)


@SOME
@given(SEEDS, st.integers(1, 12))
def test_one_layer_that_crosses_inside_has_zaslavskys_number(seed, units):
    """All lines touch the unit circle, so that they cross within a window that is large enough."""
    angles = np.sort(np.random.default_rng(seed).uniform(0, np.pi, units))
    angles += np.arange(units) * 0.1  # at least so much between two directions
    angles *= (np.pi - 0.1) / max(angles[-1], np.pi)
    network = of(
        ([np.cos(angles).tolist(), np.sin(angles).tolist()], [-1.0] * units),
        ([[1.0]] * units, [0.0]),
    )
    regions = find(network, Window(-1000, 1000, -1000, 1000))
    assert len(regions) == 1 + units + units * (units - 1) // 2 == most((2, units, 1))


@SOME
@given(SEEDS)
def test_a_plane_through_more_inputs_shows_the_network_there(seed):
    network = drawn((6, 5, 4, 3), seed, models=2)
    a, b, c = np.random.default_rng(seed).normal(size=(3, 6))
    plane = Plane.through(a, b, c)
    np.testing.assert_allclose(plane(np.array([[0.0, 0], [1, 0], [0, 1]])), [a, b, c], atol=1e-14)
    regions = find(network, WINDOW, model=1, plane=plane)
    places = inside(regions)
    computed = network(torch.from_numpy(plane(places)).expand(2, -1, -1))[1].detach().numpy()
    stated = np.einsum("ru,ruo->ro", places, regions.weight) + regions.bias
    np.testing.assert_allclose(stated, computed, atol=1e-10 * np.abs(computed).max())
    assert regions.areas().sum() == pytest.approx(WINDOW.area, rel=1e-9)


def test_a_plane_goes_through_pictures_given_as_tensors():
    a, b, c = torch.rand(3, 5, generator=torch.Generator().manual_seed(0))
    assert Plane.through(a, b, c).origin.dtype == np.float64
    assert len(find(drawn((5, 4, 2)), SQUARE, plane=Plane.through(a, b, c))) >= 1


def test_the_regions_of_an_edited_picture_are_those_of_a_plane_of_another_scale():
    """Twice the directions and half the window are the same part of the plane."""
    network, (a, b, c) = drawn((6, 8, 8, 2), 5), np.random.default_rng(5).normal(size=(3, 6))
    small = find(network, SQUARE, plane=Plane(a, 2 * b, 2 * c))
    large = find(network, Window(-2, 2, -2, 2), plane=Plane(a, b, c))
    assert len(small) == len(large)
    np.testing.assert_allclose(4 * small.areas(), large.areas(), rtol=1e-6)


def test_float32_weights_are_taken_as_they_are():
    network = MLP((2, 9, 9, 2), models=3, sign_trick=True)
    assert len(find(network, SQUARE, model=2)) == len(find(network.double(), SQUARE, model=2))


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_linear_units_leave_the_window_whole(depth):
    regions = find(drawn((2, *[6] * depth, 2), activation="linear"), WINDOW)
    assert len(regions) == 1
    assert regions.active.all()
    assert regions.neighbors().shape == (0, 2)


def test_a_linear_unit_that_is_zero_everywhere_is_off():
    network = of(
        ([[0.0, 1.0], [0.0, 0.0]], [0.0, 2.0]), ([[1.0], [1.0]], [0.0]), activation="linear"
    )
    assert find(network, SQUARE).active.tolist() == [[False, True]]


def test_without_hidden_layers_there_is_one_region_with_the_layers_own_map():
    regions = find(of(([[1.0], [2.0]], [3.0])), SQUARE)
    assert regions.active.shape == (1, 0)
    assert (regions.weight.tolist(), regions.bias.tolist()) == ([[[1.0], [2.0]]], [[3.0]])
