"""Checks of the assignment on sparse training: zeros batch by batch, and the penalized loss."""

import math
import weakref
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from relubook.checks import Outcome, run_cases
from relubook.checks.sparse_training_slips import (
    Loss,
    SaidError,
    Student,
    alike,
    asked,
    batches,
    cases,
    counted,
    cross_entropies,
    first_of,
    loss_inputs,
    number,
    parts,
    penalty,
    quietly,
    wrong_deads,
    wrong_losses,
    wrong_shares,
)
from relubook.checks.wording import apart

_ALIVE = 4  # batches that may be in memory at once: this one, the last one, and some to spare


def check_zeros_and_dead(function: object) -> Outcome:
    """Check a function `zeros_and_dead(batches)` on batches of different sizes.

    Args:
        function: Takes batches of activations [examples units], each once; returns the share of
            exact zeros among all activations, and the number of units that are zero for all
            examples. No example at all is a ValueError.

    Returns:
        What was found; show it as the last line of a cell.

    >>> def zeros_and_dead(batches):
    ...     h = torch.cat(list(batches))
    ...     return float((h == 0).double().mean()), int((h == 0).all(0).sum())
    >>> check_zeros_and_dead(zeros_and_dead)
    All public checks passed (2 of 2).
    """
    return run_cases(function, cases(_share, _dead))


def check_exact_zeros(function: object) -> Outcome:
    """Check that `zeros_and_dead(batches)` counts nothing but zeros.

    Args:
        function: As for `check_zeros_and_dead`.
    """
    return run_cases(function, cases(_tiny, _negative, _cancels, _not_a_number, _rounding))


def check_one_pass(function: object) -> Outcome:
    """Check that `zeros_and_dead(batches)` takes a generator, and keeps no batch of it.

    Args:
        function: As for `check_zeros_and_dead`.
    """
    return run_cases(function, cases(_generator, _forgets, _nothing))


def check_penalized_loss(function: object) -> Outcome:
    """Check a function `penalized_loss(logits, labels, hidden, weights, l1)`.

    Args:
        function: Takes logits [examples classes], labels [examples], the activations of each
            hidden layer [examples units], the weights of each layer [inputs outputs], and the
            strength; returns the mean cross-entropy [nat] plus the strength times the L1 norm of
            the activations, summed over units and layers and averaged over examples, as a tensor
            with a gradient.
    """
    return run_cases(function, cases(_loss, _one_layer))


def check_loss_gradient(function: object) -> Outcome:
    """Check that gradients of `penalized_loss` arrive at the logits and at every hidden layer.

    Args:
        function: As for `check_penalized_loss`.
    """
    return run_cases(function, cases(_gradient))


def check_large_logits(function: object) -> Outcome:
    """Check that `penalized_loss` bears logits in the thousands, and damages nothing.

    Args:
        function: As for `check_penalized_loss`.
    """
    return run_cases(function, cases(_large, _inputs_are_kept))


def _measured(function: Student, whole: object) -> tuple[float, float]:
    """The student's two numbers."""
    share, dead = parts(asked(function, whole), "the share of zeros", "the number of dead units")
    return number(share, "share"), number(dead, "number of dead units")


def _share(function: Student) -> str | None:
    """Batches of which each has another size and another share."""
    whole = batches()
    answer, (expected, _) = _measured(function, [h.clone() for h in whole])[0], counted(whole)
    if alike(answer, expected):
        return None
    found, true = apart(answer, expected)
    return (
        first_of(answer, wrong_shares(whole))
        or f"The share of zeros is {found}, but a count one by one gives {true}."
    )


def _dead(function: Student) -> str | None:
    """Units that answer one example in one batch."""
    whole = batches()
    answer, (_, expected) = _measured(function, [h.clone() for h in whole])[1], counted(whole)
    if alike(answer, expected):
        return None
    return (
        first_of(answer, wrong_deads(whole))
        or f"It finds {answer:g} dead units, but {expected} of {whole[0].shape[1]} are silent for "
        "every example of every batch."
    )


def _one_batch() -> Tensor:
    """Equal examples in a batch of their own, since averages of batches are another matter."""
    return torch.cat(batches())


def _differs(function: Student, h: Tensor) -> bool:
    """Whether zeros or dead units of one batch are miscounted."""
    return not alike(_measured(function, [h.clone()]), counted([h]))


def _tiny(function: Student) -> str | None:
    """A tolerance would call small activations zeros, and their unit dead."""
    h = _one_batch()
    h[:, 5] = 1e-20
    if _differs(function, h) and not _differs(function, _one_batch()):
        return "It takes very small activations for zeros. Only exact zeros count: no tolerance."
    return _plainly(function)


def _plainly(function: Student) -> str | None:
    """A function that is wrong about one plain batch need not hear about rare cases."""
    if _differs(function, _one_batch()):
        return "A single batch of rectifier outputs is miscounted already: first see to the values."
    return None


def _negative(function: Student) -> str | None:
    """Tanh units go below zero; those are not zeros."""
    h = _one_batch()
    h[:, 5] = -1
    h[::2, 0] = -1
    if _differs(function, h):
        return "Negative activations are taken for zeros, or their unit for dead. Tanh has them."
    return None


def _cancels(function: Student) -> str | None:
    """A sum of zero is no sign of silence."""
    h = torch.cat([_one_batch(), _one_batch()])
    half = len(h) // 2
    h[:half, 5], h[half:, 5] = 1, -1
    if _differs(function, h):
        return "A unit whose activations cancel each other is called dead. Was it ever silent?"
    return None


def _not_a_number(function: Student) -> str | None:
    """NaN is not a zero, and its unit not dead."""
    h = _one_batch()
    h[3, 0], h[:, 5] = math.nan, math.nan
    return "It is confused by NaN, which is not a zero." if _differs(function, h) else None


def _rounding(function: Student) -> str | None:
    """Half precision overflows or rounds when its numbers are summed."""
    h = torch.zeros(601, 600, dtype=torch.float16)
    h[::2, 1:] = 1
    share, dead = _measured(function, [h])
    if alike(share, int((h == 0).sum()) / h.numel()) and dead == 1:
        return None
    return f"It is wrong for {h.dtype} and many activations: does a count overflow or round?"


def _stream(
    whole: Sequence[Tensor], alive: list[int] | None = None
) -> Iterator[Tensor]:
    """Copies of batches, made when asked for; notes how many of them are still there."""
    made: list[weakref.ref[Tensor]] = []
    for h in whole:
        copy = h.clone()
        made.append(weakref.ref(copy))
        if alive is not None:
            alive.append(sum(one() is not None for one in made))
        yield copy
        del copy


def _even_batches() -> list[Tensor]:
    """Batches of equal size, in which a unit is either dead in all or in none."""
    drawn = [_one_batch()[:40] for _ in range(12)]
    for h in drawn:
        h[:, :2] = 0
        h[0, 2:] = 1
    return drawn


def _generator(function: Student) -> str | None:
    """Each batch is there once."""
    whole = _even_batches()
    expected = counted(whole)
    try:
        answer = _measured(function, _stream(whole))
    except TypeError as error:
        if "generator" not in str(error):
            raise
        return "A generator has no length and no first batch. Take each batch as it comes."
    if alike(answer, expected):
        return None
    if alike(_measured(function, [h.clone() for h in whole]), expected):
        return (
            "It is right for a list, but not for a generator, which gives each batch only once. "
            "How often do you go through the batches?"
        )
    return "Even batches of equal size from a generator are miscounted: first see to the values."


def _forgets(function: Student) -> str | None:
    """A data set whose activations do not fit into memory."""
    alive: list[int] = []
    _measured(function, _stream(_even_batches(), alive))
    if max(alive, default=0) <= _ALIVE:
        return None
    return (
        f"It keeps the batches: {max(alive)} of them were in memory at once. Take from each what "
        "you need, and let it go."
    )


def _nothing(function: Student) -> str | None:
    """Nothing has no share of zeros."""
    try:
        answer = asked(function, iter(()))
    except ValueError:
        return None
    except ArithmeticError as error:
        return f"No batch at all gives {type(error).__name__}. Raise a ValueError that says why."
    except (TypeError, AttributeError, IndexError, RuntimeError) as error:
        return f"No batch at all gives {type(error).__name__}. Raise a ValueError that says why."
    return f"No batch at all gives {answer}. What share is that? Raise a ValueError."


def _value(function: Student, loss: Loss) -> float:
    """The student's loss as a number."""
    return number(asked(function, *loss.copy()), "loss")


def _right(loss: Loss) -> float:
    """The loss that is asked for, number by number."""
    return sum(cross_entropies(loss)) / len(loss.labels) + loss.l1 * penalty(loss)


def _loss(function: Student) -> str | None:
    """Two hidden layers of different width."""
    loss = loss_inputs()
    answer, expected = _value(function, loss), _right(loss)
    if alike(answer, expected):
        return None
    found, true = apart(answer, expected)
    return (
        first_of(answer, wrong_losses(loss))
        or f"The loss is {found}, but a sum number by number gives {true}. Compute both terms "
        "apart, for a batch of one example."
    )


def _one_layer(function: Student) -> str | None:
    """Another number of layers, examples and classes."""
    for examples, widths in ((5, (4,)), (1, (3, 6, 2)), (9, (5, 5, 5))):
        loss = loss_inputs(examples, widths=widths, classes=3)
        if not alike(_value(function, loss), _right(loss)):
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
        found, true = apart(answer, expected)
        return f"For logits of 1000 and -1000 the cross-entropy is {true}, not {found}."
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
