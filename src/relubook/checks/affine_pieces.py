"""Checks of an assignment's questions about affine pieces: who is active, and which map that is.

A unit is active where its pre-activation is above 0, strictly.
"""

from collections.abc import Callable

import numpy as np

from relubook.checks import Outcome
from relubook.checks.affine_pieces_maps import (
    Map,
    at_zero,
    composed,
    mixed,
    right,
    telling,
    wrong_constants,
    wrong_matrices,
    wrong_patterns,
)
from relubook.checks.affine_pieces_networks import (
    FormError,
    Network,
    alike,
    called,
    examine,
    generator,
    masks,
    numbers,
    several,
)

Student = Callable[..., object]

_THERE = (
    "is wrong where some pre-activations are exactly 0. If it is wrong elsewhere, too, begin there."
)
_ZERO = "A unit whose pre-activation is exactly 0 is not active: that asks for *above* 0."


def check_pattern(function: object) -> Outcome:
    """Check a function `pattern(weights, biases, x)`.

    Args:
        function: Takes a network of rectifiers, with linear outputs, as lists of weights [inputs
            outputs] and biases [outputs], and one input [inputs]. Returns a list with an array
            [units] for each hidden layer: whether each unit's pre-activation is above 0.

    Returns:
        What was found.

    >>> def pattern(weights, biases, x):
    ...     found = []
    ...     for weight, bias in zip(weights[:-1], biases[:-1]):
    ...         z = x @ weight + bias
    ...         x = np.maximum(z, 0)
    ...         found.append(z > 0)
    ...     return found
    >>> check_pattern(pattern)
    All public checks passed (2 of 2).
    """
    return examine(function, _who, _who_at_depth)


def check_local_map(function: object) -> Outcome:
    """Check a function `local_map(weights, biases, x)`.

    Args:
        function: Takes what `pattern` takes. Returns the matrix A [inputs outputs] and the vector
            c [outputs] for which the network answers x A + c wherever the same units are active.

    Returns:
        What was found.
    """
    return examine(function, _map, _map_at_depth, _map_close_by)


def check_at_a_boundary(pattern: object, local_map: object) -> Outcome:
    """Check both where pre-activations are exactly 0, and that they leave alone what they get."""
    if not callable(pattern) or not callable(local_map):
        return Outcome(passed=0, total=5, solved=False)
    tests = [
        lambda _: _who_at_zero(pattern),
        lambda _: _map_at_zero(local_map),
        lambda _: _nobody(local_map),
        lambda _: _keeps(pattern, "pattern"),
        lambda _: _keeps(local_map, "local_map"),
    ]
    return examine(pattern, *tests)


def _sets(function: Student, network: Network, x: np.ndarray) -> list[np.ndarray]:
    """The student's answer as arrays of 0 and 1, or a sentence about its form."""
    sizes = [len(bias) for bias in network.biases[:-1]]
    answer = called(function, *network.copy(), x.copy())
    asked = "a list with one array for each hidden layer"
    if isinstance(answer, list | tuple) and len(answer) == len(sizes) + 1:
        raise FormError(f"It should return {asked}. The outputs are not rectified: leave them out.")
    found = []
    for layer, (part, size) in enumerate(
        zip(several(answer, len(sizes), asked), sizes, strict=True), start=1
    ):
        one = numbers(part, f"the array of hidden layer {layer}")
        if one.shape != (size,):
            raise FormError(
                f"The array of hidden layer {layer} should have the shape ({size},), one entry "
                f"for each unit. It has {one.shape}."
            )
        if not np.isin(one, (0, 1)).all():
            raise FormError(f"The array of hidden layer {layer} should say True or False of each.")
        found.append(one > 0)
    return found


def _equal(found: list[np.ndarray], expected: list[np.ndarray]) -> bool:
    return all(map(np.array_equal, found, expected))


def _who(function: Student) -> str | None:
    """Three hidden layers, where each slip has a pattern of its own."""
    network, x = telling()
    found, expected = _sets(function, network, x), masks(network.hidden(x))
    if _equal(found, expected):
        return None
    for sentence, sets in wrong_patterns(network, x).items():
        if _equal(found, sets):
            return sentence
    equal = [np.array_equal(*pair) for pair in zip(found, expected, strict=True)]
    return (
        f"Hidden layer {1 + equal.index(False)} has other active units than it says. Which numbers "
        "arrive at that layer?"
    )


def _who_at_depth(function: Student) -> str | None:
    """Other shapes."""
    for sizes in ((3, 6, 1), (5, 6, 9, 2), (2, 5, 5, 5, 5, 4)):
        network, x = mixed(*sizes)
        if not _equal(_sets(function, network, x), masks(network.hidden(x))):
            return f"It is wrong for a network with the sizes {sizes}."
    return None


def _asked(function: Student, network: Network, x: np.ndarray) -> Map:
    """The student's answer, or a sentence about its form."""
    answer = called(function, *network.copy(), x.copy())
    matrix, constant = several(answer, 2, "two things: the matrix A and the vector c")
    found = Map(numbers(matrix, "the matrix A"), numbers(constant, "the vector c"))
    outputs = len(network.biases[-1])
    if found.matrix.shape != (len(x), outputs):
        turned = " It is transposed." if found.matrix.shape == (outputs, len(x)) else ""
        raise FormError(
            f"The matrix A should have the shape {(len(x), outputs)}: a row for each input. It has "
            f"{found.matrix.shape}.{turned}"
        )
    if found.constant.shape != (outputs,):
        shapes = f"({outputs},), a number for each output. It has {found.constant.shape}"
        raise FormError(f"The vector c should have the shape {shapes}.")
    return found


def _same(found: Map, expected: Map) -> bool:
    return alike(found.matrix, expected.matrix) and alike(found.constant, expected.constant)


def _map(function: Student) -> str | None:
    """Three hidden layers of one width; each slip has a value of its own."""
    network, x = telling()
    found, expected = _asked(function, network, x), right(network, x)
    if not alike(found.matrix, expected.matrix):
        for sentence, matrix in wrong_matrices(network, x):
            if alike(found.matrix, matrix):
                return sentence
        if alike(x @ found.matrix + found.constant, network.outputs(x[None])[0]):
            return "x A + c is right at this input, and wrong beside it. What may A depend on?"
        return "The matrix A is wrong. How much of each unit's input goes on to the next layer?"
    if alike(found.constant, expected.constant):
        return None
    for sentence, constant in wrong_constants(network, x, expected):
        if alike(found.constant, constant):
            return sentence
    return "A is right, c is not. Where does each bias go, and what is in its way?"


def _map_at_depth(function: Student) -> str | None:
    """Other shapes, one of them with as many outputs as inputs."""
    for sizes in ((3, 6, 3), (5, 6, 9, 2), (3, 5, 5, 5, 5, 3)):
        network, x = mixed(*sizes)
        found, expected = _asked(function, network, x), right(network, x)
        if _same(found, expected):
            continue
        if alike(found.matrix.T, expected.matrix):
            return "The matrix A is transposed: it should have a row for each input."
        return f"It is wrong for a network with the sizes {sizes}."
    return None


def _map_close_by(function: Student) -> str | None:
    """A unit is as good as zero, on one side or the other."""
    for side in (2.0**-24, -(2.0**-24)):
        network, x = mixed(4, 8, 8, 3)
        unit = int(generator().integers(8))
        network.biases[0][unit] += side - network.hidden(x)[0][unit]
        if not _same(_asked(function, network, x), right(network, x)):
            return (
                "It is wrong where a unit is about to switch. The map is exact there, too: "
                "differences between neighboring inputs, or tolerances, do not give it."
            )
    return None


def _who_at_zero(function: Student) -> str | None:
    for _ in range(3):
        network, x = at_zero()
        found, z = _sets(function, network, x), network.hidden(x)
        if _equal(found, masks(z)):
            continue
        if _equal(found, [layer >= 0 for layer in z]):
            return f"`pattern`: {_ZERO}"
        return f"`pattern` {_THERE}"
    return None


def _map_at_zero(function: Student) -> str | None:
    for _ in range(3):
        network, x = at_zero()
        found, z = _asked(function, network, x), network.hidden(x)
        if _same(found, right(network, x)):
            continue
        if alike(found.matrix, composed(network, [layer >= 0 for layer in z]).matrix):
            return f"`local_map`: {_ZERO}"
        return f"`local_map` {_THERE}"
    return None


def _nobody(function: Student) -> str | None:
    """A layer without an active unit lets only later biases through."""
    network, x = mixed(4, 8, 8, 3)
    network.biases[0][:] = -np.abs(network.hidden(x)[0]) - np.abs(network.biases[0]) - 99
    if _same(_asked(function, network, x), right(network, x)):
        return None
    return "`local_map` is wrong where no unit of the first layer is active. What is A then?"


def _keeps(function: Student, name: str) -> str | None:
    """The student's function must not change what it is given."""
    network, x = mixed(4, 8, 8, 3)
    given, point = network.copy(), x.copy()
    called(function, *given, point)
    if given.same_as(network) and np.array_equal(point, x):
        return None
    return f"`{name}` changes the lists or arrays that it is given. Make new ones."
