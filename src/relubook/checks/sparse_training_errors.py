"""Checks of the assignment on sparse training: the error to report of each model."""

from collections.abc import Iterator
from itertools import combinations

import numpy as np
from jaxtyping import Float

from relubook.checks import Outcome, run_cases
from relubook.checks.sparse_training_answers import (
    SaidError,
    Student,
    alike,
    asked,
    cases,
    first_of_all,
    fresh,
    quietly,
    table,
)

Table = Float[np.ndarray, "epochs models"]
_NAME = "test error"
_DRAWS = 3  # a slip may give the numbers of another one by chance
_LEAK = (
    "It chooses by the test error, which comes out too low: nobody who uses the network has these "
    "labels. Which split is there for choosing?"
)


def check_chosen(function: object) -> Outcome:
    """Check a function `chosen_error(validation_error, test_error)`.

    Args:
        function: Takes both errors [epochs models]; returns each model's test error at its first
            epoch of lowest validation error. Epochs with NaN are passed over; a model that has
            nothing else gets NaN.

    Returns:
        What was found; show it as the last line of a cell.

    >>> def chosen_error(validation_error, test_error):
    ...     known = np.where(np.isnan(validation_error), np.inf, validation_error)
    ...     return test_error[known.argmin(axis=0), np.arange(known.shape[1])]
    >>> check_chosen(chosen_error)
    All public checks passed (2 of 2).
    """
    return run_cases(function, cases(_chosen, _any_size))


def check_chosen_edges(function: object) -> Outcome:
    """Check `chosen_error` where epochs tie or models diverge.

    Args:
        function: As for `check_chosen`.
    """
    return run_cases(function, cases(_diverged, _never, _ties, _errors_are_kept))


def error_curves(epochs: int, models: int) -> tuple[Table, Table]:
    """Validation and test errors, of which no two of a model are equal.

    Args:
        epochs: At least 2.
        models: At least 1.
    """
    random = fresh()
    steps = np.tile(np.arange(epochs)[:, None], models)
    validation, test = (random.permuted(steps, axis=0) for _ in range(2))
    levels = random.uniform(0.02, 0.1, (2, models))
    return levels[0] + 0.003 * validation, levels[1] + 0.003 * test


def _telling_curves(epochs: int, models: int) -> tuple[Table, Table]:
    """Curves for which every wrong choice gives other errors than every other."""
    while True:
        curves = error_curves(epochs, models)
        answers = [_right(*curves), *(answer for _, answer in _wrong_choices(*curves))]
        if not any(alike(one, other) for one, other in combinations(answers, 2)):
            return curves


def _right(validation: Table, test: Table) -> Float[np.ndarray, "models"]:
    """Looked up one by one."""
    found = []
    for model in range(validation.shape[1]):
        known = [e for e, value in enumerate(validation[:, model]) if not np.isnan(value)]
        best = min(known, key=lambda epoch: validation[epoch, model], default=None)
        found.append(np.nan if best is None else test[best, model])
    return np.array(found)


def _reported(function: Student, validation: Table, test: Table) -> Float[np.ndarray, "models"]:
    """The student's errors, one of each model."""
    answer = asked(function, validation.copy(), test.copy())
    epochs, models = validation.shape
    shape = getattr(answer, "shape", (len(answer),) if isinstance(answer, list | tuple) else ())
    if tuple(shape) == (epochs,) != (models,):
        raise SaidError("It returns one number for each epoch. Which axis are the models on?")
    if tuple(shape) == (models, models):
        raise SaidError(
            "It returns a square: whole rows, one for each model. Take one number of each row."
        )
    if len(shape) == 0:
        raise SaidError(
            f"It returns {answer}, no array. One number for each of {models} models is asked for."
        )
    if len(shape) == 1 and shape[0] < models:
        raise SaidError(f"It answers for {shape[0]} of {models} models. Which ones are left out?")
    return table(answer, _NAME, (models,))


def _wrong_choices(validation: Table, test: Table) -> Iterator[tuple[str, np.ndarray]]:
    """Errors at other epochs, and other errors."""
    models = np.arange(validation.shape[1])
    yield _LEAK, test.min(axis=0)
    yield "It takes the last epoch. Which one would you have stopped at?", test[-1]
    yield "It returns the validation error. Asked for is the test error.", validation.min(axis=0)
    yield "It returns epochs. Asked for are the errors there.", validation.argmin(axis=0) * 1.0
    yield (
        "It takes one epoch for all models. Each has its own.",
        test[validation.mean(axis=1).argmin()],
    )
    yield (
        "It takes one epoch for all models. Each has its own.",
        test[np.unravel_index(validation.argmin(), validation.shape)[0]],
    )
    yield "It takes the highest validation error.", test[validation.argmax(axis=0), models]
    yield "It returns means over the epochs.", test.mean(axis=0)
    yield "Validation and test error have changed places.", validation[test.argmin(axis=0), models]


def _chosen(function: Student) -> str | None:
    """Curves without ties or gaps."""
    trials, wrong = [], 0
    for _ in range(_DRAWS):
        curves = _telling_curves(9, 6)
        answer, expected = _reported(function, *curves), _right(*curves)
        if not alike(answer, expected):
            trials.append((answer, _wrong_choices(*curves)))
            wrong = max(wrong, int((~np.isclose(answer, expected)).sum()))
    if not trials:
        return None
    return first_of_all(trials) or (
        f"The error of {wrong} of 6 models is wrong. Try 3 epochs of 2 models by hand."
    )


def _any_size(function: Student) -> str | None:
    """As many epochs as models, one model, one epoch."""
    for epochs, models in ((7, 7), (4, 11), (5, 1), (1, 3)):
        curves = error_curves(epochs, models)
        if not alike(_reported(function, *curves), _right(*curves)):
            return f"It is wrong for {epochs} epochs of {models} models."
    return None


def _ties(function: Student) -> str | None:
    """Shares of a few hundred digits are often equal."""
    validation, test = error_curves(8, 5)
    low = validation.min(axis=0)
    validation[2], validation[5] = low - 0.001, low - 0.001
    (lower, higher), earlier = np.sort(test[[2, 5]], axis=0), np.arange(5) < 2
    test[2], test[5] = np.where(earlier, lower, higher), np.where(earlier, higher, lower)
    answer = _reported(function, validation, test)
    if alike(answer, test[2]):
        return None
    if alike(answer, test[5]):
        return "Of equal epochs it takes the last. Asked for is the first."
    if alike(answer, np.minimum(test[2], test[5])):
        return f"Among equal epochs the test error decides. {_LEAK}"
    return "It is wrong where two epochs have the same validation error. Asked for is the first."


def _diverged(function: Student) -> str | None:
    """Models that have no numbers any more from some epoch on."""
    validation, test = error_curves(8, 5)
    for model, epoch in ((1, 3), (4, 1)):
        validation[epoch:, model] = test[epoch:, model] = np.nan
    answer, expected = _reported(function, validation, test), _right(validation, test)
    if alike(answer, expected):
        return None
    if np.isnan(answer[[1, 4]]).all():
        return "A model that diverged later gets NaN: its epochs before that are known."
    return "It is wrong for models that diverged. What is NaN less than?"


def _never(function: Student) -> str | None:
    """A model without any number."""
    validation, test = error_curves(6, 4)
    validation[:, 2] = test[:, 2] = np.nan
    try:
        answer = _reported(function, validation, test)
    except ValueError as error:
        return f"It stops if a model has NaN only ({error}). That model should get NaN."
    if alike(answer, _right(validation, test)):
        return None
    return f"A model that has NaN only should get NaN, not {answer[2]:g}; the others their errors."


def _errors_are_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    validation, test = error_curves(6, 4)
    validation[3:, 1] = test[3:, 1] = np.nan
    given = validation.copy(), test.copy()
    quietly(function, *given)
    for name, now, was in zip(
        ("validation_error", "test_error"), given, (validation, test), strict=True
    ):
        if not np.array_equal(now, was, equal_nan=True):
            return f"It changes the `{name}` that it is given. Work on a copy."
    return None
