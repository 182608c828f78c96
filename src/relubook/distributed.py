"""A sweep's chunks, trained wherever an engine puts them, and gathered here.

Chunk files in a folder that every machine sees are all that workers and driver share: whatever
becomes of a worker, what it finished is there, and what it had begun goes on from its checkpoint.
"""

import math
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from relubook.chunk_files import ChunkFiles
from relubook.engines import Engine, EngineError, Work, Worker
from relubook.fleets import Fleet, Limits, PartTrained, check_networks, fitting, train_fleet
from relubook.history import History
from relubook.training import Progress

FUNCTION = "relubook.distributed:train_chunk"  # what a worker does with some of the networks
_CHUNKS_PER_CORE = 4  # so that a node that joins late, or is slow, does not keep others waiting


@dataclass(frozen=True, kw_only=True)
class Sweep:
    """What a worker needs to train some of the networks.

    Attributes:
        fleet: All of them.
        folder: Where their chunks are kept.
        networks: How many to train side by side; None for as many as fit there.
        sign: A file that the driver left in the folder.
    """

    fleet: Fleet
    folder: Path
    networks: int | None
    sign: str


def train_on(
    engine: Engine,
    fleet: Fleet,
    *,
    limits: Limits,
    folder: Path,
    progress: Progress | None = None,
) -> History:
    """Train every network of a sweep on an engine's machines; the same as `fleets.train_fleet`.

    Args:
        engine: Where.
        fleet: What is to be trained.
        limits: How much to do at a time.
        folder: Seen by every machine under this name.
        progress: Called as `progress(done, total, text)`, in networks times epochs.

    Raises:
        TimeoutError: If the time was up; `folder` holds what was done.
        PartTrained: If only some networks were asked for and those are trained.
        EngineError: If a chunk could not be trained anywhere.
    """
    check_networks(fleet, limits)
    folder = folder.absolute()
    files = ChunkFiles(folder, fleet.fingerprint())
    finished = {model for models, _ in files.finished() for model in models}
    asked = range(len(fleet.hyper)) if limits.only is None else limits.only
    left = [model for model in asked if model not in finished and model < len(fleet.hyper)]
    if left and not limits.time_is_up():
        chunks = cut(left, files.running(), _at_once(engine, fleet, limits, len(left)))
        with _sign_in(folder) as sign:
            sweep = Sweep(fleet=fleet, folder=folder, networks=limits.networks, sign=sign)
            work = Work(
                function=FUNCTION, shared=sweep, parts=chunks,
                sizes=[fleet.schedule.epochs * len(chunk) for chunk in chunks],
                device=fleet.device,
            )  # fmt: skip
            engine.run(work, progress=_rest_of(progress, fleet, asked, left), until=limits.until)
    return train_fleet(fleet, limits=replace(limits, until=-math.inf), folder=folder)


def train_chunk(sweep: Sweep, models: range, worker: Worker) -> None:
    """Train some networks of a sweep into its folder: what runs on a worker.

    Raises:
        EngineError: If the folder is not the driver's.
    """
    if not (sweep.folder / sweep.sign).exists():
        raise EngineError(
            f"A node does not see the driver's folder {sweep.folder}. Give a folder that all "
            "nodes share with --checkpoints."
        )
    limits = Limits(only=models, networks=sweep.networks, stop=worker.stopping)
    try:
        train_fleet(sweep.fleet, limits=limits, folder=sweep.folder, progress=worker.progress)
    except (PartTrained, TimeoutError):
        return


def cut(left: Iterable[int], running: Sequence[range], at_once: int) -> list[range]:
    """Networks cut into chunks, those that were begun first, with the very networks they had.

    >>> cut([0, 1, 2, 5, 6, 7], [range(5, 7)], 2)
    [range(5, 7), range(0, 2), range(2, 3), range(7, 8)]
    """
    rest, chunks = set(left), []
    for models in running:
        if rest.issuperset(models):
            chunks.append(models)
            rest.difference_update(models)
    start = None
    for model in sorted(rest):
        if start is None or model - start == at_once or model - 1 not in rest:
            start = model
            chunks.append(range(model, model + 1))
        chunks[-1] = range(start, model + 1)
    return chunks


def _at_once(engine: Engine, fleet: Fleet, limits: Limits, left: int) -> int:
    """How many networks to a chunk: enough chunks for all machines; on a CPU what is saved fast."""
    if limits.networks is not None:
        return limits.networks
    slots = engine.slots(fleet.device)
    if fleet.device.startswith("cuda"):
        return math.ceil(left / slots)  # a worker cuts it further if its GPU is too small
    return min(fitting(fleet), math.ceil(left / (slots * _CHUNKS_PER_CORE)))


@contextmanager
def _sign_in(folder: Path) -> Iterator[str]:
    """A file in the folder for as long as the sweep runs, by which workers know the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    sign = folder / f"driver-{secrets.token_hex(8)}"
    sign.touch()
    try:
        yield sign.name
    finally:
        sign.unlink(missing_ok=True)


def _rest_of(
    progress: Progress | None, fleet: Fleet, asked: Sequence[int], left: Sequence[int]
) -> Progress | None:
    """Progress of all networks asked for, from that of those that were left."""
    if progress is None:
        return None
    epochs = fleet.schedule.epochs
    total = epochs * sum(model < len(fleet.hyper) for model in asked)
    before = total - epochs * len(left)
    return lambda done, _, text: progress(before + done, total, text)
