"""`python -m benchmarks`: measure, print tables, store records.

`contests` lets whole processes race on this machine's cores; `kernels` takes every scheme through
networks from small to the paper's size, on each device there is; `generators` times the data sets
that are made here; `frames` times the explorers in a Chromium; `regions` finds linear regions
exactly and by looking at many places; `pretraining` races against the plain loop, and so does
`text` on bags of words; `grading` grades a class; `pages` builds the book, weighs its pages and
times their first paint. Without a word it does all of that. Only where they are named: `engines`
times chunks of a sweep on a Ray cluster, and `faults` lets everything happen to one.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from benchmarks import (
    ceilings,
    generators,
    grading,
    kernel_report,
    kernels,
    pretraining,
    regions,
    report,
    roofline,
    rounds,
    text,
)
from benchmarks.contests import CONTESTS, quick
from relubook import records
from relubook.records.passport import Stopwatch

_PLAIN = {
    "generators": generators,
    "regions": regions,
    "pretraining": pretraining,
    "text": text,
    "grading": grading,
}
_ON_A_CLUSTER = ("engines", "faults")
RECORDS = Path(__file__).parent / "records"
_IN_A_BROWSER = ("frames", "pages")
_USUAL = ("contests", "kernels", *_IN_A_BROWSER, *_PLAIN)
PARTS = (*_USUAL, *_ON_A_CLUSTER)


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, store.

    Args:
        arguments: As typed; those of the command line unless given.
    """
    asked = parsed(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that no process stays behind
    if "contests" in asked.parts:
        _contests(asked)
    if "kernels" in asked.parts:
        torch.set_num_threads(asked.threads)  # here only so that the passport says it
        for device in asked.device or _devices():
            _kernels(asked, device)
    for name in _IN_A_BROWSER:
        if name in asked.parts:
            _seen(asked, name)
    for name, part in _PLAIN.items():
        if name in asked.parts:
            _measured(asked, name, part)
    if set(_ON_A_CLUSTER) & set(asked.parts):
        _clusters(asked)


def _clusters(asked: argparse.Namespace) -> None:
    """What starts a cluster of its own."""
    from benchmarks import engine_speed, faults  # here, so that the other parts need no Ray

    if "engines" in asked.parts:
        _measured(asked, "engines", engine_speed)
    if "faults" in asked.parts:
        asked.rounds = asked.rounds or faults.SCHEDULES
        _measured(asked, "faults", faults)


def _measured(asked: argparse.Namespace, name: str, part: ModuleType) -> None:
    """A part that needs no more than its rounds, and its record."""
    number = asked.rounds or 3
    stopwatch, machines = Stopwatch(), [report.machine()]
    arrays = part.run(number, quick=asked.quick, say=_say)
    machines.append(report.machine())
    made = part.record(
        arrays,
        stopwatch=stopwatch,
        machines=machines,
        command=f"python -m benchmarks {name} --rounds {number}" + " --quick" * asked.quick,
        quick=asked.quick,
    )
    print(part.table(made))
    _finish(asked, made, number)


def _seen(asked: argparse.Namespace, name: str) -> None:
    """A part that looks into a browser, and its record."""
    from benchmarks import frames, pages  # here, so that the other parts need no browser

    part, number = (frames, frames.MOVES) if name == "frames" else (pages, pages.OPENINGS)
    stopwatch, machines = Stopwatch(), [report.machine()]
    arrays = part.run(max(number // 10, 1) if asked.quick else number, say=_say)
    machines.append(report.machine())
    command = f"python -m benchmarks {name}" + " --quick" * asked.quick
    made = part.record(arrays, stopwatch=stopwatch, machines=machines, command=command)
    print(part.table(made))
    _finish(asked, made, number)


def _contests(asked: argparse.Namespace) -> None:
    """Every contest, and their record."""
    number = asked.rounds or 5
    contests = [quick(contest) for contest in CONTESTS] if asked.quick else CONTESTS
    stopwatch, machines, measured = Stopwatch(), [], {}
    with rounds.clock() as measure:
        for contest in contests:
            machines.append(report.machine())
            _say(f"{contest.name} ...")
            wall, cpu = rounds.run(contest, measure, number, _dot)
            measured[contest.name] = (contest, wall, cpu)
            print(report.table(contest, wall, cpu), flush=True)
    machines.append(report.machine())
    made = report.record(
        measured,
        stopwatch=stopwatch,
        machines=machines,
        command=f"python -m benchmarks contests --rounds {number}" + " --quick" * asked.quick,
        quick=asked.quick,
    )
    _finish(asked, made, number)
    print(" ".join(f"{name}={value}" for name, value in rounds.ENVIRONMENT.items()))


def _kernels(asked: argparse.Namespace, device: str) -> None:
    """Every row on one device between two looks at the ceilings, and their record."""
    number = asked.rounds or 3
    sizes = ceilings.QUICK if asked.quick else ceilings.SIZES[device]
    stopwatch, machines = Stopwatch(), [report.machine()]
    before, measured = _apart(asked, ceilings.measure, sizes, device), {}
    for row in kernels.rows(device, quick=asked.quick):
        machines.append(report.machine())
        _say(f"{row.name} on {device} ...")
        measured[row] = {}
        for names in kernels.portions(device, quick=asked.quick):
            measured[row] |= _apart(asked, kernels.measure, row, device, number, names)
    tops = ceilings.join(before, _apart(asked, ceilings.measure, sizes, device))
    best = roofline.best(tops, sizes.copies)
    machines.append(report.machine())
    done = {
        row: (list(schemes), kernel_report.judged(row, schemes, best))
        for row, schemes in measured.items()
    }
    for row, (names, arrays) in done.items():
        print(kernel_report.table(row, names, arrays))
    print(kernel_report.ceilings_table(sizes, tops))
    made = kernel_report.record(
        done,
        sizes,
        tops,
        rounds=number,
        stopwatch=stopwatch,
        machines=machines,
        command=f"python -m benchmarks kernels --device {device} --threads {asked.threads} "
        f"--rounds {number}" + " --quick" * asked.quick,
        device=device,
        quick=asked.quick,
    )
    _finish(asked, made, number)
    if device == "cpu" and not torch.cuda.is_available():
        print("Not measured: the same rows on a GPU. There is none here.")


def _apart(asked: argparse.Namespace, act: Callable[..., Any], *arguments: object) -> Any:
    """What a fresh process returns, whose memory goes back afterwards."""
    with rounds.fresh(1, asked.threads, **kernels.ENVIRONMENT) as process:
        return process.apply(act, arguments)


def _finish(asked: argparse.Namespace, made: records.Record, number: int) -> None:
    """Say where and how it was measured, and store it."""
    machines = made.passport["machine"]
    loads = ", ".join(f"{state['load_average_1_min']:g}" for state in machines)
    print(f"\n{made.passport['device']}; affinity {machines[0]['affinity']}; load average {loads}")
    unit = (
        ""
        if made.experiment in (*_IN_A_BROWSER, *_PLAIN, *_ON_A_CLUSTER)
        else "k/s: thousands of networks x examples a second. "
    )
    print(f"{unit}Medians; rounds: {number}.")
    if folder := asked.out or (None if asked.quick else RECORDS):
        print(f"Stored in {records.save(made, folder)}")


def _devices() -> list[str]:
    """What there is to compute on."""
    return ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("part", nargs="?", choices=PARTS, help="what to measure (all)")
    parser.add_argument("--out", type=Path, help="folder for the records (benchmarks/records)")
    parser.add_argument("--rounds", type=int, help="rounds that count (contests 5, others 3)")
    parser.add_argument("--quick", action="store_true", help="tiny networks: does it run?")
    parser.add_argument(
        "--device", action="append", choices=["cpu", "cuda"], help="of the kernels (all there are)"
    )
    parser.add_argument("--threads", type=int, default=1, help="of the kernels on a CPU (1)")
    asked = parser.parse_args(arguments)
    asked.parts = (asked.part,) if asked.part else _USUAL
    return asked


def _dot(turn: int) -> None:
    """A sign of life on the terminal."""
    _say(f"  round {turn}" if turn else "  warm-up")


def _say(text: str) -> None:
    """A line that is not part of the result."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
