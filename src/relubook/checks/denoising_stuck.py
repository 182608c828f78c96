"""Checks of the assignment on denoising: which outputs are stuck, now and for good."""

import math
from collections.abc import Callable, Iterator

import torch
from jaxtyping import Float
from torch import Tensor

from relubook.checks import Outcome
from relubook.checks.denoising import fresh
from relubook.checks.denoising_answers import Student, asked, changed, number, outcome, several

Pair = tuple[Float[Tensor, "batch outputs"], Float[Tensor, "batch outputs"]]
Slips = Callable[[Tensor, Tensor], Iterator[tuple[str, Tensor]]]

_APART = 0.002  # of two shares that are told from each other
_PARTS = ("the stuck share", "the silent share")


def check_stuck(function: object) -> Outcome:
    """Check a function `stuck_shares(z, target)`, its first number.

    Args:
        function: Takes pre-activations and targets [batch outputs], no target below 0. Returns
            two shares of the positive targets: of those that meet z <= 0, and of those at outputs
            with z <= 0 for every example. Both are 0 if no target is positive.

    Returns:
        What was found.

    >>> def stuck_shares(z, target):
    ...     asks, off = target > 0, z <= 0
    ...     count = max(1, int(asks.sum()))
    ...     return (asks & off).sum() / count, (asks & off.all(0)).sum() / count
    >>> check_stuck(stuck_shares)
    All public checks passed (2 of 2).
    """
    return outcome(function, (_stuck, _sizes(0)))


def check_silent(function: object) -> Outcome:
    """Check the second number of the same function, as `check_stuck` describes it.

    Args:
        function: The same.

    Returns:
        What was found.
    """
    return outcome(function, (_silent, _sizes(1)))


def check_stuck_edges(function: object) -> Outcome:
    """Check both numbers where z is 0, where no target is positive, and what becomes of arguments.

    Args:
        function: The same.

    Returns:
        What was found.
    """
    return outcome(function, (_at_zero, _nobody_asks, _given_is_kept))


def outputs(batch: int, columns: int) -> Pair:
    """Pre-activations and targets: some outputs are off for every example.

    Others are off wherever the target is positive, and one example is off everywhere.
    """
    generator = fresh()
    z, target, often, off = (torch.rand(batch, columns, generator=generator) for _ in range(4))
    z, target = z + 0.01, target + 0.1
    target[often < torch.linspace(0.3, 0.9, batch)[:, None]] = 0
    z[off < torch.linspace(0.1, 0.6, columns)] *= -1
    z[:, ::5] = -z[:, ::5].abs()
    z[:, 1::5] = torch.where(target[:, 1::5] > 0, -1.0, 1.0) * z[:, 1::5].abs()
    z[1] = -z[1].abs()
    return z, target


def shares(z: Tensor, target: Tensor) -> tuple[float, float]:
    """Both shares, counted one by one."""
    places = [
        (row, column)
        for row in range(z.shape[0])
        for column in range(z.shape[1])
        if float(target[row, column]) > 0
    ]
    if not places:
        return 0.0, 0.0
    stuck = [place for place in places if float(z[place]) <= 0]
    silent = [place for place in stuck if max(z[:, place[1]].tolist()) <= 0]
    return len(stuck) / len(places), len(silent) / len(places)


def _both(function: Student, z: Tensor, target: Tensor) -> list[float]:
    """The student's two numbers."""
    parts = several(asked(function, z.clone(), target.clone()), _PARTS)
    return [number(part, name.capitalize()) for part, name in zip(parts, _PARTS, strict=True)]


def _close(found: float, expected: float) -> bool:
    return math.isclose(found, expected, rel_tol=1e-4, abs_tol=1e-6)


def _stuck(function: Student) -> str | None:
    """The first share."""
    return _told(function, 0, _wrong_stuck)


def _silent(function: Student) -> str | None:
    """The second share."""
    return _told(function, 1, _wrong_silent)


def _told(function: Student, place: int, wrong: Slips) -> str | None:
    """A sentence about one of the shares, on data for which each slip has a value of its own."""
    while True:
        z, target = outputs(31, 23)
        right, slips = shares(z, target)[place], list(wrong(z, target))
        if all(abs(float(value) - right) > _APART for _, value in slips):
            break
    found = _both(function, z, target)[place]
    if _close(found, right):
        return None
    for sentence, value in slips:
        if _close(found, float(value)):
            return sentence
    return f"For {_PARTS[place]} it returns {found:.3g}; counted one by one it is {right:.3g}."


def _wrong_stuck(z: Tensor, target: Tensor) -> Iterator[tuple[str, Tensor]]:
    """What else comes out as the first share."""
    asks, off = (target > 0).double(), (z <= 0).double()
    both = asks * off
    share = both.sum() / asks.sum()
    yield (
        "It divides by the number of all outputs. Asked for is a share of positive targets.",
        (both.mean()),
    )
    yield (
        "It counts outputs that are 0, whatever the target. Which of them should not be 0?",
        (off.mean()),
    )
    yield (
        "It divides by the number of outputs that are 0. Divide by that of positive targets.",
        (both.sum() / off.sum()),
    )
    yield "It counts the positive targets that are *not* stuck.", 1 - share
    yield "It returns percent. A share lies between 0 and 1.", 100 * share
    yield "It returns how many are stuck. Which share of the positive targets is that?", both.sum()
    averaged = (
        "It takes a share for each {} and averages these. Then an example with little ink counts "
        "as much as one with a lot. Count over the whole mini-batch."
    )
    for axis, kind in ((1, "example"), (0, "output")):
        each = both.sum(axis) / asks.sum(axis)
        yield averaged.format(kind), each.nanmean()
        yield averaged.format(kind), each.nan_to_num().mean()
    yield (
        "It returns the silent share first. The order is: stuck, silent.",
        (both[:, off.all(0)].sum() / asks.sum()),
    )


def _wrong_silent(z: Tensor, target: Tensor) -> Iterator[tuple[str, Tensor]]:
    """What else comes out as the second share."""
    asks, off = (target > 0).double(), (z <= 0).double()
    dead = off.all(0).double()
    here, count = (asks * dead).sum(), asks.sum()
    yield (
        "It returns the stuck share twice. Silent is an output that is 0 for every example.",
        ((asks * off).sum() / count),
    )
    yield (
        "It looks for examples with all outputs off. Silent is an output: a column, not a row.",
        ((asks * off.all(1, keepdim=True)).sum() / count),
    )
    yield (
        (
            "It returns the share of outputs that are silent. Asked for is the share of positive "
            "targets at such outputs."
        ),
        dead.mean(),
    )
    yield (
        "It divides by the number of all outputs. Asked for is a share of positive targets.",
        ((asks * dead).mean()),
    )
    yield (
        "It divides by the number of stuck outputs. Divide by that of positive targets.",
        (here / (asks * off).sum()),
    )
    lenient = (off + (1 - asks)).clamp(max=1).all(0)
    yield (
        (
            "It takes an output for silent that is off wherever the target is positive. Such an "
            "output is on for other examples; silent ones never are."
        ),
        (asks * lenient).sum() / count,
    )
    yield (
        "It takes an output for silent that is off for any example. It should be for every.",
        ((asks * off.any(0)).sum() / count),
    )
    yield (
        "It adds up the targets themselves. Count how many are positive.",
        ((target * dead).sum() / target.sum()),
    )
    yield "It returns percent. A share lies between 0 and 1.", 100 * here / count
    yield "It returns how many there are. Which share of the positive targets is that?", here
    yield "It counts the positive targets that are *not* at silent outputs.", 1 - here / count


def _sizes(place: int) -> Callable[[Student], str | None]:
    """A test of other sizes, and of outputs of which none is off."""

    def test(function: Student) -> str | None:
        for batch, columns in ((2, 40), (9, 2)):
            z, target = outputs(batch, columns)
            if not _close(_both(function, z, target)[place], shares(z, target)[place]):
                return f"{_PARTS[place].capitalize()} is wrong for {batch} x {columns} outputs."
        if not _close(_both(function, z.abs(), target)[place], 0.0):
            return f"No output is off, and yet {_PARTS[place]} is not 0."
        return None

    return test


def _at_zero(function: Student) -> str | None:
    """An output with z = 0 has no gradient either; what else is counted is judged elsewhere."""
    z, target = outputs(31, 23)
    below, at = z.clone(), z.clone()
    at[z < -0.4] = 0
    at[:, ::10] = 0
    below[at == 0] = -1
    if _both(function, at, target) == _both(function, at.abs() + 1, target):
        return "It says the same of a mini-batch in which all outputs are on."
    for one, other, name in zip(
        _both(function, at, target), _both(function, below, target), _PARTS, strict=True
    ):
        if not _close(one, other):
            return (
                f"For {name} z = 0 counts otherwise than z below 0. What is max(0, z) at 0, and "
                "does a gradient come?"
            )
    return None


def _nobody_asks(function: Student) -> str | None:
    """No target is positive."""
    z, target = outputs(4, 5)
    found = _both(function, z, torch.zeros_like(target))
    if found == [0.0, 0.0]:
        return None
    return (
        f"Without any positive target it returns {found[0]:g} and {found[1]:g}. Both shares should "
        "be 0 then."
    )


def _given_is_kept(function: Student) -> str | None:
    """Nothing is changed by being counted."""
    z, target = outputs(7, 6)
    given = z.clone(), target.clone()
    asked(function, *given)
    return changed(("z", "target"), given, (z, target))
