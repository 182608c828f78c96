"""Units with parameters, chance, memory or two outputs: against torch's own modules, in float64."""

import functools

import numpy as np
import pytest
import torch
from torch import nn

from relubook import graphs, seeds, unit_layers
from relubook.history import evaluate
from relubook.networks import MLP
from relubook.training import Schedule, grid, train
from support import blobs

SHAPE, DATA = (6, 8, 7, 3), blobs()
RANDOM = ("rrelu", "dropout(rectifier)")
FIXED = ("prelu", "crelu", "normalized(rectifier)", "normalized(tanh)")
close = functools.partial(torch.testing.assert_close, rtol=1e-10, atol=1e-12)


class Concatenated(nn.Module):
    """What torch has no module for."""

    def forward(self, z):
        return torch.cat([nn.functional.relu(z), nn.functional.relu(-z)], dim=1)


def torchs_own(name: str, units: int) -> nn.Sequential:
    """Torch's modules for a layer of these units, with their first parameters."""
    norm = functools.partial(nn.BatchNorm1d, units)
    modules = {
        "prelu": lambda: [nn.PReLU(units)],
        "crelu": lambda: [Concatenated()],
        "rrelu": lambda: [nn.RReLU()],
        "dropout(rectifier)": lambda: [nn.ReLU(), nn.Dropout(0.5)],
        "normalized(rectifier)": lambda: [norm(), nn.ReLU()],
        "normalized(tanh)": lambda: [norm(), nn.Tanh()],
    }
    return nn.Sequential(*modules[name]()).double()


def layer_of(name: str, *, models: int = 2, units: int = 5) -> unit_layers.UnitLayer:
    kind = unit_layers.find(name)
    assert kind is not None
    (layer,) = unit_layers.begin(kind, (units,), range(models), torch.float64)
    return layer


def numbers(*shape: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return 3 * torch.randn(*shape, generator=generator, dtype=torch.float64) + 1


def trained(name: str, numbers: list[int], *, epochs=3, **arguments):
    hyper = grid(learning_rate=0.05, seed=numbers, dtype=torch.float64)
    network = MLP(SHAPE, seeds=numbers, activation=name, dtype=torch.float64)
    schedule = Schedule(epochs=epochs, batch_size=10, keep=arguments.pop("keep", "last"))
    return network, train(network, DATA, hyper, schedule, step="autograd", **arguments)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", FIXED)
def test_values_gradients_and_memories_are_those_of_torchs_modules(name, training):
    layer, z = layer_of(name), numbers(2, 9, 5).requires_grad_()
    for place, parameter in enumerate(layer.parameters()):
        parameter.data.copy_(numbers(2, 1, 5, seed=place + 7))
    layer(numbers(2, 9, 5, seed=3), training=True)  # so that there is something to remember
    h = layer(z, training=training)
    ours = torch.autograd.grad((h * numbers(*h.shape, seed=1)).sum(), [z, *layer.parameters()])
    for model in range(2):
        module = torchs_own(name, 5)
        for mine, other in zip(layer.parameters(), module.parameters(), strict=True):
            other.data.copy_(mine.detach()[model, 0])
        module(numbers(2, 9, 5, seed=3)[model])
        x = z.detach()[model].requires_grad_()
        expected = module.train(training)(x)
        close(h[model], expected)
        cost = (expected * numbers(*h.shape, seed=1)[model]).sum()
        theirs = torch.autograd.grad(cost, [x, *module.parameters()])
        for mine, other in zip(ours, theirs, strict=True):
            close(mine[model].view_as(other), other)
        kept = [b for name, b in module.named_buffers() if name.endswith(("mean", "var"))]
        for mine, other in zip(layer.buffers(), kept, strict=True):
            close(mine[model, 0], other)


@pytest.mark.parametrize("name", RANDOM)
def test_after_training_random_units_are_torchs_own(name):
    z = numbers(2, 9, 5)
    close(layer_of(name)(z)[1], torchs_own(name, 5).eval()(z[1]))


def test_while_training_random_units_do_what_torchs_do_with_the_numbers_of_seed_and_step():
    z = numbers(2, 9, 5)
    slopes, masks = layer_of("rrelu"), layer_of("dropout(rectifier)")
    for step in range(3):
        sloped, thinned = (layer(z, training=True) for layer in (slopes, masks))
        for model in range(2):
            drawn = torch.rand(9, 5, generator=seeds.stream(model, "units 0", step)).double()
            slope = 1 / 8 + (1 / 3 - 1 / 8) * drawn
            close(sloped[model], torch.where(z[model] > 0, z[model], slope * z[model]))
            close(thinned[model], z[model].relu() * 2 * (drawn >= 0.5))
    assert slopes.get_buffer("steps").tolist() == [3, 3]


@pytest.mark.parametrize("name", FIXED[:3])
def test_a_training_run_equals_torchs_sgd_on_torchs_modules(name):
    network, _ = trained(name, [4])
    start, double = MLP(SHAPE, seeds=[4], activation=name, dtype=torch.float64), []
    for place, layer in enumerate(start.stacked_layers()):
        linear = nn.utils.skip_init(nn.Linear, *layer.weight.shape[1:], dtype=torch.float64)
        linear.weight.data, linear.bias.data = layer.weight[0].T.clone(), layer.bias[0, 0].clone()
        double += [linear, *(torchs_own(name, SHAPE[place + 1]) if place < 2 else ())]
    model = nn.Sequential(*double)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for epoch in range(3):
        order = torch.randperm(len(DATA.train), generator=seeds.stream(4, "order", epoch))
        for rows in order.split(10):
            optimizer.zero_grad()
            logits = model(DATA.train.x[rows].double())
            nn.functional.cross_entropy(logits, DATA.train.y[rows]).backward()
            optimizer.step()
    x = DATA.test.x.double()
    close(network(x.unsqueeze(0))[0], model.eval()(x))


@pytest.mark.parametrize("name", [*FIXED[:3], *RANDOM])
def test_training_together_equals_training_alone(name):
    together, history = trained(name, [3, 9])
    alone, single = trained(name, [9])
    for many, one in zip(together.state_dict().values(), alone.state_dict().values(), strict=True):
        torch.testing.assert_close(many[1], one[0], rtol=1e-12, atol=1e-13)
    np.testing.assert_array_equal(history.test_error[:, 1], single.test_error[:, 0])


@pytest.mark.parametrize("name", [*FIXED[:3], *RANDOM])
def test_a_cut_run_goes_on_as_if_it_had_not_stopped_and_ends_with_its_best_state(name, tmp_path):
    path, seen = tmp_path / "run.npz", []
    trained(name, [1, 2], epochs=5, keep="best", checkpoint=path,
            stop=lambda: seen.append(0) or len(seen) == 2)  # fmt: skip
    resumed, history = trained(name, [1, 2], epochs=5, keep="best", checkpoint=path)
    whole, expected = trained(name, [1, 2], epochs=5, keep="best")
    np.testing.assert_array_equal(history.test_error, expected.test_error)
    for ours, theirs in zip(
        resumed.state_dict().values(), whole.state_dict().values(), strict=True
    ):
        assert torch.equal(ours, theirs)
    error, *_ = evaluate(whole, DATA.test)  # running averages belong to the best epoch, too
    np.testing.assert_array_equal(error.numpy(), expected.at_best("test_error"))


def test_measuring_changes_nothing_and_draws_nothing():
    for name in (*FIXED, *RANDOM):
        network = MLP(SHAPE, activation=name)
        before = {key: value.clone() for key, value in network.state_dict().items()}
        first, again = (network(DATA.test.x.unsqueeze(0)) for _ in range(2))
        assert torch.equal(first, again)
        for key, value in network.state_dict().items():
            assert torch.equal(value, before[key])


def test_a_view_shares_what_its_units_hold():
    network = MLP(SHAPE, models=3, activation="normalized(rectifier)")
    part = network.view(slice(1, 2))
    part.hidden(DATA.train.x[:20].unsqueeze(0), training=True)
    mean = network.get_buffer("units.0.mean")
    assert (mean[1] != 0).all()
    assert (mean[[0, 2]] == 0).all()
    assert part.get_parameter("units.0.scale").data_ptr() == (
        network.get_parameter("units.0.scale")[1].data_ptr()
    )


def test_a_concatenated_rectifier_keeps_everything_and_doubles_the_next_layers_inputs():
    network, x = MLP((6, 8, 7, 3), activation="crelu"), DATA.test.x.unsqueeze(0)
    assert [tuple(layer.weight.shape[1:]) for layer in network.stacked_layers()] == [
        (6, 8), (16, 7), (14, 3),
    ]  # fmt: skip
    h = network.hidden(x)[0]
    assert torch.equal(h[..., :8] - h[..., 8:], network.stacked_layers()[0](x))


@pytest.mark.parametrize(
    ("attempt", "sentence"),
    [
        (lambda: train(MLP(SHAPE, activation="prelu"), DATA, grid(), Schedule(epochs=1)),
         "'prelu' are not a function of one number.*step=\"autograd\""),
        (lambda: MLP(SHAPE, activation="crelu", sign_trick=True), "`sign_trick` is not for"),
        (lambda: MLP(SHAPE, activation="dropout(tahn)"), "Did you mean 'tanh'"),
        (lambda: layer_of("normalized(tanh)")(numbers(2, 1, 5), training=True),
         "`batch_size` of at least 2. Got 1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(attempt, sentence):
    with pytest.raises(ValueError, match=sentence):
        attempt()


def test_networks_with_a_memory_are_never_rehearsed_as_a_graph(monkeypatch):
    monkeypatch.setattr(torch.Tensor, "is_cuda", property(lambda self: True))
    assert graphs.worthwhile(MLP(SHAPE))
    assert graphs.worthwhile(MLP(SHAPE, activation="prelu"))
    assert not graphs.worthwhile(MLP(SHAPE, activation="normalized(rectifier)"))
    assert not graphs.worthwhile(MLP(SHAPE, activation="dropout(rectifier)"))
