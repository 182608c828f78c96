"""Rescaling: the law of page 319, when it is true and when it is not."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from relubook import seeds
from relubook.networks import MLP
from relubook.rescaling import rescale

SHAPE = (5, 7, 6, 3)


def networks(activation: str = "rectifier", dtype=torch.float64, **options) -> MLP:
    """Two small networks whose biases are not zero."""
    drawn = MLP(SHAPE, models=2, activation=activation, dtype=dtype, **options)
    for position, layer in enumerate(drawn.stacked_layers()):
        layer.bias.data.uniform_(-0.5, 0.5, generator=seeds.stream(0, "biases", position))
    return drawn


def inputs(dtype=torch.float64) -> torch.Tensor:
    """The same eight inputs for both."""
    x = torch.randn(8, SHAPE[0], generator=seeds.stream(0, "inputs"), dtype=dtype)
    return x.expand(2, -1, -1)


def relative(found: torch.Tensor, expected: torch.Tensor) -> float:
    """The largest difference over the largest number."""
    return float(((found - expected).abs().max() / expected.abs().max()).detach())


@given(alphas=st.lists(st.floats(0.01, 100), min_size=3, max_size=3), trick=st.booleans())
def test_outputs_are_divided_by_the_product_of_the_alphas(alphas, trick):
    network = networks(sign_trick=trick)
    product = alphas[0] * alphas[1] * alphas[2]
    scaled = rescale(network, alphas)(inputs())
    assert relative(scaled * product, network(inputs())) < 1e-12


def test_float32_keeps_the_law_to_its_own_precision():
    network = networks(dtype=torch.float32)
    scaled = rescale(network, [3.0, 0.7, 1 / 2.1])
    assert scaled.stacked_layers()[0].weight.dtype == torch.float32
    assert relative(scaled(inputs(torch.float32)), network(inputs(torch.float32))) < 1e-5


def test_powers_of_two_change_no_bit_of_the_outputs():
    network = networks(dtype=torch.float32)
    scaled = rescale(network, [4.0, 0.5, 0.5])(inputs(torch.float32))
    assert torch.equal(scaled, network(inputs(torch.float32)))


def test_each_hidden_layer_is_divided_by_the_alphas_up_to_it():
    network = networks()
    first, second = network.hidden(inputs())
    small, large = rescale(network, [4.0, 0.125, 2.0]).hidden(inputs())
    assert torch.equal(small, first / 4)
    assert torch.equal(large, second * 2)


def test_each_model_has_alphas_of_its_own():
    network = networks()
    rows = torch.tensor([[2.0, 2.0, 2.0], [1.0, 1.0, 1.0]])
    scaled, plain = rescale(network, rows)(inputs()), network(inputs())
    assert torch.equal(scaled, plain / torch.tensor([8.0, 1.0])[:, None, None])


@pytest.mark.parametrize("activation", ["tanh", "softplus", "logistic"])
def test_other_units_have_no_such_symmetry(activation):
    network = networks(activation)
    assert relative(rescale(network, [2.0, 0.5, 1.0])(inputs()), network(inputs())) > 0.01


def test_linear_units_have_it_for_negative_alphas_too_and_rectifiers_do_not():
    alphas = [-1.0, -1.0, 1.0]
    linear, rectifier = networks("linear"), networks()
    assert relative(rescale(linear, alphas, signed=True)(inputs()), linear(inputs())) < 1e-12
    assert relative(rescale(rectifier, alphas, signed=True)(inputs()), rectifier(inputs())) > 0.1


def test_the_network_it_was_made_from_is_left_alone():
    network = networks()
    before = [parameter.clone() for parameter in network.parameters()]
    scaled = rescale(network, [1.0, 1.0, 1.0])
    for parameter in scaled.parameters():
        parameter.data.add_(1)
    assert all(torch.equal(a, b) for a, b in zip(network.parameters(), before, strict=True))


@pytest.mark.parametrize(
    ("alphas", "sentence"),
    [
        ([1.0, 2.0], r"each of the 3 layers.*Got the shape \(2,\)"),
        ([1.0, 0.0, 1.0], r"finite and not 0\. Got 0\."),
        ([1.0, float("nan"), 1.0], r"finite and not 0\. Got nan\."),
        ([1.0, -2.0, 1.0], r"above 0 .*Got -2\."),
        (torch.ones(3, 3), r"each of the 2\. Got the shape \(3, 3\)"),
    ],
)
def test_alphas_that_cannot_be_are_refused_with_a_sentence(alphas, sentence):
    with pytest.raises(ValueError, match=sentence):
        rescale(networks(), alphas)
