"""Checks of an assignment's question about lines: where does the set of active units change?"""

from collections.abc import Callable

import numpy as np

from relubook.checks import Outcome
from relubook.checks.affine_pieces_networks import (
    FormError,
    Line,
    Network,
    called,
    crossings,
    examine,
    fresh_line,
    generator,
    numbers,
)
from relubook.checks.affine_pieces_slips import wrong_places

Student = Callable[..., object]

_RIGHT = 1e-8  # how far from its place a right answer may be
_SAME = 1e-9  # places that are closer are one
_CLOSE = 2.0**-20  # how near to each other places are put on purpose


def check_crossings_of_one_layer(function: object) -> Outcome:
    """Check a function `crossings(weights, biases, start, end)` on networks of one hidden layer.

    Args:
        function: Takes a network of rectifiers, with linear outputs, as lists of weights [inputs
            outputs] and biases [outputs], and the two ends of a segment [inputs]. Returns the
            places t, 0 < t < 1, in ascending order, where the set of active units of all hidden
            layers changes on the way from start to end.

    Returns:
        What was found.
    """
    tests = (_one_layer, _close, _together, _still, _at_the_ends)
    return examine(function, *tests)


def check_crossings_of_several_layers(function: object) -> Outcome:
    """Check the same function on networks of two to four hidden layers."""
    return examine(function, _deeper, _close_deeper)


def check_crossings_in_special_cases(function: object) -> Outcome:
    """Check the same function where several things happen at one place, or nothing does."""
    tests = (_at_a_bend, _idle, _no_way, _inputs_are_kept)
    return examine(function, *tests)


def _ask(function: Student, line: Line) -> np.ndarray:
    """The student's places, or a sentence about their form."""
    network = line.network.copy()
    answer = called(function, *network, line.start.copy(), line.end.copy())
    found = numbers(answer, "the places")
    if found.ndim != 1:
        raise FormError(
            f"The places should be one list of numbers. They have the shape {found.shape}."
        )
    return found


def _wrong(function: Student, line: Line) -> str | None:
    """What is wrong with the student's places on a line, if anything is."""
    found, expected = _ask(function, line), np.array(crossings(line))
    if not np.isfinite(found).all():
        return f"One of its places is {found[~np.isfinite(found)][0]:g}. What is divided by what?"
    beyond = found[(found <= 0) | (found >= 1)]
    if len(beyond):
        return (
            f"It finds a place t = {beyond[0]:.4g}. Asked are shares of the way, above 0 and "
            "below 1."
        )
    in_order = np.sort(found)
    if _agree(in_order, expected):
        return None if np.array_equal(in_order, found) else "The places are not in ascending order."
    gaps = np.diff(in_order)
    if len(gaps) and gaps.min() <= _SAME:
        return (
            f"It counts the place t = {in_order[gaps.argmin()]:.6g} twice. However many units "
            "switch at a place, it is one place."
        )
    for sentence, places in wrong_places(line):
        if _agree(in_order, places):
            return sentence
    return _missing_or_more(in_order, expected, line)


def _agree(found: np.ndarray, expected: np.ndarray, by: float = _RIGHT) -> bool:
    return found.shape == expected.shape and bool((np.abs(found - expected) <= by).all())


def _missing_or_more(found: np.ndarray, expected: np.ndarray, line: Line) -> str:
    """What to say about places that no slip explains."""
    if _agree(found, expected, 1e-6):
        return (
            "Its places are right to six digits only. Compute in float64, and do not round or "
            "stop a search early."
        )
    if _agree(found, expected, 0.02):
        return (
            "Its places are nearly right. They are asked exactly: a grid sees them to the width "
            "of its steps, a formula to the last digits."
        )
    counts = f"It finds {len(found)} places, there are {len(expected)}."
    near = (
        _CLOSE / 10 if _mostly(found, expected) else 0.02
    )  # of what a grid finds, nothing is exact
    missing, more = _apart(expected, found, near), _apart(found, expected, near)
    if more:
        return f"{counts} At t = {more[0]:.4g} no unit switches."
    alone = [t for t in missing if (np.abs(expected - t) < 1e-4).sum() == 1]
    if alone:
        layer = _layer_at(line, alone[0])
        return f"{counts} At t = {alone[0]:.4g} a unit of hidden layer {layer} switches."
    return f"{counts} It misses places that are very close to another one."


def _mostly(found: np.ndarray, expected: np.ndarray) -> bool:
    """Whether more than half of the places are right."""
    return len(_apart(found, expected, _RIGHT)) < len(found) / 2


def _apart(places: np.ndarray, others: np.ndarray, by: float) -> list[float]:
    """Those places that are not near any of the others."""
    return [float(t) for t in places if not (np.abs(others - t) <= by).any()]


def _layer_at(line: Line, t: float) -> int:
    """The first hidden layer with a pre-activation of 0 at a place."""
    way = line.end - line.start
    smallest = [np.abs(z).min() for z in line.network.hidden(line.start + t * way)]
    return 1 + int(np.argmin(np.array(smallest) > 1e-7))


def _telling(*sizes: int) -> Line:
    """A random line on which every slip gives places of its own."""
    kinds = 3 if len(sizes) == 3 else 6  # with one hidden layer some slips are none
    while True:
        line = fresh_line(sizes, least=6)
        every = [crossings(line), *(places for _, places in wrong_places(line))]
        if len({tuple(np.round(places, 6)) for places in every}) == kinds:
            return line


def _one_layer(function: Student) -> str | None:
    """Several inputs."""
    for sizes in ((3, 12, 2), (1, 8, 1), (6, 20, 3)):
        said = _wrong(function, _telling(*sizes) if sizes[-1] == 2 else fresh_line(sizes))
        if said:
            return said
    return None


def _layer(places: np.ndarray, draws: np.random.Generator) -> Line:
    """One input from -1 to 3, and units that switch at the given places, in random order."""
    slopes = draws.choice([-2.0, -1.0, -0.5, 0.5, 1.0, 2.0], len(places))
    order = draws.permutation(len(places))
    weight, bias = (slopes / 4)[order], (slopes / 4 - slopes * places)[order]
    last = draws.choice([-1.0, 1.0], (len(places), 1))
    return Line([weight[None], last], [bias, np.ones(1)], np.array([-1.0]), np.array([3.0]))


def _places(count: int, draws: np.random.Generator) -> np.ndarray:
    """Different multiples of 1/64 between 0 and 1."""
    return draws.choice(np.arange(2, 63), count, replace=False) / 64


def _close(function: Student) -> str | None:
    """Two units switch a millionth apart."""
    draws = generator()
    places = _places(5, draws)
    said = _wrong(function, _layer(np.append(places, places[:2] + _CLOSE), draws))
    return said and f"Places may be a millionth apart. {said}"


def _together(function: Student) -> str | None:
    """Several units switch at one place."""
    draws = generator()
    places = _places(5, draws)
    return _wrong(function, _layer(np.append(places, [*places[:2], places[0]]), draws))


def _still(function: Student) -> str | None:
    """Some units do not change along the segment."""
    line = _layer(_places(4, draws := generator()), draws)
    for bias in (1.0, -1.0, 0.0):
        still = Line(
            [np.hstack([line.weights[0], [[0.0]]]), np.vstack([line.weights[1], [[1.0]]])],
            [np.append(line.biases[0], bias), line.biases[1]],
            line.start,
            line.end,
        )
        try:
            said = _wrong(function, still)
        except ZeroDivisionError:
            said = "It divides by zero."
        if said:
            return f"A unit does not change along the segment, and stays {bias:g}. {said}"
    return None


def _at_the_ends(function: Student) -> str | None:
    """Units that switch at an end or beyond are not met on the way; if no other does, nobody is."""
    draws = generator()
    never = np.array([0.0, 1.0, -0.75, 2.5])
    for places in (np.append(_places(3, draws), never), never):
        said = _wrong(function, _layer(places, draws))
        if said:
            return f"Some units switch exactly at an end, or beyond it. {said}"
    return None


def _deeper(function: Student) -> str | None:
    """Random networks; the first is the one for which slips are told apart."""
    for sizes in ((4, 8, 8, 2), (2, 6, 6, 6, 1), (3, 5, 5, 5, 5, 2)):
        said = _wrong(function, _telling(*sizes) if len(sizes) == 4 else fresh_line(sizes))
        if said:
            return said
    return None


def _close_deeper(function: Student) -> str | None:
    """A unit of the second layer, and another that is nearly its double."""
    while True:
        line = fresh_line((3, 7, 6, 2), least=7)
        weights, biases = line.network.copy()
        doubled = Network(
            [weights[0], weights[1][:, [0, *range(6)]], weights[2][[0, *range(6)]]],
            [biases[0], biases[1][[0, *range(6)]], biases[2]],
        )
        doubled.biases[1][0] += _CLOSE * 4
        line = Line(*doubled, line.start, line.end)
        places = np.array(crossings(line))
        gaps = np.diff([0.0, *places, 1.0])
        if 5e-7 < gaps.min() < 1e-5 and np.sort(gaps)[1] > 1e-7:
            said = _wrong(function, line)
            return said and f"Places may be a millionth apart. {said}"


def _two_layers(first: list[tuple[float, float]], second: np.ndarray, biases: list[float]) -> Line:
    """One input from -1 to 3, first units max(0, slope (t - place)), then a second layer."""
    slopes, places = (np.array(column) for column in zip(*first, strict=True))
    layers = [(slopes / 4)[None], second, np.ones((second.shape[1], 1))]
    offsets = [slopes / 4 - slopes * places, np.array(biases), np.zeros(1)]
    return Line(layers, offsets, np.array([-1.0]), np.array([3.0]))


def _at_a_bend(function: Student) -> str | None:
    """Units of the second layer are 0 exactly where one of the first switches."""
    other, place = np.sort(_places(2, generator()))
    first = [(1.0, place), (-1.0, place), (1.0, 0.0)]
    second = np.array([[1.0, 1.0, 0.0], [1.0, -1.0, 0.0], [0.0, 0.0, 1.0]])
    said = _wrong(function, _two_layers(first, second, [0.0, 0.0, -other]))
    return (
        said and f"A unit of the second layer is 0 exactly where one of the first switches. {said}"
    )


def _idle(function: Student) -> str | None:
    """Units of the second layer that are exactly 0 for a while, and so not active."""
    place, later = np.sort(_places(2, generator()))
    second = np.array([[1.0, -1.0, 1.0, 2.0]])
    line = _two_layers([(1.0, place)], second, [0.0, 0.0, place - later, 0.0])
    said = _wrong(function, line)
    return said and f"A unit of the second layer is exactly 0 for a while. {said}"


def _no_way(function: Student) -> str | None:
    """Start and end are the same."""
    line = fresh_line((3, 6, 6, 2))
    found = _ask(function, line._replace(end=line.start))
    if not len(found):
        return None
    return "Where start and end are the same there is no way, and no place on it."


def _inputs_are_kept(function: Student) -> str | None:
    """The student's function must not change what it is given."""
    line = fresh_line((3, 6, 6, 2))
    given, start, end = line.network.copy(), line.start.copy(), line.end.copy()
    called(function, *given, start, end)
    same = np.array_equal(start, line.start) and np.array_equal(end, line.end)
    if same and given.same_as(line.network):
        return None
    return "It changes the lists or arrays that it is given. Make new ones."
