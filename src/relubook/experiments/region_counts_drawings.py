"""Drawings of the experiment "region-counts", and a sentence for each."""

import numpy as np
from jaxtyping import Float
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from relubook import datasets, figures, records, region_bounds
from relubook.experiments.region_counts_values import Result, exponents


def describe(result: Result) -> str:
    """The finding in one sentence."""
    powers = exponents(result.neurons, result.pieces).mean(1)
    most = result.pieces[:, -1].mean((1, 2))
    words = ", ".join(
        f"{_layers(depth)} {pieces:.0f}"
        for depth, pieces in zip(result.depths.tolist(), most, strict=True)
    )
    untrained, trained = 100 * result.own.mean(1)
    return (
        f"Linear pieces on a line, {result.neurons[-1]} units in all: {words}; they grow as the "
        f"units to the power {powers.min():.2f} to {powers.max():.2f}. Of {int(result.digits):,} "
        f"test digits {untrained:.1f} % have a pattern of their own before training and "
        f"{trained:.1f} % after."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Pieces on a line over hidden units, for each depth."""
    powers = exponents(result.neurons, result.pieces).mean(1)
    counts = result.pieces.mean(-1)
    most = counts[:, -1].mean(1)
    fig, ax = figures.axes(
        title=f"{result.neurons[-1]} units make {most.min():.0f} to {most.max():.0f} pieces of a "
        f"line, in {_layers(int(result.depths[0]))} or\nin {result.depths[-1]}: growth with the "
        f"power {powers.min():.2f} to {powers.max():.2f} of the units",
        subtitle=subtitle,
        height=4.8,
    )
    neurons = result.neurons.astype(float)
    ax.plot(neurons, neurons, "--", color=figures.CHANCE, linewidth=1)
    ax.annotate("one a unit", (neurons[-1], neurons[-1]), xytext=(6, 0),
                textcoords="offset points", va="center", color=figures.CHANCE)  # fmt: skip
    for at, depth in enumerate(result.depths.tolist()):
        color = figures.shade(at + 1.0, float(len(result.depths)))
        figures.band(ax, neurons, counts[at], color=color, label=_layers(depth))
    ax.set_xscale("log", base=2)
    ax.set_yscale("log", base=2)
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(_at(neurons))
        axis.set_major_formatter("{x:.0f}")
        axis.set_minor_locator(_at(np.empty(0)))
    ax.set(xlabel="hidden units of all layers", ylabel="linear pieces on a line (1)")
    ax.margins(x=0.12)
    figures.label_in_place(ax)
    return fig


def describe_plane(result: Result) -> str:
    """What a window of the plane holds, in one sentence."""
    neurons, deepest = int(result.plane_neurons[-1]), _layers(int(result.depths[-1]))
    words = ", ".join(
        f"{_layers(depth)} {count:,.0f}"
        for depth, count in zip(result.depths.tolist(), result.regions[:, -1].mean(1), strict=True)
    )
    return (
        f"Linear regions in the window, {neurons} units in all: {words}; N²/2 is "
        f"{region_bounds.expected(neurons, 2):,.0f}, and no network of {deepest} has more than "
        f"{_power(result.most[-1, -1])}."
    )


def draw_plane(result: Result, subtitle: str = "") -> Figure:
    """Regions of the window over hidden units, beside what is expected and what is possible."""
    neurons, found = result.plane_neurons.astype(float), result.regions.mean(-1)
    shares = found[:, -1] / region_bounds.expected(int(neurons[-1]), 2)
    fig, ax = figures.axes(
        title=f"{neurons[-1]:.0f} units: {shares.min():.2f} to {shares.max():.2f} of N²/2 regions, "
        "however they are layered",
        subtitle=subtitle,
        height=4.8,
    )
    lines = (
        (result.most[-1], ":", f"at most, {_layers(int(result.depths[-1]))}"),
        (result.constructed[-1], "-.", f"can be built, {_layers(int(result.depths[-1]))}"),
        (neurons**2 / 2, "--", "N²/2"),
    )
    for heights, style, name in lines:
        ax.plot(neurons, heights, style, color=figures.CHANCE, linewidth=1.2)
        ax.annotate(name, (neurons[-1], heights[-1]), xytext=(6, 4), textcoords="offset points",
                    va="bottom", color=figures.CHANCE)  # fmt: skip
    for at, depth in enumerate(result.depths.tolist()):
        color = figures.shade(at + 1.0, float(len(result.depths)))
        counts = result.regions[at].astype(float)
        figures.band(ax, neurons, counts, color=color, label=_layers(depth))
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    ax.xaxis.set_major_locator(_at(neurons))
    ax.xaxis.set_major_formatter("{x:.0f}")
    ax.xaxis.set_minor_locator(_at(np.empty(0)))
    ax.set(xlabel="hidden units of all layers", ylabel="linear regions in the window (1)")
    ax.set_xlim(0.92 * neurons[0], 1.6 * neurons[-1])
    figures.label_in_place(ax)
    return fig


def subtitle(record: records.Record) -> str:
    """Which networks and which digits."""
    config = record.config
    return (
        f"{datasets.describe(record.data).title} for the patterns; counts: networks of 2 inputs, "
        f"untrained\nwindow 6 x 6, {config['lines']} lines of length 6√2 a network · "
        f"{len(config['seeds'])} seeds"
    )


def _layers(depth: int) -> str:
    """A number of hidden layers in words."""
    return "1 layer" if depth == 1 else f"{depth} layers"


def _power(number: float) -> str:
    """A large number as a power of ten."""
    return f"10^{np.log10(number):.0f}"


def _at(places: Float[np.ndarray, "places"]) -> FixedLocator:
    """Ticks at these places only."""
    return FixedLocator(places.tolist())
