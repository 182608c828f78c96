"""Drawings of live networks of Table 2, over recorded ones."""

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, records
from relubook.experiments.table_2_drawings import cell_name, color
from relubook.experiments.table_2_values import DEPTH, NETWORKS, errors
from relubook.experiments.text_live_values import Live


def describe(live: Live, record: records.Record | None = None) -> str:
    """What `draw` shows, in words that are the same on every machine.

    Args:
        live: What was trained; its numbers are not said.
        record: As for `draw`; its means are.
    """
    shown = "; ".join(cell_name(cell) for cell in live.cells)
    recorded = ""
    if record is not None:
        means = ((cell, np.nanmean(errors(record.arrays, *cell))) for cell in live.cells)
        words = ", ".join(f"{cell_name(cell)} {mean:.2f}" for cell, mean in means)
        recorded = f" Recorded means, in stars: {words}."
    return (
        f"Errors of networks trained just now, as diamonds over recorded ones: {shown}.{recorded}"
    )


def draw(live: Live, record: records.Record | None = None) -> Figure:
    """The errors of each cell: live networks as diamonds, over the recorded ones.

    Args:
        live: What was trained.
        record: Of the experiment `table-2-quick`, or None.
    """
    fig, ax = figures.axes(
        title=_title(live), subtitle=_subtitle(live, record), width=8.6, height=4.8
    )
    for row, cell in enumerate(live.cells):
        if record is not None:
            _recorded(ax, row, errors(record.arrays, *cell), color=color(cell[0]))
        values = live.of(*cell)
        ax.plot(values, row + np.linspace(-0.2, 0.2, len(values)), "D", color=color(cell[0]),
                alpha=0.7, markersize=6, markeredgecolor=figures.INK)  # fmt: skip
    ax.set_yticks(range(len(live.cells)), [cell_name(cell) for cell in live.cells])
    ax.set(
        ylim=(len(live.cells) - 0.5, -0.5),
        xlabel="test error of the expected stars (stars); diamonds: live networks",
    )
    return fig


def _recorded(ax: Axes, row: int, values: Float[np.ndarray, "folds"], *, color: str) -> None:
    """The band of a cell's recorded networks, each of them, and their median."""
    values = values[np.isfinite(values)]
    if values.size:
        low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
        ax.barh(row, high - low, left=low, height=0.62, color=color, alpha=0.18)
        ax.plot(values, np.full(values.size, row), "|", color=color, alpha=0.4, markersize=24)
        ax.vlines(middle, row - 0.31, row + 0.31, color=color, linewidth=2)


def _title(live: Live) -> str:
    """The means of the deepest networks."""
    early = "" if live.finished else ", stopped early"
    words = " of shuffled words" if live.shuffled else ""
    means = [
        f"{unit} {_means(live, network)}"
        for network, (unit, depth) in NETWORKS.items()
        if depth == DEPTH and (network, "with") in live.cells
    ]
    return f"Live{early}, {live.labels:,} labels{words}, {DEPTH} layers\n{'; '.join(means)}"


def _means(live: Live, network: str) -> str:
    """The mean errors of a kind of network without and with pretraining."""
    without, with_it = (live.of(network, start) for start in ("none", "with"))
    first = f"{without.mean():.2f} stars" if without.size else "not finished"
    return f"{first}, pretrained {with_it.mean():.2f}" if with_it.size else first


def _subtitle(live: Live, record: records.Record | None) -> str:
    """What is trained on what, and what the bands are."""
    if record is None:
        return f"{live.error.shape[1]} seeds"
    config, (labeled, unlabeled, _) = record.config, record.arrays["counts"]
    return (
        f"{datasets.describe(record.data).title}, {live.labels:,} with stars · "
        f"{config['width']} units a layer\nbands: recorded, {labeled:,} with stars and "
        f"{unlabeled:,} without, 10 to 90 % of {len(config['seeds'])} other seeds"
    )
