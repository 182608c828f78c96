import math

import numpy as np
import pytest
import torch

from relubook.checks import affine_pieces as pieces


def pattern(weights, biases, x, *, above=lambda z: z > 0, onward=lambda z: np.maximum(z, 0)):
    found = []
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        z = x @ weight + bias
        found.append(above(z))
        x = onward(z)
    return found


def in_lists(weights, biases, x):
    return tuple(mask.astype(int).tolist() for mask in pattern(weights, biases, x))


def in_tensors(weights, biases, x):
    h, found = torch.tensor(x), []
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        h = torch.relu(h @ torch.tensor(weight) + torch.tensor(bias))
        found.append(h != 0)
    return found


def local_map(weights, biases, x, *, active=pattern, cut_biases=True):
    matrix, constant = np.eye(len(x)), np.zeros(len(x))
    everyone = np.ones(len(biases[-1]))
    for w, b, on in zip(weights, biases, [*active(weights, biases, x), everyone], strict=True):
        matrix = matrix @ (w * on)
        constant = constant @ (w * on) + (b * on if cut_biases else b)
    return matrix, constant


def by_gradient(weights, biases, x):
    def outputs(h):
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            h = torch.relu(h @ torch.from_numpy(weight) + torch.from_numpy(bias))
        return h @ torch.from_numpy(weights[-1]) + torch.from_numpy(biases[-1])

    at = torch.from_numpy(x)
    matrix = torch.autograd.functional.jacobian(outputs, at).T
    return matrix, outputs(at) - at @ matrix


def outputs_of(weights, biases, x):
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = np.maximum(x @ weight + bias, 0)
    return x @ weights[-1] + biases[-1]


@pytest.mark.parametrize("who", [pattern, in_lists, in_tensors])
@pytest.mark.parametrize("which", [local_map, by_gradient])
def test_right_answers_pass(who, which):
    for _ in range(25):
        outcomes = [
            pieces.check_pattern(who),
            pieces.check_local_map(which),
            pieces.check_at_a_boundary(who, which),
        ]
        assert all(outcome.passed == outcome.total for outcome in outcomes), outcomes


NOBODY = "The biases are missing"
PATTERNS = {
    "silent": (lambda *given: [~mask for mask in pattern(*given)], "lists who is silent"),
    "never rectified": (
        lambda *given: pattern(*given, onward=lambda z: z),
        "must be rectified first",
    ),
    "without biases": (lambda w, b, x: pattern(w, [0 * one for one in b], x), NOBODY),
    "activations": (
        lambda *given: pattern(*given, above=lambda z: np.maximum(z, 0)),
        "say True or False",
    ),
    "with the outputs": (
        lambda w, b, x: [*pattern(w, b, x), outputs_of(w, b, x) > 0],
        "The outputs are not rectified",
    ),
    "in one row": (lambda *given: np.concatenate(pattern(*given)), "It returns one thing: ndarray"),
    "the first layer only": (lambda *given: pattern(*given)[:1], "It returns 1 instead of 3"),
    "every layer's is the first's": (
        lambda *given: [pattern(*given)[0]] * 3,
        "Hidden layer 2 has other active units",
    ),
    "in columns": (lambda *given: [mask[:, None] for mask in pattern(*given)], "It has (8, 1)"),
    "by names": (lambda *given: [["on"] * 8] * 3, "an array of real numbers"),
    "one unit's": (lambda *given: [True] * 3, "It has ()"),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_wrong_patterns_are_told_what_kind_they_are(name):
    function, words = PATTERNS[name]
    for _ in range(25):
        outcome = pieces.check_pattern(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


def mapped(active, **more):
    return lambda *given: local_map(*given, active=active, **more)


def constant(change):
    def answer(weights, biases, x):
        matrix, c = local_map(weights, biases, x)
        return matrix, change(c, biases, outputs_of(weights, biases, x))

    return answer


def differences(weights, biases, x, step=1e-5):
    rows = np.eye(len(x)) * step
    matrix = np.array(
        [outputs_of(weights, biases, x + r) - outputs_of(weights, biases, x - r) for r in rows]
    ) / (2 * step)
    return matrix, outputs_of(weights, biases, x) - x @ matrix


def right_here_only(weights, biases, x):
    y = outputs_of(weights, biases, x)
    return np.outer(x, y) / (x @ x), 0 * y


MAPS = {
    "everybody": (mapped(lambda w, b, x: [1 + 0 * v for v in b[:-1]]), "every unit were active"),
    "silent": (
        mapped(lambda *given: [~mask for mask in pattern(*given)]),
        "goes through silent units",
    ),
    "the layer before's": (
        mapped(lambda *given: pattern(*given)[-1:] + pattern(*given)[:-1]),
        "one layer are used for another",
    ),
    "the next layer's": (
        mapped(lambda *given: pattern(*given)[1:] + pattern(*given)[:1]),
        "one layer are used for another",
    ),
    "never rectified": (
        mapped(lambda *given: pattern(*given, onward=lambda z: z)),
        "What arrives at the second layer",
    ),
    "one layer forgotten": (
        mapped(lambda *given: [*pattern(*given)[:2], np.ones(8)]),
        "In hidden layer 3 all units",
    ),
    "output for c": (constant(lambda c, b, y: y), "the network's output at x"),
    "minus c": (constant(lambda c, b, y: -c), "The sign of c"),
    "last bias": (constant(lambda c, b, y: b[-1]), "only the last layer's bias"),
    "without the last bias": (constant(lambda c, b, y: c - b[-1]), "or the last one's is"),
    "no c": (constant(lambda c, b, y: 0 * c), "All biases are missing in c"),
    "silent biases": (mapped(pattern, cut_biases=False), "biases of silent units"),
    "any c": (constant(lambda c, b, y: c + 1), "A is right, c is not"),
    "right at x": (right_here_only, "right at this input, and wrong beside it"),
    "transposed": (
        lambda *given: (local_map(*given)[0].T, local_map(*given)[1]),
        "It is transposed",
    ),
    "c in a row": (lambda *given: (local_map(*given)[0], local_map(*given)[1][None]), "(1, 3)"),
    "differences": (differences, "about to switch"),
    "matrix only": (lambda *given: local_map(*given)[0], "two things: the matrix A"),
    "nothing like it": (lambda w, b, x: (np.ones((4, 3)), np.ones(3)), "The matrix A is wrong"),
    "nan": (lambda w, b, x: (np.full((4, 3), math.nan), np.ones(3)), "The matrix A is wrong"),
}


@pytest.mark.parametrize("name", MAPS)
def test_wrong_maps_are_told_what_kind_they_are(name):
    function, words = MAPS[name]
    for _ in range(25):
        outcome = pieces.check_local_map(function)
        assert outcome.passed < outcome.total
        assert words in outcome.message


def test_a_square_map_that_is_transposed_is_noticed():
    def turned(weights, biases, x):
        matrix, c = local_map(weights, biases, x)
        return (matrix.T if len(x) == len(c) else matrix), c

    for _ in range(25):
        assert "is transposed" in pieces.check_local_map(turned).message


def at_least(*given):
    return pattern(*given, above=lambda z: z >= 0)


def damages(function):
    def answer(weights, biases, x):
        found = function(weights, biases, x)
        x += 1
        return found

    return answer


def fails_when_nobody_is_active(*given):
    if not pattern(*given)[0].any():
        return np.full((4, 3), math.nan), np.full(3, math.nan)
    return local_map(*given)


@pytest.mark.parametrize(
    ("who", "which", "words"),
    [
        (at_least, local_map, "`pattern`: A unit whose pre-activation is exactly 0"),
        (pattern, mapped(at_least), "`local_map`: A unit whose pre-activation is exactly 0"),
        (damages(pattern), local_map, "`pattern` changes"),
        (pattern, damages(local_map), "`local_map` changes"),
        (pattern, fails_when_nobody_is_active, "no unit of the first layer"),
        (lambda *given: [1 - m for m in pattern(*given)], local_map, "`pattern` is wrong"),
        (pattern, constant(lambda c, b, y: -c), "`local_map` is wrong"),
    ],
)
def test_wrong_answers_at_a_boundary_are_told_what_kind_they_are(who, which, words):
    for _ in range(25):
        outcome = pieces.check_at_a_boundary(who, which)
        assert outcome.passed < outcome.total
        assert words in outcome.message
