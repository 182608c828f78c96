"""How long the embedded generators take, against bars in seconds and one peer.

The peer distorts one character after the other with `scipy.ndimage`, as most people would: grey
dilation or erosion, a smoothed random field, and one resampling.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import ndimage

from benchmarks.rounds import ENVIRONMENT, fresh
from relubook import records
from relubook.datasets.generators import faces, nistp, norb, reviews
from relubook.records.passport import Stopwatch, passport

REVISION = 1
Arrays = dict[str, np.ndarray]
PEER = "scipy.ndimage, one by one"


@dataclass(frozen=True, kw_only=True)
class Job:
    """Something that is made.

    Attributes:
        name: In the record.
        what: In few words.
        count: How many of it.
        bar: Seconds on two cores; None where there is no bar.
        make: Makes that many of it with that seed.
        threads: Numbers of threads to try.
    """

    name: str
    what: str
    count: int
    bar: float | None
    make: Callable[[int, int], object]
    threads: tuple[int, ...] = (1, 2)


def _characters(count: int, seed: int) -> object:
    return nistp.characters(count, seed=seed)


def _pairs(count: int, seed: int) -> object:
    return norb.pairs(count, instances=range(10), seed=seed)


def _cluttered(count: int, seed: int) -> object:
    return norb.pairs(count, instances=range(10), seed=seed, cluttered=True)


def _reviews(count: int, seed: int) -> object:
    return reviews.write(count, seed=seed)


def one_by_one(count: int, seed: int) -> np.ndarray:
    """Distorted characters, each made for itself.

    Args:
        count: How many.
        seed: Of all of them.

    Returns:
        Bytes [count 32 32].
    """
    generator = np.random.default_rng(seed)
    masters = faces.masters().flatten(0, 1).numpy()
    return np.stack(
        [_one(masters[generator.integers(len(masters))], generator) for _ in range(count)]
    )


def _one(master: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """One character: thicker or thinner, slanted and stretched, pulled about, sampled."""
    strength = generator.uniform(0, 0.7, 3)
    brush = 1 + int(4 * strength[0])
    change = ndimage.grey_dilation if generator.random() < 0.7 else ndimage.grey_erosion
    picture = change(master, size=(brush, brush))
    rows, columns = np.mgrid[-1:1:32j, -1:1:32j]
    matrix = np.eye(2) + generator.uniform(-0.4, 0.4, (2, 2)) * strength[1]
    fields = generator.uniform(-1, 1, (2, 32, 32))
    pull = [ndimage.gaussian_filter(field, 10 - 7 * strength[2] ** (1 / 3)) for field in fields]
    places = np.einsum("ij,jrc->irc", matrix, np.stack([rows, columns])) + 0.5 * np.stack(pull)
    return ndimage.map_coordinates(picture, (places + 1) / 2 * (len(master) - 1), order=1)


JOBS = (
    Job(name="nistp", what="characters", count=10_000, bar=10.0, make=_characters),
    Job(
        name="peer",
        what=f"characters, {PEER}",
        count=1_000,
        bar=None,
        make=one_by_one,
        threads=(1,),
    ),
    Job(name="norb", what="stereo pairs", count=10_000, bar=120.0, make=_pairs),
    Job(name="norb-cluttered", what="cluttered pairs", count=2_000, bar=None, make=_cluttered),
    Job(name="reviews", what="reviews", count=10_000, bar=None, make=_reviews),
)
MEASURES = ("wall", "cpu", "memory")  # [s], [s], [byte]


def measure(name: str, count: int, seed: int) -> tuple[float, ...]:
    """Make something once; to be called in a fresh process, for what was made before is kept.

    Args:
        name: Of the job.
        count: How many to make.
        seed: Of what is made.

    Returns:
        `MEASURES`: wall and CPU time, and the largest memory of the process so far.
    """
    job = next(job for job in JOBS if job.name == name)
    wall, cpu = time.perf_counter(), time.process_time()
    job.make(count, seed)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    unit = 1 if sys.platform == "darwin" else 1024
    return wall, cpu, float(unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def run(rounds: int, *, quick: bool, say: Callable[[str], None]) -> Arrays:
    """Every job with every number of threads, in turn, round after round.

    Args:
        rounds: How many.
        quick: Make a hundredth of everything.
        say: Told what comes next.

    Returns:
        `NAME.THREADS`: [rounds measures] for each.
    """
    taken: dict[str, list[tuple[float, ...]]] = {}
    for turn in range(rounds):
        for job in JOBS:
            for threads in job.threads:
                say(f"round {turn + 1}: {job.what}, {threads} threads ...")
                with fresh(1, threads) as process:
                    asked = (job.name, count(job, quick=quick), turn)
                    taken.setdefault(f"{job.name}.{threads}", []).append(
                        process.apply(measure, asked)
                    )
    return {name: np.array(times) for name, times in taken.items()}


def count(job: Job, *, quick: bool) -> int:
    """How many a job makes."""
    return job.count // 100 if quick else job.count


def record(
    arrays: Arrays,
    *,
    stopwatch: Stopwatch,
    machines: list[dict[str, Any]],
    command: str,
    quick: bool,
) -> records.Record:
    """What was measured, with its passport.

    Args:
        arrays: From `run`.
        stopwatch: Begun before the first round.
        machines: The machine's state before and after.
        command: What was typed.
        quick: Whether little was made.
    """
    jobs = [
        {
            "name": job.name,
            "what": job.what,
            "count": count(job, quick=quick),
            "bar": job.bar,
            "threads": list(job.threads),
        }
        for job in JOBS
    ]
    rounds = len(next(iter(arrays.values())))
    config = {
        "jobs": jobs,
        "rounds": rounds,
        "measures": list(MEASURES),
        "environment": ENVIRONMENT,
    }
    revisions = f"nistp {nistp.REVISION}, norb {norb.REVISION}, reviews {reviews.REVISION}"
    whole = passport(
        stopwatch=stopwatch,
        device="cpu",
        data={"name": "generated", "sha256": revisions, "source": "embedded"},
        seeds=range(rounds),
        command=command,
    )
    return records.Record(
        experiment="generators",
        scale="smoke" if quick else "laptop",
        data="cpu",
        digest=records.digest(config, revisions, REVISION),
        config=config,
        passport={**whole, "machine": machines},
        arrays=arrays,
    )


def table(made: records.Record) -> str:
    """The times as text: medians over rounds, and the range."""
    lines = [f"  {'':44} {'threads':>7} {'seconds':>24} {'each [ms]':>10} {'memory':>8}  bar"]
    for job in made.config["jobs"]:
        for threads in job["threads"]:
            wall, _, memory = made.arrays[f"{job['name']}.{threads}"].T
            span = f"{np.median(wall):.2f} ({wall.min():.2f} to {wall.max():.2f})"
            each = 1000 * np.median(wall) / job["count"]
            title = f"{job['count']:,} {job['what']}"
            lines.append(
                f"  {title:44} {threads:7} {span:>24} {each:10.2f} {memory.max() / 1e6:5.0f} MB"
                f"  {verdict(job['bar'], wall, threads)}"
            )
    return "\n".join(lines)


def verdict(bar: float | None, wall: np.ndarray, threads: int) -> str:
    """Whether a bar for two cores was met."""
    if bar is None or threads != 2:
        return ""
    return f"{bar:g} s: {'met' if np.median(wall) < bar else 'MISSED'}"
