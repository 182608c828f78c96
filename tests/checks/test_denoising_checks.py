"""The checks of the assignment on denoising, without nbgrader: masks, costs, gradients, shares."""

import random

import numpy as np
import pytest
import torch

from relubook.checks.denoising import check_corrupt, check_corrupt_care
from relubook.checks.denoising_network import (
    check_cost,
    check_slopes_b,
    check_slopes_c,
    check_slopes_w,
    check_z,
)
from relubook.checks.denoising_slips import cost, gradients, step
from relubook.checks.denoising_stuck import (
    check_silent,
    check_stuck,
    check_stuck_edges,
    outputs,
    shares,
)

CORRUPT = (check_corrupt, check_corrupt_care)
COST = (check_z, check_cost)
SLOPES = (check_slopes_c, check_slopes_b, check_slopes_w)
SHARES = (check_stuck, check_silent, check_stuck_edges)


def probability(noise):
    if not 0 <= noise <= 1:
        raise ValueError("noise must be from 0 to 1")
    return noise


def drawn(x, noise, generator):
    return x * (torch.rand(x.shape, generator=generator) >= probability(noise))


def bernoulli(x, noise, generator):
    kept = torch.full(x.shape, 1.0 - probability(noise))
    return torch.bernoulli(kept, generator=generator).to(x.dtype) * x


def filled(x, noise, generator):
    masked = torch.empty(x.shape).uniform_(generator=generator) < probability(noise)
    return x.masked_fill(masked, 0)


def one_by_one(x, noise, generator):
    y = x.clone()
    for row in y:
        draws = torch.rand(len(row), generator=generator).tolist()
        row[[draw < probability(noise) for draw in draws]] = 0
    return y


def both(x, corrupted, w, b, c):
    z = torch.relu(corrupted @ w + b) @ w.T + c
    return z, (torch.relu(z) - x).square().sum(1).mean()


def by_example(x, corrupted, w, b, c):
    h = torch.nn.functional.linear(corrupted, w.T, b).clamp(min=0)
    z = torch.nn.functional.linear(h, w, c)
    costs = [float(((row.clamp(min=0) - t) ** 2).sum()) for row, t in zip(z, x, strict=True)]
    return [z, sum(costs) / len(costs)]


def in_float32(x, corrupted, w, b, c):
    return both(*(each.float() for each in (x, corrupted, w, b, c)))


def slopes(x, corrupted, w, b, c):
    before = corrupted @ w + b
    h = before.relu()
    z = h @ w.T + c
    by_z = 2 * (z.relu() - x) * (z > 0) / len(x)
    back = (by_z @ w) * (before > 0)
    return corrupted.T @ back + by_z.T @ h, back.sum(0), by_z.sum(0)


def example_by_example(x, corrupted, w, b, c):
    total = [torch.zeros_like(each) for each in (w, b, c)]
    for target, given in zip(x, corrupted, strict=True):
        before = given @ w + b
        h = before.clamp(min=0)
        z = w @ h + c
        by_z = torch.where(z > 0, 2 * (z - target), 0)
        back = torch.where(before > 0, by_z @ w, 0)
        parts = (torch.outer(given, back) + torch.outer(by_z, h), back, by_z)
        total = [one + part / len(x) for one, part in zip(total, parts, strict=True)]
    return tuple(total)


def by_einsum(x, corrupted, w, b, c):
    on = (before := torch.einsum("ni,iu->nu", corrupted, w) + b) > 0
    h = before * on
    z = torch.einsum("nu,iu->ni", h, w) + c
    by_z = (torch.maximum(z, torch.zeros_like(z)) - x) * (z > 0) * (2 / x.shape[0])
    back = torch.einsum("ni,iu,nu->nu", by_z, w, on.to(w))
    into, out = torch.einsum("ni,nu->iu", corrupted, back), torch.einsum("ni,nu->iu", by_z, h)
    return into + out, torch.ones_like(x[:, 0]) @ back, by_z.mean(0) * len(x)


def counted(z, target):
    asks, off = target > 0, z <= 0
    count = max(1, int(asks.sum()))
    return int((asks & off).sum()) / count, int((asks & off.all(0)).sum()) / count


def by_numpy(z, target):
    asks, off = target.numpy() > 0, np.maximum(z.numpy(), 0) == 0
    if not asks.any():
        return 0, 0
    return off[asks].mean(), torch.tensor((off.all(axis=0) * asks).sum() / asks.sum())


def by_loops(z, target):
    return shares(z, target)


RIGHT = [
    *((each, CORRUPT) for each in (drawn, bernoulli, filled, one_by_one)),
    *((each, COST) for each in (both, by_example, in_float32)),
    *((each, SLOPES) for each in (slopes, example_by_example, by_einsum)),
    *((each, SHARES) for each in (counted, by_numpy, by_loops)),
]


@pytest.mark.parametrize(("function", "checks"), RIGHT)
def test_right_answers_pass_whatever_is_drawn(function, checks):
    for check in checks:
        for _ in range(5 if function is one_by_one else 25):
            outcome = check(function)
            assert outcome.passed == outcome.total, outcome


@pytest.mark.parametrize("checks", [CORRUPT, COST, SLOPES, SHARES])
@pytest.mark.parametrize("unsolved", [None, ..., lambda *_: None, lambda *_: ...])
def test_a_question_that_was_not_begun_is_not_solved(checks, unsolved):
    for check in checks:
        assert not check(unsolved).solved
        with pytest.raises(AssertionError, match="Not solved yet"):
            check(unsolved).require()


class Callable:
    def __init__(self, *_):
        pass


def raises(*_):
    raise KeyError("no such thing")


HOSTILE = [
    lambda *_: "a text",
    lambda *_: {"z": 1},
    lambda *_: (number for number in range(3)),
    lambda *_: torch.tensor(float("nan")),
    lambda *_: (torch.tensor(1j), torch.tensor(1j), torch.tensor(1j)),
    lambda *_: [10**400] * 2,
    lambda *_: (object(), "no number", [1, [2, 3]]),
    lambda *_: (float("nan"), float("inf")),
    lambda *args: tuple(torch.full_like(each, torch.nan) for each in args[-3:]),
    lambda *args: (torch.full_like(args[0], torch.inf), 1e308),
    lambda *args: args[0].to_sparse(),
    lambda *args: args[0].fill_(7),
    lambda: None,
    Callable,
    raises,
]


@pytest.mark.parametrize("checks", [CORRUPT, COST, SLOPES, SHARES])
@pytest.mark.parametrize("function", HOSTILE)
def test_whatever_a_function_does_the_answer_is_a_sentence(checks, function):
    for check in checks:
        outcome = check(function)
        assert outcome.solved
        assert outcome.passed < outcome.total
        assert len(outcome.message.split()) >= 4


def test_the_references_agree_with_each_other():
    for _ in range(20):
        made = step()
        assert float(both(*made)[1]) == pytest.approx(cost(made))
        for one, other in zip(slopes(*made), gradients(made), strict=True):
            assert torch.allclose(one, other, atol=1e-12)
        assert shares(*(pair := outputs(9, 7))) == pytest.approx(counted(*pair))


def test_the_global_random_states_are_kept(monkeypatch):
    """Python's own is watched and not compared: the tests' type checker draws from it, too."""

    def drawn_from(*_, **__):
        raise AssertionError("A check drew from the global random state.")

    for name in (
        "seed",
        "random",
        "uniform",
        "randint",
        "randrange",
        "choice",
        "shuffle",
        "sample",
    ):
        monkeypatch.setattr(random, name, drawn_from)
    before = torch.random.get_rng_state()
    for function, checks in ((drawn, CORRUPT), (both, COST), (slopes, SLOPES), (counted, SHARES)):
        for check in checks:
            assert check(function).message == ""
    assert torch.equal(before, torch.random.get_rng_state())
