"""Four strategies of restoring: what is measured, and the claim and the table made of it."""

import copy
import dataclasses

import numpy as np
import pytest
import torch

from relubook import claims, datasets, experiments, figures
from relubook.claims import reconstruction as about
from relubook.claims.reconstruction_table import COLUMNS, table
from relubook.experiments import reconstruction
from relubook.experiments.pretrained import pretrained
from relubook.experiments.reconstruction_networks import again, relearn, restored, stuck
from relubook.experiments.reconstruction_values import KINDS, STARTS, errors, saved

CLAIM = about.CLAIMS[0]


@pytest.fixture(scope="module")
def smoke():
    return experiments.reproduce("reconstruction", scale="smoke")


@pytest.fixture(scope="module")
def data():
    return datasets.load("mnist-5k").subset(train=200, validation=60, test=50)


def learned(data, kind, depth=2):
    recipe = KINDS[kind].recipe(epochs=3, batch_size=10)
    found = pretrained(
        [12] * depth, data, activation="rectifier", seeds=(4, 5), rates=(0.02, 0.005),
        recipe=recipe, l1=1e-3,
    )  # fmt: skip
    return found, recipe


def best_of(layer):
    """The best weights by name."""
    names = [name for name, _ in layer.coder.named_parameters()]
    return dict(zip(names, layer.best, strict=True))


@pytest.mark.parametrize("kind", ["1 softplus", "3 linear, before", "4 rectifier"])
@pytest.mark.parametrize("position", [0, 1])
def test_a_layer_takes_the_same_way_again(data, kind, position):
    found, recipe = learned(data, kind)
    rates = found.arrays()["restore_rate"][position]
    layer = again(found.network, position, data, recipe)
    relearn(layer, rates, 1e-3)
    kept = found.network.stacked_layers()[position]
    best = best_of(layer)
    torch.testing.assert_close(best["encoder.weight"], kept.weight.detach(), rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(best["encoder.bias"], kept.bias.detach(), rtol=1e-4, atol=1e-5)
    lowest = found.arrays()["restore_error"][position]
    np.testing.assert_allclose(layer.lowest, lowest, rtol=1e-4)


def test_stuck_outputs_are_those_of_a_plain_count_and_get_no_gradient(data):
    found, recipe = learned(data, "4 rectifier", depth=1)
    layer = again(found.network, 0, data, recipe)
    layer.coder.bias.data[1] = -100.0  # the second network puts out nothing
    seen = stuck(layer)
    assert seen.share[1] == seen.silent[1] == 1
    assert 0 < seen.share[0] < 1
    assert (seen.gradient == 0).all()
    assert seen.free_gradient[0] > 0
    softplus = again(found.network, 0, data, KINDS["1 softplus"].recipe(epochs=1, batch_size=10))
    softplus.coder.bias.data[:] = -1.0
    assert (stuck(softplus).gradient > 0.01).all()
    linear = again(found.network, 0, data, KINDS["3 linear"].recipe(epochs=1, batch_size=10))
    assert stuck(linear).share[0] == seen.share[0]  # the same weights, the same z
    assert (stuck(linear).gradient > 0.1).all()


def test_a_pixel_counts_as_silent_by_its_ink(data):
    found, recipe = learned(data, "4 rectifier", depth=1)
    layer = again(found.network, 0, data, recipe)
    layer.coder.bias.data[:] = 100.0
    assert (stuck(layer).silent == 0).all()
    ink = data.validation.x.double().sum(0)
    rare = (ink > 0) & (ink < ink[ink > 0].median())  # half of the pixels that ever have ink
    layer.coder.bias.data[:, :, rare] = -100.0
    expected = float(ink[rare].sum() / ink.sum())
    assert expected < 0.2  # though half of them
    np.testing.assert_allclose(stuck(layer).silent, [expected] * 2, rtol=1e-6)


def test_what_restores_nothing_costs_what_was_masked(data):
    found, recipe = learned(data, "3 linear", depth=1)
    layer = again(found.network, 0, data, recipe)
    relearn(layer, [0.005, 0.005], 1e-3)
    after, masked = restored(layer, data.test.x)
    expected = 0.25 * float(data.test.x.square().sum(1).mean())
    assert masked == pytest.approx([expected] * 2, rel=0.1)
    for name in ("decoder", "bias"):
        best_of(layer)[name].zero_()  # an output of 0
    nothing, again_masked = restored(layer, data.test.x)
    assert nothing == pytest.approx([float(data.test.x.square().sum(1).mean())] * 2, rel=1e-5)
    np.testing.assert_array_equal(masked, again_masked)
    assert (after < nothing).all()


def test_the_kinds_differ_where_they_should(smoke):
    found = smoke.arrays
    tried = found["restore_tried"]
    first, by_unit = (list(KINDS).index(name) for name in ("2 logistic", "2 logistic, by unit"))
    after, before = (list(KINDS).index(name) for name in ("3 linear", "3 linear, before"))
    for pair in ((first, by_unit), (after, before)):
        np.testing.assert_array_equal(*(tried[kind, 0] for kind in pair))
        assert (tried[pair[0], 1] != tried[pair[1], 1]).all()
    free = list(KINDS).index("2 logistic, no penalty")
    assert (tried[free, 0] != tried[first, 0]).all()
    assert (found["stuck_gradient"] == 0).all()
    assert found["linear_below"].shape == found["stuck"][:, 0].shape
    np.testing.assert_array_equal(found["linear_below"][0], found["stuck"][0, 0])  # untrained
    assert (found["linear_below"][-1] != found["stuck"][-1, 0]).all()
    assert (found["masked"] > 0).all()


def test_what_was_chosen_with_labels_is_what_was_best(smoke):
    config = dataclasses.replace(
        reconstruction.configure("smoke"), rates=(0.3, 0.1, 0.001), seeds=(0, 1)
    )
    found = reconstruction.run(config).arrays()
    validation, places = found["rate_validation"], found["rate_validation"].argmin(axis=2)
    assert validation.shape == (len(STARTS), 2, 3, 2)
    np.testing.assert_array_equal(found["rate"], found["rates"][places])
    np.testing.assert_array_equal(found["validation_error"], validation.min(axis=2))
    np.testing.assert_array_equal(validation[:, :, 1], smoke.arrays["rate_validation"][:, :, 0])
    assert (found["best_epoch"] >= 0).all()
    assert (found["best_epoch"][:, 0] < config.few_epochs).all()


def test_most_seeds_at_an_end_of_a_grid_are_told(smoke):
    result = experiments.result(smoke)
    assert result.at_an_end() == result.restored_at_an_end() == []  # a single rate has no end
    result = copy.copy(result)  # with other numbers of rates and seeds than its other arrays
    rate = np.full((len(STARTS), 2, 5), 0.1)
    rate[0, 0, :3], rate[1, 1, :2], rate[2, 1] = 0.3, 0.3, 0.01
    restore = np.full((len(KINDS), 2, 5), 0.03)
    restore[-1, 1] = 0.1
    for name, values in {
        "rate": rate,
        "rates": np.array([0.3, 0.1, 0.01]),
        "restore_rate": restore,
        "tried": np.tile([0.1, 0.03, 0.01], (len(KINDS), 1)),
    }.items():
        object.__setattr__(result, name, values)
    assert result.at_an_end() == ["none, few labels", "2 logistic, all labels"]
    assert result.restored_at_an_end() == ["4 rectifier, layer 2"]
    assert reconstruction.describe(result).endswith(
        "Most seeds chose a rate at an end of the grid: none, few labels; 2 logistic, all labels. "
        "The same while restoring: 4 rectifier, layer 2."
    )


def test_a_run_that_was_cut_goes_on_to_the_same_numbers(smoke, tmp_path):
    config = reconstruction.configure("smoke")

    def cut(done, total, text):
        if done > 0.6 * total:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reconstruction.run(config, progress=cut, checkpoints=tmp_path / "run")
    assert any(tmp_path.iterdir())
    found = reconstruction.run(config, checkpoints=tmp_path / "run").arrays()
    for name, values in smoke.arrays.items():
        np.testing.assert_array_equal(found[name], values, err_msg=name)


def made_up(**points):
    """A record's arrays in which these kinds err so many points more than strategy 1."""
    spread = np.linspace(-0.2, 0.2, 5)
    rows = np.tile(20 + spread, (len(STARTS), 2, 1))
    for name, more in points.items():
        rows[STARTS.index(name)] += more + 0.05 * np.sin(np.arange(5))
    return {
        "test_error": rows / 100,
        "diverged": np.full(rows.shape, -1),
        "stuck": np.full((3, 2, 5), 0.2),
        "linear_below": np.full((3, 5), 0.1) + 0.01 * spread,
        "silent": np.full((3, 2, 5), 0.1),
        "stuck_gradient": np.zeros((2, 5)),
    }


def verdict(arrays):
    parts = CLAIM.test(arrays)
    return claims.Judgment(claim=CLAIM, parts=parts, scale="laptop").verdict


WORSE = {"2 logistic": 2.0, "3 linear": 1.0, "4 rectifier": 1.0}


def test_strategy_1_must_beat_one_of_each_other_number():
    assert verdict(made_up(**WORSE)) == "holds"
    assert verdict(made_up(**WORSE | {"3 linear, before": -3.0, "none": -9.0})) == "holds"
    assert verdict(made_up(**WORSE | {"4 rectifier": -1.0})) == "partly"
    assert verdict(made_up(**WORSE | {"4 rectifier": 0.0})) == "undecided"


@pytest.mark.parametrize(
    ("control", "expected"), [(0.1, "holds"), (0.2, "undecided"), (0.3, "partly")]
)
def test_strategy_4_must_be_stuck_more_often_than_its_control(control, expected):
    arrays = made_up(**WORSE) | {"linear_below": control + 0.01 * np.tile([-1, 0, 1, 0, 0], (3, 1))}
    assert verdict(arrays) == expected


def titled(smoke, arrays, draw=reconstruction.draw):
    """The title of a drawing of the smoke record with some other arrays."""
    result = copy.copy(experiments.result(smoke))
    for name, values in arrays.items():
        object.__setattr__(result, name, values)
    return draw(result).get_suptitle()


def test_a_best_is_named_only_if_it_is_told_from_the_next(smoke):
    clear = titled(smoke, made_up(none=9.0, **{"2 logistic": -1.0, "3 linear": 12.0}))
    assert "“2 logistic” errs least" in clear
    assert "6 err less than none, 1 more, 0 cannot be told from it" in clear
    close = titled(smoke, made_up(none=9.0, **{"2 logistic": -0.02}))
    assert "errs least" not in close
    assert "“2 logistic” and “" in close
    assert "have the lowest means and are not told apart (5 seeds)" in close


@pytest.mark.parametrize(
    ("control", "words"),
    [(0.1, "more in 4"), (0.2, "the two cannot be told apart"), (0.3, "fewer in 4")],
)
def test_the_title_about_stuck_outputs_is_that_of_an_interval(smoke, control, words):
    around = control + 0.01 * np.tile([-1.0, 0, 1, 0, 0], (3, 1))
    arrays = made_up() | {"linear_below": around}
    assert f"{words} (5 seeds)" in titled(smoke, arrays, reconstruction.draw_stuck)


def test_a_gradient_at_a_stuck_output_refutes_a_part():
    arrays = made_up(**WORSE)
    arrays["stuck_gradient"][0] = 1e-9
    assert verdict(arrays) == "partly"


def test_what_is_saved_is_paired_and_without_the_networks_that_diverged():
    arrays = made_up(none=3.0)
    arrays["diverged"][STARTS.index("4 rectifier"), 0, 1] = 7
    np.testing.assert_allclose(saved(arrays, "1 softplus", few=False), 3, atol=0.06)
    assert np.isnan(saved(arrays, "4 rectifier", few=True)).tolist() == [False, True] + [False] * 3
    assert np.isfinite(errors(arrays, "4 rectifier", few=False)).all()


def test_every_drawing_has_words_and_an_axis_with_a_unit(smoke):
    result, below = experiments.result(smoke), experiments.subtitle(smoke)
    for name in ("", "_all", "_stuck"):
        figure = getattr(reconstruction, f"draw{name}")(result, below)
        assert figure.axes[0].get_ylabel().endswith("(%)")
        assert figures.png(figure).startswith(b"\x89PNG")
        assert getattr(reconstruction, f"describe{name}")(result).endswith(".")
    lost = dataclasses.replace(result, diverged=np.zeros_like(result.diverged))
    assert "32 of 32 networks diverged" in reconstruction.describe(lost)
    assert "diverged" in reconstruction.draw(lost, below).get_suptitle()
    assert "by another 100 labeled digits" in below


def test_the_table_says_what_the_record_says(smoke):
    shown = table(smoke)
    assert [row.start for row in shown.rows] == list(STARTS)
    for row in shown.rows:
        written = f"{errors(smoke.arrays, row.start, few=True).mean():.2f}"
        assert row.written(COLUMNS[0])[0] == written
        written = {column.title: row.written(column)[0] for column in COLUMNS}
        for title in ("saved (points)", "dead before labels (%)"):
            assert (written[title] == "") == (row.start == "none")
        assert (written["restored (1)"] == "") == row.start.endswith(("by unit", "before"))
    page = shown._repr_html_()
    assert page.count("<tr>") == len(STARTS) + 1
    assert "test error, 20 labels (%)" in page
    assert "not pretrained, rates none: test error, 20 labels (%)" in repr(shown)
    with pytest.raises(ValueError, match=r"must be one of reconstruction\. Got other"):
        table(dataclasses.replace(smoke, experiment="other"))
