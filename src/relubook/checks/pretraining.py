"""Checks of chapter 6's exercise: one denoising step, as far as the outputs' gradient.

The function is given the autoencoder as a function without its last one, so that it can be seen
what the student feeds it with. numpy is enough; arrays of torch or lists are taken, too.
"""

import secrets
import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from relubook.checks import Case, NotSolvedError, Outcome, run_cases
from relubook.checks.pretraining_slips import (
    Step,
    alike,
    costs,
    first_of,
    slopes,
    wrong_costs,
    wrong_inputs,
    wrong_slopes,
)

Student = Callable[..., object]


class _Answer(NamedTuple):
    """What the student's function returns."""

    cost: np.ndarray
    slope: np.ndarray


class _Before:
    """An autoencoder without its last function, which keeps what it was given."""

    def __init__(self, z: Callable[[np.ndarray], np.ndarray], shape: tuple[int, ...]) -> None:
        self.z, self.shape, self.given = z, shape, []

    def __call__(self, x: object) -> np.ndarray:
        given = np.array(x, dtype=np.float64)
        if given.shape != self.shape:
            raise TypeError(f"`before` is given the shape {given.shape}, the examples {self.shape}")
        self.given.append(given)
        return self.z(given)


def check_denoise(function: object) -> Outcome:
    """Check a function `denoise(x, keep, before)`.

    Args:
        function: Takes examples [examples inputs], which of their inputs are kept (True and False,
            the same shape; the others are set to 0), and the autoencoder as a function `before`:
            from corrupted examples to z, what its outputs are computed from [examples inputs]. The
            outputs are softplus(z) = log(1 + e^z). Returns two arrays: the cost of each example,
            which is the sum of the squared differences to the example as it was [examples], and
            its derivative by the example's z [examples inputs].

    Returns:
        What was found; show it as the last line of a cell.

    >>> def denoise(x, keep, before):
    ...     z = before(x * keep)
    ...     left = np.logaddexp(0, z) - x
    ...     return (left**2).sum(axis=1), 2 * left / (1 + np.exp(-z))
    >>> check_denoise(denoise)
    All public checks passed (6 of 6).
    """
    tests = (_corrupted, _cost, _slope, _sizes, _far_from_zero, _inputs_are_kept)
    return run_cases(function, [Case(test=test) for test in tests])


def _fresh() -> np.random.Generator:
    return np.random.default_rng(secrets.randbits(62))


def _examples(examples: int, inputs: int, generator: np.random.Generator) -> Step:
    """Examples without zeros, some inputs kept and some not, in every row if it has two."""
    x = generator.uniform(0.3, 1.6, (examples, inputs))
    kept = np.arange(examples)[:, None] % max(1, inputs - 1) + 1  # rows keep 1, 2, 3, ...
    keep = generator.permuted(np.arange(inputs) < kept, axis=1)
    return Step(x=x, keep=keep, z=np.zeros_like(x))


def _asked(
    function: Student, examples: int = 5, inputs: int = 7, scale: float = 1.0
) -> tuple[Step, _Before, _Answer, Step]:
    """A step, what `before` was given, the answer, and what became of the arguments."""
    generator = _fresh()
    step = _examples(examples, inputs, generator)
    weights = generator.uniform(-1, 1, (inputs, inputs))
    shift = generator.uniform(-1.5, 1.5, step.x.shape)

    def z(x: np.ndarray) -> np.ndarray:
        return scale * (np.tanh(x @ weights) + shift)

    if scale > 1:
        shift[:, 0], shift[:, -1] = 2, -2  # in every example one z far above 0 and one far below
    before, own = _Before(z, step.x.shape), step.copy()
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = function(own.x, own.keep, before)
    step = step._replace(z=z(step.x * step.keep))
    return step, before, _answer(found, step), own


def _answer(found: object, step: Step) -> _Answer:
    """The student's answer, or a sentence about its form."""
    if found is None or found is Ellipsis:
        raise NotSolvedError
    try:
        cost, slope = found  # pyright: ignore[reportGeneralTypeIssues]
        answer = _Answer(*(np.asarray(part, dtype=np.float64) for part in (cost, slope)))
    except (TypeError, ValueError) as error:
        raise TypeError("it should return two arrays: the costs and their slopes") from error
    if answer.slope.shape != step.x.shape:
        shapes = f"{answer.slope.shape}, the examples have {step.x.shape}"
        raise TypeError(f"the slope that it returns has the shape {shapes}")
    return answer


def _corrupted(function: Student) -> str | None:
    """What the autoencoder is given."""
    step, before, _, _ = _asked(function)
    if not before.given:
        return "It never calls `before`. Where should the pre-activations come from?"
    if len(before.given) > 1:
        return f"It calls `before` {len(before.given)} times. One step sees its examples once."
    (given,) = before.given
    if alike(given, step.x * step.keep):
        return None
    return (
        first_of(given, wrong_inputs(step))
        or "`before` is given something else than the examples with some inputs set to 0."
    )


def _cost(function: Student) -> str | None:
    """The cost of each example; each slip has a value of its own."""
    step, before, answer, own = _asked(function)
    if answer.cost.shape != (len(step.x),):
        return _of_another_shape(answer.cost, step)
    if alike(answer.cost, costs(step)):
        return None
    if not np.array_equal(own.x, step.x) and before.given:
        return (
            "It changes `x` itself, so that it restores what is left of an example. What should "
            "come back is the example as it was."
        )
    return (
        first_of(answer.cost, wrong_costs(step))
        or "The costs are wrong. For one example: what does softplus put out, and how far is that "
        "from x, input by input?"
    )


def _of_another_shape(cost: np.ndarray, step: Step) -> str:
    """A cost that is not one number per example."""
    if cost.shape == step.x.shape:
        return "It returns one cost per input. An example's cost is the sum over its inputs."
    if cost.shape == (step.x.shape[1],):
        return "It returns one cost per input, summed over the examples. Which axis is which?"
    if cost.size == 1:
        return (
            "It returns one cost for all examples. Return one for each: their mean is taken "
            "where the weights are changed."
        )
    return f"The cost that it returns has the shape {cost.shape}: there are {len(step.x)} examples."


def _slope(function: Student) -> str | None:
    """The derivative of each example's cost."""
    step, _, answer, _ = _asked(function)
    if alike(answer.slope, slopes(step)):
        return None
    return (
        first_of(answer.slope, wrong_slopes(step))
        or "The slope is wrong. Move one z by 0.001: by how much does your own cost change?"
    )


def _sizes(function: Student) -> str | None:
    """Other numbers of examples and inputs; one of either."""
    for examples, inputs in ((1, 4), (6, 6), (3, 1)):
        step, _, answer, _ = _asked(function, examples, inputs)
        words = f"for an array of the shape ({examples}, {inputs})"
        if not alike(answer.cost, costs(step)):
            return f"The cost is wrong {words}."
        if not alike(answer.slope, slopes(step)):
            return f"The slope is wrong {words}."
    return None


def _far_from_zero(function: Student) -> str | None:
    """Pre-activations for which e^z is more, or less, than a float can hold."""
    step, _, answer, _ = _asked(function, scale=800.0)
    for name, found, expected in (
        ("cost", answer.cost, costs(step)),
        ("slope", answer.slope, slopes(step)),
    ):
        if not np.isfinite(found).all():
            return (
                f"For z of several hundred the {name} becomes {_not_finite(found):g}: e^z is more "
                "than a number can hold. Softplus of a large z is nearly z: np.logaddexp(0, z)."
            )
        if not alike(found, expected):
            return f"For z of several hundred, above and below 0, the {name} is wrong."
    return None


def _not_finite(numbers: np.ndarray) -> float:
    """The first number that is not finite."""
    return float(numbers[~np.isfinite(numbers)].flat[0])


def _inputs_are_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    step, _, _, own = _asked(function)
    for name, now, was in (("x", own.x, step.x), ("keep", own.keep, step.keep)):
        if not np.array_equal(now, was):
            return f"It changes the array `{name}` that it is given. Make a new one."
    return None
