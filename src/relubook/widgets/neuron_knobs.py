"""What NeuronBench's sliders move: their places, units, and where the paper's neuron stands."""

import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from relubook.neurons import FIGURE_1, Neuron

Steps = tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class Knob:
    """One slider.

    Attributes:
        key: In the address of the page.
        trait: Of the widget, in SI units.
        name: What it moves.
        unit: Of the page.
        si: Unit of the trait.
        per: How many of the page's units make one of the trait's.
        low: First place, in the page's units.
        steps: (up to, step) in the page's units; the last one ends the slider.
        paper: The trait of the paper's neuron; None where that has none.
    """

    key: str
    trait: str
    name: str
    unit: str
    si: str
    per: float
    low: float
    steps: Steps
    paper: float | None

    def places(self, start: float) -> list[float]:
        """The slider's places in the page's units, with the paper's value and `start` [SI]."""
        found, low = {tidy(start * self.per)}, self.low
        if self.paper is not None:
            found.add(tidy(self.paper * self.per))
        for high, step in self.steps:
            found.update(tidy(place) for place in np.arange(low, high + step / 2, step))
            low = high
        return sorted(found)

    def check(self, value: Any) -> float:
        """Return the number, if the slider reaches it; else raise a ValueError that says so."""
        low, high = self.low / self.per, self.steps[-1][0] / self.per
        slack = 1e-9 * (high - low)  # what a change of units may cost
        real = isinstance(value, numbers.Real) and not isinstance(value, bool)
        number = float(value) if real else math.nan
        if not low - slack <= number <= high + slack:
            raise ValueError(
                f"The `{self.trait}` of NeuronBench must be from {low:g} to {high:g} {self.si}, "
                f"the ends of its slider. Got {value}."
            )
        return min(max(number, low), high)


def tidy(value: float) -> float:
    """The number without the dust of a change of units."""
    return round(float(value), 9) + 0.0  # and no -0.0


KNOBS = (
    Knob(
        key="membrane", trait="membrane_time", name="Membrane time constant", unit="ms", si="s",
        per=1e3, low=5.0, steps=((50.0, 1.0),), paper=FIGURE_1.membrane_time,
    ),
    Knob(
        key="refractory", trait="refractory_time", name="Refractory time", unit="ms", si="s",
        per=1e3, low=0.0, steps=((10.0, 0.5),), paper=FIGURE_1.refractory_time,
    ),
    Knob(
        key="threshold", trait="threshold_above_rest", name="Threshold", unit="mV above rest",
        si="V", per=1e3, low=5.0, steps=((30.0, 0.5),), paper=FIGURE_1.threshold - FIGURE_1.rest,
    ),
    Knob(
        key="noise", trait="noise", name="Noise", unit="mV", si="V", per=1e3, low=0.0,
        steps=((1.0, 0.2), (10.0, 0.5)), paper=0.0,
    ),
    Knob(
        key="current", trait="current", name="Input current", unit="nA", si="A", per=1e9, low=-1.0,
        steps=((0.0, 0.1), (0.5, 0.01), (1.0, 0.05), (10.0, 0.25)), paper=None,
    ),
)  # fmt: skip
DROP = FIGURE_1.rest - FIGURE_1.reset  # how far the reset lies below rest [V]


def check_fixed(neuron: object) -> None:
    """Raise a ValueError unless the neuron differs from Figure 1's only in what sliders move."""
    if not isinstance(neuron, Neuron):
        raise ValueError(f"The `neuron` of NeuronBench must be a Neuron. Got {neuron!r}.")
    fixed = {
        "resistance": (neuron.resistance, FIGURE_1.resistance, "Ohm"),
        "reset": (neuron.rest - neuron.reset, DROP, "V below rest"),
    }
    for name, (value, wanted, unit) in fixed.items():
        if not math.isclose(value, wanted, rel_tol=1e-6):
            raise ValueError(
                f"The `{name}` of NeuronBench's neuron must be {wanted:g} {unit}, as in Figure 1; "
                f"no slider moves it. Got {value:g} {unit}."
            )


def check_one_of(name: str, values: Sequence[str], known: Sequence[str]) -> None:
    """Raise a ValueError that names the first value that is not known."""
    for value in values:
        if value not in known:
            raise ValueError(
                f"The `{name}` of NeuronBench must be of {', '.join(known)}. Got {value!r}."
            )
