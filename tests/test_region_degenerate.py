"""Regions where nothing is in general position, and what cannot be looked for."""

import numpy as np
import pytest
import torch
from region_networks import drawn, of

from relubook.networks import MLP
from relubook.region_lines import cross
from relubook.regions import Plane, Window, find

SQUARE = Window(-1, 1, -1, 1)
OUTPUT = ([[1.0], [1.0]], [0.0])


def line(network, start=(-1.0, -0.9), end=(1.0, 0.8)):
    return cross(network, torch.tensor(start), torch.tensor(end)).count.tolist()


def test_two_equal_units_make_one_boundary():
    network = of(([[1.0, 1.0], [0.5, 0.5]], [0.1, 0.1]), OUTPUT)
    regions = find(network, SQUARE)
    assert regions.active.tolist() == [[False, False], [True, True]]
    assert line(network) == [2]


def test_two_units_that_look_at_each_other_make_one_boundary():
    network = of(([[1.0, -1.0], [0.5, -0.5]], [0.1, -0.1]), OUTPUT)
    assert sorted(find(network, SQUARE).active.tolist()) == [[False, True], [True, False]]
    assert line(network) == [2]


def test_units_that_are_equal_but_for_rounding_make_one_boundary():
    third = 1 / 3
    network = of(
        ([[0.1, 0.1 * third * 3], [0.7, 0.7 / 3 / third]], [0.3, 0.1 + 0.2]),
        OUTPUT,
    )
    assert len(find(network, SQUARE)) == 2


@pytest.mark.parametrize(("bias", "on"), [(-5.0, False), (5.0, True)])
def test_units_that_never_switch_leave_the_window_whole(bias, on):
    network = of(([[1.0, -1.0], [1.0, 1.0]], [bias, bias]), OUTPUT)
    regions = find(network, SQUARE)
    assert regions.active.tolist() == [[on, on]]
    assert regions.polygon(0).tolist() == [[-1, -1], [1, -1], [1, 1], [-1, 1]]
    assert line(network) == [1]


def test_a_unit_that_is_zero_everywhere_counts_as_off():
    network = of(([[0.0, 1.0], [0.0, 0.0]], [0.0, 0.0]), OUTPUT)
    assert find(network, SQUARE).active[:, 0].tolist() == [False, False]
    assert line(network) == [2]


def test_where_a_layer_is_silent_the_next_one_is_zero_and_counts_as_off():
    """Left of u = 0 the first unit is off, and the second layer, without biases, is zero."""
    network = of(([[1.0], [0.0]], [0.0]), ([[1.0, -1.0]], [0.0, 0.0]), OUTPUT)
    regions = find(network, SQUARE)
    assert sorted(regions.active.tolist()) == [[False, False, False], [True, True, False]]
    assert line(network) == [2]


def test_terms_that_cancel_leave_a_zero_and_no_boundary_from_rounding():
    first = [[0.3, 0.1, 0.2], [0.7, 0.4, 0.3]]  # the first unit is the sum of the others
    network = of((first, [2.0, 1.1, 0.9]), ([[1.0], [-1.0], [-1.0]], [0.0]), ([[1.0]], [0.0]))
    regions = find(network, SQUARE)
    assert regions.active.tolist() == [[True, True, True, False]]
    assert line(network) == [1]


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_without_biases_all_boundaries_meet_in_one_point(depth):
    regions = find(drawn((2, *[9] * depth, 1), bias=0.0), SQUARE)
    assert regions.areas().min() > 1e-6
    touching = [np.abs(regions.polygon(i)).max(1).min() < 1e-12 for i in range(len(regions))]
    assert all(touching)


def test_boundaries_along_the_sides_of_the_window_or_through_its_corners_cut_nothing_off():
    weight = [[1.0, -1.0, 0.0, 1.0], [0.0, 0.0, 1.0, 1.0]]
    network = of((weight, [-1.0, -1.0, 1.0, 2.0]), ([[1.0]] * 4, [0.0]))
    assert find(network, SQUARE).active.tolist() == [[False, False, True, True]]


def test_a_plane_parallel_to_a_boundary_lies_on_one_side_of_it():
    network = of(([[0.0, 1.0], [0.0, 0.0], [1.0, 0.0]], [0.0, 0.0]), OUTPUT)
    for height, on in ((0.5, True), (-0.5, False), (0.0, False)):
        plane = Plane(np.array([0.0, 0.0, height]), np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
        assert find(network, SQUARE, plane=plane).active[:, 0].tolist() == [on, on]


@pytest.mark.parametrize("step", [1.0, 1e-6])
def test_a_plane_within_a_boundary_is_not_cut_by_rounding(step):
    normal, origin = np.array([0.1, 0.2, -0.3]), np.array([7.0, 1.0, 3.0])
    assert normal @ origin != 0  # by rounding only
    network = of(([[w, 1.0] for w in normal], [0.0, 50.0]), OUTPUT)
    first, second = np.cross(normal, [1, 2, 3]), np.cross(normal, [3, 1, 7])
    regions = find(network, SQUARE, plane=Plane(origin, step * first, step * second))
    assert regions.active.tolist() == [[False, True]]


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1e6])
def test_regions_do_not_depend_on_the_scale_of_the_window(scale):
    network = drawn((2, 7, 7, 1), 4)
    reference = find(network, SQUARE)
    for layer in network.stacked_layers():
        layer.bias.data *= scale
    small = find(network, Window(-scale, scale, -scale, scale))
    assert len(small) == len(reference)
    np.testing.assert_allclose(small.areas() / scale**2, reference.areas(), rtol=1e-6)


@pytest.mark.parametrize(
    "sides", [(0, 0, 0, 1), (0, 1, 1, 1), (1, 0, 0, 1), (0, 1, 0, np.nan), (0, np.inf, 0, 1)]
)
def test_a_window_without_area_is_refused(sides):
    with pytest.raises(ValueError, match=r"left < right and bottom < top\. Got "):
        Window(*sides)


@pytest.mark.parametrize("second", [[2.0, 4.0], [0.0, 0.0], [-1.0, -2.0], [1.0, 2.0 + 1e-12]])
def test_directions_that_make_no_plane_are_refused(second):
    with pytest.raises(ValueError, match="must not be parallel, nor zero"):
        Plane(np.zeros(2), np.array([1.0, 2.0]), np.array(second))


def test_points_that_are_not_finite_make_no_plane():
    with pytest.raises(ValueError, match="of a plane must be finite"):
        Plane.through(np.zeros(2), np.array([1.0, np.nan]), np.ones(2))


def test_directions_of_very_different_length_make_a_plane():
    network = drawn((2, 8, 8, 1), 2)
    plane = Plane(np.zeros(2), np.array([1e-8, 0.0]), np.array([0.0, 1e3]))
    regions = find(network, Window(-1e8, 1e8, -1e-3, 1e-3), plane=plane)
    assert len(regions) == len(find(network, SQUARE))


@pytest.mark.parametrize("activation", ["tanh", "softplus", "softplus(3)", "logistic"])
def test_networks_that_are_not_linear_in_pieces_are_refused(activation):
    network = MLP((2, 3, 1), activation=activation)
    with pytest.raises(ValueError, match=r"Only networks of rectifier or linear units .* Got "):
        find(network, SQUARE)
    with pytest.raises(ValueError, match=r"Only networks of rectifier or linear units .* Got "):
        cross(network, torch.zeros(2), torch.ones(2))


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_weights_that_are_not_finite_are_refused(number):
    network = drawn((2, 3, 1))
    network.stacked_layers()[1].bias.data[0, 0, 0] = number
    with pytest.raises(ValueError, match="weights of a network must be finite"):
        find(network, SQUARE)
    with pytest.raises(ValueError, match="weights of a network must be finite"):
        cross(network, torch.zeros(2), torch.ones(2))


def test_what_does_not_fit_the_network_is_refused():
    network = drawn((3, 4, 1), models=2)
    plane = Plane(np.zeros(2), np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    with pytest.raises(ValueError, match="A network of 3 inputs needs a `plane`"):
        find(network, SQUARE)
    with pytest.raises(ValueError, match=r"must have 3 inputs\. Got 2"):
        find(network, SQUARE, plane=plane)
    with pytest.raises(ValueError, match=r"must be in 0\.\.1\. Got 2"):
        find(network, SQUARE, model=2)
