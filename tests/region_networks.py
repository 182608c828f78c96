"""Networks whose regions tests look for, and the same regions in fractions, without rounding."""

from fractions import Fraction

import torch
from hypothesis import strategies as st

from relubook import seeds
from relubook.networks import MLP


def drawn(sizes, seed=0, *, models=1, bias=0.3, **settings):
    """He-normal weights and normal biases, in float64."""
    network = MLP(sizes, models=models, dtype=torch.float64, **settings)
    for position, layer in enumerate(network.stacked_layers()):
        for model in range(models):
            generator = seeds.stream(seed + model, "drawn", position)
            inputs, outputs = layer.weight.shape[1:]
            weight = torch.randn(inputs, outputs, generator=generator, dtype=torch.float64)
            layer.weight.data[model] = weight * (2 / inputs) ** 0.5
            layer.bias.data[model, 0] = bias * torch.randn(
                outputs, generator=generator, dtype=torch.float64
            )
    return network


def whole(sizes, seed, *, largest=2):
    """Small whole numbers: many lines through one point, equal units, dead units."""
    network = MLP(sizes, models=1, dtype=torch.float64)
    for position, layer in enumerate(network.stacked_layers()):
        generator = seeds.stream(seed, "whole", position)
        for part in (layer.weight, layer.bias):
            part.data[:] = torch.randint(-largest, largest + 1, part.shape, generator=generator)
    return network


def of(*layers, activation="rectifier"):
    """One network with the given weights and biases."""
    sizes = [len(layers[0][0]), *(len(bias) for _, bias in layers)]
    network = MLP(sizes, models=1, dtype=torch.float64, activation=activation)
    for layer, (weight, bias) in zip(network.stacked_layers(), layers, strict=True):
        layer.weight.data[0] = torch.tensor(weight, dtype=torch.float64)
        layer.bias.data[0, 0] = torch.tensor(bias, dtype=torch.float64)
    return network


SHAPES = st.lists(st.integers(1, 7), min_size=0, max_size=3)
SEEDS = st.integers(0, 10_000)


# Shape checks draw random numbers, which strategies must not; so networks are built in the tests.
CASES = st.tuples(st.sampled_from(["normal", "no bias", "signs", "whole"]), SHAPES, SEEDS)
DEEP_CASES = CASES.filter(lambda case: len(case[1]) > 0)
# With whole weights a unit can be exactly 0 along a line, where a sum in another order is not.
DRAWN_CASES = DEEP_CASES.filter(lambda case: case[0] != "whole")


def built(case, *, inputs=2):
    """Networks of all kinds: deep or not, with and without biases and signs, whole weights."""
    kind, hidden, seed = case
    sizes = (inputs, *hidden, 2)
    if kind == "whole":
        return whole(sizes, seed)
    return drawn(sizes, seed, bias=0.5 * (kind != "no bias"), sign_trick=kind == "signs")


def in_fractions(network, left, right, bottom, top):
    """The set of active units of every region, and its area, by halving one polygon at a time."""
    corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
    start = [tuple(Fraction(number) for number in corner) for corner in corners]
    x_and_y = [[Fraction(n) for n in row] for row in ((1, 0, 0), (0, 1, 0))]
    cells = [(start, x_and_y, ())]
    for layer in network.stacked_layers()[:-1]:
        weight, bias = layer.weight[0].tolist(), layer.bias[0, 0].tolist()
        cells = [part for cell in cells for part in _through_layer(*cell, weight, bias)]
    return sorted((active, _area(polygon)) for polygon, _, active in cells)


def _through_layer(polygon, inputs, active, weight, bias):
    units = [
        [
            sum((Fraction(w) * row[k] for w, row in zip(column, inputs, strict=True)), Fraction(0))
            + (Fraction(b) if k == 2 else 0)
            for k in range(3)
        ]
        for *column, b in zip(*weight, bias, strict=True)
    ]
    cells = [(polygon, [], active)]
    for z in units:
        cells = [part for cell in cells for part in _halved(*cell, z)]
    return cells


def _halved(polygon, outputs, active, z):
    heights = [z[0] * u + z[1] * v + z[2] for u, v in polygon]
    if not (min(heights) < 0 < max(heights)):
        on = max(heights) > 0
        return [(polygon, [*outputs, z if on else [Fraction(0)] * 3], (*active, on))]
    return [
        (_side(polygon, heights, sign), [*outputs, z if on else [Fraction(0)] * 3], (*active, on))
        for sign, on in ((1, True), (-1, False))
    ]


def _side(polygon, heights, sign):
    kept = []
    for here, there, a, b in zip(
        polygon, polygon[1:] + polygon[:1], heights, heights[1:] + heights[:1], strict=True
    ):
        if sign * a >= 0:
            kept.append(here)
        if a * b < 0:
            kept.append(tuple(p + a / (a - b) * (q - p) for p, q in zip(here, there, strict=True)))
    return kept


def _area(polygon):
    following = polygon[1:] + polygon[:1]
    return sum(a * d - b * c for (a, b), (c, d) in zip(polygon, following, strict=True)) / 2
