"""Responses, rest and what sparse codes keep: the measures are what they say."""

import functools

import numpy as np
import pytest
import torch
from sklearn.decomposition import PCA
from sklearn.linear_model import Ridge

from relubook import experiments, records
from relubook.experiments import at_rest, decoders, response_figures, responses
from relubook.experiments.read_back import Reader
from relubook.networks import MLP

CLASSES = 3


@functools.cache
def smoke(name):
    """The record of a small run, made once for all tests of this file."""
    return experiments.reproduce(name, scale="smoke")


def examples(count, *, seed, inputs=12):
    """Inputs around class means, their classes, and a random code of 5 units with a dead one."""
    generator = np.random.default_rng(seed)
    y = generator.integers(CLASSES, size=count)
    means = np.random.default_rng(7).normal(size=(CLASSES, inputs))
    x = means[y] + generator.normal(size=(count, inputs))
    mixing = np.random.default_rng(8).normal(size=(inputs, 5))
    h = np.maximum(x @ mixing, 0) * [1, 1, 1, 1, 0]
    return (torch.from_numpy(part) for part in (h, x, y))


# Decoders


@pytest.mark.parametrize("strength", [1e-3, 0.1, 10.0])
def test_the_decoder_is_ridge_regression(strength):
    h, x, _ = examples(60, seed=0)
    held_h, held_x, _ = examples(20, seed=1)
    decoder = decoders.fit((h, x), (held_h, held_x), (strength,))
    penalty = strength * float((h - h.mean(0)).square().sum()) / h.shape[1]
    peer = Ridge(alpha=penalty).fit(h.numpy(), x.numpy())
    np.testing.assert_allclose(decoder(held_h).numpy(), peer.predict(held_h.numpy()), atol=1e-9)
    assert decoder.strength == strength


def test_the_penalty_is_the_best_on_other_examples_tried_one_by_one():
    h, x, _ = examples(14, seed=2)
    held_h, held_x, _ = examples(40, seed=3)
    strengths = (1e-4, 1e-2, 0.3, 3.0, 100.0)
    chosen = decoders.fit((h, x), (held_h, held_x), strengths).strength
    errors = [
        float((decoders.fit((h, x), (h, x), (s,))(held_h) - held_x).square().sum())
        for s in strengths
    ]
    assert chosen == strengths[int(np.argmin(errors))]
    assert 1e-4 < chosen < 100  # neither end: the choice was one


def test_a_decoder_fits_in_float64_what_comes_in_float32():
    h, x, _ = examples(60, seed=0)
    decoder = decoders.fit((h.float(), x.float()), (h.float(), x.float()), (1e-2,))
    assert decoder.weight.dtype == torch.float64
    assert decoder(h.float()).dtype == torch.float64


def test_a_code_that_is_silent_for_everything_reads_back_the_mean():
    _, x, y = examples(60, seed=0)
    silent = torch.zeros(60, 4)
    decoder = decoders.fit((silent, x), (silent, x), (1e-2, 1.0))
    assert decoders.read(decoder(silent), x, y, CLASSES) == pytest.approx([0, 0, 0], abs=1e-12)


# What is read back


def test_the_two_parts_of_a_deviation_add_up_to_the_whole():
    _, x, y = examples(50, seed=4)
    whole, between, within = decoders.powers(x, y, CLASSES)
    means = torch.stack([x[y == c].mean(0) for c in range(CLASSES)])[y]
    assert whole == pytest.approx(float(x.square().sum()))
    assert between == pytest.approx(float(means.square().sum()))
    assert within == pytest.approx(float((x - means).square().sum()))


def test_shares_of_the_parts_weighted_by_variance_give_the_whole_share():
    h, x, y = examples(80, seed=5)
    guess = decoders.fit((h, x), (h, x), (0.1,))(h)
    everything, of_class, of_rest = decoders.read(guess, x, y, CLASSES)
    whole, between, within = decoders.powers(x - x.mean(0), y, CLASSES)
    assert everything == pytest.approx((between * of_class + within * of_rest) / whole)
    direct = 1 - float((x - guess).square().sum() / (x - x.mean(0)).square().sum())
    assert everything == pytest.approx(direct)
    assert 0 < of_rest < everything < of_class


def test_a_code_that_names_the_class_reads_back_the_class_and_nothing_else():
    _, x, y = examples(80, seed=6)
    code = torch.nn.functional.one_hot(y, CLASSES).double()
    decoder = decoders.fit((code, x), (code, x), (1e-9,))
    _, of_class, of_rest = decoders.read(decoder(code), x, y, CLASSES)
    assert (of_class, of_rest) == pytest.approx((1, 0), abs=1e-6)


def test_a_network_that_passes_its_input_on_reads_back_all_of_it():
    _, x, y = examples(80, seed=6)
    network = MLP((12, 12, 12, CLASSES), seeds=[0], activation="linear", dtype=torch.float64)
    for layer in network.stacked_layers()[:-1]:
        layer.weight.data[0] = torch.eye(12, dtype=torch.float64)
    reader = Reader(inputs=(x, x, x), test=y, classes=CLASSES, ridge=(1e-9, 1.0))
    shares, penalties = reader.read([network])
    assert shares.shape == (1, 2, 3)
    assert shares == pytest.approx(np.ones((1, 2, 3)), abs=1e-9)
    assert (penalties == 1e-9).all()


def test_a_network_that_diverged_reads_back_nothing_that_is_a_number():
    h, x, y = examples(30, seed=6)
    reader = Reader(inputs=(x, x, x), test=y, classes=CLASSES, ridge=(1.0,))
    shares, penalty = reader.decoded(h, torch.full_like(h, torch.nan), h)
    assert np.isnan([*shares, penalty]).all()


def test_principal_components_read_back_what_pca_does():
    _, x, y = examples(60, seed=0)
    _, tested, y = examples(40, seed=1)
    shares = decoders.principal(x, tested, y, CLASSES, most=6)
    assert shares.shape == (3, 7)
    for components in (1, 4, 6):
        pca = PCA(components).fit(x.numpy())
        guess = torch.from_numpy(pca.inverse_transform(pca.transform(tested.numpy())))
        expected = decoders.read(guess, tested, y, CLASSES)
        np.testing.assert_allclose(shares[:, components], expected, atol=1e-9)
    assert shares[0, 0] <= 0  # the mean of other examples


def test_reading_back_keeps_what_every_network_was():
    result = experiments.result(smoke("read-back"))
    assert result.read.shape == (2, 2, 2, 3)
    assert result.input_read == pytest.approx(1, abs=0.05)
    assert 0.35 < result.untrained_zeros.mean() < 0.65
    share = float(result.class_share)
    for read in (result.read, result.untrained_read, result.linear_read, result.tanh_read):
        parts = share * read[..., 1] + (1 - share) * read[..., 2]
        np.testing.assert_allclose(read[..., 0], parts)


# Responses


def choosing(validation, rates=(0.3, 0.1, 0.03)):
    """A choice among rates from validation errors [rates seeds]."""
    from relubook.history import History

    flat = np.array(validation, dtype=float).reshape(1, -1)
    layers = np.zeros((1, 1, flat.size))
    history = History(
        loss=flat, validation_error=flat, test_error=flat, zero_fraction=layers, dead=layers,
        best_epoch=np.where(np.isnan(flat[0]), -1, 0), diverged=np.where(np.isnan(flat[0]), 0, -1),
    )  # fmt: skip
    seeds = tuple(range(np.shape(validation)[1]))
    config = responses.Config(
        data="some", width=4, depth=1, learning_rates=rates, rate_seeds=seeds, seeds=(9,),
        batch_size=2, epochs=1, train_examples=None,
    )  # fmt: skip
    return responses._choice(config, history)


def test_the_rate_with_the_lowest_median_on_validation_is_chosen():
    assert choosing([[0.1, 0.9, 0.9], [0.2, 0.3, 0.3], [0.5, 0.5, 0.1]])["chosen"] == 0.1


def test_a_network_that_diverged_counts_as_all_wrong_while_choosing():
    row = choosing([[np.nan, np.nan, 0.01], [0.4, 0.4, 0.4], [0.4, 0.4, 0.4]])
    assert row["chosen"] == 0.03  # of equals the smaller
    assert row["rate_validation"][0].tolist() == [1, 1, 0.01]
    assert row["rate_diverged"][0].tolist() == [0, 0, -1]


def test_reported_networks_have_seeds_of_their_own():
    for scale in experiments.SCALES:
        config = responses.configure(scale)
        assert not set(config.seeds) & set(config.rate_seeds)


def test_rates_are_usable_up_to_twice_the_best_error():
    error = np.array([[[2.0], [3.9], [4.1]], [[1.0], [9.0], [9.0]]])
    assert response_figures.usable_rates(error).tolist() == [2, 1]


def test_the_committed_comparison_chose_no_rate_at_an_end_of_its_grid():
    record = records.load("responses", scale="laptop", data="mnist")
    assert experiments.result(record).at_an_end() == []


def test_the_groups_of_symmetry_cover_the_units():
    assert sum(response_figures.SYMMETRY.values()) == len(responses.UNITS)


# Rest


def test_away_from_rest_is_about_a_units_mean_output():
    h = torch.tensor([[[1.0, 0.04, 0.0], [-1.0, 0.08, 0.02]]])
    mean, mean_abs, zeros, *away = at_rest._measured(h, (0.05, 0.005))
    assert mean == pytest.approx(0.14 / 6)
    assert mean_abs == pytest.approx(2.14 / 6)
    assert zeros == pytest.approx(1 / 6)
    assert away == pytest.approx([1 / 3, 2 / 3])


def test_units_answer_nothing_with_their_steady_state():
    result = experiments.result(smoke("at-rest"))
    at_zero = dict(zip(at_rest.UNITS, result.at_zero, strict=True))
    assert at_zero.pop("logistic") == at_rest.STEADY_STATE.value
    assert at_zero.pop("softplus") == pytest.approx(np.log(2))
    assert set(at_zero.values()) == {0.0}
    bounded = [not np.isnan(row).any() for row in result.of_ceiling()]
    assert [n for n, has in zip(at_rest.UNITS, bounded, strict=True) if not has] == [
        "softplus",
        "rectifier",
    ]


# Drawings


@pytest.mark.parametrize(
    ("name", "drawing", "unit"),
    [
        ("responses", "draw_rates", "%"),
        ("at-rest", "draw_means", "1"),
        ("read-back", "draw_error", "%"),
    ],
)
def test_second_drawings_have_units_and_words(name, drawing, unit):
    record = smoke(name)
    module, result = experiments.get(name), experiments.result(record)
    (ax,) = getattr(module, drawing)(result, experiments.subtitle(record)).axes
    assert f"({unit})" in ax.get_ylabel()
    assert ax.get_xlabel()
    assert getattr(module, drawing.replace("draw", "describe"))(result).endswith(".")


def test_every_seed_of_a_response_is_drawn_under_its_group():
    record = smoke("responses")
    result = experiments.result(record)
    (ax,) = responses.draw(result, "").axes
    drawn = np.concatenate([line.get_ydata() for line in ax.lines])
    for error in 100 * result.test_error.ravel():
        assert np.isclose(drawn, error).any()
    texts = [text.get_text() for text in ax.texts]
    assert texts == list(response_figures.SYMMETRY)
