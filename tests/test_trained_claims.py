"""Verdicts about responses, rest and sparse codes follow from numbers: made-up ones get theirs."""

import numpy as np
import pytest

from relubook import claims, experiments
from relubook.experiments import at_rest, responses

SEEDS, LAYERS = 5, 3
SCATTER = np.linspace(-1, 1, SEEDS)
MINE = {
    name: claims.find(name)
    for name in ("smart-compression", "logistic-rests-at-half", "footnote-3")
}


def verdict(name, arrays):
    claim = MINE[name]
    return claims.Judgment(claim=claim, parts=claim.test(arrays), scale="laptop").verdict


# Claim 28


def codes(
    *,
    zeros=(60, 70, 80, 95),
    of_class=(99, 99, 98, 60),
    rest=(80, 60, 40, 5),
    error=(2.0, 2.0, 2.0, 9.0),
    components_of_class=90.0,
    diverged=-1,
):
    """A record of "read-back" under four penalties, alike in all layers.

    Args:
        zeros: [%].
        of_class: R² of the class means [%].
        rest: R² of what differs within a class [%].
        error: Test error [%].
        components_of_class: R² of the class means in any number of principal components [%].
        diverged: Of the networks with the strongest penalty.
    """
    share = 0.2  # of the variance, between classes
    scatter = 0.2 * SCATTER[:, None, None] * np.ones((1, LAYERS, 1))
    parts = [
        np.array([share * c + (1 - share) * r, c, r])[None, None] + scatter
        for c, r in zip(of_class, rest, strict=True)
    ]
    counts = np.linspace(0, 1, 11)
    state = np.full((4, SEEDS), -1)
    state[-1] = diverged
    return {
        "l1": np.array([0.0, 1e-4, 1e-3, 1e-2]),
        "read": np.stack(parts) / 100,
        "zeros": np.array(zeros)[:, None, None] / 100 * np.ones((1, SEEDS, LAYERS)),
        "test_error": (np.array(error)[:, None] + 0.01 * SCATTER) / 100,
        "diverged": state,
        "untrained_read": np.full((SEEDS, LAYERS, 3), 0.5) + 0.01 * SCATTER[:, None, None],
        "linear_read": np.full((SEEDS, LAYERS, 3), 0.9) + 0.01 * SCATTER[:, None, None],
        "principal": np.stack([counts, np.full(11, components_of_class / 100), counts]),
    }


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, "holds"),
        ({"components_of_class": 99.5}, "partly"),  # no better than a plain compression
        ({"of_class": (99, 99, 90, 60)}, "partly"),  # nine points of the class are lost
        ({"error": (2.0, 2.0, 2.4, 9.0)}, "partly"),
        ({"error": (2.0, 2.0, 2.2, 9.0)}, "undecided"),  # 1.1 times, to the digit
        (
            {
                "of_class": (99, 80, 60, 50), "rest": (80, 80, 80, 80),
                "error": (2, 3, 4, 9), "components_of_class": 95.0,
            },
            "not here",
        ),
    ],
)  # fmt: skip
def test_a_compression_is_smart_if_the_rest_goes_first_and_the_error_stays(record, expected):
    assert verdict("smart-compression", codes(**record)) == expected


def test_the_error_is_judged_below_85_percent_zeros_alone():
    parts = MINE["smart-compression"].test(codes(zeros=(60, 70, 86, 95)))
    assert "L1 0.0001" in parts[1].what
    parts = MINE["smart-compression"].test(codes(zeros=(60, 70, 84, 95)))
    assert "L1 0.001" in parts[1].what


def test_networks_that_stopped_working_bend_no_slope():
    ruined = {"error": (2.0, 2.0, 2.0, 90.0), "of_class": (99, 99, 98, 0)}
    before = MINE["smart-compression"].test(codes(diverged=3))[0]
    after = MINE["smart-compression"].test(codes(**ruined))[0]
    assert before == after
    assert before.estimate.n == 3 * SEEDS


# Claim 30


def rest(*, logistic=0.5, away=100.0, zeros=50.0):
    """A record of "at-rest"; every other number is 0."""
    shape = (len(at_rest.UNITS), SEEDS, LAYERS)
    arrays = {name: np.zeros(shape) for name in ("mean", "mean_abs", "zero_fraction")}
    arrays |= {"tolerances": np.array([0.05, 0.01]), "away": np.zeros((2, *shape))}
    first, second = (at_rest.UNITS.index(name) for name in ("logistic", "rectifier"))
    arrays["mean"][first] = logistic + 0.01 * SCATTER[:, None]
    arrays["away"][0, first] = away / 100
    arrays["zero_fraction"][second] = (zeros + 0.5 * SCATTER[:, None]) / 100
    return arrays


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, "holds"),
        ({"logistic": 0.54}, "holds"),
        ({"logistic": 0.7}, "partly"),
        ({"away": 99.9}, "partly"),
        ({"zeros": 60.0}, "partly"),
        ({"logistic": 0.1, "away": 20.0, "zeros": 0.0}, "not here"),
    ],
)
def test_rest_is_judged_layer_by_layer(record, expected):
    assert verdict("logistic-rests-at-half", rest(**record)) == expected


def test_one_layer_that_differs_is_seen():
    arrays = rest()
    arrays["mean"][at_rest.UNITS.index("logistic"), :, -1] = 0.7
    assert verdict("logistic-rests-at-half", arrays) == "partly"


# Claim 31


def errors(*, lif=5.0, half=3.0, others=2.0, seeds=10):
    """A record of "responses": test errors [%], with what a seed does to all of them alike."""
    mean = {"rectifier": 2.0, "rescaled-lif": lif, "rectified-tanh": half}
    common = np.linspace(-1, 1, seeds)
    own = 0.1 * np.random.default_rng(0).normal(size=(len(responses.UNITS), seeds))
    level = np.array([mean.get(name, others) for name in responses.UNITS])[:, None]
    return {
        "test_error": (level + common + own) / 100,
        "diverged": np.full((len(responses.UNITS), seeds), -1),
    }


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, "holds"),
        ({"half": 1.5}, "partly"),
        ({"lif": 1.5, "half": 1.5}, "not here"),
        ({"half": 2.0}, "undecided"),
        ({"others": 1.0}, "holds"),  # what tanh does is for information
        ({"seeds": 4}, "undecided"),
    ],
)
def test_responses_are_compared_with_the_rectifier_of_the_same_seed(record, expected):
    assert verdict("footnote-3", errors(**record)) == expected


def test_differences_are_in_points_and_free_of_what_seeds_share():
    lif, *_ = MINE["footnote-3"].test(errors())
    assert lif.estimate.value == pytest.approx(3.0, abs=0.15)
    assert lif.estimate.high - lif.estimate.low < 0.5  # the seeds' own scatter is 2 points wide


# Real records


@pytest.mark.parametrize("claim", MINE.values(), ids=list(MINE))
def test_a_real_record_has_what_these_claims_read(claim):
    record = experiments.reproduce(claim.experiment, scale="smoke")
    parts = claim.test(record.arrays)
    assert all(part.what for part in parts)
    assert any(part.decisive for part in parts)
    assert any(not part.decisive for part in parts)
