"""The networks of "reconstruction": looked at while they restore, then taught with labels."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook import seeds as streams
from relubook.datasets import Dataset
from relubook.experiments.figure_4_networks import labeled
from relubook.experiments.pretrained import begin, fine_tuned
from relubook.experiments.reconstruction_values import Config
from relubook.experiments.sweep import part_of
from relubook.history import evaluate
from relubook.networks import MLP
from relubook.pretraining import Recipe
from relubook.pretraining_layers import Layer
from relubook.training import Progress, Schedule

Arrays = dict[str, np.ndarray]
_ALL = 2  # times the work with few labels
_KEPT = (  # of what `fine_tuned` returns, the seeds first
    "test_error", "validation_error", "train_loss", "rate", "best_epoch", "diverged", "zeros",
    "dead",
)  # fmt: skip


class Stuck(NamedTuple):
    """Of each network: outputs whose pre-activation is not above 0 though their target is.

    Attributes:
        share: Of positive targets, those that meet one [1].
        silent: The share of the summed positive target that falls on outputs which are not above 0
            for any example [1].
        gradient: The largest |slope| of the cost at one of them [1].
        free_gradient: The mean |slope| at the others [1].
    """

    share: Float[np.ndarray, "models"]
    silent: Float[np.ndarray, "models"]
    gradient: Float[np.ndarray, "models"]
    free_gradient: Float[np.ndarray, "models"]


@torch.no_grad()
def again(network: MLP, position: int, data: Dataset, recipe: Recipe) -> Layer:
    """A layer as it was before it was pretrained, upon the layers below as they are.

    What `pretrain` returns has no decoders. To see what they do, a layer is trained once more, with
    `relearn`: it takes the same way to the same weights.

    Args:
        network: Pretrained networks; they stay as they are.
        position: Of the hidden layer, from 0 on.
        data: What they have restored.
        recipe: How they were pretrained.
    """
    weight = network.stacked_layers()[0].weight
    fresh = begin(
        network.sizes[1:-1], data, activation=network.activation.name, seeds=network.seeds,
        device=str(weight.device),
    )  # fmt: skip
    pairs = zip(fresh.stacked_layers(), network.stacked_layers(), strict=True)
    for to, source in list(pairs)[:position]:
        to.load_state_dict(source.state_dict())
    return Layer(fresh, position, data.train.x.to(weight), data.validation.x.to(weight), recipe)


def relearn(layer: Layer, rate: Sequence[float] | np.ndarray, l1: float) -> list[Stuck]:
    """Pretrain a layer to the end; stuck outputs before the first and after each pass.

    Args:
        layer: As `again` returns it.
        rate: Of each model [1].
        l1: Penalty on hidden outputs [1].
    """
    rates = torch.as_tensor(np.array(rate), dtype=layer.coder.bias.dtype)
    found = [stuck(layer)]
    for epoch in range(layer.recipe.epochs):
        layer.learn(rates, torch.full_like(rates, l1), epoch)
        layer.look(epoch)
        found.append(stuck(layer))
    return found


def stuck(layer: Layer) -> Stuck:
    """Outputs for masked validation examples, and the gradients that reach them, by torch.

    Args:
        layer: If its outputs are rectifiers, those with z <= 0 are 0; if linear, 0 or less; if
            softplus, above 0 all the same.
    """
    name = f"pretraining {layer.position}, validation"
    noise = [streams.stream(seed, name) for seed in layer.network.seeds]
    others, target = layer.others()
    with torch.no_grad():
        z = layer.coder.before(layer.recipe.corruption(others, noise))
    wanted = target > 0
    missed = (z <= 0) & wanted
    slope = _slope(layer, z, target)
    mass = target.clamp(min=0).double().sum(1)  # [models inputs]
    silent = (z <= 0).all(1)
    counts = (
        missed.sum((1, 2)) / wanted.sum((1, 2)),
        (mass * silent).sum(1) / mass.sum(1),
        (slope * missed).amax((1, 2)),
        (slope * (z > 0)).sum((1, 2)) / (z > 0).sum((1, 2)),
    )
    return Stuck(*(count.double().numpy(force=True) for count in counts))


def _slope(layer: Layer, z: Tensor, target: Tensor) -> Tensor:
    """|d cost / d z| of every output, by torch's derivatives."""
    z = z.clone().requires_grad_()
    cost = layer.coder.reconstruction.cost(z, target).sum()
    (slope,) = torch.autograd.grad(cost, z)
    return slope.abs()


@torch.no_grad()
def restored(
    layer: Layer, x: Float[Tensor, "examples inputs"]
) -> tuple[Float[np.ndarray, "models"], Float[np.ndarray, "models"]]:
    """Squared errors of masked examples after and without being restored, summed over inputs [1].

    Args:
        layer: The first one, trained; its best weights are used.
        x: Examples that it has not seen.
    """
    for now, kept in zip(layer.coder.parameters(), layer.best, strict=True):
        now.copy_(kept)
    whole = x.to(layer.coder.bias).expand(layer.network.models, -1, -1)
    noise = [streams.stream(seed, "reconstruction, test") for seed in layer.network.seeds]
    masked = layer.recipe.corruption(whole, noise)
    pairs = (layer.coder(masked), masked)
    errors = [(given - whole).square().sum(-1).double().mean(-1) for given in pairs]
    return errors[0].numpy(force=True), errors[1].numpy(force=True)


def taught(
    config: Config,
    data: Dataset,
    network: MLP,
    *,
    progress: Progress | None,
    file: Path | None,
) -> Arrays:
    """What becomes of networks with few labels, each with its own, and with all.

    Args:
        config: Rates, penalty and passes.
        data: All examples.
        network: One per seed; they stay as they are.
        progress: Called as `progress(done, total, text)`.
        file: Begins the names of the files from which a cut run goes on.

    Returns:
        By name, [labels ... seeds], layers or rates before the seeds.
    """
    few = _with_few(config, data, network, part_of(progress, 0, 1, _ALL + 1), file)
    schedule = Schedule(epochs=config.epochs, batch_size=config.batch_size)
    every = fine_tuned(
        network, data, rates=config.rates, l1=config.penalty, schedule=schedule,
        progress=part_of(progress, 1, _ALL, _ALL + 1), file=_named(file, "all"),
    )  # fmt: skip
    tried = np.stack([few["rate_validation"], every["rate_validation"]])
    return {name: np.stack([few[name].T, every[name].T]) for name in _KEPT} | {
        "rate_validation": tried
    }


def zeros(network: MLP, data: Dataset) -> Float[np.ndarray, "layers seeds"]:
    """Exact zeros of each layer on the test split [1]."""
    _, found, _ = evaluate(network, data.test)
    return found.double().numpy(force=True)


def _with_few(
    config: Config, data: Dataset, network: MLP, progress: Progress | None, file: Path | None
) -> Arrays:
    """Every network with the labels of its seed; arrays as those of `fine_tuned`."""
    schedule = Schedule(epochs=config.few_epochs, batch_size=min(config.batch_size, config.few))
    rows = [
        fine_tuned(
            part, labeled(data, config.few, part.seeds[0]), rates=config.rates, l1=config.penalty,
            schedule=schedule, progress=part_of(progress, place.start, 1, network.models),
            file=_named(file, f"few-{part.seeds[0]}"),
        )
        for place, part in network.chunks(1)
    ]  # fmt: skip
    seeds_first = {name: np.concatenate([row[name] for row in rows]) for name in _KEPT}
    tried = np.concatenate([row["rate_validation"] for row in rows], axis=1)
    return seeds_first | {"rate_validation": tried}


def _named(file: Path | None, word: str) -> Path | None:
    """The file of one part."""
    return None if file is None else Path(f"{file}.{word}.npz")
