"""Writing the times down: a table to read, and a record that keeps every single one."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Any

import numpy as np

from benchmarks.contests import Contest
from benchmarks.problems import cut
from benchmarks.rounds import ENVIRONMENT
from relubook import records
from relubook.records.passport import Stopwatch, passport

REVISION = 1


def machine() -> dict[str, Any]:
    """What decides how far a time can be trusted: the cores we may use, and who else is here."""
    cores = getattr(os, "sched_getaffinity", None)
    return {
        "affinity": sorted(cores(0)) if cores else list(range(os.cpu_count() or 1)),
        "load_average_1_min": round(os.getloadavg()[0], 2),
    }


def speedup(times: np.ndarray) -> np.ndarray:
    """How many times as fast the first entrant was, in each round: [rounds entrants]."""
    return times / times[:, :1]


def table(contest: Contest, wall: np.ndarray, cpu: np.ndarray) -> str:
    """One contest as text: medians over rounds, and the range over rounds of the ratio."""
    lines = [_title(contest), _HEAD]
    ratios, on_cpu = speedup(wall), np.median(speedup(cpu), axis=0)
    for place, entrant in enumerate(contest.entrants):
        seconds, ratio = np.median(wall[:, place]), ratios[:, place]
        spread = f"{np.median(ratio):.2f} ({ratio.min():.2f}-{ratio.max():.2f})"
        lines.append(
            f"  {entrant.name:40} {seconds:9.3f} {np.median(cpu[:, place]):9.3f} "
            f"{_samples(contest) / seconds / 1000:9.1f}   {spread:22} {on_cpu[place]:6.2f}"
        )
    return "\n".join([*lines, *_verdicts(contest, wall)])


def record(
    measured: dict[str, tuple[Contest, np.ndarray, np.ndarray]],
    *,
    stopwatch: Stopwatch,
    machines: list[dict[str, Any]],
    command: str,
    quick: bool,
) -> records.Record:
    """Everything that was measured, with its passport.

    Arrays: `NAME.wall` and `NAME.cpu` [rounds entrants] in seconds, for each contest.

    Args:
        measured: Contest, wall and CPU times by the contest's name.
        stopwatch: Begun before the first round.
        machines: The machine's state before each contest and at the end.
        command: What was typed.
        quick: Whether the contests were tiny.
    """
    contests = [contest for contest, _, _ in measured.values()]
    listed = [asdict(contest) for contest in contests]
    config = {"contests": listed, "environment": ENVIRONMENT}
    data = {contest.setting.data: cut(contest.setting) for contest in contests}
    sha256 = ",".join(f"{name}={part.sha256}" for name, part in data.items())
    whole = passport(
        stopwatch=stopwatch,
        device="cpu",
        data={"name": ", ".join(data), "sha256": sha256, "source": "embedded"},
        seeds=range(max(contest.setting.models for contest in contests)),
        command=command,
    )
    arrays = {}
    for name, (_, wall, cpu) in measured.items():
        arrays |= {f"{name}.wall": wall, f"{name}.cpu": cpu}
    return records.Record(
        experiment="benchmark",
        scale="smoke" if quick else "laptop",
        data="digits",
        digest=records.digest(config, sha256, REVISION),
        config=config,
        passport={**whole, "machine": machines},
        arrays=arrays,
    )


_HEAD = (
    f"  {'':40} {'wall [s]':>9} {'CPU [s]':>9} {'k/s':>9}   "
    f"{'ours is x times as fast':22} {'(CPU)':>6}"
)


def _title(contest: Contest) -> str:
    """The job in words."""
    s = contest.setting
    networks = "1 network" if s.models == 1 else f"{s.models} networks"
    steps = _samples(contest) // s.models // s.batch_size
    return (
        f"\n{contest.name}: {networks}, {s.depth} hidden layers of {s.width}, "
        f"batch {s.batch_size}, {steps} steps each, {s.data}"
    )


def _samples(contest: Contest) -> int:
    """Examples trained on, counted once for each network."""
    s = contest.setting
    whole = len(cut(s).train) // s.batch_size * s.batch_size
    return whole * s.epochs * s.models


def _verdicts(contest: Contest, wall: np.ndarray) -> list[str]:
    """The contest's bar, and whether it was met."""
    lines = []
    if contest.ratio is not None:
        got = np.median(speedup(wall)[:, 1])
        lines.append(
            f"  bar: at least {contest.ratio:g} times {contest.entrants[1].name}; "
            f"got {got:.2f}: {_word(got >= contest.ratio)}"
        )
    if contest.seconds is not None:
        got = np.median(wall[:, 0])
        lines.append(
            f"  bar: under {contest.seconds:g} s; got {got:.2f} s: {_word(got < contest.seconds)}"
        )
    return lines


def _word(met: bool) -> str:
    """Met or missed."""
    return "met" if met else "MISSED"
