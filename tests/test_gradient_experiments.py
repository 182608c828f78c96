"""How gradients are measured through deep networks and on digits, against slower ways."""

import dataclasses
import functools
import math

import numpy as np
import pytest
import torch
from torch.nn.functional import cross_entropy

from relubook import datasets, experiments
from relubook.claims import Judgment
from relubook.claims import gradients as about_gradients
from relubook.experiments import gradient_credit, gradient_flow
from relubook.experiments.gradient_credit_values import SHARES, half_held
from relubook.experiments.gradient_flow_values import STARTS, back, forward, place
from relubook.experiments.quartet import UNITS
from relubook.networks import MLP, sizes

SMALL = gradient_flow.Config(data="mnist-5k", width=12, depths=(1, 3, 32), seeds=(1,), examples=4)
NAMES = ("gradient-flow", "gradient-credit")


@pytest.fixture(scope="module")
def flow():
    return gradient_flow.run(SMALL)


@functools.cache
def smoke(name):
    return experiments.reproduce(name, scale="smoke")


# How far gradients reach


def drawn(start, seed, depth, **options):
    shape = sizes(inputs=784, width=SMALL.width, depth=depth, outputs=10)
    return MLP(shape, seeds=[seed], initialization=start, dtype=torch.float64, **options)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("activation", ["rectifier", "softplus"])
def test_sizes_by_layer_are_those_of_autograd_example_by_example(flow, start, activation):
    data, network = datasets.load("mnist-5k"), drawn(start, 1, 32, activation=activation)
    squares = []
    for row in range(SMALL.examples):
        hidden = network.hidden(data.test.x[None, [row]].double())
        loss = cross_entropy(network.layers[-1](hidden[-1])[0], data.test.y[[row]])
        weights = [layer.weight for layer in network.stacked_layers()[:-1]]
        every = torch.autograd.grad(loss, [*hidden, *weights])
        squares.append(torch.stack([part.square().mean() for part in (*hidden, *every)]))
    expected = torch.stack(squares).detach().mean(0).log2().view(3, -1)
    i = (*place(start, activation), 0)
    for values, right in zip((flow.activity, flow.by_output, flow.by_weights), expected,
                             strict=True):  # fmt: skip
        np.testing.assert_allclose(values[i], right, atol=1e-3)


@pytest.mark.parametrize("start", STARTS)
def test_a_shallower_network_is_the_beginning_of_the_deepest(start):
    deepest, alone = drawn(start, 0, 32), drawn(start, 0, 3, activation="tanh")
    part = gradient_flow.nested(deepest, 3, "tanh")
    x = torch.rand(1, 5, 784, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for mine, other in zip(part.hidden(x), alone.hidden(x), strict=True):
        assert torch.equal(mine, other)
    assert (part.sizes, part.depth) == (alone.sizes, 3)
    assert torch.equal(part.stacked_layers()[-1].weight, deepest.stacked_layers()[-1].weight)
    assert (deepest.depth, deepest.activation.name) == (32, "rectifier")


def test_from_glorots_range_rectifiers_lose_a_layers_half_of_what_hes_keep(flow):
    glorot, he = (flow.activity[place(start, "rectifier")] for start in ("glorot", "he"))
    np.testing.assert_allclose(forward(glorot, 30), forward(he, 30) - 30, atol=1e-3)


def test_sizes_are_compared_from_the_first_layer_and_from_the_last():
    size = np.array([[5.0, 4.0, 2.0, -1.0]])
    assert forward(size, 2).tolist() == [-3.0]
    assert back(size, 2).tolist() == [5.0]


def test_two_hundred_layers_underflow_nowhere(monkeypatch):
    monkeypatch.setattr(gradient_flow, "STARTS", ("torch",))
    monkeypatch.setattr(gradient_flow, "UNITS", ("logistic",))  # these lose most in each layer
    found = gradient_flow.run(dataclasses.replace(SMALL, depths=(200,)))
    assert np.isfinite(found.by_output).all()
    assert found.by_output.min() < -1074  # the squares themselves would be 0 in double precision
    assert (found.carrying == 1).all()
    assert (found.blocked == 0).all()


def test_a_digit_is_blocked_where_a_layer_is_off_and_no_path_is_open_then(monkeypatch):
    monkeypatch.setattr(gradient_flow, "STARTS", ("he",))
    monkeypatch.setattr(gradient_flow, "UNITS", ("rectifier",))
    config = dataclasses.replace(SMALL, depths=(1, 60), seeds=(0, 1, 2), width=3)
    found = gradient_flow.run(config)
    assert (found.blocked[0, 0, 0] < 1).any()  # one layer of three units
    assert (found.blocked[0, 0, 1] == 1).all()  # sixty of them
    assert (found.paths[0, 0, 1] == -np.inf).all()
    assert (found.first[0, 0, 1] == -np.inf).all()


# On which units a gradient falls


def planted(*, shut=False):
    """A network of one input, four units and two classes with gradients known by hand."""
    network = MLP((1, 4, 2), seeds=[0], dtype=torch.float64)
    first, last = network.stacked_layers()
    first.weight.data[0] = torch.tensor([[1.0, 2.0, -1.0, -1.0]])
    first.bias.data.fill_(-9.0 if shut else 0.0)
    last.weight.data[0] = torch.tensor([[0.0, 3.0], [0.0, 1.0], [0.0, 5.0], [0.0, 2.0]])
    return gradient_credit.measure(network, torch.ones(1, 1), torch.zeros(1, dtype=torch.int64))


def test_credit_falls_on_the_active_units_by_their_share():
    found = planted()  # two of four are on, with gradients 3 : 1
    entropy = -(0.75 * math.log(0.75) + 0.25 * math.log(0.25))
    assert (found["reached"], found["fewest"], found["paths"]) == (1.0, 2.0, 0.5)
    assert found["active"] == found["carrying"] == [0.5]
    assert found["favored"] == [1.0]
    assert found["effective"] == pytest.approx([math.exp(entropy) / 4])
    assert found["evenness"] == pytest.approx([math.exp(entropy) / 2])
    expected = np.corrcoef([3.0, 1.0, 0.0, 0.0], [1.0, 2.0, 0.0, 0.0])[0, 1]
    assert found["correlation"] == pytest.approx([expected])
    held = np.interp([0.25, 0.5, 1.0], SHARES, found["held"])
    assert held.tolist() == pytest.approx([0.75, 1.0, 1.0])
    assert half_held(np.array([found["held"]]).T) == pytest.approx([0.25 / 1.5], abs=1e-3)


def test_a_layer_that_is_off_blocks_the_digit():
    found = planted(shut=True)
    assert (found["reached"], found["fewest"], found["paths"]) == (0.0, 0.0, 0.0)
    assert found["effective"] == [0.0]
    assert np.isnan(found["favored"]).all()


def test_the_steeper_half_of_other_units_is_favored_by_their_slope():
    network = MLP((1, 4, 2), seeds=[0], dtype=torch.float64, activation="tanh")
    network.stacked_layers()[0].weight.data[0] = torch.tensor([[0.0, 0.1, 2.0, -3.0]])
    network.stacked_layers()[1].weight.data[0, :, 0] = 1.0
    network.stacked_layers()[1].weight.data[0, :, 1] = 0.0
    found = gradient_credit.measure(network, torch.ones(1, 1), torch.ones(1, dtype=torch.int64))
    slopes = 1 - np.tanh([0.0, 0.1, 2.0, 3.0]) ** 2
    assert found["favored"] == pytest.approx([slopes[:2].sum() / slopes.sum()])
    assert found["carrying"] == [1.0]


# Drawings


@pytest.mark.parametrize("name", NAMES)
def test_every_drawing_has_a_title_with_its_numbers_and_words_beside_it(name):
    module, result = experiments.get(name), experiments.result(smoke(name))
    drawings = [drawing for drawing in vars(module) if drawing.startswith("draw")]
    assert len(drawings) >= 3
    for drawing in drawings:
        fig = getattr(module, drawing)(result, experiments.subtitle(smoke(name)))
        assert any(letter.isdigit() for letter in fig.get_suptitle())
        assert fig.axes[0].get_ylabel().endswith(("(1)", "(%)"))
        assert getattr(module, drawing.replace("draw", "describe"))(result).endswith(".")


# Claims


def flow_arrays(*, glorot=-30.0, he=0.0, spread=0.3):
    """A record whose sizes change evenly from layer to layer."""
    seeds = np.linspace(-spread, spread, 10)[:, None]
    change = {"glorot": glorot, "he": he, "torch": -78.0}
    sizes_of = np.stack([(change[start] + seeds) * np.linspace(0, 49 / 30, 50) for start in STARTS])
    activity = np.repeat(sizes_of[:, None], len(UNITS), axis=1)
    return {
        "activity": activity,
        "by_output": activity[..., ::-1],
        "by_weights": activity,
        "carrying": np.full(activity.shape, 0.5),
        "blocked": np.zeros((3, 4, 7, 10)),
        "paths": np.full((3, 4, 7, 10), -15.0),
        "depths": np.array([1, 2, 5, 10, 20, 30, 50]),
    }


def verdict(test, arrays):
    claim = next(claim for claim in about_gradients.CLAIMS if claim.test is test)
    return Judgment(claim=claim, parts=test(arrays), scale="laptop").verdict


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"glorot": -29.2, "he": 0.8}, "holds"),
        ({"glorot": -78.0}, "partly"),
        ({"glorot": -15.0, "he": -8.0}, "not here"),
        ({"spread": 9.0}, "undecided"),
    ],
)
def test_flow_is_judged_by_both_ranges_and_both_directions(numbers, expected):
    assert verdict(about_gradients.flow, flow_arrays(**numbers)) == expected


def credit_arrays(*, reached=1.0, rectifier=0.3, others=(0.7, 0.6, 0.65)):
    """A record of ten seeds, three layers, seven groups trained and four not."""
    noise = np.random.default_rng(0).normal(0, 0.01, (11, 3, 10))
    level = np.array([rectifier, *others, 0.2, 0.2, 0.2, 0.4, 0.75, 0.75, 0.75])
    spread = level[:, None, None] + noise
    by_network = np.full((11, 10), reached) - 1e-4 * np.arange(10)
    names = ("effective", "favored", "evenness", "active")
    return dict.fromkeys(names, spread) | {
        "held": np.sqrt(SHARES)[None, :, None] * np.ones((11, 1, 10)),
        "reached": by_network, "paths": by_network / 10, "fewest": np.full((11, 10), 20.0),
        "l1": np.array([0, 0, 0, 0, 3e-4, 1e-3, 3e-3, 0, 0, 0, 0]),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ({}, "holds"),
        ({"reached": 0.95}, "partly"),
        ({"others": (0.7, 0.2, 0.7)}, "partly"),  # the least of the three decides
        ({"reached": 0.9, "rectifier": 0.9}, "not here"),
        ({"reached": 0.9904}, "undecided"),
    ],
)
def test_credit_is_judged_by_what_passes_and_by_what_it_is_spread_over(numbers, expected):
    assert verdict(about_gradients.blocks_nothing, credit_arrays(**numbers)) == expected


def test_the_claims_read_what_their_experiments_write(flow):
    written = (flow.arrays(), smoke("gradient-credit").arrays)
    for claim, arrays, decisive in zip(about_gradients.CLAIMS, written, (4, 2), strict=True):
        parts = claim.test(arrays)
        assert sum(part.decisive for part in parts) == decisive
        assert all(str(part) for part in parts)
