"""Greedy pretraining of many models: what it learns, what it keeps, what it refuses."""

import dataclasses

import numpy as np
import pytest
import torch

from relubook import autoencoders, datasets, seeds
from relubook.autoencoders import Autoencoder
from relubook.corruptions import Corruption
from relubook.epochs import draw_batches
from relubook.networks import MLP
from relubook.pretraining import Recipe, pretrain
from relubook.rescaling import scale_to_unit
from relubook.training import grid

SHAPE = (784, 24, 16, 10)
RECIPE = Recipe(epochs=2, batch_size=20)


@pytest.fixture(scope="module")
def digits():
    data = datasets.load("mnist-5k")
    return data.train.x[:300], data.validation.x[:200]


def begin(models=(0, 1, 2), *, rate=0.01, l1=0.0, **options):
    return MLP(SHAPE, seeds=models, **options), grid(learning_rate=rate, l1=l1, seed=models)


def learn(network, digits, hyper, recipe=RECIPE, **options):
    x, others = digits
    return pretrain(network, x, others, hyper, recipe, **options)


def weights(network):
    return [p.detach().clone() for p in network.parameters()]


def test_the_first_layer_is_trained_by_the_steps_of_an_autoencoder(digits):
    network, hyper = begin((5,))
    recipe = dataclasses.replace(RECIPE, epochs=1)
    learn(network, digits, hyper, recipe)
    alone, _ = begin((5,))
    coder, rate = Autoencoder.of(alone, 0), torch.full((1, 1, 1), 0.01)
    noise = [seeds.stream(5, "pretraining 0, noise", 0)]
    for rows in draw_batches((5,), 300, 20, 0, "pretraining 0, order"):
        x = digits[0][rows].unsqueeze(0)
        autoencoders.inplace(coder, recipe.corruption(x, noise), x, rate, torch.zeros_like(rate))
    ours, theirs = (n.stacked_layers()[0] for n in (network, alone))
    torch.testing.assert_close(ours.weight, theirs.weight)
    torch.testing.assert_close(ours.bias, theirs.bias)


def test_every_layer_learns_to_restore_and_the_logits_layer_stays(digits):
    network, hyper = begin(rate=0.0005)
    before = weights(network)
    course = learn(network, digits, hyper, Recipe(epochs=6, batch_size=20))
    assert course.finished == 2
    assert not course.lost.any()
    assert (course.error[:, -1] < course.error[:, 0]).all()
    assert course.error.shape == (2, 6, 3)
    assert ((course.dead >= 0) & (course.dead < 0.5)).all()
    for place, (old, new) in enumerate(zip(before, weights(network), strict=True)):
        assert torch.equal(old, new) == (place >= 4)


def test_pretrained_together_is_pretrained_alone(digits):
    together, hyper = begin(l1=1e-3)
    course = learn(together, digits, hyper)
    alone, own = begin((1,), l1=1e-3)
    course_alone = learn(alone, digits, own)
    for many, one in zip(weights(together), weights(alone), strict=True):
        torch.testing.assert_close(many[1], one[0], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(course.error[..., 1], course_alone.error[..., 0], rtol=1e-4)


def test_the_kept_weights_are_those_of_the_lowest_error(digits):
    network, hyper = begin((0,), rate=0.02)
    whole = learn(network, digits, hyper, Recipe(epochs=5, batch_size=20))
    assert whole.best_epoch[0, 0] == whole.error[0, :, 0].argmin()
    again, _ = begin((0,), rate=0.02)
    upto = int(whole.best_epoch[0, 0]) + 1
    stops = iter([False] * (upto - 1) + [True])
    part = learn(again, digits, hyper, Recipe(epochs=5, batch_size=20), stop=lambda: next(stops))
    assert part.finished == 0
    assert torch.equal(*(n.stacked_layers()[0].weight for n in (network, again)))


def test_a_stopped_run_keeps_what_was_done_and_says_how_far_it_came(digits):
    network, hyper = begin()
    before, calls, reports = weights(network), iter([False, False, True]), []
    course = learn(network, digits, hyper, RECIPE, stop=lambda: next(calls),
        progress=lambda *said: reports.append(said),
    )  # fmt: skip
    assert course.finished == 1
    assert np.isfinite(course.error[0]).all()
    assert np.isfinite(course.error[1, 0]).all()
    assert np.isnan(course.error[1, 1]).all()
    assert not torch.equal(before[2], weights(network)[2])
    assert [done for done, *_ in reports] == [3, 6, 9]
    assert {total for _, total, _ in reports} == {12}
    assert reports[-1][2] == "layer 2 of 2"


def test_progress_ends_at_its_total_when_models_are_trained_in_chunks(digits, monkeypatch):
    monkeypatch.setattr("relubook.chunking._CACHE_BYTES", 1)
    network, hyper = begin()
    chunked, reports = [], []
    learn(network, digits, hyper, RECIPE, progress=lambda *said: reports.append(said))
    chunked = weights(network)
    monkeypatch.undo()
    whole, _ = begin()
    learn(whole, digits, hyper)
    for one, other in zip(chunked, weights(whole), strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-6)
    assert [done for done, *_ in reports] == list(range(1, 13))


def test_a_network_that_diverges_is_marked_and_the_others_go_on(digits):
    network = MLP(SHAPE, seeds=(0, 1))
    hyper = grid(learning_rate=0.01, seed=(0, 1))
    hyper = dataclasses.replace(hyper, learning_rate=torch.tensor([0.01, 1e6]))
    course = learn(network, digits, hyper)
    assert course.lost.tolist() == [False, True]
    assert np.isnan(course.error[0, :, 1]).all()
    alone, own = begin((0,))
    learn(alone, digits, own)
    torch.testing.assert_close(
        network.stacked_layers()[0].weight[0], alone.stacked_layers()[0].weight[0],
        rtol=1e-4, atol=1e-6,
    )  # fmt: skip
    assert all(torch.isfinite(p).all() for p in network.parameters())


def test_each_layer_can_go_on_from_the_rate_that_restored_best(digits):
    rates, models = (1e6, 3e-3, 3e-4), (0, 1)
    hyper = grid(learning_rate=rates, seed=models)
    network = MLP(SHAPE, seeds=hyper.seed.tolist())
    course = learn(network, digits, hyper, dataclasses.replace(RECIPE, choose=True))
    lowest = np.nan_to_num(course.error, nan=np.inf).min(axis=1).reshape(2, 3, 2)
    best = 2 * lowest.argmin(axis=1) + np.arange(2)  # the place of each seed's best
    assert course.chosen.tolist() == np.tile(best, (1, 3)).tolist()
    assert len({int(place) // 2 for place in best.flatten()}) > 1  # not one rate for both layers
    assert not course.lost.any()
    for layer in network.stacked_layers()[:2]:
        for weight in layer.weight.view(3, 2, *layer.weight.shape[1:]).unbind(1):
            assert torch.equal(weight[0], weight[1])
            assert torch.equal(weight[0], weight[2])


def test_without_a_choice_every_network_goes_its_own_way(digits):
    hyper = grid(learning_rate=(3e-3, 3e-4), seed=0)
    network = MLP(SHAPE, seeds=hyper.seed.tolist())
    course = learn(network, digits, hyper)
    assert course.chosen.tolist() == [[0, 1], [0, 1]]
    assert not torch.equal(*network.stacked_layers()[0].weight.unbind(0))


def test_a_layer_that_dies_is_reported_and_restores_by_its_biases(digits):
    network, hyper = begin((0,), rate=0.01)
    course = learn(network, digits, hyper)
    assert course.dead[:, 0].tolist() == [0, 1]
    assert course.finished == 2
    assert not network.hidden(digits[1].unsqueeze(0))[1].any()


@pytest.mark.parametrize("rule", ["global", "unit"])
def test_strategy_two_brings_outputs_into_its_range_before_the_next_layer(digits, rule):
    network, hyper = begin(rate=0.02)
    recipe = Recipe(epochs=1, batch_size=20, reconstruction="cross-entropy", rule=rule)
    course = learn(network, digits, hyper, recipe)
    assert course.finished == 2
    for h in network.hidden(digits[0].expand(3, -1, -1)):
        largest = h.amax((1, 2)) if rule == "global" else h.amax(1)[h.amax(1) > 0]
        torch.testing.assert_close(largest, torch.ones_like(largest))


@pytest.mark.parametrize("rule", ["global", "unit"])
def test_scaling_a_layer_is_undone_by_the_next_ones_weights(digits, rule):
    network, _ = begin((4,), dtype=torch.float64)
    x = digits[0].double().unsqueeze(0)
    before, (h, *_) = network(x), network.hidden(x)
    largest = h.amax(1, keepdim=True) if rule == "unit" else h.amax().view(1, 1, 1)
    scale_to_unit(network, 0, x, rule=rule)
    with torch.no_grad():
        following = network.stacked_layers()[1].weight
        following.mul_(torch.where(largest > 0, largest, 1.0).mT)
    torch.testing.assert_close(network(x), before)


def test_a_unit_that_is_hardly_ever_active_is_not_scaled_to_its_rounding(digits):
    network, _ = begin((4,))
    x, layer = digits[0].unsqueeze(0), network.stacked_layers()[0]
    with torch.no_grad():
        top = layer(x).amax(1, keepdim=True)
        wanted = torch.tensor([1.0, 0.1, 1e-6, -1.0]).repeat_interleave(6)
        layer.bias.sub_(top - wanted)  # the largest outputs
        scale_to_unit(network, 0, x, rule="unit")
        largest = network.activation(layer(x)).amax(1)[0]
    torch.testing.assert_close(largest[:12], torch.ones(12))
    assert (largest[12:18] < 0.01).all()
    assert (largest[18:] == 0).all()


def test_cross_entropy_over_inputs_out_of_range_is_refused(digits):
    network, hyper = begin()
    recipe = dataclasses.replace(RECIPE, reconstruction="cross-entropy")
    with pytest.raises(ValueError, match="needs targets from 0 to 1"):
        pretrain(network, 2 * digits[0], digits[1], hyper, recipe)


@pytest.mark.parametrize("name", ["softplus", "tanh", "logistic"])
def test_other_units_are_pretrained_too(digits, name):
    network, hyper = begin(activation=name)
    course = learn(network, digits, hyper)
    assert (course.error[:, 1] < course.error[:, 0]).all()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"epochs": 0}, "`epochs` of Recipe must be at least 1"),
        ({"epochs": 1, "batch_size": 0}, "`batch_size` of Recipe must be at least 1"),
        ({"epochs": 1, "rule": "layer"}, "`rule` must be one of global, unit"),
        ({"epochs": 1, "reconstruction": "sotfplus"}, "Did you mean 'softplus'"),
    ],
)
def test_recipes_that_make_no_sense_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        Recipe(**options)


def test_what_does_not_fit_is_refused(digits):
    network, hyper = begin()
    with pytest.raises(ValueError, match="seeds must be those of Hyperparameters"):
        learn(network, digits, grid(seed=(0, 1)), RECIPE)
    with pytest.raises(ValueError, match=r"takes 784 inputs\. Got examples of 5"):
        pretrain(network, torch.zeros(30, 5), torch.zeros(30, 5), hyper, RECIPE)
    with pytest.raises(ValueError, match="at most the 10 examples"):
        pretrain(network, digits[0][:10], digits[1], hyper, RECIPE)


def test_more_noise_makes_restoring_harder(digits):
    errors = []
    for masked in (0.25, 0.75):
        network, hyper = begin((0, 1))
        recipe = Recipe(epochs=2, batch_size=20, corruption=Corruption(masked=masked))
        errors.append(learn(network, digits, hyper, recipe).error[0, -1])
    assert (np.diff(errors, axis=0) > 0).all()
