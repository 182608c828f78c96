"""`python -m benchmarks`: run every contest, print the table, store the record."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path

from benchmarks import report, rounds
from benchmarks.contests import CONTESTS, quick
from relubook import records
from relubook.records.passport import Stopwatch

RECORDS = Path(__file__).parent / "records"


def main(arguments: list[str] | None = None) -> None:
    """Measure, print, store.

    Args:
        arguments: As typed; those of the command line unless given.
    """
    asked = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that no process stays behind
    contests = [quick(contest) for contest in CONTESTS] if asked.quick else CONTESTS
    stopwatch, machines, measured = Stopwatch(), [], {}
    with rounds.clock() as measure:
        for contest in contests:
            machines.append(report.machine())
            print(f"{contest.name} ...", file=sys.stderr, flush=True)
            wall, cpu = rounds.run(contest, measure, asked.rounds, _dot)
            measured[contest.name] = (contest, wall, cpu)
            print(report.table(contest, wall, cpu), flush=True)
    machines.append(report.machine())
    made = report.record(
        measured,
        stopwatch=stopwatch,
        machines=machines,
        command=f"python -m benchmarks --rounds {asked.rounds}" + " --quick" * asked.quick,
        quick=asked.quick,
    )
    loads = ", ".join(f"{state['load_average_1_min']:g}" for state in machines)
    print(f"\n{made.passport['device']}; affinity {machines[0]['affinity']}; load average {loads}")
    print(f"k/s: thousands of networks x examples a second. Medians; rounds: {asked.rounds}.")
    print(" ".join(f"{name}={value}" for name, value in rounds.ENVIRONMENT.items()))
    if folder := asked.out or (None if asked.quick else RECORDS):
        print(f"Stored in {records.save(made, folder)}")


def _parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--out", type=Path, help="folder for the record (benchmarks/records)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count (5)")
    parser.add_argument("--quick", action="store_true", help="tiny networks: does it run?")
    return parser


def _dot(turn: int) -> None:
    """A sign of life on the terminal."""
    print(f"  round {turn}" if turn else "  warm-up", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
