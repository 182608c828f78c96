import numpy as np
import pytest
import torch

from relubook.checks.pretraining import check_denoise


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def masked(x, keep):
    return x * keep


def squares(z, x):
    return ((np.logaddexp(0, z) - x) ** 2).sum(axis=1)


def gradient(z, x):
    return 2 * (np.logaddexp(0, z) - x) * sigmoid(z)


def build(*, corrupt=masked, cost=squares, slope=gradient):
    """A right answer, but for the parts that are given."""

    def denoise(x, keep, before):
        z = before(corrupt(x, keep))
        return cost(z, x), slope(z, x)

    return denoise


def by_torch(x, keep, before):
    x = torch.tensor(x)
    z = torch.tensor(before(x * torch.tensor(keep)), requires_grad=True)
    cost = (torch.nn.functional.softplus(z) - x).square().sum(1)
    (slope,) = torch.autograd.grad(cost.sum(), z)
    return cost.detach(), slope


def in_float32(x, keep, before):
    z = before(np.where(keep, x, 0)).astype(np.float32)
    return [squares(z, x.astype(np.float32)), gradient(z, x)]


def step_by_step(x, keep, before):
    z = before(np.where(keep, x, 0.0))
    cost, slope = np.zeros(len(x)), np.zeros(x.shape)
    for row, column in np.ndindex(*x.shape):
        left = np.logaddexp(0, z[row, column]) - x[row, column]
        cost[row] += left**2
        slope[row, column] = 2 * left * sigmoid(z[row, column])
    return cost, slope


@pytest.mark.parametrize("function", [build(), by_torch, in_float32, step_by_step])
def test_right_answers_pass(function):
    for _ in range(20):
        outcome = check_denoise(function)
        assert outcome.passed == outcome.total == 6, outcome


def noise_on_the_target(x, keep, before):
    z = before(x)
    return squares(z, x * keep), gradient(z, x * keep)


def restores_the_remnant(x, keep, before):
    z = before(x * keep)
    return squares(z, x * keep), gradient(z, x * keep)


def damages_and_restores_the_remnant(x, keep, before):
    x *= keep
    z = before(x)
    return squares(z, x), gradient(z, x)


def damages_x(x, keep, before):
    whole = x.copy()
    x[~keep] = 0
    z = before(x)
    return squares(z, whole), gradient(z, whole)


def damages_keep(x, keep, before):
    answer = build()(x, keep, before)
    keep[:] = ~keep
    return answer


def draws_its_own_noise(x, keep, before):
    z = before(x * (np.random.default_rng(0).random(x.shape) > 0.25))
    return squares(z, x), gradient(z, x)


def asks_twice(x, keep, before):
    before(x)
    return build()(x, keep, before)


def overflows(z, x):
    return ((np.log(1 + np.exp(z)) - x) ** 2).sum(axis=1)


def overflowing_slope(z, x):
    return 2 * (np.logaddexp(0, z) - x) * np.exp(z) / (1 + np.exp(z))


def cut_off(z, x):
    return squares(np.minimum(z, 50), x)


def only_for_many(z, x):
    return squares(z, x) if len(x) > 1 else squares(z, x) / 2


WRONG = {
    "noise on the target": (noise_on_the_target, "the examples as they are"),
    "the other inputs": (build(corrupt=lambda x, keep: x * ~keep), "what should be kept"),
    "dropout": (build(corrupt=lambda x, keep: x * keep / keep.mean()), "That is dropout"),
    "dropout by row": (
        build(corrupt=lambda x, keep: x * keep / keep.mean(1, keepdims=True)),
        "That is dropout",
    ),
    "dropout of a quarter": (build(corrupt=lambda x, keep: x * keep / 0.75), "That is dropout"),
    "set to 1": (build(corrupt=lambda x, keep: np.where(keep, x, 1)), "is set to 1"),
    "the mask": (build(corrupt=lambda x, keep: keep), "which inputs are kept"),
    "noise of its own": (draws_its_own_noise, "something else than the examples"),
    "asks twice": (asks_twice, "calls `before` 2 times"),
    "never asks": (lambda x, keep, before: (x.sum(1), x), "never calls `before`"),
    "the inputs left out": (build(corrupt=lambda x, keep: x[keep]), "the examples (5, 7)"),
    "the remnant": (restores_the_remnant, "the corrupted example, or the one before"),
    "the remnant, in place": (damages_and_restores_the_remnant, "changes `x` itself"),
    "mean": (build(cost=lambda z, x: squares(z, x) / x.shape[1]), "mean over the inputs"),
    "half": (build(cost=lambda z, x: squares(z, x) / 2), "there is no 1/2"),
    "absolute": (
        build(cost=lambda z, x: np.abs(np.logaddexp(0, z) - x).sum(axis=1)),
        "absolute differences, not squares",
    ),
    "root": (build(cost=lambda z, x: np.sqrt(squares(z, x))), "Leave it out"),
    "square of the sum": (
        build(cost=lambda z, x: (np.logaddexp(0, z) - x).sum(axis=1) ** 2),
        "squares the sum",
    ),
    "linear outputs": (
        build(cost=lambda z, x: ((z - x) ** 2).sum(axis=1)),
        "What do the outputs make of z",
    ),
    "rectifier outputs": (
        build(cost=lambda z, x: ((np.maximum(z, 0) - x) ** 2).sum(axis=1)),
        "strategy 4",
    ),
    "logistic outputs": (
        build(cost=lambda z, x: ((sigmoid(z) - x) ** 2).sum(axis=1)),
        "never exceed 1",
    ),
    "cross-entropy": (
        build(cost=lambda z, x: (np.logaddexp(0, z) - x * z).sum(axis=1)),
        "strategy 2",
    ),
    "another cost": (build(cost=lambda z, x: squares(z, x) + 1), "how far is that"),
    "one cost": (build(cost=lambda z, x: squares(z, x).sum()), "for all examples"),
    "a cost per input": (
        build(cost=lambda z, x: (np.logaddexp(0, z) - x) ** 2),
        "sum over its inputs",
    ),
    "the other axis": (
        build(cost=lambda z, x: ((np.logaddexp(0, z) - x) ** 2).sum(axis=0)),
        "Which axis is which",
    ),
    "two columns": (
        build(cost=lambda z, x: np.stack([squares(z, x)] * 2)),
        "has the shape (2, 5): there are 5",
    ),
    "no factor 2": (build(slope=lambda z, x: gradient(z, x) / 2), "derivative of a square"),
    "no inner derivative": (
        build(slope=lambda z, x: 2 * (np.logaddexp(0, z) - x)),
        "not by z",
    ),
    "neither": (build(slope=lambda z, x: np.logaddexp(0, z) - x), "not by z"),
    "other sign": (build(slope=lambda z, x: -gradient(z, x)), "wrong sign"),
    "slope of the mean": (
        build(slope=lambda z, x: gradient(z, x) / x.shape[1]),
        "divided by the number of inputs",
    ),
    "slope of the batch": (
        build(slope=lambda z, x: gradient(z, x) / len(x)),
        "divided by the number of examples",
    ),
    "logistic slope": (
        build(slope=lambda z, x: gradient(z, x) * (1 - sigmoid(z))),
        "slope of a logistic function",
    ),
    "hard slope": (
        build(slope=lambda z, x: 2 * (np.logaddexp(0, z) - x) * (z > 0)),
        "Its last factor is a rectifier's",
    ),
    "absolute slope": (
        build(slope=lambda z, x: np.sign(np.logaddexp(0, z) - x) * sigmoid(z)),
        "of absolute differences",
    ),
    "sigmoid of the output": (
        build(slope=lambda z, x: 2 * (y := np.logaddexp(0, z)) * sigmoid(y) - 2 * x * sigmoid(y)),
        "Of what should it be",
    ),
    "slope of the cross-entropy": (build(slope=lambda z, x: sigmoid(z) - x), "cross-entropy"),
    "linear slope": (build(slope=lambda z, x: 2 * (z - x)), "What do the outputs make of z"),
    "another slope": (build(slope=lambda z, x: z), "Move one z"),
    "slope of another shape": (build(slope=lambda z, x: gradient(z, x).sum(1)), "the shape (5,)"),
    "only for many": (build(cost=only_for_many), "The cost is wrong for an array of"),
    "overflow": (build(cost=overflows), "the cost becomes inf"),
    "overflow in the slope": (build(slope=overflowing_slope), "the slope becomes nan"),
    "cut off": (build(cost=cut_off), "For z of several hundred, above and below 0, the cost"),
    "damages x": (damages_x, "changes the array `x`"),
    "damages keep": (damages_keep, "changes the array `keep`"),
    "one array": (lambda x, keep, before: squares(before(x * keep), x), "two arrays"),
    "stops": (lambda x, keep, before: x @ x, "It stops with ValueError"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_told_what_kind_they_are(name):
    function, words = WRONG[name]
    for _ in range(5):
        outcome = check_denoise(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


@pytest.mark.parametrize("unsolved", [None, ..., lambda *_: None, lambda *_: ...])
def test_an_exercise_that_was_not_begun_is_not_solved(unsolved):
    assert not check_denoise(unsolved).solved
