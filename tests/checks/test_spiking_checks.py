"""The checks of a membrane's step: right in any style, wrong by its own sentence."""

import math
import sys
import warnings

import numpy as np
import pytest
import torch
from spiking_students import DRAWS, HOSTILE, UNSOLVED, goal, rate, step, told

from relubook.checks.spiking import check_short_step, check_step
from relubook.checks.spiking_rates import check_rate

CHECKS = (check_step, check_short_step)


def step_by_shares(neuron, voltage, current, dt):
    share = -np.expm1(-dt / neuron.membrane_time)
    return (1 - share) * voltage + share * goal(neuron, current)


def step_in_torch(neuron, voltage, current, dt):
    end = goal(neuron, torch.tensor(current))
    return end + (torch.tensor(voltage) - end) * math.exp(-dt / neuron.membrane_time)


def step_in_lists(neuron, voltage, current, dt):
    return step(neuron, voltage, current, dt).tolist()


def step_in_float32(neuron, voltage, current, dt):
    single = [array.astype(np.float32) for array in (voltage, current)]
    return step(neuron, *single, dt).astype(np.float32)


RIGHT = (step, step_by_shares, step_in_torch, step_in_lists, step_in_float32)


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("function", RIGHT)
def test_right_steps_of_every_style_pass_on_every_draw(check, function):
    for _ in range(DRAWS):
        outcome = check(function)
        assert outcome.passed == outcome.total, outcome


def swapped_times(neuron, voltage, current, dt):
    left = np.exp(-neuron.membrane_time / dt) if dt else 1.0
    return goal(neuron, current) + (voltage - goal(neuron, current)) * left


def taylor(order):
    def approximate(neuron, voltage, current, dt):
        x = -dt / neuron.membrane_time
        left = sum(x**power / math.factorial(power) for power in range(order + 1))
        return goal(neuron, current) + (voltage - goal(neuron, current)) * left

    return approximate


def implicit(neuron, voltage, current, dt):
    left = 1 / (1 + dt / neuron.membrane_time)
    return goal(neuron, current) + (voltage - goal(neuron, current)) * left


def without_resistance(neuron, voltage, current, dt):
    left = np.exp(-dt / neuron.membrane_time)
    return neuron.rest + current + (voltage - neuron.rest - current) * left


def in_nanoamperes(neuron, voltage, current, dt):
    return step(neuron, voltage, 1e-9 * current, dt)


def without_rest(neuron, voltage, current, dt):
    end = neuron.resistance * current
    return end + (voltage - end) * np.exp(-dt / neuron.membrane_time)


def in_place(neuron, voltage, current, dt):
    voltage += (goal(neuron, current) - voltage) * -np.expm1(-dt / neuron.membrane_time)
    return voltage


def current_in_place(neuron, voltage, current, dt):
    current *= neuron.resistance
    current += neuron.rest
    return current + (voltage - current) * np.exp(-dt / neuron.membrane_time)


WRONG_STEPS = {
    "Euler": (taylor(1), "Euler's method"),
    "second order": (taylor(2), "still not exact"),
    "fourth order": (taylor(4), "still not exact"),
    "implicit Euler": (implicit, "implicit Euler"),
    "swapped": (swapped_times, "dt and the membrane time have changed places"),
    "product": (
        lambda n, v, i, dt: goal(n, i) + (v - goal(n, i)) * np.exp(-dt * n.membrane_time),
        "their product or their ratio",
    ),
    "sign": (
        lambda n, v, i, dt: goal(n, i) + (v - goal(n, i)) * np.exp(dt / n.membrane_time),
        "moves away",
    ),
    "shares": (
        lambda n, v, i, dt: (
            goal(n, i) * np.exp(-dt / n.membrane_time) + v * -np.expm1(-dt / n.membrane_time)
        ),
        "Two shares have changed places",
    ),
    "no resistance": (without_resistance, "next to no effect"),
    "nanoamperes": (in_nanoamperes, "next to no effect"),
    "no rest": (without_rest, "leaves the rest voltage out"),
    "wrong way": (lambda n, v, i, dt: step(n, v, -i, dt), "lift the voltage"),
    "from rest": (lambda n, v, i, dt: step(n, n.rest + 0 * v, i, dt), "begins at the rest"),
    "the end": (lambda n, v, i, dt: goal(n, i), "whatever dt is"),
    "change": (lambda n, v, i, dt: step(n, v, i, dt) - v, "the change of the voltage"),
    "nothing": (lambda n, v, i, dt: v.copy(), "the voltage unchanged"),
    "millivolts": (lambda n, v, i, dt: 1e3 * step(n, v, i, dt), "millivolts"),
    "a mean": (lambda *given: step(*given).mean(), "the shape () for voltages"),
    "rounded": (lambda *given: np.round(step(*given), 4), "mV where the voltage is"),
    "a scalar": (lambda n, v, i, dt: v if v > 0 else i, "stops with ValueError"),
}


@pytest.mark.parametrize("name", WRONG_STEPS)
def test_every_wrong_step_is_told_its_own_kind_of_error(name):
    function, words = WRONG_STEPS[name]
    for _ in range(DRAWS):
        outcome = check_step(function)
        assert outcome.passed < outcome.total
        assert words in repr(outcome)


@pytest.mark.parametrize("method", [taylor(1), taylor(2), implicit])
def test_an_approximation_loses_exactness_and_nothing_else(method):
    assert check_short_step(method).passed == check_short_step(method).total


@pytest.mark.parametrize("function", [in_place, current_in_place])
def test_a_step_in_place_is_right_but_damages_what_it_is_given(function):
    assert check_step(function).passed == check_step(function).total
    assert "changes an array that it is given" in repr(check_short_step(function))


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("function", HOSTILE)
def test_hostile_answers_get_a_sentence(check, function):
    assert told(check(function))


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize("unsolved", UNSOLVED)
def test_a_question_not_begun_is_told_so(check, unsolved):
    assert repr(check(unsolved)).startswith("Not solved yet")


def test_nothing_is_heard_of_warnings_and_of_what_is_written(capsys):
    def loud(*given):
        warnings.warn("beware", stacklevel=1)
        print("beware", file=sys.stderr)
        np.array([1.0]) / 0
        return rate(*given)

    assert check_rate(loud).passed == check_rate(loud).total
    assert capsys.readouterr().err == ""


def test_no_message_shows_the_solution():
    for function, _ in WRONG_STEPS.values():
        message = repr(check_step(function))
        assert all(part not in message for part in ("exp(", "np.", "E + R"))


def test_neurons_are_fresh_each_time_and_the_global_random_state_is_kept():
    seen = []
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    for _ in range(2):
        check_step(lambda *given: seen.append(given[0]) or step(*given))
    assert seen[0] != seen[len(seen) // 2]
    np.testing.assert_array_equal(before, np.random.get_state()[1])  # noqa: NPY002
