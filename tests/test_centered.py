"""Centered inputs: what is subtracted, who dies, and what is read from it."""

import dataclasses

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from relubook import claims, datasets, experiments, figures
from relubook.claims import centered as about
from relubook.experiments import centered
from relubook.experiments.centered import shared_part
from relubook.experiments.centered_values import INPUTS, added, dead, dead_by_seed, errors
from relubook.experiments.pretrained import STARTS

CLAIM = about.CLAIMS[0]


@pytest.fixture(scope="module")
def digits():
    return datasets.load("mnist-5k").subset(train=120, validation=60, test=80)


@pytest.fixture(scope="module")
def smoke():
    return experiments.reproduce("centered-inputs", scale="smoke")


def small(**changes):
    config = centered.configure("smoke")
    return dataclasses.replace(config, **({"examples": (100, 60, 80), "hidden": (12, 8)} | changes))


def test_the_mean_of_the_training_inputs_is_subtracted_everywhere(digits):
    found = centered.centered(digits)
    mean = digits.train.x.mean(0)
    for name in ("train", "validation", "test"):
        before, after = getattr(digits, name), getattr(found, name)
        assert_close(after.x + mean, before.x, rtol=0, atol=1e-6)
        assert torch.equal(after.y, before.y)
    assert found.train.x.mean(0).abs().max() < 1e-6
    assert found.test.x.mean(0).abs().max() > 0.01
    assert found.sha256 == digits.sha256


def test_other_splits_do_not_move_the_mean(digits):
    other = dataclasses.replace(digits, test=digits.validation, validation=digits.test)
    assert torch.equal(centered.centered(other).train.x, centered.centered(digits).train.x)


def test_the_shared_part_is_none_of_centered_inputs_and_all_of_equal_ones(digits):
    x = digits.train.x
    assert 0.2 < shared_part(x) < 0.6
    assert shared_part(centered.centered(digits).train.x) < 1e-9
    assert shared_part(x[:1].expand(5, -1)) == pytest.approx(1)
    assert shared_part(torch.zeros(3, 4)) == 0
    assert shared_part(x + 1) > shared_part(x)


def test_arrays_have_a_row_for_each_of_the_inputs(smoke):
    config, arrays = centered.configure("smoke"), smoke.arrays
    rows, starts, seeds = len(INPUTS), len(STARTS), len(config.seeds)
    layers, rates = len(config.hidden), len(config.restoring_rates)
    for name in ("test_error", "validation_error", "rate", "best_epoch", "diverged"):
        assert arrays[name].shape == (rows, starts, seeds)
    for name in ("restore_dead", "restore_error", "restore_rate"):
        assert arrays[name].shape == (rows, layers, seeds)
    assert arrays["restore_tried"].shape == (rows, layers, rates, seeds)
    assert arrays["dead_tried"].shape == arrays["error_tried"].shape == (rows, rates, seeds)
    assert arrays["zeros"].shape == (rows, starts, seeds, layers)
    np.testing.assert_array_equal(arrays["error_tried"], arrays["restore_tried"][:, 0])
    assert 0 < arrays["shared"] < 1


def test_the_layer_that_is_kept_is_one_of_those_tried(smoke):
    arrays = smoke.arrays
    best = arrays["error_tried"].argmin(axis=1)[:, None]
    kept = np.take_along_axis(arrays["dead_tried"], best, axis=1)[:, 0]
    np.testing.assert_array_equal(kept, arrays["restore_dead"][:, 0])
    np.testing.assert_array_equal(
        arrays["restoring_rates"][best[:, 0]], arrays["restore_rate"][:, 0]
    )


def test_a_seed_among_others_is_the_seed_alone():
    together, alone = (centered.run(small(seeds=seeds)) for seeds in ((3, 4), (4,)))
    by_seed = {"zeros": -2}  # its axis of seeds
    for name, values in alone.arrays().items():
        both = together.arrays()[name]
        if name not in ("restoring_rates", "shared"):
            both = both.take([1], axis=by_seed.get(name, -1))
        np.testing.assert_allclose(both, values, rtol=1e-4, atol=1e-6, err_msg=name)


def test_a_cut_run_goes_on_with_what_was_finished(tmp_path):
    config = small()
    whole = centered.run(config)

    def cut(done, total, text):
        if done > 0.8 * total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        centered.run(config, progress=cut, checkpoints=tmp_path / "run")
    found = {path.name for path in tmp_path.iterdir()}
    assert {f"run.as-they-are.{part}.npz" for part in ("restoring", "none", "with")} <= found
    assert "run.centered.restoring.npz" in found
    again = centered.run(config, checkpoints=tmp_path / "run")
    for name, values in again.arrays().items():
        np.testing.assert_array_equal(values, whole.arrays()[name], err_msg=name)
    with pytest.raises(ValueError, match="another run"):
        centered.run(dataclasses.replace(config, l1=0.01), checkpoints=tmp_path / "run")


def test_each_set_has_its_sizes_at_laptop():
    norb, mnist = (centered.configure("laptop", data=name) for name in ("norb", "mnist"))
    assert centered.configure("laptop") == norb
    assert (norb.hidden, norb.examples) == ((128, 64), (3_000, 600, 1_200))
    assert (mnist.hidden, mnist.examples) == ((128,) * 3, (2_000, 1_000, 2_000))


def made_up(own=60.0, less=0.0, *, kept=0.0, spread=1.0):
    """Arrays in which so many units are dead [%]; pretraining adds 2 points, or 0.5 if centered."""
    noise = spread * np.linspace(-1, 1, 5)
    levels = np.array([own, less])[:, None, None] + np.array([-10.0, 10.0])[:, None]
    error = np.array([[20.0, 22.0], [21.0, 21.5]])[..., None] + 0.1 * noise
    dead_kept = np.array([own, kept])[:, None, None] + np.zeros((2, 2, 5))
    return {
        "dead_tried": (levels + noise * np.array([1.0, 0.0])[:, None, None]) / 100,
        "error_tried": np.full((2, 2, 5), 50.0),
        "restore_dead": dead_kept / 100,
        "restore_error": np.full((2, 2, 5), 40.0),
        "test_error": error / 100,
        "diverged": np.full((2, 2, 5), -1),
        "shared": np.array(0.5),
    }


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        (made_up(60.0, 0.0), "holds"),
        (made_up(21.0, 0.0, spread=3.0), "undecided"),
        (made_up(60.0, 20.0, kept=20.0), "partly"),
        (made_up(10.0, 5.0, kept=9.0), "not here"),
    ],
)
def test_verdicts_follow_from_the_dead(arrays, expected):
    parts = CLAIM.test(arrays)
    assert claims.Judgment(claim=CLAIM, parts=parts, scale="laptop").verdict == expected


def test_what_informs_is_paired_and_decides_nothing():
    parts = CLAIM.test(made_up())
    assert [part.decisive for part in parts] == [True] * 2 + [False] * (len(parts) - 2)
    values = [part.estimate.value for part in parts]
    np.testing.assert_allclose(values, [60, 0, 2, 0.5, 1.5, 50, 40, 40], atol=1e-9)


def test_rates_without_a_finite_cost_are_left_out_for_both():
    arrays = made_up(60.0, 0.0, spread=0.0)
    arrays["error_tried"][1, 1, 2] = np.nan
    arrays["error_tried"][0, :, 4] = np.nan
    arrays["diverged"][0, 1, 3] = 6
    for inputs, level in zip(INPUTS, (60, 0), strict=True):
        shares = dead(arrays, inputs)
        assert np.isnan(shares).sum(axis=0).tolist() == [0, 0, 1, 0, 2]
        wanted = [level, level, level - 10, level, np.nan]
        np.testing.assert_allclose(dead_by_seed(arrays, inputs), wanted)
    assert np.isnan(errors(arrays, "as they are", "with")).tolist() == [False] * 3 + [True, False]
    assert np.isnan(added(arrays, "as they are")).sum() == 1
    assert [part.estimate.n for part in CLAIM.test(arrays)[:4]] == [4, 5, 4, 5]


def test_words_and_drawing_tell_the_numbers(smoke):
    result = experiments.result(smoke)
    figure = centered.draw(result, experiments.subtitle(smoke))
    words = centered.describe(result)
    assert words.endswith(".")
    for inputs in INPUTS:
        share = np.mean(dead_by_seed(smoke.arrays, inputs))
        assert f"{share:.0f} %" in figure.get_suptitle()
        assert f"{share:.1f} % ({inputs})" in words
        assert f"{np.mean(added(smoke.arrays, inputs)):+.2f} ±" in words
        for start in STARTS:
            assert f"{np.mean(errors(smoke.arrays, inputs, start)):.2f} %" in words
    left, right = figure.axes
    assert [text.get_text().count("\n") for text in right.get_yticklabels()] == [1] * 4
    assert "(%)" in left.get_ylabel()
    assert "(%)" in right.get_xlabel()
    assert figures.png(figure).startswith(b"\x89PNG")
    assert centered.compare(result) == []


def test_a_run_that_was_lost_is_drawn_and_told(smoke):
    result = experiments.result(smoke)
    lost = dataclasses.replace(
        result,
        diverged=np.zeros_like(result.diverged),
        error_tried=np.full_like(result.error_tried, np.nan),
    )
    assert "8 of 8 networks diverged" in centered.describe(lost)
    assert figures.png(centered.draw(lost, "")).startswith(b"\x89PNG")


def test_rates_at_an_end_of_their_grid_are_named(smoke):
    result = experiments.result(smoke)
    assert result.at_an_end() == []  # of two rates none lies within
    rows = np.zeros((2, 2, 3, 2)) + np.arange(3.0)[:, None]
    within = rows.copy()
    within[:, :, 1] = -1
    three = dataclasses.replace(
        result, restore_tried=rows, rate_validation=within, dead_tried=0.01 * rows[0],
        error_tried=rows[0], restoring_rates=np.array([0.01, 0.003, 0.001]),
    )  # fmt: skip
    ends = [f"{inputs}, layer {layer} restoring" for inputs in INPUTS for layer in (1, 2)]
    assert three.at_an_end() == ends
    assert f"Rates at an end of the grid: {'; '.join(ends)}." in centered.describe(three)


def test_the_twin_meets_its_expectation():
    assert [str(part) for part in CLAIM.twin() if part.verdict != "holds"] == []
