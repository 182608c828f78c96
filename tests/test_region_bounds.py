"""How many regions there can be: the bounds against each other and against networks that exist."""

import itertools

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from relubook.networks import MLP
from relubook.region_bounds import constructed, expected, most
from relubook.regions import Window, find

SIZES = st.lists(st.integers(1, 9), min_size=2, max_size=6)


@given(SIZES)
def test_what_can_be_constructed_is_no_more_than_the_most(sizes):
    assert 1 <= constructed(sizes) <= most(sizes)


@given(SIZES)
def test_no_more_regions_than_sets_of_units(sizes):
    assert most(sizes) <= 2 ** sum(sizes[1:-1])


@given(st.integers(1, 6), st.integers(1, 12))
def test_for_one_layer_both_are_the_parts_that_hyperplanes_cut(inputs, units):
    """Schläfli's recursion: one more hyperplane adds the parts into which the others cut it."""

    def parts(hyperplanes, dimensions):
        if hyperplanes == 0 or dimensions == 0:
            return 1
        return parts(hyperplanes - 1, dimensions) + parts(hyperplanes - 1, dimensions - 1)

    assert most((inputs, units, 3)) == constructed((inputs, units, 3)) == parts(units, inputs)


@pytest.mark.parametrize("last", [3, 5])
@pytest.mark.parametrize("first", [4, 5, 6, 8])
def test_a_network_that_folds_its_square_has_as_many_regions_as_promised(first, last):
    regions = find(folding(first, last), Window(0, 1, 0, 1))
    assert len(regions) == constructed((2, first, last, 1))


@pytest.mark.parametrize("depth", [2, 3])
def test_folding_twice_multiplies(depth):
    regions = find(folding(*[4] * depth, 3), Window(0, 1, 0, 1))
    assert len(regions) == constructed((2, *[4] * depth, 3, 1)) == 4**depth * 7


def folding(*hidden):
    """Each layer folds both inputs of the unit square upon themselves; the last one cuts it."""
    *folds, last = hidden
    sizes = (2, *hidden, 1)
    network = MLP(sizes, models=1, dtype=torch.float64)
    layers = network.stacked_layers()
    before = torch.eye(2, dtype=torch.float64)  # from the units of the layer before to u and v
    for units, layer in zip(folds, layers[:-2], strict=True):
        times = units // 2
        weight, bias = torch.zeros(2, units).double(), torch.zeros(units).double()
        after = torch.zeros(units, 2).double()
        for axis, k in itertools.product(range(2), range(times)):
            unit = axis * times + k
            weight[axis, unit], bias[unit] = times, -k
            after[unit, axis] = 1 if k == 0 else 2 * (-1) ** k
        layer.weight.data[0], layer.bias.data[0, 0] = before @ weight, bias
        before = after
    angles = torch.linspace(0.3, 2.9, last, dtype=torch.float64)
    normals = torch.stack([angles.cos(), angles.sin()])
    layers[-2].weight.data[0] = before @ normals
    layers[-2].bias.data[0, 0] = -0.5 * normals.sum(0) - 0.05
    return network


@pytest.mark.parametrize(
    ("sizes", "number"),
    [((2, 3, 1), 7), ((1, 5, 1), 6), ((3, 2, 1), 4), ((2, 4, 4, 1), 121), ((9, 1, 8, 1), 18)],
)
def test_the_most_of_small_networks(sizes, number):
    assert most(sizes) == number


@pytest.mark.parametrize(
    ("sizes", "number"), [((2, 4, 4, 1), 44), ((2, 3), 1), ((1, 2, 2, 2, 1), 12), ((5, 1, 4, 1), 5)]
)
def test_what_can_be_constructed_of_small_networks(sizes, number):
    assert constructed(sizes) == number


def test_expected_are_about_neurons_to_the_power_of_inputs():
    assert expected(96, 2) == 4608
    assert expected(10, 1) == 10
    assert expected(0, 3) == 0


@pytest.mark.parametrize("bound", [most, constructed])
@pytest.mark.parametrize("sizes", [(), (2,), (2, 0, 1), (-1, 3, 1)])
def test_sizes_that_make_no_network_are_refused(bound, sizes):
    with pytest.raises(ValueError, match="must be inputs, hidden layers and outputs"):
        bound(sizes)


def test_no_inputs_or_fewer_than_no_neurons_are_refused():
    with pytest.raises(ValueError, match=r"At least 1 input and 0 neurons .* Got 0 and 5"):
        expected(5, 0)
    with pytest.raises(ValueError, match=r"Got 2 and -1"):
        expected(-1, 2)
