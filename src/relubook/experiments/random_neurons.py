"""Neurons drawn at random from physiological ranges, and the currents that they work under."""

import numpy as np
from jaxtyping import Float

from relubook import paper
from relubook.experiments.response_fits import WHOLE_RANGE
from relubook.neurons import FIGURE_1, Neuron, firing_rate

# Of cortical neurons, roughly; times and resistances are drawn evenly on a logarithmic scale.
_MEMBRANE_TIME = (8e-3, 50e-3)  # [s]
_REFRACTORY_TIME = (1.5e-3, 6e-3)  # [s]
_RESISTANCE = (20e6, 300e6)  # [Ohm]
_REST = (-75e-3, -60e-3)  # [V]
_UP_TO_THRESHOLD = (8e-3, 22e-3)  # from the rest [V]
_DOWN_TO_RESET = (5e-3, 30e-3)  # from the threshold [V]

# The box in the paper's Figure 1, its left end [A] and its upper edge [Hz]; the figure's axis [A].
_BOX_LEFT = paper.STATED["working_range_low"].value / 1e9
_BOX_RATE = paper.STATED["working_range_rate"].value
_AXIS = WHOLE_RANGE[0] / 1e9, WHOLE_RANGE[-1] / 1e9


def draw(count: int, seed: int) -> tuple[Neuron, ...]:
    """Random neurons.

    Args:
        count: How many.
        seed: Of all of them.

    >>> len(draw(3, seed=0))
    3
    """
    generator = np.random.default_rng(seed)

    def even(low: float, high: float) -> float:
        return float(generator.uniform(low, high))

    def even_logarithm(low: float, high: float) -> float:
        return float(np.exp(generator.uniform(np.log(low), np.log(high))))

    neurons = []
    for _ in range(count):
        rest = even(*_REST)
        threshold = rest + even(*_UP_TO_THRESHOLD)
        neurons.append(
            Neuron(
                membrane_time=even_logarithm(*_MEMBRANE_TIME),
                refractory_time=even_logarithm(*_REFRACTORY_TIME),
                resistance=even_logarithm(*_RESISTANCE),
                rest=rest,
                reset=threshold - even(*_DOWN_TO_RESET),
                threshold=threshold,
            )
        )
    return tuple(neurons)


def current_for(neuron: Neuron, share: float) -> float:
    """The current under which a neuron fires at a share of its ceiling, without noise [A].

    Args:
        neuron: One with a refractory time.
        share: Of 1 / refractory time, between 0 and 1 [1].
    """
    charging = neuron.refractory_time * (1 / share - 1)
    over = (neuron.threshold - neuron.reset) / np.expm1(charging / neuron.membrane_time)
    return float(neuron.threshold_current + over / neuron.resistance)


def working_range(neuron: Neuron, points: int) -> Float[np.ndarray, "points"]:
    """Currents as far as the box in the paper's Figure 1 goes [A].

    From minus the same multiple of the threshold current, to where the neuron fires at the same
    share of its ceiling as at the box's upper edge: 57 of 250 Hz.
    """
    left = neuron.threshold_current * _BOX_LEFT / FIGURE_1.threshold_current
    return np.linspace(left, current_for(neuron, _BOX_RATE / FIGURE_1.ceiling), points)


def whole_range(neuron: Neuron, points: int) -> Float[np.ndarray, "points"]:
    """Currents as far as the axis of the paper's Figure 1 goes, by the same rule [A]."""
    left = neuron.threshold_current * _AXIS[0] / FIGURE_1.threshold_current
    share = float(firing_rate(FIGURE_1, _AXIS[1])) / FIGURE_1.ceiling
    return np.linspace(left, current_for(neuron, share), points)
