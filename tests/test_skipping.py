"""Skipping zeros changes no number: against a plain product in float64, whatever the zeros."""

import subprocess
import sys

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from relubook import activations, skipping, sparsity
from relubook.networks import MLP

SIZES = st.integers(1, 9)
SEEDS = st.integers(0, 2**32 - 1)
SKIPPING = [name for name in skipping.METHODS if name != "dense"]
every_method = pytest.mark.parametrize("name", skipping.METHODS)


def layer(seed, batch, inputs, outputs, zeros):
    """Activations of both signs, a share of them zero, with weights and biases in float64."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    h = normal(batch, inputs)
    h[torch.rand(batch, inputs, generator=generator) < zeros] = 0
    return h, normal(inputs, outputs), normal(outputs)


def close(found, expected):
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)


@every_method
@given(SEEDS, SIZES, SIZES, SIZES, st.sampled_from([0.0, 0.3, 0.8, 1.0]))
def test_each_method_equals_the_plain_product(name, seed, batch, inputs, outputs, zeros):
    h, weight, bias = layer(seed, batch, inputs, outputs, zeros)
    before = h.clone()
    close(skipping.METHODS[name](h, weight, bias), h @ weight + bias)
    assert torch.equal(h, before)


@every_method
def test_an_example_without_active_units_gives_the_bias(name):
    h, weight, bias = layer(0, 4, 6, 5, zeros=0.5)
    for silent in ([0], [1, 2], [3], [0, 1, 2, 3]):
        quiet = h.clone()
        quiet[silent] = 0
        found = skipping.METHODS[name](quiet, weight, bias)
        close(found, quiet @ weight + bias)
        assert torch.equal(found[silent], bias.expand(len(silent), -1))


@every_method
def test_minus_zero_is_a_zero_and_tiny_numbers_are_not(name):
    _, weight, bias = layer(0, 1, 3, 5, zeros=0.0)
    h = torch.tensor([[-0.0, 1e-300, -2.0]], dtype=torch.float64)
    close(skipping.METHODS[name](h, 1e300 * weight, bias), h @ (1e300 * weight) + bias)


@every_method
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_an_activation_that_is_not_finite_shows_in_its_own_example(name, bad):
    h, weight, bias = layer(1, 3, 6, 5, zeros=0.5)
    h[1, 2] = bad
    expected = h @ weight + bias
    assert not expected[1].isfinite().any()
    torch.testing.assert_close(
        skipping.METHODS[name](h, weight, bias), expected, rtol=1e-12, atol=1e-12, equal_nan=True
    )


@pytest.mark.parametrize("name", SKIPPING)
def test_a_weight_that_is_not_finite_is_skipped_with_its_silent_unit(name):
    """As the module says: here alone the methods differ."""
    h, weight, bias = layer(2, 3, 6, 5, zeros=0.0)
    h[:, 4] = 0
    finite = skipping.METHODS[name](h, weight, bias)
    weight[4] = float("nan")
    assert skipping.dense(h, weight, bias).isnan().all()
    assert torch.equal(skipping.METHODS[name](h, weight, bias), finite)


@every_method
@pytest.mark.parametrize("shape", [(0, 4), (3, 0)])
def test_nothing_to_multiply_is_refused(name, shape):
    with pytest.raises(ValueError, match=r"nothing to multiply: the activations are \("):
        skipping.METHODS[name](torch.zeros(shape), torch.zeros(shape[1], 2), torch.zeros(2))


@pytest.mark.parametrize("activation", activations.ACTIVATIONS)
@pytest.mark.parametrize("sign_trick", [False, True])
@every_method
def test_a_whole_network_has_the_same_logits(name, sign_trick, activation):
    network = MLP(
        (12, 9, 8, 4), seeds=[3], activation=activation, sign_trick=sign_trick, dtype=torch.float64
    )
    for layer_of_one in network.stacked_layers():
        torch.nn.init.constant_(layer_of_one.bias, 0.1)
    x, _, _ = layer(5, 7, 12, 1, zeros=0.6)
    found = skipping.logits(network, x, name)
    close(found, network(x[None])[0].detach())
    assert not found.requires_grad


def test_a_network_without_hidden_layers_has_logits():
    network = MLP((12, 4), seeds=[3], dtype=torch.float64)
    x, _, _ = layer(5, 7, 12, 1, zeros=0.6)
    close(skipping.logits(network, x), network(x[None])[0].detach())


def test_several_models_and_unknown_methods_are_refused():
    x = torch.ones(2, 3)
    with pytest.raises(ValueError, match=r"`network` must be one model\. Got 2"):
        skipping.logits(MLP((3, 4), seeds=[0, 1]), x)
    with pytest.raises(ValueError, match=r"`network` must be one model\. Got 2"):
        skipping.network_multiplications(MLP((3, 4), seeds=[0, 1]), x)
    with pytest.raises(ValueError, match=r"no method 'gather'\. Did you mean 'gathered'"):
        skipping.logits(MLP((3, 4), seeds=[0]), x, "gather")


@given(SEEDS, SIZES, SIZES, SIZES, st.sampled_from([0.0, 0.5, 1.0]))
def test_multiplications_are_those_of_a_loop_over_examples_and_units(
    seed, batch, inputs, outputs, zeros
):
    h, weight, _ = layer(seed, batch, inputs, outputs, zeros)
    rows = [weight[unit] for example in h for unit in range(inputs) if example[unit] != 0]
    needed = skipping.multiplications(h, outputs)
    assert needed == {
        "dense": batch * inputs * outputs,
        "gathered": sum(len(row) for row in rows),
    }


def test_a_network_multiplies_in_each_of_its_layers():
    network, x = MLP((3, 2, 4), seeds=[0]), torch.tensor([[1.0, 0.0, 2.0], [0.0, 0.0, 0.0]])
    with torch.no_grad():
        network.stacked_layers()[0].bias[:] = torch.tensor([1.0, -9.0])
        network.stacked_layers()[0].weight.zero_()  # one unit always speaks, one never
    assert skipping.network_multiplications(network, x) == {
        "dense": 2 * (3 * 2 + 2 * 4),
        "gathered": 2 * 2 + 2 * 4,
    }


@given(SEEDS, st.integers(1, 12), SIZES, st.sampled_from([0.0, 0.5, 0.9, 1.0]))
def test_a_union_is_that_of_sets_and_grows_with_the_batch(seed, examples, units, zeros):
    h, _, _ = layer(seed, examples, units, 1, zeros)
    active = [{unit for unit in range(units) if example[unit] != 0} for example in h]
    for batch in range(1, examples + 1):
        starts = range(0, examples - batch + 1, batch)
        sizes = [len(set.union(*active[start : start + batch])) for start in starts]
        expected = sum(sizes) / len(sizes) / units
        assert skipping.union(h, batch) == pytest.approx(expected)
    assert skipping.union(h, 1) == pytest.approx(1 - float(sparsity.zero_fraction(h)))
    assert skipping.union(h, examples) >= skipping.union(h, 1) - 1e-12


@pytest.mark.parametrize("batch", [0, 4])
def test_a_batch_of_no_or_too_many_examples_has_no_union(batch):
    with pytest.raises(ValueError, match=rf"`batch` must be 1 to the 3 examples\. Got {batch}"):
        skipping.union(torch.ones(3, 2), batch)


def test_nobody_hears_that_sparse_matrices_are_in_beta():
    """In a process of its own, where torch has not warned yet and any warning is an error."""
    script = (
        "import torch; from relubook import skipping; "
        "skipping.csr(torch.ones(2, 2), torch.ones(2, 2), torch.ones(2))"
    )
    command = [sys.executable, "-W", "error::UserWarning", "-c", script]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
