"""Units that die and come back, counted as said; networks that are dead before training."""

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from relubook.datasets import Split
from relubook.experiments import born_dead, dying, dying_microscope
from relubook.experiments.dying_networks import Looks, begin, summary, train_watched, without
from relubook.experiments.dying_values import life_table
from relubook.networks import MLP
from relubook.training import Schedule, grid, train
from support import blobs

DATA = blobs(examples=96, inputs=6)
POSITIVE = dataclasses.replace(  # as pixels are: a step can push a unit below all of them
    DATA, train=Split(x=DATA.train.x.abs(), y=DATA.train.y)
)
MOMENTS = (0, 1, 2, 4, 8, 16, 24, 40, 60)


def config(rate=0.1, seeds=(0, 1, 2, 3), moments=MOMENTS):
    return dying.Config(
        data="blobs", width=12, depth=3, learning_rates=(rate,), gains=(), shifts=(),
        base_rate=0.1, seeds=seeds, batch_size=8, moments=moments, train_examples=96,
    )  # fmt: skip


def watched(rate, *, shift=0.0, data=DATA, **settings_):
    """The looks, the networks afterward and when they diverged, at one learning rate."""
    setting = config(rate, **settings_)
    looks, network = Looks(data), begin(setting, data, gain=1.0, shift=shift)
    return looks, network, train_watched(network, data, setting, rate, looks.look)


# Lives


@settings(deadline=None)
@given(hnp.arrays(bool, st.tuples(st.integers(2, 7), *[st.integers(1, 3)] * 3)))
def test_a_life_table_agrees_with_following_every_unit(alive):
    died, died_alive, born_alive = (np.zeros(alive.shape) for _ in range(3))
    for layer, unit, seed in np.ndindex(alive.shape[1:]):
        life, has_died = alive[:, layer, unit, seed], False
        for moment, now in enumerate(life):
            has_died |= moment > 0 and bool(life[moment - 1]) and not now
            died[moment, layer, unit, seed] = has_died
            died_alive[moment, layer, unit, seed] = has_died and now
            born_alive[moment, layer, unit, seed] = now and not life[0]
    table = life_table(alive)
    for name, expected in (
        ("dead", ~alive), ("died", died), ("died_alive", died_alive), ("born_alive", born_alive)
    ):  # fmt: skip
        np.testing.assert_allclose(table[name], expected.mean(2), err_msg=name)


def test_watched_networks_are_trained_as_all_others_are():
    looks, network, diverged = watched(0.2)
    hyper = grid(learning_rate=0.2, seed=range(4))
    usual = MLP(network.sizes, seeds=range(4))
    train(usual, DATA, hyper, Schedule(epochs=MOMENTS[-1] // 12, batch_size=8, keep="last"))
    for mine, theirs in zip(network.parameters(), usual.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs)
    assert len(looks.alive) == len(MOMENTS)
    assert (diverged == -1).all()


def test_a_unit_of_the_first_layer_that_is_dead_stays_dead_and_never_moves_again():
    looks, _, _ = watched(0.5, data=POSITIVE)
    alive = np.stack(looks.alive)[:, 0, :, 0]  # of the first network
    dead = ~alive[-2]
    assert dead.any()
    assert not alive[-1][dead].any()
    before, after = (looks.weights[at][0][0] for at in (-2, -1))
    np.testing.assert_array_equal(before[:, dead], after[:, dead])
    assert (before[:, ~dead] != after[:, ~dead]).any()
    first, later = np.stack(looks.alive)[:, 0], np.stack(looks.alive)[:, 1:]
    assert (first[1:] <= first[:-1]).all()
    assert (later[1:] & ~later[:-1]).any()  # while others come back


def test_cutting_out_units_that_are_dead_changes_no_answer_to_what_was_shown():
    looks, network, _ = watched(0.8)
    x = DATA.train.x.expand(4, -1, -1)
    torch.testing.assert_close(without(network, ~looks.alive[-1])(x), network(x))
    everything = np.ones_like(looks.alive[-1])
    silent = without(network, everything)(x)
    torch.testing.assert_close(silent, silent[:, :1].expand(silent.shape))


def test_a_network_that_diverges_is_not_a_number_from_then_on_and_disturbs_no_other():
    looks, network, diverged = watched(60.0)
    row = summary(looks, network, diverged, MOMENTS)
    assert (diverged >= 0).any()
    for name in ("dead", "died", "died_alive", "born_alive", "train_error"):
        for model, step in enumerate(diverged):
            gone = np.isnan(row[name][..., model]).reshape(len(MOMENTS), -1).all(1)
            np.testing.assert_array_equal(gone, (step >= 0) & (np.array(MOMENTS) >= step))
    np.testing.assert_array_equal(np.isnan(row["test_error"]), diverged >= 0)


def test_biases_far_below_zero_leave_every_unit_born_dead():
    looks, network, diverged = watched(0.1, shift=50.0)
    row = summary(looks, network, diverged, MOMENTS)
    assert (row["dead"] == 1).all()
    assert (row["died"] == 0).all()


# The microscope


def gates():
    """Two settings, four looks, two layers, three units."""
    silent = np.zeros((2, 4, 2, 3))
    silent[1, :, 0] = 0.5
    silent[1, :, 1, 0] = (0.9, 0.2, 0.0, 0.0)  # dies
    silent[1, :, 1, 1] = (0.4, 0.0, 0.1, 0.3)  # comes back
    silent[1, :, 1, 2] = (0.8, 0.0, 0.1, 0.2)  # comes back less
    return silent


def test_the_rule_chooses_the_units_that_it_says():
    assert dying_microscope.choose(gates(), [1, 0]) == [(1, 1, 0), (1, 1, 1)]
    lower = gates()
    lower[1, :, 0, 2] = (0.1, 0.0, 0.0, 0.0)  # a lower layer goes first
    assert dying_microscope.choose(lower, [1]) == [(1, 0, 2), (1, 1, 1)]
    assert dying_microscope.choose(gates(), [0]) == [None, None]


def test_the_microscope_counts_every_example_and_knows_the_largest():
    looks, network, _ = watched(0.3)
    found = dying_microscope.magnify(looks.weights, network, DATA.train, layer=1, unit=5)
    gate = np.stack(looks.gate)[:, 1, 5]
    positive = dying_microscope.EDGES[:-1] >= 0
    assert (found["histogram"].sum(1) == len(DATA.train)).all()
    np.testing.assert_allclose(found["histogram"][:, positive].mean(1) * positive.sum(),
                               gate * len(DATA.train), atol=1e-9)  # fmt: skip
    np.testing.assert_array_equal(found["largest"] > 0, gate > 0)
    assert (found["gradient"][gate == 0] == 0).all()
    assert (found["gradient"][gate > 0] > 0).all()
    np.testing.assert_allclose(found["bias"], [w[3][0, 0, 5] for w in looks.weights])


# Born dead


def drawn(kind=0, width=2, seed=0, **changes):
    """Which units are active for which input, layer by layer."""
    numbers = {"networks": 300, "inputs_shown": 20, "depths": (1, 6), "seeds": (0,)} | changes
    setting = born_dead.Config(data="random-weights", widths=(width,), **numbers)
    return setting, list(born_dead.active(setting, kind, width, seed))


@given(st.integers(1, 40), st.integers(1, 60))
def test_the_bound_is_one_minus_the_chance_that_no_layer_is_silent(width, depth):
    plain = 1 - (1 - 2.0**-width) ** depth
    assert born_dead.bound(width, depth) == pytest.approx(plain, rel=1e-9, abs=1e-15)


def test_with_one_input_and_no_biases_two_inputs_tell_everything():
    _, layers = drawn()
    for on in layers:
        assert (on[:, :10] == on[:, :1]).all()
        assert (on[:, 10:] == on[:, -1:]).all()
    assert (layers[0][:, 0] ^ layers[0][:, -1]).all()  # each unit is on for one side


def test_what_is_dead_stays_dead_and_shares_rise_with_depth():
    setting, layers = drawn(depths=(1, 2, 4, 6))
    silent = torch.stack([~on.any(-1).any(-1) for on in layers])
    assert (silent[1:] >= silent[:-1]).all()
    dead, one = born_dead.silenced(setting, 0, 2, 0)
    np.testing.assert_allclose(dead, silent[[0, 1, 3, 5]].double().mean(1))
    assert dead[0] == 0
    assert (np.diff(dead) >= 0).all()
    assert (dead <= one).all()


@pytest.mark.parametrize("kind", range(3))
@pytest.mark.parametrize(("width", "depth"), [(2, 3), (4, 10)])
def test_one_given_input_is_lost_as_often_as_the_formula_says(kind, width, depth):
    setting, _ = drawn(width=width, networks=3000, depths=(depth,))
    dead, one = born_dead.silenced(setting, kind, width, seed=3)
    chance = born_dead.bound(width, depth)
    deviation = (chance * (1 - chance) / setting.networks) ** 0.5
    assert abs(one[0] - chance) < 4 * deviation
    assert dead[0] < chance


def test_one_positive_weight_a_unit_keeps_more_networks_alive():
    setting, _ = drawn(width=4, networks=1000, depths=(20,))
    symmetric, asymmetric = (
        born_dead.silenced(setting, born_dead.KINDS.index(kind), 4, 0)[0][0]
        for kind in ("one input", "asymmetric")
    )
    assert asymmetric < symmetric / 2
