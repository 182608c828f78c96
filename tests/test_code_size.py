"""Sizes of codes: counted rightly, set beside the right thing, and judged as they deserve."""

import dataclasses

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from relubook import experiments
from relubook.claims import Judgment, variable_size
from relubook.experiments import code_size, code_sizes, quartet, strokes, word_counts
from relubook.experiments.sweep import open_data
from relubook.networks import MLP

SEEDS = 10
SCATTER = np.linspace(-1, 1, SEEDS)
(CLAIM,) = variable_size.CLAIMS


@pytest.fixture(scope="module")
def record():
    return experiments.reproduce("code-size", scale="smoke")


# Counting


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(quartet.UNITS), st.integers(1, 3), st.integers(1, 40), st.integers(0, 99))
def test_active_units_are_those_that_are_not_zero_one_by_one(name, depth, examples, seed):
    network = MLP((5, *[7] * depth, 3), seeds=[seed, seed + 1], activation=name)
    x = torch.randn(examples, 5, generator=torch.Generator().manual_seed(seed))
    counted = code_sizes.active(network, x)
    assert counted.shape == (2, examples, depth + 1)
    np.testing.assert_array_equal(counted[..., -1], counted[..., :-1].sum(-1))
    for layer, h in enumerate(network.hidden(x.expand(2, -1, -1))):
        for model in range(2):
            one_by_one = [sum(value != 0 for value in row) for row in h[model].tolist()]
            assert counted[model, :, layer].tolist() == one_by_one
    if name in ("softplus", "logistic"):
        assert (counted[..., -1] == 7 * depth).all()


def test_many_examples_are_counted_as_few_are():
    network, x = (
        MLP((5, 9, 3), seeds=[0, 1]),
        torch.randn(1203, 5, generator=torch.Generator().manual_seed(0)),
    )
    at_once = (network.hidden(x.expand(2, -1, -1))[0] != 0).sum(-1).numpy()
    np.testing.assert_array_equal(code_sizes.active(network, x)[..., 0], at_once)
    assert code_sizes.doubts(network, x).shape == (2, 1203)


def test_a_silent_network_has_size_zero_and_nothing_is_refused():
    network = MLP((5, 9, 3))
    network.stacked_layers()[0].bias.data.fill_(-100.0)
    assert (code_sizes.active(network, torch.ones(4, 5)) == 0).all()
    with pytest.raises(ValueError, match="must hold at least 1 example"):
        code_sizes.active(network, torch.zeros(0, 5))
    with pytest.raises(ValueError, match="must have a hidden layer"):
        code_sizes.active(MLP((5, 3)), torch.zeros(1, 5))


@given(st.lists(st.integers(0, 9), min_size=10, max_size=60))
def test_tenths_hold_equal_parts_in_order(numbers):
    values = np.array(numbers, dtype=float)
    means, sizes = code_sizes.tenths(values, 2 * values + 1, many=10)
    assert (np.diff(means) >= 0).all()
    np.testing.assert_allclose(sizes, 2 * means + 1)
    whole = np.sort(values)[: len(values) // 10 * 10].reshape(10, -1)
    if len(values) % 10 == 0:
        np.testing.assert_allclose(means, whole.mean(1))


def test_a_network_with_a_unit_for_every_pixel_has_a_size_that_follows_ink():
    """What is measured can be found where it is: the measures are not blind."""
    config = experiments.configure("code-size", "smoke")
    data, _ = open_data("mnist-5k", None)
    network = MLP((784, 784, 10), seeds=[0])
    network.stacked_layers()[0].weight.data = torch.eye(784).unsqueeze(0)
    network.stacked_layers()[0].bias.data.fill_(-0.5)
    row = code_size._Shown(config, data).to(
        quartet.Group(
            activation="rectifier", l1=0.0, network=network, epoch=np.zeros(1, dtype=np.int64),
            validation_error=np.ones(1), test_error=np.ones(1),
        )
    )  # fmt: skip
    found = dict(zip(code_size.MEASURES, row["spearman"][0, :, -1], strict=True))
    assert found["ink"] > 0.95
    assert found["compressed size"] > 0.6
    assert found["stroke length"] > 0.5
    assert row["stroke_spearman"][0, 0] > 0.95
    assert abs(row["stroke_spearman"][0, 1]) < 0.4
    assert (np.diff(row["tenths_size"][0, code_size.MEASURES.index("ink")]) > 0).all()


# The experiment


def test_the_first_group_is_untrained_and_guesses(record):
    result = experiments.result(record)
    assert result.trained.tolist() == [False, True, True]
    np.testing.assert_allclose(result.l1, [0, 0, 1e-3])
    assert (result.test_error[0] > 0.7).all()
    assert (result.test_error[1:] < result.test_error[0]).all()
    np.testing.assert_allclose(result.size[..., :-1].sum(-1), result.size[..., -1])
    assert (result.size[0, :, -1] > 0.3 * result.units[-1]).all()
    assert np.isnan(result.given_ink[:, :, code_size.MEASURES.index("ink")]).all()


def test_dense_networks_use_all_their_units(record):
    assert record.arrays["dense_least"].shape == (len(code_size.DENSE), 1)
    assert (record.arrays["dense_least"] == 1).all()


def test_tenths_average_to_the_mean_size(record):
    result = experiments.result(record)
    for measure in range(len(code_size.MEASURES)):
        np.testing.assert_allclose(
            result.tenths_size[:, :, measure].mean(-1), result.size[..., -1], rtol=1e-9
        )
    assert (np.diff(result.tenths_measure, axis=-1) >= 0).all()


def test_the_metric_is_of_rectifiers_without_a_penalty_and_of_no_other(record):
    found = code_size.metric(record.arrays)
    assert set(found) == set(quartet.UNITS)
    np.testing.assert_array_equal(found["rectifier"], record.arrays["spearman"][1, :, 0, -1])
    for name in code_size.DENSE:
        assert found[name].shape == found["rectifier"].shape
        assert np.isnan(found[name]).all()


def test_pictures_of_another_shape_are_refused():
    config = experiments.configure("code-size", "smoke")
    data = dataclasses.replace(open_data("mnist-5k", None)[0], image_shape=None)
    with pytest.raises(ValueError, match="must be pictures of 28 x 28 pixels"):
        code_size._Shown(config, data)


def test_words_are_counted_once_each_and_trained_networks_read_better():
    config = dataclasses.replace(
        experiments.configure("code-size", "smoke").words, train_examples=1_000, epochs=4
    )
    data = word_counts.opened(config)
    found = word_counts.measured(config, data, (0, 1))
    different = [(row > 0).sum() for row in data.test.x.numpy()]
    assert found["words_tenths"].mean() == pytest.approx(np.mean(different))
    assert found["words_trained"].tolist() == [False, True, True]
    assert (found["words_test_error"][1:] < found["words_test_error"][0]).all()


@pytest.mark.parametrize("name", ["", "_correlations", "_strokes", "_words"])
def test_every_drawing_has_units_words_and_the_data(record, name):
    result = experiments.result(record)
    below = experiments.subtitle(record)
    fig = getattr(code_size, f"draw{name}")(result, below)
    assert max(map(len, below.split("\n"))) <= 80
    labels = [text for ax in fig.axes for text in (ax.get_xlabel(), ax.get_ylabel())]
    assert any("(1)" in text or "(%" in text for text in labels)
    assert all(ax.get_xlabel() for ax in fig.axes)
    assert "MNIST-5k" in fig.axes[0].get_title(loc="left")
    assert getattr(code_size, f"describe{name}")(result).endswith(".")


@pytest.mark.parametrize(
    ("size", "doubt", "words"),
    [
        (-0.5, 0.5, "have fewer active units (correlation -0.50),\ndoubtful ones more (0.50)"),
        (0.5, -0.3, "have more active units (correlation 0.50),\ndoubtful ones fewer (-0.30)"),
        (0.0, 0.02, "have as many active units (correlation 0.00),\ndoubtful ones as many (0.02)"),
    ],
)
def test_the_title_says_what_was_found_whichever_it_is(record, size, doubt, words):
    spearman = np.zeros_like(record.arrays["spearman"])
    spearman[:, :, 0], spearman[:, :, 3] = size, doubt
    result = dataclasses.replace(experiments.result(record), spearman=spearman)
    assert words in code_size.draw(result).get_suptitle()


def test_every_scale_trains_the_penalty_that_is_judged():
    for scale in experiments.SCALES:
        assert 1e-3 in experiments.configure("code-size", scale).l1


# The claim


def arrays(*, size=0.4, length=0.4, held=0.2, scatter=0.05, penalized=None, seeds=SEEDS):
    """A record's correlations, the same for both penalties if not given for the second."""
    second = {"size": size, "length": length, "held": held} | (penalized or {})
    rows = [{"size": 0.0, "length": 0.0, "held": 0.0}, {"size": size, "length": length,
            "held": held}, second]  # fmt: skip
    noise = scatter * SCATTER[:seeds, None]
    spearman, given_ink = np.zeros((2, 3, seeds, 4, 3))
    for group, row in enumerate(rows):
        spearman[group, :, 0] = row["size"] + noise
        spearman[group, :, 1] = row["length"] + noise
        given_ink[group, :, 0] = row["held"] + noise
    return {
        "trained": np.array([False, True, True]), "l1": np.array([0.0, 0.0, 1e-3]),
        "spearman": spearman, "given_ink": given_ink, "within_class": spearman,
        "stroke_spearman": np.zeros((3, seeds, len(strokes.WAYS))),
        "variation": np.full((3, seeds, 3), 0.1), "dense_least": np.ones((3, 3)),
        "words_trained": np.array([False, True]), "words_l1": np.zeros(2),
        "words_spearman": np.zeros((2, seeds)),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"held": 0.04}, "holds"),
        ({"size": 0.1}, "partly"),
        ({"length": -0.3}, "partly"),
        ({"held": -0.1}, "partly"),
        ({"penalized": {"size": 0.0}}, "partly"),
        ({"size": 0.21}, "undecided"),
        ({"held": 0.01}, "undecided"),
        ({"seeds": 4}, "undecided"),
        ({"size": -0.3, "length": -0.3, "held": -0.1}, "not here"),
        ({"size": -0.3, "length": -0.3, "held": 0.0}, "not here"),
    ],
)
def test_sizes_are_judged_by_compression_length_and_what_is_left_of_ink(numbers, expected):
    parts = CLAIM.test(arrays(**numbers))
    assert Judgment(claim=CLAIM, parts=parts, scale="laptop").verdict == expected


def test_neither_doubt_nor_untrained_networks_nor_words_decide():
    plain, other = arrays(), arrays()
    other["spearman"][:, :, 2:] = -1
    other["spearman"][0] = -1
    other["words_spearman"][:] = -1
    other["stroke_spearman"][:] = -1
    verdicts = [
        [part.verdict for part in CLAIM.test(numbers) if part.decisive]
        for numbers in (plain, other)
    ]
    assert verdicts[0] == verdicts[1] == ["holds"] * 6


def test_a_real_record_has_what_the_claim_reads(record):
    parts = CLAIM.test(record.arrays)
    assert all(part.what for part in parts)
    assert all(np.isfinite(part.estimate.value) for part in parts)


def test_the_twin_meets_its_own_expectation():
    assert [str(part) for part in CLAIM.twin() if part.verdict != "holds"] == []


def test_a_penalty_that_was_not_trained_is_named():
    with pytest.raises(LookupError, match=r"penalty 0\.05"):
        code_size.row_of(np.array([False, True]), np.array([0.05, 0.0]), 0.05)
