"""Dense against skipping: one layer with zeros at random, or a whole trained network."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from relubook import seeds, skipping, timing
from relubook.networks import MLP
from relubook.training import Progress

_INPUTS = 64  # different ones to each method in turn, as a machine in use would see them

Times = dict[str, Float[np.ndarray, "rounds"]]


@dataclass(frozen=True, kw_only=True)
class Crossover:
    """The share of zeros from which skipping is faster than the dense product, per batch size.

    Attributes:
        zeros: Where the median times cross [1]; NaN where they never do.
        low: The same in the round in which they cross first; NaN where no round has a crossing.
        high: The same in the round in which they cross last; NaN where a round has none.
        by_round: The same round by round; NaN for a round that has none.
    """

    zeros: Float[np.ndarray, "batches"]
    low: Float[np.ndarray, "batches"]
    high: Float[np.ndarray, "batches"]
    by_round: Float[np.ndarray, "batches rounds"]


def race_layer(
    zeros: float,
    batch: int,
    *,
    width: int,
    seed: int = 0,
    device: str = "cpu",
    rounds: int = 7,
    seconds: float = 0.02,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Times:
    """Time each method on one layer of `width` inputs and outputs.

    Args:
        zeros: The share of zeros in each example, at random places [1].
        batch: Examples at once.
        width: Inputs and outputs.
        seed: Of weights, activations and places.
        device: `cpu` or `cuda`.
        rounds: See `timing.race`.
        seconds: See `timing.race`.
        progress: See `timing.race`.
        stop: See `timing.race`.

    Returns:
        Seconds per example [s] by method.
    """
    stream = seeds.stream(seed, "layer")
    weight = (torch.randn(width, width, generator=stream) / width**0.5).to(device)
    bias = torch.randn(width, generator=stream).to(device)
    examples = max(_INPUTS, 2 * batch)
    inputs = random_activations(examples, width, zeros, stream).to(device).split(batch)
    contestants = {
        name: _one_after_another(lambda h, f=method: f(h, weight, bias), inputs)
        for name, method in skipping.METHODS.items()
    }
    times = timing.race(contestants, rounds=rounds, seconds=seconds, progress=progress, stop=stop)
    return {name: values / batch for name, values in times.items()}


def race_network(
    network: MLP,
    x: Float[Tensor, "examples inputs"],
    batch: int,
    *,
    rounds: int = 7,
    seconds: float = 0.02,
    progress: Progress | None = None,
    stop: Callable[[], bool] | None = None,
) -> Times:
    """Time each method on a whole network, on one batch of real examples after another.

    Args:
        network: With `models = 1`.
        x: Examples, at least one batch of them; the last incomplete batch is left out.
        batch: Examples at once.
        rounds: See `timing.race`.
        seconds: See `timing.race`.
        progress: See `timing.race`.
        stop: See `timing.race`.

    Returns:
        Seconds per example [s] by method.
    """
    weight = network.stacked_layers()[0].weight
    inputs = x[: len(x) // batch * batch].to(weight).split(batch)
    contestants = {
        name: _one_after_another(lambda h, name=name: skipping.logits(network, h, name), inputs)
        for name in skipping.METHODS
    }
    times = timing.race(contestants, rounds=rounds, seconds=seconds, progress=progress, stop=stop)
    return {name: values / batch for name, values in times.items()}


def race_layers(
    zeros: Sequence[float],
    batch: Sequence[int],
    *,
    width: int,
    device: str,
    rounds: int,
    seconds: float,
    progress: Progress | None,
) -> Float[np.ndarray, "methods zeros batches rounds"]:
    """`race_layer` at every share of zeros and batch size [s per example]."""
    times = []
    for place, share in enumerate(zeros, start=1):
        row = [
            race_layer(share, size, width=width, device=device, rounds=rounds, seconds=seconds)
            for size in batch
        ]
        times.append([list(race.values()) for race in row])
        if progress is not None:
            progress(place, len(zeros), f"one layer, {100 * share:g} % zeros")
    return np.moveaxis(np.array(times), 2, 0)


def race_networks(
    networks: Sequence[MLP],
    x: Float[Tensor, "examples inputs"],
    batch: Sequence[int],
    *,
    rounds: int,
    seconds: float,
    progress: Progress | None,
) -> Float[np.ndarray, "networks methods batches rounds"]:
    """`race_network` for every network and batch size [s per example]."""
    times = []
    for place, network in enumerate(networks, start=1):
        row = [race_network(network, x, size, rounds=rounds, seconds=seconds) for size in batch]
        times.append([list(race.values()) for race in row])
        if progress is not None:
            progress(place, len(networks), f"network {place} of {len(networks)}")
    return np.moveaxis(np.array(times), 2, 1)


@torch.no_grad()
def unions(
    networks: Sequence[MLP], x: Float[Tensor, "examples inputs"], batch: Sequence[int]
) -> Float[np.ndarray, "networks layers batches"]:
    """`skipping.union` of every hidden layer, for each batch size [1]."""
    return np.array(
        [
            [
                [skipping.union(h[0], size) for size in batch]
                for h in network.hidden(x.to(network.stacked_layers()[0].weight)[None])
            ]
            for network in networks
        ]
    )


def random_activations(
    examples: int, width: int, zeros: float, stream: torch.Generator
) -> Float[Tensor, "examples units"]:
    """Activations in 0.5..1.5 with the same number of zeros in each example, at random places."""
    h = torch.rand(examples, width, generator=stream) + 0.5
    order = torch.rand(examples, width, generator=stream).argsort(1)
    return h.scatter(1, order[:, : round(zeros * width)], 0.0)


def crossover(
    zeros: Float[np.ndarray, "zeros"],
    times: Float[np.ndarray, "methods zeros batches rounds"],
    method: str = "gathered",
) -> Crossover:
    """Where a method begins to be faster than the dense product and stays so.

    Args:
        zeros: Shares of zeros, rising [1].
        times: Of the methods in `skipping.METHODS`, in its order [s].
        method: Which of them.

    Returns:
        The crossing by linear interpolation of the logarithm of the ratio, with its range over
        the rounds: the first share where the method is always faster, NaN where it is slower at
        the last.
    """
    names = tuple(skipping.METHODS)
    dense, other = times[names.index("dense")], times[names.index(method)]
    middle = _crossing(zeros, np.median(other, axis=-1) / np.median(dense, axis=-1))
    by_round = _crossing(zeros, other / dense)  # [batches rounds]
    found = (middle, by_round.min(-1), by_round.max(-1), by_round)
    middle, low, high, by_round = (np.where(np.isinf(place), np.nan, place) for place in found)
    return Crossover(zeros=middle, low=low, high=high, by_round=by_round)


def _crossing(
    zeros: Float[np.ndarray, "zeros"], ratio: Float[np.ndarray, "zeros *rest"]
) -> Float[np.ndarray, "*rest"]:
    """Where the ratio goes below 1 for good; infinity if it does not."""
    lines = np.log(ratio).reshape(len(zeros), -1).T
    return np.array([_last_fall(zeros, line) for line in lines]).reshape(ratio.shape[1:])


def _last_fall(zeros: Float[np.ndarray, "zeros"], line: Float[np.ndarray, "zeros"]) -> float:
    """Where a line falls below 0 for the last time."""
    above = np.flatnonzero(line >= 0)
    if len(above) == 0:
        return float(zeros[0])
    last = int(above[-1])
    if last == len(zeros) - 1:
        return np.inf
    part = line[last] / (line[last] - line[last + 1])
    return float(zeros[last] + part * (zeros[last + 1] - zeros[last]))


def _one_after_another(
    work: Callable[[Tensor], object], inputs: tuple[Tensor, ...]
) -> Callable[[], object]:
    """A call that takes the next input each time, and begins again after the last."""
    endless: Iterator[Tensor] = itertools.cycle(inputs)
    return lambda: work(next(endless))
