"""Small networks on coarse digits: where they begin on the family, and how they descend."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from relubook import steps
from relubook.datasets import Dataset, Split
from relubook.epochs import draw_batches
from relubook.networks import MLP
from relubook.rescaling import rescale
from relubook.resident import Resident


@dataclass(frozen=True, kw_only=True)
class Digits:
    """Pictures made coarse, where the networks are.

    Attributes:
        train: Examples to descend on.
        test: Examples to be wrong about.
        classes: How many there are.
        resident: The training examples again, for mini-batches.
    """

    train: Split
    test: Split
    classes: int
    resident: Resident = field(repr=False)

    @classmethod
    def of(cls, data: Dataset, side: int, device: str = "cpu") -> "Digits":
        """The pictures of a data set, `side` rows of `side` numbers each."""
        train, test = (coarse(part, data, side, device) for part in (data.train, data.test))
        resident = Resident.of(
            train, data.outputs, dtype=torch.float32, device=torch.device(device)
        )
        return cls(train=train, test=test, classes=data.outputs, resident=resident)


def coarse(split: Split, data: Dataset, side: int, device: str = "cpu") -> Split:
    """A split whose pictures are averaged over square blocks of pixels.

    Args:
        split: Of the data set.
        data: Says what shape its pictures have.
        side: Rows and columns afterward.
        device: Where they will be.

    Raises:
        ValueError: If there are no gray square pictures, or blocks would be cut.
    """
    shape = data.image_shape or (1, data.inputs)
    if len(shape) != 2 or shape[0] != shape[1] or shape[0] % side:
        raise ValueError(
            f"The `data` must be gray pictures with {side}, {2 * side}, ... rows and columns. Got "
            f"{data.name} with pictures of the shape {shape}."
        )
    pictures = split.x.view(-1, 1, *shape)
    x = torch.nn.functional.avg_pool2d(pictures, shape[0] // side).flatten(1)
    return Split(x=x.to(device), y=split.y.to(device))


def on_the_family(network: MLP, log2_s: float | Float[Tensor, "models"]) -> MLP:
    """The same functions with the alphas (s, 1/s, 1).

    Args:
        network: With two hidden layers.
        log2_s: Logarithm of s to the base of 2, for all or for each [1].
    """
    s = 2 ** torch.as_tensor(log2_s, dtype=torch.float64).expand(network.models)
    return rescale(network, torch.stack([s, 1 / s, torch.ones_like(s)], dim=1))


@dataclass(frozen=True, kw_only=True)
class Course:
    """How networks descend; each has its own numbers.

    Attributes:
        rate: Step size [1].
        l1: Penalty on the sum of |h| [1].
        decay: Before a step every weight is multiplied by 1 - rate x decay [1].
        batch_size: Examples a step.
        moments: Steps after which to look; 0 is before the first.
    """

    rate: Float[Tensor, "models"]
    l1: Float[Tensor, "models"]
    decay: Float[Tensor, "models"]
    batch_size: int
    moments: Sequence[int]


def plain(rate: Float[Tensor, "models"], *, batch_size: int, moments: Sequence[int]) -> Course:
    """A course without penalty or decay."""
    nothing = torch.zeros_like(rate)
    return Course(rate=rate, l1=nothing, decay=nothing, batch_size=batch_size, moments=moments)


def descend(network: MLP, examples: Resident, course: Course) -> Iterator[int]:
    """Stochastic gradient descent; the order of examples depends on a network's seed alone.

    Args:
        network: The models; their weights are changed.
        examples: What they descend on.
        course: How.

    Yields:
        Each of the course's moments, when it has come.
    """
    weight = network.stacked_layers()[0].weight
    rate, l1, decay = (
        values.to(weight).view(-1, 1, 1) for values in (course.rate, course.l1, course.decay)
    )
    x, targets = (
        weight.new_empty(network.models, course.batch_size, network.sizes[end]) for end in (0, -1)
    )
    batches = _batches(network.seeds, len(examples), course.batch_size)
    done = 0
    for moment in course.moments:
        for rows in itertools.islice(batches, moment - done):
            examples.take(rows.to(weight.device), x.flatten(0, 1), targets.flatten(0, 1))
            if bool(decay.any()):
                _shrink(network, 1 - rate * decay)
            steps.inplace(network, x, targets, rate, l1)
        done = moment
        yield moment


@torch.no_grad()
def _shrink(network: MLP, factor: Float[Tensor, "models 1 1"]) -> None:
    """Multiply all weights, and no bias."""
    for layer in network.stacked_layers():
        layer.weight.mul_(factor)


def _batches(
    order_seeds: Sequence[int], examples: int, batch_size: int
) -> Iterator[Int[Tensor, "rows"]]:
    """The rows of each step, epoch after epoch; networks of one seed share an order."""
    own, place = np.unique(order_seeds, return_inverse=True)
    for epoch in itertools.count():
        for rows in draw_batches(own.tolist(), examples, batch_size, epoch):
            yield rows.view(len(own), batch_size)[torch.from_numpy(place)].flatten()


@torch.no_grad()
def loss(network: MLP, split: Split, examples: int) -> Float[np.ndarray, "models"]:
    """Mean cross-entropy over the first examples of a split [nat]; NaN where it is not finite."""
    logits = network(split.x[:examples].expand(network.models, -1, -1)).log_softmax(-1)
    y = split.y[:examples].expand(network.models, -1)
    found = -logits.gather(-1, y[..., None]).double().mean((1, 2))
    return torch.where(found.isfinite(), found, torch.nan).numpy(force=True)


@torch.no_grad()
def log2_s_of_norms(network: MLP, start: MLP) -> Float[np.ndarray, "models"]:
    """Where the first two layers' norms are on the family that `start` lies on at s = 1 [1].

    The ratio of the norms goes with 1/s², so this is a quarter of how far the logarithm of the
    ratio of their squares has moved, and exactly log2 s for `start` rescaled by s.
    """

    def ratio(networks: MLP) -> Tensor:
        first, second, *_ = networks.stacked_layers()
        squares = (w.weight.double().square().sum((1, 2)) for w in (second, first))
        return torch.log2(next(squares) / next(squares))

    found = (ratio(network) - ratio(start)) / 4
    return torch.where(found.isfinite(), found, torch.nan).numpy(force=True)


@torch.no_grad()
def balance(network: MLP) -> Float[np.ndarray, "models"]:
    """Squared weights and biases of the first layer minus squared weights of the second [1].

    Moving along the family leaves the cost as it is, so its gradient has no part in that direction:
    descent in small enough steps never changes this number.

    References:
        du2018.
    """
    first, second, *_ = network.stacked_layers()
    squares = [t.double().square().sum((1, 2)) for t in (first.weight, first.bias, second.weight)]
    found = squares[0] + squares[1] - squares[2]
    return torch.where(found.isfinite(), found, torch.nan).numpy(force=True)
