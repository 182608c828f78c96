"""A small sweep, trained here or on a cluster: what the faults of `cluster_faults` happen to.

`python -m benchmarks.fault_driver ADDRESS FOLDER RESULT [FUNCTION]`; with `-` as address, here.
"""

from __future__ import annotations

import sys
import warnings
from pathlib import Path

import numpy as np

from relubook import checkpoints, datasets, distributed
from relubook.distributed import Sweep
from relubook.engines import Worker
from relubook.fleets import Fleet, Limits, train_fleet
from relubook.training import Schedule, grid

NETWORKS = 8
_HUNGER = 12_000_000_000  # bytes


def fleet() -> Fleet:
    """Eight small networks; each takes about a second."""
    data = datasets.load("mnist-5k").subset(train=600, validation=200, test=200)
    return Fleet(
        sizes=(data.inputs, 16, 16, data.outputs), dataset=data,
        schedule=Schedule(epochs=100, batch_size=10),
        hyper=grid(l1=[0.0, 1e-3], seed=[1, 2, 3, 4], learning_rate=0.1),
    )  # fmt: skip


def train_hungry(sweep: Sweep, models: range, worker: Worker) -> None:
    """The first of all tasks takes memory until it is ended; all others train."""
    try:
        (sweep.folder / "fed").touch(exist_ok=False)
    except FileExistsError:
        distributed.train_chunk(sweep, models, worker)
        return
    eaten = []
    while sum(map(len, eaten)) < _HUNGER:
        eaten.append(np.ones(100_000_000, dtype=np.uint8))
    raise AssertionError("Nobody minded.")


def main(address: str, folder: str, result: str, function: str | None = None) -> None:
    """Train, and store the history."""
    warnings.simplefilter("always", RuntimeWarning)
    limits, place = Limits(networks=1), Path(folder)
    if address == "-":
        history = train_fleet(fleet(), limits=limits, folder=place)
    else:
        from relubook.ray_engine import RayEngine

        if function is not None:
            distributed.FUNCTION = function
        engine = RayEngine(address)
        print(engine.where(), flush=True)
        history = distributed.train_on(engine, fleet(), limits=limits, folder=place)
    checkpoints.save(Path(result), vars(history), fingerprint="")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except (KeyboardInterrupt, TimeoutError):
        sys.exit(130)
