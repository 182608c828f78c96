"""How long the first layer of text takes to pretrain, beside a loop in plain PyTorch on dense rows.

The plain loop is what anyone would write: rows with all their zeros, `nn.Linear` there and back,
`binary_cross_entropy_with_logits`, torch's derivatives, `torch.optim.SGD`. Ours reads sparse rows,
once with all outputs restored and once with those that are there and a few of the zeros; and once
the rows with their zeros, which tells what sparse rows win and what the step by hand wins. All draw
the same weights and the same orders; noise of the same chances, but not the same draws.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.rounds import ENVIRONMENT, fresh
from relubook import datasets, records, seeds
from relubook.corruptions import Corruption
from relubook.datasets import rows as all_rows
from relubook.epochs import draw_batches
from relubook.networks import MLP
from relubook.pretraining import Recipe
from relubook.pretraining_layers import Layer
from relubook.records.passport import Stopwatch, passport

REVISION = 1
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Job:
    """One autoencoder, for a number of steps.

    Attributes:
        name: In the record.
        what: In few words.
        batch_size: Examples a step.
        steps: How many.
        terms: Inputs, and outputs to be restored.
        units: Of the hidden layer.
        words: Of an example, in the mean.
        masked: Probability of a word to be forced to 0 [1].
        salted: Probability of a zero to be forced to 1 [1].
        zeros: Probability of a zero to be restored, if outputs are sampled [1].
        l1: Penalty on hidden outputs [1].
        rate: Step size [1].
        dtype: `float32` or `float64`.
        ratios: How many times as fast as the plain loop ours must be with all outputs restored,
            and with some; or None.
    """

    name: str
    what: str
    batch_size: int
    steps: int
    terms: int = 5000
    units: int = 5000
    words: float = 30.0
    masked: float = 0.8
    salted: float = 0.005
    zeros: float = 0.01
    l1: float = 1e-4
    rate: float = 0.005
    dtype: str = "float32"
    ratios: tuple[float, float] | None = (1.4, 5.0)


JOBS = (
    Job(name="batch-10", what="5000-5000, 30 words, batches of 10", batch_size=10, steps=20),
    Job(name="batch-100", what="5000-5000, 30 words, batches of 100", batch_size=100, steps=5),
)
ENTRANTS = (
    "relubook, all outputs",
    "relubook, sampled outputs",
    "relubook, dense rows",
    "nn.Linear + SGD",
)
MEASURES = ("wall", "cpu")  # [s]
THREADS = 1


def reviews(job: Job) -> Tensor:
    """Bags of words in compressed rows: the j-th term is in an example with a chance like 1 / j."""
    chance = 1 / (np.arange(job.terms) + 10)
    chance = np.minimum(chance * job.words / chance.sum(), 0.9)
    random = np.random.default_rng(0)
    count = job.batch_size * job.steps
    found = [np.flatnonzero(random.random(job.terms) < chance) for _ in range(count)]
    starts = np.cumsum([0, *(len(words) for words in found)])
    columns = np.concatenate(found)
    return all_rows.compressed(np.ones(len(columns)), columns, starts, width=job.terms)


def start(job: Job, *, zeros: float = 1.0, dense: bool = False) -> Layer:
    """The layer before its first pass."""
    dtype = getattr(torch, job.dtype)
    network, x = MLP((job.terms, job.units, 2), models=1, dtype=dtype), reviews(job).to(dtype)
    x = all_rows.dense(x) if dense else x
    recipe = Recipe(
        epochs=1, batch_size=job.batch_size, reconstruction="cross-entropy", zeros=zeros,
        corruption=Corruption(masked=job.masked, salted=job.salted),
    )  # fmt: skip
    return Layer(network, 0, x, x, recipe)


def ours(job: Job, layer: Layer) -> None:
    """One pass."""
    rate, l1 = (torch.tensor([value], dtype=torch.float64) for value in (job.rate, job.l1))
    layer.learn(rate, l1, 0)


def linears(layer: Layer) -> tuple[nn.Linear, nn.Linear]:
    """There and back, with the weights that ours begin with."""
    coder, made = layer.coder, []
    pairs = (coder.encoder.weight, coder.encoder.bias), (coder.weights_back, coder.bias)
    for weight, bias in pairs:
        linear = nn.utils.skip_init(nn.Linear, *weight.shape[1:], dtype=weight.dtype)
        linear.weight.data, linear.bias.data = weight[0].T.contiguous(), bias[0, 0].clone()
        made.append(linear)
    return made[0], made[1]


def plain(job: Job, x: Tensor, encoder: nn.Linear, decoder: nn.Linear) -> None:
    """The same pass on rows with their zeros."""
    optimizer = torch.optim.SGD([*encoder.parameters(), *decoder.parameters()], lr=job.rate)
    noise = seeds.stream(0, "pretraining 0, noise", 0)
    for rows in draw_batches((0,), len(x), job.batch_size, 0, "pretraining 0, order"):
        target = x[rows]
        drawn = torch.rand(target.shape, generator=noise)
        kept = (target * (drawn >= job.masked)).masked_fill(drawn >= 1 - job.salted, 1.0)
        h = torch.relu(encoder(kept))
        cost = functional.binary_cross_entropy_with_logits(decoder(h), target, reduction="sum")
        optimizer.zero_grad()
        ((cost + job.l1 * h.sum()) / job.batch_size).backward()
        optimizer.step()


def prepared(job: Job, place: int) -> Callable[[], None]:
    """One entrant, ready to begin."""
    layer = start(job, zeros=job.zeros if place == 1 else 1.0, dense=place >= 2)
    if place < 3:
        return lambda: ours(job, layer)
    x, both = layer.examples.take(torch.arange(job.batch_size * job.steps)[None])[0], linears(layer)
    return lambda: plain(job, x[0], *both)


def measure(job: Job, turn: int) -> np.ndarray:
    """Wall and CPU time [entrants measures] in this process, in turn the first."""
    times = np.zeros((len(ENTRANTS), len(MEASURES)))
    for place in np.roll(np.arange(len(ENTRANTS)), -turn):
        train = prepared(job, int(place))
        wall, cpu = time.perf_counter(), time.process_time()
        train()
        times[place] = time.perf_counter() - wall, time.process_time() - cpu
        del train
    return times


def run(rounds: int, *, quick: bool, say: Callable[[str], None]) -> Arrays:
    """Every entrant for every job on one thread, round after round, after one that does not count.

    Args:
        rounds: How many count.
        quick: Tiny networks, to see that everything runs.
        say: Told what comes next.

    Returns:
        `NAME.seconds` [rounds entrants measures].
    """
    arrays = {}
    for job in jobs(quick=quick):
        with fresh(1, THREADS) as process:
            times = []
            for turn in range(rounds + 1):
                say(f"{job.what}: {f'round {turn}' if turn else 'warm-up'}")
                times.append(process.apply(measure, (job, turn)))
        arrays[f"{job.name}.seconds"] = np.array(times[1:])
    return arrays


def jobs(*, quick: bool) -> tuple[Job, ...]:
    """All jobs; quick ones have few terms and units."""
    if not quick:
        return JOBS
    return tuple(replace(j, terms=40, units=6, words=4.0, steps=2, ratios=None) for j in JOBS)


def record(
    arrays: Arrays,
    *,
    stopwatch: Stopwatch,
    machines: list[dict[str, Any]],
    command: str,
    quick: bool,
) -> records.Record:
    """What was measured, with its passport; arguments are those of `pretraining.record`."""
    listed = [asdict(job) for job in jobs(quick=quick)]
    config = {
        "jobs": [{**job, "ratios": job["ratios"] and list(job["ratios"])} for job in listed],
        "rounds": len(arrays[f"{JOBS[0].name}.seconds"]),
        "entrants": list(ENTRANTS),
        "measures": list(MEASURES),
        "threads": THREADS,
        "environment": ENVIRONMENT,
    }
    made = [
        datasets.values.digest(datasets.Split(x=x, y=torch.zeros(len(x), dtype=torch.int64)))
        for x in map(reviews, jobs(quick=quick))
    ]
    sha256 = records.digest({"bags": made}, "", REVISION)
    whole = passport(
        stopwatch=stopwatch,
        device="cpu",
        data={"name": "bags of words drawn here", "sha256": sha256, "source": "embedded"},
        seeds=range(1),
        command=command,
    )
    return records.Record(
        experiment="text",
        scale="smoke" if quick else "laptop",
        data="cpu",
        digest=records.digest(config, sha256, REVISION),
        config=config,
        passport={**whole, "machine": machines},
        arrays=arrays,
    )


def table(made: records.Record) -> str:
    """The times of a step as text: medians over rounds, and how many times as fast, on the wall."""
    lines = []
    for job in made.config["jobs"]:
        seconds = made.arrays[f"{job['name']}.seconds"]
        lines.append(f"  {job['what']}")
        for place, entrant in enumerate(ENTRANTS):
            ratio, on_cpu = (seconds[:, -1] / seconds[:, place]).T
            middle = float(np.median(ratio))
            bar = job["ratios"][place] if job["ratios"] and place < 2 else None
            lines.append(
                f"    {entrant:28} {1000 * np.median(seconds[:, place, 0]) / job['steps']:8.1f} ms "
                f"a step, x {middle:.2f} ({ratio.min():.2f} to {ratio.max():.2f}) "
                f"({np.median(on_cpu):.2f}){verdict(bar, middle)}"
            )
    return "\n".join(lines)


def verdict(bar: float | None, ratio: float) -> str:
    """Whether ours was as much faster as we wanted it."""
    return "" if bar is None else f"; at least {bar:g}: {'met' if ratio >= bar else 'MISSED'}"
