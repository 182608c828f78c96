"""Checks of assignment 1's way back: slopes from outputs alone, and a layer with the sign trick."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float
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
    tensor,
)

__all__ = ["check_backward", "check_elu_derivative", "check_silent", "draw", "draw_layer"]

_NAMES = ("gradient", "h", "weight")


class Layer(NamedTuple):
    """What the student's `backward` is given, and what went into it.

    Attributes:
        gradient: Of the cost with respect to the outputs.
        h: Outputs, signs included.
        weight: Of the layer.
        x: Pre-activations.
        signs: 1 or -1 for each unit, in a row.
    """

    gradient: Float[Tensor, "examples units"]
    h: Float[Tensor, "examples units"]
    weight: Float[Tensor, "inputs units"]
    x: Float[Tensor, "examples units"]
    signs: Float[Tensor, "1 units"]

    def slope(self) -> Float[Tensor, "examples units"]:
        """Of every output by its pre-activation, from what the student does not see."""
        return torch.where(self.x > 0, self.signs, torch.zeros_like(self.x))


def check_elu_derivative(function: object) -> Outcome:
    """Check a function `elu_derivative(h, alpha)`, from the output alone.

    Args:
        function: Takes outputs of an ELU and its parameter; returns the slopes.

    Returns:
        What was found.

    >>> check_elu_derivative(lambda h, alpha: torch.where(h > 0, 1.0, h + alpha).to(h.dtype))
    All public checks passed (3 of 3).
    """
    return cases(function, [_elu_slope, _elu_slope_at_the_ends, _elu_slope_tensors])


def check_backward(function: object) -> Outcome:
    """Check a function `backward(gradient, h, weight)` for a layer with the sign trick.

    Args:
        function: Takes the gradient by the outputs [examples units], the outputs, signs included
            [examples units], and the weights [inputs units]; returns the gradients by the
            pre-activations [examples units] and by the inputs [examples inputs].

    Returns:
        What was found.
    """
    return cases(function, [_form, _before, _inputs])


def check_silent(function: object) -> Outcome:
    """Check that silent units pass exactly nothing, and what is given stays as it is.

    Args:
        function: As for `check_backward`.

    Returns:
        What was found.
    """
    return cases(function, [_silent, _layer_type_is_kept, _layer_is_kept])


def draw_layer(examples: int = 9, inputs: int = 4, units: int = 6) -> Layer:
    """A fresh layer; half of its units are negated, one of them is silent for every example."""
    weight, fed = draw(inputs, units, low=-1.0, high=1.0), draw(examples, inputs)
    x = fed @ weight + draw(1, units, low=-1.0, high=1.0)
    x[:, 0] = -x[:, 0].abs() - 1
    signs = torch.ones(1, units, dtype=torch.float64)
    signs[:, ::2] = -1
    return Layer(draw(examples, units), signs * x.clamp(min=0), weight, x, signs)


def _elu_outputs(alpha: float) -> Tensor:
    """Outputs of an ELU, not close to its bend, and two of them on it."""
    x = draw(6, 7)
    x = torch.where(x.abs() < 0.05, x + 1, x)
    x[0, :2] = 0
    return by_number(lambda v: v if v > 0 else alpha * math.expm1(v), x)


def _elu_slope(function: Student) -> str | None:
    for low, high in ((0.2, 0.7), (1.5, 3.0), (1.0, 1.0)):
        alpha = float(draw(1, low=low, high=high))
        h = _elu_outputs(alpha)
        found = ask(function, h, alpha)
        expected = by_number(lambda v, a=alpha: 1.0 if v > 0 else v + a, h)
        if not alike(found, expected, 1e-9, 1e-9):
            return first_of(found, slips.of_the_elu_slope(h, alpha)) or (
                first_apart(h, found, expected, under=f"With alpha = {alpha:.3g}")
            )
    return None


def _elu_slope_at_the_ends(function: Student) -> str | None:
    h = torch.tensor([0.0, -2.0, 1e300, 1e-9], dtype=torch.float64)
    found, expected = ask(function, h, 2.0), by_number(lambda v: 1.0 if v > 0 else v + 2.0, h)
    if alike(found, expected, 1e-9, 1e-9):
        return None
    apart = first_apart(h, found, expected, 1e-9, 1e-9, under="With alpha = 2")
    return f"{apart} At 0 the slope from the left is asked for."


def _elu_slope_tensors(function: Student) -> str | None:
    for dtype in (torch.float32, torch.float64):
        answer = call(function, draw(3, 2, 4, low=-1.0, high=1.0).to(dtype), 1.0)
        if tensor(answer, torch.Size([3, 2, 4])).dtype != dtype:
            return f"For {dtype} it returns another type: {getattr(answer, 'dtype', '')}."
    if changed(function, draw(3, 4, low=-1.0, high=1.0), 1.0) is None:
        return None
    return "It changes the outputs that it is given. Others still need those numbers."


def _ask(function: Student, layer: Layer) -> tuple[Tensor, Tensor]:
    """The gradients by pre-activations and by inputs."""
    gradient, h, weight, *_ = layer
    answer = call(function, gradient, h, weight)
    if not isinstance(answer, tuple | list) or len(answer) != 2:
        kind = type(answer).__name__
        raise SentenceError(f"It returns a {kind}. Asked for: two tensors, as a pair.")
    fed = torch.Size([len(h), len(weight)])
    first, second = answer
    if isinstance(first, Tensor) and first.shape == fed != h.shape:
        raise SentenceError("Its two tensors have changed places: pre-activations first.")
    return tensor(first, h.shape, "first"), tensor(second, fed, "second")


def _form(function: Student) -> str | None:
    """Two tensors of the right shapes; slips that only fit a square layer are found out."""
    try:
        _ask(function, draw_layer())
    except (RuntimeError, ValueError) as error:
        try:
            _ask(function, draw_layer(6, 6, 6))
        except (RuntimeError, ValueError):
            raise error from None
        return (
            "It stops unless there are as many inputs as units. Which axes of which tensors meet "
            "in the product?"
        )
    return None


def _before(function: Student) -> str | None:
    """The first tensor: the gradient by the pre-activations."""
    layer = draw_layer()
    found, expected = _ask(function, layer)[0], layer.gradient * layer.slope()
    if alike(found, expected):
        return None
    return first_of(found, _wrong_slopes(layer)) or (
        "The first tensor is wrong. How does an output change if its pre-activation grows a little?"
    )


def _wrong_slopes(layer: Layer) -> Iterator[tuple[str, Tensor]]:
    """What common slips make of the gradient on its way to the pre-activations."""
    gradient, h, slope = layer.gradient, layer.h, layer.slope()
    silent = h == 0
    none = torch.zeros_like(h)
    yield (
        "Negated units are taken for silent ones. Which outputs of such a unit say that it is on?",
        torch.where(h > 0, gradient, none),
    )
    yield (
        "The signs are forgotten: a negated unit falls when its input rises.",
        (torch.where(silent, none, gradient)),
    )
    yield "It lets everything through. What do units with output 0 pass on?", gradient
    yield "It is the gradient of the negated layer: all signs are wrong.", -gradient * slope
    yield "It multiplies by the output, not by the slope.", gradient * h
    yield (
        "It multiplies by the size of the output. How steep is an active unit?",
        gradient * h.abs(),
    )
    yield (
        "It lets silent units pass something, and stops the active ones.",
        (torch.where(silent, gradient, none)),
    )
    yield (
        "It stops negative gradients. What should depend on h only?",
        (torch.where(gradient > 0, gradient * slope, none)),
    )
    yield "It returns the slopes. What arrives from above has to be used.", slope
    yield (
        "It divides by the number of examples. The gradients already are those of the cost.",
        (gradient * slope / len(h)),
    )


def _inputs(function: Student) -> str | None:
    """The second tensor: the gradient by what the layer was fed."""
    for sizes in ((9, 4, 6), (5, 6, 6), (1, 3, 2)):
        layer = draw_layer(*sizes)
        before, found = _ask(function, layer)
        if not alike(found, _through(layer.gradient * layer.slope(), layer)):
            break
    else:
        return None
    known = {
        "The second tensor comes from the gradient above. What is left of it before the weights?": (
            _through(layer.gradient, layer)
        ),
        "The second tensor is right but for the signs of negated units.": (
            _through(layer.gradient * layer.slope().abs(), layer)
        ),
        "The second tensor fits the first, which is wrong.": _through(before, layer),
        "The second tensor comes from the outputs, not from gradients.": _through(layer.h, layer),
    }
    if sizes[1] == sizes[2]:
        known["The weights are used the wrong way round: in a square layer nothing complains."] = (
            layer.gradient * layer.slope()
        ) @ layer.weight
    return first_of(found, known.items()) or (
        "The second tensor is wrong. Along which ways does an input reach the units?"
    )


def _through(before: Tensor, layer: Layer) -> Tensor:
    """Summed path by path: over units, a gradient times the weight that leads there."""
    return torch.stack(
        [sum((g * w for g, w in zip(before.T, row, strict=True)), torch.zeros(len(before)))
         for row in layer.weight], dim=1,
    )  # fmt: skip


def _silent(function: Student) -> str | None:
    """Infinite and undefined gradients arrive, but only at silent units."""
    layer = draw_layer()
    silent = layer.h == 0
    for arrived in (math.inf, math.nan):
        gradient = torch.where(silent, arrived, layer.gradient)
        first, second = _ask(function, layer._replace(gradient=gradient))
        if not bool((first[silent] == 0).all()):
            passed = next(float(one) for one in first[silent] if one != 0)
            return (
                f"If {arrived} arrives at a silent unit, {passed:g} passes. Nothing should, "
                "whatever arrives: what is 0 times that?"
            )
        if not bool(second.isfinite().all()):
            return f"If {arrived} arrives at a silent unit, it reaches the inputs."
        if bool((first == 0).all()):
            return "It returns zeros only. What do active units pass?"
    return None


def _layer_type_is_kept(function: Student) -> str | None:
    for dtype in (torch.float32, torch.float64):
        parts = [part.to(dtype) for part in draw_layer()[:3]]
        answer = call(function, *parts)
        if isinstance(answer, tuple | list) and any(part.dtype != dtype for part in answer):
            return f"For tensors of {dtype} it returns another type."
    return None


def _layer_is_kept(function: Student) -> str | None:
    position = changed(function, *draw_layer()[:3])
    if position is None:
        return None
    return f"It changes the tensor `{_NAMES[position]}` that it is given. Make a new one."
