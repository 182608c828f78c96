import math
import re

import numpy as np
import pytest

from relubook import neurons
from relubook.checks.biology import check_firing_rate


def answering(formula, *, silent=0.0):
    """A student's function from a formula of charging time, refractory time and what they need."""

    def firing_rate(current, tau, refractory, resistance, rest, reset, threshold):
        settled = rest + resistance * current
        fires = settled > threshold
        ratio = (settled - reset) / np.where(fires, settled - threshold, 1.0)
        ratio = np.where(fires, ratio, 2.0)
        return np.where(fires, formula(tau, refractory, ratio), silent)

    return firing_rate


def right(tau, refractory, ratio):
    return 1 / (refractory + tau * np.log(ratio))


def packaged(current, tau, refractory, resistance, rest, reset, threshold):
    neuron = neurons.Neuron(
        membrane_time=tau,
        refractory_time=refractory,
        resistance=resistance,
        rest=rest,
        reset=reset,
        threshold=threshold,
    )
    return neurons.firing_rate(neuron, current)


def masked(current, tau, refractory, resistance, rest, reset, threshold):
    settled, rate = rest + resistance * current, np.zeros(current.shape)
    on = settled > threshold
    ratio = (settled[on] - reset) / (settled[on] - threshold)
    rate[on] = 1 / (tau * np.log(ratio) + refractory)
    return rate


def unguarded(current, tau, refractory, resistance, rest, reset, threshold):
    settled = rest + resistance * current
    return right(tau, refractory, (settled - reset) / (settled - threshold))


def where_afterwards(current, tau, refractory, resistance, rest, reset, threshold):
    """Numpy warns, but the numbers are right."""
    rate = unguarded(current, tau, refractory, resistance, rest, reset, threshold)
    return np.where(rest + resistance * current > threshold, rate, 0.0)


def no_nan(*arguments):
    return np.nan_to_num(unguarded(*arguments), posinf=0.0)


def only_positive_ratios(current, tau, refractory, resistance, rest, reset, threshold):
    settled = rest + resistance * current
    ratio = (settled - reset) / (settled - threshold)
    return np.where(ratio > 0, unguarded(current, tau, refractory, resistance, rest, reset,
                                         threshold), 0.0)  # fmt: skip


def at_least(current, tau, refractory, resistance, rest, reset, threshold):
    """At the threshold it charges for ever: one over infinity is 0."""
    rate = unguarded(current, tau, refractory, resistance, rest, reset, threshold)
    return np.where(rest + resistance * current >= threshold, rate, 0.0)


def wakes_at_once(current, tau, refractory, resistance, rest, reset, threshold):
    rate = masked(current, tau, refractory, resistance, rest, reset, threshold)
    return np.where(rest + resistance * current == threshold, 1.0, rate)


def divides_by_zero(current, tau, refractory, resistance, rest, reset, threshold):
    settled = rest + resistance * current
    over = (settled - reset) / (settled - threshold)
    return np.where(np.isinf(over), np.nan, masked(current, tau, refractory, resistance, rest,
                                                   reset, threshold))  # fmt: skip


def one_by_one(current, tau, refractory, resistance, rest, reset, threshold):
    settled = rest + resistance * current
    if settled <= threshold:
        return 0.0
    return 1 / (tau * np.log((settled - reset) / (settled - threshold)) + refractory)


def list_of_rates(current, *constants):
    return [one_by_one(one, *constants) for one in current]


def ragged(current, *constants):
    """Right for a row; for rows and columns, rows that are no array together."""
    return [one_by_one(one, *constants) if np.ndim(one) == 0 else one[: place + 1]
            for place, one in enumerate(current)]  # fmt: skip


def loop(current, tau, refractory, resistance, rest, reset, threshold):
    rate = np.zeros(len(current))
    for place, settled in enumerate(rest + resistance * current):
        if settled > threshold:
            ratio = (settled - reset) / (settled - threshold)
            rate[place] = 1 / (refractory + tau * math.log(ratio))
    return rate


def math_log(current, tau, refractory, resistance, rest, reset, threshold):
    settled = rest + resistance * current
    charging = tau * math.log((settled - reset) / (settled - threshold))
    return np.where(settled > threshold, 1 / (refractory + charging), 0.0)


def positive_currents(current, *constants):
    return np.where(current > 0, masked(current, *constants), 0.0)


def by_default(current, tau, refractory, *constants):
    return masked(current, tau, refractory or 4e-3, *constants)


def flat(current, *constants):
    return masked(current.ravel(), *constants)


def mean(current, *constants):
    return masked(current, *constants).mean()


def swapped(current, tau, refractory, resistance, rest, reset, threshold):
    rate = unguarded(current, tau, refractory, resistance, rest, threshold, reset)
    return np.where(rest + resistance * current > threshold, rate, 0.0)


def restless(current, tau, refractory, resistance, rest, reset, threshold):
    rate = unguarded(current, tau, refractory, resistance, 0.0, reset, threshold)
    return np.where(rest + resistance * current > threshold, rate, 0.0)


def from_reset(current, tau, refractory, resistance, rest, reset, threshold):
    rate = unguarded(current, tau, refractory, resistance, reset, reset, threshold)
    return np.where(rest + resistance * current > threshold, rate, 0.0)


def from_rest(current, tau, refractory, resistance, rest, reset, threshold):
    rate = unguarded(current, tau, refractory, resistance, rest, rest, threshold)
    return np.where(rest + resistance * current > threshold, rate, 0.0)


def in_integers(current, *constants):
    rate = np.zeros(current.shape, dtype=int)
    rate[:] = masked(current, *constants)
    return rate


def damaging(current, *constants):
    rate = masked(current, *constants)
    current[rate == 0] = 0
    return rate


RIGHT = {
    "the package's own": packaged,
    "a mask": masked,
    "where": answering(right),
    "where afterwards": where_afterwards,
    "infinity over there": at_least,
    "a list": lambda current, *constants: masked(current, *constants).tolist(),
}
WRONG = {
    "no silence": (answering(lambda t, r, x: 1 / (t * np.log(x))), "forgets the refractory time"),
    "a period": (answering(lambda t, r, x: r + t * np.log(x)), "time between two spikes"),
    "per millisecond": (answering(lambda t, r, x: 1e-3 * right(t, r, x)), "spikes per millisecond"),
    "milliseconds": (answering(lambda t, r, x: 1e3 * right(t, r, x)), "1000 times too large"),
    "base 10": (answering(lambda t, r, x: 1 / (r + t * np.log10(x))), "to base 10"),
    "base 2": (answering(lambda t, r, x: 1 / (r + t * np.log2(x))), "to base 2"),
    "swapped": (swapped, "have changed places"),
    "outside": (answering(lambda t, r, x: r + 1 / (t * np.log(x))), "refractory time to a rate"),
    "two rates": (answering(lambda t, r, x: 1 / r + 1 / (t * np.log(x))), "adds two rates"),
    "parentheses": (
        answering(lambda t, r, x: 1 / r + t * np.log(x)),
        "charging time to a rate. Mind the parentheses",
    ),
    "times swapped": (
        answering(lambda t, r, x: 1 / (t + r * np.log(x))),
        "Membrane time and refractory time have changed places",
    ),
    "multiplied": (
        answering(lambda t, r, x: 1 / (t * (r + np.log(x)))),
        "multiplies the refractory time by the membrane time",
    ),
    "from the rest": (from_rest, "charges from the rest voltage"),
    "rounded": (lambda *given: np.round(masked(*given)), "rounds to whole numbers"),
    "rounded up": (lambda *given: np.ceil(masked(*given)), "rounds to whole numbers"),
    "integers": (in_integers, "rounds to whole numbers"),
    "two decimals": (lambda *given: np.round(masked(*given), 2), "where the neuron fires at"),
    "subtracted": (answering(lambda t, r, x: 1 / (t * np.log(x) - r)), "makes the interval longer"),
    "no rest": (restless, "leaves the rest voltage out"),
    "from the reset": (from_reset, "settles from the reset"),
    "no membrane": (answering(lambda t, r, x: 1 / (r + np.log(x))), "membrane time out"),
    "NaN": (unguarded, "gives NaN below the threshold"),
    "negative": (answering(right, silent=-1.0), "negative rate below"),
    "positive ratios": (only_positive_ratios, "far below the threshold"),
    "no NaN": (no_nan, "far below the threshold"),
    "never silent": (answering(right, silent=250.0), "where it is silent"),
    "inf": (answering(right, silent=np.inf), "where it is silent"),
    "wakes at once": (wakes_at_once, "is wrong where the voltage settles exactly"),
    "divides": (divides_by_zero, "divides by zero"),
    "one by one": (one_by_one, "passed. It takes one current, but no array of them. `if` cannot"),
    "math.log": (math_log, "passed. It takes one current, but no array of them. `math.log` takes"),
    "a loop": (loop, "passed. It works for a row of currents, not for rows and columns."),
    "ragged": (ragged, "passed. It works for a row of currents, not for rows and columns."),
    "a list of rates": (list_of_rates, "passed. It works for a row of currents, not for rows"),
    "sign": (positive_currents, "not the sign of the current"),
    "by default": (by_default, "without a refractory time"),
    "flat": (flat, r"returns the shape (6,) for currents of the shape (2, 3)"),
    "a mean": (mean, "returns the shape () for currents of the shape (6,)"),
    "damage": (damaging, "changes the currents"),
    "a constant": (lambda current, *_: np.full(current.shape, 80.0), "where the neuron fires at"),
    "an error": (lambda current, *_: current.no_such_method(), "stops with AttributeError"),
    "few arguments": (lambda current: current, "stops with TypeError"),
}


@pytest.mark.parametrize("name", RIGHT)
def test_every_right_answer_passes(name):
    outcome = check_firing_rate(RIGHT[name])
    assert repr(outcome) == f"All public checks passed ({outcome.total} of {outcome.total})."


@pytest.mark.parametrize("name", WRONG)
def test_every_wrong_answer_is_told_its_own_kind_of_error(name):
    function, words = WRONG[name]
    outcome = check_firing_rate(function)
    assert outcome.passed < outcome.total
    assert words in repr(outcome)


@pytest.mark.parametrize("unsolved", [lambda *_: None, lambda *_: ..., None, ...])
def test_an_exercise_not_begun_is_told_so(unsolved):
    assert repr(check_firing_rate(unsolved)).startswith("Not solved yet")


def test_no_message_shows_the_solution():
    for function, _ in WRONG.values():
        message = repr(check_firing_rate(function))
        assert "log(" not in message
        assert "1 /" not in message


def test_what_takes_too_little_at_once_is_not_called_an_error():
    for function in (one_by_one, math_log, loop, list_of_rates):
        assert "Error" not in repr(check_firing_rate(function))


def test_a_loop_over_a_row_fails_at_rows_and_columns_only():
    outcome = check_firing_rate(loop)
    assert outcome.total - outcome.passed == 1


def test_two_numbers_of_a_message_can_be_told_apart():
    found = []
    for digits in (1, 2):
        message = check_firing_rate(lambda *given, d=digits: np.round(masked(*given), d)).message
        found.append(re.findall(r"(\S+) Hz", message))
    assert all(len(pair) == 2 and pair[0] != pair[1] for pair in found)


def test_neurons_are_fresh_each_time_and_the_global_random_state_is_kept():
    seen = []
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    for _ in range(2):
        check_firing_rate(
            lambda current, *rest: seen.append(current.copy()) or masked(current, *rest)
        )
    first, second = seen[0], seen[len(seen) // 2]
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002
