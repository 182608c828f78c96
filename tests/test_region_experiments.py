"""Counts of regions, and the linear model around an input: each beside another way to get it."""

import functools
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from relubook import experiments, region_lines, regions
from relubook.experiments import linear_models, region_counts
from relubook.experiments.local_linearity_values import RECTIFIER
from relubook.experiments.quartet import UNITS
from relubook.experiments.random_networks import he_normal
from relubook.experiments.region_counts_values import exponents
from relubook.networks import MLP
from relubook.patterns import active

SOME = settings(max_examples=25, deadline=None)
SEEDS = st.integers(0, 10_000)


@functools.cache
def smoke(name):
    """The record of a small run, made once for all tests of this file."""
    return experiments.reproduce(name, scale="smoke")


def drawn(seed, *, sizes=(6, 9, 7, 4), activation="rectifier", sign_trick=False, bias=0.4):
    """A network with biases in float64, inputs and directions."""
    generator = torch.Generator().manual_seed(seed)
    network = MLP(
        sizes, seeds=[seed, seed + 1], activation=activation, sign_trick=sign_trick,
        dtype=torch.float64,
    )  # fmt: skip
    for layer in network.stacked_layers():
        layer.bias.data = bias * torch.randn(
            layer.bias.shape, generator=generator, dtype=torch.float64
        )
    x, direction = torch.randn(2, 2, 5, sizes[0], generator=generator, dtype=torch.float64)
    return network, x, direction


# Random networks


def test_normal_weights_have_the_variance_of_he_and_biases_their_own():
    network = he_normal((40, 200, 10), [0, 1], bias=0.3, dtype=torch.float64)
    first = network.stacked_layers()[0]
    assert float(first.weight.detach().var()) == pytest.approx(2 / 40, rel=0.05)
    assert float(first.bias.detach().std()) == pytest.approx(0.3, rel=0.1)
    assert not torch.equal(first.weight[0], first.weight[1])


def test_a_seed_gives_the_same_network_alone_and_among_others():
    many, alone = he_normal((3, 5, 2), [4, 7, 4]), he_normal((3, 5, 2), [7])
    for one, other in zip(many.parameters(), alone.parameters(), strict=True):
        assert torch.equal(one[1], other[0])
        assert torch.equal(one[0], one[2])


# Counts


def test_pieces_on_lines_are_those_of_a_fine_grid():
    network = he_normal(region_counts.shape_of(2, 8), [3], dtype=torch.float64)
    counted = region_counts.pieces_on_lines(2, 8, (3,), 1)
    generator = region_counts.random.stream(3, "lines")
    angle = 2 * math.pi * float(torch.rand(1, generator=generator, dtype=torch.float64))
    along = torch.linspace(-1, 1, 400_001, dtype=torch.float64)[:, None] * 3 * math.sqrt(2)
    units = active(network, along * torch.tensor([[math.cos(angle), math.sin(angle)]]))[0]
    assert int(counted[0, 0]) == 1 + int((units[1:] != units[:-1]).any(1).sum())


def test_lines_of_a_seed_do_not_depend_on_other_seeds():
    together = region_counts.pieces_on_lines(3, 12, (0, 5), 4)
    np.testing.assert_array_equal(together[1:], region_counts.pieces_on_lines(3, 12, (5,), 4))


def test_units_that_do_not_fill_the_layers_are_refused():
    with pytest.raises(ValueError, match=r"multiple of the depth\. Got 25 and 6"):
        region_counts.shape_of(6, 25)


@SOME
@given(st.floats(0.2, 3.0), st.floats(0.1, 50.0))
def test_the_power_of_a_power_law_is_found(power, factor):
    neurons = np.array([24, 48, 96, 384])
    pieces = factor * neurons.astype(float) ** power
    rows = np.broadcast_to(pieces[None, :, None, None], (2, 4, 3, 5))
    np.testing.assert_allclose(exponents(neurons, rows), power, rtol=1e-9)


def test_without_biases_a_layer_makes_two_regions_a_unit():
    network = he_normal(region_counts.shape_of(1, 10), [0, 1, 2], bias=0.0)
    counts = [len(regions.find(network, region_counts.WINDOW, model=m)) for m in range(3)]
    assert counts == [20, 20, 20]


def test_counted_regions_stay_under_the_bound_and_reach_part_of_it():
    arrays = smoke("region-counts").arrays
    assert (arrays["regions"] <= arrays["most"][..., None]).all()
    assert (arrays["constructed"] <= arrays["most"]).all()
    assert (arrays["regions"] > arrays["plane_neurons"][:, None]).all()


def test_no_more_digits_have_a_pattern_of_their_own_than_patterns_differ():
    arrays = smoke("region-counts").arrays
    assert (arrays["own"] <= arrays["different"]).all()
    assert (arrays["different"] <= 1).all()


# The linear model around an input


@pytest.mark.parametrize("activation", UNITS)
@pytest.mark.parametrize("sign_trick", [False, True])
def test_the_predicted_change_is_the_jacobian_times_the_direction(activation, sign_trick):
    network, x, direction = drawn(3, activation=activation, sign_trick=sign_trick)
    found = linear_models.tangent(network, x, direction)
    _, change = torch.autograd.functional.jvp(network, x, direction)
    torch.testing.assert_close(found.change, change, rtol=1e-12, atol=1e-12)
    torch.testing.assert_close(found.outputs, network(x), rtol=1e-12, atol=1e-12)


@SOME
@given(SEEDS, st.booleans())
def test_until_the_first_flip_the_model_is_exact_and_behind_it_units_differ(seed, sign_trick):
    network, x, direction = drawn(seed, sign_trick=sign_trick)
    here = linear_models.tangent(network, x, direction)
    far = linear_models.first_flip(here).clamp(max=1e6)[..., None]
    before, behind = (
        linear_models.tangent(network, x + share * far * direction, far * direction)
        for share in (1 - 1e-6, 1 + 1e-6)
    )
    assert not linear_models.flipped(here, before).any()
    crossed = linear_models.flipped(here, behind).sum(-1)
    assert ((crossed > 0) | (far[..., 0] == 1e6)).all()
    scaled = linear_models.tangent(network, x, far * direction)
    wrong = linear_models.relative_error(scaled, before, 1 - 1e-6)
    assert (wrong.nan_to_num() < 1e-9).all()


@SOME
@given(SEEDS)
def test_the_first_flip_is_the_first_crossing_of_the_line(seed):
    network, x, direction = drawn(seed)
    start = x[:, 0]
    first = linear_models.first_flip(linear_models.tangent(network, x, direction))[:, 0]
    line = region_lines.cross(network, start, start + 20 * direction[:, 0])
    for model in range(2):
        if first[model] < 20:
            assert float(line.places[model, 0]) * 20 == pytest.approx(float(first[model]))
        else:
            assert int(line.count[model]) == 1


def test_a_direction_in_which_no_unit_turns_off_or_on_has_no_first_flip():
    network, x, _ = drawn(0)
    here = linear_models.tangent(network, x, torch.zeros_like(x))
    assert linear_models.first_flip(here).isinf().all()


def test_a_prediction_of_nothing_where_nothing_changes_is_not_a_number():
    network, x, _ = drawn(0)
    here = linear_models.tangent(network, x, torch.zeros_like(x))
    assert linear_models.relative_error(here, here, 1.0).isnan().all()


# What was measured of trained networks


def test_longer_steps_flip_more_units_and_leave_fewer_digits_whole():
    arrays = smoke("local-linearity").arrays
    rectifiers = [RECTIFIER, *range(len(UNITS), len(arrays["l1"]))]
    assert (np.diff(arrays["flips"][rectifiers], axis=1) >= 0).all()
    assert (np.diff(arrays["whole"][rectifiers], axis=1) <= 0).all()
    assert np.nanmax(arrays["kept_error"]) < 1e-8
    assert np.isnan(arrays["kept_error"][1 : len(UNITS)]).all()


def test_smooth_units_are_wrong_in_proportion_to_the_step():
    arrays = smoke("local-linearity").arrays
    few = arrays["steps"] <= 0.01
    for name in ("tanh", "softplus", "logistic"):
        rates = arrays["error"][UNITS.index(name), few] / arrays["steps"][few, None]
        np.testing.assert_allclose(rates, rates[:1].repeat(len(rates), 0), rtol=0.02)


def test_digits_of_one_class_are_nearer_than_digits_of_two():
    arrays = smoke("local-linearity").arrays
    assert (arrays["distance"] > 0).all()
    assert (arrays["pieces"] >= 1).all()
    assert (arrays["reach"] > 0).all()


@pytest.mark.parametrize("name", ["region-counts", "local-linearity", "folding"])
def test_each_drawing_of_regions_has_a_sentence_and_units(name):
    module, result = experiments.get(name), experiments.result(smoke(name))
    drawings = [part for part in dir(module) if part == "draw" or part.startswith("draw_")]
    assert len(drawings) >= 2
    for drawing in drawings:
        assert getattr(module, drawing.replace("draw", "describe"))(result).endswith(".")
        fig = getattr(module, drawing)(result, "digits")
        assert fig.axes[0].get_ylabel().endswith(("(1)", "(%)"))
        assert all(ax.get_xlabel() for ax in fig.axes)
