"""How many linear regions networks have: counted on lines, in a plane, and among digits.

Untrained networks of two inputs have normal weights of variance 2 / inputs and biases of standard
deviation 0.3; the window is [-3, 3] x [-3, 3] and each line is as long as its diagonal. What is
counted is exact.
"""

import itertools
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import patterns, region_bounds, region_lines, regions
from relubook import seeds as random
from relubook.datasets import Dataset
from relubook.experiments import region_counts_drawings as drawings
from relubook.experiments.quartet import settings, train_group
from relubook.experiments.random_networks import he_normal
from relubook.experiments.region_counts_values import STATES, Config, Result
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.networks import MLP, sizes
from relubook.regions import Window
from relubook.training import Progress

NAME = "region-counts"
TITLE = "Exponentially many linear models, counted (page 318)"
REVISION = 1

SIDE = 3.0  # half of the window's width
WINDOW = Window(-SIDE, SIDE, -SIDE, SIDE)

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_plane, describe_plane = drawings.draw_plane, drawings.describe_plane


def configure(scale: str, data: str | None = None) -> Config:
    """Up to 384 hidden units on lines and 96 in the plane; fewer sizes for a quick look."""
    config = replace(Config(**settings(scale, data)), l1=())
    if scale == "smoke":
        return replace(config, depths=(1, 3, 6), neurons=(24, 96), plane_neurons=(24, 96), lines=2)
    return config


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Draw networks and count; then train networks on digits and count their patterns."""
    data, passport = open_data(config.data, config.train_examples)
    pieces = [
        [pieces_on_lines(depth, neurons, config.seeds, config.lines) for neurons in config.neurons]
        for depth in config.depths
    ]
    found = _regions(config, part_of(progress, 0, 40, 100))
    bounds = [
        [(region_bounds.most(shape), region_bounds.constructed(shape)) for shape in row]
        for row in ([shape_of(d, n) for n in config.plane_neurons] for d in config.depths)
    ]
    different, own, error = _patterns(config, data, device, part_of(progress, 40, 60, 100))
    return Result(
        depths=np.array(config.depths),
        neurons=np.array(config.neurons),
        pieces=np.array(pieces),
        plane_neurons=np.array(config.plane_neurons),
        regions=found,
        most=np.array(bounds, dtype=float)[..., 0],
        constructed=np.array(bounds, dtype=float)[..., 1],
        different=different,
        own=own,
        digits=np.array(len(data.test)),
        test_error=error,
        data=passport,
    )


def shape_of(depth: int, neurons: int) -> tuple[int, ...]:
    """Sizes of a network of two inputs whose hidden units are spread evenly over its layers.

    Raises:
        ValueError: If they cannot be.
    """
    if neurons % depth:
        raise ValueError(
            f"The `neurons` must be a multiple of the depth. Got {neurons} and {depth}."
        )
    return sizes(inputs=2, width=neurons // depth, depth=depth, outputs=1)


def pieces_on_lines(
    depth: int, neurons: int, seeds: tuple[int, ...], lines: int
) -> Int[np.ndarray, "seeds lines"]:
    """Linear pieces of random networks on lines through the middle of the window.

    Args:
        depth: Hidden layers.
        neurons: Hidden units of all layers together.
        seeds: Of weights and lines.
        lines: For each network; their directions are random.
    """
    each = [seed for seed in seeds for _ in range(lines)]
    network = he_normal(shape_of(depth, neurons), each, dtype=torch.float64)
    end = torch.cat([_ends(seed, lines) for seed in seeds])
    counts = region_lines.cross(network, -end, end).count
    return counts.numpy().reshape(len(seeds), lines)


def _ends(seed: int, lines: int) -> Float[Tensor, "lines 2"]:
    """Ends of lines in random directions; each begins on the other side of the origin."""
    generator = random.stream(seed, "lines")
    angle = 2 * math.pi * torch.rand(lines, generator=generator, dtype=torch.float64)
    return SIDE * math.sqrt(2) * torch.stack([angle.cos(), angle.sin()], dim=1)


def _regions(
    config: Config, progress: Progress | None
) -> Int[np.ndarray, "depths plane_neurons seeds"]:
    """All regions in the window."""
    shapes = list(itertools.product(config.depths, config.plane_neurons))
    rows = []
    for depth, neurons in shapes:
        network = he_normal(shape_of(depth, neurons), config.seeds)
        rows.append([len(regions.find(network, WINDOW, model=m)) for m in range(network.models)])
        if progress is not None:
            progress(len(rows), len(shapes), f"{neurons} units in {depth} layers")
    return np.array(rows).reshape(len(config.depths), len(config.plane_neurons), -1)


def _patterns(
    config: Config, data: Dataset, device: str, progress: Progress | None
) -> tuple[
    Float[np.ndarray, "states seeds"], Float[np.ndarray, "states seeds"], Float[np.ndarray, "seeds"]
]:
    """Different patterns and patterns of one digit only, as shares of the digits; the error."""
    group = train_group(config, data, "rectifier", device=device, progress=progress)
    fresh = MLP(group.network.sizes, seeds=group.network.seeds, device=device)
    different, own = np.empty((2, len(STATES), len(config.seeds)))
    for at, network in enumerate((fresh, group.network)):
        active = patterns.active(network, data.test.x)
        different[at] = patterns.distinct(active).numpy(force=True) / len(data.test)
        own[at] = patterns.own(active).numpy(force=True)
    return different, own, group.test_error


def compare(result: Result) -> list[Comparison]:
    """The paper has no number for it."""
    return []
