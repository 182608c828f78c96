"""Linear pieces along lines: every one, in its place, for many networks at once."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from region_networks import CASES, DRAWN_CASES, SEEDS, built, drawn, of, whole

from relubook import sawtooth
from relubook.patterns import active
from relubook.region_bounds import most
from relubook.region_lines import cross
from relubook.regions import Window, find

SOME = settings(max_examples=40)
START, END = torch.tensor([-3.0, -2.5]), torch.tensor([2.9, 3.4])


def along(start, end, share):
    """Inputs on the line, in float64."""
    start, end = start.double(), end.double()
    return start + torch.as_tensor(share)[:, None] * (end - start)


def changes(network, share, start=START, end=END):
    """How often the network's own set of active units changes between neighboring places."""
    units = active(network, along(start, end, share))[0]
    return int((units[1:] != units[:-1]).any(1).sum())


@SOME
@given(CASES)
def test_places_rise_within_the_line_and_are_one_fewer_than_pieces(case):
    line = cross(built(case), START, END)
    assert line.places.dtype == torch.float64
    places = line.places[0].numpy()
    assert int(line.count[0]) == 1 + len(places)
    assert (np.diff(places) > 0).all()
    assert ((places > 0) & (places < 1)).all()


@SOME
@given(DRAWN_CASES)
def test_each_piece_has_one_set_of_active_units_and_the_next_piece_another(case):
    network = built(case)
    ends = np.concatenate([[0.0], cross(network, START, END).places[0].numpy(), [1.0]])
    shares = np.linspace(0.01, 0.99, 50)
    within = ends[:-1, None] + shares * np.diff(ends)[:, None]
    units = active(network, along(START, END, within.reshape(-1)))[0].numpy()
    units = units.reshape(len(within), len(shares), -1)[np.diff(ends) > 1e-9]
    assert (units == units[:, :1]).all()
    assert (units[1:, 0] != units[:-1, 0]).any(1).all()


@pytest.mark.parametrize("hidden", [(12,), (6, 6), (4, 4, 4)])
@pytest.mark.parametrize("seed", range(3))
def test_a_fine_grid_counts_the_same_pieces(hidden, seed):
    network = drawn((2, *hidden, 1), seed)
    count = int(cross(network, START, END).count[0])
    assert count == 1 + changes(network, np.linspace(0, 1, 200_001))
    assert count > 5


@SOME
@given(SEEDS)
def test_the_network_is_straight_between_places(seed):
    network = drawn((5, 8, 8, 3), seed)
    a, b = torch.randn(2, 5, generator=torch.Generator().manual_seed(seed))
    places = cross(network, 2 * a, 2 * b).places[0].numpy()
    ends = np.concatenate([[0.0], places, [1.0]])
    thirds = ends[:-1, None] + np.array([1, 2, 3]) / 4 * np.diff(ends)[:, None]
    y = network(along(2 * a, 2 * b, thirds.reshape(-1))[None])[0].detach()
    y = y.reshape(len(thirds), 3, -1).numpy()
    assert np.abs(y[:, 0] + y[:, 2] - 2 * y[:, 1]).max() < 1e-10 * np.abs(y).max()


@SOME
@given(SEEDS, st.lists(st.integers(1, 7), min_size=1, max_size=3))
def test_a_line_meets_as_many_pieces_as_regions_of_the_plane(seed, hidden):
    network = drawn((2, *hidden, 1), seed)
    regions = find(network, Window(-3, 3, -3, 4))
    line = cross(network, START, END)
    ends = np.concatenate([[0.0], line.places[0].numpy(), [1.0]])
    middles = along(START, END, (ends[1:] + ends[:-1]) / 2).numpy()
    met = regions.at(middles)
    assert len(set(met.tolist())) == len(met) == int(line.count[0])
    pairs = {tuple(pair) for pair in regions.neighbors().tolist()}
    assert all((min(p), max(p)) in pairs for p in zip(met[1:], met[:-1], strict=True))


@settings(max_examples=15)
@given(SEEDS, st.integers(1, 6))
def test_networks_together_have_the_pieces_they_have_alone(seed, models):
    network = drawn((3, 6, 6, 2), seed, models=models, sign_trick=seed % 2 == 1)
    ends = torch.randn(2, models, 3, generator=torch.Generator().manual_seed(seed))
    together = cross(network, 2 * ends[0], 2 * ends[1])
    for model, (places, count) in enumerate(zip(together.places, together.count, strict=True)):
        alone = cross(network.view(slice(model, model + 1)), 2 * ends[0, model], 2 * ends[1, model])
        assert int(alone.count[0]) == int(count)
        torch.testing.assert_close(places[: count - 1], alone.places[0], rtol=0, atol=1e-12)
        assert places[count - 1 :].isnan().all()


def test_many_wide_networks_are_worked_on_in_portions_that_fit_together():
    network = drawn((2, 300, 300, 1), 1, models=12)
    together = cross(network, START, END)
    last = cross(network.view(slice(11, 12)), START, END)
    assert together.places.shape == (12, int(together.count.max()) - 1)
    assert int(together.count[11]) == int(last.count[0])


@SOME
@given(SEEDS)
def test_backwards_there_are_the_same_places(seed):
    network = whole((2, 4, 4, 1), seed)
    forth, back = cross(network, START, END), cross(network, END, START)
    np.testing.assert_allclose(forth.places, (1 - back.places).flip(1), atol=1e-9)


@pytest.mark.parametrize("depth", [1, 2, 3, 6, 10])
def test_every_layer_of_a_sawtooth_doubles_the_pieces(depth):
    line = cross(sawtooth.network(depth), torch.zeros(1), torch.ones(1))
    even = np.arange(1, 2**depth) / 2**depth
    np.testing.assert_allclose(line.places[0], even, atol=1e-12)
    assert int(line.count[0]) == 2**depth


@SOME
@given(SEEDS, st.lists(st.integers(1, 6), min_size=1, max_size=4))
def test_on_a_line_there_are_no_more_pieces_than_a_network_of_one_input_can_have(seed, hidden):
    network = drawn((1, *hidden, 1), seed, bias=1.0)
    line = cross(network, torch.tensor([-9.0]), torch.tensor([9.0]))
    assert int(line.count[0]) <= most(network.sizes)


def test_one_layer_has_a_piece_more_than_units_that_switch():
    network = of(([[1.0, 2.0, -1.0]], [-0.25, -1.0, 0.75]), ([[1.0]] * 3, [0.0]))
    line = cross(network, torch.zeros(1), torch.ones(1))
    np.testing.assert_allclose(line.places, [[0.25, 0.5, 0.75]], rtol=1e-12)


def test_a_unit_that_only_touches_zero_makes_no_piece():
    """|x| = max(0, x) + max(0, -x) feeds a unit that is zero at x = 0 only."""
    first = ([[1.0, -1.0]], [0.0, 0.0])
    touching = of(first, ([[1.0], [1.0]], [0.0]), ([[1.0]], [0.0]))
    alone = of(first, ([[1.0]] * 2, [0.0]))
    for network in (touching, alone):
        assert cross(network, -torch.ones(1), torch.ones(1)).places.tolist() == [[0.5]]


@pytest.mark.parametrize("hidden", [(9,), (9, 9, 9)])
def test_boundaries_that_all_meet_in_one_point_are_crossed_at_one_place(hidden):
    network = drawn((2, *hidden, 1), 1, models=20, bias=0.0)
    line = cross(network, torch.tensor([-0.7, 0.3]), torch.tensor([1.4, -0.6]))
    assert line.count.tolist() == [2] * 20
    np.testing.assert_allclose(line.places, 1 / 3, atol=1e-7)  # 0.7 and 1.4 are of float32


def test_a_line_that_begins_on_a_boundary_does_not_count_it():
    network = of(([[1.0]], [0.0]), ([[1.0]], [0.0]))
    assert cross(network, torch.zeros(1), torch.ones(1)).count.tolist() == [1]
    assert cross(network, -torch.ones(1), torch.zeros(1)).count.tolist() == [1]


def test_a_line_along_a_boundary_is_one_piece():
    network = of(([[1.0], [-1.0]], [0.0]), ([[1.0]], [0.0]))
    assert cross(network, -torch.ones(2), torch.ones(2)).count.tolist() == [1]


@pytest.mark.parametrize("sizes", [(2, 4), (2, 5, 5, 1)])
def test_a_point_or_a_network_without_rectifiers_is_one_piece(sizes):
    point = cross(drawn(sizes, models=3), START, START)
    straight = cross(drawn(sizes, models=3, activation="linear"), START, END)
    for line in (point, straight):
        assert line.count.tolist() == [1, 1, 1]
        assert line.places.shape == (3, 0)


def test_lines_of_another_number_of_inputs_are_refused():
    words = r"`start` must be 2 numbers, or as many for each of 4 models\. Got \(3,\)"
    with pytest.raises(ValueError, match=words):
        cross(drawn((2, 5, 1), models=4), torch.zeros(3), torch.ones(3))


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (torch.zeros(3, 2), r"`NAME` must be 2 numbers, .* Got \(3, 2\)"),
        (torch.tensor([0.0, torch.nan]), r"`NAME` of a line must be finite"),
        (torch.tensor([-torch.inf, 1.0]), r"`NAME` of a line must be finite"),
    ],
)
def test_lines_that_do_not_fit_are_refused(bad, words):
    network = drawn((2, 5, 1), models=4)
    with pytest.raises(ValueError, match=words.replace("NAME", "start")):
        cross(network, bad, END)
    with pytest.raises(ValueError, match=words.replace("NAME", "end")):
        cross(network, START, bad)
