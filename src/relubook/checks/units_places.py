"""Checks of assignment 1's search for wrong derivatives: is what is wrong found, and only that?"""

import math

import torch

from relubook.checks import Outcome
from relubook.checks import units_pairs as pairs
from relubook.checks.units_answers import Student, cases, changed, draw
from relubook.checks.units_pairs import Pair
from relubook.checks.units_search import answer_on, judge, made_wrong, usual_places, why

__all__ = ["check_edges", "check_found", "check_spared", "draw"]


def check_found(function: object) -> Outcome:
    """Check that a function `wrong_places(function, derivative, places)` finds what is wrong.

    Args:
        function: Takes two functions of tensors and a tensor of places; returns True, for each
            place, where the second is not the derivative of the first, to within a thousandth of
            the slope and 1e-6.

    Returns:
        What was found.
    """
    return cases(function, [_blatant, _small_slopes, _slight, _shapes])


def check_spared(function: object) -> Outcome:
    """Check that right derivatives are not reported: rounding, flat, steep and far places.

    Args:
        function: As for `check_found`.

    Returns:
        What was found.
    """
    smooth = [_flat, _ordinary, _steep, _far, _short_numbers]
    return cases(function, [_idle, *smooth, _places_are_kept])


def check_edges(function: object) -> Outcome:
    """Check that at a kink what counts as a slope is taken, and nothing else; never NaN.

    Args:
        function: As for `check_found`.

    Returns:
        What was found.
    """
    return cases(function, [_at_a_kink, _wrong_at_a_kink, _beside_a_kink, _not_a_number])


def _blatant(function: Student) -> str | None:
    """A wrong sign everywhere, and nothing wrong."""
    pair = pairs.sine(usual_places(), 1.0)
    pair.factor = -torch.ones_like(pair.places)
    if not bool(answer_on(function, pair).any()):
        return "It reports nothing, not even a derivative with the wrong sign everywhere."
    pair = pairs.sine(usual_places(), 1.0)
    if bool(answer_on(function, pair).all()):
        return why(pair) or "It reports everything, derivatives that are right as well."
    pair = pairs.square(usual_places(), 1.0)
    pair.factor = torch.where(pair.places > 0, -1.0, 1.0)
    found = answer_on(function, pair)
    if bool(found.all()):
        return why(pair) or "If half of the places are wrong, it reports all of them."
    if not bool(found.any()):
        return "It reports nothing if half of the places are right: are errors averaged?"
    if torch.equal(found, ~made_wrong(pair)):
        return "True and False have changed places: True is for a wrong derivative."
    return None


def _slight(function: Student) -> str | None:
    """Two percent off, at some places."""
    for pair in pairs.ordinary(usual_places()):
        if "tanh" in pair.name:
            pair.places = pair.places / 30  # where it is not flat yet
        sentence = judge(
            function, pairs.slightly_wrong(pair), "It is more than a thousandth off.", ""
        )
        if sentence:
            return sentence
    return None


def _small_slopes(function: Student) -> str | None:
    """Small slopes, of which a tenth is missing: little in itself, much for such a slope."""
    pair = pairs.tanh(draw(30, low=3.5, high=4.5), 1.0)
    pair = pairs.slightly_wrong(pair, by=-0.1, least=0.0)
    hint = "Is an error judged by itself, or beside the slope?"
    return judge(function, pair, hint, hint)


def _not_a_number(function: Student) -> str | None:
    """NaN and infinity are no slopes; a comparison with NaN says False."""
    for number in (math.nan, math.inf):
        pair = pairs.undefined(pairs.softplus(usual_places(12), 2.0), number)
        sentence = judge(function, pair, "What does a comparison with NaN answer?", "")
        if sentence:
            return sentence
    return None


def _shapes(function: Student) -> str | None:
    """Any shape, down to a single number."""
    for shape in ((3, 4), (1, 2, 5), (1,)):
        pair = pairs.slightly_wrong(pairs.sine(draw(*shape, low=-0.5, high=0.5), 0.0))
        sentence = judge(function, pair, f"Places of the shape {shape}.", "")
        if sentence:
            return sentence
    lone = pairs.sine(draw(1)[0], 0.0)
    return judge(function, lone, "", "A single place, of no axis.")


def _idle(function: Student) -> str | None:
    """Who never reports anything spares everything; that is worth no points."""
    pair = pairs.square(usual_places(), 1.0)
    pair.factor = torch.where(pair.places > 0, -1.0, 1.0)
    if bool(answer_on(function, pair)[pair.places > 0].any()):
        return None
    return "It reports nothing, not even derivatives with the wrong sign."


def _ordinary(function: Student) -> str | None:
    for pair in pairs.ordinary(usual_places()):
        sentence = judge(function, pair, "", "How far are your differences off by themselves?")
        if sentence:
            return sentence
    return None


def _flat(function: Student) -> str | None:
    """Slopes too small for a difference to see; relative to such a slope everything is large."""
    pair = pairs.tanh(draw(20, low=6.0, high=9.0), 3.0)
    return judge(function, pair, "", "On flat ground, how small an error is none?")


def _steep(function: Student) -> str | None:
    """Large numbers are rounded more coarsely."""
    pair = pairs.line(usual_places(), float(draw(1, low=1e8, high=1e9)))
    return judge(function, pair, "", "On steep ground, how small an error is none?")


def _far(function: Student) -> str | None:
    """Far from 0 the next number is far, too."""
    sizes = torch.tensor([1e3, 1e5, 1e7, 1e9], dtype=torch.float64)
    x = torch.cat([sizes, -sizes]) * draw(8, low=0.5, high=2.0)
    for pair in (pairs.softplus(x, 1.0), pairs.square(x, 1.0)):
        sentence = judge(function, pair, "", "")
        if sentence:
            return f"{sentence} How far is it from there to the next number in float64?"
    return None


def _short_numbers(function: Student) -> str | None:
    """Places that arrive as float32."""
    for pair in pairs.ordinary(usual_places().to(torch.float32)):
        sentence = judge(function, pair, "", "The places are float32 here.")
        if sentence:
            return sentence
    return None


def _places_are_kept(function: Student) -> str | None:
    pair = pairs.sine(usual_places(), 0.0)
    if changed(function, pair.function, pair.derivative, pair.places) is None:
        return None
    return "It moves the places that it is given. Make new ones."


def _kinked(at_zero: float, left: float = 0.0, right: float = 1.0) -> Pair:
    places = torch.tensor([-1.5, -0.5, 0.0, 0.7, 2.0], dtype=torch.float64)
    return pairs.bent(places, left, right, at_zero)


def _at_a_kink(function: Student) -> str | None:
    for left, right in ((0.0, 1.0), (-1.0, 1.0), (0.25, 1.0), (1.0, 0.0)):
        for share in (0.0, 0.5, 1.0):
            pair = _kinked(left + share * (right - left), left, right)
            found = answer_on(function, pair)
            if bool(found[2]):
                return f"T{pair.name[1:]}: the place 0 is reported. What counts as right there?"
            if bool(found.any()):
                return judge(function, pair, "", "It has a kink at 0, and is straight elsewhere.")
    return None


def _wrong_at_a_kink(function: Student) -> str | None:
    for at_zero in (-0.5, 1.5, 7.0):
        found = answer_on(function, _kinked(at_zero))
        if not bool(found[2]):
            return (
                f"For the rectifier, {at_zero:g} is accepted as a slope at the kink. Between which "
                "two slopes may it lie?"
            )
    return None


def _beside_a_kink(function: Student) -> str | None:
    """Near a kink, but not on it: slopes are what they are."""
    beside = draw(10, low=0.002, high=0.005)
    pair = pairs.bent(torch.cat([beside, -beside]), 0.25, 1.0, 1.0)
    sentence = judge(function, pair, "", "The kink is at 0, not here.")
    if sentence:
        return sentence
    pair = pairs.bent(torch.cat([beside, -beside]), 0.25, 1.0, 1.0)
    pair.factor = torch.where(pair.places > 0, 0.5, 2.0)
    return judge(function, pair, "Only at the kink itself may a slope lie between.", "")
