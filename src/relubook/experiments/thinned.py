"""Two ways to choose one linear model out of exponentially many: a rectifier's zeros, and dropout.

Where a rectifier is off its unit is gone for that input, as if it had been dropped. Dropout drops
units at random while training, and after it one network with scaled weights stands for the mean of
all thinned ones: exactly as long as no unit's own decision changes.
"""

from pathlib import Path

import numpy as np
import torch

from relubook.datasets import Dataset
from relubook.experiments import thinned_drawings as drawings
from relubook.experiments.quartet import LEARNING_RATES
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.experiments.thinned_networks import exact, summary, thin, train
from relubook.experiments.thinned_values import TRAININGS, Config, Result
from relubook.history import error
from relubook.networks import MLP, sizes
from relubook.training import Progress

NAME = "thinned"
TITLE = "Dropped units and rectified ones: means of thinned networks, and scaled weights"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_exact, describe_exact = drawings.draw_exact, drawings.describe_exact
draw_off, describe_off = drawings.draw_off, drawings.describe_off


def configure(scale: str, data: str | None = None) -> Config:
    """3 x 128 units and 200 thinned networks at `laptop`; the paper's width at `paper`."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=24, depth=2, small=(16, 3, 3), learning_rate=0.2,
            seeds=(0, 1), batch_size=32, steps=60, masks=10, counts=(1, 10), train_examples=800,
            examples=200,
        )  # fmt: skip
    wide = scale == "paper"
    return Config(
        data=data or ("mnist" if wide else "mnist-5k"), width=1000 if wide else 128, depth=3,
        small=(64, 6, 6), learning_rate=LEARNING_RATES["rectifier"], seeds=tuple(range(10)),
        batch_size=32, steps=20_000 if wide else 5000, masks=200,
        counts=(1, 2, 5, 10, 20, 50, 100, 200), train_examples=None if wide else 10_000,
        examples=2000,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Train whole and with dropout, thin both; then try all masks of small networks."""
    data, passport = open_data(config.data, config.train_examples)
    rows = [
        _trained(config, data, training, device, part_of(progress, 2 * place, 2, 5))
        for place, training in enumerate(TRAININGS)
    ]
    columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return Result(
        count=np.array(config.counts),
        **columns,
        **_exact(config, data, device, part_of(progress, 4, 1, 5)),
        data=passport,
    )


def _trained(
    config: Config, data: Dataset, training: str, device: str, progress: Progress | None
) -> dict[str, np.ndarray]:
    """One training's row of each array."""
    shape = sizes(inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs)
    network = MLP(shape, seeds=config.seeds, device=device)
    train(
        network, data, dropout=training == "dropout", learning_rate=config.learning_rate,
        batch_size=config.batch_size, steps=config.steps, progress=part_of(progress, 0, 1, 2),
    )  # fmt: skip
    x = data.test.x[: config.examples].to(network.stacked_layers()[0].weight)
    y = data.test.y[: config.examples].to(x.device)
    with torch.no_grad():
        hidden = network.hidden(x.expand(network.models, -1, -1))
        scaled = network.layers[-1](hidden[-1])
    places = [[layer] for layer in range(config.depth)] + [list(range(config.depth))]
    report, tallies = part_of(progress, 1, 1, 2), []
    for done, place in enumerate(places, start=1):
        tallies.append(thin(network, x, y, place, count=config.masks, counts=config.counts))
        if report is not None:
            report(done, len(places), "thinned")
    means = [summary(tally, scaled, y) for tally in tallies]
    every = {name: np.stack([mean[name] for mean in means]) for name in means[0]}
    wrong = (scaled.argmax(-1) != y).double().mean(-1)
    return every | {
        "test_error": error(network, data.test).numpy(force=True),
        "error_scaled": wrong.numpy(force=True),
        "error_by_count": torch.stack(tallies[-1].errors).double().numpy(force=True),
        "off": torch.stack([(h == 0).double().mean((-2, -1)) for h in hidden]).numpy(force=True),
        "off_thinned": (tallies[-1].off / config.masks).double().numpy(force=True),
        "patterns": np.array([[len(torch.unique(one > 0, dim=0)) for one in h] for h in hidden]),
    }


def _exact(
    config: Config, data: Dataset, device: str, progress: Progress | None
) -> dict[str, np.ndarray]:
    """Identities over all masks of small networks, one number a seed."""
    network = MLP((data.inputs, *config.small, data.outputs), seeds=config.seeds, device=device)
    train(
        network, data, dropout=False, learning_rate=config.learning_rate,
        batch_size=config.batch_size, steps=config.steps // 5, progress=progress,
    )  # fmt: skip
    x = data.test.x[:100]
    rows = [exact(network, model, x) for model in range(network.models)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def compare(result: Result) -> list[Comparison]:
    """The paper knows no dropout: nothing to set beside ours."""
    return []
