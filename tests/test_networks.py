import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from relubook.networks import MLP, sizes


def alone(network: MLP, model: int) -> nn.Sequential:
    """The same network built from torch's own layers."""
    parts: list[nn.Module] = []
    for layer in network.stacked_layers():
        linear = nn.utils.skip_init(nn.Linear, *layer.weight.shape[1:], dtype=layer.weight.dtype)
        linear.weight.data = layer.weight[model].T.clone()
        linear.bias.data = layer.bias[model, 0].clone()
        parts += [linear, nn.ReLU()]
    return nn.Sequential(*parts[:-1])


@given(depth=st.integers(1, 4), width=st.integers(1, 9), models=st.integers(1, 4))
@settings(max_examples=20, deadline=None)
def test_each_model_equals_a_network_of_torchs_own_layers(depth, width, models):
    shape = sizes(inputs=5, width=width, depth=depth, outputs=3)
    network = MLP(shape, models=models, dtype=torch.float64)
    x = torch.linspace(-2, 2, models * 35, dtype=torch.float64).sin().view(models, 7, 5)
    logits = network(x)
    for model in range(models):
        torch.testing.assert_close(logits[model], alone(network, model)(x[model]))


def test_a_models_weights_depend_on_its_own_seed_only():
    together = MLP((4, 8, 2), seeds=[3, 9, 3])
    single = MLP((4, 8, 2), seeds=[9])
    for many, one in zip(together.stacked_layers(), single.stacked_layers(), strict=True):
        assert torch.equal(many.weight[1], one.weight[0])
        assert torch.equal(many.weight[0], many.weight[2])
        assert not torch.equal(many.weight[0], many.weight[1])


def test_weights_fill_glorots_range_and_biases_are_zero():
    layer = MLP((300, 200, 10)).stacked_layers()[0]
    bound = (6 / 500) ** 0.5
    assert layer.weight.abs().max() <= bound
    assert layer.weight.abs().max() > 0.999 * bound
    assert layer.weight.std().item() == pytest.approx(bound / 3**0.5, rel=0.02)
    assert (layer.bias == 0).all()


def test_the_global_random_state_is_not_touched():
    before = torch.random.get_rng_state()
    MLP((4, 8, 2), models=3)
    assert torch.equal(before, torch.random.get_rng_state())


def test_the_sign_trick_keeps_the_zeros_and_cancels_the_mean():
    plain, signed = (MLP((20, 500, 2), sign_trick=s) for s in (False, True))
    x = torch.rand(1, 50, 20, generator=torch.Generator().manual_seed(0))
    h, s = plain.hidden(x)[0], signed.hidden(x)[0]
    assert torch.equal(h == 0, s == 0)
    assert torch.equal(h.abs(), s.abs())
    assert (s.mean().abs() / s.abs().mean()).item() < 0.2
    assert (h.mean().abs() / h.abs().mean()).item() == 1


def test_a_view_shares_its_weights():
    network = MLP((4, 8, 2), models=3)
    with torch.no_grad():
        network.view(slice(1, 2)).stacked_layers()[0].weight.fill_(7)
    assert (network.stacked_layers()[0].weight[1] == 7).all()
    assert not (network.stacked_layers()[0].weight[0] == 7).any()


@pytest.mark.parametrize(("width", "depth"), [(0, 1), (1, 0), (-3, 2)])
def test_width_and_depth_below_one_are_refused(width, depth):
    with pytest.raises(ValueError, match="of a network must be at least 1"):
        sizes(inputs=3, width=width, depth=depth, outputs=2)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"sizes": (4,)}, "need inputs and outputs"),
        ({"sizes": (4, 0, 2)}, "Got 0 at position 1"),
        ({"sizes": (4, 2), "seeds": []}, "At least 1 model"),
        ({"sizes": (4, 2), "seeds": [1], "models": 2}, "one seed per model"),
        ({"sizes": (4, 2), "seeds": [-1]}, "must be at least 0"),
        ({"sizes": (4, 2), "activation": "tahn"}, "Did you mean 'tanh'"),
    ],
)
def test_impossible_networks_are_refused_in_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        MLP(**arguments)
