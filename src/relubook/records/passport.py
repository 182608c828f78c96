"""Where a result comes from: collected while it is made, read beside every figure."""

import datetime
import html
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
        device: `cpu` or `cuda`.
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


def as_html(passport: dict[str, Any], *, stale: bool = False) -> str:
    """A folded list of where a figure's numbers come from, for below the figure.

    A run that went on from checkpoints says so: its wall time is that of its last part.

    Args:
        passport: A record's.
        stale: Whether the record no longer fits today's code.
    """
    versions = ", ".join(f"{name} {text}" for name, text in passport["versions"].items() if text)
    seeds, data = passport["seeds"], passport["data"]
    chunks = passport.get("training") or []
    rows = {
        "made again with": f"<code>{html.escape(passport['command'])}</code>",
        "data": f"{html.escape(data['name'])}, SHA-256 {data['sha256'][:16]}",
        "seeds": f"{len(seeds)}: {', '.join(map(str, seeds))}",
        "made": f"{passport['started'][:10]} in {_wall_time(passport)}",
        "device": html.escape(passport["device"]),
        "code": f"relubook {passport['version']}, commit {str(passport['commit'])[:10]}",
        "versions": html.escape(versions),
    }
    if chunks:
        devices = html.escape(", ".join(sorted({chunk["device"] for chunk in chunks})))
        seconds = sum(chunk["seconds"] for chunk in chunks)
        rows["trained"] = f"{seconds:,.0f} s in all, in {len(chunks)} chunks, on {devices}"
    items = "".join(f"<dt>{name}</dt><dd>{text}</dd>" for name, text in rows.items())
    mark = ' <span class="rb-stale">stale</span>' if stale else ""
    return (
        '<details class="rb-passport"><summary>Recorded: where these numbers come from'
        f"{mark}</summary><dl>{items}</dl></details>"
    )


def _wall_time(passport: dict[str, Any]) -> str:
    """Seconds, and what they leave out, if anything."""
    before = ", and what was trained before, to go on from" if passport.get("resumed") else ""
    return f"{passport['wall_time_s']:.0f} s{before}"


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
        device: `cpu` or `cuda`.
    """
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
