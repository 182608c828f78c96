"""Checks of assignment 1: the rectifier, the softplus, tanh and ELU, and their derivatives.

How a finished layer passes gradients back is checked in `units_backward`, how the student checks
other people's derivatives in `units_places`.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from relubook.checks import NotSolvedError, Outcome
from relubook.checks import units_slips as slips
from relubook.checks.units_answers import (
    SentenceError,
    Student,
    alike,
    ask,
    call,
    cases,
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
    "check_rectifier_tensors", "check_softplus", "check_softplus_derivative", "check_softplus_far",
    "check_tanh", "draw",
]  # fmt: skip

_TYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)


def check_rectifier(function: object) -> Outcome:
    """Check a function `rectifier(x)` for its values.

    >>> check_rectifier(lambda x: x.clamp(min=0))
    All public checks passed (3 of 3).
    """
    return cases(function, [_rectified, _rectified_far_out, ready_made])


def check_rectifier_derivative(function: object) -> Outcome:
    """Check a function `rectifier_derivative(x)`: 1 above 0, else 0, at 0 as well.

    >>> check_rectifier_derivative(lambda x: (x > 0).to(x.dtype))
    All public checks passed (4 of 4).
    """
    return cases(function, [_slope, _slope_at_zero, _slope_of_tiny_numbers, ready_made])


def check_rectifier_tensors(value: object, derivative: object) -> Outcome:
    """Check that both functions keep type and shape, leave `x` alone and let NaN through."""
    tests = (_type_is_kept, _shape_is_kept, _input_is_kept, _not_a_number, one_by_one)
    return together(rectifier=cases(value, tests), rectifier_derivative=cases(derivative, tests))


def check_softplus(function: object) -> Outcome:
    """Check a function `softplus(x, alpha)` where nothing overflows."""
    return cases(function, [_plain_softplus, _sharp_softplus, _soft_softplus, _own_softplus])


def check_softplus_far(function: object) -> Outcome:
    """Check a function `softplus(x, alpha)` far from 0: no overflow, and every digit."""
    return cases(function, [_softplus_overflow, _softplus_above, _softplus_below])


def check_softplus_derivative(function: object) -> Outcome:
    """Check a function `softplus_derivative(x, alpha)` near 0 and far from it."""
    return cases(function, [_softplus_slope, _softplus_slope_far_out, _own_softplus])


def check_tanh(function: object) -> Outcome:
    """Check a function `tanh(x)` where nothing overflows.

    >>> check_tanh(lambda x: 2 / (1 + torch.exp(-2 * x)) - 1)
    All public checks passed (3 of 3).
    """
    return cases(function, [_hyperbolic, ready_made, one_by_one])


def check_elu(function: object) -> Outcome:
    """Check a function `elu(x, alpha)` where nothing overflows."""
    return cases(function, [_elu, _own_elu])


def check_far(tanh: object, elu: object) -> Outcome:
    """Check `tanh(x)` and `elu(x, alpha)` far from 0, and that they keep type and input."""
    return together(
        tanh=cases(tanh, [_tanh_far_out, _unit_keeps_type, _input_is_kept]),
        elu=cases(elu, [_elu_far_out, _unit_keeps_type, _input_is_kept]),
    )


def _by_number(formula: Callable[[float], float], x: Tensor) -> Tensor:
    """The reference: Python's own arithmetic, number by number."""
    values = [formula(value) for value in x.flatten().tolist()]
    return torch.tensor(values, dtype=torch.float64).reshape(x.shape)


def _with_zeros() -> Tensor:
    """Fresh numbers, some of them whole, some 0."""
    x = draw(6, 7)
    x[0, :3], x[3, 2:4] = 0.0, torch.tensor([2.0, -3.0])
    return x


def _rectified(function: Student) -> str | None:
    x = _with_zeros()
    found, expected = ask(function, x), _by_number(lambda v: max(0.0, v), x)
    if alike(found, expected):
        return None
    return first_of(found, slips.of_the_rectifier(x)) or (
        "For negative inputs something is left. The rectifier gives an exact zero."
        if bool((found[x < 0] != 0).all())
        else first_apart(x, found, expected)
    )


def _rectified_far_out(function: Student) -> str | None:
    x = torch.tensor([math.inf, -math.inf, 1e300, -1e300, 1e-300, -1e-300], dtype=torch.float64)
    found, expected = ask(function, x), _by_number(lambda v: max(0.0, v), x)
    if alike(found, expected, 1e-12, 0.0):
        return None
    return f"{first_apart(x, found, expected, 1e-12, 0.0)} How large may an input be?"


def _slope(function: Student) -> str | None:
    x = draw(6, 7)
    found, expected = ask(function, x), _by_number(lambda v: float(v > 0), x)
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
        f"At x = 0 it is {float(found[0]):g}. Every number from 0 to 1 could be defended there; the "
        "convention of this book, and of this question, is 0."
    )


def _slope_of_tiny_numbers(function: Student) -> str | None:
    x = torch.tensor([1e-300, -1e-300, 1e-9, -1e-9, 1e300, -1e300], dtype=torch.float64)
    found, expected = ask(function, x), _by_number(lambda v: float(v > 0), x)
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
    x = draw(4, 5)
    before = x.clone()
    if function(x) is None:
        raise NotSolvedError
    if torch.equal(x, before):
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


def softplus_of(value: float, alpha: float) -> float:
    """The rescaled softplus of one number, to its last digit."""
    return max(value, 0.0) + math.log1p(math.exp(-abs(alpha * value))) / alpha


def logistic_of(value: float) -> float:
    """1 / (1 + exp(-value)) to its last digit."""
    small = math.exp(-abs(value))
    return (1.0 if value > 0 else small) / (1 + small)


def _plain_softplus(function: Student) -> str | None:
    x = draw(6, 7)
    found, expected = ask(function, x), _by_number(lambda v: softplus_of(v, 1.0), x)
    if alike(found, expected):
        return None
    return first_of(found, slips.of_the_plain_softplus(x)) or (
        f"With alpha left out, that is 1: {first_apart(x, found, expected)}"
    )


def _softplus_with(function: Student, x: Tensor, alpha: float) -> str | None:
    found, expected = ask(function, x, alpha), _by_number(lambda v: softplus_of(v, alpha), x)
    if alike(found, expected):
        return None
    return first_of(found, slips.of_the_softplus(x, alpha)) or (
        f"With alpha = {alpha:.3g}: {first_apart(x, found, expected)}"
    )


def _sharp_softplus(function: Student) -> str | None:
    return _softplus_with(function, draw(6, 7), float(draw(1, low=1.5, high=4)))


def _soft_softplus(function: Student) -> str | None:
    alpha = float(draw(1, low=0.05, high=0.2))
    return _softplus_with(function, draw(6, 7, low=-60, high=60), alpha)


def _own_softplus(function: Student) -> str | None:
    return ready_made(function, 2.0) or one_by_one(function, 2.0)


def _softplus_overflow(function: Student) -> str | None:
    for dtype in (torch.float64, torch.float32):
        for alpha in (1.0, 6.0):
            x = torch.tensor([1000.0, -1000.0, 300.0, -300.0, 1e6, -1e6], dtype=dtype)
            found, expected = ask(function, x, alpha), x.clamp(min=0).to(torch.float64)
            if not alike(found, expected, 1e-5, 1e-30):
                apart = first_apart(x, found, expected, 1e-5, 1e-30)
                return f"In {dtype}, alpha {alpha:g}: {apart} What is the largest exponential?"
    return None


def _softplus_above(function: Student) -> str | None:
    x = draw(30, low=15, high=35)
    found, expected = ask(function, x, 1.0), _by_number(lambda v: softplus_of(v, 1.0), x)
    if alike(found, expected, 1e-13, 0.0):
        return None
    return (
        f"{first_apart(x, found, expected, 1e-13, 0.0)} From where on is the softplus as good as "
        "straight? In float64 there are about 16 digits."
    )


def _softplus_below(function: Student) -> str | None:
    for dtype, low, relative in ((torch.float64, -600, 1e-11), (torch.float32, -60, 1e-4)):
        x = draw(30, low=low, high=-15).to(dtype)
        found, expected = ask(function, x, 1.0), _by_number(lambda v: softplus_of(v, 1.0), x)
        if not alike(found, expected, relative, 0.0):
            return (
                f"In {dtype}: {first_apart(x, found, expected, relative, 0.0)} What is left of a "
                "tiny number after 1 is added to it?"
            )
    return None


def _softplus_slope(function: Student) -> str | None:
    for alpha in (1.0, float(draw(1, low=1.5, high=4)), float(draw(1, low=0.2, high=0.7))):
        x = draw(6, 7)
        found = ask(function, x, alpha)
        expected = _by_number(lambda v, a=alpha: logistic_of(a * v), x)
        if not alike(found, expected):
            return first_of(found, slips.of_the_softplus_slope(x, alpha)) or (
                f"With alpha = {alpha:.3g}: {first_apart(x, found, expected)}"
            )
    return None


def _softplus_slope_far_out(function: Student) -> str | None:
    edges = torch.tensor([1000.0, -1000.0, 1e6, -1e6], dtype=torch.float64)
    x = torch.cat([edges, draw(30, low=-200, high=200)])
    found, expected = ask(function, x, 3.0), _by_number(lambda v: logistic_of(3 * v), x)
    if alike(found, expected, 1e-10, 1e-300):
        return None
    return f"With alpha = 3: {first_apart(x, found, expected, 1e-10, 1e-300)} Follow its parts."


def _hyperbolic(function: Student) -> str | None:
    x = draw(6, 7)
    found, expected = ask(function, x), _by_number(math.tanh, x)
    if alike(found, expected):
        return None
    return first_of(found, slips.of_tanh(x)) or first_apart(x, found, expected)


def _tanh_far_out(function: Student) -> str | None:
    for dtype in (torch.float64, torch.float32):
        x = torch.tensor([100.0, -100.0, 1000.0, -1000.0, 1e6, -1e6, 0.0], dtype=dtype)
        found, expected = ask(function, x), _by_number(math.tanh, x)
        if not alike(found, expected, 1e-6, 1e-12):
            apart = first_apart(x, found, expected, 1e-6, 1e-12)
            return f"In {dtype}: {apart} Which of its parts becomes too large?"
    return None


def elu_of(value: float, alpha: float) -> float:
    """The exponential linear unit of one number."""
    return value if value > 0 else alpha * math.expm1(value)


def _elu(function: Student) -> str | None:
    for low, high in ((0.2, 0.7), (1.5, 3.0), (1.0, 1.0)):
        x, alpha = _with_zeros(), float(draw(1, low=low, high=high))
        found, expected = ask(function, x, alpha), _by_number(lambda v, a=alpha: elu_of(v, a), x)
        if not alike(found, expected):
            return first_of(found, slips.of_elu(x, alpha)) or (
                f"With alpha = {alpha:.3g}: {first_apart(x, found, expected)}"
            )
    return None


def _own_elu(function: Student) -> str | None:
    return ready_made(function, 0.5) or one_by_one(function, 0.5)


def _elu_far_out(function: Student) -> str | None:
    for dtype in (torch.float64, torch.float32):
        x = torch.tensor([100.0, -100.0, 1000.0, -1000.0, 1e6, -1e6, 0.0], dtype=dtype)
        found, expected = ask(function, x, 2.0), _by_number(lambda v: elu_of(v, 2.0), x)
        if not alike(found, expected, 1e-6, 1e-12):
            apart = first_apart(x, found, expected, 1e-6, 1e-12)
            return f"In {dtype}, alpha 2: {apart} Is infinity times 0 a number?"
    return None
