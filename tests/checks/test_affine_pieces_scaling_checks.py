import math

import numpy as np
import pytest
import torch

from relubook.checks import affine_pieces_scaling as scaling
from relubook.checks.affine_pieces_networks import fresh
from relubook.checks.affine_pieces_slips import by_law, divisors


def rescale(weights, biases, alphas, *, of_weights=None, of_biases=None, factor=None):
    """A right answer, but for the parts that are given."""
    if len(alphas) != len(weights) or not all(0 < alpha < math.inf for alpha in alphas):
        raise ValueError("one finite alpha above 0 for each layer")
    so_far = np.cumprod(alphas)
    return (
        [w / d for w, d in zip(weights, of_weights or alphas, strict=True)],
        [b / d for b, d in zip(biases, so_far if of_biases is None else of_biases, strict=True)],
        so_far[-1] if factor is None else factor,
    )


def in_torch(weights, biases, alphas):
    found = rescale(*([torch.from_numpy(a) for a in part] for part in (weights, biases)), alphas)
    return found[0], found[1], torch.tensor(found[2])


def in_single_precision(weights, biases, alphas):
    return rescale(*([a.astype(np.float32) for a in part] for part in (weights, biases)), alphas)


def one_after_the_other(weights, biases, alphas):
    weights, biases, _ = rescale(weights, biases, alphas)
    factor = 1.0
    for alpha in alphas:
        factor *= alpha
    return [w.tolist() for w in weights], tuple(biases), factor


@pytest.mark.parametrize("function", [rescale, in_torch, in_single_precision, one_after_the_other])
def test_right_rescalings_pass(function):
    for _ in range(25):
        for check in (scaling.check_rescaled, scaling.check_rescaled_with_care):
            outcome = check(function)
            assert outcome.passed == outcome.total, outcome


def varied(**parts):
    def rescaled(weights, biases, alphas):
        made = {name: part(np.array(alphas)) for name, part in parts.items()}
        made = {n: list(m) if isinstance(m, np.ndarray) else m for n, m in made.items()}
        return rescale(weights, biases, alphas, **made)

    return rescaled


def backwards(alphas):
    return np.cumprod(alphas[::-1])[::-1]


def in_place(weights, biases, alphas):
    so_far = np.cumprod(alphas)
    for w, b, alpha, s in zip(weights, biases, alphas, so_far, strict=True):
        w /= alpha
        b /= s
    return weights, biases, so_far[-1]


def as_in_the_chapter(weights, biases, alphas):
    """Its exercise has one alpha fewer, and lets the last layer make up for the others."""
    so_far = np.cumprod([*alphas, 1 / np.prod(alphas)])
    each = [*alphas, 1 / np.prod(alphas)]
    return (
        [w / a for w, a in zip(weights, each, strict=False)],
        [b / s for b, s in zip(biases, so_far, strict=False)],
    )


WRONG = {
    "weights unchanged": (varied(of_weights=np.ones_like), "Nothing is rescaled"),
    "weights multiplied": (varied(of_weights=lambda a: 1 / a), "They must be divided"),
    "weights by the product": (varied(of_weights=np.cumprod), "divided by the earlier ones"),
    "weights backwards": (varied(of_weights=lambda a: a[::-1]), "wrong order"),
    "last weights left": (varied(of_weights=lambda a: np.append(a[:-1], 1)), "layer's weights are"),
    "last layer makes up": (
        varied(of_weights=lambda a: np.append(a[:-1], 1 / np.prod(a[:-1]))),
        "last layer makes up",
    ),
    "weights by anything": (varied(of_weights=lambda a: a + 1), "The weights of layer i must be"),
    "biases unchanged": (varied(of_biases=np.ones_like), "The biases are what they were"),
    "own alpha": (varied(of_biases=lambda a: a), "its own layer's number only"),
    "without its own": (
        varied(of_biases=lambda a: np.cumprod([1, *a[:-1]])),
        "without that of their own layer",
    ),
    "from there onward": (varied(of_biases=backwards), "from theirs onward"),
    "reversed": (varied(of_biases=lambda a: np.cumprod(a[::-1])), "in the wrong order"),
    "whole product": (varied(of_biases=lambda a: np.full(3, a.prod())), "All biases are divided"),
    "multiplied": (varied(of_biases=lambda a: 1 / np.cumprod(a)), "The biases are multiplied"),
    "summed": (varied(of_biases=np.cumsum), "by a sum of the numbers"),
    "last bias left": (
        varied(of_biases=lambda a: np.append(np.cumprod(a[:-1]), 1)),
        "last layer's biases are left",
    ),
    "biases by anything": (varied(of_biases=lambda a: a + 1), "Follow one number"),
    "no factor": (varied(factor=lambda _: 1.0), "nothing brings the outputs back"),
    "factor upside down": (varied(factor=lambda a: 1 / a.prod()), "upside down"),
    "factor without the last": (varied(factor=lambda a: a[:-1].prod()), "last layer's alpha is"),
    "factor without the first": (varied(factor=lambda a: a[1:].prod()), "first layer's alpha is"),
    "last alpha": (varied(factor=lambda a: a[-1]), "only the last layer's alpha"),
    "sum": (varied(factor=lambda a: a.sum()), "The factor is a sum"),
    "any factor": (varied(factor=lambda _: 0.3), "The new outputs are"),
    "factor is not a number": (varied(factor=lambda _: math.nan), "The factor is nan"),
    "factors": (varied(factor=lambda a: a), "should be one number. It is 3."),
    "as in the chapter": (as_in_the_chapter, "It returns 2 instead of 3"),
    "only for three layers": (
        lambda w, b, a: (
            [w[0] / a[0], w[1] / a[1], w[2] / a[2]],
            [b[0] / a[0], b[1] / a[0] / a[1], b[2] / a[0] / a[1] / a[2]],
            a[0] * a[1] * a[2],
        ),
        "IndexError",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_rescalings_are_told_what_kind_they_are(name):
    function, words = WRONG[name]
    for _ in range(25):
        outcome = scaling.check_rescaled(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


def unchecked(weights, biases, alphas):
    so_far = np.cumprod(alphas)
    pairs = zip(weights, alphas, strict=False), zip(biases, so_far, strict=False)
    return [w / a for w, a in pairs[0]], [b / s for b, s in pairs[1]], so_far[-1]


def refusing(rule, error=ValueError):
    def rescaled(weights, biases, alphas):
        if not rule(weights, alphas):
            raise error("no")
        return unchecked(weights, biases, alphas)

    return rescaled


def nothing_for_bad(weights, biases, alphas):
    return rescale(weights, biases, alphas) if min(alphas) > 0 else None


CARELESS = {
    "accepts all": (unchecked, "It accepts the alphas [2.0, 0.0, 2.0]"),
    "accepts negative": (refusing(lambda _, a: all(a)), "Is max(0, -a) the same"),
    "looks at the product": (refusing(lambda _, a: np.prod(a) > 0), "[-2.0, -0.5, 1.0]"),
    "accepts nan": (refusing(lambda _, a: not min(a) <= 0), "nan"),
    "accepts infinity": (refusing(lambda _, a: all(x > 0 for x in a)), "inf"),
    "another error": (refusing(lambda _, a: min(a) > 0, TypeError), "stops with TypeError at"),
    "returns nothing": (nothing_for_bad, "returns nothing for the alphas"),
    "accepts two of three": (
        refusing(lambda _, a: all(0 < x < math.inf for x in a)),
        "accepts 2 alphas for 3",
    ),
    "accepts four": (
        refusing(lambda w, a: len(a) >= len(w) and all(0 < x < math.inf for x in a)),
        "accepts 4 alphas for 3",
    ),
    "refuses all": (refusing(lambda *_: False), "It stops with ValueError: no"),
}


@pytest.mark.parametrize("name", CARELESS)
def test_careless_rescalings_are_told_where(name):
    function, words = CARELESS[name]
    outcome = scaling.check_rescaled_with_care(function)
    assert outcome.passed < outcome.total
    assert words in outcome.message


def test_a_rescaling_in_place_is_noticed_and_costs_nothing_elsewhere():
    def careful(*given):
        rescale(*given)
        return in_place(*given)

    outcome = scaling.check_rescaled(careful)
    assert outcome.passed == outcome.total
    assert "changes the lists or arrays" in scaling.check_rescaled_with_care(careful).message


def balance(weights, biases, *, norm=np.linalg.norm, mean=None, of_biases=None):
    """A right answer, but for the parts that are given."""
    sizes = np.array([norm(w) for w in weights])
    if not sizes.all():
        raise ValueError("a layer without weights")
    alphas = sizes / (np.exp(np.log(sizes).mean()) if mean is None else mean(sizes))
    divide = np.cumprod(alphas) if of_biases is None else of_biases(alphas)
    return [w / a for w, a in zip(weights, alphas, strict=True)], [
        b / d for b, d in zip(biases, divide, strict=True)
    ]


def balance_by_hand(weights, biases):
    rest = balance(weights, biases)
    so_far, found = 1.0, []
    for old, new, b in zip(weights, rest[0], biases, strict=True):
        so_far *= np.linalg.norm(old) / np.linalg.norm(new)
        found.append(torch.from_numpy(b / so_far))
    return tuple(rest[0]), found


@pytest.mark.parametrize("function", [balance, balance_by_hand])
def test_right_balances_pass(function):
    for _ in range(25):
        for check in (scaling.check_balanced, scaling.check_balanced_with_care):
            outcome = check(function)
            assert outcome.passed == outcome.total, outcome


def balanced(**parts):
    return lambda weights, biases: balance(weights, biases, **parts)


UNBALANCED = {
    "returned": (lambda w, b: (w, b), "Nothing is balanced"),
    "norm one": (balanced(mean=lambda _: 1.0), "whose product is"),
    "arithmetic mean": (balanced(mean=np.mean), "whose product is"),
    "largest singular value": (
        balanced(norm=lambda w: np.linalg.norm(w, 2)),
        "The norms are not equal",
    ),
    "with the wrong sign": (
        lambda w, b: (lambda x, y: ([-x[0], *x[1:]], y))(*balance(w, b)),
        "not above 0",
    ),
    "by columns": (
        lambda w, b: ([m / np.linalg.norm(m, axis=0) for m in w], b),
        "divided by one number",
    ),
    "biases unchanged": (balanced(of_biases=np.ones_like), "The biases are what they were"),
    "own number": (balanced(of_biases=lambda a: a), "its own layer's number only"),
    "without its own": (balanced(of_biases=lambda a: np.cumprod([1, *a[:-1]])), "Which weights"),
    "onward": (balanced(of_biases=backwards), "from theirs onward"),
    "any biases": (balanced(of_biases=lambda a: a + 1), "the biases are not"),
    "output only": (lambda w, b: balance(w, b)[0], "two lists"),
    "too few": (
        lambda w, b: tuple(part[:-1] for part in balance(w, b)),
        "one array for each layer",
    ),
    "transposed": (lambda w, b: ([m.T for m in w], b), "for layer 1 have the shape (7, 4)"),
}


@pytest.mark.parametrize("name", UNBALANCED)
def test_wrong_balances_are_told_what_kind_they_are(name):
    function, words = UNBALANCED[name]
    for _ in range(25):
        outcome = scaling.check_balanced(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


def divides_by_zero(weights, biases):
    return balance([np.where(w == 0, 1e-100, w) for w in weights], biases)


def test_careless_balances_are_told_where():
    assert (
        "layer 1 has no weight but 0" in scaling.check_balanced_with_care(divides_by_zero).message
    )

    def in_place(weights, biases):
        made = balance(weights, biases)
        weights[0][:] = made[0][0]
        return made

    assert "Make new ones" in scaling.check_balanced_with_care(in_place).message


def test_the_law_keeps_what_a_network_computes():
    for sizes in ((3, 6, 2), (4, 7, 6, 5, 3)):
        given = fresh(sizes)
        x = np.random.default_rng(0).normal(size=(20, sizes[0]))
        alphas = [0.3, 2.0, 5.0, 0.7][: len(sizes) - 1]
        law = by_law(given, alphas)
        assert np.allclose(math.prod(alphas) * law.outputs(x), given.outputs(x))
        assert np.allclose(by_law(given, divisors(given)).outputs(x), given.outputs(x))
