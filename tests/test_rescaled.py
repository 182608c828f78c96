"""The experiment "rescaled": one function along the family, and what descent conserves."""

import numpy as np
import pytest
import torch

from relubook import curvature, datasets
from relubook.experiments.rescaled import configure
from relubook.experiments.rescaled_networks import (
    Course,
    Digits,
    balance,
    coarse,
    descend,
    log2_s_of_norms,
    loss,
    on_the_family,
    plain,
)
from relubook.experiments.rescaled_parts import best_rates, family_factors, spectra, start
from relubook.experiments.rescaled_values import SILENT, no_worse_than_silence
from support import blobs

CONFIG = configure("smoke")


@pytest.fixture(scope="module")
def digits():
    return Digits.of(datasets.load("mnist-5k").subset(train=300), CONFIG.side)


def networks(digits, log2_s=0.0):
    return on_the_family(start(CONFIG, digits, (0, 1)), log2_s)


def course(moments, *, rate=0.1, l1=0.0, decay=0.0):
    values = (torch.full((2,), number) for number in (rate, l1, decay))
    return Course(**dict(zip(("rate", "l1", "decay"), values, strict=True)), batch_size=32,
                  moments=moments)  # fmt: skip


def test_pictures_are_averaged_over_blocks():
    data = datasets.load("mnist-5k").subset(train=20)
    made = coarse(data.train, data, 7)
    first = data.train.x[0].view(7, 4, 7, 4).mean((1, 3)).flatten()
    torch.testing.assert_close(made.x[0], first)
    with pytest.raises(ValueError, match="gray pictures with 5, 10"):
        coarse(data.train, data, 5)
    with pytest.raises(ValueError, match="gray pictures"):
        coarse(blobs().train, blobs(), 2)


def test_all_networks_of_the_family_have_one_loss_and_the_norms_that_s_says(digits):
    at_one = start(CONFIG, digits, (0, 1))
    places = torch.tensor([-3.0, 2.0])
    moved = on_the_family(at_one, places)
    found, expected = (loss(network, digits.train, 100) for network in (moved, at_one))
    np.testing.assert_array_equal(found, expected)  # powers of 2 round nothing
    np.testing.assert_allclose(log2_s_of_norms(moved, at_one), places, atol=1e-6)


def test_the_spectrum_at_s_is_that_of_the_network_at_s(digits):
    one = start(CONFIG, digits, (0,))
    found = spectra(CONFIG, digits, one)
    for place, at in enumerate(CONFIG.log2_s):
        matrix = curvature.gauss_newton(on_the_family(one, at), digits.train.x[:50])
        largest = curvature.eigenvalues(matrix)[0, 0].item()
        assert found["largest"][place] == pytest.approx(largest, rel=1e-5)
    assert (found["spectrum"][:, 0] == found["largest"]).all()
    assert family_factors(one, (0.0,)).unique().tolist() == [1.0]


def test_networks_of_one_seed_descend_alike_whoever_descends_beside_them(digits):
    both, alone = networks(digits), start(CONFIG, digits, (1,))
    list(descend(both, digits.resident, course((0, 12))))
    rate = torch.full((1,), 0.1)
    list(descend(alone, digits.resident, plain(rate, batch_size=32, moments=(5, 12))))
    torch.testing.assert_close(curvature.parameters(both)[1:], curvature.parameters(alone))


def test_descent_in_small_steps_conserves_the_balance_and_decay_does_not(digits):
    plainly, decaying = networks(digits, 2.0), networks(digits, 2.0)
    before = balance(plainly)
    list(descend(plainly, digits.resident, course((100,), rate=1e-3)))
    list(descend(decaying, digits.resident, course((100,), rate=1e-3, decay=1.0)))
    np.testing.assert_allclose(balance(plainly), before, rtol=1e-3)
    np.testing.assert_allclose(balance(decaying), before * (1 - 1e-3) ** 200, rtol=2e-2)
    assert (loss(plainly, digits.train, 100) < loss(networks(digits), digits.train, 100)).all()


def test_a_network_that_diverges_has_no_loss_and_counts_as_silent(digits):
    wild = networks(digits, 2.0)
    list(descend(wild, digits.resident, course((60,), rate=1e6)))
    found = loss(wild, digits.train, 100)
    assert (np.isnan(found) | (found > 1)).all()
    assert (no_worse_than_silence(np.array([np.nan, np.inf, 9.0])) == SILENT).all()
    assert no_worse_than_silence(np.array([0.5])) == 0.5


def test_the_best_rate_is_that_of_the_lowest_median_and_never_one_that_diverges():
    losses = np.array([[[0.5, 0.6, 0.7], [0.4, 0.4, np.nan], [0.3, np.nan, np.nan]]])
    assert best_rates(losses, (0.1, 0.2, 0.4)).tolist() == [1]
    assert best_rates(np.ones((1, 2, 3)), (0.2, 0.1)).tolist() == [1]  # of equals the smaller


def test_every_scale_has_the_places_that_the_claim_asks_for():
    for scale in ("smoke", "laptop", "paper"):
        config = configure(scale)
        assert {-3.0, 0.0, 3.0} <= set(config.log2_s)
        assert not set(config.rate_seeds) & set(config.seeds)
