"""What wrong formulas for a neuron's firing rate give, each with a sentence about it."""

import numpy as np
from jaxtyping import Float

Currents = Float[np.ndarray, "currents"]
Slips = tuple[tuple[str, Currents], ...]


def slips(
    current: Currents,
    membrane_time: float,
    refractory_time: float,
    resistance: float,
    rest: float,
    reset: float,
    threshold: float,
) -> Slips:
    """The wrong answers that are recognized.

    Args:
        current: Above the neuron's threshold current [A].
        membrane_time: [s].
        refractory_time: Above 0 [s].
        resistance: [Ohm].
        rest: [V].
        reset: [V].
        threshold: [V].

    Returns:
        Sentences and wrong rates [Hz].
    """
    settled = rest + resistance * current

    def ratio(level: Currents, begin: float) -> Currents:
        with np.errstate(all="ignore"):
            return (level - begin) / (level - threshold)

    def rate(of: Currents) -> Currents:
        with np.errstate(all="ignore"):
            return 1 / (refractory_time + membrane_time * np.log(of))

    return (
        *_wrong_sums(membrane_time, refractory_time, np.log(ratio(settled, reset))),
        *_wrong_units(rate(ratio(settled, reset))),
        *_wrong_logarithms(membrane_time, refractory_time, ratio(settled, reset)),
        (
            "It leaves the rest voltage out. Where does the membrane settle without a current?",
            rate(ratio(settled - rest, reset)),
        ),
        (
            "It settles from the reset. Without a current the membrane settles at its rest "
            "voltage.",
            rate(ratio(settled - rest + reset, reset)),
        ),
        (
            "It charges from the rest voltage. After a spike the membrane begins at the reset.",
            rate(ratio(settled, rest)),
        ),
    )


def _wrong_sums(tau: float, refractory: float, logarithm: Currents) -> Slips:
    """The two times, put together in another way."""
    charging = tau * logarithm
    return (
        (
            "It forgets the refractory time: after each spike the neuron is silent for a while.",
            1 / charging,
        ),
        (
            "It adds the refractory time to a rate. Add times first, then ask how many fit.",
            1 / charging + refractory,
        ),
        (
            "It adds the charging time to a rate. Mind the parentheses: add the two times first.",
            1 / refractory + charging,
        ),
        (
            "It adds two rates. Add the two times first, then ask how many fit into a second.",
            1 / charging + 1 / refractory,
        ),
        (
            "It subtracts the refractory time. Silence makes the interval longer.",
            1 / (charging - refractory),
        ),
        (
            "Threshold and reset have changed places: charging takes a negative time.",
            1 / (refractory - charging),
        ),
        (
            "Membrane time and refractory time have changed places. Which one does charging take?",
            1 / (tau + refractory * logarithm),
        ),
        (
            "It multiplies the refractory time by the membrane time. Silence does not charge.",
            1 / (tau * (refractory + logarithm)),
        ),
        (
            "It leaves the membrane time out: how fast does the membrane follow?",
            1 / (refractory + logarithm),
        ),
    )


def _wrong_units(rate: Currents) -> Slips:
    """The right rate, said in another way."""
    rounded = "It rounds to whole numbers. A rate may lie between them."
    return (
        ("It returns the time between two spikes. How many of these fit into a second?", 1 / rate),
        ("It counts spikes per millisecond. The times are given in seconds.", rate / 1000),
        (
            "It is 1000 times too large. The times are given in seconds, not milliseconds.",
            1000 * rate,
        ),
        *((rounded, how(rate)) for how in (np.round, np.floor, np.ceil)),
    )


def _wrong_logarithms(tau: float, refractory: float, ratio: Currents) -> Slips:
    """Another logarithm than the natural one."""
    return tuple(
        (
            f"It takes the logarithm to base {base}. A membrane charges by the natural one.",
            1 / (refractory + tau * logarithm(ratio)),
        )
        for base, logarithm in ((10, np.log10), (2, np.log2))
    )
