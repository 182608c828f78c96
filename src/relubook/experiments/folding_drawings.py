"""Drawings of the experiment "folding", and a sentence for each."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure

from relubook import datasets, figures, records, regions
from relubook.experiments.folding_networks import SIDE, WINDOW, numbers_of, unflat
from relubook.experiments.folding_values import Result
from relubook.networks import MLP, sizes

_TINTS = ("#F3E3B3", "#C9DDF0", "#E3CFE0")  # of the classes; no activation has these colors
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
    fig, ax = figures.axes(
        title=f"{result.depths[-1]} layers of {width} rectifiers cut the plane into "
        f"{before[-1]:.0f} pieces before training,\n{after[-1]:.0f} after; {result.depths[0]} of "
        f"them into {before[0]:.0f} and {after[0]:.0f}",
        subtitle=subtitle,
        height=4.8,
    )
    places = np.arange(len(result.steps), dtype=float)
    for at, depth in enumerate(result.depths.tolist()):
        color = figures.shade(at + 1.0, float(len(result.depths)))
        figures.band(ax, places, result.regions[at, -1, 0].astype(float), color=color)
        layers = "1 hidden layer" if depth == 1 else f"{depth} hidden layers"
        ax.annotate(layers, (places[-1], after[at]), xytext=(7, 0), textcoords="offset points",
                    va="center", color=color)  # fmt: skip
    ax.set_xticks(places, [f"{step:,}" for step in result.steps])
    ax.set(
        xlabel="training step", ylabel="linear regions in the window (1)",
        ylim=(0, None), xlim=(-0.2, 1.3 * places[-1]),
    )  # fmt: skip
    return fig


def describe_plane(result: Result) -> str:
    """What the two pictures show, in one sentence."""
    counts = [len(regions.find(network, WINDOW)) for network in _deepest(result)]
    error = 100 * result.test_error[-1, -1, 0, [0, -1], 0]
    return (
        f"One network of {result.depths[-1]} x {result.widths[-1]} rectifiers: {counts[0]} convex "
        f"regions before training, test error {error[0]:.1f} %; {counts[1]} after "
        f"{result.steps[-1]:,} steps, test error {error[1]:.1f} %. In each region the network is "
        "affine."
    )


def draw_plane(result: Result, subtitle: str = "") -> Figure:
    """All regions of one network before and after training, in the color of their class."""
    error = 100 * result.test_error[-1, -1, 0, [0, -1], 0]
    fig, _ = figures.axes(
        title=f"The plane in {result.regions[-1, -1, 0, -1, 0]} convex pieces, each with a linear "
        "model of its own",
        subtitle=subtitle,
        width=8.0,
        height=4.7,
        panels=2,
    )
    steps = (result.steps[0], result.steps[-1])
    panels = zip(fig.axes, _deepest(result), steps, error, strict=True)
    for ax, network, step, wrong in panels:
        found = regions.find(network, WINDOW)
        _fill(ax, found, result)
        ax.set_xlabel(
            f"first input (1)\nstep {step:,}: {len(found)} regions, test error {wrong:.1f} %"
        )
        ax.set(xlim=(-SIDE, SIDE), ylim=(-SIDE, SIDE), aspect="equal")
    fig.axes[0].set_ylabel("second input (1)")
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


def _deepest(result: Result) -> tuple[MLP, MLP]:
    """The first seed's deepest and widest network without a penalty, before and after."""
    depth, width, classes = int(result.depths[-1]), int(result.widths[-1]), _classes(result)
    each = numbers_of(depth, width, classes)
    start = result.weights.shape[1] - each * len(result.l1)
    rows = result.weights[[0, -1], start : start + each]
    units = sizes(inputs=2, width=width, depth=depth, outputs=classes)
    return unflat(rows[0], units), unflat(rows[1], units)


def _classes(result: Result) -> int:
    return int(result.labels.max()) + 1


def _fill(ax: Axes, found: regions.Regions, result: Result) -> None:
    """Each region in the tint of the class that wins in its middle, the examples on it."""
    polygons = [found.polygon(i) for i in range(len(found))]
    middles = np.stack([corners.mean(0) for corners in polygons])
    outputs = np.einsum("ri,rio->ro", middles, found.weight) + found.bias
    tints = [_TINTS[winner % len(_TINTS)] for winner in outputs.argmax(1)]
    ax.add_collection(
        PolyCollection(polygons, facecolors=tints, edgecolors=figures.INK, linewidths=0.5)
    )
    for label in range(_classes(result)):
        x, y = result.examples[result.labels == label].T
        ax.plot(x, y, "o", color=_DOTS[label % len(_DOTS)], markersize=2.2)
