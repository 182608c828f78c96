"""Random networks for the checks of affine pieces, and what is true of them, exactly.

A network is two lists of arrays, weights [inputs outputs] and biases [outputs], with rectifiers in
every layer but the last. All numbers drawn here are multiples of a power of two, so that fractions
stay short.
"""

import secrets
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from relubook.checks import Case, NotSolvedError, Outcome, run_cases

_GRAIN = 2.0**-8  # of weights, biases and inputs
_WHOLE = 2**40  # times every number of a line is a whole number
_APART = 1e-3  # between places that were not put together on purpose


class FormError(Exception):
    """An answer of another kind than was asked for; its text is a sentence for the student."""


def examine(function: object, *tests: Callable[[Callable], str | None]) -> Outcome:
    """Try every test; what is said about an answer of the wrong form is what a test found.

    Args:
        function: The student's.
        tests: Take the function; return a sentence, or None. The most telling one first.
    """

    def said(test: Callable[[Callable], str | None]) -> Callable[[Callable], str | None]:
        def judge(answer: Callable) -> str | None:
            try:
                return test(answer)
            except FormError as error:
                return str(error)

        return judge

    return run_cases(function, [Case(test=said(test)) for test in tests])


class Network(NamedTuple):
    """Rectifiers in every layer but the last: weights [inputs outputs] and biases [outputs]."""

    weights: list[np.ndarray]
    biases: list[np.ndarray]

    def copy(self) -> "Network":
        """The same numbers in other memory."""
        return Network([w.copy() for w in self.weights], [b.copy() for b in self.biases])

    def same_as(self, other: "Network") -> bool:
        """Whether nothing differs, not even in the last digit."""
        return all(
            len(mine) == len(theirs) and all(map(np.array_equal, mine, theirs))
            for mine, theirs in zip(self, other, strict=True)
        )

    def outputs(self, x: Float[np.ndarray, "examples inputs"]) -> Float[np.ndarray, "examples ..."]:
        """What the last layer answers to each row."""
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = np.maximum(x @ weight + bias, 0)
        return x @ self.weights[-1] + self.biases[-1]

    def hidden(self, x: Float[np.ndarray, "inputs"]) -> list[Float[np.ndarray, "units"]]:
        """The pre-activations of each hidden layer for one input."""
        found, h = [], x
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            found.append(h @ weight + bias)
            h = np.maximum(found[-1], 0)
        return found


class Line(NamedTuple):
    """A network and a segment, in the order in which the student's function takes them."""

    weights: list[np.ndarray]
    biases: list[np.ndarray]
    start: np.ndarray
    end: np.ndarray

    @property
    def network(self) -> Network:
        """Without the segment."""
        return Network(self.weights, self.biases)

    def reverse(self) -> "Line":
        """The same segment, walked the other way."""
        return self._replace(start=self.end, end=self.start)


def generator() -> np.random.Generator:
    """Randomness that nobody can foresee."""
    return np.random.default_rng(secrets.randbits(62))


def grained(values: np.ndarray) -> np.ndarray:
    """Rounded to multiples of the grain."""
    return np.round(values / _GRAIN) * _GRAIN


def _not_zero(weights: np.ndarray) -> np.ndarray:
    return np.where(weights == 0, _GRAIN, weights)


def fresh(sizes: Sequence[int], draws: np.random.Generator | None = None) -> Network:
    """A random network whose biases matter: about a third of the size of what arrives."""
    draws = generator() if draws is None else draws
    return Network(
        [_not_zero(grained(draws.normal(0, np.sqrt(2 / a), (a, b)))) for a, b in pairwise(sizes)],
        [draws.choice([-1.0, 1.0], b) * grained(draws.uniform(0.2, 0.5, b)) for b in sizes[1:]],
    )


def fresh_inputs(inputs: int, examples: int = 30) -> Float[np.ndarray, "examples inputs"]:
    """Random inputs, most of them between -3 and 3."""
    return grained(generator().normal(0, 1.5, (examples, inputs)))


def fresh_line(sizes: Sequence[int], *, least: int = 4) -> Line:
    """A random network and a segment on which it switches often, at places well apart.

    None of them is near an end, or near the middle.

    Args:
        sizes: Numbers of inputs, of units per hidden layer, and of outputs.
        least: How many places there are at least.
    """
    draws = generator()
    while True:
        ends = grained(draws.normal(0, 2, (2, sizes[0])))
        line = Line(*fresh(sizes, draws), *ends)
        places = [0.0, *crossings(line), 1.0]
        apart = min(np.diff(places)) > _APART and min(abs(t - 0.5) for t in places) > _APART
        if len(places) >= least + 2 and apart:
            return line


def crossings(line: Line) -> list[float]:
    """Where the set of active units before differs from that after, one layer after the other.

    Nothing is rounded: the numbers of the line must be multiples of a power of two.
    """
    exact = _Exact(line)
    places = [Fraction(0), Fraction(1)]
    for layer in range(len(line.weights) - 1):
        z = [exact.hidden(t, layer) for t in places]
        found = set(places)
        for (t, u), (before, after) in zip(pairwise(places), pairwise(z), strict=True):
            pairs = zip(before, after, strict=True)
            found |= {t + (u - t) * a / (a - b) for a, b in pairs if a * b < 0}
        places = sorted(found)
    sets = [exact.active((t + u) / 2) for t, u in pairwise(places)]
    changes = zip(places[1:-1], pairwise(sets), strict=True)
    return [float(t) for t, (before, after) in changes if before != after]


class _Exact:
    """Pre-activations along a line, as whole numbers above a common denominator."""

    def __init__(self, line: Line) -> None:
        hidden = zip(line.weights[:-1], line.biases[:-1], strict=True)
        self.layers = [(_whole(weight), _whole(bias)) for weight, bias in hidden]
        self.start = _whole(line.start)
        self.way = _whole(line.end) - self.start

    def hidden(self, t: Fraction, layer: int) -> list[Fraction]:
        """The pre-activations of one layer at a share of the way."""
        z, size = self._layers(t)[layer]
        return [Fraction(value, size) for value in z.tolist()]

    def active(self, t: Fraction) -> list[bool]:
        """Whether each unit of all hidden layers is active there."""
        return [value > 0 for z, _ in self._layers(t) for value in z.tolist()]

    def _layers(self, t: Fraction) -> list[tuple[np.ndarray, int]]:
        h = self.start * t.denominator + self.way * t.numerator
        size, found = t.denominator * _WHOLE, []
        for weight, bias in self.layers:
            h, size = h @ weight + bias * size, size * _WHOLE
            found.append((h, size))
            h = np.maximum(h, 0)
        return found


def _whole(array: np.ndarray) -> np.ndarray:
    """Python's own whole numbers, which never overflow."""
    return np.vectorize(int, otypes=[object])(array * _WHOLE)


def masks(z: Sequence[np.ndarray]) -> list[Bool[np.ndarray, "units"]]:
    """Who is active in each hidden layer."""
    return [layer > 0 for layer in z]


@contextmanager
def quiet() -> Iterator[None]:
    """Without warnings: a right answer may divide by zero on its way and throw away the result."""
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def called(function: Callable[..., object], *arguments: object) -> object:
    """The student's answer, quietly.

    Raises:
        NotSolvedError: If there is none.
    """
    with quiet():
        answer = function(*arguments)
    if answer is None or answer is Ellipsis:
        raise NotSolvedError
    return answer


def numbers(value: object, what: str = "the answer") -> np.ndarray:
    """What the student returned as an array in float64.

    Args:
        value: An array, a tensor, a number, or a list of such.
        what: How a sentence names it, such as "the biases of layer 2".

    Raises:
        FormError: If it is something else.
    """
    plain, subject = _plain(value), what[0].upper() + what[1:]
    if not isinstance(plain, np.ndarray | np.generic | list | int | float | Fraction):
        kind = type(value).__name__
        raise FormError(f"{subject} should be made of numbers. Its type is {kind}.")
    try:
        if not isinstance(plain, Fraction) and np.iscomplexobj(plain):
            raise TypeError
        return np.asarray(plain, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise FormError(f"{subject} should be an array of real numbers, and is none.") from error


def several(value: object, count: int, what: str) -> Sequence[object]:
    """A tuple or a list of so many things.

    Raises:
        FormError: If it is something else.
    """
    if not isinstance(value, tuple | list):
        raise FormError(f"It should return {what}. It returns one thing: {type(value).__name__}.")
    if len(value) != count:
        raise FormError(f"It should return {what}. It returns {len(value)} instead of {count}.")
    return value


def as_network(weights: object, biases: object, given: Network) -> Network:
    """The student's lists as arrays of the shapes that the given network has.

    Raises:
        FormError: If they have others, or are no such lists.
    """
    parts = []
    for name, found, asked in zip(("weights", "biases"), (weights, biases), given, strict=True):
        layers = several(found, len(asked), f"the {name} as a list with one array for each layer")
        arrays = [numbers(one, f"the {name} of layer {i}") for i, one in enumerate(layers, 1)]
        for i, (one, other) in enumerate(zip(arrays, asked, strict=True), start=1):
            if one.shape != other.shape:
                shapes = f"the shape {one.shape} instead of {other.shape}"
                raise FormError(f"The {name} that it returns for layer {i} have {shapes}.")
        parts.append(arrays)
    return Network(*parts)


def _plain(value: object) -> object:
    """Tensors as arrays, tuples as lists, at every depth."""
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    detach = getattr(value, "detach", None)
    if callable(detach) and not isinstance(value, type):
        return np.asarray(detach())
    return value


def alike(found: np.ndarray, expected: np.ndarray, tolerance: float = 1e-5) -> bool:
    """Equal but for rounding, of single precision at worst, measured by the largest number."""
    if found.shape != expected.shape:
        return False
    size = np.abs(expected).max(initial=0.0) or 1.0
    return bool((np.abs(found - expected) <= tolerance * size).all())
