"""Which units are active: how many different sets of them, and what such a set can tell.

A pattern is the set of units whose output is not zero. Every function takes patterns with examples
on the second-last axis and units on the last, and a leading `models` axis. What is estimated from n
examples can never exceed log2 n bits, however rich the code is.
"""

import math

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from relubook.networks import MLP

_EXAMPLES_AT_ONCE = 1000

Patterns = Bool[Tensor, "models examples units"]


@torch.no_grad()
def active(network: MLP, x: Float[Tensor, "*models examples inputs"]) -> Patterns:
    """Which hidden units put out anything but zero, all hidden layers one after the other.

    A factor -1 of the sign trick changes nothing here. An output that is not a number is not zero.

    Args:
        network: One or more models.
        x: Inputs [1] that all models see, or inputs for each model.

    Returns:
        [models examples units], units from the first hidden layer to the last, on the network's
        device.

    Raises:
        ValueError: If the network has no hidden layer, or inputs of another size.
    """
    if network.depth < 1:
        raise ValueError(f"Patterns need at least 1 hidden layer. Got {network.sizes} units.")
    if x.shape[-1] != network.sizes[0]:
        raise ValueError(
            f"The `x` of patterns must have {network.sizes[0]} inputs. Got {x.shape[-1]}."
        )
    weight = network.stacked_layers()[0].weight
    every = x.expand(network.models, *x.shape[-2:])
    parts = [
        torch.cat([h != 0 for h in network.hidden(block.to(weight))], dim=-1)
        for block in every.split(_EXAMPLES_AT_ONCE, dim=1)
    ]
    return torch.cat(parts, dim=1)


def identify(patterns: Patterns) -> Int[Tensor, "models examples"]:
    """A number for each example's pattern: equal patterns of a model have equal numbers.

    Args:
        patterns: Whether each unit is active.

    Returns:
        0, 1, 2, ... up to the number of different patterns, in no order that means anything.

    Raises:
        ValueError: If there is no example or no unit.
    """
    _refuse_empty(patterns)
    packed = np.packbits(patterns.numpy(force=True), axis=-1)  # [models examples bytes]
    whole = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[-1])))[..., 0]
    numbers = [np.unique(model, return_inverse=True)[1].reshape(-1) for model in whole]
    return torch.from_numpy(np.stack(numbers))


def distinct(patterns: Patterns) -> Int[Tensor, "models"]:
    """How many different patterns there are among the examples of each model.

    >>> distinct(torch.tensor([[[True, False], [True, True], [True, False]]]))
    tensor([2])
    """
    return identify(patterns).amax(-1) + 1


def own(patterns: Patterns) -> Float[Tensor, "models"]:
    """The share of examples whose pattern no other example has [1].

    >>> own(torch.tensor([[[True, False], [True, True], [True, False]]]))
    tensor([0.3333], dtype=torch.float64)
    """
    alone = [(_counts(row) == 1).double().sum() / len(row) for row in identify(patterns)]
    return torch.stack(alone)


def entropy(patterns: Patterns) -> Float[Tensor, "models"]:
    """The entropy of the observed patterns [bit]: -Σ p log2 p, p the share of each pattern.

    With n examples it is at most log2 n, reached when all patterns differ; then it says no more
    than that the code can tell these n examples apart.
    """
    numbers = identify(patterns)
    shares = [_counts(row).double() / len(row) for row in numbers]
    return torch.stack([-(p * p.log2()).sum() for p in shares]).abs()


def unit_entropies(patterns: Patterns) -> Float[Tensor, "models"]:
    """The sum of the units' own entropies [bit]: no code of these units can carry more.

    A unit active with probability p carries -p log2 p - (1-p) log2 (1-p); units that are not
    independent carry less together.
    """
    _refuse_empty(patterns)
    p = patterns.double().mean(-2)
    return -(torch.xlogy(p, p) + torch.xlogy(1 - p, 1 - p)).sum(-1) / math.log(2)


def choices(patterns: Patterns) -> Float[Tensor, "models"]:
    """log2 of how many sets of an example's size there are, averaged over the examples [bit].

    With k of N units active that is log2 N! / (k! (N-k)!): the exponent grows with k while k is
    small. A local code, with k = 1, has log2 N.
    """
    _refuse_empty(patterns)
    units = patterns.shape[-1]
    k = patterns.sum(-1).double()
    whole = torch.tensor(units + 1.0, dtype=torch.float64, device=k.device)
    sets = whole.lgamma() - (k + 1).lgamma() - (units - k + 1).lgamma()
    return sets.mean(-1) / math.log(2)


def _counts(numbers: Int[Tensor, "examples"]) -> Int[Tensor, "patterns"]:
    """How many examples have each pattern."""
    return torch.bincount(numbers)


def _refuse_empty(patterns: Tensor) -> None:
    """Raise if there is no pattern."""
    if patterns.numel() == 0:
        raise ValueError(
            f"There is no pattern: `patterns` must hold examples and units. Got the shape "
            f"{tuple(patterns.shape)}."
        )
