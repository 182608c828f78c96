"""Every scheme on the same networks, from small to the paper's: speed, traffic, agreement.

A scheme is set up, checked and timed alone, then forgotten: two hundred networks of the paper's
width are 2.2 GB, their gradients as much again. So the schemes do not take turns as the entrants
of a contest do, and a row says less on a busy machine than a contest.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from benchmarks import roofline
from benchmarks.ceilings import timed
from benchmarks.contestants import Prepared
from benchmarks.problems import Problem, Setting, problem
from benchmarks.schemes import REFERENCE, SCHEMES, Scheme, on

# A process keeps the memory that it frees. Otherwise schemes that allocate gradients are timed
# while the system clears pages for them; so they look better here than in everyday use.
ENVIRONMENT = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40)}
CHECKED_STEPS = 20
CHECKED_MODELS = 8  # on a CPU, which takes few at a time anyway; a GPU trains and checks all
MOST_ALONE = 2000  # steps of a loop over networks that are timed, all rounds together
_STREAMED = 4_000_000_000  # bytes of weights in a round, where each step goes through all of them


@dataclass(frozen=True, kw_only=True)
class Row:
    """Networks to train, with 784 inputs and 10 classes.

    Attributes:
        width: Units per hidden layer.
        depth: Hidden layers.
        models: How many networks.
        batch_size: Examples a step.
        steps: Of each network in a timed round, at most.
    """

    width: int
    depth: int
    models: int
    batch_size: int
    steps: int

    @property
    def name(self) -> str:
        """Width, depth, models and batch size."""
        return f"{self.width}-{self.depth}-{self.models}-{self.batch_size}"

    def problem(self, device: str, steps: int) -> Problem:
        """So many steps of all networks."""
        setting = Setting(
            width=self.width,
            depth=self.depth,
            models=self.models,
            batch_size=self.batch_size,
            examples=self.batch_size * steps,
            device=device,
        )
        return problem(setting)


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What became of one scheme in one row.

    Attributes:
        seconds: Of each round [rounds].
        models: How many networks were timed; a loop over networks goes on at the same rate.
        steps: Of each network in a round.
        together: How many networks were worked on at a time.
        differences: Of each network that was checked; see `differences` [models].
    """

    seconds: np.ndarray
    models: int
    steps: int
    together: int
    differences: np.ndarray


# Width, models, batch size; steps a round on a CPU (some seconds for most schemes) and on a GPU.
_ROWS = (
    (64, 200, 10, 100, 5000),
    (256, 200, 10, 50, 2000),
    (1000, 1, 10, 100, 5000),
    (1000, 8, 10, 100, 2000),
    (1000, 32, 10, 50, 2000),
    (1000, 200, 10, 20, 1000),
    (1000, 200, 50, 8, 500),
    (1000, 200, 100, 4, 500),
)


def rows(device: str, *, quick: bool = False) -> tuple[Row, ...]:
    """The rows for a device; `quick` makes some of them tiny, to see that everything runs."""
    listed = tuple(
        Row(width=width, depth=3, models=models, batch_size=batch_size, steps=steps)
        for width, models, batch_size, on_cpu, on_cuda in _ROWS
        for steps in [on_cuda if device == "cuda" else on_cpu]
    )
    if quick:
        tiny = (replace(row, width=16, models=min(row.models, 3), steps=2) for row in listed)
        return tuple(dict.fromkeys(tiny))[1:3]
    return listed


def measure(row: Row, device: str, rounds: int, names: Sequence[str]) -> dict[str, Measured]:
    """Check and time some schemes, one after the other."""
    checked = row.problem(device, CHECKED_STEPS)
    if device == "cpu":
        checked = checked.first(CHECKED_MODELS)
    true = _trained(REFERENCE.prepare(_in_float64(checked)))
    done = {}
    for name in names:
        # The check is also the warm-up: it does all that the timed rounds do.
        scheme = SCHEMES[name]
        off = differences(_trained(scheme.prepare(checked)), true)
        done[name] = _timed(row, scheme, device, rounds, off)
        times = ", ".join(f"{seconds:.2f} s" for seconds in done[name].seconds)
        print(f"  {name}: {times}", file=sys.stderr, flush=True)
    return done


def portions(device: str, *, quick: bool = False) -> list[list[str]]:
    """The schemes that may share a process: all on a GPU, on a CPU each has one to itself.

    There, what one left of its memory would be too little for the next, which wants it in one
    piece; a GPU takes a while to begin, and tiny networks leave nothing worth a process each.
    """
    if quick:
        return [on(device)[:1], on(device)[1:]]
    return [on(device)] if device == "cuda" else [[name] for name in on(device)]


def differences(weights: list[Tensor], true: list[Tensor]) -> np.ndarray:
    """Each network's largest error of a weight or bias, relative to its layer's largest weight.

    Rounding leaves 1e-7 or so. Where it moves a pre-activation across zero, a unit switches for one
    example, and a network may part by a thousand times as much: hence one number for each.

    Args:
        weights: Weights and biases of every layer, of all models.
        true: The same, in float64.
    """
    scales = [weight.abs().amax((1, 2)) for weight in true[::2] for _ in ("weight", "bias")]
    errors = [(w.double() - t).abs().amax((1, 2)) for w, t in zip(weights, true, strict=True)]
    return (
        torch.stack([e / s for e, s in zip(errors, scales, strict=True)]).amax(0).numpy(force=True)
    )


def amount(row: Row, scheme: Scheme, device: str, rounds: int) -> tuple[int, int]:
    """How many networks, and steps of each, are timed in a round."""
    if scheme.alone:
        steps = min(row.steps, MOST_ALONE // rounds)
        return max(1, min(row.models, MOST_ALONE // (steps * rounds))), steps
    if scheme.streams and device == "cpu":
        shape = row.problem(device, 1).sizes
        weights = roofline.working_set(shape, row.models, stores_gradient=False)
        return row.models, min(row.steps, max(2, _STREAMED // weights))
    return row.models, row.steps


def _timed(row: Row, scheme: Scheme, device: str, rounds: int, off: np.ndarray) -> Measured:
    """The times of one scheme; each round goes on where the last one ended."""
    models, steps = amount(row, scheme, device, rounds)
    prepared = scheme.prepare(row.problem(device, steps).first(models))
    seconds = np.array([timed(prepared.train, device) for _ in range(rounds)])
    together = prepared.together()
    del prepared
    if device == "cuda":
        torch.cuda.empty_cache()
    return Measured(seconds=seconds, models=models, steps=steps, together=together, differences=off)


def _in_float64(job: Problem) -> Problem:
    """The same problem, precise enough to judge float32."""
    return problem(replace(job.setting, dtype="float64")).first(len(job.hyper))


def _trained(prepared: Prepared) -> list[Tensor]:
    """The weights after training."""
    prepared.train()
    return prepared.weights()
