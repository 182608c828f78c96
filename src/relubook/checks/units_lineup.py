"""Check of assignment 1's line-up: a search for wrong derivatives meets five suspects."""

import functools

import torch
from torch import Tensor

from relubook.checks import Outcome
from relubook.checks.units_answers import Student, cases
from relubook.checks.units_pairs import Pair
from relubook.checks.units_search import answer_on, first_at, usual_places, why
from relubook.checks.units_suspects import SUSPECTS, Suspect

__all__ = ["check_lineup"]

_RELATIVE, _ABSOLUTE = 1e-3, 1e-6  # what the assignment allows a slope to be off
_CLEAR = 10.0  # times as far off as allowed, or as little, and nobody can be of two minds


def check_lineup(function: object) -> Outcome:
    """Check a function `wrong_places` on the five suspects, place by place.

    Args:
        function: As for `units_places.check_found`.

    Returns:
        What was found; a suspect a check.
    """
    return cases(function, [functools.partial(_on, suspect) for suspect in SUSPECTS])


def _true_slopes(x: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
    """The smallest and the largest right slope of each suspect, in its closed form."""
    s = torch.sigmoid(x)
    at_zero = x == 0
    sides = torch.where(x < 0, -1.0, 1.0).to(x.dtype)
    logistic, tanh = s * torch.sigmoid(-x), 1 / torch.cosh(x.clamp(-300, 300)) ** 2
    elu = torch.where(x > 0, 1.0, 0.5 * x.clamp(max=0).exp())
    silu = s * (1 + x * torch.sigmoid(-x))
    return {
        "suspect_a": (torch.where(at_zero, -1.0, sides), sides),
        "suspect_b": (logistic, logistic),
        "suspect_c": (tanh, tanh),
        "suspect_d": (elu, torch.where(at_zero, 1.0, elu)),
        "suspect_e": (silu, silu),
    }


def _verdict(shown: Tensor, low: Tensor, high: Tensor) -> tuple[Tensor, Tensor]:
    """Where a slope is clearly wrong, and where clearly right."""
    room = _RELATIVE * torch.maximum(low.abs(), high.abs()) + _ABSOLUTE
    off = torch.maximum(low - shown, shown - high)
    right = off <= room / _CLEAR
    return ~(off <= _CLEAR * room), right


def _on(suspect: Suspect, function: Student) -> str | None:
    """What the search says about one suspect, near 0, at 0, and far out."""
    outer = torch.tensor([-800.0, -30.0, 0.0, 30.0, 800.0], dtype=torch.float64)
    name, x = suspect.__name__, torch.cat([outer, usual_places(30)])
    pair = Pair(name=name, value=lambda v: suspect(v)[0], slope=lambda v: suspect(v)[1], places=x)
    found, (value, shown) = answer_on(function, pair), suspect(x)
    wrong, right = _verdict(shown, *_true_slopes(x)[name])
    wrong |= ~value.isfinite()
    if bool((found & right & ~wrong).any()):
        at, theirs = first_at(found & right & ~wrong, x, shown)
        innocent = f"`{name}` is innocent at x = {at:.6g}, where its slope is {theirs:.6g}."
        return f"{innocent} {why(pair)}".rstrip()
    if bool((~found & wrong).any()):
        at, theirs = first_at(~found & wrong, x, shown)
        return f"`{name}` gets away with the slope {theirs:.6g} at x = {at:.6g}."
    return None
