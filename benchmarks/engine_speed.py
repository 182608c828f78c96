"""What an engine costs: the same chunks in this process, on one worker of a cluster, and on two.

`python -m benchmarks.engine_speed ENTRANT FOLDER` trains them once, in the cluster's namespace, and
prints the time from the first chunk's beginning to the last one's end. Every chunk takes longer
than 30 s; a node has one processor.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.clusters import ADDRESS, ROOT, Cluster, environment, namespace
from relubook import datasets, distributed, records
from relubook.fleets import Fleet, Limits, train_fleet
from relubook.records.passport import Stopwatch, passport
from relubook.training import Schedule, grid

REVISION = 1
ENTRANTS = ("this process", "Ray, 1 worker", "Ray, 2 workers")
CHUNKS, NETWORKS = 4, 8  # chunks, and networks in each
EPOCHS, QUICK_EPOCHS = 60, 1
_WAIT = 60.0  # s


def fleet(epochs: int) -> Fleet:
    """Networks of the book's laptop scale."""
    data = datasets.load("mnist-5k")
    return Fleet(
        sizes=(data.inputs, 128, 128, 128, data.outputs), dataset=data,
        schedule=Schedule(epochs=epochs, batch_size=10),
        hyper=grid(l1=1e-3, seed=range(CHUNKS * NETWORKS), learning_rate=0.05),
    )  # fmt: skip


def train(entrant: str, folder: Path, epochs: int) -> float:
    """The time [s] that an entrant takes."""
    job, limits = fleet(epochs), Limits(networks=NETWORKS)
    workers = ENTRANTS.index(entrant)
    if not workers:
        began = time.perf_counter()
        train_fleet(job, limits=limits, folder=folder / "chunks")
        return time.perf_counter() - began
    from relubook.ray_engine import RayEngine

    cluster = Cluster(folder / "ray")
    for _ in range(workers):
        cluster.add()
    os.environ.update(environment())
    engine = RayEngine(ADDRESS)
    deadline = time.monotonic() + _WAIT
    while engine.slots("cpu") < workers and time.monotonic() < deadline:
        time.sleep(0.1)
    began = time.perf_counter()
    distributed.train_on(engine, job, limits=limits, folder=folder / "chunks")
    return time.perf_counter() - began


def run(rounds: int, *, quick: bool, say: Callable[[str], None]) -> dict[str, np.ndarray]:
    """Every entrant, round after round.

    Returns:
        `seconds` [rounds entrants].
    """
    seconds = np.zeros((rounds, len(ENTRANTS)))
    for turn, place in np.ndindex(seconds.shape):
        say(f"{ENTRANTS[place]}, round {turn + 1} of {rounds}")
        with tempfile.TemporaryDirectory(prefix="e", dir="/tmp") as folder:
            words = ["-m", "benchmarks.engine_speed", ENTRANTS[place], folder]
            ended = subprocess.run(
                [*namespace(), sys.executable, *words, str(QUICK_EPOCHS if quick else EPOCHS)],
                cwd=ROOT, capture_output=True, text=True, check=True, env=environment(),
            )  # fmt: skip
        seconds[turn, place] = float(ended.stdout.splitlines()[-1])
    return {"seconds": seconds}


def record(
    arrays: dict[str, np.ndarray],
    *,
    stopwatch: Stopwatch,
    machines: list[dict[str, Any]],
    command: str,
    quick: bool,
) -> records.Record:
    """What was measured, with its passport; arguments are those of `pretraining.record`."""
    import ray

    job = fleet(QUICK_EPOCHS if quick else EPOCHS)
    config = {
        "entrants": list(ENTRANTS), "chunks": CHUNKS, "networks": NETWORKS, "sizes": job.sizes,
        "epochs": job.schedule.epochs, "batch_size": job.schedule.batch_size,
        "examples": len(job.dataset.train), "ray": ray.__version__, "cores": os.cpu_count(),
    }  # fmt: skip
    data = {"name": "mnist-5k", "sha256": job.dataset.sha256, "source": "embedded"}
    whole = passport(stopwatch=stopwatch, device="cpu", data=data, seeds=range(1), command=command)
    return records.Record(
        experiment="engines",
        scale="smoke" if quick else "laptop",
        data="cpu",
        digest=records.digest(config, job.dataset.sha256, REVISION),
        config=config,
        passport={**whole, "machine": machines},
        arrays=arrays,
    )


def ratios(made: records.Record) -> tuple[float, float]:
    """How much longer one worker takes than this process [1], and how much faster two are."""
    here, one, two = made.arrays["seconds"].T
    return float(np.median(one / here)) - 1, float(np.median(one / two))


def table(made: records.Record) -> str:
    """The times as text, and how they compare."""
    middles = np.median(made.arrays["seconds"], axis=0)
    more, faster = ratios(made)
    lines = [
        f"  {name:16} {seconds:7.1f} s" for name, seconds in zip(ENTRANTS, middles, strict=True)
    ]
    return "\n".join([
        f"  {made.config['chunks']} chunks of {made.config['networks']} networks", *lines,
        f"  one worker: {100 * more:+.1f} % (at most +5); two: x {faster:.2f} (at least 1.7)",
    ])  # fmt: skip


if __name__ == "__main__":
    print(train(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])), flush=True)
