"""Wrong costs, gradients and shares, each told by its own sentence."""

import pytest
import torch

from relubook.checks.denoising_network import (
    check_cost,
    check_slopes_b,
    check_slopes_c,
    check_slopes_w,
    check_z,
)
from relubook.checks.denoising_stuck import check_silent, check_stuck, check_stuck_edges


def autoencoder(*, z=lambda z: z, error=lambda y, x: (y - x).square().sum(1).mean(), **parts):
    """A right answer to the cost, but for the parts that are given."""

    def denoising_cost(x, corrupted, w, b, c):
        given = parts.get("given", lambda x, corrupted: corrupted)(x, corrupted)
        h = parts.get("unit", torch.relu)(given @ w + parts.get("b", 1) * b)
        before = h @ w.T + parts.get("c", 1) * c
        y = parts.get("output", torch.relu)(before)
        return z(before), error(y, parts.get("target", lambda x, _: x)(x, corrupted))

    return denoising_cost


def backward(**parts):
    """A right answer to the gradients, but for the parts that are given."""

    def gradients(x, corrupted, w, b, c):
        a = corrupted @ w + b
        h = a.relu()
        z = h @ w.T + c
        delta = 2 * parts.get("slope", lambda z, x: (z - x) * (z > 0))(z, x)
        delta = delta * parts.get("factor", lambda x: 1 / len(x))(x)
        back = (delta @ w) * parts.get("gate", lambda a: a > 0)(a)
        ways = (corrupted.T @ back, delta.T @ parts.get("code", torch.relu)(a))
        return parts.get("both", lambda one, other: one + other)(*ways), back.sum(0), delta.sum(0)

    return gradients


COSTS = {
    "whole": (autoencoder(given=lambda x, _: x), check_z, "see `x` as it was"),
    "linear units": (autoencoder(unit=lambda a: a), check_z, "hidden units are linear"),
    "no b": (autoencoder(b=0), check_z, "bias `b` is not used"),
    "no c": (autoencoder(c=0), check_z, "bias `c` is not used"),
    "subtracted": (autoencoder(b=-1, c=-1), check_z, "They are added"),
    "rectified": (autoencoder(z=torch.relu), check_z, "Return z itself"),
    "corrupted": (autoencoder(target=lambda _, left: left), check_cost, "what is left"),
    "linear": (autoencoder(output=lambda z: z), check_cost, "z itself with the example"),
    "mean": (autoencoder(error=lambda y, x: (y - x).square().mean()), check_cost, "It is the mean"),
    "sum": (autoencoder(error=lambda y, x: (y - x).square().sum()), check_cost, "It is the sum"),
    "other axis": (
        autoencoder(error=lambda y, x: (y - x).square().sum(0).mean()),
        check_cost,
        "the other way round",
    ),
    "absolute": (
        autoencoder(error=lambda y, x: (y - x).abs().sum(1).mean()),
        check_cost,
        "absolute differences",
    ),
    "root": (autoencoder(error=lambda y, x: (y - x).norm(dim=1).mean()), check_cost, "the root"),
    "each": (autoencoder(error=lambda y, x: (y - x).square().sum(1)), check_cost, "for each exam"),
    "z only": (lambda *args: autoencoder()(*args)[0], check_z, "It returns one Tensor"),
    "three": (lambda *args: (*autoencoder()(*args), 1), check_cost, "It returns 3 things"),
    "x": (lambda x, *_: (x, 0.0), check_cost, "yours is x, or nearly"),
    "damage": (lambda x, y, w, b, c: autoencoder()(x, y, w, b, c.neg_().neg()), check_z, "`c`"),
}
SLOPES = {
    "through": (backward(slope=lambda z, x: z.relu() - x), check_slopes_c, "Outputs at 0 get"),
    "linear": (backward(slope=lambda z, x: z - x), check_slopes_c, "taken for linear"),
    "no factor": (backward(factor=lambda x: 0.5 / len(x)), check_slopes_b, "It is half"),
    "sum": (backward(factor=lambda x: 1), check_slopes_b, "a sum over the examples"),
    "inputs, too": (backward(factor=lambda x: 1 / x.numel()), check_slopes_c, "number of inputs"),
    "sign": (backward(factor=lambda x: -1 / len(x)), check_slopes_w, "The sign is wrong"),
    "no gate": (backward(gate=lambda a: 1), check_slopes_b, "Hidden units that are off"),
    "in only": (backward(both=lambda one, _: one), check_slopes_w, "Only one of two ways"),
    "out only": (backward(both=lambda _, other: other), check_slopes_w, "Only one of two ways"),
    "minus": (backward(both=lambda one, other: one - other), check_slopes_w, "the wrong sign"),
    "mean": (backward(both=lambda one, other: (one + other) / 2), check_slopes_w, "they add up"),
    "before": (backward(code=lambda a: a), check_slopes_w, "what the hidden units put out"),
    "at zero": (backward(slope=lambda z, x: (z - x) * (z >= 0)), check_slopes_c, "exactly 0"),
    "another order": (lambda *args: backward()(*args)[::-1], check_slopes_c, "have the shape (5,)"),
    "double": (
        lambda *args: [each.double() for each in backward()(*args)],
        check_slopes_c,
        "In torch.float32 the gradient by `w` comes out as torch.float64",
    ),
    "damage": (lambda x, *args: backward()(x.mul_(1.0).sub_(1e-12), *args), check_slopes_c, "`x`"),
}


def both(stuck=None, silent=None):
    """A right answer to the shares, but for the one that is given."""

    def stuck_shares(z, target):
        asks, off = target > 0, z <= 0
        count = asks.sum().clamp(min=1)
        right = (asks & off).sum() / count, (asks & off.all(0)).sum() / count
        return tuple(
            one if own is None else own(asks, off)
            for one, own in zip(right, (stuck, silent), strict=True)
        )

    return stuck_shares


SHARES = {
    "of all": (both(stuck=lambda a, o: (a & o).float().mean()), check_stuck, "of all outputs"),
    "all off": (both(stuck=lambda a, o: o.float().mean()), check_stuck, "whatever the target"),
    "of those off": (both(stuck=lambda a, o: a[o].float().mean()), check_stuck, "that are 0"),
    "free": (both(stuck=lambda a, o: 1 - o[a].float().mean()), check_stuck, "*not* stuck"),
    "percent": (both(stuck=lambda a, o: 100 * o[a].float().mean()), check_stuck, "percent"),
    "how many": (both(stuck=lambda a, o: o[a].sum()), check_stuck, "how many are stuck"),
    "swapped": (lambda *pair: both()(*pair)[::-1], check_stuck, "The order is"),
    "by example": (
        both(stuck=lambda a, o: ((a & o).sum(1) / a.sum(1)).nanmean()),
        check_stuck,
        "for each example",
    ),
    "rows": (
        both(silent=lambda a, o: (a & o.all(1, keepdim=True)).sum() / a.sum()),
        check_silent,
        "a column, not a row",
    ),
    "columns": (both(silent=lambda a, o: o.all(0).float().mean()), check_silent, "share of outp"),
    "any": (both(silent=lambda a, o: (a & o.any(0)).sum() / a.sum()), check_silent, "for any exam"),
    "lenient": (
        both(silent=lambda a, o: (a & (o | ~a).all(0)).sum() / a.sum()),
        check_silent,
        "off wherever the target is positive",
    ),
    "twice": (both(silent=lambda a, o: o[a].float().mean()), check_silent, "the stuck share twice"),
    "per output": (both(silent=lambda a, o: o.all(0)), check_silent, "should be one number"),
    "below 0": (
        lambda z, target: both()(torch.where(z == 0, 1, z), target),
        check_stuck_edges,
        "z = 0 counts otherwise",
    ),
    "NaN": (
        both(stuck=lambda a, o: (a & o).sum() / a.sum()),
        check_stuck_edges,
        "it returns nan and 0",
    ),
    "a constant": (lambda *_: (0.0, 0.0), check_stuck_edges, "all outputs are on"),
    "damage": (
        lambda z, target: (both()(z, target), target.mul_(2))[0],
        check_stuck_edges,
        "changes the tensor `target`",
    ),
}


@pytest.mark.parametrize("name", COSTS)
def test_wrong_costs_are_told_what_kind_they_are(name):
    told(*COSTS[name])


@pytest.mark.parametrize("name", SLOPES)
def test_wrong_gradients_are_told_what_kind_they_are(name):
    told(*SLOPES[name])


@pytest.mark.parametrize("name", SHARES)
def test_wrong_shares_are_told_what_kind_they_are(name):
    told(*SHARES[name])


def by_backward(x, corrupted, w, b, c):
    w = w.clone().requires_grad_()
    (corrupted @ w).sum().backward()
    return w.grad, b, c


def by_jacobian(x, corrupted, w, b, c):
    return torch.autograd.functional.jacobian(lambda *own: (own[0] ** 2).sum(), (w, b, c))


def by_func(x, corrupted, w, b, c):
    return torch.func.grad(lambda *own: (own[0] ** 2).sum(), argnums=(0, 1, 2))(w, b, c)


def enabled(x, corrupted, w, b, c):
    with torch.enable_grad():
        return backward()(x, corrupted, w.clone(), b, c)


@pytest.mark.parametrize("function", [by_backward, by_jacobian, by_func, enabled])
def test_who_takes_autograd_is_told_so(function):
    for check in (check_slopes_c, check_slopes_b, check_slopes_w):
        told(function, check, "Write the derivatives by hand")


def test_a_slip_in_z_does_not_cost_the_points_of_the_cost():
    for name in ("whole", "linear units", "no b", "no c", "subtracted", "rectified"):
        outcome = check_cost(COSTS[name][0])
        assert outcome.passed == outcome.total, (name, outcome)


def told(function, check, words):
    for _ in range(3):
        with torch.random.fork_rng():  # which some of them move
            outcome = check(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message
