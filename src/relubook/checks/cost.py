"""Checks of chapter 9's exercise: a layer that reads the weights of active units only."""

import math
import secrets
from collections.abc import Callable

import torch
from torch import Tensor

from relubook.checks import Case, NotSolvedError, Outcome, run_cases

Student = Callable[[Tensor, Tensor, Tensor], object]
Layer = tuple[Tensor, Tensor, Tensor]


def check_gathered(function: object) -> Outcome:
    """Check a function `gathered(h, weight, bias)` that skips the units which are zero.

    Args:
        function: Takes activations [batch inputs], weights [inputs outputs] and biases [outputs];
            returns h W + b [batch outputs] without touching the rows of W whose unit is zero.

    Returns:
        What was found; show it as the last line of a cell.

    >>> from relubook import skipping
    >>> check_gathered(skipping.gathered)
    All public checks passed (8 of 8).
    """
    tests = (
        _value, _one_example, _negative_values, _tiny_values, _silent_examples, _silent_rows,
        _rows_of_others, _inputs_are_kept,
    )  # fmt: skip
    return run_cases(function, [Case(test=test) for test in tests])


def _layer(batch: int = 6) -> Layer:
    """A fresh layer in float64: each example has active units of its own and silent ones."""
    generator = torch.Generator().manual_seed(secrets.randbits(62))
    h, weight, bias = (
        torch.rand(shape, generator=generator, dtype=torch.float64) + 0.5
        for shape in ((batch, 11), (11, 7), (7,))
    )
    h[torch.rand(h.shape, generator=generator) < 0.4] = 0
    h[:, 0], h[:, 1] = 1.5, 0  # always active, never active
    h[:, 2], h[0, 2] = 0, 0.75  # active for the first example only
    h[0, 3], h[1:, 3] = 0, 1.25  # active for all but the first
    weight = weight - 1
    weight[0, 0] = -9.0  # the first output is negative for every example
    return h, weight, bias


def _reference(h: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Added up one active unit after the other."""
    outputs = []
    for example in h:
        total = bias.clone()
        for unit, activation in enumerate(example.tolist()):
            if activation != 0:
                total = total + activation * weight[unit]
        outputs.append(total)
    return torch.stack(outputs)


def _ask(function: Student, layer: Layer) -> Tensor:
    """The student's answer, from copies of the layer."""
    answer = function(*(part.clone() for part in layer))
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    return answer if isinstance(answer, Tensor) else torch.as_tensor(answer)


def _same(answer: Tensor, expected: Tensor) -> bool:
    """Equal shapes, and numbers equal to within rounding; NaN equals NaN."""
    return answer.shape == expected.shape and torch.allclose(
        answer.double(), expected, rtol=1e-9, atol=1e-9, equal_nan=True
    )


def _wrong_shape(answer: Tensor, expected: Tensor) -> str | None:
    """A sentence about the shape of the answer, if it is not the one asked for."""
    if answer.shape == expected.shape:
        return None
    batch, outputs = expected.shape
    kinds = {
        (outputs, batch): "the transpose: one row per output",
        (outputs,): "one row for the whole batch",
        (batch,): "one number per example",
        (): "a single number",
    }
    found = tuple(answer.shape)
    return f"It returns {kinds.get(found, f'the shape {found}')}. Asked for: {(batch, outputs)}."


def _value(function: Student) -> str | None:
    """The plain case; common slips are recognized by what they compute."""
    layer = h, weight, bias = _layer()
    answer, expected = _ask(function, layer), _reference(*layer)
    if _same(answer, expected):
        return None
    if sentence := _wrong_shape(answer, expected):
        return sentence
    active = (h != 0).double()
    number = active.sum(1, keepdim=True)
    kinds = {
        "It leaves the bias out.": expected - bias,
        "It adds up rows of weights without their activations. How strongly does each speak?": (
            active @ weight + bias
        ),
        "It takes the units of the first example for all. Each example has units of its own.": (
            (h * active[0]) @ weight + bias
        ),
        "It keeps only units that are active for every example. Each has units of its own.": (
            (h * active.prod(0)) @ weight + bias
        ),
        "It adds the bias once for each active unit.": expected + (number - 1) * bias,
        "It averages over the active units. A layer adds them up.": h @ weight / number + bias,
        "It rectifies its result. That is the next step, not this one.": expected.clamp(min=0),
        "It gives every example the sum over the whole batch.": (
            (h.sum(0) @ weight + bias).expand_as(expected)
        ),
    }
    for sentence, value in kinds.items():
        if _same(answer, value):
            return sentence
    if torch.allclose(answer.double(), expected, rtol=1e-4, atol=1e-4):
        return "It loses precision: keep the type of the weights throughout."
    return "Its numbers differ from those added up one active unit after the other."


def _one_example(function: Student) -> str | None:
    """A batch of one is still a batch."""
    layer = _layer(batch=1)
    answer, expected = _ask(function, layer), _reference(*layer)
    if _same(answer, expected):
        return None
    return _wrong_shape(answer, expected) or "It is wrong for a batch of one example."


def _negative_values(function: Student) -> str | None:
    """Only zeros may be skipped; half of the units under the sign trick are below zero."""
    h, weight, bias = _layer()
    h[:, 4] = -0.5
    if _same(_ask(function, (h, weight, bias)), _reference(h, weight, bias)):
        return None
    return "It treats negative activations as zeros. They speak, too, with the other sign."


def _tiny_values(function: Student) -> str | None:
    """A tolerance would skip what is small; beside a large weight that is seen."""
    h, weight, bias = _layer()
    h[:, 4], weight[4] = 1e-9, 1e9
    if _same(_ask(function, (h, weight, bias)), _reference(h, weight, bias)):
        return None
    return "It takes very small activations for zeros. Only exact zeros may be skipped."


def _silent_examples(function: Student) -> str | None:
    """An example without active units gets the bias, wherever it stands in the batch."""
    for silent in ([0], [2, 3], [5], [0, 1, 2, 3, 4, 5]):
        h, weight, bias = _layer()
        h[silent] = 0
        try:
            answer = _ask(function, (h, weight, bias))
        except NotSolvedError:
            raise
        except Exception as error:
            return f"It stops for an example without active units: {type(error).__name__}: {error}"
        if not _same(answer, _reference(h, weight, bias)):
            return "It is wrong for an example without active units, whose output is the bias."
    return None


def _silent_rows(function: Student) -> str | None:
    """A row that no example needs is full of NaN: whoever multiplies it by zero gets NaN."""
    h, weight, bias = _layer()
    weight[1] = math.nan
    if _same(_ask(function, (h, weight, bias)), _reference(h, weight, bias)):
        return None
    return "Right numbers, but nothing is skipped: it multiplies by the weights of silent units."


def _rows_of_others(function: Student) -> str | None:
    """A row that one example needs must not be read for the others."""
    h, weight, bias = _layer()
    weight[2] = math.nan
    if _same(_ask(function, (h, weight, bias)), _reference(h, weight, bias)):
        return None
    return (
        "It skips a unit only if it is silent for the whole batch. In a large batch that is "
        "hardly ever so: choose the rows for each example."
    )


def _inputs_are_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    layer = _layer()
    before = [part.clone() for part in layer]
    if function(*layer) is None:
        raise NotSolvedError
    names = ("activations", "weights", "biases")
    for name, was, part in zip(names, before, layer, strict=True):
        if not torch.equal(was, part):
            return f"It changes the {name} that it is given."
    return None
