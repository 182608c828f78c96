"""The penalized loss: right answers pass, and slips are told what they are."""

import math

import pytest
import torch
from torch.nn import functional

from relubook.checks.sparse_training_loss import check_gradient, check_large_logits, check_loss

CHECKS = {"value": check_loss, "gradient": check_gradient, "large": check_large_logits}


def l1_norm(hidden, weights):
    return sum(h.abs().sum(dim=-1).mean() for h in hidden)


def build(*, entropy=functional.cross_entropy, norm=l1_norm, total=lambda e, l1, n: e + l1 * n):
    """A right answer, but for the parts that are given."""

    def penalized_loss(logits, labels, hidden, weights, l1):
        return total(entropy(logits, labels), l1, norm(hidden, weights))

    return penalized_loss


def one_by_one(logits, labels, hidden, weights, l1):
    loss = torch.zeros(())
    for example, label in enumerate(labels.tolist()):
        z = logits[example]
        loss = loss + torch.logsumexp(z, dim=0) - z[label]
        for h in hidden:
            loss = loss + l1 * torch.linalg.vector_norm(h[example], ord=1)
    return loss / len(labels)


def in_float32(logits, labels, hidden, weights, l1):
    return build()(logits.float(), labels, [h.float() for h in hidden], weights, l1)


def by_hand(logits, labels):
    z = logits - logits.max(dim=-1, keepdim=True).values.detach()
    one_hot = functional.one_hot(labels, logits.shape[1])
    return (z.exp().sum(-1).log() - (z * one_hot).sum(-1)).mean()


RIGHT = [build(), build(entropy=by_hand), one_by_one, in_float32]


@pytest.mark.parametrize("function", RIGHT)
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_right_answers_pass(function, check):
    for _ in range(25):
        outcome = check(function)
        assert outcome.passed == outcome.total, outcome


def layers(function):
    """A norm that adds up what a function makes of each layer."""
    return build(norm=lambda hidden, weights: sum(map(function, hidden)))


def softmax_first(logits, labels):
    return -logits.softmax(-1)[range(len(labels)), labels].log().mean()


def exponentials(logits, labels):
    p = logits.exp() / logits.exp().sum(-1, keepdim=True)
    return -p[range(len(labels)), labels].log().mean()


def summed(logits, labels):
    return functional.cross_entropy(logits, labels, reduction="sum")


def in_place(logits, labels, hidden, weights, l1):
    logits -= logits.max()
    return build()(logits, labels, hidden, weights, l1)


def rectifies_in_place(logits, labels, hidden, weights, l1):
    return build()(logits, labels, [h.abs_() for h in hidden], weights, l1)


def another_gradient(logits, labels, hidden, weights, l1):
    loss = build()(logits, labels, hidden, weights, l1)
    return (
        loss.detach()
        + 2 * logits.sum()
        - 2 * logits.sum().detach()
        + sum(h.sum() - h.sum().detach() for h in hidden)
    )


def only_two_layers(logits, labels, hidden, weights, l1):
    return build()(logits, labels, hidden[:2], weights, l1)


def weight_norm(hidden, weights):
    return sum(w.abs().sum() for w in weights)


WRONG = {
    "weights": ("value", build(norm=weight_norm), "on the weights"),
    "weights, no gradient": ("gradient", build(norm=weight_norm), "No gradient arrives at hidden"),
    "weights, too": (
        "value",
        build(norm=lambda h, w: l1_norm(h, w) + weight_norm(h, w)),
        "activations and weights",
    ),
    "mean over units": ("value", layers(lambda h: h.abs().mean()), "averaged over the units"),
    "mean over all units": (
        "value",
        build(norm=lambda hidden, w: torch.cat(hidden, dim=1).abs().mean()),
        "averaged over the units",
    ),
    "sum over examples": ("value", layers(lambda h: h.abs().sum()), "added up over the examples"),
    "mean over layers": (
        "value",
        build(norm=lambda h, w: l1_norm(h, w) / len(h)),
        "averaged over the layers",
    ),
    "last layer": ("value", build(norm=lambda h, w: l1_norm(h[-1:], w)), "last hidden layer"),
    "first layer": ("value", build(norm=lambda h, w: l1_norm(h[:1], w)), "first hidden layer"),
    "squares": ("value", layers(lambda h: h.square().sum(-1).mean()), "on squares"),
    "no size": ("value", layers(lambda h: h.sum(-1).mean()), "lower the penalty"),
    "positive only": ("value", layers(lambda h: h.relu().sum(-1).mean()), "lower the penalty"),
    "no penalty": ("value", build(total=lambda e, l1, n: e), "The penalty is missing"),
    "no factor": ("value", build(total=lambda e, l1, n: e + n), "without its factor"),
    "rewarded": ("value", build(total=lambda e, l1, n: e - l1 * n), "subtracted"),
    "only a penalty": ("value", build(total=lambda e, l1, n: l1 * n), "cross-entropy is missing"),
    "summed": ("value", build(entropy=summed), "cross-entropy is added up"),
    "wrong sign": ("value", build(entropy=lambda z, y: -by_hand(z, y)), "wrong sign"),
    "softmax twice": (
        "value",
        build(entropy=lambda z, y: functional.cross_entropy(z.softmax(-1), y)),
        "Softmax is taken twice",
    ),
    "per class": (
        "value",
        build(entropy=lambda z, y: by_hand(z, y) / z.shape[1]),
        "also divided by the classes",
    ),
    "two at once": (
        "value",
        build(entropy=summed, norm=lambda hidden, w: sum(h.abs().sum() for h in hidden)),
        "Two things at once. The cross-entropy is added up",
    ),
    "three layers": ("value", only_two_layers, "3 hidden layers"),
    "a constant": ("value", lambda *_: 1.093, "a sum number by number gives"),
    "several": ("value", build(entropy=lambda z, y: z.sum(-1)), "an array of shape (7,)"),
    "a number": ("gradient", build(total=lambda e, l1, n: float(e + l1 * n)), "of type float"),
    "cut off": (
        "gradient",
        build(total=lambda e, l1, n: (e + l1 * n).detach()),
        "The tensor that it returns has no gradient",
    ),
    "cut off at the logits": (
        "gradient",
        build(entropy=lambda z, y: functional.cross_entropy(z.detach(), y)),
        "arrives at the logits",
    ),
    "cut off at hidden layers": (
        "gradient",
        layers(lambda h: h.detach().abs().sum(-1).mean()),
        "arrives at hidden layer 1",
    ),
    "a new leaf": (
        "gradient",
        build(total=lambda e, l1, n: torch.tensor(float(e + l1 * n), requires_grad=True)),
        "arrives at the logits",
    ),
    "another gradient": ("gradient", another_gradient, "is not that of the number"),
    "exponentials": ("large", build(entropy=exponentials), "their exponential overflows"),
    "logarithm of 0": ("large", build(entropy=softmax_first), "their exponential overflows"),
    "in place": ("large", in_place, "changes the `logits`"),
    "activations in place": ("large", rectifies_in_place, "changes the `hidden`"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_told_what_kind_they_are(name):
    check, function, words = WRONG[name]
    for _ in range(5):
        outcome = CHECKS[check](function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


@pytest.mark.parametrize("slip", ["mean over units", "squares", "no size"])
def test_another_norm_has_a_gradient_and_bears_large_logits(slip):
    function = WRONG[slip][1]
    for check in (check_gradient, check_large_logits):
        assert check(function).passed == check(function).total


HOSTILE = [
    lambda *_: "1.0",
    lambda *_: math.nan,
    lambda *_: torch.full((), math.inf, requires_grad=True),
    lambda *_: [1, 2],
    lambda *_: (x for x in "ab"),
    lambda *_: 1j,
    lambda *_: 1 / 0,
    lambda logits: logits,
    lambda logits, *_: logits,
    lambda *_: torch.zeros(0),
]


@pytest.mark.parametrize("function", HOSTILE)
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_odd_answers_get_a_sentence(function, check):
    outcome = check(function)
    assert outcome.passed < outcome.total
    assert outcome.message


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_nothing_is_not_solved(check):
    for unsolved in (None, ..., lambda *_: None):
        assert not check(unsolved).solved
