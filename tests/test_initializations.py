import math

import pytest
import torch
from torch import nn

from relubook import initializations
from relubook.networks import MLP

SHAPE = (300, 200, 10)


@pytest.mark.parametrize("name", initializations.INITIALIZATIONS)
def test_weights_fill_the_range_of_their_initialization(name):
    chosen = initializations.get(name)
    for layer in MLP(SHAPE, initialization=name).stacked_layers():
        inputs, outputs = layer.weight.shape[1:]
        bound = chosen.weights(inputs, outputs)
        assert 0.99 * bound < layer.weight.abs().max() <= bound
        assert layer.bias.abs().max() <= chosen.biases(inputs, outputs)


def test_torchs_default_is_that_of_its_linear_layer():
    """Compared by variance: 60,000 uniform numbers know theirs to half a percent."""
    generator = torch.Generator().manual_seed(0)
    reference = nn.utils.skip_init(nn.Linear, 300, 200)
    nn.init.kaiming_uniform_(reference.weight, a=math.sqrt(5), generator=generator)
    ours = MLP(SHAPE, initialization="torch").stacked_layers()[0]
    assert ours.weight.std().item() == pytest.approx(reference.weight.std().item(), rel=0.02)
    assert ours.bias.std().item() == pytest.approx(1 / math.sqrt(3 * 300), rel=0.15)


def test_only_the_range_differs_between_initializations():
    glorot, he = (MLP((9, 9, 9), initialization=name) for name in ("glorot", "he"))
    for one, other in zip(glorot.stacked_layers(), he.stacked_layers(), strict=True):
        torch.testing.assert_close(other.weight, one.weight * math.sqrt(2))


def test_a_gain_multiplies_the_weights_of_its_own_model():
    plain = MLP((4, 8, 2), seeds=[3, 9], initialization="torch")
    louder = MLP((4, 8, 2), seeds=[3, 9], initialization="torch", gain=[1.0, 4.0])
    for one, other in zip(plain.stacked_layers(), louder.stacked_layers(), strict=True):
        assert torch.equal(other.weight[0], one.weight[0])
        torch.testing.assert_close(other.weight[1], 4 * one.weight[1])
        assert torch.equal(other.bias, one.bias)
    assert louder.view(slice(1, 2)).gain == (4.0,)


@pytest.mark.parametrize("gain", [0.0, -1.0, math.nan, math.inf])
def test_a_gain_must_be_above_zero_and_finite(gain):
    with pytest.raises(ValueError, match="`gain` must be above 0 and finite"):
        MLP((4, 8, 2), gain=gain)


def test_there_is_one_gain_per_model():
    with pytest.raises(ValueError, match=r"one `gain` per model. Got 3 for 2"):
        MLP((4, 8, 2), models=2, gain=[1.0, 2.0, 3.0])


def test_an_unknown_initialization_names_the_nearest():
    with pytest.raises(ValueError, match="Did you mean 'glorot'"):
        MLP((4, 8, 2), initialization="Glorot")


def test_two_hundred_layers_are_no_obstacle():
    network = MLP((5, *[8] * 200, 3), models=2, initialization="he", dtype=torch.float64)
    logits = network(torch.ones(2, 4, 5, dtype=torch.float64))
    assert logits.shape == (2, 4, 3)
    assert logits.isfinite().all()
