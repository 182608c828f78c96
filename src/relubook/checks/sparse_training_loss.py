"""Checks of the assignment on sparse training: cross-entropy with a penalty on activations."""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from relubook.checks import Outcome, run_cases
from relubook.checks.sparse_training_answers import (
    SaidError,
    Student,
    alike,
    asked,
    cases,
    first_of,
    number,
    quietly,
)
from relubook.checks.sparse_training_slips import (
    Loss,
    cross_entropies,
    loss_inputs,
    right_loss,
    wrong_losses,
)
from relubook.checks.wording import apart


def check_loss(function: object) -> Outcome:
    """Check a function `penalized_loss(logits, labels, hidden, weights, l1)`.

    Args:
        function: Takes logits [examples classes], labels [examples], the activations of each
            hidden layer [examples units], the weights of each layer [inputs outputs], and the
            strength; returns the mean cross-entropy [nat] plus the strength times the L1 norm of
            the activations, summed over units and layers and averaged over examples, as a tensor
            with a gradient.
    """
    return run_cases(function, cases(_loss, _other_shapes))


def check_gradient(function: object) -> Outcome:
    """Check that gradients of `penalized_loss` arrive at the logits and at every hidden layer.

    Args:
        function: As for `check_loss`.
    """
    return run_cases(function, cases(_gradient))


def check_large_logits(function: object) -> Outcome:
    """Check that `penalized_loss` bears logits in the thousands, and damages nothing.

    Args:
        function: As for `check_loss`.
    """
    return run_cases(function, cases(_large, _inputs_are_kept))


def _value(function: Student, loss: Loss) -> float:
    """The student's loss as a number."""
    return number(asked(function, *loss.copy()), "loss")


def _loss(function: Student) -> str | None:
    """Two hidden layers of different width."""
    loss = loss_inputs()
    answer, expected = _value(function, loss), right_loss(loss)
    if alike(answer, expected):
        return None
    found, true = apart(answer, expected)
    return (
        first_of(answer, wrong_losses(loss))
        or f"The loss is {found}, but a sum number by number gives {true}. Compute both terms "
        "apart, for a batch of one example."
    )


def _other_shapes(function: Student) -> str | None:
    """Another number of layers, examples and classes."""
    for examples, widths in ((5, (4,)), (1, (3, 6, 2)), (9, (5, 5, 5))):
        loss = loss_inputs(examples, widths=widths, classes=3)
        if not alike(_value(function, loss), right_loss(loss)):
            return f"It is wrong for {examples} examples and {len(widths)} hidden layers."
    return None


def _gradient(function: Student) -> str | None:
    """What torch says about the student's loss is what small steps say."""
    loss, leaves = loss_inputs(), []
    for one in (loss.logits, *loss.hidden):
        leaves.append(one.clone().requires_grad_())
    given = loss.copy()._replace(logits=leaves[0], hidden=leaves[1:])
    answer = asked(function, *given)
    if not isinstance(answer, Tensor):
        kind = type(answer).__name__
        return f"It returns a number of type {kind}, which has no gradient. Return a tensor."
    if answer.numel() != 1:
        raise SaidError(f"It returns {answer.numel()} numbers. A loss is one.")
    if not answer.requires_grad:
        return "The tensor that it returns has no gradient. Where is it cut off from its inputs?"
    found = torch.autograd.grad(answer.sum(), leaves, allow_unused=True)
    names = ["the logits", *(f"hidden layer {k}" for k in range(1, len(leaves)))]
    for name, leaf, gradient in zip(names, leaves, found, strict=True):
        if gradient is None or not bool((gradient != 0).any()):
            return f"No gradient arrives at {name}. Where is it cut off, or not used?"
        if not _agrees(function, loss, leaf, gradient, leaves):
            return f"The gradient at {name} is not that of the number which it returns."
    return None


def _agrees(
    function: Student, loss: Loss, leaf: Tensor, gradient: Tensor, leaves: Sequence[Tensor]
) -> bool:
    """Whether small steps of one input up the gradient change the loss as the gradient says."""
    ends = []
    step = 1e-3 * gradient.detach() / gradient.detach().abs().max()
    for sign in (1, -1):
        moved = [
            one.detach() + sign * step if one is leaf else one.detach().clone() for one in leaves
        ]
        ends.append(_value(function, loss.copy()._replace(logits=moved[0], hidden=moved[1:])))
    return math.isclose(
        ends[0] - ends[1], 2 * float((step * gradient).sum()), rel_tol=0.03, abs_tol=1e-6
    )


def _large(function: Student) -> str | None:
    """Logits whose exponential no floating-point number holds; without a penalty."""
    for label in (0, 1):
        loss = loss_inputs(1)._replace(l1=0.0, labels=torch.tensor([label]))
        loss.logits[0, :2] = torch.tensor([1000.0, -1000.0])
        answer, (expected,) = _value(function, loss), cross_entropies(loss)
        if alike(answer, expected):
            continue
        if not math.isfinite(answer):
            return (
                f"Logits of 1000 give {answer:g}: their exponential overflows. What changes in the "
                "cross-entropy if the same number is taken from all logits of an example?"
            )
        return f"Logits of 1000 and -1000 give {answer:.6g}. The cross-entropy is {expected:.6g}."
    return None


def _inputs_are_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    loss = loss_inputs()
    given = loss.copy()
    quietly(function, *given)
    pairs = [("logits", given.logits, loss.logits), ("labels", given.labels, loss.labels)]
    pairs += [("hidden", *pair) for pair in zip(given.hidden, loss.hidden, strict=True)]
    for name, now, was in pairs:
        if not torch.equal(now, was):
            return f"It changes the `{name}` that it is given. Work on a copy."
    return None
