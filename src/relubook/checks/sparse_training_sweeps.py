"""Checks of the assignment on sparse training: a sweep over strengths and seeds, really trained."""

from typing import Any

import numpy as np
from jaxtyping import Float

from relubook.checks import Outcome, run_cases
from relubook.checks.sparse_training_answers import SaidError, Student, asked, cases, parts, table
from relubook.checks.sparse_training_runs import (
    Trained,
    apart,
    clouds,
    few_digits,
    misplaced,
    other_networks,
    right,
    same,
    trained,
    wrong_epochs,
    wrong_zeros,
)

_STRENGTHS = (0.0, 0.004, 0.04)
_NAMES = ("the error", "the zeros")
_ORDER = (
    "The right networks stand in the wrong places: in which order does `grid` put strengths and "
    "seeds?"
)


def check_sweep_error(function: object) -> Outcome:
    """Check the errors of a function `sweep(dataset, strengths, seeds)`.

    Args:
        function: Takes a data set, L1 strengths and seeds; trains a network for each pair as the
            constants of this module say; returns the test error and the share of exact zeros,
            averaged over the hidden layers, both at the epoch of lowest validation error, as
            arrays [strengths seeds].

    Returns:
        What was found; show it as the last line of a cell.
    """
    return run_cases(function, cases(_error))


def check_sweep_zeros(function: object) -> Outcome:
    """Check the zeros of a function `sweep(dataset, strengths, seeds)`.

    Args:
        function: As for `check_sweep_error`.
    """
    return run_cases(function, cases(_zeros))


def check_other_data(function: object) -> Outcome:
    """Check a function `sweep(dataset, strengths, seeds)` on data of another size.

    Args:
        function: As for `check_sweep_error`.
    """
    return run_cases(function, cases(_other_data, _one_network))


def _part(function: Student, one: Trained, which: int) -> Float[np.ndarray, "strengths seeds"]:
    """The student's errors or zeros."""
    answer = asked(function, one.data, list(one.strengths), list(one.seeds))
    part: Any = parts(answer, *_NAMES)[which]
    shape = tuple(getattr(part, "shape", one.shape))
    strengths, seeds = one.shape
    if shape == (seeds, strengths) != one.shape:
        raise SaidError("The axes have changed places: asked for is [strengths seeds].")
    if shape == (strengths * seeds,):
        raise SaidError("The networks stand in one row. Asked for is [strengths seeds].")
    if len(shape) == 3:
        raise SaidError(
            f"The array of {_NAMES[which][4:]} has three axes. Average over the layers."
        )
    return table(part, _NAMES[which][4:], one.shape)


def _slip(found: np.ndarray, one: Trained, which: int, tolerance: float) -> str | None:
    """The sentence about wrong errors (0) or zeros (1): the slip that comes closest."""
    order = (_ORDER, misplaced(right(one)[which], one.shape))
    same_networks = [*(wrong_epochs, wrong_zeros)[which](one), order]
    near = [slip for slip in same_networks if same(found, slip[1], tolerance)]
    if near:
        return min(near, key=lambda slip: apart(found, slip[1], tolerance))[0]
    others = ((sentence, right(other)[which]) for sentence, other in other_networks(one))
    return next((s for s, value in others if same(found, value, tolerance)), None)


def _error(function: Student) -> str | None:
    """Twelve small networks."""
    one = trained(few_digits(), _STRENGTHS, 4)
    found, expected = _part(function, one, 0), right(one)[0]
    if same(found, expected, 1e-6):
        return None
    if same(found, 100 * expected, 1e-4):
        return "It is in percent. Asked for is a share of 1."
    first = f"{found[0, 0]:.3f}, not {expected[0]:.3f}"
    return _slip(found, one, 0, 1e-6) or (
        f"The error is not that of the networks which are asked for: for strength "
        f"{one.strengths[0]:g} and seed {one.seeds[0]} it is {first}."
    )


def _zeros(function: Student) -> str | None:
    """The same networks' zeros."""
    one = trained(few_digits(), _STRENGTHS, 4)
    found, expected = _part(function, one, 1), right(one)[1]
    if same(found, expected, 1e-3):
        return None
    first = f"{found[0, 0]:.3f}, not {expected[0]:.3f}"
    return _slip(found, one, 1, 1e-3) or (
        f"The zeros are not those of the networks which are asked for: for strength "
        f"{one.strengths[0]:g} and seed {one.seeds[0]} their share is {first}."
    )


def _other_data(function: Student) -> str | None:
    """Other numbers of inputs, classes, strengths and seeds; at which epoch is asked elsewhere."""
    one = trained(clouds(12, 3), (0.0, 0.1), 5)
    found = _part(function, one, 0)
    if any(
        same(found, value, 1e-6) for value in (right(one)[0], *dict(wrong_epochs(one)).values())
    ):
        return None
    return (
        f"The errors are not those of the networks which are asked for, with {one.data.inputs} "
        f"inputs, {one.data.outputs} classes, {one.shape[0]} strengths and {one.shape[1]} seeds."
    )


def _one_network(function: Student) -> str | None:
    """A single network is a sweep, too."""
    error, _ = parts(asked(function, clouds(9, 2), [0.01], [7]), *_NAMES)
    if 0 <= table(error, "error", (1, 1))[0, 0] <= 1:
        return None
    return "The error of a sweep of one network is no share."
