"""What was written on the command line, as the values that are meant."""

import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from relubook.fleets import Limits
    from relubook.ray_engine import RayEngine


def limits_from(networks: int | None, minutes: float | None, only: str | None) -> "Limits | None":
    """What was asked for on the command line, or None."""
    from relubook.fleets import Limits

    if networks is None and minutes is None and only is None:
        return None
    if minutes is not None and not minutes > 0:
        raise ValueError(f"The number of minutes must be above 0. Got {minutes:g}.")
    until = None if minutes is None else time.monotonic() + 60 * minutes
    return Limits(networks=networks, until=until, only=None if only is None else _range(only))


def seeds_from(text: str) -> list[int]:
    """FIRST:LAST, the last one included, or numbers with commas between."""
    parts = text.replace(" ", "").split(":" if ":" in text else ",")
    if not all(part.isdecimal() for part in parts) or (":" in text and len(parts) != 2):
        raise ValueError(f"The seeds must be FIRST:LAST or such as 3,5,8. Got {text!r}.")
    numbers = [int(part) for part in parts]
    return list(range(numbers[0], numbers[1] + 1)) if ":" in text else numbers


@contextmanager
def engine_from(name: str, address: str | None) -> "Iterator[RayEngine | None]":
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
def alone(checkpoints: Path, stem: str, say: Callable[[str], None]) -> Iterator[None]:
    """Keep others who run the same experiment into the same folder waiting.

    Args:
        checkpoints: The folder.
        stem: The experiment, scale and data.
        say: Called with a sentence if another one runs now.
    """
    from filelock import FileLock, Timeout

    checkpoints.mkdir(parents=True, exist_ok=True)
    lock = FileLock(checkpoints / f"{stem}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"Another run of {stem} keeps its chunks in {checkpoints}: waiting until it ends.")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def end_as_by_ctrl_c() -> None:
    """Let the signal by which schedulers end a job do what Ctrl-C does: keep what was trained."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


def _range(text: str) -> range:
    """FIRST:LAST as a range; the networks are counted from 1, the last one is included."""
    first, colon, last = text.partition(":")
    if not (colon and first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last)):
        raise ValueError(
            f"The networks to train must be FIRST:LAST, counted from 1, such as 1:50. Got {text!r}."
        )
    return range(int(first) - 1, int(last))


def clear(checkpoints: Path, stem: str) -> None:
    """Delete what a finished run no longer needs."""
    from relubook.checkpoints import of_run

    for leftover in of_run(checkpoints, stem):
        if leftover.is_dir():
            shutil.rmtree(leftover)
        else:
            leftover.unlink(missing_ok=True)
