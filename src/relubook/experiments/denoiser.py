"""Four ways to restore a masked digit, in one measure: what each gives back, and what gets stuck.

One hidden layer of rectifiers learns to restore digits of 14 x 14 pixels (glorot2011, p. 319, the
four strategies; masking noise as on p. 320). Every seed chooses its learning rate by what restoring
validation digits costs in the strategy's own cost; all are then compared by the squared difference
from the digit.
"""

import copy
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from relubook import checkpoints as run_files
from relubook.autoencoders import Autoencoder
from relubook.experiments import denoiser_drawings as drawings
from relubook.experiments.active_paths_networks import first_of_each
from relubook.experiments.denoiser_networks import (
    Measured,
    Small,
    begin,
    gathered,
    learn,
    masked,
    measure,
    open_small,
    restored,
)
from relubook.experiments.denoiser_rounding import packed, unpacked
from relubook.experiments.denoiser_values import STRATEGIES, Config, Result
from relubook.experiments.sweep import Comparison, part_of
from relubook.training import Progress

NAME = "denoiser"
TITLE = "Four ways to restore a masked digit (page 319), in one measure"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_digits, describe_digits = drawings.draw_digits, drawings.describe_digits
draw_filters, describe_filters = drawings.draw_filters, drawings.describe_filters


def configure(scale: str, data: str | None = None) -> Config:
    """128 rectifiers at every scale but `smoke`; all of the examples, and longer, at `paper`."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=16, learning_rates=(0.05, 0.02), seeds=(0, 1),
            epochs=3, kept=(0, 1, 2, 3), filters=4, train_examples=300, validation_examples=100,
        )  # fmt: skip
    if scale == "paper":
        return Config(
            data=data or "mnist", epochs=30, kept=(0, 1, 3, 30), train_examples=None,
            validation_examples=10_000,
        )  # fmt: skip
    return Config(data=data or "mnist-5k")


class Noisy(NamedTuple):
    """Test digits with each share of their pixels masked, and those that are drawn.

    Attributes:
        clean: Test digits [1].
        received: The same with each noise [1].
        trained: Place of the noise of training, or of the nearest to it.
        shown: The first test digit of each class [1].
        labels: Their classes.
        pictured: Places of those in the drawings.
        masked: Those, masked [1].
    """

    clean: torch.Tensor
    received: list[torch.Tensor]
    trained: int
    shown: torch.Tensor
    labels: torch.Tensor
    pictured: list[int]
    masked: torch.Tensor


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """For each strategy: train with every rate, keep each seed's best, look with every noise."""
    data = open_small(config)
    noisy, rows = _noisy(config, data), []
    work = config.epochs * len(config.learning_rates)
    for place, strategy in enumerate(STRATEGIES):
        part = part_of(progress, place * work, work, work * len(STRATEGIES))
        file = checkpoints and Path(f"{checkpoints}.{strategy.reconstruction}.npz")
        name = strategy.reconstruction
        make = partial(_row, config, data, noisy, name, device, part)
        rows.append(run_files.remembered(file, make, config, data.passport["sha256"], name))
    return Result(
        rate=np.array(config.learning_rates),
        noise=np.array(config.noise),
        nothing_error=np.array(
            [float((x - noisy.clean).double().square().sum(1).mean()) for x in noisy.received]
        ),
        kept=np.array(config.kept),
        digits=_bytes(noisy.shown),
        labels=noisy.labels.numpy(),
        pictured=np.array(noisy.pictured),
        received=_bytes(noisy.masked),
        data=data.passport,
        **{name: np.stack([row[name] for row in rows]) for name in rows[0]},
    )


def _noisy(config: Config, data: Small) -> Noisy:
    shown = first_of_each(data.test, data.classes, 1)
    pictured = [shown.y.tolist().index(label) for label in config.pictured]
    return Noisy(
        clean=data.test.x,
        received=[masked(data.test.x, share, at) for at, share in enumerate(config.noise)],
        trained=int(np.abs(np.array(config.noise) - config.masked).argmin()),
        shown=shown.x,
        labels=shown.y,
        pictured=pictured,
        masked=masked(shown.x[pictured], config.masked, len(config.noise)),
    )


class Tried(NamedTuple):
    """Autoencoders of all seeds, trained with one rate.

    Attributes:
        coder: After the last epoch.
        kept: As they were when kept.
        cost: Of restoring a validation example, after each epoch.
    """

    coder: Autoencoder
    kept: list[Autoencoder]
    cost: np.ndarray


def _row(
    config: Config,
    data: Small,
    noisy: Noisy,
    reconstruction: str,
    device: str,
    progress: Progress | None,
) -> dict[str, np.ndarray]:
    """One row of each array of a result."""
    tried = []
    for place, rate in enumerate(config.learning_rates):
        part = part_of(
            progress, place * config.epochs, config.epochs,
            len(config.learning_rates) * config.epochs,
        )  # fmt: skip
        tried.append(_try(config, data, reconstruction, rate, device, part))
    cost = np.stack([one.cost for one in tried], axis=1)
    places = np.nan_to_num(cost[-1], nan=np.inf).argmin(axis=0)
    coder = gathered([one.coder for one in tried], places)
    numbers = packed(coder)
    rounded = unpacked(numbers, reconstruction)
    found = [measure(coder, noisy.clean, x) for x in noisy.received]
    kept = tried[int(places[0])].kept
    return {
        "validation_cost": cost,
        "chosen": np.array(config.learning_rates)[places],
        "rounded_error": np.stack([measure(rounded, noisy.clean, x).error for x in noisy.received]),
        **_measured(found, noisy.trained),
        "restored": np.stack([_bytes(restored(one, noisy.masked)[0]) for one in kept]),
        "filters": _filters(kept, config.filters),
        **numbers.arrays(0),
    }


def _try(
    config: Config,
    data: Small,
    reconstruction: str,
    rate: float,
    device: str,
    progress: Progress | None,
) -> Tried:
    coder = begin(config, data, reconstruction, config.seeds, device)
    kept, costs = [copy.deepcopy(coder)] if 0 in config.kept else [], []
    for done, cost in enumerate(learn(coder, config, data, rate, config.seeds), start=1):
        costs.append(cost)
        kept += [copy.deepcopy(coder)] if done in config.kept else []
        if progress is not None:
            progress(done, config.epochs, f"{reconstruction}, rate {rate:g}")
    return Tried(coder, kept, np.stack(costs))


def _measured(found: list[Measured], trained: int) -> dict[str, np.ndarray]:
    """By noise, and with the noise of training."""
    return {
        "restored_error": np.stack([one.error for one in found]),
        "hidden_zeros": np.stack([one.zeros for one in found]),
        "stuck": np.stack([one.stuck for one in found]),
        "dead_units": found[trained].dead_units,
        "dead_outputs": found[trained].dead_outputs,
    }


def _filters(kept: list[Autoencoder], count: int) -> np.ndarray:
    """The first seed's weights into the first units, whatever became of them, in 8 bits."""
    weights = torch.stack([one.encoder.weight[0].detach()[:, :count].T for one in kept])
    return (127 * weights / weights.abs().amax(-1, keepdim=True)).round().char().numpy(force=True)


def _bytes(x: torch.Tensor) -> np.ndarray:
    """Pictures, cut to 0 and 1 [1/255]."""
    return (255 * x.clamp(0, 1)).round().byte().numpy(force=True)


def compare(result: Result) -> list[Comparison]:
    """The paper gives no number for any of the four: nothing to set beside ours."""
    return []
