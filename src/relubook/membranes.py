"""Membranes that are followed in time, several at once, each with its own spikes."""

import math
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Float, Int

_MOST_SAMPLES = 20_000_000  # 160 MB


@dataclass(kw_only=True)
class Membranes:
    """Leaky membranes of one kind under different currents, and when they fired.

    Attributes:
        voltage: Now [V].
        settled: Where each would settle without a threshold [V].
        threshold: Where they fire [V].
        reset: Where they begin again [V].
        membrane_time: How fast they follow [s].
        refractory_time: Silence after a spike [s].
        noise: Standard deviation of the voltage without a threshold [V].
        generator: Of the noise.
        free: Until when each is silent [s].
        spikes: When each fired [s].
    """

    voltage: Float[np.ndarray, "neurons"]
    settled: Float[np.ndarray, "neurons"]
    threshold: float
    reset: float
    membrane_time: float
    refractory_time: float
    noise: float
    generator: np.random.Generator
    free: Float[np.ndarray, "neurons"] = field(init=False)
    spikes: list[list[float]] = field(init=False)

    def __post_init__(self) -> None:
        self.free = np.zeros_like(self.settled)
        self.spikes = [[] for _ in self.settled]

    def advance(self, start: float, end: float) -> None:
        """Go on to the end of a step; a neuron may fire several times within it."""
        begin = np.maximum(self.free, start)
        (moving,) = np.nonzero(begin < end)
        while len(moving):
            before, left = self.voltage[moving], end - begin[moving]
            after = self._later(moving, left)
            crossed, lag = self._crossings(moving, before, after, left)
            self.voltage[moving] = np.where(crossed, self.reset, after)
            fired = moving[crossed]
            times = begin[fired] + lag[crossed]
            for neuron, time in zip(fired.tolist(), times.tolist(), strict=True):
                self.spikes[neuron].append(time)
            self.free[fired] = begin[fired] = times + self.refractory_time
            moving = fired[begin[fired] < end]

    def _later(
        self, moving: Int[np.ndarray, "moving"], left: Float[np.ndarray, "moving"]
    ) -> Float[np.ndarray, "moving"]:
        """The voltages after some time without a threshold: the exact solution."""
        kept, settled = np.exp(-left / self.membrane_time), self.settled[moving]
        after = settled + (self.voltage[moving] - settled) * kept
        if self.noise:
            spread = self.noise * np.sqrt(-np.expm1(-2 * left / self.membrane_time))
            after += spread * self.generator.standard_normal(len(left))
        return after

    def _crossings(
        self,
        moving: Int[np.ndarray, "moving"],
        before: Float[np.ndarray, "moving"],
        after: Float[np.ndarray, "moving"],
        left: Float[np.ndarray, "moving"],
    ) -> tuple[Bool[np.ndarray, "moving"], Float[np.ndarray, "moving"]]:
        """Who crossed the threshold, and how long after the beginning."""
        threshold, time = self.threshold, self.membrane_time
        crossed = after >= threshold
        if not self.noise:
            over = self.settled[moving] - threshold
            crossed &= over > 0  # rounding may carry a voltage that only approaches it
            return crossed, time * np.log1p((threshold - before) / np.where(crossed, over, np.inf))
        below, beyond = threshold - before, np.abs(threshold - after)
        # A Brownian path between two points below the threshold touches it with this probability.
        touches = np.exp(-below * beyond * time / (self.noise**2 * left))
        crossed |= self.generator.random(len(left)) < touches
        return crossed, left * below / (below + beyond)


def equal_steps(duration: float, step: float, currents: int) -> tuple[int, float]:
    """As many equal steps as it takes to end with the duration, none longer than asked for.

    Args:
        duration: How long membranes are followed [s].
        step: The longest step [s]; it is kept if the duration is a whole number of it, to within
            rounding.
        currents: How many membranes there are.

    Returns:
        How many steps, and how long each is [s].

    Raises:
        ValueError: If a time is not above 0 or not finite, or the voltages would be too many to
            keep.

    >>> equal_steps(0.1, 0.03, 1)
    (4, 0.025)
    """
    for name, value in (("duration", duration), ("step", step)):
        if not (value > 0 and math.isfinite(value)):
            raise ValueError(
                f"The `{name}` of simulate must be a finite time above 0 s. Got {value}."
            )
    samples = duration / step * max(1, currents)
    if samples > _MOST_SAMPLES:
        raise ValueError(
            f"The `duration` of simulate must be short enough to keep {_MOST_SAMPLES:g} voltages. "
            f"Got {duration:g} s in steps of {step:g} s for {currents} currents."
        )
    number = round(duration / step)
    if math.isclose(number * step, duration, rel_tol=1e-9):
        return number, step
    number = max(1, math.ceil(duration / step))
    return number, duration / number
