import math

import pytest
import torch
from hostile_units import HOSTILE, UNSOLVED

from relubook import activations
from relubook.checks import units_softplus


def relu(x):
    return x.clamp(min=0)


def stable(x, alpha=1.0):
    return x.clamp(min=0) + torch.log1p(torch.exp(-alpha * x.abs())) / alpha


def with_logaddexp(x, alpha=1.0):
    return torch.logaddexp(alpha * x, torch.zeros_like(x)) / alpha


def in_two_halves(x, alpha=1.0):
    z = alpha * x
    return torch.where(z > 0, z + torch.log1p(torch.exp(-z)), torch.log1p(torch.exp(z))) / alpha


def logistic(x, alpha=1.0):
    return 1 / (1 + torch.exp(-alpha * x))


def from_the_output(x, alpha=1.0):
    return -torch.expm1(-alpha * stable(x, alpha))


def half_lost(x, alpha=1.0):
    small = torch.exp(-alpha * x.abs())
    return 0.5 + 0.5 * x.sign() * (1 - small) / (1 + small)


CHECKS = {
    "softplus": units_softplus.check_softplus,
    "softplus, far": units_softplus.check_softplus_far,
    "softplus' slope": units_softplus.check_softplus_derivative,
}
SOFT = [stable, with_logaddexp, in_two_halves]
RIGHT = {
    "softplus": SOFT,
    "softplus, far": SOFT,
    "softplus' slope": [logistic, from_the_output],
}


@pytest.mark.parametrize("check", RIGHT)
def test_right_answers_pass(check):
    for function in RIGHT[check]:
        for _ in range(25):
            outcome = CHECKS[check](function)
            assert outcome.passed == outcome.total, outcome


def soft(x):
    return torch.logaddexp(x, torch.zeros_like(x))


def in_the_book(x, alpha=1.0):
    return activations.softplus(alpha)(x)


WRONG = {
    ("softplus", "rectifier"): (lambda x, alpha=1.0: relu(x), "how large is it at 0?"),
    ("softplus", "base 2"): (lambda x, alpha=1.0: with_logaddexp(x, alpha) / math.log(2), "base"),
    ("softplus", "no log"): (lambda x, alpha=1.0: 1 + torch.exp(alpha * x), "missing, or undone"),
    ("softplus", "twice 1"): (
        lambda x, alpha=1.0: torch.log1p(1 + torch.exp(alpha * x)) / alpha, "log1p adds 1",
    ),
    ("softplus", "sign"): (lambda x, alpha=1.0: stable(-x, alpha), "exponent has the wrong sign"),
    ("softplus", "slope"): (logistic, "It returns the derivative"),
    ("softplus", "ignored"): (lambda x, alpha=1.0: soft(x), "It ignores alpha"),
    ("softplus", "inside"): (lambda x, alpha=1.0: soft(alpha * x), "Alpha stands inside only"),
    ("softplus", "outside"): (lambda x, alpha=1.0: soft(x) / alpha, "Alpha stands outside only"),
    ("softplus", "times"): (lambda x, alpha=1.0: alpha * soft(alpha * x), "alpha should divide"),
    ("softplus", "wider"): (lambda x, alpha=1.0: alpha * soft(x / alpha), "changed places"),
    ("softplus", "factor"): (
        lambda x, alpha=1.0: torch.log(1 + alpha * torch.exp(x)) / alpha, "not the exponent",
    ),
    ("softplus", "torch's"): (lambda x, alpha=1.0: -torch.sigmoid(-alpha * x).log() / alpha, "own"),
    ("softplus", "the book's"): (in_the_book, "`relubook.activations`"),
    ("softplus, far", "as it stands"): (
        lambda x, alpha=1.0: torch.log(1 + torch.exp(alpha * x)) / alpha,
        "In torch.float64, with alpha = 1, at 1000 it returns inf. Expected: 1e+03. How large",
    ),
    ("softplus, far", "threshold"): (
        lambda x, alpha=1.0: torch.where(alpha * x > 20, x, stable(x, alpha)), "From where on",
    ),
    ("softplus, far", "lost digits"): (
        lambda x, alpha=1.0: relu(x) + torch.log(1 + torch.exp(-alpha * x.abs())) / alpha,
        "What is left of a tiny number",
    ),
    ("softplus' slope", "alpha 1"): (lambda x, alpha=1.0: logistic(x), "derivative for alpha = 1"),
    ("softplus' slope", "alpha left"): (
        lambda x, alpha=1.0: alpha * logistic(x, alpha), "A factor alpha is left over",
    ),
    ("softplus' slope", "divided"): (
        lambda x, alpha=1.0: logistic(x, alpha) / alpha, "divided by alpha once too often",
    ),
    ("softplus' slope", "value"): (stable, "It returns the softplus itself"),
    ("softplus' slope", "second"): (
        lambda x, alpha=1.0: logistic(x, alpha) * logistic(-x, alpha), "one derivative too many",
    ),
    ("softplus' slope", "step"): (lambda x, alpha=1.0: (x > 0).to(x), "no sudden bend"),
    ("softplus' slope", "falls"): (lambda x, alpha=1.0: logistic(-x, alpha), "a sign is wrong"),
    ("softplus' slope", "NaN"): (
        lambda x, alpha=1.0: torch.exp(alpha * x) / (1 + torch.exp(alpha * x)),
        "at 1000 it returns nan. Expected: 1. Which of its parts",
    ),
    ("softplus' slope", "lost digits"): (
        lambda x, alpha=1.0: 1 - torch.exp(-alpha * stable(x, alpha)), "subtracted from 1?",
    ),
    ("softplus' slope", "half lost"): (half_lost, "subtracted from 1?"),
}  # fmt: skip


@pytest.mark.parametrize("slip", WRONG, ids=": ".join)
def test_every_slip_is_told_by_its_own_sentence(slip):
    function, words = WRONG[slip]
    for _ in range(5):
        outcome = CHECKS[slip[0]](function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_answer_gets_a_sentence(check, kind):
    outcome = CHECKS[check](HOSTILE[kind])
    assert outcome.passed < outcome.total
    assert len(outcome.message) > 10


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("unsolved", UNSOLVED)
def test_what_was_not_begun_is_not_solved(check, unsolved):
    assert not CHECKS[check](unsolved).solved
