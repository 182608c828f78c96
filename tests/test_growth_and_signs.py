"""Means that cancel, activations that grow: measured as said, and judged as the claims say."""

import dataclasses

import numpy as np
import pytest
import torch

from relubook import claims, datasets, records
from relubook.claims import dying, signs, statistics
from relubook.experiments import growth, initialization, sign_trick
from relubook.networks import MLP, sizes

MINE = {claim.id: claim for claim in (*dying.CLAIMS, *signs.CLAIMS)}


def verdict(name, arrays):
    claim = MINE[name]
    return claims.Judgment(claim=claim, parts=claim.test(arrays), scale="laptop").verdict


def spread(value, shape=(10,), *, seed=0, sd=0.01):
    """Numbers around a value."""
    return value * (1 + sd * np.random.default_rng(seed).standard_normal(shape))


# Signs


def test_balance_is_one_for_one_sign_and_zero_where_halves_mirror_each_other():
    h = torch.linspace(0.1, 2, 3 * 20 * 8, dtype=torch.float64).view(3, 20, 8)
    torch.testing.assert_close(sign_trick.balance(h), torch.ones(3, dtype=torch.float64))
    mirrored = torch.cat([h, -h], dim=-1)
    torch.testing.assert_close(sign_trick.balance(mirrored), torch.zeros(3, dtype=torch.float64))


def test_the_measure_is_that_of_the_experiment_on_initialization():
    config = initialization.Config(data="mnist-5k", width=40, depth=2, seeds=(0, 1), examples=100)
    expected = initialization.run(config)
    data = datasets.load("mnist-5k")
    shape = sizes(inputs=data.inputs, width=40, depth=2, outputs=data.outputs)
    for at, negated in enumerate((False, True)):
        network = MLP(shape, seeds=[0, 1], sign_trick=negated)
        balance, zeros = sign_trick.measure(network, data.test.x[:100])
        np.testing.assert_allclose(balance.T, expected.mean_over_abs[at], rtol=1e-4, atol=1e-6)
        np.testing.assert_allclose(zeros.T, expected.zero_fraction[at], rtol=1e-6)


def test_signs_leave_the_zeros_of_the_first_layer_where_they_are():
    x = torch.randn(1, 30, 6, generator=torch.Generator().manual_seed(0))
    plain, negated = (MLP((6, 16, 16, 3), sign_trick=on).hidden(x) for on in (False, True))
    torch.testing.assert_close(plain[0].abs(), negated[0].abs(), rtol=0, atol=0)


def balances(*, wide=0.03, plain=1.0, fewer=0.0):
    """A record's arrays of "sign-trick": two widths, three layers, ten seeds."""
    shape = (4, 2, 3, 10)
    values = np.ones(shape)
    values[1::2] = spread(0.2, (2, 2, 3, 10))
    values[1, 1] = spread(wide, (3, 10))
    values[0, 1] = spread(plain, (3, 10), sd=1e-4)
    zeros = spread(0.5, shape)
    zeros[1] = zeros[0] + spread(fewer, (2, 3, 10))
    trained = spread(0.3, (4, 3, 10))
    return {
        "widths": np.array([32, 1000]), "balance_untrained": values, "zeros_untrained": zeros,
        "balance_after": trained, "zeros_after": trained, "test_error": spread(0.03, (4, 10)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "holds"),
        ({"wide": 0.2}, "partly"),
        ({"plain": 0.9}, "partly"),
        ({"fewer": 0.03}, "partly"),
        ({"wide": 0.2, "plain": 0.9, "fewer": 0.03}, "not here"),
    ],
)
def test_signs_are_judged_layer_by_layer_in_layers_of_the_papers_width(changes, expected):
    assert verdict("signs-cancel-the-mean", balances(**changes)) == expected


# Growth


def small(**changes):
    config = growth.configure("smoke")
    return dataclasses.replace(config, **changes), datasets.load("mnist-5k").subset(train=400)


def test_the_first_row_is_the_untrained_network_and_a_penalty_makes_activations_smaller():
    config, data = small(epochs=2)
    free = growth.train_measured(config, data, "rectifier", 0.0)
    penalized = growth.train_measured(config, data, "rectifier", 0.03)
    shape = sizes(inputs=data.inputs, width=24, depth=2, outputs=data.outputs)
    hidden = MLP(shape, seeds=[0, 1]).hidden(data.test.x[:200].expand(2, -1, -1))
    for row in (free, penalized):
        assert row["mean_abs"].shape == (3, 2, 2)
        for layer, h in enumerate(hidden):
            expected = h.abs().mean((1, 2)).detach().numpy()
            np.testing.assert_allclose(row["mean_abs"][0, layer], expected, rtol=1e-5)
    assert (penalized["mean_abs"][-1] < free["mean_abs"][-1]).all()
    assert (free["largest"] >= free["mean_abs"]).all()


def test_what_has_diverged_is_not_a_number_from_the_end_of_that_epoch_on():
    gauge = growth.Gauge(MLP((6, 5, 3), seeds=[0, 1]), torch.ones(7, 6))
    for _ in range(3):
        assert gauge() is False
    for values in gauge.columns(np.array([-1, 1])).values():
        assert np.isfinite(values[..., 0]).all()
        gone = np.isnan(values[..., 1]).all(1)
        np.testing.assert_array_equal(gone, [False, False, True, True])


def levels(free=1.5, penalized=0.8):
    """A record's arrays of "growth": four kinds, three times, two layers, ten seeds."""
    values = np.ones((4, 3, 2, 10))
    for kind, factor in enumerate((free, 1.1, penalized, 1.02)):
        values[kind, 2] = spread(factor, (2, 10), seed=kind)
    return {"mean_abs": values, "largest": values, "test_error": spread(0.05, (4, 2, 10))}


@pytest.mark.parametrize(
    ("factors", "expected"),
    [
        ({}, "holds"),
        ({"penalized": 1.2}, "partly"),
        ({"free": 1.1}, "partly"),
        ({"free": 1.1, "penalized": 1.2}, "not here"),
    ],
)
def test_growth_is_judged_without_the_penalty_and_with_it(factors, expected):
    assert verdict("activations-grow-unless-penalized", levels(**factors)) == expected


# Deaths


def deaths(*, violent=0.4, back=0.2, diverges=(3,)):
    """A record's arrays of "dying": four rates and a gain, one look, two layers, ten seeds."""
    died = np.full((5, 1, 2, 10), 0.01)
    died[2] = spread(violent, (1, 2, 10))
    died[3] = 0.9
    alive = died * spread(back, (5, 1, 2, 10))
    diverged = np.full((5, 10), -1)
    for setting in diverges:
        diverged[setting, 0] = 7
    error = spread(0.05, (5, 10))
    error[list(diverges), 0] = np.nan
    return {
        "learning_rate": np.array([0.02, 0.1, 0.7, 1.0, 0.1]), "gain": np.array([1.0] * 4 + [2.0]),
        "shift": np.zeros(5), "died": died, "died_alive": alive, "diverged": diverged,
        "test_error": error, "test_error_without": error,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "holds"),
        ({"back": 0.7}, "partly"),
        ({"violent": 0.03}, "partly"),
        ({"violent": 0.03, "back": 0.7}, "not here"),
        ({"diverges": (2, 3)}, "partly"),  # then the rate of 0.1 is the largest
    ],
)
def test_deaths_are_judged_at_the_largest_rate_at_which_no_network_diverges(changes, expected):
    assert verdict("units-die-at-large-steps", deaths(**changes)) == expected


# Born dead


def born(*, narrow=0.95, wide=0.0, excess=0.0):
    """A record's arrays of "born-dead": two widths, two depths, four kinds, ten groups of 200."""
    dead = np.zeros((4, 2, 2, 10))
    dead[:, 0, 1], dead[:, 1, 1] = narrow, wide
    bound = np.array([[0.1, 0.96 - excess], [0.02, 0.3]])
    return {
        "widths": np.array([2, 16]), "depths": np.array([2, 20]), "dead": dead,
        "silent": np.broadcast_to(bound[..., None], dead.shape), "bound": bound,
        "networks": np.array(2000),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "holds"),
        ({"narrow": 0.5}, "partly"),
        ({"wide": 0.1}, "partly"),
        ({"excess": 0.1}, "partly"),
        ({"narrow": 0.5, "wide": 0.1, "excess": 0.6}, "not here"),
    ],
)
def test_dead_networks_are_judged_by_the_bound_and_by_width(changes, expected):
    assert verdict("deep-networks-are-born-dead", born(**changes)) == expected


@pytest.mark.parametrize(
    ("number", "n", "low", "high"),
    [(5, 10, 0.2366, 0.7634), (0, 20, 0.0, 0.1611), (1, 1, 0.2065, 1.0)],
)
def test_a_share_has_wilsons_interval(number, n, low, high):
    found = statistics.share(number, n=n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)
    assert found.value == number / n


def test_records_keep_what_the_claims_read(tmp_path):
    from relubook import experiments

    record = experiments.reproduce("born-dead", scale="smoke")
    records.save(record, tmp_path)
    back = records.load("born-dead", scale="smoke", data="random-weights", folder=tmp_path)
    assert int(back.arrays["networks"]) == 200
