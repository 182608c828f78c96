"""Drawings of "responses": test error by activation, and how much it depends on the rate."""

import numpy as np
from jaxtyping import Float, Int
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import figures

UNITS = ("rectifier", "rescaled-lif", "rectified-tanh", "tanh", "absolute-tanh")
SYMMETRY = {"one-sided": 3, "antisymmetric": 1, "symmetric": 1}  # how many of `UNITS` in turn
_MARKERS = dict(zip(UNITS, "ovsD^", strict=True))
_LINES = {"rescaled-lif": ":", "rectified-tanh": "--", "absolute-tanh": "-."}
_TWICE = 2.0


def errors_by_symmetry(
    test_error: Float[np.ndarray, "kinds seeds"],
    chosen: Float[np.ndarray, "kinds"],
    subtitle: str,
) -> Figure:
    """Test error by activation, one point a seed, grouped by symmetry.

    Args:
        test_error: With the chosen rates [1].
        chosen: The learning rate of each activation [1].
        subtitle: What was trained on what.
    """
    errors = 100 * test_error
    fig, ax = figures.axes(title=_finding(errors), subtitle=subtitle, width=8.0, height=4.6)
    nothing = np.full(errors.shape[1], np.nan)
    for place, name in enumerate(UNITS):
        groups = [errors[place] if other == place else nothing for other in range(len(UNITS))]
        figures.strips(ax, groups, color=_color(name))
    labels = [f"{name}\nrate {rate:g}" for name, rate in zip(UNITS, chosen, strict=True)]
    ax.set_xticks(range(1, len(UNITS) + 1), labels)
    low, high = np.nanmin(errors), np.nanmax(errors)
    room = max(high - low, 0.1)
    ax.set(
        xlim=(0.4, len(UNITS) + 0.6), ylim=(low - 0.15 * room, high + 0.3 * room),
        xlabel="activation and its learning rate (a point a seed, a bar at the median)",
        ylabel="test error (%)",
    )  # fmt: skip
    _name_groups(ax)
    return fig


def errors_by_rate(
    rate: Float[np.ndarray, "rates"],
    validation_error: Float[np.ndarray, "kinds rates rate_seeds"],
    subtitle: str,
) -> Figure:
    """Validation error over the learning rate: the median, and a point for every network.

    Args:
        rate: The learning rates [1].
        validation_error: With each of them [1].
        subtitle: What was trained on what.
    """
    error = 100 * validation_error
    usable = dict(zip(UNITS, usable_rates(error), strict=True))
    fewest = min(UNITS[1:], key=lambda name: usable[name])
    fig, ax = figures.axes(
        title=f"Within twice its best error: rectifier at {usable['rectifier']} of {len(rate)} "
        f"rates, {fewest} at {usable[fewest]}",
        subtitle=subtitle,
        width=8.0,
        height=4.8,
    )
    for name, networks in zip(UNITS, error, strict=True):
        color, places = _color(name), np.repeat(rate, networks.shape[1])
        ax.plot(places, networks.ravel(), _MARKERS[name], color=color, alpha=0.35, markersize=4)
        ax.plot(
            rate, np.median(networks, axis=1), linestyle=_LINES.get(name, "-"), color=color,
            linewidth=1.8, marker=_MARKERS[name], markersize=5, label=name,
        )  # fmt: skip
    ax.set(
        xscale="log", yscale="log",
        xlabel="learning rate (a point a network, lines through medians; 100 %: diverged)",
        ylabel="validation error (%)",
    )  # fmt: skip
    ticks = [tick for tick in (1, 2, 5, 10, 20, 50, 100) if tick > 0.7 * error.min()]
    ax.set_yticks(ticks, [f"{tick}" for tick in ticks])
    ax.set_xticks(rate, [f"{number:g}" for number in rate])
    ax.minorticks_off()
    figures.label_in_place(ax)
    return fig


def usable_rates(
    error: Float[np.ndarray, "kinds rates rate_seeds"],
) -> Int[np.ndarray, "kinds"]:
    """How many rates have a median error at most twice that of the activation's best rate."""
    medians = np.median(error, axis=2)
    return (medians <= _TWICE * medians.min(axis=1, keepdims=True)).sum(1)


def _finding(errors: Float[np.ndarray, "kinds seeds"]) -> str:
    """Who errs how much: the rectifier, and the two of footnote 3."""
    mean = dict(zip(UNITS, np.nanmean(errors, axis=1), strict=True))
    others = " and ".join(f"{n} on {mean[n]:.1f} %" for n in ("rectified-tanh", "rescaled-lif"))
    return f"Rectifiers err on {mean['rectifier']:.1f} %,\n{others}"


def _name_groups(ax: Axes) -> None:
    """The kinds of symmetry above the columns, with lines between them."""
    start, top = 0.5, ax.get_ylim()[1]
    for name, count in SYMMETRY.items():
        ax.text(start + count / 2, top, name, ha="center", va="top", fontsize=10, style="italic")
        if start > 1:
            ax.axvline(start, color=figures.CHANCE, linewidth=0.8, alpha=0.5)
        start += count


def _color(name: str) -> str:
    """The activation's color."""
    return figures.COLORS.get(name, figures.COLORS["other"])
