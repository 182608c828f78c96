"""Checks of the assignment on sparse training: zeros and dead units, counted batch by batch."""

import math
from collections.abc import Callable, Iterator, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from relubook.checks import Outcome, run_cases
from relubook.checks.sparse_training_answers import (
    Student,
    alike,
    asked,
    cases,
    first_of_all,
    number,
    parts,
    quietly,
)
from relubook.checks.sparse_training_slips import (
    batches,
    counted,
    even_batches,
    stream,
    wrong_deads,
    wrong_shares,
)
from relubook.checks.wording import apart

Slips = Callable[[Sequence[Tensor]], Iterator[tuple[str, float]]]

_ALIVE = 4  # batches that may be in memory at once: this one, the last one, and some to spare
_DRAWS = 3  # a slip may hit the right number of units by chance


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
    return run_cases(function, cases(_plain, _tiny, _negative, _cancels, _not_a_number, _rounding))


def check_one_pass(function: object) -> Outcome:
    """Check that `zeros_and_dead(batches)` takes a generator, and keeps no batch of it.

    Args:
        function: As for `check_zeros_and_dead`.
    """
    return run_cases(function, cases(_generator, _forgets, _nothing))


def _measured(function: Student, whole: object) -> tuple[float, float]:
    """The student's two numbers."""
    share, dead = parts(asked(function, whole), "the share of zeros", "the number of dead units")
    return number(share, "share"), number(dead, "number of dead units")


def _told(function: Student, which: int, slips: Slips) -> tuple[str, float, float] | None:
    """What is wrong with the share (0) or the dead units (1), the answer, and the right one."""
    trials = []
    for _ in range(_DRAWS):
        whole = batches()
        expected = float(counted(whole)[which])
        answer = _measured(function, [h.clone() for h in whole])[which]
        if not alike(answer, expected):
            trials.append((answer, expected, slips(whole)))
    if not trials:
        return None
    sentence = first_of_all((answer, known) for answer, _, known in trials)
    return sentence or "", *trials[0][:2]


def _share(function: Student) -> str | None:
    """Batches of which each has another size and another share."""
    told = _told(function, 0, wrong_shares)
    if told is None:
        return None
    found, true = apart(*told[1:])
    return told[0] or f"The share of zeros is {found}, but a count one by one gives {true}."


def _dead(function: Student) -> str | None:
    """Units that answer one example in one batch."""
    told = _told(function, 1, wrong_deads)
    if told is None:
        return None
    sentence, answer, expected = told
    return sentence or (
        f"It finds {answer:g} dead units, but {expected:g} are silent for every example of every "
        "batch."
    )


def _one_batch() -> Float[Tensor, "examples units"]:
    """All in one batch, since how batches are put together is another matter."""
    return torch.cat(batches())


def _differs(function: Student, h: Float[Tensor, "examples units"]) -> bool:
    """Whether zeros or dead units of one batch are miscounted."""
    return not alike(_measured(function, [h.clone()]), counted([h]))


def _active(h: Float[Tensor, "examples units"]) -> int:
    """A unit that is not dead."""
    return int((h != 0).any(0).nonzero()[0])


def _plain(function: Student) -> str | None:
    """Who is wrong about one plain batch need not hear about rare numbers."""
    if any(_differs(function, _one_batch()) for _ in range(_DRAWS)):
        return "A single batch of rectifier outputs is miscounted already: first see to the values."
    return None


def _tiny(function: Student) -> str | None:
    """A tolerance would call small activations zeros, and their unit dead."""
    h = _one_batch()
    h[:, _active(h)] = 1e-20
    if _differs(function, h):
        return "It takes very small activations for zeros. Only exact zeros count: no tolerance."
    return None


def _negative(function: Student) -> str | None:
    """Tanh units go below zero; those are not zeros."""
    h = _one_batch()
    unit = _active(h)
    for values in (-1.0, torch.arange(len(h)) % 2 - 1.0):
        h[:, unit] = values
        if _differs(function, h):
            return (
                "Negative activations are taken for zeros, or their unit for dead. Tanh has them."
            )
    return None


def _cancels(function: Student) -> str | None:
    """A sum of zero is no sign of silence."""
    h = torch.cat([_one_batch()] * 2)
    h[:, _active(h)] = 2.0 * (torch.arange(len(h)) % 2) - 1
    if _differs(function, h):
        return "A unit whose activations cancel each other is called dead. Was it ever silent?"
    return None


def _not_a_number(function: Student) -> str | None:
    """NaN is not a zero, and its unit not dead."""
    h = _one_batch()
    h[:, _active(h)] = math.nan
    return "It is confused by NaN, which is not a zero." if _differs(function, h) else None


def _rounding(function: Student) -> str | None:
    """Half precision overflows or rounds when its numbers are summed."""
    h = torch.zeros(601, 600, dtype=torch.float16)
    h[::2, 1:] = 1
    share, dead = _measured(function, [h])
    if alike(share, int((h == 0).sum()) / h.numel()) and dead == 1:
        return None
    return f"It is wrong for {h.dtype} and many activations: does a count overflow or round?"


def _generator(function: Student) -> str | None:
    """Each batch is there once."""
    whole = even_batches()
    expected = counted(whole)
    try:
        answer = _measured(function, stream(whole))
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
    return "Batches of equal size from a generator are miscounted: first see to the values."


def _forgets(function: Student) -> str | None:
    """A data set whose activations do not fit into memory."""
    alive: list[int] = []
    _measured(function, stream(even_batches(), alive))
    if max(alive, default=0) <= _ALIVE:
        return None
    return (
        f"It keeps the batches: {max(alive)} of them were in memory at once. Take from each what "
        "you need, and let it go."
    )


def _nothing(function: Student) -> str | None:
    """Nothing has no share of zeros."""
    try:
        answer = quietly(function, iter(()))
    except ValueError:
        return None
    except NotImplementedError:
        raise
    except Exception as error:
        return f"No batch at all gives {type(error).__name__}. Raise a ValueError that says why."
    return f"No batch at all gives {answer}. What share is that? Raise a ValueError."
