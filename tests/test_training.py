import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from relubook import seeds
from relubook.networks import MLP
from relubook.training import Hyperparameters, Schedule, grid, train
from support import blobs

SHAPE = (6, 8, 7, 3)
DATA = blobs()


def weights(network: MLP, model: int = 0) -> list[torch.Tensor]:
    return [p[model] for p in network.parameters()]


def trained(l1, rates, numbers, *, step="inplace", signs=False, epochs=4, activation="rectifier"):
    hyper = Hyperparameters(
        learning_rate=torch.tensor(rates, dtype=torch.float64),
        l1=torch.tensor(l1, dtype=torch.float64),
        seed=torch.tensor(numbers),
    )
    network = MLP(
        SHAPE, seeds=numbers, activation=activation, sign_trick=signs, dtype=torch.float64
    )
    schedule = Schedule(epochs=epochs, batch_size=10, keep="last")
    return network, train(network, DATA, hyper, schedule, step=step)


def plain_loop(l1: float, rate: float, seed: int, epochs: int, unit=nn.ReLU) -> list[torch.Tensor]:
    """What anyone would write: nn.Sequential, torch.optim.SGD, one network."""
    start = MLP(SHAPE, seeds=[seed], dtype=torch.float64)
    linears = []
    for layer in start.stacked_layers():
        linear = nn.utils.skip_init(nn.Linear, *layer.weight.shape[1:], dtype=torch.float64)
        linear.weight.data, linear.bias.data = layer.weight[0].T.clone(), layer.bias[0, 0].clone()
        linears.append(linear)
    optimizer = torch.optim.SGD([p for m in linears for p in m.parameters()], lr=rate)
    for epoch in range(epochs):
        order = torch.randperm(len(DATA.train), generator=seeds.stream(seed, "order", epoch))
        for rows in order.split(10):
            h, penalty = DATA.train.x[rows].double(), 0.0
            for linear in linears[:-1]:
                h = unit()(linear(h))
                penalty = penalty + h.abs().sum(1).mean()
            cost = nn.functional.cross_entropy(linears[-1](h), DATA.train.y[rows])
            optimizer.zero_grad()
            (cost + l1 * penalty).backward()
            optimizer.step()
    return [p.detach() for m in linears for p in (m.weight.T, m.bias.unsqueeze(0))]


settings_of_models = st.lists(
    st.tuples(st.floats(0, 0.05), st.floats(0.01, 0.3), st.integers(0, 50)), min_size=2, max_size=5
)


@given(models=settings_of_models, step=st.sampled_from(["inplace", "autograd"]))
@settings(max_examples=8, deadline=None)
def test_training_together_equals_training_alone(models, step):
    together, _ = trained(*map(list, zip(*models, strict=True)), step=step)
    for position, (l1, rate, seed) in enumerate(models):
        alone, _ = trained([l1], [rate], [seed], step=step)
        for many, one in zip(weights(together, position), weights(alone), strict=True):
            torch.testing.assert_close(many, one, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize(
    ("step", "unit"),
    list(itertools.product(["inplace", "autograd"], ["rectifier", "tanh", "logistic"])),
)
def test_both_steps_equal_torchs_sgd_on_sequential_networks(step, unit):
    torch_units = {"rectifier": nn.ReLU, "tanh": nn.Tanh, "logistic": nn.Sigmoid}
    network, _ = trained([1e-3, 0.01], [0.1, 0.05], [3, 4], step=step, activation=unit)
    for position, (l1, rate, seed) in enumerate([(1e-3, 0.1, 3), (0.01, 0.05, 4)]):
        reference = plain_loop(l1, rate, seed, epochs=4, unit=torch_units[unit])
        for ours, theirs in zip(weights(network, position), reference, strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-14)


def test_both_steps_agree_for_softplus_and_with_the_sign_trick():
    for activation, signs in itertools.product(["rectifier", "softplus(3)", "logistic"], [0, 1]):
        pair = [
            trained([1e-3], [0.1], [5], step=step, signs=bool(signs), activation=activation)[0]
            for step in ("inplace", "autograd")
        ]
        for ours, theirs in zip(weights(pair[0]), weights(pair[1]), strict=True):
            torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-14)


def test_both_steps_agree_where_a_whole_layer_is_silent():
    """Behind it every pre-activation is exactly 0: the bias of the next layer, still untouched."""
    hyper = grid(learning_rate=0.1, l1=1e-3, seed=[0, 1], dtype=torch.float64)
    pair = []
    for step in ("inplace", "autograd"):
        network = MLP(SHAPE, seeds=[0, 1], dtype=torch.float64)
        network.stacked_layers()[0].bias.data[0] = -1e3
        train(network, DATA, hyper, Schedule(epochs=2, keep="last"), step=step)
        pair.append(network)
    for ours, theirs in zip(*(network.parameters() for network in pair), strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-12, atol=1e-14)


def test_permuting_models_permutes_results():
    l1, rates, numbers = [0.0, 1e-3, 0.01], [0.1, 0.2, 0.05], [4, 5, 6]
    order = [2, 0, 1]
    network, history = trained(l1, rates, numbers)
    shuffled, history_2 = trained(*([v[i] for i in order] for v in (l1, rates, numbers)))
    for position, origin in enumerate(order):
        for a, b in zip(weights(shuffled, position), weights(network, origin), strict=True):
            assert torch.equal(a, b)
    np.testing.assert_array_equal(history_2.test_error, history.test_error[:, order])
    np.testing.assert_array_equal(history_2.zero_fraction, history.zero_fraction[..., order])


def test_the_sign_trick_is_a_change_of_names_without_pretraining():
    """Flipping the rows that follow a negated unit gives the same network, also after training."""
    signed = MLP(SHAPE, seeds=[2], sign_trick=True, dtype=torch.float64)
    plain = MLP(SHAPE, seeds=[2], dtype=torch.float64)
    assert signed.signs is not None
    for signs, layer in zip(signed.signs, plain.stacked_layers()[1:], strict=True):
        layer.weight.data *= signs.mT
    hyper = grid(learning_rate=0.1, l1=1e-3, seed=2, dtype=torch.float64)
    schedule = Schedule(epochs=4, keep="last")
    for network in (signed, plain):
        train(network, DATA, hyper, schedule)
    x = DATA.test.x.double().unsqueeze(0)
    torch.testing.assert_close(signed(x), plain(x), rtol=1e-12, atol=1e-13)


def test_a_checkpoint_of_networks_that_began_elsewhere_is_refused(tmp_path):
    """What was pretrained must not go on from what was not."""
    hyper, schedule, path = grid(seed=[1, 2]), Schedule(epochs=2), tmp_path / "run.npz"
    train(MLP(SHAPE, seeds=[1, 2]), DATA, hyper, schedule, checkpoint=path, stop=lambda: True)
    other = MLP(SHAPE, seeds=[1, 2])
    other.stacked_layers()[0].weight.data[1] *= 2
    with pytest.raises(ValueError, match="belongs to another run"):
        train(other, DATA, hyper, schedule, checkpoint=path)


def test_a_network_that_diverges_is_marked_and_the_others_go_on():
    hyper = grid(learning_rate=[0.1, 1e6], seed=1)
    network = MLP(SHAPE, seeds=hyper.seed.tolist())
    history = train(network, DATA, hyper, Schedule(epochs=5))
    assert history.diverged[0] == -1
    assert 0 <= history.diverged[1] < 5
    assert np.isfinite(history.test_error[:, 0]).all()
    assert np.isnan(history.test_error[history.diverged[1] :, 1]).all()
    alone = grid(learning_rate=0.1, seed=1)
    single = MLP(SHAPE, seeds=[1])
    np.testing.assert_array_equal(
        train(single, DATA, alone, Schedule(epochs=5)).test_error[:, 0], history.test_error[:, 0]
    )


def test_the_networks_end_with_the_weights_of_their_best_epoch():
    from relubook.history import evaluate

    hyper = grid(learning_rate=[0.3, 0.05], seed=[0, 1])
    network = MLP(SHAPE, seeds=hyper.seed.tolist())
    history = train(network, DATA, hyper, Schedule(epochs=8))
    assert (history.best_epoch == history.validation_error.argmin(0)).all()
    error, zeros, dead = evaluate(network, DATA.test)
    np.testing.assert_array_equal(error.numpy(), history.at_best("test_error"))
    np.testing.assert_array_equal(zeros.numpy(), history.at_best("zero_fraction"))
    np.testing.assert_allclose(dead.numpy(), history.at_best("dead"), rtol=1e-6)


def test_stopping_keeps_what_was_done():
    epochs_seen = []
    hyper, network = grid(), MLP(SHAPE)
    history = train(
        network,
        DATA,
        hyper,
        Schedule(epochs=9),
        progress=lambda done, total, text: epochs_seen.append((done, total)),
        stop=lambda: len(epochs_seen) == 3,
    )
    assert history.test_error.shape == (3, 1)
    assert epochs_seen == [(1, 9), (2, 9), (3, 9)]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"l1": [0.0, -0.1]}, "`l1` of Hyperparameters must be at least 0 .* Got -0.1 at model 1"),
        ({"l1": float("nan")}, "`l1` .* Got nan at model 0"),
        ({"l1": float("inf")}, "`l1` .* Got inf at model 0"),
        ({"learning_rate": 0.0}, "`learning_rate` of Hyperparameters must be above 0"),
        ({"learning_rate": -1.0}, "`learning_rate` of Hyperparameters must be above 0"),
        ({"seed": [-4]}, "`seed` of Hyperparameters must be at least 0"),
    ],
)
def test_impossible_hyperparameters_are_refused_in_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        grid(**arguments)


def test_unequal_numbers_of_seeds_and_hyperparameters_are_refused():
    with pytest.raises((ValueError, TypeError)):
        Hyperparameters(learning_rate=torch.ones(2), l1=torch.zeros(2), seed=torch.arange(3))
    with pytest.raises(ValueError, match="seeds must be those of Hyperparameters"):
        train(MLP(SHAPE, models=2), DATA, grid(), Schedule(epochs=1))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"epochs": 0}, "`epochs` of Schedule must be at least 1"),
        ({"epochs": 1, "batch_size": 0}, "`batch_size` of Schedule must be at least 1"),
        ({"epochs": 1, "keep": "first"}, "best or last"),
    ],
)
def test_impossible_schedules_are_refused_in_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Schedule(**arguments)


def test_a_network_that_does_not_fit_the_data_is_refused():
    with pytest.raises(ValueError, match="must begin with 6 and end with 3"):
        train(MLP((5, 4, 3)), DATA, grid(), Schedule(epochs=1))
    with pytest.raises(ValueError, match="`batch_size` must be at most the 120"):
        train(MLP(SHAPE), DATA, grid(), Schedule(epochs=1, batch_size=121))
    with pytest.raises(ValueError, match="`step` must be one of inplace, autograd"):
        train(MLP(SHAPE), DATA, grid(), Schedule(epochs=1), step="magic")


def test_a_stopped_run_goes_on_from_its_checkpoint_as_if_it_had_not_stopped(tmp_path):
    hyper, schedule, seen = grid(learning_rate=0.1, seed=[1, 2]), Schedule(epochs=6), []

    def run(**arguments):
        network = MLP(SHAPE, seeds=hyper.seed.tolist())
        return network, train(network, DATA, hyper, schedule, **arguments)

    path = tmp_path / "run.npz"
    run(checkpoint=path, stop=lambda: seen.append(0) or len(seen) == 2)
    resumed, history = run(checkpoint=path, stop=lambda: bool(seen.append(0)))
    whole, expected = run()
    assert len(seen) == 2 + 4
    np.testing.assert_array_equal(history.test_error, expected.test_error)
    for ours, theirs in zip(resumed.parameters(), whole.parameters(), strict=True):
        assert torch.equal(ours, theirs)
