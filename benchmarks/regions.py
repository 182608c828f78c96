"""How long exact regions take, beside what one would do instead: look at very many places.

The other way runs the network on a grid of the window, or at many places along lines, and counts
sets of active units. It misses what is smaller than the distance of its places, so its resolution
is doubled until it finds 99 % of all regions, or until a grid is as fine as one would wait for;
only a run at that resolution is timed. It counts in float32, as most would; ours counts in float64.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from benchmarks.rounds import ENVIRONMENT, fresh
from relubook import patterns, records, region_lines, regions, seeds
from relubook.networks import MLP
from relubook.records.passport import Stopwatch, passport

REVISION = 1
SHARE = 0.99  # of all regions, to be found by looking
Arrays = dict[str, np.ndarray]

_WINDOW = regions.Window(-3, 3, -3, 3)
_ROWS_AT_ONCE = 1 << 17  # places of a grid for which a network is run together


@dataclass(frozen=True, kw_only=True)
class Job:
    """Regions to be found.

    Attributes:
        name: In the record.
        what: In few words.
        sizes: Of the networks.
        models: How many; only lines are found for several.
        lines: Along lines, or in a plane.
        coarse: Places where looking begins: along a line, or along a side of the window.
        finest: Places where it ends.
        bar: Seconds for ours on one core, or None.
    """

    name: str
    what: str
    sizes: tuple[int, ...]
    models: int = 1
    lines: bool = False
    coarse: int = 128
    finest: int = 4096
    bar: float | None = None


JOBS = (
    Job(name="plane-small", what="3 x 16 in a plane", sizes=(2, 16, 16, 16, 1)),
    Job(name="plane", what="3 x 32 in a plane", sizes=(2, 32, 32, 32, 1), bar=1.0),
    Job(
        name="lines",
        what="100 networks 3 x 32 on a line",
        sizes=(2, 32, 32, 32, 1),
        models=100,
        lines=True,
        finest=1 << 17,
    ),
    Job(
        name="pictures",
        what="10 networks 3 x 128 between pictures",
        sizes=(784, 128, 128, 128, 10),
        models=10,
        lines=True,
        finest=1 << 17,
    ),
)
ENTRANTS = ("exact", "looked")
MEASURES = ("wall", "cpu")  # [s]


def networks(job: Job) -> MLP:
    """He-normal weights, and biases with a standard deviation of 0.3."""
    drawn = MLP(job.sizes, models=job.models)
    for position, layer in enumerate(drawn.stacked_layers()):
        inputs, outputs = layer.weight.shape[1:]
        for model, own in enumerate(drawn.seeds):
            generator = seeds.stream(own, "benchmark of regions", position)
            weight = torch.randn(inputs, outputs, generator=generator)
            layer.weight.data[model] = weight * (2 / inputs) ** 0.5
            layer.bias.data[model, 0] = 0.3 * torch.randn(outputs, generator=generator)
    return drawn


def ends(job: Job) -> tuple[Tensor, Tensor]:
    """Where lines begin and end: two corners of the window, or two random pictures."""
    if job.sizes[0] == 2:
        return torch.tensor([-3.0, -3.0]), torch.tensor([3.0, 3.0])
    start, end = torch.rand(2, job.sizes[0], generator=seeds.stream(0, "benchmark of lines"))
    return start, end


def exact(job: Job, network: MLP) -> int:
    """How many regions there are, all networks together."""
    if job.lines:
        return int(region_lines.cross(network, *ends(job)).count.sum())
    return len(regions.find(network, _WINDOW))


def looked(job: Job, network: MLP, resolution: int) -> int:
    """How many of them are seen at so many places of each line, or of each side of the window."""
    if job.lines:
        return _along_lines(network, *ends(job), resolution)
    return len(_on_grid(network, resolution))


def _along_lines(network: MLP, start: Tensor, end: Tensor, places: int) -> int:
    """Pieces of all networks: one more each than their units change from place to place."""
    x = start + torch.linspace(0, 1, places)[:, None] * (end - start)
    count = network.models
    block = max(2, _ROWS_AT_ONCE // network.models)
    for first in range(0, places - 1, block - 1):
        units = patterns.active(network, x[first : first + block])
        count += int((units[:, 1:] != units[:, :-1]).any(-1).sum())
    return count


def _on_grid(network: MLP, side: int) -> np.ndarray:
    """The sets of active units at places of a grid, each set once."""
    v = torch.linspace(_WINDOW.bottom, _WINDOW.top, side)
    rows = max(1, _ROWS_AT_ONCE // side)
    found = []
    for u in torch.linspace(_WINDOW.left, _WINDOW.right, side).split(rows):
        units = patterns.active(network, torch.cartesian_prod(u, v))[0]
        found.append(_different(np.packbits(units.numpy(), axis=-1)))
    return _different(np.concatenate(found))


def _different(packed: np.ndarray) -> np.ndarray:
    """Rows of bytes, each once."""
    whole = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1])))
    return np.unique(whole).view(np.uint8).reshape(-1, packed.shape[1])


def resolution(job: Job) -> tuple[int, int, int]:
    """How finely one has to look.

    Returns:
        How many regions there are, how many are seen, and the places at which they are.
    """
    network = networks(job)
    places, true = job.coarse, exact(job, network)
    while (seen := looked(job, network, places)) < SHARE * true and places < job.finest:
        places *= 2
    return true, seen, places


def measure(job: Job, places: int) -> tuple[tuple[float, float], tuple[float, float]]:
    """Wall and CPU time of both ways, in this process."""
    network = networks(job)
    return _timed(lambda: exact(job, network)), _timed(lambda: looked(job, network, places))


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU time [s]."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - wall, time.process_time() - cpu


def run(rounds: int, *, quick: bool, say: Callable[[str], None]) -> Arrays:
    """Both ways for every job, one after the other on one core, round after round.

    Args:
        rounds: How many.
        quick: Tiny networks and coarse places, to see that everything runs.
        say: Told what comes next.

    Returns:
        `NAME.seconds` [rounds entrants measures], and `NAME.found` [3]: regions, those that are
        seen by looking, and at how many places.
    """
    arrays = {}
    for job in jobs(quick=quick):
        say(f"{job.what}: how finely one has to look ...")
        with fresh(1, 1) as process:
            found = process.apply(resolution, (job,))  # the warm-up of both ways, too
            times = []
            for turn in range(rounds):
                say(f"  round {turn + 1}")
                times.append(process.apply(measure, (job, found[-1])))
        arrays |= {f"{job.name}.seconds": np.array(times), f"{job.name}.found": np.array(found)}
    return arrays


def jobs(*, quick: bool) -> tuple[Job, ...]:
    """All jobs; quick ones have layers of four units."""
    if not quick:
        return JOBS
    tiny = {job: (*(min(size, 4) for size in job.sizes[:-1]), job.sizes[-1]) for job in JOBS}
    return tuple(
        replace(job, sizes=sizes, models=min(job.models, 3), finest=256, bar=None)
        for job, sizes in tiny.items()
    )


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
        quick: Whether the networks were tiny.
    """
    listed = [asdict(job) for job in jobs(quick=quick)]
    config = {
        "jobs": [{**job, "sizes": list(job["sizes"])} for job in listed],
        "rounds": len(arrays[f"{JOBS[0].name}.seconds"]),
        "entrants": list(ENTRANTS),
        "measures": list(MEASURES),
        "share": SHARE,
        "environment": ENVIRONMENT,
    }
    whole = passport(
        stopwatch=stopwatch,
        device="cpu",
        data={"name": "random networks", "sha256": "", "source": "computed"},
        seeds=range(max(job.models for job in JOBS)),
        command=command,
    )
    return records.Record(
        experiment="regions",
        scale="smoke" if quick else "laptop",
        data="cpu",
        digest=records.digest(config, "", REVISION),
        config=config,
        passport={**whole, "machine": machines},
        arrays=arrays,
    )


def table(made: records.Record) -> str:
    """The times as text: medians over rounds of the wall time, and the ratio's range."""
    lines = [
        f"  {'':38} {'regions':>8} {'exact [s]':>10} {'looked [s]':>11} {'seen':>7} "
        f"{'at places':>10}  exact is x times as fast"
    ]
    for job in made.config["jobs"]:
        wall = made.arrays[f"{job['name']}.seconds"][..., 0]
        true, seen, places = made.arrays[f"{job['name']}.found"]
        ours, theirs = np.median(wall, axis=0)
        ratio = wall[:, 1] / wall[:, 0]
        side = f"{places:,}" if job["lines"] else f"{places:,}²"
        lines.append(
            f"  {job['what']:38} {true:8,} {ours:10.3f} {theirs:11.2f} {100 * seen / true:5.1f} % "
            f"{side:>10}  {np.median(ratio):.3g} ({ratio.min():.3g} to {ratio.max():.3g})"
            f"{verdict(job['bar'], ours)}"
        )
    return "\n".join(lines)


def verdict(bar: float | None, seconds: float) -> str:
    """Whether ours was as fast as we wanted it."""
    return "" if bar is None else f"; {bar:g} s: {'met' if seconds < bar else 'MISSED'}"
