"""What a layer is pretrained to restore, and inputs that are hard to restore."""

import dataclasses

import numpy as np
import pytest
import torch

from relubook import autoencoders, seeds
from relubook.autoencoders import Autoencoder
from relubook.epochs import draw_batches
from relubook.networks import MLP
from relubook.pretraining import Recipe, pretrain
from relubook.training import grid

SHAPE = (12, 9, 8, 3)
RECIPE = Recipe(epochs=2, batch_size=20)


def examples(low=0.0, high=1.0, *, count=80, inputs=12):
    drawn = torch.rand(2 * count, inputs, generator=seeds.stream(0, "x"))
    return (low + (high - low) * drawn).split(count)


def learn(recipe, x=None, *, rates=(0.01,), models=(0, 1), activation="rectifier", **options):
    hyper = grid(learning_rate=rates, l1=options.pop("l1", 0.0), seed=models)
    network = MLP(SHAPE, seeds=hyper.seed.tolist(), activation=activation)
    own, others = examples() if x is None else x
    return network, pretrain(network, own, others, hyper, recipe, **options)


def assert_finite(network):
    assert all(torch.isfinite(p).all() for p in network.parameters())


def by_hand(network, position, name, received, target, rate):
    """One pass of the steps of an autoencoder over what a layer of one network receives."""
    coder, step = Autoencoder.of(network, position, reconstruction=name), RECIPE.corruption
    words = f"pretraining {position}"
    noise = [seeds.stream(0, f"{words}, noise", 0)]
    size, zero = torch.full((1, 1, 1), rate), torch.zeros(1, 1, 1)
    for rows in draw_batches((0,), len(received), 20, 0, f"{words}, order"):
        x = step(received[rows].unsqueeze(0), noise)
        autoencoders.inplace(coder, x, target[rows].unsqueeze(0), size, zero)


@pytest.mark.parametrize("target", ["after", "before"])
def test_layers_restore_what_the_recipe_says(target):
    recipe = Recipe(epochs=1, batch_size=20, first="softplus", reconstruction="linear")
    recipe = dataclasses.replace(recipe, target=target)
    network, _ = learn(recipe, models=(0,))
    mine, (x, _) = MLP(SHAPE, seeds=(0,)), examples()
    by_hand(mine, 0, "softplus", x, x, 0.01)
    before = mine.stacked_layers()[0](x.unsqueeze(0))[0].detach()
    assert (before < 0).any()
    by_hand(mine, 1, "linear", before.relu(), before if target == "before" else before.relu(), 0.01)
    for ours, theirs in zip(mine.parameters(), network.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


def test_numbers_below_zero_are_restored_far_better_by_linear_outputs():
    x = examples(-1.0, 1.0)
    lowest = [
        learn(Recipe(epochs=20, first=first), x, rates=(0.02,))[1].error[0].min(axis=0)
        for first in ("linear", None)
    ]
    assert (lowest[0] < 0.8 * lowest[1]).all()


def test_networks_of_tanh_restore_by_cross_entropies_of_both_ranges():
    recipe = Recipe(epochs=8, first="cross-entropy", reconstruction="tanh")
    network, course = learn(recipe, activation="tanh", rates=(0.02,))
    assert (course.error[:, -1] < course.error[:, 0]).all()
    assert course.finished == 2
    x = examples()[0].expand(2, -1, -1)
    assert (network.hidden(x)[0] < 0).any()
    fresh = MLP(SHAPE, seeds=(0, 1), activation="tanh")
    coder = Autoencoder.of(fresh, 0, reconstruction="cross-entropy")
    assert coder.reconstruction.targets == (0, 1)


def test_outputs_are_scaled_only_for_a_layer_above_that_needs_it():
    """With cross-entropy over the inputs only, layers above restore what was put out."""
    x = examples()
    network, _ = learn(Recipe(epochs=1, first="cross-entropy"), x)
    h = network.hidden(x[0].expand(2, -1, -1))[0]
    assert (h.amax((1, 2)) != 1).all()
    scaled, _ = learn(Recipe(epochs=1, first="softplus", reconstruction="cross-entropy"), x)
    h = scaled.hidden(x[0].expand(2, -1, -1))[0]
    torch.testing.assert_close(h.amax((1, 2)), torch.ones(2))


@pytest.mark.parametrize(
    ("options", "x", "sentence"),
    [
        ({"first": "cross-entropy"}, (-1.0, 1.0), r"'cross-entropy' needs targets from 0 to 1"),
        ({"reconstruction": "tanh"}, (0.0, 2.0), r"'tanh' needs targets from -1 to 1"),
        ({"reconstruction": "cross-entropy"}, (0.0, 1.5), r"needs targets from 0 to 1.*to 1\.5"),
    ],
)
def test_targets_outside_a_reconstructions_range_are_refused(options, x, sentence):
    with pytest.raises(ValueError, match=sentence):
        learn(Recipe(epochs=1, **options), examples(*x))


def test_rectifiers_that_put_out_more_than_tanh_can_are_refused_at_their_layer():
    x = examples(0.0, 1.0)
    with pytest.raises(ValueError, match="'tanh' needs targets from -1 to 1"):
        learn(Recipe(epochs=1, first="softplus", reconstruction="tanh"), x, rates=(0.03,))


def test_validation_examples_outside_the_range_are_refused_too():
    x, others = examples()
    with pytest.raises(ValueError, match="needs targets from 0 to 1"):
        learn(Recipe(epochs=1, reconstruction="cross-entropy"), (x, 2 * others))


@pytest.mark.parametrize("name", ["softplus", "cross-entropy", "linear", "rectifier", "tanh"])
def test_inputs_that_are_always_zero_break_nothing_and_their_weights_stay(name):
    x, others = (part.clone() for part in examples())
    for part in (x, others):
        part[:, :4] = 0.0
        part[::5] = 0.0
    activation = "tanh" if name == "tanh" else "rectifier"
    network, course = learn(
        Recipe(epochs=3, reconstruction=name), (x, others), l1=1e-3, activation=activation
    )
    assert course.finished == 2
    assert np.isfinite(course.error).all()
    assert_finite(network)
    unlike = MLP(SHAPE, seeds=(0, 1), activation=activation).stacked_layers()[0].weight
    weight = network.stacked_layers()[0].weight
    if name != "cross-entropy":  # there the whole layer is scaled
        assert torch.equal(weight[:, :4], unlike[:, :4])
    assert not torch.equal(weight[:, 4:], unlike[:, 4:])


@pytest.mark.parametrize("name", ["softplus", "cross-entropy", "linear", "rectifier", "tanh"])
def test_nothing_but_zeros_is_learned_without_a_nan(name):
    nothing = torch.zeros(60, 12)
    network, course = learn(Recipe(epochs=2, reconstruction=name), (nothing, nothing))
    assert course.finished == 2
    assert np.isfinite(course.error).all()
    assert_finite(network)


def test_a_network_whose_layer_dies_is_reported_and_the_others_go_on():
    network, course = learn(RECIPE, l1=(0.0, 100.0))
    alone, _ = learn(RECIPE)
    assert (course.dead[0, 2:] == 1).all()
    assert (course.dead[:, :2] < 1).all()
    assert course.finished == 2
    assert np.isfinite(course.error).all()
    assert_finite(network)
    for many, one in zip(network.parameters(), alone.parameters(), strict=True):
        torch.testing.assert_close(many[:2], one, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("rates", [(1e6, 0.01), (0.01, 1e6), (1e6, 1e30)])
def test_a_rate_that_diverges_is_chosen_only_if_every_other_does(rates):
    recipe = dataclasses.replace(RECIPE, choose=True, reconstruction="linear", epochs=3)
    network, course = learn(recipe, rates=rates)
    assert_finite(network)
    assert course.finished == 2
    if 0.01 not in rates:
        assert course.lost.all()
        return
    assert not course.lost.any()
    assert (course.chosen // 2 == rates.index(0.01)).all()
    alone, _ = learn(recipe, rates=(0.01,))
    for many, one in zip(network.parameters(), alone.parameters(), strict=True):
        torch.testing.assert_close(many[:2], one, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"target": "before"}, "`target` before goes with the `reconstruction` linear"),
        ({"target": "between"}, "`target` must be one of after, before. Got 'between'"),
        ({"first": "linaer"}, "Did you mean 'linear'"),
    ],
)
def test_recipes_whose_parts_do_not_fit_are_refused(options, sentence):
    with pytest.raises(ValueError, match=sentence):
        Recipe(epochs=1, **options)


def test_examples_that_nothing_can_be_learned_from_are_refused():
    x, others = examples()
    broken = x.clone()
    broken[7, 3] = torch.nan
    with pytest.raises(ValueError, match=r"`x` must be finite\. Example 7 is not"):
        learn(RECIPE, (broken, others))
    with pytest.raises(ValueError, match="at least 1 example in `validation`"):
        learn(RECIPE, (x, others[:0]))
    with pytest.raises(ValueError, match=r"dense or in compressed rows.*Got torch\.sparse_coo"):
        learn(RECIPE, (x.to_sparse(), others))
