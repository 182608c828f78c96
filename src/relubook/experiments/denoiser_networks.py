"""The autoencoders of "denoiser": trained, and measured with noise."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import avg_pool2d

from relubook import autoencoders, seeds
from relubook.autoencoders import Autoencoder
from relubook.corruptions import Corruption
from relubook.datasets.values import Split
from relubook.epochs import draw_batches
from relubook.experiments.denoiser_values import Config
from relubook.experiments.sweep import open_data
from relubook.networks import MLP, StackedLinear

_AT_ONCE = 500  # examples


class Small(NamedTuple):
    """A data set's pictures, averaged to a few pixels and rounded to 8 bits.

    Attributes:
        train: Training examples.
        validation: Those that choose the rate.
        test: Test examples.
        classes: How many there are.
        passport: Name, sha256 and source.
    """

    train: Split
    validation: Split
    test: Split
    classes: int
    passport: dict[str, Any]


class Measured(NamedTuple):
    """What restoring some examples costs each model, and what is 0 meanwhile."""

    error: Float[np.ndarray, "models"]
    zeros: Float[np.ndarray, "models"]
    stuck: Float[np.ndarray, "models"]
    dead_units: Float[np.ndarray, "models"]
    dead_outputs: Float[np.ndarray, "models"]


def open_small(config: Config) -> Small:
    """The data of a configuration, averaged.

    Raises:
        ValueError: If they are no gray squares with a side that is a multiple of the wanted one, or
            a class that is to be drawn does not exist.
    """
    data, passport = open_data(config.data, config.train_examples)
    shape = data.image_shape
    if shape is None or len(shape) != 2 or shape[0] != shape[1] or shape[0] % config.side:
        raise ValueError(
            f"The experiment denoiser needs square gray pictures with a side of a multiple of "
            f"{config.side} pixels, such as mnist or mnist-5k. Got {config.data}, of shape {shape}."
        )
    if max(config.pictured) >= data.outputs:
        raise ValueError(
            f"The `pictured` classes of denoiser must be 0 to {data.outputs - 1}. "
            f"Got {max(config.pictured)}."
        )
    others = data.validation.take(
        torch.arange(min(config.validation_examples, len(data.validation)))
    )
    train, choosing, test = (
        _averaged(split, config.side) for split in (data.train, others, data.test)
    )
    return Small(train, choosing, test, data.outputs, passport)


def _averaged(split: Split, side: int) -> Split:
    """The means of equal blocks of pixels, in steps of 1/255."""
    whole = round(split.x.shape[1] ** 0.5)
    blocks = avg_pool2d(split.x.view(-1, 1, whole, whole), whole // side)
    return Split(x=(255 * blocks).round().div(255).flatten(1), y=split.y)


def begin(
    config: Config, data: Small, reconstruction: str, model_seeds: Sequence[int], device: str
) -> Autoencoder:
    """Untrained autoencoders, one a seed."""
    shape = (config.side**2, config.width, data.classes)
    network = MLP(shape, seeds=model_seeds, device=device)
    return Autoencoder.of(network, 0, reconstruction=reconstruction)


def learn(
    coder: Autoencoder,
    config: Config,
    data: Small,
    rate: float,
    model_seeds: Sequence[int],
) -> Iterator[Float[np.ndarray, "models"]]:
    """Train autoencoders in place, epoch by epoch, as `pretraining.pretrain` trains a first layer.

    Args:
        coder: As `begin` made them of these seeds.
        config: Noise, penalty, batch and epochs.
        data: What they learn to restore.
        rate: Learning rate [1].
        model_seeds: Of order and noise.

    Yields:
        After each epoch, what restoring a validation example costs; NaN where it is not finite.
    """
    like, models = coder.bias, len(model_seeds)
    x, others = data.train.x.to(like), data.validation.x.to(like)
    step, penalty = (like.new_full((models, 1, 1), value) for value in (rate, config.penalty))
    corruption, name = Corruption(masked=config.masked), "pretraining 0"
    for epoch in range(config.epochs):
        noise = [seeds.stream(seed, f"{name}, noise", epoch) for seed in model_seeds]
        batches = draw_batches(model_seeds, len(x), config.batch_size, epoch, f"{name}, order")
        for rows in batches.to(like.device):
            target = x[rows].view(models, config.batch_size, -1)
            autoencoders.inplace(coder, corruption(target, noise), target, step, penalty)
        noise = [seeds.stream(seed, f"{name}, validation") for seed in model_seeds]
        yield _cost(coder, others, corruption, noise)


@torch.no_grad()
def _cost(
    coder: Autoencoder,
    x: Float[Tensor, "examples pixels"],
    corruption: Corruption,
    noise: Sequence[torch.Generator],
) -> Float[np.ndarray, "models"]:
    """What restoring an example costs, each model with its own noise."""
    total = x.new_zeros(len(noise))
    for part in x.split(_AT_ONCE):
        target = part.expand(len(noise), -1, -1)
        z = coder.before(corruption(target, noise))
        total += coder.reconstruction.cost(z, target).sum((-2, -1))
    cost = (total / len(x)).double().numpy(force=True)
    return np.where(np.isfinite(cost), cost, np.nan)


def masked(
    x: Float[Tensor, "examples pixels"], share: float, place: int
) -> Float[Tensor, "examples pixels"]:
    """The examples with pixels forced to 0, the same ones whoever asks.

    Args:
        x: Examples [1].
        share: Probability of a pixel to be masked [1].
        place: Of this noise among all.
    """
    return Corruption(masked=share)(x.unsqueeze(0), [seeds.stream(0, "denoiser, test", place)])[0]


@torch.no_grad()
def restored(
    coder: Autoencoder, x: Float[Tensor, "examples pixels"]
) -> Float[Tensor, "models examples pixels"]:
    """What is given back for these inputs."""
    return coder(x.to(coder.bias).expand(len(coder.bias), -1, -1))


@torch.no_grad()
def measure(
    coder: Autoencoder,
    x: Float[Tensor, "examples pixels"],
    received: Float[Tensor, "examples pixels"],
) -> Measured:
    """Squared differences, zeros and outputs that are stuck, for what is received instead of `x`.

    Args:
        coder: The models.
        x: Examples [1].
        received: The same with noise [1].
    """
    like = coder.bias
    models, pixels = like.shape[0], like.shape[2]
    error, zeros, stuck = torch.zeros(3, models, dtype=torch.float64, device=like.device)
    used = torch.zeros(models, coder.encoder.weight.shape[2], dtype=torch.bool, device=like.device)
    lit = torch.zeros(models, pixels, dtype=torch.bool, device=like.device)
    for clean, seen in zip(x.split(_AT_ONCE), received.split(_AT_ONCE), strict=True):
        target, h = clean.to(like), coder.code(seen.to(like).expand(models, -1, -1))
        z = torch.baddbmm(coder.bias, h, coder.weights_back)
        out = coder.reconstruction.output(z)
        error += (out - target).square().double().sum((1, 2))
        zeros += (h == 0).double().mean(2).sum(1)
        stuck += ((out == 0) & (target > 0)).double().mean(2).sum(1)
        used |= (h != 0).any(1)
        lit |= (out != 0).any(1)
    inked = (x > 0).any(0).to(like.device)
    found = (error, zeros, stuck)
    return Measured(
        *((values / len(x)).numpy(force=True) for values in found),
        dead_units=(~used).double().mean(1).numpy(force=True),
        dead_outputs=(~lit[:, inked]).double().mean(1).numpy(force=True),
    )


@torch.no_grad()
def gathered(coders: Sequence[Autoencoder], places: Int[np.ndarray, "models"]) -> Autoencoder:
    """Each model from the one of some equal sets that was chosen for it.

    Args:
        coders: Autoencoders of the same models, trained differently.
        places: Which of them, model by model.
    """
    first = coders[0]
    models = torch.arange(len(places))
    chosen = torch.from_numpy(places)

    def pick(*tensors: Tensor) -> Tensor:
        return torch.stack(tensors)[chosen, models].clone()

    return Autoencoder(
        StackedLinear(
            pick(*(coder.encoder.weight for coder in coders)),
            pick(*(coder.encoder.bias for coder in coders)),
        ),
        first.activation,
        first.reconstruction,
        pick(*(coder.weights_back for coder in coders)),
        pick(*(coder.bias for coder in coders)),
    )
