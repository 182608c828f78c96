"""Given which units are active, a rectifier network is linear: how exactly, and how far.

From test digits, steps are taken in random directions, and what the network's linear model there
predicts is compared with what the network computes, all in float64. From digit to digit, every
linear piece on the straight way is counted, exactly.
"""

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import datasets, region_lines
from relubook import seeds as random
from relubook.experiments import local_linearity_drawings as drawings
from relubook.experiments.linear_models import (
    first_flip,
    flipped,
    in_float64,
    relative_error,
    tangent,
)
from relubook.experiments.local_linearity_values import Config, Result, rectifiers
from relubook.experiments.quartet import Group, settings, train_quartet, untrained
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.networks import MLP
from relubook.training import Progress

NAME = "local-linearity"
TITLE = "Given which units are active, the network is linear (page 318)"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_ways, describe_ways = drawings.draw_ways, drawings.describe_ways
draw_reach, describe_reach = drawings.draw_reach, drawings.describe_reach


def configure(scale: str, data: str | None = None) -> Config:
    """The networks of `quartet`; fewer digits and pairs for a quick look."""
    if scale == "smoke":
        return Config(**settings(scale, data), examples=20, pairs=4)
    return Config(**settings(scale, data))


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train all networks to one validation error, then walk away from digits."""
    data, passport = open_data(config.data, config.train_examples)
    groups = train_quartet(config, data, device=device, progress=part_of(progress, 0, 80, 100))
    groups.append(untrained(groups[0], data))
    x = data.test.x[: config.examples].double()
    steps = [_steps(config, group, x) for group in groups]
    ways = [_ways(config, data), _ways(config, data, of_one_class=False)]
    walks = []
    for done, place in enumerate(rectifiers(len(groups)), start=1):
        walks.append(_walks(groups[place].network, x, ways))
        if progress is not None:
            progress(80 + 20 * done // (len(groups) - 3), 100, f"ways, {groups[place].name}")
    reach, reach_share, pieces = (np.stack(part) for part in zip(*walks, strict=True))
    return Result(
        l1=np.array([group.l1 for group in groups]),
        steps=np.array(config.steps),
        **{name: np.stack([row[name] for row in steps]) for name in steps[0]},
        reach=reach,
        reach_share=reach_share,
        pieces=pieces,
        distance=np.stack([(end - start).norm(dim=-1).numpy() for start, end in ways]),
        test_error=np.stack([group.test_error for group in groups]),
        data=passport,
    )


def _steps(
    config: Config, group: Group, x: Float[Tensor, "examples inputs"]
) -> dict[str, Float[np.ndarray, "steps seeds"]]:
    """Errors and flips of one group, step by step."""
    network, x = _there(group.network, x)
    direction = _directions(network.seeds, x.shape[1:]).to(x)
    here, rows = tangent(network, x, direction), []
    for step in config.steps:
        there = tangent(network, x + step * direction, direction)
        wrong, flips = relative_error(here, there, step), flipped(here, there)
        whole = ~flips.any(-1)
        numbers = [wrong.nanmedian(1).values, _largest(wrong, whole)]
        numbers += [whole.double().mean(1), flips.double().mean((1, 2))]
        if group.activation != "rectifier":
            numbers[1:] = [torch.full_like(numbers[0], torch.nan)] * 3
        rows.append(np.stack([part.numpy(force=True) for part in numbers]))
    names = ("error", "kept_error", "whole", "flips")
    return dict(zip(names, np.stack(rows, axis=1), strict=True))


def _largest(wrong: Float[Tensor, "models examples"], whole: Tensor) -> Float[Tensor, "models"]:
    """The largest error of each model where no unit flips; NaN where there is no such digit."""
    largest = torch.where(whole & ~wrong.isnan(), wrong, -1.0).amax(1)
    return torch.where(largest < 0, torch.nan, largest)


def _there(
    network: MLP, x: Float[Tensor, "examples inputs"]
) -> tuple[MLP, Float[Tensor, "models examples inputs"]]:
    """The networks in float64, and the inputs of each where they are."""
    network = in_float64(network)
    weight = network.stacked_layers()[0].weight
    return network, x.to(weight).expand(network.models, *x.shape)


def _directions(
    seeds: tuple[int, ...], shape: tuple[int, ...]
) -> Float[Tensor, "models examples inputs"]:
    """For each seed and digit a direction of length 1."""
    drawn = [
        torch.randn(*shape, generator=random.stream(seed, "directions"), dtype=torch.float64)
        for seed in seeds
    ]
    return torch.nn.functional.normalize(torch.stack(drawn), dim=-1)


def _ways(
    config: Config, data: datasets.Dataset, *, of_one_class: bool = True
) -> tuple[Float[Tensor, "pairs inputs"], Float[Tensor, "pairs inputs"]]:
    """Starts and ends: pairs of different test digits of one class, or of two."""
    generator = random.stream(config.seeds[0], "pairs", int(of_one_class))
    order = torch.randperm(len(data.test), generator=generator)
    others = torch.randperm(len(data.test), generator=generator)
    y, used, chosen = data.test.y, set(), []
    for start in order.tolist()[: config.pairs]:
        fits = ((y[others] == y[start]) == of_one_class) & (others != start)
        end = next(end for end in others[fits].tolist() if end not in used)
        used.add(end)
        chosen.append((start, end))
    starts, ends = zip(*chosen, strict=True)
    return data.test.x[list(starts)].double(), data.test.x[list(ends)].double()


def _walks(
    network: MLP,
    x: Float[Tensor, "examples inputs"],
    ways: list[tuple[Float[Tensor, "pairs inputs"], Float[Tensor, "pairs inputs"]]],
) -> tuple[
    Float[np.ndarray, "ways seeds"],
    Float[np.ndarray, "kinds seeds"],
    Int[np.ndarray, "kinds pairs seeds"],
]:
    """How far one can go in random directions and toward digits, and all pieces on the way."""
    exact, many = _there(network, x)
    random_ways = tangent(exact, many, _directions(network.seeds, x.shape).to(many))
    reach, shares, pieces = [_median(first_flip(random_ways))], [], []
    for start, end in ways:
        _, begin = _there(network, start)
        share = first_flip(tangent(exact, begin, (end - start).to(begin).expand(begin.shape)))
        shares.append(_median(share))
        reach.append(_median(share * (end - start).norm(dim=-1).to(share)))
        between = [
            region_lines.cross(network, *pair).count for pair in zip(start, end, strict=True)
        ]
        pieces.append(torch.stack(between).numpy(force=True))
    return np.stack(reach), np.stack(shares), np.stack(pieces)


def _median(values: Float[Tensor, "models batch"]) -> Float[np.ndarray, "models"]:
    return values.median(1).values.numpy(force=True)


def compare(result: Result) -> list[Comparison]:
    """The paper has no number for it."""
    return []
