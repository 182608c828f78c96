"""Units that are never negative: the gradients of the weights behind them share a sign.

For one example the weights of a unit all get a gradient of one sign if all it receives has one.
What that costs is measured by training: the same networks, from the same function, with the outputs
centered or with half of the units negated. The learning rate of each kind is chosen with seeds of
its own by the training loss, for this is about the speed of learning, not about what it is worth.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch

from relubook import negation
from relubook.datasets import Dataset, Split
from relubook.experiments import shared_signs_drawings as drawings
from relubook.experiments.mini_batches import finite, mini_batches
from relubook.experiments.shared_signs_values import (
    KINDS,
    NAMES,
    PAIRS,
    Config,
    Kind,
    Result,
    angle,
    center,
    majority,
    mean_power,
    one_sign,
    shifts_of,
    steepest,
)
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.experiments.weight_gradients import Detour, backpropagate, descend, forward
from relubook.networks import MLP, sizes
from relubook.training import Hyperparameters, Progress, grid

NAME = "shared-signs"
TITLE = "Units that are never negative, and the sign that weight gradients share"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_signs, describe_signs = drawings.draw_signs, drawings.describe_signs
draw_mean, describe_mean = drawings.draw_mean, drawings.describe_mean

_TOGETHER = 12  # networks: as many as a core's cache holds
_AT_ONCE = 1000  # examples


def configure(scale: str, data: str | None = None) -> Config:
    """3 x 128 units and 1,000 steps at `laptop`; the paper's width at `paper`."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=16, depth=2, learning_rates=(0.1, 0.4),
            rate_seeds=(100,), seeds=(0, 1), more_seeds=(200, 201), batch_size=32,
            moments=(0, 10, 40), train_examples=400, examples=96,
        )  # fmt: skip
    wide = scale == "paper"
    return Config(
        data=data or ("mnist" if wide else "mnist-5k"), width=1000 if wide else 128, depth=3,
        learning_rates=tuple(0.05 * 2**k for k in range(8)), rate_seeds=(100, 101, 102),
        seeds=tuple(range(10)), more_seeds=tuple(range(200, 240)), batch_size=32,
        moments=(0, 10, 30, 60, 100, 200, 300, 600, 1000),
        train_examples=None if wide else 10_000, examples=512,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Choose each kind's learning rate, then train and measure the networks that are reported."""
    data, passport = open_data(config.data, config.train_examples)
    tried, kept = len(config.learning_rates) * len(config.rate_seeds), len(config.seeds)
    each, further = tried + kept, 2 * len(config.more_seeds)
    total, rows = each * len(KINDS) + further + 2 * kept, []
    for place, kind in enumerate(KINDS):
        part = part_of(progress, place * each, tried, total)
        choosing = _losses(config, data, kind, device, part)
        chosen = config.learning_rates[_lowest(choosing)]
        part = part_of(progress, place * each + tried, kept, total)
        row = {"rate_loss": choosing, "chosen": np.array(chosen)}
        rows.append(row | _reported(config, data, kind, chosen, device, part))
    rates = {name: float(row["chosen"]) for name, row in zip(NAMES, rows, strict=True)}
    part = part_of(progress, each * len(KINDS), further, total)
    more = _more(config, data, rates, device, part)
    signed, part = PAIRS[1][1], part_of(progress, total - 2 * kept, 2 * kept, total)
    mirror_images = mirrored(
        config, data, KINDS[NAMES.index(signed)], rates[signed], device=device, progress=part
    )
    return Result(
        rate=np.array(config.learning_rates),
        moment=np.array(config.moments),
        loss_more=more,
        mirrored=mirror_images,
        data=passport,
        **{name: np.stack([row[name] for row in rows]) for name in rows[0]},
    )


def begin(
    config: Config, data: Dataset, kind: Kind, seeds: Sequence[int], device: str
) -> tuple[MLP, Detour]:
    """Untrained networks of one kind; a centered one computes what the plain one does."""
    shape = sizes(inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs)
    network = MLP(
        shape, seeds=seeds, activation=kind.activation, sign_trick=kind.signs, device=device
    )
    if not kind.less:
        return network, Detour()
    x = data.train.x[: config.examples].to(network.stacked_layers()[0].weight)
    return network, center(network, shifts_of(network, kind, x))


def follow(
    network: MLP,
    detour: Detour,
    data: Dataset,
    hyper: Hyperparameters,
    config: Config,
    moments: Sequence[int],
    progress: Progress | None = None,
) -> np.ndarray:
    """Train in place; the training loss at each moment, [moments models]; NaN once diverged."""
    losses = []
    for models, part in network.chunks(_TOGETHER):
        rate = hyper.learning_rate[models].to(part.stacked_layers()[0].weight).view(-1, 1, 1)
        batches, its = mini_batches(part, data, config.batch_size), detour.view(models)
        done, column = 0, []
        for moment in moments:
            for _ in range(moment - done):
                descend(part, backpropagate(part, *next(batches), its), rate)
            done = moment
            column.append(torch.where(finite(part), loss(part, data.train, its), torch.nan))
        losses.append(torch.stack(column))
        if progress is not None:
            progress(models.stop, network.models, f"{models.stop} networks")
    return torch.cat(losses, dim=1).double().numpy(force=True)


@torch.no_grad()
def loss(network: MLP, split: Split, detour: Detour) -> torch.Tensor:
    """Mean cross-entropy of each model on a split [nat]."""
    total = torch.zeros(network.models, device=network.stacked_layers()[0].weight.device)
    for start in range(0, len(split), _AT_ONCE):
        log_p = _logits(network, split, detour, start).log_softmax(-1)
        y = split.y[start : start + _AT_ONCE].to(log_p.device)
        total -= log_p.gather(-1, y.view(1, -1, 1).expand(network.models, -1, 1)).sum((-2, -1))
    return total / len(split)


@torch.no_grad()
def error(network: MLP, split: Split, detour: Detour) -> torch.Tensor:
    """Share of wrong classes of each model on a split [1]."""
    total = torch.zeros(network.models, device=network.stacked_layers()[0].weight.device)
    for start in range(0, len(split), _AT_ONCE):
        answers = _logits(network, split, detour, start).argmax(-1)
        total += (answers != split.y[start : start + _AT_ONCE].to(answers.device)).sum(-1)
    return total / len(split)


def _logits(network: MLP, split: Split, detour: Detour, start: int) -> torch.Tensor:
    """Of some examples of a split."""
    x = split.x[start : start + _AT_ONCE].to(network.stacked_layers()[0].weight)
    return forward(network, x.expand(network.models, -1, -1), detour)[0][-1]


def _losses(
    config: Config, data: Dataset, kind: Kind, device: str, progress: Progress | None
) -> np.ndarray:
    """Training losses at the end of the networks that choose, [rates rate_seeds]."""
    hyper = grid(learning_rate=config.learning_rates, seed=config.rate_seeds)
    network, detour = begin(config, data, kind, hyper.seed.tolist(), device)
    ends = follow(network, detour, data, hyper, config, config.moments[-1:], progress)
    return ends[0].reshape(len(config.learning_rates), -1)


def _more(
    config: Config,
    data: Dataset,
    rates: Mapping[str, float],
    device: str,
    progress: Progress | None,
) -> np.ndarray:
    """Training losses at the end of further networks without the sign trick and with it."""
    rows = []
    for place, name in enumerate(PAIRS[1]):
        hyper = grid(learning_rate=rates[name], seed=config.more_seeds)
        network, none = begin(config, data, KINDS[NAMES.index(name)], config.more_seeds, device)
        part = part_of(progress, place, 1, len(PAIRS[1]))
        rows.append(follow(network, none, data, hyper, config, config.moments[-1:], part)[0])
    return np.stack(rows)


def _lowest(losses: np.ndarray) -> int:
    """The rate with the lowest median; one that diverges is the worst."""
    return int(np.median(np.nan_to_num(losses, nan=np.inf, posinf=np.inf), axis=1).argmin())


def _reported(
    config: Config,
    data: Dataset,
    kind: Kind,
    rate: float,
    device: str,
    progress: Progress | None,
) -> dict[str, np.ndarray]:
    """One kind's row of each array, trained with its rate."""
    hyper = grid(learning_rate=rate, seed=config.seeds)
    network, detour = begin(config, data, kind, hyper.seed.tolist(), device)
    start = [layer.weight.detach().clone() for layer in network.stacked_layers()]
    before = measure(network, detour, data, config)
    losses = follow(network, detour, data, hyper, config, config.moments, progress)
    after = measure(network, detour, data, config)
    ways = [now.weight - old for now, old in zip(network.stacked_layers(), start, strict=True)]
    good = finite(network)
    table = {
        name: np.stack([before[name], np.where(good.numpy(force=True), after[name], np.nan)])
        for name in before
    }
    return table | {
        "loss": losses,
        "angle_way": _table([torch.where(good, angle(way), torch.nan) for way in ways]),
        "test_error": torch.where(good, error(network, data.test, detour), torch.nan)
        .double().numpy(force=True),
        "diverged": (~good).long().numpy(force=True),
    }  # fmt: skip


@torch.no_grad()
def measure(network: MLP, detour: Detour, data: Dataset, config: Config) -> dict[str, np.ndarray]:
    """Signs, angles and means of each matrix, [matrices models] each."""
    weight = network.stacked_layers()[0].weight
    x = data.train.x[: config.examples].to(weight).expand(network.models, -1, -1)
    eye = torch.eye(data.outputs, device=weight.device, dtype=weight.dtype)
    targets = eye[data.train.y[: config.examples].to(weight.device)].expand(network.models, -1, -1)
    found, good = backpropagate(network, x, targets, detour), finite(network)
    size = config.batch_size
    batches = [
        backpropagate(network, x[:, at : at + size], targets[:, at : at + size], detour)
        for at in range(0, config.examples - size + 1, size)
    ]
    rows: dict[str, list[torch.Tensor]] = {}
    for matrix, sent in enumerate(found.sent):
        several = [batch.weight_gradient(matrix) for batch in batches]
        row = {
            "one_sign": one_sign(found, matrix),
            "majority": torch.stack([majority(g) for g in several]).nanmean(0),
            "angle_batch": torch.stack([angle(g) for g in several]).nanmean(0),
            "angle_all": angle(found.weight_gradient(matrix)),
            "mean_power": mean_power(sent),
            "steepest": steepest(torch.where(good.view(-1, 1, 1), sent, 0.0)),  # 0 / 0 is NaN
        }
        for name, values in row.items():
            rows.setdefault(name, []).append(values)
    return {name: _table(values) for name, values in rows.items()}


def mirrored(
    config: Config,
    data: Dataset,
    kind: Kind,
    rate: float,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
) -> np.ndarray:
    """How far networks with signs and their mirrors without come apart in training, by logits."""
    hyper = grid(learning_rate=rate, seed=config.seeds)
    signed, none = begin(config, data, kind, config.seeds, device)
    plain = negation.plain(signed)
    for place, network in enumerate((signed, plain)):
        part = part_of(progress, place, 1, 2)
        follow(network, none, data, hyper, config, config.moments[-1:], part)
    logits = [_logits(network, data.test, none, 0) for network in (signed, plain)]
    return (logits[0] - logits[1]).abs().amax((-2, -1)).double().numpy(force=True)


def _table(rows: list[torch.Tensor]) -> np.ndarray:
    """Rows of one number a model, in float64."""
    return torch.stack(rows).double().numpy(force=True)


def compare(result: Result) -> list[Comparison]:
    """The paper gives no number for it: nothing to set beside ours."""
    return []
