"""A sweep that is really trained: right answers pass, and slips are told what they are."""

import math
from functools import partial

import numpy as np
import pytest
import torch

from relubook.checks import sparse_training_runs as runs
from relubook.checks.sparse_training_sweeps import (
    check_other_data,
    check_sweep_error,
    check_sweep_zeros,
)
from relubook.networks import MLP
from relubook.training import Schedule, grid, train

CHECKS = {"error": check_sweep_error, "zeros": check_sweep_zeros, "other": check_other_data}
SCHEDULE = Schedule(epochs=10, batch_size=15)


def trained(dataset, hyper, schedule=SCHEDULE, **more):
    sizes = (dataset.inputs, 16, 16, dataset.outputs)
    return train(MLP(sizes, seeds=hyper.seed.tolist()), dataset, hyper, schedule, **more)


def build(*, hyper=None, error=None, zeros=None, shape=np.reshape, schedule=SCHEDULE, **more):
    """A right answer, but for the parts that are given."""

    def sweep(dataset, strengths, seeds):
        asked = {"l1": strengths, "seed": seeds, "learning_rate": 0.3}
        history = trained(
            dataset, grid(**asked | (hyper or dict)(strengths, seeds)), schedule, **more
        )
        found = error(history) if error else history.at_best("test_error")
        silent = zeros(history) if zeros else history.at_best("zero_fraction").mean(0)
        size = (len(strengths), len(seeds))
        return shape(found, size), shape(silent, size)

    return sweep


def no_change(strengths, seeds):
    return {}


build = partial(build, hyper=no_change)


def one_by_one(dataset, strengths, seeds):
    error, zeros = np.zeros((2, len(strengths), len(seeds)))
    for row, strength in enumerate(strengths):
        for column, seed in enumerate(seeds):
            history = trained(dataset, grid(l1=strength, seed=seed, learning_rate=0.3))
            best = history.validation_error[:, 0].argmin()
            error[row, column] = history.test_error[best, 0]
            zeros[row, column] = history.zero_fraction[best, :, 0].mean()
    return error, zeros


def row_by_row(dataset, strengths, seeds):
    rows = [build()(dataset, [strength], seeds) for strength in strengths]
    return [np.concatenate(part).tolist() for part in zip(*rows, strict=True)]


def seed_by_seed(dataset, strengths, seeds):
    columns = [build()(dataset, strengths, [seed]) for seed in seeds]
    return tuple(torch.from_numpy(np.hstack(part)) for part in zip(*columns, strict=True))


RIGHT = {
    "at once": build(),
    "one by one": one_by_one,
    "row by row": row_by_row,
    "seed by seed": seed_by_seed,
    "by autograd": build(step="autograd"),
}


@pytest.mark.parametrize("name", RIGHT)
@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_right_answers_pass(name, check):
    outcome = check(RIGHT[name])
    assert outcome.passed == outcome.total, outcome


def shared(dataset, strengths, seeds):
    """The networks of one strength, trained on with the next."""
    network, parts = MLP((dataset.inputs, 16, 16, dataset.outputs), seeds=seeds), []
    for strength in strengths:
        hyper = grid(l1=strength, seed=seeds, learning_rate=0.3)
        history = train(network, dataset, hyper, SCHEDULE)
        parts.append((history.at_best("test_error"), history.at_best("zero_fraction").mean(0)))
    return tuple(np.stack(part) for part in zip(*parts, strict=True))


def folded(values, size):
    return values.reshape(size[::-1]).T


def by_test(history):
    best = history.test_error.argmin(axis=0)
    return history.zero_fraction.mean(1)[best, np.arange(len(best))]


def changed(**settings):
    """Other hyperparameters than those asked for, as functions of strengths and seeds."""
    return build(hyper=lambda s, n: {k: f(s, n) for k, f in settings.items()})


WRONG = {
    "leak": ("error", build(error=lambda h: h.test_error.min(0)), "comes out too low"),
    "last": ("error", build(error=lambda h: h.test_error[-1]), "error of the last epoch"),
    "validation": (
        "error",
        build(error=lambda h: h.validation_error.min(0)),
        "the validation error",
    ),
    "percent": ("error", build(error=lambda h: 100 * h.at_best("test_error")), "in percent"),
    "folded": ("error", build(shape=folded), "stand in the wrong places"),
    "axes": ("error", build(shape=lambda v, size: v.reshape(size).T), "axes have changed places"),
    "one row": ("error", build(shape=lambda v, size: v), "stand in one row"),
    "own seeds": ("error", changed(seed=lambda s, n: range(len(n))), "seeds of its own"),
    "one seed": ("error", changed(seed=lambda s, n: n[:1] * len(n)), "the first seed"),
    "no penalty": ("error", changed(l1=lambda s, n: [0.0] * len(s)), "penalty is not used"),
    "usual rate": ("error", changed(learning_rate=lambda s, n: 0.05), "The learning rate"),
    "usual batches": (
        "error",
        build(schedule=Schedule(epochs=10)),
        "size of the mini-batches",
    ),
    "shared": ("error", shared, "goes on training the same networks"),
    "fewer epochs": (
        "error",
        build(schedule=Schedule(epochs=2, batch_size=15)),
        "not that of the networks",
    ),
    "NaN": ("error", build(error=lambda h: h.at_best("test_error") * np.nan), "it is nan, not"),
    "error only": ("error", lambda *a: build()(*a)[0], "one thing of type ndarray"),
    "late zeros": ("zeros", build(zeros=lambda h: h.zero_fraction[-1].mean(0)), "last epoch"),
    "early zeros": ("zeros", build(zeros=lambda h: h.zero_fraction[0].mean(0)), "first epoch"),
    "zeros by test": ("zeros", build(zeros=by_test), "belong to the same epoch"),
    "first layer": (
        "zeros",
        build(zeros=lambda h: h.at_best("zero_fraction")[0]),
        "first hidden layer only",
    ),
    "last layer": (
        "zeros",
        build(zeros=lambda h: h.at_best("zero_fraction")[-1]),
        "last hidden layer only",
    ),
    "sum": ("zeros", build(zeros=lambda h: h.at_best("zero_fraction").sum(0)), "adds the zeros"),
    "dead": ("zeros", build(zeros=lambda h: h.at_best("dead").mean(0)), "dead units"),
    "not zero": (
        "zeros",
        build(zeros=lambda h: 1 - h.at_best("zero_fraction").mean(0)),
        "what is not zero",
    ),
    "each layer": (
        "zeros",
        lambda d, s, n: (build()(d, s, n)[0], np.zeros((2, len(s), len(n)))),
        "three axes",
    ),
    "NaN zeros": (
        "zeros",
        build(zeros=lambda h: h.at_best("dead").mean(0) * np.nan),
        "is nan, not",
    ),
    "digits only": (
        "other",
        lambda d, s, n: train(MLP((784, 16, 10), seeds=n), d, grid(seed=n), SCHEDULE),
        "must begin with 12",
    ),
    "own seeds elsewhere": (
        "other",
        changed(seed=lambda s, n: range(len(n))),
        "12 inputs, 3 classes, 2 strengths and 5 seeds",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_answers_are_told_what_kind_they_are(name):
    check, function, words = WRONG[name]
    outcome = CHECKS[check](function)
    assert outcome.passed < outcome.total
    assert words in outcome.message


@pytest.mark.parametrize("slip", ["leak", "last"])
def test_another_epoch_costs_no_point_for_other_data(slip):
    assert check_other_data(WRONG[slip][1]).passed == 2


HOSTILE = [
    lambda *_: "text",
    lambda *_: ("a", "b"),
    lambda *_: (np.full((3, 4), math.nan),) * 2,
    lambda *_: (np.zeros((3, 4)),) * 2,
    lambda *_: ([[1], [2, 3]], []),
    lambda *_: (x for x in "ab"),
    lambda *_: (1j, None),
    lambda d, s, n: d.train.x.zero_(),
    lambda d: d,
    lambda *_: 1 / 0,
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


def test_the_slips_differ_from_the_right_answer_in_most_networks():
    one = runs.trained(runs.few_digits(), (0.0, 0.004, 0.04), 4)
    for _, value in runs.wrong_epochs(one):
        assert runs.apart(runs.right(one)[0], value, 1e-6) >= 0.4


def test_seeds_are_fresh_and_the_global_random_state_is_kept():
    before = torch.random.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    first, second = (runs.trained(runs.clouds(4, 2), (0.0,), 3).seeds for _ in range(2))
    assert first != second
    assert torch.equal(before[0], torch.random.get_rng_state())
    assert (before[1] == np.random.get_state()[1]).all()  # noqa: NPY002
