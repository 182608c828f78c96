"""The two units that "dying" looks at closely, drawn look by look."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from relubook import figures
from relubook.experiments.dying_values import WATCHED, Result

_TONES = LinearSegmentedColormap.from_list("tones", [figures.GROUND, "#7FB2DB", "#003050"])


def describe_unit(result: Result) -> str:
    """What becomes of the two units, in one sentence."""
    words = []
    for at, kind in enumerate(WATCHED):
        if result.watched_setting[at] < 0:
            words.append(f"no unit {kind}")
            continue
        gate = 100 * _gates(result, at)
        words.append(
            f"unit {result.watched_unit[at]} of layer {result.watched_layer[at] + 1} {kind} at "
            f"learning rate {result.learning_rate[result.watched_setting[at]]:g}: it answers "
            f"{gate[0]:.0f} % of the digits before training, {gate.max():.0f} % at most, "
            f"{gate[-1]:.2g} % at the end, and its largest pre-activation is then "
            f"{result.largest[at, -1]:.2g}"
        )
    return f"In the network of the first seed {'; '.join(words)}."


def draw_unit(result: Result, subtitle: str = "") -> Figure:
    """Pre-activations of two units over all training digits, look by look."""
    fig, _ = figures.axes(
        title=_title(result),
        subtitle=subtitle,
        width=8.4,
        height=4.8,
        panels=len(WATCHED),
    )
    for at, ax in enumerate(fig.axes):
        _magnified(ax, result, at)
    fig.axes[0].set_ylabel("pre-activation (1)")
    return fig


def _title(result: Result) -> str:
    """What becomes of the two units."""
    words = []
    for at, kind in enumerate(WATCHED):
        if result.watched_setting[at] < 0:
            words.append(f"no unit {kind}")
            continue
        silent = _gates(result, at) == 0
        layer = f"layer {result.watched_layer[at] + 1}"
        if kind == "dies":
            since = result.moments[np.flatnonzero(~silent)[-1] + 1]
            words.append(f"a unit of {layer} is off for every digit from step {since:,} on")
        else:
            back = result.moments[np.flatnonzero(silent)[-1] + 1]
            words.append(f"one of {layer} answers digits again from step {back:,} on")
    text = ";\n".join(words)
    return text[0].upper() + text[1:]


def _gates(result: Result, at: int) -> Float[np.ndarray, "moments"]:
    """The share of the training examples that activate a watched unit [1], look by look."""
    place = result.watched_setting[at], result.watched_layer[at], result.watched_unit[at]
    return result.gate[place[0], :, place[1], place[2]]


def _magnified(ax: Axes, result: Result, at: int) -> None:
    """One unit: darker where more digits lie, a line at its largest pre-activation."""
    looks = np.arange(len(result.moments))
    ax.axhline(0, color=figures.INK, linewidth=0.8)
    ax.set(xlabel="training steps at each look (1)")
    ax.set_yscale("asinh", linear_width=1.0)
    ax.set_yticks(
        [-100, -10, -3, -1, 0, 1, 3, 10, 100],
        ["-100", "-10", "-3", "-1", "0", "1", "3", "10", "100"],
    )
    ax.minorticks_off()
    if result.watched_setting[at] < 0:
        ax.text(0.03, 0.03, f"no unit {WATCHED[at]}", transform=ax.transAxes, fontsize=9.5)
        return
    shares = result.histogram[at] / result.histogram[at].sum(1, keepdims=True)
    edges = np.append(looks - 0.5, looks[-1] + 0.5)
    ax.pcolormesh(edges, result.edges, np.sqrt(shares).T, cmap=_TONES, rasterized=True)
    ax.plot(looks, result.largest[at], color=figures.INK, linewidth=1.8, label="largest")
    ax.plot(looks, result.bias[at], color=figures.INK, linewidth=1.2, linestyle="--", label="bias")
    _fit(ax, result)
    shown = looks[:: max(1, len(looks) // 5)]
    ax.set_xticks(shown, [f"{result.moments[look]:,}" for look in shown])
    unit = f"layer {result.watched_layer[at] + 1}: {WATCHED[at]}"
    ax.text(0.97, 0.97, unit, transform=ax.transAxes, fontsize=9.5, ha="right", va="top")
    if at == 0:
        ax.legend(frameon=False, fontsize=9.5, loc="lower left", handlelength=1.5)


def _fit(ax: Axes, result: Result) -> None:
    """Limits that hold both units."""
    used = np.flatnonzero(result.histogram.sum((0, 1)))
    lowest, highest = float(result.edges[used[0]]), float(result.edges[used[-1] + 1])
    ax.set_ylim(2 * min(lowest, -1.0), 2 * max(highest, 2.0))
