"""What can happen to a sweep on a cluster, at a random moment, and what is left of it then.

`python -m benchmarks.cluster_faults FAULT SCHEDULE FOLDER` makes it happen on the cluster of this
namespace and prints what was lost, as JSON.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.clusters import ADDRESS, ROOT, Cluster, environment
from benchmarks.fault_driver import NETWORKS
from relubook import checkpoints

_PATIENCE = 120.0  # s
_ROOM = 6e9  # bytes that the cluster may take besides what is taken, where memory is watched


class Stage:
    """A cluster of two nodes, a driver on it, and a moment when something happens.

    Args:
        folder: For all files.
        schedule: Which random moments.
        nodes: How many are there at first.
        variables: For the nodes.
    """

    def __init__(self, folder: Path, schedule: int, nodes: int = 2, **variables: str) -> None:
        self.random = random.Random(schedule)
        self.chunks, self.result = folder / "small" / "sweep", folder / "result.npz"
        self.said = ""
        self.cluster = Cluster(folder / "ray")
        for _ in range(nodes):
            self.cluster.add(**variables)

    def drive(self, *words: str) -> subprocess.Popen[str]:
        """Begin, or go on."""
        return subprocess.Popen(
            [sys.executable, "-m", "benchmarks.fault_driver", ADDRESS, str(self.chunks),
             str(self.result), *words],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment(),
        )  # fmt: skip

    def moment(self, driver: subprocess.Popen[str]) -> None:
        """Wait until some chunks are done, and a random while more."""
        asked = self.random.randrange(NETWORKS - 2)
        self.until(lambda: len(self.files("chunk-*.npz")) >= asked, driver)
        self.until(lambda: self.files("running-*.npz"), driver)
        time.sleep(self.random.uniform(0, 0.8))

    def until(self, true: Callable[[], object], driver: subprocess.Popen[str]) -> None:
        """Wait for something, as long as the driver lives."""
        deadline = time.monotonic() + _PATIENCE
        while not true() and driver.poll() is None:
            if time.monotonic() > deadline:
                raise TimeoutError(f"It does not happen. Files: {self.files('*')}")
            time.sleep(0.01)

    def files(self, pattern: str) -> list[Path]:
        """What lies in the sweep's folder."""
        return list(self.chunks.glob(pattern)) if self.chunks.exists() else []

    def end(self, driver: subprocess.Popen[str]) -> int:
        """How a driver ended; what it said is kept."""
        said = driver.communicate(timeout=_PATIENCE)
        self.said += "".join(said)
        return driver.returncode


def worker_killed(stage: Stage) -> None:
    """A process that trains is gone."""
    driver = stage.drive()
    stage.moment(driver)
    killed = False
    while not killed and driver.poll() is None:
        for process in stage.cluster.tasks()[-1:]:
            process.kill()
            killed = True
    assert killed, stage.said
    assert stage.end(driver) == 0, stage.said


def node_killed(stage: Stage) -> None:
    """A machine is gone, with all that ran on it."""
    driver = stage.drive()
    stage.moment(driver)
    stage.cluster.kill(stage.random.choice(stage.cluster.nodes))
    assert stage.end(driver) == 0, stage.said


def driver_killed(stage: Stage) -> None:
    """The command is gone, and given again."""
    driver = stage.drive()
    stage.moment(driver)
    driver.kill()
    assert stage.end(driver) == -signal.SIGKILL
    assert stage.end(stage.drive()) == 0, stage.said


def stopped(stage: Stage) -> None:
    """Somebody presses Ctrl-C, and gives the command again."""
    driver = stage.drive()
    stage.moment(driver)
    driver.send_signal(signal.SIGINT)
    assert stage.end(driver) == 130, stage.said
    assert stage.end(stage.drive()) == 0, stage.said


def node_added(stage: Stage) -> None:
    """One node is there at first, another joins."""
    driver = stage.drive()
    stage.moment(driver)
    stage.cluster.add()
    assert stage.end(driver) == 0, stage.said


def out_of_memory(stage: Stage) -> None:
    """A task takes memory until Ray ends it."""
    driver = stage.drive("benchmarks.fault_driver:train_hungry")
    assert stage.end(driver) == 0, stage.said


def other_version(stage: Stage) -> None:
    """One node has another relubook: refused; with the right one the same command goes on."""
    other = stage.chunks.parent.parent / "other"
    shutil.copytree(ROOT / "src" / "relubook", other / "relubook")
    with (other / "relubook" / "__init__.py").open("a") as file:
        file.write(f"# {stage.random.random()}\n")
    stage.cluster.kill(stage.cluster.nodes[0])
    wrong = stage.cluster.add(PYTHONPATH=os.pathsep.join([str(other), str(ROOT)]))
    driver = stage.drive()
    assert stage.end(driver) == 2, stage.said
    assert "Install the same on every node" in stage.said, stage.said
    stage.cluster.kill(wrong)
    stage.cluster.add()
    assert stage.end(stage.drive()) == 0, stage.said


def disk_full(stage: Stage) -> None:
    """There is no room for the next checkpoint; somebody makes room and gives the command again."""
    driver = stage.drive()
    stage.moment(driver)
    filler = stage.chunks.parent / "filler"
    try:
        with filler.open("wb") as file:
            while True:
                file.write(b"\1" * 1000)
                file.flush()
    except OSError:
        pass
    assert stage.end(driver) == 2, stage.said
    assert "No space left" in stage.said, stage.said
    filler.unlink()
    assert stage.end(stage.drive()) == 0, stage.said


def checkpoint_damaged(stage: Stage) -> None:
    """The command is gone, and with it the end of a checkpoint."""
    driver = stage.drive()
    stage.until(lambda: stage.files("running-*.previous.npz"), driver)
    stage.moment(driver)
    driver.kill()
    stage.end(driver)
    time.sleep(2)  # until Ray has ended the tasks of that driver
    damaged = [
        path for path in stage.files("running-*[0-9].npz") if checkpoints.previous(path).exists()
    ]
    assert damaged, "There is no checkpoint with another before it."
    for path in damaged:
        path.write_bytes(path.read_bytes()[: -stage.random.randrange(1, 5000)])
    assert stage.end(stage.drive()) == 0, stage.said


FAULTS: dict[str, Callable[[Stage], None]] = {
    "worker process killed": worker_killed,
    "node killed": node_killed,
    "driver killed": driver_killed,
    "Ctrl-C": stopped,
    "node added late": node_added,
    "task out of memory": out_of_memory,
    "node with another version": other_version,
    "disk full": disk_full,
    "checkpoint damaged": checkpoint_damaged,
}


def judged(stage: Stage, whole: Path) -> dict[str, int]:
    """What was lost and what was done twice, beside a sweep to which nothing happened."""
    ours, theirs = (checkpoints.load(path, fingerprint="") for path in (stage.result, whole))
    same = np.ones(NETWORKS, dtype=bool)
    for name, values in theirs.items():
        equal = np.equal(ours[name], values) | (np.isnan(ours[name]) & np.isnan(values))
        same &= equal.reshape(-1, NETWORKS).all(axis=0)
    networks: list[int] = []
    for path in stage.files("chunk-*.npz"):
        first, last = (int(end) for end in path.stem.split("-")[1:])
        networks += range(first, last + 1)
    return {"lost": int((~same).sum()), "double": len(networks) - len(set(networks))}


def _prepared(fault: str, schedule: int, folder: Path) -> Stage:
    """The cluster that a fault needs."""
    if fault == "node added late":
        return Stage(folder, schedule, nodes=schedule % 2)
    if fault == "task out of memory":
        from ray._private import utils

        share = (utils.get_used_memory() + _ROOM) / utils.get_system_memory()
        watch = {"RAY_memory_usage_threshold": f"{share:.4f}"}
        return Stage(folder, schedule, RAY_memory_monitor_refresh_ms="50", **watch)
    return Stage(folder, schedule)


def main(fault: str, schedule: str, place: str) -> None:
    """Let it happen, and print what was lost."""
    folder = Path(place)
    (folder / "small").mkdir(exist_ok=True)
    whole = folder / "whole.npz"
    if not whole.exists():
        command = [sys.executable, "-m", "benchmarks.fault_driver", "-", str(folder / "alone")]
        subprocess.run([*command, str(whole)], check=True, env=environment())
    began = time.perf_counter()
    stage = _prepared(fault, int(schedule), folder)
    FAULTS[fault](stage)
    found = judged(stage, whole) | {"seconds": round(time.perf_counter() - began, 1)}
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
