"""From softplus to the rectifier by one number: log(1 + exp(alpha x)) / alpha, alpha from 1 up.

The learning rate of each alpha is chosen on the validation split, with networks of seeds of their
own; then other networks are trained with it, longer. No penalty, no negated units, biases from
zero, uniform Glorot weights. A network's numbers are those of its best validation epoch.
"""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook import activations, datasets, paper, sparsity, steps, timing
from relubook.experiments.softplus_alpha_drawings import (
    describe,
    describe_rates,
    describe_zeros,
    draw,
    draw_rates,
    draw_zeros,
    subtitle,
)
from relubook.experiments.softplus_alpha_values import (
    Config,
    Result,
    activation_of,
    at_one_rate,
    name_of,
    on_toys,
    rank_correlation,
)
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.history import History
from relubook.networks import MLP
from relubook.training import Hyperparameters, Progress, Schedule, grid, train

__all__ = [
    "ALPHAS", "NEAR", "RELATIVE", "Config", "Result", "activation_of", "at_one_rate", "codes",
    "compare", "configure", "describe", "describe_rates", "describe_zeros", "draw", "draw_rates",
    "draw_zeros", "largest_gap", "on_toys", "rank_correlation", "run", "subtitle",
]  # fmt: skip

NAME = "softplus-alpha"
TITLE = "From softplus to the rectifier by alpha, each with its own learning rate (page 320)"
REVISION = 1
TIMES = ("step_time",)  # measured times, which no second run repeats

ALPHAS = tuple(alpha for alpha in paper.ALPHA_SWEEP if math.isfinite(alpha))
RELATIVE, NEAR = 0.01, 1e-3  # of the layer's root mean square; plain
_RATES = (0.8, 0.4, 0.2, 0.1, 0.05, 0.02)
_PROTOCOLS = {  # hidden layers (norb: a tenth of the paper's), examples, epochs choosing and after
    "mnist-5k": ((128,) * 3, None, 20, 30, _RATES),
    "norb": ((400, 200), None, 20, 30, _RATES),
    "cifar10": ((128,) * 3, 10_000, 8, 12, tuple(rate / 4 for rate in _RATES)),
}
_USUAL = ((128,) * 3, 10_000, 10, 15, _RATES)
_GRID = np.linspace(-20, 20, 400_001)  # 0 is one of them

_SHARES: dict[str, Callable[[Float[Tensor, "examples units"]], Tensor]] = {
    "zeros": sparsity.zero_fraction,
    "near_relative": lambda h: (h.abs() < RELATIVE * h.square().mean().sqrt()).double().mean(),
    "near_absolute": lambda h: (h.abs() < NEAR).double().mean(),
    "dead": lambda h: sparsity.dead_units(h).double().mean(),
}


def configure(scale: str, data: str | None = None) -> Config:
    """3 x 128 units, 400-200 on norb, at `laptop`; the paper's 4000-2000 at `paper`."""
    seeds, choosing = tuple(range(10)), (100, 101, 102)
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", alphas=(1.0, 3.0), hidden=(24, 24), learning_rates=(0.2, 0.05),
            rate_seeds=(100,), seeds=(0, 1), batch_size=32, epochs=2, train_examples=800,
            rate_epochs=2, rounds=1, seconds=1e-4,
        )  # fmt: skip
    if scale == "paper":
        widths = tuple(int(paper.PROTOCOL[f"norb_width_{layer}"].value) for layer in (1, 2))
        return Config(
            data=data or "small-norb", alphas=ALPHAS, hidden=widths,
            learning_rates=(0.2, 0.1, 0.05, 0.02, 0.01, 0.005), rate_seeds=choosing, seeds=seeds,
            batch_size=10, epochs=30, rate_epochs=30, train_examples=None,
        )  # fmt: skip
    data = data or "mnist-5k"
    hidden, examples, choosing_epochs, epochs, rates = _PROTOCOLS.get(data, _USUAL)
    return Config(
        data=data, alphas=ALPHAS, hidden=hidden, learning_rates=rates, rate_seeds=choosing,
        seeds=seeds, batch_size=32, epochs=epochs, rate_epochs=choosing_epochs,
        train_examples=examples,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Choose each alpha's learning rate, then train the networks that are reported."""
    data, passport = open_data(config.data, config.train_examples)
    data, alphas = data.dense(), (*config.alphas, math.inf)
    work, rows = sum(_work(config)), []
    for place, alpha in enumerate(alphas):
        part = part_of(progress, place * work, work, len(alphas) * work)
        file = None if checkpoints is None else Path(f"{checkpoints}.alpha-{alpha:g}")
        rows.append(_row(config, data, alpha, device=device, progress=part, file=file))
    return Result(
        alpha=np.array(alphas),
        largest_gap=np.array([largest_gap(alpha) for alpha in alphas]),
        rate=np.array(config.learning_rates),
        step_time=_race(config, data, alphas, device),
        data=passport,
        **{name: np.stack([row[name] for row in rows]) for name in rows[0]},
    )


def _work(config: Config) -> tuple[int, int]:
    """Networks times epochs, of the choice and after it, for one alpha."""
    tried = config.rate_epochs * len(config.learning_rates) * len(config.rate_seeds)
    return tried, config.epochs * len(config.seeds)


def _row(
    config: Config,
    data: datasets.Dataset,
    alpha: float,
    *,
    device: str,
    progress: Progress | None,
    file: Path | None,
) -> dict[str, np.ndarray]:
    """One row of each array of a result: choose the rate of this alpha, train with it, look."""
    tried, kept = _work(config)
    rates = grid(learning_rate=config.learning_rates, seed=config.rate_seeds)
    schedule = Schedule(epochs=config.rate_epochs, batch_size=config.batch_size, keep="last")
    history, _ = _train(
        config, data, alpha, rates, schedule, device=device,
        progress=part_of(progress, 0, tried, tried + kept), file=file,
    )  # fmt: skip
    row = _choice(config, history)
    hyper = grid(learning_rate=float(row["chosen"]), seed=config.seeds)
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size)
    history, network = _train(
        config, data, alpha, hyper, schedule, device=device,
        progress=part_of(progress, tried, kept, tried + kept), file=file,
    )  # fmt: skip
    return row | _reported(history) | codes(network, data.test.x, history.best_epoch)


def largest_gap(alpha: float) -> float:
    """The largest distance of (1/alpha) softplus(alpha x) from max(0, x) on a fine grid [1]."""
    x = torch.from_numpy(_GRID)
    values = (activations.get(activation_of(alpha))(x), activations.rectifier(x))
    return float((values[0] - values[1]).abs().max())


def _train(
    config: Config,
    data: datasets.Dataset,
    alpha: float,
    hyper: Hyperparameters,
    schedule: Schedule,
    *,
    device: str,
    progress: Progress | None,
    file: Path | None,
) -> tuple[History, MLP]:
    """Some networks of one alpha, trained side by side, and their history."""
    shape = (data.inputs, *config.hidden, data.outputs)
    network = MLP(shape, seeds=hyper.seed.tolist(), activation=activation_of(alpha), device=device)
    checkpoint = None if file is None else Path(f"{file}.{len(hyper)}-networks.npz")
    return train(network, data, hyper, schedule, progress=progress, checkpoint=checkpoint), network


def _choice(config: Config, history: History) -> dict[str, np.ndarray]:
    """The networks that choose, [rates rate_seeds], and the rate with the lowest median."""
    table = (len(config.learning_rates), len(config.rate_seeds))
    validation = np.nan_to_num(history.at_best("validation_error"), nan=1.0).reshape(table)
    medians, rates = np.median(validation, axis=1), np.array(config.learning_rates)
    return {
        "rate_validation": validation,
        "rate_test": history.at_best("test_error").reshape(table),
        "rate_diverged": history.diverged.reshape(table),
        "chosen": rates[np.lexsort((rates, medians))[0]],  # of equals the smaller one
    }


def _reported(history: History) -> dict[str, np.ndarray]:
    """The networks trained with the chosen rate."""
    return {
        "validation_error": history.at_best("validation_error"),
        "test_error": history.at_best("test_error"),
        "best_epoch": history.best_epoch,
        "diverged": history.diverged,
    }


@torch.no_grad()
def codes(
    network: MLP, x: Float[Tensor, "examples inputs"], best_epoch: np.ndarray
) -> dict[str, Float[np.ndarray, "models layers"]]:
    """Exact zeros, near zeros and dead units of each layer, network by network [1].

    Args:
        network: With the weights that are looked at.
        x: Inputs [1].
        best_epoch: Of each network; -1 marks one that diverged at once, which gets NaN.

    Returns:
        `zeros`, `near_relative`, `near_absolute` and `dead`.
    """
    x = x.to(network.stacked_layers()[0].weight).unsqueeze(0)
    rows = [
        [_shares(h[0]) for h in part.hidden(x)]  # one network at a time: layers may be wide
        for _, part in network.chunks(1)
    ]
    tables = {name: np.array([[layer[name] for layer in row] for row in rows]) for name in _SHARES}
    for table in tables.values():
        table[best_epoch < 0] = np.nan
    return tables


def _shares(h: Float[Tensor, "examples units"]) -> dict[str, float]:
    """One layer's shares [1]; zeros are near zeros even where all of the layer is zero."""
    found = {name: float(share(h)) for name, share in _SHARES.items()}
    return found | {"near_relative": max(found["near_relative"], found["zeros"])}


def _race(
    config: Config, data: datasets.Dataset, alphas: tuple[float, ...], device: str
) -> Float[np.ndarray, "alphas rounds"]:
    """Time one training step of one network of each alpha, in turns [s]."""
    x = data.train.x[: config.batch_size].to(device).unsqueeze(0)
    classes = data.train.y[: config.batch_size].to(device)
    targets = torch.eye(data.outputs, device=device)[classes].unsqueeze(0)
    rate, l1 = x.new_full((1, 1, 1), 1e-4), x.new_zeros(1, 1, 1)  # small: it leads nowhere
    shape = (data.inputs, *config.hidden, data.outputs)
    contestants: dict[str, Callable[[], object]] = {}
    for alpha in alphas:
        network = MLP(shape, models=1, activation=activation_of(alpha), device=device)
        contestants[name_of(alpha)] = lambda network=network: steps.inplace(
            network, x, targets, rate, l1
        )
    times = timing.race(contestants, rounds=config.rounds, seconds=config.seconds)
    return np.stack(list(times.values()))


def compare(result: Result) -> list[Comparison]:
    """The paper's six numbers beside ours, on toys in stereo only; the paper's toys are others."""
    if not on_toys(result.data["name"]):
        return []
    means = dict(zip(result.alpha.tolist(), 100 * np.nanmean(result.test_error, 1), strict=True))
    return [
        Comparison(
            quantity=f"test error, alpha {name_of(alpha)} (the paper's NORB is another set)",
            paper=printed.value, here=float(means[alpha]), unit="%",
        )
        for alpha, printed in paper.ALPHA_SWEEP.items()
        if alpha in means
    ]  # fmt: skip
