"""Verdicts about cost follow from times: made-up ones with known ratios get theirs."""

import sys

import numpy as np
import pytest

from relubook import claims, cli, experiments, paper
from relubook.experiments.unit_race import UNITS

ROUNDS, SEEDS = 9, 5
L1 = paper.PROTOCOL["l1"].value
SCATTER = 1 + 0.01 * np.linspace(-1, 1, ROUNDS)


def unit_times(*, tanh=3.0, softplus=15.0, memory=1.1, spent=(1.0, 2.0, 5.0)):
    """A record of "unit-cost": times as long as a rectifier, and milliseconds of a 100 ms step.

    Args:
        tanh: Of the function, in cache.
        softplus: Of the function, in cache.
        memory: Of any other unit from memory.
        spent: Of rectifier, tanh and softplus at width 1,000; the others are as tanh.
    """
    units = {"rectifier": 1.0, "tanh": tanh, "softplus": softplus}
    forward = np.full((len(UNITS), 2), 2.0)
    for place, name in enumerate(UNITS):
        forward[place] = units.get(name, 2.0), 1.0 if name == "rectifier" else memory
    times = dict(zip(("rectifier", "tanh", "softplus"), spent, strict=True))
    activation = np.array([times.get(name, spent[1]) for name in UNITS])
    shape = (len(UNITS), 2, 2, ROUNDS)
    return {
        "size": np.array([100_000, 10_000_000]),
        "width": np.array([64, 1000]),
        "batch": np.array([10, 128]),
        "copy": np.ones((2, ROUNDS)),
        "forward": forward[..., None] * SCATTER,
        "backward": forward[..., None] * SCATTER,
        "activation": np.broadcast_to(activation[:, None, None, None], shape) * SCATTER,
        "step": np.full(shape, 100.0),
    }


def zero_times(*, one=0.5, many=4.0, csr=None, seeds=SEEDS):
    """A record of "skipping-zeros": time of gathering over the dense way, for 1 and for 64."""
    csr = (one, many) if csr is None else csr
    ratio = np.array([[1.0, 1.0], [one, many], csr])  # [methods batches]
    l1 = np.repeat([0.0, L1, 5 * L1], seeds)
    faster = np.where(l1 == L1, 1.0, 100.0)  # what other networks do must not matter
    scatter = 1 + 0.01 * np.linspace(-1, 1, seeds)
    time = np.ones((3 * seeds, 3, 2, 7)) * ratio[None, :, :, None]
    time[:, 1:] *= (faster * np.tile(scatter, 3))[:, None, None, None]
    layer = np.ones((3, 4, 2, 7))
    layer[1] = np.array([8, 2, 0.5, 0.1])[:, None, None]
    return {
        "zeros": np.array([0.0, 0.5, 0.8, 0.99]),
        "batch": np.array([1, 64]),
        "layer_time": layer,
        "network_l1": l1,
        "network_zeros": np.full((3 * seeds, 3), 0.7),
        "network_time": time,
        "network_union": np.full((3 * seeds, 3, 2), 0.9),
    }


def verdict(name, arrays):
    claim = claims.find(name)
    return claims.Judgment(claim=claim, parts=claim.test(arrays), scale="laptop").verdict


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ({}, "holds"),
        ({"tanh": 1.6, "softplus": 1.6}, "holds"),
        ({"tanh": 1.4}, "partly"),
        ({"tanh": 1.2, "softplus": 1.2}, "not here"),
        ({"tanh": 1.5}, "undecided"),
        ({"tanh": 3.0, "memory": 0.5}, "holds"),
    ],
)
def test_functions_are_judged_in_cache_against_one_and_a_half(times, expected):
    arrays = unit_times(**times)
    if times.get("tanh") == 1.5:
        arrays["forward"][0] *= SCATTER[::-1]
    assert verdict("no-exponential", arrays) == expected


@pytest.mark.parametrize(
    ("spent", "expected"),
    [
        ((1.0, 2.0, 5.0), "not here"),
        ((1.0, 2.0, 8.0), "partly"),
        ((1.0, 7.0, 12.0), "holds"),
        ((1.0, 6.0, 12.0), "undecided"),  # 5 % to the digit
    ],
)
def test_training_is_judged_by_what_rectifiers_would_save(spent, expected):
    assert verdict("cheaper-training", unit_times(spent=spent)) == expected


@pytest.mark.parametrize(
    ("ratio", "expected"), [(0.5, "holds"), (0.9, "holds"), (1.0, "undecided"), (2.0, "not here")]
)
def test_single_examples_are_judged_by_gathering_under_the_papers_penalty(ratio, expected):
    assert verdict("zeros-skipped-one-by-one", zero_times(one=ratio)) == expected
    assert verdict("zeros-skipped-one-by-one", zero_times(one=ratio, csr=(0.1, 0.1))) == expected


@pytest.mark.parametrize(
    ("ratio", "csr", "expected"),
    [(4.0, 3.0, "not here"), (0.5, 4.0, "holds"), (4.0, 0.5, "holds"), (1.0, 4.0, "undecided")],
)
def test_batches_are_judged_by_the_faster_of_two_ways(ratio, csr, expected):
    arrays = zero_times(many=ratio, csr=(1.0, csr))
    assert verdict("zeros-skipped-in-batches", arrays) == expected


def test_speed_is_times_as_fast_and_seeds_are_its_measurements():
    speed, *_ = claims.find("zeros-skipped-one-by-one").test(zero_times(one=0.5))
    assert speed.estimate.n == SEEDS
    assert speed.estimate.value == pytest.approx(2.0, rel=1e-3)
    assert "1 at a time, L1 0.001" in speed.what


def test_few_seeds_decide_nothing():
    assert verdict("zeros-skipped-one-by-one", zero_times(seeds=4)) == "undecided"


def test_the_crossing_of_a_layer_is_told_for_information():
    for name in ("zeros-skipped-one-by-one", "zeros-skipped-in-batches"):
        parts = claims.find(name).test(zero_times())
        (crossing,) = [part for part in parts if "gathers faster" in part.what]
        assert crossing.estimate.value == pytest.approx(65.0)
        assert crossing.verdict is None


@pytest.mark.parametrize("claim", claims.about("cost"), ids=lambda claim: claim.id)
def test_a_real_record_has_what_the_claims_about_cost_read(claim):
    record = experiments.reproduce(claim.experiment, scale="smoke")
    parts = claim.test(record.arrays)
    assert all(part.what for part in parts)
    assert any(part.decisive for part in parts)


def test_claims_are_found_by_their_chapter():
    assert {claim.number for claim in claims.about("cost")} == {21, 22, 23, 24}
    sizes = [len(claims.about(chapter)) for chapter in ("sparsity", "cost")]
    assert sum(sizes) <= len(claims.CLAIMS)
    with pytest.raises(ValueError, match=r"No claim is about 'costs'\. Did you mean 'cost'"):
        claims.about("costs")


def test_a_claim_without_a_record_is_listed_with_the_command_that_makes_one(
    monkeypatch, capsys, tmp_path
):
    judge = claims.judge
    monkeypatch.setattr(claims, "judge", lambda claim: judge(claim, folder=tmp_path))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "argv", ["relubook", "claims"])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    out = " ".join(capsys.readouterr().out.split())  # the terminal's width breaks lines
    assert stopped.value.code == 0
    assert out.count("not yet tested") == len(claims.CLAIMS)
    assert "relubook reproduce skipping-zeros --scale laptop --data mnist" in out
