import math

import pytest
import torch
from hostile_units import HOSTILE, UNSOLVED

from relubook.checks import units_backward
from relubook.checks.units_backward import draw_layer

ELU, LAYER, SILENT = (
    units_backward.check_elu_derivative,
    units_backward.check_backward,
    units_backward.check_silent,
)


def elu(h, alpha=1.0):
    return torch.where(h > 0, torch.ones_like(h), h + alpha)


def elu_by_minimum(h, alpha=1.0):
    return torch.where(h > 0, 0 * h + 1, h.clamp(max=0) + alpha)


def back(gradient, h, weight):
    before = torch.where(h == 0, 0.0, gradient) * h.sign()
    return before, before @ weight.T


def by_cases(gradient, h, weight):
    none = torch.zeros_like(h)
    before = torch.where(h > 0, gradient, torch.where(h < 0, -gradient, none))
    return [before, torch.einsum("eu,iu->ei", before, weight)]


def by_library(gradient, h, weight):
    before = (gradient * h.sign()).masked_fill(h == 0, 0)
    return before, torch.nn.functional.linear(before, weight)


def build(slope, through=lambda before, gradient, h, weight: before @ weight.T):
    """An answer from its two steps."""

    def backward(gradient, h, weight):
        before = slope(gradient, h)
        return before, through(before, gradient, h, weight)

    return backward


def silenced(gradient, h):
    return torch.where(h == 0, 0.0, gradient)


def damaging(gradient, h, weight):
    gradient[h == 0] = 0
    gradient[h < 0] *= -1
    return gradient, gradient @ weight.T


def damaging_outputs(gradient, h, weight):
    answer = back(gradient, h, weight)
    h.sign_()
    return answer


def below(function):
    """An ELU's slope with something else below 0."""
    return lambda h, alpha=1.0: torch.where(h > 0, torch.ones_like(h), function(h, alpha))


RIGHT = [
    (ELU, elu), (ELU, elu_by_minimum),
    (LAYER, back), (LAYER, by_cases), (LAYER, by_library),
    (LAYER, build(lambda gradient, h: gradient * h.sign())),
    (SILENT, back), (SILENT, by_cases), (SILENT, by_library),
]  # fmt: skip


@pytest.mark.parametrize(("check", "function"), RIGHT)
def test_right_answers_pass(check, function):
    for _ in range(25):
        outcome = check(function)
        assert outcome.passed == outcome.total, outcome


WRONG = [
    (ELU, below(lambda h, alpha: h + 1), "It ignores alpha"),
    (ELU, below(lambda h, alpha: torch.exp(h)), "takes the output for the pre-activation"),
    (ELU, below(lambda h, alpha: alpha * torch.exp(h)), "takes the output for the pre-activation"),
    (ELU, below(lambda h, alpha: 0 * h), "that is the rectifier's"),
    (ELU, below(lambda h, alpha: 0 * h + alpha), "that is a leaky rectifier's"),
    (ELU, below(lambda h, alpha: h), "it returns the output, not the slope"),
    (ELU, lambda h, alpha=1.0: h + alpha, "how steep is that?"),
    (ELU, lambda h, alpha=1.0: 1 - h * h, "It is tanh's"),
    (ELU, lambda h, alpha=1.0: torch.where(h >= 0, 1 + 0 * h, h + alpha), "at 0 it returns 1"),
    (ELU, lambda h, alpha=1.0: elu(h, alpha).double(), "For torch.float32 it returns another"),
    (ELU, lambda h, alpha=1.0: elu(h.add_(0.5), alpha), "With alpha"),
    (LAYER, build(lambda g, h: torch.where(h > 0, g, 0.0)), "Negated units are taken for silent"),
    (LAYER, build(silenced), "The signs are forgotten"),
    (LAYER, build(lambda g, h: g * 1), "It lets everything through"),
    (LAYER, build(lambda g, h: -g * h.sign()), "all signs are wrong"),
    (LAYER, build(lambda g, h: g * h), "It multiplies by the output, not"),
    (LAYER, build(lambda g, h: g * h.abs()), "It multiplies by the size"),
    (LAYER, build(lambda g, h: torch.where(h == 0, g, 0.0)), "stops the active ones"),
    (LAYER, build(lambda g, h: torch.where(g > 0, g * h.sign(), 0.0)), "stops negative gradients"),
    (LAYER, build(lambda g, h: h.sign()), "It returns the slopes"),
    (LAYER, build(lambda g, h: g * h.sign() / len(h)), "divides by the number of examples"),
    (LAYER, build(lambda g, h: g + h), "The first tensor is wrong"),
    (LAYER, lambda g, h, w: back(g, h, w)[::-1], "changed places: pre-activations first"),
    (LAYER, lambda g, h, w: back(g, h, w)[0], "It returns a Tensor. Asked for: two tensors"),
    (LAYER, lambda g, h, w: (back(g, h, w)[0], g @ w), "unless there are as many inputs as units"),
    (LAYER, lambda g, h, w: (back(g, h, w)[0], g @ w.T), "from the gradient above"),
    (LAYER, lambda g, h, w: (back(g, h, w)[0], silenced(g, h) @ w.T), "but for the signs"),
    (LAYER, lambda g, h, w: (back(g, h, w)[0], h @ w.T), "comes from the outputs"),
    (LAYER, lambda g, h, w: (back(g, h, w)[0], g @ w.T + 1), "The second tensor is wrong"),
    (
        LAYER,
        lambda g, h, w: (back(g, h, w)[0], back(g, h, w)[0] @ (w if len(w) == w.shape[1] else w.T)),
        "in a square layer nothing complains",
    ),
    (SILENT, build(lambda g, h: g * h.sign()), "If inf arrives at a silent unit, nan passes"),
    (SILENT, build(lambda g, h: g * 1), "If inf arrives at a silent unit, inf passes"),
    (SILENT, build(silenced, lambda b, g, h, w: g @ w.T), "it reaches the inputs"),
    (SILENT, build(lambda g, h: 0 * h), "It returns zeros only"),
    (SILENT, lambda g, h, w: [part.double() for part in back(g, h, w)], "it returns another type"),
    (SILENT, damaging, "It changes the tensor `gradient`"),
    (SILENT, damaging_outputs, "It changes the tensor `h`"),
]


@pytest.mark.parametrize(("check", "function", "words"), WRONG)
def test_every_slip_is_told_by_its_own_sentence(check, function, words):
    for _ in range(5):
        outcome = check(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


@pytest.mark.parametrize("check", [ELU, LAYER, SILENT])
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_answer_gets_a_sentence(check, kind):
    outcome = check(HOSTILE[kind])
    assert outcome.passed < outcome.total
    assert len(outcome.message) > 10


@pytest.mark.parametrize("check", [ELU, LAYER, SILENT])
@pytest.mark.parametrize("unsolved", UNSOLVED)
def test_what_was_not_begun_is_not_solved(check, unsolved):
    assert not check(unsolved).solved


def test_a_drawn_layer_has_active_negated_and_silent_units():
    for _ in range(25):
        layer = draw_layer()
        assert bool((layer.h == 0).all(0).any())
        assert bool((layer.h > 0).any())
        assert bool((layer.h < 0).any())
        assert torch.equal(layer.h, layer.signs * layer.x.clamp(min=0))
        assert not math.isnan(float(layer.gradient.sum()))
