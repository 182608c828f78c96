"""Half of the units negated: what becomes of a layer's mean, of its zeros and of the error.

The learning rate of each kind of network is chosen on the validation split, with networks of seeds
of their own; then other networks are trained with it. Before training, wider ones are looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import sparsity
from relubook.datasets import Dataset
from relubook.experiments import sign_trick_drawings as drawings
from relubook.experiments.sweep import Comparison, open_data, part_of
from relubook.history import History
from relubook.networks import MLP, sizes
from relubook.training import Progress, Schedule, grid, train

NAME = "sign-trick"
TITLE = "Half of the units negated: mean activation, zeros and error (page 320)"
REVISION = 1

KINDS = drawings.KINDS

draw, describe, subtitle = drawings.draw, drawings.describe, drawings.subtitle
draw_trained, describe_trained = drawings.draw_trained, drawings.describe_trained
draw_error, describe_error = drawings.draw_error, drawings.describe_error


@dataclass(frozen=True, kw_only=True)
class Config:
    """What is drawn, and what is trained on what.

    Attributes:
        data: Name of the data set.
        untrained_widths: Units per hidden layer of networks that are looked at before training.
        width: Units per hidden layer of those that are trained.
        depth: Hidden layers.
        learning_rates: Step sizes to choose from [1], the same for every kind.
        rate_seeds: Of the networks that choose the learning rate.
        seeds: Of the networks that are reported, none of `rate_seeds`.
        batch_size: Examples a step.
        epochs: Passes over the training examples.
        train_examples: How many of the first examples to take; None for all.
        examples: How many of the first test examples activations are measured on.
    """

    data: str
    untrained_widths: tuple[int, ...]
    width: int
    depth: int
    learning_rates: tuple[float, ...]
    rate_seeds: tuple[int, ...]
    seeds: tuple[int, ...]
    batch_size: int
    epochs: int
    train_examples: int | None
    examples: int = 1000


@dataclass(frozen=True, kw_only=True)
class Result:
    """Kinds are those of `KINDS`: an activation, without the sign trick or with it.

    Attributes:
        widths: Units per hidden layer of the untrained networks.
        balance_untrained: |mean activation| over mean |activation| of a layer, untrained [1].
        zeros_untrained: Exact zeros among a layer's activations, untrained [1].
        rate: The learning rates tried [1].
        rate_validation: Validation error while choosing [1]; 1 for a network that diverged.
        chosen: The learning rate of each kind [1]: the lowest median validation error.
        balance_before: As `balance_untrained`, of the networks that are then trained [1].
        balance_after: The same with the weights of the best validation epoch [1].
        zeros_before: Exact zeros of the same networks [1].
        zeros_after: The same with the weights of the best validation epoch [1].
        validation_error: After each epoch [1]; NaN for a network that has diverged.
        test_error: At the best validation epoch [1].
        best_epoch: The epoch of lowest validation error.
        diverged: Epoch of divergence, or -1.
        data: Name, sha256 and source of the data.
    """

    widths: Int[np.ndarray, "widths"]
    balance_untrained: Float[np.ndarray, "kinds widths layers seeds"]
    zeros_untrained: Float[np.ndarray, "kinds widths layers seeds"]
    rate: Float[np.ndarray, "rates"]
    rate_validation: Float[np.ndarray, "kinds rates rate_seeds"]
    chosen: Float[np.ndarray, "kinds"]
    balance_before: Float[np.ndarray, "kinds layers seeds"]
    balance_after: Float[np.ndarray, "kinds layers seeds"]
    zeros_before: Float[np.ndarray, "kinds layers seeds"]
    zeros_after: Float[np.ndarray, "kinds layers seeds"]
    validation_error: Float[np.ndarray, "kinds epochs seeds"]
    test_error: Float[np.ndarray, "kinds seeds"]
    best_epoch: Int[np.ndarray, "kinds seeds"]
    diverged: Int[np.ndarray, "kinds seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: values for name, values in vars(self).items() if name != "data"}


def configure(scale: str, data: str | None = None) -> Config:
    """Up to the paper's 1,000 units untrained, 3 x 128 trained; all of it wide at `paper`."""
    if scale == "smoke":
        return Config(
            data=data or "mnist-5k", untrained_widths=(16, 64), width=24, depth=2,
            learning_rates=(0.1, 0.4), rate_seeds=(100,), seeds=(0, 1), batch_size=32, epochs=2,
            train_examples=500, examples=200,
        )  # fmt: skip
    wide = scale == "paper"
    return Config(
        data=data or ("mnist" if wide else "mnist-5k"), untrained_widths=(32, 128, 500, 1000),
        width=1000 if wide else 128, depth=3, learning_rates=(0.05, 0.1, 0.2, 0.4, 0.8),
        rate_seeds=(100, 101, 102), seeds=tuple(range(10)), batch_size=32,
        epochs=30 if wide else 6, train_examples=None if wide else 10_000,
    )  # fmt: skip


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """Look at untrained networks of every width, then choose rates and train, kind by kind."""
    data, passport = open_data(config.data, config.train_examples)
    untrained = [_untrained(config, data, kind, device) for kind in KINDS]
    each = config.epochs * (len(config.learning_rates) * len(config.rate_seeds) + len(config.seeds))
    rows = []
    for place, kind in enumerate(KINDS):
        whole = part_of(progress, place * each, each, each * len(KINDS))
        rows.append(_trained(config, data, kind, device=device, progress=whole))
    columns = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    balance, zeros = (np.stack(part) for part in zip(*untrained, strict=True))
    return Result(
        widths=np.array(config.untrained_widths),
        balance_untrained=balance,
        zeros_untrained=zeros,
        rate=np.array(config.learning_rates),
        data=passport,
        **columns,
    )


def balance(h: Float[Tensor, "models examples units"]) -> Float[Tensor, "models"]:
    """|mean| over mean |.|: 1 if all activations have one sign, 0 if they balance."""
    return h.mean((-2, -1)).abs() / h.abs().mean((-2, -1))


@torch.no_grad()
def measure(
    network: MLP, x: Float[Tensor, "examples inputs"]
) -> tuple[Float[np.ndarray, "layers models"], Float[np.ndarray, "layers models"]]:
    """Balance and exact zeros of each hidden layer [1].

    Args:
        network: Any number of models.
        x: Shown to all of them.
    """
    weight = network.stacked_layers()[0].weight
    hidden = network.hidden(x.to(weight).expand(network.models, -1, -1))
    found = ([balance(h) for h in hidden], [sparsity.zero_fraction(h) for h in hidden])
    mean, zeros = (torch.stack(part).double().numpy(force=True) for part in found)
    return mean, zeros


def _untrained(
    config: Config, data: Dataset, kind: tuple[str, bool], device: str
) -> tuple[np.ndarray, np.ndarray]:
    """Balance and zeros [widths layers seeds] of networks that nobody trains, one at a time."""
    x, rows = data.test.x[: config.examples], []
    for width in config.untrained_widths:
        by_seed = [
            measure(_begin(config, data, kind, width, [seed], device), x) for seed in config.seeds
        ]
        rows.append([np.concatenate(part, axis=1) for part in zip(*by_seed, strict=True)])
    mean, zeros = (np.stack(part) for part in zip(*rows, strict=True))
    return mean, zeros


def _begin(
    config: Config,
    data: Dataset,
    kind: tuple[str, bool],
    width: int,
    seeds: Sequence[int],
    device: str,
) -> MLP:
    """Untrained networks of one kind."""
    activation, signs = kind
    shape = sizes(inputs=data.inputs, width=width, depth=config.depth, outputs=data.outputs)
    return MLP(shape, seeds=seeds, activation=activation, sign_trick=signs, device=device)


def _trained(
    config: Config,
    data: Dataset,
    kind: tuple[str, bool],
    *,
    device: str,
    progress: Progress | None,
) -> dict[str, np.ndarray]:
    """One kind's row of each array: its rate chosen, then the networks that are reported."""
    tried, kept = len(config.learning_rates) * len(config.rate_seeds), len(config.seeds)

    def train_at(
        rates: Sequence[float], seeds: Sequence[int], done: int
    ) -> tuple[MLP, History, tuple[np.ndarray, np.ndarray]]:
        hyper = grid(learning_rate=rates, seed=seeds)
        network = _begin(config, data, kind, config.width, hyper.seed.tolist(), device)
        before = measure(network, data.test.x[: config.examples])
        schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size)
        part = part_of(progress, done, len(hyper), tried + kept)
        return network, train(network, data, hyper, schedule, progress=part), before

    _, choosing, _ = train_at(config.learning_rates, config.rate_seeds, 0)
    validation = np.nan_to_num(choosing.at_best("validation_error"), nan=1.0)
    validation = validation.reshape(len(config.learning_rates), -1)
    chosen = config.learning_rates[int(np.median(validation, axis=1).argmin())]
    network, history, before = train_at((chosen,), config.seeds, tried)
    after = measure(network, data.test.x[: config.examples])
    return {
        "rate_validation": validation,
        "chosen": np.array(chosen),
        "balance_before": before[0],
        "balance_after": after[0],
        "zeros_before": before[1],
        "zeros_after": after[1],
        "validation_error": history.validation_error,
        "test_error": history.at_best("test_error"),
        "best_epoch": history.best_epoch,
        "diverged": history.diverged,
    }


def compare(result: Result) -> list[Comparison]:
    """The paper gives no number for the trick: nothing to set beside ours."""
    return []
