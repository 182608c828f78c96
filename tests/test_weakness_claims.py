"""What small runs of the four experiments show, what is drawn and what the claims say of it."""

import dataclasses
import functools

import numpy as np
import pytest

from relubook import claims, experiments
from relubook.claims import weaknesses
from relubook.experiments import shared_signs_values as signs
from relubook.experiments.little_data_values import KINDS as LEARNERS

NAMES = ("shared-signs", "clipping", "little-data", "thinned")


@functools.cache
def smoke(name):
    """A small run, made once for all tests of this file."""
    return experiments.reproduce(name, scale="smoke")


@pytest.mark.parametrize("name", NAMES)
def test_every_drawing_has_words_and_a_title_computed_from_its_numbers(name):
    record, module = smoke(name), experiments.get(name)
    result = experiments.result(record)
    for drawing in (each for each in dir(module) if each == "draw" or each.startswith("draw_")):
        fig = getattr(module, drawing)(result, experiments.subtitle(record))
        assert fig.get_suptitle()
        assert getattr(module, drawing.replace("draw", "describe"))(result).endswith(".")


def test_behind_units_that_are_never_negative_all_signs_are_shared():
    shares = smoke("shared-signs").arrays["one_sign"]
    for kind, share in zip(signs.KINDS, shares, strict=True):
        assert (share[:, 0] == 1).all()  # digits are never negative
        never = kind.activation != "tanh" and not kind.signs and not kind.less
        assert (share[:, 1:] == 1).all() == never
        assert never or (share[:, 1:] < 0.2).all()


def test_signs_leave_the_strongest_direction_alone_and_centering_does_not():
    weakest = {kind.name: i for i, kind in enumerate(signs.KINDS)}
    share = smoke("shared-signs").arrays["steepest"][:, 0, 1]
    same, own = share[weakest["rectifier, signs"]], share[weakest["rectifier"]]
    np.testing.assert_allclose(same, own, rtol=1e-5)  # in float32
    assert (share[weakest["rectifier, less mean"]] < share[weakest["rectifier"]] - 0.1).all()


def test_a_layer_without_masks_below_it_never_flips():
    arrays = smoke("thinned").arrays
    assert (arrays["flipped"][:, -2] == 0).all()  # masks in the last hidden layer alone
    assert (arrays["flipped"][:, -1] > 0.01).all()
    assert (arrays["off_thinned"] > arrays["off"]).all()


def altered(name, **changes):
    """A smoke record's arrays with some of them replaced."""
    return dict(smoke(name).arrays) | changes


def verdict(claim, found):
    claim = next(each for each in weaknesses.CLAIMS if each.id == claim)
    return claims.Judgment(claim=claim, parts=claim.test(found), scale="laptop").verdict


@pytest.mark.parametrize(
    ("centered", "signed", "expected"),
    [(-0.1, -0.1, "holds"), (-0.1, 0.0, "undecided"), (-0.1, 0.1, "partly"), (0.1, 0.1, "partly")],
)
def test_shared_signs_are_judged_by_signs_and_by_both_pairs(centered, signed, expected):
    kinds, seeds = len(signs.KINDS), 10
    loss = np.full((kinds, 1, seeds), 0.3) + np.linspace(-0.01, 0.01, seeds)
    jitter = np.where(np.arange(seeds) % 2, 0.01, -0.01)
    loss[signs.NAMES.index("logistic, less 1/2")] += centered + jitter
    loss[signs.NAMES.index("rectifier, signs")] += signed + jitter
    share = np.ones((kinds, 2, 3, seeds))
    share[signs.NAMES.index("tanh"), :, 1:] = 0.01
    found = altered("shared-signs", loss=loss, one_sign=share, mirrored=np.zeros(seeds),
                    steepest=np.full((kinds, 2, 3, seeds), 0.5))  # fmt: skip
    assert verdict("shared-signs", found) == expected


@pytest.mark.parametrize(
    ("factors", "expected"),
    [((8, 8, 4, 8, 16), "holds"), ((1, 2, 1, 1, 1), "not here"), ((2, 4, 8, 2, 8), "undecided")],
)
def test_clipping_is_judged_by_doublings_seed_by_seed(factors, expected):
    rate = 2.0 ** np.arange(6)
    error = np.ones((2, 1, 2, 6, 5))
    error[..., 0, :] = 0.1
    for seed, factor in enumerate(factors):
        error[0, 0, 1, int(np.log2(factor)), seed] = 0.1
    found = {"rate": rate, "error": error, "limit": np.array([np.inf, 1]),
             "gain": np.array([1.0])}  # fmt: skip
    assert verdict("clipping-widens-rates", found) == expected


@pytest.mark.parametrize(
    ("more", "expected"), [(2.0, "holds"), (-2.0, "not here"), (0.1, "undecided")]
)
def test_overfitting_is_judged_with_300_examples_alone(more, expected):
    error = np.full((len(LEARNERS), 2, 10), 0.2) + np.linspace(-0.01, 0.01, 10)
    error[0, 1] += (more + np.where(np.arange(10) % 2, 0.5, -0.5)) / 100
    error[0, 0] -= 0.1  # with 30 examples, for information
    found = {"train_size": np.array([30, 300]), "test_error": error, "train_error": 0 * error}
    assert verdict("rectifiers-overfit-little-data", found) == expected


@pytest.mark.parametrize(
    ("exact", "apart", "expected"),
    [(1e-16, 0.3, "holds"), (1e-16, 3.0, "partly"), (1e-3, 3.0, "not here")],
)
def test_scaled_weights_are_judged_by_the_identity_and_the_error(exact, apart, expected):
    seeds = np.linspace(-0.001, 0.001, 10)
    found = altered(
        "thinned", exact_last=np.full(10, exact), exact_held=np.full(10, 1e-16),
        exact_free=np.full(10, 0.1), error_scaled=np.stack([0.05 + seeds] * 2),
        error_mean=np.full((2, 3, 10), 0.05 - apart / 100),
        error_one=np.full((2, 3, 10), 0.2), divergence=np.full((2, 3, 10), 0.01),
    )  # fmt: skip
    assert verdict("scaled-weights-average-masks", found) == expected


def test_a_result_is_frozen_and_reads_back():
    for name in NAMES:
        result = experiments.result(smoke(name))
        with pytest.raises(dataclasses.FrozenInstanceError):
            result.data = {}
