"""Functions with derivatives, right and wrong ones, on which the student's search is tried."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from relubook.checks.units_answers import draw

Formula = Callable[[Tensor], Tensor]
_CLOSEST = 1e-13  # of the distance to a place: nearer than that is the place itself


@dataclass(kw_only=True)
class Pair:
    """A function and something that claims to be its derivative; notes where it is called.

    Attributes:
        name: In a message.
        value: The function.
        slope: Its derivative.
        factor: What the derivative that is shown has too much; 1 where it is right.
        places: Where the student looks.
        called: What the function was called with.
    """

    name: str
    value: Formula
    slope: Formula
    places: Tensor
    factor: Tensor | None = None
    called: list[Tensor] = field(default_factory=list)

    def function(self, x: object) -> Tensor:
        """The function, in the type that it is given; no gradient passes it."""
        x = _numbers(x)
        self.called.append(x.clone())
        return self.value(x)

    def derivative(self, x: object) -> Tensor:
        """What is shown as its derivative."""
        x = _numbers(x)
        return self.slope(x) if self.factor is None else self.slope(x) * self._factor_at(x)

    def _factor_at(self, x: Tensor) -> Tensor:
        """The factor of the nearest place: some look at one place after the other."""
        assert self.factor is not None
        places = self.places.to(torch.float64).flatten()
        nearest = (x.to(torch.float64)[..., None] - places).abs().argmin(-1)
        return self.factor.flatten()[nearest].to(x.dtype)

    def steps(self) -> Tensor:
        """How far from its place, relative to it, each number was that the function got [1]."""
        x = self.places.to(torch.float64)
        fitting = [one.to(torch.float64) for one in self.called if one.shape == x.shape]
        away = [((one - x) / x.abs().clamp(min=1)).flatten() for one in fitting]
        every = torch.cat(away) if away else x.new_zeros(0)
        return every[every.abs() > _CLOSEST]

    def rough(self) -> bool:
        """Whether the function was called in less than float64."""
        return any(one.dtype != torch.float64 for one in self.called)


def _numbers(x: object) -> Tensor:
    if isinstance(x, Tensor):
        return x.detach()
    return torch.tensor(x, dtype=torch.float64)


def _random(low: float, high: float) -> float:
    return float(draw(1, low=low, high=high))


def tanh(places: Tensor, steepness: float) -> Pair:
    """A tanh that has this slope at 0."""
    return Pair(
        name=f"tanh({steepness:.3g} x)",
        value=lambda x: torch.tanh(steepness * x),
        slope=lambda x: steepness / torch.cosh((steepness * x).clamp(-300, 300)) ** 2,
        places=places,
    )


def softplus(places: Tensor, alpha: float) -> Pair:
    """log(1 + exp(alpha x)) / alpha."""
    return Pair(
        name=f"the softplus with alpha {alpha:.3g}",
        value=lambda x: torch.logaddexp(alpha * x, torch.zeros_like(x)) / alpha,
        slope=lambda x: torch.sigmoid(alpha * x),
        places=places,
    )


def square(places: Tensor, height: float) -> Pair:
    """A parabola: height times x²."""
    return Pair(
        name=f"{height:.3g} x²",
        value=lambda x: height * x * x,
        slope=lambda x: 2 * height * x,
        places=places,
    )


def sine(places: Tensor, above: float) -> Pair:
    """sin(x) + above."""
    return Pair(
        name=f"sin(x) + {above:.3g}",
        value=lambda x: torch.sin(x) + above,
        slope=torch.cos,
        places=places,
    )


def line(places: Tensor, slope: float) -> Pair:
    """A straight line through 0."""
    return Pair(
        name=f"{slope:.3g} x",
        value=lambda x: slope * x,
        slope=lambda x: torch.full_like(x, slope),
        places=places,
    )


def bent(places: Tensor, left: float, right: float, at_zero: float) -> Pair:
    """Two straight lines that meet in 0, and what is called the slope there."""
    return Pair(
        name=f"the kink with slope {left:.3g} below 0, {right:.3g} above and {at_zero:.3g} at it",
        value=lambda x: torch.where(x > 0, right * x, left * x),
        slope=lambda x: torch.where(x > 0, right, torch.where(x < 0, left, at_zero)).to(x.dtype),
        places=places,
    )


def ordinary(places: Tensor) -> list[Pair]:
    """Smooth functions with their right derivatives, fresh ones at every call."""
    return [
        tanh(places, _random(0.5, 2.0)),
        tanh(places, _random(25.0, 30.0)),
        softplus(places, _random(1.0, 6.0)),
        square(places, _random(-2.0, -0.5)),
        sine(places, _random(-3.0, 3.0)),
    ]


def slightly_wrong(pair: Pair, by: float = 0.02, least: float = 0.01) -> Pair:
    """The same pair, whose derivative is off by a factor at half of the places, at least at one.

    Where a slope is smaller than `least` it stays right.
    """
    steep = pair.slope(pair.places.to(torch.float64)).abs() >= least
    chosen = (draw(*pair.places.shape) > 0) & steep
    chosen.view(-1)[steep.flatten().nonzero()[0]] = True
    pair.factor = torch.where(chosen, 1 + by, 1.0)
    return pair


def undefined(pair: Pair, number: float = math.nan) -> Pair:
    """The same pair, whose derivative is not a number, or infinite, at one place in three."""
    pair.factor = torch.ones_like(pair.places, dtype=torch.float64)
    pair.factor.view(-1)[::3] = number
    return pair
