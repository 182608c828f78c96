"""From 30 to 10,000 training examples: who errs more on digits that were never seen.

Every seed draws training examples of its own, and takes as many steps with few as with many. The
learning rate of each kind and size is chosen on the validation split, with other seeds and other
examples; that split is far larger than the few examples, which nobody has who has so few.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import seeds as streams
from relubook import steps
from relubook.datasets import Dataset, Split
from relubook.experiments import little_data_drawings as drawings
from relubook.experiments.little_data_values import KINDS, Config, Kind, Result
from relubook.experiments.mini_batches import finite, mini_batches
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.history import error
from relubook.networks import MLP, sizes
from relubook.training import Progress, grid

NAME = "little-data"
TITLE = "Little training data: rectifier, tanh and linear networks, with and without a penalty"
REVISION = 1

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_gap, describe_gap = drawings.draw_gap, drawings.describe_gap
draw_difference = drawings.draw_difference
describe_difference = drawings.describe_difference

_TOGETHER = 12  # networks: as many as a core's cache holds


def configure(scale: str, data: str | None = None) -> Config:
    """3 x 128 units, 1,000 steps at `laptop`; the paper's width, ten times the steps at `paper`."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", width=16, depth=2, train_sizes=(30, 300),
            learning_rates=(0.05, 0.2), rate_seeds=(100,), seeds=(0, 1), batch_size=30, steps=40,
        )  # fmt: skip
    wide = scale == "paper"
    data = data or ("mnist" if wide else "mnist-5k")
    few = (30, 100, 300, 1000, 3000)
    return Config(
        data=data, width=1000 if wide else 128, depth=3,
        train_sizes=few if data == "mnist-5k" else (*few, 10_000),
        learning_rates=(0.0125, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8), rate_seeds=(100, 101, 102),
        seeds=tuple(range(10)), batch_size=30, steps=10_000 if wide else 1000,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """For each kind and size: choose the learning rate, then train the networks reported."""
    data, passport = open_data(config.data, None)
    places = [(kind, size) for kind in KINDS for size in config.train_sizes]
    rows = []
    for place, (kind, size) in enumerate(places):
        part = part_of(progress, place, 1, len(places))
        rows.append(_place(config, data, kind, size, device, part))
    axes = (len(KINDS), len(config.train_sizes))
    columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return Result(
        train_size=np.array(config.train_sizes),
        rate=np.array(config.learning_rates),
        **{name: values.reshape(*axes, *values.shape[1:]) for name, values in columns.items()},
        data=passport,
    )


def examples_of(seeds: Sequence[int], examples: int, size: int) -> Int[Tensor, "models size"]:
    """The training examples of each seed; those of a smaller size are among those of a larger."""
    orders = [
        torch.randperm(examples, generator=streams.stream(seed, "little data"))[:size]
        for seed in seeds
    ]
    return torch.stack(orders)


def train(
    config: Config,
    data: Dataset,
    kind: Kind,
    size: int,
    rates: Sequence[float],
    seeds: Sequence[int],
    *,
    device: str = "cpu",
    progress: Progress | None = None,
) -> tuple[MLP, Int[Tensor, "models size"]]:
    """Networks of one kind, one for each rate and seed, and the examples that each was given.

    Args:
        config: Shape, batch and steps.
        data: Of which each seed draws training examples.
        kind: What is trained.
        size: How many examples each gets.
        rates: Learning rates [1].
        seeds: Of weights, order and examples.
        device: `cpu` or `cuda`.
        progress: Called as `progress(done, total, text)`.
    """
    hyper = grid(learning_rate=rates, l1=kind.l1, seed=seeds)
    shape = (data.inputs, data.outputs)
    if kind.hidden:
        shape = sizes(
            inputs=data.inputs, width=config.width, depth=config.depth, outputs=data.outputs
        )
    order = hyper.seed.tolist()
    network = MLP(shape, seeds=order, activation=kind.activation, device=device)
    rows = examples_of(order, len(data.train), size)
    for models, part in network.chunks(_TOGETHER):
        weight = part.stacked_layers()[0].weight
        rate, l1 = (v[models].to(weight).view(-1, 1, 1) for v in (hyper.learning_rate, hyper.l1))
        batches = mini_batches(part, data, config.batch_size, rows_of=rows[models])
        for _ in range(config.steps):
            steps.inplace(part, *next(batches), rate, l1)
        if progress is not None:
            progress(models.stop, network.models, f"{kind.name}, {size} examples")
    return network, rows


def _place(
    config: Config, data: Dataset, kind: Kind, size: int, device: str, progress: Progress | None
) -> dict[str, np.ndarray]:
    """One kind and size: its rate chosen, then the networks that are reported."""
    tried, kept = len(config.learning_rates) * len(config.rate_seeds), len(config.seeds)
    network, _ = train(
        config, data, kind, size, config.learning_rates, config.rate_seeds, device=device,
        progress=part_of(progress, 0, tried, tried + kept),
    )  # fmt: skip
    wrong = torch.where(finite(network), error(network, data.validation), 1.0)
    validation = wrong.numpy(force=True).reshape(len(config.learning_rates), -1)
    chosen = config.learning_rates[int(np.median(validation, axis=1).argmin())]
    network, rows = train(
        config, data, kind, size, (chosen,), config.seeds, device=device,
        progress=part_of(progress, tried, kept, tried + kept),
    )  # fmt: skip
    good = finite(network)
    loss, train_error = own(network, data.train, rows)
    ends = {
        "train_error": train_error,
        "train_loss": loss,
        "test_error": error(network, data.test),
    }
    return {
        "rate_validation": validation,
        "chosen": np.array(chosen),
        "diverged": (~good).long().numpy(force=True),
        **{name: torch.where(good, v, torch.nan).numpy(force=True) for name, v in ends.items()},
    }


@torch.no_grad()
def own(
    network: MLP, split: Split, rows: Int[Tensor, "models size"]
) -> tuple[Float[Tensor, "models"], Float[Tensor, "models"]]:
    """Mean cross-entropy [nat] and error [1] of each network on its own examples, in float64."""
    losses, errors = [], []
    for models, part in network.chunks(1):
        x, y = split.x[rows[models][0]], split.y[rows[models][0]]
        logits = part(x.to(part.stacked_layers()[0].weight).unsqueeze(0))[0].double()
        y = y.to(logits.device)
        losses.append(torch.nn.functional.cross_entropy(logits, y))
        errors.append((logits.argmax(-1) != y).double().mean())
    return torch.stack(losses), torch.stack(errors)


def compare(result: Result) -> list[Comparison]:
    """The paper gives no number for it: nothing to set beside ours."""
    return []
