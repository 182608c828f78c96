"""A plane that folds while it is learned: small networks, and their exact regions step by step."""

import itertools
from pathlib import Path

import numpy as np

from relubook.datasets import Dataset
from relubook.experiments import folding_drawings as drawings
from relubook.experiments import folding_frames as frames
from relubook.experiments.folding_networks import (
    count,
    errors_and_activity,
    flat,
    open_plane,
    steps_of,
    train_kept,
)
from relubook.experiments.folding_values import Config, Result
from relubook.experiments.sweep import Comparison, part_of
from relubook.training import Progress, grid

NAME = "folding"
TITLE = "How a plane is folded while it is learned: linear regions, step by step (page 318)"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_plane, describe_plane = drawings.draw_plane, drawings.describe_plane
draw_neurons, describe_neurons = drawings.draw_neurons, drawings.describe_neurons
viewer_data, train_frames = frames.viewer_data, frames.train_frames


def configure(scale: str, data: str | None = None) -> Config:
    """27 kinds of networks, kept at 7 times; fewer of all for a quick look."""
    name = data or "spirals"
    if scale == "smoke":
        return Config(
            data=name, depths=(1, 2), widths=(4, 8), l1=(0.0, 0.03), seeds=(0, 1), kept=(0, 1, 3),
            shown=60,
        )  # fmt: skip
    return Config(data=name)


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train all networks of a shape side by side, and find the regions of what was kept."""
    data, passport = open_plane(config.data)
    shapes = list(itertools.product(config.depths, config.widths))
    parts = [
        _one_shape(config, data, shape, part_of(progress, 100 * at, 100, 100 * len(shapes)))
        for at, shape in enumerate(shapes)
    ]
    places = (len(config.depths), len(config.widths), len(config.l1), len(config.kept), -1)
    *measured, weights = zip(*parts, strict=True)
    found, error, active = (np.stack(part).reshape(places) for part in measured)
    few = data.subset(train=min(config.shown, len(data.train))).train
    return Result(
        depths=np.array(config.depths),
        widths=np.array(config.widths),
        l1=np.array(config.l1),
        steps=steps_of(config, data),
        regions=found,
        test_error=error,
        active=active,
        weights=np.concatenate(weights, axis=1),
        examples=few.x.numpy(),
        labels=few.y.numpy(),
        data=passport,
    )


def _one_shape(
    config: Config, data: Dataset, shape: tuple[int, int], progress: Progress | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Regions, errors and activity [strengths steps seeds]; the first seed's [steps numbers]."""
    hyper = grid(learning_rate=config.learning_rate, l1=config.l1, seed=config.seeds)
    networks = train_kept(config, data, shape, hyper, progress=part_of(progress, 0, 60, 100))
    rows = []
    for done, network in enumerate(networks, start=1):
        rows.append((count(network), *errors_and_activity(network, data)))
        if progress is not None:
            words = f"regions, {shape[0]} x {shape[1]} units"
            progress(60 + 40 * done // len(networks), 100, words)
    seeds = len(config.seeds)
    by_time = (np.stack(part).reshape(len(networks), -1, seeds) for part in zip(*rows, strict=True))
    found, error, active = (part.transpose(1, 0, 2) for part in by_time)
    first = range(0, len(hyper), seeds)
    weights = np.stack([np.concatenate([flat(n, model) for model in first]) for n in networks])
    return found, error, active, weights


def compare(result: Result) -> list[Comparison]:
    """The paper has no number for it."""
    return []
