"""Zeros and dead units, batch by batch: right answers pass, and slips are told what they are."""

import itertools
import math

import pytest
import torch

from relubook import sparsity
from relubook.checks.sparse_training import check_exact_zeros, check_one_pass, check_zeros_and_dead

CHECKS = {"values": check_zeros_and_dead, "exact": check_exact_zeros, "stream": check_one_pass}


def build(*, is_zero=lambda h: h == 0, quiet=None, share=None, dead=None):
    """A right answer, but for the parts that are given."""

    def zeros_and_dead(batches):
        zeros = total = 0
        silent, shares, here = None, [], None
        for h in batches:
            zeros += int(is_zero(h).sum())
            total += h.numel()
            shares.append(is_zero(h).double().mean().item())
            here = (quiet or (lambda h: is_zero(h).all(dim=0)))(h)
            silent = here if silent is None else (dead or torch.logical_and)(silent, here)
        if not total:
            raise ValueError("nothing to count")
        found = share(shares, zeros, total) if share else zeros / total
        return found, silent.sum().item()

    return zeros_and_dead


def by_the_package(batches):
    weighted, examples, dead = 0.0, 0, True
    for h in batches:
        weighted = weighted + len(h) * sparsity.zero_fraction(h.double())
        examples += len(h)
        dead = dead & sparsity.dead_units(h)
    if examples == 0:
        raise ValueError("nothing to count")
    return weighted / examples, dead.sum()


def by_counting(batches):
    nonzero, total, ever = 0, 0, 0
    for h in batches:
        nonzero += torch.count_nonzero(h).item()
        total += h.numel()
        ever = ever + torch.count_nonzero(h, dim=0)
    if total < 1:
        raise ValueError
    return [1 - nonzero / total, torch.count_nonzero(ever == 0)]


RIGHT = [build(), by_the_package, by_counting]


@pytest.mark.parametrize("function", RIGHT)
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_right_answers_pass(function, check):
    for _ in range(25):
        outcome = check(function)
        assert outcome.passed == outcome.total, outcome


def twice(batches):
    share = sum(int((h == 0).sum()) for h in batches) / sum(h.numel() for h in batches)
    return share, int(torch.stack([(h == 0).all(0) for h in batches]).all(0).sum())


def at_once(batches):
    h = torch.cat(list(batches))
    return (h == 0).double().mean(), (h == 0).all(0).sum()


def last(batches):
    for h in batches:
        answer = (h == 0).double().mean(), (h == 0).all(0).sum()
    return answer


def without_nothing(batches):
    try:
        return build()(batches)
    except ValueError:
        return math.nan, 0


def keeps_views(batches):
    kept = list(batches)
    return build()(kept)


def rounds(batches):
    h = torch.cat(batches)
    return (h == 0).to(h.dtype).sum() / h.numel(), (h == 0).all(0).sum()


WRONG = {
    "first only": ("values", lambda b: at_once([next(iter(b))]), "Only the first batch"),
    "last only": ("values", last, "Only the last batch"),
    "last dead only": ("values", build(dead=lambda old, new: new), "Only the last batch"),
    "first dead only": ("values", build(dead=lambda old, new: old), "Only the first batch"),
    "mean of means": (
        "values",
        build(share=lambda shares, zeros, total: sum(shares) / len(shares)),
        "It averages over batches",
    ),
    "sum of means": ("values", build(share=lambda s, z, t: sum(s)), "are added up"),
    "a count": ("values", build(share=lambda s, z, t: z), "is a number of zeros"),
    "percent": ("values", build(share=lambda s, z, t: 100 * z / t), "in percent"),
    "not zero": ("values", build(share=lambda s, z, t: 1 - z / t), "that are not zero"),
    "any batch": ("values", build(dead=torch.logical_or), "silent throughout some batch"),
    "dead counted again": ("values", build(dead=lambda old, new: old + 1.0 * new), "adds the dead"),
    "not dead": (
        "values",
        build(quiet=lambda h: (h != 0).any(0), dead=torch.logical_or),
        "not dead",
    ),
    "ever zero": (
        "values",
        build(quiet=lambda h: (h == 0).any(0), dead=torch.logical_or),
        "units that are ever zero",
    ),
    "changed places": ("values", lambda b: build()(b)[::-1], "changed places"),
    "share only": ("values", lambda b: build()(b)[0], "one thing of type float"),
    "a mask": ("values", lambda b: (0.5, torch.ones(3)), "an array of shape (3,)"),
    "a constant": ("values", lambda b: (0.4321, 2), "a count one by one gives"),
    "wrong dead": ("values", lambda b: (build()(b)[0], 99), "It finds 99 dead units"),
    "tolerance": ("exact", build(is_zero=lambda h: h.abs() < 1e-6), "no tolerance"),
    "not above": ("exact", build(is_zero=lambda h: h <= 0), "Negative activations"),
    "largest": ("exact", build(quiet=lambda h: h.amax(0) == 0), "Negative activations"),
    "sum": ("exact", build(quiet=lambda h: h.sum(0) == 0), "cancel each other"),
    "not a number": ("exact", build(is_zero=lambda h: ~(h.abs() > 0)), "confused by NaN"),
    "rounds": ("exact", rounds, "overflow or round"),
    "wrong already": ("exact", lambda b: (0.4321, 2), "miscounted already"),
    "twice": ("stream", twice, "ZeroDivisionError"),
    "length": ("stream", lambda b: at_once([b[0]]), "has no length and no first batch"),
    "no cat": ("stream", lambda b: torch.cat(b), "has no length and no first batch"),
    "keeps": ("stream", keeps_views, "It keeps the batches: 12"),
    "all but the first": (
        "stream",
        lambda b: build()(itertools.islice(b, 1, None)),
        "from a generator are miscounted",
    ),
    "nothing": ("stream", without_nothing, "No batch at all gives (nan, 0)"),
    "nothing at once": ("stream", at_once, "It keeps the batches"),
    "an error": ("values", lambda b: b.no_such_method(), "stops with AttributeError"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_told_what_kind_they_are(name):
    check, function, words = WRONG[name]
    for _ in range(5):
        outcome = CHECKS[check](function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


class Callable:
    """A class that is called is a function, too."""

    def __call__(self, batches):
        return build()(batches)


HOSTILE = [
    lambda b: "text",
    lambda b: ("0.5", b"1"),
    lambda b: (math.nan, math.nan),
    lambda b: (10**400, 10**400),
    lambda b: (x for x in b),
    lambda b: {1: 2},
    lambda b: (0.5, 1, 2),
    lambda b: torch.zeros(2, 2),
    lambda b: (1j, object()),
    lambda b: [b, b],
    lambda: 1,
    lambda b: 1 / 0,
    lambda b: [h.zero_() for h in b] and (1.0, 1),
]


@pytest.mark.parametrize("function", HOSTILE)
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_odd_answers_get_a_sentence(function, check):
    outcome = check(function)
    assert outcome.passed < outcome.total
    assert outcome.message.endswith((".", "?", "'", ")", "argument", "zero", "given"))


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_a_callable_object_passes_and_nothing_is_not_solved(check):
    assert check(Callable()).passed == check(Callable()).total
    for unsolved in (None, ..., lambda b: None, lambda b: ...):
        assert not check(unsolved).solved
