"""Relatives side by side, normalized starts, their claims and their table."""

import dataclasses

import numpy as np
import pytest
import torch

from relubook import claims, datasets, experiments, records
from relubook.claims import relatives as about
from relubook.claims.relatives_table import COLUMNS, table
from relubook.experiments import normalized_starts, relatives
from relubook.experiments.relatives_networks import begin, codes
from relubook.experiments.relatives_values import KINDS, by_seed
from relubook.experiments.training_map_courses import begin as begin_deep

NAMES = list(KINDS)
CLAIMS = {claim.id: claim for claim in about.CLAIMS}


@pytest.fixture(scope="module")
def smoke():
    return experiments.reproduce("relatives", scale="smoke")


def verdict(claim, arrays):
    parts = CLAIMS[claim].test(arrays)
    return claims.Judgment(claim=CLAIMS[claim], parts=parts, scale="laptop").verdict


def made_up(**points):
    """A record's arrays in which these kinds save so many points, and the shift of each."""
    spread = np.linspace(-0.2, 0.2, 10)
    errors = np.tile(5 + spread, (len(NAMES), 1))
    for name, saved in points.items():
        errors[NAMES.index(name)] -= saved + 0.05 * np.sin(np.arange(10))
    shift = np.ones((len(NAMES), 10, 3))
    shift[[NAMES.index(name) for name in ("ELU", "SELU")]] = 0.4 + spread[:, None]
    return {
        "test_error": errors / 100, "mean_over_abs": shift, "mean_over_sd": shift,
        "slope": np.full((10, 3), 0.2), "rate": np.array([0.1, 0.4, 0.2]),
        "diverged": np.full((len(NAMES), 10), -1),
        "rate_validation": np.full((len(NAMES), 3, 3), 0.07),
        "rate_diverged": np.full((len(NAMES), 3, 3), -1),
    }  # fmt: skip


def test_who_has_zeros_and_who_has_more_to_learn(smoke):
    zeros = dict(zip(NAMES, smoke.arrays["zeros"].mean((1, 2)), strict=True))
    assert all(zeros[name] == 0 for name in ("leaky", "PReLU", "RReLU", "ELU", "SELU", "tanh"))
    assert zeros["CReLU"] >= 0.5
    assert min(zeros[name] for name in ("rectifier", "squared rectifier", "dropout")) > 0.2
    count = dict(
        zip(NAMES, smoke.arrays["parameters"] - smoke.arrays["parameters"][0], strict=True)
    )
    units = smoke.config["width"] * smoke.config["depth"]
    assert (count["leaky"], count["PReLU"], count["batch normalization"]) == (0, units, 2 * units)
    assert count["CReLU, half the units"] < 0 < count["CReLU"]


def test_shifts_and_zeros_are_those_of_a_plain_count():
    data = datasets.load("mnist-5k").subset(train=32, test=40)
    network = begin(KINDS["CReLU"], data, width=6, depth=2, seeds=(3, 4))
    found = codes(network, data.test.x, np.array([0, -1]))
    h = network.view(slice(0, 1)).hidden(data.test.x.unsqueeze(0))[1][0].detach().double().numpy()
    assert found["zeros"][0, 1] == pytest.approx((h == 0).mean())
    assert found["dead"][0, 1] == pytest.approx((h == 0).all(axis=0).mean())
    assert found["mean_over_abs"][0, 1] == pytest.approx(abs(h.mean()) / np.abs(h).mean())
    size = np.sqrt((h.mean(axis=0) ** 2).mean() / h.var(axis=0).mean())
    assert found["mean_over_sd"][0, 1] == pytest.approx(size)
    assert all(np.isnan(values[1]).all() for values in found.values())


def test_every_drawing_has_words_and_an_axis_with_a_unit(smoke):
    result, below = experiments.result(smoke), experiments.subtitle(smoke)
    fig = relatives.draw_shift(result, below)
    assert fig.axes[0].get_ylabel().endswith("(1)")
    assert relatives.describe_shift(result).endswith(".")
    lost = dataclasses.replace(
        result,
        best_epoch=np.where(result.best_epoch == result.best_epoch[0, 0], -1, result.best_epoch),
        diverged=np.zeros_like(result.diverged),
        test_error=np.where(np.arange(2) == 0, np.nan, result.test_error),
    )
    assert "28 of 28 networks diverged" in relatives.describe(lost)
    crosses = [
        line for line in relatives.draw(lost, below).axes[0].lines if line.get_marker() == "x"
    ]
    assert len(crosses) == len(NAMES)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ({"leaky": 0.3, "PReLU": 0.3, "RReLU": 0.3}, "holds"),
        ({"leaky": 0.3, "PReLU": 0.3, "RReLU": -0.3}, "partly"),
        ({"leaky": 0.3, "PReLU": 0.3, "RReLU": 0.0}, "undecided"),
        ({"leaky": -0.3, "PReLU": -0.3, "RReLU": 0.0}, "not here"),
    ],
)
def test_all_three_slopes_must_save_errors(points, expected):
    assert verdict("a-slope-below-zero-helps", made_up(**points)) == expected
    smooth = dict(zip(("ELU", "GELU", "SiLU"), points.values(), strict=True))
    assert verdict("smooth-relatives-help", made_up(**smooth)) == expected


def test_one_rate_for_all_is_the_largest_at_which_nothing_diverged():
    arrays = made_up()
    arrays["rate_diverged"][NAMES.index("RReLU"), 1, 2] = 3
    arrays["rate_validation"][NAMES.index("leaky"), 2] = 0.05
    parts = [part for part in about.slope_below_zero(arrays) if "all at rate 0.2" in part.what]
    assert [round(part.estimate.value, 6) for part in parts] == [2, 0, 0]
    assert not any(part.decisive for part in parts)


def test_both_elus_must_be_nearer_to_zero_by_a_tenth():
    arrays = made_up()
    assert verdict("elu-centers", arrays) == "holds"
    arrays["mean_over_abs"][NAMES.index("SELU")] = 0.95
    assert verdict("elu-centers", arrays) == "partly"


def test_normalization_is_judged_by_the_cells_in_which_each_seed_learns():
    error = np.full((2, 4, 5, 5, 8), 0.9)
    error[0, 0, :2] = 0.1
    assert verdict("normalization-repairs-starts", {"error": error}) == "not here"
    error[1, :, :3] = 0.1
    assert verdict("normalization-repairs-starts", {"error": error}) == "holds"
    np.testing.assert_allclose(normalized_starts.share_that_learns(error), [[0.1] * 5, [0.6] * 5])
    error[0, 0, 0, :, -1] = np.nan  # diverged in the last epoch
    assert (normalized_starts.last_errors(error)[0, 0, 0] == 1).all()
    assert normalized_starts.share_that_learns(error)[0].tolist() == [0.05] * 5


def test_normalized_networks_begin_with_the_weights_of_the_plain_ones():
    data = datasets.load("mnist-5k").subset(train=32)
    pair = [
        begin_deep(data, activation=name, width=5, depth=3, start="He", seeds=(2,))
        for name in normalized_starts.KINDS.values()
    ]
    for plain, normalized in zip(*(network.stacked_layers() for network in pair), strict=True):
        assert torch.equal(plain.weight, normalized.weight)


def test_the_table_says_what_the_record_says(smoke):
    shown = table(smoke)
    assert [row.unit for row in shown.rows] == NAMES
    for row in shown.rows:
        errors = 100 * by_seed(smoke.arrays, "test_error", row.unit)
        assert row.written(COLUMNS[0])[0] == f"{errors.mean():.2f}"
        assert f">{errors.mean():.2f} <small>" in shown._repr_html_()
    assert shown.rows[0].written(COLUMNS[1]) == ("0.00", "")
    assert shown.rows[0].written(COLUMNS[-1])[0] == "1.00"
    assert len(repr(shown).splitlines()) == shown._repr_html_().count('<th scope="row">')
    assert shown._repr_html_().count('<th scope="col">') == len(COLUMNS) + 3


def test_a_network_that_diverged_later_counts_for_nothing_either(smoke):
    diverged = smoke.arrays["diverged"].copy()
    diverged[NAMES.index("ELU"), 0] = 1
    arrays = {**smoke.arrays, "diverged": diverged}
    for quantity in ("test_error", "zeros", "mean_over_abs"):
        found = by_seed(arrays, quantity, "ELU")
        assert np.isfinite(found).tolist() == [False, True]
        assert found[1] == by_seed(smoke.arrays, quantity, "ELU")[1]


def test_the_table_counts_the_networks_that_diverged(smoke):
    diverged = smoke.arrays["diverged"].copy()
    diverged[NAMES.index("ELU")] = 0
    shown = table(dataclasses.replace(smoke, arrays={**smoke.arrays, "diverged": diverged}))
    names = [row.name for row in shown.rows]
    assert names[NAMES.index("ELU")] == f"ELU ({diverged.shape[1]} diverged)"
    assert names[NAMES.index("SELU")] == "SELU"


@pytest.mark.parametrize("data", ["mnist", "mnist-5k"])
def test_the_chosen_rate_is_the_best_of_those_that_all_networks_survive(data):
    arrays = records.load("relatives", scale="laptop", data=data).arrays
    survived = (arrays["rate_diverged"] < 0).all(axis=-1)
    assert survived.any(axis=-1).all()
    medians = np.where(survived, np.median(arrays["rate_validation"], axis=-1), np.inf)
    places = [arrays["rate"].tolist().index(rate) for rate in arrays["chosen"]]
    assert [row[at] for row, at in zip(medians, places, strict=True)] == medians.min(
        axis=1
    ).tolist()


def test_a_table_of_another_record_is_refused(smoke):
    with pytest.raises(ValueError, match=r"must be one of relatives\. Got growth"):
        table(dataclasses.replace(smoke, experiment="growth"))
