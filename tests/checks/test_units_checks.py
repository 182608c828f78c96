import math

import pytest
import torch
from hostile_units import HOSTILE, UNSOLVED

from relubook import activations
from relubook.checks import units
from relubook.checks.units_answers import draw


def keeps(function):
    """A check of two functions, asked about one; the other one is right."""

    def check(answer):
        if function == "rectifier":
            return units.check_rectifier_tensors(answer, step)
        return units.check_rectifier_tensors(relu, answer)

    return check


def relu(x):
    return x.clamp(min=0)


def step(x):
    return (x > 0).to(x.dtype)


def tanh(x):
    return 2 / (1 + torch.exp(-2 * x)) - 1


def by_size(x):
    small = torch.exp(-2 * x.abs())
    return x.sign() * (1 - small) / (1 + small)


def clamped(x):
    up, down = torch.exp(x.clamp(-20, 20)), torch.exp(-x.clamp(-20, 20))
    return (up - down) / (up + down)


def elu(x, alpha=1.0):
    return torch.where(x > 0, x, alpha * (torch.exp(x) - 1))


def elu_in_parts(x, alpha=1.0):
    return x.clamp(min=0) + alpha * x.clamp(max=0).expm1()


CHECKS = {
    "rectifier": units.check_rectifier,
    "rectifier's slope": units.check_rectifier_derivative,
    "rectifier's tensors": keeps("rectifier"),
    "slope's tensors": keeps("derivative"),
    "tanh": units.check_tanh,
    "elu": units.check_elu,
    "tanh, far": lambda answer: units.check_far(answer, elu),
    "elu, far": lambda answer: units.check_far(tanh, answer),
}
RELUS = [
    relu,
    lambda x: torch.maximum(x, torch.zeros_like(x)),
    lambda x: torch.where(x < 0, torch.zeros_like(x), x),
    lambda x: x.masked_fill(x < 0, 0),
]
STEPS = [step, lambda x: x.sign().clamp(min=0), lambda x: torch.where(x > 0, 1.0, 0.0).to(x)]
RIGHT = {
    "rectifier": RELUS,
    "rectifier's slope": STEPS,
    "rectifier's tensors": RELUS,
    "slope's tensors": STEPS,
    "tanh": [tanh, by_size, clamped],
    "elu": [elu, elu_in_parts],
    "tanh, far": [tanh, by_size, clamped],
    "elu, far": [elu, elu_in_parts],
}


@pytest.mark.parametrize("check", RIGHT)
def test_right_answers_pass(check):
    for function in RIGHT[check]:
        for _ in range(25):
            outcome = CHECKS[check](function)
            assert outcome.passed == outcome.total, outcome


def soft(x):
    return torch.logaddexp(x, torch.zeros_like(x))


def damaging(x):
    x[x < 0] = 0
    return x


def by_half(x):
    x = x.clone().requires_grad_()
    torch.maximum(x, torch.zeros_like(x)).sum().backward()
    return x.grad


def one_after_the_other(x):
    return torch.stack([v.clamp(min=0) for v in x.flatten()]).reshape(x.shape)


def below(function):
    """An ELU with something else below 0."""
    return lambda x, alpha=1.0: torch.where(x > 0, x, function(x, alpha))


WRONG = {
    ("rectifier", "absolute value"): (lambda x: x.abs(), "It returns the absolute value"),
    ("rectifier", "identity"): (lambda x: x, "It returns its input"),
    ("rectifier", "minimum"): (lambda x: x.clamp(max=0), "keeps what is negative"),
    ("rectifier", "other half"): (lambda x: (-x).clamp(min=0), "cuts off the wrong half"),
    ("rectifier", "step"): (step, "It returns 0 and 1"),
    ("rectifier", "bounded"): (lambda x: x.clamp(0, 1), "cuts off above 1"),
    ("rectifier", "integers"): (lambda x: x.clamp(min=0).long(), "turned into integers"),
    ("rectifier", "squared"): (lambda x: x.clamp(min=0) ** 2, "It squares"),
    ("rectifier", "leaky"): (lambda x: torch.where(x > 0, x, x / 100), "something is left"),
    ("rectifier", "softplus"): (soft, "something is left"),
    ("rectifier", "mask"): (lambda x: x * (x > 0), "At -inf it returns nan. Expected: 0. What is"),
    ("rectifier", "torch's"): (torch.relu, "It calls torch's own `relu`"),
    ("rectifier", "torch's, in place"): (lambda x: x.relu_(), "It calls torch's own `relu`"),
    ("rectifier", "a module"): (torch.nn.ReLU(), "It calls torch's own `relu`"),
    ("rectifier", "the book's"): (activations.rectifier, "`relubook.activations`"),
    ("rectifier's slope", "value"): (relu, "It returns the rectifier itself"),
    ("rectifier's slope", "sign"): (torch.sign, "slope of the absolute value"),
    ("rectifier's slope", "ones"): (torch.ones_like, "It is 1 everywhere"),
    ("rectifier's slope", "zeros"): (torch.zeros_like, "It is 0 everywhere"),
    ("rectifier's slope", "inverted"): (lambda x: (x < 0).to(x), "1 where the rectifier is flat"),
    ("rectifier's slope", "1 at 0"): (lambda x: (x >= 0).to(x), "At x = 0 it is 1."),
    ("rectifier's slope", "half at 0"): (by_half, "At x = 0 it is 0.5."),
    ("rectifier's slope", "tolerance"): (lambda x: (x > 1e-6).to(x), "Only at 0 itself"),
    ("rectifier's slope", "a difference"): (
        lambda x: (relu(x + 1e-6) - relu(x - 1e-6)) / 2e-6, "No difference has to be computed",
    ),
    ("rectifier's tensors", "damage"): (damaging, "It changes the tensor"),
    ("rectifier's tensors", "NaN"): (lambda x: torch.where(x > 0, x, 0.0), "For NaN it returns 0"),
    ("rectifier's tensors", "NaN for all"): (
        lambda x: relu(x) + 0 * x.sum(), "spoils the answers to the others",
    ),
    ("rectifier's tensors", "loop"): (one_after_the_other, "For the shape (0, 3) it stops"),
    ("rectifier's tensors", "numpy"): (
        lambda x: torch.as_tensor(x.double().numpy().clip(0)).to(x), "(`numpy`). Stay in torch",
    ),
    ("rectifier's tensors", "float32"): (lambda x: relu(x).float(), "For torch.float64 it returns"),
    ("slope's tensors", "bool"): (lambda x: x > 0, "it returns torch.bool"),
    ("slope's tensors", "loop"): (
        lambda x: torch.tensor([v > 0 for v in x.flatten()]).reshape(x.shape).to(x), "one by one",
    ),
    ("tanh", "logistic"): (lambda x: 1 / (1 + torch.exp(-x)), "It is the logistic function"),
    ("tanh", "half"): (lambda x: tanh(x / 2), "It is half as steep"),
    ("tanh", "twice"): (lambda x: tanh(2 * x), "It is twice as steep"),
    ("tanh", "sign"): (lambda x: tanh(-x), "All signs are wrong"),
    ("tanh", "inverse"): (lambda x: 1 / tanh(x), "upside down"),
    ("tanh", "slope"): (lambda x: 1 - tanh(x) ** 2, "It is the derivative of tanh"),
    ("tanh", "sinh"): (torch.sinh, "The denominator is missing"),
    ("tanh", "torch's"): (torch.tanh, "It calls torch's own `tanh`"),
    ("tanh", "torch's logistic"): (lambda x: 2 * torch.special.expit(2 * x) - 1, "own `expit`"),
    ("tanh", "Python's"): (
        lambda x: torch.tensor([math.tanh(v) for v in x.flatten().tolist()]).reshape(x.shape).to(x),
        "At ",
    ),
    ("elu", "ignored"): (below(lambda x, alpha: torch.exp(x) - 1), "It ignores alpha"),
    ("elu", "both"): (lambda x, alpha=1.0: alpha * elu(x), "Alpha scales both halves"),
    ("elu", "exponent"): (below(lambda x, alpha: torch.exp(alpha * x) - 1), "in the exponent"),
    ("elu", "leaky"): (below(lambda x, alpha: alpha * x), "the leaky rectifier's"),
    ("elu", "no 1"): (below(lambda x, alpha: alpha * torch.exp(x)), "Below 0, a 1 is missing"),
    ("elu", "jump"): (below(lambda x, alpha: alpha * torch.exp(x) - 1), "there is a jump"),
    ("elu", "sign"): (below(lambda x, alpha: alpha * (1 - torch.exp(x))), "the sign is wrong"),
    ("elu", "rectifier"): (below(lambda x, alpha: 0 * x), "that is the rectifier"),
    ("elu", "torch's"): (lambda x, alpha=1.0: torch.nn.functional.elu(x, alpha), "own `elu`"),
    ("tanh, far", "textbook"): (
        lambda x: (torch.exp(x) - torch.exp(-x)) / (torch.exp(x) + torch.exp(-x)),
        "`tanh`: In torch.float64, at 1000 it returns nan. Expected: 1. Which of its parts",
    ),
    ("tanh, far", "in double"): (lambda x: tanh(x.double()), "For torch.float32 it returns"),
    ("elu, far", "mask"): (
        lambda x, alpha=1.0: x * (x > 0) + alpha * (torch.exp(x) - 1) * (x <= 0),
        "Is infinity times 0 a number?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", WRONG, ids=": ".join)
def test_every_slip_is_told_by_its_own_sentence(slip):
    function, words = WRONG[slip]
    for _ in range(5):
        outcome = CHECKS[slip[0]](function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


TYPE_KEPT = {"a callable object", "nan", "huge"}  # wrong, but tensors like the given ones


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_answer_gets_a_sentence(check, kind):
    outcome = CHECKS[check](HOSTILE[kind])
    assert outcome.passed < outcome.total or (check.endswith("tensors") and kind in TYPE_KEPT)
    assert outcome.passed == outcome.total or len(outcome.message) > 10


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("unsolved", UNSOLVED)
def test_what_was_not_begun_is_not_solved(check, unsolved):
    assert not CHECKS[check](unsolved).solved


def test_numbers_are_fresh_each_time_and_the_global_random_state_is_kept():
    before = torch.random.get_rng_state()
    assert not torch.equal(draw(5), draw(5))
    assert torch.equal(before, torch.random.get_rng_state())
