"""Drawings of the experiment "folding", and a sentence for each."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator

from relubook import datasets, figures, records, regions
from relubook.experiments.folding_networks import SIDE, WINDOW, numbers_of, unflat
from relubook.experiments.folding_values import Result
from relubook.networks import MLP, sizes

_TINTS = ("#F3E3B3", "#C9DDF0", "#E3CFE0")  # of the classes; no activation has these colors
_PIXELS = 360  # of a picture's side
_DOTS = ("#8A6D00", "#1F4E79", "#7A3E73")


def describe(result: Result) -> str:
    """The finding in one sentence."""
    before, after = _ends(result)
    words = ", ".join(
        f"{depth} x {result.widths[-1]}: {old:.0f} to {new:.0f}"
        for depth, old, new in zip(result.depths.tolist(), before, after, strict=True)
    )
    return (
        f"Linear regions in the window before training and after {result.steps[-1]:,} steps "
        f"(median of the seeds), layers x units: {words}."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Regions over training steps, for each depth, at the largest width and without a penalty."""
    before, after = _ends(result)
    width = int(result.widths[-1])
    deep, flat = (_units(int(result.depths[place]), width) for place in (-1, 0))
    fig, ax = figures.axes(
        title=f"Training takes {deep} from {before[-1]:,.0f} to {after[-1]:,.0f} regions,\n"
        f"{flat} from {before[0]:,.0f} to {after[0]:,.0f}",
        subtitle=subtitle,
        height=4.8,
    )
    places = np.arange(len(result.steps), dtype=float)
    for at, depth in enumerate(result.depths.tolist()):
        color = figures.shade(at + 1.0, float(len(result.depths)))
        figures.band(ax, places, result.regions[at, -1, 0].astype(float), color=color)
        ax.annotate(_layers(depth), (places[-1], after[at]), xytext=(7, 0),
                    textcoords="offset points", va="center", color=color)  # fmt: skip
    ax.set_xticks(places, [f"{step:,}" for step in result.steps])
    ax.set(
        xlabel="training step", ylabel="linear regions in the window (1)",
        ylim=(0, None), xlim=(-0.2, 1.18 * places[-1]),
    )  # fmt: skip
    return fig


def describe_plane(result: Result) -> str:
    """What the two pictures show, in one sentence."""
    before, after = _shown(result)
    units = _units(int(result.depths[-1]), before.width)
    error = 100 * result.test_error[-1, before.at, 0, [0, -1], 0]
    return (
        f"One network of {units}: {len(before.found)} convex regions before training, test error "
        f"{error[0]:.1f} %; {len(after.found)} after {result.steps[-1]:,} steps, test error "
        f"{error[1]:.1f} %. In each region the network is affine."
    )


def draw_plane(result: Result, subtitle: str = "") -> Figure:
    """All regions of one network before and after training, and the class it gives each place."""
    shown = _shown(result)
    units = _units(int(result.depths[-1]), shown[0].width)
    error = 100 * result.test_error[-1, shown[0].at, 0, [0, -1], 0]
    fig, _ = figures.axes(
        title=f"{units}: {len(shown[-1].found)} convex pieces, in each a linear model",
        subtitle=subtitle,
        width=8.0,
        height=5.0,
        panels=2,
    )
    steps = (result.steps[0], result.steps[-1])
    for ax, one, step, wrong in zip(fig.axes, shown, steps, error, strict=True):
        _fill(ax, one, result)
        ax.set_xlabel(
            f"first input (1)\nstep {step:,}: {len(one.found)} regions, test error {wrong:.1f} %"
        )
        ax.set(xlim=(-SIDE, SIDE), ylim=(-SIDE, SIDE), aspect="equal")
    fig.axes[0].set_ylabel("second input (1)")
    return fig


def describe_neurons(result: Result) -> str:
    """Counts of all networks beside half the square of their units, in one sentence."""
    shares = _shares(result)
    return (
        f"Linear regions over N²/2, N the units of all layers: {shares[..., 0].min():.2f} to "
        f"{shares[..., 0].max():.2f} before training, {shares[..., -1].min():.2f} to "
        f"{shares[..., -1].max():.2f} after {result.steps[-1]:,} steps without a penalty (medians "
        "of the shapes)."
    )


def draw_neurons(result: Result, subtitle: str = "") -> Figure:
    """Regions over the units of all layers, before training and after, a point a network."""
    shares = _shares(result)[..., -1]
    fig, ax = figures.axes(
        title=f"After training, too: {shares.min():.1f} to {shares.max():.1f} times N²/2 regions, "
        "at every depth",
        subtitle=subtitle,
        height=4.8,
    )
    neurons = np.array([1.0, 60.0])
    ax.plot(neurons, neurons**2 / 2, "--", color=figures.CHANCE, linewidth=1)
    ax.annotate("N²/2", (neurons[1], neurons[1] ** 2 / 2), xytext=(-6, 2), ha="right",
                textcoords="offset points", va="bottom", color=figures.CHANCE)  # fmt: skip
    for at, depth in enumerate(result.depths.tolist()):
        color = figures.shade(at + 1.0, float(len(result.depths)))
        for place, width in enumerate(result.widths.tolist()):
            for step, shift, face in ((0, 0.95, "none"), (-1, 1.05, color)):
                counts = result.regions[at, place, 0, step]
                label = _layers(depth) if (place, step) == (0, -1) else ""
                ax.plot(np.full(len(counts), shift * depth * width), counts, "o", color=color,
                        markerfacecolor=face, markersize=4.5, alpha=0.7, label=label)  # fmt: skip
    ax.set(
        xscale="log", yscale="log", xlabel="units of all layers (hollow: before training)",
        ylabel="linear regions in the window (1)", xlim=(3, 65), ylim=(3, 3000),
    )  # fmt: skip
    ax.xaxis.set_major_locator(FixedLocator([4, 8, 16, 32, 48]))
    ax.xaxis.set_minor_locator(FixedLocator([]))
    ax.xaxis.set_major_formatter("{x:.0f}")
    figures.label_in_place(ax)
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config = record.config
    return (
        f"{datasets.describe(record.data).title}, {record.passport['data']['train_examples']:,} "
        f"training examples · window {2 * SIDE:g} x {2 * SIDE:g}\nbatch {config['batch_size']}, "
        f"learning rate {config['learning_rate']:g}, no penalty · {len(config['seeds'])} seeds"
    )


def _ends(
    result: Result,
) -> tuple[Float[np.ndarray, "depths"], Float[np.ndarray, "depths"]]:
    """Median regions of the widest networks without a penalty, before training and after."""
    found = np.median(result.regions[:, -1, 0], axis=-1)
    return found[:, 0], found[:, -1]


@dataclass(frozen=True, kw_only=True)
class _Shown:
    """One network, its width, the place of that in `Result.widths`, and its regions."""

    network: MLP
    width: int
    at: int
    found: regions.Regions


def _shown(result: Result) -> tuple[_Shown, _Shown]:
    """The first seed's deepest network of middle width without a penalty, before and after."""
    classes, at = _classes(result), len(result.widths) // 2
    depth, width = int(result.depths[-1]), int(result.widths[at])
    each = [numbers_of(depth, int(w), classes) for w in result.widths]
    start = result.weights.shape[1] - sum(each[at:]) * len(result.l1)
    units = sizes(inputs=2, width=width, depth=depth, outputs=classes)
    before, after = (
        unflat(result.weights[step, start : start + each[at]], units) for step in (0, -1)
    )
    return _show(before, width, at), _show(after, width, at)


def _show(network: MLP, width: int, at: int) -> _Shown:
    return _Shown(network=network, width=width, at=at, found=regions.find(network, WINDOW))


def _classes(result: Result) -> int:
    return int(result.labels.max()) + 1


def _shares(result: Result) -> Float[np.ndarray, "depths widths steps"]:
    """Median regions without a penalty, over half the square of the units of all layers."""
    neurons = result.depths[:, None] * result.widths
    return np.median(result.regions[:, :, 0], axis=-1) / (neurons**2 / 2)[..., None]


def _fill(ax: Axes, one: _Shown, result: Result) -> None:
    """The regions' edges over the tint of the class that wins at each place, and the examples."""
    middles = np.linspace(-SIDE, SIDE, 2 * _PIXELS + 1)[1::2]
    places = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2)
    with torch.no_grad():
        winner = one.network(torch.from_numpy(places).float()[None])[0].argmax(-1)
    tints = np.array([to_rgb(_TINTS[label % len(_TINTS)]) for label in range(_classes(result))])
    extent = (-SIDE, SIDE, -SIDE, SIDE)
    ax.imshow(tints[winner.numpy()].reshape(_PIXELS, _PIXELS, 3), extent=extent, origin="lower")
    polygons = [one.found.polygon(i) for i in range(len(one.found))]
    edges = PolyCollection(polygons, facecolors="none", edgecolors=figures.INK, linewidths=0.5)
    ax.add_collection(edges)
    for label in range(_classes(result)):
        x, y = result.examples[result.labels == label].T
        ax.plot(x, y, "o", color=_DOTS[label % len(_DOTS)], markersize=2.5)


def _units(depth: int, width: int) -> str:
    """A network's hidden layers in words."""
    return f"{_layers(depth)} of {width} units"


def _layers(depth: int) -> str:
    return "1 layer" if depth == 1 else f"{depth} layers"
