"""Verdicts about rectifying follow from numbers: made-up ones get theirs."""

import numpy as np
import pytest

from relubook import claims, experiments

SEEDS = 10
SCATTER = np.linspace(-1, 1, SEEDS)
MINE = ("linear-layers-collapse", "pair-keeps-everything", "hinges-approximate")


def verdict(name, arrays):
    claim = claims.find(name)
    return claims.Judgment(claim=claim, parts=claim.test(arrays), scale="laptop").verdict


def stacks(*, rounding=1e-15, linear=0.0, rectifier=4.0, bent=50.0, differing=0):
    """A record of "collapse": points of test error that three hidden layers save."""
    error = np.full((2, 4, SEEDS), 10.0)
    error[0, -1] -= linear + 0.3 * SCATTER
    error[1, -1] -= rectifier + 0.3 * SCATTER
    return {
        "layers": np.array([1, 2, 5]),
        "hidden": np.arange(4),
        "rounding": np.stack([np.full((3, SEEDS), rounding), np.full((3, SEEDS), 1e-6)]),
        "bent": np.array([0.0, bent, bent / 2])[:, None, None] / 100
        * np.array([0.0, 1.0, 1.2])[:, None] * (1 + 0.01 * SCATTER),
        "test_error": error / 100,
        "differing": np.full((4, SEEDS), differing),
    }  # fmt: skip


def rebuilt(*, exact=100.0, folded=100.0, kept=50.0):
    """A record of "pairs", in percent."""
    shares = {"rebuilt": exact, "folded": folded, "kept": kept}
    arrays = {name: (np.full((2, SEEDS), value) / 100) for name, value in shares.items()}
    arrays["kept"] = arrays["kept"] + 0.01 * SCATTER
    return {**arrays, "widths": np.array([10, 20]), "explained": np.full((3, 2, SEEDS), 0.9)}


def falling(*, power=-2.0, gain=20.0, largest=0.9, curves=12):
    """A record of "hinges": errors that fall as powers of the number of hinges."""
    counts = np.array([1, 2, 4, 12, 24, 32, 64])
    slopes = power + 0.02 * np.linspace(-1, 1, curves + 2)
    even = counts ** slopes[:, None]
    trained = np.ones((2 * SEEDS, len(counts)))
    trained[:, counts == 32] /= gain
    trained *= (1 + 0.05 * np.tile(SCATTER, 2))[:, None]
    return {
        "counts": counts,
        "target": np.repeat([0, 1], SEEDS),
        "error_even": even,
        "error_best": even / 2,
        "error_trained": trained,
        "largest_trained": np.full((2 * SEEDS, len(counts)), largest),
    }


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"linear": 1.0, "rectifier": 2.5}, "holds"),
        ({"rounding": 1e-6}, "partly"),
        ({"linear": 3.0}, "partly"),
        ({"rectifier": 0.5}, "partly"),
        ({"bent": 1.0}, "partly"),
        ({"differing": 30}, "partly"),
        ({"rectifier": 2.0}, "undecided"),
        ({"rounding": 1, "linear": 9, "rectifier": 0, "bent": 1, "differing": 99}, "not here"),
    ],
)
def test_linear_stacks_are_judged_by_rounding_and_by_what_depth_saves(numbers, expected):
    assert verdict("linear-layers-collapse", stacks(**numbers)) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"exact": 99.9}, "partly"),
        ({"folded": 99.9}, "partly"),
        ({"kept": 70.0}, "partly"),
        ({"exact": 90.0, "folded": 90.0, "kept": 90.0}, "not here"),
    ],
)
def test_pairs_are_judged_to_the_bit(numbers, expected):
    assert verdict("pair-keeps-everything", rebuilt(**numbers)) == expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"power": -1.85}, "holds"),
        ({"power": -1.0}, "partly"),
        ({"power": -2.5}, "partly"),
        ({"gain": 2.0}, "partly"),
        ({"largest": 0.1}, "holds"),  # it informs only: no line without a jump can do that
        ({"curves": 4}, "undecided"),
        ({"power": -1.0, "gain": 1.0}, "not here"),
    ],
)
def test_hinges_are_judged_by_their_slope_and_their_gain(numbers, expected):
    assert verdict("hinges-approximate", falling(**numbers)) == expected


def test_what_happens_at_few_hinges_does_not_change_the_slope():
    arrays = falling()
    arrays["error_even"][:, arrays["counts"] < 12] = 1.0
    assert verdict("hinges-approximate", arrays) == "holds"


@pytest.mark.parametrize("name", MINE)
def test_a_real_record_has_what_the_claims_about_rectifying_read(name):
    claim = claims.find(name)
    record = experiments.reproduce(claim.experiment, scale="smoke")
    parts = claim.test(record.arrays)
    assert all(part.what for part in parts)
    assert any(part.decisive for part in parts)


def test_the_books_own_statements_name_no_page():
    assert {name: claims.find(name).page for name in MINE} == dict(
        zip(MINE, ("", "318", ""), strict=True)
    )
    assert [claims.find(name).number for name in MINE] == [25, 26, 27]
    numbers = [claim.number for claim in claims.about("rectify")]
    assert numbers == sorted(numbers)
