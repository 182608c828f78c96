"""Responses and slopes of the relatives as curves, with their formulas, for their widget."""

import functools
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from relubook import activations, relatives, unit_layers
from relubook.experiments.relatives_values import KINDS, Relative

REACH, HALF = 3.0, 31  # of x to either side [1], and points to either side
_BESIDE = 1e-9  # distance from 0 at which a unit's halves end and begin
_LOW, _HIGH = unit_layers.SLOPES
_RECTIFIER = "max(0, x)"


def shapes() -> list[dict[str, Any]]:
    """What the widget draws of each kind, in the order of `KINDS`.

    A curve holds `response` and `slope` [1] at x from -3 to just below 0 and from just above 0 to
    3, so that a jump at 0 stays one, and `slope_at_zero`. `band` holds the smallest and the largest
    slope below 0, if it is random; `learned` says that a record holds that slope.
    """
    return [
        {
            "name": name,
            "like": relative.like,
            "formula": _formulas()[name],
            "note": _notes().get(name, ""),
            "curves": [_curve(response) for response in _responses(relative)],
            "band": list(unit_layers.SLOPES) if relative.activation == "rrelu" else [],
            "learned": relative.activation == "prelu",
        }
        for name, relative in KINDS.items()
    ]


def _curve(response: activations.Activation) -> dict[str, Any]:
    """A response and its slope at all points."""
    x = torch.linspace(-REACH, 0.0, HALF, dtype=torch.float64)
    x = torch.cat([x, -x.flip(0)])
    x[HALF - 1], x[HALF] = -_BESIDE, _BESIDE
    h, zero = response(x), torch.zeros(1, dtype=torch.float64)
    return {
        "response": _rounded(h),
        "slope": _rounded(response.derivative(x, h)),
        "slope_at_zero": _rounded(response.derivative(zero, response(zero)))[0],
    }


def _responses(relative: Relative) -> list[activations.Activation]:
    """The outputs of one unit after training, as functions of its pre-activation."""
    rectifier = activations.get("rectifier")
    if relative.activation == "crelu":
        return [rectifier, _mirrored(rectifier)]
    if relative.activation == "prelu":
        return [_bent(unit_layers.FIRST_SLOPE)]
    if relative.activation == "rrelu":
        return [_bent((_LOW + _HIGH) / 2)]
    around = unit_layers.find(relative.activation) is not None
    return [rectifier if around else activations.get(relative.activation)]


def _bent(below: float) -> activations.Activation:
    """The input itself above 0, a slope times it below."""
    return activations.Activation(
        name="bent",
        value=lambda x: torch.where(x > 0, x, below * x),
        derivative=lambda x, h: torch.where(x > 0, 1.0, below).to(x),
        nonnegative=False,
    )


def _mirrored(response: activations.Activation) -> activations.Activation:
    """The response to the input with its sign turned."""
    return activations.Activation(
        name="mirrored",
        value=lambda x: response(-x),
        derivative=lambda x, h: -response.derivative(-x, h),
    )


@functools.cache
def _formulas() -> dict[str, str]:
    """Each response as it is written."""
    selu = relatives.selu_derivative(torch.tensor([0.0, 1.0]), torch.zeros(2))
    below, above = (f"{float(slope):.4f}" for slope in selu)
    sloped = "x above 0, a·x below"
    both = "max(0, x) and max(0, −x)"
    return {
        "rectifier": _RECTIFIER,
        "leaky": f"x above 0, x / {1 / relatives.LEAK:g} below",
        "PReLU": sloped,
        "RReLU": sloped,
        "ELU": "x above 0, eˣ − 1 below",
        "SELU": f"{above}·x above 0, {below}·(eˣ − 1) below",
        "GELU": "x·Φ(x)",
        "SiLU": "x / (1 + e⁻ˣ)",
        "CReLU": both,
        "CReLU, half the units": both,
        "squared rectifier": "max(0, x)²",
        "tanh": "tanh x",
        "batch normalization": _RECTIFIER,
        "dropout": _RECTIFIER,
    }


@functools.cache
def _notes() -> dict[str, str]:
    """What a formula does not say; `{learned}` stands for slopes that a record holds."""
    kept = 1 - unit_layers.DROPPED
    return {
        "PReLU": f"Each unit learns its own a; all begin at {unit_layers.FIRST_SLOPE:g}. Learned, "
        "mean of a layer, first layer first: {learned}.",
        "RReLU": f"While it is trained, a is drawn from 1/{1 / _LOW:g} to 1/{1 / _HIGH:g} for each "
        f"unit and example; afterwards it is their mean, {(_LOW + _HIGH) / 2:.3f}.",
        "GELU": "Φ(x) is the share of a standard normal distribution below x.",
        "CReLU": "Two outputs a unit, so the next layer has twice the inputs.",
        "CReLU, half the units": "Two outputs a unit, in layers of half as many units: the next "
        "layer has as many inputs as with rectifiers.",
        "batch normalization": "Before the rectifier, each unit’s inputs of a mini-batch are "
        "brought to mean 0 and variance 1, then scaled and shifted as it learns.",
        "dropout": f"Behind the rectifier, {100 * unit_layers.DROPPED:g} % of the outputs are set "
        f"to 0 at random at each training step and the others divided by {kept:g}; "
        "after training nothing is dropped.",
    }


def _rounded(values: Float[Tensor, "points"]) -> list[float]:
    """To four digits behind the point."""
    return [round(float(value), 4) + 0.0 for value in values]
