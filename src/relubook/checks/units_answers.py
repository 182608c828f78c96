"""How the checks of assignment 1 ask: tensors go in, a tensor comes back, calls are watched."""

import math
import secrets
import sys
import warnings
from collections.abc import Callable, Iterable, Sequence
from types import FrameType

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from relubook.checks import Case, NotSolvedError, Outcome, run_cases
from relubook.checks.wording import apart

Student = Callable[..., object]
Slips = Iterable[tuple[str, Tensor]]

READY = {
    "relu", "relu6", "rrelu", "leaky_relu", "prelu", "elu", "selu", "celu", "gelu", "silu", "mish",
    "softplus", "tanh", "sigmoid", "expit", "logsigmoid", "log_sigmoid", "hardtanh", "hardsigmoid",
    "hardswish", "threshold", "softsign", "tanhshrink",
}  # fmt: skip
_OUTSIDE = {"tolist", "numpy", "__array__", "__dlpack__", "apply_"}
_FEW = 200  # calls of torch: a function of whole tensors needs far fewer, a loop over 400 more


class SentenceError(Exception):
    """What is wrong with an answer, as a sentence for the student."""


def cases(function: object, tests: Sequence[Callable[[Student], str | None]]) -> Outcome:
    """Try every test; one that raises a `SentenceError` has that sentence as its answer.

    Args:
        function: The student's.
        tests: The public checks, the most telling one first.
    """
    return run_cases(function, [Case(test=_heard(test)) for test in tests])


def _heard(test: Callable[[Student], str | None]) -> Callable[[Student], str | None]:
    def heard(function: Student) -> str | None:
        try:
            return test(function)
        except SentenceError as sentence:
            return str(sentence)

    return heard


def together(**outcomes: Outcome) -> Outcome:
    """The outcomes of several functions as one; the message says whose it is."""
    said = [f"`{name}`: {one.message}" for name, one in outcomes.items() if one.message]
    return Outcome(
        passed=sum(one.passed for one in outcomes.values()),
        total=sum(one.total for one in outcomes.values()),
        message=said[0] if said else "",
        solved=all(one.solved for one in outcomes.values()),
    )


def draw(*shape: int, low: float = -4.0, high: float = 4.0) -> Tensor:
    """Fresh numbers between `low` and `high`, float64, other ones at every call.

    >>> draw(2, 3).shape
    torch.Size([2, 3])
    """
    generator = torch.Generator().manual_seed(secrets.randbits(62))
    return low + (high - low) * torch.rand(*shape, generator=generator, dtype=torch.float64)


def by_number(formula: Callable[[float], float], x: Tensor) -> Tensor:
    """The reference: Python's own arithmetic, number by number."""
    values = [formula(value) for value in x.flatten().tolist()]
    return torch.tensor(values, dtype=torch.float64).reshape(x.shape)


def call(function: Student, *arguments: object, copies: bool = True) -> object:
    """What the function returns, from copies of the tensors; its warnings are not heard."""
    given = [one.clone() if copies and isinstance(one, Tensor) else one for one in arguments]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = function(*given)
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    return answer


def changed(function: Student, *arguments: object) -> int | None:
    """The position of the first tensor that the function changes, if it changes one."""
    given = [one.clone() if isinstance(one, Tensor) else one for one in arguments]
    call(function, *given, copies=False)
    for position, (now, was) in enumerate(zip(given, arguments, strict=True)):
        if isinstance(was, Tensor) and isinstance(now, Tensor):
            same = now.shape == was.shape and now.dtype == was.dtype
            if not same or not torch.allclose(now, was, rtol=0, atol=0, equal_nan=True):
                return position
    return None


def tensor(answer: object, shape: torch.Size, what: str = "it returns") -> Tensor:
    """The answer, if it is a tensor of real numbers and of this shape.

    Raises:
        SentenceError: If it is not.
    """
    what = what[0].upper() + what[1:]
    if not isinstance(answer, Tensor):
        raise SentenceError(f"{what} a {type(answer).__name__}. Asked for: a tensor.")
    if answer.is_complex():
        raise SentenceError(f"{what} complex numbers.")
    if answer.shape != shape:
        seen, asked = tuple(answer.shape), tuple(shape)
        raise SentenceError(f"{what} a tensor of shape {seen}. Asked for here: {asked}.")
    return answer.detach()


def ask(function: Student, x: Tensor, *more: object) -> Tensor:
    """The student's answer for `x`, of its shape, as float64 whatever type it has."""
    return tensor(call(function, x, *more), x.shape).to(torch.float64)


def alike(found: Tensor, expected: Tensor, relative: float = 1e-9, absolute: float = 1e-12) -> bool:
    """Whether all numbers agree; NaN agrees with NaN, infinity with infinity."""
    return torch.allclose(found, expected, rtol=relative, atol=absolute, equal_nan=True)


def first_of(found: Tensor, slips: Slips) -> str | None:
    """The sentence about the slip that gives what was found."""
    return next((sentence for sentence, value in slips if alike(found, value)), None)


def first_apart(
    x: Tensor,
    found: Tensor,
    expected: Tensor,
    relative: float = 1e-9,
    absolute: float = 1e-12,
    *,
    under: str = "",
    overflow: str = "",
) -> str:
    """A sentence about the first number that is not as expected.

    Args:
        x: Inputs.
        found: The student's outputs.
        expected: The right ones.
        relative: Tolerance.
        absolute: Tolerance.
        under: What else was given, for the beginning of the sentence.
        overflow: A question that follows if what is found is infinite or NaN.
    """
    close = torch.isclose(found, expected, rtol=relative, atol=absolute, equal_nan=True)
    place = int((~close).flatten().nonzero()[0])
    at, is_, should = (float(one.flatten()[place]) for one in (x, found, expected))
    theirs, ours = apart(is_, should)
    begin = f"{under}, at" if under else "At"
    hint = "" if math.isfinite(is_) or not overflow else f" {overflow}"
    return f"{begin} {at:.6g} it returns {theirs}. Expected: {ours}.{hint}"


class Watch(TorchFunctionMode):
    """Sees which functions of torch are called while it is entered.

    Attributes:
        ready: The name of a ready-made unit of torch that was called.
        outside: The name of a call that takes numbers out of torch.
        package: The module of this package that one of the calls came from.
        calls: How many there were.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ready = self.outside = self.package = ""
        self.calls = 0

    def __torch_function__(
        self, func: Callable, types: object, args: tuple = (), kwargs: dict | None = None
    ) -> object:
        name = getattr(func, "__name__", "")
        unit = name.removeprefix("special_").rstrip("_")
        self.calls += 1
        self.ready = self.ready or (unit if unit in READY else "")
        self.outside = self.outside or (name if name in _OUTSIDE else "")
        self.package = self.package or _package(sys._getframe(1))
        return func(*args, **(kwargs or {}))


def _package(frame: FrameType | None) -> str:
    """The module of the package, but for its checks, that a call comes from; or nothing."""
    while frame:
        name = str(frame.f_globals.get("__name__", ""))
        if name.startswith("relubook.checks"):
            return ""
        if name.startswith("relubook."):
            return name
        frame = frame.f_back
    return ""


def ready_made(function: Student, *more: object) -> str | None:
    """A sentence if the function has the work done by torch's units or by the package's."""
    watch = _watched(function, *more)
    if watch.package:
        return f"It calls the book's own `{watch.package}`. Write the function yourself."
    if watch.ready:
        return f"It calls torch's own `{watch.ready}`. Write the function yourself."
    return None


def one_by_one(function: Student, *more: object) -> str | None:
    """A sentence if the function leaves torch, or goes through the numbers in a loop."""
    watch = _watched(function, *more)
    if watch.outside:
        return f"It takes the numbers out of the tensor (`{watch.outside}`). Stay in torch."
    if watch.calls > _FEW:
        return "It goes through the numbers one by one. Work on the whole tensor at once."
    return None


def _watched(function: Student, *more: object) -> Watch:
    x = draw(20, 20)
    with Watch() as watch:
        call(function, x, *more)
    return watch
