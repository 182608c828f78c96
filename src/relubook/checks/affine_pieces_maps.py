"""Which affine map a network is around an input, and which maps come out of common slips."""

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from relubook.checks.affine_pieces_networks import Network, alike, fresh, generator, grained, masks

_CLEAR = 0.02  # of a pre-activation that is not meant to be near 0


class Map(NamedTuple):
    """x A + c."""

    matrix: Float[np.ndarray, "inputs outputs"]
    constant: Float[np.ndarray, "outputs"]


def composed(
    network: Network, active: list[np.ndarray], *, cut_biases: bool = True, biases: bool = True
) -> Map:
    """The affine map if these units were active: number by number, through one layer at a time."""
    inputs = network.weights[0].shape[0]
    rows = [[float(i == j) for j in range(inputs)] for i in range(inputs)]
    constant = [0.0] * inputs
    every = [*active, np.ones(len(network.biases[-1]))]
    for weight, bias, mask in zip(*network, every, strict=True):
        units, size = range(weight.shape[1]), range(weight.shape[0])
        rows = [[sum(row[k] * weight[k, j] for k in size) * mask[j] for j in units] for row in rows]
        constant = [
            sum(constant[k] * weight[k, j] for k in size) * mask[j]
            + (bias[j] * (mask[j] if cut_biases else 1) if biases else 0)
            for j in units
        ]
    return Map(np.array(rows), np.array(constant))


def right(network: Network, x: np.ndarray) -> Map:
    """The map around an input."""
    return composed(network, masks(network.hidden(x)))


def without_biases(network: Network) -> Network:
    """The same weights, and biases of 0."""
    return network._replace(biases=[0 * bias for bias in network.biases])


def never_rectified(network: Network, x: np.ndarray) -> list[np.ndarray]:
    """Who seems to be active if each layer hands its pre-activations on."""
    found = []
    for weight, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        x = x @ weight + bias
        found.append(x > 0)
    return found


def mixed(*sizes: int) -> tuple[Network, np.ndarray]:
    """A network and an input that leaves some units of each hidden layer silent, some active.

    No two hidden layers of one width have the same units active, or exactly the others.
    """
    draws = generator()
    while True:
        network, x = fresh(sizes, draws), grained(draws.normal(0, 1.5, sizes[0]))
        hidden = network.hidden(x)
        sets = [mask.tolist() for mask in masks(hidden)]
        both = [*sets, *([not on for on in mask] for mask in sets)]
        clear = min(np.abs(z).min() for z in hidden) > _CLEAR
        both_kinds = all(2 <= sum(mask) <= len(mask) - 2 for mask in sets)
        if clear and both_kinds and len({tuple(mask) for mask in both}) == len(both):
            return network, x


def at_zero() -> tuple[Network, np.ndarray]:
    """Two units of each hidden layer have the pre-activation 0, to the last digit."""
    draws = generator()
    sizes = (3, 6, 6, 2)
    x = draws.choice([-2.0, -1.0, 1.0, 2.0], 3)
    pairs = pairwise(sizes)
    weights = [draws.choice([-2.0, -1.0, 1.0, 2.0], pair) for pair in pairs]
    biases, h = [], x
    for weight in weights[:-1]:
        bias = -(h @ weight) + draws.permutation([0.0, 0.0, 1.0, 2.0, -1.0, -3.0])
        biases.append(bias)
        h = np.maximum(h @ weight + bias, 0)
    return Network(weights, [*biases, draws.choice([-1.0, 1.0], 2)]), x


def telling() -> tuple[Network, np.ndarray]:
    """Three hidden layers of one width, and an input for which every slip shows, as itself."""
    while True:
        network, x = mixed(4, 8, 8, 8, 3)
        slips = wrong_patterns(network, x).values()
        sets = [masks(network.hidden(x)), *slips]
        lone = {tuple(np.concatenate(one).tolist()) for one in sets}
        matrices = [right(network, x).matrix, *(one for _, one in wrong_matrices(network, x))]
        pairs = combinations(matrices, 2)
        if len(lone) == len(sets) and not any(alike(one, other) for one, other in pairs):
            return network, x


def wrong_patterns(network: Network, x: np.ndarray) -> dict[str, list[np.ndarray]]:
    """Who may seem to be active."""
    return {
        "It lists who is silent. Asked is who is active.": [
            ~mask for mask in masks(network.hidden(x))
        ],
        "What goes on to the next layer must be rectified first: it may not be negative.": (
            never_rectified(network, x)
        ),
        "The biases are missing.": masks(without_biases(network).hidden(x)),
    }


def wrong_matrices(network: Network, x: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """What comes out if other units count as active."""
    active = masks(network.hidden(x))
    everybody = [np.ones(len(mask)) for mask in active]
    yield (
        "It multiplies all weights, as if every unit were active.",
        composed(network, everybody).matrix,
    )
    yield (
        "It keeps what goes through silent units. Those let nothing through; the active ones do.",
        composed(network, [1.0 - mask for mask in active]).matrix,
    )
    for moved in (active[1:] + active[:1], active[-1:] + active[:-1]):
        yield (
            "The active units of one layer are used for another. To which columns do they belong?",
            composed(network, moved).matrix,
        )
    for mistaken in (never_rectified(network, x), masks(without_biases(network).hidden(x))):
        yield (
            "It takes other units for active than are. What arrives at the second layer?",
            composed(network, mistaken).matrix,
        )
    for layer in range(len(active)):
        forgotten = [*active]
        forgotten[layer] = everybody[layer]
        yield (
            f"In hidden layer {layer + 1} all units count as active.",
            composed(network, forgotten).matrix,
        )


def wrong_constants(
    network: Network, x: np.ndarray, expected: Map
) -> Iterator[tuple[str, np.ndarray]]:
    """What c may be when A is right."""
    active = masks(network.hidden(x))
    output = network.outputs(x[None])[0]
    yield "Its c is the network's output at x. What is x A + c then?", output
    yield "The sign of c is wrong.", -expected.constant
    yield (
        "Its c is only the last layer's bias. The other biases reach the output, too.",
        network.biases[-1],
    )
    yield (
        "The biases of hidden layers are missing in c, or the last one's is.",
        expected.constant - network.biases[-1],
    )
    yield "All biases are missing in c.", 0 * output
    yield (
        "The biases of silent units are in c. Does anything of such a unit get through?",
        composed(network, active, cut_biases=False).constant,
    )
