"""Checks of chapter 8's exercise: normalize a layer's pre-activations, in training and afterwards.

The running variance may be moved toward the mini-batch's variance with n or with n - 1: ioffe2015
(algorithm 2) and torch take n - 1, other programs n. What normalizes a mini-batch has n in all.
"""

import secrets
import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from relubook.checks import Case, NotSolvedError, Outcome, run_cases
from relubook.checks.relatives_slips import (
    EPSILON,
    Layer,
    alike,
    answer_to,
    first_of,
    toward,
    wrong_formulas,
    wrong_statistics,
)

Student = Callable[..., object]


class _Answer(NamedTuple):
    """What the student's function returns."""

    output: np.ndarray
    mean: np.ndarray
    variance: np.ndarray


def check_normalize(function: object) -> Outcome:
    """Check a function `normalize(z, scale, shift, mean, variance, training)`.

    Args:
        function: Takes the pre-activations of a layer [examples units], and for each unit the
            learned scale and shift and the kept mean and variance [units]. While training it uses
            the mean and the variance (the mean of the squared differences) of the mini-batch, and
            moves the kept ones a tenth of the way toward the mini-batch's, the variance with n or
            with n - 1; a mini-batch of one example is a ValueError. Afterwards it uses the kept
            ones and leaves them as they are. To the variance 1e-5 is added before the root is
            taken. Returns the output, the mean and the variance to keep.

    Returns:
        What was found; show it as the last line of a cell.

    >>> def normalize(z, scale, shift, mean, variance, training):
    ...     m, v = mean, variance
    ...     if training:
    ...         if len(z) < 2:
    ...             raise ValueError("one example has no variance")
    ...         m, v = z.mean(axis=0), z.var(axis=0)
    ...         mean, variance = 0.9 * mean + 0.1 * m, 0.9 * variance + 0.1 * v
    ...     return scale * (z - m) / np.sqrt(v + 1e-5) + shift, mean, variance
    >>> check_normalize(normalize)
    All public checks passed (6 of 6).
    """
    tests = (_training, _afterwards, _kept, _almost_constant, _one_example, _inputs_are_kept)
    return run_cases(function, [Case(test=test) for test in tests])


def _fresh() -> np.random.Generator:
    return np.random.default_rng(secrets.randbits(62))


def _columns(examples: int, units: int, generator: np.random.Generator) -> np.ndarray:
    """Numbers with mean 0 and variance 1 in each column, in random order."""
    even = np.linspace(-1, 1, examples)[:, None] + np.zeros(units)
    columns = generator.permuted(even + generator.uniform(-0.2, 0.2, even.shape) / examples, axis=0)
    return (columns - columns.mean(axis=0)) / columns.std(axis=0)


def _layer(examples: int, units: int) -> Layer:
    """Units whose means, variances, scales and shifts are far from 0, from 1 and from each other.

    The means are so far apart that over the units of an example other signs come out than over the
    examples of a unit; what is kept is far from what the mini-batch has.
    """
    generator = _fresh()
    means = generator.permutation(np.linspace(-12, 12, units)) + generator.uniform(0.1, 1, units)
    spreads = generator.permutation(np.geomspace(0.4, 2.5, units))
    sign = generator.choice([-1.0, 1.0], (3, units))
    return Layer(
        z=means + spreads * _columns(examples, units, generator),
        scale=sign[0] * generator.uniform(1.5, 3, units),
        shift=sign[1] * generator.uniform(0.5, 1.2, units),
        mean=means + sign[2] * generator.uniform(2, 4, units),
        variance=spreads**2 * generator.uniform(3, 6, units),
    )


def _ask(function: Student, layer: Layer, training: bool) -> _Answer:
    """The student's answer, from copies, or a sentence about its form."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        answer = function(*layer.copy(), training)
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    try:
        output, mean, variance = answer  # pyright: ignore[reportGeneralTypeIssues]
        found = _Answer(*(np.asarray(part, dtype=np.float64) for part in (output, mean, variance)))
    except (TypeError, ValueError) as error:
        raise TypeError("it should return three arrays: output, mean, variance") from error
    if found.output.shape != layer.z.shape:
        shapes = f"{found.output.shape}, the pre-activations have {layer.z.shape}"
        raise TypeError(f"the output that it returns has the shape {shapes}")
    return found


def _training(function: Student) -> str | None:
    """The output while training; first a batch for which each slip has a value of its own."""
    layer = _layer(14, 5)
    try:
        output = _ask(function, layer, True).output
    except ValueError as error:
        return _square(function, error)
    if alike(output, answer_to(layer, True)):
        for examples, units in ((6, 6), (2, 4), (5, 1)):
            layer = _layer(examples, units)
            if not alike(_ask(function, layer, True).output, answer_to(layer, True)):
                return f"It is wrong for a mini-batch of {examples} examples and {units} units."
        return None
    mean, variance = layer.z.mean(axis=0), layer.z.var(axis=0)
    return (
        first_of(output, wrong_statistics(layer))
        or first_of(output, wrong_formulas(layer, mean, variance))
        or "While training the output is wrong. What are mean and variance of each of its columns, "
        "and what should they be?"
    )


def _square(function: Student, error: ValueError) -> str:
    """What to say about a function that cannot take more examples than units."""
    try:
        _ask(function, _layer(6, 6), True)
    except ValueError:
        raise error from None
    return (
        "It stops unless there are as many examples as units. Print the shapes of your mean and "
        "variance: how many means should a layer have?"
    )


def _afterwards(function: Student) -> str | None:
    """The output after training, and what is kept then."""
    layer = _layer(14, 5)
    answer = _ask(function, layer, False)
    if not alike(answer.output, answer_to(layer, False)):
        if alike(answer.output, answer_to(layer, True)):
            return (
                "After training it still uses the statistics of the examples that it is given. "
                "Should the answer for a digit depend on which others are shown with it?"
            )
        return (
            first_of(answer.output, wrong_formulas(layer, layer.mean, layer.variance))
            or "After training the output is wrong. Which mean and which variance are known then?"
        )
    if alike(answer.mean, layer.mean) and alike(answer.variance, layer.variance):
        return None
    return (
        "After training it changes what is kept. Does a finished network learn from new examples?"
    )


def _kept(function: Student) -> str | None:
    """The running averages that a mini-batch leaves."""
    layer = _layer(14, 5)
    answer, z = _ask(function, layer, True), layer.z
    for name in ("mean", "variance"):
        shapes = getattr(answer, name).shape, getattr(layer, name).shape
        if shapes[0] != shapes[1]:
            return f"The {name} that it returns has the shape {shapes[0]}, the kept {shapes[1]}."
    mean, variances = z.mean(axis=0), [z.var(axis=0), z.var(axis=0, ddof=1)]
    slips = {
        "The kept {} never moves. What would be used after training?": 0.0,
        "The kept {} moves nearly all the way. How much of the old one should be left?": 0.9,
        "The kept {} is only that of the last mini-batch.": 1.0,
    }
    pairs = {"mean": [mean], "variance": variances}
    for name, batches in pairs.items():
        found, before = getattr(answer, name), getattr(layer, name)
        if any(alike(found, toward(before, batch)) for batch in batches):
            continue
        for sentence, share in slips.items():
            if any(alike(found, toward(before, batch, share)) for batch in batches):
                return sentence.format(name)
        if name == "variance" and alike(found, toward(before, np.sqrt(variances[0]))):
            return "The kept variance moves toward a standard deviation."
        return f"The kept {name} moves, but not a tenth of the way toward the mini-batch's {name}."
    return None


def _almost_constant(function: Student) -> str | None:
    """Units that hardly differ between examples, or not at all; sums of the latter are exact."""
    layer, spreads = _layer(16, 4), np.array([0, 1e-3, np.sqrt(EPSILON), 1])
    z = 2 + spreads * _columns(16, 4, _fresh())
    layer = layer._replace(z=z, mean=z.mean(axis=0), variance=z.var(axis=0))
    for training, when in ((True, "While training"), (False, "After training")):
        output, expected = _ask(function, layer, training).output, answer_to(layer, training)
        if not np.isfinite(output).all():
            return f"{when}, a unit that never changes becomes {output[0, 0]:g}. What is divided?"
        if alike(output, expected):
            continue
        behind = layer.scaled((z - layer.mean) / (spreads + EPSILON))
        if alike(output, behind):
            return f"{when}, 1e-5 is added in the wrong place: to what does it belong?"
        return f"{when}, a unit that hardly changes comes out wrong. What do you add to what?"
    return None


def _one_example(function: Student) -> str | None:
    """One example has no variance; after training it needs none."""
    layer = _layer(14, 5)
    layer = layer._replace(z=layer.z[:1])
    try:
        _ask(function, layer, True)
    except ValueError:
        pass
    except ArithmeticError as error:
        return f"A mini-batch of one example: {error}. Raise a ValueError that says what is wrong."
    else:
        return (
            "It accepts a mini-batch of one example while training. What do its mean and variance "
            "leave of it? Raise a ValueError."
        )
    try:
        output = _ask(function, layer, False).output
    except ValueError:
        return "After training it refuses a single example, for which all that it needs is kept."
    return None if alike(output, answer_to(layer, False)) else "After training one example fails."


def _inputs_are_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    for training in (True, False):
        layer = _layer(14, 5)
        given = layer.copy()
        if function(*given, training) is None:
            raise NotSolvedError
        for name, now, was in zip(layer._fields, given, layer, strict=True):
            if not np.array_equal(now, was):
                return f"It changes the array `{name}` that it is given. Make a new one."
    return None
