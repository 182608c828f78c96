"""Drawings of "table-2": its cells beside the paper's, and how much of each layer is silent."""

import math

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, paper, records
from relubook.experiments.relatives_values import half_interval
from relubook.experiments.table_2_values import CELLS, NETWORKS, Result, errors, zeros

_SPREAD = 0.22  # of one cell's points, in rows
_WORDS = {"none": "", "with": ", pretrained"}


def describe(result: Result) -> str:
    """The finding in one sentence."""
    means = ", ".join(f"{cell_name(cell)} {_mean(_errors(result, cell)):.3f}" for cell in CELLS)
    guess = f"{result.guess_error.mean():.3f}"
    return (
        f"Mean error of the expected stars over {result.guess_error.size} folds, in stars: "
        f"{means}; always expecting the mean, {guess}.{_theirs_in_words()}{_notes(result)}"
    )


def draw(result: Result, subtitle: str = "") -> Figure:
    """The error of each cell: here, a point a fold, and in the paper, with its own spread."""
    fig, left = figures.axes(
        title=_finding(result), subtitle=subtitle, width=8.6, height=5.0, panels=2
    )
    for row, cell in enumerate(CELLS):
        _points(left, row, _errors(result, cell), color=color(cell[0]))
    left.set_yticks(range(len(CELLS)), [cell_name(cell) for cell in CELLS])
    low, high = result.stars.min(), result.stars.max()
    left.set(
        ylim=(len(CELLS) - 0.5, -0.5),
        xlabel=f"error of expected stars here, {low:g} to {high:g},\n"
        "mean and 95 % interval (stars)",
    )
    _theirs(fig.axes[1])
    return fig


def describe_zeros(result: Result) -> str:
    """The finding of `draw_zeros` in one sentence."""
    arrays = result.arrays()
    means = ", ".join(
        f"{cell_name(cell)} {_mean(_finite(zeros(arrays, *cell))):.1f} %" for cell in CELLS
    )
    printed = ", ".join(f"{name} {paper.TABLE_2[name, 'zeros'].text} %" for name in NETWORKS)
    return (
        f"Exact zeros, the mean of the hidden layers (of the inputs without one): {means}. In the "
        f"paper, pretrained: {printed}."
    )


def draw_zeros(result: Result, subtitle: str = "") -> Figure:
    """Exact zeros of each cell: its layers small, their mean large, the paper's hollow."""
    arrays = result.arrays()
    plain, deep = (_mean(_finite(zeros(arrays, name, "with"))) for name in list(NETWORKS)[1:3])
    fig, ax = figures.axes(
        title=f"Pretrained, one layer of rectifiers is {plain:.0f} % silent, three are "
        f"{deep:.0f} %;\n{float(result.input_zeros) * 100:.1f} % of the words are not there",
        subtitle=subtitle, width=7.6, height=4.9,
    )  # fmt: skip
    for row, cell in enumerate(CELLS):
        values = _finite(zeros(arrays, *cell))
        _points(ax, row, values, color=color(cell[0]))
        for layer in range(NETWORKS[cell[0]][1]):
            _layer(ax, row, layer, result, cell)
        if cell[1] == "with" or not NETWORKS[cell[0]][1]:
            ax.plot(paper.TABLE_2[cell[0], "zeros"].value, row - 0.36, **figures.PAPER_POINTS)
    ax.set_yticks(range(len(CELLS)), [cell_name(cell) for cell in CELLS])
    ax.set(
        ylim=(len(CELLS) - 0.5, -0.6), xlim=(-3, 103),
        xlabel="exact zeros (%), the mean of the layers\n"
        "small digits: each layer; hollow: the paper",
    )  # fmt: skip
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, restoring = record.config, record.config["restoring"]
    labeled, unlabeled, test = record.arrays["counts"]
    without = f" and {unlabeled:,} without labels" if unlabeled else ""
    return (
        f"{datasets.describe(record.data).title}: {labeled:,} reviews{without}, {test:,} to test\n"
        f"{config['folds']} folds, a seed each · {config['width']} units a layer, batch "
        f"{config['batch_size']}, L1 {config['l1']:g}\n"
        f"{restoring['epochs']} epochs a layer without labels, {config['epochs']} with"
    )


def cell_name(cell: tuple[str, str]) -> str:
    """Network and start in words."""
    return f"{cell[0]}{_WORDS[cell[1]]}"


def color(network: str) -> str:
    """Of a network: that of its units, or that of none."""
    unit, depth = NETWORKS[network]
    return figures.COLORS[unit] if depth else figures.INK


def _errors(result: Result, cell: tuple[str, str]) -> Float[np.ndarray, "folds"]:
    """Of the networks that did not diverge [star]."""
    return _finite(errors(result.arrays(), *cell))


def _finite(values: Float[np.ndarray, "folds"]) -> Float[np.ndarray, "finite"]:
    return values[np.isfinite(values)]


def _mean(values: Float[np.ndarray, "folds"]) -> float:
    """NaN, without a warning, of none."""
    return float(values.mean()) if values.size else math.nan


def _points(ax: Axes, row: int, values: Float[np.ndarray, "folds"], *, color: str) -> None:
    """A point a fold, and the mean with its interval."""
    offsets = np.linspace(-_SPREAD, _SPREAD, values.size)
    ax.plot(values, row + offsets, "o", color=color, alpha=0.5, markersize=4.5)
    ax.errorbar(
        _mean(values), row, xerr=half_interval(values), color=color, marker="|", markersize=20,
        markeredgewidth=2.5, capsize=4, linewidth=1.5,
    )  # fmt: skip


def _layer(ax: Axes, row: int, layer: int, result: Result, cell: tuple[str, str]) -> None:
    """The number of a layer where its mean share of zeros is, if that is not nothing."""
    place = list(NETWORKS).index(cell[0]), int(cell[1] == "with")
    share = 100 * float(np.nanmean(result.zeros[place][:, layer]))
    if NETWORKS[cell[0]][1] > 1 and share > 1:
        ax.annotate(
            str(layer + 1), (share, row), (0, -16), textcoords="offset points", ha="center",
            fontsize=8, color=color(cell[0]),
        )  # fmt: skip


def _theirs(ax: Axes) -> None:
    """The paper's column, with the spread that it prints."""
    for row, (network, start) in enumerate(CELLS):
        if start == "with" or not NETWORKS[network][1]:
            value, spread = (paper.TABLE_2[network, key].value for key in ("rmse", "rmse ±"))
            ax.plot(value, row, **figures.PAPER_POINTS)
            ax.errorbar(value, row, xerr=spread, color=figures.INK, linewidth=1, capsize=3)
        elif network == "rectifier, 3 layers":
            best = paper.SENTIMENT["rmse_3_layers_without_pretraining"].value
            ax.plot(best, row, **figures.PAPER_POINTS)
            ax.annotate("at best", (best, row), (0, 8), textcoords="offset points", ha="center")
    ax.set_xlabel("in the paper, OpenTable, 1 to 5,\n± as printed (stars)")


def _theirs_in_words() -> str:
    """The paper's numbers, of other reviews."""
    printed = ", ".join(f"{name} {paper.TABLE_2[name, 'rmse'].text}" for name in NETWORKS)
    best = paper.SENTIMENT["rmse_3_layers_without_pretraining"].text
    return (
        f" In the paper, on OpenTable's reviews, pretrained: {printed}; three rectifier layers "
        f"without pretraining never below {best}."
    )


def _finding(result: Result) -> str:
    """The best cell, and the best without pretraining."""
    means = {cell: _mean(_errors(result, cell)) for cell in CELLS}
    best = {
        start: min((c for c in CELLS if c[1] == start), key=lambda cell: means[cell])
        for start in ("with", "none")
    }
    return (
        f"Lowest mean error with pretraining: {best['with'][0]}, {means[best['with']]:.3f} stars;"
        f"\nwithout: {best['none'][0]}, {means[best['none']]:.3f}"
    )


def _notes(result: Result) -> str:
    """What a reader must know besides."""
    notes = []
    lost = int((result.diverged >= 0).sum())
    if lost:
        words = "network diverged and is" if lost == 1 else "networks diverged and are"
        notes.append(f"{lost} {words} left out")
    if result.at_an_end():
        notes.append(f"best at an end of the rates tried: {'; '.join(result.at_an_end())}")
    if result.restored_at_an_end():
        words = "; ".join(result.restored_at_an_end())
        notes.append(f"restored best at an end of the rates tried: {words}")
    if result.removed.any():
        names = ("to train on", "to validate", "without labels")
        parts = [f"{n:,} {name}" for n, name in zip(result.removed, names, strict=True) if n]
        notes.append(f"repeated reviews removed: {', '.join(parts)}")
    return "".join(f" {note[0].upper()}{note[1:]}." for note in notes)
