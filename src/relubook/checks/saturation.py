"""Checks of chapter 5's exercise: rescale a rectifier network without changing what it computes."""

import secrets
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from relubook.checks import Case, NotSolvedError, Outcome, run_cases

Student = Callable[[list[np.ndarray], list[np.ndarray], list[float]], object]

_CLOSE = 1e-9  # of the largest number compared: rounding is far below, every slip far above


class _Network(NamedTuple):
    """Rectifiers in every layer but the last: weights [inputs outputs] and biases [outputs]."""

    weights: list[np.ndarray]
    biases: list[np.ndarray]

    def copy(self) -> "_Network":
        """The same numbers in other memory."""
        return _Network([w.copy() for w in self.weights], [b.copy() for b in self.biases])

    def outputs(self, x: np.ndarray) -> np.ndarray:
        """What the last layer answers to `x` [examples inputs]."""
        *hidden, last = zip(self.weights, self.biases, strict=True)
        for weight, bias in hidden:
            x = np.maximum(x @ weight + bias, 0)
        return x @ last[0] + last[1]


def check_rescale(function: object) -> Outcome:
    """Check a function `rescale(weights, biases, alphas)`.

    Args:
        function: Takes the weights [inputs outputs] and biases [outputs] of a network, a list of
            arrays each, with rectifiers in every layer but the last, and one number above 0 for
            each hidden layer. Returns new weights and biases of the same function; those of hidden
            layer i are divided by alphas[i], and the last layer makes up for it.

    Returns:
        What was found; show it as the last line of a cell.

    >>> def rescale(weights, biases, alphas):
    ...     if min(alphas) <= 0:
    ...         raise ValueError("each alpha must be above 0")
    ...     divisors = np.array([*alphas, 1 / np.prod(alphas)])
    ...     so_far = np.cumprod(divisors)
    ...     return ([w / d for w, d in zip(weights, divisors)],
    ...             [b / s for b, s in zip(biases, so_far)])
    >>> check_rescale(rescale)
    All public checks passed (6 of 6).
    """
    tests = (_one_hidden, _same_function, _asked_weights, _deeper, _positive, _inputs_are_kept)
    return run_cases(function, [Case(test=test) for test in tests])


def _fresh() -> np.random.Generator:
    return np.random.default_rng(secrets.randbits(62))


def _network(sizes: Sequence[int], generator: np.random.Generator) -> _Network:
    """Random weights and biases that matter: a third of the size of what arrives."""
    return _Network(
        [generator.normal(0, np.sqrt(2 / a), (a, b)) for a, b in pairwise(sizes)],
        [generator.choice([-1.0, 1.0], b) * generator.uniform(0.2, 0.5, b) for b in sizes[1:]],
    )


def _alphas(count: int, generator: np.random.Generator) -> list[float]:
    """Factors far enough from 1, and from undoing one another, that every slip shows."""
    return [float(alpha) for alpha in generator.uniform(1.5, 3, count)]


def _ask(function: Student, network: _Network, alphas: Sequence[float]) -> _Network:
    """The student's network, from copies, or a sentence about its form."""
    given = network.copy()
    with np.errstate(all="ignore"):
        answer = function(given.weights, given.biases, list(alphas))
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    try:
        weights, biases = answer  # pyright: ignore[reportGeneralTypeIssues]
        found = _Network(
            [np.asarray(w, dtype=np.float64) for w in weights],
            [np.asarray(b, dtype=np.float64) for b in biases],
        )
    except (TypeError, ValueError) as error:
        raise ValueError("it should return two lists of arrays: weights and biases") from error
    shapes = [[array.shape for array in part] for part in found]
    if shapes != [[array.shape for array in part] for part in network]:
        raise ValueError("the arrays it returns have other shapes than those it was given")
    return found


def _alike(found: np.ndarray, expected: np.ndarray) -> bool:
    """Equal but for rounding."""
    return bool(np.abs(found - expected).max() <= _CLOSE * np.abs(expected).max())


def _one_hidden(function: Student) -> str | None:
    """One hidden layer, where each slip has a value of its own."""
    generator = _fresh()
    network, (alpha,) = _network((5, 12, 4), generator), _alphas(1, generator)
    x = generator.normal(size=(40, 5))
    found, plain = _ask(function, network, [alpha]), network.outputs(x)
    answer = found.outputs(x)
    if _alike(answer, plain):
        return None
    (first, last), (b, c) = network
    # What the network answers if the hidden layer's bias is left as it was.
    forgotten = np.maximum(x @ first / alpha + b, 0) @ last
    slips = {
        "It divides, but nothing makes up for it: the last layer must undo the factor.": (
            plain / alpha,
            (plain - c) / alpha + c,
        ),
        "The last layer has the factor once more instead of its inverse.": (
            (plain - c) / alpha**2 + c,
            plain / alpha**2,
            (plain - c) / alpha**2 + c / alpha,
        ),
        "The hidden layer's bias is part of what must shrink, too: max(0, a/2 + b) is not half "
        "of max(0, a + b).": (forgotten * alpha + c, forgotten + c, forgotten * alpha + c * alpha),
        "The last layer's bias is added after the factor is undone: leave it.": (
            (plain - c) + c * alpha,
            (plain - c) + c / alpha,
        ),
    }
    for message, values in slips.items():
        if any(_alike(answer, value) for value in values):
            return message
    return "The outputs change. Follow one number from the input to the output, with its bias."


def _same_function(function: Student) -> str | None:
    """Two hidden layers: what reaches the second is already scaled by the first."""
    generator = _fresh()
    network, alphas = _network((5, 12, 10, 4), generator), _alphas(2, generator)
    x = generator.normal(size=(40, 5))
    answer, plain = _ask(function, network, alphas).outputs(x), network.outputs(x)
    if _alike(answer, plain):
        return None
    return (
        "With two hidden layers the outputs change. What arrives at the second layer has been "
        "divided by the first factor already: by how much must its bias shrink?"
    )


def _asked_weights(function: Student) -> str | None:
    """Each hidden layer is divided by its own factor: the same function, but the asked one."""
    generator = _fresh()
    network, alphas = _network((5, 12, 10, 4), generator), _alphas(2, generator)
    found = _ask(function, network, alphas)
    pairs = list(zip(found.weights, network.weights, alphas, strict=False))
    if all(_alike(w, before / alpha) for w, before, alpha in pairs):
        return None
    if all(_alike(w, before * alpha) for w, before, alpha in pairs):
        return "The weights of the hidden layers are multiplied by their factors, not divided."
    if all(_alike(w, before) for w, before, _ in pairs):
        return "The weights of the hidden layers are what they were. Nothing is rescaled."
    return "The weights of hidden layer i must be those given, divided by alphas[i]."


def _deeper(function: Student) -> str | None:
    """Any depth, and factors below 1."""
    generator = _fresh()
    for depth in (1, 3, 5):
        network = _network((4, *[9] * depth, 3), generator)
        alphas = [float(2.0**power) for power in generator.choice([-2, -1, 1, 2], depth)]
        x = generator.normal(size=(30, 4))
        found = _ask(function, network, alphas)
        pairs = zip(found.weights, network.weights, alphas, strict=False)
        asked = all(_alike(w, before / alpha) for w, before, alpha in pairs)
        if not (asked and _alike(found.outputs(x), network.outputs(x))):
            return f"It is wrong for {depth} hidden layers with the factors {alphas}."
    return None


def _positive(function: Student) -> str | None:
    """A factor of 0 or below has no such network."""
    generator = _fresh()
    network = _network((4, 9, 9, 3), generator)
    for bad in ([2.0, 0.0], [-2.0, 0.5], [-2.0, -0.5]):
        try:
            _ask(function, network, bad)
        except ValueError:
            continue
        except ZeroDivisionError:
            pass
        return (
            f"It accepts the factors {bad}. Is max(0, -a) the same as -max(0, a)? Raise a "
            "ValueError for a factor that is not above 0."
        )
    return None


def _inputs_are_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    generator = _fresh()
    network, alphas = _network((4, 9, 9, 3), generator), _alphas(2, generator)
    given = network.copy()
    factors = list(alphas)
    if function(given.weights, given.biases, factors) is None:
        raise NotSolvedError
    kept = all(
        len(part) == len(before)
        and all(np.array_equal(now, was) for now, was in zip(part, before, strict=True))
        for part, before in zip(given, network, strict=True)
    )
    if kept and factors == alphas:
        return None
    return "It changes the lists or arrays that it is given. Make new ones."
