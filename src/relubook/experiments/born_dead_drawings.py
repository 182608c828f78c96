"""Drawings of the experiment "born-dead", and a sentence for each."""

from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import figures, records

if TYPE_CHECKING:
    from relubook.experiments.born_dead import Result

KINDS = ("one input", "ten inputs", "biases drawn", "asymmetric")
"""One input or ten, biases of zero; one input, biases drawn; one input, one weight positive."""

SYMMETRIC = (0, 1, 2)
"""The kinds that the bound is about."""

_BLUE, _OTHER = figures.COLORS["rectifier"], figures.COLORS["other"]
_LOOKS: tuple[dict[str, Any], ...] = (
    {"color": _BLUE, "marker": "o"},
    {"color": _BLUE, "marker": "s", "markerfacecolor": "none"},
    {"color": figures.INK, "marker": "^"},
    {"color": _OTHER, "marker": "D"},
)


def describe(result: "Result") -> str:
    """The finding in one sentence."""
    dead = 100 * result.dead[0].mean(-1)
    deepest = ", ".join(
        f"{width} wide {share:.3g} %"
        for width, share in zip(result.widths, dead[:, -1], strict=True)
    )
    return (
        f"Share of untrained rectifier networks of {result.depths[-1]} layers that answer every "
        f"input alike: {deepest}."
    )


def draw(result: "Result", subtitle: str = "") -> Figure:
    """The share of dead networks over depth for each width, and the bound of each."""
    dead = 100 * result.dead[0]
    at = min(3, len(result.depths) - 1)
    narrow, wide = dead[0, at].mean(), dead[-1, at].mean()
    fig, ax = figures.axes(
        title=f"Of networks {result.depths[at]} layers deep {narrow:.0f} % are dead before "
        f"training\nif they are {result.widths[0]} units wide, {wide:.2g} % if they are "
        f"{result.widths[-1]} wide",
        subtitle=subtitle,
        width=7.4,
        height=4.8,
    )
    for row, width in enumerate(result.widths):
        color = figures.shade(float(row + 1), float(len(result.widths)))
        ax.plot(result.depths, 100 * result.bound[row], ":", color=color, linewidth=1.5)
        label = f"{width} units wide"
        figures.band(ax, result.depths.astype(float), dead[row], color=color, label=label)
    ax.plot([], [], ":", color=figures.INK, linewidth=1.5, label="bound $1-(1-2^{-N})^d$")
    _over_depth(ax, result)
    return fig


def describe_bound(result: "Result") -> str:
    """The finding of `draw_bound` in one sentence."""
    kinds = list(SYMMETRIC)
    off = 100 * np.abs(result.silent[kinds].mean(-1) - result.bound).max()
    above = 100 * (result.dead[kinds].mean(-1) - result.bound).max()
    return (
        f"The chance that one given input is lost is 1 - (1 - 2^-N)^d: measured shares differ from "
        f"it by at most {off:.1f} points. The share of networks that lose all inputs lies at most "
        f"{max(above, 0):.1f} points above it."
    )


def draw_bound(result: "Result", subtitle: str = "") -> Figure:
    """Measured shares over the formula: for one input on the line, for all inputs below it."""
    kinds = list(SYMMETRIC)
    off = 100 * np.abs(result.silent[kinds].mean(-1) - result.bound).max()
    fig, ax = figures.axes(
        title=f"One input is lost as often as the formula says, to {off:.1f} points;\n"
        "all inputs together are lost more rarely",
        subtitle=subtitle,
        width=6.6,
        height=5.2,
    )
    ax.plot([0, 100], [0, 100], "--", color=figures.CHANCE, linewidth=1)
    x = 100 * result.bound.ravel()
    for kind in SYMMETRIC:
        color, marker = _LOOKS[kind]["color"], _LOOKS[kind]["marker"]
        for values, face, size in (
            (result.silent[kind], "none", 7),
            (result.dead[kind], color, 4),
        ):
            what = "one given input lost" if face == "none" else "all inputs lost"
            ax.plot(x, 100 * values.mean(-1).ravel(), linestyle="none", marker=marker, color=color,
                    markerfacecolor=face, markersize=size, alpha=0.75,
                    label=f"{what}: {KINDS[kind]}")  # fmt: skip
    ax.set(xlabel="$1-(1-2^{-N})^d$ (%)", ylabel="measured share of networks (%)",
           xlim=(-3, 103), ylim=(-3, 103))  # fmt: skip
    ax.legend(frameon=False, fontsize=9, handlelength=1, loc="upper left")
    return fig


def describe_starts(result: "Result") -> str:
    """The finding of `draw_starts` in one sentence."""
    shares = 100 * result.dead[:, 1, -1].mean(-1)
    words = ", ".join(f"{name} {share:.3g} %" for name, share in zip(KINDS, shares, strict=True))
    return (
        f"Dead networks {result.widths[1]} units wide and {result.depths[-1]} layers deep, by how "
        f"they start: {words}."
    )


def draw_starts(result: "Result", subtitle: str = "") -> Figure:
    """The share of dead networks of the second width over depth, for each kind of start."""
    shares = 100 * result.dead[:, 1]
    fig, ax = figures.axes(
        title=f"{result.widths[1]} units wide, {result.depths[-1]} layers deep: one weight of each "
        f"unit drawn\npositive takes the dead from {shares[0, -1].mean():.0f} to "
        f"{shares[-1, -1].mean():.0f} %",
        subtitle=subtitle,
        width=7.4,
        height=4.4,
    )
    for kind, name in enumerate(KINDS):
        _groups(ax, result.depths, shares[kind], kind, name)
    ax.plot(result.depths, 100 * result.bound[1], ":", color=figures.INK, linewidth=1.5,
            label="bound")  # fmt: skip
    _over_depth(ax, result)
    return fig


def subtitle(record: records.Record) -> str:
    """How many networks of which kind."""
    config = record.config
    networks = config["networks"] * len(config["seeds"])
    return (
        "Untrained rectifiers, He's normal weights, one input and biases of 0 unless said\n"
        f"{networks:,} networks of each kind and width, in {len(config['seeds'])} groups (thin) · "
        f"{config['inputs_shown']} inputs in [-1, 1]"
    )


def _groups(
    ax: Axes, x: np.ndarray, values: Float[np.ndarray, "depths seeds"], kind: int, label: str
) -> None:
    """The mean over groups as a line with marks, and each group as a dot."""
    color = str(_LOOKS[kind]["color"])
    ax.plot(x, values, ".", color=color, alpha=0.3, markersize=3)
    ax.plot(x, values.mean(-1), linestyle="-", linewidth=1.3, label=label, **_LOOKS[kind])


def _over_depth(ax: Axes, result: "Result") -> None:
    """Depth on a logarithmic axis, shares in percent, names beside the picture."""
    ax.set(xscale="log", xlabel="hidden layers (1)", ylabel="networks dead before training (%)",
           ylim=(-3, 103))  # fmt: skip
    ax.set_xticks(result.depths, [str(depth) for depth in result.depths])
    ax.minorticks_off()
    ax.legend(frameon=False, fontsize=9.5, handlelength=1.4, labelcolor="linecolor",
              loc="upper left", bbox_to_anchor=(1.0, 1.0))  # fmt: skip
