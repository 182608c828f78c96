"""The paper's Figure 1, left: a neuron's firing rate over its input, by formula and in time."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure

from relubook import figures, paper, records
from relubook.experiments import computed, random_neurons
from relubook.experiments.response_fits import WHOLE_RANGE, WORKING_RANGE
from relubook.experiments.sweep import Comparison
from relubook.neurons import FIGURE_1, Neuron, firing_rate, simulate
from relubook.training import Progress

NAME = "figure-1"
TITLE = "The firing rate of a leaky integrate-and-fire neuron (Figure 1, left)"
REVISION = 1

_DATA = "lif"
_FROM, _TO = 1.01, 60.0  # random currents, in threshold currents


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which neurons are followed in time.

    Attributes:
        data: Always `lif`.
        seeds: Of the random neurons and their currents.
        neurons: Random neurons a seed.
        currents: Random currents for each of them, above its threshold current.
        intervals: How many intervals between spikes the slowest of them is followed for.
        duration: How long the neuron of Figure 1 is followed [s].
        step: Of that, and of the noisy ones [s].
        noise: Standard deviations of its voltage [V].
        noisy_duration: How long it is followed with noise, for each seed [s].
    """

    data: str
    seeds: tuple[int, ...]
    neurons: int
    currents: int
    intervals: int
    duration: float
    step: float
    noise: tuple[float, ...] = (2e-3, 5e-3)
    noisy_duration: float


@dataclass(frozen=True, kw_only=True)
class Result:
    """Rates of the neuron of Figure 1, and how well formula and simulation agree.

    Attributes:
        current: Of the curve [nA].
        rate: By the formula [Hz].
        point_current: Of the points digitized from the paper [nA].
        point_rate: As the paper draws them [Hz].
        formula_rate: By the formula at these points [Hz].
        simulated_current: Evenly spaced [nA].
        simulated_rate: From spikes [Hz].
        multiple: Random currents, in threshold currents [1].
        error: Of the simulated rate, relative to the formula [1].
        noise: Standard deviations of the voltage [V].
        noisy_current: Near the threshold [nA].
        noisy_formula: By the formula with noise [Hz].
        noisy_rate: From spikes [Hz].
        data: Name, sha256 and source of the data.
    """

    current: Float[np.ndarray, "curve"]
    rate: Float[np.ndarray, "curve"]
    point_current: Float[np.ndarray, "points"]
    point_rate: Float[np.ndarray, "points"]
    formula_rate: Float[np.ndarray, "points"]
    simulated_current: Float[np.ndarray, "simulated"]
    simulated_rate: Float[np.ndarray, "simulated"]
    multiple: Float[np.ndarray, "neurons currents"]
    error: Float[np.ndarray, "neurons currents"]
    noise: Float[np.ndarray, "levels"]
    noisy_current: Float[np.ndarray, "noisy"]
    noisy_formula: Float[np.ndarray, "levels noisy"]
    noisy_rate: Float[np.ndarray, "levels noisy seeds"]
    data: dict[str, Any]

    def arrays(self) -> dict[str, np.ndarray]:
        """The numbers by name."""
        return {name: getattr(self, name) for name in self.__annotations__ if name != "data"}


def configure(scale: str, data: str | None = None) -> Config:
    """200 random neurons with six currents each; a few for a quick look."""
    name, smoke = computed.own_data(NAME, _DATA, data), scale == "smoke"
    return Config(
        data=name,
        seeds=(0, 1) if smoke else tuple(range(5)),
        neurons=3 if smoke else 40,
        currents=3 if smoke else 6,
        intervals=10 if smoke else 50,
        duration=0.5 if smoke else 4.0,
        step=2e-3 if smoke else 2e-4,
        noisy_duration=1.0 if smoke else 20.0,
    )


def run(
    config: Config,
    *,
    device: str = "cpu",
    progress: Progress | None = None,
    checkpoints: Path | None = None,
) -> Result:
    """The curve, the paper's points, spikes of its neuron, spikes of random neurons."""
    points = paper.FIGURE_1.array().T
    current = np.linspace(WHOLE_RANGE[0], WHOLE_RANGE[-1], 1101)
    simulated = np.linspace(WHOLE_RANGE[0], WHOLE_RANGE[-1], 23)
    trace = simulate(FIGURE_1, simulated * 1e-9, config.duration, config.step)
    noisy = np.linspace(-0.2, 1.0, 13)
    multiples, errors = [], []
    for seed in config.seeds:
        generator = np.random.default_rng([seed, 1])
        for neuron in random_neurons.draw(config.neurons, seed):
            logs = generator.uniform(np.log(_FROM), np.log(_TO), config.currents)
            multiples.append(np.exp(logs))
            errors.append(_error(neuron, multiples[-1], config.intervals))
        if progress is not None:
            progress(len(errors), len(config.seeds) * config.neurons, f"seed {seed}")
    return Result(
        current=current,
        rate=firing_rate(FIGURE_1, current * 1e-9),
        point_current=points[0],
        point_rate=points[1],
        formula_rate=firing_rate(FIGURE_1, points[0] * 1e-9),
        simulated_current=simulated,
        simulated_rate=trace.rate(),
        multiple=np.stack(multiples),
        error=np.stack(errors),
        noise=np.array(config.noise),
        noisy_current=noisy,
        noisy_formula=np.stack([firing_rate(FIGURE_1, noisy * 1e-9, s) for s in config.noise]),
        noisy_rate=np.stack([_noisy(config, noisy, noise) for noise in config.noise]),
        data=computed.passport(_DATA),
    )


def _error(
    neuron: Neuron, multiple: Float[np.ndarray, "currents"], intervals: int
) -> Float[np.ndarray, "currents"]:
    """How far the rates of spikes in time are from the formula [1]."""
    current = multiple * neuron.threshold_current
    expected = firing_rate(neuron, current)
    step = neuron.membrane_time / 20
    steps = round((intervals + 1) / float(expected.min()) / step)
    found = simulate(neuron, current, steps * step, step).rate()
    return found / expected - 1


def _noisy(
    config: Config, current: Float[np.ndarray, "noisy"], noise: float
) -> Float[np.ndarray, "noisy seeds"]:
    """Rates of spikes under noise, for every seed [Hz]."""
    traces = [
        simulate(FIGURE_1, current * 1e-9, config.noisy_duration, config.step, noise, seed)
        for seed in config.seeds
    ]
    return np.stack([trace.rate() for trace in traces], axis=-1)


def compare(result: Result) -> list[Comparison]:
    """The paper's curve, read off at nine places, beside the formula."""
    return [
        Comparison(quantity=f"firing rate at {current:g} nA", paper=ours, here=here, unit="Hz")
        for current, ours, here in zip(
            *(a.tolist() for a in (result.point_current, result.point_rate, result.formula_rate)),
            strict=True,
        )
    ]


def describe(result: Result) -> str:
    """The finding in one sentence."""
    off = np.abs(result.formula_rate - result.point_rate).max()
    return (
        f"The paper's formula with recovered parameters passes within {off:.1f} Hz of the "
        f"{len(result.point_rate)} points read off the paper's curve; spikes counted in time "
        f"differ from it by at most {_percent(np.abs(result.error).max())} for {len(result.error)} "
        "random neurons."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """The curve, the paper's points, the spikes, and the working range."""
    off = np.abs(result.formula_rate - result.point_rate).max()
    fig, ax = figures.axes(
        title=f"The formula passes within {off:.1f} Hz of the paper's curve", subtitle=subtitle
    )
    low, high = WORKING_RANGE[[0, -1]]
    ax.axvspan(low, high, color=figures.CHANCE, alpha=0.15, linewidth=0)
    ax.text(high + 0.1, 4, "shaded: working range", fontsize=9.5, color=figures.CHANCE)
    ax.plot(result.current, result.rate, color=figures.INK, linewidth=2, label="formula")
    ax.plot(
        result.simulated_current, result.simulated_rate, ".", color=figures.INK, markersize=9,
        label="spikes counted in time",
    )  # fmt: skip
    ax.plot(
        result.point_current, result.point_rate,
        **figures.PAPER_POINTS | {"markersize": 10, "alpha": 1.0}, label="paper",
    )  # fmt: skip
    ceiling = FIGURE_1.ceiling
    ax.axhline(ceiling, color=figures.CHANCE, linestyle="--", linewidth=1)
    ax.text(WHOLE_RANGE[0], ceiling + 4, "ceiling: 1 / refractory time", fontsize=9.5,
            color=figures.CHANCE)  # fmt: skip
    ax.set(xlabel="input current (nA)", ylabel="firing rate (Hz)", ylim=(-8, 275))
    ax.legend(frameon=False, fontsize=9.5, loc="center right")
    return fig


def describe_noise(result: Result) -> str:
    """What the drawing with noise shows, in one sentence."""
    off = np.abs(result.noisy_rate.mean(-1) - result.noisy_formula).max()
    largest = 1e3 * result.noise.max()
    return (
        f"Noise rounds the curve's corner: with {largest:g} mV the neuron fires below its "
        f"threshold current, too. Spikes counted in time agree with the formula for noise within "
        f"{off:.1f} Hz."
    )


def draw_noise(result: Result, subtitle: str = "") -> Figure:
    """The foot of the curve for several strengths of noise, by formula and from spikes."""
    fig, ax = figures.axes(
        title="Noise rounds the corner of the neuron's response", subtitle=subtitle
    )
    current = np.linspace(result.noisy_current[0], result.noisy_current[-1], 1201)
    rate = firing_rate(FIGURE_1, current * 1e-9)
    ax.plot(current, rate, color=figures.INK, linewidth=2, label="no noise")
    for noise, found, style in zip(result.noise, result.noisy_rate, ("--", ":"), strict=True):
        rate = firing_rate(FIGURE_1, current * 1e-9, float(noise))
        label = f"{1e3 * noise:g} mV of noise"
        ax.plot(current, rate, linestyle=style, color=figures.INK, linewidth=1.5, label=label)
        ax.plot(result.noisy_current, found, ".", color=figures.INK, alpha=0.5, markersize=6)
    ax.set(xlabel="input current (nA)", ylabel="firing rate (Hz)")
    ax.plot([], [], ".", color=figures.INK, alpha=0.5, label="spikes, one point a seed")
    ax.legend(frameon=False, fontsize=9.5)
    return fig


def subtitle(record: records.Record) -> str:
    """What was measured on what."""
    config = record.config
    return (
        f"LIF neuron; parameters from {len(paper.FIGURE_1)} points of the paper's curve and the "
        f"authors' code\n{config['duration']:g} s (with noise {config['noisy_duration']:g} s) in "
        f"steps of {1e3 * config['step']:g} ms · "
        f"{len(config['seeds'])} seeds of {config['neurons']} random neurons, "
        f"{config['currents']} currents each"
    )


def _percent(share: float) -> str:
    """A share in percent, however small."""
    return "a millionth of a percent" if share < 1e-8 else f"{100 * share:.1g} %"
