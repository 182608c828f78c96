"""The slips that the checks of denoising know by what comes out of a small autoencoder."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from relubook.checks.denoising import examples, fresh
from relubook.checks.denoising_answers import alike

_CLEAR = 0.02  # of every pre-activation from 0, so that rounding switches none
_MIXED = 0.25  # of the units and outputs are on, and as many off, at least


class Step(NamedTuple):
    """What the student's functions are given: a mini-batch and an autoencoder with tied weights."""

    x: Float[Tensor, "batch inputs"]
    corrupted: Float[Tensor, "batch inputs"]
    w: Float[Tensor, "inputs units"]
    b: Float[Tensor, "units"]
    c: Float[Tensor, "inputs"]

    def copy(self, dtype: torch.dtype = torch.float64) -> "Step":
        """The same numbers in other memory."""
        return Step(*(each.detach().clone().to(dtype) for each in self))

    def before(self) -> Float[Tensor, "batch units"]:
        """The pre-activations of the hidden units."""
        return self.corrupted @ self.w + self.b

    def z(self) -> Float[Tensor, "batch inputs"]:
        """Those of the outputs."""
        return self.before().clamp(min=0) @ self.w.T + self.c


Gradients = tuple[Float[Tensor, "inputs units"], Float[Tensor, "units"], Float[Tensor, "inputs"]]


def step(batch: int = 6, inputs: int = 5, units: int = 4) -> Step:
    """A mini-batch in which units and outputs are on for some examples and off for others."""
    generator = fresh()
    while True:
        w, b, c = (
            2 * torch.rand(size, generator=generator, dtype=torch.float64) - 1
            for size in ((inputs, units), (units,), (inputs,))
        )
        x = examples(batch, inputs).double()
        left = torch.rand(x.shape, generator=generator) < 0.7
        left[left.all(1), 0] = False  # of every example something is masked
        made = Step(x, x * left, w, b / 2, c / 2)
        if all(map(_is_mixed, (made.before(), made.z()))):
            return made


def _is_mixed(z: Tensor) -> bool:
    share = float((z > 0).double().mean())
    return _MIXED <= share <= 1 - _MIXED and bool(z.abs().min() > _CLEAR)


def cost(step: Step) -> float:
    """The cost of a mini-batch, added up number by number."""
    outputs = step.z().clamp(min=0).tolist()
    total = 0.0
    for row, target in zip(outputs, step.x.tolist(), strict=True):
        for y, t in zip(row, target, strict=True):
            total += (y - t) ** 2
    return total / len(outputs)


def gradients(step: Step) -> Gradients:
    """Those of torch's autograd, in float64."""
    with torch.inference_mode(False), torch.enable_grad():
        own = step.copy()
        learned = [each.requires_grad_() for each in own[2:]]
        mean = (own.z().relu() - own.x).square().sum(1).mean()
        w, b, c = torch.autograd.grad(mean, learned)
    return w, b, c


def first_of(found: Tensor, slips: Iterator[tuple[str, Tensor]]) -> str | None:
    """The sentence about the slip that gives what was found."""
    for sentence, value in slips:
        if value.shape == found.shape and alike(found, value):
            return sentence
    return None


def wrong_z(step: Step) -> Iterator[tuple[str, Tensor]]:
    """What else comes out as z."""
    x, corrupted, w, b, c = step
    h, z = step.before().clamp(min=0), step.z()
    whole = "The hidden units see `x` as it was. They should be given what is left of it."
    yield whole, (x @ w + b).clamp(min=0) @ w.T + c
    yield "It returns what the outputs put out, max(0, z). Return z itself.", z.clamp(min=0)
    yield "The hidden units are linear: their rectifier is missing.", step.before() @ w.T + c
    yield "The hidden units' bias `b` is not used.", (corrupted @ w).clamp(min=0) @ w.T + c
    yield "The outputs' bias `c` is not used.", h @ w.T
    late = "The bias `b` is added behind the rectifier. It belongs to the pre-activation."
    yield late, ((corrupted @ w).clamp(min=0) + b) @ w.T + c
    shape = "The weights back are those of `w` put into another shape, not transposed."
    yield shape, h @ w.reshape(w.shape[1], w.shape[0]) + c
    minus = "The biases are subtracted. They are added."
    yield minus, (corrupted @ w - b).clamp(min=0) @ w.T - c


def wrong_costs(step: Step, z: Tensor) -> Iterator[tuple[str, Tensor]]:
    """What else comes out as the cost, from this z."""
    y = z.clamp(min=0)
    away = y - step.x
    right = away.square().sum(1).mean()
    left = (
        "It compares with what is left of the example. What should come back: the corrupted "
        "example, or the one before?"
    )
    yield left, (y - step.corrupted).square().sum(1).mean()
    bare = "It compares z itself with the example. What do the outputs make of z?"
    yield bare, (z - step.x).square().sum(1).mean()
    mean = (
        "It is the mean over inputs and examples. The sum over an example's inputs is asked for, "
        "and the mean over examples."
    )
    yield mean, away.square().mean()
    yield "It is the sum over the examples. Their mean is asked for.", away.square().sum()
    yield "It is half of what is asked for: there is no 1/2.", right / 2
    yield "It adds up absolute differences, not squares.", away.abs().sum(1).mean()
    root = "It takes the root of each example's cost. Leave it out."
    yield root, away.square().sum(1).sqrt().mean()
    yield "It squares the sum of the differences, not each of them.", away.sum(1).square().mean()
    only = "Only the inputs that were masked are compared. All should come back."
    yield only, (away.square() * (step.x != step.corrupted)).sum(1).mean()
    around = "It sums over the examples and takes the mean over the inputs: the other way round."
    yield around, away.square().sum(0).mean()


def wrong_gradients(step: Step) -> Iterator[tuple[str, Gradients]]:
    """What else comes out as the gradients by w, b and c."""
    batch, inputs = step.x.shape
    through = (
        "Outputs at 0 get a gradient. A derivative is missing: what does max(0, z) do when a z "
        "below 0 is moved?"
    )
    yield through, _backward(step, slope=lambda z, t: z.clamp(min=0) - t)
    linear = "The outputs are taken for linear. What is the derivative of max(0, z) by z?"
    yield linear, _backward(step, slope=lambda z, t: z - t)
    off = "Hidden units that are off pass on a gradient. What is the derivative of max(0, ...)?"
    yield off, _backward(step, gate=torch.ones_like)
    half = (
        "It is half of what it should be. A square's derivative has a factor of 2; where two ways "
        "meet, they add up."
    )
    yield half, _backward(step, factor=0.5)
    yield "It is a sum over the examples. The cost is their mean.", _backward(step, factor=batch)
    divided = "It is divided by the number of inputs. The cost is a sum over them."
    yield divided, _backward(step, factor=1 / inputs)
    yield "It is divided by the number of examples twice.", _backward(step, factor=1 / batch)
    sign = "The sign is wrong: a gradient points to where the cost *grows*."
    yield sign, _backward(step, factor=-1)
    target = "The target is what is left of the example. It should be `x`."
    yield target, _backward(step, target=step.corrupted)
    whole = "The hidden units see `x` as it was, not what is left of it."
    yield whole, _backward(step._replace(corrupted=step.x))
    one = (
        "Only one of two ways is followed: `w` leads from the inputs to the hidden units, and back "
        "to the outputs, too. Which of them is missing?"
    )
    yield one, _backward(step, ways=(1, 0))
    yield one, _backward(step, ways=(0, 1))
    yield "One of the two ways has the wrong sign. They add up.", _backward(step, ways=(1, -1))
    seen = (
        "Where `w` leads to the hidden units, it meets `corrupted`, not `x`. What is its gradient "
        "multiplied with?"
    )
    yield seen, _backward(step, seen=step.x)
    code = "Where `w` leads back, it meets what the hidden units put out, not what they are given."
    yield code, _backward(step, code=step.before())


def _backward(
    step: Step,
    *,
    slope: Callable[[Tensor, Tensor], Tensor] = lambda z, t: (z - t) * (z > 0),
    gate: Callable[[Tensor], Tensor] = lambda before: before > 0,
    factor: int | float = 1,
    ways: tuple[int | float, int | float] = (1, 1),
    **changed: Any,
) -> Gradients:
    """Gradients by hand, but for what is given: of an output, of a unit, and what they meet."""
    before, z = step.before(), step.z()
    delta = 2 * factor / len(z) * slope(z, changed.get("target", step.x))
    back = (delta @ step.w) * gate(before)
    into = changed.get("seen", step.corrupted).T @ back
    out = delta.T @ changed.get("code", before.clamp(min=0))
    return ways[0] * into + ways[1] * out, back.sum(0), delta.sum(0)
