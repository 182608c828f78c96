"""How long greedy pretraining takes, beside the loop that anyone would write in plain PyTorch.

The plain loop trains one network after the other: `nn.Linear` there and back, torch's derivatives,
`torch.optim.SGD`. Both draw the same weights, the same orders and the same noise, look at the same
validation examples after each pass and keep the best weights; so both end with the same networks.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from benchmarks.rounds import ENVIRONMENT, fresh
from relubook import datasets, records, seeds
from relubook.autoencoders import Autoencoder
from relubook.epochs import draw_batches
from relubook.networks import MLP
from relubook.pretraining import Recipe, pretrain
from relubook.records.passport import Stopwatch, passport
from relubook.training import grid

REVISION = 1
Arrays = dict[str, np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Job:
    """Networks to be pretrained.

    Attributes:
        name: In the record.
        what: In few words.
        width: Units of each of three hidden layers.
        examples: Training examples of a pass, the first ones; a fifth as many are for validation.
        models: How many networks.
        epochs: Passes for each layer.
        batch_size: Examples a step.
        masked: Probability of an input to be forced to 0 [1].
        l1: Penalty on hidden outputs [1].
        rates: The first and the last model's step size [1]; those between rise evenly.
        dtype: `float32` or `float64`.
        ratio: How many times as fast as the plain loop ours must be, or None.
    """

    name: str
    what: str
    width: int
    examples: int
    models: int = 8
    epochs: int = 1
    batch_size: int = 10
    masked: float = 0.25
    l1: float = 1e-3
    rates: tuple[float, float] = (1e-4, 1e-3)
    dtype: str = "float32"
    ratio: float | None = None


JOBS = (
    Job(name="wide", what="8 networks 784-1000-1000-1000", width=1000, examples=300, ratio=1.3),
    Job(name="narrow", what="8 networks 784-128-128-128", width=128, examples=1000),
)
ENTRANTS = ("relubook", "nn.Linear + SGD")
MEASURES = ("wall", "cpu")  # [s]
THREADS = 2


def start(job: Job) -> tuple[MLP, Tensor, Tensor]:
    """Networks before training, and what they learn to restore; the rest is for validation."""
    digits = datasets.load("mnist-5k").train.x
    dtype = getattr(torch, job.dtype)
    count = job.examples + job.examples // 5
    network = MLP((784, *[job.width] * 3, 10), models=job.models, dtype=dtype)
    digits = digits[:count].to(dtype)
    return network, digits[: job.examples], digits[job.examples :]


def rates(job: Job) -> list[float]:
    """The step size of each model."""
    return np.linspace(*job.rates, job.models).tolist()


def ours(job: Job, network: MLP, x: Tensor, validation: Tensor) -> None:
    """All networks at once, as many as fit near the cores."""
    hyper = grid(l1=job.l1, seed=network.seeds, dtype=x.dtype)
    hyper = replace(hyper, learning_rate=torch.tensor(rates(job), dtype=x.dtype))
    pretrain(network, x, validation, hyper, recipe(job))


def recipe(job: Job) -> Recipe:
    """Strategy 1 of the paper with its noise."""
    made = Recipe(epochs=job.epochs, batch_size=job.batch_size)
    return replace(made, corruption=replace(made.corruption, masked=job.masked))


def plain(job: Job, network: MLP, x: Tensor, validation: Tensor) -> None:
    """One network after the other, one layer after the other."""
    for model, rate in enumerate(rates(job)):
        h, others = x, validation
        for position, layer in enumerate(network.stacked_layers()[:-1]):
            encoder, decoder = _linears(network, model, position)
            _restore(job, (encoder, decoder), h, others, rate, network.seeds[model], position)
            layer.weight.data[model] = encoder.weight.data.T
            layer.bias.data[model] = encoder.bias.data
            with torch.no_grad():
                h, others = torch.relu(encoder(h)), torch.relu(encoder(others))


def _linears(network: MLP, model: int, position: int) -> tuple[nn.Linear, nn.Linear]:
    """There and back, with the weights that ours begin with."""
    coder = Autoencoder.of(network.view(slice(model, model + 1)), position)
    weights = (coder.encoder.weight, coder.encoder.bias), (coder.weights_back, coder.bias)
    made = []
    for weight, bias in weights:
        linear = nn.utils.skip_init(nn.Linear, *weight.shape[1:], dtype=weight.dtype)
        linear.weight.data, linear.bias.data = weight[0].T.contiguous(), bias[0, 0].clone()
        made.append(linear)
    return made[0], made[1]


def _restore(
    job: Job,
    linears: tuple[nn.Linear, nn.Linear],
    x: Tensor,
    others: Tensor,
    rate: float,
    seed: int,
    position: int,
) -> None:
    """Train one autoencoder and leave it with the weights of its best pass."""
    both, name = nn.ModuleList(linears), f"pretraining {position}"
    optimizer = torch.optim.SGD(both.parameters(), lr=rate)
    lowest, best = np.inf, {}
    for epoch in range(job.epochs):
        noise = seeds.stream(seed, f"{name}, noise", epoch)
        batches = draw_batches((seed,), len(x), job.batch_size, epoch, f"{name}, order")
        for rows in batches:
            cost, penalty = _cost(job, linears, x[rows], noise)
            optimizer.zero_grad()
            (cost + job.l1 * penalty).backward()
            optimizer.step()
        with torch.no_grad():
            look, _ = _cost(job, linears, others, seeds.stream(seed, f"{name}, validation"))
        if float(look) < lowest:
            lowest = float(look)
            best = {key: value.clone() for key, value in both.state_dict().items()}
    both.load_state_dict(best)


def _cost(
    job: Job, linears: tuple[nn.Linear, nn.Linear], x: Tensor, noise: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Of restoring examples that were corrupted, and of hidden outputs: means of examples."""
    kept = torch.rand(x.shape, generator=noise) >= job.masked
    h = torch.relu(linears[0](x * kept))
    restored = softplus(linears[1](h))
    return (restored - x).square().sum(1).mean(), h.abs().sum(1).mean()


def measure(job: Job, turn: int) -> np.ndarray:
    """Wall and CPU time of both ways [entrants measures] in this process, in turn the first."""
    times = np.zeros((len(ENTRANTS), len(MEASURES)))
    ways = (ours, plain)
    for place in np.roll(np.arange(len(ways)), -turn):
        prepared = start(job)
        wall, cpu = time.perf_counter(), time.process_time()
        ways[place](job, *prepared)
        times[place] = time.perf_counter() - wall, time.process_time() - cpu
    return times


def run(rounds: int, *, quick: bool, say: Callable[[str], None]) -> Arrays:
    """Both ways for every job on two threads, round after round, after one that does not count.

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
    """All jobs; quick ones have layers of four units and few examples."""
    if not quick:
        return JOBS
    return tuple(replace(job, width=4, examples=40, models=3, ratio=None) for job in JOBS)


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
        "jobs": [{**job, "rates": list(job["rates"])} for job in listed],
        "rounds": len(arrays[f"{JOBS[0].name}.seconds"]),
        "entrants": list(ENTRANTS),
        "measures": list(MEASURES),
        "threads": THREADS,
        "environment": ENVIRONMENT,
    }
    data = datasets.load("mnist-5k")
    whole = passport(
        stopwatch=stopwatch,
        device="cpu",
        data={"name": data.name, "sha256": data.sha256, "source": data.source},
        seeds=range(max(job.models for job in JOBS)),
        command=command,
    )
    return records.Record(
        experiment="pretraining",
        scale="smoke" if quick else "laptop",
        data="cpu",
        digest=records.digest(config, data.sha256, REVISION),
        config=config,
        passport={**whole, "machine": machines},
        arrays=arrays,
    )


def table(made: records.Record) -> str:
    """The times as text: medians over rounds of the wall time, and the ratio's range."""
    lines = [f"  {'':32} {'ours [s]':>9} {'plain [s]':>10}  ours is x times as fast (CPU)"]
    for job in made.config["jobs"]:
        seconds = made.arrays[f"{job['name']}.seconds"]
        mine, theirs = np.median(seconds[..., 0], axis=0)
        ratio, on_cpu = (seconds[:, 1] / seconds[:, 0]).T
        middle = float(np.median(ratio))
        lines.append(
            f"  {job['what']:32} {mine:9.3f} {theirs:10.3f}  {middle:.2f} ({ratio.min():.2f} to "
            f"{ratio.max():.2f}) ({np.median(on_cpu):.2f}){verdict(job['ratio'], middle)}"
        )
    return "\n".join(lines)


def verdict(bar: float | None, ratio: float) -> str:
    """Whether ours was as much faster as we wanted it."""
    return "" if bar is None else f"; at least {bar:g}: {'met' if ratio >= bar else 'MISSED'}"
