"""The slips that the checks of affine pieces know by what comes out."""

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate
from operator import mul

import numpy as np

from relubook.checks.affine_pieces_networks import Line, Network, alike, crossings

Slips = list[tuple[str, list[np.ndarray]]]


def by_law(given: Network, alphas: Sequence[float]) -> Network:
    """The network that is asked for, number by number."""
    weights, biases, so_far = [], [], 1.0
    for weight, bias, alpha in zip(*given, alphas, strict=True):
        so_far *= alpha
        weights.append(np.array([[w / alpha for w in row] for row in weight.tolist()]))
        biases.append(np.array([b / so_far for b in bias.tolist()]))
    return Network(weights, biases)


def all_alike(found: Sequence[np.ndarray], expected: Sequence[np.ndarray]) -> bool:
    """Whether all arrays are equal but for rounding."""
    return all(alike(one, other) for one, other in zip(found, expected, strict=True))


def first_of(found: list[np.ndarray], slips: Slips) -> str | None:
    """The sentence about the slip that gives what was found."""
    return next((sentence for sentence, value in slips if all_alike(found, value)), None)


def norms(weights: Sequence[np.ndarray]) -> list[float]:
    """The root of the sum of the squares of each matrix, one number after the other."""
    return [math.sqrt(sum(w * w for w in matrix.ravel().tolist())) for matrix in weights]


def divisors(given: Network) -> list[float]:
    """By what each matrix has to be divided."""
    sizes = norms(given.weights)
    common = math.exp(sum(map(math.log, sizes)) / len(sizes))
    return [size / common for size in sizes]


def _divided(arrays: Sequence[np.ndarray], by: Sequence[float]) -> list[np.ndarray]:
    return [array / divisor for array, divisor in zip(arrays, by, strict=True)]


def wrong_weights(weights: Sequence[np.ndarray], alphas: Sequence[float]) -> Slips:
    """What weights may be divided by instead of each layer's own alpha."""
    return [
        ("The weights are what they were. Nothing is rescaled.", list(weights)),
        (
            "The weights are multiplied by the alphas. They must be divided.",
            _divided(weights, [1 / alpha for alpha in alphas]),
        ),
        (
            "The weights of a layer are divided by the alphas of all layers up to it. Has what "
            "arrives there not been divided by the earlier ones already?",
            _divided(weights, list(accumulate(alphas, mul))),
        ),
        (
            "The alphas are used in the wrong order: the first belongs to the first layer.",
            _divided(weights, alphas[::-1]),
        ),
        (
            "The last layer's weights are not divided by its alpha. The law has one for each "
            "layer; what the outputs lose, the factor brings back.",
            [*_divided(weights[:-1], alphas[:-1]), weights[-1]],
        ),
        (
            "The last layer makes up for the other alphas. That is another law: here all layers "
            "are divided, and the factor brings the outputs back.",
            [*_divided(weights[:-1], alphas[:-1]), weights[-1] * math.prod(alphas[:-1])],
        ),
    ]


def wrong_biases(biases: Sequence[np.ndarray], alphas: Sequence[float]) -> Slips:
    """What biases may be divided by instead of the product of the alphas up to their layer."""
    so_far = list(accumulate(alphas, mul))
    onward = list(accumulate(alphas[::-1], mul))[::-1]
    return [
        (
            "The biases are what they were. Is max(0, a/2 + b) the half of max(0, a + b)?",
            list(biases),
        ),
        (
            "Each bias is divided by its own layer's number only. By what has the sum, to which it "
            "is added, been divided by then?",
            _divided(biases, alphas),
        ),
        (
            "The biases are divided by the numbers of the layers before theirs, without that of "
            "their own layer. Which weights has the sum just met?",
            _divided(biases, [1.0, *so_far[:-1]]),
        ),
        (
            "The biases are divided by the numbers of the layers from theirs onward. Which layers "
            "has the sum, to which a bias is added, already passed?",
            _divided(biases, onward),
        ),
        (
            "The numbers are multiplied up in the wrong order, from the last layer on.",
            _divided(biases, onward[::-1]),
        ),
        (
            "All biases are divided by the product of all numbers. Has a sum in an early layer "
            "passed all layers?",
            _divided(biases, [so_far[-1]] * len(biases)),
        ),
        (
            "The biases are multiplied. They must be divided.",
            _divided(biases, [1 / product for product in so_far]),
        ),
        (
            "The biases are divided by a sum of the numbers. One division after another divides "
            "by what?",
            _divided(biases, list(accumulate(alphas))),
        ),
        (
            "The last layer's biases are left as they were. To what are they added?",
            [*_divided(biases[:-1], so_far[:-1]), biases[-1]],
        ),
    ]


def wrong_factors(alphas: Sequence[float]) -> list[tuple[str, float]]:
    """What may be returned instead of the product of all alphas."""
    product = math.prod(alphas)
    return [
        ("The factor is 1: then nothing brings the outputs back to their old size.", 1.0),
        (
            "The factor is upside down: the new outputs are smaller, and are to be multiplied "
            "by it.",
            1 / product,
        ),
        ("The last layer's alpha is missing in the factor.", math.prod(alphas[:-1])),
        ("The first layer's alpha is missing in the factor.", math.prod(alphas[1:])),
        ("The factor is only the last layer's alpha. Follow the scale from the input.", alphas[-1]),
        ("The factor is a sum. One division after another divides by what?", sum(alphas)),
    ]


def wrong_places(line: Line) -> Iterator[tuple[str, np.ndarray]]:
    """Where the set of active units may seem to change on a line."""
    weights, biases, *ends = line
    first = Line([weights[0], np.zeros((len(biases[0]), 1))], [biases[0], np.zeros(1)], *ends)
    yield (
        "It finds only the places of the first layer. Other layers switch, too.",
        np.array(crossings(first)),
    )
    rectified = Line([*weights, np.zeros((len(biases[-1]), 1))], [*biases, np.zeros(1)], *ends)
    yield (
        "It counts where the outputs are 0. They are not rectified: nothing switches there.",
        np.array(crossings(rectified)),
    )
    yield (
        "It treats units of deeper layers as if they were affine from start to end. They bend "
        "wherever a unit before them switches.",
        np.array(_straight(line)),
    )
    yield (
        "What goes on to the next layer must be rectified first: it may not be negative.",
        np.array(_unrectified(line)),
    )
    yield (
        "It measures from the end. A place is the share of the way that lies behind.",
        np.sort(1 - np.array(crossings(line))),
    )


def _straight(line: Line) -> list[float]:
    """From the pre-activations at the two ends alone."""
    layers = [line.network.hidden(x) for x in (line.start, line.end)]
    pairs = np.stack([np.concatenate(layer) for layer in layers], axis=1).tolist()
    return sorted(a / (a - b) for a, b in pairs if a * b < 0)


def _unrectified(line: Line) -> list[float]:
    """Of layers that hand their pre-activations on."""
    places, h, way = [], line.start, line.end - line.start
    for weight, bias in zip(line.weights[:-1], line.biases[:-1], strict=True):
        h, way = h @ weight + bias, way @ weight
        pairs = zip(h.tolist(), way.tolist(), strict=True)
        places.extend(-a / slope for a, slope in pairs if slope)
    return sorted(t for t in places if 0 < t < 1)
