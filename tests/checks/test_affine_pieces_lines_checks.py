from itertools import pairwise

import numpy as np
import pytest
import torch

from relubook import region_lines, regions
from relubook.checks import affine_pieces_lines as lines
from relubook.checks import affine_pieces_networks as networks
from relubook.checks import affine_pieces_plane as plane
from relubook.networks import MLP


def layers(weights, biases, x):
    found = []
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        found.append(x @ weight + bias)
        x = np.maximum(found[-1], 0)
    return found


def active(weights, biases, x):
    return np.concatenate(layers(weights, biases, x)) > 0


def layer_by_layer(weights, biases, start, end):
    places = [0.0, 1.0]
    for layer in range(len(weights) - 1):
        z = [layers(weights, biases, start + t * (end - start))[layer] for t in places]
        more = set()
        for (t, u), (before, after) in zip(pairwise(places), pairwise(z), strict=True):
            for a, b in zip(before, after, strict=True):
                if a * b < 0:
                    more.add(t + (u - t) * a / (a - b))
        places = sorted({*places, *more})
        places = [places[0], *(t for s, t in pairwise(places) if t - s > 1e-9)]
    sets = [
        active(weights, biases, start + (t + u) / 2 * (end - start)) for t, u in pairwise(places)
    ]
    return [t for t, (a, b) in zip(places[1:-1], pairwise(sets), strict=True) if (a != b).any()]


def walking(weights, biases, start, end):
    """From one place to the next, with the map that holds just behind it."""
    way, t, found = end - start, 0.0, []
    while True:
        mask = active(weights, biases, start + (t + 1e-8) * way)
        h, slope, steps, done = start + t * way, way, [], 0
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            on = mask[done : done + len(bias)]
            z, change = h @ weight + bias, slope @ weight
            steps.extend(-z / change)
            h, slope, done = z * on, change * on, done + len(bias)
        ahead = [step for step in steps if step > 1e-8 and t + step < 1]
        if not ahead:
            return np.array(found)
        t += min(ahead)
        found.append(t)


@pytest.mark.parametrize("function", [layer_by_layer, walking])
def test_right_places_pass(function):
    for _ in range(25):
        outcomes = [
            lines.check_crossings_of_one_layer(function),
            lines.check_crossings_of_several_layers(function),
            lines.check_crossings_in_special_cases(function),
        ]
        assert all(outcome.passed == outcome.total for outcome in outcomes), outcomes


def test_the_references_agree_with_the_book_s_own_count():
    for sizes in ((3, 9, 2), (4, 8, 8, 2), (2, 6, 6, 6, 1)):
        line = networks.fresh_line(sizes)
        network = MLP(sizes, models=1, dtype=torch.float64)
        with torch.no_grad():
            for layer, weight, bias in zip(network.stacked_layers(), *line.network, strict=True):
                layer.weight[:], layer.bias[:] = torch.tensor(weight), torch.tensor(bias)
        ends = torch.tensor(line.start), torch.tensor(line.end)
        there = region_lines.cross(network, *ends).places[0].numpy()
        assert np.allclose(there, networks.crossings(line), rtol=0, atol=1e-9)
    for units in (7, 12):
        found = plane.fresh_plane(units)
        network = MLP((2, units, 1), models=1, dtype=torch.float64)
        with torch.no_grad():
            first = network.stacked_layers()[0]
            first.weight[:], first.bias[:] = torch.tensor(found.weight), torch.tensor(found.bias)
        (left, bottom), (right, top) = found.low, found.high
        window = regions.Window(*map(float, (left, right, bottom, top)))
        assert len(regions.find(network, window)) == plane.regions(found)


def on_a_grid(weights, biases, start, end, steps=2000):
    sets = [
        active(weights, biases, start + t * (end - start)) for t in np.linspace(0, 1, steps + 1)
    ]
    return [(i + 0.5) / steps for i, (a, b) in enumerate(pairwise(sets)) if (a != b).any()]


def by_bisection(weights, biases, start, end):
    found = []
    for t in on_a_grid(weights, biases, start, end):
        low, high = t - 3e-4, t + 3e-4
        before = active(weights, biases, start + low * (end - start))
        while high - low > 1e-13:
            middle = (low + high) / 2
            same = (active(weights, biases, start + middle * (end - start)) == before).all()
            low, high = (middle, high) if same else (low, middle)
        found.append(high)
    return sorted({round(t, 10) for t in found})


def first_layer(weights, biases, start, end):
    return layer_by_layer([weights[0], weights[1]], [biases[0], biases[1]], start, end)


def with_the_outputs(weights, biases, start, end):
    more = [*weights, np.zeros((len(biases[-1]), 1))], [*biases, np.zeros(1)]
    return layer_by_layer(*more, start, end)


def affine_throughout(weights, biases, start, end):
    ends = [np.concatenate(layers(weights, biases, x)) for x in (start, end)]
    return sorted(a / (a - b) for a, b in zip(*ends, strict=True) if a * b < 0)


def never_rectified(weights, biases, start, end):
    h, way, found = start, end - start, []
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h, way = h @ weight + bias, way @ weight
        found.extend(-h / way)
    return sorted(t for t in found if 0 < t < 1)


def each_unit_s(weights, biases, start, end):
    """One layer only: a place for each unit, even if another has the same."""
    z, y = (layers(weights, biases, x)[0] for x in (start, end))
    return sorted(a / (a - b) for a, b in zip(z, y, strict=True) if a * b < 0)


def with_the_ends(weights, biases, start, end):
    z, y = (layers(weights, biases, x)[0] for x in (start, end))
    return sorted({0.0, 1.0, *(a / (a - b) for a, b in zip(z, y, strict=True) if a * b < 0)})


def touching_too(weights, biases, start, end):
    """A sign that is not the same counts, and so does a zero at an end."""
    places = [0.0, 1.0]
    for layer in range(len(weights) - 1):
        z = [layers(weights, biases, start + t * (end - start))[layer] for t in places]
        for (t, u), (before, after) in zip(list(pairwise(places)), pairwise(z), strict=True):
            for a, b in zip(before, after, strict=True):
                if a * b <= 0 and a != b:
                    places.append(t + (u - t) * a / (a - b))
        places.sort()
    return [t for t in places if 0 < t < 1]


def changed(change):
    return lambda *given: change(np.array(layer_by_layer(*given)), *given)


ONE = {
    "grid": (on_a_grid, "nearly right"),
    "six digits": (changed(lambda t, *_: np.round(t, 7)), "right to six digits only"),
    "single precision": (changed(lambda t, *_: t.astype(np.float32)), "right to six digits only"),
    "with the outputs": (with_the_outputs, "where the outputs are 0"),
    "from the end": (changed(lambda t, *_: np.sort(1 - t)), "It measures from the end"),
    "descending": (changed(lambda t, *_: t[::-1]), "not in ascending order"),
    "with the ends": (with_the_ends, "finds a place t = 0."),
    "beyond": (changed(lambda t, *_: np.append(t, 1.5)), "finds a place t = 1.5"),
    "lengths": (
        changed(lambda t, w, b, x, y: t / t[-1] * (2 + np.linalg.norm(y - x))),
        "above 0 and below 1",
    ),
    "nan": (changed(lambda t, *_: np.append(t, np.nan)), "One of its places is nan"),
    "one more": (changed(lambda t, *_: np.sort([*t, t[0] / 2, 1e-3])), "no unit switches"),
    "one fewer": (changed(lambda t, *_: t[1:]), "a unit of hidden layer 1 switches"),
    "all twice": (changed(lambda t, *_: np.repeat(t, 2)), "twice"),
    "each unit's": (each_unit_s, "twice. However many units"),
    "by bisection": (by_bisection, "Places may be a millionth apart."),
    "none": (changed(lambda t, *_: t[:0]), "It finds 0 places"),
    "pairs": (changed(lambda t, *_: [(a, a) for a in t]), "one list of numbers"),
    "how many": (changed(lambda t, *_: len(t)), "one list of numbers. They have the shape ()"),
}


@pytest.mark.parametrize("name", ONE)
def test_wrong_places_of_one_layer_are_told_what_kind_they_are(name):
    function, words = ONE[name]
    for _ in range(10):
        outcome = lines.check_crossings_of_one_layer(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


SEVERAL = {
    "first layer": (first_layer, "only the places of the first layer"),
    "affine throughout": (affine_throughout, "They bend"),
    "never rectified": (never_rectified, "must be rectified first"),
    "with the outputs": (with_the_outputs, "where the outputs are 0"),
    "grid": (on_a_grid, "nearly right"),
    "by bisection": (by_bisection, "Places may be a millionth apart."),
}


@pytest.mark.parametrize("name", SEVERAL)
def test_wrong_places_of_several_layers_are_told_what_kind_they_are(name):
    function, words = SEVERAL[name]
    for _ in range(10):
        outcome = lines.check_crossings_of_several_layers(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


def zero_by_zero(weights, biases, start, end):
    found = set()
    for a, b in zip(
        *(np.concatenate(layers(weights, biases, x)) for x in (start, end)), strict=True
    ):
        found.add(float(a) / (float(a) - float(b)))
    return sorted(t for t in found if 0 < t < 1)


def always_somewhere(weights, biases, start, end):
    return layer_by_layer(weights, biases, start, end) if (start != end).any() else [0.5]


def damages(weights, biases, start, end):
    found = layer_by_layer(weights, biases, start, end)
    end -= start
    return found


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (touching_too, "A unit of the second layer is 0 exactly where one of the first switches."),
        (first_layer, "only the places of the first layer"),
        (always_somewhere, "there is no way"),
        (damages, "Make new ones"),
    ],
)
def test_wrong_places_in_special_cases_are_told_what_kind_they_are(function, words):
    for _ in range(10):
        outcome = lines.check_crossings_in_special_cases(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


def test_a_unit_that_does_not_change_must_not_divide_by_zero():
    assert "stays" in lines.check_crossings_of_one_layer(zero_by_zero).message
