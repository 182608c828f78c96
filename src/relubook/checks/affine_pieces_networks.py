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

from relubook.checks import NotSolvedError

_GRAIN = 2.0**-8  # of weights, biases and inputs
_APART = 1e-3  # between places that were not put together on purpose


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

    def exactly(self, x: Sequence[Fraction]) -> list[list[Fraction]]:
        """The same in fractions, each sum written out."""
        found, h = [], x
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            columns = zip(weight.T.tolist(), bias.tolist(), strict=True)
            terms = [[*zip(h, map(Fraction, column), strict=True)] for column, _ in columns]
            sums = [sum((a * w for a, w in row), Fraction(0)) for row in terms]
            z = [s + Fraction(b) for s, b in zip(sums, bias.tolist(), strict=True)]
            found.append(z)
            h = [max(value, Fraction(0)) for value in z]
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

    def exactly(self, t: Fraction) -> list[list[Fraction]]:
        """Pre-activations of each hidden layer at a share of the way."""
        ends = zip(self.start.tolist(), self.end.tolist(), strict=True)
        return self.network.exactly(
            [Fraction(a) + t * (Fraction(b) - Fraction(a)) for a, b in ends]
        )


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

    Args:
        sizes: Numbers of inputs, of units per hidden layer, and of outputs.
        least: How many places there are at least.
    """
    draws = generator()
    while True:
        ends = grained(draws.normal(0, 2, (2, sizes[0])))
        line = Line(*fresh(sizes, draws), *ends)
        places = [0.0, *crossings(line), 1.0]
        if len(places) >= least + 2 and min(np.diff(places)) > _APART:
            return line


def crossings(line: Line) -> list[float]:
    """Where the set of active units before differs from that after, one layer after the other."""
    places = [Fraction(0), Fraction(1)]
    for layer in range(len(line.weights) - 1):
        z = [line.exactly(t)[layer] for t in places]
        found = set(places)
        for (t, u), (before, after) in zip(pairwise(places), pairwise(z), strict=True):
            pairs = zip(before, after, strict=True)
            found |= {t + (u - t) * a / (a - b) for a, b in pairs if a * b < 0}
        places = sorted(found)
    sets = [_active(line.exactly((t + u) / 2)) for t, u in pairwise(places)]
    changes = zip(places[1:-1], pairwise(sets), strict=True)
    return [float(t) for t, (before, after) in changes if before != after]


def _active(z: list[list[Fraction]]) -> list[list[bool]]:
    return [[value > 0 for value in layer] for layer in z]


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


def numbers(value: object, what: str) -> np.ndarray:
    """What the student returned as an array in float64, or a sentence about it.

    Args:
        value: An array, a tensor, a number, or a list of such.
        what: How the sentence names it, such as "the bias of layer 2".

    Raises:
        TypeError: If it is something else.
    """
    plain = _plain(value)
    if not isinstance(plain, np.ndarray | np.generic | list | int | float | Fraction):
        raise TypeError(f"{what} should be numbers. It is of the type {type(value).__name__}")
    try:
        if not isinstance(plain, Fraction) and np.iscomplexobj(plain):
            raise TypeError
        return np.asarray(plain, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise TypeError(f"{what} should be an array of real numbers, and cannot be one") from error


def several(value: object, count: int, what: str) -> Sequence[object]:
    """A tuple or a list of so many things, or a sentence about it.

    Raises:
        TypeError: If it is something else.
    """
    if not isinstance(value, tuple | list):
        raise TypeError(f"it should return {what}. It returns a {type(value).__name__}")
    if len(value) != count:
        raise TypeError(f"it should return {what}. It returns {len(value)} things, not {count}")
    return value


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
