"""Half of the units negated afterwards: the same function, and the same training."""

import pytest
import torch

from relubook import seeds
from relubook.negation import negated, plain
from relubook.networks import MLP
from relubook.training import Schedule, grid, train
from support import blobs

SHAPE = (6, 12, 11, 3)
DATA = blobs(examples=100)
HYPER = grid(learning_rate=(0.02, 0.1), l1=(0.0, 1e-3), seed=(2, 3))


def learned(activation, **options):
    """Networks with biases that matter."""
    network = MLP(SHAPE, seeds=HYPER.seed.tolist(), activation=activation, **options)
    for place, layer in enumerate(network.stacked_layers()):
        drawn = torch.randn(layer.bias.shape[1:], generator=seeds.stream(1, "biases", place))
        layer.bias.data += drawn / 3
    return network


def inputs(network):
    return DATA.test.x.expand(network.models, -1, -1)


@pytest.mark.parametrize("activation", ["rectifier", "softplus", "tanh"])
def test_fifty_steps_from_a_network_and_from_its_negated_twin_give_the_same_bits(activation):
    network = learned(activation)
    twin = negated(network)
    x = inputs(network)
    assert torch.equal(twin(x), network(x))
    before = network(x).detach().clone()
    schedule = Schedule(epochs=5, batch_size=10, keep="last")
    histories = [train(n, DATA, HYPER, schedule) for n in (network, twin)]
    assert torch.equal(twin(x), network(x))
    assert not torch.equal(network(x), before)
    for ours, theirs in zip(twin.hidden(x), network.hidden(x), strict=True):
        sign = (1 - 2 * (torch.arange(ours.shape[-1]) % 2)).to(ours)
        assert torch.equal(ours, theirs * sign)
    for name in ("loss", "zero_fraction", "dead"):
        ours, theirs = (getattr(history, name) for history in histories)
        assert (ours == theirs).all()


def test_it_is_undone_and_neither_changes_the_other():
    network = learned("rectifier", initialization="he", gain=[0.5] * 4 + [1.0] * 4)
    twin = negated(network)
    back = plain(twin)
    for one, other in zip(back.parameters(), network.parameters(), strict=True):
        assert torch.equal(one, other)
        assert one.data_ptr() != other.data_ptr()
    for made in (twin, back):
        assert (made.initialization, made.gain) == (network.initialization, network.gain)
    with torch.no_grad():
        twin.stacked_layers()[0].weight.zero_()
    assert torch.equal(back(inputs(back)), network(inputs(network)))


def test_what_is_negated_already_or_not_at_all_is_refused():
    with pytest.raises(ValueError, match="negated already"):
        negated(MLP(SHAPE, sign_trick=True))
    with pytest.raises(ValueError, match="None of the network's units is negated"):
        plain(MLP(SHAPE))
    with pytest.raises(ValueError, match="`sign_trick` is not for units of the kind 'prelu'"):
        negated(MLP(SHAPE, activation="prelu"))
