"""Gradients by hand against autograd, paths against counting them one by one."""

import itertools
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from torch.nn.functional import cross_entropy

from relubook import activations, gradients
from relubook.networks import MLP, sizes

RANDOM = settings(deadline=None, max_examples=60)
SHAPES = st.tuples(st.integers(1, 3), st.integers(1, 9))
DRAWN = arrays.arrays(float, SHAPES, elements=st.floats(-1e200, 1e200, allow_subnormal=False)).map(
    torch.from_numpy
)


def examples(n, *, inputs=5, classes=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(n, inputs, generator=generator, dtype=torch.float64)
    return x, torch.randint(classes, (n,), generator=generator)


def network(*, hidden=(7, 6), seeds=(0, 1), **options):
    return MLP((5, *hidden, 3), seeds=seeds, dtype=torch.float64, **options)


def by_autograd(of, x, y):
    """For each hidden layer the derivatives by output and by pre-activation, by torch."""
    before, after, h = [], [], x.expand(of.models, *x.shape)
    for place, layer in enumerate(of.stacked_layers()[:-1]):
        before.append(layer(h))
        h = of.activation(before[-1])
        h = h if of.signs is None else h * of.signs[place]
        after.append(h)
    logits = of.layers[-1](h)
    loss = cross_entropy(logits.flatten(0, 1), y.repeat(of.models), reduction="sum")
    return [torch.autograd.grad(loss, part, retain_graph=True) for part in (after, before)]


@pytest.mark.parametrize("sign_trick", [False, True])
@pytest.mark.parametrize("activation", [*activations.ACTIVATIONS, "softplus(3)"])
def test_the_chain_rule_by_hand_is_that_of_autograd(activation, sign_trick):
    of = network(activation=activation, sign_trick=sign_trick)
    x, y = examples(20)
    found = gradients.per_unit(of, x, y)
    hidden = of.hidden(x.expand(of.models, *x.shape))
    for layer, h, by_output, by_input in zip(found, hidden, *by_autograd(of, x, y), strict=True):
        assert torch.equal(layer.h, h)
        torch.testing.assert_close(layer.by_output, by_output, rtol=1e-9, atol=1e-13)
        torch.testing.assert_close(layer.by_input, by_input, rtol=1e-9, atol=1e-13)


def test_each_example_and_each_model_has_a_gradient_of_its_own():
    of, (x, y) = network(), examples(6)
    together = gradients.per_unit(of, x, y)
    for model, row in itertools.product(range(2), range(6)):
        alone = gradients.per_unit(network(seeds=(model,)), x[[row]], y[[row]])
        for every, one in zip(together, alone, strict=True):
            torch.testing.assert_close(every.by_input[model, row], one.by_input[0, 0])


def test_no_gradient_passes_a_unit_that_is_off():
    layers = gradients.per_unit(network(), *examples(200))
    for layer in layers:
        assert torch.equal(layer.by_input != 0, layer.h != 0)
        assert (layer.by_output[layer.h == 0] != 0).any()  # the error asks them, too


def test_a_layer_without_active_units_blocks_all_layers_below_it():
    of, (x, y) = network(hidden=(4, 4, 4)), examples(30)
    for place, bias in ((1, -1e3), (2, 1.0)):
        torch.nn.init.constant_(of.stacked_layers()[place].bias, bias)
    first, second, third = gradients.per_unit(of, x, y)
    assert not first.by_output.any()
    assert not second.by_input.any()
    assert second.by_output.any()
    assert gradients.active_paths(of, x).share.max() == 0
    assert gradients.active_paths(of, x).log10.max() == -math.inf
    assert third.by_input.any()


def test_an_error_too_small_for_one_minus_p_still_sends_its_gradient():
    of, (x, _) = network(), examples(5)
    bias = of.stacked_layers()[-1].bias
    torch.nn.init.zeros_(bias)
    bias.data[..., 1] = 100.0  # p - 1 is 0 in double precision
    right = gradients.per_unit(of, x, torch.ones(5, dtype=torch.int64))[-1].by_output
    assert (right != 0).all()
    assert right.abs().max() < 1e-40


@pytest.mark.parametrize("activation", ["rectifier", "tanh", "softplus", "logistic"])
def test_two_hundred_layers_neither_fail_nor_underflow(activation):
    shape = sizes(inputs=5, width=20, depth=200, outputs=3)
    of = MLP(shape, seeds=[0], activation=activation, dtype=torch.float64)
    layers = gradients.per_unit(of, *examples(4))
    assert len(layers) == 200
    assert all(torch.isfinite(layer.by_output).all() for layer in layers)
    assert layers[0].by_output.any()


@RANDOM
@given(DRAWN)
def test_effective_units_lie_between_one_and_the_units_with_gradient(g):
    found = gradients.effective_units(g)
    carrying = (g != 0).sum(-1).double()
    assert (found <= carrying * (1 + 1e-9)).all()
    assert (found >= (carrying > 0).double() * (1 - 1e-9)).all()


@RANDOM
@given(DRAWN, st.integers(-300, 300))
def test_effective_units_do_not_depend_on_sign_size_or_order(g, power):
    found = gradients.effective_units(g)
    other = gradients.effective_units(-g.flip(-1) * 2.0**power)
    kept = ((g * 2.0**power) / 2.0**power == g).all(-1)  # nothing was lost by the scaling
    torch.testing.assert_close(other[kept], found[kept], rtol=1e-9, atol=0)


@pytest.mark.parametrize(("units", "carrying"), [(1, 1), (8, 3), (500, 500)])
def test_equal_gradients_count_in_full(units, carrying):
    g = torch.zeros(units, dtype=torch.float64)
    g[:carrying] = 1e-300
    assert float(gradients.effective_units(g)) == pytest.approx(carrying)


@pytest.mark.parametrize("activation", ["rectifier", "tanh"])
def test_paths_are_those_counted_one_by_one(activation):
    of, (x, _) = network(hidden=(4, 3, 5), activation=activation), examples(40)
    hidden = of.hidden(x.expand(2, *x.shape))
    found = gradients.active_paths(of, x)
    for model, row in itertools.product(range(2), range(40)):
        active = [(h[model, row] != 0).tolist() for h in hidden]
        open_ways = sum(all(way) for way in itertools.product(*active))
        expected = math.log10(open_ways) if open_ways else -math.inf
        assert float(found.log10[model, row]) == pytest.approx(expected, abs=1e-9)
        assert float(found.share[model, row]) == pytest.approx(open_ways / 60, abs=1e-12)


def test_all_paths_of_dense_units_are_open():
    of, (x, _) = network(activation="softplus"), examples(10)
    found = gradients.active_paths(of, x)
    assert (found.share == 1).all()
    assert torch.allclose(found.log10, torch.full((2, 10), math.log10(42), dtype=torch.float64))


def test_what_does_not_fit_is_refused_in_a_sentence():
    x, y = examples(4)
    with pytest.raises(ValueError, match=r"must have 5 inputs\. Got 4"):
        gradients.per_unit(network(), x[:, :4], y)
    with pytest.raises(ValueError, match=r"must have 5 inputs\. Got 4"):
        gradients.active_paths(network(), x[:, :4])
    with pytest.raises(ValueError, match=r"Got 3 classes for 4 examples"):
        gradients.per_unit(network(), x, y[:3])
    with pytest.raises(ValueError, match=r"between 0 and 2\. Got 3 at example 1"):
        gradients.per_unit(network(), x, torch.tensor([0, 3, 1, 1]))
    with pytest.raises(ValueError, match="at least 1 hidden layer"):
        gradients.per_unit(MLP((5, 3)), x, y)
