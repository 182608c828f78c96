"""What assignment 1 asks of a search for wrong derivatives, and what it says about the answer."""

import torch
from torch import Tensor

from relubook.checks.units_answers import SentenceError, Student, call, draw
from relubook.checks.units_pairs import Pair

_TINY, _LARGE = 1e-9, 2e-3  # of a step, relative to its place: rounding wins, or curvature


def usual_places(*shape: int) -> Tensor:
    """Fresh places, none of them close to 0."""
    x = draw(*(shape or (40,)), low=0.05, high=3.0)
    return torch.where(draw(*x.shape) > 0, x, -x)


def answer_on(function: Student, pair: Pair) -> Tensor:
    """The student's answer, True where the derivative is called wrong, or what is its form."""
    answer = call(function, pair.function, pair.derivative, pair.places)
    shape = tuple(pair.places.shape)
    if not isinstance(answer, Tensor):
        kind = type(answer).__name__
        raise SentenceError(f"It returns a {kind}. Asked for: a tensor of True and False.")
    if answer.dtype != torch.bool:
        raise SentenceError(
            f"It returns numbers of {answer.dtype}. Asked for: True and False, one for each place."
        )
    if answer.shape != pair.places.shape:
        seen = tuple(answer.shape)
        raise SentenceError(f"It returns the shape {seen} for places of the shape {shape}.")
    return answer


def first_at(mask: Tensor, *tensors: Tensor) -> list[float]:
    """The numbers of several tensors at the first True."""
    place = int(mask.flatten().nonzero()[0])
    return [float(one.flatten()[place]) for one in tensors]


def made_wrong(pair: Pair) -> Tensor:
    """Where the derivative is wrong: it was made so."""
    if pair.factor is None:
        return torch.zeros_like(pair.places, dtype=torch.bool)
    return pair.factor != 1


def judge(function: Student, pair: Pair, missed: str, alarmed: str) -> str | None:
    """Compare with what was made wrong; one sentence about the missed, one about false alarms."""
    found, expected = answer_on(function, pair), made_wrong(pair)
    if torch.equal(found, expected):
        return None
    x = pair.places.to(torch.float64)
    shown, slope = pair.derivative(x), pair.slope(x)
    about = f"{pair.name[0].upper()}{pair.name[1:]}"
    if bool((found & ~expected).any()):
        at, theirs = first_at(found & ~expected, x, shown)
        right = f"{about}: the derivative {theirs:.6g} at x = {at:.6g} is right, but reported."
        return f"{right} {why(pair) or alarmed}".rstrip()
    at, theirs, ours = first_at(expected & ~found, x, shown, slope)
    return (
        f"{about}: at x = {at:.6g} the derivative is given as {theirs:.6g}, the slope is "
        f"{ours:.6g}; this is not reported. {missed}"
    )


def why(pair: Pair) -> str:
    """What the calls of the function say about a false alarm."""
    if pair.rough():
        return "Your function computes in less than float64: how many digits are left?"
    steps = pair.steps()
    if not len(steps):
        return ""
    if float(steps.abs().max()) < _TINY:
        return (
            f"Your steps are as short as {float(steps.abs().max()):.0e}, measured in max(1, |x|). "
            "Is what is left of a difference slope, or rounding?"
        )
    if float(steps.abs().max()) > _LARGE:
        return (
            f"Your steps are as long as {float(steps.abs().max()):.0e}, measured in max(1, |x|). "
            "How far does the function bend on the way?"
        )
    if bool((steps > 0).all()) or bool((steps < 0).all()):
        return "Your function looks to one side of the place only."
    return ""
