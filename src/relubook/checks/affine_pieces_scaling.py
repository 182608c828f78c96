"""Checks of an assignment's questions about scaling: one function, many parametrizations.

The law of glorot2011, p. 319: with W_i / alpha_i and b_i / (alpha_1 ... alpha_i) in every layer,
the outputs are divided by the product of all alphas.
"""

import math
from collections.abc import Callable

import numpy as np

from relubook.checks import NotSolvedError, Outcome
from relubook.checks.affine_pieces_networks import (
    FormError,
    Network,
    as_network,
    called,
    examine,
    fresh,
    generator,
    numbers,
    several,
)
from relubook.checks.affine_pieces_slips import (
    all_alike,
    by_law,
    divisors,
    first_of,
    norms,
    wrong_biases,
    wrong_factors,
    wrong_weights,
)

Student = Callable[..., object]

_LAYERS = "two lists with one array for each layer"


def check_rescaled(function: object) -> Outcome:
    """Check a function `rescaled(weights, biases, alphas)`: what it returns.

    Args:
        function: Takes the weights [inputs outputs] and biases [outputs] of a network, a list of
            arrays each, with rectifiers in every layer but the last, and one number above 0 for
            each layer, the last one's included. Returns the weights and biases of the law of
            glorot2011, p. 319, and the factor by which its outputs must be multiplied to be those
            of the given network.

    Returns:
        What was found.

    >>> def rescaled(weights, biases, alphas):
    ...     so_far = np.cumprod(alphas)
    ...     return ([w / a for w, a in zip(weights, alphas)],
    ...             [b / s for b, s in zip(biases, so_far)], so_far[-1])
    >>> check_rescaled(rescaled)
    All public checks passed (2 of 2).
    """
    return examine(function, _law, _law_at_depth)


def check_rescaled_with_care(function: object) -> Outcome:
    """Check what the same function refuses, and that it leaves alone what it is given."""
    tests = (_refuses_alphas, _refuses_other_counts, _rescaled_keeps)
    return examine(function, *tests)


def check_balanced(function: object) -> Outcome:
    """Check a function `balanced(weights, biases)`: what it returns.

    Args:
        function: Takes a network as above. Returns the weights and biases of the network with the
            same outputs that has each weight matrix divided by a number above 0 such that the
            roots of the sums of their squares are all equal.

    Returns:
        What was found.
    """
    tests = (_balance, _balance_at_depth, _without_biases)
    return examine(function, *tests)


def check_balanced_with_care(function: object) -> Outcome:
    """Check what the same function refuses, and that it leaves alone what it is given."""
    tests = (_refuses_zeros, _balanced_keeps)
    return examine(function, *tests)


def _alphas(count: int) -> list[float]:
    """Factors far enough from 1, and from undoing one another, that every slip shows."""
    return [float(alpha) for alpha in generator().uniform(1.5, 3, count)]


def _rescaled(function: Student, given: Network, alphas: list[float]) -> tuple[Network, float]:
    """The student's network and factor."""
    answer = called(function, *given.copy(), list(alphas))
    weights, biases, factor = several(answer, 3, "three things: weights, biases and the factor")
    found = numbers(factor, "the factor")
    if found.size != 1:
        raise FormError(f"The factor should be one number. It is {found.size}.")
    return as_network(weights, biases, given), float(found.reshape(()))


def _law(function: Student) -> str | None:
    """Three layers, where each slip has a value of its own."""
    given, alphas = fresh((4, 7, 6, 3)), _alphas(3)
    found, factor = _rescaled(function, given, alphas)
    expected = by_law(given, alphas)
    if not all_alike(found.weights, expected.weights):
        return first_of(found.weights, wrong_weights(given.weights, alphas)) or (
            "The weights of layer i must be the given ones, divided by that layer's alpha."
        )
    if not all_alike(found.biases, expected.biases):
        return first_of(found.biases, wrong_biases(given.biases, alphas)) or (
            "The biases are wrong. Follow one number through two layers: by how much has it been "
            "divided when a bias is added to it?"
        )
    product = math.prod(alphas)
    if math.isclose(factor, product, rel_tol=1e-5):
        return None
    for sentence, value in wrong_factors(alphas):
        if math.isclose(factor, value, rel_tol=1e-5):
            return sentence
    return (
        f"The factor is {factor:.4g}. The new outputs are {product:.4g} times smaller than the "
        "given network's."
    )


def _law_at_depth(function: Student) -> str | None:
    """Any depth, and factors below 1."""
    for sizes in ((4, 3), (3, 5, 2), (2, 4, 5, 4, 5, 3), (1, 1, 1)):
        given, layers = fresh(sizes), len(sizes) - 1
        alphas = [float(2.0**power) for power in generator().choice([-2, -1, 1, 2], layers)]
        found, factor = _rescaled(function, given, alphas)
        expected = by_law(given, alphas)
        right = all(all_alike(one, other) for one, other in zip(found, expected, strict=True))
        if not (right and math.isclose(factor, math.prod(alphas), rel_tol=1e-5)):
            return f"It is wrong for {layers} layers, the last one included, and alphas {alphas}."
    return None


def _refusal(function: Student, *arguments: object) -> str | None:
    """None if it raises a ValueError; otherwise what it does instead."""
    try:
        called(function, *arguments)
    except ValueError:
        return None
    except NotSolvedError:
        return "returns nothing for"
    except Exception as error:
        return f"stops with {type(error).__name__} at"
    return "accepts"


def _refuses_alphas(function: Student) -> str | None:
    """There is no law for factors that are not above 0, or not finite."""
    given = fresh((4, 5, 5, 3))
    _rescaled(function, given, _alphas(3))  # what is all right must not be refused
    bad = ([2.0, 0.0, 2.0], [2.0, 3.0, -1.5], [-2.0, -0.5, 1.0], [2.0, math.nan, 2.0])
    for alphas in (*bad, [math.inf, 2.0, 2.0]):
        does = _refusal(function, *given.copy(), list(alphas))
        if does:
            why = "" if not min(alphas) < 0 else " Is max(0, -a) the same as -max(0, a)?"
            return f"It {does} the alphas {alphas}. Asked for is a ValueError.{why}"
    return None


def _refuses_other_counts(function: Student) -> str | None:
    """One alpha for each layer, no more and no fewer."""
    given = fresh((4, 5, 5, 3))
    for count in (2, 4):
        does = _refusal(function, *given.copy(), _alphas(count))
        if does:
            return f"It {does} {count} alphas for 3 layers. Asked for is a ValueError."
    return None


def _kept(given: Network, function: Student, *more: list[float]) -> str | None:
    """The student's function must not change what it is given."""
    network, others = given.copy(), [list(one) for one in more]
    called(function, *network, *others)
    if network.same_as(given) and others == [list(one) for one in more]:
        return None
    return "It changes the lists or arrays that it is given. Make new ones."


def _rescaled_keeps(function: Student) -> str | None:
    return _kept(fresh((4, 9, 9, 3)), function, _alphas(3))


def _balanced(function: Student, given: Network) -> Network:
    answer = called(function, *given.copy())
    weights, biases = several(answer, 2, f"{_LAYERS}: weights and biases")
    return as_network(weights, biases, given)


def _unequal(*sizes: int) -> Network:
    """A network whose matrices differ much in size, those of the first two layers the most."""
    given, draws = fresh(sizes), generator()
    scales = draws.permutation(np.geomspace(0.25, 4, len(sizes) - 1))
    return Network([w * s for w, s in zip(given.weights, scales, strict=True)], given.biases)


def _balance(function: Student) -> str | None:
    """Three layers; what is wrong is said part by part."""
    given = _unequal(4, 7, 6, 3)
    found, alphas = _balanced(function, given), divisors(given)
    expected = by_law(given, alphas)
    if not all_alike(found.weights, expected.weights):
        return _unbalanced(found, given)
    if all_alike(found.biases, expected.biases):
        return None
    return first_of(found.biases, wrong_biases(given.biases, alphas)) or (
        "The weights are right, the biases are not. By what must each be divided?"
    )


def _unbalanced(found: Network, given: Network) -> str:
    """What to say about wrong weights."""
    if all_alike(found.weights, given.weights):
        return "The weights are what they were. Nothing is balanced."
    with np.errstate(all="ignore"):
        pairs = zip(given.weights, found.weights, strict=True)
        ratios = [float(np.median(old / new)) for old, new in pairs]
    divided = [w / r if r else w for w, r in zip(given.weights, ratios, strict=True)]
    if not all_alike(found.weights, divided):
        return "Each matrix of the answer must be the given one, divided by one number."
    if min(ratios) <= 0:
        return "It divides a matrix by a number that is not above 0. The law needs positive ones."
    sizes, product = norms(found.weights), math.prod(ratios)
    if not math.isclose(max(sizes), min(sizes), rel_tol=1e-5):
        listed = ", ".join(f"{size:.3g}" for size in sizes)
        return (
            f"The norms are not equal: {listed}. The norm of a matrix is the root of the sum of "
            "the squares of all its weights."
        )
    return (
        f"All norms are equal, but the matrices are divided by numbers whose product is "
        f"{product:.3g}. What does the law say about the outputs then?"
    )


def _balance_at_depth(function: Student) -> str | None:
    """Any depth."""
    for sizes in ((3, 5, 2), (2, 4, 5, 4, 5, 3), (4, 3), (1, 1, 1)):
        given = _unequal(*sizes)
        found, expected = _balanced(function, given), by_law(given, divisors(given))
        if not all(all_alike(one, other) for one, other in zip(found, expected, strict=True)):
            return f"It is wrong for {len(sizes) - 1} layers, the last one included."
    return None


def _refuses_zeros(function: Student) -> str | None:
    """A matrix of zeros stays one, whatever it is divided by."""
    given = _unequal(4, 6, 5, 3)
    _balanced(function, given)  # what is all right must not be refused
    for layer in range(3):
        none = given.copy()
        none.weights[layer][:] = 0
        does = _refusal(function, *none)
        if does:
            return (
                f"It {does} a network whose layer {layer + 1} has no weight but 0. Can its norm be "
                "what the others' is? Asked for is a ValueError."
            )
    return None


def _without_biases(function: Student) -> str | None:
    """No biases, and some weights that are 0."""
    given = _unequal(4, 6, 5, 3)
    for bias in given.biases:
        bias[:] = 0
    given.weights[1][:, 2] = 0
    found, expected = _balanced(function, given), by_law(given, divisors(given))
    if all(all_alike(one, other) for one, other in zip(found, expected, strict=True)):
        return None
    return "It is wrong for a network without biases, in which some of the weights are 0."


def _balanced_keeps(function: Student) -> str | None:
    return _kept(_unequal(4, 9, 9, 3), function)
