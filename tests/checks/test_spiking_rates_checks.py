"""The checks of a rate from spikes: right in any style, wrong by its own sentence."""

import numpy as np
import pytest
import torch
from spiking_students import DRAWS, HOSTILE, UNSOLVED, rate, told

from relubook.checks.spiking_rates import check_few_spikes, check_rate

RATE = (check_rate, check_few_spikes)


def rate_by_mean(spike_times, duration, discard):
    gaps = np.diff([time for time in spike_times if time >= discard])
    return 1 / gaps.mean() if len(gaps) else 0


def rate_as_array(*given):
    return np.array([rate(*given)])


RIGHT = (rate, rate_by_mean, rate_as_array, lambda *given: torch.tensor(rate(*given)))


@pytest.mark.parametrize("check", RATE)
@pytest.mark.parametrize("function", RIGHT)
def test_right_rates_of_every_style_pass_on_every_draw(check, function):
    for _ in range(DRAWS):
        outcome = check(function)
        assert outcome.passed == outcome.total, outcome


def intervals(late):
    return len(late) - 1


def late_ones(times, discard):
    return times[times >= discard]


WRONG_RATES = {
    "all": (lambda s, d, k: len(s) / d, "the beginning included"),
    "window": (lambda s, d, k: len(late_ones(s, k)) / (d - k), "the length of a window"),
    "whole": (lambda s, d, k: len(late_ones(s, k)) / d, "divides by the whole recording"),
    "fence": (lambda s, d, k: len(late_ones(s, k)) / np.ptp(late_ones(s, k)), "How many intervals"),
    "last": (lambda s, d, k: len(late_ones(s, k)) / s[-1], "time of the last spike"),
    "undiscarded": (lambda s, d, k: rate(s, d, 0.0), "does not discard"),
    "straddling": (
        lambda s, d, k: rate(s, d, s[np.flatnonzero(s >= k)[0] - 1]),
        "begins before `discard`",
    ),
    "mean": (lambda s, d, k: (1 / np.diff(late_ones(s, k))).mean(), "short intervals then weigh"),
    "median": (lambda s, d, k: 1 / np.median(np.diff(late_ones(s, k))), "the median interval"),
    "period": (lambda s, d, k: 1 / rate(s, d, k), "How many of these fit into a second"),
    "per millisecond": (lambda s, d, k: 1e-3 * rate(s, d, k), "per millisecond"),
    "milliseconds": (lambda s, d, k: 1e3 * rate(s, d, k), "1000 times too large"),
    "count": (lambda s, d, k: len(late_ones(s, k)), "A rate is a number of spikes per second"),
    "intervals": (lambda s, d, k: intervals(late_ones(s, k)), "It counts intervals"),
    "constant": (lambda s, d, k: 6.67, "for a train whose intervals come at"),
    "several": (lambda s, d, k: 1 / np.diff(late_ones(s, k)), "returns 9 numbers"),
}


@pytest.mark.parametrize("name", WRONG_RATES)
def test_every_wrong_rate_is_told_its_own_kind_of_error(name):
    function, words = WRONG_RATES[name]
    for _ in range(DRAWS):
        outcome = check_rate(function)
        assert outcome.passed < outcome.total
        assert words in repr(outcome)


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda s, d, k: 1 / np.diff(late_ones(s, k)).mean(), "NaN for no spikes"),
        (lambda s, d, k: intervals(late_ones(s, k)) / np.ptp(s), "For no spikes it stops with"),
        (lambda s, d, k: rate(s, d, k) or None, "returns nothing for no spikes"),
        (lambda s, d, k: max(rate(s, d, k), 1 / d), "1 Hz for no spikes"),
        (lambda s, d, k: 0.0, "0 Hz for a train with many spikes"),
        (lambda s, d, k: rate(s, d, 0.0), "no spike after the beginning"),
    ],
)
def test_what_is_wrong_about_few_spikes_is_said(function, words):
    for _ in range(DRAWS):
        assert words in repr(check_few_spikes(function))


def test_a_rate_that_sorts_in_place_is_told():
    def backwards(s, d, k):
        found = rate(s, d, k)
        s[:] = s[::-1]
        return found

    assert check_rate(backwards).passed == check_rate(backwards).total
    assert "changes the times" in repr(check_few_spikes(backwards))


@pytest.mark.parametrize("check", RATE)
@pytest.mark.parametrize("function", HOSTILE)
def test_hostile_answers_get_a_sentence(check, function):
    assert told(check(function))


@pytest.mark.parametrize("check", RATE)
@pytest.mark.parametrize("unsolved", UNSOLVED)
def test_a_question_not_begun_is_told_so(check, unsolved):
    assert repr(check(unsolved)).startswith("Not solved yet")


def test_no_message_shows_the_solution():
    for function, _ in WRONG_RATES.values():
        message = repr(check_rate(function))
        assert all(part not in message for part in ("np.", "len(", "[-1]", "discard]"))
