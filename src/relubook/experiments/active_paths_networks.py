"""The networks of "active-paths": trained, rounded to 8 bits at some steps, and measured.

The rounded weights are the networks: all that is measured, and all that a page draws, is theirs.
"""

import copy
import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int8, UInt8
from torch import Tensor

from relubook import gradients
from relubook.datasets.values import Split
from relubook.epochs import draw_batches
from relubook.experiments.active_paths_values import Config, Kind, Result
from relubook.experiments.sweep import open_data
from relubook.networks import MLP, sizes
from relubook.steps import inplace
from relubook.training import Progress, grid

_LARGEST = 127  # of a weight's 8 bits


class Coarse(NamedTuple):
    """A data set's pictures, averaged to a few pixels and rounded to 8 bits.

    Attributes:
        train: Training examples.
        test: Test examples.
        classes: How many there are.
        passport: Name, sha256, source and names of the classes.
    """

    train: Split
    test: Split
    classes: int
    passport: dict[str, Any]


class Measured(NamedTuple):
    """What `measure` finds; the fields are those of `Result`."""

    test_error: Float[np.ndarray, "models"]
    active: Float[np.ndarray, "models layers"]
    carrying: Float[np.ndarray, "models layers"]
    effective: Float[np.ndarray, "models layers"]
    paths: Float[np.ndarray, "models"]
    blocked: Float[np.ndarray, "models"]


def open_coarse(config: Config) -> Coarse:
    """The data of a configuration, averaged.

    Raises:
        ValueError: If they are no gray pictures whose sides are multiples of the wanted one.
    """
    data, passport = open_data(config.data, config.train_examples)
    shape = data.image_shape
    if shape is None or len(shape) != 2 or any(length % config.side for length in shape):
        raise ValueError(
            f"The experiment active-paths needs gray pictures with sides of a multiple of "
            f"{config.side} pixels, such as mnist or mnist-5k. Got {config.data}, of shape {shape}."
        )
    train, test = (_averaged(split, shape, config.side) for split in (data.train, data.test))
    return Coarse(train, test, data.outputs, {**passport, "classes": list(data.classes)})


def _averaged(split: Split, shape: Sequence[int], side: int) -> Split:
    """The means of equal blocks of pixels, in steps of 1/255."""
    rows, columns = shape
    blocks = split.x.view(-1, side, rows // side, side, columns // side).mean((2, 4))
    return Split(x=(255 * blocks).round().div(255).flatten(1), y=split.y)


def bytes_of(split: Split) -> UInt8[np.ndarray, "pictures pixels"]:
    """Averaged pictures in steps of 1/255."""
    return (255 * split.x).round().byte().numpy()


def first_of_each(split: Split, classes: int, count: int) -> Split:
    """The first few examples of each class, class by class."""
    places = [torch.nonzero(split.y == label).flatten()[:count] for label in range(classes)]
    return split.take(torch.cat(places))


def train_kept(
    config: Config,
    data: Coarse,
    kind: Kind,
    depth: int,
    seeds: Sequence[int],
    *,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> list[MLP]:
    """Train networks of one kind and depth, one a seed; what they were, rounded, when kept.

    Args:
        config: When, and the networks' width.
        data: What they learn.
        kind: How they are made and trained.
        depth: Hidden layers.
        seeds: Of weights and order.
        progress: Called as `progress(steps done, steps, text)`.
        stop: Asked before each step; True ends it with what was kept so far.

    Raises:
        ValueError: If the weights are no longer finite.
    """
    network = MLP(
        shape_of(config, data, depth), seeds=seeds, activation=kind.activation, gain=kind.gain
    )
    hyper = grid(learning_rate=kind.learning_rate, l1=kind.l1, seed=list(seeds))
    rate, penalty = (value.view(-1, 1, 1) for value in (hyper.learning_rate, hyper.l1))
    last, kept = config.kept[-1], []
    for done, (x, targets) in enumerate(_batches(config, data, seeds)):
        if done in config.kept:
            kept.append(rounded(network))
        if progress is not None and (done % 100 == 0 or done == last):
            progress(done, last, f"{kind.name}, {depth} x {config.width}")
        if done == last or (stop is not None and stop()):
            break
        inplace(network, x, targets, rate, penalty)
    return kept


def shape_of(config: Config, data: Coarse, depth: int) -> tuple[int, ...]:
    """Sizes of the networks of this depth."""
    return sizes(inputs=config.side**2, width=config.width, depth=depth, outputs=data.classes)


def _batches(
    config: Config, data: Coarse, seeds: Sequence[int]
) -> Iterator[tuple[Float[Tensor, "models batch inputs"], Float[Tensor, "models batch classes"]]]:
    """A mini-batch for each network without end, epoch after epoch, each in its own order."""
    targets = torch.eye(data.classes)
    for epoch in itertools.count():
        for rows in draw_batches(seeds, len(data.train), config.batch_size, epoch):
            taken = rows.view(len(seeds), -1)
            yield data.train.x[taken], targets[data.train.y[taken]]


def rounded(network: MLP) -> MLP:
    """A copy in float64 whose every layer has weights and biases of 8 bits, times one scale.

    Raises:
        ValueError: If they are no longer finite.
    """
    copied = copy.deepcopy(network).double()
    for layer in copied.stacked_layers():
        both = torch.cat([layer.weight, layer.bias], dim=1).detach()
        largest = both.abs().amax((1, 2), keepdim=True)
        if not (largest > 0).all() or not largest.isfinite().all():
            raise ValueError(
                "The weights of active-paths must stay finite and not all 0. Got others; lower the "
                "learning rate."
            )
        scale = _scale(largest)
        both = both.div(scale).round().clamp(-_LARGEST, _LARGEST).mul(scale)
        layer.weight.data, layer.bias.data = both[:, :-1], both[:, -1:]
    return copied


def _scale(largest: Float[Tensor, "*shape"]) -> Float[Tensor, "*shape"]:
    """A 127th of the largest numbers as a decimal of four digits, which a page writes shortly."""
    scale = largest / _LARGEST
    digits = 10 ** (3 - scale.log10().floor())
    return (scale * digits).round() / digits


def packed(
    network: MLP, model: int
) -> tuple[Int8[np.ndarray, "numbers"], Float[np.ndarray, "matrices"]]:
    """One rounded network's 8 bits, layer by layer the weight by rows, then the bias; the scales.

    A rounded layer's largest number is 127 times its scale, which is so found again.
    """
    codes, scales = [], []
    for layer in network.stacked_layers():
        both = torch.cat([layer.weight[model], layer.bias[model]]).detach()
        scale = _scale(both.abs().max())
        codes.append(both.div(scale).round().flatten())
        scales.append(scale)
    return torch.cat(codes).to(torch.int8).numpy(), torch.stack(scales).numpy()


def unpacked(
    codes: Int8[np.ndarray, "numbers"],
    scales: Float[np.ndarray, "matrices"],
    units: tuple[int, ...],
    activation: str,
) -> MLP:
    """The network that `packed` gave these numbers of, in float64."""
    network, start = MLP(units, activation=activation, dtype=torch.float64), 0
    for layer, scale in zip(network.stacked_layers(), scales, strict=True):
        inputs, outputs = layer.weight.shape[1:]
        end = start + (inputs + 1) * outputs
        both = torch.from_numpy(codes[start:end].astype(np.float64) * float(scale))
        layer.weight.data = both[: inputs * outputs].view(1, inputs, outputs)
        layer.bias.data, start = both[inputs * outputs :].view(1, 1, outputs), end
    return network


class Place(NamedTuple):
    """Where a network of the first seed stands in a result.

    Attributes:
        kind: Its place in the configuration's kinds.
        at: The place of its depth.
        units: Its sizes.
        numbers: Its part of `Result.codes`.
        matrices: Its part of `Result.scales`.
    """

    kind: int
    at: int
    units: tuple[int, ...]
    numbers: slice
    matrices: slice


def places(result: Result) -> Iterator[Place]:
    """All networks of the first seed, kind by kind and depth by depth."""
    start = first = 0
    for kind, at in np.ndindex(result.test_error.shape[:2]):
        units = result.units(int(result.depths[at]))
        end = start + sum((i + 1) * o for i, o in itertools.pairwise(units))
        last = first + len(units) - 1
        yield Place(kind, at, units, slice(start, end), slice(first, last))
        start, first = end, last


def network_at(result: Result, place: Place, step: int, activation: str) -> MLP:
    """The network that was recorded there at a step, in float64."""
    codes, scales = result.codes[step, place.numbers], result.scales[step, place.matrices]
    return unpacked(codes, scales, place.units, activation)


@torch.no_grad()
def measure(network: MLP, split: Split) -> Measured:
    """Error, active units and paths, and what carries gradient, of each network on a split."""
    x = split.x.double().expand(network.models, -1, -1)
    layers = gradients.per_unit(network, x, split.y)
    carrying = [layer.by_input != 0 for layer in layers]
    through = torch.stack([some.any(-1) for some in carrying]).all(0)
    wrong = network(x).argmax(-1) != split.y
    return Measured(
        test_error=_mean(wrong),
        active=_by_layer([layer.h != 0 for layer in layers]),
        carrying=_by_layer(carrying),
        effective=_by_layer([gradients.effective_units(layer.by_input) for layer in layers]),
        paths=_mean(gradients.active_paths(network, x).share),
        blocked=_mean(~through),
    )


def _mean(values: Tensor) -> Float[np.ndarray, "models"]:
    """Over all but the models."""
    return values.double().flatten(1).mean(1).numpy()


def _by_layer(values: list[Tensor]) -> Float[np.ndarray, "models layers"]:
    return np.stack([_mean(layer) for layer in values], axis=-1)


def with_layers(
    values: Float[np.ndarray, "models layers"], most: int
) -> Float[np.ndarray, "models most"]:
    """With NaN for the layers that a network does not have."""
    missing = most - values.shape[-1]
    return np.pad(values, [(0, 0), (0, missing)], constant_values=math.nan)
