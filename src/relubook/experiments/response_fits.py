"""Five response curves fitted over a firing-rate curve by least squares.

Each is an amplitude times a shape with a place b [nA] and, but for the rectifier, a steepness k
[1/nA]. The best amplitude of a shape follows at once, so that only b and k are searched for: on a
grid first, since there are several valleys, then from the best of its points. The rectifier's best
fit is exact.

Steepness and place are kept to what the range can tell apart: softplus reaches the rectifier, and
tanh and logistic a line and a step, to a hundredth of a percent.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches

import numpy as np
from jaxtyping import Float
from scipy import ndimage, optimize, special

from relubook import paper
from relubook.activations import LIF_KNEE, LIF_TIME

FAMILIES = ("rectifier", "softplus", "logistic", "tanh", "rescaled LIF")
_LOW, _HIGH = (paper.STATED[f"working_range_{end}"].value for end in ("low", "high"))
WORKING_RANGE = np.linspace(_LOW, _HIGH, 91)  # [nA], the box of the paper's Figure 1
WHOLE_RANGE = np.linspace(-1.0, 10.0, 111)  # [nA], its axis

_FLATTEST, _STEEPEST = 0.03, 3e4  # of x in 0..1
_STEEPNESSES, _STARTS = 50, 8  # of the grid; valleys that are followed down
# Places tried in each gap between points, as distances from the upper one. The rescaled LIF curve
# rises vertically, so that what it says at a point changes with every power of ten.
_EVEN = np.array([1.0, 0.5])
_BELOW = np.array([1.0, 0.8, 0.6, 0.4, 0.2, 0.1, 1e-2, 1e-3, 1e-4, 1e-6])

Shape = Callable[[np.ndarray], np.ndarray]


def response(
    family: str, parameters: Mapping[str, float], current_nA: Float[np.ndarray, "*currents"]
) -> Float[np.ndarray, "*currents"]:
    """A fitted curve.

    Args:
        family: One of `FAMILIES`.
        parameters: The amplitude `a`, the place `b` [nA] and, but for the rectifier, the steepness
            `k` [1/nA], as `fit` gives them.
        current_nA: [nA].

    Returns:
        Rates [Hz].

    Raises:
        ValueError: If there is no such family.
    """
    shape, k = _shape(family), parameters.get("k", 1.0)
    per_unit = k if family == "softplus" else 1.0  # a is the slope far above b
    return parameters["a"] * shape(k * (current_nA - parameters["b"])) / per_unit


def fit(
    family: str, current_nA: Float[np.ndarray, "currents"], rate: Float[np.ndarray, "rates"]
) -> tuple[dict[str, float], float]:
    """The least-squares fit of one family over a curve.

    Args:
        family: One of `FAMILIES`.
        current_nA: At least five, rising [nA].
        rate: As many [Hz], at least one above 0.

    Returns:
        The parameters as `response` takes them, and the residual: the root mean square distance in
        percent of the largest rate.

    Raises:
        ValueError: If there is no such family, or the curve cannot be fitted.

    >>> parameters, residual = fit("rectifier", WORKING_RANGE, 60 * np.maximum(WORKING_RANGE, 0))
    >>> round(parameters["a"], 6), round(parameters["b"], 6), round(residual, 6)
    (60.0, 0.0, 0.0)
    """
    shape = _shape(family)
    _require_curve(current_nA, rate)
    first, span, top = float(current_nA[0]), float(np.ptp(current_nA)), float(rate.max())
    x, y = (current_nA - first) / span, rate / top  # from here on both are without unit
    place, k = _best_place(x, y) if family == "rectifier" else _best_two(shape, x, y)
    amplitudes, squares = _project(shape(k * (x - place))[None], y)
    parameters = {"a": float(amplitudes[0]) * top, "b": first + span * place, "k": k / span}
    if family in ("rectifier", "softplus"):
        parameters["a"] *= parameters["k"]
    if family == "rectifier":
        del parameters["k"]
    return parameters, float(100 * np.sqrt(squares[0] / len(x)))


def residuals(
    current_nA: Float[np.ndarray, "currents"], rate: Float[np.ndarray, "currents"]
) -> Float[np.ndarray, "families"]:
    """The residual of every family [% of the largest rate]; arguments as for `fit`."""
    return np.array([fit(family, current_nA, rate)[1] for family in FAMILIES])


def _softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0, x)


def _rescaled_lif(x: np.ndarray) -> np.ndarray:
    """Footnote 3, as `activations.rescaled_lif` of an array."""
    above = np.where(x > 0, x, 1.0)
    return np.where(x > 0, 1 / (LIF_TIME * np.log1p(LIF_KNEE / above) + 1), 0.0)


_SHAPES: dict[str, Shape] = {
    "rectifier": lambda x: np.maximum(0, x),
    "softplus": _softplus,
    "logistic": special.expit,
    "tanh": np.tanh,
    "rescaled LIF": _rescaled_lif,
}


def _shape(family: str) -> Shape:
    """The shape of a family, or a sentence."""
    if family in _SHAPES:
        return _SHAPES[family]
    near = get_close_matches(family, FAMILIES, n=1, cutoff=0.3) or [FAMILIES[0]]
    known = ", ".join(FAMILIES)
    raise ValueError(f"There is no family {family!r}. Did you mean {near[0]!r}? Known: {known}.")


def _require_curve(current: np.ndarray, rate: np.ndarray) -> None:
    """A curve that can be fitted."""
    if current.shape != rate.shape or len(current) < 5:
        raise ValueError(
            "The `rate` of fit must have as many numbers as `current_nA`, at least 5. "
            f"Got {len(rate)} for {len(current)}."
        )
    if not (np.isfinite(current).all() and (np.diff(current) > 0).all()):
        raise ValueError("The `current_nA` of fit must rise from number to number, all finite.")
    if not (np.isfinite(rate).all() and rate.max() > 0):
        raise ValueError(
            "The `rate` of fit must be finite, with at least one number above 0 Hz. "
            f"Got {rate.min()} to {rate.max()}."
        )


def _project(
    shapes: Float[np.ndarray, "candidates points"], y: Float[np.ndarray, "points"]
) -> tuple[Float[np.ndarray, "candidates"], Float[np.ndarray, "candidates"]]:
    """The best amplitude of each shape, and the sum of squares that remains."""
    power = (shapes**2).sum(1)
    amplitudes = (shapes @ y) / np.where(power > 0, power, 1.0)
    return amplitudes, ((amplitudes[:, None] * shapes - y) ** 2).sum(1)


def _best_place(
    x: Float[np.ndarray, "points"], y: Float[np.ndarray, "points"]
) -> tuple[float, float]:
    """Of a rectifier, exactly: in each gap between points, a line through the points above it.

    The line's own zero is the best place if it lies in that gap; otherwise an edge of the gap is.
    """
    places = [*x[:-1]]
    for first in range(len(x) - 1):
        slope, start = np.polynomial.polynomial.polyfit(x[first:], y[first:], 1)[::-1]
        lowest = x[first - 1] if first else -np.inf
        if slope > 0 and lowest <= -start / slope <= x[first]:
            places.append(-start / slope)
    _, squares = _project(np.maximum(0, x - np.array(places)[:, None]), y)
    return float(places[int(squares.argmin())]), 1.0


def _best_two(
    shape: Shape, x: Float[np.ndarray, "points"], y: Float[np.ndarray, "points"]
) -> tuple[float, float]:
    """The best place and steepness: the valleys of a grid, each followed down."""
    inside = x[1:, None] - np.diff(x)[:, None] * (_BELOW if shape is _rescaled_lif else _EVEN)
    outside = np.linspace(-1, 0, 20, endpoint=False), np.linspace(1, 2, 20)
    places = np.sort(np.concatenate([outside[0], inside.ravel(), outside[1]]))
    logs = np.linspace(np.log(_FLATTEST), np.log(_STEEPEST), _STEEPNESSES)
    grid = np.stack([_project(shape(np.exp(k) * (x - places[:, None])), y)[1] for k in logs])

    def square(point: np.ndarray) -> float:
        values = shape(np.exp(point[1]) * (x - point[0]))
        off = values * (values @ y / max(values @ values, 1e-300)) - y
        return float(off @ off)

    lows = np.argwhere(grid == ndimage.minimum_filter(grid, 3))
    lows = lows[np.argsort(grid[tuple(lows.T)])][:_STARTS]
    aside = np.diff(places, append=3.0) / 2
    found = []
    for row, at in lows:
        b, k = places[at], logs[row]
        simplex = np.array([[b, k], [b + aside[at], k], [b, k + 0.1]])
        options = {"initial_simplex": simplex, "xatol": 1e-9, "fatol": 1e-15}
        limits = [(-1, 2), (logs[0], logs[-1])]
        found.append(
            optimize.minimize(square, [b, k], method="Nelder-Mead", bounds=limits, options=options)
        )
    place, log = min(found, key=lambda result: result.fun).x
    return float(place), float(np.exp(log))
