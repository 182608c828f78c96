"""Relatives of the rectifier side by side: what each changes in error, zeros, shift and cost.

The learning rate of each is chosen on the validation split, with networks of seeds of their own
that train just as long; then other networks are trained with it. Weights of all come from He's
range, biases from zero; no penalty. A network's numbers are those of its best validation epoch.
"""

from pathlib import Path

import numpy as np
import torch

from relubook import datasets
from relubook.experiments import relatives_drawings as drawings
from relubook.experiments.relatives_networks import begin, codes, learn, race
from relubook.experiments.relatives_values import KINDS, Config, Relative, Result
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.history import History
from relubook.networks import MLP
from relubook.training import Hyperparameters, Progress, Schedule, grid

NAME = "relatives"
TITLE = "Relatives of the rectifier, batch normalization and dropout in one table"
REVISION = 1
TIMES = ("step_time",)  # measured times, which no second run repeats

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_shift, describe_shift = drawings.draw_shift, drawings.describe_shift

_RATES = (0.8, 0.4, 0.2, 0.1, 0.05, 0.02, 0.005, 0.002)


def configure(scale: str, data: str | None = None) -> Config:
    """3 x 128 units at `laptop`; at `paper` 3 x 1000 and all of the examples."""
    seeds, choosing = tuple(range(10)), tuple(range(100, 105))
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=16, depth=2, learning_rates=(0.1, 0.05),
            rate_seeds=(100,), seeds=(0, 1), batch_size=32, epochs=2,
            train_examples=400, rounds=2, seconds=1e-4,
        )  # fmt: skip
    wide = scale == "paper"
    return Config(
        data=data or ("mnist" if wide else "mnist-5k"), width=1000 if wide else 128, depth=3,
        learning_rates=_RATES, rate_seeds=choosing, seeds=seeds, batch_size=32,
        epochs=30 if wide else 12, train_examples=None if wide else 10_000,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Choose each kind's learning rate, then train the networks that are reported."""
    data, passport = open_data(config.data, config.train_examples)
    data, work, rows, slopes = data.dense(), sum(_work(config)), [], np.zeros(0)
    for place, (name, relative) in enumerate(KINDS.items()):
        part = part_of(progress, place * work, work, len(KINDS) * work)
        file = None if checkpoints is None else Path(f"{checkpoints}.{name}")
        network, row = _row(config, data, relative, device=device, progress=part, file=file)
        slopes = _slopes(network) if relative.activation == "prelu" else slopes
        rows.append(row)
    return Result(
        rate=np.array(config.learning_rates),
        slope=slopes,
        step_time=race(config, data, device),
        data=passport,
        **{name: np.stack([row[name] for row in rows]) for name in rows[0]},
    )


def _work(config: Config) -> tuple[int, int]:
    """Networks times epochs, of the choice and after it, for one kind."""
    tried = len(config.learning_rates) * len(config.rate_seeds)
    return config.epochs * tried, config.epochs * len(config.seeds)


def _row(
    config: Config,
    data: datasets.Dataset,
    relative: Relative,
    *,
    device: str,
    progress: Progress | None,
    file: Path | None,
) -> tuple[MLP, dict[str, np.ndarray]]:
    """One row of each array of a result: choose the rate of this kind, train with it, look."""
    tried, kept = _work(config)
    rates = grid(learning_rate=config.learning_rates, seed=config.rate_seeds)
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size, keep="last")
    history, _ = _train(
        config, data, relative, rates, schedule, device=device,
        progress=part_of(progress, 0, tried, tried + kept), file=file,
    )  # fmt: skip
    row = _choice(config, history)
    hyper = grid(learning_rate=float(row["chosen"]), seed=config.seeds)
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size)
    history, network = _train(
        config, data, relative, hyper, schedule, device=device,
        progress=part_of(progress, tried, kept, tried + kept), file=file,
    )  # fmt: skip
    row |= _reported(history) | codes(network, data.test.x, history.best_epoch)
    parameters = sum(parameter[0].numel() for parameter in network.parameters())
    return network, row | {"parameters": np.array(parameters)}


def _train(
    config: Config,
    data: datasets.Dataset,
    relative: Relative,
    hyper: Hyperparameters,
    schedule: Schedule,
    *,
    device: str,
    progress: Progress | None,
    file: Path | None,
) -> tuple[History, MLP]:
    """Some networks of one kind, trained side by side, and their history."""
    network = begin(
        relative, data, width=config.width, depth=config.depth, seeds=hyper.seed.tolist(),
        device=device,
    )  # fmt: skip
    checkpoint = None if file is None else Path(f"{file}.{len(hyper)}-networks.npz")
    history = learn(network, data, hyper, schedule, progress=progress, checkpoint=checkpoint)
    return history, network


def _choice(config: Config, history: History) -> dict[str, np.ndarray]:
    """The networks that choose, [rates rate_seeds], and the rate with the lowest median.

    A rate at which one of them diverges is chosen only if there is no other.
    """
    table = (len(config.learning_rates), len(config.rate_seeds))
    lasted = np.where(history.diverged < 0, history.at_best("validation_error"), 1.0)
    validation, unsafe = lasted.reshape(table), (history.diverged >= 0).reshape(table).any(axis=1)
    medians, rates = np.median(validation, axis=1), np.array(config.learning_rates)
    return {
        "rate_validation": validation,
        "rate_diverged": history.diverged.reshape(table),
        "chosen": rates[np.lexsort((rates, medians, unsafe))[0]],  # of equals the smaller one
    }


def _reported(history: History) -> dict[str, np.ndarray]:
    """The networks trained with the chosen rate."""
    return {
        "validation_error": history.at_best("validation_error"),
        "test_error": history.at_best("test_error"),
        "best_epoch": history.best_epoch,
        "diverged": history.diverged,
    }


def _slopes(network: MLP) -> np.ndarray:
    """What the slopes [seeds layers] of parametric rectifiers have become, mean over units [1]."""
    layers = range(network.depth)
    slopes = [network.get_parameter(f"units.{layer}.slope").double().mean(-1) for layer in layers]
    return torch.cat(slopes, dim=1).numpy(force=True)


def compare(result: Result) -> list[Comparison]:
    """The paper of 2011 has no number for what came after it."""
    return []
