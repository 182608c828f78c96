"""Where a result comes from: collected while it is made; `origins` shows it below the figure."""

import datetime
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
import torch

import relubook


class Stopwatch:
    """Start and wall time of a run, in UTC and seconds, and the code it began with."""

    def __init__(self) -> None:
        self.commit, self.dirty = _commit()
        self.started = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        self._began = time.perf_counter()

    def seconds(self) -> float:
        """Wall time so far [s]."""
        return round(time.perf_counter() - self._began, 1)


def passport(
    *, stopwatch: Stopwatch, device: str, data: dict[str, Any], seeds: Sequence[int], command: str
) -> dict[str, Any]:
    """The provenance of a result that was just made.

    Args:
        stopwatch: Begun before the run.
        device: `cpu` or `cuda`, or machines in words.
        data: Name, sha256 and source of the data set, and what it stands in for, if anything.
        seeds: Of the networks.
        command: What to type to make it again.
    """
    return {
        "version": relubook.__version__,
        "commit": stopwatch.commit,
        "dirty": stopwatch.dirty,
        "command": command,
        "started": stopwatch.started,
        "wall_time_s": stopwatch.seconds(),
        "device": device_name(device),
        "threads": torch.get_num_threads(),
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "cuda": torch.version.cuda,
            "numpy": np.__version__,
            "matplotlib": mpl.__version__,
        },
        "data": data,
        "seeds": sorted({int(seed) for seed in seeds}),
    }


def _commit() -> tuple[str | None, bool | None]:
    """The commit of the source tree and whether it had changes; None outside of one."""
    root = Path(relubook.__file__).parents[2]
    try:
        commit = _git(root, "rev-parse", "HEAD")
        changes = _git(root, "status", "--porcelain", "--", "src", "pyproject.toml")
    except (OSError, subprocess.CalledProcessError):
        return None, None
    # A record being written is not a change of the code that makes it.
    code = [line for line in changes.splitlines() if "records/data/" not in line]
    return commit, bool(code)


def _git(root: Path, *arguments: str) -> str:
    """What git prints about the source tree."""
    return subprocess.run(
        ["git", "-C", str(root), *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


def device_name(device: str) -> str:
    """A name a reader recognizes: the GPU's, or the number of cores and the processor.

    Args:
        device: `cpu` or `cuda`; other words are a name already.
    """
    if device.partition(":")[0] not in ("cpu", "cuda"):
        return device
    if device.startswith("cuda"):
        return torch.cuda.get_device_name(device)
    return f"{os.cpu_count()} cores, {_processor()}"


def _processor() -> str:
    """The processor's model, as far as the system tells."""
    if sys.platform.startswith("linux"):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
