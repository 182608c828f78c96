"""When do deep networks learn? Four activations, five depths, six starts, five learning rates.

Plain gradient descent, no penalty, nothing normalized. A cell of the map is one activation, depth,
start and learning rate; its networks differ in their seed alone, and one seed has the same uniform
numbers behind its weights and the same order of examples in every cell. Stated before the run: a
network has learned when its validation error is below 20 %, a cell when its median is.
"""

import itertools
from pathlib import Path

import numpy as np

from relubook.datasets import Dataset
from relubook.experiments import training_map_drawings as drawings
from relubook.experiments import training_map_grids as grids
from relubook.experiments.quartet import UNITS
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.experiments.training_map_courses import begin, follow
from relubook.experiments.training_map_values import STARTS, Config, Result
from relubook.training import Progress, grid

NAME = "training-map"
TITLE = "From which starts, with which learning rates deep networks learn"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_map, describe_map = grids.draw_map, grids.describe_map
draw_deep, describe_deep = grids.draw_deep, grids.describe_deep
draw_steps, describe_steps = drawings.draw_steps, drawings.describe_steps
draw_dead, describe_dead = drawings.draw_dead, drawings.describe_dead


def configure(scale: str, data: str | None = None) -> Config:
    """3,000 networks of 32 units a layer; few of them for a quick look, wider ones at `paper`."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=16, depths=(1, 5), starts=("torch's default", "He"),
            learning_rates=(0.1, 1.0), steps=(10, 40), batch_size=32, seeds=(0, 1),
            train_examples=600,
        )  # fmt: skip
    paper = scale == "paper"
    return Config(
        data=data or ("mnist" if paper else "mnist-5k"),
        width=1000 if paper else 32,
        depths=(1, 3, 5, 10, 20),
        starts=tuple(STARTS),
        learning_rates=(0.01, 0.03, 0.1, 0.3, 1.0),
        steps=(30, 60, 100, 150, 250, 400, 600, 1000),
        batch_size=32,
        seeds=tuple(range(10 if paper else 5)),
        train_examples=None,
    )


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train the networks of every activation, depth and start side by side; measure them all."""
    data, passport = open_data(config.data, config.train_examples)
    kinds = list(itertools.product(UNITS, config.depths, config.starts))
    done, total, courses = 0, sum(_effort(depth) for _, depth, _ in kinds), []
    for activation, depth, start in kinds:
        part = part_of(progress, done, _effort(depth), total)
        courses.append(_train(config, data, activation, depth, start, device, part))
        done += _effort(depth)
    columns = {name: np.stack([course[name] for course in courses]) for name in courses[0]}
    axes = (len(UNITS), len(config.depths), len(config.starts))
    return Result(
        depth=np.array(config.depths),
        start=np.array([list(STARTS).index(name) for name in config.starts]),
        learning_rate=np.array(config.learning_rates),
        step=np.array(config.steps),
        **{name: rows.reshape(*axes, *rows.shape[1:]) for name, rows in columns.items()},
        data=passport,
    )


def _effort(depth: int) -> int:
    """How much longer a deeper network takes, for the progress alone: the inputs cost as well."""
    return 5 + depth


def _train(
    config: Config,
    data: Dataset,
    activation: str,
    depth: int,
    start: str,
    device: str,
    progress: Progress | None,
) -> dict[str, np.ndarray]:
    """The networks of one activation, depth and start: one for each learning rate and seed."""
    hyper = grid(learning_rate=config.learning_rates, seed=config.seeds)
    network = begin(
        data, activation=activation, width=config.width, depth=depth, start=start,
        seeds=hyper.seed.tolist(), device=device,
    )  # fmt: skip
    course = follow(
        network, data, hyper, config.steps, batch_size=config.batch_size, progress=progress
    )
    table = (len(config.learning_rates), len(config.seeds))
    return {
        "error": np.moveaxis(course.error.reshape(-1, *table), 0, 1),
        "dead": course.dead.mean(0).reshape(table),
        "dead_layer": course.dead.max(0).reshape(table),
        "zeros": course.zeros.mean(0).reshape(table),
    }


def compare(result: Result) -> list[Comparison]:
    """The paper has no number for it."""
    return []
