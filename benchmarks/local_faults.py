"""What can happen to an experiment on one machine, at a random moment, and what is left of it then.

`python -m benchmarks.local_faults FAULT SCHEDULE FOLDER` makes it happen to the command line and
prints what was lost, as JSON.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.clusters import environment
from relubook import checkpoints, records

_COMMAND = ("reproduce", "figure-3", "--scale", "smoke", "--networks", "1")
_STEM = "figure-3.smoke.mnist-5k"
_CUTS = 2  # how often a run is cut before it may end
_JUMPS = """
import random, time
_now, _random = time.time, random.Random()
time.time = lambda: _now() + _random.uniform(-86400, 86400)
"""


class Stage:
    """A command, given once and again, and a moment when something happens to it.

    Args:
        folder: For all files.
        schedule: Which random moments.
    """

    def __init__(self, folder: Path, schedule: int) -> None:
        self.random, self.folder = random.Random(schedule), folder
        self.chunks = folder / "small" / _STEM
        self.variables: dict[str, str] = {"RELUBOOK_SAVE_SECONDS": "0"}

    def start(self) -> subprocess.Popen[str]:
        """Begin, or go on."""
        words = ["--out", str(self.folder / "ours"), "--checkpoints", str(self.chunks.parent)]
        return subprocess.Popen(
            [sys.executable, "-m", "relubook", *_COMMAND, *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=environment(**self.variables),
        )  # fmt: skip

    def moment(self, process: subprocess.Popen[str]) -> None:
        """Wait until something more is on the disk, and a random while."""
        before = self.files()
        while process.poll() is None and self.files() == before:
            time.sleep(0.002)
        time.sleep(self.random.uniform(0, 0.4))

    def files(self) -> set[str]:
        """What is on the disk."""
        return {str(path) for path in self.chunks.rglob("*.npz")} if self.chunks.exists() else set()

    def finish(self) -> None:
        """Give the command once more, and let it end."""
        process = self.start()
        said = process.communicate(timeout=120)
        assert process.returncode == 0, said


def _cut(stage: Stage, number: int, code: int) -> None:
    """Send a signal at some moments."""
    for _ in range(_CUTS):
        process = stage.start()
        stage.moment(process)
        process.send_signal(number)
        said = process.communicate(timeout=60)
        assert process.returncode in (code, 0), said
    stage.finish()


def killed(stage: Stage) -> None:
    """The process is gone."""
    _cut(stage, signal.SIGKILL, -signal.SIGKILL)


def terminated(stage: Stage) -> None:
    """A scheduler ends the job."""
    _cut(stage, signal.SIGTERM, 130)


def stopped(stage: Stage) -> None:
    """Somebody presses Ctrl-C."""
    _cut(stage, signal.SIGINT, 130)


def disk_full(stage: Stage) -> None:
    """There is no room for the next file; somebody makes room and gives the command again."""
    process = stage.start()
    stage.moment(process)
    filler = stage.folder / "small" / "filler"
    try:
        with filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"\1" * 1000)
    except OSError:
        pass
    said = "".join(process.communicate(timeout=60))
    assert process.returncode == 2, said
    assert "Make room" in said, said
    filler.unlink()
    stage.finish()


def clock_jumps(stage: Stage) -> None:
    """The clock says another day each time somebody looks, and the process is killed, too."""
    jumps = stage.folder / "jumps"
    jumps.mkdir()
    (jumps / "sitecustomize.py").write_text(_JUMPS)
    path = environment()["PYTHONPATH"]
    stage.variables["PYTHONPATH"] = f"{jumps}:{path}"
    killed(stage)


def checkpoint_damaged(stage: Stage) -> None:
    """The process is gone, and with it the end of a checkpoint."""
    damaged = 0
    while not damaged:
        process = stage.start()
        while process.poll() is None and not list(stage.chunks.rglob("running-*.previous.npz")):
            time.sleep(0.001)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL, "It ended before there were two states."
        for path in stage.chunks.rglob("running-*[0-9].npz"):
            if checkpoints.previous(path).exists():
                path.write_bytes(path.read_bytes()[: -stage.random.randrange(1, 5000)])
                damaged += 1
    stage.finish()


def two_at_once(stage: Stage) -> None:
    """The same command is given twice; the first is killed, the second waited for it."""
    first, second = stage.start(), stage.start()
    stage.moment(first)
    first.kill()
    first.communicate()
    said = second.communicate(timeout=120)
    assert second.returncode == 0, said
    if not (stage.folder / "ours" / f"{_STEM}.json").exists():
        stage.finish()


FAULTS: dict[str, Callable[[Stage], None]] = {
    "process killed": killed,
    "SIGTERM": terminated,
    "Ctrl-C": stopped,
    "disk full": disk_full,
    "clock jumps by days": clock_jumps,
    "checkpoint damaged": checkpoint_damaged,
    "two runs at once": two_at_once,
}


def judged(ours: records.Record, whole: records.Record) -> dict[str, int]:
    """What was lost and what was done twice, beside a run to which nothing happened."""
    unequal = np.zeros(len(whole.arrays["seed"]), dtype=bool)
    for name, values in whole.arrays.items():
        same = np.equal(ours.arrays[name], values)
        if np.issubdtype(values.dtype, np.floating):
            same |= np.isnan(ours.arrays[name]) & np.isnan(values)
        if name.endswith("by_epoch"):
            unequal |= ~same.all(axis=0)
        else:
            unequal |= not same.all()
    networks: list[tuple[str, int]] = []
    for chunk in ours.passport["training"]:
        part, _, name = chunk["chunk"].rpartition("/")
        first, last = (int(end) for end in name.split("-")[1:])
        networks += [(part, model) for model in range(first, last + 1)]
    return {"lost": int(unequal.sum()), "double": len(networks) - len(set(networks))}


def _whole(folder: Path) -> records.Record:
    """A run to which nothing happens, made once for all schedules."""
    if not (folder / "whole" / f"{_STEM}.json").exists():
        command = [sys.executable, "-m", "relubook", *_COMMAND, "--out", str(folder / "whole")]
        subprocess.run(command, check=True, env=environment(), stdout=subprocess.DEVNULL)
    return records.load("figure-3", scale="smoke", data="mnist-5k", folder=folder / "whole")


def main(fault: str, schedule: str, place: str) -> None:
    """Let it happen, and print what was lost."""
    folder = Path(place)
    (folder / "small").mkdir(exist_ok=True)
    whole, began = _whole(folder), time.perf_counter()
    FAULTS[fault](Stage(folder, int(schedule)))
    ours = records.load("figure-3", scale="smoke", data="mnist-5k", folder=folder / "ours")
    found = judged(ours, whole) | {"seconds": round(time.perf_counter() - began, 1)}
    shutil.rmtree(folder / "ours")
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
