"""Drawings of "gradient-credit": how widely the gradient is spread, where it falls, open paths."""

import itertools

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import figures
from relubook.experiments.gradient_credit_values import SHARES, Result, half_held
from relubook.experiments.quartet import UNITS

_APART = 0.15  # between columns of one layer


def describe(result: Result) -> str:
    """The finding in one sentence."""
    spread = 100 * result.effective.mean((1, 2))
    texts = ", ".join(
        f"{name} {spread[group]:.0f} %" for group, name in zip(*_shown(result), strict=True)
    )
    return (
        "Over how many of a layer's units the gradient of a test digit is spread, effectively, "
        f"mean over layers: {texts}."
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """Effective units by layer and activation, a point a seed."""
    spread = 100 * result.effective
    means = spread.mean((1, 2))
    low, high = sorted(means[1 : len(UNITS)])[:: len(UNITS) - 2]
    groups, names = _shown(result)
    fig, ax = figures.axes(
        title=f"The gradient of a digit is spread over {means[0]:.0f} % of the rectifiers,\n"
        f"over {low:.0f} to {high:.0f} % of units without zeros",
        subtitle=subtitle, width=8.0, height=4.8,
    )  # fmt: skip
    _columns(ax, spread[groups], groups, names, result)
    ax.set(ylim=(0, 103), ylabel="effective units of the layer (%)")
    return fig


def describe_held(result: Result) -> str:
    """The finding of `draw_held` in one sentence."""
    half = [half_held(result.held[group]).mean() for group in range(len(UNITS))]
    texts = ", ".join(
        f"{name} {100 * share:.0f} %" for name, share in zip(UNITS, half, strict=True)
    )
    on = 100 * result.carrying[0].mean()
    others = ", ".join(
        f"{name} {100 * _held_by(result, group):.0f} %" for group, name in enumerate(UNITS) if group
    )
    return (
        f"Units that hold half of a test digit's gradient, as a share of their layer: {texts}. All "
        f"of it is held by {on:.0f} % of the rectifiers; of other units as many hold: {others}."
    )


def draw_held(result: Result, subtitle: str = "") -> Figure:
    """How much of the gradient the units with the most of it hold."""
    on = 100 * result.carrying[0].mean()
    others = [100 * _held_by(result, group) for group in range(1, len(UNITS))]
    fig, ax = figures.axes(
        title=f"{on:.0f} % of the rectifiers hold all of a digit's gradient;\nof other units "
        f"as many hold {min(others):.0f} to {max(others):.0f} % of it",
        subtitle=subtitle, width=7.6, height=4.8,
    )  # fmt: skip
    for group, name in enumerate(UNITS):
        held = 100 * result.held[group]
        figures.band(ax, 100 * SHARES, held, color=figures.COLORS[name], label=name)
    ax.axhline(50, color=figures.CHANCE, linestyle="--", linewidth=1)
    figures.label_in_place(ax)
    ax.set(
        xlim=(0, 100), ylim=(0, 103), ylabel="gradient they hold (%)",
        xlabel="units of a layer, those with the largest |dL/dx| first (%; mean over layers)",
    )  # fmt: skip
    return fig


def _held_by(result: Result, group: int) -> float:
    """What the units with the most gradient hold, as many as there are rectifiers that are on."""
    on = float(result.carrying[0].mean())
    return float(np.interp(on, SHARES, result.held[group].mean(1)))


def describe_paths(result: Result) -> str:
    """The finding of `draw_paths` in one sentence."""
    texts = ", ".join(
        f"{name} {100 * result.paths[group].mean():.2g} % of all paths and "
        f"{_blocked(result, group)}"
        for group, name in zip(result.rectifiers(), _penalties(result), strict=True)
    )
    return f"Paths through active rectifiers only, and digits without one: {texts}."


def draw_paths(result: Result, subtitle: str = "") -> Figure:
    """The share of paths that are open, and whether any digit is left without gradient."""
    groups = result.rectifiers()
    fewest = result.fewest[0].min()
    fig, ax = figures.axes(
        title=f"Trained rectifiers leave {100 * result.paths[0].mean():.1f} % of all paths open,\n"
        f"and at least {fewest:.0f} units of every layer carry each digit's gradient",
        subtitle=subtitle, width=8.0, height=4.8,
    )  # fmt: skip
    for place, group in enumerate(groups):
        values = 100 * result.paths[group]
        face = figures.COLORS["rectifier"] if result.trained[group] else figures.GROUND
        spread = np.linspace(-0.12, 0.12, len(values))
        ax.plot(place + spread, values, "o", color=figures.COLORS["rectifier"], alpha=0.6,
                markerfacecolor=face, markersize=5)  # fmt: skip
        ax.hlines(np.median(values), place - 0.25, place + 0.25,
                  color=figures.COLORS["rectifier"], linewidth=2)  # fmt: skip
        words = f"at least {result.fewest[group].min():.0f} carry\n{_blocked(result, group)}"
        ax.annotate(words, (place, values.max()), xytext=(0, 9), textcoords="offset points",
                    ha="center", fontsize=9)  # fmt: skip
    ax.set_xticks(range(len(groups)), _penalties(result))
    ax.set(
        yscale="log", xlim=(-0.6, len(groups) - 0.4), xlabel="rectifiers (a point a seed)",
        ylabel="paths through active units only, of all (%)",
    )  # fmt: skip
    ax.set_ylim(top=ax.get_ylim()[1] * 4)
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter("")
    return fig


def _blocked(result: Result, group: int) -> str:
    """How many digits have no gradient in some layer, in words."""
    share = 100 * (1 - result.reached[group].mean())
    return "no digit blocked" if share == 0 else f"{share:.2g} % blocked"


def _shown(result: Result) -> tuple[list[int], list[str]]:
    """The four, rectifiers under the penalty nearest to the paper's 0.001, and untrained ones."""
    penalized = result.rectifiers()[2:]
    nearest = sorted(penalized, key=lambda group: abs(float(result.l1[group]) - 1e-3))[:1]
    names = [f"rectifier, L1 {result.l1[group]:g}" for group in nearest]
    before = len(result.l1) - len(UNITS)
    return [*range(len(UNITS)), *nearest, before], [*UNITS, *names, "rectifier, untrained"]


def _penalties(result: Result) -> list[str]:
    """Each group of rectifiers, in words."""
    penalized = (f"L1 {result.l1[group]:g}" for group in result.rectifiers()[2:])
    return ["untrained", "no penalty", *penalized]


def _columns(
    ax: Axes,
    values: Float[np.ndarray, "shown layers seeds"],
    groups: list[int],
    names: list[str],
    result: Result,
) -> None:
    """A column of points for each layer and group, and the groups' names behind the last layer."""
    shown, layers, seeds = values.shape
    colors = [figures.COLORS[name.split(",")[0]] for name in names]
    places = _APART * (np.arange(shown) - (shown - 1) / 2)
    for row, (group, color) in enumerate(zip(groups, colors, strict=True)):
        plain = result.trained[group] and result.l1[group] == 0
        face, mark = (color if plain else figures.GROUND), ("o" if result.trained[group] else "s")
        for layer in range(layers):
            center, column = layer + 1 + places[row], values[row, layer]
            spread = np.linspace(-0.03, 0.03, seeds)
            ax.plot(center + spread, column, mark, color=color, markerfacecolor=face, alpha=0.55,
                    markersize=4)  # fmt: skip
            ax.hlines(np.median(column), center - 0.065, center + 0.065, color=color, linewidth=2)
    heights = _apart(np.median(values[:, -1], axis=1), least=5.0)
    for height, name, color in zip(heights, names, colors, strict=True):
        ax.text(layers + 0.55, height, name, color=color, fontsize=9.5, va="center")
    ax.set_xlim(0.4, layers + 1.45)
    ax.set_xticks(range(1, layers + 1))
    ax.set_xlabel("hidden layer (a point a seed; hollow: penalized, square: untrained)")


def _apart(heights: Float[np.ndarray, "labels"], *, least: float) -> Float[np.ndarray, "labels"]:
    """The heights moved up until neighbors are `least` apart, in the same order."""
    moved = heights.astype(float)
    order = np.argsort(moved, kind="stable")
    for below, above in itertools.pairwise(order):
        moved[above] = max(moved[above], moved[below] + least)
    return moved - max(0.0, moved[order[-1]] - 100.0)
