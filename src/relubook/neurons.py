"""The leaky integrate-and-fire neuron: how often it fires, by a formula and step by step in time.

Its membrane leaks towards the rest voltage and is charged by a current. At the threshold it fires a
spike, is silent for the refractory time, and begins again at the reset voltage. Units are SI
throughout: amperes, volts, ohms, seconds, hertz.
"""

import math
import numbers
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from relubook import passages
from relubook.membranes import Membranes, equal_steps

_MOST_SPIKES = 1_000_000  # a minute


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

No curve of this kind fixes more than four numbers, and nine points of the drawn one do not fix all
of these well. A free fit gives a refractory time of 3.99 +- 0.02 ms and a threshold current
(threshold - rest) / resistance of 0.15 +- 0.02 nA, but a membrane time of 28 +- 7 ms and (threshold
- reset) / resistance of 0.30 +- 0.07 nA: one of these two makes up for the other. So the membrane
time of 7.5 refractory times, 30 ms, and the 25 mV between reset and threshold are those of the
authors' public code of October 2010. The resistance of 90.5 MOhm and the threshold current of 0.150
nA are then fitted; (threshold - reset) / resistance is 0.276 nA. The level of the voltages is our
choice: a threshold of -50 mV, which puts the rest at -63.6 mV.

References:
    glorot2011, p. 316, Figure 1 (digitized).
"""


def firing_rate(
    neuron: Neuron, current: ArrayLike | float, noise: float = 0.0
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
        settled = neuron.rest + neuron.resistance * current.ravel()
        if not np.isfinite(settled).all():
            raise ValueError(
                "The `current` of firing_rate must give a finite voltage. "
                f"Got {current.flat[int(np.abs(current).argmax())]:g} A."
            )
        gap = neuron.threshold - neuron.reset
        times = (
            passages.mean_time(settled - neuron.threshold, gap, noise)
            if noise
            else charging_time(settled - neuron.threshold, gap)
        )
        rate = 1 / (neuron.refractory_time + neuron.membrane_time * times)
    if not np.isfinite(rate).all():
        raise ValueError(f"The rate of {neuron} is too large for a number at this current.")
    return rate.reshape(current.shape)


def charging_time(over: Float[np.ndarray, "currents"], gap: float) -> Float[np.ndarray, "currents"]:
    """The time from the reset to the threshold without noise, in membrane times.

    Args:
        over: How far above the threshold the voltage would settle [V].
        gap: From the reset up to the threshold [V].

    Returns:
        log((over + gap) / over), the logarithm of the paper's formula; infinity where the
        threshold is never reached.

    References:
        glorot2011, p. 316.
    """
    reached = over > 0
    return np.where(reached, np.log1p(gap / np.where(reached, over, 1.0)), np.inf)


def _finite_currents(current: ArrayLike | float, where: str) -> Float[np.ndarray, "*currents"]:
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


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What neurons did, one neuron a current.

    Attributes:
        time: From 0 to the duration [s].
        voltage: Of the membrane [V]; a spike shows as a fall to the reset.
        spikes: When each neuron fired [s], in the order of `current.ravel()`.
    """

    time: Float[np.ndarray, "samples"]
    voltage: Float[np.ndarray, "*currents samples"]
    spikes: tuple[Float[np.ndarray, "_"], ...]

    def rate(self) -> Float[np.ndarray, "*currents"]:
        """Whole intervals between spikes over the time they take [Hz]; 0 if there are none."""
        rates = [
            (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0
            for times in self.spikes
        ]
        return np.array(rates).reshape(self.voltage.shape[:-1])


def simulate(
    neuron: Neuron,
    current: ArrayLike | float,
    duration: float,
    step: float = 1e-4,
    noise: float = 0.0,
    seed: int = 0,
) -> Trace:
    """Follow a neuron in time under one constant current, or under several at once.

    Every step is the exact solution of the membrane's equation. Without noise the moment of a spike
    inside a step is exact, too, so that steps of any length give the same spikes. With noise it is
    interpolated, and crossings that begin and end inside a step are drawn with their probability;
    then a step should be short beside the membrane time.

    Args:
        neuron: Which neuron. It begins at rest, or at the reset if rest is above the threshold.
        current: Of any shape [A].
        duration: How long [s].
        step: Between two samples of the voltage [s]. If the duration is no whole number of such
            steps, they are all made a little shorter, so that the last one ends with it; a step
            longer than the duration becomes the duration.
        noise: As for `firing_rate` [V].
        seed: Of the noise.

    Returns:
        Times, voltages and spikes.

    Raises:
        ValueError: If an argument is no finite number or out of its range, or if the voltages or
            the spikes would be too many to keep.
    """
    current = _finite_currents(current, "simulate")
    _require_noise(noise)
    steps, step = equal_steps(duration, step, current.size)
    _refuse_too_many(firing_rate(neuron, current, noise), duration)
    begin = neuron.rest if neuron.rest < neuron.threshold else neuron.reset
    members = Membranes(
        voltage=np.full(current.size, begin),
        settled=neuron.rest + neuron.resistance * current.ravel(),
        threshold=neuron.threshold,
        reset=neuron.reset,
        membrane_time=neuron.membrane_time,
        refractory_time=neuron.refractory_time,
        noise=noise,
        generator=np.random.default_rng(seed),
    )
    voltage = np.empty((current.size, steps + 1))
    voltage[:, 0] = members.voltage
    for place in range(steps):
        members.advance(place * step, (place + 1) * step)
        voltage[:, place + 1] = members.voltage
    return Trace(
        time=step * np.arange(steps + 1),
        voltage=voltage.reshape(*current.shape, steps + 1),
        spikes=tuple(np.array(times) for times in members.spikes),
    )


def _refuse_too_many(rate: Float[np.ndarray, "*currents"], duration: float) -> None:
    """A sentence about more spikes than can be kept."""
    spikes = float(np.max(rate, initial=0.0)) * duration
    if spikes > _MOST_SPIKES:
        raise ValueError(
            f"The `duration` of simulate must be short enough for {_MOST_SPIKES:g} spikes. "
            f"Got {duration:g} s, which would have about {spikes:.2g}."
        )


def _require_noise(noise: float) -> None:
    """A standard deviation."""
    if not (noise >= 0 and math.isfinite(noise)):
        raise ValueError(f"The `noise` must be a finite number of at least 0 V. Got {noise}.")
