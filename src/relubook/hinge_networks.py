"""Networks of one input and one output that look for hinges by themselves.

With n rectifiers between, such a network is a function of n hinges, wherever it moves them. Many
are trained at once, each on a target of its own; none knows of the others.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook import seeds as random
from relubook.hinges import Hinges
from relubook.networks import MLP

LEARNING_RATE, STEPS = 0.01, 4000

_REPORT_EVERY = 100  # steps


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What came of training.

    Attributes:
        error: Root mean square distance to the target before the first step and after each.
        functions: What each network computes at the end.
    """

    error: Float[np.ndarray, "steps models"]
    functions: tuple[Hinges, ...]


def spread(hinges: int, seeds: Sequence[int]) -> MLP:
    """Networks whose hinges stand at random places in [-1, 1], half of them looking left.

    Input weights are ±1, so that the bias is the place up to its sign. Output weights are drawn
    from U(-1, 1) / n: the function begins near zero.

    Args:
        hinges: Rectifiers n of each network.
        seeds: One seed per network.
    """
    network = MLP((1, hinges, 1), seeds=seeds)
    first, last = network.stacked_layers()
    for model, seed in enumerate(seeds):
        signs, places, heights = (
            torch.rand(hinges, generator=random.stream(seed, purpose), dtype=torch.float64)
            for purpose in ("hinge signs", "hinge places", "hinge heights")
        )
        weight = torch.where(signs < 0.5, -1.0, 1.0)
        first.weight.data[model, 0] = weight
        first.bias.data[model, 0] = -weight * (2 * places - 1)
        last.weight.data[model, :, 0] = (2 * heights - 1) / hinges
    return network


def together(hinges: int, seeds: Sequence[int]) -> MLP:
    """The networks of `spread` with all biases at zero: every hinge stands at x = 0."""
    network = spread(hinges, seeds)
    network.stacked_layers()[0].bias.data.zero_()
    return network


def fit(
    network: MLP,
    targets: Float[np.ndarray, "models points"],
    *,
    learning_rate: float = LEARNING_RATE,
    steps: int = STEPS,
    progress: Callable[[int, int, str], None] | None = None,
    stop: Callable[[], bool] | None = None,
) -> Fit:
    """Train each network on its own target, in place, by Adam on the mean square over all points.

    Args:
        network: Of one input, one hidden layer of rectifiers and one output.
        targets: Heights on an even grid over [-1, 1].
        learning_rate: Adam's step size [1].
        steps: How many; each sees all points.
        progress: Called as `progress(done, total, text)` every 100 steps and at the end.
        stop: Asked as often; True stops and keeps what was done.

    Returns:
        Errors from the start to the last step done, and the functions found.

    Raises:
        ValueError: If the networks are of another form, or the targets are not one each.

    References:
        Adam: kingma2015, with its usual betas.
    """
    _check_form(network)
    if len(targets) != network.models:
        raise ValueError(
            f"There must be one target per model. Got {len(targets)} for {network.models} models."
        )
    y = torch.as_tensor(targets, dtype=torch.float32).unsqueeze(-1)
    x = torch.linspace(-1, 1, targets.shape[1]).view(1, -1, 1).expand(network.models, -1, -1)
    optimizer = torch.optim.Adam(network.parameters(), lr=learning_rate)
    squares = []
    for done in range(1, steps + 1):
        optimizer.zero_grad()
        square = _mean_square(network, x, y)
        square.sum().backward()
        optimizer.step()
        squares.append(square.detach())
        if done % _REPORT_EVERY == 0 or done == steps:
            if progress is not None:
                progress(done, steps, f"step {done:,}")
            if stop is not None and stop():
                break
    with torch.no_grad():
        squares.append(_mean_square(network, x, y))
    return Fit(error=torch.stack(squares).double().sqrt().numpy(), functions=functions(network))


def functions(network: MLP) -> tuple[Hinges, ...]:
    """What each network computes, as hinges from left to right.

    A rectifier with w < 0 looks left. Since max(0, z) = max(0, -z) + z, it is a hinge that looks
    right, at the same place, and a straight line.

    Args:
        network: Of one input, one hidden layer of rectifiers and one output.

    Raises:
        ValueError: If the networks are of another form.
    """
    _check_form(network)
    first, last = network.stacked_layers()
    columns = (first.weight[:, 0], first.bias[:, 0], last.weight[..., 0], last.bias[:, 0])
    parts = [part.detach().double().numpy() for part in columns]
    return tuple(_function(*(part[model] for part in parts)) for model in range(network.models))


def _function(
    w: Float[np.ndarray, "units"],
    b: Float[np.ndarray, "units"],
    v: Float[np.ndarray, "units"],
    c: Float[np.ndarray, "1"],
) -> Hinges:
    """The hinges of c + the sum of v max(0, w x + b)."""
    flat, left = w == 0, w < 0
    places = -b[~flat] / w[~flat]
    bends = (v * np.abs(w))[~flat]
    order = places.argsort()
    return Hinges(
        start=float(c[0] + v[left] @ b[left] + v[flat] @ np.maximum(b[flat], 0)),
        slope=float(v[left] @ w[left]),
        places=places[order],
        bends=bends[order],
    )


def _mean_square(
    network: MLP, x: Float[Tensor, "models points 1"], y: Float[Tensor, "models points 1"]
) -> Float[Tensor, "models"]:
    return (network(x) - y).square().mean((1, 2))


def _check_form(network: MLP) -> None:
    """A sentence about networks that are no sum of hinges."""
    form = (network.sizes[0], network.depth, network.sizes[-1], network.activation.name)
    if form != (1, 1, 1, "rectifier") or network.signs is not None:
        raise ValueError(
            "Hinges are networks of 1 input, 1 hidden layer of rectifiers and 1 output. "
            f"Got sizes {network.sizes} of {network.activation.name}."
        )
