"""Deep narrow rectifier networks that answer every input alike before any training.

A layer all of whose units are off passes nothing on. With weights as likely positive as negative a
unit is off with probability 1/2 for a given input, so a layer of N units is silent for *that* input
with probability 2^-N, and some layer of d for it with probability 1 - (1 - 2^-N)^d. A network is
dead if a layer is silent for *all* inputs, which is rarer: there the same number is a bound.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from relubook import seeds as random
from relubook.experiments import born_dead_drawings as drawings
from relubook.experiments.computed import own_data, passport
from relubook.experiments.random_networks import BIAS
from relubook.experiments.sweep import Comparison
from relubook.training import Progress

NAME = "born-dead"
TITLE = "Networks that are dead before training, by width and depth"
REVISION = 1

KINDS = drawings.KINDS
INPUTS = (1, 10, 1, 1)  # of each of them

draw, describe = drawings.draw, drawings.describe
draw_bound, describe_bound = drawings.draw_bound, drawings.describe_bound
draw_starts, describe_starts = drawings.draw_starts, drawings.describe_starts
subtitle = drawings.subtitle


@dataclass(frozen=True, kw_only=True)
class Config:
    """The networks that are drawn and looked at, and the inputs shown to them.

    Attributes:
        data: The word that stands for no data.
        widths: Units of every hidden layer.
        depths: Hidden layers, rising.
        seeds: Of the weights; each draws `networks` networks of each kind and width.
        networks: For each seed; the first layers of a deep one are the shallower ones.
        inputs_shown: Evenly spaced on [-1, 1], or drawn from [-1, 1]^10.
    """

    data: str
    widths: tuple[int, ...] = (2, 4, 8, 16, 32)
    depths: tuple[int, ...] = (1, 2, 5, 10, 20, 50)
    seeds: tuple[int, ...] = tuple(range(10))
    networks: int = 400
    inputs_shown: int = 100


@dataclass(frozen=True, kw_only=True)
class Result:
    """Shares of networks, by kind of `KINDS`, width, depth and seed.

    Attributes:
        widths: Units of every hidden layer.
        depths: Hidden layers.
        dead: Some layer is silent for all inputs shown [1].
        silent: Some layer is silent for the first input shown [1].
        bound: 1 - (1 - 2^-N)^d [1].
        networks: Behind each share.
        data: Name, sha256 and source of the data.
    """

    widths: Int[np.ndarray, "widths"]
    depths: Int[np.ndarray, "depths"]
    dead: Float[np.ndarray, "kinds widths depths seeds"]
    silent: Float[np.ndarray, "kinds widths depths seeds"]
    bound: Float[np.ndarray, "widths depths"]
    networks: Int[np.ndarray, ""]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}


def configure(scale: str, data: str | None = None) -> Config:
    """4,000 networks of each kind and width; few for a quick look."""
    name = own_data(NAME, "random-weights", data)
    if scale == "smoke":
        return Config(
            data=name, widths=(2, 4), depths=(1, 2, 5), seeds=(0, 1), networks=100, inputs_shown=20
        )
    return Config(data=name)


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Draw the networks of each kind and width, seed by seed, and look where they fall silent."""
    shape = (len(KINDS), len(config.widths), len(config.depths), len(config.seeds))
    dead, silent = np.empty(shape), np.empty(shape)
    total, done = shape[0] * shape[1] * shape[3], 0
    for kind, name in enumerate(KINDS):
        for row, width in enumerate(config.widths):
            for column, seed in enumerate(config.seeds):
                found = silenced(config, kind, width, seed, device=device)
                dead[kind, row, :, column], silent[kind, row, :, column] = found
                done += 1
                if progress is not None:
                    progress(done, total, f"{name}, width {width}")
    return Result(
        widths=np.array(config.widths),
        depths=np.array(config.depths),
        dead=dead,
        silent=silent,
        bound=np.array([[bound(n, d) for d in config.depths] for n in config.widths]),
        networks=np.array(config.networks * len(config.seeds)),
        data=passport(config.data),
    )


def bound(width: int, depth: int) -> float:
    """1 - (1 - 2^-N)^d [1]: the chance that some layer is silent for one given input.

    Args:
        width: Units of each hidden layer, N.
        depth: Hidden layers, d.

    References:
        lu2020, which bounds by it the chance that a network is dead.

    >>> bound(1, 2)
    0.75
    """
    return float(-np.expm1(depth * np.log1p(-(0.5**width))))


def silenced(
    config: Config, kind: int, width: int, seed: int, *, device: str = "cpu"
) -> tuple[Float[np.ndarray, "depths"], Float[np.ndarray, "depths"]]:
    """Shares of one seed's networks that are dead, and silent for the first input [1], by depth.

    Args:
        config: How many networks, and which depths.
        kind: A place in `KINDS`.
        width: Units of every hidden layer.
        seed: Of the weights.
        device: `cpu` or `cuda`.
    """
    shape = (config.networks, len(config.depths))
    dead, silent = torch.zeros(shape, dtype=torch.bool), torch.zeros(shape, dtype=torch.bool)
    so_far = torch.zeros(2, config.networks, dtype=torch.bool)
    for depth, on in enumerate(active(config, kind, width, seed, device=device), start=1):
        so_far |= torch.stack([~on.any(-1).any(-1), ~on[:, 0].any(-1)]).cpu()
        if depth in config.depths:
            place = config.depths.index(depth)
            dead[:, place], silent[:, place] = so_far
    return dead.double().mean(0).numpy(), silent.double().mean(0).numpy()


@torch.no_grad()
def active(
    config: Config, kind: int, width: int, seed: int, *, device: str = "cpu"
) -> Iterator[Bool[Tensor, "networks inputs_shown units"]]:
    """Which units are active for which input, layer by layer; arguments as of `silenced`."""
    generator = random.stream(seed, f"born dead: {KINDS[kind]}", width)
    h = _inputs(config, INPUTS[kind], generator).to(device).expand(config.networks, -1, -1)
    for _ in range(config.depths[-1]):
        weight, bias = _layer(KINDS[kind], (config.networks, h.shape[-1], width), generator)
        h = torch.baddbmm(bias.to(device), h, weight.to(device)).relu()
        yield h > 0


def _inputs(
    config: Config, inputs: int, generator: torch.Generator
) -> Float[Tensor, "inputs_shown inputs"]:
    """Places in [-1, 1]^inputs: evenly spaced on a line, else drawn."""
    if inputs == 1:
        return torch.linspace(-1, 1, config.inputs_shown, dtype=torch.float64)[:, None]
    drawn = torch.rand(config.inputs_shown, inputs, generator=generator, dtype=torch.float64)
    return 2 * drawn - 1


def _layer(
    kind: str, shape: tuple[int, int, int], generator: torch.Generator
) -> tuple[Float[Tensor, "networks inputs units"], Float[Tensor, "networks 1 units"]]:
    """Normal weights of variance 2 / inputs, and biases of zero unless the kind says otherwise."""
    networks, inputs, units = shape
    both = torch.randn(
        networks, inputs + 1, units, generator=generator, dtype=torch.float64
    )  # the last row is the biases
    both[:, :-1] *= (2 / inputs) ** 0.5
    both[:, -1] *= BIAS if kind == "biases drawn" else 0.0
    if kind == "asymmetric":
        _make_one_positive(both, generator)
    return both[:, :-1], both[:, -1:]


def _make_one_positive(
    both: Float[Tensor, "networks rows units"], generator: torch.Generator
) -> None:
    """Draw one of each unit's weights and bias, chosen at random, from Beta(2, 1) instead.

    References:
        lu2020: their asymmetric start, here without its own variance of the other weights.
    """
    networks, rows, units = both.shape
    place = torch.randint(rows, (networks, 1, units), generator=generator)
    uniform = torch.rand(networks, 1, units, generator=generator, dtype=torch.float64)
    both.scatter_(1, place, uniform.sqrt())  # the distribution function of Beta(2, 1) is x²


def compare(result: Result) -> list[Comparison]:
    """The paper has no number for it."""
    return []
