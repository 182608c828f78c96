"""The leaky integrate-and-fire neuron: how often it fires, by a formula and step by step in time.

Its membrane leaks towards the rest voltage and is charged by a current. At the threshold it fires a
spike, is silent for the refractory time, and begins again at the reset voltage. Units are SI
throughout: amperes, volts, ohms, seconds, hertz.
"""

import math
import numbers
from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike
from scipy import special

_FAR = 10.0  # from here on the noise integral is its asymptotic series, to 13 digits
_NEVER = 26.6  # exp(u²) with u above this exceeds what a number can hold
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


def _require_finite(name: str, value: object) -> None:
    """A number, and a finite one."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError(f"The `{name}` of Neuron must be a finite number. Got {value!r}.")


@dataclass(frozen=True, kw_only=True)
class Neuron:
    """A leaky integrate-and-fire neuron.

    Any finite voltages will do, as long as the threshold lies above the reset. A threshold below
    the rest voltage makes a neuron that fires without any input.

    Attributes:
        membrane_time: How fast the membrane follows its input [s], above 0.
        refractory_time: Silence after each spike [s]; with 0 there is no ceiling to the rate.
        resistance: Of the membrane [Ohm], above 0.
        rest: Where the membrane settles without input [V].
        reset: Where it begins again after a spike [V].
        threshold: Where it fires [V], above the reset.

    Raises:
        ValueError: If one of these is no finite number or out of its range.
    """

    membrane_time: float
    refractory_time: float
    resistance: float
    rest: float
    reset: float
    threshold: float

    def __post_init__(self) -> None:
        for field in fields(self):
            _require_finite(field.name, getattr(self, field.name))
        for name, unit in (("membrane_time", "s"), ("resistance", "Ohm")):
            if getattr(self, name) <= 0:
                raise ValueError(
                    f"The `{name}` of Neuron must be above 0 {unit}. Got {getattr(self, name):g}."
                )
        if self.refractory_time < 0:
            raise ValueError(
                "The `refractory_time` of Neuron must be at least 0 s. "
                f"Got {self.refractory_time:g}."
            )
        if self.threshold <= self.reset:
            raise ValueError(
                f"The `threshold` of Neuron must lie above its `reset`, {self.reset:g} V. "
                f"Got {self.threshold:g} V."
            )

    @property
    def threshold_current(self) -> float:
        """The current above which it fires [A]; negative where it fires without input."""
        return (self.threshold - self.rest) / self.resistance

    @property
    def ceiling(self) -> float:
        """The rate that no current exceeds [Hz]; infinity without a refractory time."""
        return 1 / self.refractory_time if self.refractory_time else math.inf


FIGURE_1 = Neuron(
    membrane_time=30e-3,
    refractory_time=4e-3,
    resistance=90.5e6,
    rest=-50e-3 - 90.5e6 * 0.150e-9,
    reset=-75e-3,
    threshold=-50e-3,
)
"""The neuron of the paper's Figure 1, left; the paper prints none of its parameters.

They were recovered from nine points of the drawn curve. The curve fixes no more than the two times
(30 and 4 ms), the threshold current (threshold - rest) / resistance of 0.150 nA, and (threshold -
reset) / resistance of 0.276 nA. The voltages are our choice: a threshold of -50 mV, 25 mV above the
reset, which gives 90.5 MOhm and a rest of -63.6 mV.

References:
    glorot2011, p. 316, Figure 1 (digitized).
"""


def firing_rate(
    neuron: Neuron, current: ArrayLike, noise: float = 0.0
) -> Float[np.ndarray, "*currents"]:
    """How often a neuron fires under a constant current, without or with noise.

    Without noise it is the paper's formula: the refractory time, and the time that the membrane
    takes from the reset to the threshold. Noise makes that time random; its mean is an integral.

    Args:
        neuron: Which neuron.
        current: Of any shape [A].
        noise: Standard deviation that the voltage would have without a threshold [V]. The noise is
            white: dV = -(V - rest - R I) / tau dt + noise sqrt(2 / tau) dW.

    Returns:
        Spikes a second [Hz], shaped like `current`. Without noise it is exactly 0 up to the
        threshold current; with noise it is positive, down to where it underflows to 0.

    Raises:
        ValueError: If a current is not finite, the noise is negative or not finite, or the numbers
            are so extreme that a voltage or a rate is.

    References:
        glorot2011, p. 316. With noise: Siegert, Physical Review 81, 617 (1951).

    >>> float(firing_rate(FIGURE_1, 1e-9).round(1))
    80.4
    """
    current = _finite_currents(current, "firing_rate")
    _require_noise(noise)
    with np.errstate(over="ignore", divide="ignore", under="ignore"):
        settled = neuron.rest + neuron.resistance * current
        if not np.isfinite(settled).all():
            raise ValueError(
                "The `current` of firing_rate must give a finite voltage. "
                f"Got {current.flat[int(np.abs(current).argmax())]:g} A."
            )
        times = _passage(neuron, settled, noise) if noise else _charging(neuron, settled)
        rate = 1 / (neuron.refractory_time + neuron.membrane_time * times)
    if not np.isfinite(rate).all():
        raise ValueError(f"The rate of {neuron} is too large for a number at this current.")
    return rate


def _charging(
    neuron: Neuron, settled: Float[np.ndarray, "*currents"]
) -> Float[np.ndarray, "*currents"]:
    """From the reset to the threshold without noise, in membrane times; infinity if never."""
    over = settled - neuron.threshold
    fires = over > 0
    safe = np.where(fires, over, 1.0)
    return np.where(fires, np.log1p((neuron.threshold - neuron.reset) / safe), np.inf)


def _passage(
    neuron: Neuron, settled: Float[np.ndarray, "*currents"], noise: float
) -> Float[np.ndarray, "*currents"]:
    """The mean time from the reset to the threshold with noise, in membrane times.

    It is sqrt(pi) times the integral of exp(u²) (1 + erf u) = erfcx(-u) between reset and
    threshold, both seen from the settled voltage in units of sqrt(2) noise. Three parts, so that
    nothing overflows: u above 0, u in -10..0, and below that.
    """
    unit = math.sqrt(2) * noise
    low, high = (
        np.clip((voltage - settled) / unit, -_NEVER, 2 * _NEVER)
        for voltage in (neuron.reset, neuron.threshold)
    )
    middle = (np.clip(low, -_FAR, 0), np.clip(high, -_FAR, 0))
    near = _integral(lambda u: special.erfcx(-u), *middle)
    total = _above(np.maximum(low, 0), np.maximum(high, 0)) + near
    return math.sqrt(math.pi) * total + _below(neuron, settled, unit)


def _above(
    low: Float[np.ndarray, "*currents"], high: Float[np.ndarray, "*currents"]
) -> Float[np.ndarray, "*currents"]:
    """The part with u above 0, which grows like exp(u²): exp(high²) is taken out of the integral.

    Its integrand falls by 40 powers of e within 40 / high below `high`; the rest does not count.
    """
    length = np.minimum(high - low, 40 / np.maximum(high, 1.0))
    top = high[..., None]
    scaled = _integral(
        lambda t: np.exp(-t * (2 * top - t)) * special.erfc(t - top), np.zeros_like(length), length
    )
    return np.where(high > _NEVER, np.inf, np.exp(np.minimum(high, _NEVER) ** 2) * scaled)


def _below(
    neuron: Neuron, settled: Float[np.ndarray, "*currents"], unit: float
) -> Float[np.ndarray, "*currents"]:
    """The part with u below -10, times sqrt(pi): the formula without noise, and a series."""
    far, near = settled - neuron.reset, settled - neuron.threshold
    is_far = far > _FAR * unit
    begins = np.maximum(near, _FAR * unit)  # where the part ends that is not far enough
    logs = np.where(
        near > _FAR * unit,
        np.log1p((neuron.threshold - neuron.reset) / np.where(near > 0, near, 1.0)),
        np.log(np.where(is_far, far, 1.0)) - math.log(_FAR) - math.log(unit),
    )
    series, odd = np.zeros_like(logs), 1.0
    x, y = unit / begins, unit / np.where(is_far, far, np.inf)
    for n in range(1, 9):  # erfcx(x) = (1 - 1 / (2 x²) + 1 · 3 / (2 x²)² - ...) / (x sqrt(pi))
        odd *= -(2 * n - 1) / 2
        series += odd * (x ** (2 * n) - y ** (2 * n)) / (2 * n)
    return np.where(is_far, logs + series, 0.0)


def _integral(
    function: Callable[[np.ndarray], np.ndarray], low: np.ndarray, high: np.ndarray
) -> Float[np.ndarray, "*currents"]:
    """Gauss and Legendre's rule with 64 nodes between arrays of limits."""
    half = (high - low)[..., None] / 2
    values = function(low[..., None] + half * (1 + _NODES))
    return (half * values * _WEIGHTS).sum(-1)


def _finite_currents(current: ArrayLike, where: str) -> Float[np.ndarray, "*currents"]:
    """The currents as an array of numbers."""
    try:
        found = np.asarray(current, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(
            f"The `current` of {where} must be numbers [A]. Got {current!r}."
        ) from None
    bad = np.argwhere(~np.isfinite(found))
    if len(bad):
        place = tuple(int(i) for i in bad[0])
        at = f" at place {', '.join(map(str, place))}" if place else ""
        raise ValueError(f"The `current` of {where} must be finite [A]. Got {found[place]}{at}.")
    return found


def _require_noise(noise: float) -> None:
    """A standard deviation."""
    if not (noise >= 0 and math.isfinite(noise)):
        raise ValueError(f"The `noise` must be a finite number of at least 0 V. Got {noise}.")
