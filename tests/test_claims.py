"""Verdicts follow from numbers: arrays with known answers get the verdict they deserve."""

import re
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relubook import claims, paper, records
from relubook.claims import measures, values
from relubook.claims.statistics import Estimate

ALL = list(claims.CLAIMS.values())
NAMED = {"argvalues": ALL, "ids": [claim.id for claim in ALL]}
L1 = paper.PROTOCOL["l1"].value


def networks(zeros, error, *, l1=None, diverged=None):
    """A record's arrays from zeros [%] and test error [%]."""
    n = len(zeros)
    return {
        "zeros": np.asarray(zeros, float) / 100,
        "test_error": np.asarray(error, float) / 100,
        "l1": np.full(n, 0.5) if l1 is None else np.asarray(l1, float),
        "diverged": np.full(n, -1) if diverged is None else np.asarray(diverged),
    }


def like_figure_3(*, rise=0.07, slope=0.0, bend=87.0, n=120, noise=0.05, seed=1):
    """Networks around a line that bends."""
    generator = np.random.default_rng(seed)
    zeros = np.sort(generator.uniform(72, 99, n))
    error = 1.4 + slope * (zeros - 80) + rise * np.maximum(zeros - bend, 0)
    return networks(zeros, error + noise * generator.standard_normal(n))


def verdict(claim, arrays):
    claim = claims.find(claim)
    return claims.Judgment(claim=claim, parts=claim.test(arrays), scale="laptop").verdict


def the_papers_networks():
    return networks(*paper.FIGURE_3.array().T)


# The rule


def part(value, low, high, *, region, contains=None, n=10):
    estimate = Estimate(value=value, low=low, high=high, visible=1.0, n=n, method="t interval")
    return claims.Part(
        what="a number", estimate=estimate, unit="%", region=region, contains=contains
    )


@pytest.mark.parametrize(
    ("numbers", "region", "expected"),
    [
        ((5.0, 4.0, 6.0), (3.0, 7.0), "holds"),
        ((6.5, 5.0, 8.0), (3.0, 7.0), "holds"),  # precise enough, and the estimate lies inside
        ((5.0, 1.0, 9.0), (3.0, 7.0), "undecided"),  # wider than the region
        ((7.5, 6.5, 8.5), (3.0, 7.0), "undecided"),  # outside, but the interval reaches in
        ((9.0, 8.0, 10.0), (3.0, 7.0), "not here"),
        ((1.0, 0.0, 2.0), (3.0, 7.0), "not here"),
        ((5.0, 4.0, 6.0), (3.0, np.inf), "holds"),
        ((5.0, 2.0, 8.0), (3.0, np.inf), "undecided"),
        ((1.0, 0.0, 2.0), (3.0, np.inf), "not here"),
        ((np.nan, np.nan, np.nan), (3.0, 7.0), "undecided"),
    ],
)
def test_the_rule_of_a_part(numbers, region, expected):
    assert part(*numbers, region=region).verdict == expected


def test_an_interval_must_contain_its_value_and_be_narrow_enough_to_mean_it():
    flat = {"region": (-0.03, 0.03), "contains": 0.0}
    assert part(0.001, -0.01, 0.012, **flat).verdict == "holds"
    assert part(0.01, 0.005, 0.015, **flat).verdict == "not here"
    assert part(0.01, -0.05, 0.07, **flat).verdict == "undecided"


def test_too_few_measurements_decide_nothing():
    assert part(5.0, 5.0, 5.0, region=(3.0, 7.0), n=4).verdict == "undecided"


@settings(deadline=None)
@given(st.lists(st.sampled_from(["holds", "not here", "undecided"]), min_size=1, max_size=5))
def test_parts_combine_alike_in_any_order(verdicts):
    combined = values.combine(verdicts)
    assert combined == values.combine(verdicts[::-1])
    assert (combined == "holds") == (set(verdicts) == {"holds"})
    assert (combined == "not here") == ("not here" in verdicts and "holds" not in verdicts)
    assert (combined == "partly") == ({"holds", "not here"} <= set(verdicts))


def test_a_number_for_information_decides_nothing():
    informing = part(5.0, 4.0, 6.0, region=None)
    assert informing.verdict is None
    claim = claims.find("plateau-to-85")
    parts = (part(5.0, 4.0, 6.0, region=(3.0, 7.0)), informing)
    assert claims.Judgment(claim=claim, parts=parts, scale="laptop").verdict == "holds"
    assert "for information" in str(informing)


# Claim by claim


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ((50.0, 50.0, 50.0), "holds"),
        ((50.0, 50.0, 60.0), "partly"),
        ((40.0, 60.0, 55.0), "not here"),
    ],
)
def test_half_zeros_are_judged_layer_by_layer(layers, expected):
    seeds = np.random.default_rng(0).normal(0, 0.8, (2, 10, 3))
    arrays = {"zero_fraction": (np.array(layers) + seeds) / 100}
    assert verdict("half-zeros-at-initialization", arrays) == expected


def test_half_zeros_of_few_or_widely_scattered_seeds_are_undecided():
    few = {"zero_fraction": np.full((2, 4, 3), 0.5)}
    wild = {"zero_fraction": 0.5 + np.random.default_rng(0).normal(0, 0.1, (2, 6, 3))}
    assert verdict("half-zeros-at-initialization", few) == "undecided"
    assert verdict("half-zeros-at-initialization", wild) == "undecided"


@pytest.mark.parametrize(
    ("zeros", "expected"), [(83.4, "holds"), (79.0, "holds"), (93.0, "not here")]
)
def test_exact_sparsity_is_that_of_the_papers_penalty_alone(zeros, expected):
    spread = np.linspace(-0.5, 0.5, 5)
    arrays = networks(
        np.concatenate([zeros + spread, 20 + spread, 30 + spread]),
        np.full(15, 1.5),
        l1=[1.02 * L1] * 5 + [1.1 * L1] * 5 + [0.0] * 5,
    )
    assert verdict("exact-sparsity-mnist", arrays) == expected


def test_exact_sparsity_without_networks_of_that_penalty_is_undecided():
    assert verdict("exact-sparsity-mnist", like_figure_3()) == "undecided"


def test_the_papers_own_networks_hold_the_claims_made_from_them():
    assert verdict("plateau-to-85", the_papers_networks()) == "holds"
    assert verdict("too-sparse-hurts", the_papers_networks()) == "holds"


def test_the_papers_own_networks_give_the_numbers_known_for_them():
    below, above, bend, *_ = measures.plateau(the_papers_networks())
    assert (below.estimate.n, above.estimate.n) == (99, 71)
    assert below.estimate.value == pytest.approx(0.0021, abs=5e-5)
    assert above.estimate.value == pytest.approx(0.060, abs=1e-3)
    assert bend.estimate.value == pytest.approx(87.0, abs=0.2)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        ({}, "holds"),
        ({"rise": 0.0}, "partly"),  # flat all the way
        ({"bend": 76.0, "rise": 0.025, "noise": 0.02}, "not here"),  # too early and too slowly
        ({"bend": 76.0}, "partly"),  # it rises enough, but much too early
        ({"slope": -0.03, "rise": 0.12}, "partly"),  # zeros help before they hurt
        ({"n": 6}, "undecided"),
    ],
)
def test_the_plateau_is_judged_by_its_flatness_its_rise_and_its_end(shape, expected):
    assert verdict("plateau-to-85", like_figure_3(**shape)) == expected


def test_collapsed_and_diverged_networks_bend_no_line_and_are_counted():
    arrays = like_figure_3()
    ruined = networks([99.9] * 7 + [80.0], [90.0] * 7 + [np.nan], diverged=[-1] * 7 + [3])
    both = {name: np.concatenate([arrays[name], ruined[name]]) for name in arrays}
    before, after = measures.plateau(arrays), measures.plateau(both)
    assert before[:-1] == after[:-1]
    assert (before[-1].estimate.value, after[-1].estimate.value) == (0, 8)


@pytest.mark.parametrize(
    ("zeros", "expected"), [(72.9, "holds"), (66.0, "holds"), (62.0, "not here"), (90, "not here")]
)
def test_sparsity_without_a_penalty_looks_at_unpenalized_networks_alone(zeros, expected):
    zeros = zeros + np.linspace(-0.5, 0.5, 5)
    arrays = networks([*zeros, 50, 50], [1.5] * 7, l1=[0.0] * 5 + [1e-9] * 2)
    assert verdict("sparse-without-penalty", arrays) == expected


@pytest.mark.parametrize(
    ("error", "expected"), [(2.3, "holds"), (1.4, "not here"), (1.96, "undecided")]
)
def test_too_sparse_compares_the_sparsest_with_the_plateau(error, expected):
    spread = np.linspace(-0.1, 0.1, 10)
    arrays = networks(
        [80] * 10 + [92] * 10 + [98] * 10, [*(1.4 + spread)] * 2 + [*(error + spread)]
    )
    assert verdict("too-sparse-hurts", arrays) == expected


def test_nothing_as_sparse_as_that_leaves_the_claim_undecided():
    assert verdict("too-sparse-hurts", networks([80] * 10, [1.4] * 10)) == "undecided"


# Claims as data


@pytest.mark.parametrize("claim", **NAMED)
def test_a_claim_has_all_its_fields(claim):
    assert re.fullmatch(r"[a-z0-9-]+", claim.id)
    pages = claim.page.split("-") if claim.page else []  # none: the claim is the book's own
    assert all(315 <= int(page) <= 323 for page in pages)
    assert claim.statement.endswith(".")
    assert claim.paper or "the paper gives no number" in claim.threshold
    assert claim in claims.about(claim.chapter)
    assert len(claim.flips) >= 2
    assert claim.interval
    assert claim.threshold
    assert claim.twin.__doc__
    assert claim.test.__doc__


def test_claims_have_numbers_and_ids_of_their_own():
    assert len({claim.number for claim in ALL}) == len(ALL)
    assert [claims.find(claim.id) for claim in ALL] == ALL
    with pytest.raises(ValueError, match="Did you mean 'plateau-to-85'"):
        claims.find("plateau-to-58")


# Claims and records


@pytest.mark.parametrize("claim", **NAMED)
def test_a_committed_record_of_enough_seeds_judges_every_claim(claim):
    judgment = claims.judge(claim)
    assert judgment.verdict in get_args(claims.Verdict)
    assert judgment.n >= 5
    assert judgment.passport["commit"]


@pytest.fixture
def shelf(tmp_path):
    """Puts a record with the paper's own networks on a shelf."""

    def put(scale):
        record = records.Record(
            experiment="figure-3",
            scale=scale,
            data="mnist",
            digest="0" * 16,
            config={},
            passport={"command": f"made at {scale}"},
            arrays=the_papers_networks(),
        )
        records.save(record, tmp_path)
        return tmp_path

    return put


def test_the_largest_record_judges(shelf):
    assert claims.judge("plateau-to-85", folder=shelf("laptop")).scale == "laptop"
    judgment = claims.judge("plateau-to-85", folder=shelf("paper"))
    assert (judgment.scale, judgment.verdict) == ("paper", "holds")
    assert judgment.passport["command"] == "made at paper"


def test_a_judgment_says_what_it_could_have_seen(shelf):
    judgment = claims.judge("plateau-to-85", folder=shelf("laptop"))
    assert judgment.n == 71
    assert len(judgment.power) == 3
    assert judgment.power[0].endswith("points per % of zeros")


def test_a_claim_without_a_record_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(
        LookupError, match="relubook reproduce figure-3 --scale laptop --data mnist"
    ):
        claims.judge("plateau-to-85", folder=tmp_path)


def test_a_smoke_record_judges_nothing(shelf):
    with pytest.raises(LookupError, match="No record tests"):
        claims.judge("plateau-to-85", folder=shelf("smoke"))


def test_a_mean_that_is_zero_but_for_rounding_is_written_as_zero():
    found = Estimate(value=-1.4e-15, low=-0.9, high=0.9, visible=1.0, n=5, method="t interval")
    part = values.Part(what="gain", estimate=found, unit="points")
    assert str(part).startswith("gain: 0 points, 95 % t interval -0.9 to 0.9")
