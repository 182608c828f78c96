"""A run of an experiment by the command line: alone in its folder, where asked, and kept."""

import errno
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from relubook.command_output import console, draw_beside, progress_bar

if TYPE_CHECKING:
    from relubook.fleets import Limits
    from relubook.ray_engine import RayEngine
    from relubook.records import Record


class Stopped(Exception):
    """Ctrl-C, with a sentence about what was kept."""


def run_and_keep(
    name: str,
    scale: str,
    data: str | None,
    *,
    device: str,
    out: Path,
    checkpoints: Path,
    limits: "Limits | None",
    seeds: Sequence[int] | None,
    engine: str,
    address: str | None,
) -> "Record | None":
    """Run an experiment and save its record and figure; None if only a part was asked for.

    Raises:
        Stopped: If it ended before all was done.
    """
    from relubook import devices, experiments, records
    from relubook.fleets import PartTrained

    stem = f"{name}.{scale}.{experiments.configure(name, scale, data).data}"
    _end_as_by_ctrl_c()
    with _alone(checkpoints, stem), _engine(engine, address) as cluster:
        try:
            chosen = devices.chosen(device) if cluster is None else cluster.device(device)
            with progress_bar(name) as report:
                record = experiments.reproduce(
                    name, scale=scale, data=data, device=chosen, progress=report,
                    checkpoints=checkpoints, limits=limits, seeds=seeds, engine=cluster,
                )  # fmt: skip
        except KeyboardInterrupt:
            raise Stopped(f"What was trained is kept in {checkpoints}.") from None
        except TimeoutError as ended:
            raise Stopped(f"{ended} What was trained is kept in {checkpoints}.") from None
        except PartTrained as part:
            console.print(f"{part} Their chunks are in {checkpoints}.", highlight=False)
            console.print("Gather all chunks there, and run the command without --only.")
            return None
        except OSError as error:
            raise _with_advice(error, checkpoints) from error
        path = records.save(record, out)
        clear(checkpoints, record.stem)
    console.print(f"Record: {path}\nFigure: {draw_beside(record, path)}")
    return record


def _with_advice(error: OSError, checkpoints: Path) -> OSError:
    """The same error; where the disk is full, with what to do."""
    if error.errno != errno.ENOSPC:
        return error
    return OSError(
        f"There is no space left in {checkpoints}. Make room, and give the same command: it goes "
        "on from what was saved before."
    )


@contextmanager
def _engine(name: str, address: str | None) -> "Iterator[RayEngine | None]":
    """The engine of that name, until it is no longer needed; None for this process."""
    from relubook.engines import NAMES

    if name not in NAMES:
        raise ValueError(f"The engine must be {' or '.join(NAMES)}. Got {name!r}.")
    if name == "local":
        if address is not None:
            raise ValueError("An --address is a Ray cluster's: give --engine ray with it.")
        yield None
        return
    from relubook.ray_engine import RayEngine

    engine = RayEngine(address)
    try:
        yield engine
    finally:
        engine.close()


@contextmanager
def _alone(checkpoints: Path, stem: str) -> Iterator[None]:
    """Keep others who run the same experiment into the same folder waiting.

    Args:
        checkpoints: The folder.
        stem: The experiment, scale and data.
    """
    from filelock import FileLock, Timeout

    checkpoints.mkdir(parents=True, exist_ok=True)
    lock = FileLock(checkpoints / f"{stem}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        console.print(
            f"Another run of {stem} keeps its chunks in {checkpoints}: waiting until it ends.",
            highlight=False,
        )
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _end_as_by_ctrl_c() -> None:
    """Let the signal by which schedulers end a job do what Ctrl-C does: keep what was trained."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


def clear(checkpoints: Path, stem: str) -> None:
    """Delete what a finished run no longer needs."""
    from relubook.checkpoints import of_run

    for leftover in of_run(checkpoints, stem):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink(missing_ok=True)
