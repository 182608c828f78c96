"""Factors of a picture: which pictures are asked about, and what follows from the scores."""

import dataclasses
import functools

import numpy as np
import pytest
import torch

from relubook import claims, experiments
from relubook.claims import disentangling
from relubook.datasets.generators import norb
from relubook.datasets.generators.pictures import NORB
from relubook.experiments import factors
from relubook.experiments.factors import FACTORS
from relubook.experiments.quartet import UNITS

DRAWINGS = ("draw", "draw_accuracy", "draw_units")


@functools.cache
def smoke():
    """The record of a small run, made once for all tests of this file."""
    return experiments.reproduce("factors", scale="smoke")


# Pictures and their factors


def test_the_pictures_are_those_of_the_data_set_and_further_ones_of_the_same_toys():
    config = experiments.configure("factors", "laptop")
    known = config.train_examples + config.validation_examples
    assert NORB.what.endswith("3,000 / 600 / 1,200")
    assert (config.train_examples, config.validation_examples) == (3_000, 600)
    assert config.instances == norb.TRAINING_INSTANCES
    assert (config.view_seed, config.data) == (2010, NORB.name)
    more = known + config.fit_examples + config.test_examples
    shorter, longer = (
        norb.draw_views(count, instances=config.instances, seed=config.view_seed)
        for count in (known, more)
    )
    views = np.stack([value.numpy() for value in vars(longer).values()], axis=1)
    assert len(np.unique(views, axis=0)) == more  # no picture is shown twice
    for name, values in vars(shorter).items():
        assert torch.equal(getattr(longer, name)[:known], values), name


def test_forests_are_asked_about_pictures_that_were_never_trained_on():
    config = experiments.configure("factors", "smoke")
    shown = factors._Shown.of(config, None)
    asked = config.fit_examples + config.test_examples
    assert shown.factors.shape == (asked, len(FACTORS)) == (len(shown.data.test), len(FACTORS))
    np.testing.assert_array_equal(shown.factors[:, 0], shown.data.test.y.numpy())
    held_out, trained = (split.x.numpy() for split in (shown.data.test, shown.data.train))
    nearest = np.abs(held_out[:, None] - trained[None]).max(2).min(1)
    assert (nearest > 0).all()
    assert trained.min() >= -1
    assert trained.max() <= 1


def test_another_data_set_is_refused():
    with pytest.raises(ValueError, match=r"takes no data set\. Got 'mnist'"):
        experiments.configure("factors", "laptop", "mnist")


# The experiment


def test_scores_lie_between_0_and_1_and_shares_add_up():
    arrays = smoke().arrays
    for name in ("disentanglement", "completeness", "accuracy", "rotated", "untrained"):
        found = arrays[name]
        assert ((found >= 0) & (found <= 1)).all(), name
    totals = arrays["importance"].sum(2)
    several = [place for place, name in enumerate(FACTORS) if name != "instance"]
    np.testing.assert_allclose(totals[..., several], 1)  # one toy a category: nothing to learn
    assert (arrays["accuracy"][:, FACTORS.index("instance")] == 1).all()


def test_rectifiers_alone_have_zeros():
    zeros = smoke().arrays["zeros"].mean((1, 2))
    assert (zeros > 0).tolist() == [True, False, False, False, True]


def test_the_metric_is_the_mean_over_layers_of_the_four_without_a_penalty():
    arrays = smoke().arrays
    found = factors.metric(arrays)
    assert tuple(found) == UNITS
    np.testing.assert_allclose(found["logistic"], arrays["disentanglement"][3].mean(0))
    assert factors.METRIC.endswith("(1)")


def test_a_random_rotation_keeps_lengths():
    turn = factors._rotation(9, 4)
    np.testing.assert_allclose(turn @ turn.T, np.eye(9), atol=1e-5)
    assert not np.allclose(turn, factors._rotation(9, 5))


@pytest.mark.parametrize("drawing", DRAWINGS)
def test_each_drawing_has_a_finding_names_its_stand_in_and_has_words(drawing):
    record = smoke()
    result = experiments.result(record)
    fig = getattr(factors, drawing)(result, experiments.subtitle(record))
    left, *_ = fig.axes
    assert fig.get_suptitle()
    assert "a stand-in for small NORB" in left.get_title(loc="left")
    assert "2 seeds" in left.get_title(loc="left")
    assert left.get_xlabel()
    assert left.get_ylabel().endswith(("(%)", "(1)"))
    words = getattr(factors, drawing.replace("draw", "describe"))(result)
    assert words.endswith(".")
    assert "nan" not in words
    fig.draw_without_rendering()
    for text in fig.texts + left.texts:
        box = text.get_window_extent()
        assert fig.bbox.x0 - 2 <= box.x0, text.get_text()
        assert box.x1 <= fig.bbox.x1 + 2, text.get_text()


# Claim 33


def scores(*, rectifier=0.3, others=(0.2, 0.15, 0.1), seeds=10):
    """A record of "factors" with the same scores in every layer."""
    generator = np.random.default_rng(0)
    values = np.array([rectifier, *others, 0.4])[:, None, None]
    shared = 0.02 * generator.normal(size=(1, 3, seeds))
    found = values + shared + 0.002 * generator.normal(size=(5, 3, seeds))
    return {
        "l1": np.array([0.0, 0.0, 0.0, 0.0, 1e-3]),
        "disentanglement": found,
        "completeness": found,
        "accuracy": np.full((5, len(FACTORS), 3, seeds), 0.5),
        "rotated": found[:4],
        "untrained": found[:4],
    }


def verdict(arrays):
    claim = next(claim for claim in disentangling.CLAIMS if claim.number == 33)
    return claims.Judgment(claim=claim, parts=claim.test(arrays), scale="laptop").verdict


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, "holds"),
        ({"others": (0.2, 0.35, 0.1)}, "not here"),  # the best of the three counts
        ({"others": (0.2, 0.3, 0.1)}, "undecided"),
        ({"seeds": 4}, "undecided"),
    ],
)
def test_rectifiers_are_judged_against_the_most_disentangled_dense_code(record, expected):
    assert verdict(scores(**record)) == expected


def test_a_penalty_decides_nothing():
    arrays = scores()
    arrays["disentanglement"][-1] = 0.0
    assert verdict(arrays) == "holds"


def test_a_result_gives_back_what_a_record_holds():
    result = experiments.result(smoke())
    assert set(result.arrays()) == {field.name for field in dataclasses.fields(result)} - {"data"}
    assert result.data["source"] == "computed"
