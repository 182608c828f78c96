"""Lines of errors by hinges, on logarithmic axes."""

import numpy as np
from jaxtyping import Float, Int
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from relubook import figures

Counts = Int[np.ndarray, "counts"]


def named(
    ax: Axes,
    counts: Counts,
    error: Float[np.ndarray, "counts"],
    name: str,
    color: str,
    style: str,
    *,
    below: bool = False,
) -> None:
    """A line with its name at its end, or a little below that."""
    ax.plot(counts, error, color=color, linewidth=2, linestyle=style)
    ax.annotate(
        name,
        (counts[-1], error[-1]),
        xytext=(5, -9 if below else 0),
        textcoords="offset points",
        va="center",
        fontsize=9.5,
        color=color,
    )


def theory(ax: Axes, counts: Counts, begin: float, power: float) -> None:
    """A dotted line that falls as a power of the number of hinges."""
    ax.plot(counts, begin * (counts / counts[0]) ** power, ":", color=figures.CHANCE, linewidth=1.2)
    ax.annotate(
        f"hinges$^{{{power:g}}}$",
        (counts[0], begin),
        xytext=(0, 4),
        textcoords="offset points",
        fontsize=9,
        color=figures.CHANCE,
    )


def label_counts(ax: Axes, counts: Counts) -> None:
    """Every number of hinges below the axis, and room for names at the right."""
    ax.set_xticks(counts, [f"{count}" for count in counts])
    ax.xaxis.set_minor_locator(NullLocator())
    ax.set_xlim(0.95, 2.2 * counts[-1])
