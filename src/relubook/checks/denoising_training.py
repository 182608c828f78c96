"""Small autoencoders that learn to restore digits, by a slope that a student may have written.

The trained ones are real: digits of 14 x 14 pixels, one hidden layer of rectifiers, plain gradient
descent, outputs that put out max(0, z). What they learn by is a rule for the derivative of the cost
by z.
"""

import functools
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.figure import Figure
from torch import Tensor
from torch.nn.functional import avg_pool2d

from relubook import autoencoders, datasets, figures, reconstructions, seeds
from relubook.autoencoders import Autoencoder
from relubook.corruptions import Corruption
from relubook.networks import MLP
from relubook.reconstructions import Reconstruction

Slope = Callable[[Tensor, Tensor], Tensor]

SIDE, UNITS, STEPS, BATCH, RATE, NOISE = 14, 64, 1500, 10, 0.03, 0.25
BAD_START = -1.0  # of the outputs' biases: nearly all outputs begin at 0, for every digit
_TESTED = 500  # digits
_SHOWN = (0, 1, 2, 3, 4, 5, 6, 7)  # classes
_OUTLINE = "#BBBBBB"


class Trained(NamedTuple):
    """What autoencoders restore of digits that they have not learned from.

    Attributes:
        error: Squared difference, summed over the pixels of a digit [1].
        nothing: The same if the masked digits are left as they are [1].
        stuck: Share of the positive pixels that meet z <= 0 [1].
        shown: Some digits [rows digits pixels]: as they were, masked, and as the first autoencoder
            gives them back [1].
    """

    error: Float[np.ndarray, "models"]
    nothing: float
    stuck: Float[np.ndarray, "models"]
    shown: Float[np.ndarray, "rows digits pixels"]


def train(
    reconstruction: Reconstruction, *, bias: float = BAD_START, model_seeds: Sequence[int] = (1,)
) -> Trained:
    """Train one autoencoder a seed, all alike but for their seeds, on one thread: steps are small.

    Args:
        reconstruction: What the outputs put out, and the slope by which they learn.
        bias: What the outputs' biases begin at [1].
        model_seeds: Of weights, order and noise.
    """
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return _train(reconstruction, bias, model_seeds)
    finally:
        torch.set_num_threads(threads)


def _train(reconstruction: Reconstruction, bias: float, model_seeds: Sequence[int]) -> Trained:
    """The same on as many threads as there are."""
    digits, others, places = _digits()
    coder = Autoencoder.of(
        MLP((SIDE**2, UNITS, 1), seeds=model_seeds), 0, reconstruction="rectifier"
    )
    coder.reconstruction = reconstruction
    with torch.no_grad():
        coder.bias.fill_(bias)
    corruption = Corruption(masked=NOISE)
    noise = [seeds.stream(seed, "denoising, noise") for seed in model_seeds]
    order = [seeds.stream(seed, "denoising, order") for seed in model_seeds]
    rate, none = (torch.full((len(model_seeds), 1, 1), value) for value in (RATE, 0.0))
    for _ in range(STEPS):
        rows = [torch.randint(len(digits), (BATCH,), generator=own) for own in order]
        x = torch.stack([digits[own] for own in rows])
        autoencoders.descend(coder, corruption(x, noise), x, rate, none)
    return _look(coder, others, places)


def strategy_4() -> Reconstruction:
    """Rectifier outputs and the squared difference, as the paper has them (glorot2011, p. 319)."""
    return reconstructions.get("rectifier")


def by_rule(rule: Slope) -> Reconstruction:
    """Outputs max(0, z) that learn by another slope; the rule sees [examples outputs]."""

    def slope(z: Tensor, target: Tensor) -> Tensor:
        found = rule(z.flatten(0, 1), target.flatten(0, 1))
        return torch.as_tensor(found).detach().to(z).reshape(z.shape).clone()

    plain = strategy_4()
    return Reconstruction(name="yours", output=plain.output, cost=plain.cost, slope=slope)


@functools.cache
def _digits() -> tuple[Tensor, Tensor, list[int]]:
    """Digits to learn from, others, and one of each class to be shown [examples pixels]."""
    data = datasets.load("mnist-5k")
    test = data.test.take(torch.arange(_TESTED))
    places = [int((test.y == label).nonzero()[0]) for label in _SHOWN]
    return _averaged(data.train.x), _averaged(test.x), places


def _averaged(x: Float[Tensor, "examples pixels"]) -> Float[Tensor, "examples fewer"]:
    """The means of blocks of 2 x 2 pixels [1]."""
    return avg_pool2d(x.view(-1, 1, 2 * SIDE, 2 * SIDE), 2).flatten(1)


@torch.no_grad()
def _look(coder: Autoencoder, others: Tensor, places: list[int]) -> Trained:
    """The same masked digits for every model."""
    generator = seeds.stream(0, "denoising, test")
    masked = Corruption(masked=NOISE)(others[None], [generator])
    x = others.expand(len(coder.bias), -1, -1)
    z = coder.before(masked.expand_as(x))
    y = coder.reconstruction.output(z)
    asks = others > 0
    return Trained(
        error=(y - x).square().sum(-1).mean(-1).numpy(),
        nothing=float((masked[0] - others).square().sum(-1).mean()),
        stuck=((z <= 0) & asks).sum((1, 2)).numpy() / float(asks.sum()),
        shown=torch.stack([others[places], masked[0, places], y[0, places]]).numpy(),
    )


class Compared(NamedTuple):
    """Three ways to begin, and what comes of them.

    Attributes:
        usual: Strategy 4, biases that begin at 0.
        bad: Strategy 4, biases that begin at `BAD_START`.
        softplus: Strategy 1, which begins there, too.
    """

    usual: Trained
    bad: Trained
    softplus: Trained


def compare() -> Compared:
    """Train the three, with the same seeds, order and noise."""
    return Compared(
        usual=train(strategy_4(), bias=0.0),
        bad=train(strategy_4()),
        softplus=train(reconstructions.get("softplus")),
    )


def draw(compared: Compared) -> Figure:
    """Some digits, masked, and as each of the three gives them back."""
    names = (
        "digit", "masked", "strategy 4,\nbiases from 0", f"strategy 4,\nfrom {BAD_START:g}",
        f"strategy 1,\nfrom {BAD_START:g}",
    )  # fmt: skip
    rows = [*compared.usual.shown[:2], *(each.shown[2] for each in compared)]
    fig, ax = figures.axes(
        title="Begun badly, strategy 4 gives back nothing; strategy 1 does",
        subtitle=f"MNIST-5k, {SIDE} x {SIDE} pixels, {UNITS} hidden units, {STEPS:,} steps of "
        f"{BATCH} digits, 1 seed",
        height=4.6,
    )
    pictures = [row.reshape(-1, SIDE, SIDE) for row in rows]
    framed = [np.pad(row, ((0, 0), (1, 1), (1, 1)), constant_values=0.5) for row in pictures]
    ax.imshow(np.vstack([np.hstack(list(row)) for row in framed]), cmap="gray", vmin=0, vmax=1)
    side = SIDE + 2
    ax.set_yticks(side * np.arange(len(names)) + side / 2, names)
    ax.set_xticks([])
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0)
    return fig


def describe(compared: Compared) -> str:
    """What the drawing shows, for those who do not see it."""
    usual, bad, softplus = (float(each.error[0]) for each in compared)
    return (
        f"{len(_SHOWN)} digits, the same with a quarter of the pixels masked, and what three "
        "autoencoders give back. Squared error per digit: strategy 4 with biases that begin at 0 "
        f"{usual:.1f}, with biases that begin at {BAD_START:g} {bad:.1f}, all of it black; "
        f"strategy 1 with biases that begin at {BAD_START:g} {softplus:.1f}; leaving the digits "
        f"masked {compared.bad.nothing:.1f}."
    )
