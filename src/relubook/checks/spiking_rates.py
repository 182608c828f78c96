"""Checks of the assignment on neurons: a firing rate from the times of spikes."""

import math

import numpy as np
from jaxtyping import Float

from relubook.checks import NotSolvedError, Outcome
from relubook.checks.spiking_answers import FormError, Student, asked, fresh, keeps, number, outcome
from relubook.checks.spiking_slips import wrong_rates
from relubook.checks.wording import apart

__all__ = ["check_few_spikes", "check_rate"]

Times = Float[np.ndarray, "_"]

_RATE = "Return one number [Hz]."


def check_rate(function: object) -> Outcome:
    """Check `rate_from_spikes(spike_times, duration, discard)` where there are intervals.

    Args:
        function: Takes the rising times of spikes [s], the duration of the recording [s], and how
            much of its beginning is discarded [s]; returns the number of whole intervals between
            the spikes at or after `discard`, over the time that they take [Hz].

    Returns:
        What was found; `require()` stops a cell unless all passed.

    >>> def rate_from_spikes(spike_times, duration, discard):
    ...     kept = spike_times[spike_times >= discard]
    ...     return (len(kept) - 1) / (kept[-1] - kept[0])
    >>> check_rate(rate_from_spikes)
    All public checks passed (3 of 3).
    """
    return outcome(function, _rate_value, _nothing_discarded, _one_interval)


def check_few_spikes(function: object) -> Outcome:
    """Check `rate_from_spikes` where there is no interval, and that it keeps its spikes.

    Args:
        function: As for `check_rate`.
    """
    return outcome(function, _some_spikes, _no_spikes, _too_few_are_left, _train_is_kept)


def _train() -> tuple[Times, float, float]:
    """A neuron that fires fast at first, then at uneven intervals, then not for a while."""
    generator = fresh()
    early = generator.uniform(4e-3, 9e-3, 12).cumsum()
    discard = float(early[-1]) + 0.01
    gaps = generator.permutation(np.geomspace(15e-3, 0.2, 9)) * generator.uniform(0.9, 1.1, 9)
    late = discard + 5e-3 + np.concatenate([[0.0], gaps]).cumsum()
    return np.concatenate([early, late]), float(late[-1]) + 0.31, discard


def _rate(function: Student, *given: object) -> float:
    return number(asked(function, *given), _RATE)


def _expected_rate(times: Times, discard: float) -> float:
    """The reference, one spike after the other."""
    kept = [time for time in times.tolist() if time >= discard]
    return (len(kept) - 1) / (kept[-1] - kept[0])


def _close(found: float, expected: float) -> bool:
    return math.isclose(found, expected, rel_tol=1e-6)


def _rate_value(function: Student) -> str | None:
    """Common slips are recognized by what they compute."""
    times, duration, discard = _train()
    found, expected = _rate(function, times, duration, discard), _expected_rate(times, discard)
    if _close(found, expected):
        return None
    for sentence, wrong in wrong_rates(times[times >= discard], times, duration, discard).items():
        if _close(found, wrong):
            return sentence
    theirs, ours = apart(found, expected)
    return f"It returns {theirs} Hz for a train whose intervals come at {ours} Hz."


def _nothing_discarded(function: Student) -> str | None:
    """With 0 s to discard every spike counts."""
    times, duration, _ = _train()
    if _close(_rate(function, times, duration, 0.0), _expected_rate(times, 0.0)):
        return None
    return "It is wrong if nothing is to be discarded: then all spikes count."


def _one_interval(function: Student) -> str | None:
    """Two spikes after the beginning are enough for a rate."""
    times, duration, discard = _train()
    times = times[:14]
    if _close(_rate(function, times, duration, discard), _expected_rate(times, discard)):
        return None
    return "It is wrong for two spikes after the beginning. How many intervals are these?"


def _some_spikes(function: Student) -> str | None:
    """An answer that is always 0 is no answer."""
    times, duration, discard = _train()
    found = _rate(function, times, duration, discard)
    if found > 0 and math.isfinite(found):
        return None
    return f"It returns {found:g} Hz for a train with many spikes."


def _no_spikes(function: Student) -> str | None:
    """A silent neuron, and one that fired once."""
    for times in (np.array([]), np.array([0.4])):
        what = "no spikes" if not len(times) else "one spike"
        message = _not_zero(function, times, 1.0, 0.2, what)
        if message:
            return message
    return None


def _too_few_are_left(function: Student) -> str | None:
    """Many spikes, of which at most one is late enough."""
    times, duration, discard = _train()
    for many, what in ((12, "no spike"), (13, "one spike")):
        message = _not_zero(
            function, times[:many], duration, discard, f"{what} after the beginning"
        )
        if message:
            return message
    return None


def _not_zero(
    function: Student, times: Times, duration: float, discard: float, what: str
) -> str | None:
    """A sentence unless the rate is 0."""
    try:
        found = _rate(function, times, duration, discard)
    except NotSolvedError:
        return f"It returns nothing for {what}. Without an interval the rate is 0."
    except FormError:
        raise
    except Exception as error:
        return f"For {what} it stops with {type(error).__name__}. Without an interval it is 0."
    if found == 0:
        return None
    if math.isnan(found):
        return f"It returns NaN for {what}: by what does it divide? Without an interval it is 0."
    return f"It returns {found:.3g} Hz for {what}. Without an interval the rate is 0."


def _train_is_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    times, duration, discard = _train()
    if keeps(function, times, duration, discard):
        return None
    return "It changes the times that it is given. Make a new array."
