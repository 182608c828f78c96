"""What wrong neurons do: steps of a membrane, spikes and rates, each with a sentence about it."""

import math
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
from jaxtyping import Float

from relubook.neurons import Neuron

Voltages = Float[np.ndarray, "*neurons"]
Times = Float[np.ndarray, "_"]
Steps = Float[np.ndarray, "steps"]


class Way(NamedTuple):
    """How a neuron is followed in time; the defaults are what is asked for."""

    start: Literal["rest", "reset"] = "rest"
    reset: Literal["reset", "rest", "never"] = "reset"
    refractory: Literal["held", "ignored", "charging", "twice", "zero current"] = "held"
    leaks: bool = True


RIGHT = Way()
_DECAYS = (
    "In the refractory time the voltage drifts towards its rest. What should it do in this model?"
)
_NO_RESET = (
    "After a spike it fires again at once, or as soon as the refractory time allows. From where "
    "does the voltage begin again?"
)
WRONG_INTERVALS: tuple[tuple[str, Way], ...] = (
    (
        "The interval between two spikes is too short by the refractory time. Does the membrane "
        "charge meanwhile?",
        Way(refractory="ignored"),
    ),
    (_DECAYS, Way(refractory="zero current")),
    (
        "The interval between two spikes is too long by one refractory time. How often is it "
        "waited for after each spike?",
        Way(refractory="twice"),
    ),
    (
        "After a spike it begins again at the rest voltage. The neuron has another voltage for "
        "that.",
        Way(reset="rest"),
    ),
    (
        "The interval is too short by the refractory time, and after a spike it begins again at "
        "the rest voltage.",
        Way(reset="rest", refractory="ignored"),
    ),
    (_NO_RESET, Way(reset="never")),
    (
        "It fires at every step at which the voltage is above the threshold. What happens to the "
        "voltage when a spike leaves?",
        Way(reset="never", refractory="ignored"),
    ),
    (
        "The interval between two spikes is that of a membrane without a leak.",
        Way(leaks=False),
    ),
)


def follow(neuron: Neuron, current: Steps, dt: float, way: Way = RIGHT) -> Times:
    """A neuron one step after the other, in plain numbers.

    Args:
        neuron: Which.
        current: One number a step [A].
        dt: Length of a step [s].
        way: How.

    Returns:
        The end of each step in which it fired [s].
    """
    share = math.exp(-dt / neuron.membrane_time)
    whole = round(neuron.refractory_time / dt)
    pause = {"ignored": 0, "twice": 2 * whole}.get(way.refractory, whole)
    again = {"reset": neuron.reset, "rest": neuron.rest}.get(way.reset)
    voltage = neuron.rest if way.start == "rest" else neuron.reset
    free, spikes = 0, []
    for place, ampere in enumerate(current.tolist()):
        silent = place < free
        if silent and way.refractory == "zero current":
            ampere = 0.0
        elif silent and way.refractory != "charging":
            continue
        push = neuron.resistance * ampere
        if way.leaks:
            voltage = neuron.rest + push + (voltage - neuron.rest - push) * share
        else:
            voltage += push * dt / neuron.membrane_time
        if voltage >= neuron.threshold and not silent:
            spikes.append((place + 1) * dt)
            free = place + 1 + pause
            voltage = voltage if again is None else again
    return np.array(spikes)


def charging(neuron: Neuron, current: float, begin: float) -> float:
    """The time from a voltage to the threshold under a constant current above the threshold's [s].

    Args:
        neuron: Which.
        current: [A].
        begin: [V].
    """
    settled = neuron.rest + neuron.resistance * current
    ratio = (settled - begin) / (settled - neuron.threshold)
    return neuron.membrane_time * math.log(ratio)


def wrong_steps(
    neuron: Neuron, voltage: Voltages, current: Voltages, dt: float
) -> Iterator[tuple[str, Voltages]]:
    """Wrong voltages after a step of a length comparable with the membrane time.

    Args:
        neuron: Which.
        voltage: Before [V].
        current: [A].
        dt: [s].
    """
    left, settled = math.exp(-dt / neuron.membrane_time), neuron.rest + neuron.resistance * current
    right = settled + (voltage - settled) * left
    for sentence, wrong in _wrong_decays(neuron.membrane_time, dt):
        yield sentence, settled + (voltage - settled) * wrong
    for sentence, goal in _wrong_goals(neuron, current):
        yield sentence, goal + (voltage - goal) * left
    yield (
        "It begins at the rest voltage, whatever voltage it is given.",
        settled + (neuron.rest - settled) * left,
    )
    yield "It is where the voltage settles after a long time, whatever dt is.", settled
    yield "It returns the change of the voltage, not the new voltage.", right - voltage
    yield "It returns the voltage unchanged.", voltage
    yield "It returns millivolts. All units are SI: volts.", 1e3 * right


def _wrong_decays(tau: float, dt: float) -> Iterator[tuple[str, float]]:
    """What may be thought to be left of a distance after a step [1]."""
    x = -dt / tau
    yield (
        "It takes the slope at the beginning of the step for the whole step (Euler's method). The "
        "slope changes on the way; the step that is asked for is exact for any dt.",
        1 + x,
    )
    yield (
        "It is a step of the implicit Euler method. That never overshoots, but it is not exact.",
        1 / (1 - x),
    )
    for order in (2, 3, 4):
        yield (
            "It is a better method than Euler's, but still not exact. No approximation is needed: "
            "which curve solves the equation?",
            sum(x**power / math.factorial(power) for power in range(order + 1)),
        )
    yield (
        "dt and the membrane time have changed places: a longer step should carry the voltage "
        "further.",
        math.exp(1 / x),
    )
    yield (
        "dt is multiplied by the membrane time. What has no unit, their product or their ratio?",
        math.exp(-dt * tau),
    )
    yield (
        "It moves away from where the voltage settles: the distance grows. Mind a sign.",
        math.exp(-x),
    )
    yield (
        "Two shares have changed places: after a very short step, which voltage should it be?",
        1 - math.exp(x),
    )


def _wrong_goals(neuron: Neuron, current: Voltages) -> Iterator[tuple[str, Voltages]]:
    """Where a membrane may be thought to settle [V]."""
    push = neuron.resistance * current
    yield (
        "The current has next to no effect, though 1 nA through 100 MOhm makes 0.1 V. Is it "
        "multiplied by the neuron's constant for that? It is given in A.",
        neuron.rest + 0 * current,
    )
    yield "The membrane settles at the wrong voltage: it leaves the rest voltage out.", push
    yield (
        "The current's voltage is taken away from the rest voltage. Does a positive current lift "
        "the voltage?",
        neuron.rest - push,
    )


def wrong_rates(kept: Times, times: Times, duration: float, discard: float) -> dict[str, float]:
    """Wrong rates of a train with spikes before and after the discarded time.

    Args:
        kept: The spikes that count [s], at least three.
        times: All spikes [s].
        duration: Of the recording [s].
        discard: Length of what is not counted [s].

    Returns:
        Sentences and rates [Hz].
    """
    gaps, count, span = np.diff(kept), len(kept), float(kept[-1] - kept[0])
    window = (
        "It divides spikes by the length of a window. A window begins and ends between spikes, "
        "so that this is off by up to a spike: which time do the intervals take?"
    )
    late = times[1:] >= discard
    first = int(np.argmax(late))
    return {
        "It counts all spikes over the whole recording, the beginning included.": (
            len(times) / duration
        ),
        window: count / (duration - discard),
        "It counts the spikes after the beginning, but divides by the whole recording.": (
            count / duration
        ),
        "It divides the number of spikes by the time from the first to the last. How many "
        "intervals are there between n spikes?": count / span,
        "It counts one spike less than there are, over a window. Which time do the intervals "
        "take?": (count - 1) / (duration - discard),
        "It divides by the time of the last spike: the time before the first one is no interval.": (
            count / float(kept[-1])
        ),
        "It does not discard the beginning: some early intervals still count.": (
            (len(times) - 1) / float(times[-1] - times[0])
        ),
        "An interval that begins before `discard` still counts.": (
            (len(times) - 1 - first) / float(times[-1] - times[first])
        ),
        "It averages the rates of the single intervals: short intervals then weigh too much. Over "
        "the same time, how many intervals are there?": float((1 / gaps).mean()),
        "It takes the median interval. What is asked for is the number of intervals over the time "
        "that they take.": 1 / float(np.median(gaps)),
        "It returns the time between two spikes. How many of these fit into a second?": (
            span / (count - 1)
        ),
        "It counts spikes per millisecond. The times are given in seconds.": (
            1e-3 * (count - 1) / span
        ),
        "It is 1000 times too large. The times are given in seconds, not milliseconds.": (
            1e3 * (count - 1) / span
        ),
        "It counts spikes. A rate is a number of spikes per second.": float(count),
        "It counts intervals. A rate is a number per second.": float(count - 1),
    }
