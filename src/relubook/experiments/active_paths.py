"""Which units and paths one input selects, and where the gradient comes back (Figure 2)."""

import itertools
from pathlib import Path

import numpy as np

from relubook.experiments import active_paths_case as case
from relubook.experiments import active_paths_drawings as drawings
from relubook.experiments import active_paths_frames as frames
from relubook.experiments.active_paths_networks import (
    Coarse,
    Measured,
    bytes_of,
    first_of_each,
    measure,
    open_coarse,
    packed,
    train_kept,
    with_layers,
)
from relubook.experiments.active_paths_values import Config, Kind, Result
from relubook.experiments.sweep import Comparison, part_of
from relubook.training import Progress

NAME = "active-paths"
TITLE = "The units and paths that one input selects, and the gradient on them (page 318, Figure 2)"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_gradient, describe_gradient = drawings.draw_gradient, drawings.describe_gradient
draw_case, describe_case = case.draw_case, case.describe_case
viewer_data, train_frames = frames.viewer_data, frames.train_frames


def configure(scale: str, data: str | None = None) -> Config:
    """Networks small enough to be seen whole, at every scale; on more examples at `paper`."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", depths=(2, 3), seeds=(0, 1), kept=(0, 20, 200),
            train_examples=1000,
        )  # fmt: skip
    if scale == "paper":
        return Config(data=data or "mnist", train_examples=None)
    return Config(data=data or "mnist-5k")


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train the networks of every kind and depth, and measure what was kept of them."""
    data = open_coarse(config)
    groups = list(itertools.product(config.kinds, config.depths))
    measured, weights = [], []
    for place, (kind, depth) in enumerate(groups):
        part = part_of(progress, 100 * place, 100, 100 * len(groups))
        rows, numbers = _one_group(config, data, kind, depth, part)
        measured.append(rows)
        weights.append(numbers)
    codes, scales = (np.concatenate(part, axis=1) for part in zip(*weights, strict=True))
    shown = first_of_each(data.test, data.classes, config.shown)
    return Result(
        sizes=np.array([config.side**2, config.width, data.classes]),
        depths=np.array(config.depths),
        steps=np.array(config.kept),
        codes=codes,
        scales=scales,
        pictures=bytes_of(shown),
        labels=shown.y.numpy(),
        data=data.passport,
        **_tables(config, measured),
    )


def _one_group(
    config: Config, data: Coarse, kind: Kind, depth: int, progress: Progress | None
) -> tuple[list[Measured], tuple[np.ndarray, np.ndarray]]:
    """What is measured at each step; the first seed's codes and scales, a row a step."""
    kept = train_kept(config, data, kind, depth, config.seeds, progress=progress)
    codes, scales = zip(*(packed(network, 0) for network in kept), strict=True)
    return [measure(network, data.test) for network in kept], (np.stack(codes), np.stack(scales))


def _tables(config: Config, measured: list[list[Measured]]) -> dict[str, np.ndarray]:
    """Each quantity with the axes kinds, depths, steps, seeds and, of those by layer, layers."""
    most, shape = config.depths[-1], (len(config.kinds), len(config.depths))
    tables = {}
    for name in Measured._fields:
        found = [[getattr(row, name) for row in rows] for rows in measured]
        if found[0][0].ndim == 2:
            found = [[with_layers(values, most) for values in rows] for rows in found]
        table = np.array(found)
        tables[name] = table.reshape(*shape, *table.shape[1:])
    return tables


def compare(result: Result) -> list[Comparison]:
    """The paper's Figure 2 is a sketch: it has no number to set beside ours."""
    return []
