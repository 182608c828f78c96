"""Taking times: processes of their own, started together, entrants in turn, round after round."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from unittest.mock import patch

import numpy as np

from benchmarks.contests import Contest, Entrant

_PATIENCE = 600.0  # seconds to wait for another process before giving up
# Threads that wait must not spin: beside any other work they would take the cores from themselves.
ENVIRONMENT = {"OMP_WAIT_POLICY": "PASSIVE"}

Times = tuple[float, float]  # wall and CPU time [s]
Clock = Callable[[Contest, Entrant], Times]

_together: Barrier | None = None


@contextmanager
def clock() -> Iterator[Clock]:
    """A function that times one entrant; its processes live until the context ends."""
    pools: dict[tuple[int, int], Pool] = {}

    def measure(contest: Contest, entrant: Entrant) -> Times:
        key = (entrant.processes, entrant.threads)
        if key not in pools:
            pools[key] = fresh(*key)
        jobs = [(contest, entrant, part) for part in range(entrant.processes)]
        wall, cpu = zip(*pools[key].starmap(_timed, jobs, chunksize=1), strict=True)
        return max(wall), sum(cpu)

    try:
        yield measure
    finally:
        for pool in pools.values():
            pool.terminate()


def run(
    contest: Contest, measure: Clock, rounds: int, progress: Callable[[int], None]
) -> tuple[np.ndarray, np.ndarray]:
    """Wall and CPU times [rounds entrants] of a contest, after one round that does not count.

    In every round each entrant runs once, and another one begins: what else the machine does
    falls on all of them alike.

    Args:
        contest: What to run.
        measure: From `clock`.
        rounds: How many count.
        progress: Told the number of rounds done.
    """
    times = np.zeros((rounds + 1, len(contest.entrants), 2))
    for turn in range(rounds + 1):
        for place in np.roll(np.arange(len(contest.entrants)), -turn):
            times[turn, place] = measure(contest, contest.entrants[place])
        progress(turn)
    return times[1:, :, 0], times[1:, :, 1]


def fresh(processes: int, threads: int, **environment: str) -> Pool:
    """Fresh processes with that many threads each, whichever library asks."""
    context = multiprocessing.get_context("spawn")
    settings = {**ENVIRONMENT, **environment, "OMP_NUM_THREADS": str(threads)}
    with patch.dict(os.environ, settings):
        return context.Pool(processes, _begin, (context.Barrier(processes), threads))


def _begin(together: Barrier, threads: int) -> None:
    """Set up one process."""
    import torch

    global _together
    _together = together
    torch.set_num_threads(threads)


def _timed(contest: Contest, entrant: Entrant, part: int) -> Times:
    """Wall and CPU time of one process's share; all processes start at the same moment."""
    from benchmarks.contestants import CONTESTANTS
    from benchmarks.problems import problem

    prepared = CONTESTANTS[entrant.who](
        problem(contest.setting, part=part, parts=entrant.processes)
    )
    if _together is not None:
        _together.wait(_PATIENCE)
    wall, cpu = time.perf_counter(), time.process_time()
    prepared.train()
    return time.perf_counter() - wall, time.process_time() - cpu
