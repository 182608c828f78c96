"""The checks of simulated spikes: right in any style, wrong by its own sentence."""

import numpy as np
import pytest
from spiking_students import DRAWS, HOSTILE, UNSOLVED, by_counting, simulating, step, told

from relubook.checks.spiking_trains import (
    check_changing_current,
    check_first_spike,
    check_intervals,
)

FIRST, INTERVALS, CHANGES = TRAINS = (check_first_spike, check_intervals, check_changing_current)
RIGHT = (simulating(), by_counting, simulating(late=0), simulating(method="Euler"))


@pytest.mark.parametrize("check", TRAINS)
@pytest.mark.parametrize("function", RIGHT)
def test_right_simulations_of_every_style_pass_on_every_draw(check, function):
    for _ in range(DRAWS):
        outcome = check(function)
        assert outcome.passed == outcome.total, outcome


def first_current(neuron, current, dt):
    return by_counting(neuron, np.full(len(current), current[0]), dt)


def only_one(*given):
    return simulating()(*given)[:1]


def stops_early(*given):
    return simulating()(*given)[:4]


def damaging(neuron, current, dt):
    current *= neuron.resistance
    return by_counting(neuron, current / neuron.resistance, dt)


def nothing_if_silent(*given):
    return simulating()(*given) if len(simulating()(*given)) else None


def twice_silent(neuron, current, dt):
    voltage, free, spikes = neuron.rest, 0, []
    for k, ampere in enumerate(current):
        if k >= free:
            voltage = step(neuron, voltage, ampere, dt)
            if voltage >= neuron.threshold:
                spikes.append((k + 1) * dt)
                voltage, free = neuron.reset, k + 1 + 2 * round(neuron.refractory_time / dt)
    return spikes


def voltages(neuron, current, dt):
    return neuron.rest + 0 * current


WRONG_TRAINS = [
    (simulating(silent="no"), INTERVALS, "too short by the refractory time"),
    (simulating(silent="no"), CHANGES, "In this model such a current is lost"),
    (simulating(silent="charging"), INTERVALS, "too short by the refractory time"),
    (simulating(silent="charging"), CHANGES, "In this model such a current is lost"),
    (twice_silent, INTERVALS, "too long by one refractory time"),
    (simulating(reset="rest"), INTERVALS, "After a spike it begins again at the rest voltage"),
    (simulating(reset="rest", silent="no"), INTERVALS, "and after a spike it begins again at"),
    (simulating(reset=None), INTERVALS, "From where does the voltage begin again"),
    (simulating(reset=None, silent="no"), INTERVALS, "It fires at every step"),
    (simulating(reset=None), CHANGES, "times, not 7"),
    (simulating(start="reset"), FIRST, "began at the reset voltage"),
    (simulating(leak=False), FIRST, "had no leak"),
    (simulating(leak=False), INTERVALS, "without a leak"),
    (simulating(unit=1e3), FIRST, "returns milliseconds"),
    (simulating(unit=1e4), FIRST, "returns numbers of steps"),
    (simulating(unit=1e5), FIRST, "times after the end"),
    (first_current, FIRST, "Does each step use its own current"),
    (first_current, CHANGES, "after a time of silence"),
    (only_one, INTERVALS, "Does it go on after the first"),
    (stops_early, INTERVALS, "right for some spikes only"),
    (damaging, CHANGES, "changes the currents"),
    (nothing_if_silent, FIRST, "returns nothing for a silent neuron"),
    (voltages, FIRST, "one number for each step"),
    (lambda *given: np.insert(simulating()(*given), 0, 0.0), FIRST, "comes at once"),
    (lambda *given: simulating()(*given)[::-1], FIRST, "do not rise"),
    (lambda *given: len(simulating()(*given)), INTERVALS, "returns one number"),
    (lambda *given: simulating()(*given)[:, None], FIRST, "returns the shape"),
    (lambda *given: [], FIRST, "finds no spike"),
    (lambda *given: [], INTERVALS, "finds 0 spikes"),
    (lambda n, c, dt: [1e-3, 2e-3], FIRST, "it takes"),
    (lambda n, c, dt: simulating()(n, np.maximum(c, 0) * 1.7, dt), FIRST, "The first spike"),
]


@pytest.mark.parametrize(("function", "check", "words"), WRONG_TRAINS)
def test_every_wrong_simulation_is_told_its_own_kind_of_error(function, check, words):
    for _ in range(5):
        outcome = check(function)
        assert outcome.passed < outcome.total
        assert words in repr(outcome)


@pytest.mark.parametrize(
    ("function", "passed"),
    [
        (simulating(silent="no"), [FIRST]),
        (simulating(silent="charging"), [FIRST]),
        (simulating(reset="rest"), [FIRST]),
        (simulating(reset=None), [FIRST]),
        (simulating(start="reset"), [INTERVALS, CHANGES]),
        (simulating(leak=False), []),
        (first_current, [INTERVALS]),
        (damaging, [FIRST, INTERVALS]),
    ],
)
def test_a_slip_costs_the_points_of_what_it_is_about_and_no_others(function, passed):
    for _ in range(DRAWS // 5):
        outcomes = {check: check(function) for check in TRAINS}
        assert [c for c, found in outcomes.items() if found.passed == found.total] == passed


@pytest.mark.parametrize("check", TRAINS)
@pytest.mark.parametrize("function", HOSTILE)
def test_hostile_answers_get_a_sentence(check, function):
    assert told(check(function))


@pytest.mark.parametrize("check", TRAINS)
@pytest.mark.parametrize("unsolved", UNSOLVED)
def test_a_question_not_begun_is_told_so(check, unsolved):
    assert repr(check(unsolved)).startswith("Not solved yet")


def test_no_message_shows_the_solution():
    for function, check, _ in WRONG_TRAINS:
        message = repr(check(function))
        assert all(part not in message for part in ("exp(", "np.", "log(", "round("))
