"""The checks of a fitted rectifier: right in any style, wrong by its own sentence."""

import math

import numpy as np
import pytest
from scipy import optimize
from spiking_students import DRAWS, HOSTILE, UNSOLVED, told

from relubook.checks.spiking_curves import check_fit, check_measurements
from relubook.experiments import response_fits

FITS = (check_fit, check_measurements)
AS_MANY = 501  # thresholds, as the checks search for slips: a slip's best place is the same


def best_gain(above, rate):
    return above @ rate / max(above @ above, 1e-300)


def fitting(*, gain=best_gain, error=lambda off: off @ off, ends=None, many=1000, form=tuple):
    """A student's search, one threshold after the other."""

    def fit(current, rate):
        low, high = ends(current) if ends else (current.min(), current.max())
        found = (math.inf, 0.0, 0.0)
        for threshold in np.linspace(low, high, many)[:-1]:
            above = np.maximum(0, current - threshold)
            tried = gain(above, rate)
            found = min(found, (error(tried * above - rate), tried, threshold))
        return form(found[1:])

    return fit


def at_once(current, rate):
    """All thresholds together; NaN at the last one is known, and skipped."""
    thresholds = np.linspace(current.min(), current.max(), 1001)
    above = np.maximum(0, current - thresholds[:, None])
    gains = above @ rate / (above**2).sum(1)
    place = np.nanargmin(((gains[:, None] * above - rate) ** 2).sum(1))
    return gains[place], thresholds[place]


def in_small_units(current, rate):
    """Scaled, and refined by an optimizer."""
    size = np.abs(current).max()
    x = current / size

    def left(threshold):
        above = np.maximum(0, x - threshold)
        return ((best_gain(above, rate) * above - rate) ** 2).sum()

    rough = min(np.linspace(x.min(), x.max(), 300)[:-1], key=left)
    bounds = (rough - 0.01, rough + 0.01)
    fine = float(optimize.minimize_scalar(left, bounds=bounds, method="bounded").x)
    return best_gain(np.maximum(0, x - fine), rate) / size, fine * size


RIGHT = (fitting(), fitting(form=list), fitting(form=np.array), at_once, in_small_units)


@pytest.mark.parametrize("check", FITS)
@pytest.mark.parametrize("function", RIGHT)
def test_right_fits_of_every_style_pass_on_every_draw(check, function):
    for _ in range(DRAWS):
        outcome = check(function)
        assert outcome.passed == outcome.total, outcome


def line(current, rate):
    slope, start = np.polyfit(1e9 * current, rate, 1)
    return 1e9 * slope, -1e-9 * start / slope if slope else 0.0


def line_of_positive(current, rate):
    return line(current[rate > 0], rate[rate > 0]) if rate.any() else (0.0, 0.0)


def threshold_at(place):
    def fit(current, rate):
        threshold = place(current, rate)
        return best_gain(np.maximum(0, current - threshold), rate), threshold

    return fit


def first_spike(current, rate):
    return current[rate > 0].min() if rate.any() else current[0]


def last_silence(current, rate):
    return current[rate == 0].max()


def measured_only(current, rate):
    fits = [threshold_at(lambda *_, one=one: one)(current, rate) for one in np.unique(current)[:-1]]
    return min(fits, key=lambda f: ((f[0] * np.maximum(0, current - f[1]) - rate) ** 2).sum())


def mean_ratio(current, rate):
    above = current - current.min()
    return (rate[above > 0] / above[above > 0]).mean(), current.min()


def last_ratio(above, rate):
    return rate[above.argmax()] / above.max()


def with_nan(current, rate):
    thresholds = np.linspace(current.min(), current.max(), 1001)
    above = np.maximum(0, current - thresholds[:, None])
    gains = above @ rate / (above**2).sum(1)
    place = ((gains[:, None] * above - rate) ** 2).sum(1).argmin()
    return gains[place], thresholds[place]


def means_only(current, rate):
    each = np.unique(current)
    means = np.array([rate[current == one].mean() for one in each])
    return fitting(many=AS_MANY)(each, means)


def sorted_wrongly(current, rate):
    return fitting()(np.sort(current), rate)


def changed(form):
    return lambda *given: form(*fitting()(*given))


def searching(**other):
    return fitting(**other, many=AS_MANY)


WRONG = {
    "line": (line, "a straight line through all points"),
    "positive": (line_of_positive, "through the positive rates only"),
    "first spike": (threshold_at(first_spike), "Noise alone can make a spike"),
    "last silence": (threshold_at(last_silence), "Noise alone can keep a neuron silent"),
    "measured": (measured_only, "tries the measured currents only"),
    "last point": (searching(gain=last_ratio), "that of one current"),
    "mean ratio": (mean_ratio, "a mean of ratios"),
    "minimax": (searching(error=lambda off: np.abs(off).max()), "makes the largest distance small"),
    "absolute": (searching(error=lambda off: np.abs(off).sum()), "makes the sum of the distances"),
    "nan": (with_nan, "At which thresholds is no point left above"),
    "epsilon": (
        fitting(gain=lambda h, r: h @ r / (h @ h + 1e-9)),
        "small only beside 1",
    ),
    "order": (changed(lambda gain, threshold: (threshold, gain)), "the threshold first"),
    "nanoamperes": (changed(lambda g, t: (1e-9 * g, 1e9 * t)), "right in nA"),
    "threshold in nA": (changed(lambda g, t: (g, 1e9 * t)), "the threshold is in nA"),
    "gain per nA": (changed(lambda g, t: (1e-9 * g, t)), "the gain is in Hz per nA"),
    "negative": (changed(lambda g, t: (-g, t)), "The gain is negative"),
    "too steep": (changed(lambda g, t: (1.2 * g, t)), "times the least"),
    "example": (lambda current, rate: (1e10, 1e-9), "times the least"),
    "fixed range": (fitting(ends=lambda _: (-1e-9, 2e-9)), "does it search"),
    "one number": (lambda *given: fitting()(*given)[0], "returns 1 numbers"),
}


@pytest.mark.parametrize("name", WRONG)
def test_every_wrong_fit_is_told_its_own_kind_of_error(name):
    function, words = WRONG[name]
    for _ in range(DRAWS // 2):
        outcome = check_fit(function)
        assert outcome.passed < outcome.total
        assert words in repr(outcome)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (
            searching(ends=lambda current: (current[0], current[-1])),
            "the first and the last current",
        ),
        (means_only, "some currents have more of them"),
    ],
)
def test_who_trusts_the_order_loses_the_points_of_the_order_only(function, words):
    for _ in range(DRAWS // 2):
        assert check_fit(function).passed == check_fit(function).total
        assert words in repr(check_measurements(function))


def test_who_sorts_currents_without_their_rates_is_told():
    assert "passed" in repr(check_measurements(sorted_wrongly))
    assert check_fit(sorted_wrongly).passed == check_fit(sorted_wrongly).total
    assert told(check_measurements(sorted_wrongly))


def test_a_neuron_that_never_fires_has_no_gain():
    hopeful = changed(lambda gain, threshold: (max(gain, 1e3), threshold))
    assert check_fit(hopeful).passed == check_fit(hopeful).total
    assert "never fires it returns the gain 1000" in repr(check_measurements(hopeful))


def test_measurements_sorted_in_place_are_told():
    def damaging(current, rate):
        found = fitting()(current, rate)
        current.sort()
        return found

    assert check_fit(damaging).passed == check_fit(damaging).total
    assert "changes the measurements" in repr(check_measurements(damaging))


@pytest.mark.parametrize("check", FITS)
def test_the_package_has_no_function_that_answers_the_question(check):
    def packaged(current, rate):
        found, _ = response_fits.fit("rectifier", 1e9 * current, rate)
        return 1e9 * found["a"], 1e-9 * found["b"]

    assert "must rise from number to number" in repr(check(packaged))


@pytest.mark.parametrize("check", FITS)
@pytest.mark.parametrize("function", HOSTILE)
def test_hostile_answers_get_a_sentence(check, function):
    assert told(check(function))


@pytest.mark.parametrize("check", FITS)
@pytest.mark.parametrize("unsolved", UNSOLVED)
def test_a_question_not_begun_is_told_so(check, unsolved):
    assert repr(check(unsolved)).startswith("Not solved yet")


def test_no_message_shows_the_solution():
    for function, _ in WRONG.values():
        message = repr(check_fit(function))
        assert all(part not in message for part in ("@", "np.", "sum(", " / "))
