"""Verdicts about linear regions follow from numbers: made-up ones get theirs."""

import numpy as np
import pytest

from relubook import claims, experiments
from relubook.claims.regions import CLAIMS
from relubook.experiments.quartet import UNITS

SEEDS = 10
SCATTER = np.linspace(-1, 1, SEEDS)
MINE = {claim.id: claim for claim in CLAIMS}


def verdict(name, arrays):
    claim = MINE[name]
    return claims.Judgment(claim=claim, parts=claim.test(arrays), scale="laptop").verdict


def linear(*, exact=1e-11, far=0.4, penalized=1e-11, seeds=SEEDS):
    """A record of "local-linearity": the four kinds, one penalty, untrained networks."""
    scatter = np.linspace(-1, 1, seeds)
    groups = len(UNITS) + 2
    kept = np.full((groups, 2, seeds), np.nan)
    kept[0, 0] = exact * (1 + 0.1 * scatter)
    kept[len(UNITS) :, 0] = penalized
    error = np.full((groups, 2, seeds), 1e-5)
    error[0, -1] = far * (1 + 0.1 * scatter)
    return {
        "l1": np.array([0, 0, 0, 0, 1e-3, 0]),
        "steps": np.array([1e-4, 10.0]),
        "kept_error": kept,
        "error": error,
        "reach_share": np.full((3, 2, seeds), 0.05),
        "pieces": np.full((3, 2, 4, seeds), 15),
    }


def counted(*, power=1.0, own=1.0, trained=1.0, digits=10_000, deep=1.0, plane=0.9, shallow=1.0):
    """A record of "region-counts": 96 units make 90 pieces, and `plane` times N²/2 regions."""
    neurons, layers = np.array([24, 96, 384]), np.array([1, 3, 6])
    factor = np.array([shallow, 1.0, deep])[:, None, None, None]
    lines = factor * 90 * ((neurons / 96) ** power)[:, None, None]
    lines = lines * (1 + 0.02 * SCATTER)[:, None] * np.ones(4)
    half = np.array([24, 96]) ** 2 / 2
    return {
        "depths": layers,
        "neurons": neurons,
        "pieces": lines,
        "plane_neurons": np.array([24, 96]),
        "regions": plane * half[:, None] * (1 + 0.02 * SCATTER) * np.ones((3, 1, 1)),
        "own": np.array([[own], [trained]]) - 1e-4 * (1 + SCATTER),
        "digits": np.array(digits),
    }


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"exact": 9e-9, "far": 0.02}, "holds"),
        ({"exact": 1e-6}, "partly"),
        ({"penalized": 1e-6}, "partly"),
        ({"far": 0.001}, "partly"),
        ({"exact": 1e-6, "far": 0.001}, "not here"),
        ({"seeds": 4}, "undecided"),
    ],
)
def test_linearity_is_judged_by_its_exactness_and_by_where_it_ends(numbers, expected):
    assert verdict("linear-while-no-unit-flips", linear(**numbers)) == expected


def test_a_record_in_which_every_step_flips_a_unit_leaves_linearity_undecided():
    arrays = linear()
    arrays["kept_error"][:] = np.nan
    assert verdict("linear-while-no-unit-flips", arrays) == "undecided"


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"power": 1.08}, "holds"),
        ({"power": 1.5}, "partly"),
        ({"power": 0.5}, "partly"),
        ({"own": 0.97}, "partly"),
        ({"trained": 0.9}, "partly"),
        ({"digits": 1000}, "partly"),
        ({"power": 2.0, "own": 0.9, "trained": 0.9, "digits": 100}, "not here"),
    ],
)
def test_many_models_are_judged_by_patterns_and_by_growth_on_a_line(numbers, expected):
    assert verdict("exponentially-many-linear-models", counted(**numbers)) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"deep": 1.2}, "holds"),
        ({"deep": 4.0}, "partly"),
        ({"deep": 0.5}, "partly"),
        ({"plane": 2.5}, "holds"),
        ({"plane": 5.0}, "partly"),
        ({"plane": 0.1}, "partly"),
        ({"deep": 4.0, "shallow": 0.25, "plane": 50.0}, "not here"),
    ],
)
def test_depth_is_judged_pair_by_pair_on_lines_and_shape_by_shape_in_the_plane(numbers, expected):
    assert verdict("regions-do-not-grow-with-depth", counted(**numbers)) == expected


@pytest.mark.parametrize("name", list(MINE))
def test_a_real_record_has_what_the_claims_about_regions_read(name):
    claim = MINE[name]
    record = experiments.reproduce(claim.experiment, scale="smoke")
    parts = claim.test(record.arrays)
    assert all(part.what for part in parts)
    assert any(part.decisive for part in parts)


@pytest.mark.parametrize("name", list(MINE))
def test_the_twins_of_the_claims_about_regions_meet_their_expectation(name):
    assert [str(part) for part in MINE[name].twin() if part.verdict != "holds"] == []
