"""NeuronBench: a leaky integrate-and-fire neuron under five sliders, without a kernel."""

import re
from dataclasses import replace
from typing import Any, ClassVar

from traitlets import Float, Int, List, Unicode, validate

from relubook import paper
from relubook.experiments.response_fits import WHOLE_RANGE, WORKING_RANGE, fit
from relubook.neurons import FIGURE_1, Neuron, firing_rate
from relubook.widgets.bundle import module, style
from relubook.widgets.lives import Explorable
from relubook.widgets.neuron_knobs import DROP, KNOBS, check_fixed, check_one_of, tidy

TRAITS = tuple(knob.trait for knob in KNOBS)
RESPONSES = ("rectifier", "softplus", "logistic", "tanh", "lif")
RANGES = {"working": WORKING_RANGE, "whole": WHOLE_RANGE}
SEEDS = 1000


class NeuronBench(Explorable):
    """A neuron's voltage in time, its firing-rate curve, and five responses fitted to it.

    The page computes everything itself, with the equations of `relubook.neurons` and the responses
    of `experiments.response_fits`. In a notebook, `neuron` is the one the sliders stand at.

    Args:
        neuron: The one to begin with; by default that of the paper's Figure 1. Its resistance and
            its reset (seen from rest) must be those of Figure 1, since no slider moves them.
        noise: Standard deviation that the voltage would have without a threshold [V].
        current: Input current [A].
        traits: `seed` of the noise, `fitted` ("working" or "whole" range), and `shown`, the
            responses to draw: rectifier, softplus, logistic, tanh, lif.

    Raises:
        ValueError: If the page cannot show one of these: a number outside its slider or not finite,
            another resistance or reset, an unknown range or response.
    """

    _esm = module("neuron_bench.mjs")
    _css = style("style.css", "explorer.css", "neuron_bench.css")
    static_state: ClassVar[tuple[str, ...]] = ("data", *TRAITS, "seed", "fitted", "shown")

    membrane_time = Float(FIGURE_1.membrane_time).tag(sync=True)
    refractory_time = Float(FIGURE_1.refractory_time).tag(sync=True)
    threshold_above_rest = Float(FIGURE_1.threshold - FIGURE_1.rest).tag(sync=True)
    noise = Float(0.0).tag(sync=True)
    current = Float(1e-9).tag(sync=True)
    seed = Int(0).tag(sync=True)
    fitted = Unicode("working").tag(sync=True)
    shown = List(Unicode(), ["rectifier", "softplus"]).tag(sync=True)

    def __init__(
        self,
        neuron: Neuron | None = None,
        noise: float = 0.0,
        current: float = 1e-9,
        **traits: Any,
    ) -> None:
        neuron = FIGURE_1 if neuron is None else neuron
        check_fixed(neuron)
        self._rest = neuron.rest
        values = (
            neuron.membrane_time,
            neuron.refractory_time,
            neuron.threshold - neuron.rest,
            noise,
            current,
        )
        start = {knob.trait: knob.check(value) for knob, value in zip(KNOBS, values, strict=True)}
        super().__init__(data=_data(start), **start, **traits)

    def __repr__(self) -> str:
        return f"NeuronBench({1e9 * self.current:g} nA, {1e3 * self.noise:g} mV of noise)"

    @property
    def neuron(self) -> Neuron:
        """The neuron that the sliders stand at."""
        return replace(
            FIGURE_1,
            membrane_time=self.membrane_time,
            refractory_time=self.refractory_time,
            rest=self._rest,
            reset=self._rest - DROP,
            threshold=self._rest + self.threshold_above_rest,
        )

    @validate(*TRAITS)
    def _within_its_slider(self, proposal: Any) -> float:
        return KNOBS[TRAITS.index(proposal["trait"].name)].check(proposal["value"])

    @validate("seed")
    def _one_of_the_seeds(self, proposal: Any) -> int:
        seed = proposal["value"]
        if not 0 <= seed < SEEDS:
            raise ValueError(
                f"The `seed` of NeuronBench must be from 0 to {SEEDS - 1}. Got {seed}."
            )
        return seed

    @validate("fitted")
    def _one_of_the_ranges(self, proposal: Any) -> str:
        check_one_of("fitted", [proposal["value"]], tuple(RANGES))
        return proposal["value"]

    @validate("shown")
    def _some_of_the_responses(self, proposal: Any) -> list[str]:
        check_one_of("shown", proposal["value"], RESPONSES)
        return proposal["value"]

    def fallback(self) -> str:
        """Return a sentence and some rates as a table, for paper and pages without scripts."""
        points = paper.FIGURE_1
        rates = firing_rate(self.neuron, [1e-9 * x for x in points.x], self.noise)
        rows = "".join(
            f'<tr><th scope="row">{x:g}</th><td>{rate:.0f}</td><td>{y:g}</td></tr>'
            for x, rate, y in zip(points.x, rates, points.y, strict=True)
        )
        names = ("current (nA)", "this neuron (Hz)", "the paper’s Figure 1 (Hz)")
        head = "".join(f'<th scope="col">{name}</th>' for name in names)
        return (
            f"<p>This figure moves where scripts may run. {self._sentence()}</p>"
            f"<table><caption>Firing rate over input current; the paper’s points are digitized "
            f"from page {points.page}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _sentence(self) -> str:
        neuron = self.neuron
        rate = float(firing_rate(neuron, self.current, self.noise))
        curve = firing_rate(neuron, 1e-9 * WORKING_RANGE, self.noise)
        _, off = fit("rectifier", WORKING_RANGE, curve)
        noise = f" and noise of {1e3 * self.noise:.3g} mV" if self.noise else ""
        said = (
            f"A neuron with a membrane time constant of {1e3 * neuron.membrane_time:.3g} ms, a "
            f"refractory time of {1e3 * neuron.refractory_time:.3g} ms, a threshold at "
            f"{1e9 * neuron.threshold_current:.3g} nA{noise} fires {rate:.3g} times a second under "
            f"{1e9 * self.current:.3g} nA. From {WORKING_RANGE[0]:g} to {WORKING_RANGE[-1]:g} nA "
            f"the nearest rectifier is off by {off:.1f} % of the largest rate (root mean square)."
        )
        return re.sub(r" (?=(?:ms|mV|nA)\b|%)", "\u00a0", said)  # numbers stay beside their units


def _data(start: dict[str, float]) -> dict[str, Any]:
    """What no slider moves, in the page's units: ms, mV, nA, MOhm, Hz."""
    points = paper.FIGURE_1
    resistance, drop = FIGURE_1.resistance / 1e6, 1e3 * DROP
    return {
        "knobs": [
            {
                "key": knob.key, "trait": knob.trait, "name": knob.name, "unit": knob.unit,
                "per": knob.per, "places": knob.places(start[knob.trait]),
                "paper": None if knob.paper is None else tidy(knob.paper * knob.per),
            }
            for knob in KNOBS
        ],
        "ranges": {name: [float(x[0]), float(x[-1]), len(x)] for name, x in RANGES.items()},
        "points": {"current": list(points.x), "rate": list(points.y)},
        "resistance": resistance,
        "drop": drop,
        "about": f"It leaks, integrates, fires, and begins again {drop:.1f} mV below rest.",
        "origin": f"Computed in this page with the equations of relubook.neurons. Open circles: "
        f"digitized from the paper’s Figure 1, page {points.page}. The paper prints no parameters. "
        "Recovered from these points: the two times, the threshold current, and (threshold − "
        "reset) / resistance. That threshold and reset lie 25 mV apart is our choice.",
        "passport": {
            "rates": "relubook.neurons.firing_rate",
            "spikes": "relubook.neurons.simulate, with other random numbers",
            "responses": "relubook.experiments.response_fits, least squares",
            "paper": f"relubook.paper.FIGURE_1: {points.note}",
        },
    }  # fmt: skip
