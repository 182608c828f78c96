"""Drawings of the experiment "active-paths", and a sentence for each."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter

from relubook import datasets, figures, records
from relubook.experiments.active_paths_values import KINDS, Result

_RECTIFIER, _TANH, _PENALIZED = 0, 1, len(KINDS) - 1
_SHADES = {_RECTIFIER: figures.COLORS["rectifier"], _PENALIZED: figures.shade(2.0, 2.0)}


def describe(result: Result) -> str:
    """The finding in one sentence."""
    words = "; ".join(
        f"{_layers(depth)} {plain:.2g} %, under L1 {penalized:.2g} %"
        for depth, plain, penalized in zip(
            result.depths.tolist(), _paths(result, _RECTIFIER), _paths(result, _PENALIZED),
            strict=True,
        )
    )  # fmt: skip
    return (
        "Share of all paths that one test digit lights in a trained rectifier network (median of "
        f"the seeds): {words}. In tanh, softplus and logistic networks "
        f"{_paths(result, _TANH).min():.4g} %."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Share of paths through active units, by depth, a point a network."""
    plain, penalized = (_paths(result, kind)[-1] for kind in (_RECTIFIER, _PENALIZED))
    fig, ax = figures.axes(
        title=f"One digit lights {plain:.2g} % of the paths through "
        f"{_layers(int(result.depths[-1]))} of rectifiers,\n{penalized:.2g} % under L1, and all of "
        "them with tanh units",
        subtitle=subtitle,
        height=4.8,
    )
    depths = result.depths.astype(float)
    ax.plot(depths, 100 * 0.5**depths, "--", color=figures.CHANCE, linewidth=1)
    _beside(ax, depths[-1], 120 * 0.5 ** depths[-1], "half of each layer", figures.CHANCE)
    for kind, color in (*_SHADES.items(), (_TANH, figures.COLORS["tanh"])):
        values = 100 * result.paths[kind, :, -1]
        for depth, one in zip(depths, values, strict=True):
            spread = depth + np.linspace(-0.05, 0.05, len(one))
            ax.plot(spread, one, "o", color=color, alpha=0.6, markersize=5)
        ax.plot(depths, _paths(result, kind), color=color, linewidth=2)
        name = "tanh, softplus, logistic" if kind == _TANH else KINDS[kind].name
        _beside(ax, depths[-1], _paths(result, kind)[-1], name, color)
    ax.set_xticks(depths, [str(depth) for depth in result.depths])
    ax.set(
        yscale="log", ylim=(None, 160), xlim=(depths[0] - 0.2, depths[-1] + 1.0),
        xlabel="hidden layers", ylabel="paths through active units only (%)",
    )  # fmt: skip
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter(NullFormatter())
    return fig


def describe_gradient(result: Result) -> str:
    """What `draw_gradient` shows, in one sentence."""
    words = ", ".join(
        f"{kind.name} {values.mean():.1f}"
        for kind, values in zip(KINDS, _effective(result), strict=True)
    )
    return (
        "Units over which the gradient of one digit is spread as if equally, of "
        f"{result.sizes[1]} in each of {_layers(int(result.depths[-1]))} (mean of layers and "
        f"seeds): {words}."
    )


def draw_gradient(result: Result, subtitle: str = "") -> Figure:
    """Over how many units of each layer the gradient is spread, for every kind of network."""
    means = _effective(result).mean((1, 2))
    fig, ax = figures.axes(
        title=f"The gradient spreads as if over {means[_RECTIFIER]:.1f} of {result.sizes[1]} "
        f"rectifiers, {means[_PENALIZED]:.1f} under L1,\nand {means[_TANH]:.1f} tanh units",
        subtitle=subtitle,
        height=4.8,
    )
    layers = np.arange(1.0, int(result.depths[-1]) + 1)
    every = _effective(result)
    ends = _apart(np.median(every, axis=1)[:, -1])
    for number, (kind, values, end) in enumerate(zip(KINDS, every, ends, strict=True)):
        color = _SHADES.get(number, figures.COLORS[kind.activation])
        figures.band(ax, layers, values.T, color=color)
        _beside(ax, layers[-1], end, kind.name, color)
    ax.set_xticks(layers, [f"{layer:.0f}" for layer in layers])
    ax.set(
        ylim=(0, 0.75 * float(result.sizes[1])), xlim=(0.8, layers[-1] + 1.3),
        xlabel="hidden layer", ylabel="units that share the gradient, as if equally (units)",
    )  # fmt: skip
    return fig


def _beside(
    ax: Axes,
    x: float,
    y: float,
    text: str,
    color: str,
) -> None:
    """A name at the right end of a line."""
    ax.annotate(text, (x, y), xytext=(12, 0), textcoords="offset points", va="center",
                color=color, fontsize=9.5)  # fmt: skip


def _apart(heights: Float[np.ndarray, "lines"]) -> Float[np.ndarray, "lines"]:
    """The heights of the lines' names, each at least a little above the one below."""
    apart, lowest = heights.copy(), -np.inf
    for line in np.argsort(heights):
        apart[line] = max(heights[line], lowest + 0.32)
        lowest = apart[line]
    return apart


def _paths(result: Result, kind: int) -> Float[np.ndarray, "depths"]:
    """Median share of lit paths after training [%]."""
    return 100 * np.median(result.paths[kind, :, -1], axis=-1)


def _effective(result: Result) -> Float[np.ndarray, "kinds seeds layers"]:
    """Units that share the gradient in the deepest networks, after training."""
    return result.effective[:, -1, -1]


def _layers(depth: int) -> str:
    return f"{depth} layers"


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples "
        f"averaged to {config['side']} x {config['side']} · {config['width']} units a layer\n"
        f"batch {config['batch_size']}, {config['kept'][-1]:,} steps · "
        f"{len(config['seeds'])} seeds"
    )
