"""What a layer restores its inputs with: the paper's four strategies, judged by what they are for.

The paper names four combinations of an output unit and a cost, keeps one for images and one for
text, and prints no number (glorot2011, p. 319). Here rectifiers are pretrained with each of them,
each at the rates that suit it, and then learn with few and with all labels. Every seed is a
replication of its own. What is chosen, it chooses for itself: the rate of each layer by the cost of
restoring, the rate with labels and the epoch by the validation error. The validation split has a
label for each of its 2,000 digits, far more than the 100 with which networks learn when they learn
with few: whoever has so few has no such split.
"""

from pathlib import Path
from typing import Any

import numpy as np

from relubook.datasets import Dataset
from relubook.experiments import reconstruction_drawings as drawings
from relubook.experiments.pretrained import Pretrained, begin, pretrained
from relubook.experiments.reconstruction_networks import (
    Stuck,
    again,
    relearn,
    restored,
    taught,
    zeros,
)
from relubook.experiments.reconstruction_values import FIRST_LAYERS, KINDS, STARTS, Config, Result
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.training import Progress

NAME = "reconstruction"
TITLE = "Pretraining with four strategies of restoring, and what each is worth"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_all, describe_all = drawings.draw_all, drawings.describe_all
draw_stuck, describe_stuck = drawings.draw_stuck, drawings.describe_stuck

_RESTORING, _LOOKING, _LEARNING = 10, 1, 10  # shares of the time that a kind takes


def configure(scale: str, data: str | None = None) -> Config:
    """3 x 128 units at `laptop`; at `paper` 3 x 1000 and all of the examples."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=16, depth=2, seeds=(0, 1), few=20,
            quadratic_rates=(0.003,), entropy_rates=(0.02,), restore_epochs=1, rates=(0.1,),
            few_epochs=2, epochs=1, train_examples=200, held_out=100,
        )  # fmt: skip
    wide = scale == "paper"
    return Config(
        data=data or ("mnist" if wide else "mnist-5k"), width=1000 if wide else 128, depth=3,
        seeds=tuple(range(5)), few=500 if wide else 100,
        quadratic_rates=(0.1, 0.03, 0.01, 0.003, 0.001),
        entropy_rates=(1.0, 0.3, 0.1, 0.03, 0.01),
        restore_epochs=30 if wide else 8, rates=(0.3, 0.1, 0.03, 0.01, 0.003),
        few_epochs=100, epochs=30 if wide else 15,
        train_examples=None if wide else 5000, held_out=None if wide else 2000,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Pretrain in every way, look at what was restored, and learn with few and with all labels."""
    data, passport = _open(config)
    each = _RESTORING + _LOOKING + _LEARNING
    total, rows = _LEARNING + len(KINDS) * each, []
    for place, start in enumerate(STARTS):
        share, done = (each, _LEARNING + (place - 1) * each) if place else (_LEARNING, 0)
        part = part_of(progress, done, share, total)
        file = None if checkpoints is None else Path(f"{checkpoints}.{place}")
        rows.append(_row(config, data, start, device=device, progress=part, file=file))
    return Result(
        labels=np.array([config.few, len(data.train)]),
        tried=np.array([config.restore_rates(kind) for kind in KINDS]),
        rates=np.array(config.rates),
        data=passport,
        **_columns(rows),
    )


def _open(config: Config) -> tuple[Dataset, dict[str, Any]]:
    """The examples that are used, and their line in the passport."""
    data, passport = open_data(config.data, config.train_examples)
    held_out = [
        None if config.held_out is None else min(config.held_out, len(split))
        for split in (data.validation, data.test)
    ]
    data = data.subset(validation=held_out[0], test=held_out[1])
    return data, passport | {
        "name": data.name,
        "sha256": data.sha256,
        "validation_examples": len(data.validation),
    }


def _row(
    config: Config,
    data: Dataset,
    start: str,
    *,
    device: str,
    progress: Progress | None,
    file: Path | None,
) -> dict[str, np.ndarray]:
    """What comes of one of `STARTS`."""
    row, work = {}, _RESTORING + _LOOKING if start in KINDS else 0
    if start in KINDS:
        found = _pretrained(
            config, data, start, device, part_of(progress, 0, _RESTORING, work + _LEARNING), file
        )
        network, row = found.network, found.arrays()
        row |= _looked_at(
            config, data, start, found, part_of(progress, _RESTORING, _LOOKING, work + _LEARNING)
        )
    else:
        hidden = [config.width] * config.depth
        network = begin(hidden, data, activation="rectifier", seeds=config.seeds, device=device)
    part = part_of(progress, work, _LEARNING, work + _LEARNING)
    return (
        row
        | {"zeros_before": zeros(network, data)}
        | taught(config, data, network, progress=part, file=file)
    )


def _pretrained(
    config: Config,
    data: Dataset,
    kind: str,
    device: str,
    progress: Progress | None,
    file: Path | None,
) -> Pretrained:
    """Networks of one of `KINDS`, one per seed."""
    recipe = KINDS[kind].recipe(epochs=config.restore_epochs, batch_size=config.batch_size)
    return pretrained(
        [config.width] * config.depth, data, activation="rectifier", seeds=config.seeds,
        rates=config.restore_rates(kind), recipe=recipe, l1=config.restore_penalty(kind),
        device=device, progress=progress,
        file=None if file is None else Path(f"{file}.restoring.npz"),
    )  # fmt: skip


def _looked_at(
    config: Config, data: Dataset, kind: str, found: Pretrained, progress: Progress | None
) -> dict[str, np.ndarray]:
    """What the first layer restores, and where rectifiers are stuck in any layer."""
    if kind not in FIRST_LAYERS:
        return {}
    output = KINDS[kind].reconstruction
    fourth = output == "rectifier"
    recipe = KINDS[kind].recipe(epochs=config.restore_epochs, batch_size=config.batch_size)
    rates, row, seen = found.arrays()["restore_rate"], {}, []
    for position in range(config.depth if fourth else 1):
        layer = again(found.network, position, data, recipe)
        seen.append(relearn(layer, rates[position], config.restore_penalty(kind)))
        if position == 0:
            row["restored"], row["masked"] = restored(layer, data.test.x)
        if progress is not None:
            progress(position + 1, config.depth if fourth else 1, "restoring once more")
    if output == "linear":
        row["linear_below"] = np.array([moment.share for moment in seen[0]])
    return row | (_by_moment(seen) if fourth else {})


def _by_moment(seen: list[list[Stuck]]) -> dict[str, np.ndarray]:
    """Of stuck outputs, by layer and moment, [moments layers seeds]; gradients at the end."""
    table = np.array(seen).transpose(2, 1, 0, 3)  # from [layers moments quantities seeds]
    share, silent, gradient, free = table
    return {
        "stuck": share,
        "silent": silent,
        "stuck_gradient": gradient[-1],
        "free_gradient": free[-1],
    }


def _columns(rows: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """One array of each name: of all rows that have it; a single one where only one matters."""
    stacked = {
        name: np.stack([row[name] for row in rows if name in row])
        for name in {name: None for row in rows for name in row}
    }
    del stacked["restore_error"]
    single = ("masked", "stuck", "linear_below", "silent", "stuck_gradient", "free_gradient")
    return stacked | {name: stacked[name][0] for name in single}


def compare(result: Result) -> list[Comparison]:
    """The paper prints no number about strategies: nothing to set beside ours."""
    return []
