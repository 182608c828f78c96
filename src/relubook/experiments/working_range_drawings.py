"""Drawings of the experiment "working-range", and a sentence for each."""

import numpy as np
from matplotlib.figure import Figure

from relubook import figures
from relubook.experiments import fit_drawings
from relubook.experiments.response_fits import FAMILIES
from relubook.experiments.working_range_values import RANGES, Result
from relubook.neurons import FIGURE_1, firing_rate


def describe(result: Result) -> str:
    """The finding in one sentence."""
    rectifier, tanh = (
        result.residual[:, 0, FAMILIES.index(name)] for name in ("rectifier", "tanh")
    )
    return (
        f"In the working range a fitted rectifier is off by {rectifier[0]:.1f} % of the largest "
        f"rate and a tanh by {tanh[0]:.1f} %; over the whole range the rectifier is off by "
        f"{rectifier[1]:.1f} % and the tanh by {tanh[1]:.1f} %."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """The curve of Figure 1's neuron with the fits, in both ranges."""
    ranges = (
        (result.working_current, result.working_rate[0]),
        (result.whole_current, result.whole_rate[0]),
    )
    curves = []
    for place, (current, rate) in enumerate(ranges):
        fine = np.linspace(current[0], current[-1], 601)
        fits = [result.fitted(place, 0, family, fine) for family in FAMILIES]
        curves.append(
            fit_drawings.Panel(
                name=RANGES[place],
                current=fine,
                rate=firing_rate(FIGURE_1, fine * 1e-9),
                fits=np.stack(fits),
                largest=float(rate.max()),
                residual=result.residual[place, 0],
            )
        )
    return fit_drawings.curves(
        curves,
        title=f"Where the neuron works a {result.best(0)} fits best, over the whole range a "
        f"{result.best(1)}",
        subtitle=subtitle,
    )


def describe_noise(result: Result) -> str:
    """What noise does to the fits, in one sentence."""
    rectifier, own = (result.residual[0, :, FAMILIES.index(n)] for n in ("rectifier", FAMILIES[-1]))
    return (
        f"In the working range the rectifier's residual goes from {rectifier[0]:.1f} % without "
        f"noise to {rectifier[-1]:.1f} % with {1e3 * result.noise[-1]:g} mV, that of the neuron's "
        f"own curve without noise from {own[0]:.1f} to {own[-1]:.1f} %: noise rounds its corner."
    )


def draw_noise(result: Result, subtitle: str = "") -> Figure:
    """The residual of every family over the strength of the noise, in both ranges."""
    first, last = result.residual[0, [0, -1], 0]
    return fit_drawings.over(
        1e3 * result.noise,
        result.residual,
        names=RANGES,
        x="noise (mV)",
        title=f"The rectifier's residual goes from {first:.1f} to {last:.1f} % with noise",
        subtitle=subtitle,
    )


def describe_reach(result: Result) -> str:
    """Where the rectifier breaks, in one sentence."""
    return (
        f"The further the range reaches towards saturation, the worse a rectifier fits: from "
        f"{result.reach_residual[0, 0]:.1f} % up to {result.reach[0]:g} nA to "
        f"{result.reach_residual[-1, 0]:.1f} % up to {result.reach[-1]:g} nA. From "
        f"{result.overtaken():g} nA on, another curve always fits better."
    )


def draw_reach(result: Result, subtitle: str = "") -> Figure:
    """The residual of every family over the upper end of the range."""
    fig = fit_drawings.over(
        result.reach,
        result.reach_residual[None],
        names=("",),
        x="upper end of the range (nA)",
        title=f"From {result.overtaken():g} nA on, another curve fits better than a rectifier",
        subtitle=subtitle,
    )
    ends = float(result.working_current[-1])
    fig.axes[0].set_xscale("log")
    fig.axes[0].axvline(ends, color=figures.CHANCE, linestyle="--", linewidth=1, zorder=0)
    fig.axes[0].text(1.05 * ends, 20, "the working\nrange ends", fontsize=9, color=figures.CHANCE)
    fit_drawings.plain_ticks(fig.axes[0], (0.3, 0.5, 1.0, 2.0, 5.0, 10.0))
    return fig


def describe_neurons(result: Result) -> str:
    """What random neurons show, in one sentence."""
    off = result.random_residual[:, :, 0, 0]
    return (
        f"For {len(off)} random neurons without noise, a rectifier is off by "
        f"{off[:, 0].mean():.1f} % on average in the working range (at most {off[:, 0].max():.1f} "
        f"%), and by {off[:, 1].mean():.1f} % over the whole range."
    )


def draw_neurons(result: Result, subtitle: str = "") -> Figure:
    """One point for each random neuron, family and range."""
    off = result.random_residual[:, :, 0]
    return fit_drawings.strips(
        off.transpose(1, 2, 0),
        names=RANGES,
        title=f"A rectifier is off by {off[:, 0, 0].mean():.1f} % where neurons work, by "
        f"{off[:, 1, 0].mean():.0f} % over all",
        subtitle=subtitle,
    )
