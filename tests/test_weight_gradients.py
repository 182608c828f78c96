"""Gradients of weights by hand against autograd and torch's own clipping, with every detour."""

import itertools

import pytest
import torch
from torch.nn.functional import cross_entropy
from torch.nn.utils import clip_grad_norm_

from relubook.experiments import clipping
from relubook.experiments.mini_batches import finite, mini_batches
from relubook.experiments.weight_gradients import (
    Detour,
    backpropagate,
    descend,
    gradient_norm,
)
from relubook.networks import MLP
from relubook.training import Schedule, grid, train
from support import blobs

SIZES, MODELS, BATCH = (6, 7, 5, 3), 3, 11


def network(activation="rectifier", *, signs=False):
    return MLP(SIZES, models=MODELS, activation=activation, sign_trick=signs, dtype=torch.float64)


def batch(seed=0):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(MODELS, BATCH, SIZES[0], generator=generator, dtype=torch.float64)
    y = torch.randint(SIZES[-1], (MODELS, BATCH), generator=generator)
    return x, torch.eye(SIZES[-1], dtype=torch.float64)[y]


def detour(kind, seed=1):
    generator = torch.Generator().manual_seed(seed)
    shapes = [(MODELS, BATCH if kind == "masked" else 1, units) for units in SIZES[1:-1]]
    drawn = [torch.rand(shape, generator=generator, dtype=torch.float64) for shape in shapes]
    if kind == "masked":
        return Detour(factors=[2 * (d < 0.5).double() for d in drawn])
    return Detour(shifts=drawn) if kind == "shifted" else Detour()


def by_autograd(of, x, targets, its):
    """The loss of each model and the gradients of all parameters of all models."""
    h = x
    for place, layer in enumerate(of.stacked_layers()[:-1]):
        h = of.activation(layer(h))
        h = h if of.signs is None else h * of.signs[place]
        h = h * its.factors[place] if its.factors else h
        h = h - its.shifts[place] if its.shifts else h
    loss = -(of.layers[-1](h).log_softmax(-1) * targets).sum((-2, -1)) / x.shape[1]
    return loss, torch.autograd.grad(loss.sum(), list(of.parameters()))


@pytest.mark.parametrize("kind", ["plain", "masked", "shifted"])
@pytest.mark.parametrize(
    ("activation", "signs"),
    [("rectifier", False), ("rectifier", True), ("logistic", False), ("tanh", True)],
)
def test_gradients_their_norm_and_a_step_are_those_of_autograd(activation, signs, kind):
    of, (x, targets), its = network(activation, signs=signs), batch(), detour(kind)
    found, (loss, gradients) = backpropagate(of, x, targets, its), by_autograd(of, *batch(), its)
    torch.testing.assert_close(found.loss, loss.detach())
    for matrix, gradient in enumerate(gradients[::2]):
        torch.testing.assert_close(found.weight_gradient(matrix), gradient)
    square = sum(g.flatten(1).square().sum(1) for g in gradients)
    torch.testing.assert_close(gradient_norm(found), torch.as_tensor(square).sqrt())
    expected = [p.detach() - 0.3 * g for p, g in zip(of.parameters(), gradients, strict=True)]
    descend(of, found, torch.full((MODELS, 1, 1), 0.3, dtype=torch.float64))
    for parameter, target in zip(of.parameters(), expected, strict=True):
        torch.testing.assert_close(parameter.detach(), target)


@pytest.mark.parametrize("limit", [0.01, 1e6])
def test_a_clipped_step_is_that_of_torch_model_by_model(limit):
    of, (x, targets) = network(), batch()
    alone = [[p[m : m + 1].detach().clone() for p in of.parameters()] for m in range(MODELS)]
    _, gradients = by_autograd(of, x, targets, Detour())
    rate = torch.full((MODELS, 1, 1), 0.3, dtype=torch.float64)
    limits = torch.full((MODELS,), limit, dtype=torch.float64)
    norms, _ = clipping.clipped_step(of, x, targets, rate, limits)
    for model, parameters in enumerate(alone):
        for parameter, gradient in zip(parameters, gradients, strict=True):
            parameter.grad = gradient[model : model + 1].clone()
        assert float(clip_grad_norm_(parameters, limit)) == pytest.approx(float(norms[model]))
        for parameter, now in zip(parameters, of.parameters(), strict=True):
            assert parameter.grad is not None
            torch.testing.assert_close(
                now[model : model + 1].detach(), parameter - 0.3 * parameter.grad, rtol=1e-5,
                atol=1e-9,
            )  # fmt: skip


def test_mini_batches_and_steps_by_hand_train_as_train_does():
    data, hyper = blobs(), grid(learning_rate=0.1, seed=[4, 9])
    shape = (data.inputs, 8, data.outputs)
    known = MLP(shape, seeds=[4, 9])
    train(known, data, hyper, Schedule(epochs=2, batch_size=10, keep="last"))
    of, rate = MLP(shape, seeds=[4, 9]), hyper.learning_rate.view(-1, 1, 1)
    for x, targets in itertools.islice(mini_batches(of, data, 10), 2 * len(data.train) // 10):
        descend(of, backpropagate(of, x, targets), rate)
    for one, other in zip(of.parameters(), known.parameters(), strict=True):
        torch.testing.assert_close(one, other)


def test_each_network_sees_its_own_examples_only_and_all_of_them():
    data = blobs()
    of = MLP((data.inputs, 4, data.outputs), seeds=[0, 1])
    rows = torch.tensor([[3, 50, 7, 90, 11, 20], [8, 2, 77, 60, 5, 31]])
    batches = mini_batches(of, data, 3, rows_of=rows)
    seen = torch.cat([x.clone() for x, _ in itertools.islice(batches, 2)], dim=1)
    for model in range(2):
        own = data.train.x[rows[model]]
        assert {tuple(row) for row in seen[model].tolist()} == {tuple(r) for r in own.tolist()}


def test_a_network_with_one_infinite_weight_is_not_finite():
    of = network()
    assert finite(of).all()
    of.stacked_layers()[1].weight.data[2, 0, 0] = torch.inf
    assert finite(of).tolist() == [True, True, False]


def test_the_loss_by_hand_is_torchs_cross_entropy():
    of, (x, targets) = network(), batch()
    found = backpropagate(of, x, targets)
    for model in range(MODELS):
        known = cross_entropy(of(x)[model], targets[model].argmax(-1))
        assert float(found.loss[model]) == pytest.approx(float(known.detach()))
