"""Checks of assignment 1: the rectifier and its derivative, tanh, and the exponential linear unit.

The softplus is checked in `units_softplus`, the way back through a layer in `units_backward`, the
search for wrong derivatives in `units_places`.
"""

import math

import torch
from torch import Tensor

from relubook.checks import Outcome
from relubook.checks import units_slips as slips
from relubook.checks.units_answers import (
    SentenceError,
    Student,
    alike,
    ask,
    by_number,
    call,
    cases,
    changed,
    draw,
    first_apart,
    first_of,
    one_by_one,
    ready_made,
    tensor,
    together,
)

__all__ = [
    "check_elu", "check_far", "check_rectifier", "check_rectifier_derivative",
    "check_rectifier_tensors", "check_tanh", "draw",
]  # fmt: skip

_TYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)


def check_rectifier(function: object) -> Outcome:
    """Check a function `rectifier(x)` for its values.

    Args:
        function: Takes a tensor; returns max(0, x).

    Returns:
        What was found.

    >>> check_rectifier(lambda x: x.clamp(min=0))
    All public checks passed (3 of 3).
    """
    return cases(function, [_rectified, _rectified_far_out, ready_made])


def check_rectifier_derivative(function: object) -> Outcome:
    """Check a function `rectifier_derivative(x)`: 1 above 0, else 0, at 0 as well.

    Args:
        function: Takes a tensor; returns the slopes.

    Returns:
        What was found.

    >>> check_rectifier_derivative(lambda x: (x > 0).to(x.dtype))
    All public checks passed (4 of 4).
    """
    return cases(function, [_slope, _slope_at_zero, _slope_of_tiny_numbers, ready_made])


def check_rectifier_tensors(value: object, derivative: object) -> Outcome:
    """Check that both functions keep type and shape and leave `x` alone; NaN stays NaN.

    Args:
        value: As for `check_rectifier`.
        derivative: As for `check_rectifier_derivative`.

    Returns:
        What was found.
    """
    tests = [_type_is_kept, _shape_is_kept, _input_is_kept, one_by_one]
    return together(
        rectifier=cases(value, [*tests, _not_a_number]),
        rectifier_derivative=cases(derivative, tests),
    )


def check_tanh(function: object) -> Outcome:
    """Check a function `tanh(x)` where nothing overflows.

    Args:
        function: Takes a tensor; returns its hyperbolic tangent.

    Returns:
        What was found.

    >>> check_tanh(lambda x: 2 / (1 + torch.exp(-2 * x)) - 1)
    All public checks passed (3 of 3).
    """
    return cases(function, [_hyperbolic, ready_made, one_by_one])


def check_elu(function: object) -> Outcome:
    """Check a function `elu(x, alpha)` where nothing overflows.

    Args:
        function: Takes a tensor and a number; returns x above 0, else alpha (exp(x) - 1).

    Returns:
        What was found.
    """
    return cases(function, [_elu, _own_elu])


def check_far(tanh: object, elu: object) -> Outcome:
    """Check `tanh(x)` and `elu(x, alpha)` far from 0, and that they keep type and input.

    Args:
        tanh: As for `check_tanh`.
        elu: As for `check_elu`.

    Returns:
        What was found.
    """
    return together(
        tanh=cases(tanh, [_tanh_far_out, _unit_keeps_type, _input_is_kept]),
        elu=cases(elu, [_elu_far_out, _unit_keeps_type, _input_is_kept]),
    )


def _with_zeros() -> Tensor:
    """Fresh numbers, some of them 0, some whole, one between 0 and 1."""
    x = draw(6, 7)
    x[0, :3], x[3, 2:5] = 0.0, torch.tensor([2.0, -3.0, 0.5])
    return x


def _rectified(function: Student) -> str | None:
    x = _with_zeros()
    found, expected = ask(function, x), by_number(lambda v: max(0.0, v), x)
    if alike(found, expected):
        return None
    return first_of(found, slips.of_the_rectifier(x)) or (
        "For negative inputs something is left. The rectifier gives an exact zero."
        if bool((found[x < 0] != 0).all())
        else first_apart(x, found, expected)
    )


def _rectified_far_out(function: Student) -> str | None:
    x = torch.tensor([math.inf, -math.inf, 1e300, -1e300, 1e-300, -1e-300], dtype=torch.float64)
    found, expected = ask(function, x), by_number(lambda v: max(0.0, v), x)
    if alike(found, expected, 1e-12, 0.0):
        return None
    return first_apart(x, found, expected, 1e-12, 0.0, overflow="What is infinity times 0?")


def _slope(function: Student) -> str | None:
    x = draw(6, 7)
    found, expected = ask(function, x), by_number(lambda v: float(v > 0), x)
    if torch.equal(found, expected):
        return None
    if alike(found, expected, 1e-3, 1e-3):
        return "It is nearly 0 or 1, but not exactly. No difference has to be computed here."
    return first_of(found, slips.of_the_slope(x)) or first_apart(x, found, expected)


def _slope_at_zero(function: Student) -> str | None:
    zeros = torch.tensor([0.0, -0.0, 0.0], dtype=torch.float64)
    found = ask(function, zeros)
    if bool((found == 0).all()):
        return None
    return (
        f"At x = 0 it is {float(found[0]):g}. Every number from 0 to 1 could be defended there; "
        "the convention of this book, and of this question, is 0."
    )


def _slope_of_tiny_numbers(function: Student) -> str | None:
    x = torch.tensor([1e-300, -1e-300, 1e-9, -1e-9, 1e300, -1e300], dtype=torch.float64)
    found, expected = ask(function, x), by_number(lambda v: float(v > 0), x)
    if torch.equal(found, expected):
        return None
    return f"{first_apart(x, found, expected)} Only at 0 itself is there something to agree on."


def _type_is_kept(function: Student) -> str | None:
    for dtype in _TYPES:
        x = _with_zeros().to(dtype)
        answer = call(function, x)
        tensor(answer, x.shape)
        if isinstance(answer, Tensor) and answer.dtype != dtype:
            return f"For {dtype} it returns {answer.dtype}. The type of the input should be kept."
    return None


def _shape_is_kept(function: Student) -> str | None:
    for x in (draw(2, 3, 4), draw(5), draw(1)[0], draw(0, 3), draw(3, 4).T):
        try:
            ask(function, x)
        except SentenceError:
            raise
        except Exception as error:
            shape = tuple(x.shape)
            return f"For the shape {shape} it stops with {type(error).__name__}: {error}"
    return None


def _input_is_kept(function: Student) -> str | None:
    if changed(function, draw(4, 5)) is None:
        return None
    return "It changes the tensor that it is given. Others still need those numbers."


def _not_a_number(function: Student) -> str | None:
    x = draw(8)
    x[3] = math.nan
    found = ask(function, x)
    if bool(found[3].isnan()) and int(found.isnan().sum()) == 1:
        return None
    if bool(found[3].isnan()):
        return "One NaN among its inputs spoils the answers to the others."
    return f"For NaN it returns {float(found[3]):g}. A NaN must stay one, or nobody will notice it."


def _unit_keeps_type(function: Student) -> str | None:
    for dtype in (torch.float32, torch.float64):
        answer = call(function, draw(2, 3).to(dtype))
        if isinstance(answer, Tensor) and answer.dtype != dtype:
            return f"For {dtype} it returns {answer.dtype}. The type of the input should be kept."
    return None


def _hyperbolic(function: Student) -> str | None:
    x = draw(6, 7)
    found, expected = ask(function, x), by_number(math.tanh, x)
    if alike(found, expected):
        return None
    return first_of(found, slips.of_tanh(x)) or first_apart(x, found, expected)


def _tanh_far_out(function: Student) -> str | None:
    for dtype in (torch.float64, torch.float32):
        x = torch.tensor([100.0, -100.0, 1000.0, -1000.0, 1e6, -1e6, 0.0], dtype=dtype)
        found, expected = ask(function, x), by_number(math.tanh, x)
        if not alike(found, expected, 1e-6, 1e-12):
            return first_apart(
                x, found, expected, 1e-6, 1e-12,
                under=f"In {dtype}", overflow="Which of its parts becomes too large?",
            )  # fmt: skip
    return None


def elu_of(value: float, alpha: float) -> float:
    """The exponential linear unit of one number."""
    return value if value > 0 else alpha * math.expm1(value)


def _elu(function: Student) -> str | None:
    for low, high in ((0.2, 0.7), (1.5, 3.0), (1.0, 1.0)):
        x, alpha = _with_zeros(), float(draw(1, low=low, high=high))
        found, expected = ask(function, x, alpha), by_number(lambda v, a=alpha: elu_of(v, a), x)
        if not alike(found, expected):
            return first_of(found, slips.of_elu(x, alpha)) or (
                first_apart(x, found, expected, under=f"With alpha = {alpha:.3g}")
            )
    return None


def _own_elu(function: Student) -> str | None:
    return ready_made(function, 0.5) or one_by_one(function, 0.5)


def _elu_far_out(function: Student) -> str | None:
    for dtype in (torch.float64, torch.float32):
        x = torch.tensor([100.0, -100.0, 1000.0, -1000.0, 1e6, -1e6, 0.0], dtype=dtype)
        found, expected = ask(function, x, 1.0), by_number(lambda v: elu_of(v, 1.0), x)
        if not alike(found, expected, 1e-6, 1e-12):
            return first_apart(
                x, found, expected, 1e-6, 1e-12,
                under=f"In {dtype}, with alpha = 1", overflow="Is infinity times 0 a number?",
            )  # fmt: skip
    return None
