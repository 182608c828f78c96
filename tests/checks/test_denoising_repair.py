"""The checks of a repaired slope, and the small autoencoders that are trained by it."""

import numpy as np
import pytest
import torch
from torch.nn.functional import leaky_relu, softplus

from relubook import reconstructions
from relubook.checks import denoising_training as training
from relubook.checks.denoising_repair import check_push, check_rest, check_training

CHECKS = (check_push, check_rest, check_training)


def fourth(z, target):
    return 2 * (z - target) * (z > 0)


def stuck_ones(push):
    """A repair that is strategy 4 but for what it does to outputs that are stuck."""

    def slope(z, target):
        return torch.where((z <= 0) & (target > 0), push(z, target), fourth(z, target))

    return slope


def by_autograd(z, target):
    """The gradient of a cost, straight through the rectifier."""
    with torch.enable_grad():
        own = z.clone().requires_grad_()
        y = own + (own.relu() - own).detach()
        (slope,) = torch.autograd.grad((y - target).square().sum(), own)
    return slope


def in_numpy(z, target):
    return 2 * (np.maximum(z.numpy(), 0) - target.numpy())


RIGHT = {
    "straight through": lambda z, target: 2 * (z.clamp(min=0) - target),
    "straight through, by autograd": by_autograd,
    "in numpy": in_numpy,
    "as if it were linear": stuck_ones(lambda z, target: 2 * (z - target)),
    "a tenth": stuck_ones(lambda z, target: -0.1 * target),
    "leaky": lambda z, target: 2 * (z.relu() - target) * torch.where(z > 0, 1.0, 0.1),
    "always as strong": stuck_ones(lambda z, target: torch.full_like(z, -1)),
}


@pytest.mark.parametrize("name", RIGHT)
def test_repairs_pass_and_by_far(name):
    for _ in range(25):
        for check in (check_push, check_rest):
            outcome = check(RIGHT[name])
            assert outcome.passed == outcome.total, outcome
    assert check_training(RIGHT[name]).passed
    yours = training.train(training.by_rule(RIGHT[name]), model_seeds=(1, 2, 3))
    plain = training.train(training.strategy_4(), model_seeds=(1, 2, 3))
    assert yours.error.mean() < 0.25 * plain.error.mean()  # a third is asked for
    assert yours.stuck.mean() < 0.2 * plain.stuck.mean()


NONE = {
    "strategy 4": (fourth, "nothing moves such an output", None),
    "ten times as fast": (
        lambda z, target: 10 * fourth(z, target),
        "nothing moves such an output",
        "10 times strategy 4's",
    ),
    "clamped": (
        lambda z, target: fourth(z, target).clamp(-1, 1),
        "nothing moves such an output",
        "not that of strategy 4 any more",
    ),
    "zeros": (lambda z, target: torch.zeros_like(z), "nothing moves", "0 times strategy 4's"),
    "absolute value": (
        lambda z, target: 2 * (z.abs() - target) * z.sign(),
        "in which direction does z move",
        "the slope of a linear output",
    ),
    "softplus": (
        lambda z, target: 2 * (softplus(z) - target) * z.sigmoid(),
        "in which direction does z move",
        "the slope of strategy 1",
    ),
    "a sharp softplus": (
        lambda z, target: 2 * (softplus(z, beta=10) - target) * (10 * z).sigmoid(),
        "Does the push fade",
        None,
    ),
    "only near 0": (
        lambda z, target: 2 * (z - target) * (z > -0.01),
        "weaker than a tenth of the target",
        None,
    ),
}


@pytest.mark.parametrize("name", NONE)
def test_what_is_no_repair_fails_and_by_far(name):
    function, pushed, rest = NONE[name]
    for _ in range(3):
        assert pushed in check_push(function).message
        assert rest is None or rest in check_rest(function).message
    assert "is asked for" in check_training(function).message
    yours = training.train(training.by_rule(function), model_seeds=(1, 2, 3))
    plain = training.train(training.strategy_4(), model_seeds=(1, 2, 3))
    assert yours.error.mean() > 0.4 * plain.error.mean()


ALMOST = {
    "linear": (lambda z, t: 2 * (z - t), check_rest, "the slope of a linear output"),
    "leaky outputs": (
        lambda z, t: 2 * (leaky_relu(z, 0.1) - t) * torch.where(z > 0, 1.0, 0.1),
        check_rest,
        "The slope should be 0.",
    ),
    "half": (lambda z, t: z.relu() - t, check_rest, "0.5 times strategy 4's"),
    "by the batch": (
        lambda z, t: RIGHT["straight through"](z, t) - (z * t).mean(0) * (z <= 0) * (t > 0),
        check_rest,
        "depends on other examples",
    ),
    "by the outputs": (
        lambda z, t: RIGHT["straight through"](z, t) * (1 + (z <= 0) * t.mean(1, keepdim=True)),
        check_rest,
        "depends on other outputs",
    ),
    "not at 0": (
        lambda z, t: torch.where(z == 0, 0, RIGHT["straight through"](z, t)),
        check_push,
        "At z = 0 exactly",
    ),
    "weak": (stuck_ones(lambda z, t: -0.01 * t), check_push, "weaker than a tenth"),
    "fading": (stuck_ones(lambda z, t: -2 * t * (4 * z).exp()), check_push, "Does the push fade"),
    "downward": (stuck_ones(lambda z, t: 2 * t), check_push, "in which direction"),
    "NaN": (stuck_ones(lambda z, t: z.log()), check_push, "NaN or infinite"),
    "NaN below": (stuck_ones(lambda z, t: -t / (z > -1)), check_push, "NaN or infinite"),
    "in place": (lambda z, t: z.relu_().sub_(t).mul_(2), check_rest, "changes the tensor `z`"),
    "a shape": (lambda z, t: z.sum(1), check_push, "The slope should have the shape"),
    "too strong": (stuck_ones(lambda z, t: -1e6 * t), check_training, "is asked for"),
    "without end": (lambda z, t: -1e30 * (1 + z.abs()), check_training, "diverges"),
}


@pytest.mark.parametrize("name", ALMOST)
def test_what_breaks_one_of_the_rules_is_told_which(name):
    function, check, words = ALMOST[name]
    for _ in range(1 if check is check_training else 3):
        outcome = check(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


def test_a_loop_over_numbers_is_not_trained_by():
    def one_by_one(z, target):
        slope = torch.zeros_like(z)
        for row in range(len(z)):
            for column in range(z.shape[1]):
                slope[row, column] = 2 * (z[row, column].clamp(min=0) - target[row, column])
        return slope

    assert check_push(one_by_one).passed
    assert "without a loop over numbers" in check_training(one_by_one).message


class Callable:
    def __init__(self, *_):
        pass


def raises(*_):
    raise RecursionError


HOSTILE = [
    lambda *_: "a text",
    lambda *_: (number for number in range(3)),
    lambda z, t: z + 1j,
    lambda z, t: torch.full_like(z, torch.nan),
    lambda z, t: torch.full_like(z, -torch.inf),
    lambda z, t: [[10**400]],
    lambda z, t: z.to_sparse(),
    lambda z, t: z > t,
    lambda: None,
    Callable,
    raises,
]


@pytest.mark.parametrize("function", HOSTILE)
def test_whatever_a_function_does_the_answer_is_a_sentence(function):
    for check in CHECKS:
        outcome = check(function)
        assert outcome.solved
        assert outcome.passed < outcome.total
        assert outcome.message


@pytest.mark.parametrize("unsolved", [None, ..., lambda *_: None])
def test_a_question_that_was_not_begun_is_not_solved(unsolved):
    assert not any(check(unsolved).solved for check in CHECKS)


def test_what_a_student_prints_while_training_is_not_seen(capsys):
    def loud(z, target):
        print("step")
        return RIGHT["straight through"](z, target)

    assert check_training(loud).passed
    assert capsys.readouterr().out.count("step") < 10


def test_a_rule_that_is_strategy_4_trains_as_strategy_4_does():
    plain = training.train(training.strategy_4(), bias=0.0, model_seeds=(4, 5))
    ruled = training.train(training.by_rule(fourth), bias=0.0, model_seeds=(4, 5))
    np.testing.assert_allclose(plain.error, ruled.error, rtol=1e-3)


def test_the_picture_shows_what_its_title_says():
    compared = training.compare()
    assert compared.bad.shown[2].max() == 0
    assert float(compared.usual.error[0]) < compared.usual.nothing
    assert float(compared.softplus.error[0]) < compared.softplus.nothing
    assert len(training.draw(compared).axes) == 1
    assert "all of it black" in training.describe(compared)


def test_begun_as_usual_there_is_little_to_repair():
    plain = training.train(training.strategy_4(), bias=0.0, model_seeds=(1, 2, 3))
    repair = training.by_rule(RIGHT["straight through"])
    repaired = training.train(repair, bias=0.0, model_seeds=(1, 2, 3))
    assert repaired.error.mean() > 0.75 * plain.error.mean()


def test_training_leaves_threads_and_random_state_as_they_are():
    threads, state = torch.get_num_threads(), torch.random.get_rng_state()
    training.train(reconstructions.get("linear"))
    assert torch.get_num_threads() == threads
    assert torch.equal(state, torch.random.get_rng_state())
