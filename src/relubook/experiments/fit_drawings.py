"""Drawings of fitted response curves: each family has its color and its dashes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FormatStrFormatter, NullLocator

from relubook import figures
from relubook.experiments.response_fits import FAMILIES

_DASHES: dict[str, Any] = {
    "rectifier": "-",
    "softplus": (0, (1, 2)),
    "logistic": (0, (6, 2)),
    "tanh": (0, (6, 2, 1, 2)),
    "rescaled LIF": (0, (2, 1)),
}
_COLOR = {family: figures.COLORS.get(family, figures.COLORS["other"]) for family in FAMILIES}
_MARKS = dict(zip(FAMILIES, ("o", "s", "^", "v", "D"), strict=True))


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A firing-rate curve with five fits.

    Attributes:
        name: Of the range.
        current: [nA].
        rate: [Hz].
        fits: In the order of `FAMILIES` [Hz].
        largest: The largest rate that was fitted [Hz].
        residual: Of each fit [%].
    """

    name: str
    current: Float[np.ndarray, "currents"]
    rate: Float[np.ndarray, "currents"]
    fits: Float[np.ndarray, "families currents"]
    largest: float
    residual: Float[np.ndarray, "families"]


def curves(panels: Sequence[Panel], *, title: str, subtitle: str) -> Figure:
    """Curves and fits side by side, in percent of the largest rate of each range."""
    fig, left = figures.axes(
        title=title, subtitle=subtitle, width=9.5, height=4.6, panels=len(panels)
    )
    for ax, panel in zip(fig.axes, panels, strict=True):
        scale = 100 / panel.largest
        ax.plot(panel.current, scale * panel.rate, color=figures.INK, linewidth=4, alpha=0.3,
                label="neuron")  # fmt: skip
        for family, fitted, residual in zip(FAMILIES, panel.fits, panel.residual, strict=True):
            ax.plot(panel.current, scale * fitted, color=_COLOR[family], linewidth=1.8,
                    linestyle=_DASHES[family], label=f"{family}: {residual:.1f} %")  # fmt: skip
        ax.legend(frameon=False, fontsize=9, loc="upper left" if ax is left else "lower right",
                  handlelength=2.6, title=f"{panel.name}; off by")  # fmt: skip
        ax.set(xlabel="input current (nA)", ylim=(-20, 115))
    left.set_ylabel("firing rate (% of the largest)")
    return fig


def over(
    x_values: Float[np.ndarray, "points"],
    residual: Float[np.ndarray, "panels points families"],
    *,
    names: Sequence[str],
    x: str,
    title: str,
    subtitle: str,
) -> Figure:
    """The residual of each family over something, one panel a range."""
    panels = len(residual)
    fig, left = figures.axes(
        title=title, subtitle=subtitle, width=9.5 if panels > 1 else 7.0, panels=panels
    )
    for ax, values, name in zip(fig.axes, residual, names, strict=True):
        for place, family in enumerate(FAMILIES):
            ax.plot(x_values, values[:, place], color=_COLOR[family], linestyle=_DASHES[family],
                    marker=_MARKS[family], markersize=5, label=family)  # fmt: skip
        ax.set(xlabel=f"{x}, {name}" if name else x, ylim=(0, None))
    left.set_ylabel("residual (% of the largest rate)")
    fig.axes[-1].legend(frameon=False, fontsize=9, handlelength=2.6, labelcolor="linecolor",
                        loc="upper left", bbox_to_anchor=(1.0, 1.0))  # fmt: skip
    return fig


def strips(
    residual: Float[np.ndarray, "panels families neurons"],
    *,
    names: Sequence[str],
    title: str,
    subtitle: str,
) -> Figure:
    """One point a neuron for each family, one panel a range."""
    fig, left = figures.axes(
        title=title, subtitle=subtitle, width=9.5, height=4.6, panels=len(residual)
    )
    nothing = np.full(residual.shape[-1], np.nan)
    for ax, values, name in zip(fig.axes, residual, names, strict=True):
        for place, family in enumerate(FAMILIES):
            groups = [row if place == at else nothing for at, row in enumerate(values)]
            figures.strips(ax, groups, color=_COLOR[family])
        ax.set_xticks(range(1, len(FAMILIES) + 1), [name.replace(" ", "\n") for name in FAMILIES])
        ax.set(xlabel=name, ylim=(0, None))
    left.set_ylabel("residual (% of the largest rate)")
    return fig


def plain_ticks(ax: Axes, ticks: Sequence[float]) -> None:
    """Ticks of a logarithmic axis as plain numbers."""
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_major_formatter(FormatStrFormatter("%g"))
    ax.xaxis.set_minor_locator(NullLocator())
