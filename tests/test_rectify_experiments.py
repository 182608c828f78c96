"""Chapter 1's experiments: linear stacks, pairs, hinges, and noise under a threshold."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from relubook import experiments, records
from relubook.experiments import collapse, curves, noise_threshold, pairs, stacks
from relubook.experiments import hinges as by_count
from relubook.hinges import GRID
from relubook.networks import MLP
from relubook.widgets.hinge_data import check_hinges

NAMES = ("collapse", "pairs", "hinges", "noise-threshold")


@pytest.fixture(scope="module")
def smoke():
    return {name: experiments.reproduce(name, scale="smoke") for name in NAMES}


DRAWINGS = [
    ("collapse", "draw"),
    ("collapse", "draw_training"),
    ("pairs", "draw"),
    ("hinges", "draw"),
    ("hinges", "draw_starts"),
    ("noise-threshold", "draw"),
    ("noise-threshold", "draw_silence"),
]


@pytest.mark.parametrize(("name", "drawing"), DRAWINGS)
def test_each_drawing_has_a_finding_units_and_words(smoke, name, drawing):
    record = smoke[name]
    module, result = experiments.get(name), experiments.result(record)
    fig = getattr(module, drawing)(result, experiments.subtitle(record))
    (ax,) = fig.axes
    assert fig.get_suptitle()
    assert "seeds" in ax.get_title(loc="left")
    assert ax.get_xlabel()
    assert ax.get_ylabel().endswith(")")
    words = getattr(module, drawing.replace("draw", "describe"))(result)
    assert words.endswith(".")
    assert "nan" not in words
    fig.draw_without_rendering()
    edges = fig.bbox
    for text in fig.texts + ax.texts:
        if text.get_text():
            box = text.get_window_extent()
            assert edges.x0 - 2 <= box.x0, text.get_text()
            assert box.x1 <= edges.x1 + 2, text.get_text()


@pytest.mark.parametrize("name", ["hinges", "noise-threshold"])
def test_an_experiment_without_data_takes_none(name):
    with pytest.raises(ValueError, match=r"takes no data set\. Got 'mnist'"):
        experiments.configure(name, "laptop", "mnist")


# Linear stacks


@settings(max_examples=30)
@given(
    st.lists(st.integers(1, 30), min_size=2, max_size=8),
    st.integers(1, 3),
    st.integers(0, 1000),
)
def test_linear_layers_of_any_shape_collapse_into_one(sizes, models, seed):
    seeds = range(seed, seed + models)
    network = MLP(sizes, seeds=seeds, activation="linear", dtype=torch.float64)
    generator = torch.Generator().manual_seed(seed)
    for layer in network.stacked_layers():
        layer.bias.data = torch.randn(layer.bias.shape, generator=generator, dtype=torch.float64)
    x = torch.randn(models, 20, sizes[0], generator=generator, dtype=torch.float64)
    once = stacks.collapse(network)
    assert once.weight.shape == (models, sizes[0], sizes[-1])
    torch.testing.assert_close(once(x), network(x), rtol=1e-10, atol=1e-10)


def test_a_collapsed_layer_shares_no_weights_with_the_stack():
    network = MLP((3, 2), activation="linear")
    once = stacks.collapse(network)
    once.weight.data.zero_()
    assert network.stacked_layers()[0].weight.abs().sum() > 0


@pytest.mark.parametrize(
    "network",
    [MLP((3, 4, 2)), MLP((3, 4, 2), activation="linear", sign_trick=True)],
    ids=["rectifier", "signs"],
)
def test_what_is_not_linear_does_not_collapse(network):
    with pytest.raises(ValueError, match="Only linear layers collapse into one"):
        stacks.collapse(network)


def test_what_has_no_hidden_layer_is_one_layer_already():
    network = MLP((3, 2))
    assert torch.equal(stacks.collapse(network).weight, network.stacked_layers()[0].weight)


def test_only_bent_stacks_are_away_from_every_line():
    bent = {name: stacks.bent(name, 3, range(3)) for name in collapse.STACKED}
    assert (bent["linear"] < 1e-10).all()
    assert (bent["tanh"] > 0.1).all()
    assert (bent["rectifier"] > bent["tanh"]).all()
    assert (stacks.bent("rectifier", 1, range(3)) < 1e-10).all()  # one layer has no hidden units


def test_every_depth_gets_its_own_learning_rate_and_all_learn_from_the_first(smoke):
    result = experiments.result(smoke["collapse"])
    config = smoke["collapse"].config
    assert set(result.learning_rate.ravel()) <= set(config["learning_rates"])
    assert result.validation_error.shape[2:] == (config["epochs"], len(config["seeds"]))
    assert (result.differing == 0).all()
    np.testing.assert_array_equal(result.test_error[0, 0], result.test_error[1, 0])


def test_a_learning_rate_that_diverges_is_not_chosen():
    config = collapse.Config(
        data="mnist-5k", layers=(1,), hidden=(0, 2), width=20, learning_rates=(1e30, 0.1),
        seeds=(0, 1), epochs=1, train_examples=200,
    )  # fmt: skip
    result = collapse.run(config)
    assert (result.learning_rate == 0.1).all()
    assert np.isfinite(result.test_error).all()


# Pairs


def test_a_pair_keeps_what_one_rectifier_halves(smoke):
    result = experiments.result(smoke["pairs"])
    assert (result.rebuilt == 1).all()
    assert (result.folded == 1).all()
    assert ((result.kept > 0.2) & (result.kept < 0.8)).all()
    single, pair, _ = result.explained
    assert (pair > 0.99).all()  # not all: some units first speak on the other examples
    assert (single < 0.95).all()


def test_what_is_read_back_is_measured_on_other_examples():
    """Noise can be learned by heart with as many weights as examples, but not told in advance."""
    generator = torch.Generator().manual_seed(0)
    h, x = (torch.randn(1, 60, units, generator=generator) for units in (29, 3))
    assert pairs._explained(h, x)[0] < 0
    readable = h @ torch.randn(1, 29, 3, generator=generator) + 7
    assert pairs._explained(h, readable)[0] == pytest.approx(1)


# Hinges


def test_the_widgets_data_are_those_it_can_draw(smoke):
    data = by_count.builder_data(smoke["hinges"])
    check_hinges(data)
    assert data["counts"] == [1, 2, 3, 4, 6, 8, 12]
    assert np.array(data["error"]["sine"]["trained"]).shape == (7, 2)
    np.testing.assert_allclose(data["targets"]["sine"], np.sin(np.pi * GRID), atol=1e-6)
    assert data["passport"]["command"] == "relubook reproduce hinges --scale smoke --data curves"


def test_errors_belong_to_the_targets_they_are_named_after(smoke):
    result = experiments.result(smoke["hinges"])
    assert result.target.tolist() == [0, 0, 1, 1, 2, 3, 4]
    assert (result.error_best <= result.error_even + 1e-9).all()
    assert (result.largest_even >= result.error_even - 1e-9).all()
    np.testing.assert_array_equal(result.trained("step"), result.error_trained[2:4])
    np.testing.assert_array_equal(
        result.targets[0], curves.sine(GRID), err_msg="the first is the sine"
    )


def test_no_line_is_nearer_to_a_jump_than_half_of_it(smoke):
    result = experiments.result(smoke["hinges"])
    for largest in (result.largest_even[1], result.largest_best[1]):
        assert (largest >= 0.8 - 1e-9).all()
    assert (result.largest_trained[result.target == 1] >= 0.8 - 1e-6).all()


@given(st.integers(0, 10_000))
def test_random_curves_are_smooth_and_reach_one(seed):
    heights = curves.curve(GRID, seed)
    assert np.abs(heights).max() == pytest.approx(1)
    shortest_wave = 4 * np.pi  # of sin(4 pi x), whose slope is at most 4 pi times its height
    assert np.abs(np.diff(heights)).max() / 0.01 < 4 * shortest_wave
    np.testing.assert_array_equal(curves.curve(GRID, seed), heights)


@given(st.floats(-3, -0.1), st.floats(0.01, 10))
def test_the_exponent_of_a_power_is_found(power, factor):
    counts = np.array([1, 2, 8, 12, 24, 64])
    errors = factor * counts.astype(float) ** power
    errors[:3] = 1.0  # before the pieces are short anything may happen
    assert by_count.rate(counts, errors) == pytest.approx(power, abs=1e-6)


# Noise


@given(st.floats(0.1, 3), st.floats(0.2, 5))
def test_the_best_factor_leaves_no_better_one(scale, strength):
    generator = torch.Generator().manual_seed(0)
    signal = (torch.rand(200, generator=generator) < 0.3).double()
    answer = strength * signal + torch.randn(200, generator=generator, dtype=torch.float64)
    best = float(signal @ answer / (answer @ answer))
    found = noise_threshold.relative_error(signal, answer) * float(signal @ signal)
    assert found == pytest.approx(float((best * answer - signal).square().sum()))
    assert found <= float((scale * answer - signal).square().sum()) + 1e-9


def test_a_silent_unit_is_as_good_as_answering_zero():
    assert noise_threshold.relative_error(torch.ones(5).double(), torch.zeros(5).double()) == 1


def test_noise_is_silenced_as_often_as_the_normal_distribution_says():
    config = noise_threshold.Config(
        shares=(0.1,), noises=(0.3,), thresholds=(0.0, 0.5, 1.0, 2.0), seeds=(0, 1)
    )
    result = noise_threshold.run(config)
    silent = dict(zip(noise_threshold.UNITS, result.silent[:, 0, 0].mean(-1), strict=True))
    expected = ndtr(result.thresholds)
    np.testing.assert_allclose(noise_threshold.silent_rectifier(result.thresholds), expected)
    np.testing.assert_allclose(silent["rectifier"], expected, atol=0.005)
    np.testing.assert_allclose(silent["pair"], 2 * expected - 1, atol=0.005)
    assert (silent["identity"] == 0).all()
    assert (silent["tanh"] == 0).all()


def test_without_a_threshold_the_error_is_that_of_the_best_linear_answer():
    config = noise_threshold.Config(shares=(0.02, 0.5), noises=(0.3,), thresholds=(0.0,))
    error = noise_threshold.run(config).errors("identity", 0.3)[:, 0].mean(-1)
    share, noise = np.array([0.02, 0.5]), 0.3**2
    np.testing.assert_allclose(error, noise / (share + noise), rtol=0.01)


def test_a_threshold_helps_rare_signals_and_hurts_common_ones():
    config = noise_threshold.Config(
        shares=(0.02, 0.9), noises=(0.3,), thresholds=(0.0, 1.5), seeds=tuple(range(5))
    )
    rare, common = noise_threshold.run(config).errors("rectifier", 0.3)
    assert (rare[1] < 0.8 * rare[0]).all()
    assert (common[1] > 1.5 * common[0]).all()


def test_a_threshold_at_the_edge_of_those_tried_is_not_called_the_best():
    config = noise_threshold.Config(
        shares=(0.02, 0.9), noises=(0.3,), thresholds=(0.0, 1.0), seeds=(0,), draws=20_000
    )
    rare, common = noise_threshold.describe(noise_threshold.run(config)).split(";")
    assert "best of all thresholds tried the largest, 1 standard deviations" in rare
    assert "no threshold tried above 0 helps, error" in common
    assert "best" not in common


@pytest.mark.parametrize("name", ["noise-threshold", "working-range"])
def test_the_line_below_a_title_is_true_for_all_drawings_and_fits(name):
    record = records.load(name, scale="laptop", data=experiments.configure(name, "laptop").data)
    lines = experiments.subtitle(record).split("\n")
    assert max(map(len, lines)) <= 76
    words = " ".join(lines)
    if name == "noise-threshold":
        assert "0.3 (for errors) or 0.1, 0.3, 0.5 (for silence)" in words
    else:
        assert "Figure 1's neuron; where a point is a neuron, 5 seeds of 25 random" in words
