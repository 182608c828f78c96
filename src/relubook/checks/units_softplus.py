"""Checks of assignment 1's softplus: the formula, its far ends, its derivative."""

import math

import torch
from torch import Tensor

from relubook.checks import Outcome
from relubook.checks import units_slips as slips
from relubook.checks.units_answers import (
    Student,
    alike,
    ask,
    by_number,
    cases,
    draw,
    first_apart,
    first_of,
    one_by_one,
    ready_made,
)

__all__ = ["check_softplus", "check_softplus_derivative", "check_softplus_far", "draw"]


def check_softplus(function: object) -> Outcome:
    """Check a function `softplus(x, alpha)` where nothing overflows.

    Args:
        function: Takes a tensor and a number; returns log(1 + exp(alpha x)) / alpha.

    Returns:
        What was found.
    """
    return cases(function, [_plain_softplus, _sharp_softplus, _soft_softplus, _own_softplus])


def check_softplus_far(function: object) -> Outcome:
    """Check a function `softplus(x, alpha)` far from 0: no overflow, and every digit.

    Args:
        function: As for `check_softplus`.

    Returns:
        What was found.
    """
    return cases(function, [_softplus_overflow, _softplus_above, _softplus_below])


def check_softplus_derivative(function: object) -> Outcome:
    """Check a function `softplus_derivative(x, alpha)` near 0 and far from it.

    Args:
        function: Takes a tensor and a number; returns the derivative of the softplus by `x`.

    Returns:
        What was found.
    """
    return cases(function, [_softplus_slope, _softplus_slope_far_out, _own_softplus])


def softplus_of(value: float, alpha: float) -> float:
    """The rescaled softplus of one number, to its last digit."""
    return max(value, 0.0) + math.log1p(math.exp(-abs(alpha * value))) / alpha


def logistic_of(value: float) -> float:
    """1 / (1 + exp(-value)) to its last digit."""
    small = math.exp(-abs(value))
    return (1.0 if value > 0 else small) / (1 + small)


def _plain_softplus(function: Student) -> str | None:
    x = draw(6, 7)
    found, expected = ask(function, x), by_number(lambda v: softplus_of(v, 1.0), x)
    if alike(found, expected):
        return None
    return first_of(found, slips.of_the_plain_softplus(x)) or (
        first_apart(x, found, expected, under="With alpha left out, that is 1")
    )


def _softplus_with(function: Student, x: Tensor, alpha: float) -> str | None:
    found, expected = ask(function, x, alpha), by_number(lambda v: softplus_of(v, alpha), x)
    if alike(found, expected):
        return None
    return first_of(found, slips.of_the_softplus(x, alpha)) or (
        first_apart(x, found, expected, under=f"With alpha = {alpha:.3g}")
    )


def _sharp_softplus(function: Student) -> str | None:
    return _softplus_with(function, draw(6, 7), float(draw(1, low=1.5, high=4.0)))


def _soft_softplus(function: Student) -> str | None:
    alpha = float(draw(1, low=0.05, high=0.2))
    return _softplus_with(function, draw(6, 7, low=-60.0, high=60.0), alpha)


def _own_softplus(function: Student) -> str | None:
    return ready_made(function, 2.0) or one_by_one(function, 2.0)


def _softplus_overflow(function: Student) -> str | None:
    for dtype in (torch.float64, torch.float32):
        for alpha in (1.0, 6.0):
            x = torch.tensor([1000.0, -1000.0, 300.0, -300.0, 1e6, -1e6], dtype=dtype)
            found, expected = ask(function, x, alpha), x.clamp(min=0).to(torch.float64)
            if not alike(found, expected, 1e-5, 1e-30):
                return first_apart(
                    x, found, expected, 1e-5, 1e-30, under=f"In {dtype}, with alpha = {alpha:g}",
                    overflow="How large do the exponentials become?",
                )  # fmt: skip
    return None


def _softplus_above(function: Student) -> str | None:
    x = torch.linspace(15, 35, 41, dtype=torch.float64) + draw(41, low=0.0, high=0.4)
    found, expected = ask(function, x, 1.0), by_number(lambda v: softplus_of(v, 1.0), x)
    if alike(found, expected, 1e-13, 0.0):
        return None
    return (
        f"{first_apart(x, found, expected, 1e-13, 0.0)} From where on is the softplus as good as "
        "straight? In float64 there are about 16 digits."
    )


def _softplus_below(function: Student) -> str | None:
    for dtype, low, relative in ((torch.float64, -570.0, 1e-10), (torch.float32, -57.0, 1e-4)):
        x = draw(30, low=low, high=-15.0).to(dtype)
        found, expected = ask(function, x, 1.0), by_number(lambda v: softplus_of(v, 1.0), x)
        if not alike(found, expected, relative, 0.0):
            apart = first_apart(x, found, expected, relative, 0.0, under=f"In {dtype}")
            return f"{apart} What is left of a tiny number after 1 is added to it?"
    return None


def _softplus_slope(function: Student) -> str | None:
    for alpha in (1.0, float(draw(1, low=1.5, high=4.0)), float(draw(1, low=0.2, high=0.7))):
        x = draw(6, 7)
        found = ask(function, x, alpha)
        expected = by_number(lambda v, a=alpha: logistic_of(a * v), x)
        if not alike(found, expected):
            return first_of(found, slips.of_the_softplus_slope(x, alpha)) or (
                first_apart(x, found, expected, under=f"With alpha = {alpha:.3g}")
            )
    return None


def _softplus_slope_far_out(function: Student) -> str | None:
    edges = torch.tensor([1000.0, -1000.0, 1e6, -1e6], dtype=torch.float64)
    x = torch.cat([edges, draw(30, low=-190.0, high=190.0)])
    found, expected = ask(function, x, 3.0), by_number(lambda v: logistic_of(3 * v), x)
    if alike(found, expected, 1e-10, 1e-300):
        return None
    apart = first_apart(
        x, found, expected, 1e-10, 1e-300,
        under="With alpha = 3", overflow="Which of its parts becomes too large?",
    )  # fmt: skip
    tiny = " Is something close to 1 subtracted from 1?" if alike(found, expected) else ""
    return apart + tiny
