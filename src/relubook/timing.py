"""Times of calls, measured side by side.

A machine is never equally fast twice: its clock changes, other programs come and go. So contestants
run in turns, and what is compared are times of the same round.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np
from jaxtyping import Float
from torch.utils.benchmark import Timer


def race(
    contestants: Mapping[str, Callable[[], object]],
    *,
    rounds: int = 7,
    seconds: float = 0.02,
    threads: int = 1,
    progress: Callable[[int, int, str], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> dict[str, Float[np.ndarray, "rounds"]]:
    """Seconds per call of each contestant, in rounds in which each of them runs once.

    Every second round goes backward, so that a machine that slows down or speeds up favors nobody.
    One warm-up, which does not count, finds out how many calls fill the time. Work on a GPU is
    waited for.

    Args:
        contestants: What to call, by name.
        rounds: How many times each contestant is measured.
        seconds: Time of one measurement, which is a mean over many calls [s].
        threads: Of torch, while the race runs.
        progress: Called as `progress(done, total, text)` after each round.
        stop: Asked before each measurement; True keeps the rounds that are finished.

    Returns:
        Seconds per call [s], one number a round, for each name.

    Raises:
        ValueError: If there is nobody to race, or a number is out of its range.

    >>> list(race({"nothing": lambda: None}, rounds=2, seconds=1e-4))
    ['nothing']
    """
    _check(contestants, rounds, seconds, threads)
    timers = {
        name: Timer("contestant()", globals={"contestant": call}, num_threads=threads)
        for name, call in contestants.items()
    }
    calls = {name: _calls_that_fill(seconds, timer) for name, timer in timers.items()}
    finished: list[dict[str, float]] = []
    for turn in range(rounds):
        times: dict[str, float] = {}
        for name in reversed(timers) if turn % 2 else timers:
            if stop is not None and stop():
                return _by_name(timers, finished)
            times[name] = timers[name].timeit(calls[name]).mean
        finished.append(times)
        if progress is not None:
            progress(turn + 1, rounds, f"round {turn + 1} of {rounds}")
    return _by_name(timers, finished)


def _calls_that_fill(seconds: float, timer: Timer) -> int:
    """How many calls take about that long; trying it out is the warm-up."""
    number = 1
    while (taken := number * timer.timeit(number).mean) < seconds / 10:
        number *= 10
    return max(1, round(number * seconds / taken))


def _by_name(
    names: Mapping[str, object], finished: list[dict[str, float]]
) -> dict[str, Float[np.ndarray, "rounds"]]:
    """One array a contestant from one dictionary a round."""
    return {name: np.array([times[name] for times in finished], dtype=float) for name in names}


def _check(
    contestants: Mapping[str, Callable[[], object]], rounds: int, seconds: float, threads: int
) -> None:
    """Raise about the first argument that makes no race."""
    if not contestants:
        raise ValueError("The `contestants` of a race must be at least 1. Got none.")
    for name, number in (("rounds", rounds), ("threads", threads)):
        if number < 1:
            raise ValueError(f"The `{name}` of a race must be at least 1. Got {number}.")
    if not 0 < seconds < math.inf:
        raise ValueError(f"The `seconds` of a race must be above 0 and finite. Got {seconds}.")
