"""All faults at random moments, on a cluster and on one machine: what is lost, what is double.

Each takes place in a namespace of its own, with a disk of 3 MB, and is judged against the same
sweep to which nothing happened, bit for bit.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import cluster_faults, local_faults
from benchmarks.clusters import ROOT, namespace
from relubook import records
from relubook.records.passport import Stopwatch, passport

REVISION = 1
SCHEDULES = 8
GROUPS: dict[str, dict[str, Callable[..., None]]] = {
    "cluster": dict(cluster_faults.FAULTS),
    "local": dict(local_faults.FAULTS),
}
KINDS = ("lost", "double", "seconds")
_KEPT = ("whole.npz", "whole")  # the undisturbed sweep, made once


def run(rounds: int, *, quick: bool, say: Callable[[str], None]) -> dict[str, np.ndarray]:
    """Every fault in every schedule.

    Args:
        rounds: How many schedules; quick ones are one.
        quick: To see that everything runs.
        say: Told what comes next.

    Returns:
        `GROUP.KIND` [faults schedules]; NaN where a fault ended otherwise than it must.
    """
    number = 1 if quick else rounds
    arrays = {
        f"{group}.{kind}": np.full((len(faults), number), np.nan)
        for group, faults in GROUPS.items()
        for kind in KINDS
    }
    with tempfile.TemporaryDirectory(prefix="f", dir="/tmp") as kept:
        for group, faults in GROUPS.items():
            for place, fault in enumerate(faults):
                for schedule in range(number):
                    found = happened(group, fault, schedule, Path(kept), say)
                    say(f"{group}, {fault}, schedule {schedule + 1} of {number}: {found}")
                    for kind in found:
                        arrays[f"{group}.{kind}"][place, schedule] = found[kind]
    return arrays


def happened(
    group: str, fault: str, schedule: int, kept: Path, say: Callable[[str], None]
) -> dict[str, float]:
    """What a fault did; nothing if it ended otherwise than it must, and then says how."""
    with tempfile.TemporaryDirectory(prefix="f", dir="/tmp") as name:  # sockets: a short name
        folder = Path(name)
        small = folder / "small"
        small.mkdir()
        _copy(kept, folder)
        words = ["-m", f"benchmarks.{group}_faults", fault, str(schedule), name]
        ended = subprocess.run(
            [*namespace(small), sys.executable, *words],
            cwd=ROOT, capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip
        _copy(folder, kept)
    if ended.returncode != 0:
        say(ended.stderr[-3000:])
        return {}
    return json.loads(ended.stdout.splitlines()[-1])


def _copy(source: Path, target: Path) -> None:
    """Hand the undisturbed sweep on."""
    for name in _KEPT:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name, dirs_exist_ok=True)
        elif (source / name).exists():
            shutil.copy(source / name, target / name)


def record(
    arrays: dict[str, np.ndarray],
    *,
    stopwatch: Stopwatch,
    machines: list[dict[str, Any]],
    command: str,
    quick: bool,
) -> records.Record:
    """What happened, with its passport; arguments are those of `pretraining.record`."""
    import ray

    config = {
        "faults": {
            group: {name: (fault.__doc__ or "").strip() for name, fault in faults.items()}
            for group, faults in GROUPS.items()
        },
        "schedules": arrays["cluster.lost"].shape[1],
        "ray": ray.__version__,
        "cores": os.cpu_count(),
    }
    data = {"name": "mnist-5k", "sha256": "", "source": "embedded"}
    seeds = range(config["schedules"])
    whole = passport(stopwatch=stopwatch, device="cpu", data=data, seeds=seeds, command=command)
    return records.Record(
        experiment="faults",
        scale="smoke" if quick else "laptop",
        data="cpu",
        digest=records.digest(config, "", REVISION),
        config=config,
        passport={**whole, "machine": machines},
        arrays=arrays,
    )


def rows(made: records.Record, group: str) -> list[list[str]]:
    """One line for each fault: what happens, times tried, networks lost, networks double."""
    found = []
    for place, (name, what) in enumerate(made.config["faults"][group].items()):
        lost, double = (made.arrays[f"{group}.{kind}"][place] for kind in ("lost", "double"))
        failed = int(np.isnan(lost).sum())
        tried = f"{len(lost)}" + (f", {failed} of them ended in an error" if failed else "")
        found.append([name, what, tried, f"{np.nansum(lost):.0f}", f"{np.nansum(double):.0f}"])
    return found


def table(made: records.Record) -> str:
    """The matrix as text."""
    lines = []
    for group in GROUPS:
        lines.append(f"  {group:28} tried  lost  double")
        for name, _, tried, lost, double in rows(made, group):
            lines.append(f"    {name:26} {tried:>5}  {lost:>4}  {double:>6}")
    return "\n".join(lines)
