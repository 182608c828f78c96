"""Checks of the assignment on sparse training: from which strength on a penalty does harm."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from relubook.checks import NotSolvedError, Outcome, run_cases
from relubook.checks.sparse_training_answers import Student, alike, cases, fresh, number, quietly
from relubook.checks.sparse_training_intervals import t_quantile

_BOTH_SIGNS = "there the mean is above 0, but the interval includes 0."


def check_harmful_l1(function: object) -> Outcome:
    """Check a function `harmful_l1(strengths, error, interval)`.

    Args:
        function: Takes rising strengths, of which the first is 0, errors [strengths seeds], and a
            function that gives the ends of the interval of differences [seeds]; returns the
            smallest strength whose interval, against the same seeds without a penalty, lies above
            0, or None.

    Returns:
        What was found; show it as the last line of a cell.
    """
    return run_cases(function, cases(_smallest))


def check_harmless(function: object) -> Outcome:
    """Check that `harmful_l1` blames no strength that does no harm.

    Args:
        function: As for `check_harmful_l1`.
    """
    return run_cases(function, cases(_clear, _harmless, _identical))


class Sweep(NamedTuple):
    """Strengths [1] and errors, with the place of the first harmful strength."""

    strengths: Float[np.ndarray, "strengths"]
    error: Float[np.ndarray, "strengths seeds"]


def t_interval(differences: Float[np.ndarray, "seeds"]) -> tuple[float, float]:
    """The interval that is given to the student's function.

    Args:
        differences: One for each seed.
    """
    d = np.asarray(differences, dtype=np.float64)
    reach = t_quantile(0.975, len(d) - 1) * d.std(ddof=1) / np.sqrt(len(d))
    return float(d.mean() - reach), float(d.mean() + reach)


def sweep_with(*changes: tuple[float, float]) -> Sweep:
    """Errors of six seeds that differ far more from each other than from strength to strength.

    Args:
        changes: For each strength above 0, mean and standard deviation of the change.
    """
    random = fresh()
    base = 0.2 + 0.05 * _standard(random)
    rows = [base, *(base + mean + spread * _standard(random) for mean, spread in changes)]
    strengths = np.cumsum(random.uniform(0.001, 0.01, len(rows)))
    strengths[0] = 0
    return Sweep(strengths, np.stack(rows))


def _standard(random: np.random.Generator) -> Float[np.ndarray, "seeds"]:
    """Six numbers with mean 0 and standard deviation 1."""
    drawn = random.permutation(np.linspace(-1, 1, 6)) + random.uniform(-0.1, 0.1, 6)
    return (drawn - drawn.mean()) / drawn.std(ddof=1)


def _found(function: Student, sweep: Sweep) -> float | None:
    """The student's strength, or None, which is an answer here."""
    answer = quietly(function, sweep.strengths.copy(), sweep.error.copy(), t_interval)
    if answer is Ellipsis:
        raise NotSolvedError
    return None if answer is None else number(answer, "strength")


def _smallest(function: Student) -> str | None:
    """A sweep in which each slip ends at a strength of its own."""
    sweep = sweep_with(
        (-0.015, 0.001), (-0.005, 0.001), (0.004, 0.02), (-0.002, 0.01),
        (0.006, 0.002), (0.01, 0.02), (0.15, 0.005), (0.3, 0.005),
    )  # fmt: skip
    answer, expected = _found(function, sweep), sweep.strengths[5]
    if answer is not None and alike(answer, expected):
        return None
    if answer is None:
        return (
            "It finds no strength, although the interval of three lies above 0. Does each seed "
            "meet itself in your differences?"
        )
    at = f"It returns {answer:.4g}:"
    unpaired = (
        "harm is plain there, but a smaller strength does harm, too. Seeds differ far more than "
        "strengths: does each seed meet itself in your differences?"
    )
    largest = "that is the largest strength that does harm. Asked for is the smallest."
    sentences = {
        0: "that is what all others are compared with.",
        1: "there the interval lies below 0. Is that harm?",
        2: "there the interval lies below 0. With which strength do you compare?",
        3: _BOTH_SIGNS,
        4: "that is the last strength before the error rises. Asked for is the next.",
        6: _BOTH_SIGNS,
        7: unpaired,
        8: largest,
    }
    for place, sentence in sentences.items():
        if alike(answer, sweep.strengths[place]):
            return f"{at} {sentence}"
    if alike(answer, 5):
        return "It returns a position. Asked for is the strength there."
    return f"{at} that is none of the strengths."


def _clear(function: Student) -> str | None:
    """One strength does harm, whichever way one looks."""
    sweep = sweep_with((-0.01, 0.05), (0.6, 0.005))
    answer = _found(function, sweep)
    if answer is not None and (alike(answer, sweep.strengths[2]) or alike(answer, 2)):
        return None
    return "Errors near 20 % without a penalty and near 80 % with one: it misses that strength."


def _harmless(function: Student) -> str | None:
    """Nothing harms: some penalties help, some cannot be told from none."""
    sweep = sweep_with((-0.02, 0.002), (-0.03, 0.003), (-0.002, 0.02))
    answer = _found(function, sweep)
    if answer is None:
        return None
    return (
        "No interval lies above 0 here; some lie below. Without harm the answer is None, not "
        f"{answer:.4g}."
    )


def _identical(function: Student) -> str | None:
    """A penalty too weak to change anything: an interval from 0 to 0."""
    sweep = sweep_with((0.0, 0.0), (0.0, 0.0))
    answer = _found(function, sweep)
    if answer is None:
        return None
    return f"No error changes at all here, but it returns {answer:.4g}. Is 0 above 0?"
