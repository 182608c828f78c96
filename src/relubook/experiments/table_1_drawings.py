"""Drawings of "table-1": its six cells beside the paper's, and what pretraining gives."""

import math

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from relubook import datasets, figures, paper, records
from relubook.experiments.pretrained import STARTS
from relubook.experiments.relatives_values import half_interval
from relubook.experiments.table_1_values import CELLS, UNITS, Result, column, errors, gain

_SPREAD = 0.22  # of one cell's points, in rows
_SIGNED = ("norb", "norb-cluttered", "small-norb")  # inputs below 0, see `pretrained.recipe_of`
_WORDS = {"none": "without", "with": "pretrained"}


def describe(result: Result) -> str:
    """The finding in one sentence."""
    means = ", ".join(f"{_cell_name(cell)} {_mean(_errors(result, cell)):.2f} %" for cell in CELLS)
    return f"Mean test error: {means}.{_theirs_in_words(result)}{_notes(result)}"


def draw(result: Result, subtitle: str = "") -> Figure:
    """The test error of each cell: here, a point a seed, and in the paper, one network each."""
    place = column(_set(result))
    fig, left = figures.axes(
        title=_finding(result), subtitle=subtitle, width=8.4, height=4.8,
        panels=1 if place is None else 2,
    )  # fmt: skip
    for row, cell in enumerate(CELLS):
        _points(left, row, _errors(result, cell), color=figures.COLORS[cell[0]])
    left.set_yticks(range(len(CELLS)), [_cell_name(cell) for cell in CELLS])
    left.set(ylim=(len(CELLS) - 0.5, -0.5), xlabel="test error here, mean and 95 % interval (%)")
    if place is not None:
        _theirs(fig.axes[1], place)
    return fig


def describe_gain(result: Result) -> str:
    """The finding of `draw_gain` in one sentence."""
    texts = ", ".join(
        f"{unit} {_mean(values):+.2f} ± {half_interval(values):.2f}"
        for unit, values in _gains(result).items()
    )
    return f"Test error without pretraining minus with it, in points, by seed: {texts}."


def draw_gain(result: Result, subtitle: str = "") -> Figure:
    """What pretraining takes off the test error of each kind of unit, and the paper's numbers."""
    fig, ax = figures.axes(title=_gain_finding(result), subtitle=subtitle, width=7.4, height=4.0)
    place = column(_set(result))
    for row, (unit, values) in enumerate(_gains(result).items()):
        _points(ax, row, values, color=figures.COLORS[unit])
        if place is not None:
            theirs = _paper(unit, place, "none") - _paper(unit, place, "with")
            ax.plot(theirs, row - 0.34, **figures.PAPER_POINTS)
    ax.axvline(0, color=figures.CHANCE, linestyle="--", linewidth=1)
    hollow = "" if place is None else f"; hollow: the paper, {place}"
    ax.set_yticks(range(len(UNITS)), list(UNITS))
    ax.set(
        ylim=(len(UNITS) - 0.5, -0.6),
        xlabel=f"error without pretraining minus with it{hollow} (% of examples)",
    )
    return fig


def subtitle(record: records.Record) -> str:
    """What was trained on what."""
    config, data = record.config, record.passport["data"]
    widths = "-".join(str(units) for units in config["hidden"])
    signed = ", first layer by linear outputs" if record.data in _SIGNED else ""
    return (
        f"{datasets.describe(record.data).title}, {data['train_examples']:,} training examples\n"
        f"{widths} units, batch {config['batch_size']}, L1 {config['l1']:g}\n"
        f"{config['restoring_epochs']} epochs a layer without labels{signed}, {config['epochs']} "
        f"with\n{len(config['seeds'])} seeds, each with its own rates"
    )


def _set(result: Result) -> str:
    """The data set's name without what was taken of it."""
    return result.data["name"].partition(" ")[0]


def _cell_name(cell: tuple[str, str]) -> str:
    """Unit and start in words."""
    return f"{cell[0]}, {_WORDS[cell[1]]}"


def _errors(result: Result, cell: tuple[str, str]) -> Float[np.ndarray, "seeds"]:
    """Of the networks that did not diverge [%]."""
    values = errors(result.arrays(), *cell)
    return values[np.isfinite(values)]


def _gains(result: Result) -> dict[str, Float[np.ndarray, "seeds"]]:
    """By unit, of the seeds of which no network diverged [points]."""
    found = {unit: gain(result.arrays(), unit) for unit in UNITS}
    return {unit: values[np.isfinite(values)] for unit, values in found.items()}


def _mean(values: Float[np.ndarray, "seeds"]) -> float:
    """NaN, without a warning, of none."""
    return float(values.mean()) if values.size else math.nan


def _points(ax: Axes, row: int, values: Float[np.ndarray, "seeds"], *, color: str) -> None:
    """A point a seed, and the mean with its interval."""
    offsets = np.linspace(-_SPREAD, _SPREAD, values.size)
    ax.plot(values, row + offsets, "o", color=color, alpha=0.5, markersize=4.5)
    ax.errorbar(
        _mean(values), row, xerr=half_interval(values), color=color, marker="|", markersize=20,
        markeredgewidth=2.5, capsize=4, linewidth=1.5,
    )  # fmt: skip


def _paper(unit: str, place: str, start: str) -> float:
    """A cell of the paper's table [%]."""
    return paper.TABLE_1[unit, place, start].value


def _theirs(ax: Axes, place: str) -> None:
    """The paper's column: one network a cell, with what its test examples leave open."""
    n = paper.SIZES[place, "test"].value
    for row, (unit, start) in enumerate(CELLS):
        error = _paper(unit, place, start)
        ax.plot(error, row, **figures.PAPER_POINTS)
        half = 196 * math.sqrt(error / 100 * (1 - error / 100) / n)
        ax.errorbar(error, row, xerr=half, color=figures.INK, linewidth=1, capsize=3)
    ax.set_xlabel(f"test error in the paper, {place} (%)")


def _finding(result: Result) -> str:
    """Which cell errs least, and the least without pretraining."""
    means = {cell: _mean(_errors(result, cell)) for cell in CELLS}
    best = {
        start: min((cell for cell in CELLS if cell[1] == start), key=lambda cell: means[cell])
        for start in STARTS
    }
    return (
        f"Lowest mean error with pretraining: {best['with'][0]}, {means[best['with']]:.2f} %;\n"
        f"without: {best['none'][0]}, {means[best['none']]:.2f} %"
    )


def _gain_finding(result: Result) -> str:
    """Whose gain is told from zero."""
    told = [
        unit
        for unit, values in _gains(result).items()
        if values.size > 1 and _mean(values) - half_interval(values) > 0
    ]
    lost = [
        unit
        for unit, values in _gains(result).items()
        if values.size > 1 and _mean(values) + half_interval(values) < 0
    ]
    words = f"Pretraining lowers the error of {' and '.join(told) or 'no kind'} networks"
    return words + (f",\nand raises that of {' and '.join(lost)}" if lost else "")


def _theirs_in_words(result: Result) -> str:
    """The paper's six numbers, if it has them."""
    place = column(_set(result))
    if place is None:
        return ""
    numbers = ", ".join(f"{_cell_name(cell)} {_paper(cell[0], place, cell[1])} %" for cell in CELLS)
    return f" The paper, {place}: {numbers}."


def _notes(result: Result) -> str:
    """Networks that diverged with every rate, and rates at an end of a grid, if any."""
    lost, ends = int((result.diverged >= 0).sum()), result.at_an_end()
    restored = result.restored_at_an_end()
    words = f" {lost} of {result.diverged.size} networks diverged." if lost else ""
    words += f" Rates at an end of the grid: {'; '.join(ends)}." if ends else ""
    return words + (f" The same while restoring: {'; '.join(restored)}." if restored else "")
